"""The library of rules of a machine that changes tokens: what a rule tells apart, and what it does to either sort."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from morse.seeding import Rng

SHAPES = ("star", "triangle", "cross", "heart", "diamond", "arrow", "moon")
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink")
RING, MOST_DOTS = 5, 4
"""How many shapes, and colours, follow each other in a circle; and after how many dots comes one again."""
ATTRIBUTES = {"shape": RING, "colour": RING, "dots": MOST_DOTS}


class Token(NamedTuple):
    """A token: its places in the circles of shapes, colours and dots (from 0), its size and the plate it lies on."""

    shape: int
    colour: int
    dots: int
    large: bool
    round: bool


class Act(NamedTuple):
    """What is done to a token: one of its :data:`ATTRIBUTES` goes on by so many places in its circle."""

    attribute: str
    step: int

    def on(self, token: Token) -> Token:
        place = (getattr(token, self.attribute) + self.step) % ATTRIBUTES[self.attribute]
        return token._replace(**{self.attribute: place})


ACTS = {
    Act("shape", 1): "the next shape",
    Act("shape", -1): "the shape before",
    Act("shape", 2): "the shape two further on",
    Act("shape", -2): "the shape two further back",
    Act("colour", 1): "the next colour",
    Act("colour", -1): "the colour before",
    Act("colour", 2): "the colour two further on",
    Act("colour", -2): "the colour two further back",
    Act("dots", 1): "one dot more",
    Act("dots", -1): "one dot less",
}
"""Everything that may be done to a token, in the words of the options."""


class Trait(NamedTuple):
    """What a rule may tell tokens apart by: its name, and the words for those that have it and for the others."""

    name: str
    having: str
    lacking: str


TRAITS = {
    "size": Trait("its size", "large ones", "small ones"),
    "plate": Trait("its plate", "those on a round plate", "those on a square plate"),
    "parity": Trait("an even number of dots", "those with 2 or 4 dots", "those with 1 or 3 dots"),
    "many": Trait("more than two dots", "those with 3 or 4 dots", "those with 1 or 2 dots"),
}


def has(token: Token, trait: str) -> bool:
    """Whether a token that goes in has a trait."""
    match trait:
        case "size":
            return token.large
        case "plate":
            return token.round
        case "parity":
            return token.dots % 2 == 1
        case _:
            return token.dots >= 2


class Rule(NamedTuple):
    """Tokens that have a trait are changed in one way, all others in another."""

    trait: str
    having: Act
    lacking: Act

    def act(self, token: Token) -> Act:
        return self.having if has(token, self.trait) else self.lacking

    def on(self, token: Token) -> Token:
        return self.act(token).on(token)

    def words(self) -> str:
        trait = TRAITS[self.trait]
        return f"{trait.having} get {ACTS[self.having]}, {trait.lacking} get {ACTS[self.lacking]}"

    def record(self) -> list[JsonValue]:
        """The rule as JSON: trait, then attribute and step for those that have it and for the others."""
        return [self.trait, *self.having, *self.lacking]


def any_token(rng: Rng) -> Token:
    return Token(
        rng.integer(0, RING - 1),
        rng.integer(0, RING - 1),
        rng.integer(0, MOST_DOTS - 1),
        rng.chance(0.5),
        rng.chance(0.5),
    )


def any_rule(traits: Sequence[str], rng: Rng) -> Rule:
    return Rule(rng.choice(traits), *rng.sample([*ACTS], 2))


def told_apart(tokens: Iterable[Token], trait: str, traits: Iterable[str]) -> bool:
    """Whether only a rule by this trait can have changed the tokens, two different changes being seen."""
    sorts = {other: [has(token, other) for token in tokens] for other in traits}
    own = sorts[trait]
    alike = (own, [not sort for sort in own])
    return len({*own}) == 2 and not any(sorts[other] in alike for other in sorts if other != trait)


def explanations(pairs: Sequence[tuple[Token, Token]], traits: Sequence[str]) -> list[tuple[int, Rule, Rule]]:
    """All ways in which two different rules of the library, the second one from some token on, explain what came out:
    how many tokens were changed by the first rule, and the two rules."""
    whole = (1 << len(pairs)) - 1
    fitting: dict[int, list[Rule]] = {}
    for trait in traits:
        sorts = [has(token, trait) for token, _ in pairs]
        suits = {
            side: {
                act: sum(1 << i for i, (one, out) in enumerate(pairs) if sorts[i] == side and act.on(one) == out)
                for act in ACTS
            }
            for side in (True, False)
        }
        for having, one in suits[True].items():
            for lacking, other in suits[False].items():
                if having != lacking and one | other:
                    fitting.setdefault(one | other, []).append(Rule(trait, having, lacking))
    found = []
    for first in range(1, len(pairs)):
        head, tail = (1 << first) - 1, whole ^ ((1 << first) - 1)
        before = [rule for mask, rules in fitting.items() if mask & head == head for rule in rules]
        after = [rule for mask, rules in fitting.items() if mask & tail == tail for rule in rules]
        found += [(first, one, other) for one in before for other in after if one != other]
    return found
