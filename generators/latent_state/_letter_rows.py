"""Rows of letters (stacks of tokens, queues of parcels) as records keep them."""

from collections.abc import Iterable

from generators.latent_state._hidden_replay import Values

LETTERS = "HJKLMNPRSTVWXZ"
"""What is written on things that stand in rows: no letter that could name a row."""
EMPTY = "empty"


def written(row: Iterable[str]) -> str:
    """A row in words: its letters in their order, or that it has none."""
    return " ".join(row) or EMPTY


def listed(values: Values) -> dict[str, list[str]]:
    """The letters of each row, in the order in which records keep them (the lowest, or the next to leave, first)."""
    return {name: [] if text == EMPTY else str(text).split() for name, text in values.items()}
