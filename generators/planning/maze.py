"""A maze under fog: its walls are seen part by part, and a walker out of sight is stopped by those in its way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import JsonValue, model_validator

from generators.planning._grid_looks import draw_board
from generators.planning._grid_questions import GridAsking, cells_of, offset
from generators.planning._grid_replay import Atlas, shifted
from generators.planning._grid_show import GridParams, GridShow, Ground, Stroll
from generators.planning._grid_ways import WAYS, Cell, areas, beside, named, routes
from generators.planning._maze_looks import draw_walls
from generators.planning._maze_world import Targets, aimed, carved, ends_of, strolled
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.options import pose_choice
from morse.schema import Boolean, Integer, Question, Text
from morse.seeding import Rng
from morse.style import Style, mix
from morse.task import Task, register

SIGNS = ("star", "triangle", "cross", "moon", "ring", "diamond", "heart")
DRAWS = 40


class Params(GridParams):
    marks: int = ramp(5, per_level=0.25, most=7, least=5, limit=7, about="signs that stand in the maze")
    loops: int = ramp(1, per_level=0.6, most=8, limit=12, about="passages beyond those that the maze needs")

    @model_validator(mode="after")
    def _large_enough(self) -> Self:
        if self.loops > (most := 2 * (self.size - 4)):
            raise ValueError(f"loops={self.loops} leave no long ways: with size={self.size} at most {most}")
        return self


@dataclass(frozen=True)
class Labyrinth:
    """``signs``: the first and the second are so far apart as aimed at, the last is cut off from all others."""

    params: Params
    targets: Targets
    ground: Ground
    signs: tuple[str, ...]
    stroll: Stroll
    cells: tuple[Cell, ...]
    """Where each signal leaves the walker, its start first."""


@register(category="planning", version=3, stage="manim", covers=("MORSE-500",))
class Maze(Task[Params, Labyrinth]):
    """Maze: fog covers a maze whose walls and signs are seen one part at a time, and a walker tries its ways in the fog.

    What is shown
        A board with column letters and row numbers. Fog lifts from one part after another, or a window moves through it, so that
        walls, signs (a star, a moon …) and gaps in the outer wall come to be seen, never all at once. In between a walker is seen
        above the fog, sinks into it and gets signals: at a filled arrow it steps unless a wall stops it, at a hollow one it only
        looks. Birds cross.
    What is asked
        How many gaps the outer wall has, how far one sign is from another, the first move on the shortest way, whether a sign can be
        reached, which sign is farthest, where one lies from another (asked in mid-clip); how often walls stop the walker
        and where it ends; moves from sign to sign.
    Difficulty
        A larger maze, seen in more parts, with more signs and loops; more signals and birds.
    Source
        The mazes of MORSE-500's planning category (distances, farthest, moves, gaps), with fog.
    """

    def simulate(self, params: Params, rng: Rng) -> Labyrinth:
        steady = rng.steady("targets")
        columns, rows = params.size + steady.integer(0, 1), params.size
        targets = aimed(params.steps + 2, columns, rows, steady)
        for _ in range(DRAWS):
            ways = carved(columns, rows, params.loops, rng)
            if ways is None:
                continue
            land, cut = sorted(areas(ways), key=len, reverse=True)
            pair = ends_of(ways, land, targets, rng)
            if pair is None:
                continue
            others = rng.sample([cell for cell in land if cell not in pair], params.marks - 3)
            far = sorted(routes(ways, pair[0])[cell][0] for cell in (pair[1], *others))
            if far[-1] == far[-2]:
                continue
            signs = tuple(rng.sample(SIGNS, params.marks))
            marks = dict(zip(signs, (*pair, *others, rng.choice(cut)), strict=True))
            edges = [(cell, way) for cell in ways for way in WAYS if beside(cell, way) not in ways]
            gaps = rng.sample(edges, targets.gaps)
            values = {
                cell: " ".join([*onward, *(f"gap-{way}" for way in WAYS if (cell, way) in gaps)]) or "closed"
                for cell, onward in ways.items()
            }
            # a mapping in the order of the signs' names, which tells nothing of their parts
            ground = Ground(columns, rows, values, ways, {sign: marks[sign] for sign in sorted(marks)})
            stroll = strolled(ground, params.steps + 2, targets.bumps, rng)
            return Labyrinth(params, targets, ground, signs, stroll, tuple(cells_of(ground, stroll)))
        raise Rejected("no maze that fits the targets")

    def layout(self, episode: Labyrinth, rng: Rng) -> Layout:
        return GridShow(episode.ground, episode.params, rng).filmed(episode.stroll)

    def ask(self, episode: Labyrinth, layout: Layout, rng: Rng) -> Iterable[Question]:
        targets, signs, ground = episode.targets, episode.signs, episode.ground
        asking = GridAsking(ground, episode.stroll, layout, rng)
        domains, (here, there) = targets.every, signs[:2]
        pair: dict[str, JsonValue] = {"start": here, "goal": there}
        yield asking.of_board(
            "gaps", targets.gaps, Integer(), "recall", "counting", f"gaps({targets.gaps})", domain=domains["gaps"]
        )
        yield asking.of_board(
            "shortest", targets.length, Integer(), "infer", "search", f"shortest({targets.length})",
            domain=domains["length"], slots=pair,
        )  # fmt: skip
        yield asking.of_board(
            "next_move", targets.first, Text(vocabulary=tuple(WAYS), noun="direction"), "predict", "planning",
            f"first({targets.first})", domain=tuple(WAYS), slots={"start": there, "goal": here},
        )  # fmt: skip
        asked = rng.choice(signs[1:-1]) if targets.reachable else signs[-1]
        yield asking.of_board(
            "reachable", targets.reachable, Boolean(), "infer", "connectedness", f"reachable({targets.reachable})",
            slots={"start": here, "goal": asked},
        )  # fmt: skip
        found = routes(ground.ways, ground.marks[here])
        far = max(signs[1:-1], key=lambda sign: found[ground.marks[sign]][0])
        listed = tuple(sorted(signs[1:]))
        yield asking.of_board(
            "farthest", far, Text(vocabulary=listed, noun="sign"), "infer", "search", f"farthest({far})",
            domain=listed, slots={"start": here, "signs": list(listed)},
        )  # fmt: skip
        yield asking.relative(signs[:2])
        steps = asking.walked(episode.cells, len(asking.signals))
        yield asking.of_walk(
            "bumps", targets.bumps, Integer(), "infer", "state tracking", steps, f"bumps({targets.bumps})",
            board=True, domain=domains["bumps"],
        )  # fmt: skip
        end = named(episode.cells[-1])
        form, letter, values = pose_choice(rng, end, map(named, episode.stroll.ends[1:]))
        yield asking.of_walk(
            "walker_end", letter, form, "infer", "state tracking", steps, f"ends at(walker, {end})",
            board=True, option_values=values,
        )  # fmt: skip
        yield asking.plan(here, there)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        maze, slots = Atlas(shown, passages), question.slots
        here, there = (maze.marks.get(str(slots.get(what)), "") for what in ("start", "goal"))
        if question.kind == "gaps":
            return " ".join(maze.cells.values()).count("gap")
        if question.kind == "shortest":
            return maze.far(here, there)
        if question.kind == "next_move":
            return next(
                way for way in WAYS if (to := maze.on(here, way)) and maze.far(to, there) < maze.far(here, there)
            )
        if question.kind == "reachable":
            return here in maze.graph and maze.nx.has_path(maze.graph, here, there)
        if question.kind == "farthest":
            lengths = maze.nx.single_source_shortest_path_length(maze.graph, here)
            return max(
                (sign for sign in maze.marks if maze.marks[sign] in lengths), key=lambda s: lengths[maze.marks[s]]
            )
        if question.kind == "relative":
            return offset(int(there[1:]) - int(here[1:]), ord(there[0]) - ord(here[0]))
        if question.kind == "plan":
            return maze.plan(here, there)
        if question.kind == "walker_end":
            return maze.strolled()
        at, bumps = maze.start, 0
        for _, way in (signal for signal in maze.signals if signal[0] == "step"):
            to = maze.on(at, way)
            at, bumps = to or at, bumps + (to is None)
        return bumps

    def draw(self, episode: Labyrinth, layout: Layout, stage: Any, style: Style) -> None:
        from morse.stage.shapes import symbol

        side = layout.details["show"].side
        sign = mix(style.colour(style.pick("signs", ("blue", "purple", "red"))), "#000000", 0.25)
        draw_board(
            layout,
            stage,
            style,
            lambda part: draw_walls(part, episode.ground, side, style),
            lambda mark: symbol(mark, 0.56 * side, sign),
        )


def passages(cells: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """Steps through the open sides of cells, by what is seen of them."""
    for cell, sides in cells.items():
        for way in sides.split():
            if way in WAYS:
                yield cell, way, shifted(cell, way)
