"""The plane that figures move in, in small steps of time: where everything is, and how a figure goes from place to place."""

from collections.abc import Generator, Sequence
from itertools import count
from math import hypot
from typing import NamedTuple

from generators.abstract._social_script import Script
from morse.errors import Rejected
from morse.seeding import Rng

TICK = 1 / 16
"""Seconds of a step. Places are in canvas units, the house on the left; speeds in units a second."""
FIGURE, CRATE, BOX, BALL = 1.0, (1.3, 1.9), 1.05, 0.42
LEFT, WALL, TOP = -7.7, -2.9, 4.15
"""The house reaches from ``LEFT`` to its wall with the door at ``WALL``, and from −``TOP`` to ``TOP``."""
BOXES, LANE, SPOTS = -6.95, -5.8, (-4.85, (3.3, 1.65, 0.0, -1.65, -3.3))
"""Where the boxes are, where one stands before them, and where one stays in the house."""
HOMES = [(-1.75 + 1.25 * i, -3.75) for i in range(8)]
CRATES = 3.25
"""Height of the lane in which the crate is pushed."""
WALK = 5.0
ARRIVE, PASS = 0.12, 0.5
"""How near one is to where one goes when one is there, and to a place that one goes by."""
SHY = 1.35
"""How near others may come before a walker makes way."""
LONGEST = 160
"""Steps after which someone who has not arrived is stuck."""
Going = Generator[None, None, None]


class Deed(NamedTuple):
    """What happened from one step to another: of :class:`Act`'s kinds, or ``help`` and ``hinder`` within a push."""

    kind: str
    actors: tuple[str, ...]
    start: int
    end: int
    act: int


class Plane:
    """Figures, ball, crate and door from step to step; the trails hold where each was at every step so far."""

    def __init__(self, script: Script, rng: Rng) -> None:
        self.script, self.rng = script, rng
        self.door = rng.uniform(-0.9, 0.9)
        homes = rng.sample(HOMES, len(script.names))
        self.home = dict(zip(script.names, homes, strict=True))
        self.at = dict(self.home)
        self.spot: dict[str, int] = {}
        for name, spot in zip(script.inside, rng.sample(range(len(SPOTS[1])), len(script.inside)), strict=True):
            self.spot[name] = spot
            self.at[name] = self.place_of(name)
        self.speed = dict.fromkeys(script.names, (0.0, 0.0))
        step = 2 * (TOP - 0.25) / script.params.boxes
        self.boxes = [(BOXES, (script.params.boxes - 1) / 2 * step - i * step) for i in range(script.params.boxes)]
        self.ball = (LANE + 0.35, rng.choice((-0.85, 0.85)))
        self.crate = rng.uniform(1.2, 4.2)
        self.open = False
        self.trails: dict[str, list[tuple[float, float]]] = {name: [] for name in script.names}
        self.ball_trail: list[tuple[float, float]] = []
        self.crate_trail: list[float] = []
        self.doors: list[bool] = []
        self.deeds: list[Deed] = []
        self.busy: set[str] = set()
        self.tails: list[tuple[str, Going]] = []

    @property
    def now(self) -> int:
        """The last step of the trails."""
        return len(self.ball_trail) - 1

    def steps(self, going: Going) -> bool:
        """One step of something; whether there is more of it."""
        return next(going, self) is not self

    def note(self) -> None:
        for name, trail in self.trails.items():
            trail.append(self.at[name])
        self.ball_trail.append(self.ball)
        self.crate_trail.append(self.crate)
        self.doors.append(self.open)

    def done(self, kind: str, actors: Sequence[str], start: int, act: int) -> None:
        self.deeds.append(Deed(kind, tuple(actors), start, self.now, act))

    def then(self, name: str, going: Going) -> None:
        """Let a figure go on with something from which any other act may call it."""
        self.busy.discard(name)
        self.tails.append((name, going))

    def toward(
        self, name: str, goal: tuple[float, float], pace: float, *, stop: float = ARRIVE, shy: bool = True
    ) -> bool:
        """One step towards a place, round others; whether it is no further than ``stop`` (where one arrives, one comes to rest)."""
        (x, y), (vx, vy) = self.at[name], self.speed[name]
        dx, dy = goal[0] - x, goal[1] - y
        far = hypot(dx, dy) or 0.001
        if far < stop:
            if stop == ARRIVE:
                self.at[name], self.speed[name] = goal, (0.0, 0.0)
            return True
        want = min(pace, 5 * far) if stop == ARRIVE else pace
        ux, uy = want * dx / far, want * dy / far
        if shy and far > 0.7:
            for other, (ox, oy) in self.at.items():
                ex, ey = x - ox, y - oy
                if abs(ex) < SHY and abs(ey) < SHY and other != name:
                    near = hypot(ex, ey) or 0.01
                    if near < SHY:
                        force = 3.2 * (SHY - near) / near
                        side = 1 if ex * dy - ey * dx <= 0 else -1
                        ux, uy = ux + force * (ex + 0.8 * side * ey), uy + force * (ey - 0.8 * side * ex)
        vx, vy = vx + 0.4 * (ux - vx), vy + 0.4 * (uy - vy)
        over = hypot(vx, vy) / (1.25 * pace)
        if over > 1:
            vx, vy = vx / over, vy / over
        self.at[name], self.speed[name] = (x + vx * TICK, y + vy * TICK), (vx, vy)
        return False

    def walk(self, name: str, *places: tuple[float, float], pace: float = WALK) -> Going:
        for i, place in enumerate(places):
            stop = ARRIVE if i == len(places) - 1 else PASS
            for tick in count():
                if self.toward(name, place, pace, stop=stop):
                    break
                if tick > LONGEST:
                    raise Rejected("a figure is stuck")
                yield
        self.speed[name] = (0.0, 0.0)
        yield

    def halt(self, name: str) -> Going:
        """Come to rest within three steps."""
        for share in (0.6, 0.3, 0.1):
            (x, y), (vx, vy) = self.at[name], self.speed[name]
            self.at[name] = (x + vx * share * TICK, y + vy * share * TICK)
            yield
        self.speed[name] = (0.0, 0.0)

    def rest(self, ticks: int) -> Going:
        for _ in range(ticks):
            yield

    def both(self, *goings: Going) -> Going:
        left = [*goings]
        while left := [going for going in left if self.steps(going)]:
            yield

    def homeward(self, name: str) -> Going:
        x, _ = self.home[name]
        yield from self.walk(name, (x, -2.6), self.home[name])

    def place_of(self, name: str) -> tuple[float, float]:
        return SPOTS[0], SPOTS[1][self.spot[name]]
