"""A pool of worker processes on this machine. A worker that crashes, hangs or runs out of memory costs only its own job.

Workers are spawned, stay warm from job to job, ignore Ctrl-C (the parent stops them) and die with the parent, however that
ends.
"""

import multiprocessing
import os
import resource
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path
from typing import Generic, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from morse.errors import Disagreement, MorseError, OtherVersions, WorkFailed

J = TypeVar("J")
R = TypeVar("R")
STALLED = 90.0
"""Seconds without any job running, while some wait, after which the pool is taken for dead and started anew."""
MOST_RESTARTS = 5
NO_ROOM = "no room left on the disk"
LEAST_MEMORY = 3 << 30
"""Bytes that a worker may have at least, however little the machine has for so many of them."""


@dataclass(frozen=True)
class Failure:
    """Why a job gave no result. ``fatal``: no other job would fare better (a full disk, a worker of another version), so the run
    should end."""

    reason: str
    again: bool = True
    """Whether a second try may go better."""
    fatal: bool = False


@dataclass
class _Waiting(Generic[J]):
    job: J
    tries: int = 0


class Workers:
    """Worker processes. Use as a context manager: leaving it, however, ends them.

    ``memory``: bytes that each may have, by default its share of the machine's.
    """

    def __init__(self, count: int, memory: int | None = None) -> None:
        self.count, self.memory = count, memory
        self._pool: ProcessPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def run(
        self, function: Callable[[J], R], work: Iterable[J], *, limit: float, tries: int = 2
    ) -> Iterator[tuple[J, R | Failure]]:
        """Do ``function(job)`` for each job; yields each job with its result, in the order they end.

        ``function`` and the jobs are pickled. A job that raises, crashes its worker, or takes longer than ``limit``
        seconds is tried ``tries`` times in all, the later tries after the other jobs, then yielded with its
        :class:`Failure`. Raises :class:`WorkFailed` if workers cannot be kept up.
        """
        fresh = iter(work)
        later: deque[_Waiting[J]] = deque()
        running: dict[Future[R | Failure], _Waiting[J]] = {}
        restarts, alive = 0, time.monotonic()
        while True:
            pool = self._started()
            while len(running) < 2 * self.count and (item := _next(fresh, later)) is not None:
                item.tries += 1
                running[pool.schedule(_guarded, (function, item.job), timeout=limit)] = item
            if not running:
                return
            ended, _ = wait(running, timeout=1.0, return_when=FIRST_COMPLETED)
            broken = False
            for future in ended:
                if isinstance(future.exception(), BrokenProcessPool):
                    broken = True
                    continue
                item, result = running.pop(future), _result(future, limit)
                if isinstance(result, Failure) and result.again and item.tries < tries:
                    later.append(item)
                else:
                    restarts = 0
                    yield item.job, result
            if ended or any(future.running() for future in running):
                alive = time.monotonic()
            if broken or time.monotonic() - alive > STALLED:  # not the fault of the jobs: they wait again
                self._stop()
                restarts, alive = restarts + 1, time.monotonic()
                if restarts > MOST_RESTARTS:
                    raise WorkFailed("worker processes end as soon as they start (out of memory?); try fewer --workers")
                for item in running.values():
                    item.tries -= 1
                    later.append(item)
                running.clear()

    def _started(self) -> ProcessPool:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            limit = self.memory or memory_limit(self.count)
            self._pool = ProcessPool(self.count, initializer=_start, initargs=(limit,), context=context)  # type: ignore[arg-type]
            with ignoring_interrupts():  # a worker ignores Ctrl-C from its first instruction on
                self._pool.schedule(os.getpid)
        return self._pool

    def _stop(self) -> None:
        if self._pool is not None:
            with ignoring_interrupts():
                self._pool.stop()
                self._pool.join()
            self._pool = None


def _next(fresh: Iterator[J], later: deque[_Waiting[J]]) -> _Waiting[J] | None:
    job = next(fresh, None)
    if job is not None:
        return _Waiting(job)
    return later.popleft() if later else None


@contextmanager
def ignoring_interrupts() -> Iterator[None]:
    """Meanwhile Ctrl-C does nothing, here and in processes that are started."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def memory_limit(workers: int) -> int:
    """Bytes that each of so many workers may have: nine tenths of the machine's (or the container's) memory, shared out."""
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with suppress(OSError, ValueError):  # no container, or one without a limit ("max")
        whole = min(whole, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return max(LEAST_MEMORY, whole * 9 // 10 // workers)


def _start(memory: int) -> None:
    """What a worker does first: one thread for each library, since clips are made side by side; a limit of its memory, beyond which it
    gets no more (so that the clip fails, and not the machine); a watch on the parent; and what every clip needs is loaded."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most == resource.RLIM_INFINITY or memory < most:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, most))
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LP_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    threading.Thread(target=_die_with_parent, daemon=True).start()
    from morse.task import registry

    registry()  # before the first job comes, whose time is limited


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _guarded(function: Callable[[J], R], job: J) -> R | Failure:
    from morse.writing import is_disk_full

    try:
        return function(job)
    except MemoryError:
        most = resource.getrlimit(resource.RLIMIT_DATA)[0]
        return Failure(f"more memory than a worker may have ({most / 2**30:.1f} GiB)")
    except Exception as error:  # whatever a task raises costs only its clip
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "no message"
        if is_disk_full(error):
            return Failure(NO_ROOM, again=False, fatal=True)
        if isinstance(error, OtherVersions):
            return Failure(reason, again=False, fatal=True)
        if isinstance(error, Disagreement):
            return Failure(f"defect of the task: {reason}", again=False)
        if isinstance(error, MorseError):
            return Failure(reason, again=False)
        return Failure(f"{type(error).__name__}: {reason}")


def _result(future: "Future[R | Failure]", limit: float) -> R | Failure:
    try:
        return future.result()
    except TimeoutError:
        return Failure(f"no end after {limit:g} s")
    except ProcessExpired as error:
        return Failure(_ending(getattr(error, "exitcode", 1)))
    except Exception as error:  # a result that could not be sent back
        return Failure(f"{type(error).__name__}: {error}".splitlines()[0])


def _ending(code: int) -> str:
    if code >= 0:
        return f"the worker process ended with code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    hint = " (out of memory?)" if name == "SIGKILL" else ""
    return f"the worker process was ended by {name}{hint}"
