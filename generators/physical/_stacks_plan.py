"""A draw of a clip: towers that do what was drawn first, the order of everything, and of what each question is asked."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product
from types import MappingProxyType
from typing import Any

from generators.physical._stacks_show import (
    AFTER,
    LAG,
    SLOW,
    WATCHED,
    StacksEpisode,
    Visit,
    draw_camera,
    timed,
)
from generators.physical._stacks_world import APART, PLACES, VERDICTS, Tower, Verdict, draw_tower, fall, verdict
from morse.errors import Rejected
from morse.seeding import Rng

CALLED = "ABCDEFGHJKLMNPRSTUVXYZ"
CHOSEN, COUNTS = 4, (0, 1, 2)
"""Of how many blocks the weights are asked, and what a count of the heavy blocks among the first two of a tower comes to."""
TRIED = 150
"""Draws, at most."""


def draw_episode(rng: Rng, towers: int, blocks: int, decoys: int, wait: float) -> StacksEpisode:
    """Everything that happens. Raises :class:`Rejected` where a question finds nothing to be asked of."""
    wanted: list[Verdict] = [rng.steady(f"tower {i}").choice(VERDICTS) for i in range(towers)]
    for attempt in range(TRIED):
        episode = _drawn(rng.fork(f"draw {attempt}"), wanted, blocks, decoys)
        cases = _cases(rng, rng.fork(f"cases {attempt}"), episode)
        if cases is not None:
            return _released(rng.fork("release"), episode, cases, wait)
    raise Rejected("no towers of which everything can be asked")


def _drawn(rng: Rng, wanted: Sequence[Verdict], blocks: int, decoys: int) -> StacksEpisode:
    many = len(wanted)
    names = rng.sample(CALLED, many * blocks + decoys)
    towers = tuple(
        draw_tower(rng.fork(f"tower {i}"), (i - (many - 1) / 2) * APART, names[i * blocks : (i + 1) * blocks], does)
        for i, does in enumerate(wanted)
    )
    turns: list[int | None] = rng.shuffled([*[i for i in range(many) for _ in range(blocks)], *[None] * decoys])
    placed, order = [0] * many, list[tuple[str, bool, int | None]]()
    others = names[many * blocks :]
    for turn in turns:
        if turn is None:
            order.append((others.pop(), rng.chance(0.5), None))
            continue
        load = towers[turn].loads[placed[turn]]
        order.append((load.name, load.heavy, turn))
        placed[turn] += 1
    visits = timed(order, round(0.6 + rng.uniform(0.0, 0.8), 2))
    camera = draw_camera(rng.fork("camera"), many)
    return StacksEpisode(towers, visits, (0.0,) * many, 0.0, MappingProxyType({}), camera)


def _released(rng: Rng, episode: StacksEpisode, cases: dict[str, Any], wait: float) -> StacksEpisode:
    """The episode with the times at which pins go."""
    now = episode.visits[-1].ends + wait + rng.uniform(0.0, 0.6)
    released = [0.0] * len(episode.towers)
    for number in rng.shuffled(range(len(episode.towers))):
        released[number] = round(now, 3)
        tower = episode.towers[number]
        # a tower that stands is watched for as long as a fall takes: the length of a clip tells nothing
        falls = rng.uniform(*WATCHED) if tower.verdict == "stands" else float(fall(tower).times[-1]) * SLOW
        now += LAG + falls
        now += AFTER + rng.uniform(0.0, 0.4)
    return StacksEpisode(
        episode.towers,
        episode.visits,
        tuple(released),
        round(now + rng.uniform(0.2, 1.2), 2),
        MappingProxyType(cases),
        episode.camera,
    )


def _cases(steady: Rng, rng: Rng, episode: StacksEpisode) -> dict[str, Any] | None:
    """What is asked of what, by question kind: for each an answer is drawn first, then one of the cases that have it. None where one has
    none."""
    found: dict[str, Any] = {}
    for kind, cases in (
        ("absent", _absent(episode.towers)),
        ("swapped", _swapped(episode.towers)),
        ("early", _early(episode.towers)),
    ):
        wanted = steady.steady(kind).choice(VERDICTS)
        some = [case for case, does in cases if does == wanted]
        if not some:
            return None
        found[kind] = rng.choice(some)
    count = steady.steady("heavy").integer(1, CHOSEN - 1)
    names = {weighs: [visit.name for visit in episode.visits if visit.heavy == weighs] for weighs in (True, False)}
    if len(names[True]) < count or len(names[False]) < CHOSEN - count:
        return None
    found["heavy"] = (rng.sample(names[True], count), rng.sample(names[False], CHOSEN - count))
    count = steady.steady("count").choice(COUNTS)
    some = [case for case, counted in _counts(episode) if counted == count]
    if not some:
        return None
    found["had"] = rng.choice(some)
    if any(tower.verdict != "stands" for tower in episode.towers):
        yes = steady.steady("cause").chance(0.5)
        blamed = [case for case, does in _blamed(episode.towers, rng) if does is not None and (does == "stands") == yes]
        if not blamed:
            return None
        found["cause"] = rng.choice(blamed)
    return found


Cases = list[tuple[tuple[int, tuple[str, ...]], Verdict | None]]


def _absent(towers: Sequence[Tower]) -> Cases:
    return [
        ((i, two), verdict(tower.without(*two)))
        for i, tower in enumerate(towers)
        for two in combinations(tower.free, 2)
    ]


def _swapped(towers: Sequence[Tower]) -> Cases:
    return [
        ((i, two), verdict(tower.swapped(*two)))
        for i, tower in enumerate(towers)
        for two in combinations(tower.names, 2)
        if tower.load(two[0]).heavy != tower.load(two[1]).heavy
    ]


def _early(towers: Sequence[Tower]) -> Cases:
    return [((i, (name,)), verdict(tower.until(name))) for i, tower in enumerate(towers) for name in tower.names[1:-1]]


def _counts(episode: StacksEpisode) -> list[tuple[tuple[int, Visit], int]]:
    """Moments (the end of a visit) at which a tower has two blocks, and how many of them are heavy."""
    found: list[tuple[tuple[int, Visit], int]] = []
    for number, tower in enumerate(episode.towers):
        second, third = (episode.visit(load.name) for load in tower.loads[1:3])
        heavy = sum(load.heavy for load in tower.loads[:2])
        found += [((number, visit), heavy) for visit in episode.visits if second.ends <= visit.ends < third.ends]
    return found


def _blamed(towers: Sequence[Tower], rng: Rng) -> Cases:
    """What towers that tip would have done, had a block been light that lies as far out as can be on the side to which they tip. Of two
    answers to which weights could have led in the same places, the likelier is passed over so often that places and fall tell nothing."""
    found: Cases = []
    for number, tower in enumerate(towers):
        outer = {"left": PLACES[0], "right": PLACES[-1]}.get(str(tower.verdict))
        for load in tower.loads:
            does = verdict(tower.lightened(load.name))
            if load.place != outer or does is None:
                continue
            ways = {True: 0, False: 0}
            for weights in product((False, True), repeat=len(tower.loads)):
                other = Tower(
                    tower.x, tuple(replace(one, heavy=h) for one, h in zip(tower.loads, weights, strict=True))
                )
                then = verdict(other.lightened(load.name)) if other.verdict == tower.verdict else None
                if then is not None:
                    ways[then == "stands"] += 1
            if rng.chance(min(ways.values()) / ways[does == "stands"]):
                found.append(((number, (load.name,)), does))
    return found
