"""The stream as PyTorch has it: an ``IterableDataset`` for any ``DataLoader``. Nothing else of MORSE imports torch."""

from collections.abc import Iterator, Mapping
from typing import Any

import torch  # pyright: ignore[reportMissingImports]
from torch.utils.data import IterableDataset, get_worker_info  # pyright: ignore[reportMissingImports]

from harness.lessons import Row
from harness.stream import Stream


class RewardStream(IterableDataset[Row]):
    """A stream whose frames and times are tensors.

    Workers of the loader share the clips out among them, and see the levels that :meth:`report` sets here as soon as they settle a clip; which
    clip that is depends on how far ahead they are. With ``num_workers=0`` the stream follows from the rewards alone; its own ``workers`` make
    clips ahead then. torchdata's ``StatefulDataLoader`` goes on from its state with workers as well, once the stream has been given
    the state that it had in the process where rewards are reported.
    """

    def __init__(self, stream: Stream) -> None:
        super().__init__()
        self.stream = stream
        self._shared_out = False
        stream.share()

    def __iter__(self) -> Iterator[Row]:
        loader = get_worker_info()
        if loader is not None and not self._shared_out:
            self.stream.part(loader.id, loader.num_workers)
            self._shared_out = True
        for row in self.stream:
            yield {
                name: torch.from_numpy(value) if name in ("frames", "times") else value for name, value in row.items()
            }

    def report(self, row: Mapping[str, Any], reward: float) -> int:
        """See :meth:`harness.stream.Stream.report`."""
        return self.stream.report(row, reward)

    def state_dict(self) -> dict[str, Any]:
        """See :meth:`harness.stream.Stream.state_dict`."""
        return self.stream.state_dict()

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """See :meth:`harness.stream.Stream.load_state_dict`."""
        self.stream.load_state_dict(state)
