"""Shares of a set made apart and put together: the bytes of a set made in one place, and no mixture."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from morse.dataset import trace_path
from morse.engine.shard import merge, share_folder, work
from morse.errors import BadInput, WorkFailed
from morse.generate import generate
from morse.plan import Plan
from morse.seeding import Key
from tests.toy_sets import InProcess, morse, own_task, toy_recipe, tree

RECIPE = toy_recipe(count=4, levels=(1, 2))
MOST_FILES = 10_000


@pytest.fixture(autouse=True, scope="module")
def _toy() -> Iterator[None]:
    with own_task():
        yield


@pytest.fixture(autouse=True)
def _in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("morse.generate.Workers", InProcess)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alone") / "set"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("morse.generate.Workers", InProcess)
        generate(RECIPE, folder, seed="shard", workers=1, say=lambda _: None)
    return folder


def share(folder: Path, rank: int, world_size: int, seed: str = "shard") -> Path:
    work(RECIPE, folder, seed=seed, rank=rank, world_size=world_size, say=lambda _: None)
    return share_folder(folder, rank, world_size)


def quiet(_: str) -> None: ...


def test_shares_in_any_order_give_the_bytes_of_one_run(alone: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    places = [share(folder, rank, 3) for rank in (2, 0, 1)]
    made = [sum(path.suffix == ".mp4" for path in place.rglob("*")) for place in places]
    assert sorted(made) == [2, 3, 3]
    manifest = merge(folder, places, say=quiet)
    assert manifest.complete and tree(folder) == tree(alone)
    before = tree(folder)
    merge(folder, places, say=quiet)  # once more does nothing
    assert tree(folder) == before


def test_what_is_not_made_yet_is_named_and_nothing_is_lost(alone: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    first = share(folder, 0, 2)
    with pytest.raises(WorkFailed, match=r"4 clips are not made yet, those of rank 1 of 2"):
        merge(folder, [first], say=quiet)
    assert not (folder / "public" / "manifest.json").exists()
    second = share(folder, 1, 2)
    lost = next(second.rglob("*.mp4"))
    lost.write_bytes(lost.read_bytes()[:-1])
    with pytest.raises(WorkFailed, match=r"1 clips are not made yet, those of rank 1 of 2"):
        merge(folder, [first, second], say=quiet)
    share(folder, 1, 2)  # goes on: makes the one
    merge(folder, [first, second], say=quiet)
    assert tree(folder) == tree(alone)


def test_copies_on_another_file_system_do_as_well(alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "set"
    places = [share(folder, rank, 2) for rank in (0, 1)]

    def refused(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("morse.engine.shard.os.link", refused)
    merge(folder, places, say=quiet)
    shutil.rmtree(places[0].parent)
    assert tree(folder) == tree(alone)


def changed(place: Path, **update: object) -> None:
    file = place / "private" / "plan.json"
    plan = Plan.model_validate_json(file.read_text()).model_copy(update=update)
    file.write_text(plan.model_dump_json())


@pytest.mark.parametrize(
    ("update", "said"),
    [
        ({"seed": "other"}, "another seed"),
        ({"fingerprint": {"numpy": "0.1"}}, "other versions"),
        ({"task_versions": {"toy": 7}}, "version 7 of task 'toy'"),
        ({"recipe": toy_recipe(count=5)}, "another recipe"),
    ],
)
def test_mixtures_are_refused(update: dict[str, object], said: str, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    places = [share(folder, rank, 2) for rank in (0, 1)]
    changed(places[1], **update)
    with pytest.raises(BadInput, match=said):
        merge(folder, places, say=quiet)
    assert not folder.exists()


def test_ranks_that_cannot_be_and_folders_that_are_no_shares(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="rank 2 of 2: ranks are 0 to 1"):
        share(tmp_path / "set", 2, 2)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="not a share"):
        merge(tmp_path / "set", [tmp_path / "empty"], say=quiet)
    with pytest.raises(BadInput, match="no shares"):
        merge(tmp_path / "set", [], say=quiet)


def test_a_clip_that_fails_is_named_after_the_merge_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(InProcess):
        def run(self, function, work, *, limit, tries=2):
            from morse.engine.local import Failure

            for number, (job, result) in enumerate(super().run(function, work, limit=limit)):
                yield job, (Failure("it broke") if number == 0 else result)

    folder = tmp_path / "set"
    monkeypatch.setattr("morse.generate.Workers", Failing)
    first = share(folder, 0, 2)
    monkeypatch.setattr("morse.generate.Workers", InProcess)
    manifest = merge(folder, [first, share(folder, 1, 2)], say=quiet)
    assert not manifest.complete and manifest.clips == 7
    assert [*manifest.failed.values()] == ["toy level 1: it broke"]


def test_on_the_command_line(tmp_path: Path) -> None:
    options = ("--task", "toy", "--difficulty", "1-2", "--count", "2", "--seed", "s", "--no-video")
    one, parts = tmp_path / "one", tmp_path / "parts"
    assert morse("generate", *options, "--out", one, "--workers", "1")[0] == 0
    for rank in (0, 1):
        code, out, err = morse(
            "worker", "--rank", str(rank), "--world-size", "2", *options, "--out", parts, "--workers", "1"
        )
        assert code == 0 and f"2 of 2 clips of rank {rank} are made" in out, err
    code, out, err = morse("merge", parts)
    assert code == 0 and "put together from 2 shares" in out, err
    assert tree(parts) == tree(one)
    assert max(len([*path.iterdir()]) for path in one.rglob("*") if path.is_dir()) < MOST_FILES
    assert json.loads((parts / "public/manifest.json").read_text())["complete"] is True


def test_a_million_clips_leave_no_folder_with_ten_thousand_files() -> None:
    """By the spread of ids over folders: six standard deviations above the mean of a million, counted on 100,000."""
    clips, sample = 1_000_000, 100_000
    ids = (Key("toy", 1, 1, "test", "shard", index).clip_id() for index in range(sample))
    counted = Counter(trace_path(clip_id).rpartition("/")[0] for clip_id in ids)
    mean = sample / len(counted)
    assert max(counted.values()) < mean + 6 * mean**0.5
    at_most = clips / len(counted) + 6 * (clips / len(counted)) ** 0.5
    assert 2 * at_most < MOST_FILES  # a trace and tracks for each clip
