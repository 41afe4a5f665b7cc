"""Coins go into cups, out of them and from one to another: what each cup holds is seen once and has to be followed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.latent_state._coin_retold import ROOM, Retold, problem
from generators.latent_state._coin_table import WORTHS, Cups, Table, draw_coins
from generators.latent_state._hidden_questions import asked
from generators.latent_state._hidden_replay import retold
from generators.latent_state._hidden_state import HiddenParams, HiddenRules, Life, Operation, lived
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import AnswerFormat, Multiset, PlanProblem, Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(HiddenParams):
    sized_by: ClassVar[tuple[str, ...]] = ("cups", "fill")
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
        kinds = (*(coming,) * bool(having), *((going, "move") if giving and len(having) > 1 else ()))
        if not kinds:
            raise Rejected("no cup has room")
        kind = rng.choice(kinds)
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
        return Table(episode, rng).layout()

    def ask(self, episode: Life[Cups], layout: Layout, rng: Rng) -> Iterable[Question]:
        return asked(episode, layout, rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(Retold(), question, shown)

    def draw(self, episode: Life[Cups], layout: Layout, stage: Any, style: Style) -> None:
        draw_coins(layout, stage, style)
