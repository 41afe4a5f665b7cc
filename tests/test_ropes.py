"""Ropes: what hangs together, and what is knotted, against tables of knots, and against the drawn lines."""

import itertools

import numpy as np
import pytest

from generators.spatial._rope_diagram import Column, Diagram, Piece, bracket, knotted, linked, pieces_after
from generators.spatial._rope_lines import Curve, Drawing
from generators.spatial._rope_tangles import kind_of
from morse.pipeline import imagine, make_key
from morse.task import registry


def strand_with_bight(word: list[tuple[int, bool]], close: int) -> Diagram:
    columns = (Column("open", 1), *(Column("cross", lane, up) for lane, up in word), Column("close", close))
    return Diagram(1, columns)


TREFOIL = strand_with_bight([(0, True), (1, False), (0, True)], 1)
EIGHT = strand_with_bight([(0, True), (1, False), (0, True), (1, False)], 0)
SLIP = strand_with_bight([(0, True), (1, True), (0, True)], 1)


def test_brackets_are_those_of_the_tables() -> None:
    """Kauffman's own: A⁷ − A³ − A⁻⁵ for a trefoil; the figure eight, whose writhe is 0, has its Jones polynomial in t = A⁻⁴; a rope that
    comes undone has a single term."""
    assert bracket(TREFOIL, [0]) == {7: 1, 3: -1, -5: -1}
    assert bracket(EIGHT, [0]) == {8: 1, 4: -1, 0: 1, -4: -1, -8: 1}
    assert len(bracket(SLIP, [0])) == 1


def test_what_is_knotted() -> None:
    """Alternating diagrams without a needless crossing are knotted (Tait); the one whose bight lies wholly on top slips."""
    assert [knotted(diagram, 0) for diagram in (TREFOIL, EIGHT, SLIP)] == [True, True, False]
    assert [kind_of(diagram.columns) for diagram in (TREFOIL, EIGHT, SLIP)] == ["knot", "knot", "slip"]


def hopf(second: bool) -> Diagram:
    """Two rings beside each other that cross twice: linked if each is on top once."""
    return Diagram(4, (Column("cross", 1, True), Column("cross", 1, second)), (0, 2), (0, 2))


def test_two_rings_are_linked_if_each_is_on_top_once() -> None:
    assert linked(hopf(True), 0, 1)  # a full twist: the riser on top both times, which is each ring once
    assert not linked(hopf(False), 0, 1)


def test_cuts_by_hand() -> None:
    """A closed ring stays one piece when it is cut once; an open rope falls in two."""
    rings = hopf(True)
    one = rings.ropes[0].pieces[0]
    assert pieces_after(rings, []) == 2
    assert pieces_after(rings, [one]) == 2
    assert pieces_after(rings, [one, rings.ropes[0].pieces[1]]) == 3
    strand = Diagram(1, (Column("plain"), Column("plain")))
    assert pieces_after(strand, [Piece(0, 0, 0)]) == 2


def drawing_of(points: np.ndarray, over: list[bool]) -> Drawing:
    """Straight pieces from point to point."""
    shares = np.array([0.0, 1 / 3, 2 / 3, 1.0])[:, None]
    return Drawing(
        tuple(Curve(a + (b - a) * shares, up) for a, b, up in zip(points[:-1], points[1:], over, strict=True))
    )


def star(over: list[bool]) -> Drawing:
    """A pentagram, each side cut in two pieces so that each piece crosses one other: 5₁ when over and under alternate."""
    corners = [np.array([np.cos(a), np.sin(a)]) for a in np.pi / 2 + np.arange(6) * 4 * np.pi / 5]
    points = [corners[0]]
    for a, b in itertools.pairwise(corners):
        points += [(a + b) / 2, b]
    return drawing_of(np.array(points), over)


def test_alexander_polynomials_of_the_pentagram() -> None:
    """5₁ has t⁴ − t³ + t² − t + 1 (Rolfsen's table); with two crossings changed it is the unknot or the trefoil, t² − t + 1."""
    t = 10**7
    assert star([True, False] * 5).polynomial([0]) == t**4 - t**3 + t**2 - t + 1
    known = {1, t**2 - t + 1, t**4 - t**3 + t**2 - t + 1}
    for number in range(5):
        drawing = star([True, False] * 5)
        changed = drawing.swapped(drawing.meetings[number])
        assert changed.polynomial([0]) == t**2 - t + 1
        assert {changed.swapped(met).polynomial([0]) for met in changed.meetings} <= known


@pytest.mark.parametrize("index", range(6))
def test_drawn_lines_tell_the_same_as_the_columns(index: int) -> None:
    """Ropes, crossings and knots, read off the curves."""
    item = imagine(make_key(registry().task("ropes"), 6, "lines", index))
    diagram, layout = item.episode.diagram, item.layout
    from generators.spatial._ropes_viewer import Viewer

    drawing = Viewer(layout.shown()).drawing
    assert sorted(len(chain.ends) for chain in drawing.chains) == sorted(len(rope.ends) for rope in diagram.ropes)
    assert len(drawing.meetings) == len(diagram.crossings)
    assert sum(drawing.knotted(i) for i, c in enumerate(drawing.chains) if c.ends) == sum(
        knotted(diagram, i) for i, rope in enumerate(diagram.ropes) if rope.ends
    )
