"""What is asked of a solid that a camera has gone round."""

from collections.abc import Sequence

from pydantic import JsonValue

from generators.spatial._block_solid import SIDES, Solid, likely_numbers
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import Choice, Event, Evidence, Grid, Integer, Question, Step
from morse.seeding import Rng

OPTIONS = 4
ORDINALS = ("first", "second", "third", "fourth", "fifth")


class Asking:
    """Makes the questions of a clip. ``events``: rests of the camera and legs between them, in turn."""

    def __init__(self, solid: Solid, events: Sequence[Event]) -> None:
        self.solid, self.events = solid, events
        self.rests = [event for event in events if event.kind == "rest"]
        self.legs = [event for event in events if event.kind == "leg"]

    def all(self, rng: Rng) -> list[Question]:
        kinds = (
            self.number,
            self.missing,
            self.column,
            self.plan,
            self.surface,
            self.fullest,
            self.left,
            self.way,
            self.next,
        )
        return [kind(rng.fork(kind.__name__)) for kind in kinds]

    def number(self, rng: Rng) -> Question:
        cells = self.solid.columns * self.solid.rows
        return self.of_solid(
            "number",
            f"number({self.solid.cubes})",
            format=Integer(),
            answer=self.solid.cubes,
            domain=likely_numbers(cells),
            reasoning="infer",
            skills=("counting", "hidden parts"),
        )

    def missing(self, rng: Rng) -> Question:
        cells = self.solid.columns * self.solid.rows
        box = cells * self.solid.tallest
        return self.of_solid(
            "missing",
            f"missing({box - self.solid.cubes})",
            format=Integer(),
            answer=box - self.solid.cubes,
            domain=tuple(sorted(box - number for number in likely_numbers(cells))),
            reasoning="infer",
            skills=("counting", "hidden parts"),
        )

    def column(self, rng: Rng) -> Question:
        column, row = self.solid.asked
        height = self.solid.heights[row][column]
        return self.of_solid(
            "column",
            f"height({column + 1}, {row + 1}, {height})",
            slots={
                "from_west": column + 1,
                "from_south": row + 1,
                "west": ORDINALS[column],
                "south": ORDINALS[row],
            },
            format=Integer(),
            answer=height,
            domain=tuple(range(self.solid.tallest)),
            reasoning="infer",
            skills=("position", "hidden parts"),
        )

    def plan(self, rng: Rng) -> Question:
        rows: list[JsonValue] = [[str(height) for height in line] for line in reversed(self.solid.heights)]
        vocabulary = tuple(str(height) for height in range(self.solid.tallest + 1))
        return self.of_solid(
            "plan",
            f"plan({'/'.join(''.join(map(str, line)) for line in reversed(self.solid.heights))})",
            format=Grid(
                rows=self.solid.rows, columns=self.solid.columns, vocabulary=vocabulary, noun="number of cubes"
            ),
            answer=rows,
            reasoning="infer",
            skills=("position", "hidden parts"),
        )

    def surface(self, rng: Rng) -> Question:
        """Around the board there is nothing; between neighbours as many squares are free as their heights differ."""
        lines = [*self.solid.heights, *zip(*self.solid.heights, strict=True)]
        sides = sum(abs(b - a) for line in lines for a, b in zip((0, *line), (*line, 0), strict=True))
        tops = sum(height > 0 for line in self.solid.heights for height in line)
        return self.near(
            "surface", sides + tops, 2, rng, claim="surface", reasoning="infer", skills=("counting", "surfaces")
        )

    def fullest(self, rng: Rng) -> Question:
        sums = [sum(line) for line in self.solid.heights]
        key = sums.index(max(sums)) + 1
        rows = [row + 1 for row in range(self.solid.rows)]
        names = [f"the {ORDINALS[row]} from the south" for row in range(self.solid.rows)]
        order = rng.shuffled(rows)
        form = Choice(options=tuple(names[row - 1] for row in order))
        return self.of_solid(
            "fullest",
            f"fullest({key})",
            format=form,
            answer=form.letters[order.index(key)],
            option_values=tuple(order),
            reasoning="infer",
            skills=("counting", "comparison"),
        )

    def left(self, rng: Rng) -> Question:
        """What stands in the top layer is as many cubes as there are columns of full height."""
        top = sum(height == self.solid.tallest for line in self.solid.heights for height in line)
        return self.near(
            "left",
            self.solid.cubes - top,
            1,
            rng,
            claim="left",
            reasoning="counterfactual",
            skills=("counting", "hidden parts"),
        )

    def near(
        self, kind: str, key: int, step: int, rng: Rng, *, claim: str, reasoning: str, skills: tuple[str, ...]
    ) -> Question:
        """A question with four numbers in a row to choose from, of which each is equally likely."""
        first = key - step * min(rng.steady("place").integer(0, OPTIONS - 1), key // step)
        values = [first + step * i for i in range(OPTIONS)]
        form, letter, stands = pose_choice(rng, key, [value for value in values if value != key], OPTIONS)
        return self.of_solid(
            kind,
            f"{claim}({key})",
            format=form,
            answer=letter,
            option_values=stands,
            reasoning=reasoning,
            skills=skills,
        )

    def way(self, rng: Rng) -> Question:
        leg = self.solid.leg
        key = "clockwise" if self.solid.way.clockwise[leg] else "anticlockwise"
        other = "anticlockwise" if key == "clockwise" else "clockwise"
        form, letter, values = pose_choice(rng, key, [other], 2)
        return self.question(
            "way",
            f"way({leg + 1}, {key})",
            self.events[: 2 * leg + 3],
            slots={"rest": leg + 1},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="recall",
            skills=("direction", "order"),
        )

    def next(self, rng: Rng) -> Question:
        way = self.solid.way
        place = SIDES.index(way.sides[-1])
        turn = -1 if way.clockwise[-1] else 1
        key, other = (SIDES[(place + step) % len(SIDES)] for step in (turn, -turn))
        form, letter, values = pose_choice(rng, key, [other], 2)
        return self.question(
            "next",
            f"next({key})",
            self.events[-3:],
            format=form,
            answer=letter,
            option_values=values,
            reasoning="predict",
            skills=("direction", "position"),
        )

    def of_solid(self, kind: str, claim: str, **rest: object) -> Question:
        """A question that rests on the views from all sides."""
        return self.question(kind, claim, self.rests, **rest)

    def question(self, kind: str, claim: str, events: Sequence[Event], **rest: object) -> Question:
        seen = [
            Step(kind="perceive", claim=event.claim, time=round((event.start + event.end) / 2, 3)) for event in events
        ]
        evidence = tuple(
            Evidence(start=event.start, end=event.end, objects=event.objects if event.kind == "rest" else ())
            for event in events
        )
        fields = {"kind": kind, "evidence": evidence, "steps": concluding(seen, claim)} | rest
        return Question.model_validate(fields)
