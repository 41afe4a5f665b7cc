"""Tangents, polygons, boxes and functions one after another on a screen."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from pydantic import JsonValue

from generators.mathematical._experiment_graphs import Field
from generators.mathematical._experiment_screen import CARD, FADE, Programme, panel
from generators.mathematical._steps_euler import HIGH as RISE
from generators.mathematical._steps_euler import Euler
from generators.mathematical._steps_functions import NAMES, TOP, Functions
from generators.mathematical._steps_newton import REACH, Newton, highest, value_and_slope
from generators.mathematical._steps_sums import TALL, WIDE, Sums
from morse.layout import Layout
from morse.schema import Event
from morse.seeding import Rng

World = Newton | Euler | Sums | Functions
HOLD, END = 3.6, 1.3
"""Seconds for which a formula is held, and for which the last step is seen."""
LEFT, BOTTOM, BROAD, HIGH = -6.7, -3.3, 13.7, 6.5
"""The field of an experiment, in canvas units."""
GAP = 0.6
"""Seconds between a box and the next part of the line, in which neither is seen: what one frame shows tells nothing of the sum."""
BELOW = 0.36
"""How far the middle of a root with its letter lies below the axis."""


@dataclass(frozen=True)
class Screen:
    """What happens on a screen: the experiments in their order. ``pace``: seconds for a step."""

    worlds: Mapping[str, World]
    pace: float


class Show:
    """Places and times of a screen."""

    def __init__(self, screen: Screen, rng: Rng) -> None:
        self.screen, self.rng, self.clip = screen, rng, Programme()

    def layout(self) -> Layout:
        start = 0.0
        for name, world in self.screen.worlds.items():
            self.clip.times[name] = {"start": start}
            last = name == [*self.screen.worlds][-1]
            self.clip.last = last and not isinstance(world, Functions)
            match world:
                case Newton():
                    start = self.touch(world, start)
                case Euler():
                    start = self.walk(world, start)
                case Sums():
                    start = self.stack(world, start)
                case Functions():
                    start = self.chain(world, start, last)
        return self.clip.layout(start)

    def beat(self, share: float) -> float:
        """Seconds for a share of a step, about."""
        return self.screen.pace * share * self.rng.uniform(0.9, 1.15)

    def formula(self, name: str, start: float) -> float:
        """A formula, and what goes with it: held, then gone. Returns when it is gone."""
        gone = round(start + HOLD, 3)
        last, self.clip.last = self.clip.last, False
        self.clip.put(f"{name} given", (0.0, 0.0), (15.4, 8.8), start, gone, z=2)
        self.clip.last = last
        self.clip.times[name]["held"] = (round(start + FADE, 3), round(gone - FADE, 3))
        return gone

    def passing(
        self, name: str, at: tuple[float, float], size: tuple[float, float], start: float, end: float, z: float
    ) -> None:
        """Something that is gone before the experiment ends."""
        last, self.clip.last = self.clip.last, False
        self.clip.put(name, at, size, start, end, z=z)
        self.clip.last = last

    def touch(self, world: Newton, start: float) -> float:
        """The curve, its formula and the letters of its roots, then tangents without them, one at a time, between which a dot moves along the axis."""
        clip, field, places = self.clip, newton_field(world), world.places
        begin = self.formula("newton", start)
        dot = (float(field.across(float(world.start))), float(field.up(0.0)))
        times, at = [], round(begin + 1.6, 3)
        for _ in range(world.shown):
            drawn = round(at + self.beat(0.5), 3)
            moves = round(drawn + self.beat(0.7), 3)
            there = round(moves + self.beat(0.5), 3)
            times.append((at, drawn, moves, there))
            at = round(there + self.beat(0.7), 3)
        end = round(at + END, 3)
        clip.put("newton board", field.middle, (field.wide, field.high), start, end, z=0, tracked=False)
        for root, letter in zip(world.roots, world.letters, strict=True):
            spot = (float(field.across(root)), float(field.up(0.0)) - BELOW)
            self.passing(f"root {letter}", spot, (0.7, 1.2), start, begin, 5)
            clip.thing(f"root {letter}", "root", letter=letter)
        clip.put("iterate", dot, (0.46, 0.46), begin, end, z=7, round=True)
        self.passing("start value", (7.0, 3.98), (3.0, 0.6), begin, times[0][1], 6)
        for number, (appears, drawn, moves, there) in enumerate(times):
            x, after = float(places[number]), float(places[number + 1])
            y = value_and_slope(world.roots, x)[0]
            (x0, y0), (x1, y1) = field.points([x, after], [y, 0.0]).tolist()
            size = (max(abs(x1 - x0), 0.2), max(abs(y1 - y0), 0.2))
            self.passing(f"tangent {number + 1}", ((x0 + x1) / 2, (y0 + y1) / 2), size, appears, there, 6)
            clip.line.move("iterate", (x1, dot[1]), moves, there)
            clip.thing(f"tangent {number + 1}", "tangent")
            clip.events.append(
                Event(
                    id=f"tangent {number + 1}",
                    kind="tangent",
                    objects=("iterate",),
                    start=drawn,
                    end=there,
                    values={"to": round(after, 2)},
                )
            )
        clip.thing("newton given", "polynomial", formula="".join(f"(x{-root:+d})" for root in world.roots))
        clip.thing("iterate", "iterate", start=str(world.start))
        clip.times["newton"] |= {"tangents": times, "end": end}
        return end

    def walk(self, world: Euler, start: float) -> float:
        """The equation with its slopes, then the polygon without them, one side at a time."""
        clip, field, line = self.clip, FIELDS["euler"], self.clip.line
        begin = self.formula("euler", start)
        values = [float(value) for value in world.drawn]
        times, at = [], round(begin + 1.0, 3)
        for _ in range(world.shown):
            reached = round(at + self.beat(0.7), 3)
            times.append((at, reached))
            at = round(reached + self.beat(0.7), 3)
        end = round(at + END, 3)
        clip.put("euler board", field.middle, (field.wide, field.high), start, end, z=0, tracked=False)
        spots = field.points(range(world.shown + 1), values).tolist()
        clip.put("point", tuple(spots[0]), (0.46, 0.46), begin, end, z=7, round=True)
        for number, (leaves, reached) in enumerate(times):
            until = times[number + 1][1] if number + 1 < len(times) else end
            name = f"side {number + 1}"
            if until == end:
                clip.put(name, (0.0, 0.0), (1.0, 1.0), leaves, end, z=6, tracked=False, u=0.0)
            else:
                last, clip.last = clip.last, False
                clip.put(name, (0.0, 0.0), (1.0, 1.0), leaves, until, z=6, tracked=False, u=0.0)
                clip.last = last
            line.change(name, "u", 1.0, leaves, reached, ease="linear")
            line.move("point", tuple(spots[number + 1]), leaves, reached, ease="linear")
            clip.events.append(
                Event(
                    id=name,
                    kind="side",
                    objects=("point",),
                    start=leaves,
                    end=reached,
                    values={"to": round(values[number + 1], 2)},
                )
            )
        clip.thing("euler given", "equation", formula=str(world.equation))
        clip.thing("point", "point")
        clip.times["euler"] |= {"sides": times, "end": end}
        return end

    def stack(self, world: Sums, start: float) -> float:
        """The line is seen two units at a time, and on each such part comes a box."""
        clip, field = self.clip, sums_field(world)
        times, at = [], round(start + 1.0, 3)
        for _ in range(world.boxes):
            box = round(at + max(0.7, self.beat(0.7)), 3)
            gone = round(box + max(1.35, self.beat(1.1)), 3)
            times.append((at, box, gone))
            at = round(gone + GAP, 3)
        end = round(at + 0.1, 3)
        clip.put("sums board", field.middle, (field.wide, field.high), start, end, z=0, tracked=False)
        for number, (appears, comes, gone) in enumerate(times):
            x = WIDE * number
            corners = box_corners(world, number)
            heights = [y for _, y in corners]
            parts = world.values[x : x + WIDE + 1]
            for name, ys, since, z in (
                (f"part {number + 1}", parts, appears, 5),
                (f"box {number + 1}", heights, comes, 3),
            ):
                (x0, y0), (x1, y1) = field.points([x, x + WIDE], [min(ys), max(ys)]).tolist()
                self.passing(name, ((x0 + x1) / 2, (y0 + y1) / 2), (x1 - x0, max(y1 - y0, 0.15)), since, gone, z)
            said: JsonValue = [[float(a), float(b)] for a, b in corners]
            clip.thing(f"part {number + 1}", "part", values=[*parts])
            clip.thing(f"box {number + 1}", "box", corners=said)
            clip.events.append(
                Event(
                    id=f"box {number + 1}",
                    kind="box",
                    objects=(f"box {number + 1}",),
                    start=comes,
                    end=round(comes + FADE, 3),
                )
            )
        clip.times["sums"] |= {"boxes": times, "end": end}
        return end

    def chain(self, world: Functions, start: float, last: bool) -> float:
        """Functions are drawn one after another, each gone before the next; then graphs of two of them in a row."""
        clip, field = self.clip, FIELDS["functions"]
        times, at = {}, round(start + 0.6, 3)
        for number in world.order:
            drawn = round(at + self.beat(2.0), 3)
            gone = round(drawn + 2.6, 3)
            name = NAMES[number]
            times[name] = (at, drawn, gone)
            end = round(drawn + FADE, 3)
            clip.put(f"drawing {name}", field.middle, (field.wide, field.high), at, end, z=4, tracked=False, u=0.0)
            clip.line.change(f"drawing {name}", "u", 1.0, at, drawn, ease="linear")
            clip.put(f"curve {name}", field.middle, (field.wide, field.high), drawn, gone, z=4)
            clip.thing(f"curve {name}", "curve", values=[*world.lines[number]], letter=name)
            clip.events.append(Event(id=f"draw {name}", kind="drawn", objects=(f"curve {name}",), start=at, end=drawn))
            at = round(gone + 0.1, 3)
        clip.put("functions board", field.middle, (field.wide, field.high), start, at, z=0, tracked=False)
        clip.times["functions"] |= {"curves": times, "end": at}
        clip.last = last
        end = round(at + CARD + self.rng.uniform(0.0, 0.6), 3)
        fields = [panel(number, (0.0, TOP), (0.0, TOP)) for number in range(4)]
        clip.line_up("functions", world.lineup, fields, at, end)
        return end


FIELDS = {
    "newton": Field(LEFT, BOTTOM, BROAD, HIGH, (-REACH - 0.5, REACH + 0.5), (-1.0, 1.0)),
    "euler": Field(LEFT, BOTTOM, BROAD, HIGH - 0.35, (0.0, 8.0), (-RISE - 0.5, RISE + 0.5)),
    "functions": Field(LEFT, BOTTOM, BROAD, HIGH, (0.0, TOP), (0.0, TOP)),
}


def newton_field(world: Newton) -> Field:
    """Its y axis has room for the points at which tangents are drawn."""
    most = 1.15 * highest(world.roots, float(world.start), world.shown)
    return Field(LEFT, BOTTOM, BROAD, HIGH, (-REACH - 0.5, REACH + 0.5), (-most, most))


def sums_field(world: Sums) -> Field:
    return Field(LEFT, BOTTOM, BROAD, HIGH, (0.0, len(world.values) - 1), (-TALL - 0.5, TALL + 0.5))


def box_corners(world: Sums, number: int) -> list[tuple[float, float]]:
    """Of a box, from its lower left around: a trapezoid reaches to both ends of its part of the line."""
    x = WIDE * number
    left, middle, right = world.values[x : x + WIDE + 1]
    tops = {"left": (left, left), "right": (right, right), "middle": (middle, middle), "trapezoid": (left, right)}
    one, other = tops[world.rule]
    return [(x, 0.0), (x, one), (x + WIDE, other), (x + WIDE, 0.0)]


def curve_points(world: Newton, field: Field) -> np.ndarray:
    """Of the polynomial, as far as it lies in the field."""
    x = np.linspace(*field.x, 600)
    y = np.prod([x - root for root in world.roots], axis=0)
    return field.points(x, np.where(np.abs(y) <= field.y[1], y, np.nan))
