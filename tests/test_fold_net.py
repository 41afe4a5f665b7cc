"""Nets: what is opposite, what meets and what overlaps on nets that are folded by hand, and all eleven nets of the cube."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from generators.spatial._net_scene import lay_out
from generators.spatial._net_solids import SOLIDS, Solid
from generators.spatial._net_world import Card, Net, Turn, draw_net, elsewhere, laid, touch
from generators.spatial.fold_net import FoldNet
from morse.pipeline import imagine, make_key
from morse.schema import Question
from morse.seeding import Key
from morse.task import registry
from morse.world import World

NAMES = ("red star", "blue dot", "green ring", "pink plus", "cyan square", "yellow triangle")
CUBE = SOLIDS[0][0]


def _cross() -> Net:
    """A cross: the red star in the middle, the others east, north, west and south of it, and the yellow triangle beyond the south.

    Arrowheads: the star's up (north), the dot's (east) to the south, the ring's (north) to the west, the plus's (west) to the star,
    the square's (south) and the triangle's to the west.
    """
    flat = laid(CUBE, [Card(0, None, 0, 0, 0)], 0)[0]
    ways = {"east": 1, "north": 1j, "west": -1, "south": -1j}

    def side_to(corners: np.ndarray, way: str) -> int:
        middles = (corners + np.roll(corners, -1)) / 2 - corners.mean()
        return int(np.argmax((middles * np.conj(ways[way])).real))

    cards = [Card(0, None, 0, 0, side_to(flat, "north"))]
    plan = (
        ("east", 0, "south"),
        ("north", 0, "west"),
        ("west", 0, "east"),
        ("south", 0, "west"),
        ("south", 4, "west"),
    )
    for way, parent, points in plan:
        placed = laid(CUBE, cards, 0)
        at = side_to(placed[parent], way)
        face, side = CUBE.across[cards[parent].face, at]
        cards.append(Card(face, parent, side, at, 0))
        here = laid(CUBE, cards, 0)[-1]
        cards[-1] = replace(cards[-1], pointer=side_to(here, points))
    turns = (Turn(6, True), Turn(6, True), Turn(6, False))
    # the dot, joined to the west edge of the triangle, would be the west face, where the plus is
    return Net(CUBE, tuple(cards), NAMES, "purple hourglass", 0, turns, (1, 5, False), 3, 0.5, 2.1, 0.25)


def _asked(seed: str = "a") -> tuple[FoldNet, Sequence[Question], object]:
    task, net = FoldNet(), _cross()
    key = Key("cross", 1, 1, "test", seed, 0)
    layout = lay_out(net, key.stream("layout"))
    return task, [*task.ask(net, layout, key.stream("ask"))], layout


OPPOSITE = {
    "red star": "yellow triangle", "yellow triangle": "red star", "blue dot": "pink plus", "pink plus": "blue dot",
    "green ring": "cyan square", "cyan square": "green ring", "purple hourglass": None,
}  # fmt: skip
MEETS = {
    "blue dot": "cyan square",
    "green ring": "pink plus",
    "cyan square": "pink plus",
    "yellow triangle": "pink plus",
}
"""The face beyond a free edge at which an arrowhead points."""
CLOCKWISE = {
    "red star": ("green ring", "blue dot", "cyan square", "pink plus"),
    # from outside on the east, the star is up and north is to the right
    "blue dot": ("red star", "green ring", "yellow triangle", "cyan square"),
    "cyan square": ("red star", "blue dot", "yellow triangle", "pink plus"),
}


@pytest.mark.parametrize("seed", [str(i) for i in range(12)])
def test_both_ways_to_the_answers_agree_with_those_by_hand(seed: str) -> None:
    task, asked, layout = _asked(seed)
    for question in asked:
        truth, slots = question.truth, question.slots
        again = task.rederive(question, layout.shown(question.asked_at))  # type: ignore[attr-defined]
        if question.kind not in ("uncovered", "where"):
            assert again == truth
        if question.kind == "opposite":
            assert truth == OPPOSITE[str(slots["mark"])]
        if question.kind == "meets":
            assert truth == MEETS[str(slots["mark"])]
        if question.kind == "round" and slots["mark"] in CLOCKWISE:
            around = CLOCKWISE[str(slots["mark"])]
            assert truth == around[(around.index(str(slots["first"])) + 1) % 4]
        if question.kind == "corner":
            assert not any({name, OPPOSITE[name]} <= {*map(str, truth)} for name in NAMES)  # type: ignore[arg-type]
        if question.kind == "elsewhere":
            assert truth is True
        if question.kind == "joined":
            assert truth == ("cyan square" if slots["mark"] == "yellow triangle" else "red star")


def test_what_is_in_front_goes_with_the_turns() -> None:
    """South is in front; a clockwise turn brings the east to the south."""
    _, asked, _ = _asked()
    fronts = [question.truth for question in asked if question.kind == "front"]
    everything = ["cyan square", "blue dot", "green ring", "blue dot"]
    assert len(fronts) == 3
    places = iter(everything)
    assert all(str(front) in places for front in fronts)  # three of the four moments, in order
    unturned = next(question for question in asked if question.kind == "unturned")
    assert unturned.truth == {1: "cyan square", 2: "cyan square", 3: "green ring"}[int(str(unturned.slots["number"]))]


def test_the_arrowhead_in_front_and_the_roll() -> None:
    """In the end the dot is in front, which pointed south as it came: one clockwise turn later to the west, that is to the left."""
    net = _cross()
    assert NAMES[net.facing((0, -1, 0), net.quarters())] == "blue dot"
    assert net.points(1, net.quarters()) == "left"
    # the ring is on the right then; rolled to the left it comes up, and the star goes to the left
    assert NAMES[net.facing((0, 0, 1), net.quarters(), ["to the left"])] == "green ring"
    assert NAMES[net.facing((0, 0, 1), net.quarters(), ["to the left", "to the right"])] == "red star"
    assert NAMES[net.facing((0, 0, 1), net.quarters(), ["away from the viewer"])] == "blue dot"
    assert NAMES[net.facing((0, 0, 1), net.quarters(), ["towards the viewer"] * 2)] == "yellow triangle"


def test_a_card_that_is_moved_is_proper_only_where_it_belongs() -> None:
    found = {(NAMES[place], NAMES[other], proper) for place, other, _, proper in elsewhere(_cross())}
    # the triangle, the bottom, may hang on any of the four sides; the dot only at the east edges of the others
    assert ("yellow triangle", "blue dot", True) in found
    assert ("blue dot", "yellow triangle", True) in found and ("blue dot", "yellow triangle", False) in found
    assert ("blue dot", "pink plus", True) not in found
    assert not any(place in ("red star", "cyan square") for place, _, _ in found)  # they are no ends


def _shape(solid: Solid, cards: Sequence[Card]) -> tuple[tuple[int, int], ...]:
    cells = [complex(round(c.mean().real), round(c.mean().imag)) for c in laid(solid, cards, 0)]
    forms = []
    for mirrored in (False, True):
        for quarter in (1, 1j, -1, -1j):
            spots = [(cell.conjugate() if mirrored else cell) * quarter for cell in cells]
            x, y = min(spot.real for spot in spots), min(spot.imag for spot in spots)
            forms.append(tuple(sorted((round(spot.real - x), round(spot.imag - y)) for spot in spots)))
    return min(forms)


def test_all_eleven_nets_of_the_cube_are_drawn() -> None:
    shapes = {_shape(CUBE, draw_net(CUBE, Key("n", 1, 1, "test", "r", i).stream("net"))[0]) for i in range(250)}
    assert len(shapes) == 11


@pytest.mark.parametrize("kind", range(len(SOLIDS)))
def test_nets_lie_flat_and_solids_are_closed(kind: int) -> None:
    corners = {"cube": 8, "box": 8, "pyramid": 6, "prism": 10, "octahedron": 6}
    edges = {"cube": 12, "box": 12, "pyramid": 10, "prism": 15, "octahedron": 12}
    for solid in SOLIDS[kind]:
        assert len(solid.corners) == corners[solid.name] and len(solid.across) == 2 * edges[solid.name]
        assert len(solid.corners) - edges[solid.name] + len(solid.faces) == 2  # Euler
        cards, first = draw_net(solid, Key("flat", 1, 1, "test", "r", kind).stream("net"))
        flat = laid(solid, cards, first)
        for b, card in enumerate(cards):
            assert all(touch(flat[a], flat[b]) == (a == card.parent or cards[a].parent == b) for a in range(b))


def test_each_mark_is_bare_for_two_seconds_and_then_covered() -> None:
    item = imagine(make_key(registry().task("fold_net"), 3, "bare", 1))
    world = item.layout.scene
    assert isinstance(world, World)
    plan = item.layout.details["plan"]
    marks = [thing.id for thing in item.layout.objects if thing.kind == "mark"]
    for mark, (_, there), (closes, closed) in zip(marks, plan.comes, plan.closes, strict=True):
        seen = world.tracks(np.array([there + 0.05, closes - 0.05, closed + 0.05, world.duration]), [mark]).visible[
            :, 0
        ]
        assert closes - there >= 2.0
        assert (seen[:2] > 0.95).all() and (seen[2:] < 0.05).all()


def test_before_it_comes_a_card_is_out_of_sight() -> None:
    item = imagine(make_key(registry().task("fold_net"), 6, "away", 2))
    world = item.layout.scene
    assert isinstance(world, World)
    plan = item.layout.details["plan"]
    for place, (starts, _) in enumerate(plan.comes, 1):
        times = np.linspace(0.0, starts, 12)
        assert (world.tracks(times, [f"lid-{place}"]).visible == 0).all()
