"""What is asked of thrown balls."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from generators.physical._throws import Throw, Throwing
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import Event, Evidence, Integer, Question, Step, Text
from morse.seeding import Rng

FPS = 4.0
"""The coarsest rate at which bounces are told apart."""
BALLS = (0, 1, 2)
"""How many balls may fall into the bin that is asked for."""


class Asking:
    """Makes the questions of a clip."""

    def __init__(self, throwing: Throwing, layout: Layout) -> None:
        self.throwing = throwing
        self.named: Mapping[str, Throw] = throwing.named
        self.begun = {event.objects[0]: event.start for event in layout.events if event.kind == "throw"}
        self.bounces = [event for event in layout.events if event.kind == "bounce"]
        self.landings = {event.objects[0]: event for event in layout.events if event.kind == "land"}

    def all(self, rng: Rng) -> list[Question]:
        return [
            self.landed(rng.fork("landed")),
            self.bounced(),
            self.turned(rng.fork("turned")),
            self.highest(rng.fork("highest")),
            self.counted(),
            self.foretold(rng.fork("foretold")),
            self.freed(rng.fork("freed")),
        ]

    def landed(self, rng: Rng) -> Question:
        name, bins = self.throwing.landed
        return self.question(
            "landed",
            [name],
            self.claim("land", name, self.bin(bins[0])),
            slots={"ball": name},
            reasoning="recall",
            skills=("position",),
            **self.among_bins(rng, bins),
        )

    def bounced(self) -> Question:
        name = self.throwing.bounced
        count = len(self.named[name].hits)
        return self.question(
            "bounced",
            [name],
            f"bounces({name} ball, {count})",
            slots={"ball": name},
            format=Integer(),
            answer=count,
            domain=tuple(range(self.throwing.bounces + 1)),
            reasoning="recall",
            skills=("bounce", "counting"),
        )

    def turned(self, rng: Rng) -> Question:
        name, hits = self.throwing.turned
        boards = self.throwing.hall.boards
        names = [*(f"board {board.number}" for board in boards), "left wall", "right wall"]
        options: list[JsonValue] = [names[hit] for hit in hits]
        form, letter, values = pose_choice(rng, options[0], options[1:], len(options), wording=_thing)
        return self.question(
            "turned",
            [name],
            f"turned({name} ball, {options[0]})",
            slots={"ball": name},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="explain",
            skills=("bounce", "cause"),
        )

    def highest(self, rng: Rng) -> Question:
        names = tuple(rng.shuffled([throw.name for throw in self.throwing.throws]))
        best = max(names, key=lambda name: self.named[name].top)
        return self.question(
            "highest",
            [throw.name for throw in self.throwing.throws],
            f"highest({best} ball)",
            format=Text(vocabulary=names, noun="ball"),
            answer=best,
            domain=names,
            reasoning="infer",
            skills=("height", "compare"),
        )

    def counted(self) -> Question:
        bin = self.throwing.counted
        balls = [throw.name for throw in self.throwing.throws]
        count = sum(self.named[name].bin == bin for name in balls)
        return self.question(
            "counted",
            balls,
            f"number({self.bin(bin)}, {count})",
            slots={"bin": self.throwing.hall.letters[bin]},
            format=Integer(),
            answer=count,
            domain=BALLS,
            reasoning="infer",
            skills=("position", "counting"),
        )

    def foretold(self, rng: Rng) -> Question:
        name, bins = self.throwing.foretold
        start = self.begun[f"{name} ball"]
        cut = round(start + self.throwing.ahead, 3)
        seen = Evidence(start=start, end=cut, objects=(f"{name} ball",))
        return Question(
            kind="foretold",
            slots={"ball": name},
            asked_at=cut,
            evidence=(seen, *(Evidence(start=0.0, end=cut, objects=(self.bin(bin),)) for bin in bins)),
            steps=concluding(
                [Step(kind="perceive", claim=f"flies({name} ball)", time=cut)],
                self.claim("land", name, self.bin(bins[0])),
            ),
            reasoning="predict",
            skills=("prediction", "position"),
            min_fps=FPS,
            **self.among_bins(rng, bins),
        )

    def freed(self, rng: Rng) -> Question:
        name, bins = self.throwing.freed
        board = self.throwing.hall.boards[self.throwing.gone].number
        return self.question(
            "freed",
            [name],
            f"without(board {board}): land({name} ball, {self.bin(bins[0])})",
            slots={"ball": name, "board": board},
            reasoning="counterfactual",
            skills=("counterfactual", "position"),
            **self.among_bins(rng, bins),
        )

    def among_bins(self, rng: Rng, bins: Sequence[int]) -> dict[str, Any]:
        """The answer is one of some bins, the first."""
        letters: list[JsonValue] = [self.throwing.hall.letters[bin] for bin in bins]
        form, letter, values = pose_choice(rng, letters[0], letters[1:], len(letters), wording=_bin)
        return {"format": form, "answer": letter, "option_values": values}

    def bin(self, number: int) -> str:
        return f"bin {self.throwing.hall.letters[number]}"

    def claim(self, kind: str, name: str, other: str) -> str:
        return f"{kind}({name} ball, {other})"

    def question(self, kind: str, names: Sequence[str], claim: str, **rest: Any) -> Question:
        """A question that rests on the flights of some balls."""
        evidence, steps = list[Evidence](), list[Step]()
        for throw in self.throwing.throws:
            ball = f"{throw.name} ball"
            if throw.name not in names:
                continue
            landing = self.landings[ball]
            evidence.append(Evidence(start=self.begun[ball], end=landing.start, objects=(ball,)))
            seen: list[Event] = [event for event in self.bounces if event.objects[0] == ball] + [landing]
            steps += [Step(kind="perceive", claim=event.claim, time=event.start) for event in seen]
        return Question(
            kind=kind, evidence=tuple(evidence), steps=concluding(steps, claim), min_fps=FPS, **rest
        )  # fmt: skip


def _bin(letter: JsonValue) -> str:
    return f"bin {letter}"


def _thing(name: JsonValue) -> str:
    return f"the {name}" if str(name).endswith("wall") else str(name)
