"""Texts that come and go: read from the pixels with another renderer's letters, and laid out so that nothing is given away."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from generators.temporal._text_questions import READ
from generators.temporal._text_show import WIDE
from generators.temporal._text_world import CHARACTERS, Params
from generators.temporal.text_stream import TextStream
from harness.totals import READING
from morse.errors import BadInput
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.schema import Choice, Set
from morse.stage.frames import Canvas
from morse.stage.lettering import font_file

NARROW = Canvas(448, 252, 8)
"""The width at which everything must still be readable."""
UNIT = 28
"""Pixels a canvas unit at that width."""
CELL = (17, 25)
LETTER = 0.94 * UNIT


@cache
def glyph(character: str) -> np.ndarray:
    """A letter as Pillow draws it, in a cell whose middle is that of a capital's height and of the letter's width."""
    scale = 4
    font = ImageFont.truetype(str(font_file("DejaVu Sans Mono", "bold")), LETTER * scale)
    cell = Image.new("L", (CELL[0] * scale, CELL[1] * scale))
    left, _, right, _ = font.getbbox(character, anchor="ls")
    capital = -font.getbbox("H", anchor="ls")[1]
    at = (cell.width / 2 - (left + right) / 2, cell.height / 2 + capital / 2)
    ImageDraw.Draw(cell).text(at, character, fill=255, font=font, anchor="ls")
    return np.asarray(cell.resize(CELL, Image.Resampling.BOX), dtype=float) / 255


def read(frame: np.ndarray, x: float, y: float, length: int) -> str:
    """The characters on a strip whose middle is at a place (pixels): for each the letter that its ink is most like."""
    grey = frame[..., :3].astype(float).mean(axis=2)
    found = ""
    for place in range(length):
        centre = x + (place - (length - 1) / 2) * WIDE * UNIT
        best = ("", -1.0)
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                left, top = round(centre - CELL[0] / 2) + dx, round(y - CELL[1] / 2) + dy
                cell = grey[top : top + CELL[1], left : left + CELL[0]]
                ink = (cell.max() - cell) / max(1.0, cell.max() - cell.min())
                for character in CHARACTERS:
                    alike = float(np.corrcoef(ink.ravel(), glyph(character).ravel())[0, 1])
                    if alike > best[1]:
                        best = (character, alike)
        found += best[0]
    return found


def made(level: int, index: int = 0) -> Item:
    return imagine(make_key(TextStream(), level, "texts", index))


@pytest.mark.parametrize(("level", "index"), [(1, 0), (1, 1), (6, 2)])
def test_another_reader_reads_what_is_on_record(level: int, index: int) -> None:
    item = made(level, index)
    stage = staged(item, NARROW, style_of(item.key))
    line = item.layout.timeline
    try:
        for text in item.episode.items:
            moments = [(text.start + 2.1, text.reads)]
            if text.later is not None:
                moments = [(text.edit - 0.3, text.reads), (text.edit + 0.3, text.later)]
            for time, reads in moments:
                frame = np.array(stage.frame_at(time))
                at = round(time * NARROW.fps - 0.5 + 1e-9) / NARROW.fps
                x, y = line.place(text.reads, at)
                assert read(frame, 224 + UNIT * x, 126 - UNIT * y, len(reads)) == reads
    finally:
        stage.close()


@pytest.mark.parametrize("level", [1, 6, 10])
def test_first_middle_and_last_frame_show_no_text(level: int) -> None:
    for index in range(4):
        item = made(level, index)
        end = item.layout.duration
        tracks = item.layout.scene.tracks(np.array([0.0, end / 2, end - 1 / 24]))
        for text in item.episode.items:
            assert tracks.of(text.reads)[1].max() == 0


@pytest.mark.parametrize("level", [1, 10])
def test_strips_never_lie_over_each_other_or_outside(level: int) -> None:
    for index in range(3):
        item = made(level, index)
        strips = [thing.id for thing in item.layout.objects if thing.kind in ("text", "strip")]
        tracks = item.layout.scene.tracks(np.arange(0.0, item.layout.duration, 0.2))
        boxes = {name: tracks.of(name)[0] for name in strips}
        seen = {name: tracks.of(name)[1] > 0 for name in strips}
        for name in strips:
            assert boxes[name][seen[name]].min() > 0
            assert boxes[name][seen[name]].max() < 1
        for one, other in combinations(strips, 2):
            both = seen[one] & seen[other]
            a, b = boxes[one][both], boxes[other][both]
            apart = (a[:, 2] <= b[:, 0]) | (b[:, 2] <= a[:, 0]) | (a[:, 3] <= b[:, 1]) | (b[:, 3] <= a[:, 1])
            assert apart.all(), (one, other)


@pytest.mark.parametrize("level", [1, 6, 10])
def test_near_misses_are_never_shown_and_edits_change_one_character(level: int) -> None:
    for index in range(6):
        stream = made(level, index).episode
        shown = [text.reads for text in stream.items] + [text.later for text in stream.items if text.later]
        assert len({*shown, *stream.misread}) == len(shown) + len(stream.misread)
        for text in stream.items:
            if text.later is not None:
                assert sum(a != b for a, b in zip(text.reads, text.later, strict=True)) == 1
        assert len({text.reads[:2] for text in stream.items}) == len(stream.items)


@pytest.mark.parametrize("kind", ["completes", "change"])
def test_no_option_stands_out(kind: str) -> None:
    """Each option differs from the other three in as many places as any."""
    for index in range(8):
        (question,) = (question for question in made(4, index).questions if question.kind == kind)
        assert isinstance(question.format, Choice)
        texts = question.format.options
        sums = {sum(sum(a != b for a, b in zip(one, other, strict=True)) for other in texts) for one in texts}
        assert len(sums) == 1


def test_texts_move_the_way_that_is_keyed() -> None:
    for index in range(6):
        item = made(3, index)
        (question,) = (question for question in item.questions if question.kind == "moves")
        text = next(text for text in item.episode.items if text.reads == question.slots["text"])
        boxes, _ = item.layout.scene.tracks(np.array([text.start + 0.1, text.end - 0.1])).of(text.reads)
        (dx, dy) = (boxes[1] - boxes[0])[:2]
        expected = ("right" if dx > 0 else "left") if abs(dx) > abs(dy) else ("down" if dy > 0 else "up")
        assert question.answer == expected


def test_a_text_that_was_never_shown_cannot_be_placed_in_time() -> None:
    asked = [q for index in range(40) for q in made(1, index).questions if q.kind == "when"]
    never = [question for question in asked if question.answer is None]
    assert 2 <= len(never) <= 20
    for question in asked:
        assert question.format.may_abstain


def test_what_is_read_is_measured_by_its_tokens() -> None:
    assert READ == READING
    for question in made(1).questions:
        if isinstance(question.format, Set) or question.format.type == "sequence":
            assert READ in question.skills


def test_levels_end_where_the_screen_does() -> None:
    with pytest.raises(BadInput, match="length"):
        Params.at(1, {"length": 12})


def test_nothing_shines_through_a_cloth() -> None:
    item = made(1, 2)
    text = next(text for text in item.episode.items if text.way == "covered")
    stage = staged(item, Canvas(), style_of(item.key))
    try:
        time = text.edit + 0.55
        shown = np.array(stage.frame_at(time))
        stage.hide(text.reads)
        assert np.array_equal(shown, np.array(stage.frame_at(time)))
    finally:
        stage.close()
