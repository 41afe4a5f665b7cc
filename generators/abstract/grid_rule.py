"""Patterns of coloured cells are changed by a hidden rule, shown on examples: what does it make of a new pattern?"""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.abstract._pattern_looks import draw_patterns
from generators.abstract._pattern_questions import Asking
from generators.abstract._pattern_rules import (
    COLOURS,
    Pattern,
    Rule,
    after,
    agreeing_pattern,
    any_pattern,
    any_rule,
    fitting,
    rivals,
)
from generators.abstract._pattern_show import Lesson, lesson_layout
from generators.abstract._pattern_viewer import retold
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(TaskParams):
    side: int = ramp(4, per_level=0.34, most=7, least=4, limit=8, about="cells along a side of a pattern")
    steps: int = ramp(1, per_level=0.34, most=4, least=1, limit=4, about="steps of the rule")
    colours: int = ramp(4, per_level=0.2, most=5, least=4, limit=6, about="colours of cells")
    examples: int = ramp(2, per_level=0.25, most=5, least=2, limit=20, about="examples of what the rule does")
    crossed: int = ramp(1, per_level=0.34, most=40, limit=60, about="false examples, which are crossed out")
    overlap: float = ramp(
        1.2,
        per_level=-0.2,
        most=0.0,
        limit=1.2,
        about="seconds for which both patterns of an example are seen together",
    )


@register(category="abstract", version=1, stage="manim", covers=("ARC", "MORSE-500 abstract"))
class GridRule(Task[Params, Lesson]):
    """Patterns of coloured cells are changed by a hidden rule, shown on examples and asked of a new pattern.

    What is shown
        Examples, one after another: a square pattern of coloured and empty cells, then what the rule makes of it. The rule is one
        or several steps in a fixed order: turn or mirror, shift with wrap-around, fall, outline, swap two colours. Crossed-out
        examples are false. Then a new pattern, and at last four patterns with letters.
    What is asked
        What the rule is; which lettered pattern it makes of the new one, or all of that pattern; the colour of a cell, how many
        coloured cells a row has there; where a cell would go if it were black; the colour of a cell of an example.
    Difficulty
        Larger patterns, more steps, colours and examples, more false examples, before and after less and less on show together.
    Source
        The Abstraction and Reasoning Corpus (Chollet 2019, arXiv 1911.01547), as in the abstract kinds of MORSE-500; own rules.
    """

    def simulate(self, params: Params, rng: Rng) -> Lesson:
        side, colours = params.side, params.colours
        seen = rng.steady("seen").integer(0, colours)
        rule = any_rule(params.steps, colours, rng)
        others = rivals(rule, colours, rng)
        pairs = [(pattern, after(pattern, rule, side)) for pattern in self.examples(params, rule, others, rng)]
        recalled = [
            (number, then, cell)
            for number, pair in enumerate(pairs)
            for then in (0, 1)
            for cell in range(side**2)
            if pair[then][cell] == seen
        ]
        known = fitting(pairs, params.steps, colours, side)
        if not recalled or rule not in known or any(other in known for other in others):
            raise Rejected("examples that do not show the rule")
        new, row, cell, moved = self.task(params, rule, others, known, rng)
        crossed = [self.false_example(params, rule, others, rng) for _ in range(params.crossed)]
        return Lesson(
            side, tuple(rng.sample([*COLOURS], colours)), rule, tuple(others), tuple(pairs), tuple(crossed),
            tuple(sorted(rng.integer(0, len(pairs) - 1) for _ in crossed)), new, row, cell, moved, rng.choice(recalled),
            params.overlap,
        )  # fmt: skip

    def task(
        self, params: Params, rule: Rule, others: Sequence[Rule], known: Sequence[Rule], rng: Rng
    ) -> tuple[Pattern, int, int, tuple[int, int]]:
        """A new pattern of which all rules that explain the examples make the same; the row, the cell and the move (from, to)
        to be asked for, whose answers were drawn before."""
        side, colours, wanted = params.side, params.colours, rng.steady("wanted")
        filled, colour, target = wanted.integer(1, side - 1), wanted.integer(0, colours), wanted.integer(0, side**2 - 1)
        for _ in range(120):
            new = any_pattern(side, colours, rng)
            made, *wrong = (after(new, one, side) for one in (rule, *others))
            rows = [y for y in range(side) if sum(map(bool, made[y * side : (y + 1) * side])) == filled]
            cells = [i for i, cell in enumerate(made) if cell == colour]
            if not rows or not cells or len({new, made, *wrong}) < 5:
                continue
            source = came_from(new, target, rule, side, colours)
            if source is None or any(after(new, one, side) != made for one in known):
                continue
            marked = blackened(new, source, colours)
            if all(after(marked, one, side) == after(marked, rule, side) for one in known):
                return new, rng.choice(rows), rng.choice(cells), (source, target)
        raise Rejected("no new pattern as wanted")

    def examples(self, params: Params, rule: Rule, others: Iterable[Rule], rng: Rng) -> list[Pattern]:
        """Patterns to show the rule on; of one of them another rule makes the same, where there is such a pattern."""
        made = [any_pattern(params.side, params.colours, rng) for _ in range(params.examples)]
        for other in rng.shuffled([*others]):
            pattern = agreeing_pattern(rule, other, params.side, params.colours, rng)
            if pattern is not None:
                made[rng.integer(0, len(made) - 1)] = pattern
                break
        return made

    def false_example(self, params: Params, rule: Rule, others: Iterable[Rule], rng: Rng) -> tuple[Pattern, Pattern]:
        """What another rule makes of a pattern, unlike what the rule would."""
        other = rng.choice([*others])
        for _ in range(40):
            pattern = any_pattern(params.side, params.colours, rng)
            made = after(pattern, other, params.side)
            if made != after(pattern, rule, params.side):
                return pattern, made
        raise Rejected("no false example")

    def layout(self, episode: Lesson, rng: Rng) -> Layout:
        return lesson_layout(episode, rng)

    def ask(self, episode: Lesson, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By trying every rule on the examples that are not crossed out."""
        return retold(question, shown)

    def draw(self, episode: Lesson, layout: Layout, stage: Any, style: Style) -> None:
        draw_patterns(layout, stage, style)


def blackened(pattern: Pattern, cell: int, colours: int) -> Pattern:
    """The pattern with a cell in a colour of its own."""
    return (*pattern[:cell], colours + 1, *pattern[cell + 1 :])


def came_from(pattern: Pattern, target: int, rule: Rule, side: int, colours: int) -> int | None:
    """The coloured cell that a rule brings to a place."""
    for cell, colour in enumerate(pattern):
        if colour and after(blackened(pattern, cell, colours), rule, side)[target] == colours + 1:
            return cell
    return None
