"""What is asked about rows of dominoes: one question of each kind, where the clip has a firm answer to it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import combinations, pairwise
from typing import Any

from pydantic import JsonValue

from generators.physical._domino_falls import Fall, Falls, falls, firm, sure
from generators.physical._domino_rows import Row, closed, without
from generators.physical._domino_world import BEYOND, REACHED, WHYS, DominoEpisode
from morse.errors import Rejected
from morse.grounding import boxes_by_second, plain_seconds
from morse.layout import Layout
from morse.options import pose_choice, pose_multi_choice
from morse.reasoning import concluding
from morse.schema import Boolean, Boxes, Evidence, Integer, Number, Permutation, Question, Span, Step
from morse.seeding import Rng

APART = 0.4
"""Seconds between falls whose order is asked."""
WINDOW, COUNTS = 2.0, (0, 1, 2)
"""Seconds before the cut in which falls are counted, and what they come to."""
NEAR = 0.4
"""Seconds by which the moment of a fall may be off."""
NEVER = 0.25
"""How often it is asked when a row falls that does not."""
MARGIN = 0.3
FPS = 4.0
"""The coarsest rate at which a fall is followed."""
OPTIONS = 3
TRIED = 4
"""Dominoes that are thought away, at most."""
LEAST = 8
"""Questions that a clip has at least."""
REASONS = {
    "gap": "the fall came along its row, but the gap before it is too wide",
    "none": "no ball came to its row",
    "short": "the ball of its row stopped before it hit a domino",
    "branch": "the row forks, and the fall did not turn into the branch where it stands",
}
Reading = Callable[[Falls], object]


class Asking:
    """The questions of a clip. Those whose answer a small change of the physics tips are left out."""

    def __init__(self, episode: DominoEpisode, layout: Layout, rng: Rng) -> None:
        self.episode, self.layout, self.rng = episode, layout, rng
        self.plan, self.falls, self.fell = episode.plan, episode.falls, episode.falls.fell
        self.letters = self.plan.letters
        self.down = self.falls.order(self.letters)

    def all(self) -> list[Question]:
        kinds = (
            self.last,
            self.order,
            self.moment,
            self.span,
            self.where,
            self.total,
            self.sooner,
            self.causes,
            self.why,
            self.reached,
            self.comes_down,
            self.without,
            self.closed,
        )
        asked = [question for kind in kinds if (question := kind(self.rng.fork(kind.__name__))) is not None]
        asked += self.lately(self.rng.fork("lately"))
        if len(asked) < LEAST:
            raise Rejected("too few questions")
        return asked

    @cached_property
    def firm(self) -> tuple[Falls, ...]:
        some = [thing for row in self.episode.started for thing in self.plan.of_row(row)]
        return firm(tuple(some), self.episode.seconds)

    def holds(self, reading: Reading) -> bool:
        """Whether a reading is the same with half the step and with all parameters a little off."""
        truth = reading(self.falls)
        return all(reading(other) == truth for other in self.firm)

    def apart(self, names: Sequence[str]) -> bool:
        return all(self.fell[b].time - self.fell[a].time > APART for a, b in pairwise(names))

    def last(self, rng: Rng) -> Question | None:
        """Which of three fell last."""
        some = [three for three in combinations(self.down, OPTIONS) if self.apart(three)]
        if not some:
            return None
        three = rng.choice(some)
        if not self.holds(lambda run: [*run.order(three)]):
            return None
        form, letter, values = pose_choice(rng, three[-1], rng.shuffled(three[:-1]), OPTIONS, wording=_the)
        return self.of_falls(
            "last", three, three[-1], format=form, answer=letter, option_values=values, reasoning="recall",
            skills=("order", "falling"),
        )  # fmt: skip

    def order(self, rng: Rng) -> Question | None:
        some = [chosen for size in (4, 3) for chosen in combinations(self.down, size) if self.apart(chosen)]
        if not some:
            return None
        chosen = rng.choice([one for one in some if len(one) == len(some[0])])
        if not self.holds(lambda run: [*run.order(chosen)]):
            return None
        shown = rng.shuffled(chosen)
        return self.of_falls(
            "order", chosen, "order by time", slots={"letters": [*shown]}, format=Permutation(size=len(chosen)),
            answer=[shown.index(name) + 1 for name in chosen], reasoning="recall", skills=("order", "falling"),
        )  # fmt: skip

    def moment(self, rng: Rng) -> Question | None:
        if not self.down:
            return None
        name = rng.choice(self.down)
        return self.of_falls(
            "moment", [name], f"time {self.fell[name].time}", slots={"letter": name}, chance=0.05,
            format=Number(unit="seconds", absolute=NEAR), answer=round(self.fell[name].time, 2), reasoning="recall",
            skills=("time", "falling"),
        )  # fmt: skip

    def span(self, rng: Rng) -> Question | None:
        """From when to when a row falls, or that it never does."""
        never = [name for row in self.plan.rows if row.comes != "hits" for name in self.of(row)]
        more: dict[str, Any] = {
            "format": Span(may_abstain=True), "reasoning": "recall", "skills": ("grounding", "falling"), "chance": NEVER
        }  # fmt: skip
        if rng.steady("never").chance(NEVER):
            if not never:
                return None
            name = rng.choice(never)
            step = Step(kind="perceive", claim=f"never(fall, {name})", time=self.episode.duration)
            whole = Evidence(start=0.0, end=self.episode.duration, objects=(name,))
            return Question(
                kind="span", slots={"letter": name}, answer=None, evidence=(whole,), steps=(step,), min_fps=FPS, **more
            )
        row = rng.choice([row for row in self.episode.started if self.of(row)])
        begins, ends = self.time_of(row)
        return self.of_falls(
            "span", self.falls.order(self.of(row)), f"span {begins}-{ends}", slots={"letter": rng.choice(self.of(row))},
            answer=[begins, ends], **more,
        )  # fmt: skip

    def where(self, rng: Rng) -> Question | None:
        """Where a domino is at the whole seconds while its row falls."""
        cases: list[tuple[str, list[int]]] = []
        for row in self.episode.started:
            seconds = plain_seconds(*self.time_of(row), MARGIN)
            cases += [(name, seconds) for name in self.falls.order(self.of(row)) if seconds]
        for name, seconds in rng.shuffled(cases):
            try:
                boxes = boxes_by_second(self.layout.scene, name, seconds)
            except Rejected:
                continue
            return self.of_falls(
                "where", [name], f"boxes({name})", slots={"letter": name}, format=Boxes(), answer=boxes, chance=0.0,
                reasoning="recall", skills=("grounding", "falling"),
            )  # fmt: skip
        return None

    def total(self, rng: Rng) -> Question | None:
        count = len(self.fell)
        if not self.holds(lambda run: len(run.fell)):
            return None
        return self.of_falls(
            "total", self.down, f"count = {count}", format=Integer(), answer=count, reasoning="infer",
            skills=("counting", "falling"), min_frames=1,
        )  # fmt: skip

    def sooner(self, rng: Rng) -> Question | None:
        """Which of two branches was down to its end first."""
        fork = self.episode.fork
        branches = [line for line in fork.lines[1:] if all(name in self.fell for name in line)]
        if fork.start != 0 or len(branches) < 2:
            return None
        ends = [self.fell[line[-1]].time for line in branches]
        marks = [rng.choice([name for name in line if len(name) == 1]) for line in branches]
        first = ends.index(min(ends))

        def sooner(run: Falls) -> JsonValue:
            times = [run.time(line[-1]) for line in branches]
            return None if None in times else times.index(min(times, key=float))  # type: ignore[arg-type]

        if abs(ends[0] - ends[1]) < APART or not self.holds(sooner):
            return None
        form, letter, values = pose_choice(rng, marks[first], [marks[1 - first]], 2, wording=_branch)
        return self.of_falls(
            "sooner", self.falls.order(marks), f"sooner({marks[first]})", format=form, answer=letter, option_values=values,
            reasoning="infer", skills=("comparison", "falling"),
        )  # fmt: skip

    def causes(self, rng: Rng) -> Question | None:
        """Which of three had a part in bringing one down."""
        cases: dict[int, list[tuple[str, list[str], list[str]]]] = {1: [], 2: []}
        for name in self.down:
            way = self.plan.row_of(name).towards(name)
            right = [n for n in self.letters if n in way and n != name]
            wrong = [n for n in self.down if n not in way]
            for count, some in cases.items():
                if len(right) >= count and len(wrong) >= OPTIONS - count:
                    some.append((name, right, wrong))
        able = [count for count, some in cases.items() if some]
        if not able or not self.holds(lambda run: sorted(run.fell)):
            return None
        count = rng.choice(able)
        name, right, wrong = rng.choice(cases[count])
        right, wrong = rng.sample(right, count), rng.sample(wrong, OPTIONS - count)
        form, letters, values = pose_multi_choice(rng, right, wrong, wording=_the)
        return self.of_falls(
            "causes", [*self.falls.order([*right, name])], f"cause({', '.join(sorted(right))})", slots={"letter": name},
            format=form, answer=letters, option_values=values, chance=1 / 6, reasoning="explain",
            skills=("cause", "falling"),
        )  # fmt: skip

    def why(self, rng: Rng) -> Question | None:
        """Why one stands in the end."""
        episode, why = self.episode, self.episode.why
        if why == "branch":
            line = episode.fork.lines[3 - episode.fork.start]
        elif why == "gap":
            line = episode.broken.lines[0]
        else:
            line = episode.other.lines[0]
        still = [name for name in line if len(name) == 1 and name not in self.fell]
        if not still:
            raise Rejected("no letter stands for the reason wanted")
        name = rng.choice(still)
        if not self.holds(lambda run: sorted(run.fell)):
            return None
        form, letter, values = pose_choice(
            rng, why, [other for other in WHYS if other != why], 4, wording=lambda w: REASONS[str(w)]
        )
        seen = Evidence(start=0.0, end=episode.duration, objects=(name,))
        step = Step(kind="perceive", claim=f"stands({name})", time=episode.duration)
        return Question(
            kind="why", slots={"letter": name}, format=form, answer=letter, option_values=values, reasoning="explain",
            skills=("cause", "falling"), evidence=(seen,), steps=concluding([step], f"why({why})"), min_frames=1,
            min_fps=FPS,
        )  # fmt: skip

    def reached(self, rng: Rng) -> Question | None:
        """How many of a row lie in the end, asked when the first few do."""
        row = self.episode.broken
        line = row.lines[0]
        count = sum(name in self.fell for name in line)
        after = rng.integer(1, 2)
        at = round((self.fell[line[after]].time + self.fell[line[after + 1]].time) / 2, 3)
        letter = rng.choice(self.of(row))
        if not REACHED[0] <= count <= REACHED[1] or not self.holds(lambda run: sum(n in run.fell for n in line)):
            return None
        return self.before_the_cut(
            "reached", at, letter, f"count = {count}", format=Integer(), answer=count,
            domain=tuple(range(REACHED[0], REACHED[1] + 1)), skills=("prediction", "counting"),
        )  # fmt: skip

    def comes_down(self, rng: Rng) -> Question | None:
        """Whether one comes down, asked while its row has begun to fall."""
        cases: dict[bool, list[tuple[str, float, float]]] = {True: [], False: []}
        for row in self.episode.started:
            order = self.falls.order(row.names)
            for name in self.of(row):
                end = (self.fell[name].begins if name in self.fell else self.fell[order[-1]].time) - 0.6
                start = self.fell[order[min(1, len(order) - 1)]].time + 0.1
                if end > start:
                    cases[name in self.fell].append((name, start, min(end, start + 0.8)))
        if not all(cases.values()) or not self.holds(lambda run: sorted(run.fell)):
            return None
        yes = rng.steady("yes").chance(0.5)
        name, start, end = rng.choice(cases[yes])
        return self.before_the_cut(
            "comes_down", round(rng.uniform(start, end), 3), name, f"fall({name}): {yes}", format=Boolean(), answer=yes,
            skills=("prediction", "falling"),
        )  # fmt: skip

    def without(self, rng: Rng) -> Question | None:
        """Whether one would have come down without another before it."""
        cases: list[tuple[str, str, str]] = []
        for name in self.down:
            way = self.plan.row_of(name).towards(name)
            for i, gone in enumerate(way[1:-1], 1):
                if len(gone) == 1:
                    cases.append((name, gone, f"the domino with the letter {gone}"))
                elif i == len(way) - 2:
                    words = f"the domino next to {name} (on the side from which the fall came)"
                    cases.append((name, gone, words))
        found: dict[bool, list[tuple[str, str, str]]] = {True: [], False: []}
        for name, gone, words in rng.sample(cases, min(TRIED, len(cases))):
            row = self.plan.row_of(name)
            found[name in falls(without(self.plan, row, gone), self.episode.seconds).fell].append((name, gone, words))
        if not all(found.values()):
            return None
        yes = rng.steady("yes").chance(0.5)
        name, gone, words = rng.choice(found[yes])
        if not sure(without(self.plan, self.plan.row_of(name), gone), self.episode.seconds, name):
            return None
        return self.of_falls(
            "without", [name], f"without({gone}): fall({name}) {yes}", slots={"letter": name, "gone": gone, "words": words},
            format=Boolean(), answer=yes, reasoning="counterfactual", skills=("counterfactual", "falling"),
        )  # fmt: skip

    def closed(self, rng: Rng) -> Question | None:
        """How many more would have come down with a further domino in the gap."""
        row = self.episode.broken
        before, after = row.gaps[0]
        things = closed(self.plan.of_row(row), before, after)
        line = row.lines[0]
        beyond = line[line.index(after) :]
        seconds = self.episode.seconds + 2.0
        if not BEYOND[0] <= len(beyond) <= BEYOND[1] or any(name in self.fell for name in beyond):
            return None
        count = sum(name in falls(things, seconds).fell for name in beyond)
        if not sure(things, seconds, line[-1]) or not self.holds(lambda run: sorted(run.fell)):
            return None
        return self.of_falls(
            "closed", self.falls.order(self.of(row)), f"count = {count}", slots={"letter": rng.choice(self.of(row))},
            format=Integer(), answer=count, domain=tuple(range(BEYOND[0], BEYOND[1] + 1)), reasoning="counterfactual",
            skills=("counterfactual", "counting"),
        )  # fmt: skip

    def lately(self, rng: Rng) -> Iterator[Question]:
        """How many with letters fell in the last seconds, at two times."""
        times = [self.fell[name].time for name in self.down]
        able: dict[int, list[float]] = {count: [] for count in COUNTS}
        for tick in range(8 * 4, int(8 * self.episode.duration)):
            at = tick / 8 + 0.01
            clear = all(abs(t - edge) > 0.25 for t in times for edge in (at, at - WINDOW))
            count = sum(at - WINDOW < t < at for t in times)
            if clear and count in able and sum(t < at for t in times) >= COUNTS[-1]:
                able[count].append(at)
        if not all(able.values()):
            return
        for count in rng.sample(COUNTS, 2):
            at = round(rng.choice(able[count]), 3)
            some = [name for name in self.down if at - WINDOW < self.fell[name].time < at]
            whole = Evidence(start=round(at - WINDOW, 3), end=at)
            yield self.of_falls(
                "lately", some, f"count = {count}", evidence=(whole,), slots={"seconds": int(WINDOW)}, format=Integer(),
                answer=count, domain=COUNTS, reasoning="recall", skills=("counting", "streaming"), asked_at=at,
            )  # fmt: skip

    def of(self, row: Row) -> tuple[str, ...]:
        """The letters of a row."""
        return tuple(name for name in row.names if len(name) == 1)

    def time_of(self, row: Row) -> tuple[float, float]:
        """From when to when a row falls."""
        own = [self.fell[name] for name in row.names if name in self.fell]
        return round(min(fall.begins for fall in own), 2), round(max(fall.ends for fall in own), 2)

    def of_falls(self, kind: str, names: Iterable[str], claim: str, **more: Any) -> Question:
        """A question that rests on some falls."""
        seen = [(name, self.fell[name]) for name in names]
        evidence = tuple(_seen(name, fall, more.get("asked_at")) for name, fall in seen)
        if not evidence:  # what falls has no letters: then it is to be looked at all together
            evidence = (Evidence(start=min(f.begins for f in self.fell.values()), end=self.episode.duration),)
        steps = [Step(kind="perceive", claim=f"fall({name})", time=fall.time) for name, fall in seen]
        return Question(
            kind=kind, steps=concluding(steps, claim), **({"evidence": evidence, "min_fps": FPS} | more)
        )  # fmt: skip

    def before_the_cut(self, kind: str, at: float, name: str, claim: str, **more: Any) -> Question:
        """A question of what comes after the clip is cut, in the row of one."""
        row = self.plan.row_of(name)
        begins = self.time_of(row)[0]
        seen = (
            Evidence(start=round(max(0.0, begins - 0.4), 3), end=at), Evidence(start=0.0, end=at, objects=(name,))
        )  # fmt: skip
        step = Step(kind="perceive", claim="falling(row)", time=at)
        return Question(
            kind=kind, slots={"letter": name}, asked_at=at, evidence=seen, steps=concluding([step], claim), min_fps=FPS,
            reasoning="predict", **more,
        )  # fmt: skip


def _seen(name: str, fall: Fall, until: float | None) -> Evidence:
    end = fall.time + 0.4
    return Evidence(
        start=round(max(0.0, fall.begins - 0.5), 3),
        end=round(end if until is None else min(end, until), 3),
        objects=(name,),
    )


def _the(name: JsonValue) -> str:
    return f"domino {name}"


def _branch(name: JsonValue) -> str:
    return f"the branch with domino {name}"
