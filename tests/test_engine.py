"""The local pool: a job that goes wrong costs only itself; a run that is killed goes on and ends in the same bytes."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from morse.dataset import open_dataset
from morse.engine.local import LEAST_MEMORY, Failure, Workers, memory_limit
from morse.errors import BadInput, WorkFailed
from morse.generate import generate
from morse.seeding import Key
from morse.writing import DatasetWriter, existing_plan
from tests.toy_sets import morse, own_task, start, toy_recipe, tree

SEED = "engine"
OPTIONS = ("--task", "toy", "--difficulty", "1,2", "--count", "6", "--size", "64x36", "--fps", "8", "--seed", SEED)


@pytest.fixture(autouse=True, scope="module")
def _toy() -> Iterator[None]:
    with own_task():
        yield


def behave(job: int) -> int:
    if job == 3:
        os.abort()
    if job == 5:
        time.sleep(60)
    if job == 7:
        raise ValueError("seven")
    return job * job


def quiet(_: str) -> None: ...


def clip_id(level: int, index: int) -> str:
    return Key("toy", 1, level, "test", SEED, index).clip_id()


def test_each_job_gives_its_result_or_its_own_failure() -> None:
    with Workers(2) as workers:
        results = dict(workers.run(behave, range(10), limit=3))
    assert {job: r for job, r in results.items() if not isinstance(r, Failure)} == {
        job: job * job for job in (0, 1, 2, 4, 6, 8, 9)
    }
    assert "SIGABRT" in results[3].reason  # type: ignore[union-attr]
    assert results[5].reason == "no end after 3 s"  # type: ignore[union-attr]
    assert results[7].reason == "ValueError: seven"  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "set"
    code, out, err = morse("generate", *OPTIONS, "--out", folder, "--workers", "1")
    assert (code, err) == (0, "")
    assert f"{folder}: 12 clips, 24 questions" in out
    assert "morse score" in out
    assert not (folder / ".work").exists()
    return folder


def journal_lines(folder: Path) -> int:
    journal = folder / ".work" / "journal.jsonl"
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def wait_for(condition: object, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 120
    while not condition():  # type: ignore[operator]
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)


def test_killed_at_several_moments_it_ends_in_the_same_bytes(uninterrupted: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    command = ("generate", *OPTIONS, "--out", folder, "--workers", "2")
    for clips, delay in ((0, 0.0), (2, 0.061), (7, 0.037)):
        process = start(*command, TOY_FAULT="slow:0.1")
        wait_for(lambda: (folder / "private" / "plan.json").exists() and journal_lines(folder) > clips - 1, process)  # noqa: B023
        time.sleep(delay)
        process.kill()
        process.wait()
    made = journal_lines(folder)
    assert 7 <= made < 12
    code, out, _ = morse(*command)
    assert code == 0
    assert f"going on with {folder}: {made} of 12 clips are there" in out
    assert tree(folder) == tree(uninterrupted)


def workers_of(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            command = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == parent and b"spawn_main" in command:
            found.append(int(stat.parent.name))
    return found


def test_a_killed_worker_costs_nothing(uninterrupted: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    process = start("generate", *OPTIONS, "--out", folder, "--workers", "2", TOY_FAULT="slow:0.2")
    for clips in (1, 3):
        wait_for(lambda: journal_lines(folder) >= clips, process)  # noqa: B023
        os.kill(workers_of(process.pid)[0], signal.SIGKILL)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, (out, err)
    assert tree(folder) == tree(uninterrupted)


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    process = start("generate", *OPTIONS, "--out", tmp_path / "set", "--workers", "2", TOY_FAULT="slow:30")
    wait_for(lambda: (tmp_path / "set" / ".work" / "journal.jsonl").exists() and workers_of(process.pid), process)
    workers = workers_of(process.pid)
    process.kill()
    process.wait()
    end = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < end, "orphaned workers live on"
        time.sleep(0.05)


def test_a_clip_that_cannot_be_made_costs_no_other(
    uninterrupted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "set"
    recipe = open_dataset(uninterrupted).manifest.recipe
    faults = {0: "crash", 2: "kill", 3: "hang", 5: "error"}
    monkeypatch.setenv("TOY_MARKS", str(tmp_path))
    monkeypatch.setenv("TOY_FAULT", " ".join(f"{fault}:{i}" for i, fault in faults.items()) + " crash-once:4")
    manifest = generate(recipe, folder, seed=SEED, workers=2, limit=8, say=quiet)
    assert not manifest.complete
    assert not open_dataset(folder).manifest.complete
    assert set(manifest.failed) == {clip_id(level, i) for level in (1, 2) for i in faults}
    assert manifest.clips == 4
    assert (tmp_path / "4").exists()  # crashed once, and made at the second try
    reasons = {
        "crash": "SIGABRT",
        "kill": "SIGKILL",
        "hang": "no end after 8 s",
        "error": "RuntimeError: the toy is broken",
    }
    for i, fault in faults.items():
        assert reasons[fault] in manifest.failed[clip_id(2, i)]
    monkeypatch.delenv("TOY_FAULT")
    assert generate(recipe, folder, seed=SEED, workers=2, limit=60, say=quiet).complete
    assert tree(folder) == tree(uninterrupted)


def test_a_clip_that_eats_memory_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_FAULT", "eat:1")
    monkeypatch.setattr("morse.engine.local.memory_limit", lambda workers: 1 << 30)
    manifest = generate(toy_recipe(count=2, levels=(1,)), tmp_path / "set", seed=SEED, workers=1, say=quiet)
    assert manifest.clips == 1
    assert [*manifest.failed.values()] == ["toy level 1: more memory than a worker may have (1.0 GiB)"]


def test_memory_is_shared_out_among_the_workers() -> None:
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert LEAST_MEMORY <= memory_limit(64) <= memory_limit(1) <= max(LEAST_MEMORY, machine)


def test_interrupted_twice_it_ends_once_and_loses_nothing(uninterrupted: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    process = start("generate", *OPTIONS, "--out", folder, "--workers", "2", TOY_FAULT="slow:0.2")
    wait_for(lambda: journal_lines(folder) >= 2, process)
    process.send_signal(signal.SIGINT)
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert len(err.splitlines()) == 1
    assert not workers_of(process.pid)
    assert morse("generate", *OPTIONS, "--out", folder)[0] == 0
    assert tree(folder) == tree(uninterrupted)


def test_a_clock_that_jumps_changes_nothing(
    uninterrupted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records hold no time of the wall clock, and no wait rests on it."""
    ticks = iter(range(10**6))
    monkeypatch.setattr(time, "time", lambda: -(10.0**9) if next(ticks) % 2 else 4e9)
    recipe = open_dataset(uninterrupted).manifest.recipe
    generate(recipe, tmp_path / "set", seed=SEED, workers=1, say=quiet)
    monkeypatch.undo()
    assert tree(tmp_path / "set") == tree(uninterrupted)


def test_an_incomplete_set_is_said_to_be_so(tmp_path: Path) -> None:
    code, out, err = morse("generate", *OPTIONS, "--out", tmp_path / "set", "--workers", "1", TOY_FAULT="error:3")
    assert code == 1
    assert "the toy is broken" in out
    assert "2 clips failed; the same command again retries them" in err


def test_interrupt_loses_nothing(uninterrupted: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    process = start("generate", *OPTIONS, "--out", folder, "--workers", "2", TOY_FAULT="slow:0.2")
    wait_for(lambda: journal_lines(folder) >= 2, process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.startswith("morse: stopped with ")
    assert err.endswith("the same command again goes on from there\n")
    assert len(err.splitlines()) == 1
    assert morse("generate", *OPTIONS, "--out", folder)[0] == 0
    assert tree(folder) == tree(uninterrupted)


def test_without_a_seed_the_drawn_one_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_FAULT", "full:1")
    with pytest.raises(WorkFailed, match=r"the disk is full with \d of 4 clips made"):
        generate(toy_recipe(2), tmp_path / "set", workers=1, say=quiet)
    begun = existing_plan(tmp_path / "set")
    assert begun is not None
    assert len(bytes.fromhex(begun.seed)) == 32
    monkeypatch.delenv("TOY_FAULT")
    assert generate(toy_recipe(2), tmp_path / "set", workers=1, say=quiet).complete
    assert open_dataset(tmp_path / "set").plan.seed == begun.seed


class Stop(BaseException):
    """Stands for a kill -9: nothing catches it."""


def stop(*_: object) -> None:
    raise Stop


def test_killed_while_the_tables_are_written(
    uninterrupted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From all clips made on: stopped before each step of ``finish`` in turn."""
    before, plan = tmp_path / "before", open_dataset(uninterrupted).plan
    with monkeypatch.context() as patched:
        patched.setattr(DatasetWriter, "finish", stop)
        with pytest.raises(Stop):
            generate(plan.recipe, before, seed=SEED, workers=2, say=quiet)
    assert not (before / "public" / "manifest.json").exists()
    for moment in range(6):
        folder = tmp_path / str(moment)
        shutil.copytree(before, folder)
        with monkeypatch.context() as patched, DatasetWriter(folder, plan) as writer, pytest.raises(Stop):
            assert writer.done == 12
            left = iter([os.replace] * moment)
            patched.setattr("morse.writing.os.replace", lambda a, b, left=left: next(left, stop)(a, b))
            patched.setattr("morse.writing.clear_work", stop)
            writer.finish()
        assert (folder / ".work").exists()
        assert generate(plan.recipe, folder, seed=SEED, workers=2, say=quiet).complete
        assert tree(folder) == tree(uninterrupted)


def test_a_torn_line_and_a_truncated_video_are_made_again(uninterrupted: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    recipe = open_dataset(uninterrupted).manifest.recipe
    process = start("generate", *OPTIONS, "--out", folder, "--workers", "2", TOY_FAULT="slow:0.2")
    wait_for(lambda: journal_lines(folder) >= 3, process)
    process.kill()
    process.wait()
    with (folder / ".work" / "journal.jsonl").open("ab") as journal:
        journal.write(b'{"clip":{"clip_id":"00')
    video = next((folder / "public" / "videos").rglob("*.mp4"))
    video.write_bytes(video.read_bytes()[:100])
    assert generate(recipe, folder, seed=SEED, workers=2, say=quiet, limit=30).complete
    assert tree(folder) == tree(uninterrupted)


def test_a_second_writer_is_turned_away(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    process = start("generate", *OPTIONS, "--out", folder, "--workers", "1", TOY_FAULT="slow:60")
    wait_for((folder / ".work" / "journal.jsonl").exists, process)
    code, _, err = morse("generate", *OPTIONS, "--out", folder)
    assert code == 2
    assert err == f"morse: {folder}: another process is writing this data set; wait for it or give another --out\n"
    process.kill()
    process.wait()


def test_a_full_disk_is_one_line_and_loses_nothing(uninterrupted: Path, tmp_path: Path) -> None:
    folder = tmp_path / "small" / "set"
    folder.parent.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(folder.parent)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs a mount")
    try:
        code, _, err = morse("generate", *OPTIONS, "--out", folder, "--workers", "2")
        assert code == 1, err
        assert err.startswith(f"morse: {folder}: the disk is full")
        assert len(err.splitlines()) == 1
        subprocess.run(["mount", "-o", "remount,size=10m", str(folder.parent)], check=True)
        assert morse("generate", *OPTIONS, "--out", folder, "--workers", "2")[0] == 0
        assert tree(folder) == tree(uninterrupted)
    finally:
        subprocess.run(["umount", str(folder.parent)], check=True)


def test_other_versions_are_not_mixed_in(uninterrupted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = toy_recipe()
    monkeypatch.setenv("TOY_FAULT", "full:2")
    with pytest.raises(WorkFailed):
        generate(recipe, tmp_path / "set", seed=SEED, workers=1, say=quiet)
    monkeypatch.delenv("TOY_FAULT")
    before = tree(tmp_path / "set")
    with pytest.raises(BadInput, match="another seed"):
        generate(recipe, tmp_path / "set", seed="other", workers=1, say=quiet)
    with pytest.raises(BadInput, match="another recipe"):
        generate(toy_recipe(count=4), tmp_path / "set", seed=SEED, workers=1, say=quiet)
    with monkeypatch.context() as patched:
        patched.setattr("morse.fingerprint._installed", lambda library: "0.0")
        with pytest.raises(BadInput, match=r"numpy [0-9.]+ there, 0\.0 here"):
            generate(recipe, tmp_path / "set", seed=SEED, workers=1, say=quiet)
    assert tree(tmp_path / "set") == before
