"""Sets, multisets, and tables of entries."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from harness.metrics.registry import metric

_SOURCE = "precision and recall, counted with repeats (van Rijsbergen 1979)"
_LISTS = ("set", "multiset")


def matched(wanted: Sequence[Hashable], said: Sequence[Hashable]) -> int:
    """How many entries the two have in common, each as often as both hold it."""
    return (Counter(wanted) & Counter(said)).total()


@metric("precision", "an answer", _SOURCE, formats=_LISTS)
def precision(wanted: Sequence[Hashable], said: Sequence[Hashable]) -> float:
    """Share of what was said that is wanted; 1 if nothing was wanted and nothing said, 0 if nothing was said else."""
    if not said:
        return float(not wanted)
    return matched(wanted, said) / len(said)


@metric("recall", "an answer", _SOURCE, formats=_LISTS)
def recall(wanted: Sequence[Hashable], said: Sequence[Hashable]) -> float:
    """Share of what is wanted that was said; 1 if nothing was wanted and nothing said, 0 if nothing was wanted else."""
    if not wanted:
        return float(not said)
    return matched(wanted, said) / len(wanted)


@metric("f1", "an answer", _SOURCE, formats=_LISTS)
def f1(wanted: Sequence[Hashable], said: Sequence[Hashable]) -> float:
    """The harmonic mean of precision and recall: 2 · matched / (wanted + said)."""
    size = len(wanted) + len(said)
    return 2 * matched(wanted, said) / size if size else 1.0


@metric("entry_accuracy", "an answer", "share of equal entries", formats=("mapping",))
def entry_accuracy(wanted: Mapping[str, Hashable], said: Mapping[str, Hashable]) -> float:
    """Share of the keys that have the wanted value."""
    return sum(key in said and said[key] == value for key, value in wanted.items()) / len(wanted)


@metric("cell_accuracy", "an answer", "share of equal cells", formats=("grid",))
def cell_accuracy(wanted: Sequence[Sequence[Hashable]], said: Sequence[Sequence[Hashable]]) -> float:
    """Share of the cells that are equal; 0 for grids of different shapes."""
    if [len(row) for row in wanted] != [len(row) for row in said]:
        return 0.0
    pairs = [(a, b) for row, other in zip(wanted, said, strict=True) for a, b in zip(row, other, strict=True)]
    return sum(a == b for a, b in pairs) / len(pairs)
