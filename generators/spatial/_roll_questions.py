"""What is asked of a rolled cube."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.spatial._roll_path import WAYS, Act, Rolling, stations
from morse.errors import Rejected
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import Event, Evidence, Integer, Question, Step, Text
from morse.seeding import Rng


class Asking:
    """Makes the questions of a clip. ``events``: the show of the cube, then one for each act."""

    def __init__(self, rolling: Rolling, events: Sequence[Event], duration: float) -> None:
        self.rolling, self.show, self.events, self.duration = rolling, events[0], events[1:], duration

    def all(self, rng: Rng) -> list[Question]:
        kinds: tuple[Callable[[Rng], Question], ...] = (
            self.direction,
            self.visits,
            self.top,
            self.bottom,
            self.count,
            self.after,
            self.without,
        )
        return [kind(rng.fork(kind.__name__)) for kind in kinds]

    def direction(self, rng: Rng) -> Question:
        number = self.rolling.number
        until = self.rolling.rolls[number - 1]
        way = self.rolling.acts[until].way
        form, letter, values = pose_choice(rng, way, [other for other in WAYS if other != way])
        return self.question(
            "direction",
            f"roll({number}, {way})",
            until=until,
            signs=(way,),
            shown=False,
            slots={"number": number},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="recall",
            skills=("order", "direction"),
        )

    def visits(self, rng: Rng) -> Question:
        rolling = self.rolling
        return self.question(
            "visits",
            f"visits({rolling.visited}, {rolling.visits})",
            signs=(f"tile-{rolling.visited}",),
            shown=False,
            slots={"tile": rolling.visited},
            format=Integer(),
            answer=rolling.visits,
            domain=rolling.likely_visits,
            reasoning="recall",
            skills=("counting", "position"),
        )

    def top(self, rng: Rng) -> Question:
        rolling = self.rolling
        key = rolling.lies(rolling.acts, "up")
        names = tuple(rng.shuffled([*rolling.faces.values()]))
        return self.question(
            "top",
            f"up({key})",
            format=Text(vocabulary=names, noun="face"),
            answer=key,
            domain=names,
            reasoning="infer",
            skills=("mental rotation",),
        )

    def bottom(self, rng: Rng) -> Question:
        rolling = self.rolling
        spots = stations(rolling.start, rolling.acts)
        arrival = max(
            i for i, act in enumerate(rolling.acts) if act.moves and spots[i + 1] == rolling.letters[rolling.passed]
        )
        until = rolling.acts[: arrival + 1]
        key = rolling.lies(until, "down")
        misses = [rolling.lies(until, "up"), rolling.lies(until[:-1], "down"), rolling.lies(_all_rolled(until), "down")]
        return self.of_faces(
            "bottom",
            key,
            misses,
            rng,
            f"down({key})",
            until=arrival,
            signs=(f"tile-{rolling.passed}",),
            slots={"tile": rolling.passed},
            reasoning="infer",
            skills=("mental rotation", "position"),
        )

    def count(self, rng: Rng) -> Question:
        rolling = self.rolling
        return self.question(
            "count",
            f"number({rolling.counted}, {rolling.count})",
            slots={"face": rolling.counted},
            format=Integer(),
            answer=rolling.count,
            domain=rolling.likely_counts,
            reasoning="infer",
            skills=("counting", "mental rotation"),
        )

    def after(self, rng: Rng) -> Question:
        """Further rolls that stay on the board and do not go back at once."""
        rolling, further = self.rolling, list[str]()
        at = stations(rolling.start, rolling.acts)[-1]
        x, y = at
        for _ in range(rolling.ahead):
            ways = [way for way in rolling.board.ways((x, y)) if not further or way != _back(further[-1])]
            further.append(rng.choice(ways))
            x, y = x + WAYS[further[-1]][0], y + WAYS[further[-1]][1]
        more = [Act("roll", way) for way in further]
        key = rolling.lies([*rolling.acts, *more], "up")
        misses = [rolling.lies(rolling.acts, "up"), rolling.lies([*rolling.acts, *more[:-1]], "up")]
        return self.of_faces(
            "after",
            key,
            misses,
            rng,
            f"up_then({key})",
            slots={"further": further},
            reasoning="predict",
            skills=("mental rotation",),
        )

    def without(self, rng: Rng) -> Question:
        """One roll taken for a slide: what is on top would be another face."""
        rolling = self.rolling
        real = rolling.lies(rolling.acts, "up")
        found = []
        for number, i in enumerate(rolling.rolls, 1):
            kept = [act for j, act in enumerate(rolling.acts) if j != i]
            face = rolling.lies(kept, "up")
            if face != real:
                found.append((number, face))
        if not found:
            raise Rejected("no roll that matters")
        number, key = rng.choice(found)
        misses = [real, *rng.shuffled(sorted({face for _, face in found}))]
        return self.of_faces(
            "without",
            key,
            misses,
            rng,
            f"up_without({number}, {key})",
            slots={"number": number},
            reasoning="counterfactual",
            skills=("mental rotation",),
        )

    def of_faces(self, kind: str, key: str, misses: Sequence[str], rng: Rng, claim: str, **rest: Any) -> Question:
        """A question that one of four faces answers: near misses first."""
        names: list[JsonValue] = [
            face for face in (*misses, *rng.shuffled([*self.rolling.faces.values()])) if face != key
        ]
        form, letter, values = pose_choice(rng, key, names)
        return self.question(kind, claim, format=form, answer=letter, option_values=values, **rest)

    def question(
        self,
        kind: str,
        claim: str,
        *,
        until: int | None = None,
        signs: Sequence[str] = (),
        shown: bool = True,
        **rest: Any,
    ) -> Question:
        """A question that rests on the acts up to number ``until``, on what lies on the board (``signs``), and, if ``shown``, on
        the look at the cube."""
        acts = [event for event in self.events[: None if until is None else until + 1] if event.kind != "tip"]
        seen = [self.show, *acts] if shown else acts
        steps = [
            Step(kind="perceive", claim=event.claim, time=round((event.start + event.end) / 2, 3)) for event in seen
        ]
        evidence = [Evidence(start=acts[0].start, end=acts[-1].end, objects=("case",))]
        if shown:
            evidence.insert(0, Evidence(start=self.show.start, end=self.show.end, objects=("cube",)))
        evidence += [Evidence(start=0.0, end=self.duration, objects=(sign,)) for sign in signs]
        return Question(kind=kind, evidence=tuple(evidence), steps=concluding(steps, claim), **rest)


def _all_rolled(acts: Iterable[Act]) -> list[Act]:
    """The acts as someone takes them who thinks that a slide rolls."""
    return [Act("roll", act.way) if act.kind == "slide" else act for act in acts]


def _back(way: str) -> str:
    """The opposite way."""
    return next(other for other, (x, y) in WAYS.items() if (-x, -y) == WAYS[way])
