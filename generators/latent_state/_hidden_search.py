"""Shortest plans by two different searches: one for the clip's making, one for the second way to its answers."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from generators.latent_state._hidden_state import Operation

S = TypeVar("S", bound=Hashable)
Steps = Callable[[S], Iterable[tuple[Operation, S]]]
"""What can be done in a state, and where it leads."""


def breadth_first(start: S, steps: Steps[S], depth: int) -> dict[S, tuple[Operation, ...]]:
    """All states within ``depth`` operations, each with a shortest plan, the nearer ones first."""
    plans: dict[S, tuple[Operation, ...]] = {start: ()}
    rim = [start]
    for _ in range(depth):
        wider: list[S] = []
        for state in rim:
            for operation, after in steps(state):
                if after not in plans:
                    plans[after] = (*plans[state], operation)
                    wider.append(after)
        rim = wider
    return plans


def deepening(
    start: S, reached: Callable[[S], bool], steps: Steps[S], least: Callable[[S], int] = lambda _: 0, most: int = 12
) -> list[Operation]:
    """A shortest plan by depth-first search with a growing limit (Korf 1985), in which no more than two states are compared.

    ``least``: a lower bound for the operations still needed. Raises :class:`ValueError` if there is no plan of ``most`` steps.
    """

    def within(state: S, limit: int) -> list[Operation] | None:
        if reached(state):
            return []
        if limit == 0 or least(state) > limit:
            return None
        for operation, after in steps(state):
            rest = within(after, limit - 1)
            if rest is not None:
                return [operation, *rest]
        return None

    for limit in range(most + 1):
        plan = within(start, limit)
        if plan is not None:
            return plan
    raise ValueError(f"no plan of {most} operations")
