"""Lamps in a circle, under shades: a press switches a lamp and its neighbours, and who is lit has to be followed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.latent_state._hidden_questions import asked
from generators.latent_state._hidden_replay import Values, retold
from generators.latent_state._hidden_state import HiddenParams, HiddenRules, Life, Operation, lived
from generators.latent_state._lamp_ring import Lit, Ring, draw_ring
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import AnswerFormat, Condition, Effect, Operator, PlanProblem, Question, Sequence
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(HiddenParams):
    sized_by: ClassVar[tuple[str, ...]] = ("lamps",)
    size: int = ramp(
        1, per_level=0.5, most=4, least=1, limit=6, about="size of the circle: 8, 10, 14, 16, 20, 22 lamps"
    )

    @property
    def lamps(self) -> int:
        """An even number, no multiple of three (there, lamps three places apart would always switch together)."""
        return 2 * (3 + self.size + (self.size - 1) // 2)


@dataclass(frozen=True)
class Rules(HiddenRules[Lit]):
    lamps: int
    numbered: ClassVar[bool] = True
    syntax: ClassVar[str] = "press(1)"

    def any_state(self, rng: Rng) -> Lit:
        return tuple(rng.chance(0.5) for _ in range(self.lamps))

    def any_operation(self, state: Lit, last: Operation | None, rng: Rng, back: bool) -> Operation:
        return Operation("press", (str(rng.integer(1, self.lamps)),))

    def after(self, state: Lit, operation: Operation) -> Lit | None:
        lit = list(state)
        for lamp in self.switched(int(operation.objects[0]) - 1):
            lit[lamp] = not lit[lamp]
        return tuple(lit)

    before = after

    def values(self, state: Lit) -> dict[str, JsonValue]:
        return {str(i + 1): "on" if lit else "off" for i, lit in enumerate(state)}

    def facts(self, state: Lit) -> Mapping[str, str]:
        """Three lamps side by side."""
        found = {}
        for middle in range(self.lamps):
            one, two, three = self.switched(middle)
            words = ("on" if state[lamp] else "off" for lamp in (one, two, three))
            found[f"{one + 1}, {two + 1} and {three + 1}"] = ", ".join(words)
        return found

    def words(self, operation: Operation) -> str:
        return f"lamp {operation.objects[0]}"

    def tallies(self) -> Mapping[str, Callable[[Operation], bool]]:
        near = {lamp: {str(other + 1) for other in self.switched(lamp)} for lamp in range(self.lamps)}
        return {f"lamp {lamp + 1}": lambda operation, by=by: operation.objects[0] in by for lamp, by in near.items()}

    def changed(self, one: Lit, other: Lit) -> int:
        return sum(a != b for a, b in zip(one, other, strict=True))

    def aims(self, changes: tuple[int, ...]) -> tuple[int, ...]:
        """As many over half of the lamps as under it: a lamp is then as likely to change as to stay."""
        return tuple(changed for changed in changes if self.lamps - changed in changes)

    def whole(self, state: Lit, rng: Rng) -> tuple[dict[str, JsonValue], AnswerFormat, JsonValue]:
        form = Sequence(vocabulary=("on", "off"), noun="state", length=self.lamps)
        return {}, form, list(self.values(state).values())

    def plan(self, state: Lit, steps: int, rng: Rng) -> tuple[dict[str, JsonValue], PlanProblem]:
        """A pattern that so many presses lead to, and no fewer."""
        goal = state
        for lamp in rng.sample(range(self.lamps), steps):
            goal = self.pressed(goal, lamp)
        presses = min(self.solutions(state, goal), key=len)
        if len(presses) < steps:
            raise Rejected("a shorter plan")
        lit: list[JsonValue] = [str(i + 1) for i, on in enumerate(goal) if on]
        plan = [Operation("press", (str(lamp + 1),)) for lamp in presses]
        return {"lit": lit}, problem(self.values(state), self.values(goal), plan)

    def pressed(self, state: Lit, lamp: int) -> Lit:
        switched = self.switched(lamp)
        return tuple(on != (i in switched) for i, on in enumerate(state))

    def switched(self, lamp: int) -> tuple[int, int, int]:
        """A lamp between its neighbours, clockwise."""
        return (lamp - 1) % self.lamps, lamp, (lamp + 1) % self.lamps

    def solutions(self, state: Lit, goal: Lit) -> Iterable[list[int]]:
        """All sets of presses that lead from one pattern to another.

        Whether lamps 1 and 2 are pressed says of each lamp in turn whether the next one is: it must switch as often as
        it has to. The circle must close.
        """
        wanted = [a != b for a, b in zip(state, goal, strict=True)]
        for first, second in ((False, False), (False, True), (True, False), (True, True)):
            pressed = [first, second]
            for lamp in range(1, self.lamps - 1):
                pressed.append(wanted[lamp] ^ pressed[lamp] ^ pressed[lamp - 1])
            last, before = pressed[-1], pressed[-2]
            if wanted[-1] == before ^ last ^ first and wanted[0] == last ^ first ^ second:
                yield [lamp for lamp, press in enumerate(pressed) if press]


@register(category="latent_state", version=1, stage="manim", covers=("VideoReasonBench",))
class LightsCircle(Task[Params, Life[Lit]]):
    """Lamps in a circle, seen only once: a press switches the lamp and its two neighbours.

    What is shown
        Numbered lamps in a circle, clockwise from the top, under shades. The shades are off before the first press or after
        the last one, drawn per clip: only then is seen which lamps are on. A pointer presses lamps; each press switches the
        pressed lamp and its two neighbours, from on to off or from off to on.
    What is asked
        Which lamp was pressed as the k-th, which number a press had, how many presses switched a lamp; whether lamps were on at
        the covered end of the clip or after the k-th press, the whole circle; how many lamps differ between start and end; what
        further presses would lead to; presses that lead to a pattern.
    Difficulty
        More lamps and presses; more movements that change nothing (lamps that shake, a pointer that turns back, passing balls,
        cloths); shorter pauses; predictions and plans of more presses.
    Source
        After VideoReasonBench (arXiv 2505.23359), its demonstration with the circle that flips cells; the rule is that of the
        puzzle Lights Out on a ring.
    """

    def simulate(self, params: Params, rng: Rng) -> Life[Lit]:
        return lived(Rules(params.lamps), params, rng, idle=("shake", "feint", "ball"))

    def layout(self, episode: Life[Lit], rng: Rng) -> Layout:
        return Ring(episode, rng).layout()

    def ask(self, episode: Life[Lit], layout: Layout, rng: Rng) -> Iterable[Question]:
        return asked(episode, layout, rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(Retold(len(shown.states[0].values)), question, shown)

    def draw(self, episode: Life[Lit], layout: Layout, stage: Any, style: Style) -> None:
        draw_ring(layout, stage, style)


@dataclass(frozen=True)
class Retold:
    """The circle once more: lamps by their numbers, presses as sets."""

    lamps: int

    def redo(self, values: Values, operation: Operation) -> Values:
        count = len(values)
        near = {(int(operation.objects[0]) + step - 1) % count + 1 for step in (-1, 0, 1)}
        return {lamp: _other(state) if int(lamp) in near else state for lamp, state in values.items()}

    undo = redo

    def fact(self, values: Values, place: str) -> str:
        return ", ".join(str(values[lamp]) for lamp in place.replace(" and ", ", ").split(", "))

    def tallied(self, operation: Operation, tally: str) -> bool:
        lamp, count = int(tally.removeprefix("lamp ")), self.lamps
        return (int(operation.objects[0]) - lamp) % count in (0, 1, count - 1)

    def changed(self, first: Values, last: Values) -> int:
        return len([lamp for lamp in first if first[lamp] != last[lamp]])

    def whole(self, values: Values, question: Question) -> JsonValue:
        return [values[str(lamp)] for lamp in range(1, len(values) + 1)]

    def plan(self, values: Values, question: Question) -> JsonValue:
        """All sets of presses, the smaller ones first."""
        lit, count = question.slots["lit"], len(values)
        assert isinstance(lit, list)
        goal: Values = {lamp: "on" if lamp in lit else "off" for lamp in values}
        wrong = sum(1 << int(lamp) - 1 for lamp in values if values[lamp] != goal[lamp])
        masks = {lamp: sum(1 << (lamp + step) % count for step in (-1, 0, 1)) for lamp in range(count)}
        for size in range(count + 1):
            for lamps in combinations(range(count), size):
                left = wrong
                for lamp in lamps:
                    left ^= masks[lamp]
                if not left:
                    plan = [Operation("press", (str(lamp + 1),)) for lamp in lamps]
                    return problem(values, goal, plan).model_dump(mode="json")
        raise ValueError("no presses lead there")


def _other(state: JsonValue) -> JsonValue:
    return "off" if state == "on" else "on"


def problem(values: Values, goal: Values, plan: Iterable[Operation]) -> PlanProblem:
    """The plan problem "this pattern"."""
    lamps = tuple(values)
    beside = {f"next({lamp})": lamps[(i + 1) % len(lamps)] for i, lamp in enumerate(lamps)}
    beside |= {f"previous({lamp})": lamps[i - 1] for i, lamp in enumerate(lamps)}
    switched = ("state(?lamp)", "state(next(?lamp))", "state(previous(?lamp))")
    return PlanProblem(
        initial={
            **{f"state({lamp})": state for lamp, state in values.items()},
            **beside,
            "other(on)": "off",
            "other(off)": "on",
        },
        operators=(
            Operator(
                name="press",
                parameters={"?lamp": lamps},
                does=tuple(Effect(action="set", term=term, value=f"other({term})") for term in switched),
            ),
        ),
        goal=tuple(Condition(term=f"state({lamp})", value=str(state)) for lamp, state in goal.items()),
        solution=tuple(map(str, plan)),
    )
