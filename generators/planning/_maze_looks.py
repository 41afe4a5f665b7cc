"""How a part of a maze looks: its floor, walls and gaps."""

from typing import Any

import numpy as np

from generators.planning._grid_show import Ground, Part
from generators.planning._grid_ways import WAYS
from morse.style import Style, mix


def draw_walls(part: Part, ground: Ground, side: float, style: Style) -> Any:
    """A part of the maze: its floor, and a wall at every side of a cell that is not open."""
    from manim import Square, VGroup

    from morse.stage.shapes import polygon

    floor = mix(
        style.colour(style.pick("floor", ("yellow", "green", "cyan"))), "#ffffff", style.amount("floor", 0.7, 0.85)
    )
    wall = mix(style.colour(style.pick("wall", ("brown", "blue", "green"))), "#000000", 0.5)
    thick = style.amount("thick", 0.075, 0.11) * side
    columns, rows = ({cell[i] for cell in part.cells} for i in (0, 1))
    middle = ((min(columns) + max(columns)) / 2, (min(rows) + max(rows)) / 2)
    made, walls = VGroup(), VGroup()
    half = side / 2
    for x, y in part.cells:
        at = np.array(((x - middle[0]) * side, (middle[1] - y) * side))
        square = Square(side, fill_color=mix(floor, "#808080", 0.06 * ((x + y) % 2)), fill_opacity=1, stroke_width=0)
        made.add(square.shift((*at, 0.0)))
        for way, (dx, dy) in WAYS.items():
            if way in ground.values[x, y].split() or f"gap-{way}" in ground.values[x, y]:
                continue
            end = np.array((dx, -dy)) * half
            along = np.array((dy, dx)) * half
            inner = end - np.array((dx, -dy)) * thick
            walls.add(
                polygon(np.array([at + end - along, at + end + along, at + inner + along, at + inner - along]), wall)
            )
        for dx, dy in ((-1, -1), (-1, 1), (1, -1), (1, 1)):  # posts, so that walls that meet at a corner close
            corner = at + np.array((dx, dy)) * (half - thick / 2)
            post = np.array(((-1, -1), (1, -1), (1, 1), (-1, 1))) * thick / 2
            walls.add(polygon(corner + post, wall))
    return VGroup(made, walls)
