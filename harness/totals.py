"""What a set's results add up to beside accuracy: every metric that its questions have, and what each figure averages.

Which metrics apply follows from the answer formats, from how the questions of a clip belong together, and from whether the
responses name their steps. Questions whose call failed are left out; what cannot be read counts as wrong everywhere.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import JsonValue

from harness import shapes, streaming
from harness.figures import Figure, Judged, figure
from harness.metrics import (
    abstention,
    boxes,
    chains,
    choices,
    groups,
    of_format,
    orders,
    plans,
    reasoning,
    spans,
    steps,
    text,
)
from morse.captions import SKILL as CAPTION
from morse.schema import (
    Boxes,
    Masks,
    MultiChoice,
    Multiset,
    Permutation,
    Plan,
    Set,
    Span,
    Text,
)
from morse.schema import Sequence as Sequences

if TYPE_CHECKING:
    from harness.reordered import Protocols


def totals(judged: Iterable[Judged]) -> tuple[Figure, ...]:
    """All figures that apply, family by family."""
    counted = [item for item in judged if item.score.outcome != "failed"]
    families: tuple[Callable[[Sequence[Judged]], Iterator[Figure]], ...] = (
        _by_format,
        _options,
        _orders,
        _plans,
        _spans,
        _boxes,
        _regions,
        _chains,
        _clips,
        streaming.over_time,
        streaming.probes,
        streaming.modes,
        _texts,
        _captions,
        _compositions,
        _abstention,
        _steps,
    )
    return tuple(figure for family in families for figure in family(counted))


def of_orders(protocols: "Protocols") -> tuple[Figure, ...]:
    """CircularEval and MBin, over the questions that were asked in all orders of the one and the other."""
    circular, mbin = protocols.circular, protocols.mbin
    found: list[Figure] = []
    if circular:
        found += figure("circular", groups.circular(circular), "questions asked in every rotation", len(circular))
    if mbin:
        found += figure("mbin", choices.mbin(mbin), "questions asked with each distractor alone", len(mbin))
    return tuple(found)


def _of(judged: Sequence[Judged], *formats: type) -> list[Judged]:
    return [item for item in judged if isinstance(item.question.format, formats)]


def _clipwise(judged: Sequence[Judged]) -> dict[str, list[Judged]]:
    found: dict[str, list[Judged]] = defaultdict(list)
    for item in judged:
        found[item.question.clip_id].append(item)
    return dict(found)


def _by_format(judged: Sequence[Judged]) -> Iterator[Figure]:
    """The mean of each metric of one answer, over the questions that have it."""
    for format_type in sorted({item.question.format.type for item in judged}):
        own = [item for item in judged if item.question.format.type == format_type]
        for name in of_format(format_type):
            values = [item.score.partial[name] for item in own]
            if values:
                what = f"{format_type.replace('_', ' ')} questions"
                yield from figure(name, math.fsum(values) / len(values), what, len(values))


def _options(judged: Sequence[Judged]) -> Iterator[Figure]:
    answers = []
    for item in _of(judged, MultiChoice):
        form = item.question.format
        assert isinstance(form, MultiChoice)
        wanted = set(shapes.strings(item.private.answer or []))
        # what cannot be read decides every option wrongly
        said = (
            set(shapes.strings(item.score.parsed or []))
            if item.score.outcome == "scored"
            else set(form.letters) - wanted
        )
        answers.append((wanted, said, form.letters))
    if answers:
        count = sum(len(letters) for *_, letters in answers)
        yield from figure(
            "option_accuracy", choices.option_accuracy(answers), "options of all multi choice questions", count
        )


def _orders(judged: Sequence[Judged]) -> Iterator[Figure]:
    own = _of(judged, Permutation)
    if not own:
        return
    exact = sum(item.score.correct for item in own) / len(own)
    yield from figure("exact_order", exact, "permutation questions", len(own))
    pairs = [(shapes.strings(item.private.answer or []), shapes.strings(item.score.parsed or [])) for item in own]
    pairs = [(wanted, said) for wanted, said in pairs if wanted]
    if pairs:
        micro, count = orders.step_accuracy_micro(pairs), sum(len(wanted) for wanted, _ in pairs)
        yield from figure("step_accuracy_micro", micro, "positions of all permutation questions", count)


def _plans(judged: Sequence[Judged]) -> Iterator[Figure]:
    """How near to the shortest the plans are that count as right."""
    reached = [item.score.partial["spl"] for item in _of(judged, Plan) if item.score.correct]
    yield from figure("optimality", plans.optimality(reached), "plans that reach their goal", len(reached))


def _spans(judged: Sequence[Judged]) -> Iterator[Figure]:
    overlaps = [item.score.value for item in _of(judged, Span)]
    if overlaps:
        yield from figure("mean_iou", spans.mean_iou(overlaps), "span questions", len(overlaps))
        for at in (0.3, 0.5, 0.7):
            value = spans.recall_at(overlaps, at)
            yield from figure(f"recall_at_{at}", value, "span questions", len(overlaps), "recall_at")


def _boxes(judged: Sequence[Judged]) -> Iterator[Figure]:
    pairs = [
        (shapes.boxes(item.private.answer or {}), shapes.boxes(item.score.parsed or {})) for item in _of(judged, Boxes)
    ]
    pairs = [(wanted, said) for wanted, said in pairs if wanted]
    if not pairs:
        return
    mean = math.fsum(boxes.reference_viou(wanted, said) for wanted, said in pairs) / len(pairs)
    yield from figure("reference_viou", mean, "boxes questions", len(pairs))
    for at in (0.1, 0.3, 0.5):
        value = math.fsum(boxes.ap(wanted, said, at) for wanted, said in pairs) / len(pairs)
        yield from figure(f"ap_at_{at}", value, "boxes questions", len(pairs), "ap")


def _regions(judged: Sequence[Judged]) -> Iterator[Figure]:
    """Boxes as tracks and as masks, and masks; and what is said of targets that are not there."""
    for form, what in ((Boxes, "boxes"), (Masks, "masks")):
        own = _of(judged, form)
        if own:
            yield from _regions_of(own, what)


def _regions_of(own: Sequence[Judged], what: str) -> Iterator[Figure]:
    from harness import regions

    both: list[tuple[regions.Regions, regions.Regions]] = [
        (shapes.table(item.private.answer or {}), shapes.table(item.score.parsed or {})) for item in own
    ]
    pairs = [(wanted, said) for wanted, said in both if wanted]
    prefix = "" if what == "boxes" else "mask_"
    if pairs and what == "boxes":
        seconds = sum(len(wanted) for wanted, _ in pairs)
        for name, value in regions.tracks(pairs).items():
            yield from figure(name, value, "seconds of all references of boxes questions", seconds)
    if pairs:
        either = sum(len({*wanted, *said}) for wanted, said in pairs)
        over = (
            "seconds of all boxes questions, boxes taken as masks"
            if what == "boxes"
            else "seconds of all masks questions"
        )
        for name, value in regions.masks(pairs).items():
            yield from figure(f"{prefix}{name}", value, over, either, name)
    absent = [said for wanted, said in both if not wanted]
    if absent and pairs:
        value = regions.robust(absent, [said for _, said in pairs])
        if math.isfinite(value):
            yield from figure(
                f"{prefix}robustness", value, f"{what} questions without a target", len(absent), "robustness"
            )


def _chains(judged: Sequence[Judged]) -> Iterator[Figure]:
    """What, when and where: over the clips that ask for a span, for boxes, and for something else."""
    parts: list[tuple[float, float, float, bool]] = []
    for own in _clipwise(judged).values():
        when, where = _of(own, Span), _of(own, Boxes)
        what = [item for item in own if item not in when and item not in where]
        if what and when and where:
            means = [math.fsum(item.score.value for item in part) / len(part) for part in (what, when, where)]
            parts.append((means[0], means[1], means[2], all(item.score.correct for item in what)))
    if not parts:
        return
    over = "clips with questions of what, when and where"
    means = [math.fsum(part[i] for part in parts) / len(parts) for i in range(3)]
    yield from figure("am", chains.am(*means), over, len(parts))
    yield from figure("lgm", chains.lgm(*means), over, len(parts))
    yield from figure("joint", chains.joint([(right, t, v) for _, t, v, right in parts]), over, len(parts))


def _clips(judged: Sequence[Judged]) -> Iterator[Figure]:
    clips = [[item.score.correct for item in own] for own in _clipwise(judged).values() if len(own) > 1]
    if clips:
        yield from figure("all_right", groups.all_right(clips), "clips with several questions", len(clips))
    split = [
        (
            [item.score.correct for item in own if item.question.reasoning == "recall"],
            [item.score.correct for item in own if item.question.reasoning != "recall"],
        )
        for own in _clipwise(judged).values()
    ]
    split = [(basic, advanced) for basic, advanced in split if basic and advanced]
    if split:
        over = "questions beyond recall, counted where the clip's recall questions are all right"
        count = sum(len(advanced) for _, advanced in split)
        yield from figure("group_score", groups.group_score(split), over, count)


READING = "read"
"""The skill of questions that ask what is written in the clip."""


def _texts(judged: Sequence[Judged]) -> Iterator[Figure]:
    """Words that are read in the clip, as bags of tokens."""
    own = [item for item in _of(judged, Text, Sequences, Set, Multiset) if READING in item.question.skills]
    pairs = [(_words(item.private.answer), _words(item.score.parsed)) for item in own]
    if not pairs:
        return
    over = "questions that ask for words in the clip"
    for name, of in (("precision", text.ocr_precision), ("recall", text.ocr_recall), ("f1", text.ocr_f1)):
        mean = math.fsum(of(wanted, said) for wanted, said in pairs) / len(pairs)
        yield from figure(f"ocr_{name}", mean, over, len(pairs))
    tokens = sum(len(text.tokens(wanted)) for wanted, _ in pairs)
    for name, value in text.ocr_micro(pairs).items():
        yield from figure(f"ocr_micro_{name}", value, "tokens of all words in the clip", tokens, "ocr_micro")


def _captions(judged: Sequence[Judged]) -> Iterator[Figure]:
    """Clips against captions, one of which is true."""
    own = [item.score.correct for item in judged if CAPTION in item.question.skills]
    if own:
        yield from figure("recall_at_1", choices.recall_at_1(own), "questions that ask which caption fits", len(own))


def _words(answer: JsonValue) -> str:
    return " ".join(map(str, answer)) if isinstance(answer, list) else str(answer or "")


def _compositions(judged: Sequence[Judged]) -> Iterator[Figure]:
    """Parents: the questions beyond recall; children: the recall questions of the same clip."""
    entries: list[reasoning.Composition] = []
    for own in _clipwise(judged).values():
        children = tuple(item.score.correct for item in own if item.question.reasoning == "recall")
        parents = [item.score.correct for item in own if item.question.reasoning != "recall"]
        entries += [reasoning.Composition(parent, children) for parent in parents if children]
    known = sum(all(entry.children) for entry in entries)
    over = "questions beyond recall in clips whose recall questions are"
    yield from figure("ca", reasoning.compositional_accuracy(entries), f"{over} all right", known)
    yield from figure("rwr", reasoning.right_for_wrong_reasons(entries), f"{over} not all right", len(entries) - known)
    yield from figure("delta", reasoning.delta(entries), "rwr − ca", len(entries))


def _abstention(judged: Sequence[Judged]) -> Iterator[Figure]:
    own = [item for item in judged if item.question.format.may_abstain]
    if not own:
        return
    verdicts: list[abstention.Verdict] = []
    for item in own:
        left = item.score.abstained and not item.score.correct
        verdicts.append("correct" if item.score.correct else "not attempted" if left else "incorrect")
    over = "questions that may be left unanswered"
    attempted = len(verdicts) - verdicts.count("not attempted")
    yield from figure("co", abstention.correct_overall(verdicts), over, len(own))
    yield from figure("cga", abstention.correct_given_attempted(verdicts), f"{over}, and were attempted", attempted)
    yield from figure("abstention_f", abstention.f_score(verdicts), over, len(own))


def _steps(judged: Sequence[Judged]) -> Iterator[Figure]:
    """Only where some response names steps: else they were not asked for."""
    stepped = [item for item in judged if item.private.steps]
    said = [steps.claims(item.response) for item in stepped]
    if not any(said):
        return
    compared = [steps.compare(item.private.steps, claims) for item, claims in zip(stepped, said, strict=True)]
    for kind, figures in steps.step_scores(compared).items():
        count = sum(counts[kind].reference > 0 for counts in compared)
        what = "steps" if kind == "all" else f"steps to {kind}"
        for name, value in figures.items():
            yield from figure(f"steps_{kind}_{name}", value, f"questions with reference {what}", count, "steps")
