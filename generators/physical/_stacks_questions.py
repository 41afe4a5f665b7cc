"""What is asked about towers of blocks of hidden weights."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import JsonValue

from generators.physical._stacks_plan import COUNTS
from generators.physical._stacks_show import StacksEpisode
from generators.physical._stacks_world import VERDICTS, Load, firm, verdict
from morse.errors import Rejected
from morse.grounding import boxes_by_second, plain_seconds
from morse.layout import Layout
from morse.options import pose_choice, pose_multi_choice
from morse.reasoning import concluding
from morse.schema import Boolean, Boxes, Evidence, Integer, Permutation, Question, Span, Step
from morse.seeding import Rng

FPS = 3.0
"""The coarsest rate at which a weighing and a fall are followed."""
NEVER = 0.25
"""How often it is asked when a tower tips that stands, where there is one."""
MARGIN, BEFORE = 0.3, 0.2
OPTIONS = 4
SAID: dict[JsonValue, str] = {
    "left": "It tips over to the left.",
    "right": "It tips over to the right.",
    "stands": "It stands, and no block falls.",
}
WOULD: dict[JsonValue, str] = {
    "left": "It would tip over to the left.",
    "right": "It would tip over to the right.",
    "stands": "It would stand, and no block would fall.",
}


class Asking:
    """The questions of a clip."""

    def __init__(self, episode: StacksEpisode, layout: Layout, rng: Rng) -> None:
        self.episode, self.layout, self.rng, self.cases = episode, layout, rng, episode.cases

    def all(self) -> Iterator[Question]:
        if not all(firm(tower.loads) for tower in self.episode.towers):
            raise Rejected("unstable: a tower does otherwise")
        yield self.order(self.rng.fork("order"))
        yield self.heavy(self.rng.fork("heavy"))
        yield self.had()
        yield from self.span(self.rng.fork("span"))
        yield from self.where(self.rng.fork("where"))
        yield from self.tips(self.rng.fork("tips"))
        if "cause" in self.cases:
            yield self.cause()
        yield self.supposed("absent", self.rng.fork("absent"))
        yield self.supposed("swapped", self.rng.fork("swapped"))
        yield self.supposed("early", self.rng.fork("early"))

    # ── recalled ──

    def order(self, rng: Rng) -> Question:
        """In which order blocks were put on towers."""
        put = [visit for visit in self.episode.visits if visit.tower is not None]
        chosen = sorted(rng.sample(put, OPTIONS), key=lambda visit: visit.comes)
        names = [visit.name for visit in chosen]
        shown = rng.shuffled(names)
        evidence = tuple(Evidence(start=visit.off, end=visit.ends, objects=(visit.name,)) for visit in chosen)
        steps = [Step(kind="perceive", claim=f"put({visit.name})", time=visit.ends) for visit in chosen]
        return Question(
            kind="order", slots={"letters": [*shown]}, format=Permutation(size=OPTIONS),
            answer=[shown.index(name) + 1 for name in names], reasoning="recall", skills=("order",), evidence=evidence,
            steps=concluding(steps, f"order: {', '.join(names)}"), min_fps=FPS,
        )  # fmt: skip

    def heavy(self, rng: Rng) -> Question:
        """Which of four blocks are heavy, asked before what tips shows it too."""
        right, wrong = self.cases["heavy"]
        form, letters, values = pose_multi_choice(rng, right, wrong, wording=_block)
        return self.weighed(
            "heavy", [*right, *wrong], f"heavy: {', '.join(sorted(right))}", format=form, answer=letters,
            option_values=values, reasoning="recall", skills=("weight", "memory"),
            asked_at=round(min(self.episode.released) - BEFORE, 3),
        )  # fmt: skip

    def had(self) -> Question:
        """How many heavy blocks a tower had by some time."""
        number, visit = self.cases["had"]
        two = self.episode.towers[number].loads[:2]
        count = sum(load.heavy for load in two)
        return self.weighed(
            "had", [load.name for load in two], f"count = {count}", slots={"side": self.episode.sides[number]},
            format=Integer(), answer=count, domain=COUNTS, reasoning="infer", skills=("counting", "weight"),
            asked_at=round(visit.ends + 0.2, 3),
        )  # fmt: skip

    def span(self, rng: Rng) -> Iterator[Question]:
        """From when to when a tower tips, or that it does not."""
        falls = {i: when for i in range(len(self.episode.towers)) if (when := self.episode.falls(i)) is not None}
        stand = [i for i in range(len(self.episode.towers)) if i not in falls]
        more: dict[str, Any] = {
            "kind": "span", "format": Span(may_abstain=True), "reasoning": "recall", "skills": ("grounding", "falling"),
            "chance": NEVER, "min_fps": FPS,
        }  # fmt: skip
        if stand and rng.steady("never").chance(NEVER):
            number = rng.choice(stand)
            side, end = self.episode.sides[number], self.episode.duration
            step = Step(kind="perceive", claim=f"stands({side})", time=end)
            whole = Evidence(
                start=self.episode.released[number], end=end, objects=self.episode.towers[number].names[-1:]
            )
            yield Question(slots={"side": side}, answer=None, evidence=(whole,), steps=(step,), **more)
        elif falls:
            number = rng.choice([*falls])
            side, (start, end) = self.episode.sides[number], falls[number]
            step = Step(kind="perceive", claim=f"tip({side})", time=start)
            yield Question(
                slots={"side": side}, answer=[start, end], evidence=(Evidence(start=start, end=end),),
                steps=concluding([step], f"span {start}-{end}"), **more,
            )  # fmt: skip

    def where(self, rng: Rng) -> Iterator[Question]:
        """Where a block is at the whole seconds while its tower tips."""
        cases: list[tuple[int, str]] = [
            (i, name)
            for i, tower in enumerate(self.episode.towers)
            if tower.verdict != "stands"
            for name in tower.names
        ]
        for number, name in rng.shuffled(cases)[:3]:
            start, end = self.episode.falls(number) or (0.0, 0.0)
            seconds = plain_seconds(start, end, MARGIN)
            if not seconds:
                continue
            try:
                boxes = boxes_by_second(self.layout.scene, name, seconds)
            except Rejected:
                continue
            step = Step(kind="perceive", claim=f"tip({self.episode.sides[number]})", time=start)
            yield Question(
                kind="where", slots={"letter": name}, format=Boxes(), answer=boxes, chance=0.0, reasoning="recall",
                skills=("grounding", "falling"), evidence=(Evidence(start=start, end=end, objects=(name,)),),
                steps=concluding([step], f"boxes({name})"), min_fps=FPS,
            )  # fmt: skip
            return

    # ── worked out from weights and places ──

    def tips(self, rng: Rng) -> Iterator[Question]:
        """What each tower will do, asked just before its pins go, always with the same options."""
        form, _, values = pose_choice(rng, "left", ("right", "stands"), 3, wording=SAID.__getitem__)
        for number in sorted(range(len(self.episode.towers)), key=lambda i: self.episode.released[i]):
            tower, side = self.episode.towers[number], self.episode.sides[number]
            does: JsonValue = tower.verdict
            yield self.weighed(
                "tips", tower.names, f"tips({side}): {does}", slots={"side": side}, format=form,
                answer=form.letters[values.index(does)], option_values=values, reasoning="predict",
                skills=("balance", "weight", "prediction"), asked_at=round(self.episode.released[number] - BEFORE, 3),
            )  # fmt: skip

    def cause(self) -> Question:
        """Whether a tower tipped because of a block's weight: with that block light it would have stood."""
        number, (name,) = self.cases["cause"]
        tower, side = self.episode.towers[number], self.episode.sides[number]
        self.sure(tower.lightened(name))
        stands = verdict(tower.lightened(name)) == "stands"
        return self.weighed(
            "cause", tower.names, f"cause({name}): {stands}", slots={"side": side, "letter": name}, format=Boolean(),
            answer=stands, reasoning="explain", skills=("balance", "weight", "cause"),
        )  # fmt: skip

    def supposed(self, kind: str, rng: Rng) -> Question:
        """What a tower would have done without two blocks, with two in each other's place, or before the last blocks came."""
        number, names = self.cases[kind]
        tower, side = self.episode.towers[number], self.episode.sides[number]
        loads = {"absent": tower.without, "swapped": tower.swapped, "early": tower.until}[kind](*names)
        does: JsonValue = verdict(loads)
        self.sure(loads)
        form, letter, values = pose_choice(
            rng, does, [one for one in VERDICTS if one != does], 3, wording=WOULD.__getitem__
        )
        return self.weighed(
            kind, [load.name for load in loads], f"{kind}({', '.join(names)}): {does}", slots={"side": side, "letters": [*names]}, format=form, answer=letter,
            option_values=values, reasoning="counterfactual", skills=("balance", "weight", "counterfactual"),
        )  # fmt: skip

    def sure(self, loads: Sequence[Load]) -> None:
        if not firm(loads):
            raise Rejected("unstable: a tower would do otherwise")

    def weighed(self, kind: str, names: Iterable[str], claim: str, **more: Any) -> Question:
        """A question that rests on the weighing of some blocks."""
        visits = sorted((self.episode.visit(name) for name in names), key=lambda visit: visit.on)
        evidence = tuple(
            Evidence(start=visit.on, end=visit.ends if visit.tower is not None else visit.off, objects=(visit.name,))
            for visit in visits
        )
        steps = [
            Step(
                kind="perceive",
                claim=f"{'heavy' if visit.heavy else 'light'}({visit.name})",
                time=round(visit.on + 0.8, 3),
            )
            for visit in visits
        ]
        return Question(kind=kind, evidence=evidence, steps=concluding(steps, claim), min_fps=FPS, **more)


def _block(name: JsonValue) -> str:
    return f"block {name}"
