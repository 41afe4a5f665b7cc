"""Solids: measures known from geometry by hand, two ways to each answer, and what the camera sees of a cut."""

import math

import numpy as np
import pytest

from generators.spatial._solid_acts import SECTIONS, Act, Parade, is_plain
from generators.spatial._solid_questions import Asking
from generators.spatial._solid_shapes import Cut, Solid
from generators.spatial._solid_show import lay_out
from generators.spatial.solid_geometry import SolidGeometry
from morse.meshes import turned
from morse.pipeline import imagine, make_key
from morse.schema import Question
from morse.seeding import Key, Rng
from morse.task import registry
from morse.world import World

BY_HAND = {
    Solid("cuboid", (2, 3, 4)): (24.0, 52.0),
    Solid("prism", (3, 4, 2)): (12.0, 36.0),  # sides of 3, 4 and 5: 2 · 6 + 12 · 2
    Solid("pyramid", (6, 4)): (48.0, 96.0),  # faces 5 high
    Solid("cylinder", (2, 3)): (3 * math.pi, 8 * math.pi),
    Solid("cone", (6, 4)): (12 * math.pi, 24 * math.pi),  # 5 along the slope
    Solid("frustum", (10, 4, 4)): (52 * math.pi, 64 * math.pi),  # radii 5 and 2, 5 along the slope
    Solid("ball", (6,)): (36 * math.pi, 36 * math.pi),
}


@pytest.mark.parametrize("solid", BY_HAND, ids=lambda solid: solid.shape)
def test_volumes_and_surfaces(solid: Solid) -> None:
    volume, surface = BY_HAND[solid]
    assert solid.volume == pytest.approx(volume)
    assert solid.surface == pytest.approx(surface)
    assert np.ptp(solid.mesh(0.5).vertices, axis=0).tolist() == pytest.approx([*(0.5 * w for w in solid.widths), 0.5 * solid.height])  # fmt: skip


def test_a_round_body_with_sharp_edges_is_turned_outward() -> None:
    mesh = turned([(0.0, -1.0), (2.0, -1.0), (1.0, 1.0), (0.0, 1.0)])
    corners = mesh.vertices[mesh.faces].astype(float)
    volume = np.einsum("ni,ni->n", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
    assert volume == pytest.approx(math.pi * 2 * (4 + 2 + 1) / 3, rel=0.01)


def _cut(*at: float, sides: tuple[int, int, int] = (4, 4, 4)) -> Cut:
    """The plane that takes off the corner farthest from (0, 0, 0), so far along each of its edges."""
    normal = np.array([1 / way for way in at])
    size = float(np.linalg.norm(normal))
    x, y, z = (normal / size).tolist()
    return Cut((x, y, z), (float(normal @ sides) - 1.0) / size)


def test_what_a_cut_takes_off() -> None:
    cube = Solid("cuboid", (4, 4, 4))
    assert _cut(1.0, 2.0, 3.0).taken(cube) == pytest.approx(1.0)  # a sixth of 1 · 2 · 3
    assert _cut(6.0, 6.0, 6.0).taken(cube) == pytest.approx(32.0)  # through the middle: a half
    edge = Cut((math.sqrt(0.5), 0.0, math.sqrt(0.5)), (8 - 2) * math.sqrt(0.5))
    assert edge.taken(cube) == pytest.approx(8.0)  # a prism over a triangle with legs of 2
    mirrored = Cut((-math.sqrt(0.5), 0.0, math.sqrt(0.5)), (4 - 2) * math.sqrt(0.5))
    assert mirrored.taken(cube) == pytest.approx(8.0)


def test_shapes_of_cuts() -> None:
    cube = Solid("cuboid", (4, 4, 4))
    for at, corners in (((2.0, 2.0, 2.0), 3), ((6.0, 6.0, 6.0), 6), ((5.5, 5.5, 2.0), 5), ((6.0, 2.0, 2.0), 4)):
        assert len(_cut(*at).parts(cube)[2]) == corners
        assert is_plain(_cut(*at), cube, corners)
    assert not is_plain(_cut(0.2, 0.2, 0.2), cube, 3)


def _rng(purpose: str) -> Rng:
    return Key("solids", 1, 1, "test", "root", 0).stream(purpose)


def _parade() -> Parade:
    """A square is 2 cm wide."""
    marks = (("P", (0.0, 0.0, 0.0)), ("Q", (3.0, 0.0, 0.0)), ("R", (3.0, 4.0, 0.0)))
    return Parade(
        2,
        3,
        (
            Act("A", "points", Solid("cuboid", (3, 4, 2)), (-1, -2), points=marks),
            Act("B", "coil", Solid("cylinder", (2, 3)), (-1, -1), turns=2.5),
            Act("C", "nest", Solid("cuboid", (3, 3, 3)), (-1, -1), other=Solid("cuboid", (2, 2, 2))),
            Act("D", "cut", Solid("cuboid", (4, 4, 4)), (-2, -2), cut=_cut(1.0, 2.0, 3.0)),
            Act("E", "water", Solid("cuboid", (2, 3, 4)), (-1, -1), level=3.0, fill=6.0),
            Act("F", "stretch", Solid("cuboid", (2, 2, 2)), (-1, -1), other=Solid("cuboid", (2, 2, 5))),
            Act("G", "stack", Solid("cylinder", (4, 1)), (-2, -2), other=Solid("cone", (4, 3))),
        ),
        1.0,
    )


EXPECTED = {
    "length": 10.0,  # 5 squares, the diagonal of 3 by 4
    "corner": 90.0,
    "water": 144.0,  # 2 · 3 · 3 · 8
    "section": 3,
    "between": 152.0,  # (27 − 8) · 8
    "grew": 96.0,  # 4 sides of 2 by 3, times 4
    "wire": 2 * math.hypot(5 * math.pi, 3),
    "stacked": 64 * math.pi,  # (4π + 4π) · 8
}


def test_both_ways_to_the_answers_agree_with_those_by_hand() -> None:
    parade, task = _parade(), SolidGeometry()
    layout = lay_out(parade, _rng("layout"))
    asked = [*Asking(parade, layout, _rng("ask")).all()]
    again = {question.kind: task.rederive(question, layout.shown(question.asked_at)) for question in asked}
    for kind, value in EXPECTED.items():
        question = next(one for one in asked if one.kind == kind)
        assert question.truth == pytest.approx(value, rel=1e-3), kind
        assert again[kind] == pytest.approx(value, rel=0.02), kind


def test_the_water_is_followed_beyond_the_end() -> None:
    parade = _parade()
    layout = lay_out(parade, _rng("layout"))
    rises = [question for question in Asking(parade, layout, _rng("ask")).all() if question.kind == "rise"]
    assert len({question.asked_at for question in rises}) == 2
    fill = next(event for event in layout.events if event.kind == "fill")
    for question in rises:  # 3 squares of 2 cm in 6 s: 1 cm a second
        assert question.asked_at is not None and isinstance(question.slots["seconds"], int)
        assert question.truth == pytest.approx(question.asked_at + question.slots["seconds"] - fill.start, abs=0.02)


def test_what_was_cut_off_may_be_nothing() -> None:
    asked: list[Question] = []
    for index in range(60):
        item = imagine(make_key(registry().task("solid_geometry"), 1, "taken", index))
        asked += [question for question in item.questions if question.kind == "taken"]
    assert 0 < sum(question.answer is None for question in asked) / len(asked) < 0.5
    assert {str(q.slots["solid"]) for q in asked if q.answer is None}


def test_the_cut_is_seen_from_its_side_and_the_rod_only_at_first() -> None:
    item = imagine(make_key(registry().task("solid_geometry"), 6, "seen", 1))
    world = item.layout.scene
    assert isinstance(world, World)
    rod = world.tracks(np.array([1.0, item.layout.duration - 1.0]), ["rod"]).visible[:, 0]
    assert rod[0] > 0.9 and rod[1] == 0
    for act in item.episode.acts:
        if act.kind == "cut":
            sheet = next(e for e in item.layout.events if e.kind == "sheet" and e.objects == (act.letter,))
            eye = world.camera.at(np.array([sheet.end]))[0][0]
            assert eye[:2] @ act.cut.normal[:2] > 0
            assert len(act.cut.parts(act.solid)[2]) in SECTIONS
