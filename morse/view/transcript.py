"""A clip in words: what is shown of objects, states and events, with times. The text twin of a clip (T3, arXiv 2410.06166)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from morse.schema import Event, State, Thing, Trace


@dataclass(frozen=True)
class Line:
    """What is so, or happens, from ``start`` to ``end`` seconds."""

    start: float
    end: float
    text: str


def transcript(trace: Trace, duration: float, asked_at: float | None = None) -> str:
    """What a clip shows (up to a time), one line each: the objects, then states and events in order of time."""
    until = duration if asked_at is None else asked_at
    things = [f"- {_thing(thing)}" for thing in trace.objects]
    lines = [f"- {_seconds(line.start)} to {_seconds(line.end)} s: {line.text}" for line in told(trace, until)]
    return "\n".join(["Objects:", *things, f"What is seen, up to {_seconds(until)} s:", *lines])


def told(trace: Trace, until: float) -> list[Line]:
    """States and events that are shown by a time, each in words; the same cut as ``Layout.shown`` makes."""
    return sorted(
        [*_states(trace.states, until), *_events(trace.events, until)], key=lambda line: (line.start, line.end)
    )


def captions(trace: Trace, until: float) -> list[Line]:
    """What is written below the picture: the events alone, while they go on."""
    return sorted(_events(trace.events, until), key=lambda line: (line.start, line.end))


def _states(states: Iterable[State], until: float) -> Iterator[Line]:
    for state in states:
        if state.shown and state.start < until:
            yield Line(state.start, min(state.end, until), _values(state.values))


def _events(events: Iterable[Event], until: float) -> Iterator[Line]:
    for event in events:
        if event.shown and event.end <= until + 1e-9:
            values = f" ({_values(event.values)})" if event.values else ""
            yield Line(event.start, event.end, f"{_words(event.kind)}: {', '.join(event.objects)}{values}")


def _thing(thing: Thing) -> str:
    about = [_words(thing.kind), *([f"colour {thing.colour}"] if thing.colour else [])]
    about += [f"{_words(name)} {_value(value)}" for name, value in thing.attributes.items()]
    return f"{thing.id}: {', '.join(about)}"


def _values(values: dict[str, JsonValue]) -> str:
    return "; ".join(f"{_words(name)} is {_value(value)}" for name, value in values.items())


def _value(value: JsonValue) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{name}: {_value(part)}" for name, part in value.items()) + "}"
        case list():
            return "(" + ", ".join(map(_value, value)) + ")"
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _seconds(time: float) -> str:
    return f"{time:.2f}".rstrip("0").rstrip(".")
