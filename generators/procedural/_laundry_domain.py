"""The laundry as a planning domain: garments go from the pegs through machine, line and board to the shelf; every effect can be seen.

Values: a place holds garments with their condition, in the order of the garments (``dotted shirt: damp``); a condition is ``dirty``,
``wet``, ``damp``, ``dry``, ``smooth`` or ``folded``, with ``shrunk`` or ``tinted`` after it where the wash did harm; the ``drawer`` is
``empty`` or ``full``, the ``dial`` ``off``, ``30`` or ``60``, the ``iron`` ``off`` or ``on``; ``detergent``: cups left.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType

from generators.procedural._planning import Action, State, Value, find_plan, some_step
from generators.procedural._shots import Shot
from morse.seeding import Rng

SHAPES = ("shirt", "trousers", "dress", "skirt", "towel", "sweater", "sock", "scarf")
WOOL = ("sweater", "sock", "scarf")
"""What shrinks when it is washed too hot."""
PATTERNS = ("plain", "striped", "dotted", "checked", "starred", "wavy")
MOST_GARMENTS = 8
PLACES: Mapping[str, int] = MappingProxyType(
    {"pegs": 0, "white basket": 0, "colour basket": 0, "machine": 1, "line": 2, "board": 3, "shelf": 3}
)
"""Where garments can be, and in which column that is."""
FIXED: Mapping[str, int] = MappingProxyType(
    {**PLACES, "drawer": 1, "dial": 1, "detergent": 1, "heater": 2, "iron": 3},
)
DRUM = 4
"""How many garments the machine takes."""
PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "sort": "put the {0} into the {2}",
        "load": "load the {0} into the {2}",
        "dose": "put detergent into the {1}",
        "set30": "set the {0} to 30 degrees",
        "set60": "set the {0} to 60 degrees",
        "wash": "let the {0} wash",
        "spin": "let the {0} spin",
        "hang": "hang the {0} on the {2}",
        "dry": "dry what hangs on the {1}",
        "heat": "switch on the {0}",
        "lay": "lay the {0} on the {2}",
        "press": "iron the {0}",
        "fold": "fold the {0}",
        "put away": "put the {0} on the {2}",
    }
)
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "sort": 2.0, "load": 2.0, "dose": 1.2, "set30": 0.7, "set60": 0.9, "wash": 4.0, "spin": 4.0, "hang": 3.0, "dry": 2.5,
        "heat": 0.6, "lay": 3.0, "press": 3.0, "fold": 3.0, "put away": 3.0,
    }
)  # fmt: skip
"""How readily each kind of step is done."""
LAST = ("load", "wash", "spin", "hang", "dry", "press", "fold", "put away")
"""Kinds of step that a washing day may end with."""
ALIKE = ("sort", "load", "hang")
"""Kinds of step that follow each other in any order, by the names of the garments."""


@dataclass(frozen=True)
class Laundry:
    """The garments, which of them are white, how many cups of detergent there are at most, and where everything is."""

    garments: tuple[str, ...]
    white: frozenset[str]
    most_cups: int
    column: Mapping[str, int]

    def slot(self, garment: str) -> int:
        """The place of a garment among all: on pegs, line and shelf."""
        return self.garments.index(garment)

    def basket(self, garment: str) -> str:
        return "white basket" if garment in self.white else "colour basket"

    def slot_in_basket(self, garment: str) -> int:
        """Its place among those of its basket."""
        return [g for g in self.garments if self.basket(g) == self.basket(garment)].index(garment)

    def slot_in_drum(self, garment: str) -> int:
        return self.slot(garment) % DRUM

    def actions(self) -> list[Action]:
        """Every step that can be done here."""
        return self._actions

    @cached_property
    def _actions(self) -> list[Action]:
        made = [step for garment in self.garments for step in self._steps_of(garment)]
        return [*made, _DOSE, *_SETTINGS, self._wash(), _SPIN, _DRY, _HEAT]

    def plan(self, start: State, steps: int, rng: Rng) -> list[Action]:
        return find_plan(self.actions(), start, steps, LAST, rng, WEIGHTS)

    def phrase(self, shot: Shot) -> str:
        return phrase(shot.kind, shot.objects)

    def twins(self, shot: Shot) -> list[tuple[str, ...]]:
        """The same with each other garment that could be taken just then."""
        if len(shot.objects) < 3 or shot.kind == "put away":
            return []
        return [
            step.objects
            for step in self._actions
            if step.kind == shot.kind and step.objects[0] != shot.objects[0] and step.fits(shot.before)
        ]

    def _steps_of(self, garment: str) -> list[Action]:
        basket = self.basket(garment)
        on_board = (garment, "board")

        def room_in_drum(s: State) -> bool:
            others = [other for other, _ in held(s, "machine")]
            clean = any(now.split()[0] != "dirty" for _, now in held(s, "machine"))
            return not clean and all(self.slot_in_drum(other) != self.slot_in_drum(garment) for other in others)

        return [
            self._move("sort", garment, "pegs", basket, lambda s: True),
            self._move("load", garment, basket, "machine", room_in_drum),
            self._move("hang", garment, "machine", "line", lambda s: condition(s, "machine", garment) == "damp"),
            self._move(
                "lay", garment, "line", "board", lambda s: condition(s, "line", garment) == "dry" and not s["board"]
            ),
            Action(
                "press",
                on_board,
                can=lambda s: s["iron"] == "on" and bool(condition(s, "board", garment)),
                should=lambda s: condition(s, "board", garment) == "dry",
                does=lambda s: {"board": changed(s, "board", "smooth")},
            ),
            Action(
                "fold",
                on_board,
                can=lambda s: bool(condition(s, "board", garment)),
                should=lambda s: condition(s, "board", garment) == "smooth",
                does=lambda s: {"board": changed(s, "board", "folded")},
            ),
            self._move("put away", garment, "board", "shelf", lambda s: condition(s, "board", garment) == "folded"),
        ]

    def _move(self, kind: str, garment: str, source: str, target: str, should: Callable[[State], bool]) -> Action:
        def does(s: State) -> Mapping[str, Value]:
            moved = next(text for text in texts(s, source) if text.startswith(f"{garment}: "))
            there = sorted((*texts(s, target), moved), key=lambda text: self.slot(text.partition(": ")[0]))
            return {source: tuple(text for text in texts(s, source) if text != moved), target: tuple(there)}

        return Action(
            kind, (garment, source, target), can=lambda s: bool(condition(s, source, garment)), should=should, does=does
        )

    def _wash(self) -> Action:
        """At 60 degrees wool shrinks, and what is white takes on colour from what is not."""

        def does(s: State) -> Mapping[str, Value]:
            hot = s["dial"] == "60"
            mixed = any(garment not in self.white for garment, _ in held(s, "machine"))
            washed = []
            for garment, now in held(s, "machine"):
                harm = now.split()[1:]
                if hot and garment.split()[1] in WOOL and "shrunk" not in harm:
                    harm.append("shrunk")
                if hot and mixed and garment in self.white and "tinted" not in harm:
                    harm.append("tinted")
                washed.append(f"{garment}: {' '.join(('wet', *sorted(harm)))}")
            return {"machine": tuple(washed), "drawer": "empty", "dial": "off"}

        return Action(
            "wash",
            ("machine",),
            can=lambda s: bool(s["machine"]) and s["dial"] != "off",
            should=lambda s: s["drawer"] == "full" and all(now.split()[0] == "dirty" for _, now in held(s, "machine")),
            does=does,
        )


def phrase(kind: str, objects: Sequence[str]) -> str:
    """A step in words: ``hang the dotted shirt on the line``."""
    return PHRASES[kind].format(*objects)


def texts(state: State, place: str) -> tuple[str, ...]:
    """What a place holds: ``dotted shirt: damp`` and so on."""
    value = state[place]
    assert isinstance(value, tuple)
    return value


def held(state: State, place: str) -> tuple[tuple[str, str], ...]:
    """The garments at a place, and the condition of each with the harm that was done to it."""
    return _read(texts(state, place))


@lru_cache(maxsize=4096)
def _read(value: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((garment, now) for garment, _, now in (text.partition(": ") for text in value))


def condition(state: State, place: str, garment: str) -> str:
    """The condition of a garment without harm; empty if it is not there."""
    return next((now.split()[0] for other, now in held(state, place) if other == garment), "")


def changed(state: State, place: str, to: str) -> tuple[str, ...]:
    """What a place holds, in another condition but with the same harm."""
    return tuple(f"{garment}: {' '.join((to, *now.split()[1:]))}" for garment, now in held(state, place))


def wardrobe(garments: int, cups: int, rng: Rng) -> tuple[Laundry, State]:
    """Garments of which no two look the same, and how the day stands: up to 30 steps of it may have been done."""
    shapes = rng.shuffled([shape for shape in SHAPES for _ in range(2)])[:garments]
    patterns: dict[str, list[str]] = {shape: rng.fork(shape).shuffled(PATTERNS) for shape in SHAPES}
    names = tuple(f"{patterns[shape].pop()} {shape}" for shape in shapes)
    white = frozenset(rng.fork("white").sample(names, min(len(names) // 2, DRUM)))
    laundry = Laundry(names, white, cups, FIXED)
    values: dict[str, Value] = dict.fromkeys(PLACES, ())
    values |= {"pegs": tuple(f"{name}: dirty" for name in names), "drawer": "empty", "dial": "off", "iron": "off"}
    state: State = MappingProxyType({**values, "detergent": rng.integer(1, cups)})
    by_kind: dict[str, list[Action]] = {}
    for action in laundry.actions():
        by_kind.setdefault(action.kind, []).append(action)
    for _ in range(rng.integer(0, 3 * garments)):
        step = some_step(by_kind, state, rng, WEIGHTS)
        state = step.after(state) if step else state
    return laundry, state


def _less(cups: Value) -> int:
    assert isinstance(cups, int)
    return cups - 1


_DOSE = Action(
    "dose",
    ("detergent", "drawer"),
    can=lambda s: s["detergent"] != 0,
    should=lambda s: s["drawer"] == "empty",
    does=lambda s: {"detergent": _less(s["detergent"]), "drawer": "full"},
)
_SETTINGS = [
    Action(
        f"set{degrees}",
        ("dial",),
        can=lambda s, degrees=degrees: s["dial"] != degrees,
        should=lambda s: s["dial"] == "off" and any(now.split()[0] == "dirty" for _, now in held(s, "machine")),
        does=lambda _, degrees=degrees: {"dial": degrees},
    )
    for degrees in ("30", "60")
]
_SPIN = Action(
    "spin",
    ("machine",),
    can=lambda s: bool(s["machine"]),
    should=lambda s: bool(s["machine"]) and all(now.split()[0] == "wet" for _, now in held(s, "machine")),
    does=lambda s: {"machine": changed(s, "machine", "damp")},
)
_DRY = Action(
    "dry",
    ("heater", "line"),
    can=lambda s: bool(s["line"]),
    should=lambda s: any(now.split()[0] == "damp" for _, now in held(s, "line")),
    does=lambda s: {"line": changed(s, "line", "dry")},
)
_HEAT = Action("heat", ("iron",), can=lambda s: s["iron"] == "off", does=lambda _: {"iron": "on"})
