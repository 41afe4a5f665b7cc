"""Cups and coins told a second time, and their plan problem."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.latent_state._coin_table import WORTHS
from generators.latent_state._hidden_replay import Values
from generators.latent_state._hidden_search import deepening
from generators.latent_state._hidden_state import Operation
from morse.schema import Condition, Effect, Operator, PlanProblem, Question

ROOM = 6
"""How many coins a cup has room for."""


class Retold:
    """The cups once more, as counts of coins."""

    def redo(self, values: Values, operation: Operation) -> Values:
        return _counted(values, operation, 1)

    def undo(self, values: Values, operation: Operation) -> Values:
        return _counted(values, operation, -1)

    def fact(self, values: Values, place: str) -> str:
        return str(sum(worth * times for worth, times in _purse(values, place).items()))

    def tallied(self, operation: Operation, tally: str) -> bool:
        return tally in operation.objects[1:]

    def changed(self, first: Values, last: Values) -> int:
        return len([cup for cup in first if _purse(first, cup) != _purse(last, cup)])

    def whole(self, values: Values, question: Question) -> JsonValue:
        return [str(worth) for worth in _purse(values, str(question.slots["place"])).elements()]

    def plan(self, values: Values, question: Question) -> JsonValue:
        cup, goal = str(question.slots["place"]), question.slots["goal"]
        assert isinstance(goal, list)
        wanted = Counter(int(str(worth)) for worth in goal)

        def lacking(held: tuple[tuple[str, tuple[int, ...]], ...]) -> int:
            now = Counter(dict(held)[cup])
            return (wanted - now).total() + (now - wanted).total()

        def steps(held: tuple[tuple[str, tuple[int, ...]], ...]) -> Iterable[tuple[Operation, Any]]:
            purses = dict(held)
            for source, coins in purses.items():
                for worth in sorted(set(coins)):
                    for target, others in purses.items():
                        if target != source and cup in (source, target) and len(others) < ROOM:
                            rest = list(coins)
                            rest.remove(worth)
                            after = purses | {source: tuple(rest), target: (*others, worth)}
                            yield Operation("move", (str(worth), source, target)), tuple(after.items())

        start = tuple((name, tuple(_purse(values, name).elements())) for name in values)
        plan = deepening(start, lambda held: lacking(held) == 0, steps, lacking)
        return problem(values, cup, goal, plan).model_dump(mode="json")


def _purse(values: Values, cup: str) -> Counter[int]:
    coins = values[cup]
    assert isinstance(coins, list)
    return Counter(int(str(worth)) for worth in coins)


def _counted(values: Values, operation: Operation, way: int) -> Values:
    """The values after an operation (``way`` 1) or before it (−1)."""
    worth, *cups = operation.objects
    changes = {"add": (1,), "take": (-1,), "move": (-1, 1)}[operation.kind]
    now = dict(values)
    for cup, change in zip(cups, changes, strict=True):
        purse = _purse(values, cup)
        purse[int(worth)] += way * change
        now[cup] = [*sorted(purse.elements())]
    return now


def problem(values: Values, cup: str, goal: list[JsonValue], plan: Iterable[Operation]) -> PlanProblem:
    """The plan problem "this cup holds exactly these coins", by moves between cups."""
    cups, coins = tuple(values), tuple(map(str, WORTHS))
    held = {f"held({coin}, {name})": _purse(values, name)[int(coin)] for coin in coins for name in cups}
    sizes = {f"size_of({name})": _purse(values, name).total() for name in cups}
    steps = {f"less({n})": n - 1 for n in range(1, ROOM + 1)} | {f"more({n})": n + 1 for n in range(ROOM)}
    wanted = Counter(str(worth) for worth in goal)
    return PlanProblem(
        initial={**held, **sizes, **steps},
        operators=(
            Operator(
                name="move",
                parameters={"?coin": coins, "?from": cups, "?to": cups},
                needs=(
                    Condition(term="held(?coin, ?from)", test="is not", value=0),
                    Condition(term="?from", test="is not", value="?to"),
                    Condition(term="size_of(?to)", test="is not", value=ROOM),
                ),
                does=(
                    Effect(action="set", term="held(?coin, ?from)", value="less(held(?coin, ?from))"),
                    Effect(action="set", term="held(?coin, ?to)", value="more(held(?coin, ?to))"),
                    Effect(action="set", term="size_of(?from)", value="less(size_of(?from))"),
                    Effect(action="set", term="size_of(?to)", value="more(size_of(?to))"),
                ),
            ),
        ),
        goal=tuple(Condition(term=f"held({coin}, {cup})", value=wanted[coin]) for coin in coins),
        solution=tuple(map(str, plan)),
    )
