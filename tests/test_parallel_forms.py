"""Parallel forms: fresh sets of one recipe are worth the same to an observer that does not change, within sampling error."""

from collections.abc import Callable, Iterator

import pytest
from scipy import stats as reference

from harness.comparison import stratified_error, unpaired
from harness.observers import PANEL, Puzzle
from harness.references import reference_response
from harness.report import Report, make_report
from harness.responses import Response
from harness.stand_ins import Asked, guess
from morse.pipeline import clip_row, imagine, make_key
from morse.schema import PrivateAnswer, PublicQuestion
from morse.seeding import Key, Rng
from morse.stage.frames import Canvas
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
            item = imagine(key)
            clip = clip_row(item, Canvas(), None, None, None)
            for number, question in enumerate(item.questions):
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
                    clip,
                )


def slipping(item: Asked) -> str:
    """An observer that follows the reference steps, slips at each one alike, and then guesses."""
    rng = Rng(Key("observer", 1, 1, "test", item.question.question_id, 0), "steps")
    slipped = any(rng.chance(SLIP) for _ in item.private.steps)
    return reference_response(item.question.format, guess(item, rng) if slipped else item.private.answer)


def limited(name: str) -> Callable[[Asked], str]:
    return lambda item: PANEL[name].respond(Puzzle.of_record(item.question, item.private, item.clip))


OBSERVERS: dict[str, Callable[[Asked], str]] = {"slipping": slipping} | {
    name: limited(name) for name in ("frames-16", "memory-5", "limited")
}


def observed(asked: list[Asked], observer: Callable[[Asked], str]) -> Report:
    """An observer's scores on a set."""
    responses = {item.question.question_id: Response(item.question.question_id, observer(item)) for item in asked}
    answers = {item.question.question_id: item.private for item in asked}
    return make_report([item.question for item in asked], answers, responses, recipe="forms")


@pytest.fixture(scope="module")
def forms() -> list[list[Asked]]:
    return [list(form(f"form {number}", (1, 3, 6))) for number in range(FORMS)]


@pytest.fixture(scope="module")
def reports(forms: list[list[Asked]]) -> list[Report]:
    return [observed(asked, slipping) for asked in forms]


def figures(report: Report) -> tuple[list[float], list[str], list[tuple[str, int]]]:
    results = report.results
    return [float(r.correct) for r in results], [r.clip_id for r in results], [(r.task, r.level) for r in results]


@pytest.mark.parametrize("observer", OBSERVERS)
def test_ten_fresh_sets_agree_within_sampling_error(forms, observer):
    """χ² of the ten scores around their mean, each with its own standard error: neither too far apart nor too alike."""
    scores, errors = [], []
    for asked in forms:
        values, clips, strata = figures(observed(asked, OBSERVERS[observer]))
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
    values, clips, strata = figures(observed(list(form("harder", (10, 13, 16))), slipping))
    apart = unpaired(first, first_clips, values, clips, first_strata=first_strata, second_strata=strata)
    assert apart is not None and apart.p < 0.01 and apart.mean > 0.1
