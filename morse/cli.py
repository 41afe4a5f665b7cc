"""The ``morse`` command. Thin: each command parses its arguments and calls the module that does the work."""

import sys
from pathlib import Path
from typing import Any

import click


class _Group(click.Group):
    """Prints a :class:`~morse.errors.MorseError` as one line and exits with its code."""

    def invoke(self, ctx: click.Context) -> Any:
        from morse.errors import MorseError

        try:
            return super().invoke(ctx)
        except MorseError as error:
            click.echo(f"morse: {error}", err=True)
            sys.exit(error.exit_code)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="morse-bench")
def main() -> None:
    """Make fresh video-reasoning test sets with exact ground truth, and score any model on them."""


def _knobs(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, Any]:
    import json

    knobs = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign:
            raise click.BadParameter(f"{text!r} is not of the form KNOB=VALUE")
        try:
            knobs[name] = json.loads(value)
        except ValueError:
            knobs[name] = value
    return knobs


set_option = click.option(
    "--set", "knobs", multiple=True, callback=_knobs, metavar="KNOB=VALUE", help="Set a knob by hand."
)


@main.command()
@click.argument("name")
@click.option("--difficulty", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--index", type=click.IntRange(min=0), default=0, show_default=True, help="Which clip of the seed.")
@click.option("--seed", default="preview", show_default=True)
@click.option("--style", default="varied", show_default=True, help="varied, plain, or a family.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("outputs/preview"), show_default=True)
@set_option
def preview(name: str, difficulty: int, index: int, seed: str, style: str, out: Path, knobs: dict[str, Any]) -> None:
    """One clip of task NAME and its contact sheet, to look at."""
    from morse.preview import describe
    from morse.preview import preview as make

    item, video, sheet = make(name, difficulty, out, root=seed, index=index, knobs=knobs, style=style)
    click.echo(f"{describe(item)}\n\n{video}\n{sheet}")


if __name__ == "__main__":
    main()
