"""What is asked about collisions: one question of each kind, where the clip has a firm answer to it."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any, TypeVar

import numpy as np
from pydantic import JsonValue

from generators.physical._aimed import OPTIONS, SEEN, Aim
from generators.physical._meetings import (
    APART,
    Meetings,
    as_pair,
    chain_to,
    clear,
    firmly,
    read_between,
    read_causes,
    read_first,
    read_kth,
    read_order,
)
from morse.errors import Rejected
from morse.grounding import masks_by_second
from morse.options import pose_choice, pose_multi_choice
from morse.physics import Touch, simulate
from morse.schema import Evidence, Integer, Masks, Omitted, Permutation, Question, Step
from morse.seeding import Rng

LEAST = 4
"""Questions that a clip has at least."""
SOON = 3
"""Of how many movers after the one that is thought away it is asked what they hit: of later ones nobody could tell."""
FPS = 4.0
"""The coarsest rate at which a collision is followed: it shows before, at and after the meeting."""
K = TypeVar("K")
C = TypeVar("C")


class Questions:
    """Makes the questions of a clip. Those whose answer a small change of the physics tips are left out."""

    def __init__(self, meetings: Meetings, movers: Sequence[str], resting: Sequence[str], aim: Aim) -> None:
        self.meetings, self.movers, self.resting, self.aim = meetings, movers, resting, aim
        self.touches, self.world = meetings.touches, meetings.world

    def all(self, rng: Rng) -> list[Question | Omitted]:
        """The questions of a clip. Raises :class:`Rejected` if there is no prediction among them, or too few in all."""
        predicted = self.next(rng.fork("next"))  # first, since it is the one that most often cannot be asked
        marked = self.mark_next()
        made = [self.made(make, rng) for make in (self.kth, self.order, self.between, self.causes, self.without)]
        if sum(isinstance(one, Question) for one in made) + 2 < LEAST:
            raise Rejected("too few questions")
        return [*made, predicted, marked]

    def made(self, make: Callable[[Rng], Question | None], rng: Rng) -> Question | Omitted:
        """A question, or why there is none: small changes of the physics tip all that could be asked, or nothing can be."""
        tipped = self.meetings.tipped
        kind = make.__name__
        return make(rng.fork(kind)) or Omitted(
            kind=kind, reason="unstable" if self.meetings.tipped > tipped else "no case"
        )

    def plain(self, touches: Sequence[Touch]) -> list[Touch]:
        """Those in which a mover hits an object that lay on the floor: of such no single frame tells the order."""
        kinds = (self.movers, self.resting)
        return [t for t in touches if all(any(name in kind for name in t.pair) for kind in kinds)]

    def kth(self, rng: Rng) -> Question | None:
        number = {touch: i + 1 for i, touch in enumerate(self.meetings.all)}
        plain = self.plain(self.meetings.clear)
        tried = [touch for touch in self.plain(self.meetings.alone) if self.meetings.sure(0.0, touch.time)]
        cases = [t for t in tried if self.meetings.holds(lambda touches, t=t: read_kth(touches, number[t]))]
        if len(plain) < OPTIONS or not cases:
            return None
        key = rng.choice(cases)
        others: list[JsonValue] = [list(touch.pair) for touch in rng.shuffled(plain) if touch is not key]
        form, letter, values = pose_choice(rng, list(key.pair), others, OPTIONS, wording=_both)
        return Question(
            kind="kth",
            slots={"number": number[key]},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="recall",
            skills=("collision", "order"),
            **_followed(self.meetings.all[: number[key]]),
        )

    def order(self, rng: Rng) -> Question | None:
        size = 3 if len(self.movers) < 7 else 4
        choices = [
            chosen
            for chosen in combinations(self.meetings.clear, size)
            if all(later.time - earlier.time > APART for earlier, later in pairwise(chosen))
        ]
        for chosen in rng.sample(choices, min(6, len(choices))):
            order = rng.shuffled(chosen)
            pairs = [touch.pair for touch in order]
            if not self.meetings.holds(lambda touches, pairs=pairs: read_order(touches, pairs)):
                continue
            return Question(
                kind="order",
                slots={"pairs": [list(pair) for pair in pairs], "listed": [_both(list(pair)) for pair in pairs]},
                format=Permutation(size=size),
                answer=[order.index(touch) + 1 for touch in chosen],
                reasoning="recall",
                skills=("collision", "order"),
                **_followed(chosen, "order by time"),
            )
        return None

    def between(self, rng: Rng) -> Question | None:
        domain = (0, 1, 2) if len(self.movers) < 7 else (0, 1, 2, 3)
        cases: dict[int, list[tuple[Touch, Touch]]] = {count: [] for count in domain}
        for one, other in combinations(self.plain(self.meetings.alone), 2):
            count = self.meetings.all.index(other) - self.meetings.all.index(one) - 1
            if count in cases and self.meetings.sure(one.time, other.time):
                cases[count].append((one, other))
        found = _one_of_each(
            rng,
            cases,
            lambda case: self.meetings.holds(lambda touches: read_between(touches, case[0].pair, case[1].pair)),
        )
        if len(found) < len(domain):
            return None  # every answer must be there to choose from, or the rare ones would be asked for less often
        count = rng.choice(domain)
        one, other = found[count]
        shown = self.meetings.all[self.meetings.all.index(one) : self.meetings.all.index(other) + 1]
        pairs: list[JsonValue] = [list(one.pair), list(other.pair)]
        return Question(
            kind="between",
            slots={"first": pairs[0], "second": pairs[1], "one": _both(pairs[0]), "other": _both(pairs[1])},
            format=Integer(),
            answer=count,
            domain=domain,
            reasoning="infer",
            skills=("collision", "counting"),
            **_followed(shown, f"count = {count}"),
        )

    def causes(self, rng: Rng) -> Question | None:
        """Whose coming in is a cause, among three movers that are not of the pair themselves."""
        cases: dict[int, list[tuple[Touch, list[str], list[str]]]] = {1: [], 2: []}
        for touch in self.meetings.alone:
            chain = chain_to(self.touches, touch.pair)
            among = [name for name in self.movers if name not in touch.pair]
            right, wrong = [n for n in among if n in chain], [n for n in among if n not in chain]
            if not self.meetings.sure(0.0, touch.time, chain):
                continue
            for count, some in cases.items():
                if len(right) >= count and len(wrong) >= OPTIONS - count:
                    some.append((touch, right, wrong))
        found = _one_of_each(
            rng,
            cases,
            lambda case: self.meetings.holds(lambda touches: read_causes(touches, case[0].pair, case[1] + case[2])),
        )
        if not found:
            return None
        count = rng.choice(list(found))
        touch, right, wrong = found[count]
        right, wrong = rng.sample(right, count), rng.sample(wrong, OPTIONS - count)
        chain = chain_to(self.touches, touch.pair)
        form, letters, values = pose_multi_choice(rng, right, wrong, wording=_the)
        return Question(
            kind="causes",
            slots={"pair": list(touch.pair), "both": _both(list(touch.pair))},
            format=form,
            answer=letters,
            option_values=values,
            chance=1 / 6,
            reasoning="explain",
            skills=("collision", "cause"),
            **_followed(
                [t for t in self.meetings.clear if t.time <= touch.time and chain.issuperset(t.pair)],
                f"cause({', '.join(sorted(right))})",
            ),
        )

    def next(self, rng: Rng) -> Question:
        """What a mover hits next, of three things to which it has a free way when the clip is cut."""
        mover, key, wrong, cut = self.aim.mover, self.aim.key, list[JsonValue](self.aim.wrong), self.aim.cut
        touch = next((touch for touch in self.plain(self.meetings.clear) if mover in touch.pair), None)
        if touch is None or key not in touch.pair:
            raise Rejected("no clear hit to predict")
        seen = self.world.tracks(np.array([cut - SEEN, cut]), [mover, key, *self.aim.wrong]).visible
        if seen[:, 0].min() < 0.6 or seen[1].min() < 0.4:
            raise Rejected("a prediction about something hidden")
        if not self.meetings.holds(lambda touches: read_first(touches, mover, cut)):
            raise Rejected("an unstable prediction")
        form, letter, values = pose_choice(rng, key, wrong, OPTIONS, wording=_the)
        start = round(max(0.0, cut - 0.6), 3)
        return Question(
            kind="next",
            slots={"object": mover},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="predict",
            skills=("collision", "prediction"),
            asked_at=cut,
            evidence=(Evidence(start=start, end=cut, objects=(mover,)), Evidence(start=0.0, end=cut, objects=(key,))),
            steps=(
                Step(kind="perceive", claim=f"moving({mover})", time=cut),
                Step(kind="infer", claim=f"collision({', '.join(touch.pair)})", needs=(0,)),
            ),
            min_fps=FPS,
        )

    def mark_next(self) -> Question:
        """The same, to be marked in the picture of the last whole second: a thing that is only described."""
        mover, key, cut = self.aim.mover, self.aim.key, self.aim.cut
        second = math.floor(cut)
        start = round(max(0.0, cut - 0.6), 3)
        return Question(
            kind="mark_next",
            slots={"object": mover, "second": second},
            format=Masks(),
            answer=masks_by_second(self.world, key, [second], Masks().height, Masks().width),
            reasoning="predict",
            skills=("collision", "prediction", "grounding"),
            asked_at=cut,
            chance=0.0,
            evidence=(Evidence(start=start, end=cut, objects=(mover,)), Evidence(start=0.0, end=cut, objects=(key,))),
            steps=(
                Step(kind="perceive", claim=f"moving({mover})", time=cut),
                Step(kind="infer", claim=f"collision({mover}, {key})", needs=(0,)),
            ),
            min_fps=FPS,
        )

    def without(self, rng: Rng) -> Question | None:
        """What a mover would have hit first if an earlier one had not been there; where it can be, something else than it did."""
        movers = self.movers
        active = [name for name in movers[:-1] if any(name in touch.pair for touch in self.meetings.clear)]
        for gone in rng.sample(active, min(3, len(active))):
            things = tuple(thing for thing in self.meetings.things if thing.body.name != gone)
            soon = movers[movers.index(gone) + 1 :][:SOON]
            run = simulate(things, self.meetings.last, until=soon)
            found = [(name, read_first(run.touches, name, 0.0)) for name in soon]
            found = [(name, other) for name, other in found if other in self.resting and clear(run, name)]
            changed = [case for case in found if case[1] != read_first(self.touches, case[0], 0.0)]
            for name, key in [*rng.shuffled(changed), *rng.shuffled([case for case in found if case not in changed])]:
                wrong = self.others(rng, name, str(key))
                if len(wrong) < OPTIONS - 1:
                    continue
                if firmly(things, name, str(key), run, self.meetings.last):
                    return self._without(rng, gone, name, str(key), wrong)
                self.meetings.tipped += 1
        return None

    def others(self, rng: Rng, name: str, key: str) -> list[str]:
        """What a mover would not have hit first, so that how all lies in the end does not tell it from the key.

        Things that were hit if the key was, that were not if it was not; and the key is equally often the nearest, second
        and third to where the mover ends.
        """
        hit = {n for touch in self.meetings.all for n in touch.pair}
        ends = dict(zip(self.meetings.run.names, self.meetings.run.poses[-1, :, :2].tolist(), strict=True))
        away = {other: math.dist(ends[name], ends[other]) for other in self.resting}
        like = [other for other in self.resting if other != key and (other in hit) == (key in hit)]
        near, far = ([o for o in like if (away[o] < away[key]) == nearer] for nearer in (True, False))
        rank = rng.steady("rank").integer(0, OPTIONS - 1)
        if len(near) < rank or len(far) < OPTIONS - 1 - rank:
            return []
        return [*rng.sample(near, rank), *rng.sample(far, OPTIONS - 1 - rank)]

    def _without(self, rng: Rng, gone: str, name: str, key: str, wrong: Sequence[str]) -> Question:
        form, letter, values = pose_choice(rng, key, list[JsonValue](wrong), OPTIONS, wording=_the)
        return Question(
            kind="without",
            slots={"gone": gone, "object": name},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="counterfactual",
            skills=("collision", "counterfactual"),
            **_followed(
                [touch for touch in self.meetings.clear if gone in touch.pair or name in touch.pair],
                f"without({gone}): first({name}, {key})",
            ),
        )


def _one_of_each(rng: Rng, cases: Mapping[K, Sequence[C]], sound: Callable[[C], bool]) -> dict[K, C]:
    """For each kind of case one that is sound, where there is one; no more are looked at than it takes."""
    found: dict[K, C] = {}
    for kind, some in cases.items():
        case = next((case for case in rng.shuffled(some) if sound(case)), None)
        if case is not None:
            found[kind] = case
    return found


def _followed(touches: Sequence[Touch], *inferred: str) -> dict[str, Any]:
    """The evidence, steps and frame rate of a question that rests on some collisions."""
    seen = [Evidence(start=round(t.time - 0.35, 3), end=round(t.time + 0.25, 3), objects=t.pair) for t in touches]
    perceived = [Step(kind="perceive", claim=f"collision({', '.join(t.pair)})", time=round(t.time, 3)) for t in touches]
    needs = tuple(range(len(touches)))
    steps = (*perceived, *(Step(kind="infer", claim=claim, needs=needs) for claim in inferred))
    return {"evidence": tuple(seen), "steps": steps, "min_fps": FPS}


def _the(name: JsonValue) -> str:
    return f"the {name}"


def _both(pair: JsonValue) -> str:
    one, other = as_pair(pair)
    return f"the {one} and the {other}"
