"""A sliding puzzle whose numbers are seen once: tiles slide into the gap, and the numbers have to be followed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.latent_state._hidden_questions import asked
from generators.latent_state._hidden_replay import Values, retold
from generators.latent_state._hidden_search import breadth_first, deepening
from generators.latent_state._hidden_state import HiddenParams, HiddenRules, Life, Operation, lived
from generators.latent_state._tile_board import WAYS, Board, Tiles, draw_tiles, neighbours
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import AnswerFormat, Condition, Effect, Grid, Operator, PlanProblem, Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

GAP = "gap"
OPPOSITE = {"up": "down", "down": "up", "left": "right", "right": "left"}


class Params(HiddenParams):
    sized_by: ClassVar[tuple[str, ...]] = ("rows", "columns")
    rows: int = ramp(3, per_level=0.25, most=7, least=2, limit=8, about="rows of the board")
    columns: int = ramp(3, per_level=0.34, most=9, least=3, limit=12, about="columns of the board")
    operations: int = ramp(6, per_level=1.7, least=6, about="moves of the gap")
    plan: int = ramp(4, per_level=0.25, most=6, least=2, limit=8, about="least moves that a plan needs")


@dataclass(frozen=True)
class Rules(HiddenRules[Board]):
    rows: int
    columns: int
    numbered: ClassVar[bool] = False
    syntax: ClassVar[str] = "move(left)"

    def any_state(self, rng: Rng) -> Board:
        return tuple(rng.shuffled(range(self.rows * self.columns)))

    def any_operation(self, state: Board, last: Operation | None, rng: Rng, back: bool) -> Operation:
        gap, turned = state.index(0), None if last is None else OPPOSITE[last.objects[0]]
        ways = [OPPOSITE[way] if back else way for way in neighbours(self.rows, self.columns)[gap]]
        way = rng.choice(ways)
        if way == turned and len(ways) > 1 and rng.chance(0.7):  # moves that are taken back are rarer
            way = rng.choice([way for way in ways if way != turned])
        return Operation("move", (way,))

    def after(self, state: Board, operation: Operation) -> Board | None:
        gap = state.index(0)
        target = neighbours(self.rows, self.columns)[gap].get(operation.objects[0])
        if target is None:
            return None
        board = list(state)
        board[gap], board[target] = board[target], 0
        return tuple(board)

    def before(self, state: Board, operation: Operation) -> Board | None:
        return self.after(state, Operation("move", (OPPOSITE[operation.objects[0]],)))

    def values(self, state: Board) -> dict[str, JsonValue]:
        names = places(self.rows, self.columns)
        return {name: str(number) if number else GAP for name, number in zip(names, state, strict=True)}

    def facts(self, state: Board) -> Mapping[str, str]:
        names = places(self.rows, self.columns)
        return {name: str(number) for name, number in zip(names, state, strict=True) if number}

    def words(self, operation: Operation) -> str:
        return operation.objects[0]

    def tallies(self) -> Mapping[str, Callable[[Operation], bool]]:
        return {
            "left or right": lambda operation: operation.objects[0] in ("left", "right"),
            "up or down": lambda operation: operation.objects[0] in ("up", "down"),
        }

    def changed(self, one: Board, other: Board) -> int:
        return sum(b not in (a, 0) for a, b in zip(one, other, strict=True))

    def whole(self, state: Board, rng: Rng) -> tuple[dict[str, JsonValue], AnswerFormat, JsonValue]:
        words = [str(number) if number else GAP for number in state]
        rows: list[JsonValue] = [[*words[i : i + self.columns]] for i in range(0, len(words), self.columns)]
        return {}, Grid(rows=self.rows, columns=self.columns, vocabulary=(*numbers(state), GAP), noun="tile"), rows

    def plan(self, state: Board, steps: int, rng: Rng) -> tuple[dict[str, JsonValue], PlanProblem]:
        """A number that gets to a place after so many moves at the earliest."""
        names, beside = places(self.rows, self.columns), neighbours(self.rows, self.columns)
        earliest: dict[tuple[str, int], Sequence[Operation]] = {
            (name, number): () for name, number in zip(names, state, strict=True)
        }
        for board, plan in breadth_first(state, self._steps, steps).items():
            if plan:
                filled = beside[board.index(0)][OPPOSITE[plan[-1].objects[0]]]
                earliest.setdefault((names[filled], board[filled]), plan)
        found = [(fact, plan) for fact, plan in earliest.items() if len(plan) == steps]
        if not found:
            raise Rejected("no goal so far away")
        (place, number), plan = rng.choice(found)
        return {"place": place, "goal": str(number)}, problem(self.values(state), place, str(number), plan)

    def _steps(self, state: Board) -> Iterable[tuple[Operation, Board]]:
        for way in neighbours(self.rows, self.columns)[state.index(0)]:
            operation = Operation("move", (way,))
            after = self.after(state, operation)
            if after is not None:
                yield operation, after


@register(category="latent_state", version=2, stage="manim", covers=("VideoReasonBench",))
class SlidingNumber(Task[Params, Life[Board]]):
    """Sliding puzzle: numbered tiles slide into the gap, and the numbers are seen only once.

    What is shown
        A board with numbered tiles and one gap (columns a, b, c … from left to right, rows 1, 2, 3 … from top to bottom). The
        numbers are seen before the first move or after the last one, drawn per clip; otherwise all tiles look alike. In a move
        the gap trades places with a tile beside it.
    What is asked
        Which way the gap moved in the k-th move, how many moves went along a row or a column; the number at a place or the whole
        board at the covered end of the clip, the number at a place after the k-th move; how many tiles changed place; what
        further moves would lead to; moves that bring a number to a place.
    Difficulty
        A larger board, more moves; more movements that change nothing (tiles that shake or start to slide, passing balls,
        cloths); shorter pauses; predictions and plans of more moves.
    Source
        VideoReasonBench (arXiv 2505.23359), its demonstration with the sliding number puzzle.
    """

    def simulate(self, params: Params, rng: Rng) -> Life[Board]:
        return lived(Rules(params.rows, params.columns), params, rng, idle=("shake", "feint", "ball"))

    def layout(self, episode: Life[Board], rng: Rng) -> Layout:
        return Tiles(episode, rng).layout()

    def ask(self, episode: Life[Board], layout: Layout, rng: Rng) -> Iterable[Question]:
        return asked(episode, layout, rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(Retold(), question, shown)

    def draw(self, episode: Life[Board], layout: Layout, stage: Any, style: Style) -> None:
        draw_tiles(layout, stage, style)


class Retold:
    """The puzzle once more, as a dictionary of places."""

    def redo(self, values: Values, operation: Operation) -> Values:
        across, down = WAYS[operation.objects[0]]
        return _slid(values, across, down)

    def undo(self, values: Values, operation: Operation) -> Values:
        across, down = WAYS[operation.objects[0]]
        return _slid(values, -across, -down)

    def fact(self, values: Values, place: str) -> str:
        return str(values[place])

    def tallied(self, operation: Operation, tally: str) -> bool:
        return operation.objects[0] in tally.split(" or ")

    def changed(self, first: Values, last: Values) -> int:
        before = {number: place for place, number in first.items()}
        return sum(before[number] != place for place, number in last.items() if number != GAP)

    def whole(self, values: Values, question: Question) -> JsonValue:
        rows: dict[str, list[JsonValue]] = {}
        for place, number in values.items():
            rows.setdefault(place[1:], []).append(number)
        return [*rows.values()]

    def plan(self, values: Values, question: Question) -> JsonValue:
        """Only where the gap and the wanted tile are matters to the search."""
        place, number = str(question.slots["place"]), str(question.slots["goal"])
        where = {here: name for name, here in values.items()}

        def steps(at: tuple[str, str]) -> Iterable[tuple[Operation, tuple[str, str]]]:
            for way, (across, down) in WAYS.items():
                to = _beside(at[0], across, down)
                if to in values:
                    yield Operation("move", (way,)), (to, at[0] if at[1] == to else at[1])

        def least(at: tuple[str, str]) -> int:
            far = _apart(at[1], place)
            return 3 * far - 3 + _apart(*at) if far else 0

        plan = deepening((where[GAP], where[number]), lambda at: at[1] == place, steps, least)
        return problem(values, place, number, plan).model_dump(mode="json")


def _slid(values: Values, across: int, down: int) -> Values:
    """The values after the gap went so far."""
    gap = next(place for place, number in values.items() if number == GAP)
    beside = _beside(gap, across, down)
    return values | {gap: values[beside], beside: GAP}


def _beside(place: str, across: int, down: int) -> str:
    return f"{chr(ord(place[0]) + across)}{int(place[1:]) + down}"


def _apart(one: str, other: str) -> int:
    """Steps along rows and columns between two places."""
    return abs(ord(one[0]) - ord(other[0])) + abs(int(one[1:]) - int(other[1:]))


def problem(values: Values, place: str, number: str, plan: Iterable[Operation]) -> PlanProblem:
    """The plan problem "number at place"."""
    at = {f"at({name})": here for name, here in values.items()}
    gap = next(name for name, here in values.items() if here == GAP)
    return PlanProblem(
        initial={**at, "free": gap, **_ways(tuple(values))},
        operators=(
            Operator(
                name="move",
                parameters={"?way": tuple(WAYS)},
                needs=(Condition(term="beside(?way, free)", test="is not empty"),),
                does=(
                    Effect(action="set", term="at(free)", value="at(beside(?way, free))"),
                    Effect(action="set", term="at(beside(?way, free))", value=GAP),
                    Effect(action="set", term="free", value="beside(?way, free)"),
                ),
            ),
        ),
        goal=(Condition(term=f"at({place})", value=number),),
        solution=tuple(map(str, plan)),
    )


@lru_cache(maxsize=64)
def _ways(names: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for name in names:
        for way, (across, down) in WAYS.items():
            beside = _beside(name, across, down)
            if beside in names:
                found[f"beside({way}, {name})"] = beside
    return found


@lru_cache(maxsize=64)
def places(rows: int, columns: int) -> tuple[str, ...]:
    return tuple(f"{chr(97 + i % columns)}{i // columns + 1}" for i in range(rows * columns))


def numbers(state: Board) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, len(state)))
