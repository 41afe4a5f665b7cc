"""Captions of a clip, one true and five counterfactual: the same things and doings, in other roles or another order.

As in RCAD on Feint6K (Ma et al., arXiv 2407.13094), but so that no caption is told from the others by what it shares with them: the six are all of
two orders and three ways to say who does what, each as far from the others as every other one.
"""

from collections.abc import Iterable

from pydantic import JsonValue

from morse.seeding import Rng

Deed = tuple[str, str]
"""Who, and what they do."""
SKILL = "caption"
"""The skill of questions that ask which caption fits the clip."""


def captions(first: Deed, second: Deed, other: str) -> tuple[list[JsonValue], ...]:
    """Six captions, the true one first: two deeds in order, each ``[who, what]``. ``other``: a third thing to do.

    Who does what is shifted along the three doings; the order is this one or the other.
    """
    (who, what), (whom, doing) = first, second
    ring = (what, doing, other)
    found: list[list[JsonValue]] = []
    for shift in range(3):
        deeds: list[JsonValue] = [[who, ring[shift]], [whom, ring[(shift + 1) % 3]]]
        found += [deeds, deeds[::-1]]
    return tuple(found)


def drawn(rng: Rng, deeds: Iterable[tuple[Deed, float]], doings: Iterable[str]) -> tuple[list[JsonValue], ...] | None:
    """Captions of two of the deeds, with when each begins, so that the true one alone holds; ``None`` where there are none."""
    every = list(deeds)
    done = {deed for deed, _ in every}
    once = [one for one in every if sum(deed == one[0] for deed, _ in every) == 1]
    for first, begin in rng.shuffled(once):
        for second, later in rng.shuffled(once):
            if later - begin < 0.75 or first[0] == second[0] or first[1] == second[1]:
                continue
            for other in rng.shuffled([what for what in doings if what not in (first[1], second[1])]):
                six = captions(first, second, other)
                told = {(str(who), str(what)) for caption in six for who, what in caption}  # type: ignore[misc]
                if told & done == {first, second}:
                    return six
    return None
