"""Knots from moves: what comes of them, against tables of knots and simplification by hand; one order alone fits."""

from itertools import pairwise, permutations, product

import pytest

from generators.procedural._kitchen_recipe import sight
from generators.procedural._knots_domain import (
    ALONE,
    BEND,
    NAMES,
    WAYS,
    knot_of,
    lines,
    met_along,
    other,
    tied,
    ways_to,
)
from generators.procedural._knots_scene import Way
from generators.procedural._knots_viewer import Read
from generators.spatial._rope_diagram import Diagram
from morse.pipeline import imagine, make_key
from morse.task import registry


@pytest.mark.parametrize("line", lines())
def test_an_end_that_always_goes_over_ties_nothing(line: Diagram) -> None:
    """A descending (or ascending) diagram is the unknot."""
    for way in WAYS:
        assert knot_of(line, (way,) * ALONE) == "no knot"


@pytest.mark.parametrize("line", lines())
def test_an_alternating_rope_is_the_three_twist_knot(line: Diagram) -> None:
    """Reduced and alternating: five crossings that none can take away (Tait), and 5₁ needs them all between the same two strands."""
    met = met_along(line)
    visits = sorted((where, i, turn) for i, m in enumerate(met) for turn, where in enumerate(_visits(line, m)))
    ways = [""] * ALONE
    for place, (_, crossing, turn) in enumerate(visits):
        if turn == 1:
            ways[crossing] = WAYS[place % 2]
    assert knot_of(line, tuple(ways)) == "three-twist knot"
    assert knot_of(line, tuple(map(other, ways))) == "three-twist knot"


def _visits(line: Diagram, met: object) -> tuple[int, int]:
    path = tied(line, ("over",) * ALONE).ropes[0].path
    steps = list(pairwise(path))
    return steps.index(met.first), steps.index(met.again)  # type: ignore[attr-defined]


@pytest.mark.parametrize("line", lines())
def test_drawn_lines_tell_the_same_knot(line: Diagram) -> None:
    """All 32 ways: by the bracket of the columns, and by Alexander's polynomial of the curves."""
    for flipped in (False, True):
        read = Read([*Way(line, flipped).led.curves])
        assert len(read.met) == ALONE
        for ways in product(WAYS, repeat=ALONE):
            assert read.knot([*ways]) == knot_of(line, ways)


def test_reef_and_granny_as_sailors_tie_them() -> None:
    """Through the bight from one side, over one leg, behind both, and back over and out beside itself: Ashley's reef knot (no. 1204).
    The granny leaves the bight on the other side than it came in."""
    reefs, grannies = (ways_to(BEND, name) for name in ("reef knot", "granny knot"))
    assert len(reefs) == len(grannies) == 2
    for ways in (*reefs, *grannies):
        assert tuple(map(other, ways)) in (*reefs, *grannies)  # its mirror image
    through = [
        i for i, met in enumerate(met_along(BEND)) if met.column in (5, 6)
    ]  # in and out, by the end of the bight
    assert all(len({ways[i] for i in through}) == 1 for ways in reefs)
    assert all(len({ways[i] for i in through}) == 2 for ways in grannies)


def test_drawn_bights_tell_the_same() -> None:
    """All 64 ways: by the bracket of the columns, and by the sum over states of the curves."""
    for flipped in (False, True):
        bight, led = Way(BEND, flipped).tracks
        read = Read([*bight.curves, *led.curves], bight=True)
        assert len(read.met) == 6
        for ways in product(WAYS, repeat=6):
            assert read.knot([*ways]) == knot_of(BEND, ways)


@pytest.mark.parametrize("way", WAYS)
def test_an_end_that_only_lies_on_or_under_a_bight_is_not_joined(way: str) -> None:
    assert knot_of(BEND, (way,) * 6) == "no knot"


def test_every_knot_comes_about() -> None:
    for line in lines():
        assert {knot_of(line, ways) for ways in product(WAYS, repeat=ALONE)} == set(NAMES)


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
