"""Stacks once more, from what the clip shows of them: as lists by name, with a search of their own for the goal."""

from collections.abc import Callable

from pydantic import JsonValue

from generators.planning._stack_world import plan_problem
from morse.layout import Shown
from morse.schema import Question

Piles = dict[str, list[str]]
Allowed = Callable[[Piles, str, str], bool]
MOST = 14


class Told:
    """What has been seen: the stacks after all shown moves, the goal, and how many moves there were."""

    def __init__(self, shown: Shown, allowed: Allowed, sizes: bool) -> None:
        self.allowed, self.sizes = allowed, sizes
        self.piles: Piles = {}
        self.goal: Piles = {}
        for state in shown.states:
            for name, things in state.values.items():
                (self.goal if name.startswith("goal") else self.piles)[name[-1]] = str(things).split()
        moves = [event.objects for event in shown.events if event.kind == "move"]
        for source, target in moves:
            self.piles[target].append(self.piles[source].pop())
        self.count = len(moves)

    def answer(self, question: Question) -> JsonValue:
        """The truth of a question, in the terms of ``Task.rederive``."""
        slots = question.slots
        if question.kind == "moves_made":
            return self.count
        if question.kind == "stack_now":
            return [*self.piles[str(slots["stack"])]]
        if question.kind in ("thing_place", "thing_now"):
            return next(name for name, pile in self.piles.items() if slots["thing"] in pile)
        if question.kind == "legal_move":
            return self.can(self.piles, str(slots["source"]), str(slots["target"]))
        plan = self.solved(self.piles)
        if question.kind == "fewest_moves":
            return len(plan)
        if question.kind == "first_move":
            begun = (
                (move, done)
                for move in question.option_values
                if (done := self.done(self.piles, *str(move).split(", "))) is not None
            )
            return next(move for move, after in begun if self.within(after, len(plan) - 1) is not None)
        return plan_problem(self.piles, self.goal, plan, self.sizes).model_dump(mode="json")

    def can(self, piles: Piles, source: str, target: str) -> bool:
        return bool(piles[source]) and source != target and self.allowed(piles, source, target)

    def done(self, piles: Piles, source: str, target: str) -> Piles | None:
        """The stacks after a move; ``None`` if it cannot be made."""
        if not self.can(piles, source, target):
            return None
        return piles | {source: piles[source][:-1], target: [*piles[target], piles[source][-1]]}

    def solved(self, piles: Piles) -> list[tuple[str, str]]:
        """A shortest plan, by depth-first search with a growing limit (Korf 1985)."""
        for limit in range(MOST + 1):
            plan = self.within(piles, limit)
            if plan is not None:
                return plan
        raise ValueError(f"no plan of {MOST} moves")

    def within(self, piles: Piles, limit: int) -> list[tuple[str, str]] | None:
        """A plan of at most so many moves; none that moves a thing twice on end."""
        return self._searched(piles, limit, "", {})

    def _searched(self, piles: Piles, limit: int, last: str, failed: dict[str, int]) -> list[tuple[str, str]] | None:
        misplaced = sum(
            pile[: i + 1] != self.goal[name][: i + 1] for name, pile in piles.items() for i in range(len(pile))
        )
        if misplaced == 0:
            return []
        key = f"{last}{piles}"
        if misplaced > limit or failed.get(key, -1) >= limit:
            return None
        for source in piles:
            for target in piles if source != last else ():
                after = self.done(piles, source, target)
                rest = None if after is None else self._searched(after, limit - 1, target, failed)
                if rest is not None:
                    return [(source, target), *rest]
        failed[key] = limit
        return None
