"""The machine once more, from what a viewer sees: tickets read as they are written, totals worked out in fractions."""

from collections.abc import Callable
from fractions import Fraction

from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Event, Question, Thing
from morse.timeline import Timeline

ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda a, b: a + b,
    "−": lambda a, b: a - b,
    "×": lambda a, b: a * b,
    "÷": lambda a, b: a / b,
}


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    texts, slots = counting(shown), question.slots
    start = next(int(str(thing.attributes["number"])) for thing in shown.objects if thing.kind == "start")
    totals = run(start, texts)
    number = int(str(slots.get("number", 0)))
    match question.kind:
        case "total":
            return whole(totals[-1])
        case "counted":
            return len(texts)
        case "after":
            return whole(totals[number])
        case "peak":
            return whole(max(totals))
        case "crossing":
            return next(i for i, total in enumerate(totals) if total > int(str(slots["line"])))
        case "without":
            return abs(whole(run(start, texts[: number - 1] + texts[number:])[-1]) - whole(totals[-1]))
        case "forecast":
            return whole(run(start, [*texts, str(slots["first"]), str(slots["second"])])[-1])
    raise ValueError(f"no question kind {question.kind!r}")


def counting(shown: Shown) -> list[str]:
    """What the tickets say that count by the sign, in the order of their coming."""
    sign = next(thing for thing in shown.objects if thing.kind == "sign").attributes["rules"]
    tickets = {thing.id: thing for thing in shown.objects if thing.kind == "ticket"}
    assert isinstance(sign, list)
    passes = sorted((event for event in shown.events if event.kind == "comes"), key=lambda event: event.start)
    return [
        str(tickets[event.objects[0]].attributes["text"])
        for event in passes
        if not any(broken(str(rule), tickets[event.objects[0]], event, shown) for rule in sign)
    ]


def broken(rule: str, ticket: Thing, event: Event, shown: Shown) -> bool:
    """Whether a ticket does not count for this reason."""
    scene = shown.scene
    assert isinstance(scene, Timeline)
    match rule:
        case "round":
            return scene.actors[ticket.id].round
        case "starred":
            return ticket.attributes["star"] is True
        case "lit":
            return scene.actors["lamp"].at("lit", event.start) > 0.5
        case "turned":
            return abs(scene.last_place(ticket.id)[0] - scene.place("machine", 0.0)[0]) > 2
    raise ValueError(f"no rule {rule!r}")


def run(start: int, texts: list[str]) -> list[Fraction]:
    """The total at the start and after each ticket."""
    totals = [Fraction(start)]
    for text in texts:
        totals.append(apply(totals[-1], text))
    return totals


def apply(total: Fraction, text: str) -> Fraction:
    """The total after a ticket; what stands in brackets is worked out first."""
    sign, rest = text[0], text[1:].strip("()")
    inner = next((i for i, letter in enumerate(rest) if letter in ARITHMETIC), None)
    number = Fraction(rest) if inner is None else apply(Fraction(rest[:inner]), rest[inner:])
    return ARITHMETIC[sign](total, number)


def whole(total: Fraction) -> int:
    assert total.denominator == 1, f"{total} is no whole number"
    return int(total)
