"""What figures do in a house and a yard, one act after another: who chases, helps, hinders and blocks whom, and who sees the ball put where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from pydantic import model_validator

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

LETTERS = "ABCDEFHKLMNPRSTUVXYZ"
HELPED = (0, 1, 2)
"""How many figures one may have helped, where that is asked."""
ASKED = 3
"""How often a question that is asked again is asked."""


class Params(TaskParams):
    figures: int = ramp(6, per_level=0.25, most=8, least=6, limit=8, about="figures")
    boxes: int = ramp(3, per_level=0.25, most=5, least=3, limit=6, about="boxes in the house")
    puts: int = ramp(3, per_level=0.34, most=30, least=ASKED, limit=60, about="times that the ball is put into a box")
    chases: int = ramp(4, per_level=0.34, most=30, least=ASKED + 1, limit=60, about="chases")
    pushes: int = ramp(2, per_level=0.34, most=6, least=2, limit=12, about="times that a crate is pushed")
    blocks: int = ramp(1, per_level=0.2, most=6, least=1, limit=6, about="times that someone is kept from the door")
    strolls: int = ramp(0, per_level=0.5, most=30, limit=60, about="walks that lead to nobody")
    together: int = ramp(1, per_level=0.34, most=3, least=1, limit=3, about="acts under way at once, at most")
    minds: int = ramp(
        1, per_level=0.25, most=2, least=1, limit=2, about="2: also what one believes of another's belief"
    )

    @model_validator(mode="after")
    def _one_who_is_blocked_once(self) -> Self:
        if self.blocks > self.figures:
            raise ValueError(f"blocks={self.blocks}: each of {self.figures} figures is blocked once at most")
        return self


class Act(NamedTuple):
    """``enter``, ``leave``: an actor goes into the house or out. ``put``: an actor puts the ball into ``box`` (from 0).
    ``chase``: the first after the second. ``push``: the first pushes a crate, the others come in turn and help (``helps``)
    or push against it. ``block``: the first keeps the second from the door. ``stroll``: an actor goes about alone."""

    kind: str
    actors: tuple[str, ...]
    box: int = -1
    helps: tuple[bool, ...] = ()


HOUSE = ("enter", "leave", "put")


@dataclass(frozen=True)
class Script:
    """``inside``: who is in the house at first. ``pursued``: a figure, and for some chases (numbers from 0) whether it is
    the one chased there. ``helper``: a figure, and how many it helped. ``turncoat``: who helped first and hindered later.
    ``last``: who last saw the ball put away the how-many-th time (from 1), where that is asked. ``apart``: (figure, its
    how-many-th (from 1) going out or coming in, whether it goes out), left undone in the question. ``told``: (pursuer, pursued,
    whether that happened)."""

    params: Params
    names: tuple[str, ...]
    inside: tuple[str, ...]
    acts: tuple[Act, ...]
    pursued: tuple[str, tuple[tuple[int, bool], ...]]
    helper: tuple[str, int]
    turncoat: str
    last: tuple[str, int]
    apart: tuple[str, int, bool]
    told: tuple[str, str, bool]

    def of(self, kind: str) -> list[Act]:
        return [act for act in self.acts if act.kind == kind]

    def watched(self) -> list[tuple[str, ...]]:
        """Who is in the house each time that the ball is put into a box."""
        return presences(self.inside, self.acts)


def presences(inside: Sequence[str], acts: Sequence[Act]) -> list[tuple[str, ...]]:
    now, seen = [*inside], []
    for act in acts:
        if act.kind == "enter":
            now.append(act.actors[0])
        elif act.kind == "leave":
            now.remove(act.actors[0])
        elif act.kind == "put":
            seen.append(tuple(sorted(now)))
    return seen


def last_seen(name: str, watched: Sequence[Sequence[str]]) -> int | None:
    """The number (from 0) of the last time that a figure saw the ball put away."""
    return max((i for i, there in enumerate(watched) if name in there), default=None)


def last_shared(one: str, other: str, watched: Sequence[Sequence[str]]) -> int | None:
    """The last time that both saw it: what the one must take the other to believe."""
    return max((i for i, there in enumerate(watched) if one in there and other in there), default=None)


def parted(script: Script) -> list[tuple[str, ...]]:
    """Who would have been there at each put had ``apart`` not been done: had the figure stayed in till it came back in truth,
    or stayed out from then on."""
    name, number, goes = script.apart
    own = _ways(script, name, "leave" if goes else "enter")
    start, back = own[number - 1], len(script.acts)
    if goes:
        back = next((i for i in _ways(script, name, "enter") if i > start), back)
    puts = [i for i, act in enumerate(script.acts) if act.kind == "put"]
    return [
        tuple(sorted({*there, name} if goes else {*there} - {name})) if start < i < back else there
        for i, there in zip(puts, script.watched(), strict=True)
    ]


def _ways(script: Script, name: str, kind: str) -> list[int]:
    """Which acts are a figure's goings or comings."""
    return [i for i, act in enumerate(script.acts) if act.kind == kind and act.actors == (name,)]


def draw_script(params: Params, rng: Rng) -> Script:
    """Roles are drawn first and evenly, then acts in the house, and then a place among these for every act in the yard."""
    wanted = rng.steady("wanted")
    coins = tuple(wanted.chance(0.5) for _ in range(ASKED))
    seen, helped, true_premise = wanted.integer(1, params.puts), wanted.choice(HELPED), wanted.chance(0.75)
    names = tuple(sorted(rng.sample(LETTERS, params.figures)))
    for _ in range(400):
        inside, house = _house(params, names, rng)
        watched = presences(inside, house)
        out = [name for name in names if name not in _inside_at_end(inside, house)]
        late = [name for name in inside if name in out and last_seen(name, watched) == seen - 1]
        if not late:
            continue
        chases, pursued, marked = _chases(params, names, coins, rng)
        pushes, turncoat, helper = _pushes(params, names, helped, rng)
        yard = [*chases, *pushes, *_blocks(params, names, rng)]
        yard += [Act("stroll", (rng.choice(names),)) for _ in range(params.strolls)]
        acts = _placed(inside, house, yard, rng)
        if acts is None:
            continue
        middle = range(int(0.46 * len(acts)), int(0.54 * len(acts)) + 1)
        late = [name for name in late if not any(name in _inside_at_end(inside, acts[:i]) for i in middle)]
        if not late:
            continue
        order = [act for act in acts if act.kind == "chase"]
        marks = tuple(sorted((order.index(act), act.actors[1] == pursued) for act in marked))
        told = _told(order, true_premise, rng)
        script = Script(
            params, names, inside, acts, (pursued, marks), helper, turncoat, (rng.choice(late), seen), ("", 0, True),
            told,
        )  # fmt: skip
        apart = _apart(script, rng)
        if apart is not None:
            return Script(**{**vars(script), "apart": apart})
    raise Rejected("no acts as wanted")


def _house(params: Params, names: Sequence[str], rng: Rng) -> tuple[tuple[str, ...], list[Act]]:
    """Comings, goings and puts; only one who saw the last put takes the ball to another box."""
    inside = rng.sample(names, 3)
    first, now, acts = tuple(sorted(inside)), [*inside], []
    box = rng.integer(0, params.boxes - 1)
    acts.append(Act("put", (rng.choice(now),), box))
    knowing = [*now]
    most = min(4, params.figures // 2)
    for number in range(params.puts):
        for _ in range(1 + rng.chance(0.3)):
            leavers = [name for name in now if len(now) > 1 and any(one in knowing for one in now if one != name)]
            comers = [name for name in names if name not in now] if len(now) < most else []
            if number == params.puts - 1 and leavers:
                comers = comers if rng.chance(0.3) else []
            act = "leave" if leavers and (not comers or rng.chance(0.55)) else "enter"
            who = rng.choice(leavers if act == "leave" else comers or leavers)
            now.remove(who) if act == "leave" else now.append(who)
            acts.append(Act(act, (who,)))
        if number == params.puts - 1:
            break
        box = rng.choice([other for other in range(params.boxes) if other != box])
        acts.append(Act("put", (rng.choice([name for name in now if name in knowing]),), box))
        knowing = [*now]
    return first, acts


def _inside_at_end(inside: Sequence[str], acts: Sequence[Act]) -> list[str]:
    """Who is in the house after some acts."""
    return [*presences(inside, [*acts, Act("put", ("",))])[-1]]


def _chases(params: Params, names: Sequence[str], coins: Sequence[bool], rng: Rng) -> tuple[list[Act], str, list[Act]]:
    """All chases; a figure that takes part in some of them as drawn; and these."""
    pursued = rng.choice(names)
    others = [name for name in names if name != pursued]
    marked = []
    for coin, other in zip(coins, rng.sample(others, len(coins)), strict=True):
        marked.append(Act("chase", (other, pursued) if coin else (pursued, other)))
    more: list[Act] = []
    while len(more) < params.chases - len(marked):
        pair = tuple(rng.sample(names, 2))
        if len(names) ** 2 < 3 * params.chases or all(act.actors != pair for act in [*marked, *more]):
            more.append(Act("chase", pair))
    return [*marked, *more], pursued, marked


def _pushes(params: Params, names: Sequence[str], helped: int, rng: Rng) -> tuple[list[Act], str, tuple[str, int]]:
    """Acts at the crate. Two have one who helps first and hinders later, beside one who does it the other way round or helps
    both times; in all others somebody else comes, who always helps or always hinders."""
    turncoat, other, one, two = rng.sample(names, 4)
    loyal = helped == 2 or rng.chance(0.5)
    parts = []
    for pusher, first in ((one, True), (two, False)):
        visits = rng.shuffled([(turncoat, first), (other, loyal or not first)])
        parts.append(Act("push", (pusher, *(name for name, _ in visits)), helps=tuple(helps for _, helps in visits)))
    if helped == 0:
        asked = rng.choice([name for name in names if name not in (turncoat, other)])
    else:
        asked = other if helped == 2 else turncoat if loyal else rng.choice((turncoat, other))
    rest = [(name, rng.chance(0.5)) for name in names if name not in (turncoat, other, asked)]
    for _ in range(params.pushes - len(parts)):
        visitor, helps = rng.choice(rest)
        pusher = rng.choice([name for name in names if name != visitor])
        parts.insert(rng.integer(0, len(parts)), Act("push", (pusher, visitor), helps=(helps,)))
    return parts, turncoat, (asked, helped)


def _blocks(params: Params, names: Sequence[str], rng: Rng) -> list[Act]:
    kept = rng.sample(names, params.blocks)
    return [Act("block", (rng.choice([one for one in names if one != name]), name)) for name in kept]


def _placed(inside: Sequence[str], house: Sequence[Act], yard: Sequence[Act], rng: Rng) -> tuple[Act, ...] | None:
    """The acts in one row, each of the yard at a place where all its actors are out; the two at the crate in their order."""
    within = [{*inside}]
    for act in house:
        now = {*within[-1]}
        now = now | {*act.actors} if act.kind == "enter" else now - {*act.actors} if act.kind == "leave" else now
        within.append(now)
    gaps: list[list[Act]] = [[] for _ in within]
    least = 0
    for act in yard:
        free = [i for i, now in enumerate(within) if now.isdisjoint(act.actors) and i >= (act.kind == "push") * least]
        if not free:
            return None
        place = rng.choice(free)
        if act.kind == "push":
            least = place
            gaps[place].append(act)
        else:
            gaps[place].insert(rng.integer(0, len(gaps[place])), act)
    row = [*gaps[0]]
    for act, others in zip(house, gaps[1:], strict=True):
        row += [act, *others]
    return tuple(row)


def _told(chases: Sequence[Act], holds: bool, rng: Rng) -> tuple[str, str, bool]:
    """A pursuer and one who was chased by it once; or the other way round, which never happened."""
    pairs = [act.actors for act in chases]
    single = [pair for pair in pairs if pairs.count(pair) == 1]
    if not holds:
        single = [(b, a) for a, b in pairs if (b, a) not in pairs]
    if not single:
        raise Rejected("no pair that tells")
    one, other = rng.choice(single)
    return one, other, holds


def _apart(script: Script, rng: Rng) -> tuple[str, int, bool] | None:
    """A going out or coming in that matters for what the figure believes, and after whose undoing it still does not put the ball."""
    watched = script.watched()
    boxes = [act.box for act in script.of("put")]
    found = []
    for name in script.names:
        real = last_seen(name, watched)
        for goes in (True, False):
            for number, place in enumerate(_ways(script, name, "leave" if goes else "enter"), 1):
                trial = Script(**{**vars(script), "apart": (name, number, goes)})
                other = last_seen(name, parted(trial))
                moves = any(act.kind == "put" and act.actors == (name,) for act in script.acts[place:])
                if real is not None and other is not None and boxes[real] != boxes[other] and (goes or not moves):
                    found.append((name, number, goes))
    if not found:
        return None
    kind = rng.choice(sorted({goes for *_, goes in found}))
    return rng.choice([one for one in found if one[2] == kind])
