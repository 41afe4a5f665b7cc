"""Every gate, seen passing on a sound toy and failing on a toy with the one fault that it is there to find."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from pydantic import JsonValue
from scipy import stats

from harness.audit import Depth, audit, made, neighbour, summary
from harness.gates import GATES, LEARNERS, Batch, Row, load, run, scoring, summed, truth
from harness.gates.evidence import seen_at_any_phase
from harness.gates.sample import CHECKS, Sample
from harness.gates.significance import above_chance, effect, evenness, order_evenness
from harness.gates.uniform import uniform
from harness.gates.variety import states_between
from harness.scoring import Score
from harness.stats import holm
from harness.verify import print_report, verify
from morse.generate import generate
from morse.pipeline import imagine, make_key
from morse.schema import AnswerFormat, Recipe, RecipePart
from morse.task import Task, registry
from tests.conftest import toys_registered
from tests.toy_sets import InProcess

load()
FAULTS = {
    "telling": "rules of thumb at chance",
    "wording": "blind learner at chance",
    "early": "one frame at chance",
    "long": "clip length at chance",
    "late": "evidence visible",
    "small": "latent states",
    "deaf": "neighbouring seeds share no clip",
    "peeking": "rederiving ignores the answer",
    "twofold": "one option is true",
    "outside": "answer in its domain",
    "unscorable": "reference scores 1",
    "glance": "questions need more than one frame",
    "hollow": "levels of reasoning",
    "mute": "docstring headings",
    "terse": "phrasings",
    "constant": "constant answer at chance",
    "twins": "duplicates",
}


def verdict(name: str, gate: str, items: int) -> bool | None:
    """What one gate says of one toy at level 3."""
    checked = gate in CHECKS
    with toys_registered():
        depth = Depth((gate,) if checked else (), gate == "one frame at chance", gate == "gaming responses at chance")
        results = [made(name, "toys", 3, index, depth) for index in range(items)]
        samples = [result for result in results if isinstance(result, Sample)]
        if gate in LEARNERS:  # one question kind is enough to learn from
            kind = "first" if gate == "one frame at chance" else "count"
            samples = [replace(s, questions=tuple(q for q in s.questions if q.kind == kind)) for s in samples]
        beside = [made(name, neighbour("toys"), 3, index, Depth()) for index in range(8)]
        batch = Batch(registry().task(name), {3: samples}, {3: [r for r in beside if isinstance(r, Sample)]})
        rows = list(summed(gate, batch) if checked else GATES[gate](batch))
    return summary(rows)[0].passed if rows else None


def clips_for(gate: str) -> int:
    """How many clips decide: few where each clip is checked, more where chance is tested."""
    few = (*CHECKS, "neighbouring seeds share no clip", "questions need more than one frame", "levels of reasoning")
    return 12 if gate in (*few, "docstring headings", "phrasings") else 200


@pytest.mark.parametrize(("variant", "gate"), FAULTS.items())
def test_each_gate_passes_a_sound_task_and_finds_its_fault(variant: str, gate: str) -> None:
    items = clips_for(gate)
    assert verdict(variant, gate, items) is False
    assert verdict("toy", gate, items) is not False


@pytest.mark.parametrize("gate", ["mutated reference scores less", "gaming responses at chance"])
def test_a_lenient_scorer_is_found(gate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scorer that credits every response in which the answer occurs (a fault seen in the field)."""

    def lenient(form: AnswerFormat, answer: JsonValue, response: str) -> Score:
        wanted = answer if isinstance(answer, list) else [answer]
        right = all(str(entry) in response for entry in wanted)
        return Score(float(right), right, "scored")

    assert verdict("toy", gate, 40) is True
    monkeypatch.setattr(scoring, "score", lenient)
    assert verdict("toy", gate, 40) is False


def test_an_order_that_counts_in_sets_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def ordered(form: AnswerFormat, answer: JsonValue, response: str) -> Score:
        right = response == scoring.reference_response(form, answer)
        return Score(float(right), right, "scored")

    assert verdict("toy", "shuffled sets score 1", 12) is True
    monkeypatch.setattr(scoring, "score", ordered)
    assert verdict("toy", "shuffled sets score 1", 12) is False


def test_a_second_derivation_that_differs_is_found() -> None:
    with toys_registered():
        item = imagine(make_key(registry().task("toy"), 3, "toys", 0))
        assert {finding.fault for finding in truth.rederived(item)} == {""}
        asked = tuple(
            q.model_copy(update={"slots": {**q.slots, "place": 4, "colour": "black"}}) for q in item.questions
        )
        faults = [finding.kind for finding in truth.rederived(replace(item, questions=asked)) if finding.fault]
    assert "count" in faults


def test_the_whole_audit() -> None:
    with toys_registered():
        sound = {row.gate: row.passed for row in summary(audit("toy", "toys", levels=(3,), items=60, workers=1))}
        broken = audit("broken", "toys", levels=(3,), items=60, workers=2, learners=False)
    assert [gate for gate, passed in sound.items() if passed is False] == []
    assert sound.keys() >= {*FAULTS.values(), *CHECKS} - {"constant answer at chance"}, "it has no open question"
    assert sound.keys() >= {"answers uniform", "rederived answers agree", "shuffled sets score 1"}
    undecided = {gate for gate, passed in sound.items() if passed is None}
    assert undecided >= {"answers uniform", "duplicates", "latent states", "rejected draws"}, "too few clips for these"
    assert "one in ten" in next(row.detail for row in broken if row.gate == "clips are made" and row.passed is False)


def test_verify_runs_them_over_the_clips_of_a_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A task whose right option is the longest: each clip is sound, fifty of them are not."""
    for module in ("morse.generate", "harness.verify"):
        monkeypatch.setattr(f"{module}.Workers", InProcess)
    monkeypatch.setattr("harness.verify.gates.run", partial(run, learners=False))
    recipe = Recipe(name="many", parts=(RecipePart(task="telling", levels=(3,), count=50),), video=False)
    with toys_registered():
        generate(recipe, tmp_path / "set", seed="verify", workers=1, say=lambda _: None)
        report = verify(tmp_path / "set", frames=False, workers=1)
    assert not any(row.faults for row in report.rows)
    assert not report.passed
    failed = {row.gate for row in report.gates if row.passed is False}
    assert failed == {"rules of thumb at chance", "docstring headings"}  # the toys of this file have no headings
    assert {row.gate for row in report.gates if row.passed} >= {"gaming responses at chance", "levels of reasoning"}
    print_report(report)
    assert "answers uniform" in capsys.readouterr().out


def test_uneven_answers_are_found_where_there_are_enough(toys: Callable[[str], Task]) -> None:
    def rows(name: str) -> dict[str | None, Row]:
        batch = Batch(toys(name), {1: quick(name, 2100)}, {})
        return {row.kind: row for row in uniform(batch)}

    assert rows("uneven")["count"].passed is False
    assert [row.passed for row in rows("toy").values()] == [True] * 4


def quick(name: str, count: int) -> list:
    """Samples without checks."""
    return [made(name, "even", 1, index, Depth()) for index in range(count)]


# ── the tests behind the gates ──────────────────────────────────────────────────────────────────────────────────────


def test_holm_by_hand() -> None:
    # sorted .01 .02 .04 → 3×.01, max(., 2×.02), max(., 1×.04)
    assert holm([0.04, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])


def test_evenness_is_pearson_for_one_right_position() -> None:
    counts = np.array([30, 20, 25, 45])
    chi2, degrees = evenness(counts, [1] * 120)
    assert (chi2, degrees) == (pytest.approx(stats.chisquare(counts).statistic), 3)


def test_evenness_of_sets_follows_its_distribution() -> None:
    source = np.random.Generator(np.random.PCG64(1))  # noqa: TID251
    found = []
    for _ in range(400):
        picks = [source.choice(6, size=size, replace=False) for size in source.integers(1, 5, 100)]
        counts = np.bincount(np.concatenate(picks), minlength=6)
        found.append(evenness(counts, [len(pick) for pick in picks])[0])
    assert stats.kstest(found, stats.chi2(5).cdf).pvalue > 0.01


def test_evenness_of_orders_follows_its_distribution() -> None:
    source = np.random.Generator(np.random.PCG64(2))  # noqa: TID251
    found = [order_evenness([source.permutation(4) + 1 for _ in range(100)])[0] for _ in range(400)]
    assert stats.kstest(found, stats.chi2(9).cdf).pvalue > 0.01


def test_effect_by_hand() -> None:
    # χ² 14 on 4 degrees of 1,000 items: √((14 − 4) / (1,000 × 4))
    assert effect(14.0, 4, 1000) == pytest.approx(0.05)


def test_clusters_make_the_same_excess_less_surprising() -> None:
    scores, chances = [1.0] * 40 + [0.0] * 60, [0.25] * 100
    alone = above_chance(scores, chances, list(range(100)))
    together = above_chance(scores, chances, [i // 10 for i in range(100)])
    exact = float(stats.binom.sf(39, 100, 0.25))
    assert exact <= alone < 5 * exact
    assert together > 10 * alone


def test_latent_states_by_hand() -> None:
    # no collision: at 95 % at most −ln 0.05 = 2.996 expected
    least, most = states_between(2_996_000, 0)
    assert least == pytest.approx(1e6, rel=1e-3)
    assert most == float("inf")


@pytest.mark.parametrize(
    ("frames", "rate", "seen"),
    [
        (range(24), 1.0, True),  # one second at one frame a second
        (range(23), 1.0, False),  # one frame short: a sampler can step over it
        (range(24), 2.0, True),
        ([*range(12), *range(36, 48)], 1.0, True),  # two halves that complete each other
        (range(47), 0.5, False),
        (range(48), 0.5, True),
        ([7], 24.0, True),
        ([], 24.0, False),
    ],
)
def test_samplers_at_every_phase(frames: list[int], rate: float, seen: bool) -> None:
    assert seen_at_any_phase(np.array(list(frames), int), rate) is seen


def test_neighbouring_seed() -> None:
    assert neighbour("a1") == "a2"
