"""Movers that go round rings beat by beat, in time and space."""

import math
from dataclasses import dataclass

from morse.gestures import shake
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

PLACES = ("top", "upper right", "lower right", "bottom", "lower left", "upper left")
"""The places on a ring, clockwise."""
RADIUS, DISC = 0.92, 0.86
"""Radius of a ring, and diameter of a mover, in canvas units."""
SPOTS = tuple((x, y) for y in (2.9, 0.0, -2.9) for x in (-6.2, -3.1, 0.0, 3.1, 6.2))
"""The middles of the rings."""
STEP, REST = 0.5, (0.75, 0.95)
"""Seconds that a step takes, and between two steps."""
FADE, BREAK, WAIT = 0.3, 1.6, 2.0
"""Seconds in which all movers come up or go, for which none is to be seen halfway through, and before the first step."""
BENDS = {0: 0.0, 1: 0.134, 2: 0.289}
"""How far the way along the ring bulges, as a share of its chord, by the number of places."""


@dataclass(frozen=True)
class Stray:
    """A mover does something else than the others for some beats: what, from which beat on (from 0), and for how many."""

    who: str
    what: str
    first: int
    beats: int

    def step(self, step: int) -> int:
        """What becomes of the others' step."""
        return {"still": 0, "back": -step, "double": 2 * step}[self.what]

    def holds(self, beat: int) -> bool:
        return self.first <= beat < self.first + self.beats


@dataclass(frozen=True)
class Round:
    """What happens: ``movers`` (letters) start at ``places`` of their rings; ``rule``: places clockwise at each beat, of all but
    those that ``strays`` say. ``asked``: the stray that is asked for; ``plain``: a mover that follows the rule, asked for in its
    stead where the question is what a mover does. ``firsts``: beats at which the stray may begin; ``shakes``: decoys."""

    movers: tuple[str, ...]
    places: tuple[int, ...]
    rule: tuple[int, ...]
    strays: tuple[Stray, ...]
    asked: Stray
    plain: str | None
    firsts: range
    shakes: int

    def step(self, mover: str, beat: int) -> int:
        for stray in self.strays:
            if stray.who == mover and stray.holds(beat):
                return stray.step(self.rule[beat])
        return self.rule[beat]


def spot_on_ring(middle: tuple[float, float], place: int) -> tuple[float, float]:
    """Where a place of a ring is."""
    turn = math.pi / 2 - place * math.tau / len(PLACES)
    return middle[0] + RADIUS * math.cos(turn), middle[1] + RADIUS * math.sin(turn)


def beat_times(beats: int, rng: Rng) -> tuple[list[float], tuple[float, float], float]:
    """When each beat begins, the break halfway, in which the middle of the clip lies, and the length of the clip."""
    half = (beats + 1) // 2
    gaps = [STEP + rng.uniform(*REST) for _ in range(beats)]
    lead, tail = rng.uniform(1.0, 1.4), rng.uniform(0.7, 1.1)
    first = sum(gaps[:half])
    second = sum(gaps[half:])
    lead_more = max(0.0, second + tail - first - lead)
    tail_more = max(0.0, first + lead - second - tail)
    clock, starts = lead + lead_more + FADE + WAIT, []
    for gap in gaps[:half]:
        starts.append(round(clock, 3))
        clock += gap
    pause = (round(clock, 3), round(clock + 2 * FADE + BREAK, 3))
    clock = pause[1] + 1.0 + FADE
    for gap in gaps[half:]:
        starts.append(round(clock, 3))
        clock += gap
    return starts, pause, round(clock + FADE + tail + tail_more, 3)


def round_layout(episode: Round, rng: Rng) -> Layout:
    """The clip: movers come up, step at every beat, are hidden for a while halfway, and are hidden at the end."""
    starts, pause, duration = beat_times(len(episode.rule), rng.steady("times"))
    line = Timeline(duration)
    middles = dict(zip(episode.movers, rng.fork("spots").sample(SPOTS, len(episode.movers)), strict=True))
    every = [(mover, beat) for mover in episode.movers for beat in range(len(starts))]
    shaken = rng.fork("shakes").sample(every, min(episode.shakes, len(every) // 2))
    things, events = [], []
    come = round(starts[0] - WAIT - FADE, 3)
    over = round(starts[-1] + STEP + REST[0], 3)
    for mover in rng.fork("order").shuffled(episode.movers):
        line.add(f"ring {mover}", middles[mover], (2 * RADIUS, 2 * RADIUS), z=1, round=True, solid=False, tracked=False)
        place = episode.places[episode.movers.index(mover)]
        line.add(mover, spot_on_ring(middles[mover], place), (DISC, DISC), z=3, round=True, opacity=0.0)
        things.append(Thing(id=mover, kind="mover", attributes={"ring": [*middles[mover]]}))
        for to, start in ((1.0, come), (0.0, pause[0]), (1.0, pause[1] - FADE), (0.0, over)):
            line.change(mover, "opacity", to, start, round(start + FADE, 3))
        for beat, start in enumerate(starts):
            step = episode.step(mover, beat)
            place = (place + step) % len(PLACES)
            bend = math.copysign(BENDS[abs(step)], step)
            line.move(mover, spot_on_ring(middles[mover], place), start, round(start + STEP, 3), bend=bend)
            if (mover, beat) in shaken:
                begin, end = round(start + STEP + 0.05, 3), round(start + STEP + REST[0] - 0.05, 3)
                shake(line, mover, begin, end, 0.16)
                number = f"shake {shaken.index((mover, beat)) + 1}"
                events.append(Event(id=number, kind="shakes", objects=(mover,), start=begin, end=end))
    events += [
        Event(id=f"beat {beat + 1}", kind="beat", objects=episode.movers, start=start, end=round(start + STEP, 3))
        for beat, start in enumerate(starts)
    ]
    events.sort(key=lambda event: (event.start, event.id))
    return Layout(
        line, tuple(things), tuple(events), details={"starts": starts, "come": come, "over": over, "pause": pause}
    )
