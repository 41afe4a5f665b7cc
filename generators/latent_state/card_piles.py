"""Piles of cards, face down: cards go on top, the bottom card goes away, and what lies where has to be followed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.latent_state._hidden_looks import draw_passing, draw_table
from generators.latent_state._hidden_questions import asked
from generators.latent_state._hidden_replay import Values, retold
from generators.latent_state._hidden_search import deepening
from generators.latent_state._hidden_show import Showing
from generators.latent_state._hidden_state import HiddenParams, HiddenRules, Life, Operation, lived
from morse import gestures
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import AnswerFormat, Condition, Effect, Grid, Operator, PlanProblem, Question, Thing
from morse.seeding import Rng
from morse.style import Style, mix
from morse.task import Task, register

Piles = tuple[tuple[str, ...], ...]
"""The cards of each pile, from the bottom to the top."""
SUITS = {"S": "♠", "H": "♥", "D": "♦", "C": "♣"}
DECK = tuple(f"{rank}{suit}" for suit in SUITS for rank in (2, 3, 4, 5, 6, 7, 8, 9, 10, "J", "Q", "K", "A"))
HIGH = 7
"""The most cards in a pile."""
MOST_MOVES = 50
"""How many cards a plan may lay on a pile, those that lie there at first included."""
BASE, PITCH, CARD_HEIGHT = -2.15, 0.7, 0.62
"""Where the bottom card lies, how far cards are apart, and how high they are, in canvas units."""
BACKS = ("#a63d40", "#2f5d8a", "#3d7a55", "#6c4f8f", "#8a5a2b", "#37474f")


class Params(HiddenParams):
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
        full = [pile for pile, cards in enumerate(state) if len(cards) > 1]
        room = [pile for pile, cards in enumerate(state) if len(cards) < HIGH]
        kinds = ("coming",) * bool(room) + ("going",) * bool(full) + ("move", "move") * (len(room) > 1 and bool(full))
        kind = rng.choice(kinds)
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
        pile = rng.choice([i for i, cards in enumerate(state) if len(cards) > 1])
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


@register(category="latent_state", version=2, stage="manim", covers=("VideoReasonBench",))
class CardPiles(Task[Params, Life[Piles]]):
    """Piles of cards that are seen only once: cards go on top of piles, and bottom cards leave them.

    What is shown
        Numbered piles of cards, face down. All cards are turned up before the first operation or after the last one, drawn per
        clip. A card comes from outside and goes on top of a pile, the bottom card of a pile goes away, or the bottom card of
        one pile goes on top of another; an arrow shows the way. A card that must be known is turned up on its way: one that comes
        where the piles are shown first, one that goes where they are shown last.
    What is asked
        Which operation was the k-th, which number an operation had, how many involved a pile; which card lies somewhere at
        the covered end of the clip or after the k-th operation, a whole pile from top to bottom; how many piles differ between
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
        return _Table(episode, rng).layout()

    def ask(self, episode: Life[Piles], layout: Layout, rng: Rng) -> Iterable[Question]:
        return asked(episode, layout, rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(Retold(), question, shown)

    def draw(self, episode: Life[Piles], layout: Layout, stage: Any, style: Style) -> None:
        from manim import Arrow, RoundedRectangle, VGroup

        from morse.stage.lettering import lettering

        top, width = draw_table(stage, style), layout.details["width"]
        back = style.pick("back", BACKS)
        for name, x in layout.details["piles"]:
            label = lettering(name, 0.46, style.ink, font=style.font, cut="bold", at=(x, BASE - 0.72), on_line=True)
            stage.backdrop(label)
        size = {"width": width, "height": CARD_HEIGHT, "corner_radius": 0.1}
        line = {"stroke_color": mix(back, "#000000", 0.55), "stroke_width": 2.5}
        inner = style.pick("pattern", ("frame", "bar", "plain"))
        for thing in layout.objects:
            if thing.kind == "card":
                look = [RoundedRectangle(**size, fill_color=back, fill_opacity=1, **line)]
                if inner != "plain":
                    share = 0.86 if inner == "frame" else 0.5
                    within = {"width": share * width, "height": (0.66 if inner == "frame" else 0.22) * CARD_HEIGHT}
                    light = {"stroke_color": mix(back, "#ffffff", 0.6), "stroke_width": 2.5, "fill_opacity": 0}
                    look.append(RoundedRectangle(corner_radius=0.05, **within, **light))
                stage.add(thing.id, VGroup(*look))
            elif thing.kind == "face":
                card = str(thing.attributes["card"])
                ink = "#b3132b" if card[-1] in "HD" else "#15181c"
                text = lettering(f"{card[:-1]}{SUITS[card[-1]]}", 0.46, ink, cut="bold", on_line=True)
                stage.add(
                    thing.id, VGroup(RoundedRectangle(**size, fill_color="#fbfaf5", fill_opacity=1, **line), text)
                )
            elif thing.kind == "arrow":
                across, up = (float(str(thing.attributes[side])) for side in ("across", "up"))
                ends = ((-across / 2, -up / 2, 0.0), (across / 2, up / 2, 0.0))
                tips = {
                    "max_tip_length_to_length_ratio": 0.5,
                    "tip_length": 0.3,
                    "max_stroke_width_to_length_ratio": 20,
                }
                stage.add(thing.id, Arrow(*ends, buff=0, color=mix(style.accent, top, 0.0), stroke_width=7, **tips))
        draw_passing(layout, stage, style)


class _Table:
    """The piles in space and time. What a card is, is told by neither its name nor its turn in drawing."""

    def __init__(self, life: Life[Piles], rng: Rng) -> None:
        self.life, self.rng = life, rng
        self.show: Showing[Piles] = Showing(life, rng)
        count = len(life.seen)
        step = min(15.0 / count, 3.6)
        self.width = min(1.9, 0.68 * step)
        self.across = [(i - (count - 1) / 2) * step for i in range(count)]
        self.things: list[Thing] = []
        self.made = 0
        first, coming = life.walk.states[0], sum(operation.kind == "add" for operation in life.walk.operations)
        self.names = rng.shuffled([f"card-{i + 1}" for i in range(sum(map(len, first)) + coming)])
        self.piles = [
            [self._card(card, self._spot(i, k)) for k, card in enumerate(cards)] for i, cards in enumerate(first)
        ]

    def layout(self) -> Layout:
        self.show.play(self.reveal, self.act, {"shake": self.shake, "tilt": self.tilt})
        piles = [(str(i + 1), x) for i, x in enumerate(self.across)]
        return self.show.layout(self.things, width=self.width, piles=piles)

    def reveal(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]:
        return self.show.fade((f"face of {card}" for pile in self.piles for card in pile), start, up, down, end)

    def act(self, operation: Operation, start: float, end: float) -> tuple[str, ...]:
        """A card on its way, with an arrow; the pile that it leaves settles at the end."""
        *given, pile = operation.objects
        to, line = int(pile) - 1, self.show.line
        seen, gone = round(start + 0.15, 3), round(end - 0.35, 3)
        if operation.kind == "add":
            there = self._spot(to, len(self.piles[to]))
            here = (there[0], max(there[1] + 0.9, 3.55))
            after = self.life.walk.states[1 + sum(event.kind in ("add", "take", "move") for event in self.show.events)]
            card = self._card(after[to][-1], here, opacity=0.0)
            line.change(card, "opacity", 1.0, start, seen)
            self.piles[to].append(card)
        else:
            source = int(given[0]) - 1 if operation.kind == "move" else to
            card, here = self.piles[source].pop(0), self._spot(source, 0)
            there = (here[0], here[1] - 1.6)
            if operation.kind == "move":
                there = self._spot(to, len(self.piles[to]))
                self.piles[to].append(card)
            for k, other in enumerate(self.piles[source]):
                if other != card:
                    line.move(other, self._spot(source, k), gone, end)
        most = round(gone - 0.2, 3)  # the tip of the arrow stays in sight until the card is nearly there
        line.move(card, (0.5 * (here[0] + there[0]), 0.5 * (here[1] + there[1])), seen, most)
        line.move(card, there, most, gone)
        if operation.kind == "take":
            line.change(card, "opacity", 0.0, gone, end)
        if operation.kind != "move" and given:
            line.change(f"face of {card}", "opacity", 1.0, start, seen)
            line.change(f"face of {card}", "opacity", 0.0, gone, end)
        seen_of_it = f"face of {card}" if operation.kind != "move" and given else card
        return (seen_of_it, self._arrow(here, there, start, end))

    def shake(self, start: float, end: float) -> tuple[str, ...]:
        card = self.rng.choice([card for pile in self.piles for card in pile])
        gestures.shake(self.show.line, card, start, end, 0.12)
        return (card,)

    def tilt(self, start: float, end: float) -> tuple[str, ...]:
        card = self.rng.choice([card for pile in self.piles for card in pile])
        gestures.tilt(self.show.line, card, start, end, 0.09 * self.rng.choice((-1, 1)))
        return (card,)

    def _spot(self, pile: int, height: int) -> tuple[float, float]:
        return self.across[pile], BASE + PITCH * height

    def _card(self, card: str, at: tuple[float, float], opacity: float = 1.0) -> str:
        name = self.names[self.made]
        self.made += 1
        size = (self.width, CARD_HEIGHT)
        self.show.line.add(name, at, size, z=3, opacity=opacity)
        self.show.line.add(f"face of {name}", at, size, z=4, opacity=0.0)
        self.show.line.tie(f"face of {name}", name)
        self.things += [
            Thing(id=name, kind="card"),
            Thing(id=f"face of {name}", kind="face", attributes={"card": card}),
        ]
        return name

    def _arrow(self, here: tuple[float, float], there: tuple[float, float], start: float, end: float) -> str:
        """An arrow along the way of a card, beside it where the way is straight up or down."""
        name = f"arrow {len(self.show.events)}"
        across, up = there[0] - here[0], there[1] - here[1]
        x, y = (here[0] + there[0]) / 2, (here[1] + there[1]) / 2
        if not across:
            x += self.width / 2 + 0.25
        side = (max(abs(across), 0.3), max(abs(up), 0.3))
        self.show.line.add(name, (x, y), side, z=9, solid=False, opacity=0.0)
        self.show.line.change(name, "opacity", 1.0, start, round(start + 0.15, 3))
        self.show.line.change(name, "opacity", 0.0, round(end - 0.15, 3), end)
        ways: dict[str, JsonValue] = {"across": round(across, 3), "up": round(up, 3)}
        self.things.append(Thing(id=name, kind="arrow", attributes=ways, shape_fills_box=False))
        return name


class Retold:
    """The piles once more, as text lists, top card last."""

    def redo(self, values: Values, operation: Operation) -> Values:
        now, pile = _lists(values), operation.objects[-1]
        match operation.kind:
            case "add":
                now[pile] = [*now[pile], operation.objects[0]]
            case "take":
                now[pile] = now[pile][1:]
            case _:
                (card, *rest), other = now[operation.objects[0]], now[pile]
                now |= {operation.objects[0]: rest, pile: [*other, card]}
        return {name: [*cards] for name, cards in now.items()}

    def undo(self, values: Values, operation: Operation) -> Values:
        now, pile = _lists(values), operation.objects[-1]
        match operation.kind:
            case "add":
                now[pile] = now[pile][:-1]
            case "take":
                now[pile] = [operation.objects[0], *now[pile]]
            case _:
                (*rest, card), other = now[pile], now[operation.objects[0]]
                now |= {pile: rest, operation.objects[0]: [card, *other]}
        return {name: [*cards] for name, cards in now.items()}

    def fact(self, values: Values, place: str) -> str:
        words = place.split()
        return _lists(values)[words[-1]][int(words[1]) - 1]

    def tallied(self, operation: Operation, tally: str) -> bool:
        places = operation.objects if operation.kind == "move" else operation.objects[-1:]
        return tally.removeprefix("pile ") in places

    def changed(self, first: Values, last: Values) -> int:
        home, now = ({card: pile for pile, cards in _lists(v).items() for card in cards} for v in (first, last))
        return len([card for card in home if card in now and now[card] != home[card]])

    def whole(self, values: Values, question: Question) -> JsonValue:
        return [[card] for card in _lists(values)[str(question.slots["pile"])][::-1]]

    def plan(self, values: Values, question: Question) -> JsonValue:
        card, target = str(question.slots["card"]), str(question.slots["pile"])
        names = tuple(values)

        def least(piles: tuple[str, ...]) -> int:
            """Cards are joined by spaces: what stands before the card lies under it."""
            home = next(pile.split() for pile in piles if card in pile.split())
            return 0 if piles[names.index(target)].split()[-1:] == [card] else home.index(card) + 1

        def steps(piles: tuple[str, ...]) -> Iterable[tuple[Operation, tuple[str, ...]]]:
            for i, source in enumerate(piles):
                for j, other in enumerate(piles):
                    if i != j and source:
                        bottom, _, rest = source.partition(" ")
                        after = {i: rest, j: f"{other} {bottom}".strip()}
                        moved = tuple(after.get(k, pile) for k, pile in enumerate(piles))
                        yield Operation("move", (names[i], names[j])), moved

        start = tuple(" ".join(cards) for cards in _lists(values).values())
        plan = deepening(start, lambda piles: least(piles) == 0, steps, least)
        return problem(values, card, target, plan).model_dump(mode="json")


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


def _lists(values: Values) -> dict[str, list[str]]:
    return {name: [str(card) for card in cards] for name, cards in values.items() if isinstance(cards, list)}


def problem(values: Values, card: str, pile: str, plan: Iterable[Operation]) -> PlanProblem:
    """The plan problem "this card on top of that pile". Each pile is a row of places, with the numbers of its first card and of
    the place after its last."""
    piles = _lists(values)
    at: dict[str, JsonValue] = {
        f"at({name}, {k})": held for name, cards in piles.items() for k, held in enumerate(cards)
    }
    ends: dict[str, JsonValue] = {f"end({name})": len(cards) for name, cards in piles.items()}
    firsts: dict[str, JsonValue] = {f"first({name})": 0 for name in piles}
    more: dict[str, JsonValue] = {f"more({n})": n + 1 for n in range(MOST_MOVES)}
    less: dict[str, JsonValue] = {f"less({n + 1})": n for n in range(MOST_MOVES)}
    names = tuple(piles)
    return PlanProblem(
        initial={**at, **ends, **firsts, **more, **less},
        operators=(
            Operator(
                name="move",
                parameters={"?from": names, "?to": names},
                needs=(
                    Condition(term="?from", test="is not", value="?to"),
                    Condition(term="first(?from)", test="is not", value="end(?from)"),
                ),
                does=(
                    Effect(action="set", term="at(?to, end(?to))", value="at(?from, first(?from))"),
                    Effect(action="set", term="end(?to)", value="more(end(?to))"),
                    Effect(action="set", term="first(?from)", value="more(first(?from))"),
                ),
            ),
        ),
        goal=(Condition(term=f"at({pile}, less(end({pile})))", value=card),),
        solution=tuple(map(str, plan)),
    )
