"""A recipe's steps are filmed one by one; the clips come shuffled, and what lies in the bowls tells their order."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue, model_validator

from generators.procedural import _kitchen_viewer as viewer
from generators.procedural._kitchen_domain import FRESH, JARS
from generators.procedural._kitchen_questions import Asker
from generators.procedural._kitchen_recipe import (
    CookingPlace,
    Recipe,
    background,
    stock,
)
from generators.procedural._kitchen_scene import film_step, shelf_places
from generators.procedural._shots import step_lengths
from generators.procedural._shuffled_clips import drawn, joined, paint
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

KINDS = {"bowl": "vessel", "pot": "vessel", "baking dish": "vessel", "plate": "vessel"}


class Params(TaskParams):
    pairs: int = ramp(
        2, per_level=0.25, least=2, about="pairs of clips (an even number: then the video's middle is a card)"
    )
    jars: int = ramp(4, per_level=0.6, most=16, least=2, limit=len(JARS), about="jars on the shelves")
    fresh: int = ramp(2, per_level=0.4, most=6, least=1, limit=min(6, len(FRESH)), about="ingredients to chop")
    portions: int = ramp(2, per_level=0.2, least=1, about="portions that a full jar holds")
    narrow: int = ramp(0, per_level=0.34, about="clips that show only a part of the kitchen")
    tricks: int = ramp(
        0, per_level=0.34, most=1, limit=1, about="1: a clip may be of another recipe, or a step not filmed"
    )
    decoys: int = ramp(1, per_level=0.5, most=9, limit=9, about="background things in each clip that do not matter")

    @model_validator(mode="after")
    def _enough_to_cook(self) -> "Params":
        if self.clips > self.jars * self.portions + self.fresh:
            raise ValueError(
                f"pairs={self.pairs} need more food than {self.jars} jars of {self.portions} portions hold"
            )
        return self

    @property
    def clips(self) -> int:
        return 2 * self.pairs


@register(category="procedural", version=1, stage="compose", covers=("VCRBench", "MULTISCRIPT"))
class Cooking(Task[Params, Recipe[CookingPlace]]):
    """A recipe's steps are filmed one by one; the clips come shuffled, and what lies in the bowls tells their order.

    What is shown: a drawn kitchen: labelled jars, ingredients, board, bowl, pot, stove, oven, plate. Each clip follows a card
    "Clip k" and shows one step, with the kitchen at rest before and after. Recipes are found by search; one order alone
    agrees with what the clips show, proven by enumeration.

    What is asked: the order; the step of a clip and the clip of a step; first, last and next; which clip does not belong;
    which step was not filmed and where; what a step rests on; what could not be done without it; what comes next.

    Difficulty: more clips, jars, ingredients and portions; clips that show only a part of the kitchen; a clip of another
    recipe, or a step that was not filmed; more in the background that differs from clip to clip and means nothing.

    Source: the tasks of VCRBench and MULTISCRIPT, on recipes and drawings of our own.
    """

    def simulate(self, params: Params, rng: Rng) -> Recipe[CookingPlace]:
        kitchen, start = stock(params.jars, params.fresh, params.portions, rng.fork("kitchen"))
        tricky = bool(params.tricks)
        return drawn(kitchen, start, rng, clips=params.clips, narrow=params.narrow, tricky=tricky, decoys=params.decoys)

    def layout(self, episode: Recipe[CookingPlace], rng: Rng) -> Layout:
        places = shelf_places(episode.kitchen, rng.fork("shelves"))
        lengths = step_lengths(len(episode.shots), rng.fork("lengths"))
        scenes = [film_step(s, episode.kitchen, places, t) for s, t in zip(episode.shots, lengths, strict=True)]
        decoys = [background(s, episode.decoys, rng.fork(f"background {k}")) for k, s in enumerate(episode.shots)]
        return joined(episode, scenes, decoys, places, lambda name: _thing(name, episode))

    def ask(self, episode: Recipe[CookingPlace], layout: Layout, rng: Rng) -> Iterable[Question]:
        yield from Asker(episode, layout, rng).questions()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return viewer.answer(question, shown, viewer.COOK)

    def draw(self, episode: Recipe[CookingPlace], layout: Layout, stage: Any, style: Style) -> None:
        from generators.procedural._kitchen_props import Props

        paint(Props(episode.kitchen, style), episode, layout, stage)


def _thing(name: str, recipe: Recipe[CookingPlace]) -> Thing:
    if name.endswith(" jar"):
        return Thing(id=name, kind="jar", attributes={"holds": name.removesuffix(" jar")})
    if name in recipe.kitchen.fresh:
        return Thing(id=name, kind="ingredient", shape_fills_box=False)
    return Thing(id=name, kind=KINDS.get(name, "fixture"))
