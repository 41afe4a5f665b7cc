"""The laundry in space and time: where each garment hangs, lies or turns, and how each kind of step moves it.

Four columns of 4 units stand side by side: pegs and baskets, machine, line over a heater, ironing board under a shelf.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from generators.procedural._clip_moves import Moves, add_contents
from generators.procedural._laundry_domain import PLACES, Laundry, held
from generators.procedural._planning import State
from generators.procedural._shots import HOLD, Decoy, Shot
from morse.seeding import Rng
from morse.timeline import Timeline

FLOOR = -3.9
PEGS, ROPES, BOARDS = (4.12, 2.78, 1.44), (4.15, 2.7, 1.25), (3.0, 1.62, 0.24)
"""Heights of the three rows of pegs, the ropes, and the shelf's boards."""
ROW, APART = 3, 1.26
"""How many garments are side by side, and how far apart."""
WINDOW = (-2.0, -2.2)
BOARD_TOP = -2.1
GARMENT = (1.6, 1.6)
SPOTS: Mapping[str, tuple[float, float, float, float]] = {
    "pegs": (-6.0, 2.2, 3.8, 4.2),
    "white basket": (-7.0, -2.4, 1.84, 3.0),
    "colour basket": (-5.0, -2.4, 1.84, 3.0),
    "machine": (-2.0, -1.85, 3.7, 4.1),
    "drawer": (-3.0, -0.19, 1.1, 0.44),
    "dial": (-0.85, -0.19, 1.0, 0.5),
    "detergent": (-2.9, 1.5, 1.0, 1.3),
    "line": (2.0, 2.4, 3.9, 3.6),
    "heater": (2.0, -3.0, 2.4, 1.6),
    "iron": (4.85, -1.72, 1.1, 0.75),
    "board": (6.1, -2.2, 3.4, 0.3),
    "shelf": (6.0, 2.2, 3.9, 4.2),
}
"""Centre and size of the fixed things."""
HOLDING = {"drawer": "drawer", "dial": "dial", "lamp": "iron"}
"""What changes its look: the thing whose value it shows."""
CONDITIONS = ("dirty", "wet", "damp", "dry", "smooth", "folded")
SCALES: Mapping[str, float] = {
    "pegs": 0.76, "white basket": 0.56, "colour basket": 0.56, "machine": 0.66, "line": 0.76, "board": 0.95, "shelf": 0.74,
}  # fmt: skip
"""How large a garment is drawn at each place."""
SHRUNK = 0.68
DECOYS = (
    (-3.1, 3.3, 1),
    (-0.95, 3.4, 1),
    (-0.95, 1.5, 1),
    (0.45, -3.2, 2),
    (3.55, -3.2, 2),
    (7.5, -0.75, 3),
    (4.9, -3.2, 3),
    (7.4, -3.2, 3),
)
"""Where something can be that means nothing, and in which column."""


def place_of(laundry: Laundry, garment: str, place: str) -> tuple[float, float]:
    """The middle of a garment at a place."""
    slot = laundry.slot(garment)
    row, along = divmod(slot, ROW)
    if place == "pegs":
        return -6.0 + APART * (along - 1), PEGS[row] - 0.62
    if place == "line":
        return 2.0 + APART * (along - 1), ROPES[row] - 0.64
    if place == "shelf":
        return 6.0 + APART * (along - 1), BOARDS[row] + 0.5
    if place == "board":
        return 6.2, BOARD_TOP + 0.84
    if place == "machine":
        row, along = divmod(laundry.slot_in_drum(garment), 2)
        return WINDOW[0] - 0.54 + 1.08 * along, WINDOW[1] + 0.52 - 1.04 * row
    row, along = divmod(laundry.slot_in_basket(garment), 2)
    return SPOTS[place][0] - 0.43 + 0.86 * along, -1.5 - 1.1 * row


def stand_about(shot: Shot, count: int, rng: Rng) -> list[Decoy]:
    """Things that hang or stand about in one clip, other ones in each, and mean nothing."""
    spots = [(x, y) for x, y, column in DECOYS if shot.shows(column)]
    return [
        Decoy(
            rng.choice(("plant", "broom", "cat") if y < -2 else ("clock", "picture", "plant")), x, y, rng.integer(0, 7)
        )
        for x, y in rng.sample(spots, min(count, len(spots)))
    ]


def film_step(shot: Shot, laundry: Laundry, length: float) -> Timeline:
    """The timeline of one clip: the laundry at rest, the step, which takes ``length`` seconds, the laundry at rest."""
    timeline = Timeline(2 * HOLD + length)
    _set_up(timeline, shot, laundry)
    _Director(timeline, shot, HOLD, length, laundry).act()
    return timeline


def look_of(condition: str) -> tuple[float, float, float]:
    """The number of a condition, whether it is tinted, and how much smaller it has become."""
    now, *harm = condition.split()
    return float(CONDITIONS.index(now)), float("tinted" in harm), SHRUNK if "shrunk" in harm else 1.0


def _everything(state: State) -> dict[str, tuple[str, str]]:
    """Where each garment is, and its condition."""
    return {garment: (place, now) for place in PLACES for garment, now in held(state, place)}


def _set_up(timeline: Timeline, shot: Shot, laundry: Laundry) -> None:
    """Put everything in view where it is before the step."""
    before, shift = shot.before, shot.shift
    for name, (x, y, wide, high) in SPOTS.items():
        if shot.shows(laundry.column[name]):
            more: dict[str, Any] = {"level": float(str(before[name]))} if name == "detergent" else {}
            z = 0.5 if name in ("pegs", "line", "shelf") else 1.5 if name in ("dial", "drawer") else 1.0
            timeline.add(name, (x + shift, y), (wide, high), z=z, solid=False, **more)
    for look, name in HOLDING.items():
        if shot.shows(laundry.column[name]):
            x, y, wide, high = SPOTS[name]
            changes = shot.after[name] != before[name]
            add_contents(timeline, look, (x + shift, y), (wide, high), changes=changes, z=1.6)
    for garment, (place, condition) in _everything(before).items():
        if shot.shows(PLACES[place]):
            x, y = place_of(laundry, garment, place)
            look, tint, small = look_of(condition)
            timeline.add(
                garment, (x + shift, y), GARMENT, z=3.0, solid=False, scale=SCALES[place] * small, look=look, tint=tint
            )
    if shot.shows(laundry.column["machine"]):
        timeline.add("glass", (WINDOW[0] + shift, WINDOW[1]), (3.0, 3.0), z=4.0, solid=False, round=True, tracked=False)


class _Director(Moves):
    """Moves the actors of one clip through its step."""

    def __init__(self, timeline: Timeline, shot: Shot, start: float, length: float, laundry: Laundry) -> None:
        super().__init__(timeline, shot, start, length)
        self.laundry = laundry

    def act(self) -> None:
        kind = self.shot.kind
        if kind in ("sort", "load", "hang", "lay", "put away"):
            self.carry()
        elif kind in ("set30", "set60"):
            self.press_on("dial", (0.3, -0.1))
            self.fill("dial", 0.45, 0.6)
        elif kind == "heat":
            self.press_on("iron", (0.2, 0.35))
            self.fill("lamp", 0.45, 0.6)
        else:
            {
                "dose": self.dose,
                "wash": self.wash,
                "spin": self.spin,
                "dry": self.dry,
                "press": self.press,
                "fold": self.fold,
            }[kind]()

    def carry(self) -> None:
        """A garment is taken from one place to another."""
        garment, _, target = self.shot.objects
        x, y = place_of(self.laundry, garment, target)
        small = look_of(dict(held(self.shot.after, target))[garment])[2]
        self.move(garment, (x + self.shot.shift, y), 0.08, 0.92)
        self.change(garment, "scale", SCALES[target] * small, 0.3, 0.9)

    def press_on(self, name: str, off: tuple[float, float]) -> None:
        """A finger presses on something."""
        x, y = self.timeline.place(name, 0.0)
        self.tool("finger", (x + off[0] + 0.9, y + off[1] - 1.1), 8.0)
        self.move("finger", (x + off[0], y + off[1]), 0.08, 0.42)
        self.move("finger", (x + off[0] + 0.9, y + off[1] - 1.1), 0.62, 0.95)
        self.fade("finger", 0.88, 1.0)

    def dose(self) -> None:
        home, (x, y) = self.timeline.place("detergent", 0.0), self.timeline.place("drawer", 0.0)
        self.move("detergent", (x - 0.72, y + 1.0), 0.0, 0.3)
        self.change("detergent", "angle", -1.9, 0.28, 0.42)
        self.timeline.change("detergent", "level", float(str(self.shot.after["detergent"])), self.at(0.55))
        self.stream("powder", (x, y + 0.75), y, 0.42, 0.68)
        self.fill("drawer", 0.5, 0.66)
        self.change("detergent", "angle", 0.0, 0.68, 0.78)
        self.move("detergent", home, 0.76, 1.0)

    def inside(self) -> list[str]:
        return [garment for garment, _ in held(self.shot.before, "machine")]

    def turn(self, garment: str, turns: float, begin: float, end: float) -> None:
        """Let a garment go round in the drum, back to where it was."""
        x, y = self.timeline.place(garment, 0.0)
        cx, cy = WINDOW[0] + self.shot.shift, WINDOW[1]
        a, b = self.at(begin), self.at(end)
        radius, first = math.hypot(x - cx, y - cy), math.atan2(y - cy, x - cx)

        def angle(times: np.ndarray) -> np.ndarray:
            p = np.clip((times - a) / (b - a), 0.0, 1.0)
            return first - turns * math.tau * p * p * (3 - 2 * p)

        self.timeline.follow(garment, "x", lambda times: np.round(cx + radius * np.cos(angle(times)), 9), a, b)
        self.timeline.follow(garment, "y", lambda times: np.round(cy + radius * np.sin(angle(times)), 9), a, b)

    def become(self, garment: str, place: str, time: float) -> None:
        """Let a garment look as it does after the step."""
        look, tint, small = look_of(dict(held(self.shot.after, place))[garment])
        at = self.at(time)
        self.timeline.change(garment, "look", look, at)
        self.timeline.change(garment, "tint", tint, at)
        self.timeline.change(garment, "scale", SCALES[place] * small, at, self.at(min(time + 0.1, 1.0)))

    def wash(self) -> None:
        x, y = WINDOW[0] + self.shot.shift, WINDOW[1]
        self.timeline.add("water", (x, y - 0.1), (2.6, 2.6), z=3.5, opacity=0.0, solid=False, tracked=False)
        self.change("water", "opacity", 0.85, 0.05, 0.2)
        for garment in self.inside():
            self.turn(garment, 1.0, 0.15, 0.8)
            self.become(garment, "machine", 0.6)
        self.change("water", "opacity", 0.0, 0.8, 0.97)
        self.fill("drawer", 0.1, 0.25)
        self.fill("dial", 0.9, 0.98)

    def spin(self) -> None:
        for garment in self.inside():
            self.turn(garment, 3.0, 0.1, 0.9)
            self.become(garment, "machine", 0.6)
        x, y = SPOTS["machine"][0] + self.shot.shift, FLOOR
        for i, dx in enumerate((-1.0, 0.0, 1.0)):
            self.extra(f"drip {i}", (x + dx, y + 0.5), 5.0)
            self.change(f"drip {i}", "opacity", 1.0, 0.25 + 0.12 * i, 0.3 + 0.12 * i)
            self.move(f"drip {i}", (x + dx, y + 0.1), 0.3 + 0.12 * i, 0.5 + 0.12 * i, "in")
            self.fade(f"drip {i}", 0.5 + 0.12 * i, 0.6 + 0.12 * i)

    def dry(self) -> None:
        x, y = self.timeline.place("heater", 0.0)
        self.timeline.add("glow", (x, y), (2.4, 1.6), z=1.2, opacity=0.0, solid=False, tracked=False)
        self.change("glow", "opacity", 1.0, 0.05, 0.2)
        for i, dx in enumerate((-0.8, 0.0, 0.8)):
            name, begin = f"warmth {i}", 0.12 + 0.12 * i
            self.extra(name, (x + dx, y + 1.2), 2.5)
            self.change(name, "opacity", 0.9, begin, begin + 0.1)
            self.move(name, (x + dx, y + 2.9), begin, begin + 0.55, "linear")
            self.fade(name, begin + 0.4, begin + 0.55)
        for garment, _ in held(self.shot.before, "line"):
            self.become(garment, "line", 0.65)
        self.change("glow", "opacity", 0.0, 0.85, 0.98)

    def press(self) -> None:
        garment, home = self.shot.objects[0], self.timeline.place("iron", 0.0)
        x, y = self.timeline.place(garment, 0.0)
        both = ("iron", "before in lamp")
        for name in both:
            self.timeline.actors[name].z = 7.0 if name == "iron" else 7.1
            self.move(name, (x - 0.5, y + 0.35), 0.0, 0.2)
            self.move(name, (x + 0.5, y + 0.3), 0.2, 0.4)
            self.move(name, (x - 0.5, y - 0.2), 0.4, 0.6)
            self.move(name, (x + 0.5, y - 0.3), 0.6, 0.8)
            self.move(name, home, 0.8, 1.0)
        self.become(garment, "board", 0.6)
        self.extra("puff", (x + 0.4, y + 0.9), 7.5)
        self.change("puff", "opacity", 0.9, 0.35, 0.45)
        self.move("puff", (x + 0.5, y + 1.5), 0.45, 0.75, "linear")
        self.fade("puff", 0.65, 0.78)

    def fold(self) -> None:
        garment = self.shot.objects[0]
        self.change(garment, "w", 0.2, 0.1, 0.45)
        self.timeline.change(garment, "look", float(CONDITIONS.index("folded")), self.at(0.45))
        self.change(garment, "w", GARMENT[0], 0.45, 0.8)
