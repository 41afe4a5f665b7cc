"""Constructions step by step: what each step makes of the points before it, and sequences of steps drawn so that they can be seen."""

from cmath import exp, phase
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import pi, radians
from typing import NamedTuple

from morse.errors import Rejected
from morse.seeding import Rng

LENGTHS, ANGLES = tuple(range(3, 10)), tuple(range(40, 145, 5))
"""The lengths and angles (degrees) that are marked."""
FORMS = ("midpoint", "foot", "bisector", "reflection")
"""What may be asked of a point: as which of these it was made."""
DERIVED = (*FORMS, "turned", "parallel")
ROOM: tuple[float, float] = (21.0, 11.5)
"""How wide and high a figure may be, in its own units."""
APART, CLEAR, SHIFT = 1.9, 0.5, 0.6
"""How far points are apart; how far from a line or circle is what does not lie on it; what changes changes by so much at least."""
LETTERS = ("A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "Q", "R", "S", "T", "U", "V", "W", "X")
Places = dict[str, complex]
"""Where points are, in the units of the marks."""


class Step(NamedTuple):
    """A step: its kind, the point it makes (none for a circle), of which points, and what is marked.

    *segment* (P): of a length. *leg* (P, Q): from Q, at an angle to QP (90 is marked as a right angle), of a length. *midpoint*
    (P, Q). *foot* (R, P, Q): of the perpendicular from R to PQ. *bisector* (R, P, Q): where that of the angle at R meets PQ.
    *reflection* (R, P, Q): of R in PQ. *turned* (R, P): R about P by an angle. *parallel* (P, Q, R): from R, as PQ.
    *circle* (P): about P, its radius a length. ``side``: 1 for counterclockwise. ``struck``: a length that is written first and struck out.
    """

    kind: str
    new: str
    of: tuple[str, ...]
    length: int = 0
    angle: int = 0
    side: int = 1
    struck: int = 0

    @property
    def points(self) -> tuple[str, ...]:
        return (*self.of, self.new) if self.new else self.of


def made(step: Step, places: Mapping[str, complex], heading: float) -> complex:
    """The point that a step makes; ``heading``: the direction (radians) of the first segment."""
    at = [places[name] for name in step.of]
    turn = exp(1j * step.side * radians(step.angle))
    match step.kind:
        case "segment":
            return at[0] + step.length * exp(1j * heading)
        case "leg":
            p, q = at
            return q + step.length * (p - q) / abs(p - q) * turn
        case "midpoint":
            return (at[0] + at[1]) / 2
        case "foot":
            return foot(*at)
        case "bisector":
            r, p, q = at
            return (p * abs(r - q) + q * abs(r - p)) / (abs(r - p) + abs(r - q))
        case "reflection":
            return 2 * foot(*at) - at[0]
        case "turned":
            r, p = at
            return p + (r - p) * turn
        case "parallel":
            p, q, r = at
            return r + q - p
    raise ValueError(f"no point is made by {step.kind!r}")


def foot(r: complex, p: complex, q: complex) -> complex:
    """Of the perpendicular from r to the line through p and q."""
    along = (q - p) / abs(q - p)
    return p + along * ((r - p) * along.conjugate()).real


def away(r: complex, p: complex, q: complex) -> float:
    """How far r is from the line through p and q."""
    return abs(r - foot(r, p, q))


def off(r: complex, p: complex, q: complex) -> float:
    """How far r is from the segment from p to q."""
    along = min(max(((r - p) * (q - p).conjugate()).real / abs(q - p) ** 2, 0.0), 1.0)
    return abs(r - p - along * (q - p))


def angle_at(x: complex, v: complex, y: complex) -> float:
    """The angle at v, in degrees."""
    return abs(phase((x - v) / (y - v))) * 180 / pi


def area(a: complex, b: complex, c: complex) -> float:
    return abs(((b - a).conjugate() * (c - a)).imag) / 2


@dataclass(frozen=True)
class Figure:
    """A construction and what is asked of it. Points are told by their letters, steps by their numbers.

    ``form``: the point whose making is asked for, and the three that it may be made of (R, P, Q). ``meets``: (P, Q, how many points
    the line PQ has in common with the circle). ``told``: the step whose length is asked for. ``silent``: ask for a length that
    is marked nowhere. ``stay``: for how many steps what was drawn can still be seen.
    """

    first: str
    heading: float
    steps: tuple[Step, ...]
    form: tuple[str, tuple[str, str, str]]
    meets: tuple[str, str, int]
    told: int
    silent: bool
    stay: int

    def places(self, changed: Mapping[int, Step] | None = None, more: Sequence[Step] = ()) -> Places:
        """Where all points are, with some steps changed, and with more steps after the last."""
        found: Places = {self.first: 0j}
        for number, step in enumerate((*self.steps, *more)):
            own = (changed or {}).get(number, step)
            if own.new:
                found[own.new] = made(own, found, self.heading)
        return found


def draw_figure(legs: int, derived: int, struck: int, stay: int, rng: Rng) -> Figure:
    """A construction whose points are well apart, with what is wanted of it. Raises :class:`Rejected` where none is found."""
    aim = rng.steady("wanted")
    form, common, told, silent = aim.choice(FORMS), aim.integer(0, 2), aim.choice(LENGTHS), aim.chance(0.25)
    others = rng.shuffled([kind for kind in DERIVED if kind != form])
    kinds = [form, *(others[i % len(others)] for i in range(derived - 1))]
    rest = rng.shuffled([*kinds, *["leg"] * (legs - 1)])
    letters = rng.sample(LETTERS, legs + derived + 2)
    # different as far as there are others, for only those can be told apart by what is written
    different = rng.sample([number for number in LENGTHS if number != told], len(LENGTHS) - 1)
    lengths = [told, *(different[i % len(different)] for i in range(1, legs))]
    draft = _Draft(letters, different[0], rng)
    lengths = rng.shuffled(lengths)
    draft.add("leg", lengths.pop(), right=True)
    for kind in rest:
        draft.add(kind, lengths.pop() if kind == "leg" else 0)
    asked = draft.form(form)
    line = draft.circle(common)
    steps = draft.steps
    own = next(i for i, step in enumerate(steps) if step.kind == "leg" and step.length == told)
    changed = [own, *rng.sample([i for i, step in enumerate(steps) if step.length and i != own], struck)][:struck]
    for i in changed:
        wrong = [number for number in LENGTHS if number != steps[i].length]
        steps[i] = steps[i]._replace(struck=rng.choice(wrong))
    return Figure(letters[0], draft.heading, tuple(steps), asked, (*line, common), own, silent, stay)


class _Draft:
    """Steps and places so far."""

    def __init__(self, letters: Sequence[str], length: int, rng: Rng) -> None:
        self.letters, self.rng = list(letters), rng
        self.heading = rng.uniform(-0.5, 0.5) + rng.choice((0.0, pi))
        first, second = self.letters.pop(0), self.letters.pop(0)
        self.places: Places = {first: 0j}
        self.steps = [Step("segment", second, (first,), length)]
        self.places[second] = made(self.steps[0], self.places, self.heading)

    def add(self, kind: str, length: int = 0, right: bool = False) -> None:
        """One more step of a kind whose point is well apart from all others and in the room there is."""
        for _ in range(60):
            step = self._any(kind, length, right)
            if step is None:
                continue
            place = made(step, self.places, self.heading)
            if self._fits(place) and self._plain(step, place):
                self.steps.append(step)
                self.places[self.letters.pop(0)] = place
                return
        raise Rejected(f"no room for a {kind}")

    def _any(self, kind: str, length: int, right: bool) -> Step | None:
        rng, names, new = self.rng, list(self.places), self.letters[0]
        side = rng.choice((-1, 1))
        if kind == "leg":
            drawn = [step for step in self.steps if step.kind in ("segment", "leg")]
            last = rng.choice(drawn)
            ends = rng.shuffled((last.of[-1], last.new))
            angle = 90 if right else rng.choice([angle for angle in ANGLES if angle != 90])
            return Step("leg", new, tuple(ends), length, angle, side)
        if kind == "turned":
            return Step(kind, new, tuple(rng.sample(names, 2)), angle=rng.choice(ANGLES), side=side)
        if kind == "midpoint":
            return Step(kind, new, tuple(rng.sample(names, 2)))
        return Step(kind, new, tuple(rng.sample(names, 3))) if len(names) > 2 else None

    def _fits(self, place: complex) -> bool:
        every = [*self.places.values(), place]
        wide = max(z.real for z in every) - min(z.real for z in every)
        high = max(z.imag for z in every) - min(z.imag for z in every)
        return wide <= ROOM[0] and high <= ROOM[1] and all(abs(place - z) >= APART for z in every[:-1])

    def _plain(self, step: Step, place: complex) -> bool:
        """Whether a step can be seen for what it is: no lines that nearly meet, nothing too short."""
        at = [self.places[name] for name in step.of]
        lines = [(self.places[s.of[-1]], self.places[s.new]) for s in self.steps if s.kind in ("segment", "leg")]
        near = [off(place, *ends) for ends in lines]
        near += [off(z, at[-1], place) for z in self.places.values()] if step.kind == "leg" else []
        if any(1e-9 < far < CLEAR for far in near):
            return False
        if any(abs(a - b) < 2 * APART - 0.4 for a, b in combinations(at[-2:], 2)):
            return False
        if step.kind in ("foot", "bisector", "reflection"):
            r, p, q = at
            forms = [made(step._replace(kind=kind), self.places, 0.0) for kind in ("foot", "bisector", "reflection")]
            told = all(abs(a - b) >= SHIFT for a, b in combinations([*forms, (p + q) / 2], 2))
            inside = step.kind == "bisector" or abs(forms[0] - p) + abs(forms[0] - q) < abs(p - q) + 1e-6
            return told and inside and away(r, p, q) >= APART / 2 + 0.3 and 35 <= angle_at(p, r, q) <= 140
        if step.kind == "parallel":
            return away(at[2], at[0], at[1]) >= APART
        return True

    def form(self, kind: str) -> tuple[str, tuple[str, str, str]]:
        """A step of a kind, and three points of which its point might have been made in any form."""
        step = self.rng.choice([step for step in self.steps if step.kind == kind])
        if kind != "midpoint":
            r, p, q = step.of
            return step.new, (r, p, q)
        before = [s.new for s in self.steps[: self.steps.index(step)]] + [self.steps[0].of[0]]
        for r in self.rng.shuffled([name for name in before if name not in step.of]):
            trial = Step("foot", "", (r, *step.of))
            if self._plain(trial, made(trial, self.places, 0.0)):
                return step.new, (r, *step.of)  # type: ignore[return-value]
        raise Rejected("no third point for a midpoint")

    def circle(self, common: int) -> tuple[str, str]:
        """Draw a circle that has so many points in common with a line; returns the points of that line."""
        found = []
        for step in self.steps:
            if step.kind not in ("segment", "leg"):
                continue
            p, q = step.of[-1], step.new
            for r, z in self.places.items():
                far = away(z, self.places[p], self.places[q])
                if abs(far - round(far)) < 1e-9 and 4 <= round(far) <= 8:
                    found.append((r, p, q, round(far)))
        if not found:
            raise Rejected("no circle to meet a line")
        r, p, q, far = self.rng.choice(found)
        radius = far + (common - 1) * self.rng.integer(1, 2)
        self.steps.append(Step("circle", "", (r,), radius))
        return p, q


def altered(figure: Figure, number: int, rng: Rng) -> tuple[Step, str]:
    """A step with another length or angle, or on the other side; and which of these."""
    step = figure.steps[number]
    ways = [*(["length"] if step.length else []), *(["angle", "side"] if step.angle else [])]
    way = rng.choice(ways)
    if way == "length":
        return step._replace(length=rng.choice([n for n in LENGTHS if abs(n - step.length) >= 2])), way
    if way == "angle":
        return step._replace(angle=rng.choice([a for a in ANGLES if abs(a - step.angle) >= 20])), way
    return step._replace(side=-step.side), way
