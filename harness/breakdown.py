"""Accuracy by anything that a clip was made with: ``morse score --by skill,operations,size``.

What a table is broken down by may be a property of the question (task, kind, skill, level …), any knob of the tasks
(``morse tasks NAME`` lists them), ``size``: all that a task declares to make what is shown large, or, for needles in long clips,
``duration,depth,frames``: how long the clip is, where in it the evidence lies, how many frames were given.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from pydantic import JsonValue, ValidationError

from harness.report import Report, Result, grouped
from morse.dataset import Dataset
from morse.errors import BadInput, did_you_mean
from morse.schema import Evidence
from morse.task import registry

OF_QUESTIONS: dict[str, Callable[[Result], str | int]] = {
    "category": lambda result: result.category,
    "task": lambda result: result.task,
    "level": lambda result: result.level,
    "kind": lambda result: result.kind,
    "reasoning": lambda result: result.reasoning,
    "skill": lambda result: result.skill,
    "format": lambda result: result.format,
    "frames": lambda result: "not known" if result.frames is None else result.frames,
}
SIZE, DURATION, DEPTH, NONE = "size", "duration", "depth", "–"
"""What a clip has that lacks the knob."""
DURATIONS = ((15, "0–15 s"), (60, "15–60 s"), (180, "60–180 s"), (600, "180–600 s"), (3600, "600–3600 s"))
"""Up to how many seconds a clip is counted among which, after LongVideoBench's groups (arXiv 2407.15754)."""
DEPTHS = 5
"""How many equal parts a clip is thought of, from its beginning to its end."""


def broken_down(report: Report, data: Dataset, tables: Iterable[str]) -> Report:
    """The report with a group of tables more, each given as names with commas between them.

    Raises :class:`BadInput` for a name that is neither a property of questions nor a knob of any clip.
    """
    making = _Making(data, {result.clip_id: result.task for result in report.results})
    found = dict(report.groups)
    for table in tables:
        names = [name.strip() for name in table.split(",")]
        for name in names:
            making.check(name)
        found[", ".join(names)] = grouped(
            report.results, lambda result, names=names: tuple(making.of(result, name) for name in names)
        )
    return report.model_copy(update={"groups": found})


class _Making:
    """What the clips of a set were made with."""

    def __init__(self, data: Dataset, tasks: Mapping[str, str]) -> None:
        self._data, self._tasks = data, tasks

    @cached_property
    def knobs(self) -> dict[str, dict[str, JsonValue]]:
        """Clip → the values of its knobs."""
        return {clip: self._data.trace(clip).params for clip in self._tasks}

    @cached_property
    def sizes(self) -> dict[str, str]:
        """Clip → its size in words: ``3 rows × 4 columns``."""
        return {clip: _size(self._tasks[clip], knobs) for clip, knobs in self.knobs.items()}

    @cached_property
    def seconds(self) -> dict[str, float]:
        """Clip → how long it is."""
        return {clip.clip_id: clip.duration for clip in self._data.clips()}

    @cached_property
    def depths(self) -> dict[str, str]:
        """Question → in which part of what may be seen its evidence lies."""
        asked = {question.question_id: question.asked_at for question in self._data.questions()}
        return {
            answer.question_id: depth(answer.evidence, asked.get(answer.question_id) or self.seconds[answer.clip_id])
            for answer in self._data.answers()
        }

    def check(self, name: str) -> None:
        """Raises :class:`BadInput` for a name that nothing in the set has."""
        if name in OF_QUESTIONS or name in (SIZE, DURATION, DEPTH):
            return
        known = sorted({knob for knobs in self.knobs.values() for knob in knobs})
        if name not in known:
            every = list(dict.fromkeys([*OF_QUESTIONS, SIZE, DURATION, DEPTH, *known]))
            raise BadInput(f"--by: nothing is called {name!r}{did_you_mean(name, every)}: there are {', '.join(every)}")

    def of(self, result: Result, name: str) -> str | int | float:
        if name in OF_QUESTIONS:
            return OF_QUESTIONS[name](result)
        if name == SIZE:
            return self.sizes[result.clip_id]
        if name == DURATION:
            return duration(self.seconds[result.clip_id])
        if name == DEPTH:
            return self.depths[result.question_id]
        value = self.knobs[result.clip_id].get(name, NONE)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def duration(seconds: float) -> str:
    """Among which clips one of so many seconds is counted."""
    return next((name for most, name in DURATIONS if seconds <= most + 1e-6), f"over {DURATIONS[-1][0]} s")


def depth(evidence: Sequence[Evidence], seconds: float) -> str:
    """In which part of so many seconds evidence lies, by the middles of its stretches: ``20–40 %``.

    Evidence that fills more than half of the time has no depth.
    """
    if not evidence or math.fsum(one.end - one.start for one in evidence) > seconds / 2:
        return NONE
    middle = math.fsum((one.start + one.end) / 2 for one in evidence) / len(evidence) / seconds
    part = min(DEPTHS - 1, int(DEPTHS * middle))
    return f"{100 * part // DEPTHS}–{100 * (part + 1) // DEPTHS} %"


def _size(task: str, knobs: Mapping[str, JsonValue]) -> str:
    """How large a task says its clips with such knobs are; none for a task that is not there or has other knobs by now."""
    known = registry().tasks.get(task)
    if known is None:
        return NONE
    try:
        params = known.Params.model_validate(knobs)
    except ValidationError:
        return NONE
    return " × ".join(f"{getattr(params, name)} {name}" for name in params.sized_by) or NONE
