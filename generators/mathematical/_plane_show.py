"""Maps of a grid, one act each, and a field of arrows looked at column by column: when and where on the screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from generators.mathematical._plane_field import COLUMNS, ROWS, Field, Rectangle
from generators.mathematical._plane_maps import TIPS, UNIT, Act, Acts, Map, Point, image, spot
from morse.layout import Layout
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.timeline import HEIGHT, WIDTH, Array, Motion, Timeline

FADE, MOVE, BACK = 0.3, 1.3, 1.0
"""Seconds in which something comes or goes, in which a map is done, and in which it is taken back."""
BARE, MARKED, LOOK = 0.6, 2.0, 2.05
"""Seconds for which the unit grid is seen before a map, the same with a point on it, and for which anything else stands."""
WIDE = 2.2
"""The unit of the field's board, in canvas units; on the board of the maps a unit is one."""
LENS, PLAQUE, BESIDE = (1.5, 6.3), (2.35, 0.8), 1.5
"""In canvas units: size of the lens and of what a reading is written on, and how far that is from its place."""
GRID = ("grid", *TIPS, *(f"shaft {name}" for name in TIPS))
"""What comes and goes with the grid."""


@dataclass(frozen=True)
class Clip:
    """What a clip shows. ``rest``: seconds that a map's result stands."""

    acts: Acts
    field: Field
    rest: float


def field_spot(field: Field, x: float, y: float) -> Point:
    """Where a place of the field is on the canvas."""
    return (x - field.corner[0] - (COLUMNS - 1) / 2) * WIDE, (y - field.corner[1] - (ROWS - 1) / 2) * WIDE


class PlaneShow:
    """The clock of a clip."""

    def __init__(self, clip: Clip, rng: Rng) -> None:
        self.clip, self.rng = clip, rng
        self.line = Timeline(0.0)
        self.things: list[Thing] = []
        self.events: list[Event] = []
        self.states: list[State] = []
        self.clock = 0.0
        self.spans: list[tuple[float, float]] = []
        """From when to when each act is shown."""
        self.done: list[float] = []
        """When each act is over, and it is plain whether its map stays done."""

    def layout(self) -> Layout:
        maps_first = self.rng.steady("phases").chance(0.5)
        self.line.add("plane", (0.0, 0.0), (WIDTH, HEIGHT), solid=False, tracked=False, opacity=float(maps_first))
        self.line.add("lattice", (0.0, 0.0), (WIDTH, HEIGHT), solid=False, tracked=False, opacity=float(not maps_first))
        self._wait(0.5, 0.9)
        phases: list[tuple[str, Callable[[], None]]] = [("plane", self._maps), ("lattice", self._field)]
        (first, one), (second, other) = phases if maps_first else phases[::-1]
        one()
        self._fade([first], 0.0)
        self._fade([second], 1.0)
        self._wait(0.4, 0.7)
        other()
        self._wait(0.5, 1.0)
        self.line.duration = self.clock
        details: dict[str, Any] = {"spans": self.spans, "done": self.done}
        return Layout(self.line, tuple(self.things), tuple(self.events), tuple(self.states), details)

    # ── maps ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _maps(self) -> None:
        acts, line = self.clip.acts, self.line
        a, b, c, d = UNIT
        line.add("grid", (0.0, 0.0), (6.0, 6.0), z=1, solid=False, tracked=False, opacity=0.0, a=a, b=b, c=c, d=d)
        for name, tip in TIPS.items():
            line.add(name, tip, (1.4, 1.4), z=4, solid=False, opacity=0.0)
            line.add(f"shaft {name}", tip, (0.4, 0.4), z=3.5, solid=False, tracked=False, opacity=0.0)
            line.tie(f"shaft {name}", name)
            self.things.append(Thing(id=name, kind="arrow", attributes={"name": name}, shape_fills_box=False))
        kept = 0
        there = False
        for act in acts.acts:
            there = self._act(act, there)
            kept += act.kept
            if act.kept and kept == acts.star[0]:
                self._star(acts.star[1])
        if there:
            self._fade(GRID, 0.0)

    def _act(self, act: Act, there: bool) -> bool:
        """One map; returns whether the unit grid is there afterwards."""
        names = [f"point {letter}" for letter, _ in act.points]
        for name, (letter, at) in zip(names, act.points, strict=True):
            self.line.add(name, at, (0.66, 0.66), z=6, round=True, solid=False, opacity=0.0)
            self.things.append(Thing(id=name, kind="point", attributes={"letter": letter}, shape_fills_box=False))
        first = self.clock
        self._fade([*names, *(() if there else GRID)], 1.0)
        self._wait(*(MARKED, MARKED + 0.2) if names else (BARE, BARE + 0.3))
        start, end = self.clock, round(self.clock + MOVE, 3)
        self._move(act.map, act.points, start, end)
        number = len(self.spans) + 1
        self._tell("maps", (*TIPS, *names), start, end)
        self.clock = end
        self._wait(self.clip.rest, self.clip.rest + 0.2)
        values: dict[str, JsonValue] = {name: spot(image(act.map.matrix, tip)) for name, tip in TIPS.items()}
        values |= {letter: spot(image(act.map.matrix, at)) for letter, at in act.points}
        self.states.append(State(start=end, end=self.clock, values={"map": number, **values}, shown=True))
        self.spans.append((first, self.clock))
        if act.kept:
            start = self.clock
            self._fade([*GRID, *names], 0.0)
            self._tell("clears", (*TIPS, *names), start, self.clock)
            self._reset(act.map)
            self.done.append(self.clock)
            return False
        start, end = self.clock, round(self.clock + BACK, 3)
        self._move(act.map, act.points, start, end, back=True)
        self._tell("undoes", (*TIPS, *names), start, end)
        self.clock = end
        self._fade(names, 0.0)
        self._wait(0.3, 0.5)
        self.done.append(self.clock)
        return True

    def _move(
        self, one: Map, points: tuple[tuple[str, Point], ...], start: float, end: float, back: bool = False
    ) -> None:
        """Let the grid and all on it go through a map, or back."""

        def along(pick: Callable[[tuple[Array, Array, Array, Array]], Array]) -> Motion:
            def motion(times: Array) -> Array:
                p = (times - start) / (end - start)
                p = p.clip(0.0, 1.0)
                share = p * p * (3 - 2 * p)
                return pick(one.part(1 - share if back else share)) + 0.0 * times

            return motion

        for i, channel in enumerate("abcd"):
            self.line.follow("grid", channel, along(lambda m, i=i: m[i]), start, end)
        followed = [*TIPS.items(), *((f"point {letter}", at) for letter, at in points)]
        for name, (x, y) in followed:
            self.line.follow(name, "x", along(lambda m, x=x, y=y: m[0] * x + m[1] * y), start, end)
            self.line.follow(name, "y", along(lambda m, x=x, y=y: m[2] * x + m[3] * y), start, end)

    def _reset(self, one: Map) -> None:
        """Put grid and arrows back while they cannot be seen."""
        for channel, entry in zip("abcd", UNIT, strict=True):
            self.line.change("grid", channel, entry, self.clock)
        for name, tip in TIPS.items():
            self.line.move(name, tip, self.clock, self.clock)

    def _star(self, at: Point) -> None:
        self.line.add("star", at, (0.8, 0.8), z=6, solid=False, opacity=0.0)
        self.things.append(Thing(id="star", kind="star", shape_fills_box=False))
        self._stand(["star"], "marks", {"star": spot(at)})

    # ── the field ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _field(self) -> None:
        field, rng = self.clip.field, self.rng.fork("field")
        self.line.add("lens", field_spot(field, field.columns[0], field.corner[1] + 1), LENS, z=1, solid=False, tracked=False,
                      opacity=0.0)  # fmt: skip
        boxes = list(rng.shuffled(field.rectangles))
        gaps = sorted(rng.integer(0, len(field.columns)) for _ in boxes)
        for number, x in enumerate(field.columns):
            while gaps and gaps[0] == number:
                gaps.pop(0)
                self._rectangle(boxes.pop())
            self._column(x, number == 0)
        self._fade(["lens"], 0.0)
        while boxes:
            self._rectangle(boxes.pop())

    def _column(self, x: int, is_first: bool) -> None:
        """The lens goes to a column, and the arrows there are seen."""
        field = self.clip.field
        to = field_spot(field, x, field.corner[1] + 1)
        if is_first:
            self._fade(["lens"], 1.0)
        else:
            self.line.move("lens", to, self.clock, round(self.clock + 0.5, 3))
            self.clock = round(self.clock + 0.5, 3)
        names = []
        values: dict[str, JsonValue] = {}
        for y in field.rows:
            p, q = field.at(x, y)
            at, name = field_spot(field, x, y), f"reading {x} {y}"
            beside = BESIDE if p < 0 or (p == 0 and x <= field.corner[0] + 1) else -BESIDE
            self.line.add(name, (at[0] + beside, at[1]), PLAQUE, z=5, solid=False, opacity=0.0)
            self.line.add(f"arrow {x} {y}", at, (0.4, 0.4), z=4, solid=False, tracked=False, opacity=0.0, p=p, q=q)
            self.things.append(Thing(id=name, kind="reading", attributes={"text": spot((p, q))}, shape_fills_box=False))
            names += [name, f"arrow {x} {y}"]
            values[spot((x, y))] = spot((p, q))
        self._stand(names, "shows", values)

    def _rectangle(self, box: Rectangle) -> None:
        name = f"rectangle {box.letter}"
        low, high = (
            field_spot(self.clip.field, box.x, box.y),
            field_spot(self.clip.field, box.x + box.wide, box.y + box.high),
        )
        middle = (low[0] + high[0]) / 2, (low[1] + high[1]) / 2
        size = high[0] - low[0], high[1] - low[1]
        self.line.add(name, middle, size, z=3, solid=False, opacity=0.0)
        self.things.append(Thing(id=name, kind="rectangle", attributes={"letter": box.letter}, shape_fills_box=False))
        corners: dict[str, JsonValue] = {
            box.letter: f"{spot((box.x, box.y))} to {spot((box.x + box.wide, box.y + box.high))}"
        }
        self._stand([name], "frames", corners)

    # ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _stand(self, names: Sequence[str], kind: str, values: dict[str, JsonValue]) -> None:
        """Let actors come, stand and go; ``values``: what is seen, for the record."""
        start = self.clock
        self._fade(names, 1.0)
        self.states.append(State(start=self.clock, end=round(self.clock + LOOK, 3), values=values, shown=True))
        self._wait(LOOK, LOOK + 0.2)
        self._fade(names, 0.0)
        self._tell(kind, [name for name in names if self.line.actors[name].tracked], start, self.clock)

    def _fade(self, names: Sequence[str], to: float) -> None:
        """Let actors come (``to`` 1) or go (0); it takes no time where there are none."""
        end = round(self.clock + FADE, 3)
        for name in names:
            self.line.change(name, "opacity", to, self.clock, end)
        self.clock = end if names else self.clock

    def _wait(self, least: float, most: float) -> None:
        self.clock = round(self.clock + self.rng.uniform(least, most), 3)

    def _tell(self, kind: str, objects: Sequence[str], start: float, end: float) -> None:
        number = sum(event.kind == kind for event in self.events) + 1
        self.events.append(Event(id=f"{kind} {number}", kind=kind, objects=tuple(objects), start=start, end=end))
