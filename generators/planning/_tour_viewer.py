"""Tours once more, from what the clip shows of the maze: a search over cells and the signs that have been come by."""

from collections.abc import Sequence
from typing import Any

from generators.planning._grid_replay import Atlas

Node = tuple[str, frozenset[str]]
"""A cell, and the signs that have been come by on the way there."""


def been_by(maze: Atlas, steps: int) -> list[str]:
    """The signs that the walker steps on, in order, over so many steps."""
    names = {cell: sign for sign, cell in maze.marks.items()}
    at, been = maze.start, list[str]()
    for way in [way for kind, way in maze.signals if kind == "step"][:steps]:
        at = maze.on(at, way) or at
        if at in names:
            been.append(names[at])
    return been


def tours(maze: Atlas, start: str, wanted: Sequence[str]) -> tuple[int, list[tuple[str, ...]], list[str]]:
    """The shortest walks by all wanted signs: their length, the orders in which they first come by them, and the moves of one.

    Raises :class:`ValueError` if they cannot be reached.
    """
    names = {maze.marks[sign]: sign for sign in wanted}
    rim: list[Node] = [(start, frozenset())]
    came: dict[Node, tuple[Node, str] | None] = {rim[0]: None}
    orders: dict[Node, dict[tuple[str, ...], None]] = {rim[0]: {(): None}}
    while rim:
        ends = [node for node in rim if len(node[1]) == len(names)]
        if ends:
            found = {order: None for node in ends for order in orders[node]}
            moves: list[str] = []
            node = ends[0]
            while (step := came[node]) is not None:
                node = step[0]
                moves.append(step[1])
            return len(moves), [*found], moves[::-1]
        wider: dict[Node, dict[tuple[str, ...], None]] = {}
        for node in rim:
            cell, got = node
            edges: dict[str, Any] = maze.graph.adj[cell]
            for to, edge in edges.items():
                sign = names.get(to)
                fresh = sign is not None and sign not in got
                after = (to, got | {sign} if sign is not None else got)
                if after in orders:
                    continue
                came.setdefault(after, (node, str(edge["way"])))
                own = wider.setdefault(after, {})
                own |= {(*order, sign) if fresh and sign is not None else order: None for order in orders[node]}
        orders |= wider
        rim = [*wider]
    raise ValueError("signs that cannot be reached")
