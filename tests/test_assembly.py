"""Machines in shuffled clips: one order alone fits, and a mechanic of this file's own agrees on what could not be done."""

from itertools import pairwise, permutations

import pytest

from generators.procedural._assembly_domain import BELTS, PARTS, PLACES, STAGES, Workshop, equip, layers
from generators.procedural._assembly_parts import LOOKS
from generators.procedural._kitchen_recipe import Recipe, sight
from generators.procedural._planning import Sight, blocked, history
from morse.pipeline import Item, imagine, make_key
from morse.task import registry


def clip(level: int, index: int) -> Item:
    return imagine(make_key(registry().task("assembly"), level, "assembly tests", index))


def fits(sights: list[Sight]) -> bool:
    """Whether an order agrees with what is seen, by brute force."""
    known: dict[str, object] = {}
    for seen in sights:
        if any(name in known and known[name] != value for name, value in seen.before.items()):
            return False
        known.update(seen.after)
    return True


@pytest.mark.parametrize("index", range(16))
def test_of_all_permutations_only_the_answer_fits(index: int) -> None:
    built: Recipe[Workshop] = clip(6, index).episode
    if built.mode == "gap":
        pytest.skip("its order rests on the step that is missing")
    belonging = [k for k, shot in enumerate(built.shots) if shot.position is not None]
    sights = {k: sight(built.shots[k], built.kitchen) for k in range(len(built.shots))}
    fitting = [order for order in permutations(belonging) if fits([sights[k] for k in order])]
    assert [[k + 1 for k in order] for order in fitting] == [built.order]
    if built.mode == "stray":
        assert not any(fits([sights[k] for k in order]) for order in permutations(range(len(built.shots))))


@pytest.mark.parametrize("index", range(12))
def test_a_gap_is_closed_by_the_missing_step_alone(index: int) -> None:
    built: Recipe[Workshop] = clip(6, index).episode
    if built.mode != "gap":
        pytest.skip("every step is filmed")
    missing = built.missing
    assert missing is not None and missing.position is not None
    shots = sorted(built.shots, key=lambda shot: shot.position or 0)
    breaks = [(a, b) for a, b in pairwise(shots) if a.after != b.before]
    assert len(breaks) == 1
    before, after = breaks[0][0].after, breaks[0][1].before
    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    part, place = missing.objects
    held = layers(before, place)
    assert changed == {part: ("rack", "used"), place: (held, (*held, part))}


def test_a_machine_is_whole_after_27_steps_and_can_go_no_further() -> None:
    for seed in range(20):
        key = make_key(registry().task("assembly"), 1, "assembly tests", seed)
        workshop, start = equip(1, 27, key.stream("kit"))
        end = history(start, workshop.plan(start, 27, key.stream("plan")))[-1]
        assert not any(action.fits(end) for action in workshop.actions())
        assert all(end[belt] == "on" for belt in BELTS)
        for place in PLACES:
            foot, wheel, nut, cover, bolts, top = layers(end, place)
            assert (nut, bolts) == ("nut", "bolts")
            for kind, part in (("foot", foot), ("wheel", wheel), ("cover", cover), ("top", top)):
                assert part in PARTS[kind]
        assert sum(end[part] == "rack" for names in workshop.parts.values() for part in names) == 4


@pytest.mark.parametrize("index", range(8))
def test_without_a_step_all_above_it_at_its_place_fails(index: int) -> None:
    built: Recipe[Workshop] = clip(6, index).episode
    for i, step in enumerate(built.plan):
        if step.kind == "belt":
            assert blocked(built.start, built.plan, i, strictly=False) == []
            continue
        place = step.objects[-1]
        level = STAGES.index(step.kind)
        above = [
            j
            for j, later in enumerate(built.plan)
            if j > i and place in later.objects and (later.kind != "belt" or level <= STAGES.index("nut"))
        ]
        assert blocked(built.start, built.plan, i, strictly=False) == above


def test_every_part_has_a_drawing_of_its_own() -> None:
    outlines = set()
    for kind, names in PARTS.items():
        for name in names:
            look = LOOKS[name]("#888888", "#222222")
            points = [tuple(point) for part in look.get_family() for point in part.points.round(3).tolist()]
            outlines.add((kind, tuple(map(tuple, points))))
    assert len(outlines) == sum(map(len, PARTS.values()))
