"""What is asked about a machine whose rule changes."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.abstract._rules import ACTS, TRAITS, Act, Rule, Token
from generators.abstract._switch_show import Run
from morse.layout import Layout
from morse.options import pose_choice, pose_multi_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Evidence, Integer, Question, Step
from morse.seeding import Rng

RATE = 1.0
"""Every token is to be seen for more than a second, before and after."""


class Asking:
    """The questions of a clip."""

    def __init__(self, run: Run, layout: Layout, rng: Rng) -> None:
        self.run, self.layout, self.rng = run, layout, rng
        self.seen = {event.objects[0]: event for event in layout.events}
        self.names, self.products = layout.details["tokens"], layout.details["products"]
        self.count = len(self.products)

    def all(self) -> Iterable[Question]:
        yield self.switch_after()
        yield self.rule()
        yield self.came_out()
        yield self.next_output()
        yield self.other_output()
        yield self.otherwise()

    def switch_after(self) -> Question:
        return self.question(
            "switch_after", self.run.after, Integer(), range(self.count), {}, domain=tuple(self.run.afters),
            reasoning="infer", skills=("induction", "change"),
        )  # fmt: skip

    def rule(self) -> Question:
        """Of the options two differ in the trait, two in what is done, and one in both, from whichever is right."""
        run, rng = self.run, self.rng.fork("rule")
        second = rng.chance(0.5)
        own, other = run.rules[second], run.rules[not second]
        trait, having, lacking = other
        if trait == own.trait:
            trait = rng.choice([trait for trait in run.traits if trait != own.trait])
        if (having, lacking) == (own.having, own.lacking):
            having, lacking = lacking, having
        misses = [Rule(own.trait, having, lacking), Rule(trait, own.having, own.lacking), Rule(trait, having, lacking)]
        records: list[JsonValue] = [miss.record() for miss in misses]
        form, letter, values = pose_choice(rng, own.record(), records, wording=_rule_words)
        watched = range(run.after, self.count) if second else range(run.after)
        return self.question(
            "rule", letter, form, range(self.count), {"when": "after" if second else "before"}, needed=watched,
            option_values=values, reasoning="infer", skills=("induction",),
        )  # fmt: skip

    def came_out(self) -> Question:
        """Not of a token that is to be seen halfway through the clip."""
        middle = self.layout.duration / 2
        free = [
            number
            for number in range(self.count)
            if all(
                not self.seen[name].start - 0.5 <= middle <= self.seen[name].end + 0.5
                for name in (self.names[number], self.products[number])
            )
        ]
        number = self.rng.fork("came out").choice(free)
        return self.output("came_out", number, self.run.rule(number), reasoning="recall", skills=("memory", "order"))

    def next_output(self) -> Question:
        return self.output("next_output", self.count, self.run.rules[1], reasoning="predict", skills=("induction",))

    def other_output(self) -> Question:
        """Of a token that the second rule has changed: what the first would have made of it, another thing in most cases."""
        run, rng = self.run, self.rng.fork("other output")
        after = [n for n in range(run.after, self.count)]
        differ = [n for n in after if run.rules[0].act(run.tokens[n]) != run.rules[1].act(run.tokens[n])]
        alike = [n for n in after if n not in differ]
        number = rng.choice(differ if rng.chance(0.75) else alike)
        return self.output(
            "other_output", number, run.rules[0], reasoning="counterfactual", skills=("induction", "memory")
        )  # fmt: skip

    def otherwise(self) -> Question:
        """Of three tokens after the first that the second rule changed: one or two right, all sets equally likely."""
        run, rng = self.run, self.rng.fork("otherwise")
        later = range(run.after + 1, self.count)
        differ = {n: run.rules[0].act(run.tokens[n]) != run.rules[1].act(run.tokens[n]) for n in later}
        right = rng.sample([n + 1 for n in later if differ[n]], run.unlike)
        wrong = rng.sample([n + 1 for n in later if not differ[n]], 3 - run.unlike)
        form, letters, values = pose_multi_choice(rng, right, wrong, wording=lambda n: f"token number {n}")
        return self.question(
            "otherwise", letters, form, range(self.count), {}, option_values=values, chance=round(1 / 6, 4),
            reasoning="counterfactual", skills=("induction", "memory"),
        )  # fmt: skip

    def output(self, kind: str, number: int, rule: Rule, **more: Any) -> Question:
        """What a rule makes of a token. The wrong options are what the other acts of both rules would make of it, and others."""
        run, rng = self.run, self.rng.fork(kind)
        token, key = run.tokens[number], rule.act(run.tokens[number])
        near = [act for own in run.rules for act in (own.having, own.lacking) if act != key]
        rest = [act for act in ACTS if act != key and act not in near]
        acts = [*rng.shuffled([*dict.fromkeys(near)]), *rng.shuffled(rest)]
        near_misses = [self.look(act, token) for act in acts]
        form, letter, values = pose_choice(rng, self.look(key, token), near_misses, wording=_token_words)
        slots: dict[str, JsonValue] = {"number": number + 1}
        watched: Sequence[int] = [number] if kind == "came_out" else range(self.count)
        return self.question(
            kind, letter, form, watched, slots, option_values=values, waiting=number == self.count, **more
        )

    def look(self, act: Act, token: Token) -> list[JsonValue]:
        seen = self.run.attributes(act.on(token))
        return [seen["shape"], seen["colour"], seen["dots"]]

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Sequence[int],
        slots: dict[str, JsonValue],
        waiting: bool = False,
        needed: Sequence[int] | None = None,
        **more: Any,
    ) -> Question:
        """Evidence is each token to be watched, before and after; for the waiting one, as it waits."""
        events = [self.seen[name] for number in watched for name in (self.names[number], self.products[number])]
        if waiting:
            events.append(self.seen[self.names[-1]])
        looks = tuple(Evidence(start=event.start, end=event.end, objects=event.objects) for event in events)
        steps = [Step(kind="perceive", claim=event.claim, time=event.end) for event in events]
        slots |= {"by": _listed([TRAITS[trait].name for trait in self.run.traits]), "traits": [*self.run.traits]}
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=looks, steps=concluding(steps, f"{kind}: {answer}"),
            min_frames=len(events), min_fps=RATE, **more,
        )  # fmt: skip


def _listed(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]])


def _token_words(value: JsonValue) -> str:
    shape, colour, dots = value  # type: ignore[misc]
    return f"{_a(colour)} {shape} with {dots} dot{'s' if dots != 1 else ''}"


def _a(word: JsonValue) -> str:
    return f"an {word}" if str(word)[0] in "aeiou" else f"a {word}"


def _rule_words(value: JsonValue) -> str:
    trait, one, step, other, further = value  # type: ignore[misc]
    return Rule(trait, Act(one, step), Act(other, further)).words()  # type: ignore[arg-type]
