"""Partial credit that knowing nothing does not earn.

A finer measure m of an answer (how many positions are right, how much of a span is hit) is set against m₀, what a response
of the same shape gets on average if it does not know the clip, and stretched so that the right answer is worth 1:
(m − m₀) / (1 − m₀), as in Cohen's κ (1960) and the adjusted Rand index (Hubert and Arabie 1985). So listing every option,
repeating one entry, the whole clip, and the whole frame earn 0 on average, and less than nothing is possible.
"""

import math
from collections import Counter
from collections.abc import Sequence as Entries
from functools import lru_cache
from typing import cast

from pydantic import JsonValue

from harness.metrics.boxes import box_iou
from harness.metrics.choices import soft
from harness.metrics.orders import position_accuracy, right_positions
from harness.metrics.sets import f1
from harness.metrics.spans import joined, seconds, tiou
from harness.run_lengths import decoded, extent, overlap
from harness.scoring import Score
from harness.shapes import cells, floats, strings, table, texts
from morse.schema import (
    AnswerFormat,
    Boxes,
    Grid,
    Mapping,
    Masks,
    MultiChoice,
    Multiset,
    Permutation,
    Sequence,
    Set,
    Span,
)

PLACES = 33
"""At how many places along the clip a span is tried."""
Boxed = dict[str, list[float]]
CELLS = 7
"""At how many places along each side of the frame a box is tried."""


def partial_credit(format: AnswerFormat, answer: JsonValue, score: Score, duration: float | None = None) -> float:
    """From −1 to 1: 1 for the right answer, at most 0 on average for a response that does not know the clip.

    Formats without a finer measure, numbers (of which a likely one is easily guessed) and, without the clip's ``duration``
    in seconds, spans are worth 1 or 0. What cannot be read is worth 0.
    """
    if score.value == 1.0:
        return 1.0
    said = score.parsed
    if score.outcome != "scored" or said is None or answer is None:
        return 0.0
    match format:
        case MultiChoice():
            return subset_credit(strings(answer), strings(said), len(format.options))
        case Set() | Multiset():
            return bag_credit(strings(answer), strings(said), len(format.vocabulary))
        case Permutation():
            share = right_positions(strings(answer), strings(said)) / format.size
            return adjusted(share, 1 / format.size)
        case Sequence():
            return sequence_credit(strings(answer), strings(said))
        case Mapping():
            wanted, got = texts(answer), texts(said)
            keys = [key for key in format.keys if key in wanted]
            return sequence_credit([wanted[key] for key in keys], [got.get(key, "") for key in keys])
        case Grid():
            return sequence_credit(_flat(answer), _flat(said))
        case Span():
            if duration is None:
                return float(score.correct)
            return span_credit(floats(answer), floats(said), duration)
        case Boxes():
            # scored, so both are boxes by second
            return boxes_credit(cast(Boxed, answer), cast(Boxed, said))
        case Masks():
            return masks_credit(table(answer), table(said))
        case _:
            return float(score.correct)


def _flat(grid: JsonValue) -> list[str]:
    return [cell for row in cells(grid) for cell in row]


def adjusted(measure: float, unknowing: float) -> float:
    """(m − m₀) / (1 − m₀); 0 where knowing nothing already gives all."""
    return (measure - unknowing) / (1 - unknowing) if unknowing < 1 - 1e-12 else 0.0


def subset_credit(wanted: Entries[str], said: Entries[str], options: int) -> float:
    """|chosen| / |true| if all chosen are true (TW-GRPO), against as many options chosen at random."""
    true, chosen = len(set(wanted)), len(set(said))
    all_true = math.comb(true, chosen) / math.comb(options, chosen)
    return adjusted(soft(wanted, said), chosen / true * all_true)


def bag_credit(wanted: Entries[str], said: Entries[str], vocabulary: int) -> float:
    """F1 of entries with repeats, against the same response with the words of the vocabulary exchanged at random."""
    if not wanted or not said:
        return 0.0
    ours, theirs = Counter(wanted).values(), Counter(said).values()
    expected = sum(min(a, b) for a in ours for b in theirs) / vocabulary
    return adjusted(f1(wanted, said), 2 * expected / (len(wanted) + len(said)))


def sequence_credit(wanted: Entries[str], said: Entries[str]) -> float:
    """Equal places, against the wanted entries in random order (Cohen's κ with these margins)."""
    if not wanted or not said:
        return 0.0
    counts = Counter(wanted)
    expected = sum(counts[entry] for entry in said[: len(wanted)]) / len(wanted)
    return adjusted(position_accuracy(wanted, said), expected / max(len(wanted), len(said)))


def span_credit(wanted: Entries[float], said: Entries[float], duration: float) -> float:
    """tIoU, against a span of the said length in the middle of the clip and the wanted one anywhere in it: no span that
    is the same for all clips does better than the middle one."""
    length, free = wanted[1] - wanted[0], max(0.0, duration - (wanted[1] - wanted[0]))
    half = min(said[1] - said[0], duration) / 2
    low, high = duration / 2 - half, duration / 2 + half
    expected = 0.0
    for i in range((PLACES + 1) // 2):  # both halves of the clip are alike
        start = free * (i + 0.5) / PLACES
        shared = min(start + length, high) - max(start, low)
        if shared > 0:
            expected += (1 if 2 * i + 1 == PLACES else 2) * shared / (length + 2 * half - shared)
    return adjusted(tiou(wanted, said), expected / PLACES)


def boxes_credit(wanted: Boxed, said: Boxed) -> float:
    """vIoU, against boxes of the said sizes in the middle of the frame and the wanted ones anywhere in it."""
    got = expected = 0.0
    for key, box in wanted.items():
        if other := said.get(key):
            got += box_iou(box, other)
            expected += _anywhere(box[2] - box[0], box[3] - box[1], other[2] - other[0], other[3] - other[1])
    either = len(wanted.keys() | said.keys())
    return adjusted(got / either, expected / either)


def masks_credit(wanted: dict[str, JsonValue], said: dict[str, JsonValue]) -> float:
    """vIoU of masks, against the said ones in the middle of the frame and the wanted ones anywhere in it: what boxes round them
    would have in common there, as densely as the masks fill these."""
    got = expected = 0.0
    for key, code in wanted.items():
        if other := said.get(key):
            (runs, size), (said_runs, _) = decoded(code), decoded(other)
            got += overlap(runs, said_runs)
            (width, height, filled), (said_width, said_height, said_filled) = (
                extent(runs, size),
                extent(said_runs, size),
            )
            expected += _anywhere(width, height, said_width, said_height, filled, said_filled)
    either = len(wanted.keys() | said.keys())
    return adjusted(got / either, expected / either)


@lru_cache(maxsize=1 << 16)
def _anywhere(
    width: float, height: float, said_width: float, said_height: float, filled: float = 1.0, said_filled: float = 1.0
) -> float:
    """The mean IoU of a box of the said size in the middle and one of the wanted size anywhere in the frame, each filled to some
    share. Kept, as boxes of a few sizes are said again and again."""
    both = width * height * filled + said_width * said_height * said_filled
    rows = _common_to_the_middle(height, said_height)
    total = 0.0
    for across, columns in _common_to_the_middle(width, said_width):
        for down, lines in rows:
            shared = across * down * filled * said_filled
            total += columns * lines * shared / (both - shared)
    return total / CELLS**2


def _common_to_the_middle(wanted: float, said: float) -> list[tuple[float, int]]:
    """What a length anywhere on one side of the frame has in common with another in its middle, and at how many of the places,
    where it has anything: both halves are alike."""
    free, low, high = 1 - wanted, 0.5 - said / 2, 0.5 + said / 2
    found = []
    for i in range((CELLS + 1) // 2):
        start = free * (i + 0.5) / CELLS
        common = min(start + wanted, high) - max(start, low)
        if common > 0:
            found.append((common, 1 if 2 * i + 1 == CELLS else 2))
    return found


def evidence_credit(wanted: Entries[tuple[float, float]], said: Entries[tuple[float, float]], duration: float) -> float:
    """Intersection over union of the evidence and what was cited, against the same citation moved round the clip."""
    ours, theirs = joined(wanted), [span for span in joined(said) if span[0] < duration]
    if not ours or not theirs:
        return 0.0
    size = seconds(ours) + seconds(theirs)
    lengths = [(start, min(end, duration) - start) for start, end in theirs]
    round_twice = [*ours, *((start + duration, end + duration) for start, end in ours)]

    def overlap(by: float) -> float:
        shared = 0.0
        for start, length in lengths:
            moved = (start + by) % duration
            stop = moved + length
            for begin, end in round_twice:
                if begin < stop and moved < end:
                    shared += min(end, stop) - max(begin, moved)
        return shared / (size - shared) if size > shared else 1.0

    expected = sum([overlap(duration * (i + 0.5) / PLACES) for i in range(PLACES)]) / PLACES
    return adjusted(overlap(0.0), expected)
