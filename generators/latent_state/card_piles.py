"""Piles of cards, face down: cards go on top, the bottom card goes away, and what lies where has to be followed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.latent_state._card_retold import Retold, problem
from generators.latent_state._card_table import SUITS, Piles, Table, draw_cards
from generators.latent_state._hidden_questions import asked
from generators.latent_state._hidden_replay import retold
from generators.latent_state._hidden_state import HiddenParams, HiddenRules, Life, Operation, lived
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import AnswerFormat, Grid, PlanProblem, Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

DECK = tuple(f"{rank}{suit}" for suit in SUITS for rank in (2, 3, 4, 5, 6, 7, 8, 9, 10, "J", "Q", "K", "A"))
HIGH = 7
"""The most cards in a pile."""


class Params(HiddenParams):
    sized_by: ClassVar[tuple[str, ...]] = ("piles", "cards")
    piles: int = ramp(3, per_level=0.34, most=6, least=3, limit=7, about="piles on the table")
    cards: int = ramp(3, per_level=0.25, most=5, least=2, limit=6, about="most cards in a pile when they are shown")


@dataclass(frozen=True)
class Rules(HiddenRules[Piles]):
    """A card that comes from outside is seen where the piles are shown first (``add(7S, 2)``), and one that goes away where they are
    shown last (``take(7S, 2)``); otherwise its back alone is (``add(2)``, ``take(2)``)."""

    piles: int
    cards: int
    numbered: ClassVar[bool] = True
    syntax: ClassVar[str] = "move(1, 2)"

    def any_state(self, rng: Rng) -> Piles:
        heights = [rng.integer(2, self.cards) for _ in range(self.piles)]
        deck = rng.sample(DECK, sum(heights))
        return tuple(tuple(deck.pop() for _ in range(height)) for height in heights)

    def any_operation(self, state: Piles, last: Operation | None, rng: Rng, back: bool) -> Operation:
        """Cards come where there are few and go where there are many: else their number at the end would tell how many came and
        went, and so how many were moved."""
        full = [pile for pile, cards in enumerate(state) if len(cards) > 1]
        room = [pile for pile, cards in enumerate(state) if len(cards) < HIGH]
        many = 2 * sum(map(len, state)) - self.piles * (2 + self.cards)
        change = "coming" if many < 0 or (many == 0 and rng.chance(0.5)) else "going"
        kind = rng.choice((change, "move"))
        if kind == "coming":
            held = {card for cards in state for card in cards}
            card = rng.choice([card for card in DECK if card not in held])
            return Operation("take" if back else "add", (card, str(rng.choice(room) + 1)))
        source = rng.choice(full)
        if kind == "going":
            return Operation("add" if back else "take", (str(source + 1),))
        target = rng.choice([pile for pile in room if pile != source])
        ends = (target, source) if back else (source, target)
        return Operation("move", tuple(str(pile + 1) for pile in ends))

    def after(self, state: Piles, operation: Operation) -> Piles | None:
        *cards, pile = operation.objects
        piles = [list(held) for held in state]
        if operation.kind == "add":
            return _frozen(_laid(piles, int(pile) - 1, cards[0], top=True))
        source = int(cards[0]) - 1 if operation.kind == "move" else int(pile) - 1
        if not piles[source]:
            return None
        card = piles[source].pop(0)
        return _frozen(_laid(piles, int(pile) - 1, card, top=True) if operation.kind == "move" else piles)

    def before(self, state: Piles, operation: Operation) -> Piles | None:
        *cards, pile = operation.objects
        piles = [list(held) for held in state]
        if operation.kind == "take":
            return _frozen(_laid(piles, int(pile) - 1, cards[0], top=False))
        if not piles[int(pile) - 1]:
            return None
        card = piles[int(pile) - 1].pop()
        return _frozen(_laid(piles, int(cards[0]) - 1, card, top=False) if operation.kind == "move" else piles)

    def values(self, state: Piles) -> dict[str, JsonValue]:
        return {str(i + 1): [*cards] for i, cards in enumerate(state)}

    def facts(self, state: Piles) -> Mapping[str, str]:
        return {
            f"number {k + 1} from the bottom in pile {i + 1}": card
            for i, cards in enumerate(state)
            for k, card in enumerate(cards)
        }

    def words(self, operation: Operation) -> str:
        *cards, pile = operation.objects
        if operation.kind == "move":
            return f"the bottom card of pile {cards[0]} goes on top of pile {pile}"
        card = cards[0] if cards else "a card, face down,"
        return f"{card} goes on top of pile {pile}" if operation.kind == "add" else _taken(cards, pile)

    def tallies(self) -> Mapping[str, Callable[[Operation], bool]]:
        names = [str(i + 1) for i in range(self.piles)]
        return {f"pile {name}": lambda operation, name=name: name in _piles_of(operation) for name in names}

    def changed(self, one: Piles, other: Piles) -> int:
        """Cards that lie in another pile. Those that came or went do not count: heights would tell how many these are."""
        return sum(card in then for i, then in enumerate(one) for j, now in enumerate(other) if i != j for card in now)

    def whole(self, state: Piles, rng: Rng) -> tuple[dict[str, JsonValue], AnswerFormat, JsonValue]:
        """A pile, its top card in the first row."""
        full = [i for i, cards in enumerate(state) if len(cards) > 1]
        if not full:
            raise Rejected("no pile with two cards")
        pile = rng.choice(full)
        rows: list[JsonValue] = [[card] for card in reversed(state[pile])]
        form = Grid(rows=len(rows), columns=1, vocabulary=DECK, noun="card")
        return {"pile": str(pile + 1)}, form, rows

    def plan(self, state: Piles, steps: int, rng: Rng) -> tuple[dict[str, JsonValue], PlanProblem]:
        """A card that is to lie on top of another pile: what lies under it must go first."""
        deep = [pile for pile, cards in enumerate(state) if len(cards) >= steps]
        if not deep:
            raise Rejected("no pile so high")
        source = rng.choice(deep)
        target = rng.choice([pile for pile in range(self.piles) if pile != source])
        card, others = state[source][steps - 1], [pile for pile in range(self.piles) if pile != source]
        ways = [*(rng.choice(others) for _ in range(steps - 1)), target]
        plan = [Operation("move", (str(source + 1), str(pile + 1))) for pile in ways]
        slots: dict[str, JsonValue] = {"card": card, "pile": str(target + 1)}
        return slots, problem(self.values(state), card, str(target + 1), plan)


@register(category="latent_state", version=5, stage="manim", covers=("VideoReasonBench",))
class CardPiles(Task[Params, Life[Piles]]):
    """Piles of cards that are seen only once: cards go on top of piles, and bottom cards leave them.

    What is shown
        Numbered piles of cards, face down. All cards are turned up before the first operation or after the last one, drawn per
        clip. A card comes from outside and goes on top of a pile, the bottom card of a pile goes away, or the bottom card of
        one pile goes on top of another; an arrow shows the way. A card that must be known is turned up on its way: one that comes
        where the piles are shown first, one that goes where they are shown last.
    What is asked
        Which operation was the k-th, which number an operation had, how many involved a pile; which card lies somewhere at
        the covered end of the clip or after the k-th operation, a whole pile from top to bottom; how many cards changed piles between
        start and end; what further operations would lead to; moves that bring a card on top of a pile.
    Difficulty
        More and higher piles, more operations; more movements that change nothing (cards that shake, passing balls, cloths);
        shorter pauses; predictions and plans of more operations.
    Source
        VideoReasonBench (arXiv 2505.23359), its demonstration with piles of cards.
    """

    def simulate(self, params: Params, rng: Rng) -> Life[Piles]:
        return lived(Rules(params.piles, params.cards), params, rng, idle=("shake", "tilt", "ball"))

    def layout(self, episode: Life[Piles], rng: Rng) -> Layout:
        return Table(episode, rng).layout()

    def ask(self, episode: Life[Piles], layout: Layout, rng: Rng) -> Iterable[Question]:
        return asked(episode, layout, rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(Retold(), question, shown)

    def draw(self, episode: Life[Piles], layout: Layout, stage: Any, style: Style) -> None:
        draw_cards(layout, stage, style)


def _laid(piles: list[list[str]], pile: int, card: str, *, top: bool) -> list[list[str]]:
    piles[pile].insert(len(piles[pile]) if top else 0, card)
    return piles


def _frozen(piles: Iterable[Iterable[str]]) -> Piles:
    return tuple(tuple(cards) for cards in piles)


def _piles_of(operation: Operation) -> tuple[str, ...]:
    """The piles that take part in an operation."""
    return operation.objects if operation.kind == "move" else operation.objects[-1:]


def _taken(cards: list[str], pile: str) -> str:
    return f"{cards[0]} leaves pile {pile} from the bottom" if cards else f"the bottom card of pile {pile} goes away"
