"""What is asked about tokens drawn from urns, a box filled like one of two, and a die."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from pydantic import JsonValue

from generators.mathematical._urn_acts import BACK, Act, Trial, moved
from generators.mathematical._urn_chances import after, both_are, face_is, is_like, mean, next_is
from morse.errors import Rejected
from morse.layout import Layout
from morse.schema import AnswerFormat, Choice, Evidence, Integer, Number, Question, Step, Text
from morse.seeding import Rng

CHANCE = Number(absolute=0.002, decimals=3)
GUESSED = 0.16
"""How often the best guess at a chance in tokens of an urn is right: some fractions come up more often than others."""
AFTER = 0.1
"""Seconds after an act at which a question is asked."""


class Asking:
    """The questions of a clip. Raises :class:`~morse.errors.Rejected` where one cannot be asked."""

    def __init__(self, trial: Trial, layout: Layout, rng: Rng) -> None:
        self.trial, self.layout, self.rng = trial, layout, rng
        self.spans: list[tuple[float, float, str]] = layout.details["spans"]
        self.acts = trial.acts
        self.belief = after(trial.urns, trial.acts)
        self.kinds = tuple(sorted(trial.kinds))

    def all(self) -> Iterable[Question]:
        yield self.nth_out()
        yield self.binned()
        yield from self.remaining()
        yield self.mode_face()
        yield self.expected_total()
        yield self.hidden_was()
        yield self.next_is()
        yield self.both_are()
        yield self.without()
        yield self.box_is()
        yield self.box_next()

    # ── what was seen ───────────────────────────────────────────────────────────────────────────────────────────────

    def nth_out(self) -> Question:
        rng = self.rng.fork("nth")
        urn = rng.choice([name for name in self.trial.urns if self._outs(name)])
        outs = self._outs(urn)
        number = rng.integer(1, len(outs))
        return self.question(
            "nth_out", self.trial.kinds[self.acts[outs[number - 1]].kind], Text(vocabulary=self.kinds, noun="kind"), (),
            outs[:number], {"urn": urn, "number": number}, reasoning="recall", skills=("order",), domain=self.kinds,
        )  # fmt: skip

    def binned(self) -> Question:
        kind, number = self.trial.tallied
        return self.question(
            "binned", number, Integer(), (), self._which("draw"), {"kind": self.trial.kinds[kind]}, reasoning="recall",
            skills=("count",), domain=tuple(self.trial.params.tallies),
        )  # fmt: skip

    def remaining(self) -> Iterable[Question]:
        """The same question at several times, with the numbers that are right at one of them as options."""
        urn, kind, marks = self.trial.watched
        numbers = []
        for mark in marks:
            held = self.trial.urns
            for act in self.acts[:mark]:
                held = moved(held, act)
            numbers.append(held[urn][kind])
        options = self.rng.fork("remaining").shuffled(numbers)
        form = Choice(options=tuple(map(str, options)))
        for mark, number in zip(marks, numbers, strict=True):
            yield self.question(
                "remaining", form.letters[options.index(number)], form, (urn,), self._about(urn, mark),
                {"urn": urn, "kind": self.trial.kinds[kind]}, asked_at=round(self.spans[mark - 1][1] + AFTER, 3),
                option_values=tuple(options), reasoning="infer", skills=("count", "streaming"),
            )  # fmt: skip

    def mode_face(self) -> Question:
        return self.question(
            "mode_face", self.trial.mode, Integer(), (), self._rolls(""), {}, reasoning="recall", skills=("count",),
            domain=tuple(sorted({*self.trial.faces})),
        )  # fmt: skip

    # ── what is to be expected ──────────────────────────────────────────────────────────────────────────────────────

    def expected_total(self) -> Question:
        """What was seen counts as it is, what lay behind the screen as what the sign leaves open."""
        rolls = [act for act in self.acts if act.what == "roll"]
        total = sum((mean(self.trial.faces, a.hint) if a.hint else Fraction(a.face) for a in rolls), Fraction(0))
        return self.question(
            "expected_total", round(float(total), 6), Number(absolute=0.02, decimals=2), ("die",), self._which("roll"), {},
            reasoning="infer", skills=("probability", "arithmetic"),
        )  # fmt: skip

    def hidden_was(self) -> Question:
        rng = self.rng.fork("hidden")
        hidden = [i for i in self._which("roll") if self.acts[i].hint]
        number = rng.integer(1, len(hidden))
        hint = self.acts[hidden[number - 1]].hint
        face = rng.choice([face for face in sorted({*self.trial.faces}) if face_is(self.trial.faces, hint, face)])
        return self.question(
            "hidden_was", _decimal(face_is(self.trial.faces, hint, face)), CHANCE, ("die",), hidden[:number],
            {"number": number, "face": face}, reasoning="infer", skills=("probability", "condition"), chance=0.34,
        )  # fmt: skip

    def next_is(self) -> Question:
        """Of an urn that took part in what happened under a cover, if there is one."""
        rng = self.rng.fork("next")
        urn = rng.choice(sorted(self.trial.slipped()) or [*self.trial.urns])
        kind, chance = self._open(urn, rng, Fraction(1, 20), Fraction(19, 20))
        return self.question(
            "next_is", _decimal(chance), CHANCE, self._plates(urn), self._about(urn),
            {"urn": urn, "kind": self.trial.kinds[kind]}, reasoning="predict", skills=("probability", "tracking"),
            chance=GUESSED,
        )  # fmt: skip

    def both_are(self) -> Question:
        rng = self.rng.fork("both")
        urn = rng.choice([*self.trial.urns])
        kind, _ = self._open(urn, rng, Fraction(3, 10), Fraction(4, 5))
        return self.question(
            "both_are", _decimal(both_are(self.belief, urn, kind)), CHANCE, self._plates(urn), self._about(urn),
            {"urn": urn, "kind": self.trial.kinds[kind]}, reasoning="predict", skills=("probability", "tracking"),
            chance=GUESSED,
        )  # fmt: skip

    def without(self) -> Question:
        """What the next token would be, had one stayed where it was."""
        number, kind = self.trial.undone
        urn = self.acts[number].at
        place = self._outs(urn).index(number) + 1
        rest = [*self.acts[:number], *self.acts[number + 1 :]]
        held = self.trial.urns
        for act in rest:
            held = moved(held, act)
        if min(held[urn]) < 0 or Fraction(held[urn][kind], sum(held[urn])) == next_is(self.belief, urn, kind):
            raise Rejected("a draw that does not matter")
        return self.question(
            "without", _decimal(Fraction(held[urn][kind], sum(held[urn]))), CHANCE, (urn,), self._about(urn),
            {"urn": urn, "number": place, "kind": self.trial.kinds[kind]}, reasoning="counterfactual",
            skills=("probability", "tracking"), chance=GUESSED,
        )  # fmt: skip

    def box_is(self) -> Question:
        urn = self.rng.fork("box").choice(self.trial.pair)
        return self.question(
            "box_is", _decimal(self._like(urn)), CHANCE, (*self.trial.pair, "box"), self._which("look"), {"urn": urn},
            reasoning="explain", skills=("probability", "inference"),
        )  # fmt: skip

    def box_next(self) -> Question:
        rng = self.rng.fork("box next")
        one, other = (self.trial.urns[name] for name in self.trial.pair)
        shares = [(Fraction(a, sum(one)), Fraction(b, sum(other))) for a, b in zip(one, other, strict=True)]
        telling = [kind for kind, (a, b) in enumerate(shares) if abs(a - b) > Fraction(1, 20)]
        if not telling:
            raise Rejected("two urns that are filled alike")
        kind = rng.choice(telling)
        first, second = shares[kind]
        like = self._like(self.trial.pair[0])
        return self.question(
            "box_next", _decimal(like * first + (1 - like) * second), CHANCE, (*self.trial.pair, "box"),
            self._which("look"), {"kind": self.trial.kinds[kind]}, reasoning="predict",
            skills=("probability", "inference"),
        )  # fmt: skip

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        plates: Sequence[str],
        acts: Sequence[int],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Evidence is each plate that counts, and each act; what is known goes on from act to act."""
        read = self.layout.details["read"]
        looks = [Evidence(start=0.0, end=read, objects=tuple(f"plate {name}" for name in plates))] if plates else []
        steps = [Step(kind="perceive", claim=f"plate({name}): {self._plate(name)}", time=1.0) for name in plates]
        known = [*range(len(steps))]
        for number, i in enumerate(acts, 1):
            start, end, name = self.spans[i]
            looks.append(Evidence(start=start, end=end, objects=(name,)))
            steps.append(Step(kind="perceive", claim=self._told(self.acts[i]), time=round((start + end) / 2, 3)))
            steps.append(Step(kind="infer", claim=f"known after {number}", needs=(*known, len(steps) - 1)))
            known = [len(steps) - 1]
        steps.append(Step(kind="infer", claim=f"{kind}: {answer}", needs=tuple(known)))
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), steps=tuple(steps),
            min_frames=max(2, len(looks)), min_fps=2.0, **more,
        )  # fmt: skip

    def _plate(self, name: str) -> str:
        trial = self.trial
        if name == "die":
            return " ".join(map(str, trial.faces))
        if name == "box":
            return " or ".join(trial.pair)
        return ", ".join(f"{kind} {number}" for kind, number in zip(trial.kinds, trial.urns[name], strict=True))

    def _told(self, act: Act) -> str:
        """An act as it is seen."""
        if act.what == "roll":
            return f"hidden({act.hint})" if act.hint else f"roll({act.face})"
        what = "covered" if act.what == "slip" else self.trial.kinds[act.kind]
        return f"out({act.at}, {what}, {act.to or BACK})"

    def _which(self, *what: str) -> list[int]:
        return [i for i, act in enumerate(self.acts) if act.what in what]

    def _rolls(self, hint: str) -> list[int]:
        return [i for i in self._which("roll") if self.acts[i].hint == hint]

    def _outs(self, urn: str) -> list[int]:
        """The tokens that are seen to come out of an urn."""
        return [i for i in self._which("draw") if self.acts[i].at == urn]

    def _about(self, urn: str, upto: int | None = None) -> list[int]:
        """The acts that say something of an urn: of one that a cover leaves open, all that concern such urns."""
        slipped = self.trial.slipped()
        names = {urn, *slipped} if urn in slipped else {urn}
        acts = self._which("draw", "slip")
        return [
            i
            for i in acts
            if names & {self.acts[i].at, self.acts[i].to} and i < (len(self.acts) if upto is None else upto)
        ]

    def _plates(self, urn: str) -> tuple[str, ...]:
        slipped = sorted(self.trial.slipped())
        return tuple(slipped) if urn in slipped else (urn,)

    def _like(self, urn: str) -> Fraction:
        one, other = (self.trial.urns[name] for name in self.trial.pair)
        like = is_like(one, other, [self.acts[i].kind for i in self._which("look")])
        return like if urn == self.trial.pair[0] else 1 - like

    def _open(self, urn: str, rng: Rng, low: Fraction, high: Fraction) -> tuple[int, Fraction]:
        """A kind of which it is open whether the next token from an urn is one, and how likely that is."""
        chances = [(kind, next_is(self.belief, urn, kind)) for kind in range(self.trial.params.kinds)]
        fitting = [(kind, chance) for kind, chance in chances if low <= chance <= high]
        if not fitting:
            raise Rejected("no kind that is open")
        return rng.choice(fitting)


def _decimal(chance: Fraction) -> float:
    return round(float(chance), 6)
