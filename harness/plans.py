"""Checking plans: the problem is data (:class:`~morse.schema.PlanProblem`), interpreted and never evaluated as code.

A term is a name (``a1``), a parameter (``?a``), or a fluent with arguments (``content(?a)``, ``next(place(?t), place(blank))``).
Arguments are worked out first; a fluent then stands for its value in the state, and for false if the state does not
name it. ``top(pile(p1))`` is the last entry of a list and ``size(pile(p1))`` its length. A name without arguments that
the state does not know stands for itself.
"""

import itertools
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pydantic import JsonValue

from harness.patterns import pattern
from morse.schema import Condition, Operator, PlanProblem

State = dict[str, JsonValue]
_TOKEN = pattern(r"\s*([^\s(),]+|[(),])")
_OPERATION = pattern(r"\s*([^\s()]*)\s*(?:\(([^()]*)\))?\s*\Z")
_DEEPEST = 8


class IllegalStep(Exception):
    """An operation of a plan that cannot be done; ``str`` says which and why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a plan: the goal reached or not, how many operations were done, and why it failed."""

    reached: bool
    done: int
    reason: str | None = None


def check_plan(problem: PlanProblem, plan: list[str]) -> Outcome:
    """Do a plan's operations one by one. An operation that is unknown or not allowed ends it: the plan has failed."""
    if problem.most_steps is not None and len(plan) > problem.most_steps:
        return Outcome(False, 0, f"{len(plan)} operations, at most {problem.most_steps} allowed")
    state = dict(problem.initial)
    operators = {operator.name.lower(): operator for operator in problem.operators}
    for done, step in enumerate(plan):
        try:
            state = _after(state, step, operators)
        except IllegalStep as why:
            return Outcome(False, done, str(why))
    if not _hold(problem.goal, state, {}):
        return Outcome(False, len(plan), "the goal is not reached")
    return Outcome(True, len(plan))


def shortest_plan(problem: PlanProblem, most_states: int = 200_000) -> list[str] | None:
    """A shortest plan by breadth-first search; ``None`` if there is none. Raises :class:`OverflowError` over ``most_states``."""
    start = dict(problem.initial)
    if _hold(problem.goal, start, {}):
        return []
    seen = {_frozen(start)}
    queue: deque[tuple[State, tuple[str, ...]]] = deque([(start, ())])
    grounded = [(operator, binding) for operator in problem.operators for binding in _bindings(operator)]
    while queue:
        state, plan = queue.popleft()
        for operator, binding in grounded:
            if not _hold(operator.needs, state, binding):
                continue
            try:
                after = _changed(state, operator, binding)
            except IllegalStep:
                continue
            if (key := _frozen(after)) in seen:
                continue
            longer = (*plan, written(operator.name, list(binding.values())))
            if _hold(problem.goal, after, {}):
                return [*longer]
            seen.add(key)
            if len(seen) > most_states:
                raise OverflowError(f"over {most_states} states")
            queue.append((after, longer))
    return None


def written(name: str, arguments: list[str]) -> str:
    """An operation as a plan writes it: ``swap(a1, b2)``."""
    return f"{name}({', '.join(arguments)})" if arguments else name


def _bindings(operator: Operator) -> Iterator[dict[str, str]]:
    for objects in itertools.product(*operator.parameters.values()):
        yield dict(zip(operator.parameters, objects, strict=True))


def _after(state: State, step: str, operators: dict[str, Operator]) -> State:
    match = _OPERATION.match(step)
    operator = operators.get(match[1].lower()) if match else None
    if match is not None and not match[1] and match[2] and len(operators) == 1:
        (operator,) = operators.values()  # an operation without its name, where there is only one
    if match is None or operator is None:
        raise IllegalStep(f"no such operation: {step[:60]}")
    arguments = [argument.strip() for argument in match[2].split(",")] if match[2] and match[2].strip() else []
    if len(arguments) != len(operator.parameters):
        raise IllegalStep(f"{operator.name} takes {len(operator.parameters)} arguments: {step[:60]}")
    binding = {}
    for (parameter, objects), argument in zip(operator.parameters.items(), arguments, strict=True):
        named = {name.lower(): name for name in objects}.get(argument.lower())
        if named is None:
            raise IllegalStep(f"{operator.name} knows no {argument[:30]}")
        binding[parameter] = named
    if not _hold(operator.needs, state, binding):
        raise IllegalStep(f"not allowed here: {step[:60]}")
    return _changed(state, operator, binding)


def _changed(state: State, operator: Operator, binding: dict[str, str]) -> State:
    after = dict(state)
    for effect in operator.does:
        target = _place(effect.term, state, binding)
        if effect.action == "set":
            after[target] = _wanted(effect.value, state, binding)
        elif effect.action == "swap":
            other = _place(str(effect.value), state, binding)
            after[target], after[other] = state.get(other, False), state.get(target, False)
        else:
            stack = after.get(target, [])
            if not isinstance(stack, list) or (effect.action == "pop" and not stack):
                raise IllegalStep(f"nothing to take from {target}")
            pushed = effect.action == "push"
            after[target] = [*stack, _wanted(effect.value, state, binding)] if pushed else stack[:-1]
    return after


def _hold(conditions: tuple[Condition, ...], state: State, binding: dict[str, str]) -> bool:
    return all(_holds(condition, state, binding) for condition in conditions)


def _holds(condition: Condition, state: State, binding: dict[str, str]) -> bool:
    found = _value(condition.term, state, binding)
    if condition.test in ("is empty", "is not empty"):
        return (found in ([], False, None, "")) == (condition.test == "is empty")
    wanted = _wanted(condition.value, state, binding)
    same = found == wanted and isinstance(found, bool) == isinstance(wanted, bool)
    return same == (condition.test == "is")


def _wanted(value: str | int | bool, state: State, binding: dict[str, str]) -> JsonValue:
    return _value(value, state, binding) if isinstance(value, str) else value


def _place(term: str, state: State, binding: dict[str, str]) -> str:
    """The key of the state that a term names."""
    name, arguments = _parsed(term)
    if not arguments:
        return binding.get(name, name)
    return f"{name}({', '.join(str(_worked_out(argument, state, binding)) for argument in arguments)})"


def _value(term: str, state: State, binding: dict[str, str]) -> JsonValue:
    return _worked_out(_parsed(term), state, binding)


Term = tuple[str, tuple["Term", ...]]


def _worked_out(term: Term, state: State, binding: dict[str, str]) -> JsonValue:
    name, arguments = term
    if not arguments:
        named = binding.get(name, name)
        return state.get(named, named)
    values = [_worked_out(argument, state, binding) for argument in arguments]
    if name in ("top", "size") and isinstance(values[0], list):
        stack = values[0]
        return len(stack) if name == "size" else (stack[-1] if stack else False)
    return state.get(f"{name}({', '.join(map(str, values))})", False)


@lru_cache(maxsize=4096)
def _parsed(term: str) -> Term:
    tokens = _TOKEN.findall(term)
    if "".join(tokens) != re.sub(r"\s", "", term):
        raise ValueError(f"not a term: {term!r}")
    found, rest = _term(tokens, 0)
    if rest:
        raise ValueError(f"not a term: {term!r}")
    return found


def _term(tokens: list[str], depth: int) -> tuple[Term, list[str]]:
    if not tokens or tokens[0] in "()," or depth > _DEEPEST:
        raise ValueError("not a term")
    name, rest = tokens[0], tokens[1:]
    if rest[:1] != ["("]:
        return (name, ()), rest
    arguments: list[Term] = []
    while True:
        argument, rest = _term(rest[1:], depth + 1)
        arguments.append(argument)
        if rest[:1] == [")"]:
            return (name, tuple(arguments)), rest[1:]
        if rest[:1] != [","]:
            raise ValueError("not a term")


def _frozen(state: State) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, repr(value)) for key, value in state.items()))
