"""A machine and its tokens in time and space."""

from dataclasses import dataclass
from typing import Any

from generators.abstract._rules import MOST_DOTS, Rule, Token
from morse.layout import Layout
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.timeline import WIDTH, Timeline

LARGE, SMALL = 2.5, 0.64
"""Side of a large token in canvas units, and what share of it a small one has."""
BELT, MACHINE = -2.45, (4.4, 4.3)
"""Height of the belt's upper side, and size of the machine, in canvas units."""
ENTRY, EXIT, INSIDE = -6.1, 6.1, 0.4
"""Where tokens wait, where they come to rest, and how far from the middle they turn into each other."""
LANE, PASSING = -3.75, 0.42
"""Height of the lane of tokens that pass by, and their share of a large one's size."""
FADE, TRAVEL, LAST_LOOK = 0.2, 0.5, 2.4
"""Seconds: to come up, to go into the machine or out of it; and for which the last token is there."""
CHARTS = {"shapes": -5.1, "colours": 0.45, "dots": 5.35}
"""Where the circles of shapes, colours and dots are shown."""
CHART_SIZE, CHART_HEIGHT = (5.3, 1.5), 3.45


@dataclass(frozen=True)
class Run:
    """What goes through the machine.

    ``shapes``, ``colours``: the circles, in order. ``tokens``: what goes in, the last one not seen to come out. ``after``: how
    many tokens are changed by the first of ``rules``, out of ``afters``; ``traits``: what a rule may tell tokens apart by.
    ``unlike``: how many of three tokens that are asked for would have come out otherwise.
    """

    shapes: tuple[str, ...]
    colours: tuple[str, ...]
    traits: tuple[str, ...]
    tokens: tuple[Token, ...]
    rules: tuple[Rule, Rule]
    after: int
    afters: range
    unlike: int
    decoys: int

    def rule(self, number: int) -> Rule:
        """The rule that changes a token (from 0)."""
        return self.rules[number >= self.after]

    def attributes(self, token: Token) -> dict[str, Any]:
        """What can be seen of a token."""
        return {
            "shape": self.shapes[token.shape],
            "colour": self.colours[token.colour],
            "dots": token.dots + 1,
            "size": "large" if token.large else "small",
            "plate": "round" if token.round else "square",
        }


def run_layout(run: Run, rng: Rng) -> Layout:
    """The clip: each token waits, goes in, and what comes out rests for a while; the last one stays waiting."""
    timeline, times = Timeline(0.0), rng.steady("times")
    things = [*_charts(timeline, run)]
    timeline.add("machine", (0.0, BELT + MACHINE[1] / 2 - 0.2), MACHINE, z=5)
    timeline.add("gear", (0.0, -1.15), (1.7, 1.7), z=6, round=True, solid=False, tracked=False)
    timeline.add("lamp", (1.35, 0.85), (0.8, 0.8), z=6, round=True, solid=False, opacity=0.0)
    things += [Thing(id="machine", kind="machine"), Thing(id="lamp", kind="lamp", shape_fills_box=False)]
    events: list[Event] = []
    count = len(run.tokens)
    names = [f"token {i}" for i in rng.fork("names").shuffled(range(1, count + 1))]
    products = [f"product {i}" for i in rng.fork("products").shuffled(range(1, count))]
    clock = times.uniform(1.4, 2.2)
    for number, token in enumerate(run.tokens):
        name, last = names[number], number == count - 1
        side = _add_token(timeline, things, run, name, token, ENTRY)
        timeline.change(name, "opacity", 1.0, round(clock, 3), round(clock + FADE, 3), ease="linear")
        start = clock
        if last:
            end = clock + LAST_LOOK + times.uniform(0.0, 0.4)
            events.append(_event("waits", name, start, end))
            timeline.duration = round(end, 3)
            break
        clock += FADE + times.uniform(0.75, 0.95)
        timeline.move(name, (-INSIDE, BELT + side / 2), round(clock, 3), round(clock + TRAVEL, 3))
        events.append(_event("enters", name, start, clock + TRAVEL / 2))
        clock += TRAVEL
        timeline.change(name, "opacity", 0.0, round(clock, 3))
        work = times.uniform(0.25, 0.45)
        turn = timeline.actors["gear"].channels["angle"].last
        timeline.change("gear", "angle", turn - 2.1, round(clock - 0.1, 3), round(clock + work + 0.1, 3))
        clock += work
        product = products[number]
        side = _add_token(timeline, things, run, product, run.rule(number).on(token), INSIDE)
        timeline.change(product, "opacity", 1.0, round(clock, 3))
        timeline.move(product, (EXIT, BELT + side / 2), round(clock, 3), round(clock + TRAVEL, 3))
        start, clock = clock + TRAVEL / 2, clock + TRAVEL + times.uniform(0.75, 0.95)
        timeline.change(product, "opacity", 0.0, round(clock, 3), round(clock + FADE, 3), ease="linear")
        events.append(_event("leaves", product, start, clock + FADE / 2))
        clock += FADE + times.uniform(0.05, 0.3)
    events += _decoys(timeline, things, run, rng.fork("decoys"))
    events.sort(key=lambda event: (event.start, event.id))
    change = next(event.start for event in events if event.objects == (names[run.after],))
    rules = (
        State(start=0.0, end=change, values={"rule": run.rules[0].record()}),
        State(start=change, end=timeline.duration, values={"rule": run.rules[1].record()}),
    )
    return Layout(timeline, tuple(things), tuple(events), rules, details={"tokens": names, "products": products})


def _charts(timeline: Timeline, run: Run) -> list[Thing]:
    orders: dict[str, list[Any]] = {
        "shapes": [*run.shapes], "colours": [*run.colours], "dots": [*range(1, MOST_DOTS + 1)],
    }  # fmt: skip
    for name, x in CHARTS.items():
        timeline.add(name, (x, CHART_HEIGHT), CHART_SIZE if name != "dots" else (4.3, 1.5), z=1, solid=False)
    return [
        Thing(id=name, kind="circle", attributes={"order": order}, shape_fills_box=False)
        for name, order in orders.items()
    ]


def _add_token(timeline: Timeline, things: list[Thing], run: Run, name: str, token: Token, x: float) -> float:
    """Put a token on the belt, not yet to be seen; returns its side."""
    side = LARGE * (1.0 if token.large else SMALL)
    timeline.add(name, (x, BELT + side / 2), (side, side), z=2, round=token.round, solid=False, opacity=0.0)
    things.append(Thing(id=name, kind=name.split(maxsplit=1)[0], attributes=run.attributes(token)))
    return side


def _event(kind: str, name: str, start: float, end: float) -> Event:
    return Event(id=f"{kind} {name.split()[1]}", kind=kind, objects=(name,), start=round(start, 3), end=round(end, 3))


def _decoys(timeline: Timeline, things: list[Thing], run: Run, rng: Rng) -> list[Event]:
    """About half of the decoys are flashes of the machine's lamp, the others tokens that pass below without going in."""
    events = []
    flashes = sorted(rng.uniform(0.3, timeline.duration - 1.2) for _ in range((run.decoys + 1) // 2))
    clock = 0.0
    for number, at in enumerate(flashes):
        start = round(max(at, clock), 3)
        end = round(start + 0.7, 3)
        if end >= timeline.duration:
            break
        timeline.change("lamp", "opacity", 1.0, start, round(start + 0.15, 3))
        timeline.change("lamp", "opacity", 0.0, round(end - 0.25, 3), end)
        events.append(Event(id=f"flash {number + 1}", kind="flashes", objects=("lamp",), start=start, end=end))
        clock = end + 0.2
    clock = 0.4
    for number in range(run.decoys // 2):
        start = round(clock + rng.uniform(0.2, max(0.5, 2 * (timeline.duration - 4.0) / run.decoys - 1.0)), 3)
        end = round(start + rng.uniform(3.2, 4.2), 3)
        if end >= timeline.duration:
            break
        name, way, side = f"passer {number + 1}", rng.choice((-1, 1)), PASSING * LARGE
        token = Token(rng.integer(0, 4), rng.integer(0, 4), rng.integer(0, 3), False, rng.chance(0.5))
        reach = WIDTH / 2 + side
        timeline.add(name, (-way * reach, LANE), (side, side), z=3, round=token.round, solid=False)
        timeline.move(name, (way * reach, LANE), start, end, ease="linear")
        seen = {key: value for key, value in run.attributes(token).items() if key != "size"}
        things.append(Thing(id=name, kind="passer", attributes=seen))
        events.append(Event(id=name, kind="passes", objects=(name,), start=start, end=end))
        clock = start + 1.2
    return events
