"""Coloured digits, letters or shapes come up on a screen one after another: what came when, how often, and next to what."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from pydantic import JsonValue

from generators.temporal._acts import add_balls, draw_balls
from generators.temporal._sequence_questions import Asking, Item, Recital
from generators.temporal._sequence_viewer import retold
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Event, Question, Thing
from morse.seeding import Rng
from morse.stage.marks import MARKS
from morse.style import Style, brightness, mix
from morse.task import Task, register
from morse.timeline import Timeline

FIGURES = {"digit": tuple("0123456789"), "letter": tuple("AEHKMRSTXZ"), "shape": tuple(sorted(MARKS))}
COLOURS = ("blue", "green", "orange", "pink", "purple", "red", "yellow")
SCREEN, TILE, ASIDE = (6.4, 6.4), 4.6, 1.7
"""Size of the screen, side of an item on it, and side of one beside it, in canvas units."""
FADE = 0.12
"""Seconds in which an item comes up, and goes."""
PAUSE = (1.15, 1.6)
"""Seconds for which the screen is empty after an item: enough to be seen at a frame a second."""


class Params(TaskParams):
    items: int = ramp(6, per_level=2, most=200, least=6, limit=400, about="items in the sequence")
    used: int = ramp(4, per_level=0.34, most=6, least=4, limit=6, about="different figures, and colours, in use")
    crossed: int = ramp(1, per_level=0.5, most=60, limit=100, about="items that are crossed out and do not count")
    aside: int = ramp(2, per_level=1, about="items beside the screen, which do not count (and a third as many balls)")
    hold: float = ramp(
        1.8, per_level=-0.1, most=1.25, least=1.25, limit=10, about="seconds that an item stays, at least"
    )


@register(category="temporal", version=2, stage="plot", covers=("MORSE-500 temporal", "OVO-Bench", "RTV-Bench"))
class SequenceRecall(Task[Params, Recital]):
    """Items come up on a screen, one after another.

    What is shown: a screen on which tiles come up, each a digit, a letter or a shape on a colour, for at least 1.25 seconds;
    after each the screen is empty for more than a second, so that repeats are told apart at a frame a second. Crossed-out
    tiles, tiles beside the screen and balls do not count.
    What is asked: the sequence of figures or of colours; the other of them backwards; the n-th; how often one came; what came
    just before or after one's k-th time; the longest run; which one never came; what came before the latest one, at several
    times of the clip; what the n-th would be with one left out.
    Difficulty: items, different ones in use, crossed-out ones, ones beside the screen, time for each.
    Source: own design, after the colour and digit sequences with distractors of MORSE-500 and the n-back task (Kirchner 1958).
    """

    def simulate(self, params: Params, rng: Rng) -> Recital:
        wanted = rng.steady("wanted")
        noun = wanted.choice([*FIGURES])
        run_of, longest, count_of, count = (
            wanted.integer(0, 1), wanted.integer(1, 3), wanted.integer(0, 1), wanted.choice(counts(params)),
        )  # fmt: skip
        vocabularies = FIGURES[noun], COLOURS
        for _ in range(400):
            used = [rng.sample(vocabulary, params.used) for vocabulary in vocabularies]
            runs = [longest if side == run_of else rng.integer(1, 3) for side in (0, 1)]
            rows = [row(values, params.items, most, rng) for values, most in zip(used, runs, strict=True)]
            often = [value for value in used[count_of] if rows[count_of].count(value) == count]
            missing = [[v for v in vocabulary if v not in r] for vocabulary, r in zip(vocabularies, rows, strict=True)]
            if often and all(missing) and all(len({*r}) >= 3 for r in rows):
                items = [Item(*pair) for pair in zip(*rows, strict=True)]
                others = [Item(rng.choice(used[0]), rng.choice(used[1])) for _ in range(params.crossed)]
                gaps = sorted(rng.integer(0, params.items) for _ in others)
                return Recital(
                    noun, vocabularies, tuple(items), tuple(zip(gaps, others, strict=True)), params.aside, params.hold,
                    counts(params), (count_of, rng.choice(often), count), (run_of, longest),
                )  # fmt: skip
        raise Rejected("no sequence as wanted")

    def layout(self, episode: Recital, rng: Rng) -> Layout:
        shows, duration = schedule(episode, rng.steady("times"))
        timeline = Timeline(duration)
        timeline.add("screen", (0.0, 0.0), SCREEN, z=1, solid=False)
        things = [Thing(id="screen", kind="screen")]
        events, ids = [], rng.shuffled(range(1, len(shows) + 1))
        names = []
        for number, (item, crossed, start, end) in zip(ids, shows, strict=True):
            name, kind = f"tile {number}", "crossed" if crossed else "tile"
            show(timeline, name, (0.0, 0.0), TILE, start, end)
            things.append(Thing(id=name, kind=kind, attributes=item._asdict()))
            events.append(Event(id=name, kind=kind, objects=(name,), start=start, end=end))
            names.append(name)
        for number in range(episode.aside):
            start = round(rng.uniform(0.3, duration - 2.2), 3)
            end, name = round(start + rng.uniform(1.0, 1.8), 3), f"aside {number + 1}"
            item = Item(rng.choice(episode.vocabularies[0]), rng.choice(episode.vocabularies[1]))
            at = (rng.choice((-1, 1)) * rng.uniform(5.0, 6.7), rng.uniform(-3.2, 3.2))
            show(timeline, name, at, ASIDE, start, end)
            things.append(Thing(id=name, kind="aside", attributes=item._asdict()))
            events.append(Event(id=name, kind="aside", objects=(name,), start=start, end=end))
        balls, passes = add_balls(timeline, (episode.aside + 2) // 3, duration, rng.fork("balls"))
        kept = [(name, start, end) for name, (_, crossed, start, end) in zip(names, shows, strict=True) if not crossed]
        events = sorted([*events, *passes], key=lambda event: (event.start, event.id))
        return Layout(timeline, (*things, *balls), tuple(events), details={"kept": kept})

    def ask(self, episode: Recital, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From when each tile can be seen on the screen, in the order in which they come up."""
        return retold(question, shown)

    def draw(self, episode: Recital, layout: Layout, stage: Any, style: Style) -> None:
        face = style.pick(
            "screen", (mix(style.background, style.ink, 0.08), style.panel, mix(style.panel, style.muted, 0.3))
        )
        rim, corner = mix(style.muted, style.ink, 0.35), style.pick("corner", (0.1, 0.4, 0.8))
        stage.box("screen", face, corner=corner, edge=rim, line=style.pick("rim", (0.08, 0.16, 0.24)))
        foot = style.pick("foot", ("none", "stand", "legs"))
        for x, width in {"none": [], "stand": [(0.0, 2.6)], "legs": [(-2.2, 0.3), (2.2, 0.3)]}[foot]:
            corners = [(x - width / 2, -4.4), (x + width / 2, -4.4), (x + width * 0.3, -3.2), (x - width * 0.3, -3.2)]
            stage.polygon(None, corners, rim, z=0)
        tile_corner = style.pick("tile", (0.1, 0.5, 1.1))
        for thing in layout.objects:
            if thing.kind in ("tile", "crossed", "aside"):
                side = ASIDE if thing.kind == "aside" else TILE
                colour = style.colour(str(thing.attributes["colour"]))
                ink = "#ffffff" if brightness(colour) < 0.52 else "#16181d"
                stage.box(
                    thing.id, colour, corner=tile_corner * side / TILE, edge=mix(colour, "#000000", 0.45), line=0.05
                )
                figure = str(thing.attributes["figure"])
                if figure in MARKS:
                    stage.polygon(thing.id, MARKS[figure] * side * 0.29, ink)
                else:
                    stage.words(thing.id, figure, side * 0.72, ink, cut="bold")
                if thing.kind == "crossed":
                    for way in (-1, 1):
                        ends = [(-0.5 * side, -0.5 * side * way), (0.5 * side, 0.5 * side * way)]
                        stage.line(thing.id, ends, "#ffffff", 0.5)
                    for way in (-1, 1):
                        ends = [(-0.5 * side, -0.5 * side * way), (0.5 * side, 0.5 * side * way)]
                        stage.line(thing.id, ends, "#16181d", 0.3)
        draw_balls(layout, stage, style)


def counts(params: Params) -> range:
    """How often an item that is asked for may come."""
    low = max(1, round(params.items / params.used) - 1)
    return range(low, low + 3)


def row(values: Sequence[str], length: int, most: int, rng: Rng) -> list[str]:
    """So many values at random, whose longest run is as long as it is to be."""
    for _ in range(200):
        made = [rng.choice(values)]
        run = longest = 1
        while len(made) < length:
            if run < most and rng.chance(0.3):
                made.append(made[-1])
                run += 1
            else:
                made.append(rng.choice([value for value in values if value != made[-1]]))
                run = 1
            longest = max(longest, run)
        if longest == most:
            return made
    raise Rejected("no run as long as wanted")


def schedule(recital: Recital, rng: Rng) -> tuple[list[tuple[Item, bool, float, float]], float]:
    """Each item with whether it is crossed out and when it is there, and the length of the clip, whose middle falls into a pause."""
    shows = [(place, 1, item) for place, item in enumerate(recital.items)]
    shows += [(place, 0, item) for place, item in recital.crossed]
    shows.sort(key=lambda one: one[:2])
    holds = [rng.uniform(recital.hold, recital.hold + 0.5) for _ in shows]
    pauses = [rng.uniform(*PAUSE) for _ in shows]
    ends = [*accumulate(hold + pause for hold, pause in zip(holds, pauses, strict=True))]
    middles = [end - pause / 2 for end, pause in zip(ends, pauses, strict=True)]
    lead, tail = rng.uniform(1.0, 1.8), rng.uniform(0.2, 0.8)
    off = min((2 * (lead + middle) - lead - ends[-1] - tail for middle in middles), key=abs)
    if off < 0:  # the pause that is nearest to the middle of the clip is made its middle
        lead -= off
    else:
        tail += off
    starts = [lead + end - hold - pause for end, hold, pause in zip(ends, holds, pauses, strict=True)]
    times = [(round(start, 3), round(start + hold, 3)) for start, hold in zip(starts, holds, strict=True)]
    shown = [(item, not kept, *span) for (_, kept, item), span in zip(shows, times, strict=True)]
    return shown, round(lead + ends[-1] + tail, 3)


def show(timeline: Timeline, name: str, at: tuple[float, float], side: float, start: float, end: float) -> None:
    """Put a tile on the picture for a while."""
    timeline.add(name, at, (side, side), z=3, opacity=0.0, solid=False)
    timeline.change(name, "opacity", 1.0, start, round(start + FADE, 3))
    timeline.change(name, "opacity", 0.0, round(end - FADE, 3), end)
