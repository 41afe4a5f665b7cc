"""Creatures come out of their burrows and go again: who was there, when last, how often, for how long, with whom."""

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from pydantic import JsonValue, model_validator

from generators.temporal._acts import Stay, add_balls, draw_balls, draw_stays, moments
from generators.temporal._visit_questions import RAMP, Asking, Visits, out
from generators.temporal._visit_viewer import retold
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Event, Question, Thing
from morse.seeding import Rng
from morse.stage.marks import MARKS
from morse.style import Style, brightness, mix
from morse.task import Task, register
from morse.timeline import Timeline

COLOURS = ("blue", "green", "orange", "pink", "purple", "red", "yellow")
BURROWS = tuple((x, y) for x in (-6.1, -3.05, 0.0, 3.05, 6.1) for y in (2.75, 0.05, -2.65))
SIZE, LEAF = (1.75, 2.0), (1.5, 1.2)
"""Of a creature, and of a leaf, in canvas units."""


class Params(TaskParams):
    visits: int = ramp(9, per_level=2, most=120, least=9, limit=300, about="times that a creature comes out")
    creatures: int = ramp(
        5, per_level=0.34, most=8, least=5, limit=8, about="different creatures, at least (two more at most)"
    )
    at_once: int = ramp(4, per_level=0.25, most=7, least=4, limit=7, about="creatures that are out at once, at most")
    decoys: int = ramp(2, per_level=1, about="leaves that come up too, and balls that pass, which do not count")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.visits < self.creatures + 4:
            least = self.creatures + 4
            raise ValueError(
                f"visits={self.visits} is too few for {self.creatures} or more creatures: at least {least}"
            )
        return self

    @property
    def ticks(self) -> int:
        """Moments in an act."""
        return 5 + round(3.2 * self.visits / self.at_once)


@register(category="temporal", version=2, stage="plot", covers=("MORSE-500 temporal", "OVO-Bench", "RTV-Bench"))
class AppearanceCount(Task[Params, Visits]):
    """Creatures come out of burrows, stay for a while, and go.

    What is shown: fifteen burrows. In two acts, with a rest between, creatures come out for some seconds each, told apart by
    their colour and the mark on their belly; the same one may come again, at another burrow. Leaves that come up and balls
    that pass do not count.
    What is asked: how many were out at once at most; how many different ones there were; how often one came out; from when to
    when a colour was out for the last time (if it ever was), and where one then was; who was out longest in all; who was out together with one; who
    was the last to go so far, at several times of the clip; how many different ones there were without those of a colour.
    Difficulty: visits, different creatures, creatures at once, leaves and balls.
    Source: own design, after the concurrent events of MORSE-500 and the backward tracing of OVO-Bench.
    """

    def simulate(self, params: Params, rng: Rng) -> Visits:
        wanted = rng.steady("wanted")
        most, different = params.at_once - wanted.integer(0, 2), params.creatures + wanted.integer(0, 2)
        without, often = params.creatures - wanted.integer(1, 3), wanted.choice(counts(params))
        for _ in range(300):
            colours = rng.shuffled(COLOURS)
            own = [f"{colours[0]} {mark}" for mark in rng.sample([*MARKS], different - without)]
            others = [f"{colour} {mark}" for colour in colours[1:-1] for mark in MARKS]
            whos = rng.shuffled([*own, *rng.sample(others, without)])
            stays = draw_stays(rng, params.visits, params.ticks, most, whos, everybody=True)
            if stays is None:
                continue
            busiest = max(sum(stay.start <= gap < stay.end for stay in stays) for gap in range(2 * params.ticks))
            counted = [who for who in whos if sum(stay.who == who for stay in stays) == often]
            if busiest == most and counted:
                in_order = tuple(sorted(stays, key=lambda stay: (stay.start, stay.who)))
                return Visits(
                    tuple(whos), placed(in_order, rng), params.ticks, params.decoys, params.at_once, params.creatures, most,
                    (rng.choice(counted), often), counts(params), (colours[0], without), colours[-1],
                )  # fmt: skip
        raise Rejected("no visits as wanted")

    def layout(self, episode: Visits, rng: Rng) -> Layout:
        times, duration = moments(episode.ticks, rng.steady("moments"))
        timeline = Timeline(duration)
        things, events = [], []
        for who in episode.whos:
            colour, mark = who.split()
            own = [stay for stay in episode.stays if stay.who == who]
            timeline.add(who, spot(own[0].what), SIZE, z=3, opacity=0.0, solid=False)
            things.append(Thing(id=who, kind="creature", attributes={"colour": colour, "mark": mark}))
            for number, stay in enumerate(own):
                start, end = out(stay, times)
                timeline.move(who, spot(stay.what), start - RAMP, start - RAMP)
                come_and_go(timeline, who, start, end)
                events.append(Event(id=f"{who} {number + 1}", kind="is out", objects=(who,), start=start, end=end))
        taken = [(stay.what, times[stay.start] - 0.5, times[stay.end] + 0.5) for stay in episode.stays]
        draws = rng.fork("leaves")
        for number in range((episode.decoys + 1) // 2):
            start = round(draws.uniform(0.6, duration - 3.0), 3)
            end = round(start + draws.uniform(1.2, 2.2), 3)
            free = [
                str(i)
                for i in range(len(BURROWS))
                if not any(w == str(i) and a < end and start < b for w, a, b in taken)
            ]
            if not free:
                continue
            name, at = f"leaf {number + 1}", draws.choice(free)
            timeline.add(name, spot(at), LEAF, z=3, opacity=0.0, solid=False)
            come_and_go(timeline, name, start, end)
            taken.append((at, start - 0.5, end + 0.5))
            things.append(Thing(id=name, kind="leaf", shape_fills_box=False))
            events.append(Event(id=name, kind="leaf", objects=(name,), start=start, end=end))
        balls, passes = add_balls(timeline, episode.decoys // 2, duration, rng.fork("balls"))
        events = sorted([*events, *passes], key=lambda event: (event.start, event.id))
        return Layout(timeline, (*things, *balls), tuple(events), details={"times": times})

    def ask(self, episode: Visits, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From when each creature can be seen."""
        return retold(question, shown)

    def draw(self, episode: Visits, layout: Layout, stage: Any, style: Style) -> None:
        from matplotlib.path import Path

        from morse.stage.plot_stage import rounded

        soil = mix(
            style.background, style.pick("soil", ("#7a5a3a", "#5c7a4a", "#8a7a60")), style.pick("much", (0.18, 0.32))
        )
        hole, rim = mix(soil, "#000000", 0.55), mix(soil, "#000000", 0.25)
        if style.pick("ground", (True, False)):
            stage.outline(None, rounded(15.7, 8.75, 2 * style.corner), soil, edge=rim, line=0.05 * style.line, z=-1)
        oval = Path.unit_circle()
        round_about = np.asarray(oval.vertices, dtype=float)
        for x, y in BURROWS:
            for size, colour in (((1.15, 0.42), rim), ((1.0, 0.34), hole)):
                stage.outline(None, Path(round_about * size + (x, y - 0.92), oval.codes), colour, z=0)
        form = style.pick("form", ("blob", "egg", "block"))
        body = {
            "blob": rounded(1.7, 1.95, 0.8),
            "egg": Path(round_about * (0.86, 0.98), oval.codes),
            "block": rounded(1.68, 1.9, 0.35),
        }[form]
        for thing in layout.objects:
            if thing.kind == "creature":
                colour = style.colour(str(thing.attributes["colour"]))
                ink = "#ffffff" if brightness(colour) < 0.52 else "#16181d"
                stage.outline(thing.id, body, colour, edge=mix(colour, "#000000", 0.5), line=0.06)
                for side in (-0.3, 0.3):
                    stage.outline(thing.id, Path.circle((side, 0.5), 0.2), "#ffffff")
                    stage.outline(thing.id, Path.circle((side, 0.47), 0.1), "#16181d")
                stage.polygon(thing.id, MARKS[str(thing.attributes["mark"])] * 0.48, ink, at=(0.0, -0.3))
            elif thing.kind == "leaf":
                grey = mix(style.muted, "#6f8f5f", 0.3)
                leaf = [(-0.7, -0.5), (-0.45, 0.3), (0.1, 0.58), (0.7, 0.55), (0.5, -0.1), (0.0, -0.45)]
                stage.polygon(thing.id, leaf, grey)
                stage.line(thing.id, [(-0.7, -0.5), (0.6, 0.48)], mix(grey, style.ink, 0.5), 0.06)
        draw_balls(layout, stage, style)


def counts(params: Params) -> range:
    """How often a creature that is asked for may come out."""
    low = max(1, round(params.visits / (params.creatures + 1)) - 1)
    return range(low, low + 3)


def placed(stays: Iterable[Stay], rng: Rng) -> tuple[Stay, ...]:
    """Stays at burrows (``what``: the number), none of which is used twice within a moment."""
    done: list[Stay] = []
    for stay in stays:
        near = [other.what for other in done if other.end + 1 >= stay.start]
        done.append(stay._replace(what=rng.choice([str(i) for i in range(len(BURROWS)) if str(i) not in near])))
    return tuple(done)


def spot(burrow: str) -> tuple[float, float]:
    return BURROWS[int(burrow)]


def come_and_go(timeline: Timeline, who: str, start: float, end: float) -> None:
    """Come out, half of it being done at ``start``, and be half gone at ``end``."""
    for channel, there in (("opacity", 1.0), ("scale", 1.0)):
        away = 0.0 if channel == "opacity" else 0.7
        if channel == "scale":
            timeline.change(who, channel, away, max(0.0, start - RAMP))
        timeline.change(who, channel, there, start - RAMP / 2, start + RAMP / 2, ease="linear")
        timeline.change(who, channel, away, end - RAMP / 2, end + RAMP / 2, ease="linear")
