"""A maze under fog: the shortest walk that comes by all its signs, and which of them a walker out of sight has come by."""

from collections.abc import Iterable
from math import factorial
from typing import Any

from pydantic import JsonValue

from generators.planning._grid_looks import draw_board
from generators.planning._grid_questions import GridAsking
from generators.planning._grid_replay import Atlas
from generators.planning._grid_show import GridShow
from generators.planning._grid_ways import by_name, named, shortest_way
from generators.planning._maze_looks import draw_walls
from generators.planning._tour_viewer import been_by, tours
from generators.planning._tour_ways import MOMENTS, Params, Round, rounded, tour_problem
from generators.planning.maze import passages
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Integer, Plan, Question, Set, Text
from morse.schema import Sequence as InOrder
from morse.seeding import Rng
from morse.style import Style, mix
from morse.task import Task, register


@register(category="planning", version=1, stage="manim", covers=("MORSE-500",))
class SignTour(Task[Params, Round]):
    """Sign tour: fog covers a maze with signs; which walk by all of them is the shortest, and which has a walker in the fog come by?

    What is shown
        A board with column letters and row numbers. Fog lifts from one part after another, or a window moves through it, so that
        walls and signs (a star, a moon …) come to be seen, never all at once. In between a walker is seen above the fog, sinks into
        it and goes by signals: a filled arrow is a step, a hollow one only a look. Birds cross.
    What is asked
        How many steps the walker takes, which signs it has come by (asked for two numbers of steps) and which last; how long the shortest walk
        from one sign by all others is, in which order it comes by them, moves for such a walk, and how much shorter it would be
        without one of the signs.
    Difficulty
        A larger maze, seen in more parts, with more signs and loops; more signals and birds.
    Source
        Visiting all, of the mazes in MORSE-500's planning category; the travelling salesman's path (Held and Karp 1962).
    """

    def simulate(self, params: Params, rng: Rng) -> Round:
        return rounded(params, rng)

    def layout(self, episode: Round, rng: Rng) -> Layout:
        return GridShow(episode.ground, episode.params, rng).filmed(episode.stroll)

    def ask(self, episode: Round, layout: Layout, rng: Rng) -> Iterable[Question]:
        asking = GridAsking(episode.ground, episode.stroll, layout, rng)
        targets, signs = episode.targets, tuple(sorted(episode.signs))
        total = len(asking.signals)
        perceived = [step for step in asking.walked(episode.cells, total) if step.kind == "perceive"]
        yield asking.of_walk(
            "steps_taken", targets.steps, Integer(), "recall", "counting", perceived, f"steps({targets.steps})",
            domain=targets.every["steps"],
        )  # fmt: skip
        yield from self._come_by(episode, asking, rng.fork("come by"))
        last = next((sign for sign in reversed(episode.been) if sign), None)
        if last is None:
            raise Rejected("a walker that comes by no sign")
        yield asking.of_walk(
            "last_sign", last, Text(vocabulary=signs, noun="sign"), "infer", "state tracking",
            asking.walked(episode.cells, total), f"last({last})", board=True, domain=signs,
        )  # fmt: skip
        yield from self._tours(episode, asking, rng.fork("tours"))

    def _come_by(self, episode: Round, asking: GridAsking, rng: Rng) -> Iterable[Question]:
        """Which signs the walker has come by, for two numbers of its steps: asked at the end, when all of the board has been seen."""
        signs = tuple(sorted(episode.signs))
        fitting = [
            count
            for count in range(1, len(episode.been) + 1)
            if 0 < len({*episode.been[:count]} - {None}) < len(signs) and episode.been[count - 1] is not None
        ]
        if len(fitting) < MOMENTS:
            raise Rejected("a walker that comes by too few signs")
        for count in sorted(rng.sample(fitting, MOMENTS)):
            own: list[JsonValue] = [*sorted({sign for sign in episode.been[:count] if sign})]
            steps = sum(event.kind == "step" for event in asking.signalled[:count])
            yield asking.of_walk(
                "come_by", own, Set(vocabulary=signs, noun="sign"), "infer", "state tracking",
                asking.walked(episode.cells, count), f"come by({' '.join(map(str, own))})", signals=count, board=True,
                chance=0.5 ** len(signs), slots={"steps": steps},
            )  # fmt: skip

    def _tours(self, episode: Round, asking: GridAsking, rng: Rng) -> Iterable[Question]:
        targets, ground = episode.targets, episode.ground
        here, *others = episode.signs
        start, listed = ground.marks[here], tuple(sorted(others))
        slots: dict[str, JsonValue] = {"start": here}
        yield asking.of_board(
            "tour", targets.length, Integer(), "predict", "search", f"tour({targets.length})",
            domain=targets.every["length"], slots=slots,
        )  # fmt: skip
        yield asking.of_board(
            "tour_order", [*episode.tour], InOrder(vocabulary=listed, noun="sign", length=len(listed)), "predict",
            "planning", f"order({', '.join(episode.tour)})", slots=slots, chance=1 / factorial(len(listed)),
        )  # fmt: skip
        plan, at = list[str](), start
        for sign in episode.tour:
            plan += shortest_way(ground.ways, at, ground.marks[sign], rng)
            at = ground.marks[sign]
        cells = [named(ground.marks[sign]) for sign in listed]
        problem = tour_problem(by_name(ground.ways), named(start), cells, plan)
        yield asking.of_board(
            "plan", problem.model_dump(mode="json"), Plan(syntax="move(left)"), "predict", "planning",
            f"plan: {'; '.join(problem.solution)}", slots=slots,
        )  # fmt: skip
        yield asking.of_board(
            "without", targets.saved, Integer(), "counterfactual", "search",
            f"saved without {episode.left_out}({targets.saved})", domain=targets.every["saved"],
            slots=slots | {"sign": episode.left_out},
        )  # fmt: skip

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        maze, slots = Atlas(shown, passages), question.slots
        if question.kind == "steps_taken":
            return sum(kind == "step" for kind, _ in maze.signals)
        if question.kind in ("come_by", "last_sign"):
            been = been_by(maze, int(str(slots.get("steps", len(maze.signals)))))
            return [*sorted({*been})] if question.kind == "come_by" else been[-1]
        here = str(slots["start"])
        wanted = [sign for sign in sorted(maze.marks) if sign != here]
        length, orders, moves = tours(maze, maze.marks[here], wanted)
        if question.kind == "without":
            return length - tours(maze, maze.marks[here], [sign for sign in wanted if sign != slots["sign"]])[0]
        if question.kind == "tour_order":
            (order,) = orders
            return [*order]
        if question.kind == "plan":
            onward: dict[str, dict[str, str]] = {cell: {} for cell in maze.cells}
            for a, way, b in maze.edges:
                onward[a][way] = b
            cells = [maze.marks[sign] for sign in wanted]
            return tour_problem(onward, maze.marks[here], cells, moves).model_dump(mode="json")
        return length

    def draw(self, episode: Round, layout: Layout, stage: Any, style: Style) -> None:
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
