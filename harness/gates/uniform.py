"""Answers are uniform within task × level × question kind."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from scipy import stats

from harness.gates import Batch, Row, gate
from harness.gates.sample import Posed, Sample
from harness.gates.significance import chance_of_effect, effect, evenness, order_evenness
from harness.stats import holm

NAME = "answers uniform"
MOST_V = 0.05
LEAST_ITEMS = 2000


def one_of_each(samples: Iterable[Sample]) -> dict[str, list[Posed]]:
    """One question of each kind a clip (questions of one clip depend on each other), in turn over its places."""
    kinds: dict[str, list[Posed]] = defaultdict(list)
    for sample in samples:
        own: dict[str, list[Posed]] = defaultdict(list)
        for question in sample.questions:
            own[question.kind].append(question)
        for kind, questions in own.items():
            kinds[kind].append(questions[sample.index % len(questions)])
    return kinds


def unevenness(questions: Iterable[Posed]) -> tuple[float, int, int]:
    """χ², degrees of freedom and number of questions, summed over the sizes that the domain has.

    Positions in the domain are compared; that a value is favoured where domains differ, majority and the blind learner see.
    """
    by_size: dict[tuple[str, int], list[Posed]] = defaultdict(list)
    for question in questions:
        if question.order:
            by_size["order", len(question.order)].append(question)
        elif question.candidates is not None:
            by_size["pick", len(question.candidates.texts)].append(question)
    chi2, degrees, items = 0.0, 0, 0
    for (form, size), group in by_size.items():
        if len(group) < 5 * size:
            continue
        if form == "order":
            more, free = order_evenness([question.order for question in group])
        else:
            rights = [q.candidates.right for q in group if q.candidates is not None]
            counts = np.bincount([place for right in rights for place in right], minlength=size)
            more, free = evenness(counts, [len(right) for right in rights])
        chi2, degrees, items = chi2 + more, degrees + free, items + len(group)
    return chi2, degrees, items


@gate(NAME)
def uniform(batch: Batch) -> Iterable[Row]:
    tested: list[tuple[int, str, float, int, int]] = []
    untested: list[Row] = []
    for level, samples in batch.levels.items():
        for kind, questions in one_of_each(samples).items():
            chi2, degrees, items = unevenness(questions)
            if not any(q.candidates or q.order for q in questions):
                detail = f"not tested ({questions[0].type} without a domain)"
            elif items < LEAST_ITEMS:
                detail = f"not tested (n={items} < {LEAST_ITEMS})"
            elif degrees == 0:
                detail = "not tested (only one answer is possible)"
            else:
                tested.append((level, kind, chi2, degrees, items))
                continue
            figure = effect(chi2, degrees, items) if items else None
            untested.append(batch.row(NAME, figure, f"V ≤ {MOST_V}", None, detail, level=level, kind=kind))
    p_values = holm([float(stats.chi2.sf(chi2, degrees)) for _, _, chi2, degrees, _ in tested])
    alpha = batch.alpha / 4
    for (level, kind, chi2, degrees, items), p in zip(tested, p_values, strict=True):
        v = effect(chi2, degrees, items)
        # V alone decides only where chance would hardly ever carry it over the limit
        decides = chance_of_effect(MOST_V, degrees, items) < alpha / len(tested)
        passed = p >= alpha and not (decides and v > MOST_V)
        detail = f"χ²={chi2:.1f}, {degrees} degrees, n={items}, Holm p={p:.2g}"
        yield batch.row(NAME, v, f"V ≤ {MOST_V}, p ≥ {alpha:.2g}", passed, detail, level=level, kind=kind)
    yield from untested
