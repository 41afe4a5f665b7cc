"""Prompts that ask for steps or evidence: what they say is what the harness reads."""

import re
from pathlib import Path

import pytest

from harness.metrics.steps import canonical, claims, compare
from harness.reward import Target, Weights, cited, reward
from morse.pipeline import imagine, make_key
from morse.schema import Step
from morse.task import registry
from morse.wording import _lines, environment
from tests.toy_sets import morse, own_task


def told(task: str) -> list[str]:
    """The claims that a task's template says how to write."""
    own = registry().task(task)
    template = environment().get_template(f"questions/en/{own.category}/{own.name}.j2")
    return _lines(template, "_claims", {}) if "_claims" in template.blocks else []


TELLING = [name for name in registry().tasks if told(name)]


def form(kind: str, claim: str) -> tuple[str, str, int]:
    """What claims of one form have in common: seen or inferred, the words before a bracket, and how many terms are in it; or the
    words before the first colon; or that they say what some places hold."""
    words, sign, terms = canonical(claim).partition("(")
    if not sign:
        words = words.partition(":")[0]
        words = "=" if "=" in words else words
    return kind, re.sub(r"\d+", "#", words), terms.count(",")


def test_some_tasks_say_how_their_claims_are_written() -> None:
    assert {"cups", "collisions", "orbit", "kitchen", "bar_race"} <= {*TELLING}


@pytest.mark.parametrize("name", TELLING)
def test_claims_are_told_as_the_reference_steps_write_them(name: str) -> None:
    """Each is read as a claim, and is of a form that stands in the reference steps of some of the task's clips."""
    wanted = {}
    for line in told(name):
        (claim,) = claims(f"{line}\nAnswer: A")
        assert (claim.time is not None) == (claim.kind == "perceive")
        wanted[form(claim.kind, claim.claim)] = line
    for index in range(20):  # not every clip asks every kind of question
        item = imagine(make_key(registry().task(name), 3, "prompts", index))
        for step in (step for question in item.questions for step in question.steps):
            wanted.pop(form(step.kind, step.claim), None)
        if not wanted:
            break
    assert not wanted


def test_what_is_asked_stands_before_the_answer_form() -> None:
    key = make_key(registry().task("cups"), 2, "prompts", 0)
    plain, asking = imagine(key), imagine(key, None, "en", ("steps", "evidence"))
    for bare, question in zip(plain.questions, asking.questions, strict=True):
        assert question.model_copy(update={"prompt": bare.prompt}) == bare  # nothing else changes
        head, _, instruction = bare.prompt.rpartition("\n\n")
        parts = question.prompt.removeprefix(head + "\n\n").split("\n\n")
        assert len(parts) == 3 and parts[2] == instruction
        assert "swap(a1, b2) @ 3.1 s; infer: at(" in parts[0] and "Evidence: 3.0 to 5.5 s" in parts[1]


def test_a_response_that_does_as_asked_is_read() -> None:
    """The forms that the prompts show, with other words in them, give full marks for steps and evidence."""
    steps = (
        Step(kind="perceive", claim="swap(a2, c2)", time=3.0),
        Step(kind="infer", claim="at(coin, c2)", needs=(0,)),
    )
    response = "swap(a2, c2) @ 3.1 s\ninfer: at(coin, c2)\nEvidence: 3.0 to 5.5 s, 7.0 to 9.0 s\nAnswer: 7"
    assert compare(steps, claims(response))["all"].f1 == 1.0
    assert cited(response) == [(3.0, 5.5), (7.0, 9.0)]
    text = " ".join(_lines(environment().get_template("questions/en/formats.j2"), "_evidence", {}))
    assert cited(text.partition("in the form: ")[2]) == [(3.0, 5.5), (7.0, 9.0)]
    target = Target.model_validate({"format": {"type": "integer"}, "answer": 7, "steps": steps})
    assert reward(target, response, Weights(steps=1, consistency=1)).total == 1.0


def test_a_set_whose_prompts_ask_is_made_and_verified(tmp_path: Path) -> None:
    with own_task():
        folder = tmp_path / "set"
        options = ("--task", "toy", "--difficulty", "8", "--count", "1", "--no-video", "--workers", "1", "--seed", "p")
        code, _, err = morse("generate", *options, "--ask", "evidence", "--out", folder)
        assert code == 0, err
        assert "Before the answer, say where in the clip" in (folder / "public" / "questions.jsonl").read_text()
        assert '"asks": [' in (folder / "public" / "manifest.json").read_text()
        code, out, _ = morse("verify", folder, "--workers", "1", "--json")
        assert code == 0, out
