"""A frozen lake under fog: where the ice carries is seen part by part, and a walker that is out of sight goes by signals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from pydantic import JsonValue, model_validator

from generators.planning._grid_looks import draw_board, flag, hut
from generators.planning._grid_questions import GridAsking, cells_of
from generators.planning._grid_replay import SIDES, Atlas, dead_reckoned, shifted
from generators.planning._grid_show import GridParams, GridShow, Ground, Part, Stroll
from generators.planning._grid_ways import Cell, misled, named, ways_between
from generators.planning._lake_world import Targets, aimed, ends_of, lake_of, strolled
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Integer, Question, Reasoning
from morse.seeding import Rng
from morse.style import Style, mix
from morse.task import Task, register

DRAWS, LEAST_MOVES = 30, 4


class Params(GridParams):
    areas: int = ramp(4, per_level=0.25, most=7, least=2, limit=8, about="most connected areas of ice")
    routes: int = ramp(4, per_level=0.25, most=8, least=2, limit=10, about="most shortest safe ways")

    @model_validator(mode="after")
    def _large_enough(self) -> Self:
        for name, most in (("areas", self.size - 1), ("routes", self.size)):
            if getattr(self, name) > most:
                raise ValueError(
                    f"{name}={getattr(self, name)} needs a larger lake: with size={self.size} at most {most}"
                )
        return self


@dataclass(frozen=True)
class Lake:
    params: Params
    targets: Targets
    ground: Ground
    stroll: Stroll
    sequences: tuple[str, ...]
    cells: tuple[Cell, ...]
    """Where each signal leaves the walker, its start first."""


@register(category="planning", version=1, stage="manim", covers=("MORSE-500", "FrozenLake"))
class FrozenLake(Task[Params, Lake]):
    """Frozen lake: fog covers a lake with holes in its ice; parts of it are seen one at a time, and a walker sets out in the fog.

    What is shown
        A board with column letters and row numbers. Fog lifts from one part after another, or a window moves through it, so that
        ice, holes, a flag and a hut come to be seen, never all at once. In between a walker is seen above the fog, sinks into it and
        goes by signals: a filled arrow is a step, a hollow one only a look. Birds cross.
    What is asked
        How many holes there are, how many areas the ice falls into, how long the shortest safe way from flag to hut is and how many
        there are, how many steps the walker took, where it is now (asked in mid-clip); which moves take it to the hut, and
        moves from flag to hut.
    Difficulty
        A larger lake, seen in more parts; more signals, birds, areas and ways.
    Source
        The frozen lake of MORSE-500's planning category, with fog; the world is Gymnasium's FrozenLake without slipping.
    """

    def simulate(self, params: Params, rng: Rng) -> Lake:
        steady = rng.steady("targets")
        columns, rows = params.size + steady.integer(0, 1), params.size
        targets = aimed(columns, rows, params.areas, params.routes, params.steps, steady)
        board = [(x, y) for y in range(rows) for x in range(columns)]
        for _ in range(DRAWS):
            ways = lake_of(board, targets, rng)
            found = ends_of(ways, targets, rng) if ways is not None else None
            if ways is None or found is None:
                continue
            marks = {"flag": found[0], "hut": found[1]}
            values = {cell: "ice" if cell in ways else "hole" for cell in board}
            ground = Ground(columns, rows, values, ways, marks)
            stroll = strolled(ground, targets.steps, targets.every["steps"][-1] + 1, rng)
            cells = tuple(cells_of(ground, stroll))
            if cells[-1] == marks["hut"]:
                continue
            listed = misled(ways, ways_between(board), cells[-1], marks["hut"], LEAST_MOVES, 3, rng)
            return Lake(params, targets, ground, stroll, listed, cells)
        raise Rejected("no lake that fits the targets")

    def layout(self, episode: Lake, rng: Rng) -> Layout:
        return GridShow(episode.ground, episode.params, rng).filmed(episode.stroll)

    def ask(self, episode: Lake, layout: Layout, rng: Rng) -> Iterable[Question]:
        targets, asking = episode.targets, GridAsking(episode.ground, episode.stroll, layout, rng)
        domains = targets.every
        counted: tuple[tuple[str, int, Reasoning, str, str], ...] = (
            ("holes", targets.holes, "recall", "counting", "holes"),
            ("areas", targets.areas, "infer", "connectedness", "areas"),
            ("shortest", targets.length, "infer", "search", "length"),
            ("routes", targets.routes, "infer", "search", "routes"),
        )
        for kind, count, reasoning, skill, among in counted:
            yield asking.of_board(
                kind, count, Integer(), reasoning, skill, f"{kind}({count})", domain=domains[among]
            )  # fmt: skip
        steps = [s for s in asking.walked(episode.cells, len(asking.signals)) if s.kind == "perceive"]
        yield asking.of_walk(
            "steps_taken", targets.steps, Integer(), "recall", "counting", steps, f"steps({targets.steps})",
            domain=domains["steps"],
        )  # fmt: skip
        asked = [i for i, s in enumerate(episode.stroll.signals) if not s.startswith("look")][episode.stroll.asked - 1]
        yield asking.walker_now(episode.cells[: asked + 2])
        yield asking.sequence(episode.cells, "hut", episode.sequences)
        yield asking.plan("flag", "hut")

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        lake = Atlas(shown, icy)
        if question.kind == "walker_now":
            return dead_reckoned(lake.start, lake.signals)
        if question.kind == "steps_taken":
            return sum(kind == "step" for kind, _ in lake.signals)
        if question.kind == "holes":
            return list(lake.cells.values()).count("hole")
        if question.kind == "areas":
            ice = lake.nx.Graph(lake.graph)
            ice.add_nodes_from(cell for cell, value in lake.cells.items() if value == "ice")
            return lake.nx.number_connected_components(ice)
        flag, hut = lake.marks["flag"], lake.marks["hut"]
        if question.kind == "shortest":
            return lake.far(flag, hut)
        if question.kind == "routes":
            return len(lake.ways(flag, hut))
        if question.kind == "sequence":
            at = dead_reckoned(lake.start, lake.signals)
            return next(moves for moves in question.option_values if lake.arrives(at, str(moves), hut))
        return lake.plan(flag, hut)

    def draw(self, episode: Lake, layout: Layout, stage: Any, style: Style) -> None:
        side = layout.details["show"].side
        draw_board(
            layout,
            stage,
            style,
            lambda part: draw_ice(part, episode.ground, side, style),
            lambda mark: (flag if mark == "flag" else hut)(style, 0.72 * side),
        )


def icy(cells: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """Steps between neighbouring cells of ice, by what is seen of them."""
    for cell, value in cells.items():
        for way in SIDES:
            if value == "ice" and cells.get(shifted(cell, way)) == "ice":
                yield cell, way, shifted(cell, way)


def draw_ice(part: Part, ground: Ground, side: float, style: Style) -> Any:
    """A part of the lake: squares of ice in two tones, and holes with dark water."""
    from manim import Ellipse, Square, VGroup

    from morse.stage.shapes import polygon

    ice = mix(style.colour("cyan"), "#ffffff", style.amount("ice", 0.68, 0.82))
    water = mix(style.colour("blue"), "#000000", style.amount("water", 0.45, 0.6))
    form = style.pick("hole", ("round", "jagged", "square"))
    made = VGroup()
    columns, rows = ({cell[i] for cell in part.cells} for i in (0, 1))
    middle = ((min(columns) + max(columns)) / 2, (min(rows) + max(rows)) / 2)
    for x, y in part.cells:
        at = ((x - middle[0]) * side, (middle[1] - y) * side, 0.0)
        tone = mix(ice, "#ffffff", 0.35) if (x + y) % 2 else ice
        square = Square(side, fill_color=tone, fill_opacity=1)
        square.set_stroke(color=mix(ice, "#204060", 0.35), width=1.5)
        made.add(square.shift(at))
        if ground.values[x, y] == "ice":
            continue
        rim = {"stroke_color": mix(water, "#ffffff", 0.55), "stroke_width": 3.0}
        if form == "round":
            hole = Ellipse(width=0.78 * side, height=0.7 * side, fill_color=water, fill_opacity=1, **rim)
        elif form == "square":
            hole = Square(0.72 * side, fill_color=water, fill_opacity=1, **rim)
        else:
            turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
            reach = [(0.28 + 0.12 * style.amount(f"{named((x, y))} {i}", 0, 1)) * side for i in range(12)]
            hole = polygon(np.column_stack([np.cos(turn), np.sin(turn)]) * np.array(reach)[:, None], water, **rim)
        made.add(hole.shift(at))
    return made
