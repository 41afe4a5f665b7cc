"""The workshop as a planning domain: four places on a bench, each built up from foot to top; every effect can be seen.

Values: a part is on the ``rack`` or ``used``; a place holds its layers from the bottom up (a foot, a wheel, ``nut``, a cover,
``bolts``, a top); a belt between two neighbouring places is ``off`` or ``on``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from generators.procedural._planning import Action, State, Value, history, some_step
from generators.procedural._shots import Shot
from morse.errors import Rejected
from morse.seeding import Rng

PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "foot": ("pillar", "tripod", "trestle", "arch", "block", "spring"),
        "wheel": ("cogwheel", "spoked wheel", "star wheel", "fan", "heart wheel", "square wheel"),
        "cover": ("round cover", "square cover", "hexagon cover", "diamond cover", "arched cover", "triangle cover"),
        "top": ("lamp", "bell", "handle", "funnel", "flag", "dial"),
    }
)
"""The parts, by the kind of step that mounts them."""
PLACES = ("place A", "place B", "place C", "place D")
BELTS = ("belt A-B", "belt B-C", "belt C-D")
STAGES = ("foot", "wheel", "nut", "cover", "bolts", "top")
"""What is done at each place, one on the other."""
ALL_STEPS = len(PLACES) * len(STAGES) + len(BELTS)
"""How many steps a machine is from an empty bench."""
PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "foot": "stand the {0} on {1}",
        "wheel": "put the {0} on the axle at {1}",
        "nut": "screw the nut onto the wheel at {0}",
        "belt": "lay a belt from {0} to {1}",
        "cover": "put the {0} over the wheel at {1}",
        "bolts": "bolt down the cover at {0}",
        "top": "set the {0} on top of the cover at {1}",
    }
)
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"foot": 1.2, "wheel": 2.0, "nut": 2.5, "belt": 3.0, "cover": 2.5, "bolts": 3.0, "top": 2.5}
)
"""How readily a mechanic does each kind of step."""


@dataclass(frozen=True)
class Workshop:
    """The parts of a workshop by their kind, and where everything is: ``column`` 0 … 3 from left to right."""

    parts: Mapping[str, tuple[str, ...]]
    column: Mapping[str, int]

    def actions(self) -> list[Action]:
        """Every step that can be done with these parts."""
        made = [_mount(kind, part, place) for kind in PARTS for part in self.parts[kind] for place in PLACES]
        made += [_fasten(kind, place) for kind in ("nut", "bolts") for place in PLACES]
        made += [_lay(belt, *ends_of(belt)) for belt in BELTS]
        return made

    def plan(self, start: State, steps: int, rng: Rng) -> list[Action]:
        """So many steps on the way to a whole machine: none is needless, as a whole machine has all of them."""
        by_kind: dict[str, list[Action]] = {}
        for action in self.actions():
            by_kind.setdefault(action.kind, []).append(action)
        state, walk = start, list[Action]()
        for _ in range(steps):
            step = some_step(by_kind, state, rng, WEIGHTS)
            if step is None:
                raise Rejected("the machine is whole too soon")
            walk.append(step)
            state = step.after(state)
        return walk

    def phrase(self, shot: Shot) -> str:
        return phrase(shot.kind, shot.objects)

    def twins(self, shot: Shot) -> list[tuple[str, ...]]:
        """The same mounting with each other part of the kind, or at another place that is ready for it."""
        if shot.kind not in PARTS:
            return []
        what, where = shot.objects
        found = [(part, where) for part in self.parts[shot.kind] if shot.before[part] == "rack" and part != what]
        ready = [place for place in PLACES if height(shot.before, place) == STAGES.index(shot.kind) and place != where]
        return found + [(what, place) for place in ready]


def phrase(kind: str, objects: Sequence[str]) -> str:
    """A step in words: ``put the fan on the axle at place B``."""
    return PHRASES[kind].format(*objects)


def equip(spares: int, steps: int, rng: Rng) -> tuple[Workshop, State]:
    """A workshop with ``spares`` more parts of each kind than places, and a machine begun, with ``steps`` steps to go or more."""
    parts = {kind: tuple(rng.fork(kind).sample(names, len(PLACES) + spares)) for kind, names in PARTS.items()}
    names = [name for kind in PARTS for name in parts[kind]]
    room = rng.sample([column for column in range(4) for _ in range(6)], len(names))
    column = dict(zip(names, room, strict=True))
    column |= {place: i for i, place in enumerate(PLACES)} | {belt: i for i, belt in enumerate(BELTS)}
    values: dict[str, Value] = dict.fromkeys(names, "rack")
    values |= dict.fromkeys(PLACES, ()) | dict.fromkeys(BELTS, "off")
    workshop, empty = Workshop(parts, column), MappingProxyType(values)
    done = rng.integer(0, ALL_STEPS - steps)
    return workshop, history(empty, workshop.plan(empty, done, rng.fork("begun")))[-1]


def layers(state: State, place: str) -> tuple[str, ...]:
    """What stands at a place, from the bottom up."""
    value = state[place]
    assert isinstance(value, tuple)
    return value


def height(state: State, place: str) -> int:
    """How many of :data:`STAGES` are done at a place."""
    return len(layers(state, place))


def ends_of(belt: str) -> tuple[str, str]:
    """The two places that a belt joins."""
    one, other = belt.removeprefix("belt ").split("-")
    return f"place {one}", f"place {other}"


def _mount(kind: str, part: str, place: str) -> Action:
    level = STAGES.index(kind)

    def belts_laid(state: State) -> bool:  # under a cover no belt can be laid any more
        return kind != "cover" or all(state[belt] == "on" for belt in BELTS if place in ends_of(belt))

    return Action(
        kind,
        (part, place),
        can=lambda s: s[part] == "rack" and height(s, place) == level,
        should=belts_laid,
        does=lambda s: {part: "used", place: (*layers(s, place), part)},
    )


def _fasten(kind: str, place: str) -> Action:
    return Action(
        kind,
        (place,),
        can=lambda s: height(s, place) == STAGES.index(kind),
        does=lambda s: {place: (*layers(s, place), kind)},
    )


def _lay(belt: str, one: str, other: str) -> Action:
    fastened = STAGES.index("nut") + 1
    return Action(
        "belt",
        (one, other),
        can=lambda s: s[belt] == "off" and height(s, one) == height(s, other) == fastened,
        does=lambda _: {belt: "on"},
    )
