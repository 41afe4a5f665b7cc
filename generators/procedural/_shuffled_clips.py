"""A procedure as numbered clips in shuffled order: what every craft's task does with its own workplace, scenes and looks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from generators.procedural._kitchen_questions import records
from generators.procedural._kitchen_recipe import (
    Recipe,
    W,
    Workplace,
    partly_free_recipe,
    recipe_with_gap,
    recipe_with_stray,
    whole_recipe,
)
from generators.procedural._planning import State
from generators.procedural._shots import Decoy, Shot
from morse.joined import JoinedScene, Part
from morse.layout import Layout
from morse.schema import Thing
from morse.seeding import Rng
from morse.timeline import Timeline

CARD = 1.5
TRICKS = ("whole", "whole", "stray", "stray", "gap")
"""How often each mode is drawn where there are tricks; those with and without a stray clip are equally likely."""


class Looks(Protocol):
    """The looks of a workplace in one style."""

    def dress(
        self,
        shot: Shot,
        timeline: Timeline,
        decoys: Sequence[Decoy],
        places: Mapping[str, tuple[float, float]],
        stage: Any,
    ) -> None:
        """Give every actor of one clip its look."""
        ...


def drawn(
    place: W,
    start: State,
    rng: Rng,
    *,
    clips: int,
    narrow: int,
    tricky: bool,
    decoys: int,
    modes: Sequence[str] = TRICKS,
) -> Recipe[W]:
    """A procedure found by search and its shuffled clips, whole or with a trick."""
    mode = rng.steady("mode").choice(modes if tricky else ("whole",))
    if mode == "gap":
        made = recipe_with_gap(place, start, clips, rng)
    elif mode == "free":
        made = partly_free_recipe(place, start, clips, rng)
    else:
        make = recipe_with_stray if mode == "stray" else whole_recipe
        made = make(place, start, clips, narrow, rng)
    return replace(made, tricky=tricky, decoys=decoys)


def joined(
    recipe: Recipe[Workplace],
    scenes: Sequence[Timeline],
    decoys: Sequence[list[Decoy]],
    places: Mapping[str, tuple[float, float]],
    thing: Callable[[str], Thing],
) -> Layout:
    """The clips one after another, each after a card with its number, and what is recorded of them."""
    scene = JoinedScene([Part(clip, f"Clip {k}", CARD) for k, clip in enumerate(scenes, 1)], "The end", CARD)
    events, states = records(recipe, scene)
    names = dict.fromkeys(name for clip in scenes for name, actor in clip.actors.items() if actor.tracked)
    details = {"places": places, "decoys": decoys}
    return Layout(scene, tuple(map(thing, names)), tuple(events), tuple(states), details)


def paint(looks: Looks, recipe: Recipe[Workplace], layout: Layout, stage: Any) -> None:
    """Put the clips on a stage for compositions."""
    details, scene = layout.details, layout.scene
    assert isinstance(scene, JoinedScene)

    def dress(k: int, part: Any) -> None:
        timeline = scene.parts[k].scene
        assert isinstance(timeline, Timeline)
        looks.dress(recipe.shots[k], timeline, details["decoys"][k], details["places"], part)

    stage.paint(dress)
