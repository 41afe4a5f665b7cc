"""A town in space and time: all signs at first, then one light after another."""

from collections.abc import Mapping, Sequence

from generators.planning._delivery_world import Change, Road, Town
from morse.layout import Layout
from morse.schema import Event, Evidence, State, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

WIDE, HIGH, STOP, SIGN = 13.0, 6.9, 0.88, 0.78
"""How far the outer stops are apart, and the sizes of stops and signs, in canvas units."""
FADE, GAP = 0.3, 0.55
"""Seconds for signs to come and go at first, and between two lights."""


class TownShow:
    """The clock of a clip."""

    def __init__(
        self, town: Town, first: Mapping[Road, int], changes: Sequence[Change], shown: float, lit: float, rng: Rng
    ) -> None:
        self.town, self.first, self.changes, self.shown, self.lit, self.rng = town, first, changes, shown, lit, rng
        self.line = Timeline(0.0)
        xs, ys = ([place[i] for place in town.places.values()] for i in (0, 1))
        step = (WIDE / (max(xs) - min(xs)), HIGH / (max(ys) - min(ys)))
        middle = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)
        self.stops = {
            stop: ((x - middle[0]) * step[0], (y - middle[1]) * step[1]) for stop, (x, y) in town.places.items()
        }
        numbers = rng.shuffled(range(1, len(town.roads) + 1))
        self.signs = {road: f"sign-{number}" for road, number in zip(town.roads, numbers, strict=True)}
        for stop, at in self.stops.items():
            self.line.add(f"stop-{stop}", at, (STOP, STOP), z=3, round=True)
        for road, name in self.signs.items():
            self.line.add(
                name, self.sign_at(road), (SIGN, SIGN), z=4, round=True, opacity=0.0, cost=first[road], glow=0.0
            )

    def sign_at(self, road: Road) -> tuple[float, float]:
        """The middle of a road."""
        (ax, ay), (bx, by) = (self.stops[stop] for stop in road)
        return (ax + bx) / 2, (ay + by) / 2

    def layout(self) -> Layout:
        """All signs, blank signs, lights, and a pause, so that neither signs nor a light fall on the middle of the clip."""
        rng, line = self.rng, self.line
        start = round(rng.uniform(0.6, 1.2), 3)
        up = round(start + FADE, 3)
        down = round(up + self.shown, 3)
        clock = round(down + FADE, 3)
        for name in self.signs.values():
            line.change(name, "opacity", 1.0, start, up)
            line.change(name, "opacity", 0.0, down, clock)
        seen = Evidence(start=up, end=down, objects=tuple(self.signs.values()))
        costs = {"".join(road): cost for road, cost in self.first.items()}
        events: list[Event] = []
        lights: list[Evidence] = []
        clock = round(clock + rng.uniform(0.8, 1.4), 3)
        for number, change in enumerate(self.changes):
            name, end = self.signs[change.road], round(clock + self.lit, 3)
            line.change(name, "cost", change.cost, clock)
            line.change(name, "glow", 1.0, clock)
            line.change(name, "opacity", 1.0, clock)
            line.change(name, "opacity", 0.0, end)
            events.append(
                Event(
                    id=f"light {number + 1}", kind="show", objects=(name,), start=clock, end=end,
                    values={"road": "".join(change.road), "cost": change.cost},
                )
            )  # fmt: skip
            lights.append(Evidence(start=clock, end=end, objects=(name,)))
            clock = round(end + GAP * rng.uniform(0.8, 1.3), 3)
        for _ in range(12):
            line.duration = round(clock + rng.uniform(0.4, 2.4), 3)
            if not any(look.start - FADE < line.duration / 2 < look.end + FADE for look in (seen, *lights)):
                break
        things = [Thing(id=f"stop-{stop}", kind="stop", attributes={"name": stop}) for stop in self.stops]
        things += [Thing(id=name, kind="sign", attributes={"between": list(road)}) for road, name in self.signs.items()]
        states = (State(start=up, end=down, values=dict(costs), shown=True),)
        details = {"show": self, "seen": seen, "lit": tuple(lights)}
        return Layout(line, tuple(things), tuple(events), states, details)
