"""The laboratory as a planning domain: bottles, tubs, balance, glassware, burner, ice, filter; every effect can be seen.

Values: doses left in a bottle or tub; the powder on the ``balance`` (or ``empty``); a vessel's layers from the bottom up, each
``doses what how`` (``1 cobalt raw``, ``3 cobalt+salt boiled``); the ``funnel`` (``bare``, ``paper``, ``cobalt+salt``: a residue);
``burner`` and ``label`` ``off`` or ``on``; the ``thermometer`` in degrees.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from generators.procedural._planning import Action, State, Value, find_plan, some_step
from generators.procedural._shots import Shot
from morse.seeding import Rng

LIQUIDS = (
    "cobalt", "copper", "nickel", "iodine", "chrome", "litmus", "acid", "lye", "indigo", "brine", "amber", "rose",
)  # fmt: skip
POWDERS = ("salt", "sulfur", "zinc", "rust", "carbon", "jade")
ROOM: Mapping[str, int] = MappingProxyType({"tube": 3, "beaker": 6, "flask": 6, "receiver": 8})
"""How many doses a vessel takes."""
COLD, WARM, HOT = 5, 20, 95
PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "weigh": "weigh out {0}",
        "add": "tip the weighed powder into the {1}",
        "pour": "pour {0} into the {1}",
        "stir": "stir what is in the {0}",
        "shake": "shake the {0}",
        "empty": "empty the {0} into the {1}",
        "light": "light the {0}",
        "boil": "boil what is in the {0}",
        "douse": "put out the {0}",
        "cool": "cool the {0} in the ice",
        "fit": "lay a filter paper into the {0}",
        "filter": "pour what is in the {0} through the {1}",
        "label": "stick a label on the {0}",
    }
)
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "weigh": 1.6, "add": 4.0, "pour": 2.0, "stir": 2.5, "shake": 3.0, "empty": 2.5, "light": 0.8, "boil": 4.0,
        "douse": 0.3, "cool": 4.0, "fit": 0.8, "filter": 4.0, "label": 2.0,
    }
)  # fmt: skip
"""How readily a chemist does each kind of step."""
LAST = ("stir", "shake", "boil", "cool", "filter", "label")
"""Kinds of step that a procedure may end with."""
ALIKE = ("weigh", "pour")
"""Kinds of step that follow each other in any order, by the names of the reagents."""
FIXED = MappingProxyType(
    {
        "balance": 0, "tube": 0, "beaker": 1, "flask": 2, "burner": 2, "thermometer": 2, "funnel": 3, "receiver": 3,
        "label": 3,
    }
)  # fmt: skip
"""The column of everything that has no place on the shelves."""


def store(name: str) -> str:
    """What a reagent is kept in."""
    return f"{name} bottle" if name in LIQUIDS else f"{name} tub"


def reagent(name: str) -> str:
    """What a bottle or tub holds."""
    return name.removesuffix(" bottle").removesuffix(" tub")


@dataclass(frozen=True)
class Laboratory:
    """The reagents of a laboratory, the doses in a full bottle, and where everything is: ``column`` 0 … 3 from left to right."""

    liquids: tuple[str, ...]
    powders: tuple[str, ...]
    most_doses: int
    column: Mapping[str, int]

    @property
    def stores(self) -> tuple[str, ...]:
        return tuple(map(store, (*self.liquids, *self.powders)))

    def actions(self) -> list[Action]:
        """Every step that can be done here."""
        made = [_weigh(name) for name in self.powders]
        made += [_add(vessel) for vessel in ("tube", "beaker")]
        made += [_pour(name, vessel) for name in self.liquids for vessel in ("tube", "beaker", "flask")]
        made += [_blend("stir", "beaker", "stirred"), _blend("shake", "tube", "shaken")]
        made += [_empty("tube", "beaker"), _empty("beaker", "flask")]
        return made + _HEATING + _FILTERING

    def plan(self, start: State, steps: int, rng: Rng) -> list[Action]:
        return find_plan(self.actions(), start, steps, LAST, rng, WEIGHTS)

    def phrase(self, shot: Shot) -> str:
        return phrase(shot.kind, shot.objects)

    def twins(self, shot: Shot) -> list[tuple[str, ...]]:
        """The same pouring or weighing with each other reagent that is left."""
        if shot.kind not in ALIKE:
            return []
        names = map(store, self.liquids if shot.kind == "pour" else self.powders)
        return [(name, shot.objects[1]) for name in names if shot.before[name] and name != shot.objects[0]]


def phrase(kind: str, objects: Sequence[str]) -> str:
    """A step in words: ``pour cobalt into the beaker``."""
    return PHRASES[kind].format(*map(reagent, objects))


def supply(liquids: int, powders: int, doses: int, rng: Rng) -> tuple[Laboratory, State]:
    """A laboratory with so many reagents, and how it is at first: as earlier work, up to ten steps of it, has left it."""
    wet, dry = tuple(rng.sample(LIQUIDS, liquids)), tuple(rng.sample(POWDERS, powders))
    names = [store(name) for name in (*wet, *dry)]
    room = rng.sample([column for column in range(4) for _ in range(6)], len(names))
    values: dict[str, Value] = {name: rng.integer(1, doses) for name in names}
    values |= {"balance": "empty", "funnel": "bare", "burner": "off", "label": "off", "thermometer": WARM}
    values |= {vessel: () for vessel in ROOM}
    column = dict(FIXED) | dict(zip(names, room, strict=True))
    laboratory = Laboratory(wet, dry, doses, column)
    state: State = MappingProxyType(values)
    by_kind: dict[str, list[Action]] = {}
    for action in laboratory.actions():
        by_kind.setdefault(action.kind, []).append(action)
    for _ in range(rng.integer(0, 10)):
        step = some_step(by_kind, state, rng, WEIGHTS)
        state = step.after(state) if step else state
    return laboratory, state


@dataclass(frozen=True)
class Layer:
    """So many doses of some reagents together, and what was done to them."""

    doses: int
    names: tuple[str, ...]
    how: str

    @classmethod
    def read(cls, text: str) -> "Layer":
        doses, names, how = text.split()
        return cls(int(doses), tuple(names.split("+")), how)

    def __str__(self) -> str:
        return f"{self.doses} {'+'.join(self.names)} {self.how}"


def layers(state: State, vessel: str) -> tuple[str, ...]:
    """What is in a vessel, from the bottom up."""
    value = state[vessel]
    assert isinstance(value, tuple)
    return value


def together(state: State, vessel: str, how: str) -> Layer:
    """All that is in a vessel as one layer."""
    parts = [Layer.read(text) for text in layers(state, vessel)]
    names = sorted(dict.fromkeys(name for part in parts for name in part.names))
    return Layer(sum(part.doses for part in parts), tuple(names), how)


def doses(state: State, vessel: str) -> int:
    return sum(Layer.read(text).doses for text in layers(state, vessel))


def how(state: State, vessel: str) -> str:
    """What was last done to all that is in a vessel: ``raw`` if it lies in layers still."""
    held = layers(state, vessel)
    return Layer.read(held[0]).how if len(held) == 1 else "raw"


def _fits_into(state: State, vessel: str, more: int = 1) -> bool:
    return doses(state, vessel) + more <= ROOM[vessel]


def _less(left: Value) -> int:
    assert isinstance(left, int)
    return left - 1


def _weigh(name: str) -> Action:
    tub = store(name)
    return Action(
        "weigh",
        (tub, "balance"),
        can=lambda s: s[tub] != 0,
        should=lambda s: s["balance"] == "empty",
        does=lambda s: {tub: _less(s[tub]), "balance": name},
    )


def _add(vessel: str) -> Action:
    return Action(
        "add",
        ("balance", vessel),
        can=lambda s: s["balance"] != "empty",
        should=lambda s: _fits_into(s, vessel) and bool(s[vessel]),
        does=lambda s: {"balance": "empty", vessel: (*layers(s, vessel), f"1 {s['balance']} raw")},
    )


def _pour(name: str, vessel: str) -> Action:
    bottle = store(name)
    return Action(
        "pour",
        (bottle, vessel),
        can=lambda s: s[bottle] != 0,
        should=lambda s: _fits_into(s, vessel) and (vessel != "flask" or s["thermometer"] == WARM),
        does=lambda s: {bottle: _less(s[bottle]), vessel: (*layers(s, vessel), f"1 {name} raw")},
    )


def _blend(kind: str, vessel: str, result: str) -> Action:
    return Action(
        kind,
        (vessel,),
        can=lambda s: bool(s[vessel]),
        should=lambda s: len(layers(s, vessel)) > 1,
        does=lambda s: {vessel: (str(together(s, vessel, result)),)},
    )


def _empty(source: str, target: str) -> Action:
    def should(s: State) -> bool:
        ready = how(s, source) != "raw" or doses(s, source) == 1
        return ready and _fits_into(s, target, doses(s, source)) and (target != "flask" or s["thermometer"] == WARM)

    return Action(
        "empty",
        (source, target),
        can=lambda s: bool(s[source]),
        should=should,
        does=lambda s: {source: (), target: (*layers(s, target), *layers(s, source))},
    )


def _switch(kind: str, name: str, before: str, after: str, should: Callable[[State], bool]) -> Action:
    return Action(kind, (name,), can=lambda s: s[name] == before, should=should, does=lambda _: {name: after})


_HEATING = [
    _switch("light", "burner", "off", "on", lambda s: True),
    _switch("douse", "burner", "on", "off", lambda s: s["thermometer"] == HOT),
    Action(
        "boil",
        ("flask",),
        can=lambda s: s["burner"] == "on" and bool(s["flask"]),
        should=lambda s: how(s, "flask") not in ("boiled", "cooled"),
        does=lambda s: {"flask": (str(together(s, "flask", "boiled")),), "thermometer": HOT},
    ),
    Action(
        "cool",
        ("flask",),
        can=lambda s: bool(s["flask"]),
        should=lambda s: how(s, "flask") == "boiled" and s["burner"] == "off",
        does=lambda s: {"flask": (str(together(s, "flask", "cooled")),), "thermometer": COLD},
    ),
]
_FILTERING = [
    Action(
        "fit",
        ("funnel",),
        can=lambda s: s["funnel"] != "paper",
        does=lambda _: {"funnel": "paper"},
    ),
    Action(
        "filter",
        ("flask", "funnel"),
        can=lambda s: s["funnel"] == "paper" and bool(s["flask"]),
        should=lambda s: how(s, "flask") == "cooled" and _fits_into(s, "receiver", doses(s, "flask")),
        does=lambda s: {
            "flask": (),
            "thermometer": WARM,
            "funnel": "+".join(together(s, "flask", "").names),
            "receiver": (*layers(s, "receiver"), str(together(s, "flask", "filtered"))),
        },
    ),
    Action(
        "label",
        ("receiver",),
        can=lambda s: s["label"] == "off",
        should=lambda s: bool(s["receiver"]),
        does=lambda _: {"label": "on"},
    ),
]
