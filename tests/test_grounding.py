"""Where things are by whole second: masks from the layout against the renderers', and boxes round them."""

import numpy as np
import pytest

from harness.run_lengths import decoded
from morse.errors import Rejected
from morse.grounding import boxes_by_second, masks_by_second, run_length_code, seconds_to_ask, whole_seconds
from morse.pipeline import imagine, make_key, staged, style_of
from morse.stage.frames import Canvas
from morse.task import registry

CANVAS = Canvas(320, 180, 4)


@pytest.mark.parametrize("name", ["collisions", "orbit", "event_order"])
def test_masks_of_the_layout_are_those_of_the_renderer(name: str) -> None:
    item = imagine(make_key(registry().task(name), 3, "grounding", 0))
    stage = staged(item, CANVAS, style_of(item.key))
    compared = 0
    try:
        for second in (2, 5):
            tracks, drawn = item.layout.scene.tracks(np.array([float(second)])), stage.masks(second)
            for column, thing in enumerate(tracks.names):
                left, top, right, bottom = tracks.boxes[0, column] * [320, 180, 320, 180]
                whole = tracks.visible[0, column] == 1 and left >= 0 and top >= 0 and right <= 320 and bottom <= 180
                if not whole or min(right - left, bottom - top) < 12:
                    continue
                mask = item.layout.scene.mask(thing, float(second), 180, 320)
                least = (
                    0.88 if "cone" in thing else 0.9
                )  # a cone is drawn with a rounded edge and tip, fitted to its box
                assert (mask & drawn[thing]).sum() / (mask | drawn[thing]).sum() >= least, (thing, second)
                rows, columns = np.nonzero(mask)
                edges = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
                assert np.abs(np.array(edges) - [left, top, right, bottom]).max() <= 2
                compared += 1
    finally:
        stage.close()
    assert compared >= 3


def test_an_answer_names_the_seconds_that_are_asked_for() -> None:
    scene = imagine(make_key(registry().task("event_order"), 3, "grounding", 0)).layout.scene
    card = scene.tracks(np.array([2.0])).names[0]
    assert whole_seconds(1.95, 5.0) == [3, 4] and whole_seconds(1.5, 1.9) == []
    boxes, masks = boxes_by_second(scene, card, [2, 3]), masks_by_second(scene, card, [2, 3], 90, 160)
    assert list(boxes) == list(masks) == ["2", "3"]
    runs, size = decoded(masks["2"])
    left, top, right, bottom = boxes["2"]  # type: ignore[misc]
    covered = sum(end - start for start, end in runs) / (size[0] * size[1])
    assert covered == pytest.approx((right - left) * (bottom - top), rel=0.15)  # type: ignore[operator]
    with pytest.raises(Rejected):
        boxes_by_second(scene, card, [])


@pytest.mark.parametrize(
    ("start", "end", "seconds", "named"),
    [
        (3.5, 6.5, [4, 5, 6], False),  # a tenth of a second more or less changes nothing
        (3.95, 6.5, [5, 6], True),  # second 4 is in it, but only just
        (3.5, 6.08, [4, 5], True),
        (3.2, 3.8, [], False),
    ],
)
def test_seconds_are_named_where_the_stretch_does_not_plainly_tell_them(
    start: float, end: float, seconds: list[int], named: bool
) -> None:
    assert seconds_to_ask(start, end) == (seconds, seconds if named else [])


def test_run_lengths_of_an_array() -> None:
    """Two columns of three: the first on but for its top, the second on at its top."""
    assert run_length_code(np.array([[0, 1], [1, 0], [1, 0]])) == {"size": [3, 2], "counts": [1, 3, 2]}
    assert run_length_code(np.ones((2, 2))) == {"size": [2, 2], "counts": [0, 4]}
