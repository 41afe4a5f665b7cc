"""What the readers of all answer formats share."""

from collections.abc import Callable

from pydantic import JsonValue


class NoAnswer(Exception):
    """No answer can be read here; ``str`` gives the reason."""


class Hedged(NoAnswer):
    """Several answers stand where one is asked; no later place is looked at."""


NONE = "no answer found"

Read = Callable[[str, bool], JsonValue]
"""Reads a stretch of text. With ``bare`` it must hold nothing but the answer; else there must be one answer in it."""


def written(value: JsonValue) -> str:
    """A JSON scalar as it would be written in a text."""
    if isinstance(value, float):
        return f"{value:.12f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else "?"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None or isinstance(value, list | dict) else str(value)
