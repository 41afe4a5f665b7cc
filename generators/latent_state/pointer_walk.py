"""Pointers walk over a small state machine whose edges are seen once: which key a piece lands on is all that shows afterwards."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import permutations
from typing import Any, ClassVar, NamedTuple

from pydantic import JsonValue

from generators.latent_state._hidden_questions import asked
from generators.latent_state._hidden_replay import Values, retold
from generators.latent_state._hidden_search import breadth_first, deepening
from generators.latent_state._hidden_state import HiddenParams, HiddenRules, Life, Operation, lived
from generators.latent_state._walk_board import Board, draw_board
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import AnswerFormat, Condition, Effect, Grid, Operator, PlanProblem, Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

NODES, KEYS = "ABCDEFGH", "xyz"
PIECES = ("star", "moon", "heart", "diamond")


class Machine(NamedTuple):
    """``at[i]``: the node of piece i. ``edges[k][node]``: where key k leads from a node; each key leads to every node once."""

    at: tuple[int, ...]
    edges: tuple[tuple[int, ...], ...]


class Params(HiddenParams):
    sized_by: ClassVar[tuple[str, ...]] = ("nodes", "pieces")
    nodes: int = ramp(5, per_level=0.34, most=7, least=5, limit=8, about="nodes of the machine")
    keys: int = ramp(2, least=2, limit=3, about="keys, each with an edge from every node")
    pieces: int = ramp(2, per_level=0.25, most=4, least=2, limit=4, about="pieces that walk")


@dataclass(frozen=True)
class Rules(HiddenRules[Machine]):
    nodes: int
    keys: int
    pieces: int
    numbered: ClassVar[bool] = True
    syntax: ClassVar[str] = "press(star, x)"

    def any_state(self, rng: Rng) -> Machine:
        """No edge leads back to its own node, and no two lead from one node to the same one (a Latin rectangle: it can always
        be extended)."""
        taken: list[Sequence[int]] = [range(self.nodes)]
        while len(taken) <= self.keys:
            key = rng.shuffled(range(self.nodes))
            if all(to not in column for to, *column in zip(key, *taken, strict=True)):
                taken.append(key)
        places = tuple(rng.integer(0, self.nodes - 1) for _ in range(self.pieces))
        return Machine(places, tuple(tuple(key) for key in taken[1:]))

    def any_operation(self, state: Machine, last: Operation | None, rng: Rng, back: bool) -> Operation:
        return Operation("press", (PIECES[rng.integer(0, self.pieces - 1)], KEYS[rng.integer(0, self.keys - 1)]))

    def after(self, state: Machine, operation: Operation) -> Machine | None:
        piece, key = operation.objects
        edges = state.edges[KEYS.index(key)]
        moved = PIECES.index(piece)
        return Machine(tuple(edges[at] if i == moved else at for i, at in enumerate(state.at)), state.edges)

    def before(self, state: Machine, operation: Operation) -> Machine | None:
        piece, key = operation.objects
        edges = state.edges[KEYS.index(key)]
        moved = PIECES.index(piece)
        return Machine(tuple(edges.index(at) if i == moved else at for i, at in enumerate(state.at)), state.edges)

    def values(self, state: Machine) -> dict[str, JsonValue]:
        ways = {
            KEYS[k]: " ".join(f"{NODES[node]}>{NODES[to]}" for node, to in enumerate(key))
            for k, key in enumerate(state.edges)
        }
        return {**self.facts(state), **ways}

    def facts(self, state: Machine) -> Mapping[str, str]:
        return {PIECES[i]: NODES[at] for i, at in enumerate(state.at)}

    def words(self, operation: Operation) -> str:
        return f"{operation.objects[0]} on {operation.objects[1]}"

    def tallies(self) -> Mapping[str, Callable[[Operation], bool]]:
        return {key: lambda operation, key=key: operation.objects[1] == key for key in KEYS[: self.keys]}

    def changed(self, one: Machine, other: Machine) -> int:
        return sum(a != b for a, b in zip(one.at, other.at, strict=True))

    def whole(self, state: Machine, rng: Rng) -> tuple[dict[str, JsonValue], AnswerFormat, JsonValue]:
        facts = self.facts(state)
        slots: dict[str, JsonValue] = {"pieces": [*facts]}
        words = tuple(NODES[: self.nodes])
        return slots, Grid(rows=1, columns=self.pieces, vocabulary=words, noun="node"), [[*facts.values()]]

    def plan(self, state: Machine, steps: int, rng: Rng) -> tuple[dict[str, JsonValue], PlanProblem]:
        """Two nodes that two pieces reach after so many presses at the earliest."""
        for one, two in rng.shuffled([*permutations(range(self.pieces), 2)]):
            found = breadth_first((state.at[one], state.at[two]), partial(self._steps, state, (one, two)), steps)
            goals = [
                (goal, plan)
                for goal, plan in found.items()
                if len(plan) == steps and (steps == 1 or (goal[0] != state.at[one] and goal[1] != state.at[two]))
            ]
            if goals:
                (here, there), plan = rng.choice(goals)
                slots: dict[str, JsonValue] = {"place": PIECES[one], "goal": NODES[here]}
                slots |= {"second": PIECES[two], "also": NODES[there]}
                return slots, problem(self.values(state), slots, plan)
        raise Rejected("no goal so far away")

    def _steps(
        self, state: Machine, pair: tuple[int, int], at: tuple[int, int]
    ) -> Iterable[tuple[Operation, tuple[int, int]]]:
        for key, edges in zip(KEYS, state.edges, strict=False):
            yield Operation("press", (PIECES[pair[0]], key)), (edges[at[0]], at[1])
            yield Operation("press", (PIECES[pair[1]], key)), (at[0], edges[at[1]])


@register(category="latent_state", version=2, stage="manim")
class PointerWalk(Task[Params, Life[Machine]]):
    """Pointer walk: pieces walk over a state machine whose edges, and their places on it, are seen only once.

    What is shown
        A state machine with nodes A, B, C … and, at the right, the pieces that walk on it and the keys x, y, z. From every node
        one edge of each key leads to another node. Edges and places are seen before the first press or after the last one, drawn
        per clip. When a piece jumps onto a key, its pointer walks along the edge of that key from the node where it is.
    What is asked
        Which piece pressed which key in the k-th press, when a press happened, how often a key was pressed; where one or all
        pieces are at the covered end of the clip, or one is after the k-th press; how many pieces end elsewhere than they
        began; what further presses would lead to; presses that bring two pieces to two nodes.
    Difficulty
        More nodes, pieces and presses; more movements that change nothing (pieces that shake or turn back before a key,
        passing balls, cloths); shorter pauses; predictions and plans of more presses.
    Source
        New here. Finite automata as a hidden state, in the six skills of VideoReasonBench (arXiv 2505.23359).
    """

    def simulate(self, params: Params, rng: Rng) -> Life[Machine]:
        rules = Rules(params.nodes, params.keys, params.pieces)
        return lived(rules, params, rng, idle=("shake", "feint", "ball"))

    def layout(self, episode: Life[Machine], rng: Rng) -> Layout:
        return Board(episode, rng).layout()

    def ask(self, episode: Life[Machine], layout: Layout, rng: Rng) -> Iterable[Question]:
        return asked(episode, layout, rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(Retold(), question, shown)

    def draw(self, episode: Life[Machine], layout: Layout, stage: Any, style: Style) -> None:
        draw_board(layout, stage, style)


class Retold:
    """The machine once more, as a list of arrows for each key."""

    def redo(self, values: Values, operation: Operation) -> Values:
        piece, key = operation.objects
        return values | {piece: next(to for start, to in arrows(values, key) if start == values[piece])}

    def undo(self, values: Values, operation: Operation) -> Values:
        piece, key = operation.objects
        return values | {piece: next(start for start, to in arrows(values, key) if to == values[piece])}

    def fact(self, values: Values, place: str) -> str:
        return str(values[place])

    def tallied(self, operation: Operation, tally: str) -> bool:
        return operation.objects[-1] == tally

    def changed(self, first: Values, last: Values) -> int:
        return sum(node != last[name] for name, node in first.items())

    def whole(self, values: Values, question: Question) -> JsonValue:
        return [[node for name, node in values.items() if name not in KEYS]]

    def plan(self, values: Values, question: Question) -> JsonValue:
        """The two pieces walk by themselves, so that one may go first all the way."""
        slots = question.slots
        names, goals = (str(slots["place"]), str(slots["second"])), (str(slots["goal"]), str(slots["also"]))
        keys = [name for name in values if name in KEYS]

        def steps(at: tuple[str, ...]) -> Iterable[tuple[Operation, tuple[str, ...]]]:
            walking = 0 if at[0] != goals[0] else 1
            for key in keys:
                to = next(to for start, to in arrows(values, key) if start == at[walking])
                yield Operation("press", (names[walking], key)), (to, at[1]) if walking == 0 else (at[0], to)

        plan = deepening(tuple(str(values[name]) for name in names), lambda at: at == goals, steps)
        return problem(values, slots, plan).model_dump(mode="json")


def arrows(values: Values, key: str) -> list[tuple[str, str]]:
    """The edges of a key, from node to node."""
    return [(text[0], text[-1]) for text in str(values[key]).split()]


def problem(values: Values, goal: Mapping[str, JsonValue], plan: Iterable[Operation]) -> PlanProblem:
    """The plan problem "this piece at this node, and that piece at that"."""
    keys = tuple(name for name in values if name in KEYS)
    pieces = tuple(name for name in values if name not in KEYS)
    initial: Values = {f"at({piece})": values[piece] for piece in pieces}
    initial |= {f"edge({key}, {start})": to for key in keys for start, to in arrows(values, key)}
    return PlanProblem(
        initial=initial,
        operators=(
            Operator(
                name="press",
                parameters={"?piece": pieces, "?key": keys},
                does=(Effect(action="set", term="at(?piece)", value="edge(?key, at(?piece))"),),
            ),
        ),
        goal=(
            Condition(term=f"at({goal['place']})", value=str(goal["goal"])),
            Condition(term=f"at({goal['second']})", value=str(goal["also"])),
        ),
        solution=tuple(map(str, plan)),
    )
