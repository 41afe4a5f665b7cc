"""The tables of ``morse compare`` at the terminal."""

from collections.abc import Sequence

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.columns import aligned, printable
from harness.runs import Comparison, Contrast
from harness.stats import threshold_text
from morse.errors import BadInput


def print_comparison(comparison: Comparison) -> None:
    """Print the tables to the terminal."""
    console = Console()
    level = f"{100 * comparison.confidence:g} %"
    console.print(f"[bold]{comparison.measure}[/] on {_plain(comparison.recipe)} v{comparison.recipe_version}")
    console.print(_standings(comparison, level))
    console.print()
    console.print(_contrasts(comparison.contrasts, None, level))
    if comparison.groups:
        console.print()
        console.print(_contrasts(comparison.groups, comparison.by, level))
    notes = ["only one: what only the first, and only the second, has right"]
    if len(comparison.contrasts) + len(comparison.groups) > 1:
        notes.append("p: two-sided, corrected by Holm's rule for all lines of its table")
    console.print("\n".join(notes), style="dim")
    if any(not contrast.paired for contrast in comparison.contrasts):
        console.print("unpaired: different sets of one recipe, compared as two samples", style="dim")


def print_views(comparison: Comparison) -> None:
    """Print what a model loses in seeing: its run on the video beside its run on the transcript of the same items.

    Raises :class:`BadInput` where there are not just these two.
    """
    if len(comparison.runs) != 2 or not all(contrast.paired for contrast in comparison.contrasts):
        raise BadInput("--views takes two runs on the same questions: first on the video, then on the transcript")
    video, transcript = (printable(run.name) for run in comparison.runs)
    click.echo(
        f"{video} (shown: video) and {transcript} (told: transcript) on {printable(comparison.recipe)}, in per cent"
    )
    heads = (comparison.by or "", "both", "told", "shown", "neither", "cost")
    rows = []
    for contrast in (*comparison.groups, *comparison.contrasts):
        found = contrast.difference
        shares = (contrast.both, contrast.only_second, contrast.only_first, contrast.neither)
        rows.append(
            (
                " ".join(map(printable, contrast.group)) or "all",
                *("–" if share is None else f"{100 * share:.1f}" for share in shares),
                f"{-100 * found.mean:+.1f}",
                f"{-100 * found.high:+.0f} to {-100 * found.low:+.0f}",
                _p_value(contrast),
                str(found.questions),
            )
        )
    level = f"{100 * comparison.confidence:g} %"
    head, *lines = aligned((*heads, level, "p", "asked"), rows, right=range(1, 9))
    click.secho(head, dim=True)
    click.echo("\n".join(lines))
    click.secho(
        "right on both; only when told (lost in seeing); only when shown; on neither\n"
        "cost: of seeing, in points from transcript to video",
        dim=True,
    )


def _p_value(contrast: Contrast) -> str:
    return "<.001" if contrast.p_holm < 0.001 else f"{contrast.p_holm:.3f}"


def _standings(comparison: Comparison, level: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    most = max((len(run.pass_at) for run in comparison.runs), default=0)
    shown = [k for k in range(2, most + 1) if k in (2, 4, 8, 16, 32, most)]
    categories = sorted({name for run in comparison.runs for name in run.curves if name != "all"})
    table.add_column("run")
    heads = (comparison.measure, level, "chance", "asked", "clips", *(f"pass@{k}" for k in shown))
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    for name in categories:
        table.add_column(f"level {name}", justify="right")
    for run in comparison.runs:
        own = run.score
        table.add_row(
            _plain(run.name) + (f" ({run.epochs} epochs)" if run.epochs > 1 else ""),
            f"{100 * own.mean:.1f}" if own else "–",
            f"{100 * own.low:.1f}–{100 * own.high:.1f}" if own else "–",
            f"{100 * run.chance:.1f}" if run.chance is not None else "–",
            str(own.questions if own else 0),
            str(own.clips if own else 0),
            *(f"{100 * run.pass_at[k].mean:.1f}" if k in run.pass_at else "–" for k in shown),
            *(threshold_text(run.curves.get(name)) for name in categories),
        )
    return table


def _contrasts(contrasts: Sequence[Contrast], by: str | None, level: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in by.split(", ") if by else []:
        table.add_column(name)
    table.add_column("difference", min_width=11)
    for head in ("points", level, "p", "only one", "asked"):
        table.add_column(head, justify="right", no_wrap=True)
    for contrast in contrasts:
        found = contrast.difference
        table.add_row(
            *map(_plain, contrast.group),
            f"{_plain(contrast.first)} − {_plain(contrast.second)}" + ("" if contrast.paired else " (unpaired)"),
            f"{100 * found.mean:+.1f}",
            f"{100 * found.low:+.1f} to {100 * found.high:+.1f}",
            _p_value(contrast),
            _shares(contrast),
            str(found.questions),
            style="bold" if contrast.p_holm < 0.05 else None,
        )
    return table


def _shares(contrast: Contrast) -> str:
    """Which shares only the first and only the second have right."""
    if contrast.only_first is None or contrast.only_second is None:
        return "–"
    return f"{100 * contrast.only_first:.1f}/{100 * contrast.only_second:.1f}"


def _plain(text: str) -> str:
    return escape(printable(text))
