"""Clips made on a Ray cluster: the bytes of the local pool, whatever dies, and no mixture of versions."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from morse.engine.carried import carried
from morse.engine.ray import RayWorkers, _on_loopback
from morse.errors import BadInput, WorkFailed
from morse.generate import generate
from morse.plan import Plan, jobs, make_plan
from morse.schema import Recipe, RecipePart
from morse.writing import Making, existing_plan
from tests.toy_sets import InProcess, morse, own_task, start, toy_recipe, tree

pytest.importorskip("ray", reason="no wheel of ray for this Python")

SEED = "ray"
TASKS = ("toy", "bar_race", "blink_rhythm")
RECIPE = Recipe(
    name="three",
    parts=tuple(RecipePart(task=task, levels=(1,), count=2) for task in TASKS),
    width=64,
    height=36,
    fps=4,
)
OPTIONS = ("--task", "toy", "--difficulty", "1,2", "--count", "6", "--size", "64x36", "--fps", "8", "--seed", SEED)
FAULTS = "crash:7 hang:8 error:9"
"""Of the cluster's workers: of clips that only one test makes."""


@pytest.fixture(autouse=True, scope="module")
def _toy() -> Iterator[None]:
    with own_task():
        yield


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A cluster of one machine with one processor, started apart from any run; its address."""
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch, _on_loopback():
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("TOY_FAULT", FAULTS)
        one: Any = Cluster(
            initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False}, shutdown_at_exit=True
        )
        yield one.address
        one.shutdown()


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The set of three tasks as the local engine makes it."""
    with monkeypatch.context() as patch:
        patch.setattr("morse.generate.Workers", InProcess)
        generate(RECIPE, tmp_path / "alone", seed=SEED, say=quiet)
    return tmp_path / "alone"


def quiet(_: str) -> None: ...


def on_ray(recipe: Recipe, folder: Path, address: str, **options: Any) -> Any:
    return generate(recipe, folder, seed=SEED, engine="ray", ray_address=address, say=quiet, **options)


def test_the_bytes_are_those_of_the_local_engine(alone: Path, cluster: str, tmp_path: Path) -> None:
    assert on_ray(RECIPE, tmp_path / "ray", cluster).complete
    assert tree(tmp_path / "ray") == tree(alone)


def test_a_set_begun_here_is_finished_there(
    alone: Path, cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "set"
    with monkeypatch.context() as patch, pytest.raises(WorkFailed, match="disk is full"):
        patch.setattr("morse.generate.Workers", InProcess)
        made = iter([None])
        patch.setattr("morse.generate.make_clip", lambda making, job: _until_full(making, job, made))
        generate(RECIPE, folder, seed=SEED, say=quiet)
    assert journal_lines(folder) == 1
    assert on_ray(RECIPE, folder, cluster).complete
    assert tree(folder) == tree(alone)


def _until_full(making: Any, job: Any, left: Iterator[None]) -> str:
    from morse.writing import make_clip

    for _ in left:
        return make_clip(making, job)
    raise OSError(28, "No space left on device")


def test_a_clip_that_fails_is_named_and_costs_no_other(cluster: str, tmp_path: Path) -> None:
    manifest = on_ray(toy_recipe(count=10, levels=(1,)), tmp_path / "set", cluster, limit=15)
    assert (manifest.clips, manifest.complete) == (7, False)
    assert sorted(manifest.failed.values()) == [
        "toy level 1: RuntimeError: the toy is broken",
        "toy level 1: no end after 15 s",
        "toy level 1: the worker process was ended by SIGABRT",
    ]


def test_workers_of_other_versions_are_refused(cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a set is begun, and when it is gone on with."""
    folder = tmp_path / "set"
    monkeypatch.setattr("morse.fingerprint._installed", lambda library: "0.0")
    with pytest.raises(BadInput, match=r"the Ray worker on \S+ has other versions \(.*numpy [1-9]\S* there, 0\.0 here"):
        on_ray(toy_recipe(), folder, cluster)
    assert not folder.exists()
    with monkeypatch.context() as patch, pytest.raises(WorkFailed):
        patch.setattr("morse.generate.Workers", InProcess)
        patch.setattr("morse.generate.make_clip", lambda making, job: _until_full(making, job, iter(())))
        generate(toy_recipe(), folder, seed=SEED, say=quiet)
    with pytest.raises(BadInput, match="has other versions"):
        on_ray(toy_recipe(), folder, cluster)
    assert not [*folder.rglob("*.mp4")]


def test_what_is_no_cluster_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = make_plan(toy_recipe(), SEED)
    for address, said in (
        ("localhost:1", "no Ray cluster at localhost:1: Connection refused"),
        ("cluster", "Ray address 'cluster': give the head of the cluster as HOST:PORT, or auto"),
        ("ray://localhost:1", "no Ray cluster at ray://localhost:1: "),
    ):
        with pytest.raises(BadInput, match=said) as caught, RayWorkers(plan, address):
            pass
        assert "\n" not in str(caught.value)
    code, _, err = morse("generate", *OPTIONS, "--out", tmp_path / "set", "--ray-address", "localhost:1")
    assert (code, err) == (2, "morse: --ray-address is for --engine ray\n")
    assert not (tmp_path / "set").exists()


def test_a_full_disk_of_a_worker_is_not_taken_for_that_of_the_set(tmp_path: Path) -> None:
    """The clip fails, and is made when there is room again."""
    plan = make_plan(toy_recipe(), SEED)
    with pytest.raises(WorkFailed, match=r"no room left in \S+ on \S+"):
        carried(lambda making, job: _until_full(making, job, iter(())), Making.of(tmp_path, plan), next(jobs(plan)))


def processes_below(parent: int) -> dict[int, str]:
    """Process → its title, of all that a process started, and they in turn."""
    listed = subprocess.run(["ps", "-wweo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    found: dict[int, str] = {}
    ahead = [parent]
    while ahead:
        above = ahead.pop()
        for pid, ppid, title in rows:
            if int(ppid) == above:
                found[int(pid)] = title
                ahead.append(int(pid))
    return found


def journal_lines(folder: Path) -> int:
    journal = folder / ".work" / "journal.jsonl"
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def until(condition: Any, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_is_killed_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Ray worker, then the whole run, by SIGKILL; the cluster that the run had started ends with it, and the local engine goes on."""
    folder = tmp_path / "set"
    process = start("generate", *OPTIONS, "--out", folder, "--engine", "ray", "--workers", "2", TOY_FAULT="slow:0.4")
    until(lambda: journal_lines(folder) >= 1, process)
    below = processes_below(process.pid)
    assert any("raylet" in title for title in below.values())
    worker = next(pid for pid, title in below.items() if title.startswith("ray::_do"))
    os.kill(worker, signal.SIGKILL)
    made = journal_lines(folder)
    until(lambda: journal_lines(folder) >= made + 3, process)  # those under way on the lost worker among them, or after
    assert worker not in processes_below(process.pid)
    below = processes_below(process.pid)
    process.kill()
    process.wait()
    assert 4 <= journal_lines(folder) < 12
    end = time.monotonic() + 30
    makers = [pid for pid, title in below.items() if "raylet" in title or "_do" in title or "spawn_main" in title]
    while left := [pid for pid in makers if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < end, left
        time.sleep(0.1)
    monkeypatch.setattr("morse.generate.Workers", InProcess)
    for place in (folder, tmp_path / "alone"):  # gone on with here; and all of it made here
        generate(existing(folder).recipe, place, seed=SEED, say=quiet)
    assert tree(folder) == tree(tmp_path / "alone")


def existing(folder: Path) -> Plan:
    plan = existing_plan(folder)
    assert plan is not None
    return plan
