"""Questions on a board under fog: what they rest on, and those that all such boards have."""

from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import Any

from pydantic import JsonValue

from generators.planning._grid_show import Ground, Stroll
from generators.planning._grid_ways import Cell, by_name, followed, named, plan_problem, routes, shortest_way
from morse.errors import Rejected
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Evidence, Plan, Question, Reasoning, Step
from morse.seeding import Rng


class GridAsking:
    """What the questions of one clip are made with."""

    def __init__(self, ground: Ground, stroll: Stroll, layout: Layout, rng: Rng) -> None:
        self.ground, self.walker, self.layout, self.rng = ground, stroll, layout, rng
        self.looks: tuple[Evidence, ...] = layout.details["looks"]
        self.signals: tuple[Evidence, ...] = layout.details["signals"]
        self.signalled = [event for event in layout.events if event.kind in ("step", "look")]
        self.board = [
            Step(kind="perceive", claim=", ".join(f"{k}={v}" for k, v in state.values.items()), time=state.start)
            for state in layout.states
        ]

    def walked(self, cells: Sequence[Cell], signals: int) -> list[Step]:
        """The steps of following the walker over its first ``signals`` signals; ``cells``: where each leaves it, its start first."""
        appear = next(event for event in self.layout.events if event.kind == "appear")
        steps = [Step(kind="perceive", claim=f"appear(walker, {named(cells[0])})", time=appear.start)]
        for event, cell in zip(self.signalled[:signals], cells[1:], strict=False):
            steps.append(Step(kind="perceive", claim=f"{event.kind}({event.values['way']})", time=event.start))
            if event.kind == "step":
                needs = (max(i for i in range(len(steps) - 1) if i == 0 or steps[i].kind == "infer"), len(steps) - 1)
                steps.append(Step(kind="infer", claim=f"at(walker, {named(cell)})", needs=needs))
        return steps

    def of_board(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        reasoning: Reasoning,
        skill: str,
        claim: str,
        **more: Any,
    ) -> Question:
        """A question that all parts of the board decide."""
        return Question(
            kind=kind, answer=answer, format=form, reasoning=reasoning, skills=(skill, "integration"),
            evidence=self.looks, steps=concluding(self.board, claim), min_frames=len(self.looks), min_fps=1.0, **more,
        )  # fmt: skip

    def of_walk(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        reasoning: Reasoning,
        skill: str,
        steps: Sequence[Step],
        claim: str,
        *,
        signals: int | None = None,
        board: bool = False,
        **more: Any,
    ) -> Question:
        """A question that the walker's first ``signals`` signals (all) decide, with the board or without it."""
        count = len(self.signals) if signals is None else signals
        seen = [self.layout.details["appeared"], *self.signals[:count], *(self.looks if board else ())]
        known = [*steps, *(self.board if board else ())]
        last = max(i for i, step in enumerate(steps) if i == 0 or step.kind == "infer")
        needs = {last, *range(len(steps), len(known))} if board else set(range(len(steps)))
        ended = Step(kind="infer", claim=claim, needs=tuple(sorted(needs)))
        return Question(
            kind=kind, answer=answer, format=form, reasoning=reasoning, skills=(skill,),
            evidence=tuple(sorted(seen, key=lambda look: look.start)), steps=(*known, ended),
            min_frames=len(seen), min_fps=2.0, **more,
        )  # fmt: skip

    def walker_now(self, cells: Sequence[Cell]) -> Question:
        """Where the walker is, asked right after one of its steps. ``cells``: where each of its signals leaves it."""
        form, letter, values = pose_choice(self.rng, named(cells[-1]), map(named, self.walker.ends[1:]))
        at = self.signalled[len(cells) - 2].end
        return self.of_walk(
            "walker_now", letter, form, "infer", "state tracking", self.walked(cells, len(cells) - 1),
            f"now at(walker, {named(cells[-1])})", signals=len(cells) - 1, option_values=values,
            asked_at=round(at + 0.15, 3),
        )  # fmt: skip

    def sequence(self, cells: Sequence[Cell], goal: str, listed: Sequence[str]) -> Question:
        """Which moves take the walker from where it ends to a mark; ``listed``: moves as options, the right ones first."""
        form, letter, values = pose_choice(self.rng, listed[0], listed[1:])
        return self.of_walk(
            "sequence", letter, form, "predict", "planning", self.walked(cells, len(self.signals)),
            f"leads({listed[0]})", board=True, option_values=values, slots={"goal": goal},
        )  # fmt: skip

    def plan(self, start: str, goal: str) -> Question:
        """Moves from one mark to another."""
        ways, (a, b) = self.ground.ways, (self.ground.marks[start], self.ground.marks[goal])
        plan = shortest_way(ways, a, b, self.rng)
        problem = plan_problem(by_name(ways), named(a), named(b), plan)
        return self.of_board(
            "plan", problem.model_dump(mode="json"), Plan(syntax="move(left)"), "predict", "planning",
            f"shortest plan: {'; '.join(problem.solution)}", slots={"start": start, "goal": goal},
        )  # fmt: skip

    def relative(self, apart: Sequence[str]) -> Question:
        """Where a sign lies from one that was seen earlier, in another part; not the two that were put ``apart`` on purpose.

        The others are the ways to other cells of its area, so that who has seen the earlier sign alone knows nothing. The later one can be seen only shortly before the question is asked. Raises :class:`Rejected` if no two signs will do.
        """
        ground, rng = self.ground, self.rng
        parts = self.layout.details["show"].parts
        for here, there in rng.shuffled([*permutations(ground.marks, 2)]):
            (x, y), to = ground.marks[here], ground.marks[there]
            looks = [next(look for look in self.looks if sign in look.objects) for sign in (here, there)]
            own = next(part for part in parts if (x, y) in part.cells)
            land = routes(ground.ways, to)
            others = [cell for part in parts if part is not own for cell in part.cells]
            places = [cell for cell in others if cell in land and cell[0] != x and cell[1] != y]
            if to not in places or len(places) < 4 or looks[0].start > looks[1].start or {here, there} == {*apart}:
                continue
            ways = [offset(cell[1] - y, cell[0] - x) for cell in rng.shuffled(places)]
            form, letter, values = pose_choice(rng, offset(to[1] - y, to[0] - x), ways)
            seen = [
                Step(kind="perceive", claim=f"at({sign}, {named(ground.marks[sign])})", time=look.start)
                for sign, look in zip((here, there), looks, strict=True)
            ]
            evidence = tuple(
                Evidence(start=look.start, end=look.end, objects=(sign,))
                for sign, look in zip((here, there), looks, strict=True)
            )
            return Question(
                kind="relative", slots={"start": here, "goal": there}, format=form, answer=letter, option_values=values,
                reasoning="infer", skills=("direction", "integration"), evidence=evidence, min_fps=1.0,
                asked_at=min(round(looks[1].end + 1.2, 3), self.layout.duration),
                steps=(*seen, Step(kind="infer", claim=f"{there}: {offset(to[1] - y, to[0] - x)}", needs=(0, 1))),
            )  # fmt: skip
        raise Rejected("no two signs apart")


def offset(down: int, right: int) -> str:
    """A place from another, in words."""
    columns, rows = (
        f"{abs(count)} {what}{'s' * (abs(count) > 1)}" for count, what in ((right, "column"), (down, "row"))
    )
    return f"{columns} to the {'right' if right > 0 else 'left'}, {rows} {'down' if down > 0 else 'up'}"


def cells_of(ground: Ground, stroll: Stroll) -> list[Cell]:
    """Where each signal leaves the walker, its start first; a step that cannot be made leaves it where it is."""
    cells = [stroll.start]
    for signal in stroll.signals:
        cells.append(followed(ground.ways, cells[-1], [signal]) or cells[-1])
    return cells


def with_looks(steps: Iterable[str], total: int, rng: Rng) -> tuple[str, ...]:
    """The signals of some steps, in order, with looks strewn in until there are so many."""
    made = list(steps)
    places = sorted(rng.sample(range(total), len(made)))
    signals = [f"look {rng.choice(('up', 'down', 'left', 'right'))}" for _ in range(total)]
    for place, step in zip(places, made, strict=True):
        signals[place] = step
    return tuple(signals)
