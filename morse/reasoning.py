"""The reference steps of a question: what is seen, and what follows from it."""

from collections.abc import Iterable

from morse.schema import Step


def concluding(steps: Iterable[Step], claim: str) -> tuple[Step, ...]:
    """Some steps, and last what follows from all of them together."""
    before = (*steps,)
    return (*before, Step(kind="infer", claim=claim, needs=tuple(range(len(before)))))
