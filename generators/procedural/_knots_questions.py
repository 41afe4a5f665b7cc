"""The questions on a session of tying: those on shuffled clips, and what comes of the ropes."""

from collections.abc import Iterator

from pydantic import JsonValue

from generators.procedural._kitchen_questions import Asker
from generators.procedural._kitchen_recipe import Recipe
from generators.procedural._knots_domain import BENDS, NAMES, Board, Ways, knot_of, laid, other
from morse.layout import Layout
from morse.options import pose_choice
from morse.schema import Integer, Question
from morse.seeding import Rng

WORDED: dict[int, dict[str, str]] = {
    1: {name: f"{'an' if name[0] == 'o' else 'a'} {name}" for name in NAMES}
    | {"no knot": "no knot: the rope comes straight"},
    2: {name: f"a {name}" for name in BENDS}
    | {"no knot": "no knot: the ropes come apart", "another knot": "another knot that holds them together"},
}
"""How what comes of a rope is written, by how many ropes take part."""
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
        for kind, reasoning in (
            ("outcome", "predict"),
            ("bend", "predict"),
            ("swapped", "counterfactual"),
            ("bend_swapped", "counterfactual"),
        ):
            if kind in self.asked:
                yield self.named(kind, reasoning)
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
        if "swapped" in kind:
            place = int(self.recipe.shot(clip).objects[1][-1]) - 1
            ways = swapped(ways, place)
        line = self.board.lines[rope]
        name, names = knot_of(line, ways), BENDS if line.first == 2 else NAMES
        rng = self.rng.fork(kind)
        form, letter, values = pose_choice(
            rng,
            name,
            rng.shuffled([n for n in names if n != name]),
            len(names),
            wording=lambda n: WORDED[line.first][str(n)],
        )
        slots: dict[str, JsonValue] = {"rope": rope} if not clip else {"rope": rope, "clip": clip}
        clips = self.clips_of(rope) or [self.order[-1]]
        question = self.made(kind, form, letter, reasoning, clips, option_values=values, slots=slots, inferred=True)
        # one look at the finished rope answers what it becomes
        return question.model_copy(update={"min_frames": 1}) if not clip else question

    def remaining(self) -> Question:
        rope, _ = self.asked["remaining"]
        answer = len(self.board.meant[rope]) - len(self.end[rope])
        return self.infer("remaining", Integer(), answer, slots={"rope": rope}, domain=tuple(LEFT))

    def mistake(self) -> Question | None:
        """Which move would have to be the other way for a rope to become what it was to be; ``None`` where none alone would do."""
        rope, _ = self.asked["outcome"]
        clips, tangle, ways = self.clips_of(rope), self.board.lines[rope], self.end[rope]
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
