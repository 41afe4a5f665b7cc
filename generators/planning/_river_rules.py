"""A river with a boat: whom it may carry, who may not be left alone, and how few crossings bring all to one bank."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

from pydantic import JsonValue

from morse.schema import Condition, Effect, Operator, PlanProblem

State = tuple[int, int]
"""Who is on the left bank (a bit a passenger), and where the boat is: 0 left, 1 right."""
BANKS = ("left", "right")
LOADS = ("alone", "pair", "three")
"""What a plan calls a crossing of one, two or three."""


@dataclass(frozen=True)
class Rules:
    """What is allowed: how many seats the boat has, who can row it (bits), and which pairs may not be left without a rower."""

    count: int
    seats: int
    rowers: int
    pairs: tuple[int, ...]
    """Two bits each."""

    @cached_property
    def loads(self) -> tuple[int, ...]:
        """All loads that the boat can carry with someone to row it."""
        bits = [1 << i for i in range(self.count)]
        sizes = range(1, self.seats + 1)
        return tuple(load for size in sizes for some in combinations(bits, size) if (load := sum(some)) & self.rowers)

    @property
    def all(self) -> int:
        return (1 << self.count) - 1

    def bank(self, state: State, side: int) -> int:
        """Who is on a bank."""
        return state[0] if side == 0 else self.all & ~state[0]

    def alone(self, state: State) -> list[int]:
        """The pairs that are on the bank without the boat and have no rower there."""
        left = self.bank(state, 1 - state[1])
        return [] if left & self.rowers else [pair for pair in self.pairs if left & pair == pair]

    def onward(self, state: State) -> Iterator[tuple[int, State]]:
        """Each load that can be taken across, and what that leads to, whether it is allowed or not."""
        here = self.bank(state, state[1])
        for load in self.loads:
            if load & here == load:
                yield load, (state[0] ^ load, 1 - state[1])

    def distances(self, goal: int) -> dict[State, int]:
        """The fewest crossings from each state to everyone on the bank ``goal``, none of which leaves a pair alone."""
        rim: list[State] = [(self.all if goal == 0 else 0, goal)]
        found = dict.fromkeys(rim, 0)
        steps = 0
        while rim:  # crossings can be undone, so the way there is the way back
            steps += 1
            wider: list[State] = []
            for state in rim:
                for _, before in self.onward(state):
                    if before not in found and not self.alone(before):
                        found[before] = steps
                        wider.append(before)
            rim = wider
        return found


def plan_problem(
    sides: Mapping[str, str], rowers: Iterable[str], pairs: Iterable[Sequence[str]], seats: int, boat: str, goal: str,
    plan: Sequence[str],
) -> PlanProblem:  # fmt: skip
    """The plan problem over the names of passengers. A pair that was left alone (``lost``) lets nothing more be done."""
    oars = sorted(rowers)
    initial: dict[str, JsonValue] = {"side(boat)": boat, "over(left)": "right", "over(right)": "left"}
    initial |= {f"side({name})": side for name, side in sorted(sides.items())}
    initial |= {f"hand({name})": "oar" if name in oars else "bare" for name in sorted(sides)}
    for size in range(1, seats + 1):
        hands = (some for some in product(("oar", "bare"), repeat=size) if "oar" in some)
        initial |= {f"crew({', '.join(some)})": True for some in hands}
    for here, there in (BANKS, BANKS[::-1]):
        initial[f"lost({', '.join([here, there, there, *(here for _ in oars)])})"] = True
    guard = ", ".join(f"side({name})" for name in oars)
    kept = tuple(
        Condition(term=f"lost(side(boat), side({a}), side({b}), {guard})", test="is empty")
        for a, b in sorted(tuple(sorted(pair)) for pair in pairs)
    )
    operators = []
    for size in range(1, seats + 1):
        who = [f"?{letter}" for letter in "abc"[:size]]
        different = [Condition(term=a, test="is not", value=b) for a, b in combinations(who, 2)]
        aboard = [Condition(term=f"side({one})", value="side(boat)") for one in who]
        rowed = Condition(term=f"crew({', '.join(f'hand({one})' for one in who)})")
        across = [Effect(action="set", term=f"side({one})", value="over(side(boat))") for one in (*who, "boat")]
        operators.append(
            Operator(
                name=LOADS[size - 1],
                parameters=dict.fromkeys(who, tuple(sorted(sides))),
                needs=(*different, *aboard, rowed, *kept),
                does=tuple(across),
            )
        )
    return PlanProblem(
        initial=initial,
        operators=tuple(operators),
        goal=tuple(Condition(term=f"side({name})", value=goal) for name in sorted(sides)),
        solution=tuple(plan),
    )


def written(names: Iterable[str]) -> str:
    """A crossing as a plan writes it."""
    own = sorted(names)
    return f"{LOADS[len(own) - 1]}({', '.join(own)})"
