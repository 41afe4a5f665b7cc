"""A kernel slides over a signal, sines add up, rods cool, pulses run along a rope: which graph, how fast, how high, and then?"""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.mathematical._signal_kernel import draw_sliding
from generators.mathematical._signal_questions import Asking
from generators.mathematical._signal_rods import draw_rods
from generators.mathematical._signal_rope import draw_rope
from generators.mathematical._signal_show import Screen, Show, World
from generators.mathematical._signal_tones import draw_tones
from generators.mathematical._signal_viewer import retold
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

EXPERIMENTS = ("kernel", "tones", "rods", "rope")


class Params(TaskParams):
    experiments: int = ramp(1, per_level=0.34, most=4, least=1, limit=4, about="experiments, one after another")
    cells: int = ramp(
        8, per_level=0.5, most=12, least=6, limit=14, about="steps of the signal that a kernel slides over"
    )
    sines: int = ramp(2, per_level=0.25, most=3, least=2, limit=3, about="sines that a signal is the sum of")
    spans: int = ramp(
        2, per_level=0.1, most=40, least=1, limit=100, about="how many times over all their waves are drawn"
    )
    bounces: int = ramp(
        1, per_level=0.25, least=1, limit=60, about="times that each pulse comes back from an end of the rope"
    )
    noise: int = ramp(0, per_level=0.25, most=2, limit=4, about="grey graphs in each experiment, which mean nothing")
    window: float = ramp(
        4.0, per_level=-0.1, most=3.0, least=2.0, limit=5.5, about="x units drawn that can be seen at once"
    )
    pace: float = ramp(1.1, per_level=-0.03, most=0.85, least=0.6, limit=4, about="seconds for an x unit of a signal")


@register(
    category="mathematical",
    version=2,
    none_of=("pitch", "strong", "faster", "meeting", "otherwise"),
    stage="plot",
    covers=("MORSE-500 mathematical",),
)
class Signals(Task[Params, Screen]):
    """Signals: a convolution, a spectrum, the heat equation and the wave equation as experiments on a screen.

    What is shown
        One to four experiments, each followed by four graphs to choose from. A kernel is shown, already flipped, and slides over a
        signal as a slot through which alone the signal can be seen. A pen draws a sum of two or three sines on paper of which
        less than a full span can be seen. Two rods cool from the same temperatures by different diffusivities; no heat
        passes through their ends, or these are held at two temperatures. Two pulses run along a rope whose hidden ends throw
        them back upright (free) or upside down (fixed), until shortly before they meet. Grey graphs mean nothing.
    What is asked
        The convolution at a place, where it is largest, which graph it is, and its value with the kernel turned round; the
        spectrum, the ratios of frequencies and of amplitudes, and how many waves are left by a filter; a rod's temperatures after
        twice the time and in the end, and how the diffusivities compare; which way the higher pulse runs (at three
        times), of which kind the ends are, how high the rope will be where the pulses meet, and would be with another end,
        and how it will look later.
    Difficulty
        More experiments a clip, longer signals, three sines, more reflections, more grey graphs, a smaller window, a faster pace.
    Source
        Own design, after the convolutions, spectra, heat and wave equations of MORSE-500. Closed forms: finite sums, Fourier's
        series of the rod, d'Alembert's solution by images.
    """

    def simulate(self, params: Params, rng: Rng) -> Screen:
        aim = rng.steady("aim")
        names = aim.sample(EXPERIMENTS, params.experiments)
        return Screen(
            {name: _world(name, params, aim.fork(name), rng.fork(name)) for name in names}, params.window, params.pace
        )

    def layout(self, episode: Screen, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Screen, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From what is shown, by scipy's convolution and Fourier transform and by difference schemes of both equations."""
        return retold(question, shown)

    def draw(self, episode: Screen, layout: Layout, stage: Any, style: Style) -> None:
        from generators.mathematical._signal_looks import draw_screen

        draw_screen(episode, layout, stage, style)


def _world(name: str, params: Params, aim: Rng, rng: Rng) -> World:
    """One experiment, with wanted answers."""
    match name:
        case "kernel":
            return draw_sliding(params.cells, params.noise, aim, rng)
        case "tones":
            return draw_tones(params.sines, params.spans, params.noise, aim, rng)
        case "rods":
            return draw_rods(params.noise, aim, rng)
    return draw_rope(params.bounces, params.noise, aim, rng)
