"""Questions and the simpler ones that they are made of (AGQA-Decomp, Gandhi et al. 2022, arXiv 2204.07190)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.metrics.registry import metric

_SOURCE = "AGQA-Decomp, Gandhi et al. 2022 (arXiv 2204.07190)"


@dataclass(frozen=True, slots=True)
class Composition:
    """The verdict on a question (the parent) and those on the questions that it is made of (its children)."""

    parent: bool
    children: tuple[bool, ...]


def _share(verdicts: Sequence[bool]) -> float | None:
    return sum(verdicts) / len(verdicts) if verdicts else None


@metric("ca", "parents whose children are all right", _SOURCE)
def compositional_accuracy(compositions: Iterable[Composition]) -> float | None:
    """CA = P(parent right | all children right); ``None`` where no parent has all children right."""
    return _share([entry.parent for entry in compositions if entry.children and all(entry.children)])


@metric("rwr", "parents with a child that is wrong", _SOURCE)
def right_for_wrong_reasons(compositions: Iterable[Composition]) -> float | None:
    """RWR = P(parent right | a child wrong); ``None`` where no parent has a wrong child."""
    return _share([entry.parent for entry in compositions if entry.children and not all(entry.children)])


@metric("delta", "parents", _SOURCE, low=-1.0)
def delta(compositions: Iterable[Composition]) -> float | None:
    """Δ = RWR − CA: over 0 where knowing the parts does not help; ``None`` where one of the two is not known."""
    entries = list(compositions)
    wrong, right = right_for_wrong_reasons(entries), compositional_accuracy(entries)
    return wrong - right if wrong is not None and right is not None else None


@metric("inconsistency", "pairs of answers", _SOURCE)
def inconsistency(pairs: Iterable[tuple[object, object]]) -> float | None:
    """Share of pairs (what the answers to the parts imply, the answer given) that contradict each other, right or wrong;
    pairs that imply nothing (``None``) are left out; ``None`` where all do."""
    known = [(implied, given) for implied, given in pairs if implied is not None]
    return sum(implied != given for implied, given in known) / len(known) if known else None
