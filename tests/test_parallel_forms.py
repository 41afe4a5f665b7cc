"""Parallel forms: fresh sets of one recipe are worth the same to an observer that does not change, within sampling error."""

from collections.abc import Iterator

import pytest
from scipy import stats as reference

from harness.comparison import stratified_error, unpaired
from harness.references import reference_response
from harness.report import Report, make_report
from harness.responses import Response
from harness.stand_ins import Asked, guess
from morse.pipeline import imagine, make_key
from morse.schema import PrivateAnswer, PublicQuestion
from morse.seeding import Key, Rng
from morse.task import registry

FORMS = 10
CLIPS = 12
"""Clips a level of each form."""
SLIP = 0.06
"""How often the observer gets one reference step wrong."""


def form(root: str, levels: tuple[int, ...]) -> Iterator[Asked]:
    """The questions of one fresh set, without pictures."""
    task = registry().task("cups")
    for level in levels:
        for index in range(CLIPS):
            key = make_key(task, level, root, index)
            for number, question in enumerate(imagine(key).questions):
                shared = {"question_id": f"{key.clip_id()}-{number}", "clip_id": key.clip_id()}
                public = {
                    name: getattr(question, name) for name in PublicQuestion.model_fields if hasattr(question, name)
                }
                private = {
                    name: getattr(question, name) for name in PrivateAnswer.model_fields if hasattr(question, name)
                }
                more = {"task": task.name, "category": task.category, "level": level, "canary": ""}
                yield Asked(
                    PublicQuestion.model_validate(public | shared | more),
                    PrivateAnswer.model_validate(private | shared),
                )


def observed(asked: list[Asked]) -> Report:
    """Scores of an observer that follows the reference steps, slips at each one alike, and then guesses."""
    responses = {}
    for item in asked:
        rng = Rng(Key("observer", 1, 1, "test", item.question.question_id, 0), "steps")
        slipped = any(rng.chance(SLIP) for _ in item.private.steps)
        said = guess(item, rng) if slipped else item.private.answer
        text = reference_response(item.question.format, said)
        responses[item.question.question_id] = Response(item.question.question_id, text)
    answers = {item.question.question_id: item.private for item in asked}
    return make_report([item.question for item in asked], answers, responses, recipe="forms")


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return [observed(list(form(f"form {number}", (1, 3, 6)))) for number in range(FORMS)]


def figures(report: Report) -> tuple[list[float], list[str], list[tuple[str, int]]]:
    results = report.results
    return [float(r.correct) for r in results], [r.clip_id for r in results], [(r.task, r.level) for r in results]


def test_ten_fresh_sets_agree_within_sampling_error(reports):
    """χ² of the ten scores around their mean, each with its own standard error: neither too far apart nor too alike."""
    scores, errors = [], []
    for report in reports:
        values, clips, strata = figures(report)
        scores.append(sum(values) / len(values))
        errors.append(stratified_error(values, clips, strata)[0])
    weights = [1 / error**2 for error in errors]
    mean = sum(w * s for w, s in zip(weights, scores, strict=True)) / sum(weights)
    chi2 = sum(w * (s - mean) ** 2 for w, s in zip(weights, scores, strict=True))
    assert 0.001 < reference.chi2.sf(chi2, FORMS - 1) < 0.999, scores
    assert 0.3 < mean < 0.9 and max(errors) < 0.06


def test_unpaired_comparison_of_fresh_sets_holds_its_level(reports):
    """Of the nine comparisons with the first form hardly one is significant; a harder recipe is told from it."""
    first, first_clips, first_strata = figures(reports[0])
    found = 0
    for report in reports[1:]:
        values, clips, strata = figures(report)
        apart = unpaired(first, first_clips, values, clips, first_strata=first_strata, second_strata=strata)
        assert apart is not None
        found += apart.p < 0.05
    assert found <= 2
    values, clips, strata = figures(observed(list(form("harder", (10, 13, 16)))))
    apart = unpaired(first, first_clips, values, clips, first_strata=first_strata, second_strata=strata)
    assert apart is not None and apart.p < 0.01 and apart.mean > 0.1
