"""Cases for a detective, drawn: what lies there, what slides towards what, and what a hand does as the curtain closes.

What the hand does, how many things hit each other and which thing is slid at are drawn first, and stay over redraws; places and ways
are then tried until they fit.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from generators.physical._arena import (
    FARTHEST,
    HALF_WIDTH,
    NEAREST,
    Look,
    Window,
    draw_camera,
    draw_looks,
    lying,
    scatter,
    shifted,
)
from generators.physical._dark_ways import at_sample, breadth, lasting, reaches, slick, sliding, towards
from generators.physical._dark_world import (
    CARRIED,
    CLOSING,
    FAR,
    LASTS,
    NEAR,
    NOTHING,
    PUT,
    QUIET,
    SWAPPED,
    TAKEN,
    Act,
    Array,
    Dark,
    Params,
    acted,
    end_in,
)
from generators.physical._meetings import GRAZE, WEAK, half_step, met
from morse.errors import Rejected
from morse.physics import NUDGES, SAMPLE, Placed, Run, nudged, simulate
from morse.seeding import Rng
from morse.world import Camera

SHARES = {NOTHING: 3, TAKEN: 4, PUT: 4, CARRIED: 6, SWAPPED: 3}
"""How often the hand does what: of the three that are told apart by places alone, as often as each is offered."""
HITS = (1, 2)
"""How many pairs of things may hit each other behind the curtain."""
BEFORE, ROOM = (0.15, 0.3), (0.5, 0.65)
"""Seconds from when the curtain is closed to the first hit if nobody interferes; more where a thing is put in between."""
FIRM = 0.2
"""How far from where it ends, in metres, a thing may end in a run with small changes."""
APART = 0.68
"""Metres between the middles of things that are to keep clear of each other."""
PLACINGS, WAYS, ACTS = 24, 3, 4
"""How many placings are tried in a draw, ways in for each, and things that a hand may do for each way."""


def draw_dark(params: Params, rng: Rng) -> Dark:
    """A case. Raises :class:`Rejected` where none of so many tries fits, or where small changes alter what comes of it."""
    aim = rng.steady("aim")
    kind, hits = aim.weighted([*SHARES], [*SHARES.values()]), aim.choice(HITS)
    # what is slid at is as often any of the things, from the innermost to the outermost: where they lie does not tell it
    rank = aim.integer(0, params.resting + params.early - 1)
    camera = draw_camera(rng.fork("camera"))
    window = Window(camera)
    looks = draw_looks(rng.fork("looks"), params.resting + params.early + 2, params.twins)
    sliders = [look for look in looks if look.shape != "ball"][: params.early + 1]
    if len(sliders) <= params.early:
        raise Rejected("too many balls")
    others = [look for look in looks if look not in sliders]
    spare = slick(lying(others.pop(), rng.uniform(0.40, 0.47), 0.0, 0.0, rng.uniform(0.0, math.pi / 2)))
    for turn in range(PLACINGS):
        own = rng.fork(f"placing {turn}")
        for made in _cases(own, camera, params, kind, hits, rank, spare, others, sliders):
            if _fits(made, window, hits):
                _firm(made)
                return made
    raise Rejected("no case of that kind")


def _cases(
    rng: Rng,
    camera: Camera,
    params: Params,
    kind: str,
    hits: int,
    rank: int,
    spare: Placed,
    looks: Sequence[Look],
    sliders: Sequence[Look],
) -> Iterator[Dark]:
    """All that can be tried with one placing."""
    window = Window(camera)
    try:
        before, starts, settled = _settled(rng, window, looks, sliders[:-1])
    except Rejected:
        return
    target = sorted(settled, key=lambda thing: abs(thing.position[0]))[rank]
    made = slick(lying(sliders[-1], rng.uniform(0.40, 0.47), 0.0, 0.0, rng.uniform(0.0, math.pi / 2)))
    between = kind == PUT and rng.chance(0.6)
    gap = rng.uniform(*(ROOM if between else BEFORE))
    begin = before.times[-1] + rng.uniform(0.2, 0.6) if starts else rng.uniform(1.6, 2.2)
    for way in range(WAYS):
        turned = rng.fork(f"way {way}")
        mover = towards(turned, window, made, target, settled, gap, hits > 1 and way < WAYS - 1)
        if mover is None:
            return
        mover = replace(mover, start=round(begin, 3))
        row = int((begin + reaches(mover, target) - gap) / SAMPLE)
        seen = before.beside(sliding(mover, row))
        standing = (*settled, at_sample(mover, seen, row))
        plain = simulate(standing, LASTS)
        struck = {name for touch in plain.touches for name in touch.pair}
        first = next((touch.pair for touch in plain.touches if mover.body.name in touch.pair), ())
        if target.body.name not in first or _topples(plain, standing):
            continue
        opens = round(row * SAMPLE + params.dark + turned.uniform(0.0, 0.8), 3)
        # the middle of the clip is dark, so that no single look in the middle tells anything
        after = max(2.6, 2 * row * SAMPLE - opens + 0.7) + turned.uniform(0.0, 1.2)
        for act in _acts(turned.fork("acts"), kind, target.body.name, standing, spare, plain, between):
            if len(met(plain.touches)) != hits and struck.isdisjoint((act.thing, act.other)) and not between:
                continue  # nor will it be then
            run = plain if act.kind == NOTHING else simulate(acted(standing, act, spare), LASTS)
            yield Dark(
                params, camera, (*starts, (mover.body.name, mover.start)), standing,
                replace(spare, position=(*act.place, spare.position[2])) if act.kind == PUT else spare,
                act, seen, plain, run, row, opens, round(opens + CLOSING + after, 3),
            )  # fmt: skip


def _settled(
    rng: Rng, window: Window, looks: Sequence[Look], early: Sequence[Look]
) -> tuple[Run, tuple[tuple[str, float], ...], tuple[Placed, ...]]:
    """What lies there once all has come to rest that comes in early; how that went, and who came in when."""
    resting = [slick(thing) for thing in scatter(rng.fork("places"), looks, [])]
    coming, arrival = [], 0.0
    for look, thing in zip(early, rng.shuffled(resting), strict=False):
        made = slick(lying(look, rng.uniform(0.40, 0.47), 0.0, 0.0, rng.uniform(0.0, math.pi / 2)))
        sent = towards(rng, window, made, thing, resting, 0.0, False)
        if sent is None:
            raise Rejected("no way in")
        coming.append(replace(sent, start=arrival - reaches(sent, thing)))
        arrival += rng.uniform(2.4, 3.0)
    coming = shifted(coming, rng.uniform(1.6, 2.2)) if coming else []
    things = (*resting, *coming)
    run = simulate(things, arrival + 9.0) if coming else lasting(resting)
    ends = [end_in(run, name) for name in run.names]
    wide = [breadth(thing) + GRAZE for thing in things]
    loose = all(math.dist(ends[i], ends[j]) > wide[i] + wide[j] for i in range(len(ends)) for j in range(i))
    inside = all(window.holds((*place, 0.2), 0.06) for place in ends)
    struck = all(any(thing.body.name in touch.pair for touch in run.touches) for thing in coming)
    if not (inside and struck and loose) or _topples(run, things) or run.times[-1] > arrival + 8.5:
        raise Rejected("nothing comes to rest well")
    starts = tuple((thing.body.name, thing.start) for thing in coming)
    return run, starts, tuple(at_sample(thing, run, len(run.times) - 1, still=True) for thing in things)


def _topples(run: Run, things: Sequence[Placed]) -> bool:
    half = np.array([thing.body.size[2] / 2 for thing in things])
    return bool((run.poses[:, :, 2] - half).max() > 0.04)


def _acts(
    rng: Rng, kind: str, target: str, standing: Sequence[Placed], spare: Placed, plain: Run, between: bool
) -> Iterator[Act]:
    """Things that a hand may do; in more than half of the cases first such as concern what the mover is about to hit."""
    names = rng.shuffled([thing.body.name for thing in standing[:-1] if thing.body.name != target])
    names = [target, *names] if rng.chance(0.6) else [*names, target]
    if kind == NOTHING:
        yield Act(NOTHING)
    elif kind == TAKEN:
        yield from (Act(TAKEN, name) for name in names[:ACTS])
    elif kind == SWAPPED:
        yield from (Act(SWAPPED, names[0], other) for other in names[1 : 1 + ACTS])
    for name in names[:ACTS] if kind in (CARRIED, PUT) else ():
        own = spare.body.name if kind == PUT else name
        place = _in_between(rng, standing, plain, target) if between else _elsewhere(rng, standing, plain, own)
        if place is not None:
            yield Act(kind, own, place=place)


def _elsewhere(rng: Rng, standing: Sequence[Placed], plain: Run, name: str) -> tuple[float, float] | None:
    """A place on the floor that is far from where all things ever are but for one."""
    others = [column for column, other in enumerate(plain.names) if other != name]
    ways: Array = plain.poses[::6, others, :2].reshape(-1, 2)
    lies = np.array([thing.position[:2] for thing in standing])
    for _ in range(40):
        place = (round(rng.uniform(-HALF_WIDTH, HALF_WIDTH), 4), round(rng.uniform(NEAREST, FARTHEST), 4))
        if np.hypot(*(ways - place).T).min() > APART and np.hypot(*(lies - place).T).min() > APART + 0.15:
            return place
    return None


def _in_between(rng: Rng, standing: Sequence[Placed], plain: Run, target: str) -> tuple[float, float] | None:
    """A place on the way of the mover, before what it would hit."""
    x, y = standing[-1].position[:2]
    end = next(thing.position[:2] for thing in standing if thing.body.name == target)
    far = math.dist((x, y), end)
    ahead = ((end[0] - x) / far, (end[1] - y) / far)
    along, aside = rng.uniform(0.62, far - 0.6) if far > 1.22 else 0.0, rng.uniform(-0.12, 0.12)
    place = (x + along * ahead[0] - aside * ahead[1], y + along * ahead[1] + aside * ahead[0])
    if not along or min(math.dist(place, thing.position[:2]) for thing in standing) < 0.58:
        return None
    return (round(place[0], 4), round(place[1], 4))


def _fits(made: Dark, window: Window, hits: int) -> bool:
    """Whether so many things hit each other, none of them softly or by a hair's breadth, and all comes to rest where it can be seen."""
    run = made.run
    met_put = made.act.kind == PUT and any(made.act.thing in touch.pair for touch in made.hidden)
    if (
        not made.hidden
        or (len(made.hidden) != hits and not met_put)
        or run.times[-1] > made.params.dark - QUIET
        or _topples(run, made.scene)
    ):
        return False
    pairs = [touch.pair for touch in made.hidden]
    if any(touch.speed < WEAK for touch in made.hidden) or any(
        gap < GRAZE for pair, (gap, _) in run.gaps.items() if pair not in pairs
    ):
        return False
    if made.act.kind == CARRIED and any(made.act.thing in pair for pair in pairs):
        return False
    if not all(window.holds((*end_in(run, name), 0.2), 0.06) for name in run.names):
        return False
    went = [math.dist(made.at_first(name), end_in(run, name)) for name in made.kept]
    return not any(NEAR < far < FAR for far in went)


def _firm(made: Dark) -> None:
    """Reject what small changes would alter."""
    pairs, run = [touch.pair for touch in made.hidden], made.run
    for other in [half_step(made.scene, LASTS), *(simulate(nudged(made.scene, n), LASTS) for n in range(NUDGES))]:
        if [touch.pair for touch in met(other.touches)] != pairs:
            raise Rejected("unstable: other hits")
        if len(other.poses) and any(math.dist(end_in(other, name), end_in(run, name)) > FIRM for name in run.names):
            raise Rejected("unstable: a thing that ends elsewhere")
