"""Coins under cups: the cups trade places, and the coins have to be followed."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, count, pairwise
from typing import Any, Literal, Self

from pydantic import JsonValue, model_validator

from morse import gestures
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.options import pose_choice
from morse.schema import AnswerFormat, Event, Evidence, Integer, Question, Reasoning, State, Step, Text, Thing
from morse.seeding import Rng
from morse.style import Style, brightness, mix
from morse.task import Task, register
from morse.timeline import Timeline

Pair = tuple[int, int]
COLOURS = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "brown")
SYMBOLS = ("star", "triangle", "square", "cross", "moon", "ring", "diamond", "heart", "arrow")
DECOYS = {"wiggle": 1, "tilt": 1, "stroll": 1, "feint": 2, "ball": 0}
"""Movements that change nothing, and how many cups take part."""
SWAP_SECONDS = 2.2
"""How long two neighbours take to swap at speed 1."""
CUP, COIN, BALL, CLOTH = (1.15, 1.1), 0.7, 0.5, 4.0
"""Sizes on a table of size 1, in canvas units."""
CUP_COLOURS = {
    False: ("#b5533c", "#3f6f8f", "#6b7a3a", "#7a4f8a", "#8c6239", "#4d5a6b"),
    True: ("#e0a458", "#7fb3d5", "#b5c77a", "#d59ab5", "#cfcfda", "#e08f74"),
}
"""By whether the table is dark."""


class Params(TaskParams):
    cups: int = ramp(4, per_level=1, most=16, least=4, limit=28, about="cups on the table")
    coins: int = ramp(2, per_level=0.5, most=8, least=2, limit=9, about="coins, each under another cup")
    swaps: int = ramp(4, per_level=2, least=3, about="swaps of two cups")
    decoys: int = ramp(1, per_level=1, about="movements that change nothing")
    cloths: int = ramp(0, per_level=0.25, most=3, about="cloths drawn over the table between movements")
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
    reveal: Literal["start", "end"]
    compared: bool
    touched: int
    number: int
    coins: tuple[tuple[str, str], ...]
    looks: tuple[int, ...]
    swaps: tuple[Pair, ...]
    at: tuple[tuple[int, ...], ...]
    moves: tuple[tuple[str, tuple[int, ...]], ...]


@register(category="latent_state", version=1, stage="manim", covers=("VideoReasonBench",))
class Cups(Task[Params, CupsEpisode]):
    """Shell game: coins are hidden under cups, and the cups swap places.

    What is shown
        Cups on named places (columns a, b, c … from left to right, rows 1, 2, 3 … from top to bottom). All cups are lifted
        once, before the first swap or after the last one, drawn per clip: only then the coins are seen.
    What is asked
        Which swap was the k-th, which number a swap had, how many swaps touched a place; where a coin is at the end, was at
        the start, or was after the k-th swap; how many coins changed place; where a coin would be after further swaps,
        or without one of them.
    Difficulty
        More cups, coins and swaps; more movements that change nothing (wiggles, tilts, strolls, feints, passing balls,
        cloths); cups that look alike; shorter pauses.
    Source
        VideoReasonBench (arXiv 2505.23359), its demonstration with cups; all its skills but planning.
    """

    def simulate(self, params: Params, rng: Rng) -> CupsEpisode:
        steady, cups, coins = rng.steady("targets"), params.cups, params.coins
        reveal, compared = steady.choice(("start", "end")), steady.chance(0.5)
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
        looks = tuple(rng.shuffled([i % params.looks for i in range(cups)]))
        decoys = [("cloth", 0)] * params.cloths + [rng.choice(tuple(DECOYS.items())) for _ in range(params.decoys)]
        queue, order = iter(swaps), rng.shuffled([*decoys, *[("swap", 2)] * len(swaps)])
        moves = ((kind, next(queue) if kind == "swap" else tuple(rng.sample(range(cups), n))) for kind, n in order)
        states = tuple(tuple(places) for places in at)
        return CupsEpisode(params, reveal, compared, touched, number, kinds, looks, swaps, states, tuple(moves))

    def layout(self, episode: CupsEpisode, rng: Rng) -> Layout:
        table, at_start = _Table(episode.params, rng), episode.reveal == "start"
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
        things = list(_furniture(table.names, episode.looks))
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
        if kind == "without_swap":
            return _followed(first[coin], swaps[: number - 1] + swaps[number:])
        if kind == "place_after_swap":
            return _followed(where[coin], swaps[: number - 1 : -1] if backwards else swaps[:number])
        if kind == "after_repeat":
            return _followed(where[coin], swaps[:number])
        further = slots.get("further")
        return _followed(where[coin], [*swaps, *(str(pair).split(" and ") for pair in further or ())])  # type: ignore[union-attr]

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
        word = {"font": style.font, "cut": "bold", "on_line": True, "most_width": 0.5 * size}
        for thing in layout.objects:
            if thing.kind == "place":
                disc = Ellipse(1.5 * size, 0.5 * size, **plate).shift((0.23 * size, 0.0, 0.0))
                name = lettering(thing.id, 0.44 * size, style.ink, at=(-0.76 * size, 0.0), **word)
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
    asked = 2 if number is None else params.coins
    for attempt in range(3000):
        once = None if number is None else _any_pair(rng, params.cups)
        swaps: list[Pair] = []
        while len(swaps) < params.swaps:
            pair = _any_pair(rng, params.cups)
            if once and len(swaps) + 1 == number:
                swaps.append(once)
            elif pair != once and (not swaps or pair != swaps[-1]):
                swaps.append(pair)
        final = _carried(range(params.cups), swaps)
        still = sum(end == place for place, end in enumerate(final))
        staying = 0 if touched is not None and attempt > 400 else staying
        if staying <= still <= params.cups - (asked - staying):
            touches = Counter(chain.from_iterable(swaps))
            if touched is None or any(touches[place] == touched for place in range(params.cups)):
                return tuple(swaps), final, staying
    raise Rejected("no swaps that fit the targets")


@lru_cache(maxsize=64)
def _furniture(places: tuple[str, ...], looks: tuple[int, ...]) -> tuple[Thing, ...]:
    cups = (Thing(id=f"cup-{i + 1}", kind="cup", attributes={"look": look}) for i, look in enumerate(looks))
    return (*(Thing(id=name, kind="place", shape_fills_box=False) for name in places), *cups)


def _any_pair(rng: Rng, places: int) -> Pair:
    one, other = rng.integer(0, places - 1), rng.integer(0, places - 2)
    other += other >= one
    return min(one, other), max(one, other)


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


class _Table:
    """Where the places are, and what happens on the table when."""

    def __init__(self, params: Params, rng: Rng) -> None:
        self.params, self.rng, self.timeline = params, rng, Timeline(0.0)
        columns, rows = _grid(params.cups)
        wide, high = min(14.9 / columns, 4.0), min(8.2 / rows, 3.9)
        self.step, self.size = min(wide, high), min(wide / 2.1, high / 2.05)
        self.clock = round(rng.uniform(0.5, 1.2), 3)
        self.free: dict[str, float] = {}
        """Until when each cup is moving."""
        self.passing: list[tuple[str, str]] = []
        self.names: tuple[str, ...] = ()
        self.spots: list[tuple[float, float]] = []
        for i in range(params.cups):
            x, y = (i % columns - (columns - 1) / 2) * wide, ((rows - 1) / 2 - i // columns) * high
            name, cup, flat = f"{chr(97 + i % columns)}{i // columns + 1}", f"cup-{i + 1}", 0.5 * self.size
            at, spot = (x - 0.23 * self.size, y - 0.7 * self.size), (x, y - 0.2 * self.size)
            self.timeline.add(name, at, (1.96 * self.size, flat), solid=False)
            self.timeline.add(cup, spot, (CUP[0] * self.size, CUP[1] * self.size), z=3 + i // columns)
            self.timeline.add(f"{cup} shadow", spot, (3 * flat, flat), z=1, solid=False, tracked=False)
            self.timeline.tie(f"{cup} shadow", cup)
            self.names += (name,)
            self.spots.append(spot)
        self.cup_at = [f"cup-{i + 1}" for i in range(params.cups)]

    def wait(self, seconds: float) -> None:
        """Let time pass, about so much."""
        self.clock = round(self.clock + seconds * self.rng.uniform(0.7, 1.3), 3)
        self.timeline.duration = max([self.clock, *self.free.values()])

    def hide(self, coins: Iterable[tuple[str, int]]) -> None:
        """Put coins under the cups of places; they are drawn only while the cups are up."""
        for coin, place in coins:
            at = (self.spots[place][0], self.spots[place][1] - 0.18 * self.size)
            self.timeline.add(coin, at, (COIN * self.size, COIN * self.size), z=2, round=True, solid=False, opacity=0.0)

    def reveal(self, coins: Sequence[str], last: bool = False) -> tuple[float, float]:
        """Lift all cups for a while, to the end of the clip if it is the last thing; returns when the coins lie open."""
        start = self.clock = max([self.clock, *self.free.values()])
        up, down = round(start + 0.7, 3), round(start + 3.2 + 0.25 * len(coins), 3)
        end = self.clock = down if last else round(down + 0.7, 3)
        for coin in coins:
            self.timeline.change(coin, "opacity", 1.0, start)
            self.timeline.change(coin, "opacity", float(last), end)
        for cup, (x, y) in zip(self.cup_at, self.spots, strict=True):
            self.timeline.move(cup, (x, y + 0.85 * self.size), start, up)
            self.timeline.change(f"{cup} shadow", "opacity", 0.0, start, up)
            if not last:
                self.timeline.move(cup, (x, y), down, end)
                self.timeline.change(f"{cup} shadow", "opacity", 1.0, down, end)
        self.wait(0.8)
        return up, down

    def show(self, kind: str, places: tuple[int, ...]) -> Event:
        """Show one movement as soon as its cups are free."""
        cups = [self.cup_at[place] for place in places]
        start = max([self.clock, *(self.free.get(cup, 0.0) for cup in cups)])
        if kind == "swap":
            end = self._swap(places, start)
        elif kind in ("ball", "cloth"):
            start = max([start, *self.free.values()])
            end = self._pass(kind, start)
        else:
            end = self._decoy(kind, places, start)
        self.free |= dict.fromkeys(cups, end)
        if kind not in ("wiggle", "tilt", "ball") or self.rng.chance(0.5):  # otherwise the next movement joins in
            self.clock = end
        self.wait(self.params.gap)
        objects = tuple(self.names[place] for place in places) or (self.passing[-1][0],)
        values: dict[str, JsonValue] = {"cups": list(cups)}
        return Event(id=f"{kind}@{start}", kind=kind, objects=objects, start=start, end=end, values=values)

    def _swap(self, places: tuple[int, ...], start: float) -> float:
        one, other = places
        length = math.dist(self.spots[one], self.spots[other])
        end = round(start + SWAP_SECONDS * (0.8 + 0.2 * length / self.step) / self.params.speed, 3)
        bend = min(0.3, 0.9 * self.size / length) * self.rng.choice((-1, 1))
        for cup, place in ((self.cup_at[one], other), (self.cup_at[other], one)):
            self.timeline.move(cup, self.spots[place], start, end, bend=bend)
        self.cup_at[one], self.cup_at[other] = self.cup_at[other], self.cup_at[one]
        return end

    def _decoy(self, kind: str, places: tuple[int, ...], start: float) -> float:
        end = round(start + {"feint": 2.4, "stroll": 2.0}.get(kind, 1.2) / self.params.speed, 3)
        way, line = self.rng.choice((-1, 1)), self.timeline
        for place, towards in zip(places, reversed(places), strict=True):
            cup = self.cup_at[place]
            if kind == "tilt":
                gestures.tilt(line, cup, start, end, 0.2 * way)
            elif kind == "wiggle":
                gestures.shake(line, cup, start, end, 0.14 * self.size)
            elif kind == "stroll":
                gestures.stroll(line, cup, start, end, 0.35 * self.size * way)
            else:
                reach = min(0.22 * math.dist(self.spots[place], self.spots[towards]), 0.55 * self.size)
                gestures.feint(line, cup, self.spots[towards], start, end, reach)
        return end

    def _pass(self, kind: str, start: float) -> float:
        """Let a ball or a cloth cross the table."""
        name, end = f"{kind}-{len(self.passing) + 1}", round(start + 3.0, 3)
        self.passing.append((name, kind))
        box = (CLOTH * self.size, 8.4) if kind == "cloth" else (BALL * self.size, BALL * self.size)
        out = (8.0 + box[0] / 2) * self.rng.choice((-1, 1))
        height = 0.0 if kind == "cloth" else self.rng.uniform(-3.5, 3.5)
        self.timeline.add(name, (-out, height), box, z=10 + len(self.passing), round=kind == "ball")
        self.timeline.move(name, (out, height), start, end, ease="linear")
        return end


def _grid(cups: int) -> tuple[int, int]:
    """Columns and rows for so many places: few left empty, wider than high."""
    shapes = [(-(-cups // rows), rows) for rows in range(1, 5)]
    fitting = [(columns, rows) for columns, rows in shapes if rows <= columns <= 7]
    return min(fitting, key=lambda s: s[0] * s[1] - cups + 2 * abs(math.log(s[0] / s[1] / 1.5)))


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
        self.distinct = len(set(episode.looks)) == len(self.names)
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
            return
        yield self.swap_count(self.rng)
        yield self.place_over_clip()
        if self.episode.reveal == "start":
            yield self.after_more_swaps(self.rng)

    def swap_order(self, rng: Rng) -> Question:
        k = rng.integer(1, len(self.swaps))
        near: list[Sequence[int]] = [self.swaps[i] for i in (k - 2, k) if i in self.every]
        near += [sorted(places) for kind, places in self.episode.moves if kind == "feint"]
        others = (_any_pair(rng, len(self.names)) for _ in count())
        pairs = (self.named(pair) for pair in chain(near, rng.shuffled(self.swaps), others))
        key = self.named(self.swaps[k - 1])
        form, letter, values = pose_choice(rng, key, pairs, wording=" and ".join)  # type: ignore[arg-type]
        steps = self.noticed(range(k), f"number {k} is {self.events[k - 1].claim}")
        slots: dict[str, JsonValue] = {"number": k}
        return self.question("swap_order", slots, form, letter, range(k), steps, option_values=values)

    def swap_number(self) -> Question:
        k, domain = self.episode.number, tuple(range(1, len(self.swaps) + 1))
        one, other = self.named(self.swaps[k - 1])
        steps = self.noticed(range(k), f"{self.events[k - 1].claim} is number {k}")
        return self.question("swap_number", {"one": one, "other": other}, Integer(), k, range(k), steps, domain=domain)

    def swap_count(self, rng: Rng) -> Question:
        touching = [[k for k in self.every if place in self.swaps[k]] for place in range(len(self.names))]
        wanted, domain = self.episode.touched, self.episode.params.touch_counts
        place = rng.choice([place for place, found in enumerate(touching) if len(found) == wanted])
        steps = self.noticed(touching[place], f"{wanted} swaps touch {self.names[place]}")
        slots: dict[str, JsonValue] = {"place": self.names[place]}
        return self.question("swap_count", slots, Integer(), wanted, self.every, steps, domain=domain)

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
            return self.placed("place_after_swap", coin, place, self.every[: k - 1 : -1], {"number": k})
        asked_at = round(self.events[k - 1].end + 0.3, 3)
        return self.placed("place_after_swap", coin, place, range(k), {"number": k}, asked_at=asked_at)

    def without_swap(self) -> Question:
        at, backwards = self.episode.at, self.episode.reveal == "end"
        ends = [(k, _carried(at[k], self.swaps[k + 1 :])) for k in self.every]
        # The coin has a part in the swap; only where it is seen at the end, it may have none, and so stay there.
        found = [(i, k, p) for k, end in ends for i, p in enumerate(end) if backwards or p != at[-1][i]]
        coin, k, place = self.drawn("without swap", found)
        others = [i for i in self.every if i != k]
        order = [*self.every[::-1], *others] if backwards else others
        return self.placed("without_swap", coin, place, order, {"number": k + 1}, self.every)

    def moved_count(self) -> Question:
        coins, order = range(len(self.coins)), self.every[:: -1 if self.episode.reveal == "end" else 1]
        moved = sum(self.episode.at[0][i] != self.episode.at[-1][i] for i in coins)
        steps: list[Step] = []
        for i in coins:
            steps += self.followed(i, order, len(steps))
        domain = tuple(range(len(coins) - 2, len(coins) + 1))
        return self.question("moved_count", {}, Integer(), moved, self.every, steps, domain=domain)

    def after_more_swaps(self, rng: Rng) -> Question:
        further = [_any_pair(rng, len(self.names)) for _ in range(rng.integer(3, 5))]
        place = _carried(self.episode.at[-1], further)[1]
        words: list[JsonValue] = [" and ".join(map(str, self.named(pair))) for pair in further]
        return self.placed("after_more_swaps", 1, place, [*self.every, *further], {"further": words}, self.every)

    def after_repeat(self) -> Question:
        ends = [(k, _carried(self.seen, self.swaps[:k])) for k in range(2, min(6, len(self.swaps)) + 1)]
        coin, k, place = self.drawn("repeat", [(i, k, p) for k, end in ends for i, p in enumerate(end)])
        return self.placed("after_repeat", coin, place, range(k), {"number": k})

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
        steps = [self.glances[k] for k in numbers]
        return [*steps, Step(kind="infer", claim=conclusion, needs=tuple(range(len(steps))))]

    def followed(self, coin: int, order: Iterable[int | Pair], before: int = 0) -> list[Step]:
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
        order: Sequence[int | Pair],
        more: dict[str, JsonValue] | None = None,
        watched: Sequence[int | Pair] = (),
        **fields: Any,
    ) -> Question:
        """A question for the place of a coin that is followed through ``order``; ``watched``: the swaps to be seen."""
        colour, symbol = self.episode.coins[coin]
        slots = {"coin": self.coins[coin], "colour": colour, "symbol": symbol} | (more or {})
        form, steps, answer = Text(vocabulary=self.names, noun="place"), self.followed(coin, order), self.names[place]
        return self.question(kind, slots, form, answer, watched or order, steps, domain=self.names, **fields)

    def question(
        self,
        kind: str,
        slots: dict[str, JsonValue],
        form: AnswerFormat,
        answer: JsonValue,
        watched: Iterable[Any],
        steps: Sequence[Step],
        **fields: Any,
    ) -> Question:
        reasoning, skill = KINDS[kind]
        looks = [self.looks[k] for k in watched] + [self.open] * (reasoning != "recall")
        return Question(
            kind=kind,
            slots=slots,
            format=form,
            answer=answer,
            reasoning=reasoning,
            skills=(skill, "fast") if self.min_fps > 2 else (skill,),
            evidence=tuple(sorted(looks, key=lambda look: look.start)),
            steps=tuple(steps),
            min_frames=2 if self.distinct else max(2, len(looks)),
            min_fps=self.min_fps,
            **fields,
        )


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
}
