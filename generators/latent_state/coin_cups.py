"""Coins go into cups, out of them and from one to another: what each cup holds is seen once and has to be followed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.latent_state._hidden_looks import draw_passing, draw_table
from generators.latent_state._hidden_questions import asked
from generators.latent_state._hidden_replay import Values, retold
from generators.latent_state._hidden_search import deepening
from generators.latent_state._hidden_show import Showing
from generators.latent_state._hidden_state import HiddenParams, HiddenRules, Life, Operation, lived
from morse import gestures
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import AnswerFormat, Condition, Effect, Multiset, Operator, PlanProblem, Question, Thing
from morse.seeding import Rng
from morse.style import Style, brightness, mix
from morse.task import Task, register

Cups = tuple[tuple[int, ...], ...]
"""The coins in each cup, by their worth, smallest first."""
WORTHS = {1: "brown", 2: "grey", 5: "yellow", 10: "cyan", 20: "pink", 50: "green"}
"""What coins are worth, and their colours (the number stands on each)."""
ROOM = 6
"""How many coins a cup has room for."""
BODIES = ("#b5533c", "#3f6f8f", "#6b7a3a", "#7a4f8a", "#8c6239", "#4d5a6b")


class Params(HiddenParams):
    cups: int = ramp(4, per_level=0.45, most=8, least=3, limit=10, about="cups on the table")
    kinds: int = ramp(3, per_level=0.34, most=6, least=2, limit=6, about="different coins")
    fill: int = ramp(3, per_level=0.2, most=4, least=2, limit=5, about="most coins in a cup when they are shown")


@dataclass(frozen=True)
class Rules(HiddenRules[Cups]):
    cups: int
    kinds: int
    fill: int
    numbered: ClassVar[bool] = True
    syntax: ClassVar[str] = "move(5, a, b)"

    @property
    def worths(self) -> tuple[int, ...]:
        return tuple(WORTHS)[: self.kinds]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple("abcdefghij"[: self.cups])

    def any_state(self, rng: Rng) -> Cups:
        fills = (rng.integer(1, self.fill) for _ in range(self.cups))
        return tuple(tuple(sorted(rng.choice(self.worths) for _ in range(count))) for count in fills)

    def any_operation(self, state: Cups, last: Operation | None, rng: Rng, back: bool) -> Operation:
        """Looked at backwards, what came in goes out: a coin that was added must be there, one that was taken must fit."""
        giving = [cup for cup, coins in enumerate(state) if coins]
        having = [cup for cup, coins in enumerate(state) if len(coins) < ROOM]
        coming, going = ("take", "add") if back else ("add", "take")
        kind = rng.choice((*(coming,) * bool(having), *((going, "move") if giving and len(having) > 1 else ())))
        if kind == coming:
            cup = rng.choice(having)
            return Operation(kind, (str(rng.choice(self.worths)), self.names[cup]))
        source = rng.choice(giving)
        coin = str(rng.choice(sorted(set(state[source]))))
        if kind != "move":
            return Operation(kind, (coin, self.names[source]))
        target = rng.choice([cup for cup in having if cup != source])
        ends = (target, source) if back else (source, target)
        return Operation(kind, (coin, *(self.names[cup] for cup in ends)))

    def after(self, state: Cups, operation: Operation) -> Cups | None:
        worth, cups = int(operation.objects[0]), [self.names.index(name) for name in operation.objects[1:]]
        out, into = {"add": (None, cups[0]), "take": (cups[0], None), "move": (cups[0], cups[-1])}[operation.kind]
        return self.carried(state, worth, out, into)

    def before(self, state: Cups, operation: Operation) -> Cups | None:
        worth, cups = int(operation.objects[0]), [self.names.index(name) for name in operation.objects[1:]]
        out, into = {"add": (cups[0], None), "take": (None, cups[0]), "move": (cups[-1], cups[0])}[operation.kind]
        return self.carried(state, worth, out, into)

    def carried(self, state: Cups, worth: int, out: int | None, into: int | None) -> Cups | None:
        """A coin goes out of a cup and into another (``None``: it comes from outside, or goes there)."""
        cups = list(state)
        if out is not None:
            if worth not in cups[out]:
                return None
            rest = list(cups[out])
            rest.remove(worth)
            cups[out] = tuple(rest)
        if into is not None:
            if len(cups[into]) >= ROOM:
                return None
            cups[into] = tuple(sorted((*cups[into], worth)))
        return tuple(cups)

    def values(self, state: Cups) -> dict[str, JsonValue]:
        return {name: [*coins] for name, coins in zip(self.names, state, strict=True)}

    def facts(self, state: Cups) -> Mapping[str, str]:
        """What the coins in a cup are worth together."""
        return {name: str(sum(coins)) for name, coins in zip(self.names, state, strict=True)}

    def words(self, operation: Operation) -> str:
        worth, *cups = operation.objects
        ways = {"add": "into cup {0}", "take": "out of cup {0}", "move": "from cup {0} to cup {1}"}
        return f"a coin of {worth} {ways[operation.kind].format(*cups)}"

    def tallies(self) -> Mapping[str, Callable[[Operation], bool]]:
        return {name: lambda operation, name=name: name in operation.objects[1:] for name in self.names}

    def changed(self, one: Cups, other: Cups) -> int:
        return sum(a != b for a, b in zip(one, other, strict=True))

    def whole(self, state: Cups, rng: Rng) -> tuple[dict[str, JsonValue], AnswerFormat, JsonValue]:
        """All coins in a cup that holds at least two."""
        full = [cup for cup, coins in enumerate(state) if len(coins) > 1]
        if not full:
            raise Rejected("no cup with two coins")
        cup = rng.choice(full)
        form = Multiset(vocabulary=tuple(map(str, self.worths)), noun="coin")
        return {"place": self.names[cup]}, form, [str(worth) for worth in state[cup]]

    def plan(self, state: Cups, steps: int, rng: Rng) -> tuple[dict[str, JsonValue], PlanProblem]:
        """Coins that a cup is to hold, reached by moving coins between cups: each move brings it one coin or takes one away."""
        cup = rng.integer(0, self.cups - 1)
        others = [other for other in range(self.cups) if other != cup]
        out = rng.integer(0, min(steps, len(state[cup])))
        leaving = rng.sample(state[cup], out)
        elsewhere = [(worth, other) for other in others for worth in state[other] if worth not in leaving]
        if len(elsewhere) < steps - out or not (len(state[cup]) - out + steps - out):
            raise Rejected("too few coins to move")
        coming = rng.sample(elsewhere, steps - out)
        goal = Counter(state[cup]) - Counter(leaving) + Counter(worth for worth, _ in coming)
        name, plan, now = self.names[cup], list[Operation](), state
        for worth in leaving:
            room = [other for other in others if len(now[other]) < ROOM]
            if not room:
                raise Rejected("no room for a coin")
            plan.append(Operation("move", (str(worth), name, self.names[rng.choice(room)])))
            now = self.after(now, plan[-1]) or now
        plan += [Operation("move", (str(worth), self.names[other], name)) for worth, other in coming]
        wanted: list[JsonValue] = [str(worth) for worth in sorted(goal.elements())]
        if len(wanted) > ROOM:
            raise Rejected("no room for a coin")
        return {"place": name, "goal": wanted}, problem(self.values(state), name, wanted, plan)


@register(category="latent_state", version=1, stage="manim", covers=("VideoReasonBench",))
class CoinCups(Task[Params, Life[Cups]]):
    """Coins of several worths go into cups and out of them; what the cups hold is seen only once.

    What is shown
        Cups with letters, and coins with their worth on them. The cups can be looked into before the first operation or
        after the last one, drawn per clip. Coins are put into a cup, taken out of one, or moved from one to another: an arrow
        says which way the coin goes.
    What is asked
        Which operation was the k-th, which number an operation had, how many involved a cup; what the coins in a cup are worth at
        the covered end of the clip or after the k-th operation, which coins it holds; how many cups hold other coins at the
        end than at the start; what further operations would lead to; moves after which a cup holds certain coins.
    Difficulty
        More cups, more kinds of coins, more operations; more movements that change nothing (cups that shake or tilt, passing
        balls, cloths); shorter pauses; predictions and plans of more operations.
    Source
        VideoReasonBench (arXiv 2505.23359), its demonstration with coins that are added to cups and removed.
    """

    def simulate(self, params: Params, rng: Rng) -> Life[Cups]:
        rules = Rules(params.cups, params.kinds, params.fill)
        return lived(rules, params, rng, idle=("shake", "tilt", "ball"))

    def layout(self, episode: Life[Cups], rng: Rng) -> Layout:
        return _Table(episode, rng).layout()

    def ask(self, episode: Life[Cups], layout: Layout, rng: Rng) -> Iterable[Question]:
        return asked(episode, layout, rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(Retold(), question, shown)

    def draw(self, episode: Life[Cups], layout: Layout, stage: Any, style: Style) -> None:
        from manim import Arrow, Circle, RoundedRectangle, VGroup

        from morse.stage.lettering import lettering
        from morse.stage.shapes import polygon

        top = draw_table(stage, style)
        (width, height), coin = layout.details["cup"], layout.details["coin"]
        body = style.pick("body", BODIES)
        if abs(brightness(body) - brightness(top)) < 0.15:
            body = mix(body, "#ffffff", 0.45)
        glass = {"fill_color": mix(top, body, 0.12), "fill_opacity": 1, "stroke_color": body, "stroke_width": 5}
        corners = [(-0.42, -0.5), (0.42, -0.5), (0.5, 0.5), (-0.5, 0.5)]
        side = [(x * width, y * height) for x, y in corners]
        shades = [mix(body, "#000000", 0.15), mix(body, "#ffffff", 0.18), body, mix(body, "#000000", 0.25)]
        edge = {"stroke_color": mix(body, "#000000", 0.5), "stroke_width": 3}
        band = style.pick("band", (0.0, 0.1, 0.22))
        for thing in layout.objects:
            if thing.kind == "cup":
                look = [polygon(side, shades, **edge)]
                if band:
                    look.append(
                        RoundedRectangle(
                            width=0.9 * width,
                            height=band * height,
                            corner_radius=0.02,
                            fill_color=mix(body, top, 0.7),
                            fill_opacity=1,
                            stroke_width=0,
                        )
                    )
                stage.add(thing.id, VGroup(*look))
                stage.add(f"{thing.id} inside", polygon(side, glass["fill_color"], stroke_color=body, stroke_width=5))
                name = str(thing.attributes["name"])
                stage.add(
                    f"{thing.id} name", lettering(name, 0.5, style.ink, font=style.font, cut="bold", on_line=True)
                )
            elif thing.kind == "coin":
                hue = style.colour(str(thing.attributes["colour"]))
                rim = {"stroke_color": mix(hue, "#000000", 0.5), "stroke_width": 3}
                ink = "#141414" if brightness(hue) > 0.42 else "#ffffff"
                worth = lettering(str(thing.attributes["worth"]), 0.56 * coin, ink, cut="bold", most_width=0.66 * coin)
                stage.add(thing.id, VGroup(Circle(coin / 2, fill_color=hue, fill_opacity=1, **rim), worth))
            elif thing.kind == "arrow":
                across, up = (float(str(thing.attributes[side])) for side in ("across", "up"))
                start, end = (-across / 2, -up / 2, 0.0), (across / 2, up / 2, 0.0)
                arrow = Arrow(
                    start,
                    end,
                    buff=0,
                    color=style.accent,
                    stroke_width=8,
                    max_stroke_width_to_length_ratio=20,
                    max_tip_length_to_length_ratio=0.4,
                    tip_length=0.3,
                )
                stage.add(thing.id, arrow)
        draw_passing(layout, stage, style)


class _Table:
    """The cups in space and time."""

    def __init__(self, life: Life[Cups], rng: Rng) -> None:
        assert isinstance(life.rules, Rules)
        self.life, self.rng, self.names = life, rng, life.rules.names
        self.show: Showing[Cups] = Showing(life, rng)
        count = len(self.names)
        columns = count if count <= 5 else -(-count // 2)
        rows = -(-count // columns)
        wide, high = min(15.0 / columns, 3.6), 8.2 / rows if rows > 1 else 5.0
        self.cup = (min(0.72 * wide, 2.3), min(0.5 * high, 2.3))
        self.coin = min(self.cup[0] / 2.9, self.cup[1] / 2.3)
        self.spots: dict[str, tuple[float, float]] = {}
        self.things: list[Thing] = []
        line = self.show.line
        for i, name in enumerate(self.names):
            row = i // columns
            inside = min(columns, count - row * columns)
            x = (i % columns - (inside - 1) / 2) * wide
            y = ((rows - 1) / 2 - row) * high - 0.35
            self.spots[name] = (x, y)
            line.add(f"cup {name} inside", (x, y), self.cup, z=2, tracked=False, solid=False, opacity=0.0)
            line.add(f"cup {name}", (x, y), self.cup, z=6)
            line.add(f"cup {name} name", (x, y - self.cup[1] / 2 - 0.4), (0.5, 0.5), z=1, tracked=False, solid=False)
            self.things.append(Thing(id=f"cup {name}", kind="cup", attributes={"name": name}))
        for name, coins in zip(self.names, life.seen, strict=True):
            for k, worth in enumerate(coins):
                x, y = self.spots[name]
                at = (x + (k % 2 - 0.5) * 1.12 * self.coin, y + (k // 2 - 0.55) * 1.08 * self.coin)
                self._add_coin(f"coin {k + 1} in {name}", worth, at, z=4)

    def layout(self) -> Layout:
        self.show.play(self.reveal, self.carry, {"shake": self.shake, "tilt": self.tilt})
        return self.show.layout(self.things, cup=self.cup, coin=self.coin)

    def reveal(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]:
        lying = [thing.id for thing in self.things if thing.id.startswith("coin ")]
        shut = None if down is None else end  # what lies inside is there for as long as a cup is not quite closed
        self.show.fade((*lying, *(f"cup {name} inside" for name in self.names)), start, start, shut, end)
        self.show.fade((f"cup {name}" for name in self.names), start, up, down, end, to=0.0)
        return tuple(name for name in lying if " in " in name)

    def carry(self, operation: Operation, start: float, end: float) -> tuple[str, ...]:
        """A coin and an arrow that shows its way: above one cup, or from above one to above another."""
        worth, *cups = operation.objects
        lift = self.cup[1] / 2 + 0.65 * self.coin
        above = [(self.spots[cup][0], self.spots[cup][1] + lift) for cup in cups]
        number = len(self.show.events)
        coin, arrow = f"coin carried {number}", f"arrow {number}"
        high = (above[0][0], above[0][1] + 0.5 * self.coin)
        ends = {"add": (high, above[0]), "take": (above[0], high), "move": (above[0], above[-1])}[operation.kind]
        self._add_coin(coin, int(worth), ends[0], z=10)
        line = self.show.line
        if operation.kind == "move":
            x, y = ((ends[0][i] + ends[1][i]) / 2 for i in (0, 1))
            across, up = (0.86 * (ends[1][i] - ends[0][i]) for i in (0, 1))
        else:
            x, y = above[0][0] + 0.85 * self.coin, above[0][1] + 0.25 * self.coin
            across, up = 0.0, -1.1 * self.coin if operation.kind == "add" else 1.1 * self.coin
        side = (max(abs(across), 0.3), max(abs(up), 0.3))
        line.add(arrow, (x, y), side, z=9, solid=False, opacity=0.0)
        ways: dict[str, JsonValue] = {"across": round(across, 3), "up": round(up, 3)}
        self.things.append(Thing(id=arrow, kind="arrow", attributes=ways, shape_fills_box=False))
        seen, gone = round(start + 0.15, 3), round(end - 0.1, 3)
        for name in (coin, arrow):
            line.change(name, "opacity", 1.0, start, seen)
            line.change(name, "opacity", 0.0, gone, end)
        most = round(gone - 0.2, 3)  # the tip of the arrow stays in sight until the coin is nearly there
        line.move(coin, (0.5 * (ends[0][0] + ends[1][0]), 0.5 * (ends[0][1] + ends[1][1])), seen, most)
        line.move(coin, ends[1], most, gone)
        return (coin, arrow)

    def shake(self, start: float, end: float) -> tuple[str, ...]:
        cup = f"cup {self.rng.choice(self.names)}"
        gestures.shake(self.show.line, cup, start, end, 0.06 * self.cup[0])
        return (cup,)

    def tilt(self, start: float, end: float) -> tuple[str, ...]:
        cup = f"cup {self.rng.choice(self.names)}"
        gestures.tilt(self.show.line, cup, start, end, 0.08 * self.rng.choice((-1, 1)))
        return (cup,)

    def _add_coin(self, name: str, worth: int, at: tuple[float, float], z: float) -> None:
        self.show.line.add(name, at, (self.coin, self.coin), z=z, round=True, solid=False, opacity=0.0)
        self.things.append(Thing(id=name, kind="coin", attributes={"worth": worth, "colour": WORTHS[worth]}))


class Retold:
    """The cups once more, as counts of coins."""

    def redo(self, values: Values, operation: Operation) -> Values:
        return _counted(values, operation, 1)

    def undo(self, values: Values, operation: Operation) -> Values:
        return _counted(values, operation, -1)

    def fact(self, values: Values, place: str) -> str:
        return str(sum(worth * times for worth, times in _purse(values, place).items()))

    def tallied(self, operation: Operation, tally: str) -> bool:
        return tally in operation.objects[1:]

    def changed(self, first: Values, last: Values) -> int:
        return len([cup for cup in first if _purse(first, cup) != _purse(last, cup)])

    def whole(self, values: Values, question: Question) -> JsonValue:
        return [str(worth) for worth in _purse(values, str(question.slots["place"])).elements()]

    def plan(self, values: Values, question: Question) -> JsonValue:
        cup, goal = str(question.slots["place"]), question.slots["goal"]
        assert isinstance(goal, list)
        wanted = Counter(int(str(worth)) for worth in goal)

        def lacking(held: tuple[tuple[str, tuple[int, ...]], ...]) -> int:
            now = Counter(dict(held)[cup])
            return (wanted - now).total() + (now - wanted).total()

        def steps(held: tuple[tuple[str, tuple[int, ...]], ...]) -> Iterable[tuple[Operation, Any]]:
            purses = dict(held)
            for source, coins in purses.items():
                for worth in sorted(set(coins)):
                    for target, others in purses.items():
                        if target != source and cup in (source, target) and len(others) < ROOM:
                            rest = list(coins)
                            rest.remove(worth)
                            after = purses | {source: tuple(rest), target: (*others, worth)}
                            yield Operation("move", (str(worth), source, target)), tuple(after.items())

        start = tuple((name, tuple(_purse(values, name).elements())) for name in values)
        plan = deepening(start, lambda held: lacking(held) == 0, steps, lacking)
        return problem(values, cup, goal, plan).model_dump(mode="json")


def _purse(values: Values, cup: str) -> Counter[int]:
    coins = values[cup]
    assert isinstance(coins, list)
    return Counter(int(str(worth)) for worth in coins)


def _counted(values: Values, operation: Operation, way: int) -> Values:
    """The values after an operation (``way`` 1) or before it (−1)."""
    worth, *cups = operation.objects
    changes = {"add": (1,), "take": (-1,), "move": (-1, 1)}[operation.kind]
    now = dict(values)
    for cup, change in zip(cups, changes, strict=True):
        purse = _purse(values, cup)
        purse[int(worth)] += way * change
        now[cup] = [*sorted(purse.elements())]
    return now


def problem(values: Values, cup: str, goal: list[JsonValue], plan: Iterable[Operation]) -> PlanProblem:
    """The plan problem "this cup holds exactly these coins", by moves between cups."""
    cups, coins = tuple(values), tuple(map(str, WORTHS))
    held = {f"held({coin}, {name})": _purse(values, name)[int(coin)] for coin in coins for name in cups}
    sizes = {f"size_of({name})": _purse(values, name).total() for name in cups}
    steps = {f"less({n})": n - 1 for n in range(1, ROOM + 1)} | {f"more({n})": n + 1 for n in range(ROOM)}
    wanted = Counter(str(worth) for worth in goal)
    return PlanProblem(
        initial={**held, **sizes, **steps},
        operators=(
            Operator(
                name="move",
                parameters={"?coin": coins, "?from": cups, "?to": cups},
                needs=(
                    Condition(term="held(?coin, ?from)", test="is not", value=0),
                    Condition(term="?from", test="is not", value="?to"),
                    Condition(term="size_of(?to)", test="is not", value=ROOM),
                ),
                does=(
                    Effect(action="set", term="held(?coin, ?from)", value="less(held(?coin, ?from))"),
                    Effect(action="set", term="held(?coin, ?to)", value="more(held(?coin, ?to))"),
                    Effect(action="set", term="size_of(?from)", value="less(size_of(?from))"),
                    Effect(action="set", term="size_of(?to)", value="more(size_of(?to))"),
                ),
            ),
        ),
        goal=tuple(Condition(term=f"held({coin}, {cup})", value=wanted[coin]) for coin in coins),
        solution=tuple(map(str, plan)),
    )
