"""The river once more, from what the clip shows of it: passengers by name, states as a graph of networkx."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any

from pydantic import JsonValue

from generators.planning._river_rules import BANKS, plan_problem, written
from morse.layout import Shown
from morse.schema import Question

Names = frozenset[str]
Node = tuple[Names, str]
"""Who is on the left bank, and the boat's bank."""


class Told:
    """What has been seen: who was where, the rules on the signs, and who has crossed."""

    def __init__(self, shown: Shown) -> None:
        values: dict[str, Any] = {}
        for state in shown.states:
            values |= state.values
        self.left, self.right = (frozenset(str(values[bank]).split()) for bank in BANKS)
        self.boat, self.goal = str(values["boat"]), str(values.get("to", ""))
        self.rowers, self.seats = frozenset(str(values.get("rows", "")).split()), int(values.get("seats", 0))
        self.pairs = frozenset(frozenset(pair.split()) for pair in str(values.get("apart", "")).split(", "))
        self.minutes: dict[str, int] = values.get("minutes", {})
        self.crossings = [event for event in shown.events if event.kind == "cross"]

    def run(self) -> Iterator[Node]:
        """The state at first and after each crossing."""
        left, boat = self.left, self.boat
        yield left, boat
        for event in self.crossings:
            left, boat = ferried((left, boat), frozenset(event.objects))
            yield left, boat

    def answer(self, question: Question) -> JsonValue:
        """The truth of a question, in the terms of ``Task.rederive``."""
        slots, run = question.slots, [*self.run()]
        everyone = self.left | self.right
        match question.kind:
            case "crossings":
                return len(self.crossings)
            case "aboard":
                return [*sorted(self.crossings[int(str(slots["number"])) - 1].objects)]
            case "bank_now":
                own = run[-1][0]
                return [*sorted(own if slots["bank"] == "left" else everyone - own)]
            case "minutes":
                return sum(max(self.minutes[name] for name in event.objects) for event in self.crossings)
            case "broken":
                lost = [bool(self.lost(node, self.pairs)) for node in run[1:]]
                return str(lost.index(True) + 1) if any(lost) else "none"
            case "alone":
                pair = frozenset((str(slots["one"]), str(slots["other"])))
                times = [i for i, node in enumerate(run) if i and pair in self.lost(node, self.pairs)]
                return [self.crossings[times[0] - 1].start, self.crossings[times[-1]].end] if times else None
            case "fewest":
                return len(self.way(run[-1])) - 1
            case "changed":
                rowers, pairs = self.rowers, self.pairs
                if slots["change"] == "pair":
                    pairs = pairs - {frozenset((str(slots["one"]), str(slots["other"])))}
                else:
                    rowers = rowers | {str(slots["one"])}
                return len(self.way(run[-1], rowers, pairs)) - 1
            case "next_load":
                whole = len(self.way(run[-1])) - 1
                graph = rivers(everyone, self.rowers, self.pairs, self.seats)
                for said in question.option_values:
                    load = frozenset(str(said).split(" and "))
                    after = ferried(run[-1], load)
                    here = run[-1][0] if run[-1][1] == "left" else everyone - run[-1][0]
                    if load <= here and graph.has_edge(run[-1], after) and len(self.way(after)) == whole:
                        return said
                raise ValueError("none of the loads is right")
            case "plan":
                way = self.way(run[-1])
                plan = [written(a[0] ^ b[0]) for a, b in pairwise(way)]
                sides = {name: "left" if name in run[-1][0] else "right" for name in sorted(everyone)}
                pairs = sorted(sorted(pair) for pair in self.pairs)
                return plan_problem(sides, self.rowers, pairs, self.seats, run[-1][1], self.goal, plan).model_dump(
                    mode="json"
                )
        raise ValueError(f"no question kind {question.kind!r}")

    def lost(self, node: Node, pairs: frozenset[Names]) -> list[Names]:
        """The pairs that are on the bank without the boat, with no rower there."""
        away = (self.left | self.right) - node[0] if node[1] == "left" else node[0]
        return [] if away & self.rowers else [pair for pair in sorted(pairs, key=sorted) if pair <= away]

    def way(self, start: Node, rowers: Names | None = None, pairs: frozenset[Names] | None = None) -> list[Node]:
        """The states of a shortest way to everyone on the wanted bank."""
        import networkx

        everyone = self.left | self.right
        graph = rivers(everyone, rowers or self.rowers, self.pairs if pairs is None else pairs, self.seats)
        end = (everyone if self.goal == "left" else frozenset[str](), self.goal)
        return networkx.shortest_path(graph, start, end)


def ferried(node: Node, load: Names) -> Node:
    """The state after a load has gone to the other bank."""
    left, boat = node
    return (left - load, "right") if boat == "left" else (left | load, "left")


@lru_cache(maxsize=32)
def rivers(everyone: Names, rowers: Names, pairs: frozenset[Names], seats: int) -> Any:
    """All states in which no pair is left alone, joined where a load that has a rower leads from one to the other."""
    import networkx

    names = sorted(everyone)
    lefts = [frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size)]
    graph: Any = networkx.Graph()
    for left in lefts:
        for boat, away in (("left", everyone - left), ("right", left)):
            if away & rowers or not any(pair <= away for pair in pairs):
                graph.add_node((left, boat))
    for left, boat in [*graph]:
        if boat == "right":
            continue
        for size in range(1, seats + 1):
            for some in combinations(sorted(left), size):
                after = (left - {*some}, "right")
                if rowers.intersection(some) and after in graph:
                    graph.add_edge((left, boat), after)
    return graph
