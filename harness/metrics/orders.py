"""Orders: permutations of steps, and sequences."""

from collections.abc import Hashable, Iterable, Sequence

from harness.metrics.registry import metric

_VCRBENCH = "VCRBench, Sarkar and Etemad 2025 (arXiv 2505.08455)"


@metric("exact_order", "an answer", _VCRBENCH)
def exact_order(wanted: Sequence[Hashable], said: Sequence[Hashable]) -> float:
    """1 if the orders are equal, else 0."""
    return float(list(wanted) == list(said))


def right_positions(wanted: Sequence[Hashable], said: Sequence[Hashable]) -> int:
    """How many positions hold the entry that belongs there."""
    return sum(a == b for a, b in zip(wanted, said, strict=False))


@metric("step_accuracy", "an answer", _VCRBENCH, formats=("permutation",))
def step_accuracy(wanted: Sequence[Hashable], said: Sequence[Hashable]) -> float:
    """Share of the positions that hold the entry that belongs there."""
    return right_positions(wanted, said) / len(wanted)


@metric("step_accuracy_micro", "positions of all orders", _VCRBENCH)
def step_accuracy_micro(orders: Iterable[tuple[Sequence[Hashable], Sequence[Hashable]]]) -> float:
    """Right positions over all positions of all questions (wanted, said); what is no permutation has no right position."""
    right = total = 0
    for wanted, said in orders:
        proper = sorted(map(str, said)) == sorted(map(str, wanted))
        right += right_positions(wanted, said) if proper else 0
        total += len(wanted)
    return right / total


@metric(
    "kendall_tau", "an answer", "Kendall 1938, A new measure of rank correlation", low=-1.0, formats=("permutation",)
)
def kendall_tau(wanted: Sequence[Hashable], said: Sequence[Hashable]) -> float:
    """Kendall's τ between two orders of the same entries: 1 equal, 0 on average for a random order, −1 reversed."""
    place = {entry: i for i, entry in enumerate(said)}
    ranks = [place[entry] for entry in wanted]
    pairs = len(ranks) * (len(ranks) - 1) // 2
    inverted = sum(ranks[i] > ranks[j] for i in range(len(ranks)) for j in range(i + 1, len(ranks)))
    return 1.0 - 2.0 * inverted / pairs if pairs else 1.0


@metric("valid_order", "an answer", "topological orders of the precedences")
def valid_order(
    entries: Iterable[Hashable], said: Sequence[Hashable], before: Iterable[tuple[Hashable, Hashable]]
) -> float:
    """1 if every entry stands there once and every pair of ``before`` stands in its order, else 0."""
    place = {entry: i for i, entry in enumerate(said)}
    if len(place) != len(said) or set(place) != set(entries):
        return 0.0
    return float(all(place[first] < place[second] for first, second in before))


@metric("position_accuracy", "an answer", "share of equal places", formats=("sequence",))
def position_accuracy(wanted: Sequence[Hashable], said: Sequence[Hashable]) -> float:
    """Equal places over the places of the longer sequence."""
    return right_positions(wanted, said) / max(len(wanted), len(said), 1)
