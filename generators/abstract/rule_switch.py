"""A machine changes tokens by a hidden rule, and once, unannounced, by another: when, from what to what, and what comes next."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.abstract._rules import (
    ACTS,
    COLOURS,
    RING,
    SHAPES,
    TRAITS,
    Rule,
    Token,
    any_rule,
    any_token,
    explanations,
    told_apart,
)
from generators.abstract._switch_looks import draw_run
from generators.abstract._switch_questions import Asking
from generators.abstract._switch_show import Run, run_layout
from generators.abstract._switch_viewer import retold
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(TaskParams):
    tokens: int = ramp(10, per_level=1, most=80, least=10, limit=400, about="tokens that go through the machine")
    traits: int = ramp(
        2, per_level=0.34, most=4, least=2, limit=4, about="what a rule may tell tokens apart by: size, plate, dots"
    )
    decoys: int = ramp(2, per_level=1, limit=400, about="flashes of a lamp and tokens that pass by, which mean nothing")

    @property
    def afters(self) -> range:
        """After how many tokens the rule may change."""
        width = max(4, self.tokens // 3)
        low = self.tokens // 2 - width // 2
        return range(low, low + width)


@register(
    category="abstract",
    version=3,
    none_of=("came_out", "next_output", "other_output"),
    stage="manim",
    covers=("MORSE-500 abstract",),
)
class RuleSwitch(Task[Params, Run]):
    """Tokens go through a machine that changes each by a hidden rule; once the rule changes.

    What is shown
        A machine on a belt. Tokens (a coloured shape over some dots, on a round or square plate, large or small) go in one by one
        and come out changed in their shape, colour or number of dots; charts show the circles in which shapes, colours and dots
        follow each other. A rule sorts tokens by one trait and changes either sort in one way. From some token on another
        rule holds: it sorts by another trait, or changes a sort in another way, or both. One token is still waiting at the end.
        A flashing lamp and tokens that pass below mean nothing.
    What is asked
        After how many tokens the rule changed; what the first or second rule does; what came out as the n-th; what will come
        out for the waiting token; what would have come out under the other rule, and for which tokens that is another thing.
    Difficulty
        More tokens, more traits by which a rule may sort, more decoys.
    Source
        Own design, after the abstract kinds of MORSE-500 and the rule shifts of card sorting tests (Grant and Berg 1948).
    """

    def simulate(self, params: Params, rng: Rng) -> Run:
        wanted = rng.steady("wanted")
        after, count = wanted.choice(params.afters), params.tokens + wanted.integer(0, 1)
        change, unlike = wanted.choice(("trait", "act", "both")), wanted.integer(1, 2)
        traits = tuple(TRAITS)[: params.traits]
        first = any_rule(traits, rng)
        second = changed(first, change, traits, rng)
        before = drawn(first, after, traits, rng)
        while first.act(before[-1]) == second.act(before[-1]):
            before = drawn(first, after, traits, rng)
        for _ in range(300):
            then = drawn(second, count - after, traits, rng)
            differ = [first.act(token) != second.act(token) for token in then]
            if differ[0] and sum(differ[1:]) >= unlike and differ[1:].count(False) >= 3 - unlike:
                break
        else:
            raise Rejected("no tokens that tell the rules apart as wanted")
        pairs = [(token, first.on(token)) for token in before] + [(token, second.on(token)) for token in then]
        if explanations(pairs, traits) != [(after, first, second)]:
            raise Rejected("another pair of rules explains it too")
        return Run(
            tuple(rng.sample(SHAPES, RING)), tuple(rng.sample(COLOURS, RING)), traits,
            (*before, *then, any_token(rng)), (first, second), after, params.afters, unlike, params.decoys,
        )  # fmt: skip

    def layout(self, episode: Run, rng: Rng) -> Layout:
        return run_layout(episode, rng)

    def ask(self, episode: Run, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By sorting what went in by what was seen to happen to it."""
        return retold(question, shown)

    def draw(self, episode: Run, layout: Layout, stage: Any, style: Style) -> None:
        draw_run(layout, stage, style)


def changed(rule: Rule, change: str, traits: Iterable[str], rng: Rng) -> Rule:
    """A rule that shares with the first one what it does, or one of the two things that it does and maybe the trait."""
    if change in ("trait", "both"):
        rule_trait = rng.choice([trait for trait in traits if trait != rule.trait])
        rule = rule._replace(trait=rule_trait)
    if change in ("act", "both"):
        act = rng.choice([act for act in ACTS if act not in (rule.having, rule.lacking)])
        rule = rule._replace(having=act) if rng.chance(0.5) else rule._replace(lacking=act)
    return rule


def drawn(rule: Rule, count: int, traits: Iterable[str], rng: Rng) -> list[Token]:
    """So many tokens, after which it is plain what the rule is."""
    for _ in range(200):
        tokens = [any_token(rng) for _ in range(count)]
        if told_apart(tokens, rule.trait, traits):
            return tokens
    raise Rejected("no tokens that tell the traits apart")
