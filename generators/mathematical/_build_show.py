"""A construction in space and time: what each step draws and marks, and how long it can be seen."""

from cmath import exp, phase
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import pi, radians, sin
from typing import Any, NamedTuple

import numpy as np
from pydantic import JsonValue

from generators.mathematical._build_steps import Figure, Step, foot
from morse.layout import Layout
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.timeline import Array, Motion, Timeline

FADE, DRAW, LOOK, WRONG = 0.3, 1.0, 2.05, 1.1
"""Seconds in which something comes or goes, is drawn, and for which marks stand and a mark that is struck out stands before."""
BOARD, LARGEST = (13.6, 7.0), 1.1
"""How much of the canvas a figure may take up, and how large its unit may be, in canvas units."""
RADII = {"leg": 0.75, "turned": 0.85, "bisector": 0.8}
"""Radii of the arcs that mark angles, in canvas units."""


class Stroke(NamedTuple):
    """A line on the canvas: its corners, how it looks (line, thin or dash), whether it grows, or (``slide``) from where it comes."""

    points: Array
    look: str = "thin"
    grows: bool = False
    slide: complex = 0j


@dataclass(frozen=True)
class Clip:
    """A construction, and for how many seconds the marks of a step stand."""

    figure: Figure
    look: float


class BuildShow:
    """The clock of a construction."""

    def __init__(self, clip: Clip, rng: Rng) -> None:
        self.figure, self.look, self.rng = clip.figure, clip.look, rng
        places = clip.figure.places()
        wide, high = (np.ptp([getattr(z, part) for z in places.values()]) for part in ("real", "imag"))
        self.unit = min(BOARD[0] / max(float(wide), 1.0), BOARD[1] / max(float(high), 1.0), LARGEST)
        middle = complex(
            *(
                np.mean([f([getattr(z, part) for z in places.values()]) for f in (min, max)])
                for part in ("real", "imag")
            )
        )
        self.at = {name: (z - middle) * self.unit for name, z in places.items()}
        """Where each point is on the canvas."""
        self.line = Timeline(0.0)
        self.things: list[Thing] = []
        self.events: list[Event] = []
        self.states: list[State] = []
        self.strokes: dict[str, list[Stroke]] = {}
        """What each actor without a letter is drawn as."""
        self.seen: dict[str, int] = {}
        """What can be seen, and in which step it was last needed."""
        self.over: list[float] = []
        """When each step is over and its marks are gone."""
        self.clock = 0.0

    def layout(self) -> Layout:
        figure = self.figure
        self._wait(0.4, 0.8)
        for name, z in self.at.items():
            self.line.add(name, (z.real, z.imag), (1.3, 1.3), z=6, solid=False, opacity=0.0)
            self.things.append(Thing(id=name, kind="point", attributes={"letter": name}, shape_fills_box=False))
        for number, step in enumerate(figure.steps):
            self._step(number, step)
        self._fade(list(self.seen), 0.0)
        self._wait(0.5, 1.0)
        self.line.duration = self.clock
        letters = {name: self._letter_side(name) for name in self.at}
        details: dict[str, Any] = {
            "strokes": self.strokes, "over": self.over, "letters": letters, "unit": self.unit,
        }  # fmt: skip
        return Layout(self.line, tuple(self.things), tuple(self.events), tuple(self.states), details)

    def _step(self, number: int, step: Step) -> None:
        line, own = self.line, f"step {number + 1}"
        stays = -1 if step.kind == "circle" else self.figure.stay
        old = [name for name, last in self.seen.items() if number - last > stays and name not in step.of]
        self._fade(old, 0.0)
        self.seen = {name: last for name, last in self.seen.items() if name not in old}
        self.strokes[own] = self._drawn(step)
        self.strokes[f"signs {number + 1}"] = self._signs(step)
        for name, z in ((own, 2.0), (f"signs {number + 1}", 3.0)):
            line.add(name, (0.0, 0.0), (16.0, 9.0), z=z, solid=False, tracked=False, opacity=0.0, grow=0.0)
        self._fade([*(name for name in step.of if name not in self.seen), own], 1.0)
        self._wait(0.2, 0.4)
        start, end = self.clock, round(self.clock + DRAW, 3)
        line.change(own, "grow", 1.0, start, end)
        if step.kind in ("segment", "leg"):
            lasting = f"line {step.of[-1]}{step.new}"
            self.strokes[lasting] = [Stroke(_points(self.at[step.of[-1]], self.at[step.new]), "line", True)]
            line.add(lasting, (0.0, 0.0), (16.0, 9.0), z=4, solid=False, tracked=False, grow=0.0, opacity=1.0)
            line.change(lasting, "grow", 1.0, start, end)
            self.seen[lasting] = number
        if step.new:
            self._arrive(step, start, end)
        self.clock = end
        marks = self._marks(number, step)
        self.states.append(
            State(start=self.clock, end=round(self.clock + self.look, 3), values=self._values(number, step), shown=True)
        )
        self._wait(self.look, self.look + 0.2)
        objects = (*step.points, *(name for name in marks if name.startswith("mark")))
        self.events.append(
            Event(id=own, kind=step.kind, objects=objects, start=start, end=self.clock)
        )  # fmt: skip
        self._fade([*marks, own, f"signs {number + 1}"], 0.0)
        for name in step.points:
            self.seen[name] = number
        self.over.append(self.clock)
        self._wait(0.15, 0.4)

    def _arrive(self, step: Step, start: float, end: float) -> None:
        """The new point comes where it is made; a turned or reflected one travels there."""
        line, to = self.line, self.at[step.new]
        if step.kind not in ("turned", "reflection", "parallel"):
            line.change(step.new, "opacity", 1.0, round(end - 0.15, 3), end)
            return
        begins = self.at[step.of[1] if step.kind == "parallel" else step.of[0]]
        pivot = self.at[step.of[1]]
        turn = step.side * radians(step.angle)

        def along(part: str) -> Motion:
            def motion(times: Array) -> Array:
                p = np.clip((times - start) / (end - start), 0.0, 1.0)
                p = p * p * (3 - 2 * p)
                way = (
                    pivot + (begins - pivot) * np.exp(1j * turn * p)
                    if step.kind == "turned"
                    else begins + (to - begins) * p
                )
                return way.real if part == "x" else way.imag

            return motion

        line.move(step.new, (begins.real, begins.imag), start, start)
        line.follow(step.new, "x", along("x"), start, end)
        line.follow(step.new, "y", along("y"), start, end)
        line.change(step.new, "opacity", 1.0, start, round(start + 0.15, 3))

    def _marks(self, number: int, step: Step) -> list[str]:
        """Write the length and the angle of a step; a length may be written wrong first and struck out. Returns all that is written."""
        line, signs = self.line, f"signs {number + 1}"
        names: list[str] = []
        taken: list[complex] = []
        first = [signs]
        if step.angle and step.angle != 90:
            v, a, b = self._angle(step)
            half = phase((b - v) / (a - v)) / 2
            # a narrow angle has room for its number only farther out
            far = max(RADII[step.kind] + 0.62, 0.58 / sin(abs(half)))
            at = v + far * exp(1j * (phase(a - v) + half))
            taken.append(at)
            names.append(self._mark(number, "angle", f"{step.angle}°", at))
            first.append(names[-1])
        if step.length:
            ends = (self.at[step.of[-1]], self.at[step.new]) if step.new else self._radius(step)
            at = self._beside(*ends, step, taken)
            if step.struck:
                wrong, right = f"wrong {number + 1}", self._mark(number, "length", str(step.length), at + 0.42)
                for name in (wrong, f"strike {number + 1}"):
                    line.add(name, (at.real - 0.42, at.imag), (0.6, 0.6), z=7, solid=False, tracked=False, opacity=0.0)
                self.strokes[f"strike {number + 1}"] = []
                self.things.append(
                    Thing(id=wrong, kind="wrong", attributes={"text": str(step.struck)}, shape_fills_box=False)
                )
                self._fade([*first, wrong], 1.0)
                self._wait(WRONG, WRONG + 0.2)
                self._fade([f"strike {number + 1}", right], 1.0)
                return [*names, wrong, f"strike {number + 1}", right]
            names.append(self._mark(number, "length", str(step.length), at))
            first.append(names[-1])
        self._fade(first, 1.0)
        return names

    def _mark(self, number: int, what: str, text: str, at: complex) -> str:
        name = f"mark {number + 1} {what}"
        size = (0.9 if what == "angle" else 0.6, 0.66)
        self.line.add(name, (at.real, at.imag), size, z=8, solid=False, opacity=0.0)
        self.things.append(Thing(id=name, kind="mark", attributes={"text": text, "what": what}, shape_fills_box=False))
        return name

    def _values(self, number: int, step: Step) -> dict[str, JsonValue]:
        """What the marks say, for the record."""
        values: dict[str, JsonValue] = {"step": number + 1}
        if step.length:
            values[step.of[-1] + (step.new or " radius")] = str(step.length)
        if step.angle:
            values["angle"] = f"{step.angle}°"
        return values

    # ── where things are ────────────────────────────────────────────────────────────────────────────────────────────

    def _angle(self, step: Step) -> tuple[complex, complex, complex]:
        """The vertex of a marked angle and a point on either side."""
        if step.kind == "leg":
            return self.at[step.of[1]], self.at[step.of[0]], self.at[step.new]
        return self.at[step.of[1]], self.at[step.of[0]], self.at[step.new]

    def _radius(self, step: Step) -> tuple[complex, complex]:
        """Centre of a circle and the point on it that the radius is drawn to, towards the middle of the board."""
        centre = self.at[step.of[0]]
        way = -centre / abs(centre) if abs(centre) > 0.5 else 1.0 + 0j
        return centre, centre + way * step.length * self.unit

    def _beside(self, a: complex, b: complex, step: Step, taken: Sequence[complex]) -> complex:
        """A place for a length beside a line, as far as can be from points, their letters and other marks."""
        along = (b - a) / abs(b - a)
        apart = 0.55 + (0.45 * abs(along.imag) if step.struck else 0.0)
        others = [*taken]
        for name in [name for name in self.at if name in self.seen or name in step.points]:
            others += [self.at[name], self.at[name] + 0.5 * self._letter_side(name)]
        spots = [a + (b - a) * share + side * apart * 1j * along for share in (0.5, 0.4, 0.6, 0.32) for side in (1, -1)]
        spots = [z for z in spots if abs(z.real) < 7.3 and abs(z.imag) < 4.1] or spots
        return max(spots, key=lambda z: min(1.1, *(abs(z - other) for other in others), 9.0))

    def _letter_side(self, name: str) -> complex:
        """The direction in which there is most room for a point's letter."""
        me = self.at[name]
        ways: list[complex] = []
        for step in self.figure.steps:
            if name in step.points:
                ways += [self.at[other] - me for other in step.points if other != name]
                if step.kind == "midpoint" and name == step.new:
                    ways += [side * (self.at[step.of[1]] - self.at[step.of[0]]) for side in (1j, -1j)]
                middles = [complex(*stroke.points[len(stroke.points) // 2]) for stroke in self._signs(step)]
                ways += [z - me for z in middles if abs(z - me) < 1.0]
        ways = [way / abs(way) for way in ways if abs(way) > 1e-9]
        round_about = [exp(1j * pi * k / 8) for k in range(16)]
        ways += [w / abs(w) for w in (z - me for z in self.at.values()) if 0 < abs(w) < 2.2]
        inside = [w for w in round_about if abs((me + 0.6 * w).real) < 7.6 and abs((me + 0.6 * w).imag) < 4.2]
        return max(inside, key=lambda w: min([abs(w - way) for way in ways], default=2.0))

    # ── strokes ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _drawn(self, step: Step) -> list[Stroke]:
        """What a step draws with ruler and compass, beside lasting lines."""
        at = [self.at[name] for name in step.of]
        new = self.at[step.new] if step.new else 0j
        match step.kind:
            case "leg":
                return [Stroke(_points(at[1], at[0]))]
            case "midpoint":
                p, q = at
                up = 1j * (q - p) / abs(q - p) * min(0.37 * abs(q - p), 1.0)
                spread = 0.5 / abs(new + up - p)
                arcs = [
                    Stroke(_arc(c, new + side * up, spread), grows=True) for c in (p, q) for side in (1, -1)
                ]  # fmt: skip
                return [Stroke(_points(p, q)), *arcs, Stroke(_points(new + 1.25 * up, new - 1.25 * up), "dash", True)]
            case "foot":
                return [Stroke(_points(at[1], at[2])), Stroke(_points(at[0], new), "dash", True)]
            case "bisector":
                sides = [Stroke(_points(a, b)) for a, b in combinations(at, 2)]
                return [*sides, Stroke(_points(at[0], new), "dash", True)]
            case "reflection":
                over = (at[2] - at[1]) / abs(at[2] - at[1]) * 0.6
                return [Stroke(_points(at[1] - over, at[2] + over)), Stroke(_points(at[0], new), "dash", True)]
            case "turned":
                way = at[1] + (at[0] - at[1]) * np.exp(1j * step.side * np.linspace(0, radians(step.angle), 40))
                return [
                    Stroke(_points(at[1], at[0])), Stroke(_path(way), "dash", True), Stroke(_points(at[1], new), "thin", True),
                ]  # fmt: skip
            case "parallel":
                p, q, r = at
                ways = [Stroke(_points(p, r), "dash"), Stroke(_points(q, new), "dash", True)]
                return [Stroke(_points(p, q)), *ways, Stroke(_points(r, new), "line", slide=p - r)]
            case "circle":
                centre, edge = self._radius(step)
                ring = centre + (edge - centre) * np.exp(1j * np.linspace(0, 2 * pi, 120))
                return [Stroke(_points(centre, edge)), Stroke(_path(ring), "line", True)]
        return []

    def _signs(self, step: Step) -> list[Stroke]:
        """Right angles, equal parts and equal angles, as they are marked in geometry."""
        at = [self.at[name] for name in step.of]
        new = self.at[step.new] if step.new else 0j
        match step.kind:
            case "leg" | "turned":
                v, a, b = self._angle(step)
                if step.angle == 90 and step.kind == "leg":
                    return [_square(v, a, b)]
                return [Stroke(_between(v, a, b, RADII[step.kind]))]
            case "midpoint":
                p, q = at
                return [*_ticks([(p, new), (new, q)]), _square(new, q, new + 1j * (q - p))]
            case "foot":
                return [_square(new, at[0], _farther(new, at[1], at[2]))]
            case "reflection":
                crossing = foot(*at)
                square = _square(crossing, at[0], _farther(crossing, at[1], at[2]))
                return [square, *_ticks([(at[0], crossing), (crossing, new)])]
            case "bisector":
                r, p, q = at
                arcs = [_between(r, p, new, RADII["bisector"]), _between(r, new, q, RADII["bisector"])]
                middles = [complex(*arc[len(arc) // 2]) for arc in arcs]
                cuts = [Stroke(_points(m + 0.16 * w, m - 0.16 * w)) for m in middles for w in [(m - r) / abs(m - r)]]
                return [*map(Stroke, arcs), *cuts]
            case "parallel":
                return [*_chevrons(at[0], at[1]), *_chevrons(at[2], new), *_ticks([(at[0], at[1]), (at[2], new)], 0.3)]
        return []

    # ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _fade(self, names: Sequence[str], to: float) -> None:
        end = round(self.clock + FADE, 3)
        for name in names:
            self.line.change(name, "opacity", to, self.clock, end)
        self.clock = end if names else self.clock

    def _wait(self, least: float, most: float) -> None:
        self.clock = round(self.clock + self.rng.uniform(least, most), 3)


def _path(way: Iterable[complex]) -> Array:
    return np.array([(z.real, z.imag) for z in way])


def _points(*ends: complex) -> Array:
    return _path(ends)


def _arc(centre: complex, through: complex, spread: float) -> Array:
    """A short arc about a centre, through a point in its middle."""
    return _path(centre + (through - centre) * np.exp(1j * np.linspace(-spread, spread, 16)))


def _between(v: complex, a: complex, b: complex, radius: float) -> Array:
    """The arc of a radius inside an angle."""
    turn = phase((b - v) / (a - v))
    return _path(v + radius * (a - v) / abs(a - v) * np.exp(1j * np.linspace(0, turn, 24)))


def _square(v: complex, a: complex, b: complex) -> Stroke:
    """The sign of a right angle."""
    one, other = (0.34 * (z - v) / abs(z - v) for z in (a, b))
    return Stroke(_points(v + one, v + one + other, v + other))


def _ticks(parts: Iterable[tuple[complex, complex]], share: float = 0.5) -> list[Stroke]:
    """A tick across each of some lines, which are equally long."""
    made = []
    for a, b in parts:
        across = 0.17j * (b - a) / abs(b - a)
        middle = a + share * (b - a)
        made.append(Stroke(_points(middle + across, middle - across)))
    return made


def _chevrons(a: complex, b: complex) -> list[Stroke]:
    """The sign of parallel lines, in the middle of one."""
    along = 0.2 * (b - a) / abs(b - a)
    middle = (a + b) / 2 + along / 2
    return [Stroke(_points(middle - along * (1 + 0.9j), middle, middle - along * (1 - 0.9j)))]


def _farther(v: complex, a: complex, b: complex) -> complex:
    """Of two points the one that is farther from a third."""
    return max((a, b), key=lambda z: abs(z - v))
