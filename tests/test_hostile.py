"""Data sets that someone made to do harm: each is refused by a line, or does none."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from harness.verify import verify
from morse.cli import main
from morse.dataset import Dataset, open_dataset
from morse.errors import BadInput
from morse.generate import generate
from tests.toy_sets import InProcess, own_task, toy_recipe

SECRET = b"root:secret:0:0\n"


@pytest.fixture(autouse=True, scope="module")
def _toy() -> Iterator[None]:
    with own_task():
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "set"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("morse.generate.Workers", InProcess)
        generate(toy_recipe(count=1), folder, seed="hostile", say=lambda _: None)
    return folder


@pytest.fixture
def hostile(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "set"))


@pytest.fixture(autouse=True)
def _ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What waits for a pipe to be written to waits for ever, since it is all done in this process."""
    monkeypatch.setattr("harness.verify.Workers", InProcess)

    def late(*_: object) -> None:
        raise TimeoutError("it waits")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def morse(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def first_clip(dataset: Dataset) -> str:
    return next(dataset.clips()).clip_id


# ── bombs ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_bomb(path: Path, column: str, rows: int = 50_000, length: int = 1 << 20) -> None:
    """In place of a table: one whose column holds a long text over and over, some kilobytes that unpack to 50 GB."""
    table = pq.read_table(path)
    plain = {name: [table[name][0].as_py()] * rows for name in table.column_names if name != column}
    bomb = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * length]))
    columns = [
        bomb if name == column else pa.array(plain[name], table.schema.field(name).type) for name in table.column_names
    ]
    pq.write_table(
        pa.table(columns, names=table.column_names), path, compression="zstd", dictionary_pagesize_limit=1 << 30
    )
    assert path.stat().st_size < 2 << 20


def test_tracks_that_unpack_to_gigabytes_are_refused(hostile: Path) -> None:
    dataset = open_dataset(hostile)
    clip_id = first_clip(dataset)
    write_bomb(next((hostile / "private" / "traces").rglob(f"{clip_id}.tracks.parquet")), "object")
    with pytest.raises(BadInput, match="a text of 1048576 bytes is too long"):
        list(dataset.tracks(clip_id))


def test_a_table_that_unpacks_to_gigabytes_is_refused(hostile: Path) -> None:
    path = hostile / "public" / "clips.parquet"
    write_bomb(path, "task", rows=2)
    with pytest.raises(BadInput, match="a text of 1048576 bytes is too long"):
        list(open_dataset(hostile).clips())


def test_texts_of_an_honest_table_are_read_as_ever(made: Path) -> None:
    [path] = (made / "public").glob("clips.parquet")
    rows = [clip.model_dump() for clip in open_dataset(made).clips()]
    assert rows == pq.read_table(path).to_pylist()
    [batch] = open_dataset(made).tracks(rows[0]["clip_id"])
    assert pa.types.is_dictionary(batch.schema.field("object").type)
    assert (
        pa.Table.from_batches([batch]).to_pylist()
        == pq.read_table(next((made / "private").rglob(f"{rows[0]['clip_id']}.tracks.parquet"))).to_pylist()
    )


def test_lists_in_a_table_are_refused(hostile: Path) -> None:
    path = hostile / "public" / "clips.parquet"
    table = pq.read_table(path)
    lists = pa.array([[name] * 3 for name in table["task"].to_pylist()])
    pq.write_table(table.set_column(table.column_names.index("task"), "task", lists), path)
    with pytest.raises(BadInput, match="'task' holds lists or records"):
        list(open_dataset(hostile).clips())


@pytest.mark.parametrize(
    "inside", ["public/manifest.json", "private/plan.json", "private/answers.jsonl", "public/questions.jsonl", "trace"]
)
def test_gigantic_files_are_refused_before_they_are_read(inside: str, hostile: Path) -> None:
    clip_id = first_clip(open_dataset(hostile))
    trace = next((hostile / "private" / "traces").rglob(f"{clip_id}.json"))
    os.truncate(trace if inside == "trace" else hostile / inside, 1 << 30)  # a hole: it takes no room on the disk

    def read() -> None:
        dataset = open_dataset(hostile)
        _ = dataset.plan, dataset.trace(clip_id), [*dataset.questions()], [*dataset.answers()]

    with pytest.raises(BadInput, match=r"too large|longer than"):
        read()
    if inside != "public/manifest.json":  # without a manifest there is nothing to check
        assert not verify(hostile, frames=False).passed


# ── ways out ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("inside", ["public", "private", "public/videos", "private/traces"])
def test_a_folder_that_is_a_link_out_of_the_set_is_not_followed(inside: str, hostile: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    shutil.move(hostile / inside, outside)
    (hostile / inside).symlink_to(outside)

    def read() -> None:
        dataset = open_dataset(hostile)
        for clip in dataset.clips():
            dataset.video(clip)
            dataset.trace(clip.clip_id)

    with pytest.raises(BadInput, match="a link out of the data set"):
        read()


@pytest.mark.parametrize("inside", ["public/questions.jsonl", "private/answers.jsonl", "trace", "tracks", "video"])
@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_verify_neither_waits_for_pipes_nor_reads_what_links_lead_to(
    kind: str, inside: str, hostile: Path, tmp_path: Path
) -> None:
    clip_id = first_clip(open_dataset(hostile))
    endings = {"trace": f"{clip_id}.json", "tracks": f"{clip_id}.tracks.parquet", "video": f"{clip_id}.mp4"}
    path = next(hostile.rglob(endings[inside])) if inside in endings else hostile / inside
    path.unlink()
    (tmp_path / "secret").write_bytes(SECRET)
    {"pipe": os.mkfifo, "link": lambda p: p.symlink_to(tmp_path / "secret"), "folder": os.mkdir}[kind](path)
    report = verify(hostile, sample=1.0, public_only=inside in {"public/questions.jsonl", "video"}, limit=30)
    assert not report.passed
    assert "secret:0" not in str(report.as_json())


def test_a_video_that_is_a_list_of_other_files_leads_to_none(hostile: Path) -> None:
    dataset = open_dataset(hostile)
    one, other = [dataset.video(clip) for clip in dataset.clips()]
    shutil.copy(other, one.parent / "other.mp4")
    one.write_text("ffconcat version 1.0\nfile other.mp4\n")
    rows = {row.check: row for row in verify(hostile, sample=1.0, public_only=True).rows}
    assert any(f"{one.name} cannot be decoded" in fault for fault in rows["videos decoded"].faults)


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def changed_text(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def test_what_a_terminal_would_act_on_is_not_printed(hostile: Path, tmp_path: Path) -> None:
    """Cleared screens, changed titles, links: in names of tasks and in ids."""
    escape = "\\u001b]0;pwned\\u0007\\u001b[2J"
    for name in ("public/questions.jsonl",):
        changed_text(hostile / name, lambda text: text.replace('"task":"toy"', f'"task":"{escape}"'))
    responses = tmp_path / "responses.jsonl"
    responses.write_text("")
    said = [morse("score", hostile, responses), morse("verify", hostile, "--public", "--no-frames")]
    changed_text(hostile / "public/questions.jsonl", lambda text: text.replace('"clip_id":"', f'"clip_id":"{escape}'))
    changed_text(hostile / "public/manifest.json", lambda text: text.replace('"complete"', f'"{escape}"'))
    said += [morse("score", hostile, responses), morse("verify", hostile, "--no-frames", "--workers", "1")]
    for result in said:
        assert "\x1b" not in result.output and "\x07" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
