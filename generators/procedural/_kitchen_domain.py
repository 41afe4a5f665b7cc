"""The kitchen as a planning domain: jars, ingredients to chop, vessels, stove and oven; every effect can be seen.

Values: a jar's portions left; an ingredient's place (``rack board chopped used``); a vessel's layers from the bottom up
(``flour``, ``chopped carrot``, ``mix of 2: flour, milk``, ``browned …``); ``off``/``on``; the dish's place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from generators.procedural._planning import Action, State, Value

JARS = (
    "flour", "milk", "cocoa", "honey", "rice", "oats", "jam", "pesto",
    "curry", "beans", "peas", "corn", "grape", "water", "lentil", "poppy",
)  # fmt: skip
FRESH = ("carrot", "tomato", "onion", "cheese", "apple", "beet", "potato", "lemon", "plum", "leek")
VESSELS = ("bowl", "pot", "baking dish")
ROOM = {"bowl": 5, "pot": 5, "baking dish": 4, "plate": 5}
"""How many layers a vessel takes."""
PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "pour": "pour {0} into the {1}",
        "place": "put the {0} on the board",
        "chop": "chop the {0}",
        "scrape": "move the chopped {0} into the {1}",
        "stir": "stir what is in the {0}",
        "tip": "empty the {0} into the {1}",
        "light": "light the {0}",
        "fry": "brown what is in the {0}",
        "heat": "switch on the {0}",
        "slide": "put the {0} into the {1}",
        "bake": "bake what is in the {0}",
        "take out": "take the {0} out of the {1}",
        "serve": "empty the {0} onto the {1}",
    }
)


@dataclass(frozen=True)
class Kitchen:
    """What stands in a kitchen, and where: ``column`` 0 … 3 from left to right (board, bowl, stove, oven)."""

    jars: tuple[str, ...]
    fresh: tuple[str, ...]
    most_portions: int
    column: Mapping[str, int]


def phrase(kind: str, objects: Sequence[str]) -> str:
    """A step in words: ``pour milk into the bowl``."""
    return PHRASES[kind].format(*(name.removesuffix(" jar") for name in objects))


def jar(name: str) -> str:
    """The object that holds an ingredient."""
    return f"{name} jar"


def empty_kitchen(jars: Sequence[str], fresh: Sequence[str], portions: Sequence[int]) -> State:
    """Everything on its shelf, nothing used, all fires off."""
    values: dict[str, Value] = {jar(name): count for name, count in zip(jars, portions, strict=True)}
    values |= dict.fromkeys(fresh, "rack")
    values |= {
        "bowl": (),
        "pot": (),
        "baking dish": (),
        "plate": (),
        "stove": "off",
        "oven": "off",
        "dish at": "counter",
    }
    return MappingProxyType(values)


def kitchen_actions(jars: Sequence[str], fresh: Sequence[str]) -> list[Action]:
    """Every step that can be done with these ingredients."""
    made = [_pour(name, vessel) for name in jars for vessel in VESSELS]
    made += [_place(name, fresh) for name in fresh]
    made += [_chop(name) for name in fresh]
    made += [_scrape(name, vessel) for name in fresh for vessel in VESSELS]
    made += [
        Action(
            "stir",
            ("bowl",),
            can=lambda s: bool(s["bowl"]),
            should=lambda s: len(layers(s, "bowl")) > 1,
            does=lambda s: {"bowl": (mixed(layers(s, "bowl")),)},
        ),
        _tip("bowl", "pot", "tip"),
        _tip("bowl", "baking dish", "tip"),
        _tip("pot", "plate", "serve"),
        _tip("baking dish", "plate", "serve"),
        Action("light", ("stove",), can=lambda s: s["stove"] == "off", does=lambda s: {"stove": "on"}),
        Action(
            "fry",
            ("pot",),
            can=lambda s: s["stove"] == "on" and bool(s["pot"]),
            should=lambda s: not done(s, "pot"),
            does=lambda s: {"pot": browned(s, "pot")},
        ),
        Action("heat", ("oven",), can=lambda s: s["oven"] == "off", does=lambda s: {"oven": "on"}),
        Action(
            "slide",
            ("baking dish", "oven"),
            can=lambda s: s["dish at"] == "counter",
            should=lambda s: s["oven"] == "on" and bool(s["baking dish"]) and not done(s, "baking dish"),
            does=lambda s: {"dish at": "oven"},
        ),
        Action(
            "bake",
            ("baking dish",),
            can=lambda s: s["dish at"] == "oven" and s["oven"] == "on" and bool(s["baking dish"]),
            should=lambda s: not done(s, "baking dish"),
            does=lambda s: {"baking dish": browned(s, "baking dish")},
        ),
        Action(
            "take out",
            ("baking dish", "oven"),
            can=lambda s: s["dish at"] == "oven",
            should=lambda s: done(s, "baking dish"),
            does=lambda s: {"dish at": "counter"},
        ),
    ]
    return made


def layers(state: State, vessel: str) -> tuple[str, ...]:
    """What lies in a vessel, from the bottom up."""
    value = state[vessel]
    assert isinstance(value, tuple)
    return value


def mixed(parts: Sequence[str]) -> str:
    """One layer of all that was in several: ``mix of 3: flour, milk``. How much of each can no longer be seen."""
    inside = [parts_of(part) for part in parts]
    names = sorted(dict.fromkeys(name for _, held in inside for name in held))
    return f"mix of {sum(count for count, _ in inside)}: " + ", ".join(names)


def parts_of(layer: str) -> tuple[int, tuple[str, ...]]:
    """How many portions a layer is, and of which ingredients."""
    plain = layer.removeprefix("browned ")
    if not plain.startswith("mix of "):
        return 1, (plain.removeprefix("chopped "),)
    count, _, names = plain.removeprefix("mix of ").partition(": ")
    return int(count), tuple(names.split(", "))


def browned(state: State, vessel: str) -> tuple[str, ...]:
    """The layers of a vessel, all of them browned."""
    return tuple(name if name.startswith("browned ") else f"browned {name}" for name in layers(state, vessel))


def done(state: State, vessel: str) -> bool:
    """Whether all that is in a vessel is browned."""
    return all(name.startswith("browned ") for name in layers(state, vessel))


def reachable(state: State, vessel: str) -> bool:
    """Whether a vessel stands where something can be put into it."""
    return vessel != "baking dish" or state["dish at"] == "counter"


def _has_room(state: State, vessel: str, more: int = 1) -> bool:
    return len(layers(state, vessel)) + more <= ROOM[vessel]


def _pour(name: str, vessel: str) -> Action:
    return Action(
        "pour",
        (jar(name), vessel),
        can=lambda s: s[jar(name)] != 0 and reachable(s, vessel),
        should=lambda s: _has_room(s, vessel),
        does=lambda s: {jar(name): _less(s[jar(name)]), vessel: (*layers(s, vessel), name)},
    )


def _less(portions: Value) -> int:
    assert isinstance(portions, int)
    return portions - 1


def _place(name: str, fresh: Sequence[str]) -> Action:
    return Action(
        "place",
        (name, "board"),
        can=lambda s: s[name] == "rack",
        should=lambda s: all(s[other] not in ("board", "chopped") for other in fresh),
        does=lambda s: {name: "board"},
    )


def _chop(name: str) -> Action:
    return Action("chop", (name,), can=lambda s: s[name] == "board", does=lambda s: {name: "chopped"})


def _scrape(name: str, vessel: str) -> Action:
    return Action(
        "scrape",
        (name, vessel),
        can=lambda s: s[name] == "chopped" and reachable(s, vessel),
        should=lambda s: _has_room(s, vessel),
        does=lambda s: {name: "used", vessel: (*layers(s, vessel), f"chopped {name}")},
    )


def _tip(source: str, target: str, kind: str) -> Action:
    def should(s: State) -> bool:
        ready = done(s, source) if kind == "serve" else True
        return ready and _has_room(s, target, len(layers(s, source)))

    return Action(
        kind,
        (source, target),
        can=lambda s: bool(s[source]) and reachable(s, source) and reachable(s, target),
        should=should,
        does=lambda s: {source: (), target: (*layers(s, target), *layers(s, source))},
    )
