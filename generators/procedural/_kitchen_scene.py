"""The kitchen in space and time: where everything stands, and how each kind of step moves it.

Four columns of 4 units stand side by side: board, bowl, stove, oven. A clip shows all of them or some neighbours, centred.
"""

import math
from collections.abc import Mapping

import numpy as np

from generators.procedural._clip_moves import Moves, add_contents
from generators.procedural._kitchen_domain import Kitchen, jar
from generators.procedural._shots import HOLD, Shot
from morse.seeding import Rng
from morse.timeline import Timeline

SHELVES = (2.78, 0.82)
"""Where the two shelf boards' upper sides are."""
COUNTER = -2.5
ITEM = (1.08, 1.42)
SPOTS: Mapping[str, tuple[float, float, float, float]] = {
    "board": (-6.0, -2.41, 3.3, 0.18),
    "bowl": (-2.0, -1.75, 2.5, 1.5),
    "stove": (2.0, -2.36, 3.0, 0.28),
    "pot": (2.0, -1.3, 2.3, 1.35),
    "baking dish": (5.05, -2.0, 1.85, 1.0),
    "plate": (7.05, -2.42, 1.75, 0.16),
    "oven": (6.0, -3.62, 3.5, 1.7),
}
"""Centre and size of the fixed things."""
FILLED = ("bowl", "pot", "baking dish", "plate")
CONTENTS: Mapping[str, tuple[float, float, float]] = {
    "bowl": (0.0, 2.5, 1.5),
    "pot": (0.0, 2.3, 1.35),
    "baking dish": (0.0, 1.85, 1.0),
    "plate": (0.62, 1.5, 1.2),
}
"""How far above its vessel's middle the picture of the contents is centred, its width and height."""
IN_OVEN = (6.0, -3.62)


def shelf_places(kitchen: Kitchen, rng: Rng) -> dict[str, tuple[float, float]]:
    """Where each jar and each fresh ingredient stands on the shelves (its middle)."""
    places = {}
    for column in range(4):
        here = [name for name in (*map(jar, kitchen.jars), *kitchen.fresh) if kitchen.column[name] == column]
        spots = [(row, x) for row in SHELVES for x in (-1.3, 0.0, 1.3)]
        for name, (row, x) in zip(here, rng.sample(spots, len(here)), strict=True):
            places[name] = (4.0 * column - 6.0 + x, row + ITEM[1] / 2)
    return places


def film_step(shot: Shot, kitchen: Kitchen, places: Mapping[str, tuple[float, float]], length: float) -> Timeline:
    """The timeline of one clip: the kitchen at rest, the step, which takes ``length`` seconds, the kitchen at rest."""
    timeline = Timeline(2 * HOLD + length)
    _furnish(timeline, shot, kitchen, places)
    _Director(timeline, shot, HOLD, length).act()
    return timeline


def _furnish(timeline: Timeline, shot: Shot, kitchen: Kitchen, places: Mapping[str, tuple[float, float]]) -> None:
    """Put everything in view where it is before the step."""
    before, shift = shot.before, shot.shift
    for name, (home_x, home_y, width, height) in SPOTS.items():
        if not shot.shows(kitchen.column[name]):
            continue
        x, y = IN_OVEN if name == "baking dish" and before["dish at"] == "oven" else (home_x, home_y)
        timeline.add(name, (x + shift, y), (width, height), z=3.0 if name in FILLED else 1.0)
        if name in FILLED:
            lift, wide, high = CONTENTS[name]
            add_contents(timeline, name, (x + shift, y + lift), (wide, high), changes=shot.after[name] != before[name])
        if name in ("stove", "oven"):
            glow = 1.0 if before[name] == "on" else 0.0
            at = (x + shift, -2.12) if name == "stove" else (x + shift, y)
            timeline.add(f"fire of {name}", at, (1, 1), z=1.2, opacity=glow, solid=False, tracked=False)
            knob = (x + shift + 1.2, -2.95) if name == "stove" else (x + shift, -2.95)
            turned = -math.pi / 2 if before[name] == "on" else 0.0
            timeline.add(f"knob of {name}", knob, (0.36, 0.36), z=1.3, angle=turned, solid=False, tracked=False)
    for name, (x, y) in places.items():
        if not shot.shows(kitchen.column[name]):
            continue
        if name.endswith(" jar"):
            timeline.add(name, (x + shift, y), ITEM, z=6.0, level=float(str(before[name])))
        elif before[name] != "used":
            at = (x, y - 0.1) if before[name] == "rack" else on_board()
            cut = 1.0 if before[name] == "chopped" else 0.0
            timeline.add(name, (at[0] + shift, at[1]), (1.2, 1.2), z=6.0, cut=cut)


def on_board() -> tuple[float, float]:
    """Where an ingredient lies on the board (its middle)."""
    x, y, _, high = SPOTS["board"]
    return x, y + high / 2 + 0.62


class _Director(Moves):
    """Moves the actors of one clip through its step."""

    def act(self) -> None:
        {
            "pour": self.pour,
            "place": self.place,
            "chop": self.chop,
            "scrape": self.scrape,
            "stir": self.stir,
            "tip": self.tip,
            "serve": self.tip,
            "light": self.turn_on,
            "heat": self.turn_on,
            "fry": self.brown,
            "bake": self.brown,
            "slide": self.slide,
            "take out": self.slide,
        }[self.shot.kind]()

    def pour(self) -> None:
        name, vessel = self.shot.objects
        home, (x, y) = self.timeline.place(name, 0.0), self.timeline.place(vessel, 0.0)
        top = y + SPOTS[vessel][3] / 2
        self.move(name, (x - 0.82, top + 0.85), 0.0, 0.3)
        self.change(name, "angle", -1.8, 0.28, 0.4)
        self.timeline.change(name, "level", float(str(self.shot.after[name])), self.at(0.55))
        self.stream("stream", (x - 0.08, top + 0.66), y - SPOTS[vessel][3] * 0.3, 0.4, 0.66)
        self.fill(vessel, 0.45, 0.66)
        self.change(name, "angle", 0.0, 0.66, 0.76)
        self.move(name, home, 0.74, 1.0)

    def place(self) -> None:
        x, y = on_board()
        self.move(self.shot.objects[0], (x + self.shot.shift, y), 0.1, 0.9)

    def chop(self) -> None:
        name = self.shot.objects[0]
        x, y = self.timeline.place(name, 0.0)
        self.tool("knife", (x + 1.3, y + 1.5), 7.0)
        self.move("knife", (x + 0.5, y + 0.75), 0.0, 0.2)
        for i in range(4):
            a = 0.2 + 0.15 * i
            self.move("knife", (x + 0.5 - 0.2 * i, y + 0.1), a, a + 0.08, "in")
            self.move("knife", (x + 0.4 - 0.2 * i, y + 0.75), a + 0.08, a + 0.15, "out")
        self.timeline.change(name, "cut", 1.0, self.at(0.51))
        self.move("knife", (x + 1.3, y + 1.5), 0.8, 1.0)
        self.fade("knife", 0.85, 1.0)

    def scrape(self) -> None:
        name, vessel = self.shot.objects
        x, y = self.timeline.place(vessel, 0.0)
        top = y + SPOTS[vessel][3] / 2
        self.move(name, (x, top + 0.9), 0.0, 0.55)
        self.move(name, (x, top - 0.35), 0.58, 0.8, "in")
        self.change(name, "scale", 0.55, 0.6, 0.8)
        self.fade(name, 0.72, 0.84)
        self.fill(vessel, 0.7, 0.88)

    def stir(self) -> None:
        vessel = self.shot.objects[0]
        x, y = self.timeline.place(vessel, 0.0)
        self.tool("whisk", (x, y + 2.2), 2.5)
        self.move("whisk", (x, y + 0.75), 0.0, 0.2)
        begin, end = self.at(0.2), self.at(0.8)
        self.timeline.follow(
            "whisk", "x", lambda t: x + 0.5 * np.sin(6 * np.pi * (t - begin) / (end - begin)), begin, end
        )
        self.fill(vessel, 0.3, 0.75)
        self.move("whisk", (x, y + 2.2), 0.8, 1.0)
        self.fade("whisk", 0.85, 1.0)

    def tip(self) -> None:
        source, target = self.shot.objects
        (x0, y0), (x, y) = self.timeline.place(source, 0.0), self.timeline.place(target, 0.0)
        width, height = SPOTS[source][2], SPOTS[source][3]
        top = y + SPOTS[target][3] / 2 + (1.0 if target == "plate" else 0.0)
        over = (x - width * 0.5 - 0.12, top + 0.55 + height * 0.35)
        carried = (source, f"before in {source}")
        for name in carried:
            self.move(name, over, 0.0, 0.35)
            self.change(name, "angle", -1.35, 0.35, 0.48)
        self.stream("stream", (x - 0.1, top + 0.5), y, 0.46, 0.68)
        self.fade(f"before in {source}", 0.5, 0.68)
        self.fill(target, 0.48, 0.7)
        self.change(source, "angle", 0.0, 0.7, 0.8)
        self.move(source, (x0, y0), 0.78, 1.0)

    def turn_on(self) -> None:
        name = self.shot.objects[0]
        self.change(f"knob of {name}", "angle", -math.pi / 2, 0.1, 0.5)
        self.change(f"fire of {name}", "opacity", 1.0, 0.5, 0.8)

    def brown(self) -> None:
        vessel = self.shot.objects[0]
        x, y = self.timeline.place(vessel, 0.0)
        self.fill(vessel, 0.15, 0.85)
        for i, dx in enumerate((-0.5, 0.15, 0.6)):
            name, begin = f"steam {i}", 0.1 + 0.12 * i
            self.extra(name, (x + dx, y + SPOTS[vessel][3] / 2 + 0.1), 5.0)
            self.change(name, "opacity", 0.8, begin, begin + 0.1)
            self.move(name, (x + dx, y + SPOTS[vessel][3] / 2 + 0.9), begin, begin + 0.6, "linear")
            self.fade(name, begin + 0.4, begin + 0.6)

    def slide(self) -> None:
        inward = self.shot.kind == "slide"
        x, y = IN_OVEN if inward else SPOTS["baking dish"][:2]
        for name in ("baking dish", "before in baking dish"):
            self.move(name, (x + self.shot.shift, y), 0.15, 0.85)
