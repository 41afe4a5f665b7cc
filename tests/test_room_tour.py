"""A tour of a house that is laid out by hand: where things are, how one turns, and what the camera sees of them."""

import math

import numpy as np
import pytest

from generators.spatial._room_house import House, Room, Stood
from generators.spatial._room_pieces import PIECES, piece
from generators.spatial._room_questions import Asking, quadrant
from generators.spatial._room_retold import Retold
from generators.spatial._room_walk import lay_out
from generators.spatial.room_tour import RoomTour
from morse.pipeline import imagine, make_key
from morse.schema import Question
from morse.seeding import Key, Rng
from morse.task import registry
from morse.world import World

ROOMS = (
    Room("K", (0.0, 0.0), (6.0, 6.0), None, 0),
    Room("B", (6.0, 0.0), (6.0, 6.0), 2, 1),
    Room("M", (6.0, 7.0), (6.0, 8.0), 3, 2),
    Room("T", (0.0, 7.0), (6.0, 8.0), 0, None),
)
"""A square of rooms, walked anticlockwise: to the east, north and west, with left turns in B and M."""
CORNERS = ((2.3, 2.3), (-2.3, 2.3), (-2.3, -2.3), (2.3, -2.3))


def _house() -> House:
    """In K four chairs; one of them, and nothing else of its kind, is in each other room."""
    kinds = [["chair"] * 4, ["chair", "lamp", "stool", "plant"], ["chair", "lamp", "stool", "plant"], ["chair", "lamp", "stool", "plant"]]  # fmt: skip
    paints = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "cyan")
    stood, used = [], dict.fromkeys(PIECES, 0)
    for number, (room, names) in enumerate(zip(ROOMS, kinds, strict=True)):
        for corner, kind in enumerate(names):
            place = (room.middle[0] + CORNERS[corner][0], room.middle[1] + CORNERS[corner][1])
            stood.append(Stood(kind, paints[used[kind]], PIECES[kind][1], place, (0, 2, 2, 0)[corner], number, corner))
            used[kind] += 1
    return House(ROOMS, tuple(stood), 1, 20, 1.0, "chair", "pink sofa")


def _rng(purpose: str) -> Rng:
    return Key("rooms", 1, 1, "test", "root", 0).stream(purpose)


def _asked() -> tuple[dict[str, Question], dict[str, object]]:
    house, task = _house(), RoomTour()
    layout = lay_out(house, _rng("layout"))
    asked = {question.kind: question for question in Asking(house, layout, _rng("ask")).all()}
    return asked, {kind: task.rederive(q, layout.shown(q.asked_at)) for kind, q in asked.items()}


def test_both_ways_to_the_answers_agree_with_those_by_hand() -> None:
    asked, again = _asked()
    assert asked["count"].truth == again["count"] == 7
    # back from T: from the west to the east, then to the south and the west: twice to the right
    assert asked["way_back"].truth == again["way_back"] == ["right", "right"]
    assert all(again[kind] == question.truth for kind, question in asked.items() if kind in ("order", "back_in", "moved"))  # fmt: skip


def test_what_is_where_when_one_comes_back() -> None:
    """From T back to the east into M: ahead on the left is its north-east corner, which is the first."""
    retold = Retold(lay_out(_house(), _rng("layout")).shown())
    where = {name: retold.back_in({"where": name}) for name in ("ahead on the left", "behind on the left")}
    inside = _house().inside(2)
    assert where == {"ahead on the left": inside[0].name, "behind on the left": inside[1].name}


def test_directions() -> None:
    assert quadrant((0, 0), (0, 1), (-1, 1)) == "ahead on the left"
    assert quadrant((0, 0), (0, 1), (1, -1)) == "behind on the right"
    assert quadrant((0, 0), (1, 0), (1, -1)) == "ahead on the right"
    assert quadrant((0, 0), (1, 0), (5, 0.3)) is None


def test_rooms_and_scale_are_told_from_the_scene() -> None:
    house = _house()
    retold = Retold(lay_out(house, _rng("layout")).shown())
    assert retold.scale == pytest.approx(20)
    assert [retold.room(one.id) for one in house.stood] == [ROOMS[one.room].letter for one in house.stood]
    # the walls are 14 cm thick, half of it in each room
    assert retold.floor("M") == pytest.approx((6 - 0.14) * (8 - 0.14), rel=1e-6)


@pytest.mark.parametrize("kind", PIECES)
def test_furniture_is_closed_and_stands_on_its_foot(kind: str) -> None:
    made = piece(kind, PIECES[kind][2])
    corners = made.mesh.vertices[made.mesh.faces].astype(float)
    volume = np.einsum("ni,ni->n", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
    assert 0 < volume < math.prod(made.size)
    assert len(made.mesh.faces) <= 120


def test_every_piece_is_seen_in_its_room_and_none_stands_in_another() -> None:
    item = imagine(make_key(registry().task("room_tour"), 6, "seen", 0))
    world, house = item.layout.scene, item.episode
    assert isinstance(world, World)
    for one in house.stood:
        start, end = item.layout.details["seen"][one.id]
        assert end - start > 0.5
        assert world.tracks(np.array([(start + end) / 2]), [one.id]).visible[0, 0] > 0.7, one.id
    for a in house.stood:
        for b in house.stood:
            if a.id < b.id and a.room == b.room:
                assert math.dist(a.place, b.place) > 0.6
