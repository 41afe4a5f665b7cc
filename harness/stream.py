"""An endless stream of fresh questions to learn from, with a curriculum: ``for row in Stream(["cups"], seed="7"): …``.

Clip n of a stream is a pure function of the seed, n, and its level, and its level follows from the rewards that were reported before clip
n − ``ahead`` was taken. So the same rewards give the same stream, whatever makes it: this process or workers that make clips ahead.
"""

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from harness.curriculum import Curriculum, Rule
from harness.lessons import Job, Lessons, Row, checked_view, make
from morse.engine.local import Failure, Workers
from morse.errors import BadInput, MorseError, WorkFailed
from morse.seeding import Key, Rng
from morse.task import registry

LIMIT = 600.0
"""Seconds that a clip may take in a worker process."""
MOST_FAILURES = 20
"""Clips after each other that may fail."""


class Stream:
    """Questions without end. Report what each earned (:meth:`report`), and the level of its task follows."""

    def __init__(
        self,
        tasks: Iterable[str],
        lessons: Lessons,
        *,
        rule: Rule | None = None,
        workers: int = 0,
        ahead: int = 8,
        rank: int = 0,
        world_size: int = 1,
        keep: int = 256,
    ) -> None:
        """Raises :class:`BadInput` for what cannot be streamed.

        ``workers``: processes that make clips ahead (0: each is made here when it is asked for). ``ahead``: for how many clips the level
        is settled ahead. ``rank``, ``world_size``: the share of one of several processes that train together; their clips are never the
        same. ``keep``: of so many clips videos are kept.
        """
        self.tasks = tuple(dict.fromkeys(tasks))
        if not self.tasks:
            raise BadInput("a stream needs a task")
        if not 0 <= rank < world_size:
            raise BadInput(f"rank {rank} of {world_size}: ranks go from 0 to world_size - 1")
        if ahead < 1 or lessons.questions < 1 or workers < 0 or keep <= ahead:
            raise BadInput("ahead and questions are at least 1, workers at least 0, keep more than ahead")
        checked_view(lessons)
        for task in self.tasks:
            registry().task(task)
        self.lessons, self.workers, self.ahead, self.keep = lessons, workers, ahead, keep
        self.curriculum = Curriculum(self.tasks, rule)
        self.failed: list[tuple[int, str]] = []
        """Clips that could not be made, and why; they are passed over."""
        self._first, self._step = rank, world_size
        self._clip, self._asked = rank, 0
        """The clip whose turn it is, and how many of its questions were given out."""
        self._planned: dict[int, int] = {}
        """The level of each clip that is settled."""
        self._kept: deque[list[Path]] = deque()
        self._shared: Any = None

    def report(self, row: Mapping[str, Any], reward: float) -> int:
        """What the response to a row earned; returns the level of its task from now on."""
        level = self.curriculum.report(row["task"], int(row["level"]), reward)
        if self._shared is not None:
            self._shared[self.tasks.index(row["task"])] = level
        return level

    def __iter__(self) -> Iterator[Row]:
        alone = not self.workers or multiprocessing.current_process().daemon  # which may have no processes of its own
        with ExitStack() as stack:
            maker = _Here(self.lessons) if alone else _Ahead(self.lessons, stack.enter_context(Workers(self.workers)))
            for job in self._settled():
                maker.plan(job)
            failures = 0
            while True:
                for job in self._settle():
                    maker.plan(job)
                clip = self._clip
                rows = maker.take(Job(clip, self.task_of(clip), self._planned[clip]))
                if isinstance(rows, Failure):
                    failures += 1
                    self.failed.append((clip, rows.reason))
                    if failures >= MOST_FAILURES:
                        raise WorkFailed(f"{failures} clips after each other could not be made: {rows.reason}")
                    self._next()
                    continue
                failures = 0
                self._forget_videos(rows)
                waiting = rows[self._asked :]
                for row in waiting:
                    self._asked += 1
                    if row is waiting[-1]:
                        self._next()
                    yield row
                if not waiting:
                    self._next()

    def task_of(self, clip: int) -> str:
        """The task of a clip: each once in as many clips as there are tasks, in an order of its own."""
        turn, place = divmod(clip, len(self.tasks))
        return Rng(Key("stream", 1, 1, "train", self.lessons.root, turn), "order").shuffled(self.tasks)[place]

    def part(self, number: int, parts: int) -> "Stream":
        """Become the share of one of several loaders, each in a process of its own; no two have a clip in common."""
        self._first, self._step = self._first + self._step * number, self._step * parts
        self._clip = self._first + -(-(self._clip - self._first) // self._step) * self._step
        ours = range(self._clip, self._clip + self._step * (self.ahead + 1), self._step)
        self._planned = {clip: level for clip, level in self._planned.items() if clip in ours}
        return self

    def share(self) -> None:
        """Let processes that are made of this one from now on see the levels that are reported here."""
        self._shared = multiprocessing.Array("i", [self.curriculum.levels[task] for task in self.tasks])

    def state_dict(self) -> dict[str, Any]:
        """Where the stream is, as JSON values: one with the same arguments goes on from there with :meth:`load_state_dict`."""
        return {
            "clip": self._clip,
            "asked": self._asked,
            "planned": {str(clip): level for clip, level in self._planned.items()},
            "curriculum": self.curriculum.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a state. Raises :class:`BadInput` for one of another stream."""
        if (state["clip"] - self._first) % self._step:
            raise BadInput(f"the state stands at clip {state['clip']}, which is not of this share")
        self.curriculum.load_state_dict(state["curriculum"])
        self._clip, self._asked = state["clip"], state["asked"]
        self._planned = {int(clip): level for clip, level in state["planned"].items()}
        if self._shared is not None and not multiprocessing.current_process().daemon:  # a loader's worker has what was
            self._shared[:] = [self.curriculum.levels[task] for task in self.tasks]

    def _settled(self) -> Iterator[Job]:
        for clip, level in self._planned.items():
            yield Job(clip, self.task_of(clip), level)

    def _settle(self) -> Iterator[Job]:
        """Settle the levels of the clips up to ``ahead``, by what is known now."""
        for clip in range(self._clip, self._clip + self._step * (self.ahead + 1), self._step):
            if clip not in self._planned:
                task = self.task_of(clip)
                self._planned[clip] = self._level(task)
                yield Job(clip, task, self._planned[clip])

    def _level(self, task: str) -> int:
        """The level that a task is at; lower where the task ends below."""
        if self._shared is not None:
            self.curriculum.levels[task] = self._shared[self.tasks.index(task)]
        while True:
            level = self.curriculum.levels[task]
            try:
                registry().task(task).Params.at(level, self.lessons.knobs)
            except BadInput:
                if level <= self.curriculum.rule.lowest:
                    raise
                self.curriculum.ends_at(task, level)
            else:
                return level

    def _next(self) -> None:
        del self._planned[self._clip]
        self._clip, self._asked = self._clip + self._step, 0

    def _forget_videos(self, rows: list[Row]) -> None:
        self._kept.append([Path(row["video"]) for row in rows if "video" in row])
        if len(self._kept) > self.keep:
            for path in self._kept.popleft():
                path.unlink(missing_ok=True)


class _Here:
    """Makes each clip when it is taken."""

    def __init__(self, lessons: Lessons) -> None:
        self._lessons = lessons

    def plan(self, job: Job) -> None: ...

    def take(self, job: Job) -> list[Row] | Failure:
        try:
            return make(self._lessons, job)
        except MorseError as error:
            return Failure(str(error))


class _Ahead:
    """Makes the clips that are planned in worker processes, while those before them are learned from."""

    def __init__(self, lessons: Lessons, pool: Workers) -> None:
        self._make, self._pool = partial(make, lessons), pool
        self._waiting: deque[Job] = deque()
        self._made: dict[Job, list[Row] | Failure] = {}
        self._results: Iterator[tuple[Job, list[Row] | Failure]] | None = None

    def plan(self, job: Job) -> None:
        self._waiting.append(job)

    def take(self, job: Job) -> list[Row] | Failure:
        while job not in self._made:
            if self._results is None:
                self._results = self._pool.run(self._make, _Popped(self._waiting), limit=LIMIT)
            for done, rows in self._results:
                self._made[done] = rows
                break
            else:  # all that was planned is made; what is planned later is a run of its own
                self._results = None
        return self._made.pop(job)


class _Popped:
    """What is in a queue at the moment, first in, first out; more may come after its end."""

    def __init__(self, queue: deque[Job]) -> None:
        self._queue = queue

    def __iter__(self) -> Iterator[Job]:
        return self

    def __next__(self) -> Job:
        if not self._queue:
            raise StopIteration
        return self._queue.popleft()
