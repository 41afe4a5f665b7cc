"""Several scenes one after another, each announced by a title card: what compositions are laid out on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from morse.layout import Scene
from morse.timeline import Timeline
from morse.tracks import Tracks
from morse.world import World


@dataclass(frozen=True)
class Part:
    """One scene of a composition. Its own time starts at 0, after its card."""

    scene: Scene
    card: str = ""
    """What the card before it says ("Clip 3"); empty: no card."""
    card_seconds: float = 1.5
    stage: str = "manim"
    """The kind of stage that draws it."""

    @property
    def lead(self) -> float:
        """Seconds from the start of the card to the start of the scene."""
        return self.card_seconds if self.card else 0.0

    def names(self) -> tuple[str, ...]:
        """Everything in the scene that a stage can hide."""
        if isinstance(self.scene, Timeline):
            return tuple(self.scene.actors)
        return self.scene.tracks(np.zeros(1)).names

    def spans_of_change(self) -> list[tuple[float, float]]:
        """When anything in the scene changes, in its own time; the whole of it if the scene cannot tell."""
        if isinstance(self.scene, Timeline | World):
            return self.scene.spans_of_change()
        return [(0.0, self.scene.duration)]


class JoinedScene:
    """Parts in the order in which they are shown. An object that is in several parts keeps its name.

    ``ending``: what a last card says ("The end"), shown for ``ending_seconds``; empty: no such card.
    """

    def __init__(self, parts: Sequence[Part], ending: str = "", ending_seconds: float = 1.5) -> None:
        if not parts:
            raise ValueError("a composition needs at least one part")
        self.parts, self.ending = tuple(parts), ending
        edges = np.cumsum([0.0, *(part.lead + part.scene.duration for part in self.parts)])
        self._edges = np.round(edges, 6)
        self.duration = round(float(self._edges[-1]) + (ending_seconds if ending else 0.0), 6)

    def starts(self, k: int) -> float:
        """When the card of part ``k`` (counted from 0) comes up, in clip time; that of the ending for ``len(parts)``."""
        return float(self._edges[k])

    def begins(self, k: int) -> float:
        """When the scene of part ``k`` begins, in clip time: its own time 0."""
        return round(self.starts(k) + self.parts[k].lead, 6)

    def tracks(self, times: np.ndarray) -> Tracks:
        """Boxes and visible fractions of the objects of all parts; what a part lacks is not visible in it."""
        times = np.asarray(times, dtype=float)
        where = np.clip(np.searchsorted(self._edges, times + 1e-9, side="right") - 1, 0, len(self.parts) - 1)
        names = tuple(dict.fromkeys(n for part in self.parts for n in part.scene.tracks(np.zeros(0)).names))
        column = {name: i for i, name in enumerate(names)}
        boxes = np.zeros((len(times), len(names), 4))
        visible = np.zeros((len(times), len(names)))
        for k in dict.fromkeys(where.tolist()):
            own = times - self.begins(k)
            over = own > self.parts[k].scene.duration - 1e-9 if self.ending else np.zeros(len(times), dtype=bool)
            rows = np.flatnonzero((where == k) & (own >= -1e-9) & ~over)
            found = self.parts[k].scene.tracks(np.maximum(own[rows], 0.0))
            columns = np.array([column[name] for name in found.names], dtype=int)
            boxes[np.ix_(rows, columns)] = found.boxes
            visible[np.ix_(rows, columns)] = found.visible
        return Tracks(names, times, boxes, visible)

    def mask(self, name: str, time: float, height: int, width: int) -> np.ndarray:
        """(height, width): what an object covers in the part that is shown; nothing while a card is."""
        k = int(np.clip(np.searchsorted(self._edges, time + 1e-9, side="right") - 1, 0, len(self.parts) - 1))
        own, part = time - self.begins(k), self.parts[k]
        over = own > part.scene.duration - 1e-9 and bool(self.ending)
        if own < -1e-9 or over or name not in part.scene.tracks(np.zeros(0)).names:
            return np.zeros((height, width), bool)
        return part.scene.mask(name, max(own, 0.0), height, width)
