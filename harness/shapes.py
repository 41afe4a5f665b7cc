"""The shapes that answers have: JSON values as lists, tables, cells and numbers.

For the type checker, and for records from outside: a value of another shape raises :class:`TypeError`.
"""

from pydantic import JsonValue


def number(value: JsonValue) -> float:
    """A number, or a text that is one."""
    if isinstance(value, bool) or not isinstance(value, float | int | str):
        raise TypeError(f"not a number: {value!r}")
    return float(value)


def entries(value: JsonValue) -> list[JsonValue]:
    """A list."""
    if not isinstance(value, list):
        raise TypeError(f"not a list: {value!r}")
    return value


def strings(value: JsonValue) -> list[str]:
    """A list, its entries as texts."""
    return [str(entry) for entry in entries(value)]


def floats(value: JsonValue) -> list[float]:
    """A list of numbers."""
    return [entry if type(entry) is float else number(entry) for entry in entries(value)]


def table(value: JsonValue) -> dict[str, JsonValue]:
    """An object."""
    if not isinstance(value, dict):
        raise TypeError(f"not an object: {value!r}")
    return value


def texts(value: JsonValue) -> dict[str, str]:
    """An object, its values as texts."""
    return {key: str(entry) for key, entry in table(value).items()}


def boxes(value: JsonValue) -> dict[str, list[float]]:
    """An object of lists of numbers: a box for each second."""
    return {key: floats(box) for key, box in table(value).items()}


def cells(value: JsonValue) -> list[list[str]]:
    """A list of rows, the cells as texts."""
    return [strings(row) for row in entries(value)]
