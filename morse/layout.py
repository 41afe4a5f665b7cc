"""Where things are and when: what a task's ``layout`` returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from morse.schema import Event, State, Thing, Tone
from morse.timeline import Timeline
from morse.tracks import Tracks


class Scene(Protocol):
    """What is filmed: a flat :class:`~morse.timeline.Timeline`, a 3D world, or several joined."""

    @property
    def duration(self) -> float: ...

    def tracks(self, times: np.ndarray) -> Tracks: ...

    def mask(self, name: str, time: float, height: int, width: int) -> np.ndarray:
        """(height, width): the pixels whose middle an object covers, with nothing in front of it."""
        ...


@dataclass(frozen=True)
class Layout:
    """The clip in space and time, before it is drawn.

    ``events`` and ``states`` carry clip times; those with ``shown`` are all that :meth:`shown` gives away. ``details``
    holds what ``draw`` and ``ask`` need beside (labels, placements); it is not recorded. ``sounds`` are what is heard: they go
    into the video, and only a task that is registered with ``sound=True`` has them.
    """

    scene: Scene
    objects: tuple[Thing, ...]
    events: tuple[Event, ...] = ()
    states: tuple[State, ...] = ()
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    sounds: tuple[Tone, ...] = ()

    @property
    def duration(self) -> float:
        return self.scene.duration

    @property
    def timeline(self) -> Timeline:
        """The scene, where it is flat."""
        if not isinstance(self.scene, Timeline):
            raise TypeError(f"the scene is a {type(self.scene).__name__}, not a Timeline")
        return self.scene

    def shown(self, until: float | None = None) -> "Shown":
        """What the clip shows (up to a time): the only source for ``Task.rederive``."""
        end = self.duration if until is None else until
        return Shown(
            objects=self.objects,
            events=tuple(event for event in self.events if event.shown and event.end <= end + 1e-9),
            states=tuple(state for state in self.states if state.shown and state.start < end),
            duration=end,
            scene=self.scene,
            sounds=tuple(sound for sound in self.sounds if sound.start < end),
        )


@dataclass(frozen=True)
class Shown:
    """What a perfect viewer has seen and heard by the end (or by ``asked_at``): objects, shown events in order, shown states,
    sounds that have begun."""

    objects: tuple[Thing, ...]
    events: tuple[Event, ...]
    states: tuple[State, ...]
    duration: float
    scene: Scene
    sounds: tuple[Tone, ...] = ()
