"""Towers of hidden weights: the law of the lever by hand, forces by hand, and a film in which nothing stirs before its time."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from generators.physical._stacks_retold import Retold, Seen, held
from generators.physical._stacks_world import (
    HEAVY,
    PITCH,
    STAND,
    VERDICTS,
    Load,
    Tower,
    centre,
    draw_tower,
    firm,
    verdict,
)
from morse.pipeline import Item, imagine, make_key
from morse.seeding import Key, Rng
from morse.task import registry
from morse.world import World


def _rng(index: int) -> Rng:
    return Key("stacks", 1, 1, "test", "root", index).stream("draw")


def _loads(*some: tuple[int, bool]) -> tuple[Load, ...]:
    """Blocks by place and whether they are heavy, each on those before it at the same place."""
    places = [place for place, _ in some]
    return tuple(Load("BCDEFG"[i], place, places[:i].count(place), heavy) for i, (place, heavy) in enumerate(some))


# moments in places times light blocks, the plank adding one to the weight and nothing to the moment
BALANCES = [
    (((-2, True), (1, False)), Fraction(-7, 6), "left"),
    (((-1, True), (2, False), (2, False)), Fraction(0), "stands"),
    (((-2, False), (2, True), (0, False)), Fraction(6, 7), "right"),
    (((-2, True), (2, True), (1, False)), Fraction(1, 10), "stands"),
    (((-1, True), (-1, False), (2, True), (0, True)), Fraction(3, 14), "stands"),
    (((-1, False), (1, True), (1, True)), Fraction(7, 10), "right"),
    (((-2, True), (-1, False), (1, True), (0, False)), Fraction(-5, 11), None),
]


@pytest.mark.parametrize(("some", "moment", "does"), BALANCES)
def test_a_tower_obeys_the_lever(some: tuple[tuple[int, bool], ...], moment: Fraction, does: str | None) -> None:
    loads = _loads(*some)
    assert centre(loads) == pytest.approx(float(moment) * PITCH, abs=1e-12)
    assert verdict(loads) == does
    assert firm(loads) == (does is not None)


@pytest.mark.parametrize(("some", "moment", "does"), BALANCES)
def test_forces_hold_what_is_balanced_over_the_stand(
    some: tuple[tuple[int, bool], ...], moment: Fraction, does: str | None
) -> None:
    blocks = [Seen(one.name, *one.spot, one.heavy, 0.0) for one in _loads(*some)]
    inside = abs(float(moment)) * PITCH < STAND
    assert held(0.0, [-STAND, STAND], blocks, 0.34) == inside
    pin = {-1: "left", 1: "right"}[1 if moment > 0 else -1]
    assert held(0.0, [-STAND, STAND, -0.9], blocks, 0.34) == (inside or pin == "left")
    assert held(0.0, [-STAND, STAND, 0.9], blocks, 0.34) == (inside or pin == "right")


def test_forces_do_not_hold_a_block_beyond_the_one_below() -> None:
    """By the rule of two equal bricks: the upper may stand out by half its length, no more."""
    for out, holds in ((0.1, True), (0.16, True), (0.169, True)):
        blocks = [Seen("B", 0.0, 0.75, False, 0.0), Seen("C", out, 1.09, False, 0.0)]
        assert held(0.0, [-0.5, 0.5], blocks, 0.34) == holds


@pytest.mark.parametrize("index", range(4))
def test_places_tell_nothing(index: int) -> None:
    """Whatever is wanted, the same draw lays blocks in the same places, which with other weights do each of the three."""
    towers = [draw_tower(_rng(index), 0.0, "BCDEF"[: 4 + index % 2], does) for does in VERDICTS]
    assert [tower.verdict for tower in towers] == [*VERDICTS]
    assert len({tuple((load.place, load.under) for load in tower.loads) for tower in towers}) == 1
    places = [load.place for load in towers[0].loads]
    could = set()
    for weights in product((1, int(HEAVY)), repeat=len(places)):
        away = Fraction(sum(p * w for p, w in zip(places, weights, strict=True)), sum(weights) + 1) * Fraction(38, 100)
        could.add("stands" if abs(away) < Fraction(14, 100) else "right" if away > 0 else "left")
    assert could == set(VERDICTS)


def test_blocks_change_places() -> None:
    tower = Tower(0.0, _loads((-2, True), (1, False), (2, True)))
    swapped = {load.name: (load.place, load.heavy) for load in tower.swapped("B", "C")}
    assert swapped == {"C": (-2, False), "B": (1, True), "D": (2, True)}


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return [imagine(make_key(registry().task("stacks"), level, "filmed", 0)) for level in (1, 5)]


def _world(item: Item) -> World:
    assert isinstance(item.layout.scene, World)
    return item.layout.scene


def test_nothing_stirs_before_its_pins_go(items: list[Item]) -> None:
    """Bit for bit; and a tower that stands goes on standing."""
    for item in items:
        world, episode = _world(item), item.episode
        for number, tower in enumerate(episode.towers):
            still = world.times >= max(episode.visit(name).ends for name in tower.names) + 0.05
            if tower.verdict != "stands":
                still &= world.times <= episode.released[number]
            for name in (*tower.names, f"plank {number}"):
                poses = world.poses[still, world.index(name)]
                assert (poses == poses[0]).all()


def test_what_tips_ends_on_its_side(items: list[Item]) -> None:
    for item in items:
        world = _world(item)
        for number, tower in enumerate(item.episode.towers):
            x, y, z, w = world.poses[-1, world.index(f"plank {number}"), 3:]
            sinks = 2 * (x * z - y * w)  # the height of the plank's right end, in half lengths
            seen = "stands" if abs(sinks) < 0.01 else "right" if sinks < 0 else "left"
            assert seen == tower.verdict


def test_the_pan_sinks_under_heavy_blocks_alone(items: list[Item]) -> None:
    for item in items:
        world = _world(item)
        left, right = (world.poses[:, world.index(name), 2] for name in ("left pan", "right pan"))
        for visit in item.episode.visits:
            on = (world.times > visit.on + 0.6) & (world.times < visit.off)
            assert (left[on] < right[on]).all() if visit.heavy else (left[on] > right[on] + 0.2).all()
            block = world.poses[on, world.index(visit.name), 2]
            assert np.allclose(block - left[on], 0.17 + 0.015)


@pytest.mark.parametrize("does", VERDICTS)
def test_weights_alone_decide_what_is_told_again(items: list[Item], does: str) -> None:
    """Blocks in the same places could have done each of the three: with weights that do, read off the balance, the answer is that."""
    item = items[1]
    for question in (question for question in item.questions if question.kind == "tips"):
        tower = item.episode.towers[item.episode.sides.index(str(question.slots["side"]))]
        heavy = next(
            weighs
            for weighs in product((False, True), repeat=len(tower.loads))
            if verdict(replace(load, heavy=one) for load, one in zip(tower.loads, weighs, strict=True)) == does
        )
        weights = dict(zip(tower.names, heavy, strict=True))
        retold = Retold(item.layout.shown(question.asked_at))
        retold.heavier = lambda name, weights=weights: weights.get(name, False)  # type: ignore[method-assign]
        assert retold.answer(question) == does


def test_every_kind_is_asked() -> None:
    kinds = set()
    for index in range(4):
        kinds |= {q.kind for q in imagine(make_key(registry().task("stacks"), 3, "kinds", index)).questions}
    assert kinds >= {"order", "heavy", "had", "span", "where", "tips", "cause", "absent", "swapped", "early"}
