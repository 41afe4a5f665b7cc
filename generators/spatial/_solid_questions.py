"""What is asked of the solids that stood on the board."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise, permutations
from typing import Any

from pydantic import JsonValue

from generators.spatial._solid_acts import SECTIONS, Act, Parade, angle
from generators.spatial._solid_shapes import Solid
from morse.layout import Layout
from morse.reasoning import concluding
from morse.schema import Choice, Event, Evidence, Number, Permutation, Question, Span, Step
from morse.seeding import Rng

NAMES = {3: "a triangle", 4: "a quadrilateral", 5: "a pentagon", 6: "a hexagon"}
APART = 1.3
"""Of two volumes that are compared one is so many times as large as the other, at least."""
EXACT, ROUGH = 0.05, 0.08
"""Relative tolerances: what is counted and worked out; what is read off between the marks."""
ABSENT, NEVER = 0.12, 0.25
"""How often the question after what was cut off is drawn to be about a solid from which nothing was; the share that this makes of those
asked, as not every cut can be asked about, is no more than the second."""
SECTIONS_ASKED = 2
AHEAD = (1.0, 2.0)
"""Seconds that the water is followed beyond the end of what is seen."""


class Asking:
    """Makes the questions of a clip; one that cannot be asked there is left out."""

    def __init__(self, parade: Parade, layout: Layout, rng: Rng) -> None:
        self.parade, self.rng, self.side = parade, rng, float(parade.side)
        self.events = layout.events
        self.rod = layout.events[0]

    def all(self) -> Iterable[Question]:
        for kind in (
            self.length,
            self.corner,
            self.surface,
            self.volume,
            self.ratio,
            self.order,
            self.stood,
            self.scaled,
            self.sections,
            self.taken,
            self.water,
            self.rise,
            self.extras,
        ):
            yield from kind()

    def of(self, *kinds: str) -> list[Act]:
        return [act for act in self.parade.acts if act.kind in kinds]

    def event(self, kind: str, act: Act) -> Event:
        return next(e for e in self.events if e.kind == kind and e.objects[0].split("-")[0] == act.letter)

    def one(self, acts: Sequence[Act], purpose: str) -> Act:
        return self.rng.fork(purpose).choice(acts)

    def length(self) -> Iterator[Question]:
        act = self.of("points")[0]
        (p, a), _, (r, b) = act.points
        yield self.number("length", [act], math.dist(a, b) * self.side, "cm", slots={"solid": act.letter, "from": p, "to": r}, skills=("length", "scale"))  # fmt: skip

    def corner(self) -> Iterator[Question]:
        act = self.of("points")[0]
        (p, a), (q, b), (r, c) = act.points
        yield self.question(
            "corner",
            [act],
            slots={"solid": act.letter, "p": p, "q": q, "r": r},
            format=Number(unit="degrees", absolute=2.0),
            answer=round(math.degrees(angle(a, b, c)), 1),
            chance=0.12,  # what the best constant answer gets: corners of whole numbers make some angles more often
            reasoning="infer",
            skills=("angle",),
            scale=False,
        )

    def surface(self) -> Iterator[Question]:
        act = self.one(self.of("plain", "points", "stretch"), "surface")
        yield self.number("surface", [act], act.last.surface * self.side**2, "cm²", slots={"solid": act.letter}, skills=("area", "scale"))  # fmt: skip

    def volume(self) -> Iterator[Question]:
        acts = [act for act in self.parade.acts if act.weighed and act.kind != "stack"]
        act = self.one(acts, "volume")
        yield self.number("volume", [act], act.volume * self.side**3, "cm³", slots={"solid": act.letter}, skills=("volume", "scale"))  # fmt: skip

    def ratio(self) -> Iterator[Question]:
        acts = [act for act in self.parade.acts if act.weighed]
        pairs = [(a, b) for a, b in permutations(acts, 2) if APART < a.volume / b.volume < 9]
        pairs += [(b, a) for a, b in pairs]
        if pairs:
            a, b = self.rng.fork("ratio").choice(pairs)
            yield self.number("ratio", [a, b], a.volume / b.volume, "", slots={"solid": a.letter, "than": b.letter}, skills=("volume", "ratio", "memory"), scale=False, places=3)  # fmt: skip

    def order(self) -> Iterator[Question]:
        acts = [act for act in self.parade.acts if act.weighed or act.kind == "water"]
        trios = [trio for trio in combinations(acts, 3) if _apart([self.room(act) for act in trio])]
        if not trios:
            return
        trio = self.rng.fork("order").shuffled(self.rng.fork("trio").choice(trios))
        ranked = sorted(trio, key=self.room)
        items = ", ".join(f"({i}) {act.letter}" for i, act in enumerate(trio, 1))
        answer: list[JsonValue] = [trio.index(act) + 1 for act in ranked]
        yield self.question(
            "order",
            trio,
            slots={"items": items, "solids": [act.letter for act in trio]},
            format=Permutation(size=3),
            answer=answer,
            domain=tuple(list(order) for order in permutations((1, 2, 3))),
            reasoning="infer",
            skills=("volume", "comparison", "memory"),
            scale=False,
        )

    def room(self, act: Act) -> float:
        """The space that a solid or a vessel takes."""
        return act.solid.volume if act.kind == "water" else act.volume

    def stood(self) -> Iterator[Question]:
        acts = [act for act in self.parade.acts if act.weighed]
        ranked = sorted(acts, key=lambda act: act.volume)
        found = []
        if len(acts) >= 2 and ranked[-1].volume > APART * ranked[-2].volume:
            found.append(("largest", ranked[-1]))
        if len(acts) >= 2 and ranked[1].volume > APART * ranked[0].volume:
            found.append(("smallest", ranked[0]))
        if not found:
            return
        which, act = self.rng.fork("stood").choice(found)
        stand = self.event("stand", act)
        letters = sorted(one.letter for one in acts)
        yield self.question(
            "stood",
            acts,
            slots={"which": which, "solids": ", ".join(letters[:-1]) + " and " + letters[-1]},
            format=Span(),
            answer=[stand.start, stand.end],
            reasoning="infer",
            skills=("volume", "comparison", "grounding"),
            scale=False,
            chance=0.0,
        )

    def scaled(self) -> Iterator[Question]:
        act = self.one(self.of("plain", "points", "coil"), "scaled")
        rng = self.rng.fork("factors")
        wide, high = rng.choice(((2, 3), (3, 2), (2, 0.5), (0.5, 2), (0.5, 3), (3, 0.5), (2, 2), (1, 3), (1, 2), (3, 1), (2, 1)))  # fmt: skip
        value = act.volume * wide**2 * high * self.side**3
        slots: dict[str, JsonValue] = {"solid": act.letter, "wide": _times(wide), "high": _times(high), "factors": [wide, high]}  # fmt: skip
        yield self.number("scaled", [act], value, "cm³", slots=slots, reasoning="counterfactual", skills=("volume", "scale", "proportion"))  # fmt: skip

    def sections(self) -> Iterator[Question]:
        """Asked of some cuts before they are made, with one list of options."""
        cuts = self.of("cut")
        for act in self.rng.fork("cuts").sample(cuts, min(SECTIONS_ASKED, len(cuts))):
            assert act.cut is not None
            sheet = self.event("sheet", act)
            key = len(act.cut.parts(act.solid)[2])
            form = Choice(options=tuple(NAMES.values()))
            yield self.question(
                "section",
                [],
                slots={"solid": act.letter},
                format=form,
                answer=form.letters[SECTIONS.index(key)],
                option_values=SECTIONS,
                reasoning="predict",
                skills=("cross-section", "imagining"),
                asked_at=sheet.end,
                evidence=(Evidence(start=sheet.start, end=sheet.end, objects=(act.letter,)),),
                steps=(Step(kind="perceive", claim=f"sheet({act.letter})", time=sheet.end),),
                scale=False,
            )

    def taken(self) -> Iterator[Question]:
        fits = [act for act in self.of("cut") if _countable(act)]
        whole = self.of("plain", "points", "coil")
        form = Number(unit="cm³", relative=EXACT, may_abstain=True)
        skills = ("volume", "cross-section", "scale")
        if self.rng.steady("taken").chance(ABSENT):
            act = self.rng.fork("whole").choice(whole)
            yield self.question("taken", [act], slots={"solid": act.letter}, format=form, answer=None, chance=NEVER, reasoning="infer", skills=skills)  # fmt: skip
        elif fits:
            act = self.rng.fork("part").choice(fits)
            assert act.cut is not None
            sheet, cut, rest = (self.event(kind, act) for kind in ("sheet", "cut", "rest"))
            seen = (
                Evidence(start=sheet.start, end=sheet.end, objects=(act.letter,)),
                Evidence(start=rest.start, end=rest.end, objects=rest.objects),
            )
            steps = (
                Step(kind="perceive", claim=f"rod({self.parade.side * self.parade.rod})", time=1.0),
                Step(kind="perceive", claim=sheet.claim, time=sheet.end),
                Step(kind="perceive", claim=cut.claim, time=cut.end),
            )
            value = round(act.cut.taken(act.solid) * self.side**3, 2)
            yield self.question("taken", [], slots={"solid": act.letter}, format=form, answer=value, chance=NEVER, reasoning="infer", skills=skills, evidence=(self.rod_seen(), *seen), steps=steps)  # fmt: skip

    def water(self) -> Iterator[Question]:
        act = self.of("water")[0]
        value = act.solid.foot * act.level * self.side**3
        yield self.number("water", [act], value, "cm³", slots={"solid": act.letter}, skills=("volume", "scale"), tolerance=ROUGH)  # fmt: skip

    def rise(self) -> Iterator[Question]:
        """Asked twice, while the water rises: how high it will stand a little later."""
        act = self.of("water")[0]
        fill = self.event("fill", act)
        for number, share in enumerate((0.5, 0.72)):
            rng = self.rng.fork(f"rise {number}")
            at = round(fill.start + act.fill * share, 2)
            later = rng.choice(AHEAD)
            level = act.level * (at + later - fill.start) / act.fill
            yield self.question(
                "rise",
                [],
                slots={"solid": act.letter, "seconds": int(later)},
                format=Number(unit="cm", relative=ROUGH),
                answer=round(level * self.side, 2),
                reasoning="predict",
                skills=("rate", "length", "scale"),
                asked_at=at,
                evidence=(self.rod_seen(), Evidence(start=fill.start, end=at, objects=(act.letter,))),
                steps=(
                    Step(kind="perceive", claim=self.rod_claim(), time=1.0),
                    Step(kind="perceive", claim=f"fill({act.letter})", time=at),
                ),
            )

    def extras(self) -> Iterator[Question]:
        """One question each about a stack, a nest, a stretch and a wire."""
        side = self.side
        if acts := self.of("stack"):
            act = self.one(acts, "stacked")
            yield self.number("stacked", [act], act.volume * side**3, "cm³", slots={"solid": act.letter}, skills=("volume", "scale"))  # fmt: skip
        if acts := self.of("nest"):
            act = self.one(acts, "between")
            assert act.other is not None
            value = (act.solid.volume - act.other.volume) * side**3
            yield self.number("between", [act], value, "cm³", slots={"solid": act.letter}, skills=("volume", "scale"))
        if acts := self.of("stretch"):
            act = self.one(acts, "grew")
            value = (act.last.surface - act.solid.surface) * side**2
            yield self.number("grew", [act], value, "cm²", slots={"solid": act.letter}, skills=("area", "change", "scale"))  # fmt: skip
        if acts := self.of("coil"):
            act = self.one(acts, "wire")
            value = math.hypot(math.pi * act.solid.size[0] * act.turns, act.solid.height) * side
            yield self.number("wire", [act], value, "cm", slots={"solid": act.letter}, skills=("length", "helix", "scale"))  # fmt: skip

    def number(self, kind: str, acts: Sequence[Act], value: float, unit: str, *, places: int = 2, tolerance: float = EXACT, reasoning: str = "infer", **rest: Any) -> Question:  # fmt: skip
        form = Number(unit=unit, relative=tolerance)
        return self.question(kind, acts, format=form, answer=round(value, places), reasoning=reasoning, **rest)

    def question(self, kind: str, acts: Sequence[Act], *, scale: bool = True, **rest: Any) -> Question:
        """A question about some stays on the board, and where ``scale`` is true about centimetres."""
        seen = [self.rod_seen()] if scale else []
        steps = [Step(kind="perceive", claim=self.rod_claim(), time=1.0)] if scale else []
        for act in acts:
            stand = self.event("stand", act)
            claim = f"stand({act.letter}, {_told(act.last)})"
            if act.kind == "stretch":
                change = self.event("stretch", act)
                seen.append(Evidence(start=stand.start, end=change.start, objects=(act.letter,)))
                seen.append(Evidence(start=change.end, end=stand.end))
            else:
                seen.append(Evidence(start=stand.start, end=stand.end, objects=(act.letter,)))
            steps.append(Step(kind="perceive", claim=claim, time=round((stand.start + stand.end) / 2, 3)))
        answer = rest["answer"]
        fields = {
            "kind": kind,
            "evidence": tuple(seen),
            "steps": concluding(steps, f"{kind}: {'cannot be answered' if answer is None else answer}"),
        }
        return Question.model_validate(fields | rest)

    def rod_seen(self) -> Evidence:
        return Evidence(start=self.rod.start, end=self.rod.end, objects=("rod",))

    def rod_claim(self) -> str:
        return f"rod({self.parade.side * self.parade.rod})"


def _apart(volumes: Sequence[float]) -> bool:
    ranked = sorted(volumes)
    return all(b > APART * a for a, b in pairwise(ranked))


def _countable(act: Act) -> bool:
    """Whether a cut meets the edges of the cuboid at whole squares, so that what it takes off can be worked out."""
    assert act.cut is not None
    ring = act.cut.parts(act.solid)[2]
    return len(ring) in (3, 4) and bool(abs(ring - ring.round()).max() < 1e-6)


def _told(solid: Solid) -> str:
    return f"{solid.shape} {' × '.join(map(str, solid.size))}"


def _times(factor: float) -> str:
    return {0.5: "half as", 1: "just as", 2: "twice as", 3: "three times as"}[factor]
