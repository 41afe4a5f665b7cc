"""What is asked about convolutions, spectra, cooling rods and pulses on ropes."""

from collections.abc import Iterable
from fractions import Fraction

from pydantic import JsonValue

from generators.mathematical._experiment_questions import Posing, signed
from generators.mathematical._signal_kernel import VALUES, WIDE, Sliding, peaks
from generators.mathematical._signal_rods import RATIOS, SETTLED, Rods
from generators.mathematical._signal_rope import ENDS, Rope, height_after, place_of
from generators.mathematical._signal_show import RODS, Screen
from generators.mathematical._signal_tones import STRENGTHS, STRENGTHS_OF_THREE, WAVES, Tones, picks
from morse.layout import Layout
from morse.schema import Evidence, Integer, Question, Step
from morse.seeding import Rng

SEEN = 0.1
"""Seconds after a look at the rope at which a question is asked."""
GOING: tuple[list[JsonValue], ...] = tuple([way, side] for way in ("left", "right") for side in ("up", "down"))
SIDES = {"up": "above the axis", "down": "below the axis"}


class Asking:
    """The questions of a clip."""

    def __init__(self, screen: Screen, layout: Layout, rng: Rng) -> None:
        self.screen, self.layout, self.rng = screen, layout, rng
        self.pose = Posing(layout.details["times"], rng)

    def all(self) -> Iterable[Question]:
        for name, world in self.screen.worlds.items():
            self.times = self.layout.details["times"][name]
            match world:
                case Sliding():
                    yield from self.kernel(world)
                case Tones():
                    yield from self.tones(world)
                case Rods():
                    yield from self.rods(world)
                case Rope():
                    yield from self.rope(world)

    def kernel(self, world: Sliding) -> Iterable[Question]:
        held = Evidence(start=self.times["held"][0], end=self.times["held"][1], objects=("kernel",))
        weights = ", ".join(map(str, world.kernel[::-1]))
        first = Step(kind="perceive", claim=f"kernel({weights})", time=held.start)

        def at(places: Iterable[int]) -> tuple[list[Evidence], list[Step]]:
            looks, steps = [held], [first]
            for t in places:
                start, end = self.times["stops"][t]
                looks.append(Evidence(start=start, end=end, objects=("slot",)))
                cells = [world.cells[i] if 0 <= i < len(world.cells) else 0 for i in range(t - WIDE, t)]
                steps.append(Step(kind="perceive", claim=f"slot({t}, {', '.join(map(str, cells))})", time=start))
            return looks, steps

        every = [*range(WIDE, len(world.cells), WIDE), len(world.cells)]
        turned, value = world.turned
        for kind, t, answer, level in (
            ("overlap", world.at, world.values[world.at], "infer"),
            ("mirrored", turned, value, "counterfactual"),
        ):
            yield self.pose.question(
                kind,
                answer,
                Integer(),
                *at([t]),
                {"t": t},
                reasoning=level,
                domain=VALUES,
                skills=("convolution", "arithmetic"),
            )
        yield self.pose.question(
            "largest", world.peak, Integer(), *at(every), {}, reasoning="infer", domain=tuple(peaks(len(world.cells))),
            min_frames=1 + len(every), skills=("convolution", "compare"),
        )  # fmt: skip
        yield self.pose.graph("smoothed", "kernel", world.lineup, *at(every), {}, "infer", ("convolution", "graph"))

    def tones(self, world: Tones) -> Iterable[Question]:
        start, end = self.times["run"]
        look = [Evidence(start=start, end=end, objects=("pen",))]
        steps = [
            Step(kind="perceive", claim=f"sine({k}, {a})", time=round((start + end) / 2, 3)) for k, a, _ in world.sines
        ]
        yield self.pose.graph("spectrum", "tones", world.lineup, look, steps, {}, "infer", ("spectrum", "graph"))
        (low, small, _), (high, large, _) = world.sines[0], world.sines[-1]
        waves: list[JsonValue] = [
            [*ends]
            for ends in sorted({(pick[0], pick[-1]) for pick in picks(len(world.sines))})
            if ends[0] * high != low * ends[1]
        ]
        yield self.pose.choice(
            "pitch",
            [low, high],
            self.rng.fork("others").shuffled(waves),
            "pitch",
            look,
            steps,
            wording=_ratio,
            reasoning="infer",
            skills=("frequency", "count"),
        )
        ratios = STRENGTHS if len(world.sines) == 2 else STRENGTHS_OF_THREE
        others = [pair for pair in ratios if pair not in ((small, large), (large, small))]
        one, two = self.rng.fork("near").choice(others)
        near: list[JsonValue] = [[large, small], [one, two], [two, one]]
        yield self.pose.choice(
            "strong",
            [small, large],
            near,
            "strong",
            look,
            steps,
            wording=_ratio,
            reasoning="infer",
            skills=("amplitude", "compare"),
        )
        slots: dict[str, JsonValue] = {"kept": "strongest" if world.kept_strongest else "weakest"}
        yield self.pose.question(
            "filtered",
            world.kept,
            Integer(),
            look,
            steps,
            slots,
            reasoning="counterfactual",
            domain=WAVES,
            skills=("frequency", "imagine"),
        )

    def rods(self, world: Rods) -> Iterable[Question]:
        (held, begin), (_, stops) = self.times["held"], self.times["run"]
        names = tuple(f"rod {letter}" for letter in RODS)
        blocks = [
            Step(kind="perceive", claim=f"block({b.start}, {b.end}, {b.degrees})", time=held) for b in world.blocks
        ]
        first = Evidence(start=held, end=begin, objects=names[:1])
        then = Evidence(start=begin, end=round(stops + 1.5, 3), objects=names[:1])
        both = [Evidence(start=e.start, end=e.end, objects=names) for e in (first, then)]
        slots: dict[str, JsonValue] = {
            "rod": RODS[0],
            "other": RODS[1],
            "time": f"{2 * world.lasts:g}",
            "x": world.place,
        }
        cooling = Step(kind="perceive", claim=f"cools({RODS[0]})", time=stops)
        yield self.pose.graph(
            "later", "rods", world.lineup, [first, then], [*blocks, cooling], slots, "predict", ("heat", "graph")
        )
        near = [ratio for ratio in RATIOS if ratio != world.ratio]
        steps = [cooling, Step(kind="perceive", claim=f"cools({RODS[1]})", time=stops)]
        yield self.pose.choice(
            "faster",
            world.ratio,
            near,
            "faster",
            both,
            steps,
            slots=slots,
            reasoning="explain",
            skills=("heat", "compare"),
        )
        yield self.pose.question(
            "settled",
            world.settled,
            Integer(unit="degrees"),
            [first, then],
            blocks,
            slots,
            reasoning="predict",
            domain=SETTLED,
            min_frames=1,
            skills=("heat", "arithmetic"),
        )

    def rope(self, world: Rope) -> Iterable[Question]:
        (held, begin), (_, stops) = self.times["held"], self.times["run"]
        pulses = [Step(kind="perceive", claim=f"pulse({p.start:g}, {p.height})", time=held) for p in world.pulses]
        hits = [
            (moment, f"comes_back({'right' if end else 'left'}, {world.ends[end]})")
            for moment, end in self.times["hits"]
        ]
        back = [Step(kind="perceive", claim=claim, time=round(moment + 0.4, 3)) for moment, claim in hits]
        start = Evidence(start=held, end=begin, objects=("rope",))
        looks = [
            Evidence(start=round(moment - 0.8, 3), end=round(min(moment + 1.2, stops), 3), objects=("rope",))
            for moment, _ in hits
        ]
        options = self.rng.fork("going").shuffled(GOING)
        for moment, gone in zip(self.times["asked"], world.asked, strict=True):
            _, way, _ = place_of(world.higher, gone)
            up = height_after(world.higher, world.ends, gone) > 0
            value: list[JsonValue] = ["right" if way > 0 else "left", "up" if up else "down"]
            key = [value, *(option for option in options if option != value)]
            look = Evidence(start=round(moment - 1.2, 3), end=round(moment + SEEN, 3), objects=("rope",))
            yield self.pose.choice(
                "going", value, key[1:], "options", [look], [Step(kind="perceive", claim=_going(value), time=moment)],
                wording=_going, reasoning="recall", asked_at=round(moment + SEEN, 3), skills=("direction", "streaming"), order=options,
            )  # fmt: skip
        every: list[JsonValue] = [[a, b] for a in ENDS for b in ENDS]
        near = [pair for pair in every if pair != [*world.ends]]
        yield self.pose.choice(
            "ends",
            [*world.ends],
            near,
            "ends",
            looks,
            back,
            wording=_ends,
            reasoning="explain",
            skills=("wave", "cause"),
        )
        high, low = sorted((abs(pulse.height) for pulse in world.pulses), reverse=True)
        sums = (high + low, high - low, low - high, -high - low)
        for kind, answer, level in (
            ("meeting", world.sum, "predict"),
            ("otherwise", world.sum_otherwise, "counterfactual"),
        ):
            near = [total for total in sums if total != answer]
            yield self.pose.choice(
                kind,
                answer,
                near,
                kind,
                [start, *looks],
                [*pulses, *back],
                wording=signed,
                reasoning=level,
                skills=("wave", "superposition"),
                asked_at=round(stops + 0.7, 3),
            )
        slots: dict[str, JsonValue] = {"time": f"{world.later / world.speed:.1f}"}
        yield self.pose.graph(
            "returned", "rope", world.lineup, [start, *looks], [*pulses, *back], slots, "predict", ("wave", "graph")
        )


def _ratio(value: JsonValue) -> str:
    """In lowest terms."""
    one, other = _pair(value)
    ratio = Fraction(one, other)
    return f"{ratio.numerator} : {ratio.denominator}"


def _pair(value: JsonValue) -> tuple[int, int]:
    assert isinstance(value, list)
    one, other = (int(str(part)) for part in value)
    return one, other


def _going(value: JsonValue) -> str:
    assert isinstance(value, list)
    return f"to the {value[0]}, {SIDES[str(value[1])]}"


def _ends(value: JsonValue) -> str:
    assert isinstance(value, list)
    return f"left end {value[0]}, right end {value[1]}"
