"""Plans over cups: which swaps bring two coins to two places. The problem as data, and its second solution."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations

from pydantic import JsonValue

from generators.latent_state._hidden_search import deepening
from generators.latent_state._hidden_state import Operation
from morse.schema import Condition, Effect, Operator

SYNTAX = "swap(a1, b2)"


def problem(held: Mapping[str, str], goal: Mapping[str, str], plan: Iterable[Operation]) -> dict[str, JsonValue]:
    """A :class:`~morse.schema.PlanProblem` as JSON. ``held``: the coin under the cup at each place ("" for none);
    ``goal``: the coin that is to be at each of some places."""
    return {
        "initial": {f"content({place})": _term(coin) if coin else "nothing" for place, coin in held.items()},
        "operators": _operators(tuple(held)),
        "goal": [{"term": f"content({place})", "test": "is", "value": _term(coin)} for place, coin in goal.items()],
        "solution": [str(operation) for operation in plan],
        "most_steps": None,
    }


def two_swaps(at: Sequence[str], to: Sequence[str]) -> list[Operation]:
    """The plan that brings one coin to its place, then the other, from where it is by then."""
    (one, other), (first, second) = at, to
    other = one if other == first else other
    return [Operation("swap", (one, first)), Operation("swap", (other, second))]


def searched(at: tuple[str, ...], to: tuple[str, ...], places: Sequence[str]) -> list[Operation]:
    """A shortest plan that brings coins from their places to others, by search."""

    def steps(now: tuple[str, ...]) -> Iterator[tuple[Operation, tuple[str, ...]]]:
        for a, b in combinations(places, 2):
            yield Operation("swap", (a, b)), tuple(b if place == a else a if place == b else place for place in now)

    def least(now: tuple[str, ...]) -> int:
        return (sum(place != wanted for place, wanted in zip(now, to, strict=True)) + 1) // 2

    return deepening(at, lambda now: now == to, steps, least)


def _term(coin: str) -> str:
    return coin.replace(" ", "_")


@lru_cache(maxsize=64)
def _operators(places: tuple[str, ...]) -> list[JsonValue]:
    swap = Operator(
        name="swap",
        parameters={"?a": places, "?b": places},
        needs=(Condition(term="?a", test="is not", value="?b"),),
        does=(Effect(action="swap", term="content(?a)", value="content(?b)"),),
    )
    return [swap.model_dump(mode="json")]
