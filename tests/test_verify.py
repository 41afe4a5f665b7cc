"""``morse verify`` passes what was made and finds one changed byte, wherever it is, and names the file or the clip."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import gates
from harness.gates import GATES
from harness.gates.sample import CHECKS
from harness.verify import verify
from morse.dataset import open_dataset
from morse.errors import BadInput, WorkFailed
from morse.generate import generate
from tests.toy_sets import InProcess, morse, own_task, toy_recipe

gates.load()


@pytest.fixture(autouse=True, scope="module")
def _toy() -> Iterator[None]:
    with own_task():
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "set"
    generate(toy_recipe(count=2, levels=(8, 9)), folder, seed="verify", workers=1, say=lambda _: None)
    return folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "set"))


@pytest.fixture(autouse=True)
def _in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.verify.Workers", InProcess)


def faults(folder: Path, *, frames: bool = False, sample: float = 1.0) -> dict[str, list[str]]:
    report = verify(folder, frames=frames, sample=sample, workers=1)
    found = {row.check: row.faults for row in report.rows if row.faults}
    assert report.passed == (not found)
    return found


def first_clip(folder: Path) -> str:
    return next(open_dataset(folder).clips()).clip_id


def flip(path: Path, what: bytes, by: bytes) -> None:
    data = path.read_bytes()
    assert data.count(what) >= 1
    assert len(what) == len(by)
    path.write_bytes(data.replace(what, by, 1))


def test_a_set_as_it_was_made_passes_on_the_command_line(made: Path) -> None:
    code, out, _ = morse("verify", made, "--sample", "0.5", "--json", "--workers", "1")
    assert code == 0
    report = json.loads(out)
    assert report["passed"] is True
    checked = {row["check"]: row["checked"] for row in report["checks"]}
    # 4 clips of 2 questions; files: 4 videos, the questions, the table, the card; half of 4 clips drawn again
    assert checked["files"] == 7
    assert checked["records"] == checked["traces"] == checked["gates"] == 4
    assert checked["frames drawn again"] == checked["videos decoded"] == 2
    assert checked["reference answers"] == 8
    told = {row["gate"]: (row["passed"], row["detail"]) for row in report["gates"]}
    assert told.keys() >= {*GATES, *CHECKS} - {"constant answer at chance"}  # no answer of it is open
    assert told["answers uniform"] == (None, "not tested (n=0 < 2000)")
    assert told["blind learner at chance"] == (None, "not tested (n=2 < 50)")
    assert told["neighbouring seeds share no clip"] == (True, "2 and 2 clips")


def test_a_byte_of_a_video(copy: Path) -> None:
    clip = first_clip(copy)
    path = copy / "public" / "videos" / clip[:2] / f"{clip}.mp4"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    found = faults(copy)
    assert found.keys() == {"files"}
    assert f"videos/{clip[:2]}/{clip}.mp4" in found["files"][0]


def change_answer(folder: Path) -> str:
    clip = first_clip(folder)
    line = (folder / "private" / "answers.jsonl").read_bytes().splitlines()[0]
    answer = json.loads(line)["answer"]
    flip(
        folder / "private" / "answers.jsonl",
        f'"answer":"{answer}"'.encode(),
        b'"answer":"%c"' % ("b" if answer == "a" else "a").encode(),
    )
    return clip


def change_question(folder: Path) -> str:
    flip(folder / "public" / "questions.jsonl", b"square", b"circle")
    return first_clip(folder)


def break_question(folder: Path) -> str:
    flip(folder / "public" / "questions.jsonl", b'"level":', b'"level";')
    return "questions.jsonl, line 1"


def change_trace(folder: Path) -> str:
    clip = first_clip(folder)
    flip(folder / "private" / "traces" / clip[:2] / f"{clip}.json", b'"light"', b'"night"')
    return clip


def change_tracks(folder: Path) -> str:
    clip = first_clip(folder)
    path = folder / "private" / "traces" / clip[:2] / f"{clip}.tracks.parquet"
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    return clip


def change_canary(folder: Path) -> str:
    canary = open_dataset(folder).manifest.canary
    other = canary[:-1] + ("0" if canary[-1] != "0" else "1")
    flip(folder / "public" / "manifest.json", canary.encode(), other.encode())
    return "manifest.json: canary"


def change_commitment(folder: Path) -> str:
    commitment = open_dataset(folder).manifest.commitment
    other = ("0" if commitment[0] != "0" else "1") + commitment[1:]
    flip(folder / "public" / "manifest.json", commitment.encode(), other.encode())
    return "manifest.json: commitment"


def change_hash(folder: Path) -> str:
    named = open_dataset(folder).manifest.files["README.md"]
    flip(folder / "public" / "manifest.json", named.encode(), named[::-1].encode())
    return "README.md"


def add_file(folder: Path) -> str:
    (folder / "public" / "answers.txt").write_text("a")
    return "public/answers.txt: not named by the manifest"


def change_seed(folder: Path) -> str:
    flip(folder / "private" / "plan.json", b'"verify"', b'"derify"')
    return "does not follow from the seed"


CHANGES: dict[Callable[[Path], str], set[str]] = {
    change_answer: {"records", "reference answers"},
    change_question: {"files", "records"},
    break_question: {"files", "records", "manifest"},
    change_trace: {"traces"},
    change_tracks: {"traces"},
    change_canary: {"manifest"},
    change_commitment: {"manifest"},
    change_hash: {"files"},
    add_file: {"files"},
    change_seed: {"manifest", "records"},
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_one_change_is_found_and_named(change: Callable[[Path], str], copy: Path) -> None:
    where = change(copy)
    found = faults(copy)
    assert found.keys() <= CHANGES[change]
    assert found
    assert any(where in fault for of_check in found.values() for fault in of_check)


def test_a_consistent_forgery_is_found_by_drawing_again(copy: Path) -> None:
    """A video of another clip in a clip's place, with all hashes set right."""
    dataset = open_dataset(copy)
    one, other = list(dataset.clips())[:2]
    shutil.copy(dataset.video(other), dataset.video(one))
    import pyarrow.parquet as pq

    table = copy / "public" / "clips.parquet"
    rows = pq.read_table(table)
    for name in ("video_sha256", "frames_hash"):
        values = rows[name].to_pylist()
        values[0] = values[1]
        rows = rows.set_column(rows.column_names.index(name), rows.schema.field(name), [values])
    pq.write_table(rows, table)
    manifest = json.loads((copy / "public" / "manifest.json").read_text())
    from morse.writing import file_sha256

    manifest["files"] |= {str(one.video): other.video_sha256, "clips.parquet": file_sha256(table)}
    (copy / "public" / "manifest.json").write_text(json.dumps(manifest))
    assert faults(copy) == {}
    found = faults(copy, frames=True)
    assert f"clip {one.clip_id}: other frames are drawn" in found["frames drawn again"]


def test_a_published_half_is_checked_from_outside(copy: Path) -> None:
    shutil.rmtree(copy / "private")
    report = verify(copy, sample=1.0, workers=1)
    assert report.passed
    state = {row.check: row.passed for row in report.rows}
    assert state["files"] is state["videos decoded"] is True
    assert state["records"] is state["traces"] is None


def test_an_older_version_of_a_task_is_named_with_its_release(copy: Path) -> None:
    for path in (copy / "private" / "plan.json", copy / "public" / "manifest.json"):
        path.write_text(path.read_text().replace('"toy": 1', '"toy": 7'))
    found = faults(copy)
    assert any("install morse-bench==0.1.0" in fault and "version 7" in fault for fault in found["records"])


def test_a_broken_manifest_is_one_line(copy: Path, tmp_path: Path) -> None:
    path = copy / "public" / "manifest.json"
    path.write_text(path.read_text()[:-3])
    with pytest.raises(WorkFailed, match=r"manifest\.json, line \d+: broken JSON"):
        verify(copy)
    with pytest.raises(BadInput, match="no such data set"):
        verify(tmp_path / "nothing")
