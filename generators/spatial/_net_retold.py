"""The answers about a net once more: the cards are taken as they are filmed, folded in space, and looked at.

Nothing is known here of the solid but the angles at which faces of its kind meet, which are in any table of solids.
"""

import math
from functools import cached_property
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.spatial._net_scene import GAP, inset
from morse.grounding import boxes_by_second
from morse.layout import Shown
from morse.schema import Event, Question
from morse.world import World, rotations

Array = np.ndarray
NEAR = 0.01
"""Metres between points that are the same once all is folded."""
ABOUT: dict[tuple[int, ...], dict[tuple[int, int], float]] = {
    (4,): {(4, 4): 90.0},
    (3, 5): {(3, 3): 138.189685, (3, 5): 37.377368},
    (4, 5): {(4, 4): 108.0, (4, 5): 90.0},
    (3,): {(3, 3): 109.471221},
}
"""Numbers of sides that faces have → numbers of sides of two neighbours → degrees between them: of boxes, the pentagonal pyramid
with equal edges (Johnson's J2), the pentagonal prism and the octahedron."""


class Retold:
    """What a clip shows, card by card, in the order in which they come."""

    def __init__(self, shown: Shown) -> None:
        if not isinstance(shown.scene, World):
            raise TypeError("the scene is not a World")
        self.shown, self.world = shown, shown.scene
        self.comes = [event for event in shown.events if event.kind == "come"]
        self.names = [self.mark(event) for event in self.comes]
        self.time = self.comes[-1].end
        poses = self.world.poses_at(np.array([self.time]))[0]
        self.turns, self.places = rotations(poses[:, 3:]), poses[:, :3]
        self.cards = [self.card(place) for place in range(len(self.comes))]

    def answer(self, question: Question) -> JsonValue:
        return getattr(self, question.kind)(question.slots, question)

    def mark(self, event: Event) -> str:
        """The words for the mark of a card that comes."""
        return event.objects[0].replace("-", " ")

    def card(self, place: int) -> Array:
        """(n, 3): the corners of a card as it lies when all have come, anticlockwise from above, gaps closed."""
        index = self.world.index(f"card-{place + 1}")
        body = self.world.bodies[index]
        points = body.corners if body.mesh is None else np.unique(body.mesh.vertices.astype(float), axis=0)
        top = points[points[:, 2] > 0][:, :2]
        away = top - top.mean(axis=0)
        top = top[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]
        corners = np.c_[inset(top, -GAP), np.zeros(len(top))]
        return corners @ self.turns[index].T + self.places[index]

    @cached_property
    def folded(self) -> list[Array]:
        return self.fold(self.cards)

    def fold(self, cards: list[Array]) -> list[Array]:
        """(n, 3) each: the corners once all cards are folded down around the first."""
        angles = ABOUT[tuple(sorted({len(card) for card in cards}))]
        frames = {0: np.eye(4)}
        waiting = [0]
        while waiting:
            at = waiting.pop()
            for other in range(len(cards)):
                joint = None if other in frames else _joint(cards[at], cards[other])
                if joint is None:
                    continue
                a, b = cards[at][joint], cards[at][(joint + 1) % len(cards[at])]
                sides = tuple(sorted((len(cards[at]), len(cards[other]))))
                turn = math.radians(180 - angles[sides[0], sides[1]])
                frames[other] = frames[at] @ _swing(a, (b - a) / np.linalg.norm(b - a), turn)
                waiting.append(other)
        return [cards[i] @ frames[i][:3, :3].T + frames[i][:3, 3] for i in range(len(cards))]

    def place(self, name: JsonValue) -> int:
        return self.names.index(str(name))

    def normals(self, cards: list[Array]) -> Array:
        found = [np.cross(card[1] - card[0], card[2] - card[1]) for card in cards]
        return np.array([normal / np.linalg.norm(normal) for normal in found])

    def facing(self, where: Array, turn: Array) -> str:
        """The mark of the face that looks somewhere after a turn of the closed solid."""
        return self.names[int((self.normals(self.folded) @ turn.T @ where).argmax())]

    def turned(self, until: float) -> Array:
        """(3, 3): how the first card has turned since all cards came."""
        times = np.array([self.time, until])
        before, after = rotations(self.world.poses_at(times)[:, self.world.index("card-1"), 3:])
        return after @ before.T

    @property
    def viewer(self) -> Array:
        eye, target, _ = (found[0] for found in self.world.camera.at(np.zeros(1)))
        way = (eye - target) * [1, 1, 0]
        return way / np.linalg.norm(way)

    def came(self, slots: dict[str, Any], question: Question) -> JsonValue:
        return self.names[slots["number"] - 1]

    def joined(self, slots: dict[str, Any], question: Question) -> JsonValue:
        place = self.place(slots["mark"])
        return next(self.names[i] for i in range(place) if _joint(self.cards[i], self.cards[place]) is not None)

    def uncovered(self, slots: dict[str, Any], question: Question) -> JsonValue:
        """From the first key at which the card is as high as in the end to the last at which its lid is as it came."""
        place = self.place(slots["mark"]) + 1
        card, lid = (self.world.poses[:, self.world.index(f"{what}-{place}")] for what in ("card", "lid"))
        level = np.interp(self.time, self.world.times, card[:, 2])
        start = int((np.abs(card[:, 2] - level) < 1e-6).argmax())
        still = np.abs(lid[start:] - lid[start]).max(axis=1) < 1e-9
        end = start + int(still.argmin()) - 1
        return [float(self.world.times[start]), float(self.world.times[end])]

    def where(self, slots: dict[str, Any], question: Question) -> JsonValue:
        """The box of the lid that lies over the mark in the end."""
        seconds = [int(second) for second in slots["seconds"].split(", ")]
        mark = self.places[self.world.index(str(slots["mark"]).replace(" ", "-"))]
        lids = [body.name for body in self.world.bodies if body.name.startswith("lid-")]
        nearest = min(lids, key=lambda lid: float(np.linalg.norm(self.places[self.world.index(lid)] - mark)))
        return boxes_by_second(self.world, nearest, seconds)

    def opposite(self, slots: dict[str, Any], question: Question) -> JsonValue:
        if slots["mark"] not in self.names:
            return None
        normals = self.normals(self.folded)
        own = normals[self.place(slots["mark"])]
        return next(name for name, normal in zip(self.names, normals, strict=True) if normal @ own < -0.999)

    def pointed(self, place: int) -> int:
        """The side of a card that its arrowhead points at, by the direction in which it points from the middle of the card."""
        x, y = self.comes[place].values["points"]  # type: ignore[misc]
        way = self.turns[self.world.index(f"card-{place + 1}")] @ np.array([float(str(x)), float(str(y)), 0.0])
        card = self.cards[place]
        middles = (card + np.roll(card, -1, axis=0)) / 2 - card.mean(axis=0)
        return int((middles @ way / np.linalg.norm(middles, axis=1)).argmax())

    def meets(self, slots: dict[str, Any], question: Question) -> JsonValue:
        place = self.place(slots["mark"])
        side = self.pointed(place)
        card = self.folded[place]
        ends = {0: card[side], 1: card[(side + 1) % len(card)]}
        return next(
            self.names[i]
            for i, other in enumerate(self.folded)
            if i != place and all(np.linalg.norm(other - end, axis=1).min() < NEAR for end in ends.values())
        )

    def edges(self, place: int) -> dict[int, Array]:
        """The faces with two corners in common with a face → the middle of the edge between."""
        card, found = self.folded[place], dict[int, Array]()
        for i, other in enumerate(self.folded):
            shared = card[np.linalg.norm(card[:, None] - other[None], axis=2).min(axis=1) < NEAR]
            if i != place and len(shared) == 2:
                found[i] = shared.mean(axis=0)
        return found

    def round(self, slots: dict[str, Any], question: Question) -> JsonValue:
        """The next neighbour by falling angle about the face's outward normal."""
        place, first = self.place(slots["mark"]), self.place(slots["first"])
        middle, normal, edges = self.folded[place].mean(axis=0), self.normals(self.folded)[place], self.edges(place)
        ahead = edges[first] - middle
        left = np.cross(normal, ahead)
        turns = {
            i: -math.atan2((edge - middle) @ left, (edge - middle) @ ahead) % (2 * math.pi)
            for i, edge in edges.items()
            if i != first
        }
        return self.names[min(turns, key=lambda i: turns[i])]

    def corner(self, slots: dict[str, Any], question: Question) -> JsonValue:
        def meet(names: Any) -> bool:
            one, *others = (self.folded[self.place(name)] for name in names)
            near = [np.linalg.norm(one[:, None] - other[None], axis=2).min(axis=1) < NEAR for other in others]
            return bool(np.logical_and.reduce(near).any())

        return next(names for names in question.option_values if meet(names))

    def front(self, slots: dict[str, Any], question: Question) -> JsonValue:
        return self.facing(self.viewer, self.turned(self.shown.duration))

    def points(self, slots: dict[str, Any], question: Question) -> JsonValue:
        turn = self.turned(self.shown.events[-1].start)
        place = self.place(self.facing(self.viewer, turn))
        side, card = self.pointed(place), self.folded[place]
        way = turn @ ((card[side] + card[(side + 1) % len(card)]) / 2 - card.mean(axis=0))
        right = np.cross([0.0, 0.0, 1.0], self.viewer)
        by_word = {"up": way[2], "down": -way[2], "right": way @ right, "left": -way @ right}
        return max(by_word, key=lambda word: by_word[word])

    def rolled(self, slots: dict[str, Any], question: Question) -> JsonValue:
        turn, up = self.turned(self.shown.events[-1].start), np.array([0.0, 0.0, 1.0])
        right = np.cross(up, self.viewer)
        ways = {"to the right": right, "to the left": -right}
        ways |= {"towards the viewer": self.viewer, "away from the viewer": -self.viewer}
        for way in slots["ways"].split(", "):
            turn = _swing(np.zeros(3), np.cross(up, ways[way]), math.pi / 2)[:3, :3] @ turn
        return self.facing(up, turn)

    def unturned(self, slots: dict[str, Any], question: Question) -> JsonValue:
        event = [event for event in self.shown.events if event.kind == "turn"][slots["number"] - 1]
        taken = self.turned(event.end) @ self.turned(event.start).T
        return self.facing(self.viewer, taken.T @ self.turned(self.shown.events[-1].start))

    def elsewhere(self, slots: dict[str, Any], question: Question) -> JsonValue:
        """The card is laid against the other's edge, then all is folded: do two faces have one middle?"""
        place, other = self.place(slots["mark"]), self.place(slots["other"])
        side = self.pointed(other)
        a, b = self.cards[other][side], self.cards[other][(side + 1) % len(self.cards[other])]
        middle = (a + b) / 2
        # equal regular cards lie mirrored on both sides of an edge
        across = np.cross([0.0, 0.0, 1.0], (b - a) / np.linalg.norm(b - a))
        mirrored = self.cards[other] - 2 * ((self.cards[other] - middle) @ across)[:, None] * across
        cards = [*self.cards]
        cards[place] = mirrored[::-1]
        middles = np.array([card.mean(axis=0) for card in self.fold(cards)])
        gaps = np.linalg.norm(middles[:, None] - middles[None], axis=2) + np.eye(len(middles))
        return bool(gaps.min() < NEAR)


def _joint(one: Array, other: Array) -> int | None:
    """The side of a flat card at which another lies, if it does."""
    for side in range(len(one)):
        a, b = one[side], one[(side + 1) % len(one)]
        for i in range(len(other)):
            p, q = other[i], other[(i + 1) % len(other)]
            if np.linalg.norm(p - b) < NEAR and np.linalg.norm(q - a) < NEAR:
                return side
    return None


def _swing(point: Array, axis: Array, angle: float) -> Array:
    """(4, 4): a turn about a line, by the formula of Rodrigues."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    turn = np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * cross @ cross
    frame = np.eye(4)
    frame[:3, :3], frame[:3, 3] = turn, point - turn @ point
    return frame
