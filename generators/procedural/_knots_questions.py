"""The questions on a session of tying: those on shuffled clips, and what comes of the ropes."""

from collections.abc import Iterator

from pydantic import JsonValue

from generators.procedural._kitchen_questions import Asker
from generators.procedural._kitchen_recipe import Recipe
from generators.procedural._knots_domain import NAMES, Board, Ways, knot_of, laid, other
from morse.layout import Layout
from morse.options import pose_choice
from morse.schema import Integer, Question
from morse.seeding import Rng

LEFT = range(4)
"""How many moves may be left of the rope that is asked for."""


class KnotAsker(Asker):
    """Puts the questions on one clip set. ``asked``: the rope of each of the questions, by their kind; and its clip."""

    def __init__(self, recipe: Recipe[Board], layout: Layout, rng: Rng, asked: dict[str, tuple[str, int]]) -> None:
        super().__init__(recipe, layout, rng)
        self.board, self.asked = recipe.kitchen, asked
        end = dict(recipe.start)
        for step in recipe.plan:
            end = {**end, **step.does(end)}
        self.end: dict[str, Ways] = {rope: laid(end, rope) for rope in self.board.ropes}

    def questions(self) -> Iterator[Question]:
        yield from super().questions()
        yield self.named("outcome", "predict")
        yield self.named("swapped", "counterfactual")
        yield self.remaining()
        mistake = self.mistake()
        if mistake is not None:
            yield mistake

    def clips_of(self, rope: str) -> list[int]:
        """The clips that belong and show moves of a rope."""
        return [number for number in self.order if self.recipe.shot(number).objects[0] == rope]

    def named(self, kind: str, reasoning: str) -> Question:
        rope, clip = self.asked[kind]
        ways = self.end[rope]
        if kind == "swapped":
            place = int(self.recipe.shot(clip).objects[1][-1]) - 1
            ways = swapped(ways, place)
        name = knot_of(self.board.tangles[rope], ways)
        rng = self.rng.fork(kind)
        form, letter, values = pose_choice(
            rng, name, rng.shuffled([n for n in NAMES if n != name]), len(NAMES), wording=_worded
        )
        slots: dict[str, JsonValue] = {"rope": rope} if kind == "outcome" else {"rope": rope, "clip": clip}
        clips = self.clips_of(rope) or [self.order[-1]]
        question = self.made(kind, form, letter, reasoning, clips, option_values=values, slots=slots, inferred=True)
        # one look at the finished rope answers what it becomes
        return question.model_copy(update={"min_frames": 1}) if kind == "outcome" else question

    def remaining(self) -> Question:
        rope, _ = self.asked["remaining"]
        answer = len(self.board.meant[rope]) - len(self.end[rope])
        return self.infer("remaining", Integer(), answer, slots={"rope": rope}, domain=tuple(LEFT))

    def mistake(self) -> Question | None:
        """Which move would have to be the other way for a rope to become what it was to be; ``None`` where none alone would do."""
        rope, _ = self.asked["outcome"]
        clips, tangle, ways = self.clips_of(rope), self.board.tangles[rope], self.end[rope]
        rng = self.rng.fork("mistake")
        made = {clip: knot_of(tangle, swapped(ways, int(self.recipe.shot(clip).objects[1][-1]) - 1)) for clip in clips}
        fit = [n for n in NAMES if n != knot_of(tangle, ways) and list(made.values()).count(n) == 1]
        if not fit:
            return None
        name = rng.choice(fit)
        key = next(clip for clip in clips if made[clip] == name)
        others = [clip for clip in clips if clip != key]
        others += rng.shuffled([clip for clip in self.order if clip not in clips])
        if len(others) < 2:
            return None
        form, letter, values = pose_choice(rng, key, others, min(4, 1 + len(others)), wording=lambda v: f"clip {v}")
        return self.made(
            "mistake", form, letter, "explain", clips, option_values=values, slots={"rope": rope, "name": name}, inferred=True
        )  # fmt: skip


def swapped(ways: Ways, place: int) -> Ways:
    """The ways with one the other way round."""
    return (*ways[:place], other(ways[place]), *ways[place + 1 :])


def _worded(name: JsonValue) -> str:
    return {"no knot": "no knot: the rope comes straight"}.get(
        str(name), f"a {name}" if name != "overhand knot" else "an overhand knot"
    )
