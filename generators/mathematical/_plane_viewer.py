"""The answers about maps and a field once more: matrices by least squares from where arrows and points go on the screen, the field
by a polynomial through its readings, flux and circulation by quadrature along the rectangle's sides."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import product as all_of

import numpy as np
from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Choice, Event, Question
from morse.timeline import Timeline

Array = np.ndarray
UNITS = {"i": (1.0, 0.0), "j": (0.0, 1.0)}


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    if question.kind in ("divergence", "curl", "flux", "circulation", "altered"):
        return round(_measured(question, shown))
    scene, slots = shown.scene, question.slots
    assert isinstance(scene, Timeline)
    moves = sorted((event for event in shown.events if event.kind == "maps"), key=lambda event: event.start)
    backs = [event for event in shown.events if event.kind == "undoes"]
    if question.kind == "timed":
        found = [event for event in moves if _name(seen_matrix(scene, event)) == slots["name"]]
        return [found[0].start, found[0].end] if found else None
    standing = [event for event in moves if not any(0 <= back.start - event.end < 3.5 for back in backs)]
    maps = [seen_matrix(scene, event) for event in standing]
    number = int(str(slots.get("number", slots.get("one", 1)))) - 1
    tip = np.array(UNITS.get(str(slots.get("tip")), (0.0, 0.0)))
    match question.kind:
        case "matrix":
            return [[_whole(entry) for entry in row] for row in together(maps)]
        case "area":
            return round(float(np.linalg.det(together(maps))))
        case "lands":
            name = f"point {slots['letter']}"
            own = next(i for i, event in enumerate(standing) if name in event.objects)
            start = np.array(scene.place(name, standing[own].start))
            return dict(zip("xy", map(_whole, together(maps[own:]) @ start), strict=True))
        case "starts":
            star = next(event for event in shown.events if event.kind == "marks")
            before = [one for one, event in zip(maps, standing, strict=True) if event.end < star.start]
            place = np.array(scene.place("star", star.start))
            return dict(zip("xy", map(_whole, np.linalg.solve(together(before), place)), strict=True))
        case "which":
            return _name(maps[number])
        case "order":
            names = [_name(one) for one in maps]
            listed = slots["names"]
            assert isinstance(listed, list)
            return [place + 1 for place in sorted(range(len(listed)), key=lambda i: names.index(str(listed[i])))]
        case "swapped":
            other = int(str(slots["other"])) - 1
            maps[number], maps[other] = maps[other], maps[number]
            return _spot(together(maps) @ tip)
        case "so_far":
            return _spot(together(maps) @ tip)
        case "keeps":
            both = together(maps[number : number + 2])
            assert isinstance(question.format, Choice)
            vectors = [np.array([float(part) for part in _plain(option)]) for option in question.format.options]
            own = [
                i for i, v in enumerate(vectors) if any(np.allclose(both @ v, value * v) for value in real_values(both))
            ]
            if len(own) != 1:
                raise ValueError(f"{len(own)} vectors keep their line")
            return question.format.options[own[0]]
    raise ValueError(f"no question kind {question.kind!r}")


def seen_matrix(scene: Timeline, event: Event) -> Array:
    """The matrix of a map, from where all that goes with the grid is before and after it, by least squares."""
    return _between(scene, event.objects, event.start, event.end)


@lru_cache(maxsize=64)
def _between(scene: Timeline, names: tuple[str, ...], start: float, end: float) -> Array:
    times = np.array([start, end])
    places = np.array([[scene.actors[name].values(axis, times) for axis in "xy"] for name in names])
    found = np.linalg.lstsq(places[:, :, 0], places[:, :, 1], rcond=None)[0].T
    return np.round(2 * found) / 2


def together(maps: Sequence[Array]) -> Array:
    whole = np.eye(2)
    for one in maps:
        whole = one @ whole
    return whole


def real_values(matrix: Array) -> list[float]:
    """The real eigenvalues."""
    return [float(value.real) for value in np.linalg.eigvals(matrix) if abs(value.imag) < 1e-9]


def _name(matrix: Array) -> str:
    """What a matrix does, in the words of the questions, by what it leaves in place."""
    (a, b), (c, d) = matrix.tolist()
    det, trace = round(float(np.linalg.det(matrix)), 6), a + d
    if np.allclose(matrix @ matrix.T, np.eye(2)):
        if det > 0:
            turn = round(float(np.degrees(np.arctan2(c, a))))
            return {90: "quarter turn counterclockwise", -90: "quarter turn clockwise"}.get(turn, "half turn")
        still = round(float(np.degrees(np.arctan2(c, a))) / 2)
        lines = {0: "x axis", 90: "y axis", -90: "y axis", 45: "line y = x", -45: "line y = −x"}
        return f"reflection in the {lines[still]}"
    if trace == 2 and det == 1:
        return f"shear that takes {'(0, 1)' if b else '(1, 0)'} to {_spot(matrix[:, 1] if b else matrix[:, 0])}"
    if a == d:
        return f"stretch along x and y by {_number(a)}"
    return f"stretch along {'x' if d == 1 else 'y'} by {_number(a if d == 1 else d)}"


# ── the field ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _measured(question: Question, shown: Shown) -> float:
    scene, slots = shown.scene, question.slots
    assert isinstance(scene, Timeline)
    readings = {thing.id: _plain(str(thing.attributes["text"])) for thing in shown.objects if thing.kind == "reading"}
    seen = [name for event in shown.events if event.kind == "shows" for name in event.objects]
    places = [tuple(int(part) for part in name.split()[1:]) for name in seen]
    values = np.array([[float(part) for part in readings[name]] for name in seen])
    degree = 1 if slots["degree"] == "first" else 2
    field = fitted(np.array(places, dtype=float), values, degree)
    if question.kind in ("divergence", "curl"):
        x, y = (float(part) for part in _plain(str(slots["point"])))
        by_x, by_y = (field(x + 0.5, y) - field(x - 0.5, y)), (field(x, y + 0.5) - field(x, y - 0.5))
        return float(by_x[0] + by_y[1]) if question.kind == "divergence" else float(by_x[1] - by_y[0])
    name = f"rectangle {slots['letter']}"
    frame = next(event for event in shown.events if event.kind == "frames" and event.objects == (name,))
    middle, size = np.array(scene.place(name, frame.start)), np.array(scene.actors[name].size)
    dots = [np.array(scene.place(f"arrow {x} {y}", frame.start)) for x, y in places]
    fit = np.linalg.lstsq(np.column_stack([dots, np.ones(len(dots))]), np.array(places, dtype=float), rcond=None)[0]
    low, high = (np.append(middle + side * size / 2, 1.0) @ fit for side in (-1, 1))
    measure, scale = question.kind, np.ones(2)
    if question.kind == "altered":
        measure, scale["xy".index(str(slots["component"]))] = str(slots["measure"]), float(str(slots["factor"]))
    return around(lambda x, y: field(x, y) * scale, measure, low, high)


def fitted(places: Array, values: Array, degree: int) -> Callable[[float, float], Array]:
    """The polynomials of a degree through readings of both components, by least squares."""
    powers = [(i, k) for i, k in all_of(range(degree + 1), repeat=2) if i + k <= degree]
    table = np.stack([places[:, 0] ** i * places[:, 1] ** k for i, k in powers], axis=1)
    terms, _, rank, _ = np.linalg.lstsq(table, values, rcond=None)
    if rank < len(powers) or not np.allclose(table @ terms, values):
        raise ValueError("readings that do not tell the field")
    return lambda x, y: np.array([x**i * y**k for i, k in powers]) @ terms


def around(field: Callable[[float, float], Array], measure: str, low: Array, high: Array) -> float:
    """Flux outward or circulation counterclockwise, by quadrature along the four sides."""
    from scipy.integrate import quad

    corners = [(low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1])]
    total = 0.0
    for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
        way = np.subtract(end, start)
        facing = way if measure == "circulation" else np.array([way[1], -way[0]])
        total += quad(lambda s, o=start, w=way, f=facing: float(field(o[0] + s * w[0], o[1] + s * w[1]) @ f), 0.0, 1.0)[
            0
        ]
    return total


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _plain(text: str) -> list[str]:
    return text.replace("−", "-").strip("()").split(", ")


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _spot(point: Array) -> str:
    return f"({_number(float(point[0]) + 0.0)}, {_number(float(point[1]) + 0.0)})"


def _whole(value: float) -> str:
    if abs(value - round(float(value))) > 1e-6:
        raise ValueError(f"{value} is no whole number")
    return str(round(float(value)))
