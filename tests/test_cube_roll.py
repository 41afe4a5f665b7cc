"""The rolling cube: what rolls do to a die, walks that are all equally likely, and figures in surfaces."""

import math
from collections import Counter
from itertools import product

import numpy as np
import pytest

from generators.spatial._roll_path import WAYS, Act, Board, Tile, beside, side_at, stations, turned
from generators.spatial._roll_retold import rolled
from morse.layout import Layout
from morse.meshes import Mesh, flat, moved
from morse.seeding import Key, Rng
from morse.stage.bullet_stage import BulletStage
from morse.stage.frames import Canvas
from morse.stage.lettering import outline, rings
from morse.style import draw_style
from morse.world import Body, Camera, World, pose

DIE = {"up": "1", "north": "2", "east": "3", "west": "4", "south": "5", "down": "6"}
"""A die whose opposite faces add up to seven."""
BY_HAND = (
    ("north", "5", "2"),  # the south face comes up, the north face goes down
    ("east", "4", "3"),
    ("north north", "6", "1"),
    ("north east", "4", "3"),  # rolling north leaves east and west where they are
    ("east north", "5", "2"),
    ("north east south", "1", "6"),  # the first roll laid 1 to the north, from where the last brings it up
    ("west west south", "2", "5"),
)


@pytest.mark.parametrize(("ways", "up", "down"), BY_HAND)
def test_both_tellings_roll_as_a_die_does(ways: str, up: str, down: str) -> None:
    turn = turned(Act("roll", way) for way in ways.split())[-1]
    assert (DIE[side_at(turn, "up")], DIE[side_at(turn, "down")]) == (up, down)
    faces = DIE
    for way in ways.split():
        faces = rolled(faces, way)
    assert (faces["up"], faces["down"]) == (up, down)


def test_slides_and_tips_do_not_turn_the_cube() -> None:
    acts = [Act("slide", "north"), Act("tip", "east")]
    assert (turned(acts)[-1] == np.eye(3)).all()
    assert stations((1, 1), acts) == [(1, 1), (1, 2), (1, 2)]


def _stream(purpose: str) -> Rng:
    return Key("walks", 1, 1, "test", "root", 0).stream(purpose)


def test_every_walk_that_fits_is_equally_likely() -> None:
    board, start, end, tile = Board(3, 2), (0, 0), (1, 0), (1, 1)
    fitting = [ways for ways in product(WAYS, repeat=5) if _fits(board, start, end, tile, 2, ways)]
    rng = _stream("walks")
    drawn = Counter(tuple(board.walk(start, end, 5, tile, 2, rng)) for _ in range(200 * len(fitting)))
    assert sorted(drawn) == sorted(fitting)
    assert max(drawn.values()) < 270 and min(drawn.values()) > 130


def _fits(board: Board, start: Tile, end: Tile, tile: Tile, visits: int, ways: tuple[str, ...]) -> bool:
    spots = [start]
    for way in ways:
        spots.append(beside(spots[-1], way))
    return all(spot in board.tiles for spot in spots) and spots[-1] == end and spots[1:].count(tile) == visits


def test_no_walk_is_an_error() -> None:
    rng = _stream("walks")
    with pytest.raises(ValueError, match="no 3 moves"):
        Board(3, 3).walk((0, 0), (0, 0), 3, (1, 1), 1, rng)


def test_flat_figures_have_their_area_and_face_up() -> None:
    square = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])
    ring = flat([2 * square, square])
    assert math.isclose(_area(ring), 16.0 - 4.0, rel_tol=1e-6)
    star = np.array(
        [(0.0, 3.0), (-1.0, 1.0), (-3.0, 0.0), (-1.0, -1.0), (0.0, -3.0), (1.0, -1.0), (3.0, 0.0), (1.0, 1.0)]
    )
    assert math.isclose(_area(flat([star])), 4.0 + 4 * 2.0, rel_tol=1e-6)
    assert np.allclose(ring.normals, [0, 0, 1])


def test_a_letter_keeps_its_hole() -> None:
    parts = rings(outline("A", 1.0))
    assert len(parts) == 2
    whole, hole = sorted((abs(_signed(part)) for part in parts), reverse=True)
    assert math.isclose(_area(flat(parts)), whole - hole, rel_tol=1e-4)


def _area(mesh: Mesh) -> float:
    a, b, c = (mesh.vertices[mesh.faces[:, i]].astype(float) for i in range(3))
    normals = np.cross(b - a, c - a)
    assert (normals[:, 2] >= -1e-9).all()
    return float(normals[:, 2].sum()) / 2


def _signed(ring: np.ndarray) -> float:
    x, y = ring.T
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) / 2


@pytest.mark.parametrize("renderer", ["opengl", "tiny"])
def test_an_inlay_is_a_part_of_its_body(renderer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if renderer == "tiny":
        monkeypatch.setattr("morse.stage.bullet_stage._has_gl", lambda: False)
    body = Body("block", "box", (1.0, 1.0, 1.0), "white", tracked=True)
    camera = Camera.still((0.0, -0.5, 6.0), (0.0, 0.0, 0.5), 30.0)
    world = World(1.0, (body,), np.zeros(1), np.array([[pose((0.0, 0.0, 0.5))]]), camera)
    stage = BulletStage(Layout(world, ()), Canvas(96, 54, 1), draw_style(_stream("look"), wanted="plain"))
    try:
        square = np.array([(-0.3, -0.3), (0.3, -0.3), (0.3, 0.3), (-0.3, 0.3)])
        before = stage.frame_at(0.0)[27, 48, :3].astype(int)
        mask = stage.masks(0.0)["block"]
        stage.inlay("block", moved(flat([square]), np.eye(3), np.array([0.0, 0.0, 0.502])), "#c01010")
        after = stage.frame_at(0.0)[27, 48, :3].astype(int)
        assert before.min() > 150
        assert after[0] > 120 and after[1:].max() < 80
        assert (stage.masks(0.0)["block"] == mask).all() and mask[27, 48]
        stage.hide("block")
        assert abs(stage.frame_at(0.0)[27, 48, :3].astype(int) - after).max() > 60
    finally:
        stage.close()
