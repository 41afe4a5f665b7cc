"""A sliding puzzle whose numbers are seen once: tiles slide into the gap, and the numbers have to be followed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.latent_state._hidden_looks import draw_passing, draw_table
from generators.latent_state._hidden_questions import asked
from generators.latent_state._hidden_replay import Values, retold
from generators.latent_state._hidden_search import breadth_first, deepening
from generators.latent_state._hidden_show import Showing
from generators.latent_state._hidden_state import HiddenParams, HiddenRules, Life, Operation, lived
from morse import gestures
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import AnswerFormat, Condition, Effect, Grid, Operator, PlanProblem, Question, Thing
from morse.seeding import Rng
from morse.style import Style, brightness, mix
from morse.task import Task, register

Board = tuple[int, ...]
"""The numbers row by row from the top, each from left to right; 0 is the gap."""
GAP = "gap"
WAYS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
OPPOSITE = {"up": "down", "down": "up", "left": "right", "right": "left"}
TILES = {
    False: ("#e9c46a", "#8fb8de", "#c8b6a6", "#a7c4a0", "#e5989b", "#cfd8dc"),
    True: ("#5b7c99", "#8a6d3b", "#4f7a5b", "#8c5a6e", "#6b6f8a", "#46606b"),
}
"""Colours of tiles, by whether the table is dark."""


class Params(HiddenParams):
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
        return _Table(episode, rng).layout()

    def ask(self, episode: Life[Board], layout: Layout, rng: Rng) -> Iterable[Question]:
        return asked(episode, layout, rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(Retold(), question, shown)

    def draw(self, episode: Life[Board], layout: Layout, stage: Any, style: Style) -> None:
        from manim import RoundedRectangle

        from morse.stage.lettering import lettering

        top, size = draw_table(stage, style), layout.details["size"]
        width, height = layout.details["board"]
        tile = style.pick("tiles", TILES[brightness(top) < 0.5])
        ink = "#1b1b1b" if brightness(tile) > 0.45 else "#f6f6f2"
        well = {"fill_color": mix(top, style.ink, 0.22), "fill_opacity": 1, "stroke_color": mix(top, style.ink, 0.5)}
        middle = layout.details["middle"]
        stage.backdrop(
            RoundedRectangle(
                width=width + 0.16, height=height + 0.16, corner_radius=0.12, stroke_width=3, **well
            ).shift(middle)
        )
        for text, at in layout.details["labels"]:
            stage.backdrop(lettering(text, 0.42, style.ink, font=style.font, cut="bold", at=at, on_line=True))
        round_ = style.pick("corners", (0.04, 0.12, 0.22)) * size
        edge = {"stroke_color": mix(tile, "#000000", 0.45), "stroke_width": 2.5 * style.line}
        look = RoundedRectangle(
            width=0.92 * size, height=0.92 * size, corner_radius=round_, fill_color=tile, fill_opacity=1, **edge
        )
        for thing in layout.objects:
            if thing.kind == "tile":
                stage.add(thing.id, look)
            elif thing.kind == "number":
                text = str(thing.attributes["number"])
                number = lettering(text, 0.55 * size, ink, font=style.font, cut="bold", most_width=0.62 * size)
                stage.add(thing.id, number)
        draw_passing(layout, stage, style)


class _Table:
    """The board in space and time."""

    def __init__(self, life: Life[Board], rng: Rng) -> None:
        assert isinstance(life.params, Params)
        rows, columns = life.params.rows, life.params.columns
        self.life, self.rng, self.rows, self.columns = life, rng, rows, columns
        self.show: Showing[Board] = Showing(life, rng)
        self.size = min(7.6 / rows, 13.0 / columns, 2.3)
        self.spots = [
            ((i % columns - (columns - 1) / 2) * self.size + 0.25, ((rows - 1) / 2 - i // columns) * self.size - 0.25)
            for i in range(rows * columns)
        ]
        # Which tile carries which number is told by neither its name nor its turn in drawing.
        first = life.walk.states[0]
        self.tile_at = rng.shuffled([f"tile-{i}" for i in range(1, rows * columns)])
        self.tile_at.insert(first.index(0), "")
        side = (0.92 * self.size, 0.92 * self.size)
        for i in sorted(range(len(first)), key=lambda place: self.tile_at[place]):
            if first[i]:
                self.show.line.add(self.tile_at[i], self.spots[i], side, z=2)
        for number, i in sorted((number, i) for i, number in enumerate(first) if number):
            name = f"number {number}"
            self.show.line.add(name, self.spots[i], (0.5 * self.size, 0.5 * self.size), z=3, solid=False, opacity=0.0)
            self.show.line.tie(name, self.tile_at[i])

    def layout(self) -> Layout:
        things = [Thing(id=f"tile-{i}", kind="tile") for i in range(1, self.rows * self.columns)]
        for number in range(1, self.rows * self.columns):
            attributes: dict[str, JsonValue] = {"number": number}
            things.append(Thing(id=f"number {number}", kind="number", attributes=attributes, shape_fills_box=False))
        self.show.play(self.reveal, self.move, {"shake": self.shake, "feint": self.feint})
        left, high = self.spots[0]
        labels = [(chr(97 + c), (self.spots[c][0], high + self.size / 2 + 0.32)) for c in range(self.columns)]
        labels += [
            (str(r + 1), (left - self.size / 2 - 0.4, self.spots[r * self.columns][1])) for r in range(self.rows)
        ]
        board = (self.columns * self.size, self.rows * self.size)
        return self.show.layout(things, size=self.size, board=board, labels=labels, middle=(0.25, -0.25, 0.0))

    def reveal(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]:
        names = (f"number {number}" for number in range(1, self.rows * self.columns))
        return self.show.fade(names, start, up, down, end)

    def move(self, operation: Operation, start: float, end: float) -> tuple[str, ...]:
        gap = self.tile_at.index("")
        target = neighbours(self.rows, self.columns)[gap][operation.objects[0]]
        tile = self.tile_at[target]
        self.show.line.move(tile, self.spots[gap], start, round(start + 0.28 * (end - start), 3))
        self.tile_at[gap], self.tile_at[target] = tile, ""
        return (tile,)

    def shake(self, start: float, end: float) -> tuple[str, ...]:
        tile = self.rng.choice([tile for tile in self.tile_at if tile])
        gestures.shake(self.show.line, tile, start, end, 0.03 * self.size)
        return (tile,)

    def feint(self, start: float, end: float) -> tuple[str, ...]:
        gap = self.tile_at.index("")
        tile = self.tile_at[self.rng.choice([*neighbours(self.rows, self.columns)[gap].values()])]
        gestures.feint(self.show.line, tile, self.spots[gap], start, end, 0.35 * self.size)
        return (tile,)


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
def neighbours(rows: int, columns: int) -> tuple[Mapping[str, int], ...]:
    """The places beside each place, by the way to them."""
    found = []
    for i in range(rows * columns):
        row, column = divmod(i, columns)
        found.append(
            {
                way: (row + down) * columns + column + across
                for way, (across, down) in WAYS.items()
                if 0 <= row + down < rows and 0 <= column + across < columns
            }
        )
    return tuple(found)


@lru_cache(maxsize=64)
def places(rows: int, columns: int) -> tuple[str, ...]:
    return tuple(f"{chr(97 + i % columns)}{i // columns + 1}" for i in range(rows * columns))


def numbers(state: Board) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, len(state)))
