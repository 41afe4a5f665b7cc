"""What is made of footage: which stretches are shown in which order, speed and direction, and what is asked about them.

A puzzle is drawn first and looked at after: stretches that hardly move, or that look alike, are refused by their measured
difference, and the answer is told a second time by finding each shown picture again in the footage (:func:`retold`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from pydantic import JsonValue

from morse.errors import BadInput, Rejected
from morse.footage.reels import Reel, Segment, padded, projector
from morse.options import pose_choice
from morse.schema import AnswerFormat, Boolean, Choice, Evidence, Permutation, Question, Text
from morse.seeding import Rng

CARD_SECONDS = 1.5
LEAST_NAMED = 1.0
"""Seconds that a named segment must last to be shown."""
PACES = {"slower": 0.5, "unchanged": 1.0, "faster": 2.0}
SMALL = (64, 36)
"""Width and height at which pictures are compared."""
PER_SECOND = 8
"""Pictures of a second that are compared."""
LEAST_MOTION = 0.25
"""Grey levels (of 255) by which pictures of a stretch must differ, on average, after an eighth of a second."""
LEAST_APART = 1.0
"""Grey levels by which pictures of two stretches must differ, on average."""


@dataclass(frozen=True)
class Take:
    """A stretch of the footage as it is shown. ``pace``: how much faster than filmed; from ``turn`` seconds on only, where given."""

    start: float
    end: float
    backwards: bool = False
    pace: float = 1.0
    turn: float | None = None
    """Seconds of the shown stretch after which ``pace`` holds."""

    @property
    def seconds(self) -> float:
        """How long it is shown."""
        if self.turn is None:
            return (self.end - self.start) / self.pace
        return self.turn + (self.end - self.start - self.turn) / self.pace

    def source(self, time: float) -> float:
        """The time in the footage of what is shown after ``time`` seconds."""
        if self.turn is not None:
            gone = min(time, self.turn) + max(0.0, time - self.turn) * self.pace
        else:
            gone = time * self.pace
        return self.end - gone if self.backwards else self.start + gone


Shown = tuple[str, Take]
"""A card's text (none, if empty) and what is shown after it."""


@dataclass(frozen=True)
class Draw:
    """What a puzzle is drawn from. ``targets`` stays the same over redraws, so that no answer is favoured by refusals."""

    reel: Reel
    level: int
    fps: int
    rng: Rng
    targets: Rng


@dataclass(frozen=True)
class Puzzle:
    """A clip to be made from a reel: its cards and takes in order, and its questions."""

    reel: Reel
    shown: tuple[Shown, ...]
    fps: int
    questions: tuple[Question, ...] = ()

    @property
    def takes(self) -> list[Take]:
        return [take for _, take in self.shown]

    def spans(self) -> list[tuple[float, float]]:
        """When each take is on screen, in seconds of the clip."""
        spans, frame = [], 0
        for card, take in self.shown:
            frame += round(CARD_SECONDS * self.fps) if card else 0
            spans.append((frame / self.fps, (frame + round(take.seconds * self.fps)) / self.fps))
            frame += round(take.seconds * self.fps)
        return spans

    def asking(self, *questions: Question) -> "Puzzle":
        return replace(self, questions=questions)


def pieces_at(level: int) -> int:
    """How many pieces are to be put in order: 3 at level 1, one more every two levels."""
    return 3 + (level - 1) // 2


def piece_seconds(level: int) -> float:
    """How long a piece is: 4 s at level 1, less at higher levels, never under 1.5 s."""
    return max(1.5, 4.0 - 0.25 * (level - 1))


def needed(kind: str, level: int) -> float:
    """Seconds of footage that a puzzle of a kind needs at a level."""
    pieces = {"order": pieces_at(level), "missing_middle": 5, "first": 2, "backwards": 1, "speed": 4}[kind]
    return 1.5 * pieces * piece_seconds(level)


def draw_puzzle(kind: str, reels: Sequence[Reel], level: int, fps: int, rng: Rng) -> Puzzle:
    """Draw a puzzle of a kind, to be filmed at ``fps`` frames a second.

    Raises :class:`Rejected` for stretches that hardly move or look alike, :class:`BadInput` if no reel is long enough.
    """
    fitting = [reel for reel in reels if reel.seconds >= needed(kind, level)]
    if not fitting:
        raise BadInput(f"no video of {needed(kind, level):.0f} s or more, which {kind!r} needs at level {level}")
    puzzle = KINDS[kind](Draw(rng.choice(fitting), level, fps, rng, rng.steady("targets")))
    check_looks(puzzle.reel, puzzle.takes)
    return puzzle


# ── the kinds ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _order(draw: Draw) -> Puzzle:
    reel, rng, count, seconds = draw.reel, draw.rng, pieces_at(draw.level), piece_seconds(draw.level)
    named = [segment for segment in reel.segments if segment.end - segment.start >= LEAST_NAMED]
    names: list[str] = []
    if len(named) >= count:
        chosen = sorted(rng.sample(named, count), key=lambda segment: segment.start)
        if any(later.start < earlier.end for earlier, later in pairwise(chosen)):
            raise Rejected("named segments that overlap")
        takes, names = [_middle(segment, seconds) for segment in chosen], [segment.name for segment in chosen]
    else:
        takes = _stretches(reel, count, seconds, rng)
    at = draw.targets.shuffled(range(count))  # which of the takes each clip is
    puzzle = Puzzle(reel, tuple((f"Clip {k + 1}", takes[i]) for k, i in enumerate(at)), draw.fps)
    answer: list[JsonValue] = [at.index(i) + 1 for i in range(count)]
    order = _asked(puzzle, "order", Permutation(size=count), answer, slots={"count": count})
    if len({*names}) < 3:
        return puzzle.asking(order)
    k, others = rng.integer(0, count - 1), sorted({*names})
    form, letter, values = pose_choice(rng, names[at[k]], rng.shuffled(others), min(4, len(others)))
    start, end = puzzle.spans()[k]
    alone = {"evidence": (Evidence(start=start, end=end),), "reasoning": "recall", "min_frames": 1}
    return puzzle.asking(
        order, _asked(puzzle, "step_shown", form, letter, slots={"clip": k + 1}, option_values=values, **alone)
    )


def _first(draw: Draw) -> Puzzle:
    takes = _stretches(draw.reel, 2, piece_seconds(draw.level), draw.rng)
    earlier = draw.targets.integer(1, 2)
    vocabulary = ("Clip 1", "Clip 2")
    shown = tuple((name, takes[0 if name == f"Clip {earlier}" else 1]) for name in vocabulary)
    puzzle = Puzzle(draw.reel, shown, draw.fps)
    form = Text(vocabulary=vocabulary, noun="clip")
    return puzzle.asking(_asked(puzzle, "first", form, f"Clip {earlier}", domain=vocabulary))


def _backwards(draw: Draw) -> Puzzle:
    takes = _stretches(draw.reel, 1, 1.5 * piece_seconds(draw.level), draw.rng)
    turned = draw.targets.chance(0.5)
    puzzle = Puzzle(draw.reel, (("", replace(takes[0], backwards=turned)),), draw.fps)
    return puzzle.asking(_asked(puzzle, "backwards", Boolean(), turned))


def _missing_middle(draw: Draw) -> Puzzle:
    """The stretches in order: what may have come before, the beginning, the middle, the end, and what may have come after."""
    takes = _stretches(draw.reel, 5, piece_seconds(draw.level), draw.rng)
    before, beginning, middle, end, after = takes
    at, others = draw.targets.integer(0, 2), draw.rng.shuffled([before, after])
    options = [*others[:at], middle, *others[at:]]
    cards = [f"Option {letter}" for letter in "ABC"]
    shown = (("Beginning", beginning), ("End", end), *zip(cards, options, strict=True))
    puzzle = Puzzle(draw.reel, shown, draw.fps)
    form = Choice(options=tuple(f'what is shown after the card "{card}"' for card in cards))
    return puzzle.asking(_asked(puzzle, "missing_middle", form, "ABC"[at], option_values=tuple(cards)))


def _speed(draw: Draw) -> Puzzle:
    word, rng = draw.targets.choice(tuple(PACES)), draw.rng
    half = 1.5 * piece_seconds(draw.level)
    turn = round(half * rng.uniform(0.8, 1.2), 3)
    # The second half is shown as long whatever the pace, so that the length of the clip tells nothing.
    (take,) = _stretches(draw.reel, 1, turn + half * PACES[word], rng)
    puzzle = Puzzle(draw.reel, (("", replace(take, pace=PACES[word], turn=turn)),), draw.fps)
    others = rng.shuffled([other for other in PACES if other != word])
    form, letter, values = pose_choice(rng, word, others, len(PACES), wording=lambda value: SAID[str(value)])
    return puzzle.asking(_asked(puzzle, "speed", form, letter, option_values=values))


SAID = {
    "slower": "It goes on more slowly.",
    "unchanged": "It goes on at the same speed.",
    "faster": "It goes on faster.",
}
KINDS: dict[str, Callable[[Draw], Puzzle]] = {
    "order": _order,
    "first": _first,
    "backwards": _backwards,
    "missing_middle": _missing_middle,
    "speed": _speed,
}


def _stretches(reel: Reel, count: int, seconds: float, rng: Rng) -> list[Take]:
    """So many stretches of a reel in order, with gaps between them: no two can be told to be neighbours by their edges."""
    gaps = [seconds * rng.uniform(0.25, 0.5) for _ in range(count - 1)]
    room = reel.seconds - count * seconds - sum(gaps)
    if room < 0:
        raise Rejected("no room in the footage")
    spread = sorted(rng.uniform(0.0, min(room, seconds * count)) for _ in range(count))
    offset = rng.uniform(0.0, room - spread[-1])
    starts = [offset + spread[k] + k * seconds + sum(gaps[:k]) for k in range(count)]
    return [Take(round(start, 3), round(start + seconds, 3)) for start in starts]


def _middle(segment: Segment, seconds: float) -> Take:
    cut = max(0.0, segment.end - segment.start - seconds) / 2
    return Take(round(segment.start + cut, 3), round(segment.end - cut, 3))


def _asked(puzzle: Puzzle, kind: str, form: AnswerFormat, answer: JsonValue, **fields: Any) -> Question:
    whole = tuple(Evidence(start=start, end=end) for start, end in puzzle.spans())
    usual: dict[str, Any] = {"evidence": whole, "reasoning": "infer", "skills": ("footage",), "min_frames": 2}
    return Question(kind=kind, format=form, answer=answer, **(usual | fields))


# ── looking at it ───────────────────────────────────────────────────────────────────────────────────────────────────


def pictures(reel: Reel, start: float, end: float) -> np.ndarray:
    """Small grey pictures of a stretch, :data:`PER_SECOND` a second: (n, height, width) of float."""
    width, height = SMALL
    with projector(reel, width, height) as clip:
        times = np.arange(start, min(end, reel.seconds - 0.05), 1 / PER_SECOND)
        return np.array([grey(padded(clip.get_frame(time), width, height)) for time in times])


def grey(pixels: np.ndarray) -> np.ndarray:
    """Luma of a picture (height, width, 3), by ITU-R BT.709."""
    return pixels.astype(float) @ np.array([0.2126, 0.7152, 0.0722])


def check_looks(reel: Reel, takes: Sequence[Take]) -> None:
    """Raises :class:`Rejected` if a stretch hardly moves or two of them look alike."""
    seen: list[np.ndarray] = []
    for take in takes:
        stretch = pictures(reel, take.start, take.end)
        if len(stretch) < 2 or np.abs(np.diff(stretch, axis=0)).mean() < LEAST_MOTION:
            raise Rejected("a stretch in which hardly anything moves")
        if any(_nearest(stretch, picture)[1] < LEAST_APART for other in seen for picture in other):
            raise Rejected("two stretches that look alike")
        seen.append(stretch)


def retold(question: Question, puzzle: Puzzle, filmed: Sequence[Sequence[np.ndarray]]) -> JsonValue:
    """The truth of a question once more, from where the pictures of each take (``filmed``: small and grey, evenly over its
    time) are found again in the footage."""
    takes = puzzle.takes
    margin = 1.0
    low, high = max(0.0, min(take.start for take in takes) - margin), max(take.end for take in takes) + margin
    reference = pictures(puzzle.reel, low, high)
    found = [low + np.array([_nearest(reference, one)[0] for one in stretch]) / PER_SECOND for stretch in filmed]
    middle = [float(np.median(times)) for times in found]
    match question.kind:
        case "order":
            return [int(k) + 1 for k in np.argsort(middle)]
        case "first":
            return f"Clip {int(np.argmin(middle)) + 1}"
        case "backwards":
            return bool(np.polyfit(np.arange(len(found[0])), found[0], 1)[0] < 0)
        case "missing_middle":
            beginning, end, *options = middle
            between = [f"Option {'ABC'[k]}" for k, time in enumerate(options) if beginning < time < end]
            return between[0] if len(between) == 1 else None
        case "speed":
            turn = takes[0].turn or 0.0
            share = turn / takes[0].seconds
            split = round(share * len(found[0]))
            edge = max(1, len(found[0]) // 20)
            before, after = found[0][: split - edge], found[0][split + edge :]
            slopes = [float(np.polyfit(np.arange(len(times)), times, 1)[0]) for times in (before, after)]
            ratio = slopes[1] / slopes[0]
            return min(PACES, key=lambda word: abs(np.log(max(ratio, 1e-3) / PACES[word])))
    return question.truth  # which name a step has is the user's word alone


def _nearest(stretch: np.ndarray, picture: np.ndarray) -> tuple[int, float]:
    """Which picture of a stretch is nearest to one, and by how many grey levels they differ on average."""
    apart = np.abs(stretch - picture).mean(axis=(1, 2))
    return int(apart.argmin()), float(apart.min())
