"""The race once more, from what a viewer sees: bars measured in the picture against the axis, and compared in pairs."""

from functools import lru_cache
from itertools import pairwise

import numpy as np
from pydantic import JsonValue

from morse.layout import Scene, Shown
from morse.schema import Question
from morse.tracks import Tracks


def read_off(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    names, grown = measure(shown)
    beats = grown[:, :, None] > grown[:, None, :]
    first = [names[i] for i in beats.sum(axis=2).argmax(axis=1)]
    slots = {key: int(value) for key, value in question.slots.items() if isinstance(value, int)}
    subject = str(question.slots.get("name"))
    match question.kind:
        case "lead_changes":
            return sum(bool((now != before).any()) for before, now in pairwise(wins(beats)))
        case "leader_on":
            return first[slots["day"]]
        case "lead_order":
            return [who for i, who in enumerate(first) if who not in first[:i] and who != first[0]]
        case "days_led":
            return int(wins(beats)[slots["start"] : slots["end"] + 1, names.index(subject)].sum())
        case "value_on":
            return float(grown[slots["day"], names.index(subject)])
        case "widest_lead":
            top_two = np.partition(grown[slots["start"] : slots["end"] + 1], -2, axis=1)[:, -2:]
            return slots["start"] + int(np.ptp(top_two, axis=1).argmax())
        case "leader_ahead":
            lines = np.polyfit([-1.0, 0.0], grown[-2:], 1)
            return names[int(np.argmax(lines[0] * (slots["then"] - slots["day"]) + lines[1]))]
        case "leader_had":
            would = grown[slots["then"]].copy()
            i = names.index(subject)
            would[i] = min(would[i], grown[slots["day"], i])
            return names[int(would.argmax())]
    raise ValueError(f"no question kind {question.kind!r}")


def measure(shown: Shown) -> tuple[list[str], np.ndarray]:
    """Names by bar, and each day's values (days, bars), from the boxes in the picture."""
    tracks = boxes_at(shown.scene, tuple(state.start + 0.3 for state in shown.states))
    left, top, right, bottom = tracks.of("axis")[0][0]
    flat = right - left > bottom - top
    whole, along, across = (right - left, [0, 2], [1, 3]) if flat else (bottom - top, [1, 3], [0, 2])
    boxes = np.stack([tracks.of(thing.id)[0] for thing in shown.objects if thing.kind == "bar"], axis=1)
    tops = np.array([float(str(state.values["axis"])) for state in shown.states])
    grown = np.abs(np.diff(boxes[..., along], axis=2)[..., 0]) / whole * tops[:, None]
    written = [(tracks.of(thing.id)[0][0], thing.attributes["name"]) for thing in shown.objects if thing.kind == "name"]
    lanes = boxes[0][:, across].mean(axis=1)
    return [str(min(written, key=lambda one: abs(one[0][across].mean() - lane))[1]) for lane in lanes], grown


@lru_cache(maxsize=8)
def boxes_at(scene: Scene, times: tuple[float, ...]) -> Tracks:
    """The tracks of a scene at some times; most questions on a clip look at the same."""
    return scene.tracks(np.array(times))


def wins(beats: np.ndarray) -> np.ndarray:
    """Which bar beats all others, (days, bars)."""
    return beats.sum(axis=2) == beats.shape[1] - 1
