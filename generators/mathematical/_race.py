"""How a race of bars is drawn at random: who leads when, how far all have got, and what follows clearly from that."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from morse.errors import Rejected
from morse.seeding import Rng

NAMES = (
    *(
        "Abrin",
        "Ambo",
        "Belto",
        "Brona",
        "Corvi",
        "Calmu",
        "Dalmo",
        "Drevi",
        "Elzar",
        "Emrik",
        "Fenwo",
        "Falbi",
        "Gralo",
    ),
    *(
        "Gunvi",
        "Hesto",
        "Halvi",
        "Ibrel",
        "Iskan",
        "Jandu",
        "Jolbi",
        "Kelva",
        "Kusto",
        "Lurno",
        "Lebri",
        "Moxel",
        "Mirdo",
    ),
    *("Nabro", "Nulvi", "Ondri", "Osmel", "Prello", "Pindo", "Quibo", "Quenlo", "Rusko", "Ralvi", "Sovri", "Sundo"),
    *(
        "Tamzi",
        "Trelu",
        "Ulvan",
        "Undo",
        "Verlo",
        "Vistu",
        "Wembi",
        "Wolra",
        "Xando",
        "Xelmi",
        "Yorba",
        "Yilno",
        "Zintu",
    ),
)
"""Made-up names, one or two to an initial."""
LEAD, WIDE = 0.032, 0.125
"""The least lead, and the least of the widest one, as shares of the axis (which has at least 290 pixels)."""
COUNTED = 18
"""Over how many days at most a bar's days in front are counted."""
START, MOVE, RESCALE = 3.1, 0.5, 0.9
"""Seconds: until the first move, and how long a move takes and a rescaling with the rest after it."""


def draw_names(n: int, rng: Rng) -> tuple[str, ...]:
    """Different names with different initials."""
    initials = rng.sample(sorted({name[0] for name in NAMES}), n)
    return tuple(rng.choice([name for name in NAMES if name[0] == initial]) for initial in initials)


def most_led(days: int) -> int:
    """The answers to "on how many days" are 1 to so many."""
    return min(6, 3 + (days - 10) // 6)


def draw_leaders(n: int, last: int, changes: int, rng: Rng) -> Iterator[tuple[int, ...]]:
    """Courses of the lead, who leads at the end of each day, with so many changes."""
    for _ in range(1500):
        flips = rng.sample(range(1, last + 1), changes)
        leaders = [rng.integer(0, n - 1)]
        for day in range(1, last + 1):
            leaders.append((leaders[-1] + (rng.integer(1, n - 1) if day in flips else 0)) % n)
        yield tuple(leaders)


def searched(days: int) -> int:
    """In how many days the widest lead is looked for."""
    return min(6, 4 + (days - 10) // 6)


def draw_front(last: int, widest: int, rng: Rng) -> tuple[list[float], list[float], int]:
    """The longest bar's value and the axis' top on each day, and the first day of the window for the widest lead.

    The front leaps on day ``widest`` of that window, over which the axis keeps its scale. The window keeps away from the
    first day, the last and the middle, which frames from there show.
    """
    length, middle = searched(last), last // 2
    starts = [*range(1, middle - length), *range(middle + 1, last - length)]
    for _ in range(1000):
        spans = [last] if last <= 12 else [rng.integer(8, 10)]
        while sum(spans) < last:
            spans.append(min(rng.integer(6, 7), last - sum(spans)))
        edges = [1 + sum(spans[:i]) for i in range(len(spans) + 1)]
        window = rng.choice(starts)
        places = [i for i in range(len(spans)) if edges[i] <= window and window + length <= edges[i + 1]]
        if places:
            break
    else:
        raise Rejected("no window without a rescaling")
    place = places[0]
    top, share = float(rng.choice((10, 20, 50, 100, 200, 500))), rng.uniform(0.25, 0.31)
    fronts, tops = [round(share * top, 2)], [top]
    for number, span in enumerate(spans):
        if number:
            factor = 2.5 if f"{top:e}"[0] == "2" else 2.0
            top, share = top * factor, share / factor
        leap = rng.uniform(0.11, 0.14) if number == place else 0.0
        steps = [rng.uniform(1.0, 1.5) for _ in range(span)]
        pace = min((0.93 - share - leap) / sum(steps), 0.055)
        for i, step in enumerate(steps):
            share += step * pace + (leap if edges[number] + i == window + widest else 0.0)
            fronts.append(round(share * top, 2))
            tops.append(top)
    return fronts, tops, window


def draw_values(
    n: int, leaders: Sequence[int], fronts: Sequence[float], tops: Sequence[float], leap: int, rng: Rng
) -> list[list[float]]:
    """``values[day][bar]`` behind the front; bars never shrink, and nobody else leads on the way from day to day.

    On day ``leap`` the lead is widest; on the day after all are drawn anew, so that later days do not tell of it.
    """
    values: list[list[float]] = []
    for day, (leader, front, top) in enumerate(zip(leaders, fronts, tops, strict=True)):
        before = values[-1] if values else [0.1 * top] * n
        for _ in range(60):
            gap = rng.uniform(WIDE, WIDE + 0.03) if day == leap else rng.uniform(0.036, 0.08)
            chaser = (leader + rng.integer(1, n - 1)) % n
            row = []
            for bar in range(n):
                value = before[bar] + rng.uniform(0.0, 0.05) * top
                if not day or day == leap + 1 or rng.chance(0.35):
                    value = front - rng.uniform(gap + 0.01, 0.22 if not day else 0.45) * top
                if bar == chaser:
                    value = front
                value = max(before[bar], 0.1 * top, min(value, front - gap * top))
                row.append(front if bar == leader else round(value, 2))
            lead = (front - max(value for bar, value in enumerate(row) if bar != leader)) / top
            fits = lead >= WIDE if day == leap else LEAD <= lead <= WIDE - 0.03
            if fits and (not day or not interloper(before, row, leaders[day - 1], leader)):
                values.append(row)
                break
        else:
            raise Rejected("no room behind the leader")
    return values


def interloper(before: Sequence[float], after: Sequence[float], old: int, new: int) -> bool:
    """Whether a third bar is ahead at the moment when the lead goes over."""
    if old == new:
        return False
    behind, ahead = before[old] - before[new], after[new] - after[old]
    moment = behind / (behind + ahead)
    there = [a + (b - a) * moment for a, b in zip(before, after, strict=True)]
    return any(value >= there[old] * 0.995 for bar, value in enumerate(there) if bar not in (old, new))


def projections(values: Sequence[Sequence[float]], tops: Sequence[float]) -> Iterator[tuple[int, int, int]]:
    """(day, later day, who leads then if all go on as on that day), where that is clear in spite of misreading."""
    for day in range(len(values) // 2, len(values)):
        if tops[day] != tops[day - 1]:
            continue
        for ahead in range(3, 7):
            then = [now + ahead * (now - before) for before, now in zip(values[day - 1], values[day], strict=True)]
            second, first = sorted(then)[-2:]
            if first - second > (0.03 + 0.012 * ahead) * tops[day]:
                yield day, day + ahead, then.index(first)


def stops(values: Sequence[Sequence[float]], tops: Sequence[float]) -> Iterator[tuple[int, int, int, int]]:
    """(bar, day, later day, who leads then if the bar stops on that day): another bar, and clearly."""
    for then in range(3, len(values)):
        for bar in range(len(values[0])):
            others = sorted(value for i, value in enumerate(values[then]) if i != bar)
            for day in range(max(1, then - 8), then - 1):
                if others[-1] - max(others[-2], values[day][bar]) > LEAD * tops[then]:
                    yield bar, day, then, values[then].index(others[-1])


def best_without(bar: int, row: Sequence[float]) -> int:
    """Who leads if one bar is left out."""
    return max((i for i in range(len(row)) if i != bar), key=lambda i: row[i])


def schedule(tops: Sequence[float], rng: Rng) -> tuple[list[float], list[float], list[float]]:
    """When each day begins (the counter turns, the bars start), when the bars are at rest, and when that ends."""
    begins, rests, ends = [0.0], [0.0], [START]
    for before, top in pairwise(tops):
        begins.append(round(ends[-1] + (RESCALE if top != before else 0.0), 3))
        rests.append(round(begins[-1] + MOVE, 3))
        pause = rng.uniform(0.6, 1.8) if rng.chance(0.15) else 0.0
        ends.append(round(rests[-1] + rng.uniform(0.85, 1.15) + pause, 3))
    return begins, rests, ends
