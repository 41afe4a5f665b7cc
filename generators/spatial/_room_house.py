"""A house of rooms in the order in which one walks through them, and what stands in them. Metres; the floor is at z = 0."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from generators.spatial._room_pieces import DECIMETRES, PIECES, piece
from morse.errors import Rejected
from morse.seeding import Rng

Point = tuple[float, float]
WAYS: tuple[Point, ...] = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))
"""Directions along the walls, anticlockwise; a quarter turn to the left is the next."""
TURNS = ("straight", "left", "right")
SPANS = (5.4, 5.7, 6.0, 6.3, 6.6, 7.0, 7.4)
"""Widths of a row of rooms."""
COUNTS = (2, 3, 4, 5)
"""How many pieces of the kind that is counted there may be."""
MOVED = (1, 2, 3)
SCALES = (5, 10, 15, 20, 30, 45, 65, 100, 145, 200, 300, 450)
"""Centimetres on the rod for a metre of the world: houses for dolls, for people and for giants."""
RODS = (0.8, 1.0, 1.2, 1.4)
PAINTS = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
GAP = 0.1
"""Between a piece and the wall."""


@dataclass(frozen=True)
class Stood:
    """A piece where it stands. ``corner``: of the room, counted anticlockwise from the north-east (0 to 3), or 4 and more for the
    middle of a wall; ``back``: the way its back points."""

    kind: str
    colour: str
    measure: float
    place: Point
    back: int
    room: int
    corner: int

    @property
    def name(self) -> str:
        return f"{self.colour} {self.kind}"

    @property
    def id(self) -> str:
        return f"{self.colour}_{self.kind}"


@dataclass(frozen=True)
class Room:
    """``middle`` and ``size`` of its floor, and the ways (of :data:`WAYS`) through its doors to the room before and the one after."""

    letter: str
    middle: Point
    size: Point
    before: int | None
    after: int | None


@dataclass(frozen=True)
class House:
    """Rooms in the order of the tour. ``first``: the way one looks at first; ``scale``: centimetres on the rod for a metre."""

    rooms: tuple[Room, ...]
    stood: tuple[Stood, ...]
    first: int
    scale: int
    rod: float
    counted: str
    missing: str
    """The name of a piece that is nowhere."""

    @cached_property
    def by_id(self) -> dict[str, Stood]:
        return {one.id: one for one in self.stood}

    def inside(self, room: int) -> list[Stood]:
        return [one for one in self.stood if one.room == room]


def draw_house(count: int, extras: int, rng: Rng) -> House:
    """A house of ``count`` rooms; each has a piece in every corner, and ``extras`` more stand at walls without a door."""
    ways = _walk(count, rng)
    cells = [(0, 0)]
    for way in ways:
        x, y = WAYS[way]
        cells.append((cells[-1][0] + int(x), cells[-1][1] + int(y)))
    across = {at: rng.choice(SPANS) for at in range(-count, count + 1)}
    along = {at: rng.choice(SPANS) for at in range(-count, count + 1)}
    letters = rng.sample("ABCDEFGHJKLMNPRSTUVWXYZ", min(count, 23)) + [f"A{i}" for i in range(1, count - 22)]
    rooms = []
    for number, (letter, (column, row)) in enumerate(zip(letters, cells, strict=True)):
        before = (ways[number - 1] + 2) % 4 if number else None
        after = ways[number] if number < len(ways) else None
        middle = (_middle(across, column), _middle(along, row))
        rooms.append(Room(letter, middle, (across[column], along[row]), before, after))
    stood, counted, missing = _furnish(rooms, extras, rng)
    return House(tuple(rooms), stood, rng.integer(0, 3), rng.choice(SCALES), rng.choice(RODS), counted, missing)


def _walk(count: int, rng: Rng) -> list[int]:
    """The ways from room to room, never back to a room. The last turn is drawn before, so that each is equally likely."""
    steady = rng.steady("walk")
    last = steady.choice((0, 1, 3))
    for _ in range(4000):
        ways = [steady.integer(0, 3)]
        for number in range(count - 2):
            ways.append((ways[-1] + (last if number == count - 3 else steady.choice((0, 1, 3)))) % 4)
        x = y = 0
        cells = {(0, 0)}
        for way in ways:
            x, y = x + int(WAYS[way][0]), y + int(WAYS[way][1])
            cells.add((x, y))
        if len(cells) == count:
            return ways
    raise Rejected("the rooms do not fit beside each other")


def _middle(spans: dict[int, float], at: int) -> float:
    """The middle of the ``at``-th of rows of these widths, that of row 0 being 0."""
    steps = range(0, at) if at > 0 else range(at, 0)
    whole = math.fsum(spans[step] for step in steps)
    return (whole if at > 0 else -whole) - spans[0] / 2 + spans[at] / 2


def _furnish(rooms: Sequence[Room], extras: int, rng: Rng) -> tuple[tuple[Stood, ...], str, str]:
    """What stands where, the kind that is counted and the name of a piece that is nowhere."""
    slots = [(room, corner) for room in range(len(rooms)) for corner in range(4)]
    walls = [(i, 4 + way) for i, room in enumerate(rooms) for way in range(4) if way not in (room.before, room.after)]
    walls = [slot for slot in walls if slot[0]]  # the rod stands in the first room
    kinds = list(PIECES)
    counted = rng.steady("counted").choice(kinds)
    number = rng.steady("number").choice(COUNTS)
    rest = [kind for kind in kinds if kind != counted]
    more = min(extras, len(walls))
    chosen = rng.shuffled([counted] * number + [rng.choice(rest) for _ in range(len(slots) + more - number)])
    chosen.sort(key=lambda kind: kind != "bed")  # a bed at the middle of a wall would be too near to be seen whole
    slots = rng.shuffled(slots)
    used: set[str] = set()
    stood: list[Stood] = []
    for kind, slot in zip(chosen, [*slots, *[None] * more], strict=True):
        free = [colour for colour in PAINTS if f"{colour} {kind}" not in used]
        if not free:
            raise Rejected("too many of a kind")
        colour = rng.choice(free)
        used.add(f"{colour} {kind}")
        _, low, high = PIECES[kind]
        measure = round(DECIMETRES * rng.integer(round(low / DECIMETRES), round(high / DECIMETRES)), 2)
        tried = [slot] if slot is not None else rng.shuffled(walls)
        put = (_put(kind, colour, measure, room, corner, rooms[room], rng) for room, corner in tried)
        fits = next((one for one in put if slot is not None or _is_free(one, stood)), None)
        if fits is None:
            raise Rejected("no room for a piece")
        stood.append(fits)
    absent = [f"{colour} {kind}" for kind in sorted({one.kind for one in stood}) for colour in PAINTS]
    missing = rng.choice([name for name in absent if name not in used])
    return tuple(stood), counted, missing


def _put(kind: str, colour: str, measure: float, number: int, corner: int, room: Room, rng: Rng) -> Stood:
    """A piece with its back to a wall, in a corner or at the middle of the wall."""
    wide, deep, _ = piece(kind, measure).size
    half = (room.size[0] / 2, room.size[1] / 2)
    if corner >= 4:
        back = corner - 4
        away = [half[0] - GAP - deep / 2, half[1] - GAP - deep / 2]
        place = (room.middle[0] + WAYS[back][0] * away[0], room.middle[1] + WAYS[back][1] * away[1])
        return Stood(kind, colour, measure, place, back, number, corner)
    signs = ((1, 1), (-1, 1), (-1, -1), (1, -1))[corner]
    back = rng.choice((0 if signs[0] > 0 else 2, 1 if signs[1] > 0 else 3))
    x, y = (deep, wide) if back in (0, 2) else (wide, deep)
    place = (
        room.middle[0] + signs[0] * (half[0] - GAP - x / 2),
        room.middle[1] + signs[1] * (half[1] - GAP - y / 2),
    )
    return Stood(kind, colour, measure, place, back, number, corner)


def _is_free(one: Stood, stood: Sequence[Stood]) -> bool:
    """Whether a piece stands clear of all others of its room."""
    (x, y), (a, b) = one.place, _cover(one)
    for other in stood:
        (u, v), (c, d) = other.place, _cover(other)
        if other.room == one.room and abs(x - u) < (a + c) / 2 + GAP and abs(y - v) < (b + d) / 2 + GAP:
            return False
    return True


def _cover(one: Stood) -> Point:
    """How much of the floor a piece takes along x and y."""
    wide, deep, _ = piece(one.kind, one.measure).size
    return (deep, wide) if one.back in (0, 2) else (wide, deep)
