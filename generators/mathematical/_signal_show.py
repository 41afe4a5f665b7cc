"""Experiments with signals, rods and ropes one after another on a screen, each followed by four graphs to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import JsonValue

from generators.mathematical._experiment_graphs import Array, Field, Lineup
from generators.mathematical._experiment_screen import CARD, FADE, Programme, panel
from generators.mathematical._signal_kernel import TALL, WIDE, Sliding
from generators.mathematical._signal_rods import GRAPHED, LENGTH, Rods, cooled
from generators.mathematical._signal_rope import CLEAR, STEP, Rope, shape
from generators.mathematical._signal_tones import BINS, SPAN, Tones, summed
from morse.layout import Layout
from morse.schema import Event, State
from morse.seeding import Rng

World = Sliding | Tones | Rods | Rope
HOLD = 3.2
"""Seconds for which what stands still at first is held."""
LEFT, BOTTOM, BROAD, HIGH = -6.7, -3.3, 13.7, 6.5
"""The field of an experiment, in canvas units."""
UP, DOWN = 8, -8
"""Ends of a rope's y axis."""
RODS = ("P", "Q")
HEAT = (0.0, 100.0)


@dataclass(frozen=True)
class Screen:
    """What happens on a screen: the experiments in their order."""

    worlds: Mapping[str, World]
    window: float
    pace: float


class Show:
    """Places and times of a screen."""

    def __init__(self, screen: Screen, rng: Rng) -> None:
        self.screen, self.rng = screen, rng
        self.clip = Programme()

    def layout(self) -> Layout:
        start = 0.0
        for name, world in self.screen.worlds.items():
            self.clip.times[name] = {"start": start}
            match world:
                case Sliding():
                    end = self.slide(world, start)
                case Tones():
                    end = self.run(world, start)
                case Rods():
                    end = self.cool(world, start)
                case Rope():
                    end = self.swing(world, start)
            self.clip.times[name]["end"] = end
            start = self.line_up(name, world.lineup, end)
        return self.clip.layout(start)

    def slide(self, world: Sliding, start: float) -> float:
        """The kernel is shown, and slides over the signal as a slot through which alone the signal can be seen."""
        field, rng, line = kernel_field(world), self.rng, self.clip.line
        begin = round(start + HOLD, 3)
        stops: dict[int, tuple[float, float]] = {}
        time = round(begin + 0.5, 3)
        moves = []
        for t in range(world.end + 1):
            rest = self.screen.pace * rng.uniform(0.6, 0.8)
            stops[t] = (time, round(time + rest, 3))
            moves.append((t, stops[t]))
            time = round(time + rest + 0.4 * self.screen.pace, 3)
        end = round(stops[world.end][1] + 0.5, 3)
        across = field.wide / (world.end + WIDE)
        at = (float(field.across(-WIDE / 2)), field.middle[1])
        self.clip.put("sliding board", field.middle, (field.wide, field.high), start, end, z=0, tracked=False)
        self.clip.put("kernel", at, (WIDE * across, field.high), start, begin, z=4)
        self.clip.put(
            "slot", at, (WIDE * across, field.high), round(begin - FADE, 3) if start else begin, end, z=5, t=0.0
        )
        self.clip.put("lit", (0.0, 0.0), (1.0, 1.0), begin, end, z=3, tracked=False, t=0.0)
        for t, (reached, _) in moves[1:]:
            leaves = stops[t - 1][1]
            line.move("slot", (at[0] + t * across, at[1]), leaves, reached)
            for actor in ("slot", "lit"):
                line.change(actor, "t", float(t), leaves, reached)
        self.clip.thing("kernel", "kernel", heights=[*world.kernel[::-1]])
        self.clip.thing("slot", "slot", cells=[*world.cells])
        events = [
            Event(id=f"stop {t}", kind="stops", objects=("slot",), start=a, end=b, values={"t": t})
            for t, (a, b) in stops.items()
        ]
        self.clip.events += events
        self.clip.times["kernel"] |= {"held": (round(start + FADE, 3), round(begin - FADE, 3)), "stops": stops}
        return end

    def run(self, world: Tones, start: float) -> float:
        """Paper runs under a pen that draws the signal."""
        field, line = tones_field(self.screen.window, world), self.clip.line
        begin = round(start + 1.2, 3)
        stops = round(begin + world.end * self.screen.pace * self.rng.uniform(0.9, 1.1), 3)
        end = round(stops + 1.3, 3)
        self.clip.put("tones board", field.middle, (field.wide, field.high), start, end, z=0, tracked=False)
        self.clip.put("strip", (0.0, 0.0), (1.0, 1.0), start, end, z=1, tracked=False, u=0.0)
        pen_at = (field.left + field.wide, float(field.up(summed(world.sines, np.zeros(1))[0])))
        self.clip.put("pen", pen_at, (0.5, 0.5), start, end, z=6, round=True)

        def gone(times: Array) -> Array:
            return np.interp(times, [begin, stops], [0.0, world.end])

        line.follow("strip", "u", gone, begin, stops)
        line.follow("pen", "y", lambda times: field.up(summed(world.sines, gone(times))), begin, stops)
        self.clip.thing("pen", "pen")
        heights: JsonValue = np.round(summed(world.sines, np.arange(SPAN + 1.0)), 2).tolist()
        self.clip.events.append(
            Event(
                id="paper runs",
                kind="runs",
                objects=("pen",),
                start=begin,
                end=stops,
                values={"to": world.end, "heights": heights},
            )
        )
        self.clip.times["tones"] |= {"run": (begin, stops)}
        return end

    def cool(self, world: Rods, start: float) -> float:
        """Two rods cool side by side, with a clock."""
        begin = round(start + HOLD, 3)
        stops = round(begin + world.lasts, 3)
        end = round(stops + 2.4, 3)
        self.clip.put("rods board", (0.0, 0.0), (14.0, 7.0), start, end, z=0, tracked=False)
        self.clip.put("rods clock", (6.9, 3.98), (2.0, 0.6), start, end, z=2, tracked=False, u=0.0)
        self.clip.line.change("rods clock", "u", world.lasts, begin, stops, ease="linear")
        for number, letter in enumerate(RODS):
            field, name = rod_field(number), f"rod {letter}"
            self.clip.put(name, field.middle, (field.wide, field.high), start, end, z=2, u=0.0)
            self.clip.line.change(name, "u", world.lasts, begin, stops, ease="linear")
            says: list[JsonValue] = [[block.start, block.end, block.degrees] for block in world.blocks]
            held: JsonValue = None if world.ends is None else [*world.ends]
            self.clip.thing(name, "rod", blocks=says, ends=held)
        profiles: dict[str, JsonValue] = {
            letter: np.round(cooled(world.blocks, world.ends, d * world.lasts, GRAPHED), 2).tolist()
            for letter, d in zip(RODS, (world.diffusivity, world.faster), strict=True)
        }
        self.clip.states.append(
            State(start=stops, end=end, values={"clock": world.lasts, "rods": profiles}, shown=True)
        )
        self.clip.times["rods"] |= {"held": (round(start + FADE, 3), begin), "run": (begin, stops)}
        return end

    def swing(self, world: Rope, start: float) -> float:
        """Pulses run along a rope, with a clock, until shortly before they meet."""
        field = rope_field()
        begin = round(start + 2.2, 3)

        def when(gone: float) -> float:
            return round(begin + gone / world.speed, 3)

        stops = when(world.cut)
        end = round(stops + 1.2, 3)
        self.clip.put("rope board", field.middle, (field.wide, field.high), start, end, z=0, tracked=False)
        self.clip.put("rope clock", (6.9, 3.98), (2.0, 0.6), start, end, z=2, tracked=False, u=0.0)
        self.clip.put("rope", field.middle, (field.wide, field.high), start, end, z=3, u=0.0)
        clock = world.cut / world.speed
        self.clip.line.change("rope clock", "u", clock, begin, stops, ease="linear")
        self.clip.line.change("rope", "u", world.cut, begin, stops, ease="linear")
        self.clip.thing("rope", "rope", pulses=[[p.start, p.height] for p in world.pulses])
        hits = world.hits
        looks = sorted({0.0, STEP, *world.asked, *(min(gone + CLEAR, world.cut) for gone, _ in hits), world.cut})
        for gone in looks:
            values: dict[str, JsonValue] = {
                "clock": round(gone / world.speed, 4),
                "rope": np.round(shape(world.pulses, world.ends, gone, GRAPHED), 4).tolist(),
            }
            at = when(gone)
            self.clip.states.append(State(start=at, end=round(at + 0.04, 3), values=values, shown=True))
        self.clip.times["rope"] |= {
            "held": (round(start + FADE, 3), begin),
            "run": (begin, stops),
            "asked": [when(gone) for gone in world.asked],
            "hits": [(when(gone), end) for gone, end in hits],
        }
        return end

    def line_up(self, name: str, lineup: Lineup, start: float) -> float:
        """Four graphs, for some seconds."""
        clip = self.clip
        clip.last = name == [*self.screen.worlds][-1]
        end = round(start + CARD + self.rng.uniform(0.0, 0.6), 3)
        clip.line_up(name, lineup, [panel_field(name, number, lineup) for number in range(4)], start, end)
        return end


def kernel_field(world: Sliding) -> Field:
    return Field(LEFT, BOTTOM, BROAD, HIGH, (-WIDE, world.end), (0.0, TALL + 0.5))


def tones_field(window: float, world: Tones) -> Field:
    """Of the paper: x from the pen backwards; its y axis has room for all sines at their highest."""
    most = max(sum(a for _, a, _ in sines) for sines in (world.sines, *world.others)) + 0.5
    return Field(LEFT, BOTTOM, BROAD - 0.9, HIGH, (-window, 0.0), (-most, most))


def rod_field(number: int) -> Field:
    return Field((LEFT, 0.95)[number], BOTTOM, 6.25, HIGH - 0.65, (0.0, LENGTH), HEAT)


def rope_field() -> Field:
    return Field(LEFT + 0.45, BOTTOM, BROAD - 0.9, HIGH, (0.0, LENGTH), (DOWN, UP))


def panel_field(name: str, number: int, lineup: Lineup) -> Field:
    """Of one of four graphs of an experiment."""
    values = [value for graph in lineup.graphs for value in graph]
    match name:
        case "kernel":
            x, y = (0.0, float(len(lineup.graphs[0]) - 1)), (0.0, 5.0 * np.ceil(max(values) / 5 + 0.1))
        case "tones":
            x, y = (0.4, BINS + 0.6), (0.0, max(values) + 0.3)
        case "rods":
            x, y = (0.0, LENGTH), HEAT
        case _:
            x, y = (0.0, LENGTH), (DOWN, UP)
    return panel(number, x, (float(y[0]), float(y[1])))


def drawn_at(name: str, graphs: Sequence[Sequence[float]]) -> Array:
    """The places at which the graphs of an experiment have their values."""
    if name in ("rods", "rope"):
        return GRAPHED
    return np.arange(len(graphs[0])) + (1 if name == "tones" else 0)
