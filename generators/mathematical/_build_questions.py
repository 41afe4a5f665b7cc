"""What is asked about a construction."""

from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise, permutations
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.mathematical._build_show import Clip
from generators.mathematical._build_steps import (
    ANGLES,
    APART,
    CLEAR,
    SHIFT,
    Step,
    altered,
    angle_at,
    area,
    away,
)
from morse.errors import Rejected
from morse.layout import Layout
from morse.options import pose_choice
from morse.schema import (
    AnswerFormat,
    Choice,
    Evidence,
    Integer,
    Number,
    Permutation,
    Question,
    Set,
)
from morse.schema import Step as Reason
from morse.seeding import Rng

LENGTH = Number(absolute=0.1, decimals=1)
DEGREES = Number(unit="degrees", absolute=0.6, decimals=1)
AREA = Number(absolute=0.2, relative=0.01, decimals=1)
RATIO = Number(absolute=0.02, relative=0.02, decimals=2)
PLAIN = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Ratios that are too likely to be asked for."""


class Asking:
    """The questions of a clip. Raises :class:`~morse.errors.Rejected` where there is nothing to ask of a kind."""

    def __init__(self, clip: Clip, layout: Layout, rng: Rng) -> None:
        self.figure, self.layout, self.rng = clip.figure, layout, rng
        self.steps, self.places = clip.figure.steps, clip.figure.places()
        self.over: Sequence[float] = layout.details["over"]
        self.names = [*self.places]
        self.makers = {step.new: number for number, step in enumerate(self.steps) if step.new}

    def all(self) -> Iterable[Question]:
        latest = [*self.latest()]
        yield self.length()
        yield self.angle()
        yield self.area()
        yield self.ratio()
        yield self.line()
        yield self.circle()
        yield self.meets()
        yield self.instead()
        yield self.next()
        yield self.which()
        yield self.order()
        yield self.marked()
        yield from latest

    # ── measures ────────────────────────────────────────────────────────────────────────────────────────────────────

    def length(self) -> Question:
        rng = self.rng.fork("length")
        x, y = self.some(rng, 2)
        far = abs(self.places[x] - self.places[y])
        return self.question("length", round(far, 1), LENGTH, self.needed((x, y)), {"x": x, "y": y}, reasoning="infer",
                             skills=("trigonometry",))  # fmt: skip

    def angle(self) -> Question:
        rng = self.rng.fork("angle")
        for _ in range(100):
            x, v, y = self.some(rng, 3)
            turn = angle_at(*(self.places[name] for name in (x, v, y)))
            if 20 <= turn <= 160 and abs(turn - 90) > 2 and abs(turn - round(turn / 5) * 5) > 1e-6:
                return self.question("angle", round(turn, 1), DEGREES, self.needed((x, v, y)), {"x": x, "v": v, "y": y},
                                     reasoning="infer", skills=("trigonometry",))  # fmt: skip
        raise Rejected("no angle to ask for")

    def area(self) -> Question:
        corners, size = self.triangle(self.rng.fork("area"))
        return self.question("area", round(size, 1), AREA, self.needed(corners), {"corners": "".join(corners)},
                             reasoning="infer", skills=("trigonometry",))  # fmt: skip

    def ratio(self) -> Question:
        rng = self.rng.fork("ratio")
        for _ in range(60):
            (one, own), (other, whole) = self.triangle(rng), self.triangle(rng)
            share = own / whole
            if 0.2 <= share <= 5 and all(abs(share - plain) > 0.05 * plain for plain in PLAIN):
                slots: dict[str, JsonValue] = {"one": "".join(one), "other": "".join(other)}
                return self.question("ratio", round(share, 2), RATIO, self.needed((*one, *other)), slots,
                                     reasoning="infer", skills=("trigonometry",))  # fmt: skip
        raise Rejected("no ratio to ask for")

    def triangle(self, rng: Rng) -> tuple[tuple[str, ...], float]:
        """Three points, not all of one step, that make no flat triangle; and its area."""
        for _ in range(100):
            corners = self.some(rng, 3)
            at = [self.places[name] for name in corners]
            size = area(*at)
            if size >= 2 and 2 * size / max(abs(a - b) for a, b in combinations(at, 2)) > 3 * CLEAR:
                return corners, size
        raise Rejected("no triangle to ask for")

    def some(self, rng: Rng, count: int) -> tuple[str, ...]:
        """So many points that do not all belong to one step."""
        for _ in range(100):
            names = tuple(rng.sample(self.names, count))
            if not any(all(name in step.points for name in names) for step in self.steps):
                return names
        raise Rejected("all points belong to one step")

    # ── what lies where ─────────────────────────────────────────────────────────────────────────────────────────────

    def line(self) -> Question:
        """All threes of four points, one of which lies on a line: neither their names nor what is seen together tells which."""
        rng = self.rng.fork("line")
        steps = [step for step in self.steps if step.kind in ("foot", "bisector")]
        if not steps:
            raise Rejected("no three points on one line")
        step = rng.choice(steps)
        key = step.points[1:]
        others = [three for three in combinations(step.points, 3) if three != key]
        form, letter, values = pose_choice(
            rng, ", ".join(rng.shuffled(key)), [", ".join(rng.shuffled(other)) for other in others]
        )
        needed = [self.steps.index(step)]
        return self.question("line", letter, form, needed, {}, option_values=values, reasoning="recall",
                             skills=("incidence",))  # fmt: skip

    def circle(self) -> Question:
        """Points on a circle about one point through another, exactly; the rest is clearly nearer or farther."""
        rng = self.rng.fork("circle")
        found = []
        for v, w in permutations(self.names, 2):
            off = {
                name: abs(abs(z - self.places[v]) - abs(self.places[w] - self.places[v]))
                for name, z in self.places.items()
            }
            others = [name for name in self.names if name not in (v, w)]
            on = [name for name in others if off[name] < 1e-9]
            if on and all(off[name] >= CLEAR for name in others if name not in on):
                found.append((v, w, on))
        if not found:
            raise Rejected("no circle through more points")
        v, w, on = rng.choice(found)
        vocabulary = tuple(sorted(name for name in self.names if name not in (v, w)))
        answer: JsonValue = sorted(on)  # type: ignore[assignment]
        return self.question("circle", answer, Set(vocabulary=vocabulary, noun="point"), self.needed(self.names),
                             {"centre": v, "through": w}, reasoning="infer", skills=("incidence",))  # fmt: skip

    def meets(self) -> Question:
        p, q, count = self.figure.meets
        number = next(i for i, step in enumerate(self.steps) if step.kind == "circle")
        needed = sorted({*self.needed((p, q, *self.steps[number].of)), number})
        return self.question("meets", count, Integer(), needed, {"p": p, "q": q}, domain=(0, 1, 2), reasoning="infer",
                             skills=("incidence",))  # fmt: skip

    # ── what if ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def instead(self) -> Question:
        rng = self.rng.fork("instead")
        marked = [i for i, step in enumerate(self.steps) if (step.length or step.angle) and step.new]
        for _ in range(100):
            number = rng.choice(marked)
            changed, way = altered(self.figure, number, rng)
            others = self.figure.places({number: changed})
            x, y = self.some(rng, 2)
            far, now = abs(others[x] - others[y]), abs(self.places[x] - self.places[y])
            if abs(far - now) >= SHIFT and far >= APART and _sound(self.steps, others):
                slots: dict[str, JsonValue] = {
                    "x": x, "y": y, "change": _said(changed, way), "step": number + 1, "way": way,
                    "value": {"length": changed.length, "angle": changed.angle, "side": 0}[way],
                }  # fmt: skip
                needed = sorted({*self.needed((x, y)), number})
                return self.question("instead", round(far, 1), LENGTH, needed, slots, reasoning="counterfactual",
                                     skills=("trigonometry", "imagine"))  # fmt: skip
        raise Rejected("nothing to change")

    def next(self) -> Question:
        rng = self.rng.fork("next")
        for _ in range(100):
            kind = rng.choice(("midpoint", "reflection", "turned"))
            x, y, z, w = self.some(rng, 4)
            of = {"midpoint": (x, y), "reflection": (x, y, z), "turned": (x, y)}[kind]
            more = Step(kind, "?", of, angle=rng.choice(ANGLES) if kind == "turned" else 0, side=rng.choice((-1, 1)))
            if kind == "reflection" and away(*(self.places[name] for name in of)) < APART / 2:
                continue
            far = abs(self.figure.places(more=[more])["?"] - self.places[w])
            if far >= APART:
                slots: dict[str, JsonValue] = {
                    "what": _planned(more), "w": w, "kind": kind, "of": list(of), "angle": more.angle * more.side,
                }  # fmt: skip
                return self.question("next", round(far, 1), LENGTH, self.needed((*of, w)), slots, reasoning="predict",
                                     skills=("trigonometry", "imagine"))  # fmt: skip
        raise Rejected("nothing to do next")

    # ── what was seen ───────────────────────────────────────────────────────────────────────────────────────────────

    def which(self) -> Question:
        """The same three points in each option: only how the point was made tells."""
        new, (r, p, q) = self.figure.form
        words = {
            "midpoint": f"the midpoint of {p}{q}",
            "foot": f"the foot of the perpendicular from {r} to {p}{q}",
            "bisector": f"the point where the bisector of the angle at {r}, between {r}{p} and {r}{q}, meets {p}{q}",
            "reflection": f"the image of {r} under reflection in {p}{q}",
        }
        kind = self.steps[self.makers[new]].kind
        form, letter, values = pose_choice(
            self.rng.fork("which"), kind, [other for other in words if other != kind], wording=lambda k: words[str(k)]
        )
        return self.question("which", letter, form, [self.makers[new]], {"new": new}, option_values=values,
                             reasoning="recall", skills=("recognition",))  # fmt: skip

    def order(self) -> Question:
        """The order of marks: numbers, so that the letters tell nothing of it."""
        rng = self.rng.fork("order")
        written: list[tuple[str, int]] = []
        for number, step in enumerate(self.steps):
            written += [(f"the length {step.length}", number)] if step.length else []
            written += [(f"the angle {step.angle}°", number)] if step.angle not in (0, 90) else []
        texts = [text for text, _ in written] + [f"the length {step.struck}" for step in self.steps if step.struck]
        chosen: list[tuple[str, int]] = []
        for text, number in rng.shuffled([one for one in written if texts.count(one[0]) == 1]):
            if len(chosen) < 4 and number not in [other for _, other in chosen]:
                chosen.append((text, number))
        if len(chosen) < 3:
            raise Rejected("too few marks that are told apart")
        chosen = rng.shuffled(chosen)  # a step with two marks comes up sooner than others
        order: JsonValue = [i + 1 for i in sorted(range(len(chosen)), key=lambda i: chosen[i][1])]  # type: ignore[assignment]
        names: list[JsonValue] = [text for text, _ in chosen]
        listed = "; ".join(f"{i + 1}: {text}" for i, text in enumerate(names))
        needed = sorted(number for _, number in chosen)
        return self.question("order", order, Permutation(size=len(chosen)), needed, {"names": names, "listed": listed},
                             reasoning="recall", skills=("order",))  # fmt: skip

    def marked(self) -> Question:
        """One in four asks for a length that is marked nowhere."""
        rng = self.rng.fork("marked")
        step = self.steps[self.figure.told]
        pair, answer = [step.of[-1], step.new], step.length
        needed: Sequence[int] = [self.figure.told]
        if self.figure.silent:
            sides = [{s.of[-1], s.new} for s in self.steps if s.length and s.new]
            drawn = [two for s in self.steps for two in combinations(s.points, 2) if set(two) not in sides]
            pair, needed = list(rng.choice(drawn)), range(len(self.steps))
        one, other = rng.shuffled(pair)
        slots: dict[str, JsonValue] = {"one": one, "other": other}
        return self.question("marked", None if self.figure.silent else answer, Integer(may_abstain=True), needed, slots,
                             reasoning="recall", skills=("read",), chance=0.25)  # fmt: skip

    def latest(self) -> Iterable[Question]:
        """The same question at three times, with the same options; no length is to be seen then, nor halfway to then."""
        rng = self.rng.fork("latest")
        lengths = [number for number, step in enumerate(self.steps) if step.length and step.new]
        events = self.layout.events
        written = [(events[number].start, self.over[number]) for number in lengths]
        times: dict[int, list[float]] = {}
        for number, after in pairwise([*lengths, len(self.steps) - 1]):
            span = np.arange(self.over[number], events[after].start, 0.05)
            times[number] = [
                round(float(t), 3) for t in span if not any(start <= t / 2 <= end for start, end in written)
            ]
        free = [number for number in lengths if times[number]]
        triples = [
            three for three in combinations(free, 3) if len({self.steps[number].length for number in three}) == 3
        ]
        if not triples:
            raise Rejected("too few different lengths")
        chosen = rng.choice(triples)
        order = rng.shuffled([self.steps[number].length for number in chosen])
        form = Choice(options=tuple(map(str, order)))
        for number in chosen:
            yield self.question(
                "latest", form.letters[order.index(self.steps[number].length)], form, [number], {},
                option_values=tuple(order), asked_at=rng.choice(times[number]), reasoning="recall",
                skills=("read", "streaming"),
            )  # fmt: skip

    # ── evidence ────────────────────────────────────────────────────────────────────────────────────────────────────

    def needed(self, names: Iterable[str]) -> list[int]:
        """The steps that some points rest on, in order."""
        found: list[int] = []
        left = [*names]
        while left:
            name = left.pop()
            number = self.makers.get(name)
            if number is not None and number not in found:
                found.append(number)
                left += self.steps[number].of
        return sorted(found)

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        needed: Sequence[int],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        looks, reasons, known = [], [], []
        for number in needed:
            step, event = self.steps[number], self.layout.events[number]
            seen = tuple(name for name in event.objects if name not in step.of or step.kind == "circle")
            looks.append(Evidence(start=event.start, end=event.end, objects=seen))
            reasons.append(Reason(kind="perceive", claim=event.claim, time=event.end))
            values = [str(step.length)] * bool(step.length) + [f"{step.angle}°"] * bool(step.angle)
            if values:
                claim = f"marked({' '.join(step.points)}, {' '.join(values)})"
                reasons.append(Reason(kind="infer", claim=claim, needs=(len(reasons) - 1,)))
            known.append(len(reasons) - 1)
        told = " ".join(map(str, answer)) if isinstance(answer, list) else str(answer)
        reasons.append(Reason(kind="infer", claim=f"{kind}({told})", needs=tuple(known)))
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), steps=tuple(reasons),
            min_frames=max(2, len(looks)), min_fps=2.0, **more,
        )  # fmt: skip


def _sound(steps: Sequence[Step], places: dict[str, complex]) -> bool:
    """Whether every step can still be done: no line through one point, no angle without sides, no perpendicular from a line itself."""
    apart = all(abs(places[a] - places[b]) > SHIFT for step in steps for a, b in combinations(step.of, 2))
    sided = [step.of for step in steps if step.kind in ("foot", "bisector", "reflection")]
    return apart and all(away(*(places[name] for name in of)) > SHIFT for of in sided)


def _said(step: Step, way: str) -> str:
    """What is changed, in words; not what it was before."""
    if way == "length":
        return f"the segment {step.of[-1]}{step.new} had been made {step.length} long"
    if step.kind == "turned":
        r, p = step.of
        if way == "angle":
            return f"{r} had been turned about {p} by {step.angle}° (the same way round) to get {step.new}"
        return f"{r} had been turned about {p} the other way round (by the same angle) to get {step.new}"
    p, q = step.of
    if way == "angle":
        return f"the angle {p}{q}{step.new} had been made {step.angle}° (to the same side)"
    return f"{step.new} had been drawn on the other side of the line {p}{q} (same length and angle)"


def _planned(step: Step) -> str:
    """A step that comes next, in words."""
    if step.kind == "midpoint":
        return f"the midpoint of {step.of[0]}{step.of[1]}"
    if step.kind == "reflection":
        return f"the reflection of {step.of[0]} in the line {step.of[1]}{step.of[2]}"
    way = "counterclockwise" if step.side > 0 else "clockwise"
    return f"the image of {step.of[0]} after a turn about {step.of[1]} by {step.angle}° {way}"
