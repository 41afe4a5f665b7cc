"""Knots are tied move by move, each move one clip; the clips come shuffled, and how far the ropes are laid tells their order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import JsonValue, model_validator

from generators.procedural._kitchen_questions import records
from generators.procedural._kitchen_recipe import Recipe, recipe_with_gap, recipe_with_stray, whole_recipe
from generators.procedural._knots_domain import CROSSINGS, NAMES, ROPES, Board, Ways, lines, start_of, ways_to
from generators.procedural._knots_questions import LEFT, KnotAsker, swapped
from generators.procedural._knots_scene import Way, film_step, places_of
from generators.procedural._knots_viewer import retold
from generators.procedural._shots import step_lengths
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.joined import JoinedScene, Part
from morse.layout import Layout, Shown
from morse.schema import Question, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register
from morse.timeline import Timeline

CARD = 1.5


class Params(TaskParams):
    pairs: int = ramp(
        2,
        per_level=0.25,
        most=5,
        least=2,
        limit=5,
        about="pairs of clips (an even number: then the video's middle is a card)",
    )
    ropes: int = ramp(3, per_level=0.25, most=4, least=3, limit=4, about="ropes that are tied in turn")
    narrow: int = ramp(0, per_level=0.34, about="clips in which some fields are covered")
    tricks: int = ramp(
        0, per_level=0.34, most=1, limit=1, about="1: a clip may be of another session, or a move not filmed"
    )

    @property
    def clips(self) -> int:
        return 2 * self.pairs

    @model_validator(mode="after")
    def _enough_to_do(self) -> "Params":
        if self.clips + 1 > CROSSINGS * (self.ropes - 1):
            raise ValueError(f"pairs={self.pairs} need more moves than {self.ropes} ropes offer for sure")
        return self


@dataclass(frozen=True)
class Session:
    """``asked``: for each kind of question on what comes of a rope, the rope and (for ``swapped``) the number of the clip."""

    recipe: Recipe[Board]
    flipped: tuple[bool, ...]
    asked: dict[str, tuple[str, int]]


@register(category="procedural", version=1, stage="compose", covers=("VCRBench", "MULTISCRIPT", "MORSE-500 planning"))
class Knots(Task[Params, Session]):
    """Knots are tied move by move, each move one clip; the clips come shuffled, and how far the ropes are laid tells their order.

    What is shown: a board with a field for each rope, and in it a dashed line with five numbered crossings. Each clip follows a
    card "Clip k" and shows one move: the taped end of a rope is led along its line past the next crossing, over or under what lies
    there. The ropes are worked at in turn and may be half laid when the session begins; in some clips fields are covered. One
    order alone agrees with what the clips show, proven by enumeration.

    What is asked: the order; the move of a clip and the clip of a move; first, last and next; which clip does not belong; which
    move was not filmed and where; what a move rests on, what could not be done without it, what comes next; how many moves are
    left; what knot a rope becomes when it is pulled, and had become with one move the other way; which move spoiled a knot.

    Difficulty: more clips and ropes, covered fields; a clip of another session or a move that was not filmed.

    Source: MORSE-500's knot tying from shuffled pictures, the tasks of VCRBench and MULTISCRIPT. Knots by L. Kauffman's bracket
    (Topology 26, 1987) and by J. W. Alexander's polynomial (Trans. AMS 30, 1928).
    """

    def simulate(self, params: Params, rng: Rng) -> Session:
        wanted = rng.steady("wanted")
        mode = wanted.choice(("whole", "whole", "stray", "stray", "gap") if params.tricks else ("whole",))
        outcome, other, left = wanted.choice(NAMES), wanted.choice(NAMES), wanted.choice(LEFT)
        steps = params.clips + {"whole": 0, "stray": -1, "gap": 1}[mode]
        ropes = ROPES[: params.ropes]
        pulled, changed, open_rope = rng.sample(ropes, 3)
        over = {rope: rng.integer(0, 2) for rope in ropes} | {pulled: 0, changed: 0, open_rope: left}
        tangles = {rope: rng.choice(lines()) for rope in ropes}
        todo = shared(steps, {rope: CROSSINGS - over[rope] for rope in ropes}, (pulled, changed), rng)
        meant: dict[str, Ways] = {rope: rng.choice(ways_to(tangles[rope], rng.choice(NAMES))) for rope in ropes}
        meant[pulled] = rng.choice(ways_to(tangles[pulled], outcome))
        place = rng.integer(CROSSINGS - todo[changed], CROSSINGS - 1)
        meant[changed] = swapped(rng.choice(ways_to(tangles[changed], other)), place)
        board = Board(tangles, meant, todo)
        start = start_of(board, over)
        recipe = session(mode, board, start, params, rng)
        if any(step.kind != meant[step.objects[0]][int(step.objects[1][-1]) - 1] for step in recipe.plan):
            raise Rejected("a move is made the other way")
        clip = next(
            (k for k in recipe.order if recipe.shot(k).objects == (changed, f"crossing {changed[-1]}{place + 1}")), None
        )
        if clip is None:
            raise Rejected("the move that is asked for is not filmed")
        asked = {"outcome": (pulled, 0), "swapped": (changed, clip), "remaining": (open_rope, 0)}
        return Session(replace(recipe, tricky=bool(params.tricks)), tuple(rng.chance(0.5) for _ in ropes), asked)

    def layout(self, episode: Session, rng: Rng) -> Layout:
        board, shots = episode.recipe.kitchen, episode.recipe.shots
        ways = {rope: Way(board.tangles[rope], flip) for rope, flip in zip(board.ropes, episode.flipped, strict=True)}
        places = places_of(board, rng.fork("places"))
        lengths = step_lengths(len(shots), rng.fork("lengths"))
        scenes = [film_step(shot, board, ways, places, length) for shot, length in zip(shots, lengths, strict=True)]
        joined = JoinedScene([Part(scene, f"Clip {k}", CARD) for k, scene in enumerate(scenes, 1)], "The end", CARD)
        events, states = records(episode.recipe, joined)
        things = []
        for name in dict.fromkeys(name for s in scenes for name, actor in s.actors.items() if actor.tracked):
            says: dict[str, JsonValue] = {}
            if name in ways:
                says["line"] = [" ".join(f"{value:g}" for value in curve.ravel()) for curve in ways[name].curves]
            things.append(
                Thing(id=name, kind="rope" if name in ways else "crossing", attributes=says, shape_fills_box=False)
            )
        return Layout(joined, tuple(things), tuple(events), tuple(states), {"places": places, "ways": ways})

    def ask(self, episode: Session, layout: Layout, rng: Rng) -> Iterable[Question]:
        yield from KnotAsker(episode.recipe, layout, rng, episode.asked).questions()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From what is seen before and after each move, and Alexander's polynomial of the drawn lines."""
        return retold(question, shown)

    def draw(self, episode: Session, layout: Layout, stage: Any, style: Style) -> None:
        from generators.procedural._knots_looks import Props

        props, joined = Props(episode.recipe.kitchen, layout.details["ways"], style), layout.scene
        assert isinstance(joined, JoinedScene)

        def paint(k: int, part: Any) -> None:
            timeline = joined.parts[k].scene
            assert isinstance(timeline, Timeline)
            props.dress(episode.recipe.shots[k], timeline, layout.details["places"], part)

        stage.paint(paint)


def shared(steps: int, most: dict[str, int], needed: tuple[str, ...], rng: Rng) -> dict[str, int]:
    """So many moves shared out among ropes, one at least for those that are needed and no more than each has left."""
    todo = {rope: int(rope in needed) for rope in most}
    while sum(todo.values()) < steps:
        free = [rope for rope in most if todo[rope] < most[rope]]
        if not free:
            raise Rejected("too few moves are left")
        todo[rng.choice(free)] += 1
    return todo


def session(mode: str, board: Board, start: Any, params: Params, rng: Rng) -> Recipe[Board]:
    """The clips of a session. A clip that does not belong is of one whose moves are others."""
    if mode == "gap":
        return recipe_with_gap(board, start, params.clips, rng)
    make = recipe_with_stray if mode == "stray" else whole_recipe
    return make(board, start, params.clips, params.narrow, rng)
