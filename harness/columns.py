"""Tables for the terminal: cells aligned in columns, as plain lines, so that what prints them starts at once."""

import os
import textwrap
from collections.abc import Collection, Iterable, Sequence

NARROWEST = 20
"""Characters that a wrapped column keeps at least."""


def aligned(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Collection[int] = (), width: int | None = None
) -> list[str]:
    """The lines of a table, its heads first. ``right``: which columns are flush right (all others left).

    If it is wider than ``width`` characters (by default those of the terminal), the widest column that is flush left is wrapped.
    """
    cells = [[printable(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    excess = sum(widths) + 2 * (len(widths) - 1) - (width or _terminal())
    left = [i for i in range(len(heads)) if i not in right]
    if excess > 0 and left:
        widest = max(left, key=lambda i: widths[i])
        widths[widest] = max(min(NARROWEST, widths[widest]), widths[widest] - excess)
    lines = []
    for row in cells:
        parts = [
            textwrap.wrap(cell, size) or [""] if len(cell) > size else [cell]
            for cell, size in zip(row, widths, strict=True)
        ]
        for k in range(max(map(len, parts))):
            texts = [part[k] if k < len(part) else "" for part in parts]
            padded = (
                f"{t:>{w}}" if i in right else f"{t:<{w}}" for i, (t, w) in enumerate(zip(texts, widths, strict=True))
            )
            lines.append("  ".join(padded).rstrip())
    return lines


def _terminal() -> int:
    """Characters that a line of the terminal holds; 80 where there is none."""
    if (told := os.environ.get("COLUMNS", "")).isdigit() and int(told):
        return int(told)
    try:
        return os.get_terminal_size().columns or 80
    except OSError:
        return 80


def printable(text: str) -> str:
    """A text without what a terminal would act on instead of showing it."""
    return "".join(character for character in text if character.isprintable())
