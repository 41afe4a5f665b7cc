"""Nets of solids: cards laid one to another, and how the solid stands once they are folded.

The net lies in a plane of complex numbers, the outside of its cards up, the middle of the first card at 0: that is where a stand
holds it. Its cards are folded down all round, so that the first one is the solid's top.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from generators.spatial._net_solids import Solid
from generators.spatial._roll_path import turn_of
from morse.errors import Rejected
from morse.seeding import Rng

Array = np.ndarray
Direction = tuple[int, int, int]
WAYS = {"to the right": "east", "away from the viewer": "north", "to the left": "west", "towards the viewer": "south"}
"""Ways over the floor as the viewer has them, with those of the board of :mod:`generators.spatial._roll_path`."""
FRONT: Direction = (0, -1, 0)
"""Where the viewer is."""
POINTS: dict[str, Direction] = {"up": (0, 0, 1), "down": (0, 0, -1), "left": (-1, 0, 0), "right": (1, 0, 0)}
"""Directions on the side of a solid that faces the viewer."""
WIDEST = 2.95
"""How far from its middle a net may reach, in sides of a card."""
TREES = 40
"""Nets that are tried."""
CLOSE = 0.06
"""Nearer than this (in sides of a card) two cards seem to be joined."""


@dataclass(frozen=True)
class Card:
    """A card of a net: a ``face`` of the solid, joined by its ``side`` to the side ``at`` of an earlier card, its ``parent`` (a place
    among the cards; none for the first). Its arrowhead points at the side ``pointer``."""

    face: int
    parent: int | None
    side: int
    at: int
    pointer: int


@dataclass(frozen=True)
class Turn:
    """A quarter turn of the stand, after so many cards have come; ``clockwise`` as seen from above."""

    after: int
    clockwise: bool


@dataclass(frozen=True)
class Net:
    """What is laid and turned. ``cards``: in the order in which they come; ``names``: what is on them. ``first``: the angle of the
    first card, in quarter turns. ``other``: a card, a second one, and whether the solid would be proper if the first were joined
    where the second's arrowhead points (``None`` where that is not asked). ``ahead``: rolls to be supposed; ``pause`` and ``hold`` in
    seconds; ``folded``: the share of the whole fold that is shown."""

    solid: Solid
    cards: tuple[Card, ...]
    names: tuple[str, ...]
    missing: str
    first: int
    turns: tuple[Turn, ...]
    other: tuple[int, int, bool] | None
    ahead: int
    pause: float
    hold: float
    folded: float

    @cached_property
    def flat(self) -> list[Array]:
        """The corners of each card as it lies in the net before any turn."""
        return laid(self.solid, self.cards, self.first)

    def card_of(self, face: int) -> int:
        """The place of the card that is a face of the solid."""
        return next(place for place, card in enumerate(self.cards) if card.face == face)

    def across(self, place: int, side: int) -> int:
        """The card on the other side of an edge of the solid."""
        return self.card_of(self.solid.across[self.cards[place].face, side][0])

    def sides(self, place: int) -> range:
        return range(len(self.flat[place]))

    def joined(self, place: int) -> list[int]:
        """The sides of a card at which it hangs together with others in the net."""
        card = self.cards[place]
        own = [] if card.parent is None else [card.side]
        return own + [other.at for other in self.cards if other.parent == place]

    def pointed(self, place: int) -> complex:
        """The direction from the middle of a card to the side that its arrowhead points at, as the net lies before any turn."""
        corners, side = self.flat[place], self.cards[place].pointer
        along = corners[(side + 1) % len(corners)] - corners[side]
        return -1j * along / abs(along)

    def quarters(self, left_out: int | None = None) -> int:
        """Anticlockwise quarter turns in all, but for one that is left out."""
        kept = [turn for number, turn in enumerate(self.turns) if number != left_out]
        return sum(-1 if turn.clockwise else 1 for turn in kept)

    @cached_property
    def stands(self) -> Array:
        """(3, 3): from the axes of an upright solid to those of its place, closed on the stand before any turn."""
        face = self.cards[0].face
        a, b = self.solid.corners[[*self.solid.faces[face][:2]]]
        along, up = (b - a) / np.linalg.norm(b - a), self.solid.normals[face]
        side = self.flat[0][1] - self.flat[0][0]
        x = np.array([side.real, side.imag, 0.0]) / abs(side)
        z = np.array([0.0, 0.0, 1.0])
        place = np.stack([x, np.cross(z, x), z], axis=1)
        return np.rint(place @ np.stack([along, np.cross(up, along), up], axis=1).T).astype(int)

    def facing(self, where: Direction, quarters: int, rolls: Iterable[str] = ()) -> int:
        """The card that faces somewhere once an upright solid is closed, has been turned, and has rolled some ways."""
        turn = np.linalg.matrix_power(np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]]), quarters % 4) @ self.stands
        for way in rolls:
            turn = turn_of(WAYS[way]) @ turn
        own = np.array(where) @ turn
        face = int((np.rint(self.solid.normals) == own).all(axis=1).argmax())
        return self.card_of(face)

    def points(self, place: int, quarters: int) -> str:
        """Where the arrowhead on the front of the closed solid points."""
        card = self.cards[place]
        across = self.solid.across[card.face, card.pointer][0]
        return next(word for word, way in POINTS.items() if self.cards[self.facing(way, quarters)].face == across)


def laid(solid: Solid, cards: Sequence[Card], first: int) -> list[Array]:
    """The corners of cards joined to each other in a plane."""
    found: list[Array] = []
    for card in cards:
        corners = solid.flat[card.face]
        if card.parent is None:
            placed = (corners - corners.mean()) * 1j**first
        else:
            placed = attached(corners, card.side, found[card.parent], card.at)
        found.append(placed)
    return found


def attached(corners: Array, side: int, parent: Array, at: int) -> Array:
    """The corners of a card, laid with its side against a side of another."""
    a, b = corners[side], corners[(side + 1) % len(corners)]
    p, q = parent[at], parent[(at + 1) % len(parent)]
    return (corners - b) * ((q - p) / (a - b)) + p


def touch(one: Array, other: Array) -> bool:
    """Whether two convex cards overlap, or lie side by side along more than a corner."""
    for corners, rest in ((one, other), (other, one)):
        sides = np.roll(corners, -1) - corners
        away = np.real((rest[None, :] - corners[:, None]) * np.conj(-1j * sides / abs(sides))[:, None])
        if (away.min(axis=1) > CLOSE).any():
            return False
    return _shared(one, other) > CLOSE


def _shared(one: Array, other: Array) -> float:
    """The share of a convex card's outline that lies on or in another card; 1 where both lie in the same place."""
    middle = other.mean() - one.mean()
    steps = one[:, None] + np.linspace(0.0, 1.0, 21)[None, 1:-1] * (np.roll(one, -1) - one)[:, None]
    sides = np.roll(other, -1) - other
    inside = ((steps[..., None] - other) * np.conj(-1j * sides / abs(sides))).real.max(axis=-1) < CLOSE / 2
    return float(inside.mean()) if abs(middle) > CLOSE else 1.0


def draw_net(solid: Solid, rng: Rng) -> tuple[list[Card], int]:
    """Cards in the order in which they come, and the angle of the first in quarter turns. Raises :class:`Rejected` where no net among
    those tried is small enough and lies flat without touching itself."""
    for _ in range(TREES):
        joints = _spanning(solid, rng)
        rooted = [_rooted(solid, joints, face) for face in range(len(solid.faces))]
        reach = [max(float(abs(corners).max()) for corners in laid(solid, cards, 0)) for cards in rooted]
        cards = rooted[int(np.argmin(np.round(reach, 6)))]
        flat = laid(solid, cards, 0)
        hinged = {(card.parent, place) for place, card in enumerate(cards)}
        free = (not touch(flat[a], flat[b]) for b in range(len(flat)) for a in range(b) if (a, b) not in hinged)
        if min(reach) <= WIDEST and all(free):
            return _shuffled(cards, rng), rng.integer(0, 3)
    raise Rejected("no net that is small enough")


def _spanning(solid: Solid, rng: Rng) -> list[tuple[int, int]]:
    """The joints (face, side) of a tree of all faces, each tree being equally likely: those by which a random walk enters each."""
    at, seen, joints = rng.integer(0, len(solid.faces) - 1), set[int](), list[tuple[int, int]]()
    seen.add(at)
    while len(seen) < len(solid.faces):
        side = rng.integer(0, len(solid.faces[at]) - 1)
        after, _ = solid.across[at, side]
        if after not in seen:
            seen.add(after)
            joints.append((at, side))
        at = after
    return joints


def _rooted(solid: Solid, joints: Sequence[tuple[int, int]], root: int) -> list[Card]:
    """The cards of a tree of faces, from a first one on."""
    both = [*joints, *(solid.across[joint] for joint in joints)]
    cards, places = [Card(root, None, 0, 0, 0)], {root: 0}
    for card in cards:
        for face, side in both:
            other, own = solid.across[face, side]
            if face == card.face and other not in places:
                places[other] = len(cards)
                cards.append(Card(other, places[face], own, side, 0))
    return cards


def _shuffled(cards: Sequence[Card], rng: Rng) -> list[Card]:
    """The cards in another order in which each comes after the one that it is joined to."""
    order = [0]
    while len(order) < len(cards):
        order.append(rng.choice([i for i, card in enumerate(cards) if i not in order and card.parent in order]))
    places = {old: new for new, old in enumerate(order)}
    return [
        Card(card.face, None if card.parent is None else places[card.parent], card.side, card.at, card.pointer)
        for card in (cards[i] for i in order)
    ]


def elsewhere(net: Net) -> list[tuple[int, int, int, bool]]:
    """Cards at an end of the net, second cards, the sides at which these could have them instead, and whether the solid would be
    proper then. Only for solids whose faces are all equal."""
    found = []
    if not net.solid.alike:
        return found
    for place, card in enumerate(net.cards):
        if len(net.joined(place)) > 1 or card.parent is None:
            continue
        for other in range(len(net.cards)):
            for side in net.sides(other):
                if other == place or side in net.joined(other):
                    continue
                moved = attached(net.flat[place], card.side, net.flat[other], side)
                rest = (flat for i, flat in enumerate(net.flat) if i not in (place, other))
                if not any(touch(moved, flat) for flat in rest):
                    found.append((place, other, side, net.across(other, side) == place))
    return found
