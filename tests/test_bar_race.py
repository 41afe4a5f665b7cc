"""The bar race: what is drawn is what is keyed, measured in the pixels."""

import numpy as np
import pytest

from generators.mathematical.bar_race import BarRace
from morse.chart import marks_of, number_text
from morse.pipeline import imagine, make_key, staged, style_of
from morse.stage.frames import Canvas

CANVAS = Canvas(640, 360, 24)


@pytest.mark.parametrize(("level", "index"), [(1, 0), (1, 1), (4, 0), (8, 1)])
def test_bars_are_as_long_as_their_values(level: int, index: int) -> None:
    item = imagine(make_key(BarRace(), level, "pixels", index))
    race, axis = item.episode, item.layout.details["axis"]
    stage = staged(item, CANVAS, style_of(item.key))
    pixels = axis.length * CANVAS.width / 16
    for day in (0, len(race.tops) // 2, len(race.tops) - 1):
        state = item.layout.states[day]
        masks = stage.masks((state.start + state.end) / 2)
        for bar, value in enumerate(race.values[day]):
            ys, xs = np.nonzero(masks[f"bar_{bar + 1}"])
            along = xs if axis.flat else ys
            assert along.max() + 1 - along.min() == pytest.approx(value / race.tops[day] * pixels, abs=1.6)
    stage.close()


@pytest.mark.parametrize("index", range(6))
def test_nobody_leads_between_days_but_the_leaders(index: int) -> None:
    item = imagine(make_key(BarRace(), 6, "between", index))
    times = np.arange(0.0, item.layout.duration, 0.02)
    tracks = item.layout.timeline.tracks(times)
    bars = [tracks.of(f"bar_{i + 1}")[0] for i in range(len(item.episode.names))]
    sizes = np.stack([(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) for box in bars])
    along = sizes[:, 0 if item.layout.details["axis"].flat else 1]
    led = along.argmax(axis=0)
    changes = int((np.diff(led) != 0).sum())
    assert changes == next(q.answer for q in item.questions if q.kind == "lead_changes")


def test_a_lead_can_be_seen() -> None:
    item = imagine(make_key(BarRace(), 10, "margins", 0))
    for values, top in zip(item.episode.values, item.episode.tops, strict=True):
        second, first = sorted(values)[-2:]
        assert (first - second) / top * 290 > 9  # pixels on the upright axis of a clip of 768 × 432


def test_axis_marks() -> None:
    assert [value for value, printed in marks_of(20.0) if printed] == [0, 5, 10, 15, 20]
    assert [value for value, printed in marks_of(50.0) if printed] == [0, 10, 20, 30, 40, 50]
    assert [value for value, _ in marks_of(10.0)] == list(range(11))
    assert [number_text(v) for v in (0.0, 2.5, 5000.0, 12000.0, 2.5e6, 2e13)] == [
        "0",
        "2.5",
        "5000",
        "12k",
        "2.5M",
        "20T",
    ]
