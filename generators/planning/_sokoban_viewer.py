"""The hall once more, from what the clip shows of it: cells by name, and all that pushes can lead to as a graph of networkx."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

from pydantic import JsonValue

from generators.planning._grid_replay import SIDES, shifted
from generators.planning._sokoban_hall import plan_problem
from morse.layout import Shown
from morse.schema import Question

Boxes = frozenset[str]
Node = tuple[Boxes, str]
"""Where boxes are, and the first by name of the cells that the worker can walk to."""


class Told:
    """What has been seen: floor and goals, the boxes, and the worker's signals."""

    def __init__(self, shown: Shown) -> None:
        cells: dict[str, str] = {}
        self.start: dict[str, str] = {}
        for state in shown.states:
            for name, value in state.values.items():
                if name.startswith("box-"):
                    self.start[name.removeprefix("box-")] = str(value)
                else:
                    cells[name] = str(value)
        self.floor = frozenset(cell for cell, value in cells.items() if value != "wall")
        self.goals = frozenset(cell for cell, value in cells.items() if value == "goal")
        self.signals = [event for event in shown.events if event.kind in ("step", "look")]
        self.stood = next((event.objects[1] for event in shown.events if event.kind == "appear"), "")

    def run(self, but: int | None = None) -> Iterator[tuple[dict[str, str], str, str | None]]:
        """Boxes, worker and the box pushed, after each signal; the push with number ``but`` is not made."""
        boxes, worker, count = dict(self.start), self.stood, 0
        for event in self.signals:
            pushed = None
            if event.kind == "step":
                after, to, pushed = self.stepped(boxes, worker, event.objects[0])
                count += pushed is not None
                if pushed is None or count != but:
                    boxes, worker = after, to
            yield boxes, worker, pushed

    def stepped(self, boxes: dict[str, str], worker: str, way: str) -> tuple[dict[str, str], str, str | None]:
        to = shifted(worker, way)
        box = next((name for name, cell in boxes.items() if cell == to), None)
        if to not in self.floor:
            return boxes, worker, None
        if box is None:
            return boxes, to, None
        beyond = shifted(to, way)
        if beyond not in self.floor or beyond in boxes.values():
            return boxes, worker, None
        return boxes | {box: beyond}, to, box

    def answer(self, question: Question) -> JsonValue:
        """The truth of a question, in the terms of ``Task.rederive``."""
        slots, run = question.slots, [*self.run()]
        pushes = [(i, box) for i, (_, _, box) in enumerate(run) if box is not None]
        boxes, worker, _ = run[-1]
        match question.kind:
            case "looks":
                return sum(event.kind == "look" for event in self.signals)
            case "pushes":
                return len(pushes)
            case "box_now":
                return boxes[str(slots["box"])]
            case "without":
                return [*self.run(int(str(slots["number"])))][-1][0][str(slots["box"])]
            case "stood":
                return self.stay(str(slots["box"]), str(slots["cell"]), [place for place, _, _ in run])
            case "stuck":
                lost = [self.near(run[i][0], run[i][1]) is None for i, _ in pushes]
                return str(lost.index(True) + 1) if True in lost else "none"
            case "fewest":
                return self.near(boxes, worker)
            case "first_push":
                near = self.near(boxes, worker)
                return next(said for said in question.option_values if self.led(boxes, worker, str(said)) == near)
            case "sequence":
                return next(
                    said
                    for said in question.option_values
                    if self.led(boxes, worker, str(said)) == str(said).count(",") + 1
                )
            case "plan":
                return self.plan(boxes, worker)
        raise ValueError(f"no question kind {question.kind!r}")

    def stay(self, box: str, cell: str, places: list[dict[str, str]]) -> JsonValue:
        """From the push that brings a box to a cell until the one that takes it away."""
        times = [event.start for event, place in zip(self.signals, places, strict=True) if place[box] == cell]
        if not times:
            return None
        return [times[0], next(event.start for event in self.signals if event.start > times[-1])]

    @property
    def graph(self) -> "Graph":
        return graph(self.floor, self.goals, frozenset(self.start.values()), self.stood)

    def near(self, boxes: dict[str, str], worker: str) -> int | None:
        """The fewest pushes to have all boxes on goals; ``None`` where no pushes will do."""
        return self.graph.lengths.get(self.graph.node(frozenset(boxes.values()), worker))

    def led(self, boxes: dict[str, str], worker: str, said: str) -> int | None:
        """The pushes of a solution that begins with these, ``K up, M left``; ``None`` where one cannot be made or there is none."""
        made = 0
        for push in said.split(", "):
            name, way = push.split(" ")
            place = frozenset(boxes.values())
            room = self.graph.rooms.room(place, behind(boxes[name], way))
            if room is None or room != self.graph.rooms.room(place, worker):
                return None
            boxes, worker, pushed = self.stepped(boxes, behind(boxes[name], way), way)
            if pushed is None:
                return None
            made += 1
        left = self.near(boxes, worker)
        return None if left is None else made + left

    def plan(self, boxes: dict[str, str], worker: str) -> JsonValue:
        """The plan problem, with the shortest of the plans of fewest pushes: a shortest path where each push weighs its walk."""
        import networkx

        whole, lengths = self.graph.whole, self.graph.lengths
        walks: Any = networkx.DiGraph()
        rim, seen = [(frozenset(boxes.values()), worker)], {(frozenset(boxes.values()), worker)}
        while rim:
            at, here = rim.pop()
            own = self.graph.node(at, here)
            for _, to, moves in whole.out_edges(own, data="moves") if lengths[own] else ():
                if lengths.get(to) != lengths[own] - 1:
                    continue
                for cell, way in moves:
                    lead = route(self.floor - at, here, behind(cell, way))
                    after = (at - {cell} | {shifted(cell, way)}, cell)
                    written = [*(f"move({step})" for step in lead), f"push({way})"]
                    known = walks.get_edge_data((at, here), after)
                    if known is None or len(written) < known["weight"]:
                        walks.add_edge((at, here), after, weight=len(written), written=written)
                    if after not in seen:
                        seen.add(after)
                        rim.append(after)
        ends = [(at, here) for at, here in walks if at == self.goals]
        start = (frozenset(boxes.values()), worker)
        found: Any = networkx.single_source_dijkstra(walks, start)
        costs, paths = found
        path = paths[min(ends, key=lambda end: costs[end])]
        written = [step for a, b in pairwise(path) for step in walks[a][b]["written"]]
        onward = {
            cell: {way: to for way in SIDES if (to := shifted(cell, way)) in self.floor} for cell in sorted(self.floor)
        }
        return plan_problem(onward, self.goals, boxes.values(), worker, written).model_dump(mode="json")


def behind(cell: str, way: str) -> str:
    """Where the worker must stand to push a box that way."""
    across, down = SIDES[way]
    return f"{chr(ord(cell[0]) - across)}{int(cell[1:]) - down}"


class Rooms:
    """Which cells can be walked between, for each place of the boxes."""

    def __init__(self, floor: frozenset[str]) -> None:
        self.beside = {cell: [to for way in SIDES if (to := shifted(cell, way)) in floor] for cell in sorted(floor)}
        self.known: dict[Boxes, dict[str, str]] = {}

    def room(self, boxes: Boxes, cell: str) -> str | None:
        """The room that a free cell is in, called after its first cell; ``None`` for a box or a wall."""
        if boxes not in self.known:
            rooms: dict[str, str] = {}
            for first in self.beside:
                if first in rooms or first in boxes:
                    continue
                rooms[first], rim = first, [first]
                while rim:
                    for to in self.beside[rim.pop()]:
                        if to not in rooms and to not in boxes:
                            rooms[to] = first
                            rim.append(to)
            self.known[boxes] = rooms
        return self.known[boxes].get(cell)


def route(free: frozenset[str], start: str, goal: str) -> list[str]:
    """The steps of a shortest walk, by networkx."""
    import networkx

    floor: Any = networkx.DiGraph()
    floor.add_node(start)
    floor.add_edges_from((a, b, {"way": way}) for a in sorted(free) for way in SIDES if (b := shifted(a, way)) in free)
    return [floor[a][b]["way"] for a, b in pairwise(networkx.shortest_path(floor, start, goal))]


class Graph:
    """All states that pushes can lead to from one, and the fewest pushes that solve each that can be solved."""

    def __init__(self, floor: frozenset[str], goals: Boxes, boxes: Boxes, worker: str) -> None:
        import networkx

        self.rooms, self.whole = Rooms(floor), networkx.DiGraph()
        rim = [self.node(boxes, worker)]
        self.whole.add_nodes_from(rim)
        while rim:
            own = rim.pop()
            at, here = own
            for cell in sorted(at):
                for way in SIDES:
                    to = shifted(cell, way)
                    if to in at or to not in floor or self.rooms.room(at, behind(cell, way)) != here:
                        continue
                    after = self.node(at - {cell} | {to}, cell)
                    if after not in self.whole:
                        rim.append(after)
                    if self.whole.has_edge(own, after):
                        self.whole[own][after]["moves"].append((cell, way))
                    else:
                        self.whole.add_edge(own, after, moves=[(cell, way)])
        solved = [own for own in self.whole if own[0] == goals]
        layers = networkx.bfs_layers(self.whole.reverse(copy=False), solved) if solved else ()
        self.lengths = {own: steps for steps, layer in enumerate(layers) for own in layer}

    def node(self, boxes: Boxes, worker: str) -> Node:
        return boxes, str(self.rooms.room(boxes, worker))


@lru_cache(maxsize=8)
def graph(floor: frozenset[str], goals: Boxes, boxes: Boxes, worker: str) -> Graph:
    return Graph(floor, goals, boxes, worker)
