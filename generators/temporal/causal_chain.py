"""A circuit of waiting parts is shown and then hidden; switches are pressed, lamps come on: by which press, and what without it."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.temporal._chain_looks import draw_circuit_board
from generators.temporal._chain_questions import Asking
from generators.temporal._chain_show import Show
from generators.temporal._chain_viewer import retold
from generators.temporal._chain_world import Circuit, Params, draw_circuit
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="temporal", version=3, stage="manim", covers=("MORSE-500 temporal", "OVO-Bench", "Video-Holmes"))
class CausalChain(Task[Params, Circuit]):
    """Switches, parts that hold signals back, and lamps: the parts are shown first and hidden while they work.

    What is shown
        Switches at the left, lamps at the right, and between them columns of parts with wires. A part that says ALL waits for both
        its inputs, one that says ANY for the first of them; then it holds the signal back for the seconds that it says. A blind comes
        down over the parts; then switches are pressed one after another (some never), and lamps come on. What is on stays on.
        Switches that are only shaken do nothing.
    What is asked
        In which order switches were pressed and lamps came on; which lamp had come on last when a switch was pressed; by which press
        a lamp came on when it did, from when to when the signal was on its way, and where that switch is; what would have become of
        a lamp without a press, and which lamps would have stayed dark; the seconds of the quickest way; which lamp is the next, at
        two times.
    Difficulty
        More rows and columns of parts, more shaken switches.
    Source
        Own design, after the cause and effect of MORSE-500 and the clues of Video-Holmes that only together give the answer.
    """

    def simulate(self, params: Params, rng: Rng) -> Circuit:
        return draw_circuit(params, rng)

    def layout(self, episode: Circuit, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Circuit, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By running the circuit in small steps of time, and by putting presses off to see what hangs on them."""
        return retold(question, shown)

    def draw(self, episode: Circuit, layout: Layout, stage: Any, style: Style) -> None:
        draw_circuit_board(layout, stage, style)
