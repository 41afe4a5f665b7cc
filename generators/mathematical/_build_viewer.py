"""The answers about a construction once more: every step done anew with numpy from what is marked, and held against the screen."""

from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Choice, Event, Question, Set
from morse.timeline import Timeline

Array = np.ndarray
Points = dict[str, Array]


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    slots = question.slots
    events = sorted(shown.events, key=lambda event: event.start)
    marks = {thing.id: str(thing.attributes["text"]) for thing in shown.objects if thing.kind == "mark"}
    match question.kind:
        case "latest":
            return int([marks[name] for event in events for name in event.objects if name.endswith("length")][-1])
        case "order":
            times = {_told(name, marks): event.end for event in events for name in event.objects if name in marks}
            listed = slots["names"]
            assert isinstance(listed, list)
            return [place + 1 for place in sorted(range(len(listed)), key=lambda i: times[str(listed[i])])]
        case "marked":
            ends = {str(slots["one"]), str(slots["other"])}
            found = [
                int(marks[name])
                for event in events
                for name in event.objects
                if name.endswith("length") and set(_letters(event, marks)[-2:]) == ends
            ]
            return found[0] if found else None
        case "which":
            return next(event.kind for event in events if _letters(event, marks)[-1] == slots["new"])
    assert isinstance(shown.scene, Timeline)
    here = on_screen(shown.scene, events, marks)
    if question.kind in ("line", "circle"):
        return _lying(question, here)
    built = rebuilt(events, marks, here)
    _same_figure(built, here)
    return _measured(question, events, marks, here, built)


def _measured(
    question: Question, events: Sequence[Event], marks: Mapping[str, str], here: Points, built: Points
) -> JsonValue:
    slots = question.slots
    match question.kind:
        case "length":
            return float(np.linalg.norm(built[str(slots["x"])] - built[str(slots["y"])]))
        case "angle":
            one, other = (built[str(slots[name])] - built[str(slots["v"])] for name in "xy")
            return float(np.degrees(np.arccos(one @ other / np.linalg.norm(one) / np.linalg.norm(other))))
        case "area":
            return _heron(built, str(slots["corners"]))
        case "ratio":
            return _heron(built, str(slots["one"])) / _heron(built, str(slots["other"]))
        case "meets":
            drawn = next(event for event in events if event.kind == "circle")
            centre, radius = built[drawn.objects[0]], int(marks[drawn.objects[1]])
            p, way = built[str(slots["p"])], built[str(slots["q"])] - built[str(slots["p"])]
            # |p + t way − centre|² = radius², a quadratic in t
            roots = np.polynomial.polynomial.Polynomial(
                [(p - centre) @ (p - centre) - radius**2, 2 * way @ (p - centre), way @ way]
            )
            a, b, c = roots.coef[2], roots.coef[1], roots.coef[0]
            inside = b * b - 4 * a * c
            return 1 if abs(inside) < 1e-6 * a * radius**2 else 2 if inside > 0 else 0
        case "instead":
            other = rebuilt(events, marks, here, (f"step {slots['step']}", str(slots["way"]), int(str(slots["value"]))))
            return float(np.linalg.norm(other[str(slots["x"])] - other[str(slots["y"])]))
        case "next":
            of = slots["of"]
            assert isinstance(of, list)
            at = [built[str(name)] for name in of]
            turn = float(str(slots["angle"]))
            new = _step(str(slots["kind"]), at, abs(turn), 1.0 if turn >= 0 else -1.0, 0)
            return float(np.linalg.norm(new - built[str(slots["w"])]))
    raise ValueError(f"no question kind {question.kind!r}")


def _lying(question: Question, here: Points) -> JsonValue:
    """What lies on a line or circle, by where it is on the screen."""
    form = question.format
    if isinstance(form, Choice):
        flat = [option for option in form.options if _rank([here[name] for name in option.split(", ")]) < 2]
        if len(flat) != 1:
            raise ValueError(f"{len(flat)} options hold")
        return flat[0]
    assert isinstance(form, Set)
    centre = here[str(question.slots["centre"])]
    radius = np.linalg.norm(here[str(question.slots["through"])] - centre)
    return [name for name in form.vocabulary if abs(np.linalg.norm(here[name] - centre) - radius) < 1e-6]


def on_screen(scene: Timeline, events: Sequence[Event], marks: Mapping[str, str]) -> Points:
    """Where each point rests on the canvas."""
    return {name: np.array(scene.place(name, event.end)) for event in events for name in _letters(event, marks)}


def rebuilt(
    events: Sequence[Event],
    marks: Mapping[str, str],
    here: Points,
    other: tuple[str, str, int] | None = None,
) -> Points:
    """All points from the steps and their marks; the screen tells only on which side. ``other``: (a step's event, what of it is another:
    length, angle or side, and how large that is)."""
    built: Points = {}
    for event in events:
        letters = _letters(event, marks)
        length = next((int(marks[name]) for name in event.objects if name.endswith("length")), 0)
        angle = next((int(marks[name].rstrip("°")) for name in event.objects if name.endswith("angle")), 90)
        if event.kind == "circle":
            continue
        if event.kind == "segment":
            built[letters[0]] = np.zeros(2)
        seen = [here[name] for name in letters]
        side = 1.0
        if event.kind in ("leg", "turned"):
            vertex, arm = seen[1], seen[0]
            side = float(np.sign(_cross(arm - vertex, seen[2] - vertex)))
        if other is not None and event.id == other[0]:
            length = other[2] if other[1] == "length" else length
            angle = other[2] if other[1] == "angle" else angle
            side = -side if other[1] == "side" else side
        built[letters[-1]] = _step(event.kind, [built[name] for name in letters[:-1]], angle, side, length)
    return built


def _step(kind: str, at: Sequence[Array], angle: float, side: float, length: int) -> Array:
    """The point that a step makes."""
    if kind == "segment":
        return at[0] + np.array([float(length), 0.0])
    if kind == "midpoint":
        return np.mean(at, axis=0)
    if kind == "parallel":
        return at[2] + (at[1] - at[0])
    if kind in ("leg", "turned"):
        c, s = np.cos(np.radians(angle)), side * np.sin(np.radians(angle))
        arm = np.array([[c, -s], [s, c]]) @ (at[0] - at[1])
        return at[1] + (arm if kind == "turned" else length * arm / np.linalg.norm(arm))
    r, p, q = at
    if kind == "bisector":
        # the point of PQ whose directions from R to P and to Q make equal angles: r + s (u + v) = p + t (q − p)
        u, v = ((z - r) / np.linalg.norm(z - r) for z in (p, q))
        s, _ = np.linalg.solve(np.column_stack([u + v, p - q]), p - r)
        return r + s * (u + v)
    # the foot is the point of PQ nearest to R
    t = np.linalg.lstsq((q - p)[:, None], r - p, rcond=None)[0]
    foot = p + (q - p) * t
    return foot if kind == "foot" else 2 * foot - r


def _same_figure(built: Points, here: Points) -> None:
    """Raises ``ValueError`` unless what is built is what is on the screen, but for place, size and a turn."""
    names = [*built]
    if len(names) < 2:
        raise ValueError("no figure")
    one, other = (np.array([points[name] for name in names]) for points in (built, here))
    one, other = one - one.mean(axis=0), other - other.mean(axis=0)
    a, b = one[:, 0] + 1j * one[:, 1], other[:, 0] + 1j * other[:, 1]
    factor = np.vdot(a, b) / np.vdot(a, a)
    if not np.allclose(factor * a, b, atol=1e-6):
        raise ValueError("the screen shows another figure than the marks make")


def _heron(points: Points, corners: str) -> float:
    a, b, c = (
        float(np.linalg.norm(points[x] - points[y])) for x, y in (corners[:2], corners[1:], corners[0] + corners[2])
    )
    s = (a + b + c) / 2
    return float(np.sqrt(s * (s - a) * (s - b) * (s - c)))


def _rank(points: Sequence[Array]) -> int:
    return int(np.linalg.matrix_rank(np.array(points[1:]) - points[0], tol=1e-6))


def _cross(a: Array, b: Array) -> float:
    return float(a[0] * b[1] - a[1] * b[0])


def _letters(event: Event, marks: Mapping[str, str]) -> list[str]:
    return [name for name in event.objects if name not in marks]


def _told(name: str, marks: Mapping[str, str]) -> str:
    return f"the {name.rsplit(maxsplit=1)[-1]} {marks[name]}"
