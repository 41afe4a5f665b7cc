"""What the rooms of all crafts have: shelf boards with name tags, and the black bars beside a view of a part of the room."""

from collections.abc import Sequence
from typing import Any

from generators.procedural._shapes import blend, block
from generators.procedural._shots import Shot
from morse.style import Style


def shelf_boards(wood: str, heights: Sequence[float]) -> list[Any]:
    """Boards across the room, their upper sides at the given heights."""
    return [
        part
        for y in heights
        for part in (block(0, y - 0.19, 16, 0.38, wood), block(0, y - 0.02, 16, 0.06, blend(wood, "#ffffff", 0.35)))
    ]


def name_tag(words: str, x: float, y: float, style: Style, wide: float, most_width: float) -> list[Any]:
    """A tag with a name on it."""
    from morse.stage.lettering import lettering

    written = lettering(words, 0.31, style.ink, cut="bold", at=(x, y), on_line=True, most_width=most_width)
    return [block(x, y, wide, 0.34, style.panel, 0.06), written]


def side_bars(shot: Shot, style: Style) -> list[Any]:
    """What hides the columns that are not in view."""
    wide = 4.0 * (shot.columns[1] - shot.columns[0] + 1)
    if wide >= 16:
        return []
    dark = blend(style.background, "#000000", 0.82)
    return [block(side * (8 + wide / 2) / 2, 0, 8 - wide / 2, 9, dark) for side in (-1, 1)]
