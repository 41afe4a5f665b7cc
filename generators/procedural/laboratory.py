"""An experiment is filmed step by step; the clips come shuffled, and what is in the glassware tells their order."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue, model_validator

from generators.procedural import _procedure_viewer as viewer
from generators.procedural._kitchen_recipe import Recipe
from generators.procedural._laboratory_domain import ALIKE, LIQUIDS, POWDERS, ROOM, Laboratory, supply
from generators.procedural._laboratory_scene import film_step, lying_about, shelf_places
from generators.procedural._laboratory_viewer import CHEMIST
from generators.procedural._procedure_questions import ProcedureAsker
from generators.procedural._shots import step_lengths
from generators.procedural._shuffled_clips import TRICKS, drawn, joined, paint
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

MOST_CLIPS = 18


class Params(TaskParams):
    pairs: int = ramp(
        2, per_level=0.25, least=2, about="pairs of clips (an even number: then the video's middle is a card)"
    )
    liquids: int = ramp(5, per_level=0.5, most=12, least=4, limit=len(LIQUIDS), about="bottles on the shelves")
    powders: int = ramp(2, per_level=0.3, most=6, least=1, limit=len(POWDERS), about="tubs of powder to be weighed")
    doses: int = ramp(2, per_level=0.2, most=5, least=1, limit=5, about="doses that a full bottle or tub holds")
    narrow: int = ramp(0, per_level=0.34, about="clips that show only a part of the laboratory")
    tricks: int = ramp(
        0,
        per_level=0.34,
        most=1,
        limit=1,
        about="1: a clip may be of another experiment, a step not filmed, or the order partly open",
    )
    decoys: int = ramp(1, per_level=0.5, most=8, limit=8, about="things before the bench that do not matter")

    @model_validator(mode="after")
    def _enough_room(self) -> "Params":
        if self.clips > MOST_CLIPS:
            raise ValueError(
                f"pairs={self.pairs} need more steps than the {MOST_CLIPS} for which the glassware has room"
            )
        if self.clips > self.liquids * self.doses:
            raise ValueError(f"pairs={self.pairs} need more than liquids={self.liquids} bottles of doses={self.doses}")
        return self

    @property
    def clips(self) -> int:
        return 2 * self.pairs


@register(category="procedural", version=1, stage="compose", covers=("VCRBench", "MULTISCRIPT"))
class Experiment(Task[Params, Recipe[Laboratory]]):
    """An experiment is filmed step by step; the clips come shuffled, and what is in the glassware tells their order.

    What is shown: a drawn laboratory: labelled bottles and tubs, balance, test tube, beaker with marks, flask over a burner,
    thermometer, ice, funnel, receiver. Each clip follows a card "Clip k" and shows one step, with all at rest before and
    after. Earlier work may have been done. Levels, layers, swirls, foam, bubbles, crystals, figures and the label tell how far
    it is. Experiments are found by search; which orders fit is proven by enumeration.

    What is asked: the order, or any order that fits where several do; which of two clips was earlier, or whether that cannot be
    told; the steps of all clips in words; the step of a clip and the clip of a step; first, last and next; which clip does not belong; which
    step was not filmed and where; what a step rests on; what could not be done without it; whether a rule was kept; what comes
    next.

    Difficulty: more clips, reagents and doses; clips that show only a part of the laboratory; a clip of another experiment, a
    step that was not filmed, an order that is partly open; more that lies about and means nothing.

    Source: the tasks of VCRBench and MULTISCRIPT, on experiments and drawings of our own.
    """

    def simulate(self, params: Params, rng: Rng) -> Recipe[Laboratory]:
        laboratory, start = supply(params.liquids, params.powders, params.doses, rng.fork("laboratory"))
        return drawn(
            laboratory, start, rng, clips=params.clips, narrow=params.narrow, tricky=bool(params.tricks),
            decoys=params.decoys, modes=(*TRICKS, "free"),
        )  # fmt: skip

    def layout(self, episode: Recipe[Laboratory], rng: Rng) -> Layout:
        laboratory, shots = episode.kitchen, episode.shots
        places = shelf_places(laboratory, rng.fork("shelves"))
        lengths = step_lengths(len(shots), rng.fork("lengths"))
        scenes = [film_step(shot, laboratory, places, length) for shot, length in zip(shots, lengths, strict=True)]
        decoys = [lying_about(shot, episode.decoys, rng.fork(f"lying about {k}")) for k, shot in enumerate(shots)]
        return joined(episode, scenes, decoys, places, _thing)

    def ask(self, episode: Recipe[Laboratory], layout: Layout, rng: Rng) -> Iterable[Question]:
        yield from ProcedureAsker(episode, layout, rng, ALIKE).questions()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return viewer.answer(question, shown, CHEMIST)

    def draw(self, episode: Recipe[Laboratory], layout: Layout, stage: Any, style: Style) -> None:
        from generators.procedural._laboratory_props import Props

        paint(Props(episode.kitchen, style), episode, layout, stage)


def _thing(name: str) -> Thing:
    kind = "store" if name.endswith((" bottle", " tub")) else "vessel" if name in ROOM else "instrument"
    return Thing(id=name, kind=kind, shape_fills_box=False)
