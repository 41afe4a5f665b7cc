"""The chances once more, from plates, tokens and where these go: every way in which covered tokens may have been what they
may, written out and counted with whole numbers."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import perm, prod
from typing import NamedTuple

from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Question, Thing
from morse.timeline import Timeline

Bags = dict[str, Counter[str]]


class Trip(NamedTuple):
    """A token that goes from a place to a place; its kind is empty where it is under a cover."""

    kind: str
    start: str
    end: str


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    slots, plates = question.slots, {str(t.attributes["of"]): t.attributes for t in shown.objects if t.kind == "plate"}
    bags = {
        name: Counter({kind: int(str(number)) for kind, number in said.items() if kind != "of"})
        for name, said in plates.items()
        if name not in ("box", "die")
    }
    trips = _trips(shown)
    urn, kind, number = str(slots.get("urn")), str(slots.get("kind")), int(str(slots.get("number", 1)))
    moves = [trip for trip in trips if trip.start != "box"]
    match question.kind:
        case "remaining":
            return _known(bags, moves)[urn][kind]
        case "nth_out":
            return [trip.kind for trip in moves if trip.start == urn and trip.kind][number - 1]
        case "binned":
            return sum(trip.kind == kind and trip.end == "bin" for trip in moves)
        case "next_is":
            return float(_chance(bags, moves, urn, kind, 1))
        case "both_are":
            return float(_chance(bags, moves, urn, kind, 2))
        case "without":
            outs = [i for i, trip in enumerate(moves) if trip.start == urn and trip.kind]
            return float(_chance(bags, [*moves[: outs[number - 1]], *moves[outs[number - 1] + 1 :]], urn, kind, 1))
        case "box_is" | "box_next":
            one, other = (str(name) for name in _list(plates["box"]["pair"]))
            seen = [trip.kind for trip in trips if trip.start == "box"]
            likely = [
                Fraction(prod(bags[name][k] for k in seen), bags[name].total() ** len(seen)) for name in (one, other)
            ]
            if question.kind == "box_is":
                return float(likely[(one, other).index(urn)] / sum(likely))
            nexts = [Fraction(bags[name][kind], bags[name].total()) for name in (one, other)]
            return float(sum((a * b for a, b in zip(likely, nexts, strict=True)), Fraction(0)) / sum(likely))
    faces = [int(str(face)) for face in _list(plates["die"]["faces"])]
    seen_faces, signs = _rolls(shown)
    match question.kind:
        case "mode_face":
            return Counter(seen_faces).most_common(1)[0][0]
        case "expected_total":
            return float(
                sum(seen_faces)
                + sum((Fraction(sum(left), len(left)) for left in (_left(faces, s) for s in signs)), Fraction(0))
            )
        case "hidden_was":
            left = _left(faces, signs[number - 1])
            return float(Fraction(left.count(int(str(slots["face"]))), len(left)))
    raise ValueError(f"no question kind {question.kind!r}")


def _list(value: JsonValue) -> list[JsonValue]:
    assert isinstance(value, list)
    return value


def _left(faces: Sequence[int], sign: str) -> list[int]:
    """The faces of which a sign is true."""
    tests = {"odd": lambda f: f & 1, "even": lambda f: not f & 1}
    word, _, number = sign.partition(" ")
    test = tests.get(word) or ((lambda f: f > int(number)) if word == "over" else (lambda f: f < int(number)))
    return [face for face in faces if test(face)]


def _trips(shown: Shown) -> list[Trip]:
    """Every token that came out, in order, from where to where it went."""
    scene = shown.scene
    assert isinstance(scene, Timeline)
    things = {thing.id: thing for thing in shown.objects}
    places = {thing.id: scene.place(thing.id, 0.0)[0] for thing in shown.objects if thing.kind in ("urn", "box")}

    def above(name: str, time: float) -> str:
        x, y = scene.place(name, time)
        if y < scene.place(next(iter(places)), 0.0)[1]:
            return "bin"
        return min(places, key=lambda place: abs(places[place] - x))

    def trip(thing: Thing, start: float, end: float) -> Trip:
        return Trip(str(thing.attributes.get("kind", "")), above(thing.id, start), above(thing.id, end))

    come = [event for event in shown.events if event.kind in ("draw", "slip")]
    return [trip(things[event.objects[0]], event.start, event.end) for event in come]


def _rolls(shown: Shown) -> tuple[list[int], list[str]]:
    """The faces that were seen, and what signs said."""
    things = {thing.id: thing for thing in shown.objects}
    rolled = [things[event.objects[0]] for event in shown.events if event.kind == "roll"]
    faces = [int(str(thing.attributes["face"])) for thing in rolled if thing.kind == "die"]
    return faces, [str(thing.attributes["says"]) for thing in rolled if thing.kind == "sign"]


def _known(bags: Bags, trips: Sequence[Trip]) -> Bags:
    """What is in the urns after trips of which each token is known."""
    now = {name: Counter(bag) for name, bag in bags.items()}
    for trip in trips:
        if trip.kind:
            now[trip.start][trip.kind] -= 1
            if trip.end in now:
                now[trip.end][trip.kind] += 1
    return now


def _chance(bags: Bags, trips: Sequence[Trip], urn: str, kind: str, number: int) -> Fraction:
    """The chance that the next ``number`` tokens from an urn, none put back, are of a kind: over all kinds that covered ones may
    have had, each weighed by the number of ways in which everything happens as seen."""
    covered = sum(not trip.kind for trip in trips)
    kinds = sorted({kind for bag in bags.values() for kind in bag})
    ways = good = 0
    size = 1
    for guess in product(kinds, repeat=covered):
        names = iter(guess)
        known = [trip if trip.kind else trip._replace(kind=next(names)) for trip in trips]
        weight, now = 1, {name: Counter(bag) for name, bag in bags.items()}
        for trip in known:
            weight *= max(0, now[trip.start][trip.kind])
            now[trip.start][trip.kind] -= 1
            if trip.end in now:
                now[trip.end][trip.kind] += 1
        size = perm(now[urn].total(), number)
        ways += weight
        good += weight * perm(max(0, now[urn][kind]), number)
    return Fraction(good, ways * size)
