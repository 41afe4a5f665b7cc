"""Knots from moves: what comes of them, against tables of knots and simplification by hand; one order alone fits."""

from itertools import pairwise, permutations, product

import numpy as np
import pytest

from generators.procedural._kitchen_recipe import sight
from generators.procedural._knots_domain import CROSSINGS, NAMES, WAYS, knot_of, lines, met_along, other, tied
from generators.procedural._knots_scene import Way
from generators.procedural._knots_viewer import Read
from morse.pipeline import imagine, make_key
from morse.task import registry


@pytest.mark.parametrize("tangle", lines())
def test_an_end_that_always_goes_over_ties_nothing(tangle: tuple) -> None:
    """A descending (or ascending) diagram is the unknot."""
    for way in WAYS:
        assert knot_of(tangle, (way,) * CROSSINGS) == "no knot"


@pytest.mark.parametrize("tangle", lines())
def test_an_alternating_rope_is_the_three_twist_knot(tangle: tuple) -> None:
    """Reduced and alternating: five crossings that none can take away (Tait), and 5₁ needs them all between the same two strands."""
    met = met_along(tangle)
    visits = sorted((where, i, turn) for i, m in enumerate(met) for turn, where in enumerate(_visits(tangle, m)))
    ways = [""] * CROSSINGS
    for place, (_, crossing, turn) in enumerate(visits):
        if turn == 1:
            ways[crossing] = WAYS[place % 2]
    assert knot_of(tangle, tuple(ways)) == "three-twist knot"
    assert knot_of(tangle, tuple(map(other, ways))) == "three-twist knot"


def _visits(tangle: tuple, met: object) -> tuple[int, int]:
    path = tied(tangle, ("over",) * CROSSINGS).ropes[0].path
    steps = list(pairwise(path))
    return steps.index(met.first), steps.index(met.again)  # type: ignore[attr-defined]


@pytest.mark.parametrize("tangle", lines())
def test_drawn_lines_tell_the_same_knot(tangle: tuple) -> None:
    """All 32 ways: by the bracket of the columns, and by Alexander's polynomial of the curves."""
    for flipped in (False, True):
        line = Read([np.array(curve) for curve in Way(tangle, flipped).curves])
        assert len(line.met) == CROSSINGS
        for ways in product(WAYS, repeat=CROSSINGS):
            assert line.knot([*ways]) == knot_of(tangle, ways)


def test_every_knot_comes_about() -> None:
    for tangle in lines():
        assert {knot_of(tangle, ways) for ways in product(WAYS, repeat=CROSSINGS)} == set(NAMES)


@pytest.mark.parametrize("index", range(10))
def test_of_all_permutations_only_the_answer_fits(index: int) -> None:
    recipe = imagine(make_key(registry().task("knots"), 6, "knots tests", index)).episode.recipe
    if recipe.mode == "gap":
        pytest.skip("its order rests on the move that is missing")
    sights = {k: sight(shot, recipe.kitchen) for k, shot in enumerate(recipe.shots, 1) if shot.position is not None}
    fitting = []
    for order in permutations(sights):
        known: dict[str, object] = {}
        for k in order:
            if any(known.get(name, value) != value for name, value in sights[k].before.items()):
                break
            known.update(sights[k].after)
        else:
            fitting.append([*order])
    assert fitting == [recipe.order]
