"""What is asked of a net that has been laid on a stand, turned, and begun to be folded."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.spatial._net_scene import Plan, mark_id
from generators.spatial._net_world import FRONT, POINTS, WAYS, Net
from morse.errors import Rejected
from morse.grounding import boxes_by_second, plain_seconds
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import Boolean, Boxes, Choice, Evidence, Question, Span, Step, Text
from morse.seeding import Rng
from morse.world import World

OPTIONS = 4
FALSE = 0.2
"""At what share of the questions for an opposite face no card has the mark that is named."""
CLEAR = 0.8
"""The visible share of a lid that is to be found, at least."""
MOMENTS = 3
"""How often, at most, it is asked which face is in front."""


class Asking:
    """Makes the questions of a clip."""

    def __init__(self, net: Net, layout: Layout) -> None:
        self.net, self.layout = net, layout
        self.plan: Plan = layout.details["plan"]
        self.comes = [event for event in layout.events if event.kind == "come"]
        self.turned = [event for event in layout.events if event.kind == "turn"]
        self.quarters = net.quarters()

    def all(self, rng: Rng) -> list[Question]:
        solid, kinds = self.net.solid, list[Callable[[Rng], Iterable[Question]]]()
        if solid.upright:
            kinds += [self.came, self.front, self.points, self.rolled, self.unturned]
        kinds += [self.joined, self.uncovered, self.where, self.meets, self.round, self.corner]
        if all(solid.opposite(face) is not None for face in range(len(solid.faces))):
            kinds.append(self.opposite)
        if self.net.other is not None:
            kinds.append(self.elsewhere)
        asked = [question for kind in kinds for question in kind(rng.fork(kind.__name__))]
        if not solid.upright:  # where less can be asked, more is asked of that for which all cards must be known
            asked += [
                question for kind in (self.meets, self.round) for question in kind(rng.fork(f"more {kind.__name__}"))
            ]
            asked += self.round(rng.fork("third round"))
        return [*{(question.kind, str(question.slots), question.asked_at): question for question in asked}.values()]

    def came(self, rng: Rng) -> Iterable[Question]:
        names = self.net.names
        place = rng.steady("place").integer(0, len(names) - 1)
        listed = tuple(rng.shuffled(names))
        yield self.question(
            "came", f"came({place + 1}, {names[place]})", cards=range(place + 1), slots={"number": place + 1},
            format=Text(vocabulary=listed, noun="mark"), answer=names[place], domain=listed,
            reasoning="recall", skills=("order",),
        )  # fmt: skip

    def joined(self, rng: Rng) -> Iterable[Question]:
        """The other options are cards that were there too, or come later where there are too few."""
        place = rng.integer(2, len(self.net.cards) - 1)
        parent = self.net.cards[place].parent
        assert parent is not None
        others = [i for i in range(len(self.net.cards)) if i not in (place, parent)]
        yield self.of_names(
            "joined", place, parent, rng.shuffled(others), rng, f"joined({self.name(place)}, {self.name(parent)})",
            cards=range(place + 1), reasoning="recall", skills=("position", "order"),
        )  # fmt: skip

    def uncovered(self, rng: Rng) -> Iterable[Question]:
        place = rng.integer(0, len(self.net.cards) - 1)
        span: JsonValue = [self.plan.comes[place][1], self.plan.closes[place][0]]
        yield self.question(
            "uncovered", f"open({self.name(place)}, {span[0]}, {span[1]})", cards=[place],
            slots={"mark": self.name(place)}, format=Span(), answer=span,
            reasoning="recall", skills=("grounding", "time"),
        )  # fmt: skip

    def where(self, rng: Rng) -> Iterable[Question]:
        """A card under its lid, at a whole second in each of the rests after it has come, or in some."""
        place = rng.integer(0, len(self.net.cards) - 1)
        moves = [span for span in (*self.plan.comes, *self.plan.turns) if span[0] > self.plan.closes[place][0]]
        ends = [self.plan.closes[place][1], *(end for _, end in moves)]
        starts = [*(start for start, _ in moves), self.plan.folds[0]]
        rests = zip(ends, starts, strict=True)
        seconds, lid = [second for rest in rests for second in plain_seconds(*rest, 0.2)], f"lid-{place + 1}"
        assert isinstance(self.layout.scene, World)
        seen = self.layout.scene.tracks(np.array(seconds, float), [lid]).visible[:, 0]
        seconds = [second for second, share in zip(seconds, seen.tolist(), strict=True) if share > CLEAR]
        late = [second for second in seconds if second > self.plan.comes[-1][1]] or seconds
        if not late:
            raise Rejected("no whole second for a lid")
        asked = sorted({rng.choice(late), *rng.sample(seconds, min(2, len(seconds)))})
        yield self.question(
            "where", f"find({self.name(place)})", cards=range(len(self.net.cards)), turned=True,
            slots={"mark": self.name(place), "seconds": ", ".join(map(str, asked))}, format=Boxes(),
            answer=boxes_by_second(self.layout.scene, lid, asked),
            reasoning="infer", skills=("grounding", "position"),
        )  # fmt: skip

    def opposite(self, rng: Rng) -> Iterable[Question]:
        net = self.net
        key = rng.steady("key").integer(0, len(net.cards) - 1)
        face = net.solid.opposite(net.cards[key].face)
        assert face is not None
        place = net.card_of(face)
        false = bool(net.missing) and rng.steady("false").chance(FALSE)
        asked = net.missing if false else net.names[place]
        listed = tuple(rng.shuffled([name for i, name in enumerate(net.names) if i != place]))
        answer = None if false else net.names[key]
        yield self.question(
            "opposite", f"opposite({asked}, {answer or 'none'})", cards=range(len(net.cards)), slots={"mark": asked},
            format=Text(vocabulary=listed, noun="mark", may_abstain=True), answer=answer, domain=listed,
            reasoning="infer", skills=("mental folding",),
        )  # fmt: skip

    def meets(self, rng: Rng) -> Iterable[Question]:
        net = self.net
        able = [place for place, card in enumerate(net.cards) if card.pointer not in net.joined(place)]
        if not able:
            raise Rejected("no arrowhead at a free edge")
        place = rng.choice(able)
        key = net.across(place, net.cards[place].pointer)
        others = [i for i in range(len(net.cards)) if i not in (place, key)]
        yield self.of_names(
            "meets", place, key, rng.shuffled(others), rng, f"meet({self.name(place)}, {self.name(key)})",
            reasoning="infer", skills=("mental folding", "edges"),
        )  # fmt: skip

    def round(self, rng: Rng) -> Iterable[Question]:
        net = self.net
        place = rng.integer(0, len(net.cards) - 1)
        around = [net.card_of(face) for face in net.solid.around(net.cards[place].face)]
        at = rng.integer(0, len(around) - 1)
        first, key, before = around[at], around[(at + 1) % len(around)], around[at - 1]
        others = [i for i in range(len(net.cards)) if i not in (place, first, key, before)]
        yield self.of_names(
            "round", place, key, [before, *rng.shuffled(others)], rng,
            f"clockwise({self.name(place)}, {self.name(first)}, {self.name(key)})", slots={"first": self.name(first)},
            reasoning="infer", skills=("mental folding", "handedness"),
        )  # fmt: skip

    def corner(self, rng: Rng) -> Iterable[Question]:
        """Three faces that meet, and triples that do not."""
        net = self.net
        meeting = [triple for triple in net.solid.triples if net.solid.meet(triple)]
        apart = [triple for triple in net.solid.triples if not net.solid.meet(triple)]
        key = rng.choice(meeting)
        near = rng.shuffled(apart)  # triples that are like the key would give it away as the one that is like all

        def named(triple: Sequence[int]) -> JsonValue:
            names: list[JsonValue] = [*sorted(self.name(net.card_of(face)) for face in triple)]
            return names

        def words(names: JsonValue) -> str:
            assert isinstance(names, list)
            return f"{names[0]}, {names[1]} and {names[2]}"

        form, letter, values = pose_choice(rng, named(key), [named(triple) for triple in near], wording=words)
        yield self.question(
            "corner", f"corner({words(named(key))})", cards=range(len(net.cards)), format=form, answer=letter,
            option_values=values, reasoning="infer", skills=("mental folding", "corners"),
        )  # fmt: skip

    def front(self, rng: Rng) -> Iterable[Question]:
        """Asked after the last card has come, and after each later turn: the same question, with the same options."""
        net = self.net
        late = [turn for turn, (start, _) in enumerate(self.plan.turns) if start > self.plan.comes[-1][1]]
        ends = [self.plan.closes[-1][1], *(self.plan.turns[turn][1] for turn in late)]
        sides = [self.name(net.facing(way, 0)) for way in ((0, -1, 0), (1, 0, 0), (0, 1, 0), (-1, 0, 0))]
        form = Choice(options=tuple(rng.shuffled(sides)))
        phrases = rng.sample(range(len(ends)), min(MOMENTS, len(ends)))
        for moment in sorted(phrases):
            done = sum(turn.after < len(net.cards) for turn in net.turns) + moment
            quarters = sum(-1 if turn.clockwise else 1 for turn in net.turns[:done])
            key = self.name(net.facing(FRONT, quarters))
            yield self.question(
                "front", f"front({key})", cards=range(len(net.cards)), turned=done, format=form,
                answer=form.letters[form.options.index(key)], option_values=form.options,
                asked_at=round(ends[moment] + 0.1, 3), reasoning="infer", skills=("mental folding", "streaming"),
            )  # fmt: skip

    def points(self, rng: Rng) -> Iterable[Question]:
        net = self.net
        place = net.facing(FRONT, self.quarters)
        key = net.points(place, self.quarters)
        order = [*POINTS]
        form = Choice(options=tuple(order))
        yield self.question(
            "points", f"points({self.name(place)}, {key})", cards=range(len(net.cards)), turned=True, format=form,
            answer=form.letters[order.index(key)], option_values=form.options, reasoning="predict",
            skills=("mental folding", "direction"),
        )  # fmt: skip

    def rolled(self, rng: Rng) -> Iterable[Question]:
        net, ways = self.net, list[str]()
        for _ in range(net.ahead):
            ways.append(rng.choice([way for way in WAYS if not ways or way != _back(ways[-1])]))
        faces = [net.facing((0, 0, 1), self.quarters, ways[:done]) for done in range(len(ways) + 1)]
        key = faces[-1]
        others = rng.shuffled([i for i in range(len(net.cards)) if i != key])
        near = [*faces[-2::-1], *others]
        yield self.of_names(
            "rolled", None, key, near, rng, f"up({self.name(key)})", turned=True,
            slots={"ways": ", ".join(ways)}, reasoning="predict", skills=("mental folding", "mental rotation"),
        )  # fmt: skip

    def unturned(self, rng: Rng) -> Iterable[Question]:
        net = self.net
        number = rng.integer(0, len(net.turns) - 1)
        quarters = net.quarters(left_out=number)
        key = net.facing(FRONT, quarters)
        others = [net.facing(FRONT, quarters + more) for more in (1, 2, 3)]
        yield self.of_names(
            "unturned", None, key, others, rng, f"front_without({number + 1}, {self.name(key)})", turned=True,
            slots={"number": number + 1}, reasoning="counterfactual", skills=("mental folding", "direction"),
        )  # fmt: skip

    def elsewhere(self, rng: Rng) -> Iterable[Question]:
        assert self.net.other is not None
        place, other, proper = self.net.other
        yield self.question(
            "elsewhere", f"overlap({self.name(place)}, {'no' if proper else 'yes'})", cards=range(len(self.net.cards)),
            slots={"mark": self.name(place), "other": self.name(other)}, format=Boolean(), answer=not proper,
            reasoning="counterfactual", skills=("mental folding", "nets"),
        )  # fmt: skip

    def name(self, place: int) -> str:
        return self.net.names[place]

    def of_names(
        self, kind: str, place: int | None, key: int, near: Sequence[int], rng: Rng, claim: str,
        slots: dict[str, JsonValue] | None = None, **rest: Any,
    ) -> Question:  # fmt: skip
        """A question that one of four marks answers: near misses first. ``place``: the card that it names as ``mark``."""
        misses: list[JsonValue] = [self.name(i) for i in near]
        form, letter, values = pose_choice(rng, self.name(key), misses, min(OPTIONS, len(misses) + 1))
        named: dict[str, JsonValue] = {} if place is None else {"mark": self.name(place)}
        given = {"cards": range(len(self.net.cards)), "slots": named | (slots or {})} | rest
        return self.question(kind, claim, format=form, answer=letter, option_values=values, **given)

    def question(
        self, kind: str, claim: str, *, cards: Iterable[int], turned: bool | int = False, **rest: Any
    ) -> Question:
        """A question that rests on the coming of some cards and on the turns (all of them, or the first ones)."""
        events = [self.comes[place] for place in cards]
        events += self.turned[: None if turned is True else int(turned)]
        events.sort(key=lambda event: event.start)
        steps, evidence = [], []
        for event in events:
            start, end, objects = event.start, event.end, ()
            if event.kind == "come":
                number = self.comes.index(event)
                start, end = self.plan.comes[number][1], self.plan.closes[number][0]
                objects = (mark_id(self.name(number)),)
            steps.append(Step(kind="perceive", claim=event.claim, time=round((start + end) / 2, 3)))
            evidence.append(Evidence(start=start, end=end, objects=objects))
        return Question(kind=kind, evidence=tuple(evidence), steps=concluding(steps, claim), **rest)


def _back(way: str) -> str:
    """The opposite way."""
    words = [*WAYS]
    return words[(words.index(way) + 2) % len(words)]
