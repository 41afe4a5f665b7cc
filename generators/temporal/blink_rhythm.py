"""Lamps flash, each in a rhythm of its own: how fast, how often, which one is out of step, which one is next."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.temporal._acts import add_balls, draw_balls
from generators.temporal._cards import rays
from generators.temporal._rhythm_questions import Asking, Lamp, Row, next_ones, swappable
from generators.temporal._rhythm_viewer import retold
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Event, Question, Thing
from morse.seeding import Rng
from morse.stage.marks import MARKS
from morse.style import Style, brightness, mix
from morse.task import Task, register
from morse.timeline import Timeline

PERIODS = (2.0, 2.5, 3.0, 3.5, 4.0)
FLASH, RAMP = 0.65, 0.1
"""Seconds for which a lamp is lit in a flash, and in which it lights up."""
FAINT = 0.3
"""How bright a glimmer is."""
COUNTS = 5
"""How many different answers there are to "how many flashes"."""
SPOTS = tuple((x, y) for x in (-6.0, -3.0, 0.0, 3.0, 6.0) for y in (2.75, -0.15, -3.05))


class Params(TaskParams):
    lamps: int = ramp(6, per_level=0.34, most=9, least=6, limit=9, about="lamps")
    flashes: int = ramp(
        4, per_level=0.5, most=80, least=4, limit=200, about="flashes of the lamp whose flashes are counted, at least"
    )
    decoys: int = ramp(3, per_level=1, about="faint glimmers, which are no flashes, and balls that pass")

    @property
    def seconds(self) -> float:
        """How long the clip is."""
        return PERIODS[-1] * (self.flashes + COUNTS - 1) + 4.5


@register(category="temporal", version=2, stage="plot", covers=("MORSE-500 temporal", "OVO-Bench", "RTV-Bench"))
class BlinkRhythm(Task[Params, Row]):
    """Lamps flash, each with the same time from flash to flash.

    What is shown: lamps with different marks. Each flashes some times in a steady rhythm, beginning and stopping at some time;
    two flash together, one leaves out a flash once. Faint glimmers are no flashes; balls that pass mean nothing.
    What is asked: the seconds from flash to flash of a lamp; how often it flashes; which of four has another rhythm than the
    others; which one left out a flash; which one always flashes together with another; which one is the next to flash, at
    several times of the clip; how often a lamp would have flashed in the rhythm of another.
    Difficulty: lamps, flashes (and with them the length), glimmers and balls.
    Source: own design, after the concurrent events of MORSE-500 and the real-time and forward questions of OVO-Bench.
    """

    def simulate(self, params: Params, rng: Rng) -> Row:
        wanted = rng.steady("wanted")
        counts = range(params.flashes, params.flashes + COUNTS)
        count, period, odd = (
            wanted.choice(counts),
            wanted.choice(PERIODS),
            wanted.integer(2, 4) * wanted.choice((-1, 1)),
        )
        low = round(0.85 * (params.seconds - 3.0) / PERIODS[2]) - 1
        swaps = range(low, low + COUNTS)
        swap = wanted.choice(swaps)

        def lamp(period: float, count: int | None = None) -> Lamp:
            most = int((params.seconds - 2.4 - FLASH) / period)
            number = rng.integer(max(4, round(0.7 * most)), most) if count is None else count
            start = rng.uniform(1.2, params.seconds - 1.2 - FLASH - (number - 1) * period)
            return Lamp(period, round(start, 3), number, None)

        for _ in range(200):
            names = rng.sample([*MARKS], params.lamps)
            common = rng.choice([i for i in range(len(PERIODS)) if 0 <= i + odd < len(PERIODS)])
            group = [lamp(PERIODS[common]), lamp(PERIODS[common])]
            group += [group[0], lamp(PERIODS[common + odd])]
            skips = lamp(rng.choice(PERIODS))
            skips = skips._replace(skipped=rng.integer(1, skips.times - 2))
            rest = [lamp(rng.choice(PERIODS)) for _ in names[6:]]
            lamps = dict(zip(names, [*group, lamp(period, count), skips, *rest], strict=True))
            if alike(group[0], [*group[1:2], *group[3:], *rest, skips]) or not (swapped := swappable(lamps, swap, rng)):
                continue
            steady = {name: lamps[name] for name in [*names[:2], *names[3:5], *names[6:]]}
            if (due := next_ones(steady, params.seconds, FLASH, rng)) is not None:
                return Row(lamps, params.seconds, params.decoys, counts, swaps, swapped, due)
        raise Rejected("no rhythms as wanted")

    def layout(self, episode: Row, rng: Rng) -> Layout:
        timeline = Timeline(episode.seconds)
        things, events = [], []
        glimmers = rng.fork("glimmers")
        spots = rng.sample(SPOTS, len(episode.lamps))
        order = rng.shuffled([*episode.lamps])  # not that of their roles
        faint = [glimmers.choice(order) for _ in range((episode.decoys + 1) // 2)]
        for name, (x, y) in zip(order, spots, strict=True):
            at = (x + rng.uniform(-0.35, 0.35), y + rng.uniform(-0.1, 0.1))
            timeline.add(f"glow {name}", at, (2.8, 2.8), z=1, opacity=0.0, solid=False, tracked=False)
            timeline.add(name, at, (1.6, 1.6), z=2, round=True, lit=0.0)
            things.append(Thing(id=name, kind="lamp", attributes={"mark": name}, shape_fills_box=False))
            flashes = [(start, FLASH, 1.0) for start in episode.lamps[name].flashes()]
            for _ in range(faint.count(name)):
                start = round(glimmers.uniform(0.8, episode.seconds - 2.0), 3)
                if all(abs(start - other) > 1.0 for other, *_ in flashes):
                    flashes.append((start, 0.5, FAINT))
            for number, (start, seconds, bright) in enumerate(sorted(flashes)):
                end = round(start + seconds, 3)
                for actor, channel in ((name, "lit"), (f"glow {name}", "opacity")):
                    timeline.change(actor, channel, bright, start, start + RAMP, ease="linear")
                    timeline.change(actor, channel, 0.0, end - RAMP, end, ease="linear")
                kind = "flashes" if bright == 1.0 else "glimmers"
                events.append(Event(id=f"{name} {number + 1}", kind=kind, objects=(name,), start=start, end=end))
        balls, passes = add_balls(timeline, episode.decoys // 2, episode.seconds, rng.fork("balls"))
        events = sorted([*events, *passes], key=lambda event: (event.start, event.id))
        return Layout(timeline, (*things, *balls), tuple(events))

    def ask(self, episode: Row, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, rng, PERIODS, FLASH).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From when each lamp is seen to be lit."""
        return retold(question, shown)

    def draw(self, episode: Row, layout: Layout, stage: Any, style: Style) -> None:
        from matplotlib.path import Path

        light = style.pick("light", ("#ffd23e", "#ffb03b", "#ffe066"))
        rim = mix(light, "#b35c00", 0.0 if style.dark else 0.45)
        glass = style.pick(
            "glass", (style.panel, mix(style.panel, style.muted, 0.3), mix(style.panel, style.accent, 0.2))
        )
        edge, socket = mix(style.ink, glass, 0.3), mix(style.muted, style.ink, 0.3)
        form = style.pick("form", ("bulb", "lantern", "button"))
        for thing in layout.objects:
            if thing.kind != "lamp":
                continue
            x, y = layout.timeline.place(thing.id, 0.0)
            if form == "bulb":
                foot = [(-0.36, -1.12), (0.36, -1.12), (0.44, -0.6), (-0.44, -0.6)]
                stage.polygon(None, foot, socket, at=(x, y), z=0)
            elif form == "lantern":
                stage.polygon(None, [(-0.55, 0.75), (0.55, 0.75), (0.3, 1.08), (-0.3, 1.08)], socket, at=(x, y), z=0)
                stage.polygon(None, [(-0.6, -1.0), (0.6, -1.0), (0.6, -0.7), (-0.6, -0.7)], socket, at=(x, y), z=0)
            else:
                stage.outline(None, Path.circle((x, y), 0.98), socket, z=0)

            def shade(values: Any) -> str:
                return mix(glass, light, values["lit"])

            def ink(values: Any) -> str:
                dark = style.ink if brightness(style.ink) < 0.5 or brightness(glass) < 0.5 else "#20242a"
                return mix(dark, "#33260a", values["lit"])

            stage.outline(f"glow {thing.id}", rays(1.12, 1.36), None, edge=rim, line=0.1)
            stage.outline(thing.id, Path.circle(radius=0.8), glass, edge=edge, line=0.05 * style.line, shade=shade)
            stage.outline(thing.id, Path(MARKS[str(thing.attributes["mark"])] * 0.4), style.ink, shade=ink)
        draw_balls(layout, stage, style)


def alike(lamp: Lamp, others: Iterable[Lamp]) -> bool:
    """Whether another lamp of the same rhythm flashes at nearly the same moments."""
    off = [(other.start - lamp.start) % lamp.period for other in others if other.period == lamp.period]
    return any(min(apart, lamp.period - apart) < 0.5 for apart in off)
