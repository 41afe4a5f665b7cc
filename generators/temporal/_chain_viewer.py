"""The answers about a circuit once more: it is put together from what stands on its parts and run in small steps of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import JsonValue

from generators.temporal._watch import watched
from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Shown
from morse.schema import Question, Thing

STEP = 0.02
"""Seconds of a step."""
LONG = 16.0
"""Seconds after the last press in which everything that will come on has."""
PUT_OFF = 0.2
"""By how many seconds presses are put off, one after another, to see which one a lamp hangs on."""


@dataclass(frozen=True)
class Wiring:
    """Parts and lamps in an order in which each comes after what feeds it: (name, what feeds it, whether it waits for all, seconds)."""

    rows: tuple[tuple[str, tuple[str, ...], bool, float], ...]

    def on(self, presses: Mapping[str, float]) -> dict[str, float]:
        """When each comes on that does, by stepping through time: a part sees its inputs as they were so many seconds before."""
        count = round((max(presses.values(), default=0.0) + LONG) / STEP)
        times = np.arange(count) * STEP
        states = {switch: times >= at - STEP / 4 for switch, at in presses.items()}
        dark = np.zeros(count, dtype=bool)
        for name, sources, waits, seconds in self.rows:
            inputs = np.stack([states.get(source, dark) for source in sources])
            now = inputs.all(axis=0) if waits else inputs.any(axis=0)
            late = round(seconds / STEP)
            states[name] = np.concatenate([dark[:late], np.asarray(now)[: count - late]])
        return {name: float(times[int(state.argmax())]) for name, state in states.items() if state.any()}


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    things, slots = shown.objects, question.slots
    switches = [thing.id for thing in things if thing.kind == "switch"]
    lamps = [thing.id for thing in things if thing.kind == "lamp"]
    channels = (*((name, "on", "press", 1.0) for name in switches), *((name, "lit", "lights", 1.0) for name in lamps))
    seen = watched(shown.scene, shown.duration, channels)
    presses = {one.who: one.start for one in seen if one.what == "press"}
    lights = {one.who: one.start for one in seen if one.what == "lights"}
    lamp, switch = str(slots.get("lamp")), str(slots.get("switch"))
    wiring = wired(things)
    match question.kind:
        case "presses":
            return [*in_order(presses)]
        case "order":
            return [*in_order(lights)]
        case "latest":
            return max((name for name in lights if lights[name] < presses[switch]), key=lambda name: lights[name])
        case "trigger":
            return hangs_on(lamp, wiring, presses)
        case "way":
            return [presses[hangs_on(lamp, wiring, presses)], lights[lamp]]
        case "where_trigger":
            by, named = hangs_on(lamp, wiring, presses), slots["seconds"]
            assert isinstance(named, list)
            seconds = [int(str(second)) for second in named] or whole_seconds(presses[by], lights[lamp], 0.0)
            return boxes_by_second(shown.scene, by, seconds)
        case "fate":
            then, now = (wiring.on(some).get(lamp) for some in (left_out(presses, switch), presses))
            return "not at all" if then is None else "at the same time" if then == now else "later"
        case "without":
            then = wiring.on(left_out(presses, switch))
            return [*sorted(name for name in lights if name not in then)]
        case "quickest":
            return round(quickest(lamp, switch, {row[0]: row for row in wiring.rows}))
        case "next_lamp":
            foretold = wiring.on(presses)
            return min((name for name in lamps if name in foretold and name not in lights), key=lambda n: foretold[n])
    raise ValueError(f"no question kind {question.kind!r}")


def wired(things: Sequence[Thing]) -> Wiring:
    """The circuit, from what parts say and which wires lead to them."""
    known = {thing.id for thing in things if thing.kind == "switch"}
    left = [thing for thing in things if thing.kind in ("part", "lamp")]
    rows = []
    while left:
        thing = next(thing for thing in left if known.issuperset(_sources(thing)))
        left.remove(thing)
        known.add(thing.id)
        seconds = float(str(thing.attributes.get("seconds", 0)))
        rows.append((thing.id, _sources(thing), thing.attributes.get("waits_for") == "all", seconds))
    return Wiring(tuple(rows))


def _sources(thing: Thing) -> tuple[str, ...]:
    sources = thing.attributes["from"]
    assert isinstance(sources, list)
    return tuple(map(str, sources))


def in_order(times: Mapping[str, float]) -> list[str]:
    """Names by when they come on."""
    return sorted(times, key=lambda name: times[name])


def left_out(presses: Mapping[str, float], switch: str) -> dict[str, float]:
    return {name: time for name, time in presses.items() if name != switch}


def hangs_on(lamp: str, wiring: Wiring, presses: Mapping[str, float]) -> str:
    """The switch that, pressed a little later, makes a lamp come on as much later."""
    now = wiring.on(presses)[lamp]
    late = {
        name: wiring.on({**presses, name: time + PUT_OFF}).get(lamp, np.inf) - now for name, time in presses.items()
    }
    return max(late, key=lambda name: late[name])


def quickest(lamp: str, switch: str, rows: Mapping[str, tuple[str, tuple[str, ...], bool, float]]) -> float:
    """The smallest sum of seconds on a way, by trying all."""
    if lamp == switch:
        return 0.0
    if lamp not in rows:
        return float("inf")
    _, sources, _, seconds = rows[lamp]
    return seconds + min(quickest(source, switch, rows) for source in sources)
