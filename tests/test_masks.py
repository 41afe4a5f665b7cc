"""Masks: run-length codes against pycocotools' own (worked out once and written here), and what a model may write for one."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from harness.parsing import parse
from harness.readers import NoAnswer
from harness.references import reference_response
from harness.run_lengths import coded, decoded, of_polygons, overlap, read_mask, resized
from harness.scoring import score
from morse.schema import Masks

# pycocotools 2.0.11, of a ring-like figure: rows 1 to 3 and columns 2 to 5 of 6 × 8 pixels, without (2, 3)
RING = {"size": [6, 8], "counts": "=33NN02200;"}
CORNER = {"size": [6, 8], "counts": "03300000h0"}  # rows 0 to 2 and columns 0 to 3
# discs of radius 30 on 90 × 160 pixels, the second 7 to the right and 4 up: 2809 pixels each, IoU 0.70759878
DISC = "_`4?X26J6L2M4M2M4M2N2N2N2O0O2N2O0O2N2O000O2O000O2O0000000000000000000000000001N10001N10001N2N101N2N101N2N2N2N3L3N3L3N4J6Jf[4"
MOVED = "QT5?X26J6L2M4M2M4M2N2N2N2O0O2N2O0O2N2O000O2O000O2O0000000000000000000000000001N10001N10001N2N101N2N101N2N2N2N3L3N3L3N4J6JTh3"
FORM = Masks(height=6, width=8)


def test_codes_as_coco_writes_them():
    runs, size = decoded(RING)
    assert size == (6, 8) and runs == [(13, 16), (19, 20), (21, 22), (25, 28), (31, 34)]
    assert coded(runs, size)["counts"] == [13, 3, 3, 1, 1, 1, 3, 3, 3, 3, 14]
    assert decoded(coded(runs, size)) == (runs, size)
    assert overlap(runs, decoded(CORNER)[0]) == pytest.approx(0.15)
    discs = [decoded({"size": [90, 160], "counts": text})[0] for text in (DISC, MOVED)]
    assert [sum(end - start for start, end in disc) for disc in discs] == [2809, 2809]
    assert overlap(*discs) == pytest.approx(0.70759878, abs=1e-8)


def test_polygons_cover_the_pixels_whose_middles_they_hold():
    # the left half of the frame; a triangle below the diagonal of 4 × 4: in column c the rows from c on, whose middles it holds
    assert of_polygons([[(0, 0), (0.5, 0), (0.5, 1), (0, 1)]], (6, 8)) == [(0, 24)]
    triangle = of_polygons([[(0, 0), (1, 1), (0, 1)]], (4, 4))
    assert triangle == [(0, 4), (5, 8), (10, 12), (15, 16)]
    hole = of_polygons(
        [[(0, 0), (1, 0), (1, 1), (0, 1)], [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]], (4, 4)
    )
    assert hole == [(0, 5), (7, 9), (11, 16)]


@given(st.lists(st.booleans(), min_size=35, max_size=35), st.integers(1, 4))
@settings(max_examples=200, deadline=None)
def test_a_code_comes_back_from_its_enlargement(pixels, times):
    on = [i for i, pixel in enumerate(pixels) if pixel]
    counts: list[Any] = [0]
    for i, pixel in enumerate(pixels):
        if pixel != (len(counts) % 2 == 0):
            counts.append(0)
        counts[-1] += 1
        assert i < 35
    runs, size = decoded({"size": [5, 7], "counts": counts})
    assert [place for start, end in runs for place in range(start, end)] == on
    larger = resized(runs, size, (5 * times, 7 * times))
    assert sum(end - start for start, end in larger) == len(on) * times**2
    assert resized(larger, (5 * times, 7 * times), size) == runs


BOXED = coded([(6, 9), (12, 15)], (6, 8))


@pytest.mark.parametrize(
    "text",
    [
        'Answer: {"3": [0.125, 0.0, 0.375, 0.5]}',
        'Answer: {"3": [[0.125, 0.0], [0.375, 0.0], [0.375, 0.5], [0.125, 0.5]]}',
        '{"3 s": [[[0.125, 0], [0.375, 0], [0.375, 0.5], [0.125, 0.5]]]}',
        "The mask is <answer>{3: {'size': [6, 8], 'counts': [6, 3, 3, 3, 33]}}</answer>".replace("'", '"'),
        'Answer: {"3": {"size": [12, 16], "counts": [24, 6, 6, 6, 6, 6, 6, 6, 126]}}',
    ],
)
def test_what_a_model_may_write(text):
    assert parse(text, FORM).value == {"3": BOXED}


@pytest.mark.parametrize(
    "text",
    [
        'Answer: {"3": [0.1, 0.2]}',
        'Answer: {"3": [[-1, 0], [2, 0], [0, 9]]}',
        'Answer: {"3": {"size": [6, 8], "counts": "no"}}',
        'Answer: {"3": {"size": [6, 8], "counts": [1, 2]}}',
        'Answer: {"3": {"size": [6000000, 8000000], "counts": [48]}}',
        'Answer: {"3": {"size": [6, 8], "counts": [-1, 49]}}',
        'Answer: {"3": {"counts": [48]}}',
        'Answer: {"soon": [0, 0, 1, 1]}',
        "Answer: everything",
        "Answer: {}",
    ],
)
def test_what_is_no_mask(text):
    assert not parse(text, FORM).readable


def test_bait_costs_little_and_is_refused():
    corners: list[Any] = [[(i % 2), i / 3000] for i in range(3000)]
    with pytest.raises(NoAnswer, match="corners"):
        read_mask(corners, (90, 160))
    assert not parse("Answer: " + json.dumps({str(i): corners[:300] for i in range(9)}), Masks()).readable


def test_worth_is_the_overlap_in_the_seconds_that_either_names():
    """Wanted at 3 and 4 s: 2 × 3 pixels. Said at 3 s the upper 2 × 2 of them (IoU 4/6), at 5 s something: (4/6) / 3."""
    wanted: dict[str, JsonValue] = {"3": BOXED, "4": BOXED}
    assert score(FORM, wanted, reference_response(FORM, wanted)).value == 1.0
    said = score(FORM, wanted, 'Answer: {"3": [0.125, 0, 0.375, 0.34], "5": [0, 0, 1, 1]}')
    assert said.value == pytest.approx(4 / 6 / 3) and not said.correct and said.partial == {"mask_viou": said.value}
    half = score(FORM, {"3": BOXED}, 'Answer: {"3": [0.125, 0, 0.375, 0.34]}')
    assert half.value == pytest.approx(4 / 6) and half.correct
