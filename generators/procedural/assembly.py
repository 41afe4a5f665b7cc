"""A machine is put together step by step, each step one clip; the clips come shuffled, and what stands tells their order."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue, model_validator

from generators.procedural import _kitchen_viewer as viewer
from generators.procedural._assembly_domain import ALL_STEPS, Workshop, equip
from generators.procedural._assembly_scene import clutter, film_step, rack_places
from generators.procedural._assembly_viewer import MECHANIC
from generators.procedural._kitchen_questions import Asker
from generators.procedural._kitchen_recipe import Recipe
from generators.procedural._shots import step_lengths
from generators.procedural._shuffled_clips import drawn, joined, paint
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(TaskParams):
    pairs: int = ramp(
        2, per_level=0.25, least=2, about="pairs of clips (an even number: then the video's middle is a card)"
    )
    spares: int = ramp(1, per_level=0.25, most=2, limit=2, about="parts of each kind that the machine does not need")
    narrow: int = ramp(0, per_level=0.34, about="clips that show only a part of the bench")
    tricks: int = ramp(
        0, per_level=0.34, most=1, limit=1, about="1: a clip may be of another machine, or a step not filmed"
    )
    decoys: int = ramp(
        1, per_level=0.5, most=8, limit=8, about="things before the bench in each clip that do not matter"
    )

    @model_validator(mode="after")
    def _enough_to_do(self) -> "Params":
        if self.clips >= ALL_STEPS:
            raise ValueError(f"pairs={self.pairs} need more steps than the {ALL_STEPS} of a machine with 4 places")
        return self

    @property
    def clips(self) -> int:
        return 2 * self.pairs


@register(category="procedural", version=1, stage="compose", covers=("VCRBench", "MULTISCRIPT"))
class Assembly(Task[Params, Recipe[Workshop]]):
    """A machine is put together step by step, each step one clip; the clips come shuffled, and what stands tells their order.

    What is shown: a drawn workshop: a rack of labelled parts above a bench with four places. At each place a foot, a wheel, a
    nut, a glass cover, bolts and a top go on in turn; belts join neighbours, before their covers are on. Each clip follows a
    card "Clip k" and shows one step of building, with the bench at rest before and after. The machine may be half built when
    the first step begins. One order alone agrees with what the clips show, proven by enumeration.

    What is asked: the order; the step of a clip and the clip of a step; first, last and next; which clip does not belong;
    which step was not filmed and where; what a step rests on; what could not be done without it; what comes next.

    Difficulty: more clips, spare parts and clutter; clips that show only a part of the bench; a clip of another machine built
    of the same parts, or a step that was not filmed.

    Source: the tasks of VCRBench and MULTISCRIPT, on machines and drawings of our own.
    """

    def simulate(self, params: Params, rng: Rng) -> Recipe[Workshop]:
        workshop, start = equip(params.spares, params.clips + 1, rng.fork("workshop"))
        tricky = bool(params.tricks)
        return drawn(
            workshop, start, rng, clips=params.clips, narrow=params.narrow, tricky=tricky, decoys=params.decoys
        )

    def layout(self, episode: Recipe[Workshop], rng: Rng) -> Layout:
        workshop, shots = episode.kitchen, episode.shots
        places = rack_places(workshop, rng.fork("rack"))
        lengths = step_lengths(len(shots), rng.fork("lengths"))
        scenes = [film_step(shot, workshop, places, length) for shot, length in zip(shots, lengths, strict=True)]
        decoys = [clutter(shot, episode.decoys, rng.fork(f"clutter {k}")) for k, shot in enumerate(shots)]
        kinds = {name: kind for kind, parts in workshop.parts.items() for name in parts}
        return joined(
            episode,
            scenes,
            decoys,
            places,
            lambda name: Thing(id=name, kind=kinds.get(name, "place"), shape_fills_box=False),
        )

    def ask(self, episode: Recipe[Workshop], layout: Layout, rng: Rng) -> Iterable[Question]:
        yield from Asker(episode, layout, rng).questions()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return viewer.answer(question, shown, MECHANIC)

    def draw(self, episode: Recipe[Workshop], layout: Layout, stage: Any, style: Style) -> None:
        from generators.procedural._assembly_props import Props

        paint(Props(episode.kitchen, style), episode, layout, stage)
