"""The experiments once more from what is shown: by scipy's convolution and Fourier transform, and step by step in space and time."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Question, Thing
from morse.timeline import Timeline

Array = np.ndarray
FINE = 20
"""Samples a unit of a staircase."""
CELLS = 192
"""Cells of a rod whose heat is passed on from cell to cell."""


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    match question.kind:
        case "overlap" | "largest" | "smoothed" | "mirrored":
            return _convolution(question, shown)
        case "spectrum" | "pitch" | "strong" | "filtered":
            return _sines(question, shown)
        case "later" | "faster" | "settled":
            return _heat(question, shown)
    return _waves(question, shown)


def _named(shown: Shown, name: str) -> Thing:
    return next(thing for thing in shown.objects if thing.id == name)


def _numbers(value: JsonValue) -> Array:
    return np.array(value, dtype=float)


def _nearest(shown: Shown, name: str, wanted: Array) -> int:
    """Which of four graphs is nearest to what is worked out."""
    graphs = [_numbers(_named(shown, f"{name} graph {i}").attributes["drawn"]) for i in range(1, 5)]
    return 1 + int(np.argmin([np.abs(graph - wanted).max() for graph in graphs]))


def _convolution(question: Question, shown: Shown) -> JsonValue:
    """By scipy, from fine samples; the kernel is drawn turned round."""
    from scipy.signal import convolve

    heights = _numbers(_named(shown, "kernel").attributes["heights"])
    if question.kind != "mirrored":
        heights = heights[::-1]
    signal = np.repeat(_numbers(_named(shown, "slot").attributes["cells"]), FINE)
    made = convolve(signal, np.repeat(heights, FINE), method="direct") / FINE
    whole = np.concatenate([[0.0], made[FINE - 1 :: FINE], [0.0]])
    match question.kind:
        case "largest":
            return int(np.argmax(whole))
        case "smoothed":
            return _nearest(shown, "kernel", whole)
    return round(float(whole[int(str(question.slots["t"]))]))


def _sines(question: Question, shown: Shown) -> JsonValue:
    """By the Fourier transform of the pen's way while the first span of paper runs."""
    from scipy.fft import rfft

    from generators.mathematical._signal_tones import BINS, SPAN

    scene = shown.scene
    assert isinstance(scene, Timeline)
    run = next(event for event in shown.events if event.kind == "runs")
    span = (run.end - run.start) * SPAN / int(str(run.values["to"]))
    pen = scene.actors["pen"]
    heights = pen.values("y", run.start + span * np.arange(240) / 240)
    sizes = np.abs(rfft(heights))[1 : BINS + 1] / 120  # type: ignore[operator]
    unit = scene.actors["pen"].size[0] and _unit(shown, sizes)
    amplitudes = np.round(sizes / unit)
    waves = [k + 1 for k in range(BINS) if amplitudes[k] > 0]
    sized = {k: int(amplitudes[k - 1]) for k in waves}
    match question.kind:
        case "pitch":
            return [waves[0], waves[-1]]
        case "strong":
            return [sized[waves[0]], sized[waves[-1]]]
        case "filtered":
            pick = max if question.slots["kept"] == "strongest" else min
            return pick(waves, key=lambda k: sized[k])
    return _nearest(shown, "tones", amplitudes)


def _unit(shown: Shown, sizes: Array) -> float:
    """Canvas units of one unit of amplitude: the weakest sine has one."""
    return float(min(size for size in sizes if size > 0.05))


def _heat(question: Question, shown: Shown) -> JsonValue:
    """The method of lines: what diffusivity makes the shown temperatures of the first, and what follows from it."""
    from generators.mathematical._signal_rods import RATIOS

    rod = _named(shown, "rod P").attributes
    blocks = rod["blocks"]
    assert isinstance(blocks, list)
    place = (np.arange(CELLS) + 0.5) * 12 / CELLS
    first = np.zeros(CELLS)
    for start, end, degrees in (_numbers(block) for block in blocks):
        first[(place > start) & (place < end)] = degrees
    held = None if rod["ends"] is None else _numbers(rod["ends"])
    cooling = _Cooling(first, held)
    if question.kind == "settled":
        return round(float(np.interp(int(str(question.slots["x"])), place, cooling.after(1e5))))
    state = next(state for state in shown.states if "rods" in state.values)
    profiles = state.values["rods"]
    assert isinstance(profiles, dict)
    spreads = {
        letter: cooling.spread_of(np.linspace(0.0, 12.0, 49), _numbers(seen)) for letter, seen in profiles.items()
    }
    if question.kind == "later":
        at = np.linspace(0.0, 12.0, 49)
        return _nearest(shown, "rods", cooling.at(at, 2 * spreads["P"]))
    values = {"4": 4.0, "2": 2.0, "1/2": 0.5, "1/4": 0.25}
    return min(RATIOS, key=lambda ratio: abs(np.log(spreads["Q"] / spreads["P"] / values[ratio])))


class _Cooling:
    """Heat that passes from cell to cell of a rod, exactly in time: all modes of the matrix of differences."""

    def __init__(self, first: Array, held: Array | None) -> None:
        source = np.zeros(CELLS)
        if held is not None:
            source[[0, -1]] = 2 * held * (CELLS / 12) ** 2
        self.rates, self.modes = _modes(held is not None)
        self.held, self.first, self.source = held, self.modes.T @ first, self.modes.T @ source

    def after(self, spread: float) -> Array:
        fade = np.exp(self.rates * spread)
        safe = np.where(np.abs(self.rates) > 1e-9, self.rates, 1.0)
        return self.modes @ (self.first * fade + self.source * (fade - 1) / safe)

    def at(self, x: Array, spread: float) -> Array:
        """Temperatures at some places, the ends included."""
        inner = self.after(spread)
        ends = (inner[0], inner[-1]) if self.held is None else self.held
        place = (np.arange(CELLS) + 0.5) * 12 / CELLS
        return np.interp(x, [0.0, *place, 12.0], [ends[0], *inner, ends[1]])

    def spread_of(self, x: Array, seen: Array) -> float:
        """Diffusivity times time for which the rod looks like this."""
        from scipy.optimize import minimize_scalar

        def off(power: float) -> float:
            return float(np.square(self.at(x, 10.0**power) - seen).sum())

        best: Any = minimize_scalar(off, bounds=(-0.7, 1.6), method="bounded", options={"xatol": 1e-3})
        return float(10.0**best.x)


@cache
def _modes(held: bool) -> tuple[Array, Array]:
    """Rates and modes of heat between cells; at an end that is held, half a cell lies between it and the first middle."""
    from scipy.linalg import eigh_tridiagonal

    inner, outer = np.full(CELLS, -2.0), np.ones(CELLS - 1)
    inner[[0, -1]] = -3.0 if held else -1.0
    rates, modes = eigh_tridiagonal(inner * (CELLS / 12) ** 2, outer * (CELLS / 12) ** 2)
    return rates, modes


def _waves(question: Question, shown: Shown) -> JsonValue:
    """By the difference scheme of the wave equation that is exact when a wave goes on one place a step."""
    states = [state.values for state in shown.states if "rope" in state.values]
    clocks = [float(str(state["clock"])) for state in states]
    looks = [_numbers(state["rope"]) for state in states]
    beat = clocks[1]
    last = round(clocks[-1] / beat)
    runs = {(a, b): _run(looks, (a, b), last) for a in ("fixed", "free") for b in ("fixed", "free")}
    fitting = [
        ends
        for ends, run in runs.items()
        if all(np.abs(run[round(t / beat)] - look).max() < 0.02 for t, look in zip(clocks, looks, strict=True))
    ]
    match question.kind:
        case "going":
            now, then = (runs[fitting[0]][last - back] for back in (0, 2))
            top, before = int(np.argmax(np.abs(now))), int(np.argmax(np.abs(then)))
            return ["right" if top > before else "left", "up" if now[top] > 0 else "down"]
        case "ends":
            assert len(fitting) == 1, "the shown rope does not tell its ends"
            return [*fitting[0]]
        case "returned":
            return _nearest(
                shown, "rope", _run(looks, fitting[0], round(float(str(question.slots["time"])) / beat))[-1]
            )
    ends = fitting[0]
    if question.kind == "otherwise":
        ends = (ends[0], "free" if ends[1] == "fixed" else "fixed")
    return _met(looks, fitting[0], ends, last)


def _run(looks: Sequence[Array], ends: tuple[str, str], steps: int) -> list[Array]:
    """The rope at each of so many steps, from its first two looks."""
    made = [looks[0], looks[1]]
    while len(made) <= steps:
        before, now = made[-2:]
        after = np.empty_like(now)
        after[1:-1] = now[2:] + now[:-2] - before[1:-1]
        after[0] = 0.0 if ends[0] == "fixed" else 2 * now[1] - before[0]
        after[-1] = 0.0 if ends[1] == "fixed" else 2 * now[-2] - before[-1]
        made.append(after)
    return made[: steps + 1]


def _met(looks: Sequence[Array], shown: tuple[str, str], ends: tuple[str, str], last: int) -> int:
    """How high the rope is where its two pulses lie over one another for the second time.

    That is when the fewest places are off the line: soon after the last look, and again after a pulse has gone as far as the
    rope is long (in between one alone may be off it, the other being at a fixed end).
    """
    around = len(looks[0]) - 1
    off = [np.count_nonzero(np.abs(look) > 1e-2) for look in _run(looks, shown, last + 2 * around)[last:]]
    first = int(np.argmin(off[: around // 2]))
    near = first + around - around // 4
    step = near + int(np.argmin(off[near : near + around // 2]))
    when = _run(looks, ends, last + step)[-1]
    return round(float(when[int(np.argmax(np.abs(when)))]))
