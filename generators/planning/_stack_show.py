"""Stacks behind a screen in space and time: they are seen once, so is a picture of the goal, and a crane works out of sight."""

from collections.abc import Mapping
from typing import Any

from generators.planning._stack_world import StackParams, Stacks, Yard, stack_name, values_of
from morse.layout import Layout
from morse.schema import Event, Evidence, State, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

FLOOR, WIDE, HIGH, RAIL, HANGS, DOWN = -3.35, 14.6, 5.1, 3.9, 2.75, 0.9
"""Where the floor is, width and height of the room for the stacks, heights of the rail and of the gripper at rest and down."""
TROLLEY, GRIPPER, ROPE = (1.3, 0.42), (1.15, 0.8), 0.12
"""Sizes in canvas units."""
FADE, GO, DIP, STAY, GAP = 0.5, 0.5, 0.32, 0.45, 0.4
"""Seconds for the screen to go, for the crane to run to a stack, to go down or up, to be down, and between its movements."""
SCREEN, CRANE, FRONT = 10.0, 8.0, 12.0
"""Depths of the screen, of the crane's gripper behind it, and of what is before it."""


class StackShow:
    """The clock of a clip with stacks of things, each of a ``kind`` and a ``size`` known by its name."""

    def __init__(
        self, yard: Yard, params: StackParams, size: Mapping[str, tuple[float, float]], kind: str, rng: Rng
    ) -> None:
        self.yard, self.params, self.rng, self.kind, self.size = yard, params, rng, kind, size
        self.line = Timeline(0.0)
        self.clock = round(rng.uniform(0.6, 1.3), 3)
        self.events: list[Event] = []
        self.states: list[State] = []
        count = len(yard.goal)
        self.spots = [(i - (count - 1) / 2) * WIDE / count for i in range(count)]
        for name, at in self.places(yard.states[0]).items():
            self.line.add(f"{kind}-{name}", at, size[name], z=2)
        room = (0.0, FLOOR + HIGH / 2)
        self.line.add("screen", room, (WIDE, HIGH), z=SCREEN, tracked=False)
        self.line.add("goal", room, (WIDE, HIGH), z=SCREEN + 1, opacity=0.0, solid=False)
        x = rng.uniform(-5.0, 5.0)
        self.line.add("trolley", (x, RAIL), TROLLEY, z=FRONT)
        self.line.add("gripper", (x, HANGS), GRIPPER, z=CRANE, solid=False, shut=0.0)
        self.line.add("rope", (x, (RAIL + HANGS) / 2), (ROPE, RAIL - HANGS), z=CRANE - 1, tracked=False, solid=False)

    def places(self, stacks: Stacks) -> dict[str, tuple[float, float]]:
        """Where the things of some stacks are, by name: their middles, in canvas units."""
        found = {}
        for x, own in zip(self.spots, stacks, strict=True):
            y = FLOOR
            for name in own:
                found[name] = (x, y + self.size[name][1] / 2)
                y += self.size[name][1]
        return found

    def layout(self) -> Layout:
        """Play everything: the goal is seen first, after the stacks, or last."""
        yard, place = self.yard, self.rng.integer(0, 2)
        things = tuple(f"{self.kind}-{name}" for name in yard.names)
        if place == 0:
            self._picture()
        start, up = self.clock, round(self.clock + FADE, 3)
        down = round(up + self.params.shown, 3)
        self.clock = round(down + FADE, 3)
        self.line.change("screen", "opacity", 0.0, start, up)
        self.line.change("screen", "opacity", 1.0, down, self.clock)
        self.states.append(State(start=up, end=down, values=values_of(yard.states[0]), shown=True))
        seen = Evidence(start=up, end=down, objects=things)
        self._wait(0.7)
        if place == 1:
            self._picture()
        for kind, stacks in yard.acts:
            self._act(kind, stacks)
            self._wait(GAP)
        self._park()
        if place == 2:
            self._picture()
        shown = next(state for state in self.states if "goal a" in state.values)
        goal = Evidence(start=shown.start, end=shown.end, objects=("goal",))
        self._settle(seen, goal)
        objects = [Thing(id=name, kind=self.kind, attributes={"name": name.split("-")[1]}) for name in things]
        objects += [Thing(id="goal", kind="goal", shape_fills_box=False), Thing(id="trolley", kind="crane")]
        objects.append(Thing(id="gripper", kind="gripper", shape_fills_box=False))
        details: dict[str, Any] = {"show": self, "seen": seen, "goal": goal}
        return Layout(self.line, tuple(objects), tuple(self.events), tuple(self.states), details)

    def _picture(self) -> None:
        """Show the picture of the goal on the screen."""
        start, up = self.clock, round(self.clock + FADE, 3)
        down = round(up + self.params.shown, 3)
        self.clock = round(down + FADE, 3)
        self.line.change("goal", "opacity", 1.0, start, up)
        self.line.change("goal", "opacity", 0.0, down, self.clock)
        self.states.append(State(start=up, end=down, values=values_of(self.yard.goal, "goal "), shown=True))
        self._wait(0.7)

    def _act(self, kind: str, stacks: tuple[int, int]) -> None:
        """Go to two stacks: down behind the screen at each for a move, waiting above them for a visit."""
        start = self.clock
        for stack, shut in zip(stacks, (1.0, 0.0), strict=True):
            self._run(stack)
            if kind == "move":
                self._dip(shut)
            else:
                self.clock = round(self.clock + (2 * DIP + STAY) / self.params.speed, 3)
        number = len(self.events) + 1
        objects = tuple(map(stack_name, stacks))
        self.events.append(Event(id=f"{kind} {number}", kind=kind, objects=objects, start=start, end=self.clock))

    def _park(self) -> None:
        """Run somewhere, so that where the crane is at the end tells nothing."""
        start, self.clock = self.clock, round(self.clock + 2 * GO, 3)
        x = self.rng.uniform(-6.0, 6.0)
        for name in ("trolley", "gripper", "rope"):
            self.line.change(name, "x", x, start, self.clock)
        self._wait(GAP)

    def _run(self, stack: int) -> None:
        start, self.clock = self.clock, round(self.clock + GO / self.params.speed, 3)
        for name in ("trolley", "gripper", "rope"):
            self.line.change(name, "x", self.spots[stack], start, self.clock)

    def _dip(self, shut: float) -> None:
        """Go down behind the screen, close or open the gripper there, and come up."""
        down = round(self.clock + DIP / self.params.speed, 3)
        back = round(down + STAY / self.params.speed, 3)
        up = round(back + DIP / self.params.speed, 3)
        for start, end, y in ((self.clock, down, DOWN), (back, up, HANGS)):
            self.line.change("gripper", "y", y, start, end)
            self.line.change("rope", "y", (RAIL + y) / 2, start, end)
            self.line.change("rope", "h", RAIL - y, start, end)
        self.line.change("gripper", "shut", shut, round((down + back) / 2, 3))
        self.clock = up

    def _settle(self, *looks: Evidence) -> None:
        """End the clip after a pause, so that neither stacks nor goal are seen at its middle."""
        for _ in range(12):
            self.line.duration = round(self.clock + self.rng.uniform(0.4, 2.4), 3)
            middle = self.line.duration / 2
            if not any(look.start - FADE < middle < look.end + FADE for look in looks):
                break

    def _wait(self, seconds: float) -> None:
        self.clock = round(self.clock + seconds * self.rng.uniform(0.7, 1.3), 3)
