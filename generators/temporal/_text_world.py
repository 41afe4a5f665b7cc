"""Random texts that come and go: what they read, for how long, and what happens to them, drawn so that questions have the wanted answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

DIGITS, LETTERS = "3479", "ACEFHJKLMNPRTVXY"
CHARACTERS = DIGITS + LETTERS
"""What texts are made of: none is easily taken for another (no O and 0, I and 1, S and 5, B and 8, Z and 2, U and V)."""
Way = Literal["pops", "typed", "erased", "covered", "edited", "left", "right", "up", "down"]
WAYS: tuple[Way, ...] = ("left", "right", "up", "down")
"""The ways in which a text may move."""
STAYS = {"pops": (2.7, 4.0), "typed": (3.6, 4.4), "erased": (3.6, 4.4), "covered": (4.3, 4.7), "edited": (4.9, 5.3)}
MOVES, LONGEST = (3.0, 4.2), (6.2, 6.8)
"""Seconds for which texts are there: by way, those that move, and the one that is there for longest."""
BEFORE = 2.2
"""Seconds for which a text can be read before it is covered or edited."""
COVERED = 1.1
CONTAINING = range(2, 6)
"""How many texts may contain the character that is asked for."""
PREFIX = 2
"""How many characters of a text are typed once more at the end."""
CLEAR = 0.5
"""Seconds by which what is asked about lies from what would change the answer."""
MARKS = ("circle", "square", "triangle", "diamond", "star", "plus")
TRIES = 300


class Params(TaskParams):
    texts: int = ramp(8, per_level=1, least=8, limit=60, about="texts that come and go")
    length: int = ramp(4, per_level=0.25, most=6, least=3, limit=6, about="characters of a text")
    decoys: int = ramp(1, per_level=0.7, about="strips without characters, which are no texts")
    pace: float = ramp(1.9, per_level=-0.06, most=1.4, least=1.0, limit=6, about="seconds from text to text, at least")


class Item(NamedTuple):
    """A text: what it reads at first, and after its edit where it has one; from when to when it is there, and how it comes, goes or moves.

    ``mark``: beside which mark it stands, or the empty word for one that moves.
    """

    reads: str
    later: str | None
    start: float
    end: float
    way: Way
    mark: str

    @property
    def edit(self) -> float:
        """When it is edited, or begins to be covered."""
        return round(self.start + BEFORE, 3)

    @property
    def moves(self) -> bool:
        return self.way in WAYS

    def visible(self) -> list[tuple[float, float]]:
        """The stretches in which all or part of it can be read."""
        if self.way == "covered":
            return [(self.start, self.edit), (round(self.edit + COVERED, 3), self.end)]
        return [(self.start, self.end)]

    def seen_in(self, start: float, end: float) -> bool | None:
        """Whether it can be read within a stretch; ``None`` where that is a close thing."""
        shares = [min(end, b) - max(start, a) for a, b in self.visible()]
        if max(shares) >= CLEAR:
            return True
        return False if max(shares) <= -CLEAR / 2 else None


@dataclass(frozen=True)
class Stream:
    """Texts in the order of their coming, and what is asked of them.

    ``misread``: for each text a near miss that is never shown. ``mark`` and ``way``: which are asked about. ``window``: two moments.
    ``moments``: when it is asked which text was the last to go, and of which texts. ``typed``: the number of the text that is typed once
    more at the end, from ``typing`` on.
    """

    params: Params
    items: tuple[Item, ...]
    mark: str
    way: Way
    misread: tuple[str, ...]
    character: str
    window: tuple[float, float]
    moments: tuple[float, ...]
    options: tuple[int, ...]
    typed: int
    typing: float
    seconds: float


def draw_stream(params: Params, rng: Rng) -> Stream:
    """Raises :class:`Rejected` where no draw can be asked about."""
    steady = rng.steady("wanted")
    containing, count = steady.choice(CONTAINING), params.texts
    mark, way = steady.choice(MARKS), steady.choice(WAYS)
    for _ in range(TRIES):
        roles = _roles(count, way, rng)
        times, typing, seconds = _times(roles, params, rng)
        marks = _marks(roles, times, mark, rng)
        reads, character = _readings(count, params.length, containing, rng)
        if marks is None:
            continue
        taken = [*reads]
        items = []
        for role, (start, end), at, text in zip(roles, times, marks, reads, strict=True):
            later = None
            if role == "edited":
                later = _near_miss(text, taken, rng, exchanged=0.0)
                taken.append(later)
            items.append(Item(text, later, start, end, "pops" if role == "longest" else role, at))
        misread = []
        for text in reads:
            misread.append(_near_miss(text, taken, rng))
            taken.append(misread[-1])
        ends = max(item.end for item in items)
        window, gone = _window(items, ends, rng), _gone(items, rng)
        if window is None or gone is None:
            continue
        options, moments = gone
        typed = rng.choice([i for i, item in enumerate(items) if item.later is None])
        return Stream(
            params, tuple(items), mark, way, tuple(misread), character, window, moments, options, typed, typing,
            seconds,
        )  # fmt: skip
    raise Rejected("no stream of texts that can be asked about")


Role = Way | Literal["longest"]


def _roles(count: int, way: Way, rng: Rng) -> list[Role]:
    """How each text comes, goes or moves: one is the longest, two or more are edited, one at least moves in the wanted way."""
    edits = max(2, count // 5)
    roles: list[Role] = ["longest", way, "typed", "erased", "covered"]
    while len(roles) < 5 + edits:
        roles.append("edited")
    rest: list[Role] = ["pops", "pops", "pops", "typed", "erased", "covered", *WAYS]
    while len(roles) < count:
        roles.append(rng.choice(rest))
    return rng.shuffled(roles)


def _times(roles: Sequence[Role], params: Params, rng: Rng) -> tuple[list[tuple[float, float]], float, float]:
    """From when to when each text is there, when the last line begins, and the length of the clip.

    They come in two acts with a rest between them, in the middle of the clip, so that its middle frame shows none.
    """
    split = (len(roles) + 2) // 2
    acts: list[list[tuple[float, float]]] = []
    for act in (roles[:split], roles[split:]):
        time, stays = 0.0, []
        for role in act:
            stay = LONGEST if role == "longest" else MOVES if role in WAYS else STAYS[role]
            stays.append((time, time + rng.uniform(*stay)))
            time += rng.uniform(params.pace, params.pace + 0.4)
        acts.append(stays)
    first, second = (max(end for _, end in act) for act in acts)
    wait, typing, rest = rng.uniform(0.6, 1.0), rng.uniform(2.9, 3.3), rng.uniform(1.2, 1.8)
    lead = max(1.0, second + wait + typing - first)
    wait += max(0.0, lead + first - second - wait - typing)
    begins = (lead, lead + first + rest)
    times = [(round(a + at, 3), round(b + at, 3)) for at, act in zip(begins, acts, strict=True) for a, b in act]
    line = begins[1] + second + wait
    return times, round(line, 3), round(line + typing, 3)


def _marks(roles: Sequence[Role], times: Sequence[tuple[float, float]], wanted: str, rng: Rng) -> list[str] | None:
    """Beside which mark each text stands: none where there is one already. The wanted mark has a text that only stands there."""
    free: dict[str, float] = dict.fromkeys(MARKS, 0.0)
    found: list[str] = []
    plain = [i for i, role in enumerate(roles) if role in ("pops", "typed", "erased", "longest")]
    chosen = rng.choice(plain)
    for i, (role, (start, end)) in enumerate(zip(roles, times, strict=True)):
        if role in WAYS:
            found.append("")
            continue
        open_now = [mark for mark, until in free.items() if until < start]
        if not open_now or (i == chosen and wanted not in open_now):
            return None
        mark = wanted if i == chosen else rng.choice(open_now)
        found.append(mark)
        free[mark] = end + 0.3
    return found


def _readings(count: int, length: int, containing: int, rng: Rng) -> tuple[list[str], str]:
    """So many different texts, so many of which contain a character, and that character."""
    character = rng.choice(CHARACTERS)
    with_it = rng.sample(range(count), containing)
    others = [one for one in CHARACTERS if one != character]
    texts: list[str] = []
    while len(texts) < count:
        text = "".join(rng.sample(others, length))
        if len(texts) in with_it:
            place = rng.integer(0, length - 1)
            text = text[:place] + character + text[place + 1 :]
        if all(_apart(text, other) >= 2 for other in texts) and all(text[:PREFIX] != t[:PREFIX] for t in texts):
            texts.append(text)
    return texts, character


def _apart(one: str, other: str) -> int:
    """In how many places two texts differ."""
    return sum(a != b for a, b in zip(one, other, strict=True))


def _near_miss(text: str, taken: Iterable[str], rng: Rng, exchanged: float = 0.35) -> str:
    """A text that differs from another in one place, or (so often) by two neighbours exchanged, and is none of those taken."""
    known = [*taken]
    while True:
        place = rng.integer(0, len(text) - 1)
        if rng.chance(exchanged) and place + 1 < len(text):
            made = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        else:
            made = text[:place] + rng.choice([c for c in CHARACTERS if c not in text]) + text[place + 1 :]
        if made not in known:
            return made


def _window(items: Sequence[Item], ends: float, rng: Rng) -> tuple[float, float] | None:
    """Two moments, in tenths, between which it is clear which texts can be read, and not all of them."""
    for _ in range(60):
        start = round(rng.uniform(2.0, ends - 4.0), 1)
        end = round(start + rng.uniform(2.0, 4.0), 1)
        seen = [item.seen_in(start, end) for item in items if item.later is None]
        if None not in seen and 2 <= seen.count(True) <= len(seen) - 1:
            return start, end
    return None


def _gone(items: Sequence[Item], rng: Rng) -> tuple[tuple[int, ...], tuple[float, ...]] | None:
    """Four texts, and two or three moments at which none of them is there and another of them was the last to go."""
    plain = [i for i, item in enumerate(items) if item.later is None]
    ends = max(item.end for item in items)
    for _ in range(40):
        four = rng.sample(plain, 4)
        moments: dict[int, list[float]] = {}
        for step in range(round((ends - 3.0) / 0.1)):
            at = round(3.0 + 0.1 * step, 1)
            over = sorted((items[i].end, i) for i in four if items[i].end < at)
            there = any(items[i].start - CLEAR < at < items[i].end + CLEAR for i in four)
            if there or not over or (len(over) > 1 and over[-1][0] - over[-2][0] < CLEAR):
                continue
            moments.setdefault(over[-1][1], []).append(at)
        if len(moments) >= 2:
            keys = rng.sample(sorted(moments), min(len(moments), 3))
            return tuple(four), tuple(sorted(rng.choice(moments[key]) for key in keys))
    return None
