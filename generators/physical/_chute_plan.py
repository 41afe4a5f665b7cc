"""Balls that go down a chute into bins, and doors that open and shut: what is to happen is drawn first, then the doors are moved so that it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import model_validator

from generators.physical._chute_board import SLOPES, SPEEDS, SWING, Board, Ride, rides, windows
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng
from morse.stage.marks import MARKS
from morse.style import HUED

COLOURS = tuple(colour for colour in HUED if colour != "brown")
SIGNS = tuple(mark for mark in MARKS if mark != "diamond")
"""Marks that are told apart however a ball has rolled."""
HELD, TINTED, FORETOLD = range(6), range(4), range(1, 5)
"""What may be the numbers of balls in a bin, of balls of a colour in a bin, and of balls in a bin that is foretold of."""
REST = 0.1
"""Seconds for which a door stands still at least between two moves."""


class Params(TaskParams):
    balls: int = ramp(9, per_level=1.3, least=9, about="balls that come, give or take one")
    doors: int = ramp(3, per_level=0.3, most=5, least=3, limit=5, about="trap doors in the chute")
    screens: int = ramp(1, per_level=0.3, most=2, least=1, limit=2, about="doors behind a screen")
    colours: int = ramp(3, per_level=0.4, most=6, least=2, limit=6, about="colours that come more than once")
    idle: int = ramp(0, per_level=0.7, limit=60, about="times that a door opens and shuts for no ball, at most")
    pause: float = ramp(2.2, per_level=-0.06, most=1.7, least=1.7, limit=10, about="mean seconds between two balls")

    @model_validator(mode="after")
    def _room(self) -> "Params":
        if self.screens == 2 and self.doors < 4:
            raise ValueError("two screens need four doors: none may stand next to the other")
        return self


@dataclass(frozen=True)
class Swings:
    """How a door stands at first, and when it begins to move; each move opens or shuts it."""

    first: bool
    moves: tuple[float, ...]

    def stands(self, start: float, end: float) -> bool | None:
        """Whether it is open from one time to another; ``None`` if it moves in between."""
        if any(move < end and move + SWING > start for move in self.moves):
            return None
        return self.first ^ (sum(move <= start for move in self.moves) % 2 == 1)


@dataclass(frozen=True)
class Targets:
    """What numbers are to come out: balls in a bin (the first in the way of the balls is 0), balls of a colour in a bin."""

    held_in: int
    held: int
    tinted_in: int
    tint: str
    tinted: int


@dataclass(frozen=True)
class Instead:
    """A ball, the bin into which it would fall had its own door and all hidden ones stayed shut, and which bins were as likely."""

    ball: int
    place: int
    among: tuple[int, ...]


@dataclass(frozen=True)
class Chute:
    """What happens. ``into``: for each ball, in the order in which they come, its bin; ``starts``: when it starts, in seconds; ``tints``: its
    colour. ``lone``: the ball whose colour no other has. ``absent``: a colour that never comes. ``marks``: the mark of each colour."""

    board: Board
    mirrored: bool
    into: tuple[int, ...]
    starts: tuple[float, ...]
    tints: tuple[str, ...]
    swings: tuple[Swings, ...]
    screened: tuple[int, ...]
    lone: int
    absent: str
    marks: dict[str, str]
    targets: Targets
    instead: Instead
    duration: float

    @property
    def rides(self) -> tuple[Ride, ...]:
        return rides(self.board)

    def out(self, ball: int) -> float:
        """When a ball is out of the feeder."""
        return round(self.starts[ball] + self.rides[0].out, 3)

    def gone(self, ball: int) -> float:
        """When a ball is out of sight in its bin."""
        return round(self.starts[ball] + self.rides[self.into[ball]].gone, 3)

    def letter(self, place: int) -> str:
        """The letter of a bin: they go from left to right."""
        count = self.board.doors + 1
        return "ABCDEF"[count - 1 - place if self.mirrored else place]

    def number(self, door: int) -> int:
        """The number of a door, from left to right."""
        return self.board.doors - door if self.mirrored else door + 1

    @property
    def letters(self) -> tuple[str, ...]:
        return tuple("ABCDEF"[: self.board.doors + 1])


def draw_chute(params: Params, rng: Rng) -> Chute:
    """A clip's happenings; what will be asked for is drawn first."""
    look = rng.fork("board")
    board = Board(params.doors, look.choice(SPEEDS), look.choice(SLOPES))
    mirrored = look.chance(0.5)
    screened = _apart(look, params.doors, params.screens)
    aim = rng.steady("targets")
    count = params.balls + rng.integer(-1, 1)
    named = rng.fork("colours").sample(COLOURS, params.colours + 2)
    usual, single, absent = named[: params.colours], named[-2], named[-1]
    held_in, tinted_in = rng.sample(range(params.doors + 1), 2)
    targets = Targets(held_in, aim.choice(HELD), tinted_in, rng.choice(usual), aim.choice(TINTED))
    into, tints, lone = _shares(rng.fork("shares"), count, params.doors + 1, usual, single, targets)
    instead = _instead(rng.fork("instead"), board, into, screened, aim)
    starts, swings = _moved(rng.fork("times"), board, into, instead, params)
    marks = dict(zip(named, rng.fork("marks").sample(SIGNS, len(named)), strict=True))
    end = max(start + rides(board)[place].gone for start, place in zip(starts, into, strict=True))
    duration = round(end + rng.uniform(1.0, 2.5), 3)
    made = Chute(
        board, mirrored, into, starts, tints, swings, screened, lone, absent, marks, targets, instead, duration
    )  # fmt: skip
    if any(course(board, made.swings, start) != place for start, place in zip(starts, into, strict=True)):
        raise Rejected("a door that moves as a ball comes by")
    shut = (into[instead.ball], *screened)
    if course(board, made.swings, starts[instead.ball], shut) != instead.place:
        raise Rejected("a door that would move as a ball came by")
    return made


def course(board: Board, swings: Sequence[Swings], start: float, shut: Sequence[int] = ()) -> int | None:
    """The bin of a ball that starts at a time, with some doors ``shut`` all the time; ``None`` where it is not certain."""
    for door, (begin, end) in enumerate(windows(board)):
        if door in shut:
            continue
        stands = swings[door].stands(start + begin, start + end)
        if stands is None:
            return None
        if stands:
            return door
    return board.doors


def _apart(rng: Rng, doors: int, screens: int) -> tuple[int, ...]:
    """Doors behind a screen, no two of them neighbours."""
    able = [(a,) for a in range(doors)] if screens == 1 else [(a, b) for a in range(doors) for b in range(a + 2, doors)]
    return rng.choice(able)


def _shares(
    rng: Rng, count: int, bins: int, usual: Sequence[str], single: str, aims: Targets
) -> tuple[tuple[int, ...], tuple[str, ...], int]:
    """The bin and the colour of each ball, and which has a colour of its own."""
    others = [place for place in range(bins) if place not in (aims.held_in, aims.tinted_in)]
    own = min(aims.tinted + rng.integer(0, 2), count - aims.held)
    rest = [rng.choice(others) for _ in range(count - aims.held - own)]
    into = rng.shuffled([aims.held_in] * aims.held + [aims.tinted_in] * own + rest)
    there = rng.shuffled([i for i, place in enumerate(into) if place == aims.tinted_in])
    elsewhere = [i for i, place in enumerate(into) if place != aims.tinted_in]
    tints = [rng.choice(usual) for _ in into]
    other = [colour for colour in usual if colour != aims.tint]
    for i, ball in enumerate(there):
        tints[ball] = aims.tint if i < aims.tinted else rng.choice(other)
    lone = rng.choice(there[aims.tinted :] + elsewhere)
    tints[lone] = single
    return tuple(into), tuple(tints), lone


def _instead(rng: Rng, board: Board, into: Sequence[int], screened: Sequence[int], aim: Rng) -> Instead:
    """A ball that would have gone elsewhere had its door been shut, and where to."""
    places = range(board.doors + 1)
    later = {door: tuple(place for place in places[door + 1 :] if place not in screened) for door in places}
    able = [ball for ball, door in enumerate(into) if len(later[door]) > 1]
    if not able:
        raise Rejected("no ball with two ways further down")
    ball = rng.choice(able)
    among = later[into[ball]]
    return Instead(ball, among[int(aim.unit() * len(among))], among)


def _moved(
    rng: Rng, board: Board, into: Sequence[int], instead: Instead, params: Params
) -> tuple[tuple[float, ...], tuple[Swings, ...]]:
    """When each ball starts, and how the doors move so that each gets to its bin."""
    spans = windows(board)
    needs: list[list[tuple[float, float, bool]]] = [[] for _ in spans]
    starts: list[float] = []
    start = rng.uniform(0.5, 1.0)
    for ball, place in enumerate(into):
        must = {door: door == place for door in range(min(place + 1, board.doors))}
        if ball == instead.ball:
            must |= {
                door: door == instead.place for door in instead.among if door < board.doors and door <= instead.place
            }
        while not _fits(needs, spans, start, must):
            start += 0.05
        starts.append(round(start, 3))
        for door, stands in must.items():
            begin, end = spans[door]
            needs[door].append((starts[-1] + begin, starts[-1] + end, stands))
        start += params.pause * rng.uniform(0.85, 1.15)
    swings = [_swings(rng, own) for own in needs]
    for _ in range(params.idle):
        door = rng.integer(0, board.doors - 1)
        swings[door] = _idle(rng, swings[door], needs[door])
    return tuple(starts), tuple(swings)


def _fits(
    needs: Sequence[Sequence[tuple[float, float, bool]]],
    spans: Sequence[tuple[float, float]],
    start: float,
    must: Mapping[int, bool],
) -> bool:
    """Whether the doors have time to move before a ball that starts then."""
    for door, stands in must.items():
        begin = start + spans[door][0]
        if any(was != stands and end + SWING + 2 * REST > begin for _, end, was in needs[door]):
            return False
    return True


def _swings(rng: Rng, needs: Sequence[tuple[float, float, bool]]) -> Swings:
    """A door that stands as it must each time, and moves at some moment between."""
    stands = needs[0][2] if needs else rng.chance(0.5)
    first, moves, free = stands, [], 0.0
    if needs and needs[0][0] > SWING + 1.5 and rng.chance(0.5):
        first = not first
        moves.append(round(rng.uniform(0.8, needs[0][0] - SWING - REST), 3))
    for begin, end, must in needs:
        if must != stands:
            moves.append(round(rng.uniform(free + REST, begin - SWING - REST), 3))
            stands = must
        free = max(free, end)
    return Swings(first, tuple(moves))


def _idle(rng: Rng, swings: Swings, needs: Sequence[tuple[float, float, bool]]) -> Swings:
    """The same door, with a move and a move back in a stretch in which no ball comes by, if there is one."""
    taken = sorted([(a, b) for a, b, _ in needs] + [(move, move + SWING) for move in swings.moves])
    free, found = 0.3, []
    for begin, end in taken:
        if begin - free > 2 * SWING + 1.6:
            found.append((free, begin))
        free = max(free, end)
    if not found:
        return swings
    begin, end = rng.choice(found)
    one = rng.uniform(begin + REST, end - 2 * SWING - 1.2)
    two = rng.uniform(one + SWING + 0.8, end - SWING - REST)
    return Swings(swings.first, tuple(sorted((*swings.moves, round(one, 3), round(two, 3)))))
