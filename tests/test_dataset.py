"""A data set on disk: what its halves hold and give away, and what is refused of one that comes from elsewhere."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest

from morse.dataset import Dataset, open_dataset
from morse.errors import BadInput
from morse.generate import generate
from morse.pipeline import imagine
from morse.plan import jobs
from morse.timeline import Timeline
from morse.tracks import write_tracks
from tests.toy_sets import own_task, toy_recipe, tree

SEED = "a3" * 32


@pytest.fixture(autouse=True, scope="module")
def _toy() -> Iterator[None]:
    with own_task():
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "set"
    generate(toy_recipe(), folder, seed=SEED, workers=1, say=lambda _: None)
    return folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "set"))


def test_both_halves_hold_the_same_questions(made: Path) -> None:
    dataset = open_dataset(made)
    questions, answers, clips = list(dataset.questions()), list(dataset.answers()), list(dataset.clips())
    assert len(clips) == dataset.manifest.clips == 6
    assert [q.question_id for q in questions] == [a.question_id for a in answers]
    assert [clip.clip_id for clip in clips] == sorted(clip.clip_id for clip in clips)
    assert list(dict.fromkeys(q.clip_id for q in questions)) == [clip.clip_id for clip in clips]
    by_id = {job.clip_id: imagine(job.key, job.knobs) for job in jobs(dataset.plan)}
    for question, answer in zip(questions, answers, strict=True):
        item = by_id[question.clip_id]
        asked = item.questions[int(question.question_id[-2:])]
        assert (question.prompt, answer.answer) == (asked.prompt, asked.answer)
        assert dataset.trace(question.clip_id).events == item.layout.events
    assert open_dataset(made / "public").manifest == dataset.manifest


def test_every_public_file_is_hashed_and_carries_the_canary(made: Path) -> None:
    dataset = open_dataset(made)
    files = {name for name, data in tree(made / "public").items() if data is not None}
    assert dataset.manifest.files.keys() == files - {"manifest.json"}
    for name, sha256 in dataset.manifest.files.items():
        assert hashlib.sha256((made / "public" / name).read_bytes()).hexdigest() == sha256
    canary = dataset.manifest.canary.encode()
    for name in files - {"clips.parquet"}:
        assert canary in (made / "public" / name).read_bytes(), name
    for clip in dataset.clips():
        assert dataset.manifest.files[str(clip.video)] == clip.video_sha256


def test_the_commitment_opens(made: Path) -> None:
    plan = open_dataset(made).plan
    salted = hashlib.sha256(plan.salt.encode() + SEED.encode()).hexdigest()
    assert open_dataset(made).manifest.commitment == salted


def test_the_public_half_gives_nothing_away(made: Path) -> None:
    dataset = open_dataset(made)
    secrets = [SEED, dataset.plan.salt, *(dataset.trace(clip.clip_id).latent for clip in dataset.clips())]
    for name, data in tree(made / "public").items():
        for secret in secrets:
            assert secret not in name
            assert secret.encode() not in (data or b"")
    row = json.loads((made / "public" / "questions.jsonl").read_text().splitlines()[0])
    assert not row.keys() & {"answer", "option_values", "evidence", "steps", "slots", "domain", "index", "seed"}


def test_tracks_have_a_row_for_each_frame_and_object(made: Path) -> None:
    dataset = open_dataset(made)
    clip = next(dataset.clips())
    (batch,) = dataset.tracks(clip.clip_id)
    assert batch.num_rows == clip.frames * 4
    rows = batch.to_pylist()
    # square "a" by hand: centre (-6, 0), 2 × 2 on a canvas of 16 × 9
    first = {
        "frame": 0,
        "object": "a",
        "left": 1 / 16,
        "right": 3 / 16,
        "top": 3.5 / 9,
        "bottom": 5.5 / 9,
        "visible": 1.0,
    }
    assert rows[0] == pytest.approx(first, abs=1e-5)
    assert [row["frame"] for row in rows[::4]] == list(range(clip.frames))


def test_tracks_are_written_a_stretch_at_a_time(tmp_path: Path) -> None:
    line = Timeline(1000.0)
    line.add("a", (0, 0), (1, 1))
    line.move("a", (4, 2), 100.0, 900.0)
    lengths = []

    def tracks(times: np.ndarray) -> object:
        lengths.append(len(times))
        return line.tracks(times)

    times = np.arange(24000) / 24
    write_tracks(tracks, times, tmp_path / "t.parquet")  # type: ignore[arg-type]
    assert max(lengths) <= 256
    read = pyarrow.parquet.read_table(tmp_path / "t.parquet")
    assert np.allclose(read["left"], line.tracks(times).boxes[:, 0, 0], atol=1e-5)


def test_reading_for_scoring_loads_no_array_library(made: Path) -> None:
    code = (
        "import sys; from morse.dataset import open_dataset; d = open_dataset(sys.argv[1]); "
        "assert len(list(d.questions())) == len(list(d.answers())) == 12; "
        "print([m for m in ('numpy', 'pyarrow', 'av', 'jinja2', 'rich', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(made)], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr


# ── from elsewhere ──────────────────────────────────────────────────────────────────────────────────────────────────


def change_manifest(folder: Path, **changes: object) -> None:
    path = folder / "public" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def read_all(dataset: Dataset) -> None:
    assert list(dataset.questions())
    assert list(dataset.answers())
    for clip in dataset.clips():
        dataset.video(clip)
        dataset.trace(clip.clip_id)
        assert list(dataset.tracks(clip.clip_id))


def refused(folder: Path, message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        read_all(open_dataset(folder))
    assert "\n" not in str(caught.value)


def test_a_whole_set_is_read(copy: Path) -> None:
    read_all(open_dataset(copy))


def test_what_is_no_data_set_is_said(copy: Path, tmp_path: Path) -> None:
    refused(tmp_path / "nothing", "no such data set")
    refused(tmp_path, "not a data set")
    (copy / "public" / "manifest.json").unlink()
    (copy / ".work").mkdir()
    refused(copy, "not finished yet")


def test_a_set_without_answers_is_said_to_have_none(copy: Path) -> None:
    shutil.rmtree(copy / "private")
    assert len(list(open_dataset(copy).questions())) == 12
    refused(copy, "no private/ half here, which has the answers")


def test_a_newer_set_is_refused(copy: Path) -> None:
    change_manifest(copy, schema_version=99)
    refused(copy, "schema version 99; this release reads up to 1")


def test_an_unknown_field_is_named(copy: Path) -> None:
    change_manifest(copy, surprise=1)
    refused(copy, r"manifest\.json: surprise: Extra inputs")


@pytest.mark.parametrize("name", ["../private/plan.json", "/etc/passwd", "videos/../../x"])
def test_a_path_out_of_the_set_is_refused(copy: Path, name: str) -> None:
    change_manifest(copy, files={name: "0"})
    refused(copy, "leads out of the data set")


def test_a_link_out_of_the_set_is_refused(copy: Path, tmp_path: Path) -> None:
    path = copy / "private" / "answers.jsonl"
    shutil.move(path, tmp_path / "elsewhere.jsonl")
    path.symlink_to(tmp_path / "elsewhere.jsonl")
    refused(copy, "a link out of the data set")


def test_a_pipe_is_not_read(copy: Path) -> None:
    path = copy / "public" / "questions.jsonl"
    path.unlink()
    os.mkfifo(path)
    refused(copy, "not a plain file")


def test_broken_lines_are_named(copy: Path) -> None:
    path = copy / "public" / "questions.jsonl"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:3], lines[3][:-5], *lines[4:]]) + "\n")
    refused(copy, r"questions\.jsonl, line 4: ")
    path.write_text("\n".join([*lines[:3], lines[0], *lines[4:]]) + "\n")
    refused(copy, "line 4: question '.*' a second time")
    path.write_text("\n".join(lines[:-1]) + "\n")
    refused(copy, "11 questions, the manifest names 12")
    path.write_text("\n".join([*lines, lines[0]]) + "\n")
    refused(copy, "more than the 12 questions")


def test_sizes_are_bounded(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as small:
        small.setattr("morse.dataset.MOST_LINE", 100)
        refused(copy, "line 1: longer than 100 bytes")
    with monkeypatch.context() as small:
        small.setattr("morse.dataset.MOST_PARQUET", 100)
        refused(copy, "too large")
    with monkeypatch.context() as small:
        small.setattr("morse.dataset.MOST_JSON", 100)
        refused(copy, "too large")
    (copy / "public" / "manifest.json").write_text("[" * 100_000)
    refused(copy, "broken JSON")


def test_a_broken_table_is_one_line(copy: Path) -> None:
    path = copy / "public" / "clips.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    refused(copy, "not a parquet file")


def test_rows_that_are_no_clips_are_named(copy: Path) -> None:
    path = copy / "public" / "clips.parquet"
    table = pyarrow.parquet.read_table(path)
    videos = table["video"].to_pylist()
    videos[2] = "../../private/plan.json"
    pyarrow.parquet.write_table(table.set_column(table.column_names.index("video"), "video", [videos]), path)
    refused(copy, "row 2: .* are not a clip and its video")
