"""What is asked about maps of a grid and a field of arrows."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.mathematical._plane_field import AROUND, LOCAL
from generators.mathematical._plane_maps import AREAS, ENDS, LARGEST, TIPS, Point, area_of, image, product, said, spot
from generators.mathematical._plane_show import Clip
from morse.layout import Layout
from morse.options import pose_choice
from morse.schema import (
    AnswerFormat,
    Choice,
    Event,
    Evidence,
    Grid,
    Integer,
    Mapping,
    Permutation,
    Question,
    Span,
    Step,
)
from morse.seeding import Rng

ENTRIES = tuple(str(number) for number in range(-LARGEST, LARGEST + 1))
COORDINATES = tuple(map(str, ENDS))


class Asking:
    """The questions of a clip. Raises :class:`~morse.errors.Rejected` where options would read the same."""

    def __init__(self, clip: Clip, layout: Layout, rng: Rng) -> None:
        self.acts, self.field, self.layout, self.rng = clip.acts, clip.field, layout, rng
        self.kept, self.places = self.acts.kept, self.acts.places
        self.whole = product(self.kept)
        self.spans: Sequence[tuple[float, float]] = layout.details["spans"]
        self.done: Sequence[float] = layout.details["done"]
        events = layout.events
        self.moves = [event for event in events if event.kind == "maps"]
        self.ends = [event for event in events if event.kind in ("clears", "undoes")]

    def all(self) -> Iterable[Question]:
        every = range(len(self.acts.acts))
        a, b, c, d = self.whole
        matrix: JsonValue = [[f"{a:g}", f"{b:g}"], [f"{c:g}", f"{d:g}"]]
        yield self.about(
            "matrix", matrix, Grid(rows=2, columns=2, vocabulary=ENTRIES, noun="number"), every, {}, reasoning="infer",
            skills=("linear maps", "arithmetic"),
        )  # fmt: skip
        yield self.lands()
        yield self.starts()
        yield self.about(
            "area", int(area_of(self.whole)), Integer(), every, {}, reasoning="infer", skills=("linear maps",),
            domain=AREAS,
        )  # fmt: skip
        yield self.which()
        yield self.order()
        yield self.swapped()
        yield self.keeps()
        yield from self.so_far()
        yield self.timed()
        yield from self.fields()

    # ── maps ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def lands(self) -> Question:
        own = next(i for i, act in enumerate(self.acts.acts) if self.acts.point in [letter for letter, _ in act.points])
        return self.about(
            "lands", _mapping(self.acts.wanted.end), _coordinates(), range(own, len(self.acts.acts)),
            {"letter": self.acts.point}, more=(f"point {self.acts.point}",), reasoning="infer",
            skills=("linear maps", "tracking"), domain=None,
        )  # fmt: skip

    def starts(self) -> Question:
        upto = self.places[self.acts.star[0] - 1] + 1
        star = next(event for event in self.layout.events if event.kind == "marks")
        return self.about(
            "starts", _mapping(self.acts.wanted.start), _coordinates(), range(upto), {}, beside=(star,),
            reasoning="explain", skills=("linear maps", "inverse"),
        )  # fmt: skip

    def which(self) -> Question:
        """The other options are other maps of the clip."""
        own = self.acts.named
        key = self.kept[own].name
        names = list(dict.fromkeys(act.map.name for act in self.acts.acts if act.map.name != key))
        rng = self.rng.fork("which")
        form, letter, values = pose_choice(rng, key, rng.shuffled(names))
        number: dict[str, JsonValue] = {"number": own + 1}
        return self.about(
            "which", letter, form, range(self.places[own] + 1), number, option_values=values, reasoning="recall",
            skills=("recognition", "count"),
        )  # fmt: skip

    def order(self) -> Question:
        chosen = self.acts.order
        names: list[JsonValue] = [self.kept[i].name for i in chosen]
        listed = "; ".join(f"{place + 1}: {name}" for place, name in enumerate(names))
        order: JsonValue = [chosen.index(i) + 1 for i in sorted(chosen)]
        return self.about(
            "order", order, Permutation(size=len(chosen)), range(self.places[max(chosen)] + 1), {"names": names, "listed": listed},
            reasoning="recall", skills=("order",),
        )  # fmt: skip

    def swapped(self) -> Question:
        tip = TIPS[self.acts.tip]
        ends = [image(self.acts.swapped(pair), tip) for pair in self.acts.swaps]
        form, letter, values = _places(self.rng.fork("swapped"), ends[0], [image(self.whole, tip), *ends[1:]])
        one, other = (number + 1 for number in self.acts.swaps[0])
        slots: dict[str, JsonValue] = {"tip": self.acts.tip, "one": one, "other": other}
        return self.about(
            "swapped", letter, form, range(len(self.acts.acts)), slots, option_values=values,
            reasoning="counterfactual", skills=("linear maps", "imagine"),
        )  # fmt: skip

    def keeps(self) -> Question:
        key, *others = self.acts.wanted.vectors
        form, letter, values = _places(self.rng.fork("keeps"), key, others)
        first = self.acts.pair
        slots: dict[str, JsonValue] = {"one": first + 1, "other": first + 2}
        acts = range(self.places[first + 1] + 1)
        return self.about(
            "keeps", letter, form, acts, slots, option_values=values, reasoning="infer",
            skills=("linear maps", "eigenvectors"),
        )  # fmt: skip

    def so_far(self) -> Iterable[Question]:
        """The same question at three times, with the same options."""
        tip = TIPS[self.acts.follow]
        ends = [image(product(self.kept[:stop]), tip) for stop in self.acts.stops]
        order = self.rng.fork("so far").shuffled(ends)
        form = Choice(options=tuple(map(spot, order)))
        for stop, end in zip(self.acts.stops, ends, strict=True):
            own = self.places[stop - 1]
            yield self.about(
                "so_far", form.letters[order.index(end)], form, range(own + 1), {"tip": self.acts.follow},
                option_values=tuple(map(spot, order)), asked_at=self.done[own], reasoning="predict",
                skills=("linear maps", "streaming"),
            )  # fmt: skip

    def timed(self) -> Question:
        """One in four asks for a map that never comes."""
        own = next((i for i, act in enumerate(self.acts.acts) if act.map.name == self.acts.timed), None)
        answer: JsonValue = None if own is None else [self.moves[own].start, self.moves[own].end]
        acts = range(len(self.acts.acts)) if own is None else [own]
        return self.about(
            "timed", answer, Span(may_abstain=True), acts, {"name": self.acts.timed}, reasoning="recall",
            skills=("grounding", "recognition"), chance=0.25,
        )  # fmt: skip

    def about(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        acts: Iterable[int],
        slots: dict[str, JsonValue],
        more: tuple[str, ...] = (),
        beside: Sequence[Event] = (),
        **rest: Any,
    ) -> Question:
        """A question about some acts; ``more``: what is looked at beside the arrows in the first of them; ``beside``: what else
        is seen."""
        steps: list[Step] = []
        looks: list[Evidence] = []
        known: list[int] = []
        for number, i in enumerate(acts):
            start, end = self.spans[i]
            objects = (*TIPS, *(more if number == 0 else ()))
            looks.append(Evidence(start=start, end=end, objects=objects))
            steps += [_seen(self.moves[i]), _seen(self.ends[i])]
            entries = " ".join(f"{entry:g}" for entry in self.acts.acts[i].map.matrix)
            claim = f"matrix({i + 1}, {entries})" if self.acts.acts[i].kept else f"undone({i + 1})"
            steps.append(Step(kind="infer", claim=claim, needs=(len(steps) - 2, len(steps) - 1)))
            known.append(len(steps) - 1)
        for event in beside:
            looks.append(Evidence(start=event.start, end=event.end, objects=event.objects))
            steps.append(_seen(event))
            known.append(len(steps) - 1)
        steps.append(Step(kind="infer", claim=f"{kind}({_told(answer)})", needs=tuple(known)))
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), steps=tuple(steps),
            min_frames=max(2, len(looks)), min_fps=2.0, **rest,
        )  # fmt: skip

    # ── the field ───────────────────────────────────────────────────────────────────────────────────────────────────

    def fields(self) -> Iterable[Question]:
        field = self.field
        local, around = field.asked
        shows = [event for event in self.layout.events if event.kind == "shows"]
        frame = next(
            e
            for e in self.layout.events
            if e.kind == "frames" and e.objects == (f"rectangle {field.rectangles[0].letter}",)
        )
        degree: dict[str, JsonValue] = {"degree": "first" if field.degree == 1 else "second"}
        at: dict[str, JsonValue] = {"point": spot(field.point)}
        box: dict[str, JsonValue] = {"letter": field.rectangles[0].letter}
        yield self.measured(local, int(field.measured(local)), shows, degree | at, "infer", LOCAL)
        yield self.measured(around, int(field.measured(around)), [*shows, frame], degree | box, "infer", AROUND)
        name, factor = field.altered
        change: dict[str, JsonValue] = {"component": name, "factor": factor, "times": said(factor), "measure": around}
        yield self.measured(
            "altered", int(field.changed()), [*shows, frame], degree | box | change, "counterfactual", None
        )

    def measured(
        self,
        kind: str,
        answer: int,
        events: Sequence[Event],
        slots: dict[str, JsonValue],
        reasoning: Any,
        domain: tuple[int, ...] | None,
    ) -> Question:
        looks = tuple(Evidence(start=event.start, end=event.end, objects=event.objects) for event in events)
        steps = [_seen(event) for event in events]
        steps.append(Step(kind="infer", claim=f"{kind}({answer})", needs=tuple(range(len(steps)))))
        return Question(
            kind=kind, answer=answer, format=Integer(), slots=slots, evidence=looks, steps=tuple(steps), domain=domain,
            reasoning=reasoning, skills=("vector fields", "arithmetic"), min_frames=len(looks), min_fps=1.0,
        )  # fmt: skip


def _seen(event: Event) -> Step:
    return Step(kind="perceive", claim=event.claim, time=round((event.start + event.end) / 2, 3))


def _coordinates() -> Mapping:
    return Mapping(keys=("x", "y"), vocabulary=COORDINATES, noun="number")


def _mapping(point: Point) -> JsonValue:
    return {"x": f"{point[0]:g}", "y": f"{point[1]:g}"}


def _places(rng: Rng, key: Point, others: Iterable[Point]) -> tuple[Choice, str, tuple[JsonValue, ...]]:
    return pose_choice(rng, spot(key), map(spot, others))


def _told(answer: JsonValue) -> str:
    """An answer in a claim: entries one after another."""
    if isinstance(answer, dict):
        return " ".join(str(value) for value in answer.values())
    if isinstance(answer, list):
        return " ".join(_told(entry) for entry in answer)
    return str(answer)
