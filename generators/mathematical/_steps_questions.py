"""What is asked about tangents, polygons, boxes and functions."""

from collections.abc import Iterable
from fractions import Fraction

from pydantic import JsonValue

from generators.mathematical._experiment_questions import Posing, signed
from generators.mathematical._steps_euler import Euler, H
from generators.mathematical._steps_functions import NAMES, TOP, Functions
from generators.mathematical._steps_newton import Newton
from generators.mathematical._steps_show import GAP, Screen
from generators.mathematical._steps_sums import WIDE, Sums
from morse.layout import Layout
from morse.schema import Boolean, Evidence, Integer, Number, Question, Step, Text
from morse.seeding import Rng

ALLOWED = Number(absolute=0.06, decimals=2)
WHERE = {"left": "left end", "right": "right end", "middle": "middle"}


class Asking:
    """The questions of a clip."""

    def __init__(self, screen: Screen, layout: Layout, rng: Rng) -> None:
        self.screen, self.layout, self.rng = screen, layout, rng
        self.pose = Posing(layout.details["times"], rng)

    def all(self) -> Iterable[Question]:
        for name, world in self.screen.worlds.items():
            self.times = self.layout.details["times"][name]
            match world:
                case Newton():
                    yield from self.newton(world)
                case Euler():
                    yield from self.euler(world)
                case Sums():
                    yield from self.sums(world)
                case Functions():
                    yield from self.functions(world)

    def given(self, name: str, claim: str) -> tuple[Evidence, Step]:
        """The formula that is shown at first."""
        start, end = self.times["held"]
        return Evidence(start=start, end=end, objects=(f"{name} given",)), Step(
            kind="perceive", claim=claim, time=start
        )

    def newton(self, world: Newton) -> Iterable[Question]:
        first, read = self.given("newton", f"roots({', '.join(map(str, world.roots))})")
        looks, steps = [first], [read]
        for number, (appears, drawn, _, there) in enumerate(self.times["tangents"], 1):
            looks.append(Evidence(start=appears, end=round(there + 0.5, 3), objects=("iterate",)))
            steps.append(Step(kind="perceive", claim=f"tangent_to({float(world.places[number]):.2f})", time=drawn))
        letters = tuple(sorted(world.letters))
        answer = round(float(world.places[-1]), 4)
        yield self.pose.question(
            "next", answer, ALLOWED, looks, steps, {}, reasoning="predict", skills=("derivative", "arithmetic")
        )
        roots = Evidence(start=first.start, end=first.end, objects=tuple(f"root {letter}" for letter in letters))
        for kind, start, level in (("root", world.start, "predict"), ("instead", world.instead, "counterfactual")):
            slots: dict[str, JsonValue] = {"start": signed(f"{float(start):g}")} if kind == "instead" else {}
            seen, known = ([*looks, roots], steps) if kind == "root" else ([first, roots], [read])
            yield self.pose.question(
                kind, world.letter_from(start), Text(vocabulary=letters, noun="letter"), seen, known, slots,
                reasoning=level, domain=letters, skills=("derivative", "imagine"), min_frames=1 if kind == "instead" else len(seen),
            )  # fmt: skip

    def euler(self, world: Euler) -> Iterable[Question]:
        first, read = self.given("euler", f"equation({str(world.equation).strip('$')})")
        looks, steps = [first], [read]
        for number, (leaves, reached) in enumerate(self.times["sides"], 1):
            looks.append(Evidence(start=leaves, end=round(reached + 0.5, 3), objects=("point",)))
            steps.append(
                Step(kind="perceive", claim=f"point({number}, {float(world.drawn[number]):.2f})", time=reached)
            )
        upto = world.shown + world.more
        answer = round(float(world.polygon(Fraction(1), upto)[-1]), 4)
        yield self.pose.question(
            "ahead", answer, ALLOWED, looks, steps, {"x": upto}, reasoning="predict", skills=("slope", "arithmetic")
        )
        yield self.pose.question(
            "above",
            world.over,
            Boolean(),
            looks,
            steps,
            {"x": world.shown},
            reasoning="explain",
            skills=("slope", "curvature"),
        )
        half = round(float(world.polygon(H, world.halved)[-1]), 4)
        yield self.pose.question(
            "half",
            half,
            ALLOWED,
            looks[:2],
            steps[:2],
            {"x": world.halved},
            reasoning="counterfactual",
            skills=("slope", "arithmetic"),
        )

    def sums(self, world: Sums) -> Iterable[Question]:
        looks, steps = [], []
        for number, (_, comes, gone) in enumerate(self.times["boxes"], 1):
            looks.append(Evidence(start=comes, end=gone, objects=(f"box {number}",)))
            corners = world.values[WIDE * (number - 1) : WIDE * number + 1]
            steps.append(Step(kind="perceive", claim=f"line({number}, {', '.join(map(str, corners))})", time=comes))
        totals = [world.sum(world.rule, count) for count in world.moments]
        order = self.rng.fork("so far").shuffled(totals)
        for count, total in zip(world.moments[:3], totals, strict=False):
            near = [other for other in order if other != total]
            asked = round(self.times["boxes"][count - 1][2] + GAP / 2, 3)
            yield self.pose.choice(
                "so_far", total, near, "so far", looks[:count], steps[:count], wording=signed, order=order, asked_at=asked,
                reasoning="recall", skills=("area", "streaming"), min_frames=count, min_fps=3.0,
            )  # fmt: skip
        total, integral = world.sum(world.rule), world.integral
        for kind, answer, options in (
            ("boxes", total, world.options),
            ("integral", integral, world.options),
            ("by_rule", world.sum(world.other), world.others),
        ):
            near = [option for option in options if option != answer]
            slots: dict[str, JsonValue] = (
                {"other": world.other, "where": WHERE[world.other]} if kind == "by_rule" else {}
            )
            parts = [
                Evidence(start=look.start, end=look.end, objects=(look.objects[0].replace("box", "part"),))
                for look in looks
            ]
            yield self.pose.choice(
                kind, answer, near, kind, looks if kind == "boxes" else parts, steps, slots=slots, wording=signed,
                reasoning="counterfactual" if kind == "by_rule" else "infer", skills=("area", "arithmetic"),
            )  # fmt: skip

    def functions(self, world: Functions) -> Iterable[Question]:
        curves = self.times["curves"]

        def seen(letters: str) -> tuple[list[Evidence], list[Step]]:
            shown = sorted(letters, key=lambda letter: curves[letter][0])
            looks = [
                Evidence(start=curves[a][1], end=round(curves[a][2] - 0.3, 3), objects=(f"curve {a}",)) for a in shown
            ]
            lines = [world.lines[NAMES.index(letter)] for letter in shown]
            said = [f"curve({a}, {', '.join(map(str, line))})" for a, line in zip(shown, lines, strict=True)]
            return looks, [Step(kind="perceive", claim=c, time=curves[a][1]) for a, c in zip(shown, said, strict=True)]

        letters = NAMES[: len(world.lines)]
        written = "".join(f"{letter}(" for letter in letters) + str(world.at) + ")" * len(letters)
        given: dict[str, JsonValue] = {"a": world.at, "written": written}
        whole = tuple(range(TOP + 1))
        yield self.pose.question(
            "composed",
            world.value,
            Integer(),
            *seen(letters),
            given,
            reasoning="infer",
            domain=whole,
            skills=("function", "read"),
        )
        yield self.pose.question(
            "fixed",
            world.fixed,
            Integer(),
            *seen("fg"),
            {},
            reasoning="infer",
            domain=whole,
            skills=("function", "compare"),
        )
        place, x = world.inverse
        yield self.pose.question(
            "inverse",
            x,
            Integer(),
            *seen("fg"),
            {"a": place},
            reasoning="infer",
            domain=whole,
            skills=("function", "inverse"),
        )
        yield self.pose.graph("composite", "functions", world.lineup, *seen("fg"), {}, "infer", ("function", "graph"))
