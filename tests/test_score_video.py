"""``morse export --to image-to-video`` and ``morse score-video``: the truth is worth 1, standing still, going backwards or anyhow about nothing."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from harness.generated import SIZES, Unusable, sampled, skill
from harness.video_tracking import Course, followed
from morse.cli import main
from morse.dataset import open_dataset
from morse.export.futures import MOST_SECONDS, future_of
from morse.plan import make_plan
from morse.recipe import recipe_of
from morse.schema import Event
from morse.writing import DatasetWriter, make_clip

TASKS = ("cups", "symbol_shuffle", "block_stacking", "cube_roll", "projectile")
FPS = 12
Pictures = list[np.ndarray]


def morse(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of each task and one of a task that cannot be asked for, and the export."""
    folder = tmp_path_factory.mktemp("generated")
    recipe = recipe_of("one", (), (*TASKS, "event_order"), (1,), 1, width=256, height=144, fps=FPS)
    with DatasetWriter(folder / "set", make_plan(recipe, "5")) as writer:
        for job in [*writer.pending()]:
            writer.record(make_clip(writer.making, job))
        writer.finish()
    result = morse("export", folder / "set", "--to", "image-to-video", "--answers", "--out", folder / "export")
    assert result.exit_code == 0, result.output
    assert "1 clip left out: task 'event_order': what happens next follows neither" in result.stderr
    return folder


def asked(made: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (made / "export" / "clips.jsonl").read_text().splitlines()]


def futures(made: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted((made / "export" / "private" / "futures").rglob("*.mp4"))}


def decoded(path: Path) -> Pictures:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def film(path: Path, pictures: Sequence[np.ndarray], fps: int = FPS, size: tuple[int, int] | None = None) -> None:
    path.parent.mkdir(exist_ok=True)
    height, width = pictures[0].shape[:2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height = size or (width, height)
        stream.pix_fmt, stream.options = "yuv420p", {"preset": "ultrafast", "crf": "23"}
        for picture in pictures:
            drawn = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if size else picture, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(drawn), format="rgb24")))
        container.mux(stream.encode(None))


def at_rate(pictures: Pictures, fps: int) -> Pictures:
    """What a converter of frame rates shows: the frame that is there at each time."""
    return [pictures[i * FPS // fps] for i in range(len(pictures) * fps // FPS)]


def scores(made: Path, folder: Path) -> dict[str, float]:
    result = morse("score-video", made / "export", folder, "--json", folder / "report.json")
    assert result.exit_code == 0, result.output
    return {clip["task"]: clip["score"] for clip in json.loads((folder / "report.json").read_text())["clips"]}


def shuffled(pictures: Pictures) -> Pictures:
    order = sorted(range(len(pictures)), key=lambda i: (i * 7919 + 13) % 997)
    return [pictures[i] for i in order]


def test_what_a_model_is_given(made: Path) -> None:
    rows = asked(made)
    assert {row["task"] for row in rows} == {*TASKS}
    data = open_dataset(made / "set")
    for row in rows:
        name = str(row["clip_id"])
        first = np.array(Image.open(made / "export" / str(row["image"])))
        assert first.shape == (144, 256, 3)
        start, future = decoded(made / "export" / str(row["start"])), decoded(futures(made)[name])
        assert abs(len(future) / FPS - float(str(row["seconds"]))) < 1e-6 and len(future) / FPS <= MOST_SECONDS + 0.2
        for picture in (start[-1], future[0]):  # all three are the same moment
            assert np.abs(picture.astype(int) - first).mean() < 4
        prompt = str(row["prompt"])
        coins = [thing.id for thing in data.trace(name).objects if thing.kind in ("coin", "letter", "block", "cube")]
        if row["task"] in ("cups", "block_stacking", "symbol_shuffle"):
            assert coins and not any(f" {coin} " in prompt or f" {coin}." in prompt for coin in coins)


def test_without_answers_the_future_is_not_there(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "public"
    assert morse("export", made / "set", "--to", "image-to-video", "--out", out).exit_code == 0
    assert not (out / "private").exists()
    assert (out / "clips.jsonl").read_text() == (made / "export" / "clips.jsonl").read_text()
    result = morse("score-video", out, tmp_path)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1) and "has no true futures" in result.stderr


def test_a_set_of_nothing_that_can_be_asked_for_is_refused(made: Path, tmp_path: Path) -> None:
    recipe = recipe_of("one", (), ("event_order",), (1,), 1, width=64, height=36, fps=4)
    with DatasetWriter(tmp_path / "set", make_plan(recipe, "5")) as writer:
        for job in [*writer.pending()]:
            writer.record(make_clip(writer.making, job))
        writer.finish()
    result = morse("export", tmp_path / "set", "--to", "image-to-video", "--out", tmp_path / "out")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "no clip that could be asked for; task 'event_order'" in result.stderr and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("what", "least", "most"),
    [
        ("truth", 0.99, 1.0),
        ("larger, 25 frames a second", 0.95, 1.0),
        ("smaller, 8 frames a second", 0.95, 1.0),
        ("still", 0.0, 0.05),
        ("backwards", 0.0, 0.3),
        ("shuffled", 0.0, 0.25),
    ],
)
def test_what_videos_are_worth(made: Path, tmp_path: Path, what: str, least: float, most: float) -> None:
    changes: dict[str, Callable[[Pictures, Path], None]] = {
        "larger, 25 frames a second": lambda seen, path: film(path, at_rate(seen, 25), 25, (320, 180)),
        "smaller, 8 frames a second": lambda seen, path: film(path, at_rate(seen, 8), 8, (192, 108)),
        "still": lambda seen, path: film(path, [seen[0]] * len(seen)),
        "backwards": lambda seen, path: film(path, seen[::-1]),
        "shuffled": lambda seen, path: film(path, shuffled(seen)),
    }
    for name, path in futures(made).items():
        if what == "truth":
            shutil.copy(path, tmp_path / f"{name}.mp4")
        else:
            changes[what](decoded(path), tmp_path / f"{name}.mp4")
    found = scores(made, tmp_path)
    assert found.keys() == {*TASKS}
    assert all(least <= score <= most for score in found.values()), found


def test_what_cannot_be_used_is_named_and_worth_nothing(made: Path, tmp_path: Path) -> None:
    names = [*futures(made)]
    seen = {name: decoded(futures(made)[name]) for name in names}
    film(tmp_path / f"{names[0]}.mp4", seen[names[0]], size=(180, 180))
    film(tmp_path / f"{names[1]}.mp4", seen[names[1]][:8])
    film(tmp_path / f"{names[2]}.mp4", at_rate(seen[names[2]], 2), 2)
    (tmp_path / f"{names[3]}.mp4").write_bytes(futures(made)[names[3]].read_bytes()[:900])
    result = morse("score-video", made / "export", tmp_path, "--json", tmp_path / "report.json")
    assert result.exit_code == 0, result.output
    clips = {clip["clip_id"]: clip for clip in json.loads((tmp_path / "report.json").read_text())["clips"]}
    said = (
        "is another shape",
        "ends after 0.7 of",
        "fewer than 4 a second",
        "cannot be decoded",
    )
    for name, words in zip(names, (*said, f"no video {names[4]}.mp4"), strict=True):
        assert clips[name]["score"] == 0 and words in clips[name]["reason"], clips[name]
        assert f"{name}: " in result.stderr
    with pytest.raises(Unusable, match="48x28 pixels: wants 64 to 8192"):
        film(tmp_path / "tiny.mp4", seen[names[0]][:9], size=(48, 28))
        sampled(tmp_path / "tiny.mp4", 1.0, (384, 216))
    assert len([line for line in result.stderr.splitlines() if ": " in line and line[:16] in names]) == len(names)


def test_a_video_that_ends_early_is_held_to_all_of_it(made: Path, tmp_path: Path) -> None:
    name = next(str(row["clip_id"]) for row in asked(made) if row["task"] == "cups")
    seen = decoded(futures(made)[name])
    film(tmp_path / f"{name}.mp4", seen[: len(seen) * 7 // 10])
    result = morse("score-video", made / "export", tmp_path, "--json", tmp_path / "report.json")
    (clip,) = [one for one in json.loads((tmp_path / "report.json").read_text())["clips"] if one["clip_id"] == name]
    assert 0 < clip["path"] < 0.8 and clip["final"] == 0 and "what is missing counts as wrong" in clip["reason"]
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("private/futures.jsonl", "{", "line 1: the line: Invalid JSON"),
        ("clips.jsonl", '{"clip_id": "../../x"}\n', "clips.jsonl, line 1"),
        ("clips.jsonl", "", "are not of the same clips"),
        ("clips.jsonl", None, "not an export of morse export --to image-to-video"),
    ],
)
def test_an_export_that_is_none_is_one_line(
    made: Path, tmp_path: Path, file: str, text: str | None, message: str
) -> None:
    shutil.copytree(made / "export", tmp_path / "export")
    path = tmp_path / "export" / file
    path.unlink() if text is None else path.write_text(text)
    result = morse("score-video", tmp_path / "export", tmp_path)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1), result.stderr
    assert message in result.stderr
    assert morse("score-video", made / "export", tmp_path / "nothing").exit_code == 2


def test_skill_by_hand() -> None:
    # right at 3 of 4 distances on the average where standing still is at 2 of 4: half of what is to be gained
    assert skill(np.array([1.0, 0.5]), np.array([0.5, 0.5])) == pytest.approx(0.5)
    assert skill(np.array([0.0, 0.0]), np.array([0.5, 0.5])) == 0
    assert skill(np.array([1.0]), np.array([1.0])) is None
    assert SIZES == (0.125, 0.25, 0.5, 1.0)


def test_two_that_look_alike_are_kept_apart_by_where_they_come_from() -> None:
    """Two equal squares: one goes right and stops, one stays. In the shown clip both stay: neither is found where it should have gone."""
    ground = np.tile(np.arange(384, dtype=np.uint8)[None, :, None] // 4, (216, 1, 3))

    def picture(*places: int) -> np.ndarray:
        drawn = ground.copy()
        for x in places:
            drawn[90:110, x : x + 20] = (30, 60, 220)
            drawn[96:104, x + 6 : x + 14] = (240, 240, 240)
        return drawn

    way = [*range(40, 140, 10), *[140] * 5]
    true = [picture(x, 200) for x in way]
    box = np.array([[x, 90, x + 20, 110] for x in way], dtype=float)
    mover = Course("mover", box, np.ones(len(way)))
    stayer = Course("stayer", np.tile([[200.0, 90, 220, 110]], (len(way), 1)), np.ones(len(way)))
    numbers = [*range(len(way))]
    assert np.allclose(followed(mover, [stayer], true, true, numbers)[:, 0], np.array(way) + 10, atol=0.6)
    still = followed(mover, [stayer], true, [true[0]] * len(way), numbers)
    assert np.nanmax(np.abs(still[:, 0] - 50)) < 1  # it is seen where it was, not taken for the other
    gone = followed(mover, [stayer], true, [picture(200)] * len(way), numbers)
    assert np.isnan(gone).all()


def test_a_future_begins_before_operations_and_ends_before_what_is_not_told() -> None:
    def event(kind: str, start: float, *objects: str) -> Event:
        return Event(id=f"{kind}{start}", kind=kind, objects=objects, start=start, end=start + 1.0)

    events = (
        event("swap", 2, "a1", "b1"),
        event("swap", 4, "a1", "a2"),
        event("cloth", 6, "cloth-1"),
        event("swap", 8, "b1", "b2"),
    )
    future = future_of("cups", events, 12.0)
    assert not isinstance(future, str)
    assert (future.start, future.end) == (1.75, 5.4)
    assert future.prompt.splitlines()[2:] == [
        "0.2 to 1.2 s: the cups on a1 and b1 trade places.",
        "2.2 to 3.2 s: the cups on a1 and a2 trade places.",
    ]
    assert isinstance(future_of("cups", (event("cloth", 6, "cloth-1"),), 12.0), str)
    assert isinstance(future_of("orbit", events, 12.0), str)
