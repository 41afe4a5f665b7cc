"""A washing day is filmed step by step; the clips come shuffled, and where the garments are and how they look tells their order."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue, model_validator

from generators.procedural import _procedure_viewer as viewer
from generators.procedural._kitchen_recipe import Recipe
from generators.procedural._laundry_domain import ALIKE, MOST_GARMENTS, PLACES, Laundry, wardrobe
from generators.procedural._laundry_questions import LaundryAsker
from generators.procedural._laundry_scene import DECOYS, film_step, stand_about
from generators.procedural._laundry_viewer import LAUNDERER, unharmed
from generators.procedural._shots import step_lengths
from generators.procedural._shuffled_clips import TRICKS, drawn, joined, paint
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

MOST_CLIPS = 24


class Params(TaskParams):
    pairs: int = ramp(
        2, per_level=0.25, least=2, about="pairs of clips (an even number: then the video's middle is a card)"
    )
    garments: int = ramp(
        6,
        per_level=0.5,
        most=MOST_GARMENTS,
        least=4,
        limit=MOST_GARMENTS,
        about="garments, no two of which look the same",
    )
    cups: int = ramp(3, per_level=0.25, most=5, least=2, limit=5, about="cups of detergent that a full box holds")
    narrow: int = ramp(0, per_level=0.34, about="clips that show only a part of the laundry")
    tricks: int = ramp(
        0,
        per_level=0.34,
        most=1,
        limit=1,
        about="1: a clip may be of another washing day, a step not filmed, or the order partly open",
    )
    decoys: int = ramp(1, per_level=0.5, most=6, limit=len(DECOYS), about="things about the room that do not matter")

    @model_validator(mode="after")
    def _enough_to_wash(self) -> "Params":
        if self.clips > min(MOST_CLIPS, 4 * self.garments):
            raise ValueError(f"pairs={self.pairs} need more steps than there are to do with garments={self.garments}")
        return self

    @property
    def clips(self) -> int:
        return 2 * self.pairs


@register(category="procedural", version=1, stage="compose", covers=("VCRBench", "MULTISCRIPT"))
class WashingDay(Task[Params, Recipe[Laundry]]):
    """A washing day is filmed step by step; the clips come shuffled, and where the garments are and how they look tells their order.

    What is shown: a drawn laundry: pegs with dirty garments, two baskets, a machine with drawer and dial, a line over a heater, an
    ironing board, a shelf. Each clip follows a card "Clip k" and shows one step, with all at rest before and after; the day may
    have begun. Spots, drops, creases and folds tell how far a garment is; wool shrinks at 60 degrees, and white takes on colour
    from what is washed with it. Days are found by search; which orders fit is proven by enumeration.

    What is asked: the order, or any order that fits where several do; which of two clips was earlier, or whether that cannot be
    told; the steps of all clips in words; the step of a clip and the clip of a step; first, last and next; which clip does not
    belong; which step was not filmed and where; what a step rests on; what could not be done without it; whether a rule was kept
    and whether the wash did harm; what comes next.

    Difficulty: more clips and garments; clips that show only a part of the laundry; a clip of another day, a step that was not
    filmed, an order that is partly open; more about the room that means nothing.

    Source: the tasks of VCRBench and MULTISCRIPT, on washing days and drawings of our own.
    """

    def simulate(self, params: Params, rng: Rng) -> Recipe[Laundry]:
        laundry, start = wardrobe(params.garments, params.cups, rng.fork("wardrobe"))
        return drawn(
            laundry, start, rng, clips=params.clips, narrow=params.narrow, tricky=bool(params.tricks),
            decoys=params.decoys, modes=(*TRICKS, "free"),
        )  # fmt: skip

    def layout(self, episode: Recipe[Laundry], rng: Rng) -> Layout:
        lengths = step_lengths(len(episode.shots), rng.fork("lengths"))
        scenes = [film_step(shot, episode.kitchen, t) for shot, t in zip(episode.shots, lengths, strict=True)]
        decoys = [stand_about(s, episode.decoys, rng.fork(f"room {k}")) for k, s in enumerate(episode.shots)]
        return joined(episode, scenes, decoys, {}, lambda name: _thing(name, episode.kitchen))

    def ask(self, episode: Recipe[Laundry], layout: Layout, rng: Rng) -> Iterable[Question]:
        yield from LaundryAsker(episode, layout, rng, ALIKE).questions()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        if question.kind == "unharmed":
            return unharmed(shown, gap=bool(question.slots["gap"]))
        return viewer.answer(question, shown, LAUNDERER)

    def draw(self, episode: Recipe[Laundry], layout: Layout, stage: Any, style: Style) -> None:
        from generators.procedural._laundry_props import Props

        paint(Props(episode.kitchen, style), episode, layout, stage)


def _thing(name: str, laundry: Laundry) -> Thing:
    kind = "garment" if name in laundry.garments else "place" if name in PLACES else "fixture"
    return Thing(id=name, kind=kind, shape_fills_box=False)
