"""Convolutions, spectra, rods and ropes: closed forms against scipy's solvers, and what is drawn against what is keyed."""

from collections import Counter

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.signal import convolve

from generators.mathematical._signal_kernel import between, convolved, draw_sliding
from generators.mathematical._signal_rods import LENGTH, Block, cooled
from generators.mathematical._signal_rope import Pulse, draw_rope, height_after, place_of, shape
from generators.mathematical._signal_show import rope_field
from generators.mathematical._signal_tones import STRENGTHS, draw_tones, picks, summed
from generators.mathematical.signals import EXPERIMENTS, Signals
from morse.errors import Rejected
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.seeding import Key
from morse.stage.frames import Canvas

KEY = Key("test", 1, 1, "test", "root", 0)
CANVAS = Canvas(640, 360, 24)
STEPS = (Block(0, 4, 100), Block(4, 7, 20), Block(7, 12, 60))


def with_experiment(name: str, level: int = 1) -> Item:
    """The first clip that shows it."""
    items = (imagine(make_key(Signals(), level, "experiments", index)) for index in range(60))
    return next(item for item in items if name in item.episode.worlds)


def test_a_convolution_by_hand() -> None:
    # f = 2 on [0, 1], 1 on [1, 2]; g = 1 on [0, 1], 3 on [1, 2], 0 on [2, 3]: only pairs of steps that end at t meet.
    assert convolved((2, 1), (1, 3, 0)) == (0, 2, 7, 3, 0, 0)


def test_the_convolution_is_the_integral_of_the_product() -> None:
    rng = KEY.stream("kernel")
    cells, kernel = tuple(rng.integer(0, 5) for _ in range(9)), (1, 3, 2)
    fine = 200
    made = convolve(np.repeat(cells, fine), np.repeat(kernel, fine), method="direct") / fine
    at = np.arange(1, len(made) + 1) / fine
    assert between(convolved(cells, kernel), at) == pytest.approx(made, abs=1e-9)


def test_the_drawn_kernel_is_the_flipped_one_and_meets_the_wanted_answers() -> None:
    for index in range(30):
        rng = KEY.stream(f"sliding {index}")
        world = draw_sliding(9, 0, rng.steady("aim"), rng)
        values = np.convolve(world.cells, world.kernel)
        assert int(values.argmax()) + 1 == world.peak
        turned = np.convolve(world.cells, world.kernel[::-1])
        assert (values[world.at - 1], turned[world.turned[0] - 1]) == (world.values[world.at], world.turned[1])


def test_sines_have_the_amplitudes_of_their_spectrum() -> None:
    for count in (2, 3):
        rng = KEY.stream(f"tones {count}")
        world = draw_tones(count, 2, 0, rng.steady("aim"), rng)
        x = 6 * np.arange(480) / 480
        sizes = np.abs(np.fft.rfft(summed(world.sines, x)))[1:9] / 240
        assert sizes == pytest.approx(world.lineup.graphs[world.lineup.right], abs=1e-9)
        assert len(set(world.lineup.graphs)) == 4


def test_each_strength_of_two_sines_is_offered_with_its_inverse() -> None:
    assert all((b, a) in STRENGTHS for a, b in STRENGTHS)
    assert {wave for pick in picks(3) for wave in pick} == set(range(1, 9))


@pytest.mark.parametrize("ends", [None, (80, 10)])
def test_rods_cool_as_the_heat_equation_says(ends: tuple[int, int] | None) -> None:
    cells, diffusivity, time = 240, 0.8, 4.0
    x = (np.arange(cells) + 0.5) * LENGTH / cells
    size = LENGTH / cells

    def flow(_: float, u: np.ndarray) -> np.ndarray:
        left = u[0] if ends is None else 2 * ends[0] - u[0]
        right = u[-1] if ends is None else 2 * ends[1] - u[-1]
        wide = np.concatenate([[left], u, [right]])
        return diffusivity * np.diff(wide, 2) / size**2

    first = cooled(STEPS, ends, 0.0, x)
    assert Counter(first.tolist()) == {100.0: 80, 20.0: 60, 60.0: 100}
    solved = solve_ivp(flow, (0.0, time), first, method="LSODA", rtol=1e-7, atol=1e-6, lband=1, uband=1)
    assert cooled(STEPS, ends, diffusivity * time, x) == pytest.approx(solved.y[:, -1], abs=0.2)


def test_rods_settle_at_the_mean_or_on_a_straight_line() -> None:
    x = np.array([3.0, 6.0, 9.0])
    assert cooled(STEPS, None, 1e4, x) == pytest.approx([(4 * 100 + 3 * 20 + 5 * 60) / 12] * 3)
    assert cooled(STEPS, (80, 20), 1e4, x) == pytest.approx([65.0, 50.0, 35.0])


@pytest.mark.parametrize(("end", "sign"), [("fixed", -1), ("free", 1)])
def test_a_pulse_comes_back_upside_down_from_a_fixed_end_alone(end: str, sign: int) -> None:
    pulse = Pulse(8.0, 1, 3)
    x = np.linspace(0.0, LENGTH, 1201)
    assert shape((pulse,), ("free", end), 7.0, x).max() == pytest.approx(3.0 if sign > 0 else 0.0, abs=1e-9)
    assert (place_of(pulse, 7.0)[:2], height_after(pulse, ("free", end), 7.0)) == ((9.0, -1), 3 * sign)
    at_end = shape((pulse,), ("free", end), 4.0, x)[-1]
    assert at_end == pytest.approx(0.0 if sign < 0 else 6.0, abs=1e-9)


@pytest.mark.parametrize("ends", [("fixed", "free"), ("free", "fixed"), ("fixed", "fixed")])
def test_the_rope_obeys_the_wave_equation(ends: tuple[str, str]) -> None:
    pulses, step = (Pulse(3.0, -1, 3), Pulse(8.0, 1, -4)), 0.05
    x = np.linspace(0.0, LENGTH, 241)
    before, now = (shape(pulses, ends, gone, x) for gone in (0.0, step))
    for _ in range(600):
        after = np.empty_like(now)
        after[1:-1] = now[2:] + now[:-2] - before[1:-1]
        after[0] = 0.0 if ends[0] == "fixed" else 2 * now[1] - before[0]
        after[-1] = 0.0 if ends[1] == "fixed" else 2 * now[-2] - before[-1]
        before, now = now, after
    assert shape(pulses, ends, 601 * step, x) == pytest.approx(now, abs=1e-6)


def test_pulses_meet_twice_after_the_cut() -> None:
    for index in range(30):
        rng = KEY.stream(f"rope {index}")
        try:
            world = draw_rope(2, 0, rng.steady("aim"), rng)
        except Rejected:
            continue
        one, other = (place_of(pulse, world.meeting)[0] for pulse in world.pulses)
        assert one == pytest.approx(other)
        there = shape(world.pulses, world.ends, world.meeting, np.array([one]))
        assert float(there[0]) == pytest.approx(world.sum, abs=1e-6)
        gone = np.arange(world.cut, world.meeting + 0.1, 0.25).tolist()
        apart = [abs(place_of(world.pulses[0], at)[0] - place_of(world.pulses[1], at)[0]) for at in gone]
        assert sum(gap < 1e-6 for gap in apart) == 2


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_graphs_are_told_apart_at_448_pixels(name: str) -> None:
    """Somewhere two graphs are at least four pixels apart, on a panel 2.8 of 9 units high, that is 78 of 252 pixels."""
    lineup = with_experiment(name).episode.worlds[name].lineup
    reach = {"kernel": 45.0, "tones": 3.3, "rods": 100.0, "rope": 16.0}[name]
    for i, one in enumerate(lineup.graphs):
        for other in lineup.graphs[:i]:
            assert np.abs(np.subtract(one, other)).max() / reach * 78 >= 4


def test_the_clock_of_the_rope_shows_the_time_that_its_pulses_ran() -> None:
    item = with_experiment("rope")
    world, times = item.episode.worlds["rope"], item.layout.details["times"]["rope"]
    start, stop = times["run"]
    clock = item.layout.timeline.actors["rope clock"]
    assert clock.at("u", stop) == pytest.approx(stop - start, abs=2e-3)
    assert world.cut == pytest.approx(world.speed * (stop - start), abs=5e-3)


def test_the_rope_is_drawn_as_high_as_it_is() -> None:
    item = with_experiment("rope")
    stage = staged(item, CANVAS, style_of(item.key))
    world, times = item.episode.worlds["rope"], item.layout.details["times"]["rope"]
    mask = stage.masks(times["held"][0] + 0.5)["rope"]
    rows, columns = np.nonzero(mask)
    field, top = rope_field(), world.higher
    near = np.abs(columns - (8 + field.across(top.start)) * 40) <= 2
    highest = rows[near].min() if top.height > 0 else rows[near].max()
    assert highest == pytest.approx((4.5 - field.up(top.height)) * 40, abs=5)
    stage.close()


def test_heat_that_is_passed_on_too_slowly_would_be_found() -> None:
    """The second way to the truth sees the shown temperatures, not the diffusivity: another one gives another answer."""
    item = with_experiment("rods")
    question = next(question for question in item.questions if question.kind == "faster")
    shown = item.layout.shown()
    states = [
        state.model_copy(update={"values": state.values | {"rods": {"P": rods["Q"], "Q": rods["P"]}}})
        for state in shown.states
        if isinstance(rods := state.values.get("rods"), dict)
    ]
    other = type(shown)(shown.objects, shown.events, tuple(states), shown.duration, shown.scene)
    inverse = {"4": "1/4", "2": "1/2", "1/2": "2", "1/4": "4"}
    assert Signals().rederive(question, other) == inverse[str(question.truth)]
