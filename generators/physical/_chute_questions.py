"""What is asked about balls that went into bins."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.physical._chute_board import SURE, windows
from generators.physical._chute_plan import FORETOLD, HELD, TINTED, Chute
from morse.errors import Rejected
from morse.grounding import boxes_by_second
from morse.layout import Layout
from morse.reasoning import concluding
from morse.schema import (
    AnswerFormat,
    Boolean,
    Boxes,
    Evidence,
    Integer,
    Permutation,
    Question,
    Set,
    Span,
    Step,
    Text,
)
from morse.seeding import Rng

MISSING = 0.25
"""How often the question about a ball of its own colour is about a colour that never comes."""
ON_CHUTE = "chute"
TIMES, PLACED = 3, 2
"""How often it is asked which bin holds the most, and where a ball is."""
SETTLED = 0.35
"""Seconds after a ball is gone from which on it is sure to be known where it is."""
FPS = 4.0
LONG = 1.6
"""Seconds on the way after which a ball has been seen for sure."""
EARLY = 6
"""Of how many first balls it is asked which fell through a door."""


class Asking:
    """The questions of a clip. Raises :class:`Rejected` where one that must be uniform cannot be asked."""

    def __init__(self, chute: Chute, layout: Layout, rng: Rng) -> None:
        self.chute, self.layout, self.rng = chute, layout, rng
        self.balls = range(len(chute.into))
        self.out = [chute.out(ball) for ball in self.balls]
        self.gone = [chute.gone(ball) for ball in self.balls]
        self.bins = [chute.letter(place) for place in chute.into]

    def all(self) -> Iterable[Question]:
        if not all(self._seen_until(ball, self.gone[ball]) for ball in self.balls):
            raise Rejected("a ball is out of sight too soon")
        yield self.held()
        yield self.tinted()
        yield from self.most()
        yield self.last_in()
        yield from self.where_now()
        yield self.through()
        yield from self.first_fill()
        yield self.was_open()
        yield self.if_shut()
        yield self.foretold()
        yield self.on_way()
        yield from self.where_seen()

    def held(self) -> Question:
        """How many balls a bin holds in the end."""
        letter = self.chute.letter(self.chute.targets.held_in)
        return self.question(
            "held", self.bins.count(letter), Integer(), self.balls, {"bin": letter}, reasoning="infer",
            skills=("count", "occlusion"), domain=tuple(HELD),
        )  # fmt: skip

    def tinted(self) -> Question:
        """How many of a colour a bin holds in the end."""
        targets = self.chute.targets
        letter = self.chute.letter(targets.tinted_in)
        own = [ball for ball in self.balls if self.chute.tints[ball] == targets.tint]
        count = sum(self.bins[ball] == letter for ball in own)
        slots: dict[str, JsonValue] = {"bin": letter, **self._ball_of(targets.tint)}
        return self.question(
            "tinted", count, Integer(), own or self.balls, slots, reasoning="infer", skills=("count", "occlusion", "colour"),
            domain=tuple(TINTED),
        )  # fmt: skip

    def most(self) -> Iterable[Question]:
        """Which bin holds the most so far, at several times, where one does; each time another one if it can be."""
        rng = self.rng.fork("most")
        led: dict[str, list[float]] = {}
        for ball in sorted(self.balls, key=lambda ball: self.gone[ball])[2:]:
            at = round(self.gone[ball] + SETTLED + rng.uniform(0.0, 0.3), 3)
            first, second = (self._counts(at).most_common(2) + [("", 0)])[:2]
            if not self._falling(at) and first[1] > second[1] and at < self.layout.duration:
                led.setdefault(first[0], []).append(at)
        times = [rng.choice(some) for some in (led[letter] for letter in rng.shuffled(sorted(led)))][:TIMES]
        spare = rng.shuffled([at for some in led.values() for at in some if at not in times])
        for at in sorted([*times, *spare[: TIMES - len(times)]]):
            ((letter, _),) = self._counts(at).most_common(1)
            yield self.question(
                "most", letter, self._bin(), [b for b in self.balls if self.gone[b] < at], {}, until=at, reasoning="infer",
                skills=("count", "compare", "streaming"),
            )  # fmt: skip

    def last_in(self) -> Question:
        """The colour of the ball that fell into a bin last."""
        rng = self.rng.fork("last in")
        letter = rng.choice([one for one in self.chute.letters if self.bins.count(one) > 1])
        own = [ball for ball in self.balls if self.bins[ball] == letter]
        form = Text(vocabulary=tuple(self.chute.marks), noun="colour")
        return self.question(
            "last_in", self.chute.tints[max(own)], form, own, {"bin": letter}, reasoning="recall",
            skills=("order", "occlusion"),
        )  # fmt: skip

    def where_now(self) -> Iterable[Question]:
        """Where a ball is: in which bin, or still on the chute, in sight or not."""
        places = [*self.chute.letters, ON_CHUTE]
        form = Text(vocabulary=tuple(places), noun="place")
        for turn in range(PLACED):
            rng = self.rng.fork(f"where {turn}")
            there = sorted({self.bins[ball] for ball in self.balls if ball})
            wanted = ON_CHUTE if rng.chance(1 / len(places)) else rng.choice(there)
            ball, at = self._moment_of(wanted, rng)
            slots: dict[str, JsonValue] = {"ball": ball + 1}
            yield self.question(
                "where_now", wanted, form, range(ball + 1), slots, until=round(at, 3), reasoning="recall",
                skills=("tracking", "occlusion", "streaming"),
            )  # fmt: skip

    def _moment_of(self, wanted: str, rng: Rng) -> tuple[int, float]:
        """A ball and a time at which it is at a place, every ball that is on its way having been seen by then."""
        for _ in range(40):
            if wanted == ON_CHUTE:
                ball = rng.choice([*self.balls][1:])
                at = rng.uniform(self.out[ball] + 0.25, self.gone[ball] - 0.5)
            else:
                ball = rng.choice([ball for ball in self.balls if self.bins[ball] == wanted and ball])
                at = min(self.gone[ball] + SETTLED + rng.uniform(0.0, 4.0), self.layout.duration - 0.1)
            if self._seen(at, ball):
                return ball, at
        raise Rejected("no time at which to ask where a ball is")

    def through(self) -> Question:
        """Which of the first balls fell through a door."""
        rng = self.rng.fork("through")
        some = range(min(EARLY, len(self.balls)))
        door = rng.integer(0, self.chute.board.doors - 1)
        number = self.chute.number(door)
        answer: list[JsonValue] = [str(ball + 1) for ball in some if self.chute.into[ball] == door]
        form = Set(vocabulary=tuple(str(ball + 1) for ball in some), noun="ball")
        return self.question(
            "through", answer, form, some, {"door": number, "first": len(some)}, reasoning="recall",
            skills=("count", "order"), chance=0.5 ** len(some),
        )  # fmt: skip

    def first_fill(self) -> Iterable[Question]:
        """The order in which bins got their first ball."""
        rng = self.rng.fork("first fill")
        first = {letter: self.bins.index(letter) for letter in sorted(set(self.bins))}
        listed = rng.sample(list(first), min(4, len(first)))
        order = sorted(listed, key=lambda letter: self.gone[first[letter]])
        times = sorted(self.gone[first[letter]] for letter in listed)
        if len(listed) < 3 or np.diff(times).min() < 0.4:
            return
        answer: list[JsonValue] = [listed.index(letter) + 1 for letter in order]
        yield self.question(
            "first_fill", answer, Permutation(size=len(listed)), range(max(first[one] for one in listed) + 1),
            {"listed": [*listed]}, reasoning="recall", skills=("order",),
        )  # fmt: skip

    def was_open(self) -> Question:
        """Whether a door behind a screen was open as a ball came to it."""
        rng = self.rng.fork("was open")
        wanted = self.rng.steady("was open").chance(0.5)
        able = [
            (ball, door)
            for door in self.chute.screened
            for ball in self.balls
            if self.chute.into[ball] >= door and (self.chute.into[ball] == door) == wanted
        ]
        if not able:
            raise Rejected("no ball that comes to a hidden door")
        ball, door = rng.choice(able)
        slots: dict[str, JsonValue] = {"ball": ball + 1, "door": self.chute.number(door)}
        return self.question(
            "was_open", wanted, Boolean(), range(ball + 1), slots, reasoning="explain", skills=("occlusion", "cause"),
            screens=[door],
        )  # fmt: skip

    def if_shut(self) -> Question:
        """The bin of a ball had the door through which it fell stayed shut, and all hidden ones."""
        chute, instead = self.chute, self.chute.instead
        ball, door = instead.ball, chute.into[instead.ball]
        slots: dict[str, JsonValue] = {"ball": ball + 1, "door": chute.number(door)}
        start, spans = chute.starts[ball], windows(chute.board)
        passed = [n for n in instead.among if n < chute.board.doors and n <= instead.place]
        looks = [
            Evidence(
                start=round(start + spans[n][0], 3),
                end=round(start + spans[n][1], 3),
                objects=(f"door {chute.number(n)}",),
            )
            for n in passed
        ]
        letters = tuple(sorted(chute.letter(place) for place in instead.among))
        return self.question(
            "if_shut", chute.letter(instead.place), self._bin(), range(ball + 1), slots, reasoning="counterfactual",
            skills=("counterfactual", "physics"), domain=letters, more_looks=looks,
        )  # fmt: skip

    def foretold(self) -> Question:
        """How many balls a bin will hold if no door moves any more, hidden ones are shut, and none comes."""
        wanted, rng = self.rng.steady("foretold").choice(FORETOLD), self.rng.fork("foretold")
        able: list[tuple[float, str]] = []
        for _ in range(120):
            at = round(rng.uniform(self.out[2], max(self.gone) - 0.5), 3)
            after = self._after(at)
            if after is not None:
                coming = Counter(after.values())
                counts = self._counts(at)
                able += [(at, letter) for letter in sorted(coming) if counts[letter] + coming[letter] == wanted]
        found = next((one for one in rng.shuffled(able) if self._seen(one[0])), None)
        if found is None:
            raise Rejected("no such number to foretell")
        at, letter = found
        watched = [ball for ball in self.balls if self.out[ball] < at]
        return self.question(
            "foretold", wanted, Integer(), watched, {"bin": letter}, until=at, reasoning="predict",
            skills=("prediction", "count", "physics"), domain=tuple(FORETOLD),
        )  # fmt: skip

    def _after(self, at: float) -> dict[int, str] | None:
        """The bin of each ball that is on its way, as doors stand at a time; ``None`` if one cannot be told, or none is."""
        chute = self.chute
        found: dict[int, str] = {}
        for ball, start in enumerate(chute.starts):
            if start - 0.1 < at < self.out[ball] + 0.5 or self.gone[ball] - 0.15 < at < self.gone[ball] + SETTLED:
                return None
            if not self.out[ball] < at < self.gone[ball]:
                continue
            place = chute.board.doors
            for door, (begin, end) in enumerate(windows(chute.board)):
                if at >= start + end:
                    continue
                stands = chute.swings[door].stands(at - 0.1, at + 0.1)
                if door in chute.screened:
                    if at > start + begin - SURE:
                        return None
                    continue
                if stands is None:
                    return None
                if stands:
                    place = door
                    break
            found[ball] = chute.letter(place)
        return found or None

    def _seen(self, at: float, last: int | None = None) -> bool:
        """Whether every ball on its way, up to one, has been seen well."""
        some = self.balls[: None if last is None else last + 1]
        return all(self._seen_until(ball, at) for ball in some if self.out[ball] < at < self.gone[ball])

    def _seen_until(self, ball: int, end: float) -> bool:
        """Whether a ball is in sight without a break for as long as two looks are apart, so that none who looks misses it.

        Who is on the way for long comes out from behind each screen for long enough.
        """
        start = self.out[ball]
        if end - start > LONG:
            return True
        apart = 1 / (2 * FPS)
        shares = self.layout.scene.tracks(np.arange(start, end, apart)).of(f"ball {ball + 1}")[1]
        seen = shares >= 0.6
        return bool((seen[2:] & seen[1:-1] & seen[:-2]).any())

    def on_way(self) -> Question:
        """From when to when the ball of its own colour is on its way."""
        chute = self.chute
        more: dict[str, Any] = {"reasoning": "recall", "skills": ("grounding", "retrieval"), "chance": MISSING}
        form = Span(may_abstain=True)
        if self.rng.steady("on way").chance(MISSING):
            step = Step(kind="perceive", claim=f"never(comes, {chute.absent})", time=self.layout.duration)
            return Question(
                kind="on_way", answer=None, format=form, slots=self._ball_of(chute.absent), steps=(step,), min_fps=FPS,
                min_frames=len(self.balls) + 1, evidence=(Evidence(start=0.0, end=self.layout.duration),), **more,
            )  # fmt: skip
        ball = chute.lone
        slots = self._ball_of(chute.tints[ball])
        return self.question("on_way", [self.out[ball], self.gone[ball]], form, [ball], slots, **more)

    def where_seen(self) -> Iterable[Question]:
        """Where the ball of its own colour is at whole seconds at which it is in full sight."""
        ball = self.chute.lone
        name = f"ball {ball + 1}"
        seconds = np.arange(np.ceil(self.out[ball]), self.gone[ball] - 0.1)
        if not len(seconds):
            return
        visible = self.layout.scene.tracks(seconds).of(name)[1]
        asked = [int(second) for second, share in zip(seconds, visible, strict=True) if share > 0.95][:3]
        if asked:
            slots = {**self._ball_of(self.chute.tints[ball]), "seconds": [*asked]}
            yield self.question(
                "where_seen", boxes_by_second(self.layout.scene, name, asked), Boxes(), [ball], slots, reasoning="recall",
                skills=("grounding",), chance=0.0, min_frames=1,
            )  # fmt: skip

    def _ball_of(self, tint: str) -> dict[str, JsonValue]:
        return {"colour": tint, "mark": self.chute.marks[tint]}

    def _bin(self) -> Text:
        return Text(vocabulary=self.chute.letters, noun="bin")

    def _counts(self, at: float) -> Counter[str]:
        """How many balls each bin holds at a time."""
        return Counter(letter for letter, gone in zip(self.bins, self.gone, strict=True) if gone < at)

    def _falling(self, at: float) -> bool:
        return any(gone - 0.25 < at < gone + 0.2 for gone in self.gone)

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Sequence[int],
        slots: dict[str, JsonValue],
        until: float | None = None,
        screens: Sequence[int] = (),
        more_looks: Sequence[Evidence] = (),
        **more: Any,
    ) -> Question:
        """Evidence is each ball on its way, from the mouth of the feeder until it is gone."""
        looks, steps = [], []
        end = self.layout.duration if until is None else until
        for ball in watched:
            name, tint = f"ball {ball + 1}", self.chute.tints[ball]
            last = min(self.gone[ball], end)
            if last - self.out[ball] > 0.3:
                objects = (name, *(f"screen {self.chute.number(door)}" for door in screens))
                looks.append(Evidence(start=self.out[ball], end=round(last, 3), objects=objects))
            steps.append(Step(kind="perceive", claim=f"comes({name}, {tint})", time=self.out[ball]))
            if self.gone[ball] < end:
                steps.append(Step(kind="perceive", claim=f"falls({name}, bin {self.bins[ball]})", time=self.gone[ball]))
        looks += [one for one in more_looks if one.end < end]
        steps.sort(key=lambda step: step.time or 0.0)
        more = {"min_frames": max(2, 2 * len(looks))} | more
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), min_fps=FPS, asked_at=until,
            steps=concluding(steps, f"{kind}: {answer}"), **more,
        )  # fmt: skip
