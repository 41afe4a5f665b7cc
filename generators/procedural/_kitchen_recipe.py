"""Recipes for the kitchen, found by search, and the clips of their steps, whose order is proven to be the only one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from generators.procedural._kitchen_domain import FRESH, JARS, Kitchen, empty_kitchen, jar, kitchen_actions, phrase
from generators.procedural._planning import (
    Action,
    Sight,
    State,
    count_orders,
    count_orders_with_gap,
    find_plan,
    history,
    misfits,
    orders,
)
from generators.procedural._shots import ALL_COLUMNS, Decoy, Shot
from morse.errors import Rejected
from morse.seeding import Rng

FIXED = {"board": 0, "bowl": 1, "pot": 2, "stove": 2, "baking dish": 3, "plate": 3, "oven": 3, "dish at": 3}
"""The column of everything that has no place on the shelves."""
LAST = ("scrape", "stir", "fry", "bake", "take out", "serve")
"""Kinds of step that a recipe may end with."""
WEIGHTS: Mapping[str, float] = {
    "pour": 2.0, "place": 2.4, "chop": 4.0, "scrape": 4.0, "stir": 3.0, "tip": 2.0, "light": 0.6, "fry": 3.0,
    "heat": 0.5, "slide": 2.5, "bake": 5.0, "take out": 3.0, "serve": 2.0,
}  # fmt: skip
"""How readily a cook does each kind of step."""
MOST_ORDERS = 24
"""How many orders of partly free clips may fit at most."""


class Workplace(Protocol):
    """Where something is made step by step: what the questions and the proofs need to know of it."""

    @property
    def column(self) -> Mapping[str, int]: ...

    def actions(self) -> list[Action]:
        """Every step that can be done here."""
        ...

    def plan(self, start: State, steps: int, rng: Rng) -> list[Action]:
        """So many steps that can be done one after another."""
        ...

    def phrase(self, shot: Shot) -> str:
        """The step of a clip in words."""
        ...

    def twins(self, shot: Shot) -> list[tuple[str, ...]]:
        """The objects of like steps that could be done in place of a clip's."""
        ...


W = TypeVar("W", bound=Workplace)
W_co = TypeVar("W_co", bound=Workplace, covariant=True)


@dataclass(frozen=True)
class CookingPlace(Kitchen):
    """A kitchen with what can be cooked in it."""

    def actions(self) -> list[Action]:
        return kitchen_actions(self.jars, self.fresh)

    def plan(self, start: State, steps: int, rng: Rng) -> list[Action]:
        return find_plan(self.actions(), start, steps, LAST, rng, WEIGHTS)

    def phrase(self, shot: Shot) -> str:
        return phrase(shot.kind, shot.objects)

    def twins(self, shot: Shot) -> list[tuple[str, ...]]:
        """The same pouring or placing with each other ingredient that could be taken just then."""
        what, target = shot.objects[0], shot.objects[-1]
        if shot.kind == "pour":
            return [(name, target) for name in map(jar, self.jars) if shot.before[name] and name != what]
        if shot.kind == "place":
            return [(name, target) for name in self.fresh if shot.before[name] == "rack" and name != what]
        return []


@dataclass(frozen=True)
class Recipe(Generic[W_co]):
    """A recipe and its clips in the order in which they are shown."""

    kitchen: W_co
    start: State
    plan: tuple[Action, ...]
    shots: tuple[Shot, ...]
    mode: str
    """``whole``; ``stray``: one clip is of another recipe; ``gap``: one step was not filmed; ``free``: several orders fit."""
    missing: Shot | None = None
    """What a clip of the step that was not filmed would have shown."""
    tricky: bool = False
    """Whether the mode could have been another than ``whole``."""
    decoys: int = 0
    """Background things in each clip."""

    def number_of(self, position: int) -> int:
        """The number on the card of the clip that shows a step of the plan."""
        return 1 + next(k for k, shot in enumerate(self.shots) if shot.position == position)

    def shot(self, number: int) -> Shot:
        return self.shots[number - 1]

    @property
    def order(self) -> list[int]:
        """The numbers of the clips that belong, in the order of the recipe."""
        filmed = sorted(shot.position for shot in self.shots if shot.position is not None)
        return [self.number_of(position) for position in filmed]

    @property
    def stray(self) -> int | None:
        """The number of the clip that does not belong."""
        return next((k for k, shot in enumerate(self.shots, 1) if shot.position is None), None)


def stock(jars: int, fresh: int, portions: int, rng: Rng) -> tuple[CookingPlace, State]:
    """A kitchen with so many jars and fresh ingredients, and what it holds at first."""
    names, greens = tuple(rng.sample(JARS, jars)), tuple(rng.sample(FRESH, fresh))
    room = rng.sample([column for column in (1, 2, 3) for _ in range(6)], jars)
    column = FIXED | dict.fromkeys(greens, 0) | dict(zip(map(jar, names), room, strict=True))
    start = empty_kitchen(names, greens, [rng.integer(1, portions) for _ in names])
    return CookingPlace(names, greens, portions, column), start


def whole_recipe(kitchen: W, start: State, clips: int, narrow: int, rng: Rng) -> Recipe[W]:
    """A recipe of which every step is filmed, ``narrow`` of them with only a part of the kitchen in view."""
    plan = kitchen.plan(start, clips, rng.fork("plan"))
    shots = _narrowed(_shots(start, plan), narrow, kitchen, rng.fork("views"))
    return Recipe(kitchen, start, tuple(plan), tuple(rng.fork("shuffle").shuffled(shots)), "whole")


def recipe_with_stray(kitchen: W, start: State, clips: int, narrow: int, rng: Rng) -> Recipe[W]:
    """As many clips, one of which is of another recipe in the same kitchen and fits nowhere."""
    plan = kitchen.plan(start, clips - 1, rng.fork("plan"))
    other = _shots(start, kitchen.plan(start, clips - 1, rng.fork("other plan")))
    stray = replace(rng.fork("stray").choice(other), position=None)
    shots = _narrowed([*_shots(start, plan), stray], narrow, kitchen, rng.fork("views"))
    return Recipe(kitchen, start, tuple(plan), tuple(rng.fork("shuffle").shuffled(shots)), "stray")


def recipe_with_gap(kitchen: W, start: State, clips: int, rng: Rng) -> Recipe[W]:
    """As many clips, and one step between two of them that was not filmed."""
    plan = kitchen.plan(start, clips + 1, rng.fork("plan"))
    shots = _shots(start, plan)
    fits = [i for i in range(1, clips) if len(kitchen.twins(shots[i])) >= 3]
    if not fits:
        raise Rejected("no step that can be missing")
    missing = shots.pop(rng.fork("gap").choice(fits))
    actions = kitchen.actions()
    if count_orders_with_gap([sight(shot, kitchen) for shot in shots], actions) != 1:
        raise Rejected("more than one order")
    return Recipe(kitchen, start, tuple(plan), tuple(rng.fork("shuffle").shuffled(shots)), "gap", missing)


def partly_free_recipe(kitchen: W, start: State, clips: int, rng: Rng) -> Recipe[W]:
    """A recipe whose clips show little more than their steps need, so that several orders agree with what is seen.

    The orders that agree with what is seen are also those in which the steps can be done from the start.
    """
    plan = kitchen.plan(start, clips, rng.fork("plan"))
    shots = _shots(start, plan)
    draw = rng.fork("views")
    for i in draw.shuffled(range(clips)):
        needed = [kitchen.column[name] for name in shots[i].objects if name in kitchen.column]
        tried = [*shots[:i], replace(shots[i], columns=(min(needed), max(needed))), *shots[i + 1 :]]
        if count_orders([sight(shot, kitchen) for shot in tried], MOST_ORDERS + 1) <= MOST_ORDERS:
            shots = tried
    sights = [sight(shot, kitchen) for shot in shots]
    found = list(orders(sights))
    if len(found) < 2:
        raise Rejected("only one order")
    if list(orders(sights, start)) != found:
        raise Rejected("an order that what stood there at first rules out")
    return Recipe(kitchen, start, tuple(plan), tuple(rng.fork("shuffle").shuffled(shots)), "free")


def sight(shot: Shot, kitchen: Workplace) -> Sight:
    """What a clip shows of the kitchen before and after."""
    names = [name for name in shot.before if shot.shows(kitchen.column[name])]
    return Sight({name: shot.before[name] for name in names}, {name: shot.after[name] for name in names})


def background(shot: Shot, count: int, rng: Rng) -> list[Decoy]:
    """Things that stand or hang about in one clip, other ones in each, and mean nothing."""
    spots = [(4.0 * column - 7.5, -0.2) for column in range(4)]
    spots += [(4.0 * column - 6.0 + x, -3.7) for column in range(3) for x in (-0.97, 0.97) if (column, x) != (2, 0.97)]
    spots = [(x, y) for x, y in spots if shot.shows(int((x + 8) // 4))]
    return [
        Decoy(
            rng.choice(("ladle", "spatula", "towel") if y > -2 else ("cat", "towel", "plant", "basket")),
            x,
            y,
            rng.integer(0, 7),
        )
        for x, y in rng.sample(spots, min(count, len(spots)))
    ]


def _shots(start: State, plan: Sequence[Action]) -> list[Shot]:
    states = history(start, plan)
    return [Shot(step.kind, step.objects, states[i], states[i + 1], i) for i, step in enumerate(plan)]


def _narrowed(shots: list[Shot], count: int, kitchen: Workplace, rng: Rng) -> list[Shot]:
    """Up to ``count`` clips are cut down to some columns, as long as the order stays the only one."""
    if not _has_one_order(shots, kitchen):
        raise Rejected("more than one order")
    for i in rng.shuffled(range(len(shots))):
        needed = [kitchen.column[name] for name in shots[i].objects if name in kitchen.column]
        views = [(a, b) for a in range(min(needed) + 1) for b in range(max(needed), 4) if (a, b) != ALL_COLUMNS]
        if count and views:
            tried = [*shots[:i], replace(shots[i], columns=rng.choice(views)), *shots[i + 1 :]]
            if _has_one_order(tried, kitchen):
                shots, count = tried, count - 1
    return shots


def _has_one_order(shots: Sequence[Shot], kitchen: Workplace) -> bool:
    """Whether exactly one order agrees with what is seen, and with a stray clip, none but without that very clip."""
    sights = [sight(shot, kitchen) for shot in shots]
    strays = [i for i, shot in enumerate(shots) if shot.position is None]
    if not strays:
        return count_orders(sights) == 1
    rest = [seen for i, seen in enumerate(sights) if i not in strays]
    return count_orders(rest) == 1 and count_orders(sights, most=1) == 0 and misfits(sights) == strays
