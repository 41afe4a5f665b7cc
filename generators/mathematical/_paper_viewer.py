"""The curves once more, from the ways of the pens over the paper."""

from functools import lru_cache
from typing import Any

import numpy as np
from pydantic import JsonValue

from morse.layout import Scene, Shown
from morse.schema import Question
from morse.timeline import Timeline


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    from scipy.optimize import minimize_scalar

    slots, pens = question.slots, {str(t.attributes["letter"]): t.id for t in shown.objects if t.kind == "pen"}
    end, curves = traced(shown.scene, tuple(sorted(pens.items())))
    one = curves.get(str(slots.get("one")))
    match question.kind:
        case "crossings":
            return crossings(one, curves[str(slots["other"])], end, 0.0)
        case "raised":
            shift = float(str(slots["shift"])) * (1 if slots["way"] == "raised" else -1)
            return crossings(one, curves[str(slots["other"])], end, shift)
        case "peak":
            assert one is not None
            near = max(range(int(end) + 1), key=lambda x: float(one(x)))
            found = minimize_scalar(lambda x: -float(one(x)), bounds=(near - 0.9, near + 0.9), method="bounded")
            return round(float(found.x))
        case "rate":
            assert one is not None
            start, stop = int(str(slots["start"])), int(str(slots["end"]))
            return round(float(one(stop) - one(start)) / (stop - start), 3)
        case "area":
            assert one is not None
            boxes = next(thing for thing in shown.objects if thing.kind == "boxes").attributes
            corner = int(str(boxes["first"])) + {"left": 0.0, "middle": 1.0, "right": 2.0}[str(boxes["rule"])]
            return round(sum(2.0 * float(one(corner + 2.0 * i)) for i in range(4)))
        case "highest":
            x = int(str(slots["x"]))
            return max(curves, key=lambda letter: float(curves[letter](x)))
    raise ValueError(f"no question kind {question.kind!r}")


def crossings(one: Any, other: Any, end: float, shift: float) -> int:
    """How often the difference of two curves goes through zero, by its roots."""
    from scipy.optimize import brentq

    def apart(x: float) -> float:
        return float(one(x) - other(x)) + shift

    grid = np.append(np.arange(0.0, end, 0.2371), end)  # no root lies on it
    values = one(grid) - other(grid) + shift
    pairs = zip(grid[:-1], grid[1:], values[:-1], values[1:], strict=True)
    return len({round(float(str(brentq(apart, a, b))), 6) for a, b, v, w in pairs if v * w < 0})


@lru_cache(maxsize=4)
def traced(scene: Scene, pens: tuple[tuple[str, str], ...]) -> tuple[float, dict[str, Any]]:
    """How far the paper goes, and the curve of each letter: y where each place of the paper was under its pen, measured
    in y units from the lowest line."""
    from scipy.interpolate import PchipInterpolator

    from generators.mathematical._paper import BASE, HIGH

    assert isinstance(scene, Timeline)
    times = np.arange(0.0, scene.duration, 0.02)
    x, first = np.unique(np.round(scene.actors["paper"].values("u", times), 9), return_index=True)
    curves = {
        letter: PchipInterpolator(x, (scene.actors[name].values("y", times)[first] - BASE) / HIGH)
        for letter, name in pens
    }
    return float(x[-1]), curves
