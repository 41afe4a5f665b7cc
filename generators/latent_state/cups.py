"""Coins under cups: the cups trade places, and the coins have to be followed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations, count, pairwise, permutations
from operator import eq
from typing import Any, ClassVar, Literal, Self

from pydantic import JsonValue, model_validator

from generators.latent_state._cup_plans import SYNTAX, problem, searched, two_swaps
from generators.latent_state._cup_table import BALL, CLOTH, COIN, CUP, CupTable
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Evidence, Integer, Question, Reasoning, State, Step, Text, Thing
from morse.schema import Plan as PlanFormat
from morse.seeding import Rng
from morse.style import Style, brightness, mix
from morse.task import Task, register

Pair = tuple[int, int]
Path = Sequence[int | Pair]
"""Swaps in some order: those of the clip by index, supposed ones by their places."""
COLOURS = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "brown")
SYMBOLS = ("star", "triangle", "square", "cross", "moon", "ring", "diamond", "heart", "arrow")
Reveal = Literal["start", "end"]
REVEALS: tuple[Reveal, ...] = ("start", "end")
DECOYS = {"wiggle": 1, "tilt": 1, "stroll": 1, "feint": 2, "ball": 0}
"""Movements that change nothing, and how many cups take part."""
CUP_COLOURS = {
    False: ("#b5533c", "#3f6f8f", "#6b7a3a", "#7a4f8a", "#8c6239", "#4d5a6b"),
    True: ("#e0a458", "#7fb3d5", "#b5c77a", "#d59ab5", "#cfcfda", "#e08f74"),
}
"""By whether the table is dark."""


KINDS: dict[str, tuple[Reasoning, str]] = {
    "swap_order": ("recall", "order"),
    "swap_number": ("recall", "order"),
    "swap_count": ("recall", "counting"),
    "final_place": ("infer", "state tracking"),
    "initial_place": ("infer", "state tracking"),
    "place_after_swap": ("infer", "state tracking"),
    "moved_count": ("infer", "state comparison"),
    "after_more_swaps": ("predict", "state prediction"),
    "after_repeat": ("predict", "state prediction"),
    "without_swap": ("counterfactual", "state tracking"),
    "plan": ("predict", "planning"),
}


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("cups", "coins")

    cups: int = ramp(4, per_level=1, most=16, least=4, limit=28, about="cups on the table")
    coins: int = ramp(2, per_level=0.5, most=8, least=2, limit=9, about="coins, each under another cup")
    swaps: int = ramp(4, per_level=2, least=3, about="swaps of two cups")
    decoys: int = ramp(1, per_level=1, about="movements that change nothing")
    cloths: int = ramp(0, per_level=0.25, most=3, about="cloths drawn over the table between movements")
    shown: int = ramp(0, limit=2, about="when the coins are shown: 1 at the start, 2 at the end, 0 drawn per clip")
    reveal: float = ramp(
        2.5, least=2.0, limit=60, about="seconds for which they are shown, and 0.25 more for each coin"
    )
    looks: int = ramp(4, per_level=-1, most=1, least=1, limit=4, about="different looks of cups (1: all look alike)")
    speed: float = ramp(1.0, per_level=0.03, most=1.2, least=0.25, limit=8, about="speed of the cups")
    gap: float = ramp(1.0, per_level=-0.04, most=0.6, least=0.5, limit=10, about="mean seconds between movements")

    @model_validator(mode="after")
    def _two_cups_are_empty(self) -> Self:
        if self.coins > self.cups - 2:
            raise ValueError(f"{self.coins} coins need at least {self.coins + 2} cups: two stay empty")
        return self

    @property
    def touch_counts(self) -> tuple[int, ...]:
        """How many swaps touch the place asked about: some counts around the mean, equally likely."""
        low = max(0, round(2 * self.swaps / self.cups) - 2)
        return tuple(range(low, min(low + 4, self.swaps) + 1))


@dataclass(frozen=True)
class CupsEpisode:
    """``at[k][i]``: place of coin i after k swaps. ``moves``: swaps and decoys as they are shown, with their places.

    ``number``, ``touched``: the answers aimed at for the number of a swap (if ``compared``, and the arrangements at start and
    end are compared) and for how many swaps touch a place (if not, and a coin is followed over the clip).
    """

    params: Params
    reveal: Reveal
    compared: bool
    touched: int
    number: int
    coins: tuple[tuple[str, str], ...]
    swaps: tuple[Pair, ...]
    at: tuple[tuple[int, ...], ...]
    moves: tuple[tuple[str, tuple[int, ...]], ...]


@register(category="latent_state", version=4, stage="manim", covers=("VideoReasonBench",))
class Cups(Task[Params, CupsEpisode]):
    """Shell game: coins are hidden under cups, and the cups swap places.

    What is shown
        Cups on named places (columns a, b, c … from left to right, rows 1, 2, 3 … from top to bottom). All cups are lifted
        once, before the first swap or after the last one, drawn per clip: only then the coins are seen.
    What is asked
        Which swap was the k-th, which number a swap had, how many swaps touched a place; where a coin is at the end, was at
        the start, or was after the k-th swap; how many coins changed place; where a coin would be after further swaps,
        or without one of them; which swaps bring two coins to two places.
    Difficulty
        More cups, coins and swaps; more movements that change nothing (wiggles, tilts, strolls, feints, passing balls,
        cloths); cups that look alike; shorter pauses.
    Source
        VideoReasonBench (arXiv 2505.23359), its demonstration with cups.
    """

    def simulate(self, params: Params, rng: Rng) -> CupsEpisode:
        steady, cups, coins = rng.steady("targets"), params.cups, params.coins
        reveal, compared = (
            steady.choice(REVEALS if params.shown == 0 else REVEALS[params.shown - 1 :][:1]),
            steady.chance(0.5),
        )
        touched, number = steady.choice(params.touch_counts), steady.integer(1, params.swaps)
        # Whoever saw nothing but the coins would guess that a coin stays: it does so no more often than chance has it.
        staying = steady.integer(0, 2) if compared else sum(steady.chance(1 / cups) for _ in range(2))
        swaps, final, staying = _swaps(params, rng, staying, *((None, number) if compared else (touched, None)))
        still = rng.shuffled([place for place in range(cups) if final[place] == place])
        moved = rng.shuffled([place for place in range(cups) if final[place] != place])
        asked = coins if compared else 2
        first = rng.shuffled(still[:staying] + moved[: asked - staying])
        first += rng.sample(still[staying:] + moved[asked - staying :], coins - asked)
        at = [first]
        for pair in swaps:
            at.append(_carried(at[-1], [pair]))
        kinds = tuple(zip(rng.sample(COLOURS, coins), rng.sample(SYMBOLS, coins), strict=True))
        decoys = [("cloth", 0)] * params.cloths + [rng.choice(tuple(DECOYS.items())) for _ in range(params.decoys)]
        queue, order = iter(swaps), rng.shuffled([*decoys, *[("swap", 2)] * len(swaps)])
        moves = ((kind, next(queue) if kind == "swap" else tuple(rng.sample(range(cups), n))) for kind, n in order)
        states = tuple(tuple(places) for places in at)
        return CupsEpisode(params, reveal, compared, touched, number, kinds, swaps, states, tuple(moves))

    def layout(self, episode: CupsEpisode, rng: Rng) -> Layout:
        params = episode.params
        table, at_start = CupTable(params.cups, params.speed, params.gap, params.reveal, rng), episode.reveal == "start"
        coins = [" ".join(coin) for coin in episode.coins]
        seen = episode.at[0 if at_start else -1]
        table.hide(zip(coins, seen, strict=True))
        lifted = table.reveal(coins) if at_start else (0.0, 0.0)
        events = sorted((table.show(kind, places) for kind, places in episode.moves), key=lambda event: event.start)
        if not at_start:
            lifted = table.reveal(coins, last=True)
        table.wait(1.0)
        values: list[dict[str, JsonValue]] = [
            {table.names[place]: coin for coin, place in zip(coins, at, strict=True)} for at in episode.at
        ]
        times = [0.0, *(event.end for event in events if event.kind == "swap"), table.timeline.duration]
        states = [State(start=a, end=b, values=v) for (a, b), v in zip(pairwise(times), values, strict=True)]
        states.insert(0, State(start=lifted[0], end=lifted[1], values=values[0 if at_start else -1], shown=True))
        things = list(_furniture(table.names, params.looks))
        for coin, (colour, symbol) in zip(coins, episode.coins, strict=True):
            things.append(Thing(id=coin, kind="coin", colour=colour, attributes={"symbol": symbol}))
        things += [Thing(id=name, kind=kind) for name, kind in table.passing]
        details = {"size": table.size, "places": table.names, "coins": tuple(coins)}
        return Layout(table.timeline, tuple(things), tuple(events), tuple(states), details)

    def ask(self, episode: CupsEpisode, layout: Layout, rng: Rng) -> Iterable[Question]:
        return _Questions(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        swaps = [event.objects for event in shown.events if event.kind == "swap"]
        kind, slots, seen = question.kind, question.slots, shown.states[0]
        coin, number = str(slots.get("coin")), int(str(slots.get("number", 0)))
        if kind == "swap_order":
            return list(swaps[number - 1])
        if kind == "swap_number":
            return swaps.index((str(slots["one"]), str(slots["other"]))) + 1
        if kind == "swap_count":
            return sum(slots["place"] in pair for pair in swaps)
        backwards = bool(shown.events) and shown.events[0].start < seen.start
        where = {str(name): place for place, name in seen.values.items()}
        first = {name: _followed(place, swaps[::-1]) if backwards else place for name, place in where.items()}
        if kind == "moved_count":
            return sum(_followed(place, swaps) != place for place in first.values())
        if kind == "initial_place":
            return first[coin]
        if kind == "plan":
            last = first if backwards else {name: _followed(place, swaps) for name, place in where.items()}
            return self._replanned(slots, last, [thing.id for thing in shown.objects if thing.kind == "place"])
        if kind == "without_swap":
            return _followed(first[coin], swaps[: number - 1] + swaps[number:])
        if kind == "place_after_swap":
            return _followed(where[coin], swaps[: number - 1 : -1] if backwards else swaps[:number])
        if kind == "after_repeat":
            return _followed(where[coin], swaps[:number])
        further = slots.get("further")
        return _followed(where[coin], [*swaps, *(str(pair).split(" and ") for pair in further or ())])  # type: ignore[union-attr]

    def _replanned(self, slots: Mapping[str, JsonValue], where: Mapping[str, str], places: list[str]) -> JsonValue:
        """The plan problem once more, from where the coins are."""
        coins, goals = (tuple(str(slots[f"{one}{part}"]) for one in ("", "other_")) for part in ("coin", "goal"))
        plan = searched((where[coins[0]], where[coins[1]]), goals, places)
        under = {place: coin for coin, place in where.items()}
        return problem({place: under.get(place, "") for place in places}, dict(zip(goals, coins, strict=True)), plan)

    def draw(self, episode: CupsEpisode, layout: Layout, stage: Any, style: Style) -> None:
        from manim import Circle, Ellipse, RoundedRectangle, VGroup

        from morse.stage.lettering import lettering
        from morse.stage.shapes import CUP_FORMS, coin, cup, soft_shadow, striped

        size = layout.details["size"]
        top = style.pick(
            "table", (style.panel, mix(style.panel, style.accent, 0.2), mix(style.panel, style.muted, 0.3))
        )
        edge = mix(top, style.ink, 0.4)
        frame = {"fill_color": top, "fill_opacity": 1, "stroke_color": edge, "stroke_width": 3 * style.line}
        stage.backdrop(RoundedRectangle(width=15.7, height=8.7, corner_radius=2 * style.corner, **frame))
        plate = {"fill_color": mix(top, style.ink, 0.13), "fill_opacity": 1, "stroke_color": edge, "stroke_width": 1.5}
        form = style.pick("cup form", CUP_FORMS)
        main = style.pick("cup colour", CUP_COLOURS[brightness(top) < 0.5])
        word = {"font": style.font, "cut": "bold", "on_line": True, "most_width": 0.48 * size}
        for thing in layout.objects:
            if thing.kind == "place":
                disc = Ellipse(1.5 * size, 0.5 * size, **plate).shift((0.23 * size, 0.0, 0.0))
                name = lettering(thing.id, 0.44 * size, style.ink, at=(-0.72 * size, 0.0), **word)
                stage.add(thing.id, VGroup(disc, name))
            elif thing.kind == "cup":
                bands = int(str(thing.attributes["look"]))
                look = cup(form, CUP[0] * size, CUP[1] * size, main, bands, mix(main, style.background, 0.75))
                stage.add(thing.id, look)
                stage.add(f"{thing.id} shadow", soft_shadow(1.5 * size, 0.5 * size).shift((0.0, -0.5 * size, 0.0)))
            elif thing.kind == "coin":
                look = coin(str(thing.attributes["symbol"]), COIN * size, style.colour(str(thing.colour)))
                stage.add(thing.id, look)
            elif thing.kind == "ball":
                stage.add(thing.id, Circle(BALL * size / 2, fill_color=style.accent, fill_opacity=1, stroke_color=edge))
            else:
                stage.add(thing.id, striped(CLOTH * size, 8.4, (style.accent, mix(style.accent, style.panel, 0.7))))


def _swaps(
    params: Params, rng: Rng, staying: int, touched: int | None, number: int | None
) -> tuple[tuple[Pair, ...], list[int], int]:
    """Swaps that fit the targets, where the cup of each place ends, and how many asked coins stay.

    Some place is touched ``touched`` times; swap ``number`` is the only one of its two places. No rule looks at which place
    it is, so that all places are equally likely everywhere. Where so many asked coins cannot stay beside ``touched``,
    none of them does: that gives nothing away either.
    """
    cups, asked, choice = params.cups, 2 if number is None else params.coins, rng.choice
    for attempt in range(3000):
        once = None if number is None else choice(_pairs(cups))
        swaps: list[Pair] = []
        held, last = list(range(cups)), None
        for k in range(1, params.swaps + 1):
            last = once if once and k == number else choice(_pairs(cups, once, last))
            swaps.append(last)
            one, other = last
            held[one], held[other] = held[other], held[one]
        still = sum(map(eq, held, range(cups)))
        staying = 0 if touched is not None and attempt > 400 else staying
        if staying <= still <= cups - (asked - staying):
            touches = Counter(chain.from_iterable(swaps))
            if touched is None or touched in (touches[place] for place in range(cups)):
                return tuple(swaps), _carried(range(cups), swaps), staying
    raise Rejected("no swaps that fit the targets")


@lru_cache(maxsize=64)
def _furniture(places: tuple[str, ...], looks: int) -> tuple[Thing, ...]:
    cups = (Thing(id=f"cup-{i + 1}", kind="cup", attributes={"look": i % looks}) for i in range(len(places)))
    return (*(Thing(id=name, kind="place", shape_fills_box=False) for name in places), *cups)


@lru_cache(maxsize=4096)
def _pairs(places: int, *but: Pair | None) -> tuple[Pair, ...]:
    """All pairs of so many places, but some."""
    return tuple(pair for pair in combinations(range(places), 2) if pair not in but)


def _carried(places: Sequence[int], swaps: Iterable[Pair]) -> list[int]:
    """Where the cups of some places end after swaps."""
    held = {place: i for i, place in enumerate(places)}
    for one, other in swaps:
        held[one], held[other] = held.get(other, -1), held.get(one, -1)
    ends = {i: place for place, i in held.items()}
    return [ends[i] for i in range(len(places))]


def _followed(place: str, swaps: Iterable[Sequence[str]]) -> str:
    """Where a coin gets from a place, swap by swap."""
    for one, other in swaps:
        if place in (one, other):
            place = other if place == one else one
    return place


class _Questions:
    """The questions of one clip."""

    def __init__(self, episode: CupsEpisode, layout: Layout, rng: Rng) -> None:
        self.episode, self.rng = episode, rng
        self.names, self.coins = layout.details["places"], layout.details["coins"]
        self.swaps, self.every = episode.swaps, range(len(episode.swaps))
        self.seen = episode.at[0 if episode.reveal == "start" else -1]
        self.events = [event for event in layout.events if event.kind == "swap"]
        shown, looks = layout.states[0], [(event, event.values["cups"]) for event in self.events]
        self.shown_at = shown.start
        self.open = Evidence(start=shown.start, end=shown.end, objects=self.coins)
        self.looks = [Evidence(start=e.start, end=e.end, objects=tuple(c)) for e, c in looks]  # type: ignore[arg-type]
        self.distinct = episode.params.looks == len(self.names)
        self.glances = [Step(kind="perceive", claim=event.claim, time=event.end) for event in self.events]
        # A swap must be looked at in its middle third, where no feint gets: 3.6 looks a swap make sure of that.
        self.min_fps = max(2.0, round(3.6 / min(event.end - event.start for event in self.events), 1))

    def all(self) -> Iterable[Question]:
        yield self.swap_order(self.rng)
        yield self.place_after_swap()
        yield self.without_swap()
        if self.episode.reveal == "end":
            yield self.after_repeat()
        if self.episode.compared:
            yield self.swap_number()
            yield self.moved_count()
            yield self.plan()
            return
        yield self.swap_count(self.rng)
        yield self.place_over_clip()
        if self.episode.reveal == "start":
            yield self.after_more_swaps(self.rng)
        yield self.plan()

    def swap_order(self, rng: Rng) -> Question:
        k = rng.integer(1, len(self.swaps))
        near: list[Sequence[int]] = [self.swaps[i] for i in (k - 2, k) if i in self.every]
        near += [sorted(places) for kind, places in self.episode.moves if kind == "feint"]
        others = (rng.choice(_pairs(len(self.names))) for _ in count())
        pairs = (self.named(pair) for pair in chain(near, rng.shuffled(self.swaps), others))
        key = self.named(self.swaps[k - 1])
        form, letter, values = pose_choice(rng, key, pairs, wording=" and ".join)  # type: ignore[arg-type]
        steps = self.noticed(range(k), f"number {k} is {self.events[k - 1].claim}")
        return self.question("swap_order", letter, range(k), steps, {"number": k}, None, form, option_values=values)

    def swap_number(self) -> Question:
        k = self.episode.number
        one, other = self.named(self.swaps[k - 1])
        steps = self.noticed(range(k), f"{self.events[k - 1].claim} is number {k}")
        numbers = range(1, len(self.swaps) + 1)
        return self.question("swap_number", k, range(k), steps, {"one": one, "other": other}, numbers)

    def swap_count(self, rng: Rng) -> Question:
        touching = [[k for k in self.every if place in self.swaps[k]] for place in range(len(self.names))]
        wanted, counts = self.episode.touched, self.episode.params.touch_counts
        place = rng.choice([place for place, found in enumerate(touching) if len(found) == wanted])
        steps = self.noticed(touching[place], f"{wanted} swaps touch {self.names[place]}")
        return self.question("swap_count", wanted, self.every, steps, {"place": self.names[place]}, counts)

    def place_over_clip(self) -> Question:
        if self.episode.reveal == "start":
            return self.placed("final_place", 0, self.episode.at[-1][0], self.every)
        return self.placed("initial_place", 0, self.episode.at[0][0], self.every[::-1])

    def place_after_swap(self) -> Question:
        at = self.episode.at
        coin, k, place = self.drawn(
            "after swap", [(i, k, at[k][i]) for k in self.every[1:] for i in range(len(self.coins))]
        )
        if self.episode.reveal == "end":
            return self.placed("place_after_swap", coin, place, self.every[: k - 1 : -1], number=k)
        asked_at = round(self.events[k - 1].end + 0.3, 3)
        return self.placed("place_after_swap", coin, place, range(k), at=asked_at, number=k)

    def without_swap(self) -> Question:
        at, backwards = self.episode.at, self.episode.reveal == "end"
        ends = [(k, _carried(at[k], self.swaps[k + 1 :])) for k in self.every]
        # The coin has a part in the swap; only where it is seen at the end, it may have none, and so stay there.
        found = [(i, k, p) for k, end in ends for i, p in enumerate(end) if backwards or p != at[-1][i]]
        coin, k, place = self.drawn("without swap", found)
        others = [i for i in self.every if i != k]
        order = [*self.every[::-1], *others] if backwards else others
        return self.placed("without_swap", coin, place, order, self.every, number=k + 1)

    def moved_count(self) -> Question:
        coins, order = range(len(self.coins)), self.every[:: -1 if self.episode.reveal == "end" else 1]
        moved = sum(self.episode.at[0][i] != self.episode.at[-1][i] for i in coins)
        steps: list[Step] = []
        for i in coins:
            steps += self.followed(i, order, len(steps))
        return self.question("moved_count", moved, self.every, steps, {}, range(len(coins) - 2, len(coins) + 1))

    def after_more_swaps(self, rng: Rng) -> Question:
        further = [rng.choice(_pairs(len(self.names))) for _ in range(rng.integer(3, 5))]
        place = _carried(self.episode.at[-1], further)[1]
        words: list[JsonValue] = [" and ".join(map(str, self.named(pair))) for pair in further]
        return self.placed("after_more_swaps", 1, place, [*self.every, *further], self.every, further=words)

    def after_repeat(self) -> Question:
        ends = [(k, _carried(self.seen, self.swaps[:k])) for k in range(2, min(6, len(self.swaps)) + 1)]
        coin, k, place = self.drawn("repeat", [(i, k, p) for k, end in ends for i, p in enumerate(end)])
        return self.placed("after_repeat", coin, place, range(k), number=k)

    def plan(self) -> Question:
        """Two coins are to go to two places, from where the viewer has to work out that they are."""
        backwards = self.episode.reveal == "end"
        at, order = self.episode.at[0 if backwards else -1], self.every[:: -1 if backwards else 1]
        here = (at[0], at[1])
        ways = permutations(range(len(self.names)), 2)
        one, other = self.rng.choice([to for to in ways if to[0] != at[0] and to[1] != at[1] and to != here[::-1]])
        where, goals = [self.names[place] for place in here], (self.names[one], self.names[other])
        held = dict.fromkeys(self.names, "") | {self.names[at[i]]: coin for i, coin in enumerate(self.coins)}
        coins = self.coins[:2]
        answer = problem(held, dict(zip(goals, coins, strict=True)), two_swaps(where, goals))
        steps = self.followed(0, order)
        steps += self.followed(1, order, len(steps))
        slots: dict[str, JsonValue] = {"goal": goals[0], "other_goal": goals[1], "far": "start" if backwards else "end"}
        for prefix, coin, (colour, symbol) in zip(("", "other_"), coins, self.episode.coins, strict=False):
            slots |= {f"{prefix}coin": coin, f"{prefix}colour": colour, f"{prefix}symbol": symbol}
        return self.question("plan", answer, order, steps, slots, None, PlanFormat(syntax=SYNTAX))

    def drawn(self, purpose: str, found: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
        """One of some coins, numbers of swaps, and places of answer.

        The place is the one where the coin is seen no more often than a guess would have it.
        """
        moving = [item for item in found if item[2] != self.seen[item[0]]]
        still = [item for item in found if item[2] == self.seen[item[0]]]
        if not moving:
            raise Rejected(f"no coin moves: {purpose}")
        stays = self.rng.steady(purpose).chance(1 / len(self.names))
        return self.rng.choice(still if stays and still else moving)

    def named(self, pair: Sequence[int]) -> list[JsonValue]:
        return [self.names[place] for place in pair]

    def noticed(self, numbers: Iterable[int], conclusion: str) -> list[Step]:
        return [*concluding((self.glances[k] for k in numbers), conclusion)]

    def followed(self, coin: int, order: Path, before: int = 0) -> list[Step]:
        """The steps of a coin from where it is seen, over shown swaps (by index) and supposed ones (pairs).

        ``before``: how many steps come before these.
        """
        place, name = self.seen[coin], self.coins[coin]
        steps = [Step(kind="perceive", claim=f"at({name}, {self.names[place]})", time=self.shown_at)]
        for item in order:
            pair = self.swaps[item] if isinstance(item, int) else item
            if place in pair:
                needs = [before + len(steps) - 1]
                if isinstance(item, int):
                    needs.append(before + len(steps))
                    steps.append(self.glances[item])
                place = pair[pair[0] == place]
                steps.append(Step(kind="infer", claim=f"at({name}, {self.names[place]})", needs=tuple(needs)))
        return steps

    def placed(
        self,
        kind: str,
        coin: int,
        place: int,
        order: Path,
        watched: Path = (),
        at: float | None = None,
        **slots: JsonValue,
    ) -> Question:
        """A question for the place of a coin that is followed through ``order``; ``watched``: the swaps to be seen."""
        colour, symbol = self.episode.coins[coin]
        slots |= {"coin": self.coins[coin], "colour": colour, "symbol": symbol}
        form, steps = Text(vocabulary=self.names, noun="place"), self.followed(coin, order)
        return self.question(kind, self.names[place], watched or order, steps, slots, self.names, form, asked_at=at)

    def question(
        self,
        kind: str,
        answer: JsonValue,
        watched: Path,
        steps: Iterable[Step],
        slots: dict[str, JsonValue],
        domain: Sequence[JsonValue] | None,
        form: AnswerFormat | None = None,
        **fields: Any,
    ) -> Question:
        reasoning, skill = KINDS[kind]
        looks = [self.looks[k] for k in watched if isinstance(k, int)] + [self.open] * (reasoning != "recall")
        return Question(
            kind=kind,
            slots=slots,
            format=form or Integer(),
            answer=answer,
            domain=None if domain is None else tuple(domain),
            reasoning=reasoning,
            skills=(skill, "fast") if self.min_fps > 2 else (skill,),
            evidence=tuple(sorted(looks, key=lambda look: look.start)),
            steps=tuple(steps),
            min_frames=2 if self.distinct else max(2, len(looks)),
            min_fps=self.min_fps,
            **fields,
        )
