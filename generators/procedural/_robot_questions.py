"""The questions on a robot's shuffled clips: those on any procedure, and what is asked of steps that fail and of where blocks lie."""

from collections.abc import Iterator
from typing import Any

from pydantic import JsonValue

from generators.procedural._kitchen_questions import Asker
from generators.procedural._kitchen_recipe import Recipe
from generators.procedural._planning import State, history
from generators.procedural._robot_domain import PLACES, Table, phrase
from morse.errors import Rejected
from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Layout
from morse.options import pose_choice
from morse.schema import Boolean, Boxes, Integer, Question, Span
from morse.schema import Sequence as InOrder
from morse.seeding import Rng

OPTIONS = 4
STRANGE = 3
"""Steps that were not done among those of which a list is made."""


class RobotAsker(Asker):
    """Puts the questions on one set of clips of a robot's table."""

    def __init__(self, recipe: Recipe[Table], layout: Layout, rng: Rng) -> None:
        super().__init__(recipe, layout, rng)
        self.table = recipe.kitchen
        self.states = history(recipe.start, recipe.plan)
        self.slip = next((n for n, shot in enumerate(recipe.shots, 1) if shot.kind == "slip"), None)

    def questions(self) -> Iterator[Question]:
        yield from super().questions()
        mode = self.recipe.mode
        if mode != "gap":
            yield from self.losses()
        if mode == "whole":
            yield self.steps()
            yield self.end_under()
            yield self.reached()
            yield from self.without()

    def losses(self) -> Iterator[Question]:
        """Whether a step fails, of which block, when, where, and in which clip it is done again."""
        k = self.slip
        yield self.made("any_lost", Boolean(), k is not None, "recall", [*self.numbers])
        if k is None:
            return
        rng, lost = self.rng.fork("lost"), self.recipe.shot(k).objects[0]
        others = rng.shuffled([block for block in self.table.blocks if block != lost])
        form, letter, values = pose_choice(rng, lost, others, OPTIONS)
        yield self.made("lost", form, letter, "recall", [k], option_values=values)
        event = self.layout.events[k - 1]
        yield self.made("lost_span", Span(), [event.start, event.end], "recall", [k], chance=0.0)
        boxes = boxes_by_second(self.layout.scene, lost, whole_seconds(event.start, event.end))
        yield self.made("where_lost", Boxes(), boxes, "infer", [k], chance=0.0, skills=("grounding",))
        if k in self.order:
            again = self.order[self.order.index(k) + 1]
            yield self.made("again", Integer(), again, "infer", [k, again], domain=self.numbers, inferred=True)

    def steps(self) -> Question:
        """All steps in their right order, out of a list that has some more: like moves, and losses of blocks."""
        rng, done = self.rng.fork("steps"), [self.words[number] for number in self.order]
        like = [phrase(shot.kind, objects) for shot in self.recipe.shots for objects in self.table.twins(shot)]
        like += [phrase("slip", (block,)) for block in self.table.blocks]
        vocabulary = {*done, *rng.sample(sorted({*like} - {*done}), STRANGE)}
        form = InOrder(vocabulary=tuple(rng.shuffled(sorted(vocabulary))), noun="step", length=len(done))
        return self.infer("steps", form, list[JsonValue](done), chance=0.0)

    def moved(self) -> list[str]:
        """The blocks that are moved, each once."""
        return sorted({step.objects[0] for step in self.recipe.plan if step.kind != "slip"})

    def end_under(self) -> Question:
        """On what a block lies in the end: options are what it lay on before, and what others lie on."""
        rng = self.rng.fork("end under")
        block = rng.choice(self.moved())
        return self.spot_choice("end_under", block, str(self.states[-1][block]), {"block": block}, "infer", rng)

    def spot_choice(
        self, kind: str, block: str, right: str, slots: dict[str, JsonValue], reasoning: Any, rng: Rng, first: tuple[str, ...] = ()
    ) -> Question:  # fmt: skip
        """A choice of what a block lies on."""
        own = {str(state[block]) for state in self.states} - {right, *first}
        others = {*PLACES, *self.table.blocks} - own - {right, block, *first}
        wrong = [*first, *rng.shuffled(sorted(own)), *rng.shuffled(sorted(others))]
        form, letter, values = pose_choice(rng, right, wrong, OPTIONS)
        return self.made(
            kind, form, letter, reasoning, [*self.numbers], inferred=True, option_values=values, slots=slots
        )

    def reached(self) -> Question:
        """Whether the robot got a block to where it was to be; as often yes as no, and as often a place as a block."""
        rng, steady = self.rng.fork("reached"), self.rng.steady("reached")
        true, on_place = steady.chance(0.5), steady.chance(0.5)
        end = self.states[-1]
        fits = []
        for block in self.moved():
            spots = {str(state[block]) for state in self.states} - {str(end[block])}
            wanted = {str(end[block])} if true else spots
            fits += [(block, spot) for spot in sorted(wanted) if (spot in PLACES) == on_place]
        if not fits:
            raise Rejected("no goal of this kind")
        block, target = rng.choice(fits)
        return self.infer("reached", Boolean(), true, slots={"block": block, "target": target})

    def without(self) -> Iterator[Question]:
        """On what a block would lie in the end if a step had been left out and all that could still be done had been done."""
        rng, plan = self.rng.fork("without"), self.recipe.plan
        cases = []
        for i, step in enumerate(plan):
            if step.kind == "slip":
                continue
            end = self.carried_out([other for j, other in enumerate(plan) if j != i])
            cases += [
                (i, block, str(end[block])) for block in self.table.blocks if end[block] != self.states[-1][block]
            ]
        # not the moved block itself where it just stays: that can be answered from one clip
        deep = [case for case in cases if plan[case[0]].objects[0] != case[1]]
        if cases:
            i, block, right = rng.choice(deep or cases)
            number = self.recipe.number_of(i)
            yield self.spot_choice(
                "without", block, right, {"clip": number, "block": block}, "counterfactual", rng,
                (str(self.states[-1][block]),),
            )  # fmt: skip

    def carried_out(self, steps: list[Any]) -> State:
        """The table after all of some steps that can be done."""
        state = self.recipe.start
        for step in steps:
            if step.can(state):
                state = step.after(state)
        return state
