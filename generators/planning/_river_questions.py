"""What is asked about a river: who is where, whether a rule was broken, how few crossings are left, and what if a rule were another."""

from collections.abc import Iterable, Sequence
from math import comb
from typing import Any

from pydantic import JsonValue

from generators.planning._river_rules import BANKS, plan_problem, written
from generators.planning._river_show import SIGNS
from generators.planning._river_world import CANDIDATES, MOMENTS, Voyage, middle
from morse.errors import Rejected
from morse.layout import Layout
from morse.options import pose_choice
from morse.schema import AnswerFormat, Evidence, Integer, Plan, Question, Set, Span, Step
from morse.seeding import Rng

ASKED, TRIES = 0.1, 60
"""Seconds after a crossing at which a question is asked, and draws of loads that may be confused."""


class RiverAsking:
    """The questions of a clip."""

    def __init__(self, trip: Voyage, layout: Layout, rng: Rng) -> None:
        self.trip, self.rules, self.layout, self.rng = trip, trip.rules, layout, rng
        self.acts: list[Evidence] = layout.details["acts"]
        self.seen: dict[str, Evidence] = layout.details["seen"]
        self.events = [event for event in layout.events if event.kind == "cross"]
        self.names = tuple(sorted(trip.names))
        self.goal: dict[str, JsonValue] = {"goal": BANKS[trip.goal]}
        self.far = self.rules.distances(trip.goal)

    def all(self) -> Iterable[Question]:
        yield self.crossings()
        yield self.aboard()
        yield from self.bank_now()
        yield self.minutes()
        yield self.broken()
        yield self.alone()
        yield self.fewest()
        yield self.next_load()
        yield self.plan()
        yield self.changed()

    def crossings(self) -> Question:
        targets = self.trip.targets
        return self.question(
            "crossings", targets.crossings, Integer(), "recall", "counting", f"crossings({targets.crossings})", (),
            tracked=False, domain=targets.every["crossings"],
        )  # fmt: skip

    def aboard(self) -> Question:
        """Who was on board of one crossing."""
        number = self.rng.integer(0, len(self.events) - 1)
        own: list[JsonValue] = [*self.events[number].objects]
        chance = 1 / sum(comb(len(self.names), size) for size in range(1, self.rules.seats + 1))
        return self.question(
            "aboard", own, Set(vocabulary=self.names, noun="passenger"), "recall", "order",
            f"aboard({number + 1}, {' '.join(map(str, own))})", (), count=number + 1, tracked=False, chance=chance,
            slots={"number": number + 1},
        )  # fmt: skip

    def bank_now(self) -> Iterable[Question]:
        """Who is on a bank, asked at several times."""
        trip, rng = self.trip, self.rng.fork("bank")
        side = rng.integer(0, 1)
        numbers = [
            i for i, state in enumerate(trip.states) if i and self.rules.bank(state, side) not in (0, self.rules.all)
        ]
        if len(numbers) < MOMENTS:
            raise Rejected("a bank that is mostly empty or full")
        for count in sorted(rng.sample(numbers, MOMENTS)):
            own: list[JsonValue] = [*sorted(trip.named(self.rules.bank(trip.states[count], side)))]
            yield self.question(
                "bank_now", own, Set(vocabulary=self.names, noun="passenger"), "infer", "state tracking",
                f"now {BANKS[side]}={' '.join(map(str, own))}", ("banks",), count=count, chance=0.5 ** len(self.names),
                asked_at=round(self.layout.details["landed"][count - 1] + ASKED, 3), slots={"bank": BANKS[side]},
            )  # fmt: skip

    def minutes(self) -> Question:
        """How long all crossings take together, each as long as its slowest passenger."""
        total = sum(map(self.trip.time, self.trip.loads))
        about = middle(len(self.trip.loads))
        return self.question(
            "minutes", total, Integer(unit="minutes"), "infer", "arithmetic", f"minutes({total})", ("minutes",),
            tracked=False, domain=tuple(range(about - 2, about + 3)),
        )  # fmt: skip

    def broken(self) -> Question:
        """Which crossing broke the rule, if one did: each of those listed as often as none."""
        own = [str(number + 1) for number in self.trip.candidates] + ["none"]
        key = own[self.trip.targets.broken]
        form, letter, values = pose_choice(
            self.rng.fork("broken"), key, [one for one in own if one != key], count=CANDIDATES + 1,
            wording=lambda one: "none of the crossings" if one == "none" else f"crossing number {one}",
        )  # fmt: skip
        return self.question(
            "broken", letter, form, "explain", "rules", f"broken by({key})", ("banks", "rows", "apart"),
            option_values=values,
        )  # fmt: skip

    def alone(self) -> Question:
        """From when to when a pair was alone; one in four asks for a pair that never was."""
        trip, rng, number = self.trip, self.rng.fork("alone"), self.trip.broken
        pairs = list(self.rules.pairs) if number is None else self.rules.alone(trip.states[number + 1])
        one, other = sorted(trip.named(rng.choice(pairs)))
        answer: JsonValue = None if number is None else [self.events[number].start, self.events[number + 1].end]
        said = f"never alone({one}, {other})" if answer is None else f"alone({one}, {other})"
        return self.question(
            "alone", answer, Span(may_abstain=True), "infer", "grounding", said, ("banks", "rows"), chance=0.25,
            slots={"one": one, "other": other},
        )  # fmt: skip

    def fewest(self) -> Question:
        length = self.trip.targets.fewest
        return self.question(
            "fewest", length, Integer(), "predict", "search", f"fewest({length})", ("banks", "rows", "apart"),
            domain=self.trip.targets.every["fewest"], slots=self.goal,
        )  # fmt: skip

    def next_load(self) -> Question:
        """Who crosses next in a shortest plan. Two who are on board and two who are not change places, if there are two, so that no option
        stands out."""
        trip, rng = self.trip, self.rng.fork("next")
        end, near = trip.states[-1], trip.targets.fewest - 1
        right = [load for load, to in self.rules.onward(end) if self.far.get(to) == near]
        bits, here = [1 << i for i in range(self.rules.count)], self.rules.bank(end, end[1])
        found = list[tuple[int, int, list[int]]]()
        for _ in range(TRIES):
            key = rng.choice(right)
            on = rng.shuffled([bit for bit in bits if bit & key])
            off = rng.shuffled([bit for bit in bits if not bit & key])
            if len(on) == 1:
                others = off[:3]
            else:
                one, other = key ^ on[0] ^ off[0], key ^ on[1] ^ off[1]
                others = [one, other, one ^ on[1] ^ off[1]]
            if not any(load in right for load in others):
                found.append((sum(load & here == load for load in others), key, others))
        if not found:
            raise Rejected("no loads that would be wrong")
        _, key, others = max(found, key=lambda one: one[0])  # rather such as could go on board
        form, letter, values = pose_choice(rng, self.said(key), map(self.said, others))
        return self.question(
            "next_load", letter, form, "predict", "planning", f"first({self.said(key)})", ("banks", "rows", "apart"),
            option_values=values, slots=self.goal,
        )  # fmt: skip

    def plan(self) -> Question:
        trip, state = self.trip, self.trip.states[-1]
        steps = list[str]()
        while self.far[state]:
            load, state = next(
                (load, to) for load, to in self.rules.onward(state) if self.far.get(to) == self.far[state] - 1
            )
            steps.append(written(trip.named(load)))
        end = trip.states[-1]
        sides = {name: BANKS[side] for side in (0, 1) for name in trip.named(self.rules.bank(end, side))}
        pairs = [trip.named(pair) for pair in self.rules.pairs]
        rowers = trip.named(self.rules.rowers)
        problem = plan_problem(sides, rowers, pairs, self.rules.seats, BANKS[end[1]], BANKS[trip.goal], steps)
        one, other, third = self.rng.fork("plan").sample(self.names, 3)
        slots: dict[str, JsonValue] = {"one": one, "other": other, "third": third, "seats": self.rules.seats}
        return self.question(
            "plan", problem.model_dump(mode="json"), Plan(syntax=f"pair({one}, {other})"), "predict", "planning",
            f"plan: {'; '.join(steps)}", ("banks", "rows", "apart"), slots=self.goal | slots,
        )  # fmt: skip

    def changed(self) -> Question:
        """How few crossings would do if a pair could be left alone, or one more could row: as many or two fewer."""
        change, which, rules = self.trip.changed
        length = rules.distances(self.trip.goal)[self.trip.states[-1]]
        one, *other = sorted(self.trip.named(which))
        slots: dict[str, JsonValue] = {"change": change, "one": one, "other": other[0] if other else ""}
        now = self.trip.targets.fewest
        return self.question(
            "changed", length, Integer(), "counterfactual", "search", f"fewest instead({length})",
            ("banks", "rows", "apart"), domain=(now - 2, now), slots=self.goal | slots,
        )  # fmt: skip

    def said(self, load: int) -> str:
        """A load as options say it."""
        return " and ".join(sorted(self.trip.named(load)))

    def followed(self, looks: Sequence[str], count: int, tracked: bool) -> list[Step]:
        """The steps of seeing banks and signs and following the boat; with ``tracked`` each crossing says who is where then."""
        trip = self.trip
        steps = [
            Step(kind="perceive", claim=self._claim(look), time=self.seen[look].start)
            for look in ("banks", *SIGNS)
            if look in looks
        ]
        last = tuple(range(len(steps)))
        for number, event in enumerate(self.events[:count]):
            steps.append(Step(kind="perceive", claim=event.claim, time=self.acts[number].start))
            if tracked:
                left = trip.named(self.rules.bank(trip.states[number + 1], 0))
                claim = f"after {number + 1}: left={' '.join(sorted(left)) or 'empty'}"
                steps.append(Step(kind="infer", claim=claim, needs=(*last, len(steps) - 1)))
                last = (len(steps) - 1,)
        return steps

    def _claim(self, look: str) -> str:
        """What is seen on a sign, or of the banks."""
        at = self.seen[look].start
        values = next(state.values for state in self.layout.states if state.start == at)
        return ", ".join(f"{key}={value or 'empty'}" for key, value in values.items())

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        reasoning: Any,
        skill: str,
        claim: str,
        looks: Sequence[str],
        *,
        count: int | None = None,
        tracked: bool = True,
        **more: Any,
    ) -> Question:
        """A question that what is seen of banks and signs (``looks``) and the first ``count`` crossings (all) decide."""
        count = len(self.events) if count is None else count
        evidence = [self.seen[look] for look in looks] + self.acts[:count]
        steps = self.followed(looks, count, tracked)
        needs = (len(steps) - 1,) if tracked else tuple(range(len(steps)))
        steps.append(Step(kind="infer", claim=claim, needs=needs))
        return Question(
            kind=kind, answer=answer, format=form, reasoning=reasoning, skills=(skill,), steps=tuple(steps),
            evidence=tuple(sorted(evidence, key=lambda look: look.start)), min_frames=max(2, len(evidence)), min_fps=2.0,
            **more,
        )  # fmt: skip
