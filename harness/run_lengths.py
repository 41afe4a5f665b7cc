"""Masks as run-length codes, as COCO writes them: ``{"size": [height, width], "counts": […]}``.

Pixels are counted down each column, the columns from left to right; counts are of pixels off, on, off, … in turn (a list, or
COCO's text of one). Here a mask is its runs of pixels that are on, as pairs of first place and the place after the last.
All of it is plain Python, since what a model writes must not reach a decoder in C; it costs as much as there is text.
"""

import math
from collections.abc import Iterable, Iterator, Sequence

from pydantic import JsonValue

from harness.readers import NoAnswer
from harness.shapes import entries, number, table

Runs = list[tuple[int, int]]
Size = tuple[int, int]
"""Height and width in pixels."""
LARGEST = 8192
"""Pixels that a side of a mask may have."""
MOST_CORNERS = 1000
"""Corners that all polygons of a response may have."""
_FORM = 'a mask is a polygon [[x, y], …] in fractions of the frame, a box, or {"size": [height, width], "counts": …}'


def coded(runs: Runs, size: Size) -> dict[str, JsonValue]:
    """The code of a mask, with its counts as a list."""
    counts: list[JsonValue] = []
    at = 0
    for start, end in runs:
        counts += [start - at, end - start]
        at = end
    counts.append(size[0] * size[1] - at)
    return {"size": [*size], "counts": counts if counts[-1] or len(counts) == 1 else counts[:-1]}


def decoded(code: JsonValue) -> tuple[Runs, Size]:
    """The mask of a code. Raises :class:`NoAnswer` for what is none."""
    try:
        size = [int(number(side)) for side in entries(table(code)["size"])]
    except (TypeError, ValueError, KeyError, OverflowError):
        raise NoAnswer(_FORM) from None
    if len(size) != 2 or not all(0 < side <= LARGEST for side in size):
        raise NoAnswer("a mask has a size [height, width]")
    counts = table(code).get("counts")
    steps = _from_text(counts) if isinstance(counts, str) else _from_list(counts)
    runs, at = [], 0
    for i, step in enumerate(steps):
        if i % 2 and step:
            if runs and runs[-1][1] == at:
                runs[-1] = (runs[-1][0], at + step)
            else:
                runs.append((at, at + step))
        at += step
    if at != size[0] * size[1]:
        raise NoAnswer(f"the counts of a mask of {size[0]} by {size[1]} pixels add up to {at}")
    return runs, (size[0], size[1])


def _from_list(counts: JsonValue) -> list[int]:
    if not isinstance(counts, list):
        raise NoAnswer(_FORM)
    steps = [step for step in counts if isinstance(step, int) and not isinstance(step, bool) and step >= 0]
    if len(steps) != len(counts):
        raise NoAnswer("the counts of a mask are whole numbers")
    return steps


def _from_text(text: str) -> list[int]:
    """COCO's text: each count in digits of five bits from "0" on, as the difference from the last but one from the fourth on."""
    steps: list[int] = []
    value = digits = 0
    for character in text:
        code = ord(character) - 48
        if not 0 <= code < 64 or digits > 6:
            raise NoAnswer("the counts of a mask cannot be read")
        value |= (code & 31) << 5 * digits
        digits += 1
        if not code & 32:
            if code & 16:
                value -= 1 << 5 * digits
            value += steps[-2] if len(steps) > 2 else 0
            if value < 0:
                raise NoAnswer("the counts of a mask cannot be read")
            steps.append(value)
            value = digits = 0
    if digits:
        raise NoAnswer("the counts of a mask cannot be read")
    return steps


def of_polygons(polygons: Sequence[Sequence[tuple[float, float]]], size: Size) -> Runs:
    """The pixels whose middles lie in some polygons together (even and odd). Corners are x, y in fractions of the frame."""
    height, width = size
    crossings: list[list[float]] = [[] for _ in range(width)]
    for corners in polygons:
        for ends in zip(corners, [*corners[1:], corners[0]], strict=True):
            (left, y), (right, other_y) = sorted(ends)
            slope = (other_y - y) / (right - left) if right > left else 0.0
            for column in _middles(left, right, width):
                crossings[column].append(y + ((column + 0.5) / width - left) * slope)
    runs: Runs = []
    for column, meets in enumerate(crossings):
        meets.sort()
        for low, high in zip(meets[::2], meets[1::2], strict=True):
            rows = _middles(low, high, height)
            _append(runs, column * height + rows.start, column * height + rows.stop)
    return runs


def _middles(low: float, high: float, count: int) -> range:
    """Which of ``count`` equal parts of 0 … 1 have their middle from ``low`` on and before ``high``."""
    return range(max(0, min(count, math.ceil(low * count - 0.5))), max(0, min(count, math.ceil(high * count - 0.5))))


def _append(runs: Runs, start: int, end: int) -> None:
    if start >= end:
        return
    if runs and runs[-1][1] == start:
        runs[-1] = (runs[-1][0], end)
    else:
        runs.append((start, end))


def resized(runs: Runs, size: Size, wanted: Size) -> Runs:
    """The mask at another size: each pixel is that in which its middle lies."""
    if size == wanted:
        return runs
    columns: dict[int, list[tuple[float, float]]] = {}
    for column, start, end in _by_column(runs, size[0]):
        columns.setdefault(column, []).append((start / size[0], end / size[0]))
    height, width = wanted
    found: Runs = []
    for column in range(width):
        for low, high in columns.get(int((column + 0.5) * size[1] / width), ()):
            rows = _middles(low, high, height)
            _append(found, column * height + rows.start, column * height + rows.stop)
    return found


def _by_column(runs: Iterable[tuple[int, int]], height: int) -> Iterator[tuple[int, int, int]]:
    """The runs cut at the ends of columns: column, first row, row after the last."""
    for start, end in runs:
        for column in range(start // height, -(-end // height)):
            first = column * height
            yield column, max(start - first, 0), min(end - first, height)


def overlap(wanted: Runs, said: Runs) -> float:
    """Intersection over union of two masks of one size; two empty ones are equal (1)."""
    shared = i = j = 0
    while i < len(wanted) and j < len(said):
        start, end = max(wanted[i][0], said[j][0]), min(wanted[i][1], said[j][1])
        shared += max(0, end - start)
        if wanted[i][1] <= said[j][1]:
            i += 1
        else:
            j += 1
    union = sum(end - start for start, end in wanted) + sum(end - start for start, end in said) - shared
    return shared / union if union else 1.0


def extent(runs: Runs, size: Size) -> tuple[float, float, float]:
    """Width and height of the box round a mask, as shares of the frame's, and the share of the box that it fills."""
    parts = list(_by_column(runs, size[0]))
    if not parts:
        return 0.0, 0.0, 0.0
    columns = [column for column, _, _ in parts]
    wide, high = max(columns) - min(columns) + 1, max(end for *_, end in parts) - min(start for _, start, _ in parts)
    return wide / size[1], high / size[0], sum(end - start for _, start, end in parts) / (wide * high)


def read_mask(value: JsonValue, size: Size, corners_left: int = MOST_CORNERS) -> tuple[dict[str, JsonValue], int]:
    """What a model may write for a mask, as a code of the wanted size; and how many corners it used.

    A code of any size, a polygon, a list of polygons, or a box ``[left, top, right, bottom]``, in fractions of the frame.
    Raises :class:`NoAnswer`.
    """
    if isinstance(value, dict):
        runs, own = decoded(value)
        return coded(resized(runs, own, size), size), 0
    polygons = _polygons(value)
    used = sum(map(len, polygons))
    if used > corners_left:
        raise NoAnswer(f"masks with over {MOST_CORNERS} corners")
    return coded(of_polygons(polygons, size), size), used


def _polygons(value: JsonValue) -> list[list[tuple[float, float]]]:
    if not isinstance(value, list) or not value:
        raise NoAnswer(_FORM)
    if len(value) == 4 and not any(isinstance(side, list) for side in value):
        left, top, right, bottom = (_fraction(side) for side in value)
        if not (left < right and top < bottom):
            raise NoAnswer(_FORM)
        return [[(left, top), (right, top), (right, bottom), (left, bottom)]]
    first = value[0]
    if isinstance(first, list) and first and isinstance(first[0], list):
        return [polygon for part in value for polygon in _polygons(part)]
    corners = [_corner(corner) for corner in value]
    if len(corners) < 3:
        raise NoAnswer("a polygon has at least three corners")
    return [corners]


def _corner(value: JsonValue) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise NoAnswer(_FORM)
    return _fraction(value[0]), _fraction(value[1])


def _fraction(value: JsonValue) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise NoAnswer(_FORM)
    return float(value)
