"""The workshop in space and time: the rack of parts above, four places on the bench below, and how each step moves things.

The four columns are the kitchen's: 4 units wide, side by side; a clip shows all of them or some neighbours, centred.
"""

import math
from collections.abc import Mapping

from generators.procedural._assembly_domain import BELTS, PARTS, PLACES, Workshop, ends_of, layers
from generators.procedural._shots import HOLD, Decoy, Shot
from morse.seeding import Rng
from morse.timeline import Timeline

BENCH = -3.05
"""Where the upper side of the places is."""
AXLE = -1.3
SHELVES = (3.06, 1.3)
"""Where the rack's two boards' upper sides are."""
SIZES: Mapping[str, tuple[float, float]] = {
    "foot": (1.9, 1.9),
    "wheel": (1.8, 1.8),
    "cover": (2.5, 2.3),
    "top": (1.0, 1.0),
}
ON_RACK: Mapping[str, float] = {"foot": 0.6, "wheel": 0.64, "cover": 0.47, "top": 1.05}
"""How large each kind of part is drawn on the rack."""
MOUNTED: Mapping[str, tuple[float, float]] = {
    "foot": (BENCH + 0.95, 2.0),
    "wheel": (AXLE, 3.0),
    "nut": (AXLE, 5.0),
    "cover": (AXLE, 6.0),
    "bolts": (AXLE, 7.0),
    "top": (AXLE + 1.65, 6.5),
}
"""How high the middle of each thing is when it is mounted, and what it lies in front of."""
BELT_HIGH = 0.94


def rack_places(workshop: Workshop, rng: Rng) -> dict[str, tuple[float, float]]:
    """Where each part lies on the rack (its middle)."""
    places = {}
    kinds = {name: kind for kind, names in workshop.parts.items() for name in names}
    for column in range(4):
        here = [name for name in kinds if workshop.column[name] == column]
        spots = [(row, x) for row in SHELVES for x in (-1.3, 0.0, 1.3)]
        for name, (row, x) in zip(here, rng.sample(spots, len(here)), strict=True):
            kind = kinds[name]
            places[name] = (_middle(column) + x, row + SIZES[kind][1] * ON_RACK[kind] / 2)
    return places


def clutter(shot: Shot, count: int, rng: Rng) -> list[Decoy]:
    """Things that stand in front of the bench in one clip, other ones in each, and mean nothing."""
    spots = [(_middle(column) + side, -3.95) for column in range(4) if shot.shows(column) for side in (-1.62, 1.62)]
    kinds = ("oil can", "mug", "spanner", "rag")
    return [Decoy(rng.choice(kinds), x, y, rng.integer(0, 7)) for x, y in rng.sample(spots, min(count, len(spots)))]


def film_step(shot: Shot, workshop: Workshop, places: Mapping[str, tuple[float, float]], length: float) -> Timeline:
    """The timeline of one clip: the bench at rest, the step, which takes ``length`` seconds, the bench at rest."""
    timeline = Timeline(2 * HOLD + length)
    _set_up(timeline, shot, workshop, places)
    _Director(timeline, shot, length).act()
    return timeline


def bolt_of(kind: str, place: str) -> str:
    """The actor that is a place's nut or its bolts."""
    return f"{kind} of {place}"


def _middle(column: int) -> float:
    return 4.0 * column - 6.0


def _set_up(timeline: Timeline, shot: Shot, workshop: Workshop, places: Mapping[str, tuple[float, float]]) -> None:
    """Put everything in view where it is before the step."""
    before, shift = shot.before, shot.shift
    at = {name: place for place in PLACES for name in layers(before, place)}
    for column, place in enumerate(PLACES):
        if shot.shows(column):
            timeline.add(place, (_middle(column) + shift, BENCH - 0.55), (2.5, 1.1), z=1.0)
    for kind in PARTS:
        for name in workshop.parts[kind]:
            free = before[name] == "rack"
            column = workshop.column[name] if free else workshop.column[at[name]]
            if not shot.shows(column):
                continue
            y, z = MOUNTED[kind]
            x, y = places[name] if free else (_middle(column), y)
            timeline.add(
                name, (x + shift, y), SIZES[kind], z=9.0 if free else z, scale=ON_RACK[kind] if free else 1.0,
                solid=kind == "wheel", round=kind == "wheel",
            )  # fmt: skip
    for column, place in enumerate(PLACES):
        for kind in ("nut", "bolts"):
            if shot.shows(column) and kind in layers(before, place):
                _add_small(timeline, kind, place, _middle(column) + shift, 1.0)
    for column, belt in enumerate(BELTS):
        left, right = shot.shows(column), shot.shows(column + 1)
        if before[belt] == "on" and (left or right):
            _add_belt(timeline, belt, column, shift, left, right, 1.0)


def _add_small(timeline: Timeline, kind: str, place: str, x: float, opacity: float) -> None:
    y, z = MOUNTED[kind]
    size = (0.6, 0.6) if kind == "nut" else (2.2, 2.3)
    timeline.add(bolt_of(kind, place), (x, y), size, z=z, opacity=opacity, solid=False, tracked=False)


def _add_belt(
    timeline: Timeline, belt: str, column: int, shift: float, left: bool, right: bool, opacity: float
) -> None:
    """A belt, or the half of it that is in view."""
    wide = (2.0 if left else 0.0) + (2.0 if right else 0.0)
    x = _middle(column) + shift + (2.0 if left and right else 1.0 if left else 3.0)
    timeline.add(
        belt, (x, AXLE), (wide, BELT_HIGH), z=4.0, opacity=opacity, solid=False, tracked=False,
        left=float(left), right=float(right),
    )  # fmt: skip


class _Director:
    """Moves the actors of one clip through its step, which takes ``length`` seconds."""

    def __init__(self, timeline: Timeline, shot: Shot, length: float) -> None:
        self.timeline, self.shot, self.length = timeline, shot, length

    def act(self) -> None:
        if self.shot.kind in PARTS:
            self.mount()
        elif self.shot.kind == "belt":
            self.lay()
        else:
            self.fasten()

    def at(self, share: float) -> float:
        """The time at which a share of the step is over."""
        return round(HOLD + round(share, 4) * self.length, 4)

    def mount(self) -> None:
        name, place = self.shot.objects
        x, y = self.timeline.place(place, 0.0)[0], MOUNTED[self.shot.kind][0]
        above = y + (0.6 if self.shot.kind != "wheel" else 0.0)
        self.timeline.move(name, (x, above), self.at(0.0), self.at(0.7))
        self.timeline.change(name, "scale", 1.0, self.at(0.05), self.at(0.65))
        self.timeline.move(name, (x, y), self.at(0.72), self.at(1.0), ease="in")

    def fasten(self) -> None:
        kind, place = self.shot.kind, self.shot.objects[0]
        x, name = self.timeline.place(place, 0.0)[0], bolt_of(kind, place)
        _add_small(self.timeline, kind, place, x, 0.0)
        y = MOUNTED[kind][0]
        self.timeline.change(name, "opacity", 1.0, self.at(0.05), self.at(0.2))
        self.timeline.change(name, "scale", 1.5, self.at(0.0))
        self.timeline.change(name, "scale", 1.0, self.at(0.2), self.at(0.5))
        reach = 0.0 if kind == "nut" else 0.98
        self.timeline.add(
            "spanner", (x + reach, y + reach), (2.6, 2.6), z=10.0, opacity=0.0, solid=False, tracked=False
        )
        self.timeline.change("spanner", "opacity", 1.0, self.at(0.4), self.at(0.5))
        for i in range(2):
            a = 0.5 + 0.22 * i
            self.timeline.change("spanner", "angle", -math.pi / 3, self.at(a), self.at(a + 0.14))
            self.timeline.change("spanner", "angle", 0.0, self.at(a + 0.14), self.at(a + 0.2))
        self.timeline.change("spanner", "opacity", 0.0, self.at(0.92), self.at(1.0))

    def lay(self) -> None:
        one, other = self.shot.objects
        belt = next(name for name in BELTS if ends_of(name) == (one, other))
        _add_belt(self.timeline, belt, BELTS.index(belt), self.shot.shift, True, True, 0.0)
        x, y = self.timeline.place(belt, 0.0)
        self.timeline.change(belt, "y", y + 1.9, self.at(0.0))
        self.timeline.change(belt, "opacity", 1.0, self.at(0.05), self.at(0.3))
        self.timeline.move(belt, (x, y), self.at(0.3), self.at(0.95))
