"""Clips of which several orders are right, as a plan to be checked: showing a clip is an operation that needs what it begins with."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import JsonValue

from morse.schema import Condition, Effect, Operator, PlanProblem

SYNTAX = "clip1"


class Shown(NamedTuple):
    """What a numbered clip shows before and after its step."""

    number: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def order_problem(initial: Mapping[str, Any], clips: Sequence[Shown], solution: Sequence[int]) -> dict[str, JsonValue]:
    """A :class:`~morse.schema.PlanProblem` as JSON: every clip is to be shown once, each when all in view is as it begins with.

    ``initial``: the values at the very start of all that is in view in some clip. Values are numbered, an object's own ones.
    """
    names = sorted({name for clip in clips for name in clip.before})
    codes: dict[str, dict[str, int]] = {}
    for name in names:
        seen = {_text(view[name]) for clip in clips for view in (clip.before, clip.after) if name in view}
        codes[name] = {value: number for number, value in enumerate(sorted(seen | {_text(initial[name])}))}
    operators = []
    for clip in sorted(clips):
        done = f"shown{clip.number}"
        needs = [
            Condition(term=_fluent(name), value=codes[name][_text(value)])
            for name, value in sorted(clip.before.items())
        ]
        does = [
            Effect(action="set", term=_fluent(name), value=codes[name][_text(value)])
            for name, value in sorted(clip.after.items())
            if value != clip.before[name]
        ]
        operators.append(
            Operator(
                name=_operation(clip.number),
                needs=(Condition(term=done, test="is", value=False), *needs),
                does=(Effect(action="set", term=done, value=True), *does),
            )
        )
    first: dict[str, JsonValue] = {_fluent(name): codes[name][_text(initial[name])] for name in names}
    first |= {f"shown{clip.number}": False for clip in sorted(clips)}
    goal = tuple(Condition(term=f"shown{clip.number}", value=True) for clip in sorted(clips))
    problem = PlanProblem(
        initial=first, operators=tuple(operators), goal=goal, solution=tuple(map(_operation, solution))
    )
    return problem.model_dump(mode="json")


def _operation(number: int) -> str:
    return f"clip{number}"


def _fluent(name: str) -> str:
    return name.replace(" ", "_")


def _text(value: Any) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value)
