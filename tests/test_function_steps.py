"""Newton's and Euler's steps, sums and compositions: against numpy, scipy and arithmetic by hand."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import newton

from generators.mathematical._steps_euler import Equation, Euler, any_equation, draw_euler, true_value
from generators.mathematical._steps_functions import TOP, applied, composite, draw_functions
from generators.mathematical._steps_newton import Newton, draw_newton, formula, root_from, tangent_root, value_and_slope
from generators.mathematical._steps_show import FIELDS, box_corners
from generators.mathematical._steps_sums import OTHERS, RULES, Sums, area, draw_sums
from generators.mathematical._steps_viewer import read
from generators.mathematical.function_steps import FunctionSteps
from morse.errors import BadInput, Rejected
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.seeding import Key
from morse.stage.frames import Canvas

KEY = Key("test", 1, 1, "test", "root", 0)
CANVAS = Canvas(640, 360, 24)


def with_experiment(name: str, level: int = 1) -> Item:
    """The first clip that shows it."""
    items = (imagine(make_key(FunctionSteps(), level, "experiments", index)) for index in range(60))
    return next(item for item in items if name in item.episode.worlds)


def test_newton_on_a_parabola_by_hand() -> None:
    # p = (x − 1)(x − 3) = x² − 4x + 3; at 5: 8 and slope 6, so 5 − 8/6 = 11/3; at 11/3: 16/9 and slope 10/3, so 11/3 − 8/15.
    assert tangent_root((1, 3), Fraction(5)) == Fraction(11, 3)
    assert tangent_root((1, 3), Fraction(11, 3)) == Fraction(11, 3) - Fraction(8, 15)


def test_value_and_slope_are_those_of_the_polynomial() -> None:
    roots = (-4, -1, 0, 3)
    p = np.poly(roots)
    for x in np.linspace(-5, 5, 21).tolist():
        assert value_and_slope(roots, x) == pytest.approx((np.polyval(p, x), np.polyval(np.polyder(p), x)))


def drawn(degree: int, shown: int, count: int) -> list[Newton]:
    """Some that are found."""
    rng, found = KEY.stream(f"newton {degree} {shown}"), []
    while len(found) < count:
        try:
            found.append(draw_newton(degree, shown, rng))
        except Rejected:
            continue
    return found


@pytest.mark.parametrize(("degree", "shown"), [(3, 1), (4, 1), (5, 2)])
def test_newton_comes_to_the_root_that_scipy_finds(degree: int, shown: int) -> None:
    for world in drawn(degree, shown, 8):
        p = np.poly1d(np.poly(world.roots))
        for start in (world.start, world.instead):
            found = newton(p, float(start), p.deriv(), maxiter=200)
            assert world.letter_from(start) == world.letters[world.roots.index(round(float(found)))]


def test_a_start_between_two_basins_is_no_start() -> None:
    assert root_from((-1, 1), 0.0) is None  # the tangent is level
    assert root_from((-1, 1), 0.1) == 1
    assert root_from((-1, 1), 0.01) is None  # the first tangent leads far out


def test_formulas_are_read_as_they_are_written() -> None:
    roots = (-3, 0, 2)
    p = read(formula(roots).replace("p(x)", "p"))
    assert [p(x, 0.0) for x in (-3.0, 1.0, 4.0)] == pytest.approx([0.0, -4.0, 56.0])
    rng = KEY.stream("equations")
    for _ in range(60):
        equation = any_equation(rng)
        again = read(str(equation))
        for x, y in ((0.0, 1.0), (3.0, -2.0), (5.0, 4.0)):
            assert again(x, y) == pytest.approx(equation.slope(x, y)), str(equation)
    assert str(Equation(-2, 1, 0, -1, 3, 4)) == r"$y'=\dfrac{-y^2-2x+y+3}{4}$"


def test_euler_by_hand() -> None:
    world = Euler(Equation(2, -2, 0, 0, 0, 2), 2, 2, 1, 1)  # y′ = x − y
    # 2 → 2 + (0 − 2) = 0 → 0 + (1 − 0) = 1 → 1 + (2 − 1) = 2; with half the step 2 → 1 → 1 + (1/2 − 1)/2 = 3/4.
    assert world.polygon(Fraction(1), 3) == [2, 0, 1, 2]
    assert world.polygon(Fraction(1, 2), 1) == [2, 1, Fraction(3, 4)]
    # y = x − 1 + 3 e^−x is the solution: at 2 it is 1.406, and the polygon is below.
    assert true_value(world.equation, 2, 2.0) == pytest.approx(1 + 3 * np.exp(-2.0), abs=1e-6)
    assert not world.over


def test_too_large_or_too_small_is_what_scipy_says() -> None:
    for index in range(20):
        rng = KEY.stream(f"euler {index}")
        world = draw_euler(3, 1, rng.steady("aim"), rng)
        rate = read(str(world.equation))
        solved = solve_ivp(
            lambda x, y, rate=rate: [rate(x, y[0])], (0.0, 3.0), [float(world.start)], rtol=1e-9, atol=1e-9
        )
        assert world.over == (float(world.drawn[-1]) > solved.y[0, -1])
        assert abs(float(world.drawn[-1]) - solved.y[0, -1]) > 0.2


def test_sums_by_hand() -> None:
    world = Sums((1, 3, -2, 0, 4), "left", "right", (), (), (), ())
    assert [world.sum(rule) for rule in RULES] == [2 * (1 - 2), 2 * (-2 + 4), 2 * (3 + 0), (1 - 2) + (-2 + 4)]
    assert [area((1, 3, -2), rule, 0) for rule in RULES] == [2, -4, 6, -1]
    with pytest.raises(AssertionError):
        Sums((1, 0, 0), "left", "right", (), (), (), ()).integral  # noqa: B018  (a half)


@pytest.mark.parametrize("boxes", [4, 6, 8])
def test_the_integral_is_exact_and_never_the_sum(boxes: int) -> None:
    for index in range(40):
        rng = KEY.stream(f"sums {boxes} {index}")
        world = draw_sums(boxes, 0, rng.steady("aim"), rng)
        at = np.arange(len(world.values))
        exact = sum(quad(lambda x, v=world.values, at=at: np.interp(x, at, v), a, a + 1)[0] for a in range(2 * boxes))
        assert world.integral == pytest.approx(exact)
        total = world.sum(world.rule)
        assert total != world.integral
        assert {total, world.integral} < set(world.options)
        assert len(set(world.options)) == len(set(world.others)) == 4
        assert {total, world.sum(world.other)} < set(world.others)
        assert world.other in OTHERS[world.rule]
        assert len({world.sum(world.rule, count) for count in world.moments}) == 4


def test_neither_the_sum_nor_the_integral_stands_out_among_the_options() -> None:
    """Each is as often the smallest of the four as the second, third and largest."""
    ranks = np.zeros((3, 4))
    for index in range(1200):
        rng = KEY.stream(f"ranks {index}")
        world = draw_sums(4, 0, rng.steady("aim"), rng)
        for i, (answer, options) in enumerate(
            (
                (world.sum(world.rule), world.options),
                (world.integral, world.options),
                (world.sum(world.other), world.others),
            )
        ):
            ranks[i, sorted(options).index(answer)] += 1
    assert ranks / 1200 == pytest.approx(np.full((3, 4), 0.25), abs=0.06)


def test_compositions() -> None:
    f, g = (3, 1, 0, 2, 4, 5, 6, 7, 8), (2, 2, 1, 0, 0, 0, 0, 0, 0)
    assert [applied((f, g), x) for x in (0, 2, 3)] == [0, 1, 3]
    assert composite((f, g), np.array([1.5, 2.5])) == pytest.approx([0.5, 2.0])
    for count in (2, 3, 4):
        rng = KEY.stream(f"functions {count}")
        world = draw_functions(count, 0, rng.steady("aim"), rng)
        first, second = world.lines[:2]
        assert [x for x in range(TOP + 1) if first[second[x]] == x] == [world.fixed]
        a, x = world.inverse
        fine = np.linspace(0, TOP, 8001)
        near = fine[np.abs(np.interp(fine, np.arange(TOP + 1), first) - second[a]) < 1e-9]
        assert near.tolist() == [float(x)]


def test_boxes_reach_from_the_axis_to_the_line() -> None:
    world = Sums((2, -1, 3), "trapezoid", "left", (), (), (), ())
    assert box_corners(world, 0) == [(0, 0.0), (0, 2), (2, 3), (2, 0.0)]
    assert box_corners(Sums((2, -1, 3), "middle", "left", (), (), (), ()), 0)[1:3] == [(0, -1), (2, -1)]


def test_the_point_is_drawn_where_the_polygon_is() -> None:
    item = with_experiment("euler")
    world, times = item.episode.worlds["euler"], item.layout.details["times"]["euler"]
    stage = staged(item, CANVAS, style_of(item.key))
    reached = times["sides"][0][1]
    rows, columns = np.nonzero(stage.masks(reached + 0.1)["point"])
    x, y = FIELDS["euler"].points([1.0], [float(world.drawn[1])])[0]
    assert (columns.mean(), rows.mean()) == pytest.approx(((8 + x) * 40, (4.5 - y) * 40), abs=4)
    stage.close()


def test_letters_of_roots_are_dealt_out_at_random() -> None:
    worlds = drawn(3, 1, 300)
    shares = [sum(world.letter_from(world.start) == letter for world in worlds) / 300 for letter in "ABC"]
    assert shares == pytest.approx([1 / 3] * 3, abs=0.09)


def test_a_polygon_beyond_the_axis_is_refused() -> None:
    with pytest.raises(BadInput, match="beyond the x axis"):
        FunctionSteps.Params.at(1, {"sides": 6, "ahead": 3})


def test_a_tangent_more_is_what_numpy_says() -> None:
    world = Newton((-3, -1, 2), ("A", "B", "C"), Fraction(4), 1, Fraction(0))
    p = np.poly(world.roots)
    x = 4.0
    for _ in range(2):
        x -= np.polyval(p, x) / np.polyval(np.polyder(p), x)
    assert float(world.places[-1]) == pytest.approx(x)
