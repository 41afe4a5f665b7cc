"""Boxes of answers in canvas units."""

from pydantic import JsonValue

from morse.timeline import HEIGHT, WIDTH


def middle_of(box: JsonValue) -> tuple[float, float]:
    """Where the middle of a box of an answer is, in canvas units."""
    assert isinstance(box, list)
    left, top, right, bottom = (float(str(edge)) for edge in box)
    return WIDTH * ((left + right) / 2 - 0.5), HEIGHT * (0.5 - (top + bottom) / 2)
