"""The table in time and space: a cue comes and strikes, pucks glide, a magnet is switched on, a cloth hides all halfway and at the end."""

from collections.abc import Callable, Sequence
from math import atan2, hypot

import numpy as np
from pydantic import JsonValue

from generators.physical._broken_table import HIGH, RADIUS, Leg, Place, coordinate
from generators.physical._broken_world import LONGEST, Act, Scene
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import Array, Timeline

LEAD, SLOT, SHORT = 0.8, LONGEST + 1.35, 4.2
"""Seconds of an act before its stroke, of an act with a stroke, and of any other."""
FIRST, HIDE, HIDDEN, TAIL = 1.6, 0.5, 0.9, 0.5
"""Seconds before the first act, in which the cloth comes or goes, for which it hides the table halfway, and at the end."""
CUE, DRAWN, TOUCHING, SHY = (3.0, 0.17), 0.85, 0.02, 0.4
"""Size of the cue, and how far its tip is from a puck when it is drawn back, when it strikes, and when it only feints."""
SWITCH, MARK = 0.5, 0.12
"""Seconds by which the magnet is switched on before it draws a puck, and off after; seconds that something sudden takes at most."""
CLOTH_UP = 9.6


class Show:
    """Places and times of everything."""

    def __init__(self, scene: Scene, rng: Rng) -> None:
        self.scene, self.rng = scene, rng
        self.line = Timeline(0.0)
        self.events: list[Event] = []
        self.hits: list[float] = []
        """When each act's run begins: the moment of the stroke."""

    def layout(self) -> Layout:
        scene, line = self.scene, self.line
        self.furnish()
        things = [self.puck(number, name) for number, name in enumerate(scene.names)]
        lengths = [SLOT if act.kind == "stroke" else SHORT for act in scene.acts]
        half = min(range(1, len(lengths)), key=lambda i: abs(sum(lengths[:i]) - sum(lengths[i:])))
        before, after = sum(lengths[:half]), sum(lengths[half:])
        # the middle of the clip lies behind the cloth
        more = self.rng.steady("lead").uniform(0.0, 0.6)
        tail = TAIL + HIDE + self.rng.steady("tail").uniform(0.0, 0.5)
        first = FIRST + more
        clock = first + max(0.0, after + tail - before - first)
        end = max(0.0, before + first - after - tail)
        for number, (act, length) in enumerate(zip(scene.acts, lengths, strict=True)):
            if number == half:
                self.cloth(clock, clock + HIDE + HIDDEN)
                clock += 2 * HIDE + HIDDEN
            self.act(act, round(clock + LEAD, 3))
            clock += length
        self.cloth(clock, None)
        line.duration = round(clock + tail + end, 3)
        events = tuple(sorted(self.events, key=lambda event: (event.start, event.id)))
        return Layout(line, tuple(things), events, details={"hits": self.hits})

    def furnish(self) -> None:
        """What never moves, and what comes and goes: cue, field and cloth."""
        table, line = self.scene.table, self.line
        line.add("sand", (table.sand.x, table.sand.y), (table.sand.w, table.sand.h), z=1, solid=False, tracked=False)
        line.add("bridge", (table.bridge.x, table.bridge.y), (table.bridge.w, table.bridge.h), z=6, tracked=False)
        x, y = self.scene.magnet
        side = 1 if y > 0 else -1
        line.add("magnet", (x, side * (HIGH + 0.42)), (1.3, 0.84), z=5, solid=False, tracked=False, lit=0.0)
        line.add("field", (x, y), (2.4, 1.4), z=2, opacity=0.0, solid=False, tracked=False)
        line.add("cue", (0.0, 0.0), CUE, z=8, opacity=0.0, solid=False, tracked=False)
        line.add("cloth", (0.0, CLOTH_UP), (16.4, 9.2), z=20, tracked=False)

    def puck(self, number: int, name: str) -> Thing:
        at, size = self.scene.start[name], (2 * RADIUS, 2 * RADIUS)
        self.line.add(name, at, size, z=3 + 0.05 * number, round=True, look=0.0)
        self.line.add(f"shadow of {name}", at, size, z=2.5, solid=False, tracked=False)
        self.line.tie(f"shadow of {name}", name)
        return Thing(id=name, kind="puck", attributes={"letter": name, "iron": name == self.scene.iron})

    def act(self, act: Act, hit: float) -> None:
        """Let an act happen around the moment of its stroke."""
        line, run = self.line, act.run
        self.hits.append(hit)
        if act.kind in ("stroke", "feint"):
            self.cue(act, hit)
            self.tell("strikes" if act.kind == "stroke" else "feints", (act.who,), hit, hit + MARK)
        elif act.kind == "pull":
            on, off = round(hit - SWITCH, 3), round(hit + run.ends + SWITCH, 3)
            for name, channel in (("field", "opacity"), ("magnet", "lit")):
                line.change(name, channel, 1.0, on)
                line.change(name, channel, 0.0, off)
            self.tell("pulls", (act.who,), on, off)
        for name, legs in run.legs.items():
            start, end = round(hit + legs[0].start, 4), round(hit + legs[-1].end, 4)
            for axis in (0, 1):
                line.follow(name, "xy"[axis], _along(legs, axis, hit), start, end)
        for touch in run.touches:
            at = hit + touch.time
            if touch.what in act.before:
                self.tell("touches", (touch.who, touch.what), at, at + MARK)
            else:
                self.tell("bounces", (touch.who,), at, at + MARK, rail=touch.what)
        if act.broken is not None:
            at, who = round(hit + act.broken.time, 3), act.broken.who
            if act.broken.what == "vanishes":
                line.change(who, "opacity", 0.0, at)
                line.change(f"shadow of {who}", "opacity", 0.0, at)
            elif act.broken.what == "changes":
                line.change(who, "look", 1.0, at)
            self.tell(act.broken.what, (who,), at, at + MARK)

    def cue(self, act: Act, hit: float) -> None:
        """The cue comes up behind a puck, draws back, and strikes it or does not."""
        line, (x, y) = self.line, act.before[act.who]
        far = hypot(*act.velocity)
        u, v = act.velocity[0] / far, act.velocity[1] / far

        def tip_off(gap: float) -> Place:
            back = RADIUS + gap + CUE[0] / 2
            return x - u * back, y - v * back

        come, drawn = round(hit - 0.72, 3), round(hit - 0.2, 3)
        line.move("cue", tip_off(0.45), come, come)
        line.change("cue", "angle", atan2(v, u), come)
        line.change("cue", "opacity", 1.0, come, round(come + 0.12, 3))
        line.move("cue", tip_off(DRAWN), round(come + 0.14, 3), drawn)
        if act.kind == "stroke":
            line.move("cue", tip_off(TOUCHING), drawn, hit, ease="in")
            line.change("cue", "opacity", 0.0, round(hit + 0.14, 3), round(hit + 0.3, 3))
        else:
            line.move("cue", tip_off(SHY), drawn, hit, ease="smooth")
            line.move("cue", tip_off(DRAWN), round(hit + 0.06, 3), round(hit + 0.4, 3))
            line.change("cue", "opacity", 0.0, round(hit + 0.45, 3), round(hit + 0.6, 3))

    def cloth(self, start: float, up: float | None) -> None:
        start = round(start, 3)
        self.line.move("cloth", (0.0, 0.0), start, round(start + HIDE, 3))
        if up is not None:
            self.line.move("cloth", (0.0, CLOTH_UP), round(up, 3), round(up + HIDE, 3))
        self.tell("hides", (), start, start + HIDE)

    def tell(self, kind: str, objects: tuple[str, ...], start: float, end: float, **values: JsonValue) -> None:
        number = sum(event.kind == kind for event in self.events) + 1
        self.events.append(
            Event(id=f"{kind} {number}", kind=kind, objects=objects, start=round(start, 3), end=round(end, 3), values=values)
        )  # fmt: skip


def _along(legs: Sequence[Leg], axis: int, hit: float) -> Callable[[Array], Array]:
    """A coordinate of a puck over its legs, at times of the clip."""
    return lambda times: coordinate(legs, axis, np.asarray(times, float) - hit)
