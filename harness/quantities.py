"""Reading numbers, time spans, boxes and masks."""

import re
from collections.abc import Callable

from pydantic import JsonValue

from harness.numerals import Numeral, numerals
from harness.patterns import pattern
from harness.places import NotJson, json_value
from harness.readers import NONE, Hedged, NoAnswer, Read, written
from harness.run_lengths import MOST_CORNERS, read_mask
from harness.vocabulary import negated
from morse.schema import Integer, Masks, Number

_JUST_A_NUMBER = pattern(r"-?\d{1,15}(?:\.\d{1,15})?")
_LONGEST_BARE = 80
"""Characters that a number of at most 40 has with the 30 or so that may stand round it."""
_APART_FROM_NUMBER = pattern(r"[A-Za-z]+")
_JOINS_RESULTS = pattern(r";|,(?!\d{3})|\b(?:and|to)\b")


def _one_number(text: str, unit: str, bare: bool) -> float:
    text = text.strip()
    if _JUST_A_NUMBER.fullmatch(text):
        return float(text)
    if bare and len(text) > _LONGEST_BARE and "=" not in text:
        raise NoAnswer(NONE)
    if "±" in text or "+/-" in text:
        text = text.partition("±")[0].partition("+/-")[0]
    found = numerals(text, unit)
    if len(found) > 1 and "=" in text and not _several_results(text):
        name, _, result = text.rpartition("=")
        if results := numerals(result, unit):
            if bare and len(_APART_FROM_NUMBER.findall(name)) > 2:
                raise NoAnswer(NONE)
            text, found = result, results
    if not found:
        raise NoAnswer("no number found")
    first, *again = found
    if any(number != first for number in again):
        raise NoAnswer(NONE) if bare else Hedged("several numbers")
    if bare and (again or not _is_bare_number(text, first)):
        raise NoAnswer(NONE)
    if negated(text, first.start) or any(negated(text, number.start) for number in again[:3]):
        raise NoAnswer("only says what the answer is not")
    return float(first)


def _several_results(text: str) -> bool:
    """Whether equations stand side by side, "x = 3, y = 4", and are not the steps of one, "2 · 3 = 3 + 3 = 6"."""
    between = text[text.index("=") : text.rindex("=")]
    return _JOINS_RESULTS.search(between) is not None or re.search(r"\bor\b", text) is not None


def _is_bare_number(text: str, number: Numeral) -> bool:
    """Nothing but one number, with a unit, a name before "=" or a word after it."""
    around = text[: number.start] + " " + text[number.end :]
    return len(around) <= 30 and len(_APART_FROM_NUMBER.findall(around)) <= 2


def read_integer(format: Integer) -> Read:
    def read(text: str, bare: bool) -> JsonValue:
        value = _one_number(text, format.unit, bare)
        if not value.is_integer() or abs(value) > 1e15:
            raise NoAnswer("not a whole number")
        return int(value)

    return read


def read_number(format: Number) -> Read:
    return lambda text, bare: _one_number(text, format.unit, bare)


def number_from_json(read: Read) -> Callable[[JsonValue], JsonValue]:
    def from_json(value: JsonValue) -> JsonValue:
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, bool | list | dict) or value is None:
            raise (
                Hedged("several answers")
                if isinstance(value, list | dict) and len(value) > 1
                else NoAnswer("no number found")
            )
        return read(written(value), False)

    return from_json


def _ordered_span(start: float, end: float) -> JsonValue:
    if not 0 <= start <= end:
        raise NoAnswer("a span ends before it starts" if start >= 0 else "a span starts before the clip")
    return [start, end]


def read_span(text: str, bare: bool) -> JsonValue:
    found = numerals(text, "s")
    if len(found) > 2:
        raise Hedged("several spans")
    if len(found) < 2:
        raise NoAnswer("no start and end found")
    between = text[found[0].end : found[1].start]
    if re.search(r"\bor\b", between):
        raise Hedged("two times joined by or")
    if bare and len(re.findall(r"[A-Za-z]+", text)) > 6:
        raise NoAnswer(NONE)
    return _ordered_span(float(found[0]), float(found[1]))


def span_from_json(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        named = {key.strip().lower().removesuffix("_time"): inner for key, inner in value.items()}
        value = [named.get("start", named.get("from")), named.get("end", named.get("to"))]
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    if isinstance(value, list) and len(value) == 2 and not any(isinstance(part, list | dict) for part in value):
        ends = [numerals(written(part), "s") for part in value]
        if all(len(end) == 1 for end in ends):
            return _ordered_span(float(ends[0][0]), float(ends[1][0]))
    if isinstance(value, list) and len(value) > 1:
        raise Hedged("several spans")
    return read_span(written(value), False)


def read_boxes(text: str, bare: bool) -> JsonValue:
    start = text.find("{")
    if start < 0:
        raise NoAnswer("no JSON object of boxes")
    try:
        return boxes_from_json(json_value(text[start : text.rfind("}") + 1]))
    except NotJson:
        raise NoAnswer("no JSON object of boxes") from None


def boxes_from_json(value: JsonValue) -> JsonValue:
    if not isinstance(value, dict) or not value:
        raise NoAnswer("no JSON object of boxes")
    boxes: dict[str, JsonValue] = {}
    for key, box in value.items():
        name = _whole_second(key)
        if not isinstance(box, list) or len(box) != 4:
            raise NoAnswer("a box is [left, top, right, bottom]")
        sides = [float(side) for side in box if isinstance(side, int | float) and not isinstance(side, bool)]
        if len(sides) != 4 or not (0 <= sides[0] < sides[2] <= 1 and 0 <= sides[1] < sides[3] <= 1):
            raise NoAnswer("a box is [left, top, right, bottom] in fractions of the frame")
        if boxes.setdefault(name, [*sides]) != sides:
            raise Hedged(f"two boxes for second {name}")
    return {name: boxes[name] for name in sorted(boxes, key=int)}


def _whole_second(key: str) -> str:
    second = numerals(key, "s")
    if len(second) != 1 or not second[0].is_integer() or second[0] < 0:
        raise NoAnswer(f"{key[:20]!r} is no whole second")
    return str(int(second[0]))


def read_masks(format: Masks) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
    size = (format.height, format.width)

    def from_json(value: JsonValue) -> JsonValue:
        if not isinstance(value, dict) or not value:
            raise NoAnswer("no JSON object of masks")
        masks: dict[str, JsonValue] = {}
        corners = MOST_CORNERS
        for key, written_mask in value.items():
            name = _whole_second(key)
            mask, used = read_mask(written_mask, size, corners)
            corners -= used
            if masks.setdefault(name, mask) != mask:
                raise Hedged(f"two masks for second {name}")
        return {name: masks[name] for name in sorted(masks, key=int)}

    def read(text: str, bare: bool) -> JsonValue:
        try:
            return from_json(json_value(text[max(text.find("{"), 0) : text.rfind("}") + 1]))
        except NotJson:
            raise NoAnswer("no JSON object of masks") from None

    return read, from_json
