"""Tokens drawn from urns, a die that is rolled, a box filled like one of two urns: what happens, and in which order."""

from collections import Counter
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple, Self

from pydantic import model_validator

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

URNS = "ABC"
KINDS = ("star", "triangle", "square", "cross", "moon", "ring", "diamond", "heart")
BIN, BACK = "bin", "back"
HINTS = ("odd", "even", "over 3", "over 4", "under 5", "under 6")
"""What a sign may say of a roll behind the screen."""
TALLIES = 4
"""How many different answers there are to "how many went into the bin"."""
ASKED = 3
"""How often the same question is asked."""
LEAST = 4
"""Tokens that stay in an urn, at least."""


class Params(TaskParams):
    kinds: int = ramp(3, per_level=0.25, most=5, least=3, limit=5, about="kinds of tokens")
    urns: int = ramp(2, per_level=0.25, most=3, least=2, limit=3, about="urns")
    draws: int = ramp(7, per_level=0.9, most=60, least=6, limit=120, about="tokens drawn from urns in view")
    slips: int = ramp(0, per_level=0.25, most=3, limit=3, about="tokens moved from urn to urn under a cover")
    rolls: int = ramp(6, per_level=0.5, most=40, least=5, limit=80, about="rolls of the die in view")
    hidden: int = ramp(1, per_level=0.25, most=6, least=1, limit=12, about="rolls of the die behind a screen")
    looks: int = ramp(3, per_level=0.34, most=10, least=2, limit=20, about="tokens drawn from the box and put back")
    decoys: int = ramp(1, per_level=0.7, most=30, limit=60, about="times that something shakes, which means nothing")

    @model_validator(mode="after")
    def _one_known(self) -> Self:
        if self.slips and self.urns < 3:
            raise ValueError(f"slips={self.slips} needs urns=3: of one urn it must be known what is in it")
        return self

    @property
    def tallies(self) -> range:
        """How many tokens of a kind may go into the bin."""
        low = max(0, round(self.draws * 0.45 / self.kinds) - 1)
        return range(low, low + TALLIES)

    @property
    def size(self) -> int:
        """How many tokens an urn has at first, about."""
        return 9 + round(self.draws * 0.5 / self.urns)


class Act(NamedTuple):
    """``draw``: a token of a kind (by its number) leaves an urn in view, for the bin, back, or another urn (``to``). ``slip``:
    the same under a cover. ``look``: a token is drawn from the box and put back. ``roll``: the die shows ``face``, or
    (``hint``) lies behind the screen, and a sign says this of it. ``shake``: nothing happens to what is named by ``at``."""

    what: str
    at: str = ""
    kind: int = -1
    to: str = ""
    face: int = 0
    hint: str = ""


@dataclass(frozen=True)
class Trial:
    """``urns``: how many tokens of each kind are in each at first. ``pair``, ``box``: urns that the box may
    be filled like, and the one that it is. ``watched``: an
    urn and a kind, and after how many acts each its number is asked for. ``tallied``: a kind, and how many of it went
    into the bin. ``mode``: the face that was seen most often. ``undone``: a draw (a number of an act) and a kind of its urn."""

    params: Params
    kinds: tuple[str, ...]
    urns: dict[str, tuple[int, ...]]
    faces: tuple[int, ...]
    pair: tuple[str, str]
    box: str
    acts: tuple[Act, ...]
    watched: tuple[str, int, tuple[int, ...]]
    tallied: tuple[int, int]
    mode: int
    undone: tuple[int, int]

    def slipped(self) -> set[str]:
        """Urns of which it is not known for sure what is in them."""
        return {name for act in self.acts if act.what == "slip" for name in (act.at, act.to)}


def holds(hint: str, face: int) -> bool:
    """Whether what a sign says is true of a face."""
    match hint.split():
        case ["odd"]:
            return face % 2 == 1
        case ["even"]:
            return face % 2 == 0
        case ["over", number]:
            return face > int(number)
        case ["under", number]:
            return face < int(number)
    raise ValueError(f"no hint {hint!r}")


def moved(urns: dict[str, tuple[int, ...]], act: Act) -> dict[str, tuple[int, ...]]:
    """The urns after an act."""
    if act.what not in ("draw", "slip") or act.to == BACK:
        return urns
    after = {name: [*held] for name, held in urns.items()}
    after[act.at][act.kind] -= 1
    if act.to in after:
        after[act.to][act.kind] += 1
    return {name: tuple(held) for name, held in after.items()}


def draw_trial(params: Params, rng: Rng) -> Trial:
    """What is to be counted is drawn first; tokens and faces come by chance, again and again until they fit that."""
    wanted = rng.steady("wanted")
    tally, rank = wanted.choice(params.tallies), wanted.unit()
    kinds = tuple(rng.sample(KINDS, params.kinds))
    faces = _faces(rng)
    values = sorted({*faces})
    mode = values[int(rank * len(values))]
    rolls = _rolls(params, faces, mode, rng)
    names = URNS[: params.urns]
    for _ in range(300):
        urns = {name: _filled(params, rng) for name in names}
        if len({held for held in urns.values()}) < len(names):
            continue
        drawn = _draws(params, urns, rng)
        if drawn is None:
            continue
        binned = Counter(act.kind for act in drawn if act.what == "draw" and act.to == BIN)
        fitting = [kind for kind in range(params.kinds) if binned[kind] == tally]
        if not fitting:
            continue
        pair = sorted(rng.sample(names, 2))
        box = rng.choice(pair)
        looks = [Act("look", "box", _any(urns[box], rng)) for _ in range(params.looks)]
        acts = _mixed([drawn, rolls, looks], rng)
        for _ in range(params.decoys):
            acts.insert(rng.integer(0, len(acts)), Act("shake", rng.choice([*names, "box"])))
        slipped = {name for act in acts if act.what == "slip" for name in (act.at, act.to)}
        watched, undone = _watched(urns, acts, slipped, rng), _undone(urns, acts, slipped, rng)
        if watched is not None and undone is not None:
            return Trial(
                params, kinds, urns, faces, (pair[0], pair[1]), box, tuple(acts), watched,
                (rng.choice(fitting), tally), mode, undone,
            )  # fmt: skip
    raise Rejected("no draws as wanted")


def _faces(rng: Rng) -> tuple[int, ...]:
    """Six faces, three to five of them different."""
    values = rng.sample(range(1, 10), rng.integer(3, 5))
    more = [rng.choice(values) for _ in range(6 - len(values))]
    return tuple(sorted([*values, *more]))


def _rolls(params: Params, faces: tuple[int, ...], mode: int, rng: Rng) -> list[Act]:
    """Rolls in view, among which one face is the most frequent; and others with a sign that leaves two faces open at least."""
    for _ in range(400):
        seen = [rng.choice(faces) for _ in range(params.rolls)]
        tally = Counter(seen).most_common()
        if tally[0][0] == mode and (len(tally) == 1 or tally[0][1] > tally[1][1]):
            break
    else:
        raise Rejected("no rolls as wanted")
    rolls = [Act("roll", "die", face=face) for face in seen]
    for _ in range(params.hidden):
        face = rng.choice(faces)
        open_hints = [
            hint
            for hint in HINTS
            if holds(hint, face) and 1 < len({f for f in faces if holds(hint, f)}) < len({*faces})
        ]
        if not open_hints:
            raise Rejected("no sign that leaves something open")
        rolls.append(Act("roll", "die", face=face, hint=rng.choice(open_hints)))
    return rng.shuffled(rolls)


def _filled(params: Params, rng: Rng) -> tuple[int, ...]:
    """An urn with some tokens of each kind."""
    held = [1] * params.kinds
    for _ in range(params.size - params.kinds + rng.integer(-1, 3)):
        held[rng.integer(0, params.kinds - 1)] += 1
    return tuple(held)


def _any(held: tuple[int, ...], rng: Rng) -> int:
    """The kind of a token drawn at random."""
    return rng.weighted(range(len(held)), held)


def _draws(params: Params, urns: dict[str, tuple[int, ...]], rng: Rng) -> list[Act] | None:
    """Draws and slips in order, the slips between two urns; ``None`` where one would be drawn down too far."""
    order = rng.shuffled(["draw"] * params.draws + ["slip"] * params.slips)
    pair = rng.sample([*urns], 2)
    acts, now = [], urns
    for what in order:
        at = rng.choice([*urns]) if what == "draw" else pair[0]
        others = [name for name in urns if name != at]
        to = pair[1] if what == "slip" else rng.weighted((BIN, BACK, rng.choice(others)), (9, 6, 5))
        act = Act(what, at, _any(now[at], rng), to)
        now = moved(now, act)
        if sum(now[at]) < LEAST:
            return None
        acts.append(act)
    return acts


def _mixed(rows: list[list[Act]], rng: Rng) -> list[Act]:
    """Several rows of acts as one, each in its own order."""
    turns = rng.shuffled([i for i, row in enumerate(rows) for _ in row])
    left = [iter(row) for row in rows]
    return [next(left[i]) for i in turns]


def _watched(
    urns: dict[str, tuple[int, ...]], acts: list[Act], slipped: set[str], rng: Rng
) -> tuple[str, int, tuple[int, ...]] | None:
    """An urn and a kind whose number is another one each time that it is asked for."""
    held, states = urns, []
    for act in acts:
        held = moved(held, act)
        states.append(held)
    found = []
    for name, first in urns.items():
        for kind in range(len(first)):
            numbers = [state[name][kind] for state in states]
            if name not in slipped and len({*numbers[2:]}) >= ASKED:
                found.append((name, kind, numbers))
    if not found:
        return None
    name, kind, numbers = rng.choice(found)
    for _ in count():
        marks = sorted(rng.sample(range(2, len(acts)), ASKED))
        if len({numbers[i] for i in marks}) == ASKED:
            return name, kind, tuple(i + 1 for i in marks)
    return None


def _undone(urns: dict[str, tuple[int, ...]], acts: list[Act], slipped: set[str], rng: Rng) -> tuple[int, int] | None:
    """A draw for the bin, and a kind of which it is open whether it comes next. (Had a token for another urn stayed, draws from
    that urn might not have been possible.)"""
    end = urns
    for act in acts:
        end = moved(end, act)
    found = []
    for number, act in enumerate(acts):
        if act.what == "draw" and act.to == BIN and act.at not in slipped:
            for kind, now in enumerate(end[act.at]):
                total = sum(end[act.at])
                if 0 < now < total:
                    found.append((number, kind))
    return rng.choice(found) if found else None
