"""A run that is killed, or finds no room, at any step: nothing corrupt is left, and what is made in the end is the same."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from morse.dataset import open_dataset
from morse.errors import BadInput, MorseError
from morse.generate import generate
from morse.seeding import Key, Rng
from tests.toy_sets import InProcess, own_task, start, toy_recipe, tree

SEED = "faults"
RECIPE = toy_recipe(count=4)
MOMENTS = 10


@pytest.fixture(autouse=True, scope="module")
def _toy() -> Iterator[None]:
    with own_task(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("morse.generate.Workers", InProcess)
        yield


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alone") / "set"
    generate(RECIPE, folder, seed=SEED, say=quiet)
    return folder


def quiet(_: str) -> None: ...


def moments(what: str, count: int, most: int) -> list[int]:
    """So many different numbers of 1 to ``most``, the same each time."""
    return sorted(Rng(Key("toy", 1, 1, "test", SEED, 0), what).shuffled([*range(1, most + 1)])[:count])


# ── steps of the file system ────────────────────────────────────────────────────────────────────────────────────────

ERRORS = {"full": errno.ENOSPC, "read-only": errno.EROFS}
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.utime", "os.truncate"}


def is_change(event: str, arguments: tuple[Any, ...], folder: str) -> bool:
    """Whether an audited event is to change something in a folder."""
    if event == "open":
        path, mode, flags = arguments
        writing = bool(set(mode) & set("wax+")) if mode else bool(flags & (os.O_WRONLY | os.O_RDWR))
        return writing and str(path).startswith(folder)
    return event in CHANGES and str(arguments[0]).startswith(folder)


def run_apart(folder: Path, fault: str = "none", step: int = 0) -> tuple[int, str]:
    """Make the set in a process that is this one's fork. At the given change of the folder it kills itself, or from then on finds the disk
    full or read-only.

    Returns its exit code, and how many changes there were or the error.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        with os.fdopen(reading) as said:
            text = said.read()
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text
    changes = 0

    def audited(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal changes
        if is_change(event, arguments, str(folder)):
            changes += 1
            if changes >= step > 0 and fault in ERRORS:
                raise OSError(ERRORS[fault], os.strerror(ERRORS[fault]))
            if changes == step and fault == "kill":
                os.kill(os.getpid(), signal.SIGKILL)

    code = 70
    try:
        sys.addaudithook(audited)
        generate(RECIPE, folder, seed=SEED, say=quiet)
        code = 0
        os.write(writing, str(changes).encode())
    except MorseError as error:
        code = error.exit_code
        os.write(writing, str(error).encode())
    except BaseException as error:
        os.write(writing, repr(error).encode())
    finally:
        os._exit(code)


@pytest.fixture(scope="module")
def steps(alone: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many changes of the file system it takes to make the set."""
    folder = tmp_path_factory.mktemp("steps") / "set"
    code, text = run_apart(folder)
    assert code == 0, text
    assert tree(folder) == tree(alone)
    assert int(text) > 10 * len(RECIPE.parts)
    return int(text)


def goes_on(folder: Path, alone: Path) -> None:
    """What is there is no set that calls itself complete, or all of it; the same call makes it whole."""
    if (folder / "public" / "manifest.json").exists():
        if open_dataset(folder).manifest.complete:
            assert (
                tree(folder).items() >= {name: data for name, data in tree(alone).items() if data is not None}.items()
            )
    elif folder.exists():
        with pytest.raises(BadInput, match=r"not finished yet|not a data set"):
            open_dataset(folder)
    assert generate(RECIPE, folder, seed=SEED, say=quiet).complete
    assert tree(folder) == tree(alone)


def test_killed_at_any_step_it_goes_on(steps: int, alone: Path, tmp_path: Path) -> None:
    for step in moments("kill", MOMENTS, steps):
        folder = tmp_path / str(step)
        assert run_apart(folder, "kill", step)[0] == -signal.SIGKILL
        goes_on(folder, alone)


def test_a_disk_that_is_full_from_any_step_on_is_one_line(steps: int, alone: Path, tmp_path: Path) -> None:
    for step in moments("full", MOMENTS, steps - 3):  # the last steps clear away what is needed no more
        folder = tmp_path / str(step)
        code, text = run_apart(folder, "full", step)
        assert (code, "\n" in text) == (1, False), (step, text)
        assert text.startswith(f"{folder}: the disk is full"), (step, text)
        goes_on(folder, alone)


# ── workers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

TOYS = 'name = "toys"\nwidth = 64\nheight = 36\nfps = 8\nparts = [{ task = "toy", levels = [1, 2], count = 4 }]\n'
""":data:`RECIPE`, for the command line."""


def worker_of(parent: int) -> int | None:
    listed = subprocess.run(
        ["ps", "-wwo", "pid=,args=", "--ppid", str(parent)], capture_output=True, text=True, check=False
    ).stdout
    workers = [int(line.split()[0]) for line in listed.splitlines() if "spawn_main" in line]
    return workers[0] if workers else None


def test_workers_killed_at_ten_moments_cost_nothing(alone: Path, tmp_path: Path) -> None:
    """At most a clip that was met twice has failed, and is made when it is asked for again."""
    folder, recipe = tmp_path / "set", tmp_path / "toys.toml"
    recipe.write_text(TOYS)
    options = ("--recipe", recipe, "--seed", SEED, "--workers", "1")
    killed, delays = 0, [delay / 1000 for delay in moments("workers", MOMENTS, 900)]
    while killed < MOMENTS:
        process = start("generate", *options, "--out", folder, TOY_FAULT="slow:0.1")
        while process.poll() is None and killed < MOMENTS:
            worker = worker_of(process.pid)
            if worker is None:
                time.sleep(0.02)
                continue
            time.sleep(delays[killed])
            try:
                os.kill(worker, signal.SIGKILL)
                killed += 1
            except ProcessLookupError:  # the set was finished meanwhile
                pass
        _, err = process.communicate(timeout=120)
        assert process.returncode in {0, 1} or not folder.exists(), err  # killed twice while the recipe was tried
        assert "Traceback" not in err
        if process.returncode == 0 and killed < MOMENTS:
            assert tree(folder) == tree(alone)
            folder = tmp_path / f"another after {killed}"
    goes_on(folder, alone)


def test_a_segmentation_fault_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from morse.engine.local import Workers

    monkeypatch.setattr("morse.generate.Workers", Workers)
    monkeypatch.setenv("TOY_FAULT", "segfault:1")
    manifest = generate(toy_recipe(count=2, levels=(1,)), tmp_path / "set", seed=SEED, workers=1, say=quiet)
    assert [*manifest.failed.values()] == ["toy level 1: the worker process was ended by SIGSEGV"]


# ── places and clocks ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_that_becomes_read_only_is_one_line(alone: Path, tmp_path: Path) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs a mount")
    try:
        assert run_apart(place / "set", "kill", 40)[0] == -signal.SIGKILL
        before = tree(place)
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        with pytest.raises(BadInput, match="not writable") as caught:
            generate(RECIPE, place / "set", seed=SEED, say=quiet)
        assert "\n" not in str(caught.value)
        assert tree(place) == before
        subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)
        goes_on(place / "set", alone)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_folder_that_becomes_read_only_meanwhile_is_one_line(alone: Path, tmp_path: Path, steps: int) -> None:
    for step in moments("read-only", 3, steps - 3):
        folder = tmp_path / str(step)
        code, text = run_apart(folder, "read-only", step)
        assert code in {1, 2} and "Read-only file system" in text and "\n" not in text, (step, text)
        goes_on(folder, alone)


def test_a_clock_that_jumps_changes_nothing(alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the clips are made in this process too, under the same clock."""
    ticks = iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: -(10.0**9) if next(ticks) % 2 else 4e9)
    monkeypatch.setattr(time, "time_ns", lambda: int(time.time()) * 10**9)
    generate(RECIPE, tmp_path / "set", seed=SEED, say=quiet)
    monkeypatch.undo()
    assert tree(tmp_path / "set") == tree(alone)
