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


@pytest.mark.parametrize("workers", [0, 2])
def test_a_loader_goes_on_from_its_state(workers: int) -> None:
    stateful = pytest.importorskip("torchdata.stateful_dataloader", reason="torchdata is not installed")
    from harness.torch_stream import RewardStream

    def loader() -> Any:
        stream = RewardStream(Stream(["hanoi", "cups"], LESSONS, ahead=2))
        return stateful.StatefulDataLoader(stream, batch_size=3, num_workers=workers)

    def names(batches: Any, count: int) -> list[str]:
        return [name for _, batch in zip(range(count), batches, strict=False) for name in batch["question_id"]]

    whole = names(loader(), 6)
    begun = loader()
    first = names(iter(begun), 2)
    resumed = loader()
    resumed.load_state_dict(begun.state_dict())
    assert first + names(resumed, 4) == whole
    risen = loader()
    state = risen.dataset.state_dict()
    state["curriculum"]["levels"] = {"hanoi": 2, "cups": 2}
    risen.dataset.load_state_dict(state)
    if workers:
        risen.load_state_dict(begun.state_dict())
    levels = [int(level) for _, batch in zip(range(8), risen, strict=False) for level in batch["level"]]
    assert levels[-1] == 2, "what is reported here goes on, whatever the workers remember"


def test_a_policy_learns_from_the_reward() -> None:
    from benchmarks.learn import learn

    first, *_, last = learn("7", 640, workers=2, every=160)
    assert first.reward < 0.3 and last.reward > first.reward + 0.1, (first, last)
