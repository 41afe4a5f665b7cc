"""Gates: what fresh clips of a task must pass before the task counts as done.

A *check* looks at one clip in the process that made it and yields a finding a question; a *gate* looks at a batch of samples
and yields rows. Both register themselves by decorator, and :func:`run` turns a batch into rows. A gate that has too few
items to decide says "not tested" (``passed=None``) and never "passed".
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from harness.gates.sample import CHECKS, Sample
from morse.task import Task

ALPHA = 0.01
"""How often an audit of a sound task may raise a false alarm; shared out over the gates that test a hypothesis."""


@dataclass(frozen=True)
class Row:
    """One line of the table of proofs."""

    gate: str
    task: str
    level: int | None
    kind: str | None
    figure: float | None
    threshold: str
    passed: bool | None
    """``None``: not tested, or reported only; ``detail`` says which."""
    detail: str


@dataclass(frozen=True)
class Batch:
    """Fresh samples of one task, by level. ``neighbours``: samples of the next root seed."""

    task: Task
    levels: dict[int, list[Sample]]
    neighbours: dict[int, list[Sample]]
    alpha: float = ALPHA

    def row(
        self,
        gate: str,
        figure: float | None,
        threshold: str,
        passed: bool | None,
        detail: str = "",
        *,
        level: int | None = None,
        kind: str | None = None,
    ) -> Row:
        return Row(gate, self.task.name, level, kind, figure, threshold, passed, detail)

    def __iter__(self) -> Iterator[Sample]:
        return (sample for samples in self.levels.values() for sample in samples)


Gate = Callable[[Batch], Iterable[Row]]
GATES: dict[str, Gate] = {}


def gate(name: str) -> Callable[[Gate], Gate]:
    """Register a function over a batch as a gate."""

    def add(function: Gate) -> Gate:
        GATES[name] = function
        return function

    return add


LEARNERS = ("blind learner at chance", "clip length at chance", "one frame at chance")
"""The gates that take seconds a question kind."""


def load() -> None:
    """Register all checks and gates."""
    from harness.gates import difficulty, evidence, form, scoring, shortcuts, truth, uniform, variety

    assert all((difficulty, evidence, form, scoring, shortcuts, truth, uniform, variety))


def run(batch: Batch, learners: bool = True) -> list[Row]:
    """All rows for a task's batch: first the checks made clip by clip, then the gates (``learners``: also the slow ones)."""
    load()
    rows = [row for name in CHECKS for row in summed(name, batch)]
    chosen = [function for name, function in GATES.items() if learners or name not in LEARNERS]
    return rows + [row for function in chosen for row in function(batch)]


def summed(name: str, batch: Batch) -> Iterable[Row]:
    """A check's findings as one row a level: the share of questions with a fault, which must be 0."""
    for level, samples in batch.levels.items():
        findings = [(finding, sample) for sample in samples for finding in sample.findings.get(name, ())]
        if not findings:
            yield batch.row(name, None, "0", None, "not tested (no question that it applies to)", level=level)
            continue
        faults = [(finding, sample) for finding, sample in findings if finding.fault]
        detail = f"{len(findings)} checked"
        if faults:
            first, where = faults[0]
            detail = f"{len(faults)} of {len(findings)}, e.g. index {where.index}, {first.kind}: {first.fault}"
        yield batch.row(name, len(faults) / len(findings), "0", not faults, detail, level=level)
