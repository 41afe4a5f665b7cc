"""The answers about clocks once more, from how far each pair of hands has turned between two looks; what most do is the time."""

from collections import Counter
from functools import lru_cache
from itertools import pairwise

import numpy as np
from pydantic import JsonValue

from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Scene, Shown
from morse.schema import Question
from morse.timeline import Timeline

AROUND = 12 * 60


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    names = tuple(thing.id for thing in shown.objects if thing.kind == "clock")
    ups = [event.end for event in shown.events if event.kind == "opens"]
    beats = [event.end for event in shown.events if event.kind == "beat"]
    looks = tuple(sorted([*(up + 0.01 for up in ups), *beats]))
    seen = _readings(shown.scene, names, looks)
    turned = {name: [(b - a) % AROUND for a, b in pairwise(own)] for name, own in seen.items()}
    usual = [Counter(own[i] for own in turned.values()).most_common(1)[0][0] for i in range(len(looks) - 1)]
    astray = {name: [_signed(own[i] - usual[i]) for i in range(len(usual))] for name, own in turned.items()}
    unseen = [i for i, look in enumerate(looks[1:]) if look not in beats]
    slots, name = question.slots, str(question.slots.get("clock"))
    stands = {who: [i for i, one in enumerate(own) if one == 0 and i not in unseen] for who, own in turned.items()}
    match question.kind:
        case "elapsed":
            return sum(usual)
        case "behind":
            return usual[unseen[int(str(slots["number"])) - 1]]
        case "unseen":
            place = unseen[int(str(slots["number"])) - 1]
            return next((who for who, own in astray.items() if own[place]), "none")
        case "moved":
            return sum(off for i, off in enumerate(astray[name]) if i not in stands[name])
        case "sets":
            return sum(1 for who, own in astray.items() for i, off in enumerate(own) if off and i not in stands[who])
        case "still":
            return _rest(shown.scene, name, looks, stands[name]) if stands[name] else None
        case "where_still":
            (who,) = (who for who, own in stands.items() if own)
            start, end = (float(str(edge)) for edge in _rest(shown.scene, who, looks, stands[who]))
            named = slots["seconds"]
            assert isinstance(named, list)
            seconds = [int(str(second)) for second in named] or whole_seconds(start, end, 0.0)
            return boxes_by_second(shown.scene, who, seconds)
        case "untouched":
            return (seen[name][0] + sum(usual)) % AROUND
        case "then":
            apart = seen[name][-1] - seen[str(slots["other"])][-1]
            return (int(str(slots["minutes"])) + apart) % AROUND
    raise ValueError(f"no question kind {question.kind!r}")


@lru_cache(maxsize=8)
def _readings(scene: Scene, names: tuple[str, ...], looks: tuple[float, ...]) -> dict[str, list[int]]:
    """What each clock shows at some times, in minutes from twelve."""
    assert isinstance(scene, Timeline)
    times = np.array(looks)
    return {name: [round(m) % AROUND for m in scene.actors[f"hands {name}"].values("minutes", times)] for name in names}


def _signed(minutes: int) -> int:
    """The shorter way round the dial, forward positive."""
    return (minutes + AROUND // 2) % AROUND - AROUND // 2


def _rest(scene: Scene, name: str, looks: tuple[float, ...], stands: list[int]) -> list[JsonValue]:
    """From the last movement before a clock stands still to the first one after, by many looks."""
    assert isinstance(scene, Timeline)
    times = np.arange(looks[stands[0]] - 2.0, looks[stands[-1] + 1] + 2.0, 0.01)
    minutes = scene.actors[f"hands {name}"].values("minutes", times)
    moving = times[1:][np.abs(np.diff(minutes)) > 1e-9]
    middle = looks[stands[0] + 1] - 0.2
    return [float(moving[moving < middle].max()), float(moving[moving > middle].min())]
