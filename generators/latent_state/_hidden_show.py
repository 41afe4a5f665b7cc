"""How a hidden state is shown in time: the reveal, the operations, what distracts, and the pauses between them."""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any, Generic, Protocol

from pydantic import JsonValue

from generators.latent_state._hidden_state import Life, Operation, S
from morse.layout import Layout
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

DECOYS = ("shake", "tilt", "feint", "stroll", "idle", "ball", "cloth")
"""Kinds of events that change nothing."""
OPERATION, DECOY, CROSSING, COVERING = 1.9, 1.5, 3.0, 0.6
"""Seconds, at speed 1, that an operation and a gesture take; and that a cloth takes to cross the frame, a cover to open."""
BALL, CLOTH, CLOTH_HEIGHT = 0.5, 4.0, 8.6
"""Sizes in canvas units."""
FRONT = 60.0
"""Where passing things are in depth: in front of all that a task draws."""
Act = Callable[[Operation, float, float], tuple[str, ...]]
Idle = Callable[[float, float], tuple[str, ...]]


class Reveal(Protocol):
    """Uncovers the state from ``start`` to ``up`` and covers it again from ``down`` to ``end`` (``None``: it stays open)."""

    def __call__(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]: ...


def look_rate(lengths: Iterable[float]) -> float:
    """The frames a second at which something that can be seen for so many seconds is met, wherever the sampler starts."""
    least = min(lengths)
    return 1.0 if least >= 1.05 else max(2.0, round(1.1 / least, 1))


class Showing(Generic[S]):
    """The clock of a clip. A task adds its actors to ``line``, calls :meth:`play`, then :meth:`layout`."""

    def __init__(self, life: Life[S], rng: Rng) -> None:
        self.life, self.rng, self.line = life, rng, Timeline(0.0)
        self.clock = round(rng.uniform(0.5, 1.2), 3)
        self.events: list[Event] = []
        self.open: tuple[float, float] = (0.0, 0.0)
        self.opened: tuple[str, ...] = ()
        self.looks: dict[str, tuple[str, ...]] = {}
        self.passing: list[Thing] = []

    def play(self, reveal: Reveal, act: Act, idle: Mapping[str, Idle]) -> None:
        """Show everything. Each callable writes on the timeline and returns the ids of the actors to be looked at.

        ``act``: one operation; it must be told by any look in its time, but for its first 0.35 s. ``idle``: a task's decoys, by
        names out of :data:`DECOYS` (another name would count as an operation).
        """
        if unknown := [name for name in idle if name not in DECOYS]:
            raise ValueError(f"{unknown[0]!r} is no kind of decoy: choose {', '.join(DECOYS)}")
        life, params = self.life, self.life.params
        if not life.back:
            self._reveal(reveal)
        for what in life.acts:
            start = self.clock
            if isinstance(what, Operation):
                end = round(start + OPERATION / params.speed, 3)
                event = Event(id=f"{what.kind}@{start}", kind=what.kind, objects=what.objects, start=start, end=end)
                self.looks[event.id] = act(what, start, end)
            elif what in idle:
                end = round(start + DECOY / params.speed, 3)
                event = Event(id=f"{what}@{start}", kind=what, objects=idle[what](start, end), start=start, end=end)
            else:
                event = self._pass(what, start)
            self.events.append(event)
            self.clock = event.end
            self._wait(params.gap)
        if life.back:
            self._reveal(reveal)
        self._settle()

    def fade(
        self, names: Iterable[str], start: float, up: float, down: float | None, end: float, *, to: float = 1.0
    ) -> tuple[str, ...]:
        """Let actors appear from ``start`` to ``up`` and vanish from ``down`` to ``end`` (``None``: they stay), as a reveal does;
        with ``to=0`` covers vanish and come back. Returns their names."""
        shown = tuple(names)
        for name in shown:
            self.line.change(name, "opacity", to, start, up)
            if down is not None:
                self.line.change(name, "opacity", 1.0 - to, down, end)
        return shown

    def layout(self, objects: Iterable[Thing], **details: Any) -> Layout:
        """The clip in space and time, with the events and states shown so far."""
        rules = self.life.rules
        times = [0.0, *(e.end for e in self.events if e.kind not in DECOYS), self.line.duration]
        values: list[dict[str, JsonValue]] = [rules.values(state) for state in self.life.walk.states]
        states = [State(start=a, end=b, values=v) for (a, b), v in zip(pairwise(times), values, strict=True)]
        start, end = self.open
        states.insert(0, State(start=start, end=end, values=rules.values(self.life.seen), shown=True))
        things = (*objects, *self.passing)
        return Layout(
            self.line, things, tuple(self.events), tuple(states), {"looks": self.looks, "open": self.opened, **details}
        )

    def _reveal(self, reveal: Reveal) -> None:
        start = self.clock
        up = round(start + COVERING, 3)
        down = round(up + self.life.params.reveal, 3)
        if self.life.back:
            self.opened, self.clock = reveal(start, up, None, down), down
        else:
            self.clock = round(down + COVERING, 3)
            self.opened = reveal(start, up, down, self.clock)
        self.open = (up, down)
        self._wait(0.8)

    def _wait(self, seconds: float) -> None:
        self.clock = round(self.clock + seconds * self.rng.uniform(0.7, 1.3), 3)

    def _settle(self) -> None:
        """End the clip after a pause, so that nothing happens in its middle: a frame from there tells of no operation."""
        for _ in range(12):
            self.line.duration = round(self.clock + self.rng.uniform(0.3, 2.5), 3)
            middle = self.line.duration / 2
            if not any(event.start - 0.05 < middle < event.end + 0.05 for event in self.events):
                return

    def _pass(self, kind: str, start: float) -> Event:
        """Let a ball or a cloth cross the frame."""
        name, end = f"{kind}-{len(self.passing) + 1}", round(start + CROSSING, 3)
        box = (CLOTH, CLOTH_HEIGHT) if kind == "cloth" else (BALL, BALL)
        out = (8.0 + box[0] / 2) * self.rng.choice((-1, 1))
        height = 0.0 if kind == "cloth" else self.rng.uniform(-3.5, 3.5)
        self.line.add(name, (-out, height), box, z=FRONT + len(self.passing), round=kind == "ball")
        self.line.move(name, (out, height), start, end, ease="linear")
        self.passing.append(Thing(id=name, kind=kind))
        return Event(id=f"{kind}@{start}", kind=kind, objects=(name,), start=start, end=end)
