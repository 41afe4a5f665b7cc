"""Objects on a table between screens, filmed by a camera that goes round: no single view shows enough."""

import math
from cmath import phase
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.spatial._orbit_questions import KINDS, QUADRANTS, Sight, evenly, some
from generators.spatial._table import SEEN, Table, set_table
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.grounding import masks_by_second
from morse.layout import Layout, Shown
from morse.schema import Masks, Question, State, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register
from morse.world import World

Array = np.ndarray
COLOURS = ("red", "orange", "yellow", "cyan", "blue", "purple")
POINTED = ("cone", "pyramid")
WIDE = 100.0
"""A field of view (degrees) that leaves nothing on the table out."""
FEWEST = 5
"""Questions that a table must give."""


class Params(TaskParams):
    objects: int = ramp(9, per_level=1, most=24, least=8, limit=24, about="objects on the table")
    screens: int = ramp(4, least=3, limit=4, about="screens that part the table")
    turns: int = ramp(0, per_level=0.5, about="times the camera goes back a little")
    pauses: int = ramp(1, per_level=0.5, about="rests of the camera on its way")
    clutter: int = ramp(2, per_level=2, most=30, limit=40, about="small flat counters that nothing is asked about")


@register(category="spatial", version=5, stage="bullet", covers=("VSI-Bench", "SIRI-Bench", "MORSE-500 spatial"))
class Orbit(Task[Params, Sight]):
    """Objects stand on a table between screens; a camera goes round and never sees them all at once.

    What is shown
        A table with objects of different shape, colour, size and material. Upright screens part the table, so that each
        view shows some of it only. The camera goes round the table with rests, at higher levels back a little in between,
        and may rise.

    What is asked
        Where an object is for someone who stands at a second and faces a third (infer); which of four is nearest to a
        fifth, which of all is, to be marked in the picture, and the order of three by distance (infer); which object one screen hides in the first or last view (infer),
        and which would come into view if that screen were taken away (counterfactual); how many objects have a colour
        (infer); how far and which way round the camera went (infer); what a viewer on the opposite side would see from left
        to right (counterfactual), and the camera after another quarter turn (predict); in what order objects came into view
        (recall).

    Difficulty
        More objects, so that more share shapes and colours; more clutter; more turns and rests of the camera.

    Source
        The question kinds follow VSI-Bench (Yang et al., arXiv 2412.14171), with the answer kept out of every single view.
    """

    def simulate(self, params: Params, rng: Rng) -> Sight:
        table = set_table(params.objects, params.screens, params.clutter, params.turns, params.pauses, rng)
        counts = (3, 4, 5) if params.objects < 12 else (3, 4, 5, 6)
        group = _alike(table, counts, rng.fork("group"))
        if group is None:
            raise Rejected("a view tells the count")
        colours, counted = _colours(table.shapes, group, rng.fork("colours"))
        things = tuple(
            Thing(
                id=f"{colour}_{shape}",
                kind=shape,
                attributes={"name": f"{colour} {shape}"},
                colour=colour,
                shape_fills_box=shape not in POINTED,
            )
            for colour, shape in zip(colours, table.shapes, strict=True)
        )
        bodies = tuple(
            replace(body, name=things[i].id, colour=colours[i]) if i < len(things) else body
            for i, body in enumerate(table.world.bodies)
        )
        return Sight(replace(table, world=replace(table.world, bodies=bodies)), things, counted, counts)

    def layout(self, episode: Sight, rng: Rng) -> Layout:
        table = episode.table
        values: dict[str, JsonValue] = {
            "places": {thing.id: place for thing, place in zip(episode.things, table.places.tolist(), strict=True)},
            "sizes": {thing.id: size for thing, size in zip(episode.things, table.sizes.tolist(), strict=True)},
            "screens": {name: wall for name, wall in zip(table.screens, table.walls.tolist(), strict=True)},
        }
        state = State(start=0.0, end=table.way.duration, values=values)
        return Layout(scene=table.world, objects=episode.things, states=(state,))

    def ask(self, episode: Sight, layout: Layout, rng: Rng) -> Iterable[Question]:
        asked = [question for kind in KINDS for question in kind(episode, rng.fork(kind.__name__))]
        if len(asked) < FEWEST:
            raise Rejected("too few questions")
        return asked

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From the places of what is filmed, and by ray casts where it matters what is seen."""
        return _Again(shown).answer(question)

    def draw(self, episode: Sight, layout: Layout, stage: Any, style: Style) -> None:
        """Nothing to add: the bodies carry their looks."""


def _alike(table: Table, counts: Sequence[int], rng: Rng) -> list[int] | None:
    """Objects to give one colour, so that none of the telling views gives their number away.

    No view shows all of them, and the scene has groups of every number that look the same in the first, middle and last view
    (as many of them are seen); which of the numbers it is, is drawn evenly.
    """
    told, found = (table.told > SEEN).T.tolist(), []
    for size in counts:
        for group in some(range(len(table.shapes)), size, rng, most=300):
            if len({table.shapes[i] for i in group}) == size and not table.together(group):
                look = tuple(sum(shown) for shown in zip(*(told[i] for i in group), strict=True))
                found.append((look, size, list(group)))
    return evenly(found, lambda _: counts, rng)


def _colours(shapes: Sequence[str], group: Sequence[int], rng: Rng) -> tuple[list[str], str]:
    """Colours of all objects, so that every description is unique, and the colour of the group, which no other has."""
    counted = rng.choice(COLOURS)
    colours = dict.fromkeys(group, counted)
    for i in rng.shuffled([i for i in range(len(shapes)) if i not in colours]):
        taken = [colours[j] for j in colours if shapes[j] == shapes[i]] + [counted]
        colours[i] = rng.choice([colour for colour in COLOURS if colour not in taken])
    return [colours[i] for i in range(len(shapes))], counted


class _Again:
    """The answers once more, from what is filmed: camera and poses, and ray casts for what is seen."""

    def __init__(self, shown: Shown) -> None:
        if not isinstance(shown.scene, World):
            raise TypeError("the scene is not a World")
        self.world, self.things, self.duration = shown.scene, shown.objects, shown.duration
        self.screens = [body.name for body in self.world.bodies if body.name.endswith("_screen")]

    def answer(self, question: Question) -> JsonValue:
        return getattr(self, question.kind)(question)

    def spot(self, name: JsonValue) -> complex:
        x, y = self.world.poses[0, self.world.index(str(name).replace(" ", "_")), :2]
        return complex(x, y)

    def seen(
        self, names: Iterable[JsonValue], times: Array, gone: Sequence[str] = (), fov: float | None = None
    ) -> Array:
        """(times, names): how much of some objects is seen with some screens gone (with another field of view)."""
        world = self.world.without(*gone)
        if fov is not None:
            world = replace(world, camera=replace(world.camera, fovs=np.full_like(world.camera.fovs, fov)))
        return world.tracks(times, [str(name).replace(" ", "_") for name in names]).visible

    def facing(self, question: Question) -> JsonValue:
        here, ahead, target = (self.spot(question.slots[slot]) for slot in ("here", "ahead", "target"))
        bearing = (target - here) / (ahead - here)
        return QUADRANTS[2 * (bearing.real < 0) + (bearing.imag < 0)]

    def nearest(self, question: Question) -> JsonValue:
        here = self.spot(question.slots["here"])
        return min(question.option_values, key=lambda name: abs(self.spot(name) - here))

    def mark_nearest(self, question: Question) -> JsonValue:
        here, form = self.spot(question.slots["here"]), question.format
        assert isinstance(form, Masks)
        others = [thing.id for thing in self.things if thing.attributes["name"] != question.slots["here"]]
        nearest = min(others, key=lambda name: abs(self.spot(name) - here))
        return masks_by_second(self.world, nearest, [int(str(question.slots["second"]))], form.height, form.width)

    def by_distance(self, question: Question) -> JsonValue:
        here = self.spot(question.slots["here"])
        return self.ranked(question, lambda name: abs(self.spot(name) - here))

    def ranked(self, question: Question, key: Callable[[str], float]) -> JsonValue:
        """The numbers of the listed objects, by rising key."""
        slot: Any = question.slots["names"]
        names: list[str] = list(slot)
        numbers: list[JsonValue] = [names.index(name) + 1 for name in sorted(names, key=key)]
        return numbers

    def hidden(self, question: Question) -> JsonValue:
        return self.picked(question, [name for name in self.screens if name != self.screen(question)], WIDE, least=True)

    def removed(self, question: Question) -> JsonValue:
        return self.picked(question, [self.screen(question)])

    def screen(self, question: Question) -> str:
        return str(question.slots["screen"]).replace(" ", "_")

    def picked(
        self, question: Question, gone: Sequence[str], fov: float | None = None, least: bool = False
    ) -> JsonValue:
        """The option that is seen most (or least) in the view asked about with some screens gone."""
        time = 0.0 if question.slots["view"] == "first" else self.duration
        shares = self.seen(question.option_values, np.array([time]), gone, fov)[0]
        return question.option_values[int(shares.argmin() if least else shares.argmax())]

    def count(self, question: Question) -> JsonValue:
        those = [thing.id for thing in self.things if thing.colour == question.slots["colour"]]
        return int((self.seen(those, np.arange(0.0, self.duration)) > 0.5).any(axis=0).sum())

    def azimuths(self) -> Array:
        eyes = self.world.camera.at(np.arange(0.0, self.duration, 0.25))[0]
        return np.unwrap(np.arctan2(eyes[:, 1], eyes[:, 0]))

    def travel(self, question: Question) -> JsonValue:
        azimuths = self.azimuths()
        turned = math.degrees(azimuths[-1] - azimuths[0])
        turn = "anticlockwise" if turned > 0 else "clockwise"
        return f"about {10 * round(abs(turned) / 10)}° {turn}"

    def opposite(self, question: Question) -> JsonValue:
        x, y, _ = self.world.camera.at(np.zeros(1))[0][0]
        return self.from_left(question, -complex(x, y))

    def onward(self, question: Question) -> JsonValue:
        azimuths = self.azimuths()
        x, y, _ = self.world.camera.at(np.array([self.duration]))[0][0]
        return self.from_left(question, complex(x, y) * (1j if azimuths[-1] > azimuths[0] else -1j))

    def from_left(self, question: Question, eye: complex) -> JsonValue:
        """The order from left to right for an eye that looks at the middle of the table."""
        return self.ranked(question, lambda name: -phase((self.spot(name) - eye) / -eye))

    def appeared(self, question: Question) -> JsonValue:
        slot: Any = question.slots["names"]
        first = (self.seen(slot, np.arange(0.0, self.duration, 0.5)) > 0.2).argmax(axis=0)
        return self.ranked(question, lambda name: float(first[slot.index(name)]))
