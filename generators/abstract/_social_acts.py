"""What figures do, as policies that say at every step where each of them heads: chasing, pushing, barring the way, carrying."""

from collections.abc import Callable, Iterable, Sequence
from math import cos, hypot, pi, sin

from generators.abstract._social_plane import CRATE, CRATES, FIGURE, LANE, SPOTS, TICK, WALL, Going, Plane
from generators.abstract._social_script import Act, Script
from morse.errors import Rejected
from morse.seeding import Rng

SIDES = (-0.1, 5.5)
"""How far the crate may be pushed to the left and to the right."""
HELP, HINDER, SHOVES = 0.8, 0.75, 20
"""Speed of the crate with help and against it, and for how many steps it is pushed so."""
ROUND_AT, STRAIGHT, BEND = (3.0, -0.55), 2.15, 1.75
"""Middle of the round way on which one flees and the other follows, half the length of its straight sides, radius of its ends."""
POINTS = 14
AHEAD = 0.55
"""How far ahead on the track of the prey the hunter looks."""
FLEE, CHASE = 2.9, 3.5


def acted(script: Script, rng: Rng) -> Plane:
    """The plane after all acts, each done as soon as who and what it needs is free and no more than ``together`` are under way."""
    plane = Plane(script, rng)
    waiting = [*enumerate(script.acts)]
    under_way: list[tuple[Act, Going]] = []
    pause = 16
    while waiting or under_way or plane.tails:
        if waiting and not pause and len(under_way) < script.params.together:
            number, act = waiting[0]
            taken = {need for other, _ in under_way for need in NEEDS[other.kind]}
            if plane.busy.isdisjoint(act.actors) and taken.isdisjoint(NEEDS[act.kind]):
                waiting.pop(0)
                plane.busy.update(act.actors)
                plane.tails = [tail for tail in plane.tails if tail[0] not in act.actors]
                under_way.append((act, DOING[act.kind](plane, act, number)))
                pause = 3 if script.params.together > 1 else 0
        pause = max(0, pause - 1)
        under_way = [one for one in under_way if plane.steps(one[1])]
        plane.tails = [tail for tail in plane.tails if plane.steps(tail[1])]
        plane.note()
    for _ in range(20):
        plane.note()
    return plane


def _through(plane: Plane, name: str, first: Iterable[tuple[float, float]], into: bool) -> Going:
    outer, inner = (WALL + 1.25, plane.door), (WALL - 0.9, plane.door)
    yield from plane.walk(name, *first, outer if into else inner)
    plane.open = True
    yield from plane.rest(4)
    yield from plane.walk(name, inner if into else outer)
    plane.open = False
    yield from plane.rest(2)


def _enter(plane: Plane, act: Act, number: int) -> Going:
    (name,) = act.actors
    start = plane.now
    taken = [*plane.spot.values()]
    plane.spot[name] = plane.rng.choice([i for i in range(len(SPOTS[1])) if i not in taken])
    yield from _through(plane, name, [(plane.home[name][0], -2.5)], True)
    plane.done("enter", act.actors, start, number)
    plane.then(name, plane.walk(name, plane.place_of(name)))


def _leave(plane: Plane, act: Act, number: int) -> Going:
    (name,) = act.actors
    start = plane.now
    yield from _through(plane, name, [], False)
    del plane.spot[name]
    plane.done("leave", act.actors, start, number)
    plane.then(name, plane.homeward(name))


def _put(plane: Plane, act: Act, number: int) -> Going:
    """To the ball, with it to a box, and back."""
    (name,) = act.actors
    x, y = plane.boxes[act.box]
    lies = plane.ball
    at_ball = (LANE, lies[1]) if lies[0] < LANE else (LANE + 0.35 + 0.9, lies[1])
    yield from plane.walk(name, at_ball)
    start = plane.now
    held = (-0.42, 0.36)
    yield from _carry(plane, lies, (plane.at[name][0] + held[0], plane.at[name][1] + held[1]), 8)
    walk = plane.walk(name, (LANE, y), pace=3.0)
    while plane.steps(walk):
        plane.ball = (plane.at[name][0] + held[0], plane.at[name][1] + held[1])
        yield
    yield from _carry(plane, plane.ball, (x, y), 9)
    plane.done("put", act.actors, start, number)
    plane.then(name, plane.walk(name, plane.place_of(name)))


def _carry(plane: Plane, here: tuple[float, float], there: tuple[float, float], ticks: int) -> Going:
    for tick in range(1, ticks + 1):
        share = tick / ticks
        share = share * share * (3 - 2 * share)
        plane.ball = (here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1]))
        yield


def _chase(plane: Plane, act: Act, number: int) -> Going:
    """Both go to a round way through the yard; one makes after the other, which flees along it; in the end the one gives up.

    The hunter keeps to the track of the prey. So both are on the same way, and where one of them is at a moment
    does not tell which of the two it is.
    """
    hunter, prey = act.actors
    place, turn, size = plane.rng.integer(0, POINTS - 1), plane.rng.choice((-1, 1)), plane.rng.uniform(0.88, 1.04)
    way = [_near(plane, _on_the_round(i, size)) for i in range(POINTS)]
    stand = way[place]
    behind = [way[(place - turn * i) % POINTS] for i in (1, 2, 3)]
    lurk = next((spot for spot in behind if hypot(spot[0] - stand[0], spot[1] - stand[1]) > 1.45), behind[-1])
    yield from plane.both(plane.walk(hunter, lurk), plane.walk(prey, stand))
    yield from plane.rest(6)
    start, track = plane.now, [stand]
    for _ in range(plane.rng.integer(48, 62)):
        (x, y), (hx, hy) = plane.at[prey], plane.at[hunter]
        goal = way[(place + turn) % POINTS]
        if hypot(goal[0] - x, goal[1] - y) < 0.7:
            place += turn
        track.append((x, y))
        while len(track) > 1 and hypot(track[0][0] - hx, track[0][1] - hy) < AHEAD:
            track.pop(0)
        plane.toward(prey, goal, FLEE, stop=0.0)
        apart = hypot(x - hx, y - hy)
        plane.toward(hunter, track[0], CHASE * min(1.0, max(0.4, apart - 0.6)), stop=0.0)
        yield
    plane.then(prey, plane.homeward(prey))
    yield from plane.halt(hunter)
    plane.done("chase", act.actors, start, number)
    yield from plane.rest(8)
    plane.then(hunter, plane.homeward(hunter))


def _on_the_round(number: int, size: float) -> tuple[float, float]:
    """One of the points of the round way, evenly along it."""
    side, end = 2 * STRAIGHT, pi * BEND
    along = number / POINTS * 2 * (side + end)
    half, along = divmod(along, side + end)
    if along < side:
        x, y = along - STRAIGHT, -BEND
    else:
        turn = (along - side) / BEND - pi / 2
        x, y = STRAIGHT + BEND * cos(turn), BEND * sin(turn)
    flip = size * (-1 if half else 1)
    return ROUND_AT[0] + flip * x, ROUND_AT[1] + flip * y


def _near(plane: Plane, place: tuple[float, float]) -> tuple[float, float]:
    return place[0] + plane.rng.uniform(-0.25, 0.25), place[1] + plane.rng.uniform(-0.25, 0.25)


def _push(plane: Plane, act: Act, number: int) -> Going:
    """One leans on the crate and hardly moves it; the others come in turn to one side of it or the other."""
    pusher, *visitors = act.actors
    way = _way(plane, act.helps)
    reach = (CRATE[0] + FIGURE) / 2 + 0.02

    def beside(behind: bool, upper: bool) -> tuple[float, float]:
        return plane.crate + (-way if behind else way) * reach, CRATES + (0.48 if upper else -0.48)

    def to(name: str, behind: bool, upper: bool) -> Going:
        x, y = beside(behind, upper)
        outer = x + (-way if behind else way) * 1.0
        yield from plane.walk(name, (outer, 1.5), (outer, y - 0.5 * upper), (x, y))

    def away(name: str) -> Going:
        x, _ = plane.at[name]
        out = x + (0.9 if x > plane.crate else -0.9)
        yield from plane.walk(name, (out, 1.6), (plane.home[name][0], -2.6), plane.home[name])

    waits = [plane.walk(name, (plane.crate + 2.1 * (2 * i - 1), 0.3)) for i, name in enumerate(visitors)]
    yield from plane.both(to(pusher, True, True), *waits)
    yield from _shove(plane, (pusher,), 0.4 * way, 14)
    yield from plane.rest(2)
    for visitor, helps in zip(visitors, act.helps, strict=True):
        yield from to(visitor, helps, False)
        yield from plane.rest(4)
        start = plane.now
        yield from _shove(plane, (pusher, visitor), (HELP if helps else -HINDER) * way, SHOVES)
        plane.done("help" if helps else "hinder", (visitor, pusher), start, number)
        yield from plane.rest(3)
        plane.then(visitor, away(visitor))
        yield from plane.rest(5)
        yield from _shove(plane, (pusher,), 0.4 * way, 8)
    plane.then(pusher, away(pusher))


def _way(plane: Plane, helps: Sequence[bool]) -> int:
    """To which side there is room to push the crate."""
    moved, reached = 0.4, [0.0, 0.4]
    for one in helps:
        reached += [moved := moved + (HELP if one else -HINDER) * SHOVES * TICK, moved := moved + 0.15]
    low, high = SIDES
    free = [way for way in (-1, 1) if all(low <= plane.crate + way * far <= high for far in reached)]
    if not free:
        raise Rejected("no room for the crate")
    return min(free, key=lambda way: abs(plane.crate + way * moved - sum(SIDES) / 2))


def _shove(plane: Plane, names: Sequence[str], speed: float, ticks: int) -> Going:
    for tick in range(ticks):
        step = speed * TICK * min(1.0, (tick + 1) / 4, (ticks - tick) / 4)
        plane.crate += step
        for name in names:
            x, y = plane.at[name]
            plane.at[name] = (x + step, y)
        yield


def _block(plane: Plane, act: Act, number: int) -> Going:
    """One stands before the door; the other tries to get round it on one side and the other, and gives up."""
    guard, kept = act.actors
    side = plane.rng.choice((-1, 1))

    def before(angle: float, far: float) -> tuple[float, float]:
        return WALL + 0.2 + far * cos(angle), plane.door + far * sin(angle)

    yield from plane.walk(guard, before(0.0, 1.1))
    yield from plane.walk(kept, before(0.0, 3.6), before(0.0, 2.5))
    start = plane.now
    for tick in range(50):
        angle = side * 0.75 * sin(tick * 0.2)
        plane.toward(kept, before(angle, 2.3), 2.4, shy=False)
        plane.toward(guard, before(angle * 0.8, 1.12), 2.0, shy=False)
        yield
    plane.speed[kept] = plane.speed[guard] = (0.0, 0.0)
    plane.done("block", act.actors, start, number)
    yield from plane.rest(3)
    plane.then(kept, plane.homeward(kept))
    yield from plane.rest(6)
    plane.then(guard, plane.homeward(guard))


def _stroll(plane: Plane, act: Act, number: int) -> Going:
    (name,) = act.actors
    start = plane.now
    places = [(plane.rng.uniform(-0.3, 6.6), plane.rng.uniform(-2.0, 1.0)) for _ in range(2)]
    yield from plane.walk(name, *places, pace=2.8)
    plane.done("stroll", act.actors, start, number)
    plane.then(name, plane.homeward(name))


DOING: dict[str, Callable[[Plane, Act, int], Going]] = {
    "enter": _enter, "leave": _leave, "put": _put, "chase": _chase, "push": _push, "block": _block, "stroll": _stroll,
}  # fmt: skip
NEEDS: dict[str, tuple[str, ...]] = {
    "enter": ("house", "door"), "leave": ("house", "door"), "put": ("house",), "block": ("door",), "push": ("crate",),
    "chase": (), "stroll": (),
}  # fmt: skip
"""What no other act may use meanwhile."""
