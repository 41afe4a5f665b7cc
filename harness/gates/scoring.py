"""The very path that a model's text takes: the reference scores 1, what is not it scores less, tricks gain nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from harness.gates import Batch, Row, gate
from harness.gates.sample import Finding, canonical, check
from harness.gates.significance import above_chance
from harness.references import gaming_responses, mutations, reference_response
from harness.scoring import score
from harness.stats import holm
from morse.pipeline import Item
from morse.schema import MultiChoice, Multiset, Set

NAME = "gaming responses at chance"


OPEN_CHANCE = 0.1
"""What a trick may gain where the task states no chance (answers that cannot be listed)."""


@check("reference scores 1")
def reference(item: Item) -> Iterator[Finding]:
    for question in item.questions:
        response = reference_response(question.format, question.answer)
        got = score(question.format, question.answer, response)
        fault = "" if got.value == 1.0 and got.correct else f"{response!r} scores {got.value} ({got.reason})"
        yield Finding(question.kind, fault)


@check("mutated reference scores less")
def mutated(item: Item) -> Iterator[Finding]:
    for number, question in enumerate(item.questions):
        form, faults = question.format, []
        for answer in mutations(form, question.answer, item.key.stream("mutations").fork(str(number))):
            response = reference_response(form, answer)
            if score(form, question.answer, response).value >= 1.0:
                faults.append(f"{response!r} scores 1, the answer is {question.answer!r}")
        yield Finding(question.kind, "; ".join(faults[:2]))


@check("shuffled sets score 1")
def shuffled(item: Item) -> Iterator[Finding]:
    for question in item.questions:
        form, answer = question.format, question.answer
        if isinstance(form, Set | Multiset | MultiChoice) and isinstance(answer, list) and len(answer) > 1:
            for other in (answer[::-1], answer[1:] + answer[:1]):
                got = score(form, answer, reference_response(form, other)).value
                yield Finding(question.kind, "" if got == 1.0 else f"{canonical(other)} scores {got}")


def gamed(item: Item) -> Iterator[tuple[str, str, float, float | None]]:
    """Verdicts on responses that game the format: (question kind, trick, 1 if correct, chance)."""
    for question in item.questions:
        for trick, response in gaming_responses(question.format, item.layout.duration).items():
            got = score(question.format, question.answer, response)
            yield question.kind, trick, float(got.correct), question.chance


@gate(NAME)
def gaming(batch: Batch) -> Iterable[Row]:
    """Each trick, over all questions of a kind: no better than the chance that the questions state."""
    tricks: dict[tuple[str, str], list[tuple[str, float, float]]] = defaultdict(list)
    for sample in batch:
        for kind, trick, got, chance in sample.gamed:
            tricks[kind, trick].append((sample.clip_id, got, OPEN_CHANCE if chance is None else chance))
    tests = list(tricks.items())
    p_values = holm(
        [above_chance([g for _, g, _ in own], [c for *_, c in own], [i for i, *_ in own]) for _, own in tests]
    )
    alpha = batch.alpha / 16
    for ((kind, trick), own), p in zip(tests, p_values, strict=True):
        gain = float(np.mean([got - chance for _, got, chance in own]))
        detail = f"{trick}: n={len(own)}, Holm p={p:.2g}"
        yield batch.row(NAME, gain, f"0, p ≥ {alpha:.2g}", p >= alpha, detail, kind=kind)
