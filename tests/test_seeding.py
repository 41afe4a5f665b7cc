"""Random streams: keyed, independent, uniform, and the same for ever."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from morse.seeding import Key, Rng, digest

KEY = Key("cups", 1, 3, "test", "root", 7)


def draws(rng: Rng, count: int = 8) -> list[int]:
    return [rng.integer(0, 2**40) for _ in range(count)]


def test_a_stream_is_keyed_by_every_part_of_its_key() -> None:
    changed = {"task": "maze", "version": 2, "level": 4, "split": "train", "root": "roou", "index": 8}
    streams = [draws(replace(KEY, **{part: value}).stream("simulate")) for part, value in changed.items()]
    streams += [draws(KEY.stream("simulate")), draws(KEY.stream("ask")), draws(KEY.stream("simulate", attempt=1))]
    streams += [draws(KEY.stream("simulate").fork("a")), draws(KEY.stream("simulate").steady("a"))]
    assert len({tuple(stream) for stream in streams}) == len(streams)
    assert draws(KEY.stream("simulate")) == draws(KEY.stream("simulate"))


def test_digest_is_sha256_of_canonical_json() -> None:
    expected = hashlib.sha256(b'["a",1,["b"]]').hexdigest()
    assert (
        digest("a", 1, ["b"])
        == expected
        == hashlib.sha256(json.dumps(["a", 1, ["b"]], separators=(",", ":")).encode()).hexdigest()
    )


def test_parts_of_a_key_cannot_be_shifted_into_each_other() -> None:
    assert replace(KEY, task="a", split="bc").clip_id() != replace(KEY, task="ab", split="c").clip_id()


def test_a_fork_does_not_depend_on_what_was_drawn_before() -> None:
    fresh, used = KEY.stream("layout"), KEY.stream("layout")
    draws(used)
    assert draws(fresh.fork("x")) == draws(used.fork("x"))


def test_steady_outlives_a_redraw_and_fork_does_not() -> None:
    first, second = KEY.stream("simulate", 0), KEY.stream("simulate", 1)
    assert draws(first.steady("target")) == draws(second.steady("target"))
    assert draws(first.fork("target")) != draws(second.fork("target"))


@pytest.mark.parametrize("high", [1, 2, 6, 12])
def test_integers_are_uniform_within_their_bounds(high: int) -> None:
    rng = KEY.stream("uniform")
    values = [rng.integer(0, high) for _ in range(3000)]
    assert set(values) == set(range(high + 1))
    assert stats.chisquare([values.count(v) for v in range(high + 1)]).pvalue > 1e-3


def test_shuffles_are_uniform_over_orders() -> None:
    rng = KEY.stream("shuffle")
    orders = ["".join(rng.shuffled("abcd")) for _ in range(4800)]
    assert len(set(orders)) == 24
    assert stats.chisquare([orders.count(order) for order in sorted(set(orders))]).pvalue > 1e-3


def test_weights_are_shares_and_zero_is_never() -> None:
    rng = KEY.stream("weighted")
    drawn = [rng.weighted("abc", (3.0, 0.0, 1.0)) for _ in range(4000)]
    assert drawn.count("b") == 0
    assert stats.binomtest(drawn.count("a"), 4000, 0.75).pvalue > 1e-3


def test_normal_is_gaussian() -> None:
    rng = KEY.stream("normal")
    assert stats.kstest([rng.normal(2.0, 3.0) for _ in range(2000)], stats.norm(2, 3).cdf).pvalue > 1e-3


def test_sample_draws_each_once() -> None:
    rng = KEY.stream("sample")
    drawn = rng.sample(range(10), 10)
    assert sorted(drawn) == list(range(10))
    with pytest.raises(ValueError, match="cannot draw 3 of 2"):
        rng.sample("ab", 3)


def test_neighbouring_seeds_are_unrelated() -> None:
    a, b = (replace(KEY, root=root).stream("simulate") for root in ("7", "8"))
    pairs = [(a.unit(), b.unit()) for _ in range(2000)]
    assert abs(float(np.corrcoef(np.array(pairs).T)[0, 1])) < 0.08  # 3.6 standard errors
