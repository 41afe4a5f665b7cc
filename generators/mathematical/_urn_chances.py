"""Exact chances about urns whose contents are not all known: every state of them that is possible, with its probability."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from generators.mathematical._urn_acts import Act, holds, moved

Held = tuple[int, ...]
State = tuple[tuple[str, Held], ...]
Belief = dict[State, Fraction]
"""Contents of all urns, each with its probability."""


def after(urns: Mapping[str, Held], acts: Iterable[Act]) -> Belief:
    """What is known of the urns after some acts: each draw in view is weighed by how likely it was (Bayes), each token moved
    under a cover may have been of any kind."""
    belief: Belief = {tuple(sorted(urns.items())): Fraction(1)}
    for act in acts:
        if act.what == "draw":
            belief = _weighed(belief, act)
        elif act.what == "slip":
            belief = _branched(belief, act)
    return belief


def _weighed(belief: Belief, act: Act) -> Belief:
    weights: Belief = {}
    for state, chance in belief.items():
        held = dict(state)
        likely = Fraction(held[act.at][act.kind], sum(held[act.at]))
        if likely:
            to = tuple(sorted(moved(held, act).items()))
            weights[to] = weights.get(to, Fraction(0)) + chance * likely
    whole = sum(weights.values())
    return {state: weight / whole for state, weight in weights.items()}


def _branched(belief: Belief, act: Act) -> Belief:
    branches: Belief = {}
    for state, chance in belief.items():
        held = dict(state)
        for kind, number in enumerate(held[act.at]):
            if number:
                to = tuple(sorted(moved(held, act._replace(kind=kind)).items()))
                branches[to] = branches.get(to, Fraction(0)) + chance * Fraction(number, sum(held[act.at]))
    return branches


def next_is(belief: Belief, urn: str, kind: int) -> Fraction:
    """The probability that the next token from an urn is of a kind."""
    parts = ((dict(state)[urn], chance) for state, chance in belief.items())
    return sum((chance * Fraction(held[kind], sum(held)) for held, chance in parts), Fraction(0))


def both_are(belief: Belief, urn: str, kind: int, back: bool = False) -> Fraction:
    """The probability that the next two tokens from an urn are of a kind, the first kept out (or put back)."""
    total = Fraction(0)
    for state, chance in belief.items():
        held = dict(state)[urn]
        number, size = held[kind], sum(held)
        total += chance * Fraction(number, size) * (Fraction(number, size) if back else Fraction(number - 1, size - 1))
    return total


def is_like(one: Held, other: Held, looks: Sequence[int]) -> Fraction:
    """The probability that a box is filled like ``one`` and not like ``other``, both as likely at first, after some looks."""
    weights = []
    for held in (one, other):
        weight = Fraction(1)
        for kind in looks:
            weight *= Fraction(held[kind], sum(held))
        weights.append(weight)
    return weights[0] / (weights[0] + weights[1])


def face_is(faces: Sequence[int], hint: str, face: int) -> Fraction:
    """The probability that a roll of which a sign says something shows a face."""
    possible = [one for one in faces if holds(hint, one)]
    return Fraction(possible.count(face), len(possible))


def mean(faces: Sequence[int], hint: str = "") -> Fraction:
    """The expected face of a roll, of which a sign may say something."""
    possible = [one for one in faces if not hint or holds(hint, one)]
    return Fraction(sum(possible), len(possible))
