"""What stands on the board one after another, and what is done to each: drawn here, without places in time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from generators.spatial._solid_shapes import ANGULAR, Cut, Solid
from morse.errors import Rejected
from morse.seeding import Rng

Array = np.ndarray
Place = tuple[float, float, float]
SIDES = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40)
"""Centimetres that the side of a square may have."""
FREE = ("plain", "stretch", "stack", "nest", "coil")
SECTIONS = (3, 4, 5, 6)
"""Corners that the cut of a cuboid may have."""
KNOWN = np.array([30.0, 45.0, 60.0, 90.0])
CLEAR = 0.42
"""A cut keeps this far, in sides of a square, from every corner, and its own sides are twice as long at least."""


@dataclass(frozen=True)
class Act:
    """One stay on the board. ``spot``: where the lowest corner of the solid's box is, in squares from the board's middle.

    ``other``: the solid after a stretch, on top of a stack, or inside a nest. ``points``: three corners with their letters.
    ``level``: where the water stands in the end; ``fill``: the seconds it takes.
    """

    letter: str
    kind: str
    solid: Solid
    spot: tuple[int, int]
    other: Solid | None = None
    points: tuple[tuple[str, Place], ...] = ()
    cut: Cut | None = None
    level: float = 0.0
    fill: float = 0.0
    turns: float = 0.0

    @property
    def volume(self) -> float:
        """Of all that stands there in the end; only of acts that :attr:`weighed` names."""
        if self.kind == "stack" and self.other is not None:
            return self.solid.volume + self.other.volume
        return self.last.volume

    @property
    def last(self) -> Solid:
        """The solid as it is in the end."""
        return self.other if self.kind == "stretch" and self.other is not None else self.solid

    @property
    def weighed(self) -> bool:
        return self.kind in ("plain", "points", "stretch", "stack", "coil")


@dataclass(frozen=True)
class Parade:
    """All acts in turn. ``side``: centimetres of a square's side; ``rod``: squares that the rod is long."""

    side: int
    rod: int
    acts: tuple[Act, ...]
    rest: float
    by_letter: dict[str, Act] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_letter", {act.letter: act for act in self.acts})


def draw_parade(count: int, cuts: int, rest: float, rng: Rng) -> Parade:
    """A row of acts among which are one with marked points, one with water, and some cuts."""
    kinds = ["points", "water", *["cut"] * min(cuts, count - 2)]
    free: list[str] = []
    while len(kinds) + len(free) < count:
        free += rng.shuffled(FREE)
    kinds += free[: count - len(kinds)]
    letters = rng.sample("ABCDEFGHJKLMN", min(count, 13)) + [f"A{i}" for i in range(1, count - 12)]
    made = [
        draw_act(kind, letter, number, rng.fork(letter))
        for number, (kind, letter) in enumerate(zip(rng.shuffled(kinds), letters, strict=True))
    ]
    return Parade(rng.choice(SIDES), rng.integer(2, 5), tuple(made), rest)


def draw_act(kind: str, letter: str, number: int, rng: Rng) -> Act:
    """One act of a kind, the ``number``-th of the clip, on a spot of the board where it fits."""
    more: dict[str, object] = {}
    match kind:
        case "points":
            solid, more["points"] = _marked(number, rng)
        case "cut":
            solid, more["cut"] = _cut(rng.steady(f"cut/{number}").choice(SECTIONS), rng)
        case "water":
            solid = draw_solid(("cuboid", "cylinder", "prism"), rng, low=3, high=5)
            level = solid.height - rng.uniform(0.4, 1.1)
            more = {"level": round(level, 2), "fill": round(rng.uniform(5.0, 7.0), 2)}
        case "stretch":
            before = draw_solid(("cuboid", "cylinder", "prism"), rng, high=3)
            solid = before
            more["other"] = Solid(before.shape, (*before.size[:-1], rng.integer(before.height + 1, 5)))
        case "stack":
            solid, more["other"] = _stack(rng)
        case "nest":
            inner = rng.integer(1, 3)
            solid, more["other"] = _cube(rng.integer(inner + 1, 5)), _cube(inner)
        case "coil":
            solid = Solid("cylinder", (rng.integer(2, 4), rng.integer(3, 5)))
            more["turns"] = rng.integer(4, 11) / 2
        case _:
            solid = draw_solid((*ANGULAR, "cylinder", "cone", "frustum", "ball"), rng)
    a, b = solid.widths
    spot = (rng.integer(-3, 3 - a), rng.integer(-3, 3 - b))
    near = tuple(max(-(side // 2) - 1, min(at, 1 - side // 2)) for at, side in zip(spot, (a, b), strict=True))
    return Act(letter, kind, solid, (near[0], near[1]), **more)  # pyright: ignore[reportArgumentType]


def draw_solid(shapes: Sequence[str], rng: Rng, low: int = 2, high: int = 5) -> Solid:
    """A solid of one of some shapes, as high as ``low`` to ``high`` squares."""
    shape = rng.choice(shapes)
    width, tall = rng.integer(2, 5), rng.integer(low, high)
    if shape in ("cuboid", "prism"):
        return Solid(shape, (width, rng.integer(2, 5), tall))
    if shape == "frustum":
        return Solid(shape, (max(width, 3), rng.integer(1, max(width, 3) - 1), tall))
    return Solid(shape, (width,) if shape == "ball" else (width, tall))


def _cube(side: int) -> Solid:
    return Solid("cuboid", (side, side, side))


def _stack(rng: Rng) -> tuple[Solid, Solid]:
    """A cone, half as likely a cylinder, on a cylinder of the same width; or a pyramid or smaller cuboid on a square cuboid."""
    wide, lower, upper = rng.integer(2, 4), rng.integer(1, 3), rng.integer(1, 3)
    if rng.chance(0.5):
        top = Solid("cone", (wide, upper)) if wide == 2 or rng.chance(0.6) else Solid("cylinder", (wide - 1, upper))
        return Solid("cylinder", (wide, lower)), top
    if wide == 2 or rng.chance(0.6):
        return Solid("cuboid", (wide, wide, lower)), Solid("pyramid", (wide, upper))
    return Solid("cuboid", (wide, wide, lower)), Solid("cuboid", (wide - 1, wide - 1, upper))


def _marked(number: int, rng: Rng) -> tuple[Solid, tuple[tuple[str, Place], ...]]:
    """An angular solid with three corners, the angle at the second of which is close to one drawn before."""
    wanted = rng.steady(f"angle/{number}").uniform(31, 86)
    found: list[tuple[float, Solid, tuple[int, int, int]]] = []
    for _ in range(14):
        solid = draw_solid(ANGULAR, rng)
        off = np.abs(_angles(np.array(solid.corners)) - wanted).round(6)
        p, q, r = np.unravel_index(int(off.argmin()), off.shape)
        found.append((float(off[p, q, r]), solid, (int(p), int(q), int(r))))
    off_by, solid, corners = min(found, key=lambda one: one[0])
    if off_by > 2.5:
        raise Rejected("no corners with such an angle")
    places = [solid.corners[i] for i in corners]
    names = rng.sample("PQRSTUVWXYZ", 3)
    return solid, tuple(zip(names, places, strict=True))


def _angles(points: Array) -> Array:
    """(n, n, n): the angle in degrees at the second of three corners; infinite for those that are not asked for.

    These are angles that one knows by heart, and corners of which the first and the third are on a line along the board or upward.
    """
    apart = points[None] - points[:, None]  # from the first to the second
    far = np.linalg.norm(apart, axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        cosines = np.einsum("qpi,qri->pqr", apart, apart) / (far.T[:, :, None] * far[None])
        angles = np.degrees(np.arccos(np.clip(cosines, -1, 1)))
    slant = (np.abs(apart) > 1e-9).sum(axis=2) >= 2
    known = (np.abs(angles[..., None] - KNOWN) < 1.2).any(axis=3)
    return np.where(slant[:, None, :] & np.isfinite(angles) & ~known, angles, np.inf)


def angle(p: Place, q: Place, r: Place) -> float:
    """The angle at ``q`` of the triangle, in radians, by the law of cosines."""
    a, b, c = math.dist(q, r), math.dist(p, q), math.dist(p, r)
    return math.acos(max(-1.0, min(1.0, (a * a + b * b - c * c) / (2 * a * b))))


def _cut(corners: int, rng: Rng) -> tuple[Solid, Cut]:
    """A cuboid and a plane whose cut has so many corners and is plainly so.

    Three corners: an upper corner is cut off at whole squares. Four: half of them cut off an upper edge at whole squares.
    """
    for _ in range(400):
        solid = Solid("cuboid", (rng.integer(3, 4), rng.integer(3, 4), rng.integer(3, 4)))
        sides = np.array([*solid.widths, solid.height], float)
        if corners == 3 or (corners == 4 and rng.chance(0.6)):
            some = (0, 1, 2) if corners == 3 else rng.choice(((0, 2), (1, 2)))
            off = {i: rng.integer(1, int(sides[i]) - (0 if corners == 3 else 1)) for i in some}
            if any(off[i] == sides[i] for i in some):
                continue
            normal = np.array([1 / off[i] if i in off else 0.0 for i in range(3)])
            reach = float(normal @ sides) - 1.0
        else:
            normal = np.array([rng.uniform(0.25, 1.0) for _ in range(3)])
            reach = float(normal @ sides) * rng.uniform(0.35, 0.65)
        for i in (0, 1):
            if rng.chance(0.5):  # mirrored, so that any upper corner may be meant
                reach -= normal[i] * sides[i]
                normal[i] = -normal[i]
        size = float(np.linalg.norm(normal))
        cut = Cut((float(normal[0] / size), float(normal[1] / size), float(normal[2] / size)), reach / size)
        if is_plain(cut, solid, corners):
            return solid, cut
    raise Rejected("no plain cut")


def is_plain(cut: Cut, solid: Solid, corners: int) -> bool:
    """Whether the cut has so many corners, none near a corner of the cuboid, and no short side."""
    ring = cut.parts(solid)[2]
    if len(ring) != corners:
        return False
    far = np.linalg.norm(ring[:, None] - np.array(solid.corners)[None], axis=-1).min()
    return bool(far >= CLEAR and np.linalg.norm(ring - np.roll(ring, -1, axis=0), axis=1).min() >= 2 * CLEAR)
