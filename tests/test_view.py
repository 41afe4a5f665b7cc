"""Views: their names, which frames they show, and what is in the files, read back from bars in the pictures."""

import shutil
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from morse.dataset import open_dataset
from morse.errors import BadInput
from morse.view.names import CHANGES, parse_view
from morse.view.reel import reel
from morse.view.schedule import frames_until, schedule
from morse.view.show import Screening, Showing
from morse.view.transcript import transcript
from tests.numbered import CLIP_ID, FPS, HEIGHT, WIDTH, clip_of, number_of, write_numbered, write_video

FRAMES = 80


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_numbered(tmp_path_factory.mktemp("numbered") / "set", FRAMES)


def shown(folder: Path, view: str, cache: Path, question: int = 0) -> Showing:
    data = open_dataset(folder)
    return Screening(data, parse_view(view), cache).show(list(data.questions())[question])


def decoded(file: Path) -> list[np.ndarray]:
    if file.suffix == ".jpg":
        return [np.asarray(Image.open(file))]
    with av.open(str(file)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def numbers(showing: Showing) -> list[int | None]:
    return [number_of(frame) for file in showing.files for frame in decoded(file)]


# ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("video", "video"),
        ("frames:32", "frames:32"),
        ("fps:0.5", "fps:0.5"),
        ("fps:2.0", "fps:2"),
        ("grid:9", "grid:9"),
        ("frame", "frame:middle"),
        ("frame:last", "frame:last"),
        ("half", "video+half"),
        ("masked", "video+masked"),
        ("masked:0.25+frames:8", "frames:8+masked:0.25"),
        ("shuffled:4", "video+shuffled:4"),
        ("noise:0.5+question+captions", "video+noise:0.5+captions+question"),
        ("reversed+fps:1", "fps:1+reversed"),
        ("transcript", "transcript"),
        ("blind", "blind"),
    ],
)
def test_a_name_has_one_canonical_form(name: str, canonical: str) -> None:
    view = parse_view(name)
    assert view.name == canonical
    assert parse_view(canonical) == view


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("frame:5", "first, middle or last"),
        ("frames", "whole number from 1 to 1024"),
        ("frames:0", "whole number"),
        ("frames:1e3", "whole number"),
        ("frames:" + "9" * 5000, "whole number"),
        ("fps:-1", "number above 0"),
        ("fps:nan", "number above 0"),
        ("frmaes:3", "did you mean 'frames'"),
        ("video:3", "takes no number"),
        ("blind+reversed", "no pictures"),
        ("transcript+captions", "no pictures"),
        ("frames:3+grid:4", "cannot both be"),
        ("reversed+half", "cannot both be"),
        ("captions+captions", "cannot both be"),
        ("masked:1", "nothing would be left"),
        ("shuffled:1", "whole number from 2"),
        ("", "is no view"),
    ],
)
def test_a_bad_name_is_refused_in_one_line(name: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_view(name)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


# ── which frames ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("view", "frames"),
    [
        ("frames:4", (1, 4, 7, 10)),  # of 12: the middles of 0–3, 3–6, …
        ("frames:100", tuple(range(12))),
        ("fps:2", (0, 4, 8)),  # at 8 a second, over 1.5 s
        ("fps:3", (0, 2, 5, 8, 10)),
        ("frame:first", (0,)),
        ("frame:middle", (6,)),
        ("frame:last", (11,)),
        ("half", tuple(range(6))),
        ("reversed", tuple(range(11, -1, -1))),
        ("masked", (0, 1, 2, 3, None, None, None, None, 8, 9, 10, 11)),
        ("masked:0.5+frames:4", (1, None, None, 10)),
        ("frames:3+reversed", (9, 5, 1)),
        ("noise", (None,) * 12),
        ("noise:0.5+frames:2", (3, 9)),
        ("blind", ()),
    ],
)
def test_a_view_shows_these_frames(view: str, frames: tuple[int | None, ...]) -> None:
    assert schedule(parse_view(view), clip_of(12)).frames == frames


@pytest.mark.parametrize("change", ["", *(f"+{name}" for name in CHANGES if name != "shuffled"), "+shuffled:5"])
@pytest.mark.parametrize("form", ["video", "frames:7", "fps:2", "grid:5", "frame:last"])
@pytest.mark.parametrize("asked_at", [0.0, 0.124, 2.0, 2.9])
def test_nothing_after_the_question_is_shown(form: str, change: str, asked_at: float) -> None:
    plan = schedule(parse_view(form + change), clip_of(40), asked_at)
    assert all(time <= asked_at for time in plan.times)
    assert plan.seconds <= asked_at + 1 / FPS + 1e-9
    assert plan.frames
    assert plan.marks == tuple(sorted(plan.marks))


def test_a_question_may_show_the_frame_at_its_very_time() -> None:
    assert frames_until(clip_of(40), 2.0) == 17  # frames 0 … 16; frame 16 stands at 2 s
    assert frames_until(clip_of(40), None) == frames_until(clip_of(40), 100.0) == 40


@given(count=st.integers(2, 60), pieces=st.integers(2, 12))
def test_shuffled_pieces_are_all_there_in_another_order(count: int, pieces: int) -> None:
    plan = schedule(parse_view(f"shuffled:{pieces}"), clip_of(count))
    frames = [frame for frame in plan.frames if frame is not None]
    assert sorted(frames) == list(range(count))
    assert frames != sorted(frames)
    breaks = sum(b != a + 1 for a, b in pairwise(frames))
    assert breaks < pieces


# ── decoding ────────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=15, deadline=None)
@given(wanted=st.lists(st.integers(0, 199), max_size=12), backwards=st.booleans())
def test_frames_come_in_any_order(wanted: list[int], backwards: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "long.mp4"
    if not file.exists():
        write_video(file, 200)
    wanted = [*wanted, *(range(150, 90, -1) if backwards else ())]
    with reel(file, FPS) as film:
        assert [number_of(frame) for frame in film.pictures(wanted)] == wanted


def test_a_file_that_is_no_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("ffconcat version 1.0\nfile '/etc/passwd'\n")
    with pytest.raises(BadInput, match=r"a\.mp4: cannot be decoded"), reel(tmp_path / "a.mp4", 8) as film:
        list(film.pictures([0]))
    with pytest.raises(BadInput, match="has no frame 50"), reel(write_video(tmp_path / "b.mp4", 10), 8) as film:
        list(film.pictures([50]))


# ── what is made ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_whole_video_is_the_file_itself(numbered: Path, tmp_path: Path) -> None:
    showing = shown(numbered, "video", tmp_path)
    assert showing.files == (numbered / f"public/videos/00/{CLIP_ID}.mp4",)
    assert (showing.kind, showing.before, len(showing.frames)) == ("video", "", FRAMES)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("view", ["video", "half", "reversed", "masked", "shuffled:6", "frames:9", "fps:1", "frame"])
@pytest.mark.parametrize("question", [0, 1])
def test_the_files_show_the_frames_that_are_recorded(numbered: Path, tmp_path: Path, view: str, question: int) -> None:
    showing = shown(numbered, view, tmp_path, question)
    asked_at = (None, 3.0)[question]
    assert numbers(showing) == list(schedule(parse_view(view), clip_of(FRAMES), asked_at).frames)
    assert {number for number in numbers(showing) if number is not None} == set(showing.frames)
    assert showing.times == tuple(number / FPS for number in showing.frames)
    if asked_at:
        assert max(showing.frames) <= 24


def test_a_page_has_its_frames_row_by_row_and_white_at_the_end(numbered: Path, tmp_path: Path) -> None:
    showing = shown(numbered, "grid:8", tmp_path)  # round(√8) = 3 columns, 3 rows, one place left over
    (page,) = (frame for file in showing.files for frame in decoded(file))
    assert page.shape == (3 * HEIGHT, 3 * WIDTH, 3)
    cells = [
        page[y : y + HEIGHT, x : x + WIDTH] for y in range(0, 3 * HEIGHT, HEIGHT) for x in range(0, 3 * WIDTH, WIDTH)
    ]
    assert [number_of(cell) for cell in cells[:8]] == list(showing.frames) == [5, 15, 25, 35, 45, 55, 65, 75]
    assert cells[8].min() > 250
    assert "8 frames of a video of 10.00 s in 3 columns" in showing.before


def test_noise_hides_the_frames_and_is_the_same_each_time(numbered: Path, tmp_path: Path) -> None:
    once, again = (shown(numbered, "frames:2+noise", tmp_path / name) for name in "ab")
    assert once.frames == ()
    first, second = (decoded(file)[0] for file in once.files)
    red = first[:, 114:].reshape(-1, 3).mean(axis=0)
    assert np.abs(red - 127).max() < 30, "the red edge is not to be seen"
    assert np.abs(first.astype(int) - second).mean() > 40, "every picture has its own noise"
    assert [file.read_bytes() for file in once.files] == [file.read_bytes() for file in again.files]


def test_writing_stands_below_the_picture(numbered: Path, tmp_path: Path) -> None:
    plain = shown(numbered, "frames:4", tmp_path, 2)
    asked = shown(numbered, "frames:4+question", tmp_path, 2)
    told = shown(numbered, "video+captions", tmp_path, 2)
    assert "(C) z" in plain.prompt
    assert asked.prompt == "Answer the question that is written below the picture."
    assert numbers(asked) == numbers(plain) == [10, 30, 50, 70]
    assert all(frame.shape[0] > HEIGHT + 5 * 9 for file in asked.files for frame in decoded(file)), "six lines"
    frames = decoded(told.files[0])
    assert [number_of(frame) for frame in frames] == list(range(FRAMES))
    dark = [bool((frame[HEIGHT + 2 :] < 100).any()) for frame in frames]
    flash, turn = range(8, 16), range(20, 32)  # 1–2 s and 2.5–4 s
    assert [number for number in range(FRAMES) if dark[number]] == [*flash, *turn]


def test_views_are_made_once_and_named_by_what_is_in_them(numbered: Path, tmp_path: Path) -> None:
    first = shown(numbered, "frames:3", tmp_path)
    before = first.files[0].stat().st_mtime_ns
    assert shown(numbered, "frames:3", tmp_path).files == first.files
    assert first.files[0].stat().st_mtime_ns == before
    others = {shown(numbered, view, tmp_path, q).files for view in ("frames:4", "frames:3+noise:0.5") for q in (0, 1)}
    assert len({first.files, *others}) == 5
    assert not list(tmp_path.rglob(".part-*"))


def test_a_video_that_was_exchanged_is_refused(numbered: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(numbered, tmp_path / "set"))
    write_video(copy / f"public/videos/00/{CLIP_ID}.mp4", 30)
    with pytest.raises(BadInput, match=r"not the video that clips\.parquet names"):
        shown(copy, "frames:3", tmp_path / "views")


def test_what_a_view_needs_and_is_not_there_is_said(numbered: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(numbered, tmp_path / "set"))
    shutil.rmtree(copy / "private")
    assert numbers(shown(copy, "frames:1", tmp_path / "views")) == [40]
    for view in ("transcript", "captions"):
        with pytest.raises(BadInput, match="no private/ half"):
            shown(copy, view, tmp_path / "views")


def test_a_transcript_tells_what_was_shown_by_then_and_nothing_hidden(numbered: Path, tmp_path: Path) -> None:
    data = open_dataset(numbered)
    trace = data.trace(CLIP_ID)
    whole = transcript(trace, 10.0)
    assert whole.splitlines() == [
        "Objects:",
        "- lamp: street lamp, colour red, mark star",
        "What is seen, up to 10 s:",
        "- 0.5 to 6 s: lamp is on",
        "- 1 to 2 s: flash: lamp (how is twice)",
        "- 2.5 to 4 s: turn off: lamp",
        "- 3 to 5 s: lamp is late",
    ]
    cut = transcript(trace, 10.0, 3.0)
    assert "- 0.5 to 3 s: lamp is on" in cut
    assert "turn off" not in cut, "an event that has not ended was not seen"
    assert "late" not in cut
    showing = shown(numbered, "transcript", tmp_path, 1)
    assert (showing.kind, showing.files, showing.times) == ("text", (), ())
    assert cut in showing.before


def test_blind_shows_nothing(numbered: Path, tmp_path: Path) -> None:
    showing = shown(numbered, "blind", tmp_path)
    assert (showing.kind, showing.files, showing.frames) == ("text", (), ())
    assert "cannot see" in showing.before
