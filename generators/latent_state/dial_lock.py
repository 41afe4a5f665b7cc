"""A lock of coupled dials: turning one turns others too, as its plate says, while shutters hide the numbers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar, NamedTuple, Self

from pydantic import JsonValue, model_validator

from generators.latent_state._dial_case import Case, draw_case
from generators.latent_state._hidden_questions import asked
from generators.latent_state._hidden_replay import Values, retold
from generators.latent_state._hidden_search import breadth_first, deepening
from generators.latent_state._hidden_state import HiddenParams, HiddenRules, Life, Operation, lived
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import AnswerFormat, Condition, Effect, Grid, Operator, PlanProblem, Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

NUMBERS = 10
"""How many numbers a dial has: after 9 comes 0."""
AMOUNTS = ("+1", "+2", "-1", "-2")
SIGNS = {1: "+", -1: "-", 0: "0"}


class Lock(NamedTuple):
    """``links[i][j]``: what dial j does when dial i is turned: the same (1), the opposite (-1) or nothing (0)."""

    numbers: tuple[int, ...]
    links: tuple[tuple[int, ...], ...]


class Lacking(NamedTuple):
    """By how much two dials are short of their goals, and the first of the listed turns that may still be made."""

    one: int
    two: int
    turn: int


class Params(HiddenParams):
    sized_by: ClassVar[tuple[str, ...]] = ("dials", "links")
    dials: int = ramp(3, per_level=0.5, most=7, least=3, limit=8, about="dials of the lock")
    links: int = ramp(1, per_level=0.25, most=3, least=1, limit=4, about="other dials that each dial turns")

    @model_validator(mode="after")
    def _enough_dials(self) -> Self:
        if self.links >= self.dials:
            raise ValueError(f"links={self.links} needs more than {self.dials} dials, for a dial turns only others")
        return self


@dataclass(frozen=True)
class Rules(HiddenRules[Lock]):
    dials: int
    links: int
    numbered: ClassVar[bool] = True
    syntax: ClassVar[str] = "turn(b, +2)"

    def any_state(self, rng: Rng) -> Lock:
        links = []
        for i in range(self.dials):
            turned = rng.sample([j for j in range(self.dials) if j != i], self.links)
            ways = {i: 1} | {j: rng.choice((1, -1)) for j in turned}
            links.append(tuple(ways.get(j, 0) for j in range(self.dials)))
        return Lock(tuple(rng.integer(0, NUMBERS - 1) for _ in links), tuple(links))

    def any_operation(self, state: Lock, last: Operation | None, rng: Rng, back: bool) -> Operation:
        return Operation("turn", (chr(97 + rng.integer(0, self.dials - 1)), rng.choice(AMOUNTS)))

    def after(self, state: Lock, operation: Operation) -> Lock | None:
        dial, amount = operation.objects
        return self._turned(state, dial, int(amount))

    def before(self, state: Lock, operation: Operation) -> Lock | None:
        dial, amount = operation.objects
        return self._turned(state, dial, -int(amount))

    def _turned(self, state: Lock, dial: str, by: int) -> Lock:
        ways = state.links[ord(dial) - 97]
        return Lock(tuple((n + by * way) % NUMBERS for n, way in zip(state.numbers, ways, strict=True)), state.links)

    def values(self, state: Lock) -> dict[str, JsonValue]:
        return {**self.facts(state), **{f"{chr(97 + i)} turns": plate(row, i) for i, row in enumerate(state.links)}}

    def facts(self, state: Lock) -> Mapping[str, str]:
        return {chr(97 + i): str(number) for i, number in enumerate(state.numbers)}

    def words(self, operation: Operation) -> str:
        return f"dial {operation.objects[0]} by {operation.objects[1]}"

    def tallies(self) -> Mapping[str, Callable[[Operation], bool]]:
        return {
            "plus": lambda operation: operation.objects[1][0] == "+",
            "minus": lambda operation: operation.objects[1][0] == "-",
        }

    def changed(self, one: Lock, other: Lock) -> int:
        return sum(a != b for a, b in zip(one.numbers, other.numbers, strict=True))

    def whole(self, state: Lock, rng: Rng) -> tuple[dict[str, JsonValue], AnswerFormat, JsonValue]:
        words = tuple(map(str, range(NUMBERS)))
        return {}, Grid(rows=1, columns=self.dials, vocabulary=words, noun="number"), [[*self.facts(state).values()]]

    def plan(self, state: Lock, steps: int, rng: Rng) -> tuple[dict[str, JsonValue], PlanProblem]:
        """Two numbers that two dials reach together after so many turns at the earliest."""
        for one, two in rng.shuffled([*combinations(range(self.dials), 2)]):
            moves: dict[tuple[int, int], Operation] = {}
            for i, row in enumerate(state.links):
                for amount in AMOUNTS:
                    moved = (int(amount) * row[one], int(amount) * row[two])
                    moves.setdefault(moved, Operation("turn", (chr(97 + i), amount)))

            def led(at: tuple[int, int], moves: Mapping[tuple[int, int], Operation] = moves) -> Iterable[Any]:
                for (x, y), operation in moves.items():
                    yield operation, ((at[0] + x) % NUMBERS, (at[1] + y) % NUMBERS)

            start = (state.numbers[one], state.numbers[two])
            found = [(goal, plan) for goal, plan in breadth_first(start, led, steps).items() if len(plan) == steps]
            if found:
                (x, y), plan = rng.choice(found)
                slots: dict[str, JsonValue] = {"place": chr(97 + one), "goal": str(x)}
                slots |= {"second": chr(97 + two), "also": str(y)}
                return slots, problem(self.values(state), slots, plan)
        raise Rejected("no goal so far away")


@register(category="latent_state", version=2, stage="manim")
class DialLock(Task[Params, Life[Lock]]):
    """Dial lock: turning one dial turns others too, and the numbers are seen only once.

    What is shown
        A row of dials a, b, c … from left to right, each with a window for its number (0 to 9, after 9 comes 0), a knob that
        shows by how much it is being turned, and a plate that names the dials it turns along with itself: the same way (+)
        or the opposite way (−). The windows are open before the first turn or after the last one, drawn per clip.
    What is asked
        Which dial was turned by how much in the k-th turn, when a turn was made, how many went up or down; a number or all numbers
        at the covered end of the clip, a number after the k-th turn; how many dials changed; what further turns would lead
        to; turns that bring two dials to two numbers.
    Difficulty
        More dials, more links between them, more turns; more movements that change nothing (knobs that shake or are turned and
        let go, passing balls, cloths); shorter pauses; predictions and plans of more turns.
    Source
        New here. Coupled counters as a hidden state, in the six skills of VideoReasonBench (arXiv 2505.23359).
    """

    def simulate(self, params: Params, rng: Rng) -> Life[Lock]:
        return lived(Rules(params.dials, params.links), params, rng, idle=("shake", "feint", "ball"))

    def layout(self, episode: Life[Lock], rng: Rng) -> Layout:
        return Case(episode, rng).layout()

    def ask(self, episode: Life[Lock], layout: Layout, rng: Rng) -> Iterable[Question]:
        return asked(episode, layout, rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(Retold(), question, shown)

    def draw(self, episode: Life[Lock], layout: Layout, stage: Any, style: Style) -> None:
        draw_case(layout, stage, style)


class Retold:
    """The lock once more, as a dictionary of dials, each turn done click by click."""

    def redo(self, values: Values, operation: Operation) -> Values:
        dial, amount = operation.objects
        up = amount.startswith("+")
        for _ in range(int(amount[1:])):
            values = self._clicked(values, dial, up)
        return values

    def undo(self, values: Values, operation: Operation) -> Values:
        dial, amount = operation.objects
        return self.redo(values, Operation("turn", (dial, {"+": "-", "-": "+"}[amount[0]] + amount[1:])))

    def _clicked(self, values: Values, dial: str, up: bool) -> Values:
        after = dict(values)
        for way, name in self._turning(values, dial):
            digits = "0123456789" if up == (way == "+") else "9876543210"
            after[name] = digits[(digits.index(str(values[name])) + 1) % len(digits)]
        return after

    def _turning(self, values: Values, dial: str) -> Iterable[tuple[str, str]]:
        """The signs and names of the dials that a dial turns, itself the first."""
        return [("+", dial), *((text[0], text[1:]) for text in str(values[f"{dial} turns"]).split())]

    def fact(self, values: Values, place: str) -> str:
        return str(values[place])

    def tallied(self, operation: Operation, tally: str) -> bool:
        return operation.objects[1].startswith({"plus": "+", "minus": "-"}[tally])

    def changed(self, first: Values, last: Values) -> int:
        return sum(first[name] != last[name] for name in first)

    def whole(self, values: Values, question: Question) -> JsonValue:
        return [[values[name] for name in values if len(name) == 1]]

    def plan(self, values: Values, question: Question) -> JsonValue:
        """Turns may be made in any order, so plans are searched in one order only."""
        slots = question.slots
        one, two = str(slots["place"]), str(slots["second"])
        moves: dict[tuple[int, int], Operation] = {}
        for name in (name for name in values if len(name) == 1):
            ways = {other: int(f"{way}1") for way, other in self._turning(values, name)}
            for amount in AMOUNTS:
                moved = (int(amount) * ways.get(one, 0), int(amount) * ways.get(two, 0))
                if moved != (0, 0):
                    moves.setdefault(moved, Operation("turn", (name, amount)))
        listed = [*moves.items()]

        def steps(at: Lacking) -> Iterable[tuple[Operation, Lacking]]:
            for i in range(at.turn, len(listed)):
                (x, y), operation = listed[i]
                yield operation, Lacking((at.one - x) % NUMBERS, (at.two - y) % NUMBERS, i)

        def least(at: Lacking) -> int:
            return max((min(left, NUMBERS - left) + 1) // 2 for left in at[:2])

        lacking = [int(str(slots[goal])) - int(str(values[name])) for name, goal in ((one, "goal"), (two, "also"))]
        start = Lacking(lacking[0] % NUMBERS, lacking[1] % NUMBERS, 0)
        plan = deepening(start, lambda at: at[:2] == (0, 0), steps, least)
        return problem(values, slots, plan).model_dump(mode="json")


def plate(row: Iterable[int], own: int) -> str:
    """What the plate of a dial says: ``+b -d``."""
    return " ".join(f"{SIGNS[way]}{chr(97 + j)}" for j, way in enumerate(row) if way and j != own)


def problem(values: Values, goal: Mapping[str, JsonValue], plan: Iterable[Operation]) -> PlanProblem:
    """The plan problem "this dial at this number, and that dial at that"."""
    dials = tuple(name for name in values if len(name) == 1)
    initial: Values = {f"dial({name})": values[name] for name in dials}
    for name in dials:
        turned = {text[1:]: text[0] for text in str(values[f"{name} turns"]).split()} | {name: "+"}
        initial |= {f"link({name}, {other})": turned.get(other, "0") for other in dials}
    for way, sign in SIGNS.items():
        for amount in AMOUNTS:
            for number in range(NUMBERS):
                initial[f"turned({sign}, {amount}, {number})"] = str((number + way * int(amount)) % NUMBERS)
    return PlanProblem(
        initial=initial,
        operators=(
            Operator(
                name="turn",
                parameters={"?dial": dials, "?by": AMOUNTS},
                does=tuple(
                    Effect(
                        action="set",
                        term=f"dial({name})",
                        value=f"turned(link(?dial, {name}), ?by, dial({name}))",
                    )
                    for name in dials
                ),
            ),
        ),
        goal=(
            Condition(term=f"dial({goal['place']})", value=str(goal["goal"])),
            Condition(term=f"dial({goal['second']})", value=str(goal["also"])),
        ),
        solution=tuple(map(str, plan)),
    )
