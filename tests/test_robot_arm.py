"""The robot's table: the arm is where pybullet says, blocks go with the hand without a jump, and one order alone fits the clips."""

from itertools import pairwise, permutations

import numpy as np
import pytest

from generators.procedural import _panda
from generators.procedural._kitchen_viewer import SeenClip
from generators.procedural._robot_domain import PLACES, TALLEST, Table, free, height
from generators.procedural._robot_scene import COLOURS, SIDE, film_step, spot
from generators.procedural._robot_viewer import Stacks, cannot_be_done, step_between
from generators.procedural._shots import HOLD, Shot
from morse.joined import JoinedScene
from morse.pipeline import Item, imagine, make_key
from morse.task import registry
from morse.world import World, rotations

START = {"block A": "place 1", "block B": "block A", "block C": "place 3"}


def items(level: int, count: int) -> list[Item]:
    task = registry().task("robot_arm")
    return [imagine(make_key(task, level, "test", index)) for index in range(count)]


@pytest.mark.parametrize("place", [(0.53, 0.33, 0.031), (0.53, -0.33, 0.31), (0.43, 0.0, 0.33)])
def test_the_arm_is_where_pybullet_says_and_reaches_what_it_should(place: tuple[float, float, float]) -> None:
    joints = _panda.reach(place)
    turns, places = _panda.frames(np.array([joints]), np.array([0.02]))
    poses = _panda._arm(0).poses(joints, 0.02)
    assert places[0] == pytest.approx(poses[:, :3], abs=1e-6)
    assert turns[0] == pytest.approx(rotations(poses[:, 3:]), abs=1e-6)
    grip, hand = _panda.grips(np.array([joints]))
    assert grip[0] == pytest.approx(place, abs=5e-4)
    assert hand[0, :, 2] == pytest.approx([0, 0, -1], abs=0.01)  # it points down
    with pytest.raises(ValueError, match="does not reach"):
        _panda.reach((2.0, 0.0, 0.5))


def filmed(kind: str, objects: tuple[str, ...], after: dict[str, str]) -> tuple[World, np.ndarray]:
    """A clip and where its block is at each of its moments."""
    shot = Shot(kind, objects, START, after, 0)
    world = film_step(shot, dict(zip(START, COLOURS, strict=False)), [], 4.5)
    return world, world.poses[:, world.index(objects[0]), :3]


def test_a_block_goes_with_the_hand_and_comes_to_lie_where_it_should() -> None:
    after = {**START, "block B": "block C"}
    world, places = filmed("stack", ("block B", "block C"), after)
    assert places[0] == pytest.approx(spot(START, "block B"))
    assert places[-1] == pytest.approx([0.53, 0.0, 1.5 * SIDE])
    assert np.abs(np.diff(places, axis=0)).max() < 0.06  # nowhere a jump
    assert places[:, 2].max() > 0.29
    others = world.poses[:, [world.index("block A"), world.index("block C")]]
    assert (others == others[0]).all()
    still = (world.times <= HOLD) | (world.times >= world.duration - HOLD)
    assert len({tuple(row) for row in world.poses[still].reshape(still.sum(), -1).round(6)}) == 2  # before and after


def test_a_lost_block_falls_straight_back() -> None:
    world, places = filmed("slip", ("block B",), START)
    assert places[0] == pytest.approx(places[-1])
    lifted = places[:, 2] - places[0, 2]
    assert 0.06 < lifted.max() < 0.08
    top, landed = int(lifted.argmax()), int(np.flatnonzero(lifted > 1e-6)[-1])
    assert world.times[landed] - world.times[top] < 0.4
    assert np.abs(places[:, :2] - places[0, :2]).max() < 0.002


def test_stacks_know_what_can_be_done() -> None:
    table = Stacks(START)
    assert table.stacks["place 1"] == ["block A", "block B"]
    assert not table.moves("block A", "place 2")  # B lies on it
    assert not table.moves("block B", "block A.")
    assert not table.moves("block B", "place 3")  # C lies there
    assert table.moves("block B", "block C")
    assert table.moves("block A", "place 5")
    assert (table.under("block B"), table.under("block A")) == ("block C", "place 5")


def test_what_fails_without_a_step() -> None:
    one = {**START, "block B": "place 2"}
    two = {**one, "block A": "block C"}
    three = {**two, "block B": "place 1"}
    row = [
        SeenClip(4, "lay", ("block B", "place 2"), START, one),
        SeenClip(3, "slip", ("block A",), one, one),
        SeenClip(1, "stack", ("block A", "block C"), one, two),
        SeenClip(2, "lay", ("block B", "place 1"), two, three),
    ]
    assert cannot_be_done(row, 4) == [3, 1, 2]
    assert cannot_be_done(row, 3) == []
    assert cannot_be_done(row, 1) == [2]
    assert step_between(one, two) == ("stack", ("block A", "block C"))
    assert step_between(START, two) is None


def test_one_order_alone_fits_the_clips_and_only_a_slip_leaves_the_table_as_it_was() -> None:
    """By trying all orders, from what is recorded as shown alone."""
    slips = 0
    for item in items(1, 40):
        shown = item.layout.shown()
        seen = {(s.values["clip"], s.values["when"]): s.values["kitchen"] for s in shown.states}
        kinds = {int(str(event.values["clip"])): event.kind for event in shown.events}
        numbers = sorted(kinds)
        fits = [
            list(order)
            for order in permutations(numbers)
            if all(seen[a, "after"] == seen[b, "before"] for a, b in pairwise(order))
        ]
        assert fits == [next(q.answer for q in item.questions if q.kind == "order")]
        assert [n for n in numbers if seen[n, "before"] == seen[n, "after"]] == [
            n for n in numbers if kinds[n] == "slip"
        ]
        slips += any(kind == "slip" for kind in kinds.values())
    assert 10 < slips < 30


def test_plans_keep_to_the_table() -> None:
    for item in items(10, 12):
        for shot in item.episode.shots:
            assert all(height(shot.after, block) <= TALLEST for block in shot.after)
            assert len({*shot.after.values()}) == len(shot.after)  # one thing on each spot
            if shot.kind != "slip":
                block, target = shot.objects
                assert block not in shot.before.values() and target in {*free(shot.before)}
    assert Table(("block A", "block B")).twins(Shot("stack", ("block A", "block B"), START, START, 0)) == []


def test_blocks_have_tracks_in_their_clips() -> None:
    (item,) = items(3, 1)
    scene = item.layout.scene
    assert isinstance(scene, JoinedScene)
    tracks = scene.tracks(np.array([0.5, scene.begins(0) + 0.5]))
    assert {*tracks.names} == {*item.episode.kitchen.blocks, *PLACES}
    assert (tracks.visible[0] == 0).all() and (tracks.visible[1] > 0.5).all()
