"""What is asked about ropes on a table."""

import math
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.spatial._ropes_show import COLUMN, PER_STRETCH, REST, Show
from generators.spatial._ropes_world import CHANGES, GROWN, OPEN_ROPES, Table
from morse.grounding import boxes_by_second, plain_seconds
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boolean, Boxes, Evidence, Integer, Question, Set, Span, Step, Text
from morse.schema import Sequence as InOrder
from morse.seeding import Rng
from morse.timeline import WIDTH

ASKED_STRANDS = 3
"""How often it is asked which strand is a rope's now, at most."""
LEAST_LOOK = 0.6
"""Seconds for which a stretch must be seen to be evidence."""
CHANGED = {-1: "one piece fewer", 0: "just as many pieces", 1: "one piece more"}


class Asking:
    """The questions of a clip."""

    def __init__(self, table: Table, layout: Layout, rng: Rng) -> None:
        self.table, self.layout, self.rng, self.diagram = table, layout, rng, table.diagram
        self.show: Show = layout.details["show"]
        self.letters = dict(zip(self.diagram.ends, table.end_names, strict=True))
        self.marks = tuple(sorted(mark.name for mark in table.marks))
        self.cut_at = {event.objects[0].removeprefix("flag "): event for event in layout.events}
        self.all_ropes = range(len(table.ropes))
        self.open = range(OPEN_ROPES)

    def all(self) -> Iterable[Question]:
        if self.table.targets.aside == "count":
            yield self.count()
            yield self.had_cut()
        else:
            yield self.more()
        yield self.partner()
        yield self.over()
        yield self.on_top()
        yield self.closed()
        yield self.knotted()
        yield self.swapped()
        yield self.free()
        yield from self.strand_now()
        if self.table.targets.laid:
            yield self.laid()
        for question in (self.when_cut(), self.where_end()):
            if question is not None:
                yield question

    def ends_of(self, rope: int) -> list[str]:
        return [self.letters[spot] for spot in self.table.ropes[rope].ends]

    def an_end(self, rope: int) -> str:
        return self.rng.choice(self.ends_of(rope))

    def count(self) -> Question:
        ropes = len(self.all_ropes)
        domain = tuple(OPEN_ROPES + loops for loops in self.table.params.loops)
        return self.made(
            "count", Integer(), ropes, "infer", self.all_ropes, skills=("tracking", "count"), domain=domain
        )

    def more(self) -> Question:
        grown = self.table.targets.grown
        return self.made(
            "more", Integer(), grown, "infer", self.all_ropes, cuts=self.table.cuts, skills=("tracking", "count"), domain=tuple(GROWN)
        )  # fmt: skip

    def partner(self) -> Question:
        one, other = (self.diagram.ends[i] for i in self.table.targets.ends)
        rope = next(i for i in self.open if one in self.table.ropes[i].ends)
        letter = self.letters[one]
        others = tuple(sorted(self.letters[spot] for spot in self.diagram.ends if spot != one))
        return self.made(
            "partner", Text(vocabulary=others, noun="end"), self.letters[other], "infer", [rope], slots={"end": letter},
            skills=("tracking",), domain=others,
        )  # fmt: skip

    def over(self) -> Question:
        one, other = self.table.over
        return self.made(
            "over", Integer(), self.table.targets.overs, "recall", self.table.over,
            slots={"end": self.an_end(one), "other": self.an_end(other)}, skills=("tracking", "count"), domain=tuple(self.table.params.overs),
        )  # fmt: skip

    def on_top(self) -> Question:
        letter = self.table.upper_flag
        met = next(c for c in self.diagram.crossings if c.column == self.table.crossing_flags[letter])
        others = [end for rope in self.open if rope != met.over for end in self.ends_of(rope)]
        key = self.an_end(met.over)
        form, answer, values = pose_choice(self.rng, key, self.rng.shuffled(others), wording=lambda end: f"end {end}")
        return self.made(
            "on_top", form, answer, "infer", [met.over], slots={"flag": letter}, option_values=values, flags=[letter],
            skills=("tracking", "layers"),
        )  # fmt: skip

    def closed(self) -> Question:
        mark = self.table.marks[self.table.closed_mark]
        closed = self.table.ropes[mark.rope].closed
        return self.made(
            "closed", Boolean(), closed, "infer", [mark.rope], slots={"mark": mark.name}, marks=[mark.name],
            skills=("topology", "tracking"), domain=(True, False),
        )  # fmt: skip

    def knotted(self) -> Question:
        rope = self.table.pulled
        return self.made(
            "knotted", Boolean(), self.table.targets.knotted, "predict", [rope], slots={"end": self.an_end(rope)}, alone=True,
            skills=("topology", "tracking"), domain=(True, False),
        )  # fmt: skip

    def swapped(self) -> Question:
        letter, rope = self.table.swapped_flag, self.table.swapped_rope
        return self.made(
            "swapped", Boolean(), self.table.targets.swapped, "counterfactual", [rope], slots={"flag": letter}, flags=[letter],
            alone=True, skills=("topology",), domain=(True, False),
        )  # fmt: skip

    def free(self) -> Question:
        rope = self.table.without
        held = sorted(mark.name for mark in self.table.marks if mark.kind == "ring" and mark.on == rope)
        watched = [rope, *(mark.rope for mark in self.table.marks if mark.rope >= OPEN_ROPES)]
        return self.made(
            "free", Set(vocabulary=self.marks, noun="mark"), held, "counterfactual", watched, slots={"end": self.an_end(rope)},
            marks=self.marks, skills=("topology", "tracking"), chance=0.25,
        )  # fmt: skip

    def had_cut(self) -> Question:
        cut, instead = self.table.moved
        change = self.table.targets.change
        form, letter, values = pose_choice(
            self.rng, change, [other for other in CHANGES if other != change], len(CHANGES), wording=lambda v: CHANGED[int(str(v))]
        )  # fmt: skip
        watched = {self.diagram.owner[self.table.flags[flag]] for flag in (*self.table.cuts, instead)}
        return self.made(
            "had_cut", form, letter, "counterfactual", sorted(watched), slots={"cut": cut, "instead": instead}, option_values=values,
            cuts=self.table.cuts, flags=[instead], skills=("tracking", "topology"),
        )  # fmt: skip

    def strand_now(self) -> Iterable[Question]:
        """At several times: which of the strands in the middle of the picture is of the rope that began at an end?"""
        begin = 0 if self.table.rightward else len(self.diagram.columns)
        strands = self.table.params.strands
        spot = self.rng.choice([spot for spot in self.diagram.ends if spot.at == begin])
        rope = next(i for i in self.open if spot in self.table.ropes[i].ends)
        found = dict[int, list[int]]()
        for at in range(len(self.diagram.strands)):
            own = [other.lane for other in self.table.ropes[rope].path if other.at == at]
            time = self.show.when(self.show.ground.x(at), 0.0)
            if (
                len(own) == 1
                and self.diagram.strands[at] == strands
                and REST + 1 < time < self.layout.duration - REST - 1
            ):
                found.setdefault(strands - own[0], []).append(at)
        wanted = self.rng.shuffled(range(1, strands + 1))[:ASKED_STRANDS]
        places = sorted(self.rng.choice(found[number]) for number in wanted if number in found)
        for at in places if self.table.rightward else places[::-1]:
            lane = next(other.lane for other in self.table.ropes[rope].path if other.at == at)
            yield self.made(
                "strand_now", Integer(), strands - lane, "infer", [rope], slots={"end": self.letters[spot]},
                asked_at=self.show.when(self.show.ground.x(at), 0.0), skills=("tracking", "streaming"), domain=tuple(range(1, strands + 1)),
            )  # fmt: skip

    def laid(self) -> Question:
        """The ropes from the lowest up, by one end of each."""
        above = {(c.over, c.under) for c in self.diagram.crossings if c.over != c.under}

        def under(rope: int) -> int:
            return max((1 + under(other) for other in self.open if (rope, other) in above), default=0)

        order = sorted(self.open, key=under)
        ends: list[JsonValue] = [self.an_end(rope) for rope in order]
        names = self.rng.shuffled(ends)
        form = InOrder(vocabulary=tuple(sorted(map(str, ends))), noun="end", length=OPEN_ROPES)
        return self.made(
            "laid", form, ends, "infer", self.open, slots=dict(zip(("one", "two", "three"), names, strict=True)),
            skills=("layers", "order"), chance=1 / math.factorial(OPEN_ROPES),
        )  # fmt: skip

    def when_cut(self) -> Question | None:
        """When a rope was cut; one in five asks for a rope that never was."""
        owners = {flag: self.diagram.owner[self.table.flags[flag]] for flag in self.table.cuts}
        never = self.rng.steady("when cut").chance(0.2)
        wanted = 0 if never else 1
        fit = [rope for rope in self.open if [*owners.values()].count(rope) == wanted]
        if not fit:
            return None
        rope = self.rng.choice(fit)
        flags = [flag for flag, owner in owners.items() if owner == rope]
        answer: JsonValue = [self.cut_at[flags[0]].start, self.cut_at[flags[0]].end] if flags else None
        return self.made(
            "when_cut", Span(may_abstain=True), answer, "infer", [rope], slots={"end": self.an_end(rope)},
            cuts=flags or self.table.cuts, skills=("grounding", "tracking"), chance=0.2,
        )  # fmt: skip

    def where_end(self) -> Question | None:
        """Where the other end of a rope is, second by second."""
        for rope in self.rng.shuffled(self.open):
            spots = self.rng.shuffled(self.table.ropes[rope].ends)
            asked, other = (self.letters[spot] for spot in spots)
            x = self.show.ground.x(spots[1].at)
            start, end = self.show.seen(x - 1.5, x + 1.5)
            seconds = plain_seconds(start, end, 0.3)
            if len(seconds) >= 2:
                seconds = seconds[:4] if start > 0 else seconds[-4:]
                boxes = boxes_by_second(self.layout.scene, f"end {other}", seconds)
                return self.made(
                    "where_end", Boxes(), boxes, "infer", [rope], slots={"end": asked, "start": seconds[0], "stop": seconds[-1]},
                    skills=("grounding", "tracking"), chance=0.0,
                )  # fmt: skip
        return None

    def made(
        self,
        kind: str,
        form: AnswerFormat,
        answer: Any,
        reasoning: Any,
        ropes: Collection[int],
        *,
        slots: dict[str, JsonValue] | None = None,
        flags: Sequence[str] = (),
        cuts: Sequence[str] = (),
        marks: Sequence[str] = (),
        alone: bool = False,
        asked_at: float | None = None,
        **more: Any,
    ) -> Question:
        """A question for which some ropes must be followed, flags and marks found and cuts seen. ``alone``: crossings with others do not matter."""
        looks = list[Evidence]()
        for name in self.stretches(ropes):
            number = int(name.split()[-1]) - 1
            wide = PER_STRETCH * COLUMN
            start, end = self.show.seen(number * wide, (number + 1) * wide, asked_at)
            if end - start < LEAST_LOOK:
                continue  # not there yet, or hardly
            looks.append(Evidence(start=start, end=end, objects=(name,)))
        seen = list[tuple[float, str]]()
        for crossing in self.diagram.crossings:
            own = (crossing.over in ropes) + (crossing.under in ropes)
            if own == 2 or (own and not alone):
                time = self.show.when(self.show.ground.x(crossing.column + 0.5), 0.0)
                if asked_at is not None and time > asked_at:
                    continue
                seen.append((time, f"over({self.called(crossing.over)}, {self.called(crossing.under)})"))
        for flag in cuts:
            event = self.cut_at[flag]
            looks.append(Evidence(start=event.start, end=event.end, objects=(f"scissors at {flag}",)))
            seen.append((round((event.start + event.end) / 2, 3), f"cut(flag {flag})"))
        for name in [*(f"flag {flag}" for flag in flags), *(f"mark {mark}" for mark in marks)]:
            x = self.layout.timeline.place(name, 0.0)[0] + WIDTH / 2 + (0.0 if self.table.rightward else self.show.far)
            start, end = self.show.seen(x - 0.5, x + 0.5, asked_at)
            looks.append(Evidence(start=start, end=end, objects=(name,)))
            seen.append((self.show.when(x, 0.0), f"at({name})"))
        if not looks:
            looks.append(Evidence(start=0.0, end=asked_at or self.layout.duration, objects=()))
        steps = [Step(kind="perceive", claim=claim, time=time) for time, claim in sorted(seen)]
        said = answer if not isinstance(answer, dict) else "boxes"
        places = [int(name.split()[-1]) for look in looks for name in look.objects if name.startswith("stretch")]
        wide = (max(places) - min(places) + 1) * PER_STRETCH * COLUMN if places else 0.0
        frames = max(math.ceil(wide / WIDTH), 2 if cuts or asked_at is not None else 1)
        return Question(
            kind=kind, format=form, answer=answer, reasoning=reasoning, slots=slots or {}, asked_at=asked_at, evidence=tuple(looks),
            steps=concluding(steps, f"{kind}: {said}"), min_frames=1 if kind == "closed" else frames, min_fps=2.0, **more,
        )  # fmt: skip

    def stretches(self, ropes: Collection[int]) -> list[str]:
        """The stretches of the table on which some ropes lie."""
        numbers = set[int]()
        for rope in ropes:
            for piece in self.table.ropes[rope].pieces:
                numbers.add(int((self.show.ground.x(piece.column + 0.5)) // (PER_STRETCH * COLUMN)))
        return [f"stretch {number + 1}" for number in sorted(numbers)]

    def called(self, rope: int) -> str:
        """A rope's name in claims: its first letter, or a mark on it."""
        if rope in self.open:
            return min(self.ends_of(rope))
        return next((mark.name for mark in self.table.marks if mark.rope == rope), "loop")
