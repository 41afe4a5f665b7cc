"""The laboratory in space and time: where everything stands, and how each kind of step moves it.

Four columns of 4 units stand side by side: balance and test tube, beaker, flask over the burner, funnel over the receiver.
"""

import math
from collections.abc import Mapping

import numpy as np

from generators.procedural._clip_moves import Moves, add_contents
from generators.procedural._laboratory_domain import Laboratory
from generators.procedural._shots import HOLD, Decoy, Shot
from morse.seeding import Rng
from morse.timeline import Timeline

SHELVES = (2.95, 1.12)
"""Where the two shelf boards' upper sides are."""
STORE = (1.0, 1.3)
BENCH = -2.75
SPOTS: Mapping[str, tuple[float, float, float, float]] = {
    "balance": (-6.7, BENCH + 0.5, 2.2, 1.0),
    "tube": (-4.75, BENCH + 1.2, 0.72, 1.9),
    "beaker": (-2.0, BENCH + 1.1, 2.3, 2.2),
    "burner": (0.95, BENCH + 0.42, 0.8, 0.84),
    "flask": (0.95, BENCH + 2.16, 1.8, 1.8),
    "thermometer": (2.2, BENCH + 1.5, 0.82, 3.0),
    "receiver": (6.0, BENCH + 0.75, 1.7, 1.5),
    "funnel": (6.0, BENCH + 2.2, 1.7, 1.16),
}
"""Centre and size of the fixed things."""
STANDS = {"tube": (-4.75, BENCH), "flask": (0.95, BENCH), "funnel": (7.2, BENCH)}
ICE = (3.2, BENCH + 0.5)
IN_ICE = (3.12, BENCH + 1.12)
LABEL = (6.0, BENCH + 0.62)
HOLDING: Mapping[str, tuple[str, float, float]] = {
    "balance": ("balance", 0.0, 0.72),
    "display": ("balance", 0.0, -0.18),
    "tube": ("tube", 0.0, 0.0),
    "beaker": ("beaker", 0.0, 0.0),
    "flask": ("flask", 0.0, 0.0),
    "receiver": ("receiver", 0.0, 0.0),
    "funnel": ("funnel", 0.0, 0.0),
    "reading": ("thermometer", 0.0, 0.0),
    "fire": ("burner", 0.0, 0.58),
}
"""What changes its look: the thing whose value it shows, and where it is, from that thing's middle."""


def shelf_places(laboratory: Laboratory, rng: Rng) -> dict[str, tuple[float, float]]:
    """Where each bottle and tub stands on the shelves (its middle)."""
    places = {}
    for column in range(4):
        here = [name for name in laboratory.stores if laboratory.column[name] == column]
        spots = [(row, x) for row in SHELVES for x in (-1.3, 0.0, 1.3)]
        for name, (row, x) in zip(here, rng.sample(spots, len(here)), strict=True):
            places[name] = (4.0 * column - 6.0 + x, row + STORE[1] / 2)
    return places


def lying_about(shot: Shot, count: int, rng: Rng) -> list[Decoy]:
    """Things in front of the bench in one clip, other ones in each, that mean nothing."""
    spots = [(4.0 * column - 6.0 + side, -3.78) for column in range(4) if shot.shows(column) for side in (-1.0, 1.0)]
    kinds = ("goggles", "notebook", "gloves", "stool", "coat")
    return [Decoy(rng.choice(kinds), x, y, rng.integer(0, 7)) for x, y in rng.sample(spots, min(count, len(spots)))]


def film_step(shot: Shot, laboratory: Laboratory, places: Mapping[str, tuple[float, float]], length: float) -> Timeline:
    """The timeline of one clip: the laboratory at rest, the step, which takes ``length`` seconds, the laboratory at rest."""
    timeline = Timeline(2 * HOLD + length)
    _set_up(timeline, shot, laboratory, places)
    _Director(timeline, shot, HOLD, length).act()
    return timeline


def _set_up(timeline: Timeline, shot: Shot, laboratory: Laboratory, places: Mapping[str, tuple[float, float]]) -> None:
    """Put everything in view where it is before the step."""
    before, shift = shot.before, shot.shift
    for name, (x, y, wide, high) in SPOTS.items():
        if shot.shows(laboratory.column[name]):
            timeline.add(name, (x + shift, y), (wide, high), z=3.0, solid=False)
    for look, (name, dx, dy) in HOLDING.items():
        if shot.shows(laboratory.column[name]):
            x, y, wide, high = SPOTS[name]
            changes = shot.after[name] != before[name]
            add_contents(timeline, look, (x + shift + dx, y + dy), (wide, high), changes=changes, z=_depth(look))
    if shot.shows(laboratory.column["label"]):
        shown = 1.0 if before["label"] == "on" else 0.0
        timeline.add(
            "label", (LABEL[0] + shift, LABEL[1]), (0.9, 0.56), z=4.0, opacity=shown, solid=False, tracked=False
        )
    if shot.shows(laboratory.column["flask"]):
        timeline.add("ice", (ICE[0] + shift, ICE[1]), (1.3, 1.0), z=3.6, solid=False, tracked=False)
    for name, (x, y) in places.items():
        if shot.shows(laboratory.column[name]):
            timeline.add(name, (x + shift, y), STORE, z=6.0, level=float(str(before[name])))


def _depth(look: str) -> float:
    """Whether what changes is in front of its thing (a reading) or behind it (what is in a glass)."""
    return 3.2 if look in ("display", "reading", "fire", "balance") else 2.0


class _Director(Moves):
    """Moves the actors of one clip through its step."""

    def act(self) -> None:
        {
            "weigh": self.weigh,
            "add": self.add,
            "pour": self.pour,
            "stir": self.stir,
            "shake": self.shake,
            "empty": self.empty,
            "light": self.switch,
            "douse": self.switch,
            "boil": self.boil,
            "cool": self.cool,
            "fit": self.fit,
            "filter": self.filter,
            "label": self.label,
        }[self.shot.kind]()

    def weigh(self) -> None:
        tub = self.shot.objects[0]
        x, y = self.timeline.place("balance", 0.0)
        self.tilt_over(tub, (x, y + 0.85), 0.95, 0.5, "grains")
        self.fill("balance", 0.45, 0.66)
        self.fill("display", 0.5, 0.56)

    def pour(self) -> None:
        bottle, vessel = self.shot.objects
        x, y = self.timeline.place(vessel, 0.0)
        high = SPOTS[vessel][3]
        self.tilt_over(bottle, (x, y + high / 2), 0.85, 0.66 + high * 0.75, "stream")
        self.fill(vessel, 0.45, 0.66)

    def tilt_over(self, name: str, top: tuple[float, float], above: float, fall: float, stream: str) -> None:
        """Take a bottle from its place, tilt it over something whose upper side is at ``top``, and put it back."""
        home, (x, y) = self.timeline.place(name, 0.0), top
        self.move(name, (x - 0.78, y + above), 0.0, 0.3)
        self.change(name, "angle", -1.9, 0.28, 0.4)
        self.timeline.change(name, "level", float(str(self.shot.after[name])), self.at(0.55))
        self.stream(stream, (x - 0.06, y + above - 0.2), y + above - 0.2 - fall, 0.4, 0.66)
        self.change(name, "angle", 0.0, 0.66, 0.76)
        self.move(name, home, 0.74, 1.0)

    def add(self) -> None:
        vessel = self.shot.objects[1]
        boat, (x, y) = "before in balance", self.timeline.place(vessel, 0.0)
        high = SPOTS[vessel][3]
        self.fill("display", 0.06, 0.12)
        self.move(boat, (x - 0.5, y + high / 2 + 0.45), 0.0, 0.35)
        self.change(boat, "angle", -1.2, 0.36, 0.5)
        self.stream("grains", (x - 0.05, y + high / 2 + 0.2), y - high * 0.3, 0.44, 0.7)
        self.fade(boat, 0.6, 0.74)
        self.fill(vessel, 0.5, 0.72)
        self.change("after in balance", "opacity", 1.0, 0.8, 0.95)

    def stir(self) -> None:
        vessel = self.shot.objects[0]
        x, y = self.timeline.place(vessel, 0.0)
        self.tool("rod", (x, y + 2.0), 2.5)
        self.move("rod", (x, y + 0.8), 0.0, 0.2)
        begin, end = self.at(0.2), self.at(0.8)
        self.timeline.follow(
            "rod", "x", lambda t: x + 0.62 * np.sin(6 * np.pi * (t - begin) / (end - begin)), begin, end
        )
        self.fill(vessel, 0.3, 0.75)
        self.move("rod", (x, y + 2.0), 0.8, 1.0)
        self.fade("rod", 0.85, 1.0)

    def shake(self) -> None:
        x, y = self.timeline.place("tube", 0.0)
        parts = ("tube", "before in tube", "after in tube")
        for name in parts:
            self.move(name, (x, y + 1.2), 0.0, 0.2)
            for i in range(6):
                a = 0.22 + 0.09 * i
                self.change(name, "angle", 0.5 if i % 2 else -0.5, a, a + 0.09)
            self.change(name, "angle", 0.0, 0.76, 0.82)
            self.move(name, (x, y), 0.82, 1.0)
        self.fill("tube", 0.4, 0.7)

    def empty(self) -> None:
        source, target = self.shot.objects
        self.tip(source, target)
        self.fill(target, 0.48, 0.7)

    def tip(self, source: str, target: str) -> None:
        """Carry a vessel over another, tilt it until it is empty, and put it back."""
        (x0, y0), (x, y) = self.timeline.place(source, 0.0), self.timeline.place(target, 0.0)
        wide, high = SPOTS[source][2:]
        top = y + SPOTS[target][3] / 2
        over = (x - high * 0.5 - 0.12, top + 0.25 + wide * 0.45)
        for name in (source, f"before in {source}"):
            self.move(name, over, 0.0, 0.35)
            self.change(name, "angle", -1.5, 0.35, 0.48)
        self.stream("stream", (x - 0.1, top + 0.35), y, 0.46, 0.68)
        self.fade(f"before in {source}", 0.5, 0.68)
        self.change(source, "angle", 0.0, 0.7, 0.8)
        self.move(source, (x0, y0), 0.78, 1.0)
        self.change(f"after in {source}", "opacity", 1.0, 0.9, 1.0)

    def switch(self) -> None:
        x, y = self.timeline.place("burner", 0.0)
        if self.shot.kind == "light":
            self.tool("match", (x + 1.3, y + 0.9), 7.0)
            self.move("match", (x + 0.42, y + 0.5), 0.1, 0.45)
            self.move("match", (x + 1.3, y + 0.9), 0.6, 0.95)
            self.fade("match", 0.85, 1.0)
            self.fill("fire", 0.42, 0.55)
        else:
            self.tool("cap", (x + 1.0, y + 1.4), 7.0)
            self.move("cap", (x, y + 0.62), 0.1, 0.45)
            self.change("before in fire", "opacity", 0.0, 0.4, 0.5)
            self.change("after in fire", "opacity", 1.0, 0.4, 0.5)
            self.move("cap", (x + 1.0, y + 1.4), 0.6, 0.95)
            self.fade("cap", 0.85, 1.0)

    def boil(self) -> None:
        x, y = self.timeline.place("flask", 0.0)
        self.fill("flask", 0.2, 0.6)
        self.fill("reading", 0.15, 0.5)
        for i in range(6):
            name, begin = f"bubble {i}", round(0.08 + 0.11 * i, 2)
            dx = 0.42 * math.sin(2.4 * i)
            self.extra(name, (x + dx, y - 0.72), 2.4)
            self.change(name, "opacity", 0.95, begin, begin + 0.06)
            self.move(name, (x + dx * 0.6, y - 0.05), begin, begin + 0.26, "linear")
            self.fade(name, begin + 0.2, begin + 0.28)
        for i, dx in enumerate((-0.16, 0.16)):
            name, begin = f"steam {i}", 0.3 + 0.2 * i
            self.extra(name, (x + dx, y + 1.0), 5.0)
            self.change(name, "opacity", 0.85, begin, begin + 0.1)
            self.move(name, (x + dx, y + 1.7), begin, begin + 0.48, "linear")
            self.fade(name, begin + 0.36, begin + 0.48)

    def cool(self) -> None:
        home, shift = self.timeline.place("flask", 0.0), self.shot.shift
        above, inside = (IN_ICE[0] + shift, home[1] + 0.2), (IN_ICE[0] + shift, IN_ICE[1])
        for name in ("flask", "before in flask", "after in flask"):
            self.move(name, above, 0.0, 0.18)
            self.move(name, inside, 0.18, 0.32)
            self.move(name, above, 0.68, 0.82)
            self.move(name, home, 0.82, 1.0)
        self.fill("flask", 0.34, 0.64)
        self.fill("reading", 0.34, 0.6)

    def fit(self) -> None:
        x, y = self.timeline.place("funnel", 0.0)
        self.tool("paper", (x + 0.9, y + 1.9), 7.0)
        self.move("paper", (x, y + 0.55), 0.1, 0.6)
        self.fade("paper", 0.6, 0.75)
        self.fill("funnel", 0.55, 0.75)

    def filter(self) -> None:
        x, y = self.timeline.place("funnel", 0.0)
        self.tip("flask", "funnel")
        self.fill("funnel", 0.5, 0.7)
        self.fill("reading", 0.75, 0.95)
        self.stream("drops", (x, y - 0.5), self.timeline.place("receiver", 0.0)[1] - 0.3, 0.52, 0.84)
        self.fill("receiver", 0.55, 0.84)

    def label(self) -> None:
        x, y = self.timeline.place("label", 0.0)
        self.timeline.actors["label"].channels["x"].first = round(x + 1.5, 6)
        self.timeline.actors["label"].channels["y"].first = round(y + 2.6, 6)
        self.change("label", "opacity", 1.0, 0.02, 0.15)
        self.move("label", (x, y), 0.15, 0.8)
