"""The answers about movers on rings once more, from where each is seen to be before and after every beat."""

from collections import Counter
from functools import lru_cache
from itertools import pairwise

import numpy as np
from pydantic import JsonValue

from morse.grounding import boxes_by_second
from morse.layout import Shown
from morse.schema import Question
from morse.timeline import Timeline

ROUND = ("top", "upper right", "lower right", "bottom", "lower left", "upper left")


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    scene, slots = shown.scene, question.slots
    assert isinstance(scene, Timeline)
    beats = sorted((event for event in shown.events if event.kind == "beat"), key=lambda event: event.start)
    looks = (beats[0].start - 0.02, *(event.end + 0.02 for event in beats))
    places = _places(scene, tuple((thing.id, *thing.attributes["ring"]) for thing in shown.objects), looks)  # type: ignore[misc]
    steps = {who: [_way(b - a) for a, b in pairwise(own)] for who, own in places.items()}
    usual = [Counter(own[beat] for own in steps.values()).most_common(1)[0][0] for beat in range(len(beats))]
    astray = {who: [n for n, step in enumerate(own) if step != usual[n]] for who, own in steps.items()}
    doing = {who: _doing([(steps[who][n], usual[n]) for n in odd]) for who, odd in astray.items()}
    who = str(slots.get("who", ""))
    match question.kind:
        case "which":
            (only,) = (name for name, what in doing.items() if what == slots["short"])
            return only
        case "where_odd":
            (only,) = (name for name, what in doing.items() if what == slots["short"])
            return boxes_by_second(scene, only, [int(str(second)) for second in slots["seconds"]])  # type: ignore[union-attr]
        case "what":
            return doing[who]
        case "since":
            return astray[who][0]
        case "stray_span":
            odd = astray[who]
            return [beats[odd[0]].start, beats[odd[-1]].end] if odd else None
        case "lasted":
            return len(astray[who])
        case "strayed":
            return sum(map(bool, astray.values()))
        case "would_be":
            return ROUND[(places[who][0] + sum(usual)) % len(ROUND)]
    raise ValueError(f"no question kind {question.kind!r}")


@lru_cache(maxsize=4)
def _places(
    scene: Timeline, rings: tuple[tuple[str, float, float], ...], looks: tuple[float, ...]
) -> dict[str, list[int]]:
    """At which place of its ring each is at some times, in places clockwise from the top; rings are told by their middles."""
    times, found = np.array(looks), {}
    for who, x, y in rings:
        actor = scene.actors[who]
        angles = np.arctan2(actor.values("y", times) - y, actor.values("x", times) - x)
        found[who] = [int(place) for place in np.round((np.pi / 2 - angles) / np.pi * len(ROUND) / 2) % len(ROUND)]
    return found


def _way(far: int) -> int:
    """The shorter way round, in places clockwise."""
    return (far + 2) % len(ROUND) - 2


def _doing(beats: list[tuple[int, int]]) -> str:
    """What is done instead, from the own and the usual step at each beat."""
    if not beats:
        return "never"
    (what,) = {
        {0: "still", -1: "back", 2: "double"}[own * usual]
        for own, usual in beats  # a usual step is one place long
    }
    return what
