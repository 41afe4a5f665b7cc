"""What gates keep of a fresh clip: small, picklable, made in the process that imagined the clip."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from pydantic import JsonValue

from morse.pipeline import Item
from morse.schema import (
    Choice,
    MultiChoice,
    Number,
    Permutation,
    Question,
    Sequence,
    Set,
    Text,
)
from morse.schema import Mapping as MappingFormat


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says of one question (or, with an empty kind, of the clip); an empty fault is a pass."""

    kind: str
    fault: str = ""


Check = Callable[[Item], Iterable[Finding]]
CHECKS: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Register a function over one item as a check."""

    def add(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return add


@dataclass(frozen=True, slots=True)
class Candidates:
    """A question seen as picking from a list: the options, the domain, or the vocabulary for the first element.

    ``right`` are the positions that hold. A guess without knowledge is right with probability ``len(right) / len(texts)``.
    """

    texts: tuple[str, ...]
    right: tuple[int, ...]

    @property
    def chance(self) -> float:
        return len(self.right) / len(self.texts)


@dataclass(frozen=True, slots=True)
class Look:
    """What one frame shows, symbolically: objects that can be seen, and values on display."""

    objects: tuple[tuple[str, str, tuple[str, ...], tuple[float, float, float, float], float], ...]
    """(id, kind, words that name it, (centre x, centre y, width, height), visible share), those ≥ 10 % visible."""
    values: tuple[tuple[str, str], ...]
    """Shown state values at that time, flattened: (path, value)."""


@dataclass(frozen=True, slots=True)
class Posed:
    """A question, reduced to what learners and counts need."""

    kind: str
    type: str
    reasoning: str
    text: str
    answer: str
    """The truth as canonical JSON."""
    candidates: Candidates | None
    """``None`` for answers that cannot be listed (numbers, spans, plans, boxes, integers without a domain)."""
    order: tuple[int, ...]
    """For a permutation, all of it."""
    number: float | None
    tolerance: float
    chance: float | None
    min_frames: int
    phrasing: int
    looks: tuple[int, int, int] | None
    """Positions in ``Sample.looks`` of the first, middle and last frame that may be seen."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What gates know of a clip."""

    level: int
    index: int
    clip_id: str
    latent: str
    look: str
    """Fingerprint of the style."""
    duration: float
    attempt: int
    rejections: Mapping[str, int]
    questions: tuple[Posed, ...]
    looks: tuple[Look, ...] = ()
    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    gamed: tuple[tuple[str, str, float, float | None], ...] = ()
    """(question kind, trick, score, chance) for responses that game the format."""
    observed: tuple[tuple[str, float], ...] = ()
    """(simulated observer, its share of right answers to the clip's questions)."""


def canonical(value: JsonValue) -> str:
    """One text for one JSON value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def plain(value: JsonValue) -> str:
    """A value as a reader would see it."""
    return value if isinstance(value, str) else canonical(value)


def sample_of(
    item: Item,
    style_record: Mapping[str, Any],
    checks: Iterable[str],
    looks: bool,
    gaming: bool = False,
    observing: bool = False,
) -> Sample:
    """Reduce an item. ``checks``: names of the checks to make now; ``looks``: keep first, middle and last frame;
    ``gaming``: try the tricks; ``observing``: let the simulated observers answer."""
    from harness.gates.difficulty import observed
    from harness.gates.scoring import gamed

    times: list[float] = []
    places: list[tuple[int, int, int] | None] = []
    for question in item.questions:
        if not looks:
            places.append(None)
            continue
        end = item.layout.duration if question.asked_at is None else question.asked_at
        wanted = [0.0, end / 2, max(0.0, end - 1 / 24)]
        times += [time for time in wanted if time not in times]
        first, middle, last = (times.index(time) for time in wanted)
        places.append((first, middle, last))
    return Sample(
        level=item.key.level,
        index=item.key.index,
        clip_id=item.clip_id,
        latent=item.latent(),
        look=canonical(dict(style_record)),
        duration=item.layout.duration,
        attempt=item.attempt,
        rejections=item.rejections,
        questions=tuple(posed(q, place) for q, place in zip(item.questions, places, strict=True)),
        looks=look_at(item, times) if times else (),
        findings={name: tuple(CHECKS[name](item)) for name in checks},
        gamed=tuple(gamed(item)) if gaming else (),
        observed=tuple(observed(item)) if observing else (),
    )


def posed(question: Question, looks: tuple[int, int, int] | None = None) -> Posed:
    """Reduce a question."""
    truth, form = question.answer, question.format
    number = float(truth) if isinstance(truth, int | float) and not isinstance(truth, bool) else None
    tolerance = max(form.absolute, form.relative * abs(number or 0.0)) if isinstance(form, Number) else 0.0
    order = ()
    if isinstance(form, Permutation) and isinstance(truth, list):
        order = tuple(int(str(entry)) for entry in truth)
    return Posed(
        kind=question.kind,
        type=form.type,
        reasoning=question.reasoning,
        text=question.text,
        answer=canonical(question.truth),
        candidates=candidates(question),
        order=order,
        number=number,
        tolerance=tolerance,
        chance=question.chance,
        min_frames=question.min_frames,
        phrasing=question.phrasing,
        looks=looks,
    )


def candidates(question: Question) -> Candidates | None:
    """The question as a pick from a list, where its format allows that."""
    form, answer = question.format, question.answer
    if answer is None:
        return None  # abstaining is right: there is nothing to pick
    if isinstance(form, Choice):
        return Candidates(form.options, (form.letters.index(str(answer)),))
    if isinstance(form, MultiChoice) and isinstance(answer, list):
        return Candidates(form.options, tuple(form.letters.index(str(letter)) for letter in answer))
    if isinstance(form, Permutation) and isinstance(answer, list):
        return Candidates(tuple(str(i + 1) for i in range(form.size)), (int(str(answer[0])) - 1,))
    if isinstance(form, Set) and isinstance(answer, list):
        return _listed(form.vocabulary, answer)
    if question.domain:
        return _listed([plain(value) for value in question.domain], [plain(answer)])
    if isinstance(form, Text):
        return _listed(form.vocabulary, [answer])
    if isinstance(form, Sequence) and isinstance(answer, list) and len(form.vocabulary) > 1:
        return _listed(form.vocabulary, answer[:1])
    if isinstance(form, MappingFormat) and isinstance(answer, dict) and len(form.vocabulary) > 1:
        return _listed(form.vocabulary, [answer.get(form.keys[0])])
    return None


def _listed(texts: Iterable[str], right: Iterable[JsonValue]) -> Candidates | None:
    """``None`` where a right entry is not in the list: a defect, found by the check "answer in its domain"."""
    places = {text: place for place, text in enumerate(texts)}
    entries = [str(entry) for entry in right]
    if not all(entry in places for entry in entries):
        return None
    return Candidates(tuple(places), tuple(places[entry] for entry in entries))


def look_at(item: Item, times: list[float]) -> tuple[Look, ...]:
    """What the frames at these times show."""
    order = np.argsort(times)
    tracks = item.layout.scene.tracks(np.array(times)[order])
    row = {int(place): number for number, place in enumerate(order)}
    named = {thing.id: thing for thing in item.layout.objects}
    looks = []
    for number, time in enumerate(times):
        seen = []
        for column, name in enumerate(tracks.names):
            share = float(tracks.visible[row[number], column])
            if share < 0.1:
                continue
            left, top, right, bottom = (float(edge) for edge in tracks.boxes[row[number], column])
            thing = named.get(name)
            words = [name] if thing is None else [name, thing.kind, thing.colour or "", *_leaves(thing.attributes)]
            box = ((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)
            kind = "" if thing is None else thing.kind
            seen.append((name, kind, tuple(sorted({w.lower() for w in words if w})), box, share))
        values = [
            (path, value)
            for state in item.layout.states
            if state.shown and state.start <= time < state.end
            for path, value in _flat("", state.values)
        ]
        looks.append(Look(tuple(seen), tuple(values[:80])))
    return tuple(looks)


def _flat(path: str, value: Any) -> Iterable[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{path}/{key}", inner)
    elif isinstance(value, list | tuple):
        for i, inner in enumerate(value):
            yield from _flat(f"{path}/{i}", inner)
    else:
        yield path, plain(value)


def _leaves(value: Any) -> Iterable[str]:
    return (leaf for _, leaf in _flat("", value))


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[str, ...]:
    """Lower-case words and numbers of a text."""
    return tuple(re.findall(r"[a-z]+[0-9]*|\d+(?:\.\d+)?", text.lower()))
