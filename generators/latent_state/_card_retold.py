"""Piles of cards told a second time, and their plan problem."""

from collections.abc import Iterable

from pydantic import JsonValue

from generators.latent_state._hidden_replay import Values
from generators.latent_state._hidden_search import deepening
from generators.latent_state._hidden_state import Operation
from morse.schema import Condition, Effect, Operator, PlanProblem, Question

MOST_MOVES = 50
"""How many cards a plan may lay on a pile, those that lie there at first included."""


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
