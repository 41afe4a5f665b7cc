"""Knots are tied move by move, each move one clip; the clips come shuffled, and how far the ropes are laid tells their order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import JsonValue

from generators.procedural._kitchen_questions import records
from generators.procedural._kitchen_recipe import Recipe, recipe_with_gap, recipe_with_stray, whole_recipe
from generators.procedural._knots_domain import (
    BEND,
    BENDS,
    NAMES,
    ROPES,
    Board,
    Ways,
    crossing_of,
    lines,
    met_along,
    start_of,
    ways_to,
)
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
    narrow: int = ramp(0, per_level=0.34, about="clips in which some fields are covered")
    tricks: int = ramp(
        0, per_level=0.34, most=1, limit=1, about="1: a clip may be of another session, or a move not filmed"
    )

    @property
    def clips(self) -> int:
        return 2 * self.pairs


@dataclass(frozen=True)
class Session:
    """``asked``: for each kind of question on what comes of a rope, the rope and (for ``swapped``) the number of the clip."""

    recipe: Recipe[Board]
    flipped: tuple[bool, ...]
    asked: dict[str, tuple[str, int]]


@register(category="procedural", version=2, stage="compose", covers=("VCRBench", "MULTISCRIPT", "MORSE-500 planning"))
class Knots(Task[Params, Session]):
    """Knots are tied move by move, each move one clip; the clips come shuffled, and how far the ropes are laid tells their order.

    What is shown: a board with four fields, and in each a dashed line with numbered crossings; in one of them the line runs through and
    round a bight of another rope. Each clip follows a card "Clip k" and shows one move: the taped end of a rope is led along its line past the next crossing, over or under what lies
    there. The ropes are worked at in turn and may be half laid when the session begins; in some clips fields are covered. One
    order alone agrees with what the clips show, proven by enumeration.

    What is asked: the order; the move of a clip and the clip of a move; first, last and next; which clip does not belong; which
    move was not filmed and where; what a move rests on, what could not be done without it, what comes next; how many moves are
    left; what knot a rope becomes when it is pulled, and would have become with one move the other way; which move spoiled a knot; what joins
    rope and bight: a reef knot, a granny, another knot or none.

    Difficulty: more clips, covered fields; a clip of another session or a move that was not filmed.

    Source: MORSE-500's knot tying from shuffled pictures, the tasks of VCRBench and MULTISCRIPT. Knots by L. Kauffman's bracket
    (Topology 26, 1987) and by J. W. Alexander's polynomial (Trans. AMS 30, 1928).
    """

    def simulate(self, params: Params, rng: Rng) -> Session:
        wanted = rng.steady("wanted")
        mode = wanted.choice(("whole", "whole", "stray", "stray", "gap") if params.tricks else ("whole",))
        outcome, other, left = wanted.choice(NAMES), wanted.choice(NAMES), wanted.choice(LEFT)
        joint, turned = wanted.choice(BENDS), wanted.chance(0.5)
        steps = params.clips + {"whole": 0, "stray": -1, "gap": 1}[mode]
        pulled, changed, open_rope, bend = rng.sample(ROPES, 4)
        over = dict.fromkeys(ROPES, 0) | {open_rope: left}
        drawn = {rope: BEND if rope == bend else rng.choice(lines()) for rope in ROPES}
        most = {rope: len(met_along(drawn[rope])) - over[rope] for rope in ROPES}
        todo = shared(steps, most, (pulled, changed, bend), rng)
        meant: dict[str, Ways] = {
            pulled: rng.choice(ways_to(drawn[pulled], outcome)),
            open_rope: rng.choice(ways_to(drawn[open_rope], rng.choice(NAMES))),
            changed: rng.choice(ways_to(drawn[changed], other)),
            bend: rng.choice(ways_to(BEND, joint)),
        }
        other_way = {changed: "swapped"} | ({bend: "bend_swapped"} if turned else {})
        places = {rope: rng.integer(most[rope] - todo[rope], most[rope] - 1) for rope in other_way}
        meant |= {rope: swapped(meant[rope], place) for rope, place in places.items()}
        board = Board(drawn, meant, todo)
        start = start_of(board, over)
        recipe = session(mode, board, start, params, rng)
        if any(step.kind != meant[step.objects[0]][int(step.objects[1][-1]) - 1] for step in recipe.plan):
            raise Rejected("a move is made the other way")
        asked = {"outcome": (pulled, 0), "remaining": (open_rope, 0)} | ({} if turned else {"bend": (bend, 0)})
        for rope, kind in other_way.items():
            move = (rope, crossing_of(rope, places[rope]))
            clip = next((k for k in recipe.order if recipe.shot(k).objects == move), None)
            if clip is None:
                raise Rejected("the move that is asked for is not filmed")
            asked[kind] = (rope, clip)
        return Session(replace(recipe, tricky=bool(params.tricks)), tuple(rng.chance(0.5) for _ in ROPES), asked)

    def layout(self, episode: Session, rng: Rng) -> Layout:
        board, shots = episode.recipe.kitchen, episode.recipe.shots
        ways = {rope: Way(board.lines[rope], flip) for rope, flip in zip(board.ropes, episode.flipped, strict=True)}
        places = places_of(board)
        lengths = step_lengths(len(shots), rng.fork("lengths"))
        scenes = [film_step(shot, board, ways, places, length) for shot, length in zip(shots, lengths, strict=True)]
        joined = JoinedScene([Part(scene, f"Clip {k}", CARD) for k, scene in enumerate(scenes, 1)], "The end", CARD)
        events, states = records(episode.recipe, joined)
        things = []
        for name in dict.fromkeys(name for s in scenes for name, actor in s.actors.items() if actor.tracked):
            says: dict[str, JsonValue] = {}
            if name in ways:
                tracks = ways[name].tracks
                for says_what, track in zip(("line", "bight"), tracks[::-1], strict=False):
                    says[says_what] = [" ".join(f"{value:g}" for value in curve.ravel()) for curve in track.curves]
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
