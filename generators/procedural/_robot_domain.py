"""A robot's table as a planning domain: lettered blocks on numbered places and on each other; every effect can be seen.

Values: a block lies on a ``place`` or on another ``block``. A step moves a block that nothing lies on; in a step of the kind
``slip`` the block slips out of the hand and all stays as it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from generators.procedural._planning import Action, State
from generators.procedural._shots import Shot
from morse.errors import Rejected
from morse.seeding import Rng

PLACES = ("place 1", "place 2", "place 3", "place 4", "place 5")
LETTERS = "ABCDEFGH"
TALLEST = 3
"""Blocks on top of each other, at most."""
PHRASES: Mapping[str, str] = MappingProxyType(
    {"stack": "put {0} on {1}", "lay": "put {0} down on {1}", "slip": "lift {0} and lose it"}
)
WEIGHTS: Mapping[str, float] = MappingProxyType({"stack": 2.0, "lay": 1.0})
"""How readily the robot does each kind of step."""


@dataclass(frozen=True)
class Table:
    """The blocks on the table. ``slips``: how many steps of a plan fail; each is done again at once."""

    blocks: tuple[str, ...]
    slips: int = 0

    @property
    def column(self) -> Mapping[str, int]:
        """Every clip shows the whole table."""
        return dict.fromkeys((*self.blocks, *PLACES), 0)

    def actions(self) -> list[Action]:
        moves = [_move(block, target) for block in self.blocks for target in (*self.blocks, *PLACES) if target != block]
        return [*moves, *map(_slip, self.blocks)]

    def plan(self, start: State, steps: int, rng: Rng) -> list[Action]:
        """So many steps, in which the table never looks the same twice but for a slip, and no block is moved twice on end."""
        moves = [action for action in self.actions() if action.kind != "slip"]
        state, walk, seen = start, list[Action](), [dict(start)]
        for _ in range(steps - self.slips):
            fits = [action for action in moves if action.fits(state) and dict(action.after(state)) not in seen]
            fits = [action for action in fits if not walk or action.objects[0] != walk[-1].objects[0]]
            if not fits:
                raise Rejected("no step is left to do")
            walk.append(rng.weighted(fits, [WEIGHTS[action.kind] for action in fits]))
            state = walk[-1].after(state)
            seen.append(dict(state))
        for i in sorted(rng.fork("slips").sample(range(len(walk)), self.slips), reverse=True):
            walk.insert(i, _slip(walk[i].objects[0]))
        return walk

    def phrase(self, shot: Shot) -> str:
        return phrase(shot.kind, shot.objects)

    def twins(self, shot: Shot) -> list[tuple[str, ...]]:
        """The same block put elsewhere, as far as the step is called the same."""
        if shot.kind == "slip":
            return []
        block, target = shot.objects
        others = self.blocks if shot.kind == "stack" else PLACES
        return [
            (block, other) for other in others if other not in (block, target) and _move(block, other).fits(shot.before)
        ]


def phrase(kind: str, objects: Sequence[str]) -> str:
    """A step in words: ``put block A on block C``."""
    return PHRASES[kind].format(*objects)


def set_out(count: int, rng: Rng) -> tuple[tuple[str, ...], State]:
    """So many blocks, and where they lie at first."""
    blocks = tuple(f"block {letter}" for letter in LETTERS[:count])
    state: dict[str, str] = {}
    for block in rng.shuffled(blocks):
        state[block] = rng.choice([*free(state)])
    return blocks, MappingProxyType({block: state[block] for block in blocks})


def free(state: State) -> Iterator[str]:
    """The places and blocks on which another block can be put."""
    for spot in (*PLACES, *state):
        if is_clear(state, spot) and height(state, spot) < TALLEST:
            yield spot


def is_clear(state: State, spot: str) -> bool:
    """Whether nothing lies on a place or block."""
    return spot not in state.values()


def height(state: State, spot: str) -> int:
    """How many blocks lie on the table up to a spot and with it."""
    return 1 + height(state, str(state[spot])) if spot in state else 0


def _move(block: str, target: str) -> Action:
    return Action(
        "lay" if target in PLACES else "stack",
        (block, target),
        can=lambda s: is_clear(s, block) and (is_clear(s, target) or s[block] == target),
        should=lambda s: s[block] != target and height(s, target) < TALLEST,
        does=lambda _: {block: target},
    )


def _slip(block: str) -> Action:
    return Action("slip", (block,), can=lambda s: is_clear(s, block), does=lambda _: {})
