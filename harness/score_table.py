"""The report of ``morse score`` at the terminal."""

from collections.abc import Iterable, Sequence

import click

from harness.columns import aligned, printable
from harness.figures import Figure
from harness.report import BY, HEADLINES, Group, Miss, Rates, Report
from harness.stats import Curve, Estimate, threshold_text

TABLES = {
    "category, level": ("category", "level"),
    "reasoning": ("reasoning",),
    "task, kind": ("task", "kind"),
    "perceive": ("steps to perceive",),
    "infer": ("steps to infer",),
    "evidence": ("evidence in the frames given",),
}
"""The groupings that are printed, with the heads of their columns."""


def print_report(report: Report) -> None:
    """Print a report: the headline, a table for each grouping that tells something, and every further metric."""
    total = report.total
    name = click.style(printable(report.model or "responses"), bold=True)
    click.echo(f"{name} on {printable(report.recipe)} v{report.recipe_version}")
    if not report.complete:
        click.secho("The data set is incomplete: some of its clips could not be made.", fg="red")
    headline = click.style(_interval(report.score), bold=True)
    click.echo(f"{report.headline.replace('_', ' ')}: {headline}  (95 % interval, clustered by clip)")
    click.secho(f"({HEADLINES[report.headline]})", dim=True)
    if report.macro_accuracy is not None and len(report.groups["category"]) > 1:
        click.echo(f"mean of the categories, each counting alike: {_interval(report.macro_accuracy)}")
    click.echo(f"chance: {_percent(total.chance)}   {_rates(total.rates)}\n")
    for by, heads in TABLES.items():
        if _tells(report, by):
            _table(heads, report.groups[by])
    for by in (by for by in report.groups if by not in BY):  # what was asked for
        _table(by.split(", "), report.groups[by])
    if report.failures:
        told = ", ".join(f"{name} {count}" for name, count in report.failures.items())
        click.echo(f"why, where frames or steps tell it: {told}\n")
    if report.near_misses:
        _near_misses(report.near_misses)
    for name, curve in report.curves.items():
        click.echo(f"level of {printable(name)}: {_threshold(curve)}")
    if report.figures:
        _figures(report.figures)


def _tells(report: Report, by: str) -> bool:
    if by == "evidence":
        return any(result.evidence for result in report.results)
    return by not in ("perceive", "infer") or len(report.groups[by]) > 1


def _print(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: range | tuple[int, ...]) -> None:
    head, *lines = aligned(heads, rows, right=right)
    click.secho(head, dim=True)
    click.echo("\n".join(lines) + "\n")


def _table(names: Sequence[str], groups: Sequence[Group]) -> None:
    """A row a group; rates stand there only where some question came out so."""
    troubles = [
        name for name in ("unparsed", "missing", "failed") if any(getattr(group.rates, name) for group in groups)
    ]
    heads = (*names, "accuracy", "95 %", "chance", "asked", "clips", *troubles)
    rows = [
        (
            *map(printable, group.name),
            _percent(group.accuracy.mean if group.accuracy else None),
            f"{100 * group.accuracy.low:.1f}–{100 * group.accuracy.high:.1f}" if group.accuracy else "–",
            _percent(group.chance),
            str(group.rates.questions),
            str(group.accuracy.clips) if group.accuracy else "0",
            *(str(getattr(group.rates, name)) for name in troubles),
        )
        for group in groups
    ]
    _print(heads, rows, right=range(len(names) - (names[-1] == "level"), len(heads)))


def _near_misses(misses: Iterable[Miss]) -> None:
    told: dict[tuple[str, str], list[str]] = {}
    for miss in misses:
        told.setdefault((miss.task, miss.kind), []).append(f"{miss.near_miss} {miss.questions}")
    rows = [(printable(task), printable(kind), ", ".join(names)) for (task, kind), names in told.items()]
    _print(("task", "kind", "wrong answers"), rows, right=())


def _figures(figures: Iterable[Figure]) -> None:
    rows = [(figure.name, f"{figure.value:.3f}", figure.over, str(figure.count)) for figure in figures]
    _print(("further metrics", "", "averaged over", "count"), rows, right=(1, 3))


def _threshold(curve: Curve) -> str:
    """The threshold in words, with what the tests of monotonicity say."""
    notes = []
    if curve.rises is not None and curve.rises < 0.05:
        notes.append(f"some higher level is easier (p = {curve.rises:.3f})")
    if curve.falls is not None and curve.falls >= 0.05:
        notes.append(f"no fall with the level is shown (p = {curve.falls:.2f})")
    return f"{threshold_text(curve)}, width {curve.width:.1f} levels" + "".join(f"; {note}" for note in notes)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _interval(figure: Estimate | None) -> str:
    if figure is None:
        return "– (every call failed)"
    return f"{_percent(figure.mean)}, {100 * figure.low:.1f} to {100 * figure.high:.1f}"


def _rates(rates: Rates) -> str:
    parts = [f"{rates.questions} questions"]
    for name in ("unparsed", "missing", "failed"):
        if number := getattr(rates, name):
            note = " (not counted)" if name == "failed" else " (counted as wrong)"
            parts.append(f"{number} {name} ({_percent(number / rates.questions)}){note}")
    return ", ".join(parts)
