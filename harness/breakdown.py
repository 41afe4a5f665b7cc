"""Accuracy by anything that a clip was made with: ``morse score --by skill,operations,size``.

What a table is broken down by may be a property of the question (task, kind, skill, level …), any knob of the tasks
(``morse tasks NAME`` lists them), or ``size``: all that a task declares to make what is shown large.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from pydantic import JsonValue, ValidationError

from harness.report import Report, Result, grouped
from morse.dataset import Dataset
from morse.errors import BadInput, did_you_mean
from morse.task import registry

OF_QUESTIONS: dict[str, Callable[[Result], str | int]] = {
    "category": lambda result: result.category,
    "task": lambda result: result.task,
    "level": lambda result: result.level,
    "kind": lambda result: result.kind,
    "reasoning": lambda result: result.reasoning,
    "skill": lambda result: result.skill,
    "format": lambda result: result.format,
}
SIZE, NONE = "size", "–"
"""What a clip has that lacks the knob."""


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

    def check(self, name: str) -> None:
        """Raises :class:`BadInput` for a name that nothing in the set has."""
        if name in OF_QUESTIONS or name == SIZE:
            return
        known = sorted({knob for knobs in self.knobs.values() for knob in knobs})
        if name not in known:
            every = list(dict.fromkeys([*OF_QUESTIONS, SIZE, *known]))
            raise BadInput(f"--by: nothing is called {name!r}{did_you_mean(name, every)}: there are {', '.join(every)}")

    def of(self, result: Result, name: str) -> str | int | float:
        if name in OF_QUESTIONS:
            return OF_QUESTIONS[name](result)
        if name == SIZE:
            return self.sizes[result.clip_id]
        value = self.knobs[result.clip_id].get(name, NONE)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


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
