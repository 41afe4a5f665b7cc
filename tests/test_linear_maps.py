"""Linear maps: matrices by numpy over fractions, fields by quadrature along the sides, and what is drawn where it is keyed."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from scipy.integrate import quad

from generators.mathematical._plane_field import Rectangle, around, at_point, draw_field
from generators.mathematical._plane_maps import (
    CATALOGUE,
    UNIT,
    Map,
    area_of,
    image,
    keeps,
    offers,
    pairs_for,
    pairs_keeping,
    product,
    source,
)
from generators.mathematical._plane_viewer import _name
from generators.mathematical.linear_maps import LinearMaps
from harness.metrics.steps import Claim
from harness.replay import replay_of
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.schema import Question
from morse.seeding import Key
from morse.stage.frames import Canvas
from morse.timeline import Timeline

KEY = Key("test", 1, 1, "test", "root", 0)
CANVAS = Canvas(640, 360, 24)
BY_NAME = {one.name: one for one in CATALOGUE}


def item(level: int, index: int) -> Item:
    return imagine(make_key(LinearMaps(), level, "linear", index))


def asked(of: Item, kind: str) -> Question:
    return next(question for question in of.questions if question.kind == kind)


@pytest.mark.parametrize(
    ("name", "point", "to"),
    [
        ("shear that takes (0, 1) to (−2, 1)", (3, 1), (1, 1)),
        ("shear that takes (1, 0) to (1, 0.5)", (2, 1), (2, 2)),
        ("quarter turn counterclockwise", (2, 1), (-1, 2)),
        ("quarter turn clockwise", (2, 1), (1, -2)),
        ("half turn", (2, 1), (-2, -1)),
        ("reflection in the y axis", (2, 1), (-2, 1)),
        ("reflection in the line y = −x", (2, 1), (-1, -2)),
        ("stretch along y by 3", (2, 1), (2, 3)),
        ("stretch along x by −2", (2, 1), (-4, 1)),
        ("stretch along x and y by 2", (2, 1), (4, 2)),
    ],
)
def test_maps_do_what_they_are_called(name: str, point: tuple[int, int], to: tuple[int, int]) -> None:
    assert image(BY_NAME[name].matrix, point) == to


def test_every_map_is_known_again_by_its_matrix_alone() -> None:
    assert [_name(np.array(one.matrix).reshape(2, 2)) for one in CATALOGUE] == [one.name for one in CATALOGUE]
    assert len(BY_NAME) == len(CATALOGUE) == len({one.matrix for one in CATALOGUE})


def test_every_motion_begins_at_rest_and_ends_at_its_matrix() -> None:
    for one in CATALOGUE:
        for share, matrix in ((0.0, UNIT), (1.0, one.matrix)):
            assert [float(entry) for entry in one.part(np.array(share))] == pytest.approx(list(matrix))


def multiplied(maps: Iterable[Map]) -> np.ndarray:
    """The matrix of maps one after another, in fractions."""
    whole = np.array([[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]])
    for one in maps:
        whole = np.array([Fraction(entry) for entry in one.matrix]).reshape(2, 2) @ whole
    return whole


def test_products_are_those_of_numpy_over_fractions() -> None:
    rng = KEY.stream("products")
    for _ in range(60):
        maps = rng.sample(CATALOGUE, 4)
        whole = multiplied(maps)
        assert list(product(maps)) == [float(entry) for entry in whole.ravel()]
        assert area_of(product(maps)) == pytest.approx(np.linalg.det(whole.astype(float)))
        assert image(product(maps), source(product(maps), (3.0, -1.0))) == pytest.approx((3.0, -1.0))


def test_pairs_keep_a_line_that_neither_map_keeps() -> None:
    for vector in {one for four in offers() for one in four}:
        for first, second, kept in pairs_keeping(vector):
            values, lines = np.linalg.eig(multiplied([first, second]).astype(float))
            apart = [abs(line[0] * vector[1] - line[1] * vector[0]) for line in lines.T]
            assert min(a for a, value in zip(apart, values, strict=True) if abs(value.imag) < 1e-9) < 1e-6
            assert not keeps(first.matrix, vector)
            assert vector in kept


def test_any_offered_vector_may_be_the_right_one() -> None:
    """Which of four vectors keeps its line cannot be told from the four."""
    for four in offers():
        assert all(pairs_for(one, four) for one in four)
    assert {frozenset(four) for four in offers()} == {
        frozenset(f) for f in combinations({v for o in offers() for v in o}, 4)
    }


def components(terms: tuple[int, ...], x: float, y: float) -> float:
    a, b, c, d, e, f = terms
    return a + b * x + c * y + d * x * x + e * x * y + f * y * y


@pytest.mark.parametrize("measure", ["flux", "circulation"])
def test_flux_and_circulation_are_the_integrals_along_the_sides(measure: str) -> None:
    rng = KEY.stream(measure)
    for _ in range(25):
        p, q = (tuple(rng.integer(-4, 4) for _ in range(6)) for _ in range(2))
        x, y, wide, high = rng.integer(-3, 3), rng.integer(-3, 3), rng.integer(1, 3), rng.integer(1, 3)

        def along(f: tuple[int, ...], x0: int, y0: int, dx: int, dy: int) -> float:
            return quad(lambda s: components(f, x0 + s * dx, y0 + s * dy), 0.0, 1.0)[0] * abs(dx + dy)

        low, high_side = (
            along(p if measure == "circulation" else q, x, y, wide, 0),
            along(p if measure == "circulation" else q, x, y + high, wide, 0),
        )
        left, right = (
            along(q if measure == "circulation" else p, x, y, 0, high),
            along(q if measure == "circulation" else p, x + wide, y, 0, high),
        )
        expected = low - high_side + right - left if measure == "circulation" else high_side - low + right - left
        assert float(around(measure, p, q, Rectangle("K", x, y, wide, high))) == pytest.approx(expected, abs=1e-9)


def test_a_swirl_has_no_flux_and_a_source_no_circulation() -> None:
    """F = (−y, x): curl 2, divergence 0; F = (x, y): the other way round."""
    swirl, source_of = ((0, 0, -1, 0, 0, 0), (0, 1, 0, 0, 0, 0)), ((0, 1, 0, 0, 0, 0), (0, 0, 1, 0, 0, 0))
    box = Rectangle("K", -1, 0, 2, 1)
    assert (around("flux", *swirl, box), around("circulation", *swirl, box)) == (0, 4)
    assert (around("flux", *source_of, box), around("circulation", *source_of, box)) == (4, 0)
    assert (at_point("curl", *swirl, (3, -2)), at_point("divergence", *swirl, (3, -2))) == (2, 0)


def test_derivatives_at_a_point_are_central_differences() -> None:
    """Which are exact for the second degree."""
    for i in range(20):
        field = draw_field(i % 7, 1, Key("test", 1, 1, "test", "root", i).stream("derivatives"))
        x, y = field.point

        def slope(terms: tuple[int, ...], dx: int, dy: int, x: int = x, y: int = y) -> float:
            return (components(terms, x + dx, y + dy) - components(terms, x - dx, y - dy)) / 2

        p, q = field.first, field.second
        wanted = {"divergence": slope(p, 1, 0) + slope(q, 0, 1), "curl": slope(q, 1, 0) - slope(p, 0, 1)}
        assert field.measured(field.asked[0]) == wanted[field.asked[0]]


@pytest.mark.parametrize("index", range(4))
def test_the_whole_is_the_product_of_the_maps_that_stay_done(index: int) -> None:
    clip = item(4, index)
    acts = clip.episode.acts
    whole = multiplied(act.map for act in acts.acts if act.kept)
    assert asked(clip, "matrix").answer == [[str(entry) for entry in row] for row in whole]
    assert asked(clip, "area").answer == round(float(np.linalg.det(whole.astype(float))))
    start, (count, star) = asked(clip, "starts").answer, acts.star
    assert isinstance(start, dict)
    before = multiplied([act.map for act in acts.acts if act.kept][:count])
    assert (before @ np.array([int(str(start["x"])), int(str(start["y"]))])).tolist() == list(star)


@pytest.mark.parametrize("index", range(3))
def test_arrows_are_drawn_where_the_map_takes_them(index: int) -> None:
    clip = item(2, index)
    stage = staged(clip, CANVAS, style_of(clip.key))
    moves = [event for event in clip.layout.events if event.kind == "maps"]
    for event, act in zip(moves, clip.episode.acts.acts, strict=True):
        for name, tip in (("i", (1.0, 0.0)), ("j", (0.0, 1.0))):
            x, y = image(act.map.matrix, tip)
            rows, columns = np.nonzero(stage.masks(event.end + 0.5)[name])
            across, down = 320 + 40 * x, 180 - 40 * y
            # the arrow ends there, and its letter stands beyond
            near = np.hypot(columns + 0.5 - across, rows + 0.5 - down)
            assert near.min() < 3
            assert near.max() < 45 + 40 * np.hypot(x, y)
    stage.close()


@pytest.mark.parametrize("index", range(3))
def test_what_is_undone_is_back_at_rest_in_view_and_what_stays_done_is_not(index: int) -> None:
    clip = item(5, index)
    line = clip.layout.scene
    assert isinstance(line, Timeline)
    moves = [event for event in clip.layout.events if event.kind == "maps"]
    for event, act, over in zip(moves, clip.episode.acts.acts, clip.layout.details["done"], strict=True):
        times = np.arange(event.end, over, 0.02)
        seen = line.actors["i"].values("opacity", times) > 0.5
        places = np.stack([line.actors[name].values(axis, times) for name in "ij" for axis in "xy"])[:, seen]
        home = np.abs(places - np.array([[1.0], [0.0], [0.0], [1.0]])).max(axis=0) < 1e-6
        assert home[-1] == (not act.kept)
        assert not home[0]


@pytest.mark.parametrize("index", range(3))
def test_readings_are_those_of_the_field_at_their_places(index: int) -> None:
    clip = item(6, index)
    field, line = clip.episode.field, clip.layout.scene
    assert isinstance(line, Timeline)
    for thing in clip.layout.objects:
        if thing.kind == "reading":
            x, y = (int(part) for part in thing.id.split()[1:])
            text = f"({components(field.first, x, y):g}, {components(field.second, x, y):g})".replace("-", "−")
            assert thing.attributes["text"] == text
            across, up = line.place(f"arrow {x} {y}", 0.0)
            assert (across / 2.2 + 2 + field.corner[0], up / 2.2 + 1 + field.corner[1]) == pytest.approx((x, y))


def test_answers_follow_from_the_steps_that_are_named() -> None:
    """Told only what the reference steps say that was seen, a viewer comes to the same answer."""
    clip = item(3, 1)
    for kind in ("matrix", "lands", "keeps", "flux", "circulation"):
        for question in (q for q in clip.questions if q.kind == kind):
            replay = replay_of(clip, question)
            assert replay is not None
            claims = [Claim(step.kind, step.claim, step.time) for step in question.steps]
            assert replay(claims) == question.answer
