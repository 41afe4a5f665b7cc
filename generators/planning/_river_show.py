"""A river in space and time: banks are seen once, then signs with the rules, then a boat goes to and fro between curtains."""

from typing import Any

from pydantic import JsonValue

from generators.planning._river_rules import BANKS
from generators.planning._river_world import Voyage
from morse.errors import Rejected
from morse.layout import Layout
from morse.schema import Event, Evidence, State, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

COLUMNS, ROWS = (6.7, 5.25), (2.55, 0.85, -0.85, -2.55)
"""Where passengers stand on a bank: how far from the middle, and at which heights."""
TOKEN, BOAT, HULL = 1.2, (3.5, 1.3), -0.42
"""Size of a passenger and of the boat, and how far below the passengers' middles the boat's is, in canvas units."""
DOCK, SEATS, RIDE = 1.72, 1.06, 0.2
"""How far from the middle the boat lies, how far apart its seats are, and at which height passengers ride."""
CURTAIN, CURTAIN_AT, CARD, CARD_AT = (3.8, 8.3), 5.95, (7.6, 6.0), (0.0, 0.3)
"""Sizes and places of the curtains before the banks and of the signs."""
FADE, BOARD, SIT, COVER, CROSS, LAND, GAP = 0.4, 0.65, 0.55, 0.25, 1.2, 0.6, (0.25, 0.45)
"""Seconds for something to appear, to go on board, to sit in the boat in view, for the cover, to cross, to go on land, between acts."""
IN_VIEW, ACT = BOARD + SIT + COVER + 0.05, BOARD + SIT + COVER + CROSS + LAND
"""Seconds of an act for which those on board are seen if there is a cover, and which it takes."""
SIGNS = ("rows", "apart", "minutes")


class RiverShow:
    """The clock of a clip with a river."""

    def __init__(self, trip: Voyage, rng: Rng) -> None:
        self.trip, self.rng, self.params = trip, rng, trip.params
        self.line = Timeline(0.0)
        self.clock = round(rng.uniform(0.6, 1.1), 3)
        self.events: list[Event] = []
        self.states: list[State] = []
        self.seen: dict[str, Evidence] = {}
        """When the banks and each sign are seen."""
        self.acts: list[Evidence] = []
        """When those on board can be seen, for each crossing."""
        self.landed: list[float] = []
        """When each crossing is over."""
        self.slots = rng.shuffled([(x, y) for x in COLUMNS for y in ROWS])[: trip.rules.count]
        self.order = rng.shuffled(range(trip.rules.count))
        """Who is in front of whom, and the order on signs."""
        start = trip.states[0]
        for i in self.order:
            side = 0 if start[0] >> i & 1 else 1
            self.line.add(trip.names[i], self.slot(i, side), (TOKEN, TOKEN), z=4 + 0.1 * i, solid=False)
        self.line.add("boat", (self.dock(start[1]), RIDE + HULL), BOAT, z=3, solid=False)
        self.line.add("cover", (self.dock(start[1]), RIDE), (BOAT[0] + 0.2, 1.9), z=8, opacity=0.0, tracked=False)
        for side, name in enumerate(BANKS):
            self.line.add(f"curtain {name}", (CURTAIN_AT * (2 * side - 1), 0.05), CURTAIN, z=10, tracked=False)
        for sign in SIGNS:
            self.line.add(f"sign-{sign}", CARD_AT, CARD, z=20, opacity=0.0)

    def slot(self, passenger: int, side: int) -> tuple[float, float]:
        """Where a passenger stands on a bank."""
        x, y = self.slots[passenger]
        return x * (2 * side - 1), y

    def dock(self, side: int) -> float:
        return DOCK * (2 * side - 1)

    def seats(self, load: int, x: float) -> dict[int, tuple[float, float]]:
        """Where those on board sit, for a boat at ``x``."""
        aboard = [i for i in self.order if load >> i & 1]
        return {i: (x + (n - (len(aboard) - 1) / 2) * SEATS, RIDE) for n, i in enumerate(aboard)}

    def layout(self) -> Layout:
        """The banks, the signs in any order, then all acts."""
        trip = self.trip
        self._banks()
        for sign in self.rng.shuffled(SIGNS):
            self._sign(sign)
        self._wait(0.2, 0.6)
        gaps = [self.rng.uniform(*GAP) for _ in trip.acts]
        rest, hidden = self._rest(gaps)
        number = 0
        for place, (act, gap) in enumerate(zip(trip.acts, gaps, strict=True)):
            state, covered = trip.states[number], trip.covers[place] or place == hidden
            if act > 0:
                self._cross(act, state[1], covered)
                number += 1
            else:
                self._turn(-act, state[1], covered)
            self.clock = round(self.clock + gap, 3)
        self.line.duration = round(self.clock + rest, 3)
        things = [Thing(id=name, kind="passenger", shape_fills_box=False) for name in sorted(trip.names)]
        things += [Thing(id="boat", kind="boat", shape_fills_box=False)]
        things += [Thing(id=f"sign-{sign}", kind="sign", attributes={"goal": BANKS[trip.goal]}) for sign in SIGNS]
        details: dict[str, Any] = {"show": self, "seen": self.seen, "acts": self.acts, "landed": self.landed}
        return Layout(self.line, tuple(things), tuple(self.events), tuple(self.states), details)

    def _rest(self, gaps: list[float]) -> tuple[float, int]:
        """How long the clip goes on after the last act, and an act to be under cover: so that at the middle of the clip nobody is
        seen, who would be one that rows."""
        starts = [self.clock + ACT * i + sum(gaps[:i]) for i in range(len(gaps) + 1)]
        for _ in range(40):
            rest = self.rng.uniform(0.4, 3.6)
            middle = (starts[-1] + rest) / 2
            for place, start in enumerate(starts[:-1]):
                if start + IN_VIEW < middle < start + ACT:
                    return rest, place
        raise Rejected("somebody is seen at the middle of the clip")

    def _banks(self) -> None:
        """Open both curtains for a while."""
        trip, start = self.trip, self.trip.states[0]
        up, down = self._shown([f"curtain {name}" for name in BANKS], 0.0)
        values: dict[str, JsonValue] = {
            bank: " ".join(sorted(trip.named(trip.rules.bank(start, side)))) for side, bank in enumerate(BANKS)
        }
        self.states.append(State(start=up, end=down, values=values | {"boat": BANKS[start[1]]}, shown=True))
        self.seen["banks"] = Evidence(start=up, end=down, objects=(*sorted(trip.names), "boat"))

    def _sign(self, sign: str) -> None:
        """Show one of the signs for a while."""
        trip, rules = self.trip, self.trip.rules
        up, down = self._shown([f"sign-{sign}"], 1.0)
        values: dict[str, JsonValue]
        if sign == "rows":
            values = {"rows": " ".join(sorted(trip.named(rules.rowers))), "seats": rules.seats, "to": BANKS[trip.goal]}
        elif sign == "apart":
            values = {"apart": ", ".join(" ".join(sorted(trip.named(pair))) for pair in rules.pairs)}
        else:
            values = {"minutes": dict(sorted(zip(trip.names, trip.minutes, strict=True)))}
        self.states.append(State(start=up, end=down, values=values, shown=True))
        self.seen[sign] = Evidence(start=up, end=down, objects=(f"sign-{sign}",))

    def _shown(self, actors: list[str], opacity: float) -> tuple[float, float]:
        """Change the opacity of some actors for a while, and change it back."""
        start, up = self.clock, round(self.clock + FADE, 3)
        down = round(up + self.params.shown, 3)
        self.clock = round(down + FADE, 3)
        for actor in actors:
            self.line.change(actor, "opacity", opacity, start, up)
            self.line.change(actor, "opacity", 1.0 - opacity, down, self.clock)
        self._wait(0.15, 0.35)
        return up, down

    def _cross(self, load: int, side: int, covered: bool) -> None:
        """Take a load across; under a cover those on board are seen only before it is spread."""
        names, seated = self._board(load, side, covered)
        start, self.clock = self.clock, round(self.clock + CROSS, 3)
        self._sail(load, self.dock(1 - side), start, self.clock)
        event = Event(id=f"crossing {len(self.acts) + 1}", kind="cross", objects=names, start=start, end=self.clock)
        self.events.append(event)
        seen = round(start - COVER, 3) if covered else self.clock
        self.acts.append(Evidence(start=seated, end=seen, objects=(*names, "boat")))
        self._leave(load, 1 - side, covered)
        self.landed.append(self.clock)

    def _turn(self, load: int, side: int, covered: bool) -> None:
        """Set out with a load and turn back before the other bank."""
        names, _ = self._board(load, side, covered)
        start, middle, self.clock = self.clock, round(self.clock + CROSS / 2, 3), round(self.clock + CROSS, 3)
        reach = self.rng.uniform(0.35, 0.55)
        there = self.dock(side) + reach * (self.dock(1 - side) - self.dock(side))
        self._sail(load, there, start, middle)
        self._sail(load, self.dock(side), middle, self.clock)
        number = sum(event.kind == "turn" for event in self.events) + 1
        self.events.append(Event(id=f"turn {number}", kind="turn", objects=names, start=start, end=self.clock))
        self._leave(load, side, covered)

    def _board(self, load: int, side: int, covered: bool) -> tuple[tuple[str, ...], float]:
        """Let a load go on board, and spread the cover; returns who it is, and when they have sat down."""
        start, seated = self.clock, round(self.clock + BOARD, 3)
        for i, seat in self.seats(load, self.dock(side)).items():
            self.line.move(self.trip.names[i], seat, start, seated)
        self.clock = round(seated + SIT, 3)
        if covered:
            self.line.change("cover", "opacity", 1.0, self.clock, round(self.clock + COVER, 3))
        self.clock = round(self.clock + COVER, 3)
        return tuple(sorted(self.trip.named(load))), seated

    def _sail(self, load: int, x: float, start: float, end: float) -> None:
        self.line.move("boat", (x, RIDE + HULL), start, end)
        self.line.move("cover", (x, RIDE), start, end)
        for i, seat in self.seats(load, x).items():
            self.line.move(self.trip.names[i], seat, start, end)

    def _leave(self, load: int, side: int, covered: bool) -> None:
        """Let a load go on land; under the cover nobody sees it."""
        start, self.clock = self.clock, round(self.clock + LAND, 3)
        for i in self.seats(load, 0.0):
            name = self.trip.names[i]
            if covered:
                self.line.change(name, "opacity", 0.0, start)
                self.line.move(name, self.slot(i, side), start, start)
                self.line.change(name, "opacity", 1.0, start)
            else:
                self.line.move(name, self.slot(i, side), start, self.clock)
        if covered:
            self.line.change("cover", "opacity", 0.0, round(start + 0.1, 3), round(start + 0.1 + COVER, 3))

    def _wait(self, least: float, most: float) -> None:
        self.clock = round(self.clock + self.rng.uniform(least, most), 3)
