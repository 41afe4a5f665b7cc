"""Captions: six of one clip, one of them true, and none that is told from the others by what it has in common with them."""

from itertools import permutations

from morse.captions import captions, drawn
from morse.seeding import Key, Rng


def rng(seed: int) -> Rng:
    return Rng(Key(task="t", version=1, level=1, split="test", root="r", index=seed), "test")


def shared(one: list, other: list) -> tuple[int, bool]:
    """In how many deeds two captions agree, and whether the same one of the two comes first."""
    return sum(deed in other for deed in one), one[0][0] == other[0][0]


def test_each_caption_is_as_far_from_the_others_as_every_other_one() -> None:
    six = captions(("star", "lit"), ("plus", "tilted"), "large")
    assert six[0] == [["star", "lit"], ["plus", "tilted"]]
    assert [["plus", "tilted"], ["star", "lit"]] in six and [["star", "tilted"], ["plus", "large"]] in six
    profiles = {tuple(sorted(shared(one, other) for other in six if other is not one)) for one in six}
    assert len(profiles) == 1


def test_only_the_first_is_true() -> None:
    """Whatever the deeds: of the others each has a deed that nobody did, or the later one first."""
    who, what = ("star", "plus", "moon", "ring"), ("lit", "large", "small", "tilted")
    found = 0
    for seed in range(60):
        draw = rng(seed)
        deeds = [((draw.choice(who), draw.choice(what)), 2.0 * n) for n in range(5)]
        six = drawn(draw, deeds, what)
        if six is None:
            continue
        found += 1
        begins = {}
        for deed, at in deeds:
            begins.setdefault(deed, at)
        true = [c for c in six if all(tuple(d) in begins for d in c) and begins[tuple(c[0])] < begins[tuple(c[1])]]  # type: ignore[arg-type]
        assert true == [six[0]]
    assert found > 20


def test_none_where_each_deed_is_done_by_all() -> None:
    deeds = [(pair, float(n)) for n, pair in enumerate(permutations(("a", "b", "c"), 2))]
    assert drawn(rng(0), deeds, ("a", "b", "c")) is None
