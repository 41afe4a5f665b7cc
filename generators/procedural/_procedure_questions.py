"""Further questions on shuffled clips: the steps in words, a rule that was kept or not, and clips of which several orders fit."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, permutations
from typing import Any

from pydantic import JsonValue

from generators.procedural._free_order import SYNTAX, Shown, order_problem
from generators.procedural._kitchen_questions import Asker
from generators.procedural._kitchen_recipe import Recipe, Workplace, sight
from generators.procedural._planning import orders
from generators.procedural._procedure_viewer import EITHER
from morse.errors import Rejected
from morse.layout import Layout
from morse.options import pose_choice
from morse.schema import Boolean, Plan, Question
from morse.schema import Sequence as InOrder
from morse.seeding import Rng


class ProcedureAsker(Asker):
    """Puts the questions on one clip set. ``alike``: kinds of step that can be done in any order, by the names of their things."""

    def __init__(self, recipe: Recipe[Workplace], layout: Layout, rng: Rng, alike: Sequence[str]) -> None:
        super().__init__(recipe, layout, rng)
        self.alike = alike
        self.sights = [sight(shot, recipe.kitchen) for shot in recipe.shots]
        free = recipe.mode == "free"
        self.fitting = [tuple(k + 1 for k in found) for found in orders(self.sights)] if free else []

    def questions(self) -> Iterator[Question]:
        if self.recipe.mode == "free":
            yield from self.free()
            yield from self.steps_shown()
            return
        yield from super().questions()
        yield from self.rule()
        yield from self.listed()

    def listed(self) -> Iterator[Question]:
        """All steps in words, clip by clip: in another order than they were done in, so that nobody can tell them by their sense."""
        words = list(self.words.values())
        if len(dict.fromkeys(words)) == len(words):
            form = InOrder(vocabulary=tuple(sorted(words)), noun="step", length=len(words))
            yield self.made("listed", form, list[JsonValue](words), "recall", [*self.numbers])

    def rule(self) -> Iterator[Question]:
        """Whether of two steps of a kind the one that was to be done first was."""
        rng, shots = self.rng.fork("rule"), self.recipe.shots
        kept = self.rng.steady("rule kept").chance(0.5)
        words = [self.words[number] for number in self.order]
        single = [number for number in self.order if words.count(self.words[number]) == 1]
        pairs = []
        for a, b in combinations(single, 2):
            one, other = shots[a - 1], shots[b - 1]
            if one.kind == other.kind in self.alike and one.objects[1:] == other.objects[1:]:
                pairs.append((a, b))
        if not pairs:
            return
        pair = rng.choice(pairs)
        first, then = pair if kept else pair[::-1]
        slots: dict[str, JsonValue] = {"first": self.words[first], "then": self.words[then]}
        yield self.made("rule_kept", Boolean(), kept, "infer", [*self.numbers], slots=slots, inferred=True)

    def free(self) -> Iterator[Question]:
        """Any order that fits, and what can be told of two clips."""
        clips = [Shown(number, seen.before, seen.after) for number, seen in enumerate(self.sights, 1)]
        problem = order_problem(self.recipe.start, clips, self.order)
        yield self.infer("order_free", Plan(syntax=SYNTAX), problem)
        rng = self.rng.fork("which first")
        wanted = self.rng.steady("which first").choice(("told", "told", "either"))
        pairs = [
            (a, b)
            for a, b in permutations(self.order, 2)
            if len(self.earlier(a, b)) == (1 if wanted == "told" else 2) and a in self.earlier(a, b)
        ]
        if not pairs:
            raise Rejected("no two clips whose order can (or cannot) be told")
        a, b = rng.choice(pairs)
        right = a if wanted == "told" else EITHER
        others = [number for number in (*rng.shuffled((a, b)), EITHER) if number != right]
        form, letter, values = pose_choice(rng, right, others, 3, wording=_word)
        one, other = rng.shuffled((a, b))
        yield self.made(
            "which_first", form, letter, "infer", [*self.numbers], option_values=values,
            slots={"one": one, "other": other}, inferred=True,
        )  # fmt: skip

    def earlier(self, a: int, b: int) -> set[int]:
        """Which of two clips is the earlier one in some order that fits."""
        return {a if found.index(a) < found.index(b) else b for found in self.fitting}

    def in_order(self, clips: Sequence[Any]) -> Iterable[tuple[int, int]]:
        """Where several orders fit, the pairs that all of them have in one order, without those that follow from others."""
        if self.recipe.mode != "free":
            return super().in_order(clips)
        told = {(a, b) for a, b in permutations(self.order, 2) if self.earlier(a, b) == {a}}
        return sorted((a, b) for a, b in told if not any((a, c) in told and (c, b) in told for c in self.order))


def _word(number: Any) -> str:
    return f"clip {number}" if number else "it cannot be told: the clips fit together either way"
