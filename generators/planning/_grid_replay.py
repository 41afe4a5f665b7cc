"""A board under fog once more, from what the clip shows of it, as a graph of networkx."""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

from pydantic import JsonValue

from generators.planning._grid_ways import plan_problem
from morse.layout import Shown

Edges = Callable[[Mapping[str, str]], Iterable[tuple[str, str, str]]]
"""From what is seen of each cell to the steps that can be made: cell, way, cell."""
SIDES = {"up": (0, -1), "right": (1, 0), "down": (0, 1), "left": (-1, 0)}


class Atlas:
    """What has been seen of a board, put together."""

    def __init__(self, shown: Shown, edges: Edges) -> None:
        import networkx

        self.nx = networkx
        self.cells: dict[str, str] = {}
        self.marks: dict[str, str] = {}
        marks = {thing.id for thing in shown.objects if thing.kind == "mark"}
        for state in shown.states:
            for name, value in state.values.items():
                (self.marks if name in marks else self.cells)[name] = str(value)
        self.graph: Any = networkx.DiGraph()
        self.edges = [*edges(self.cells)]
        self.graph.add_edges_from((a, b, {"way": way}) for a, way, b in self.edges)
        self.signals = [
            (event.kind, str(event.values["way"])) for event in shown.events if event.kind in ("step", "look")
        ]
        self.start = next((str(event.values["cell"]) for event in shown.events if event.kind == "appear"), "")

    def far(self, start: str, goal: str) -> int:
        """Steps of a shortest way between two cells."""
        return 0 if start == goal else int(self.nx.shortest_path_length(self.graph, start, goal))

    def ways(self, start: str, goal: str) -> list[list[str]]:
        """All shortest ways between two cells, as lists of cells."""
        return list(self.nx.all_shortest_paths(self.graph, start, goal))

    def on(self, cell: str, way: str) -> str | None:
        """Where a step leads; ``None`` if it cannot be made."""
        onward = self.graph.adj.get(cell, {})
        return next((to for to, edge in onward.items() if edge["way"] == way), None)

    def strolled(self) -> str:
        """Where the walker is after the signals so far."""
        at = self.start
        for kind, way in self.signals:
            if kind == "step":
                at = self.on(at, way) or at
        return at

    def arrives(self, start: str, moves: str, goal: str) -> bool:
        """Whether moves, written ``up, left``, can all be made and end there."""
        at: str | None = start
        for way in moves.split(", "):
            at = self.on(at, way) if at else None
        return at == goal

    def plan(self, start: str, goal: str) -> JsonValue:
        """The plan problem between two cells, with a shortest plan."""
        cells = self.ways(start, goal)[0]
        moves = [self.graph[a][b]["way"] for a, b in pairwise(cells)]
        onward: dict[str, dict[str, str]] = {}
        for a, way, b in self.edges:
            onward.setdefault(a, {})[way] = b
        return plan_problem(onward, start, goal, moves).model_dump(mode="json")


def shifted(cell: str, way: str) -> str:
    """The name of the cell beside one."""
    across, down = SIDES[way]
    return f"{chr(ord(cell[0]) + across)}{int(cell[1:]) + down}"


def dead_reckoned(start: str, signals: Iterable[tuple[str, str]]) -> str:
    """Where steps lead that can all be made, whatever the board is like."""
    at = start
    for kind, way in signals:
        at = shifted(at, way) if kind == "step" else at
    return at
