"""A robot arm moves blocks step by step, each step one clip; the clips come shuffled, and how the blocks lie tells their order."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.procedural._kitchen_questions import records
from generators.procedural._kitchen_recipe import Recipe
from generators.procedural._robot_domain import PLACES, Table, set_out
from generators.procedural._robot_questions import RobotAsker
from generators.procedural._robot_scene import COLOURS, clutter, dress, film_step, lengths
from generators.procedural._robot_viewer import answer
from generators.procedural._shuffled_clips import CARD, TRICKS, drawn
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.joined import JoinedScene, Part
from morse.layout import Layout, Shown
from morse.schema import Question, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(TaskParams):
    pairs: int = ramp(
        2, per_level=0.25, least=2, about="pairs of clips (an even number: then the video's middle is a card)"
    )
    blocks: int = ramp(4, per_level=0.34, most=8, least=4, limit=8, about="blocks on the table")
    tricks: int = ramp(
        0, per_level=0.34, most=1, limit=1, about="1: a clip may be of another session, or a step not filmed"
    )
    decoys: int = ramp(1, per_level=0.5, most=8, limit=8, about="things on the table in each clip that do not matter")

    @property
    def clips(self) -> int:
        return 2 * self.pairs


@register(category="procedural", version=1, stage="compose", covers=("VCRBench", "RoboVQA", "SEED-Bench-R1"))
class RobotArm(Task[Params, Recipe[Table]]):
    """A robot arm moves blocks step by step, each step one clip; the clips come shuffled, and how the blocks lie tells their order.

    What is shown
        A Panda arm behind a row of five numbered places. On these lie lettered blocks, some on others, up to three high. Each clip follows a card
        "Clip k" and shows one step, with the table at rest before and after: a block is taken and put on a free place or on
        another block. In some clips the block slips out of the hand and falls back; that step is done again at once. One order
        alone agrees with what the clips show, proven by enumeration.
    What is asked
        The order; all steps in order, from a list; the step of a clip and the clip of a step; first, last and next; which clip does
        not belong; which step was not filmed and where; what a step rests on; what could not be done without it; what comes
        next; whether a step fails, when, with which block, where that is, and in which clip it is done again; on what a block lies
        in the end, or would lie without a step; whether a goal was reached.
    Difficulty
        More clips and blocks; a clip of another session, or a step that was not filmed; more clutter that means nothing.
    Source
        The tasks of VCRBench, and the kinds of RoboVQA (arXiv 2311.00899) and SEED-Bench-R1; the arm is Franka's Panda as in pybullet's data.
    """

    def simulate(self, params: Params, rng: Rng) -> Recipe[Table]:
        blocks, start = set_out(params.blocks, rng.fork("table"))
        tricky = bool(params.tricks)
        mode = rng.steady("mode").choice(TRICKS if tricky else ("whole",))
        slips = int(rng.steady("slips").chance(0.5) and mode != "gap")
        made = drawn(
            Table(blocks, slips),
            start,
            rng,
            clips=params.clips,
            narrow=0,
            tricky=tricky,
            decoys=params.decoys,
            modes=(mode,),
        )
        if sum(shot.kind == "slip" for shot in made.shots) != slips:
            raise Rejected("two steps fail, or none")
        return made

    def layout(self, episode: Recipe[Table], rng: Rng) -> Layout:
        shots, blocks = episode.shots, episode.kitchen.blocks
        colours = dict(zip(blocks, rng.fork("colours").sample(COLOURS, len(blocks)), strict=True))
        scenes = [
            film_step(shot, colours, clutter(episode.decoys, rng.fork(f"clutter {k}")), length)
            for k, (shot, length) in enumerate(zip(shots, lengths(len(shots), rng.fork("lengths")), strict=True))
        ]
        parts = [Part(scene, f"Clip {k}", CARD, "bullet") for k, scene in enumerate(scenes, 1)]
        joined = JoinedScene(parts, "The end", CARD)
        events, states = records(episode, joined)
        things = tuple(
            Thing(id=block, kind="block", attributes={"colour": colours[block]}, shape_fills_box=False)
            for block in blocks
        )
        things += tuple(Thing(id=place, kind="sign", shape_fills_box=False) for place in PLACES)
        return Layout(joined, things, tuple(events), tuple(states))

    def ask(self, episode: Recipe[Table], layout: Layout, rng: Rng) -> Iterable[Question]:
        yield from RobotAsker(episode, layout, rng).questions()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From how the blocks lie before and after each clip, as stacks; boxes from the scene."""
        return answer(question, shown)

    def draw(self, episode: Recipe[Table], layout: Layout, stage: Any, style: Style) -> None:
        stage.paint(lambda k, part: dress(part, episode.kitchen.blocks, style))
