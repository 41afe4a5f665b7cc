"""Lamps in a circle, under shades: a press switches a lamp and its neighbours, and who is lit has to be followed."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.latent_state._hidden_looks import draw_passing, draw_table
from generators.latent_state._hidden_questions import asked
from generators.latent_state._hidden_replay import Values, retold
from generators.latent_state._hidden_show import Showing
from generators.latent_state._hidden_state import HiddenParams, HiddenRules, Life, Operation, lived
from morse import gestures
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import AnswerFormat, Condition, Effect, Operator, PlanProblem, Question, Sequence, Thing
from morse.seeding import Rng
from morse.style import Style, mix
from morse.task import Task, register

Lit = tuple[bool, ...]
"""Which lamps are on, from lamp 1 at the top, clockwise."""
RADIUS = 2.95
HAND = (0.62, 0.86)
"""Width and height of the pointer, in canvas units; its tip is its upper left corner."""


class Params(HiddenParams):
    size: int = ramp(
        1, per_level=0.5, most=4, least=1, limit=6, about="size of the circle: 8, 10, 14, 16, 20, 22 lamps"
    )

    @property
    def lamps(self) -> int:
        """An even number, no multiple of three (there, lamps three places apart would always switch together)."""
        return 2 * (3 + self.size + (self.size - 1) // 2)


@dataclass(frozen=True)
class Rules(HiddenRules[Lit]):
    lamps: int
    numbered: ClassVar[bool] = True
    syntax: ClassVar[str] = "press(1)"

    def any_state(self, rng: Rng) -> Lit:
        return tuple(rng.chance(0.5) for _ in range(self.lamps))

    def any_operation(self, state: Lit, last: Operation | None, rng: Rng, back: bool) -> Operation:
        return Operation("press", (str(rng.integer(1, self.lamps)),))

    def after(self, state: Lit, operation: Operation) -> Lit | None:
        lit = list(state)
        for lamp in self.switched(int(operation.objects[0]) - 1):
            lit[lamp] = not lit[lamp]
        return tuple(lit)

    before = after

    def values(self, state: Lit) -> dict[str, JsonValue]:
        return {str(i + 1): "on" if lit else "off" for i, lit in enumerate(state)}

    def facts(self, state: Lit) -> Mapping[str, str]:
        """Three lamps side by side."""
        found = {}
        for middle in range(self.lamps):
            one, two, three = self.switched(middle)
            words = ("on" if state[lamp] else "off" for lamp in (one, two, three))
            found[f"{one + 1}, {two + 1} and {three + 1}"] = ", ".join(words)
        return found

    def words(self, operation: Operation) -> str:
        return f"lamp {operation.objects[0]}"

    def tallies(self) -> Mapping[str, Callable[[Operation], bool]]:
        near = {lamp: {str(other + 1) for other in self.switched(lamp)} for lamp in range(self.lamps)}
        return {f"lamp {lamp + 1}": lambda operation, by=by: operation.objects[0] in by for lamp, by in near.items()}

    def changed(self, one: Lit, other: Lit) -> int:
        return sum(a != b for a, b in zip(one, other, strict=True))

    def aims(self, changes: tuple[int, ...]) -> tuple[int, ...]:
        """As many over half of the lamps as under it: a lamp is then as likely to change as to stay."""
        return tuple(changed for changed in changes if self.lamps - changed in changes)

    def whole(self, state: Lit, rng: Rng) -> tuple[dict[str, JsonValue], AnswerFormat, JsonValue]:
        form = Sequence(vocabulary=("on", "off"), noun="state", length=self.lamps)
        return {}, form, list(self.values(state).values())

    def plan(self, state: Lit, steps: int, rng: Rng) -> tuple[dict[str, JsonValue], PlanProblem]:
        """A pattern that so many presses lead to, and no fewer."""
        goal = state
        for lamp in rng.sample(range(self.lamps), steps):
            goal = self.pressed(goal, lamp)
        presses = min(self.solutions(state, goal), key=len)
        if len(presses) < steps:
            raise Rejected("a shorter plan")
        lit: list[JsonValue] = [str(i + 1) for i, on in enumerate(goal) if on]
        plan = [Operation("press", (str(lamp + 1),)) for lamp in presses]
        return {"lit": lit}, problem(self.values(state), self.values(goal), plan)

    def pressed(self, state: Lit, lamp: int) -> Lit:
        switched = self.switched(lamp)
        return tuple(on != (i in switched) for i, on in enumerate(state))

    def switched(self, lamp: int) -> tuple[int, int, int]:
        """A lamp between its neighbours, clockwise."""
        return (lamp - 1) % self.lamps, lamp, (lamp + 1) % self.lamps

    def solutions(self, state: Lit, goal: Lit) -> Iterable[list[int]]:
        """All sets of presses that lead from one pattern to another.

        Whether lamps 1 and 2 are pressed says of each lamp in turn whether the next one is: it must switch as often as
        it has to. The circle must close.
        """
        wanted = [a != b for a, b in zip(state, goal, strict=True)]
        for first, second in ((False, False), (False, True), (True, False), (True, True)):
            pressed = [first, second]
            for lamp in range(1, self.lamps - 1):
                pressed.append(wanted[lamp] ^ pressed[lamp] ^ pressed[lamp - 1])
            last, before = pressed[-1], pressed[-2]
            if wanted[-1] == before ^ last ^ first and wanted[0] == last ^ first ^ second:
                yield [lamp for lamp, press in enumerate(pressed) if press]


@register(category="latent_state", version=1, stage="manim", covers=("VideoReasonBench",))
class LightsCircle(Task[Params, Life[Lit]]):
    """Lamps in a circle, seen only once: a press switches the lamp and its two neighbours.

    What is shown
        Numbered lamps in a circle, clockwise from the top, under shades. The shades are off before the first press or after
        the last one, drawn per clip: only then is seen which lamps are on. A pointer presses lamps; each press switches the
        pressed lamp and its two neighbours, from on to off or from off to on.
    What is asked
        Which lamp was pressed as the k-th, which number a press had, how many presses switched a lamp; whether lamps were on at
        the covered end of the clip or after the k-th press, the whole circle; how many lamps differ between start and end; what
        further presses would lead to; presses that lead to a pattern.
    Difficulty
        More lamps and presses; more movements that change nothing (lamps that shake, a pointer that turns back, passing balls,
        cloths); shorter pauses; predictions and plans of more presses.
    Source
        After VideoReasonBench (arXiv 2505.23359), its demonstration with the circle that flips cells; the rule is that of the
        puzzle Lights Out on a ring.
    """

    def simulate(self, params: Params, rng: Rng) -> Life[Lit]:
        return lived(Rules(params.lamps), params, rng, idle=("shake", "feint", "ball"))

    def layout(self, episode: Life[Lit], rng: Rng) -> Layout:
        return _Circle(episode, rng).layout()

    def ask(self, episode: Life[Lit], layout: Layout, rng: Rng) -> Iterable[Question]:
        return asked(episode, layout, rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(Retold(len(shown.states[0].values)), question, shown)

    def draw(self, episode: Life[Lit], layout: Layout, stage: Any, style: Style) -> None:
        from manim import Circle, VGroup

        from morse.stage.lettering import lettering
        from morse.stage.shapes import polygon

        top, size = draw_table(stage, style), layout.details["size"]
        wire = mix(top, style.ink, 0.45)
        stage.backdrop(Circle(RADIUS, stroke_color=wire, stroke_width=4 * style.line, fill_opacity=0))
        shade = style.pick("shade", (mix(style.accent, top, 0.25), mix(style.ink, top, 0.45), style.muted))
        edge = {"stroke_color": mix(shade, "#000000", 0.5), "stroke_width": 2.5 * style.line}
        for (x, y), name in layout.details["labels"]:
            stage.backdrop(lettering(name, 0.46, style.ink, font=style.font, cut="bold", at=(x, y), on_line=True))
        glow, dark = style.pick("glow", ("#ffd54a", "#ffe27a", "#ffc94d")), "#3a3d42"
        for thing in layout.objects:
            if thing.kind == "lamp":
                knob = Circle(0.14 * size, fill_color=mix(shade, "#ffffff", 0.35), fill_opacity=1, stroke_width=0)
                stage.add(thing.id, VGroup(Circle(size / 2, fill_color=shade, fill_opacity=1, **edge), knob))
            elif thing.kind == "bulb":
                lit = thing.attributes["state"] == "on"
                rim = {"stroke_color": "#9a6b00" if lit else "#101214", "stroke_width": 3.0}
                bulb = Circle((0.32 if lit else 0.36) * size, fill_color=glow if lit else dark, fill_opacity=1, **rim)
                rays = [
                    polygon([(r * math.cos(a + d), r * math.sin(a + d)) for r, d in rim_], mix(glow, "#9a6b00", 0.3))
                    for a in (math.pi / 4 * i for i in range(8 if lit else 0))
                    for rim_ in [[(0.37 * size, -0.12), (0.5 * size, 0.0), (0.37 * size, 0.12)]]
                ]
                stage.add(thing.id, VGroup(*rays, bulb))
            elif thing.kind == "ring":
                ring = Circle(0.62 * size, stroke_color=style.accent, stroke_width=7 * style.line, fill_opacity=0)
                stage.add(thing.id, ring)
            elif thing.kind == "hand":
                points = [(0.0, 0.0), (0.0, 0.82), (0.2, 0.64), (0.36, 1.0), (0.56, 0.91), (0.4, 0.56), (0.7, 0.54)]
                shape = [((x / 0.7 - 0.5) * HAND[0], (0.5 - y) * HAND[1]) for x, y in points]
                stage.add(thing.id, polygon(shape, "#fdfdfd", stroke_color="#16181b", stroke_width=3.5))
        draw_passing(layout, stage, style)


class _Circle:
    """The circle in space and time."""

    def __init__(self, life: Life[Lit], rng: Rng) -> None:
        count = len(life.seen)
        self.life, self.rng, self.names = life, rng, [str(i + 1) for i in range(count)]
        self.show: Showing[Lit] = Showing(life, rng)
        self.size = min(1.3, 1.35 * math.pi * RADIUS / count)
        turns = [math.pi / 2 - 2 * math.pi * i / count for i in range(count)]
        self.spots = [(RADIUS * math.cos(turn), RADIUS * math.sin(turn)) for turn in turns]
        out = RADIUS + self.size / 2 + 0.36
        self.labels = [
            ((out * math.cos(turn), out * math.sin(turn)), name) for turn, name in zip(turns, self.names, strict=True)
        ]
        line = self.show.line
        for name, spot in zip(self.names, self.spots, strict=True):
            side = (self.size, self.size)
            line.add(f"bulb {name}", spot, side, z=3, round=True, solid=False, opacity=0.0)
            line.add(f"lamp {name}", spot, side, z=2, round=True)
            line.add(
                f"ring {name}", spot, (1.24 * self.size, 1.24 * self.size), z=4, round=True, solid=False, opacity=0.0
            )
        self.home = self._tip((0.0, 0.0))
        line.add("hand", self.home, HAND, z=8, solid=False)

    def layout(self) -> Layout:
        self.show.play(self.reveal, self.press, {"shake": self.shake, "feint": self.feint})
        things = [Thing(id="hand", kind="hand", shape_fills_box=False)]
        for name, lit in zip(self.names, self.life.seen, strict=True):
            state: dict[str, JsonValue] = {"state": "on" if lit else "off"}
            things.append(Thing(id=f"lamp {name}", kind="lamp", attributes={"number": name}))
            things.append(Thing(id=f"bulb {name}", kind="bulb", attributes=state, shape_fills_box=False))
            things.append(Thing(id=f"ring {name}", kind="ring", shape_fills_box=False))
        return self.show.layout(things, size=self.size, labels=self.labels)

    def reveal(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]:
        self.show.fade((f"lamp {name}" for name in self.names), start, up, down, end, to=0.0)
        return self.show.fade((f"bulb {name}" for name in self.names), start, up, down, end)

    def press(self, operation: Operation, start: float, end: float) -> tuple[str, ...]:
        line, name = self.show.line, operation.objects[0]
        there, back = round(start + 0.25, 3), round(end - 0.25, 3)
        line.move("hand", self._tip(self.spots[int(name) - 1]), start, there)
        line.change(f"ring {name}", "opacity", 1.0, there)
        line.change(f"lamp {name}", "scale", 0.86, there, round(there + 0.15, 3))
        line.change(f"lamp {name}", "scale", 1.0, round(back - 0.15, 3), back)
        line.change(f"ring {name}", "opacity", 0.0, back)
        line.move("hand", self.home, back, end)
        return ("hand", f"ring {name}")

    def shake(self, start: float, end: float) -> tuple[str, ...]:
        name = self.rng.choice(self.names)
        gestures.shake(self.show.line, f"lamp {name}", start, end, 0.08 * self.size)
        return (f"lamp {name}",)

    def feint(self, start: float, end: float) -> tuple[str, ...]:
        gestures.feint(self.show.line, "hand", self._tip(self.rng.choice(self.spots)), start, end, 0.45 * RADIUS)
        return ("hand",)

    def _tip(self, spot: tuple[float, float]) -> tuple[float, float]:
        """Where the pointer is when its tip is at a place."""
        return spot[0] + HAND[0] / 2, spot[1] - HAND[1] / 2


@dataclass(frozen=True)
class Retold:
    """The circle once more: lamps by their numbers, presses as sets."""

    lamps: int

    def redo(self, values: Values, operation: Operation) -> Values:
        count = len(values)
        near = {(int(operation.objects[0]) + step - 1) % count + 1 for step in (-1, 0, 1)}
        return {lamp: _other(state) if int(lamp) in near else state for lamp, state in values.items()}

    undo = redo

    def fact(self, values: Values, place: str) -> str:
        return ", ".join(str(values[lamp]) for lamp in place.replace(" and ", ", ").split(", "))

    def tallied(self, operation: Operation, tally: str) -> bool:
        lamp, count = int(tally.removeprefix("lamp ")), self.lamps
        return (int(operation.objects[0]) - lamp) % count in (0, 1, count - 1)

    def changed(self, first: Values, last: Values) -> int:
        return len([lamp for lamp in first if first[lamp] != last[lamp]])

    def whole(self, values: Values, question: Question) -> JsonValue:
        return [values[str(lamp)] for lamp in range(1, len(values) + 1)]

    def plan(self, values: Values, question: Question) -> JsonValue:
        """All sets of presses, the smaller ones first."""
        lit, count = question.slots["lit"], len(values)
        assert isinstance(lit, list)
        goal: Values = {lamp: "on" if lamp in lit else "off" for lamp in values}
        wrong = sum(1 << int(lamp) - 1 for lamp in values if values[lamp] != goal[lamp])
        masks = {lamp: sum(1 << (lamp + step) % count for step in (-1, 0, 1)) for lamp in range(count)}
        for size in range(count + 1):
            for lamps in combinations(range(count), size):
                left = wrong
                for lamp in lamps:
                    left ^= masks[lamp]
                if not left:
                    plan = [Operation("press", (str(lamp + 1),)) for lamp in lamps]
                    return problem(values, goal, plan).model_dump(mode="json")
        raise ValueError("no presses lead there")


def _other(state: JsonValue) -> JsonValue:
    return "off" if state == "on" else "on"


def problem(values: Values, goal: Values, plan: Iterable[Operation]) -> PlanProblem:
    """The plan problem "this pattern"."""
    lamps = tuple(values)
    beside = {f"next({lamp})": lamps[(i + 1) % len(lamps)] for i, lamp in enumerate(lamps)}
    beside |= {f"previous({lamp})": lamps[i - 1] for i, lamp in enumerate(lamps)}
    switched = ("state(?lamp)", "state(next(?lamp))", "state(previous(?lamp))")
    return PlanProblem(
        initial={
            **{f"state({lamp})": state for lamp, state in values.items()},
            **beside,
            "other(on)": "off",
            "other(off)": "on",
        },
        operators=(
            Operator(
                name="press",
                parameters={"?lamp": lamps},
                does=tuple(Effect(action="set", term=term, value=f"other({term})") for term in switched),
            ),
        ),
        goal=tuple(Condition(term=f"state({lamp})", value=str(state)) for lamp, state in goal.items()),
        solution=tuple(map(str, plan)),
    )
