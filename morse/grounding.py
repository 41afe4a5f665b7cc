"""Where things are while something happens: answers in boxes and masks by whole second, from the layout alone.

With a question of what happened and one of when (a :class:`~morse.schema.Span`), these make the chain what → when → where of
V-STaR (arXiv 2503.11495); asked for a thing that is only described, they are the implicit references of ReVOS (VISA, arXiv
2407.11325).
"""

import math
from collections.abc import Iterable

import numpy as np
from pydantic import JsonValue

from morse.errors import Rejected
from morse.layout import Scene

SEEN = 0.5
"""The visible share from which on a thing has a place."""


def whole_seconds(start: float, end: float, margin: float = 0.15) -> list[int]:
    """The whole seconds from ``start`` to ``end`` that are at least ``margin`` seconds inside."""
    return list(range(math.ceil(start + margin - 1e-9), math.floor(end - margin + 1e-9) + 1))


def plain_seconds(start: float, end: float, margin: float, unsure: float = 0.1) -> list[int]:
    """The whole seconds from ``start`` to ``end``, ``margin`` seconds inside; none where ``unsure`` seconds more or less would make them
    others, so that whoever finds the stretch finds the seconds."""
    seconds = whole_seconds(start, end, margin)
    off = (margin - unsure, margin + unsure)
    return seconds if all(whole_seconds(start, end, other) == seconds for other in off) else []


def seconds_to_ask(start: float, end: float, margin: float = 0.0) -> tuple[list[int], list[int]]:
    """The whole seconds of a stretch to ask for, and those of them that the question must name: none where whoever finds the stretch
    finds the seconds, else all, which then lie well inside."""
    if seconds := plain_seconds(start, end, margin):
        return seconds, []
    inside = whole_seconds(start, end, margin + 0.25)
    return inside, inside


def boxes_by_second(scene: Scene, name: str, seconds: Iterable[int]) -> dict[str, JsonValue]:
    """An answer of the format :class:`~morse.schema.Boxes`: what of the box round a thing lies in the frame.

    Raises :class:`Rejected` where less than half of it can be seen in one of the seconds, or none is asked for.
    """
    asked = list(seconds)
    boxes, visible = scene.tracks(np.array(asked, float)).of(name) if asked else (np.zeros((0, 4)), np.zeros(0))
    if not asked or visible.min() < SEEN:
        raise Rejected("what is to be found cannot be seen well")
    found: dict[str, JsonValue] = {}
    for second, box in zip(asked, np.clip(boxes, 0.0, 1.0), strict=True):
        found[str(second)] = [round(float(edge), 3) + 0.0 for edge in box]
    return found


def masks_by_second(scene: Scene, name: str, seconds: Iterable[int], height: int, width: int) -> dict[str, JsonValue]:
    """An answer of the format :class:`~morse.schema.Masks` of a size: the pixels whose middle the thing covers.

    Raises :class:`Rejected` as :func:`boxes_by_second` does.
    """
    asked = list(boxes_by_second(scene, name, seconds))
    return {second: run_length_code(scene.mask(name, float(second), height, width)) for second in asked}


def run_length_code(mask: np.ndarray) -> JsonValue:
    """COCO's run-length code of a mask, (height, width) of truth values: column by column, counts of off, on, off, …"""
    flat = mask.astype(bool).ravel(order="F")
    edges = np.flatnonzero(np.diff(flat, prepend=False)).tolist()
    counts: list[JsonValue] = [*np.diff([0, *edges, flat.size]).tolist()]
    return {"size": [*mask.shape], "counts": counts}
