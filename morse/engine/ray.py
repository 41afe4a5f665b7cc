"""Clips made on a Ray cluster: on all the machines that one has, or on this one.

A clip is a Ray task, which Ray does again elsewhere if its worker or the whole machine is lost. Within each of Ray's workers one
process of :class:`~morse.engine.local.Workers` stays warm from task to task: it gives what Ray does not, limits of time and memory
for a clip and the reason why one failed. The machines need share no disk (:mod:`morse.engine.carried`), but they must render alike:
a worker with other versions ends the run before its first clip.
"""

import logging
import os
import platform
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from typing import Any, Self, TypeVar

from morse.engine.local import Failure, Workers, ignoring_interrupts, memory_limit
from morse.errors import BadInput, MorseError, OtherVersions
from morse.plan import Plan, make_plan

J = TypeVar("J")
R = TypeVar("R")
LOST_TIMES = 3
"""How often a clip is begun again elsewhere after its worker or machine was lost."""
GROWTH = 10.0
"""Seconds after which it is asked again how many processors the cluster has."""
NEAR = 5.0
"""Seconds in which the head of a cluster must answer."""


class RayWorkers:
    """Worker processes on a Ray cluster, used like :class:`~morse.engine.local.Workers`.

    ``address``: of the head (``host:6379``, ``auto``), by default ``RAY_ADDRESS``, else a cluster is started on this machine, which
    is reached by it alone and ends with the run. ``count``: how many clips are made at once, by default one a processor.
    Raises :class:`BadInput` where there is no such cluster.
    """

    def __init__(self, plan: Plan, address: str | None = None, count: int | None = None) -> None:
        self.plan, self.count = plan, count
        self.address = address or os.environ.get("RAY_ADDRESS") or "local"

    def __enter__(self) -> Self:
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        try:
            import ray
        except ImportError:
            raise BadInput("--engine ray needs the package ray: pip install 'morse-bench[ray]'") from None
        if self.address == "local":
            with _on_loopback(), _keeping_sigterm():
                ray.init(
                    "local",
                    num_cpus=self.count,
                    include_dashboard=False,
                    log_to_driver=False,
                    logging_level=logging.ERROR,
                )
        else:
            self._join()
        if not _processors():
            ray.shutdown()
            raise BadInput(f"the Ray cluster at {self.address} has no processors")
        return self

    def __exit__(self, *_: object) -> None:
        import ray

        with ignoring_interrupts():
            ray.shutdown()

    def run(
        self, function: Callable[[J], R], work: Iterable[J], *, limit: float, tries: int = 2
    ) -> Iterator[tuple[J, R | Failure]]:
        """Do ``function(job)`` for each job; yields each job with its result, in the order they end.

        As in :meth:`morse.engine.local.Workers.run`, but the tries of a job follow each other, and no more than two jobs a
        processor are under way. Jobs fail alike on a worker that is not as ``plan`` says.
        """
        import ray

        task = ray.remote(num_cpus=1, max_retries=LOST_TIMES)(_do)
        checked = ray.put(partial(_checked, self.plan.model_dump_json(), function))
        fresh, running = iter(work), dict[Any, J]()
        room, asked = self._room(), time.monotonic()
        while True:
            if time.monotonic() - asked > GROWTH:
                room, asked = self._room(), time.monotonic()
            while len(running) < room and (job := next(fresh, None)) is not None:
                running[task.remote(checked, job, limit, tries)] = job
            if not running:
                return
            ended, _ = ray.wait([*running], num_returns=1, timeout=1.0)
            for reference in ended:
                yield running.pop(reference), _result(reference)

    def _room(self) -> int:
        """How many jobs may be under way."""
        if self.count is not None and self.address != "local":
            return self.count
        return 2 * max(1, _processors())

    def _join(self) -> None:
        import ray

        _reach(self.address)
        own_tasks = {name: value for name, value in os.environ.items() if name == "MORSE_TASKS"}
        environment = {"env_vars": own_tasks} if own_tasks else None
        try:
            with _keeping_sigterm():
                ray.init(self.address, runtime_env=environment, log_to_driver=False, logging_level=logging.ERROR)
        except (ConnectionError, RuntimeError, ValueError, OSError) as error:
            reason = str(error).strip().splitlines()[0]
            raise BadInput(f"no Ray cluster at {self.address}: {reason}") from None


def _processors() -> int:
    import ray

    return int(ray.cluster_resources().get("CPU", 0))


def _reach(address: str) -> None:
    """Ray itself tries for minutes to reach what is not there."""
    host, colon, port = address.rpartition(":")
    if "://" in address or address == "auto":
        return
    if not (colon and port.isdecimal() and int(port) < 1 << 16):
        raise BadInput(f"Ray address {address!r}: give the head of the cluster as HOST:PORT, or auto")
    try:
        socket.create_connection((host.strip("[]"), int(port)), NEAR).close()
    except OSError as error:
        raise BadInput(f"no Ray cluster at {address}: {error.strerror or error}") from None


@contextmanager
def _on_loopback() -> Iterator[None]:
    """A cluster that is started meanwhile listens on the loopback alone, and asks nobody anything: even with the dashboard and
    reports of its use switched off, Ray starts the dashboard's process, which asks the network which cloud this is."""
    from ray._private import ray_constants, services

    no_server: tuple[None, None] = (None, None)
    with ExitStack() as stack:
        stack.enter_context(_changed(os.environ, ray_constants.ENABLE_RAY_CLUSTERS_ENV_VAR, "0"))
        stack.enter_context(_changed(vars(ray_constants), "ENABLE_RAY_CLUSTER", False))
        stack.enter_context(_changed(vars(services), "start_api_server", lambda *_, **__: no_server))
        yield


@contextmanager
def _changed(names: Any, name: str, value: Any) -> Iterator[None]:
    before, there = names.get(name), name in names
    names[name] = value
    try:
        yield
    finally:
        if there:
            names[name] = before
        else:
            del names[name]


@contextmanager
def _keeping_sigterm() -> Iterator[None]:
    """Ray sets a handler of its own, by which a run that is asked to end would lose its last line."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _result(reference: Any) -> Any:
    """A task's result, or why there is none."""
    import ray
    from ray.exceptions import OutOfMemoryError, RayError, RayTaskError

    try:
        return ray.get(reference)
    except RayTaskError as error:  # of what surrounds the clip: its own errors come as results
        return Failure(f"{type(error.cause).__name__}: {error.cause}".splitlines()[0])
    except OutOfMemoryError:
        return Failure("more memory than the machine has")
    except RayError as error:
        return Failure(f"the Ray worker, or its machine, was lost {LOST_TIMES + 1} times ({type(error).__name__})")


# ── in Ray's workers ────────────────────────────────────────────────────────────────────────────────────────────────


def _do(function: Callable[[J], R], job: J, limit: float, tries: int) -> R | Failure:
    [(_, result)] = _workers().run(function, [job], limit=limit, tries=tries)
    return result


@cache
def _workers() -> Workers:
    """The process in which this Ray worker makes its clips. It ends with the worker."""
    import ray

    here = ray.get_runtime_context().get_node_id()
    vars(sys.modules["__main__"]).pop("__file__", None)  # that process would load it, Ray's own worker, and Ray with it
    [node] = [node for node in ray.nodes() if node["NodeID"] == here]
    return Workers(1, memory_limit(max(1, int(node["Resources"].get("CPU", 1)))))


def _checked(plan: str, function: Callable[[J], R], job: J) -> R:
    if differing := _other_versions(plan):
        raise OtherVersions(
            f"the Ray worker on {platform.node()} {differing}; all of a set is made by the same versions"
        )
    return function(job)


@cache
def _other_versions(plan: str) -> str:
    """In what this process differs from the one that made a plan; empty if in nothing."""
    from morse.fingerprint import differences

    wanted = Plan.model_validate_json(plan)
    try:
        here = make_plan(wanted.recipe, wanted.seed)
    except MorseError as error:
        return f"cannot make this set ({error})"
    text = differences(_versions(here), _versions(wanted))
    return f"has other versions ({text})" if text else ""


def _versions(plan: Plan) -> dict[str, str]:
    tasks = {f"task {name}": str(version) for name, version in plan.task_versions.items()}
    return {"morse": plan.morse_version} | tasks | plan.fingerprint
