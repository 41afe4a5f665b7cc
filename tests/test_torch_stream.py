"""The stream in PyTorch's loaders, and a policy that learns from it. Skipped where torch is not installed."""

from typing import Any

import pytest

from harness.lessons import Lessons
from harness.stream import Stream
from morse.stage.frames import Canvas

torch = pytest.importorskip("torch", reason="torch is not installed")
LESSONS = Lessons("7", view="frames:3", canvas=Canvas(64, 36, 2), questions=2)


def loaded(workers: int, batches: int, **options: Any) -> list[dict[str, Any]]:
    from torch.utils.data import DataLoader  # pyright: ignore[reportMissingImports]

    from harness.torch_stream import RewardStream

    found = []
    for batch in DataLoader(
        RewardStream(Stream(["hanoi", "cups"], LESSONS, **options)), batch_size=4, num_workers=workers
    ):
        found.append(batch)
        if len(found) == batches:
            return found
    raise AssertionError("the stream has ended")


def test_workers_of_the_loader_and_processes_share_the_clips_out() -> None:
    alone = loaded(0, 4)
    assert alone[0]["frames"].shape == (4, 3, 3, 36, 64) and alone[0]["frames"].dtype == torch.uint8
    names = [name for batch in alone for name in batch["question_id"]]
    shared = [name for batch in loaded(2, 4) for name in batch["question_id"]]
    assert sorted(shared) == sorted(names) and len(set(names)) == 16
    ranks = [
        name for rank in range(2) for batch in loaded(2, 2, rank=rank, world_size=2) for name in batch["question_id"]
    ]
    assert sorted(ranks) == sorted(names)


def test_workers_of_the_loader_see_levels_that_are_reported() -> None:
    from torch.utils.data import DataLoader  # pyright: ignore[reportMissingImports]

    from harness.curriculum import Rule
    from harness.torch_stream import RewardStream

    stream = RewardStream(Stream(["hanoi"], LESSONS, rule=Rule(window=2, highest=2), ahead=1))
    for number, batch in enumerate(DataLoader(stream, batch_size=2, num_workers=1)):
        for _ in range(2):
            stream.report({"task": "hanoi", "level": stream.stream.curriculum.levels["hanoi"]}, 1.0)
        if int(batch["level"][0]) == 2:
            return
        assert number < 12, "the level has not reached the worker"


def test_a_policy_learns_from_the_reward() -> None:
    from benchmarks.learn import learn

    first, *_, last = learn("7", 640, workers=2, every=160)
    assert first.reward < 0.3 and last.reward > first.reward + 0.1, (first, last)
