"""The way of one clip, on toys: redraws, second derivations, wording, options."""

from collections.abc import Callable, Iterable

import pytest
from pydantic import JsonValue

from morse.errors import BadInput, Disagreement, Rejected
from morse.layout import Layout, Shown
from morse.options import pose_choice, pose_multi_choice
from morse.pipeline import agree, imagine, make_key
from morse.schema import Evidence, Integer, Number, Question, Set
from morse.seeding import Key, Rng
from morse.task import Task
from tests.toy import LampParams, Lamps, Toy

RNG = Key("t", 1, 1, "test", "r", 0).stream("ask")


def use(monkeypatch: pytest.MonkeyPatch, **methods: object) -> None:
    for name, method in methods.items():
        monkeypatch.setattr(Toy, name, method)


def test_rejected_draws_are_redrawn_and_counted(toys: Callable[[str], Task], monkeypatch: pytest.MonkeyPatch) -> None:
    tries = iter(range(10))
    simulate = Toy.simulate

    def picky(self: Toy, params: LampParams, rng: Rng) -> Lamps:
        if next(tries) < 3:
            raise Rejected("tie")
        return simulate(self, params, rng)

    use(monkeypatch, simulate=picky)
    item = imagine(make_key(toys("toy"), 1, "r", 0))
    assert (item.attempt, item.rejections) == (3, {"tie": 3})


def test_a_task_that_finds_no_clip_says_why(toys: Callable[[str], Task], monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: Toy, params: LampParams, rng: Rng) -> Lamps:
        raise Rejected("no room")

    use(monkeypatch, simulate=never)
    with pytest.raises(BadInput, match=r"finds no clip in \d+ draws: no room"):
        imagine(make_key(toys("toy"), 1, "r", 0))


def test_a_wrong_answer_is_a_defect_or_where_unstable_dropped(
    toys: Callable[[str], Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    rederive = Toy.rederive

    def other(self: Toy, question: Question, shown: Shown) -> JsonValue:
        return 99 if question.kind == "count" else rederive(self, question, shown)

    use(monkeypatch, rederive=other)
    with pytest.raises(Disagreement, match=r"question 'count': the answer is \d, rederived 99"):
        imagine(make_key(toys("toy"), 1, "r", 0))
    monkeypatch.setattr(Toy, "unstable", True)
    item = imagine(make_key(toys("toy"), 1, "r", 0))
    assert [question.kind for question in item.questions] == ["first", "again", "seen"]
    assert item.rejections == {"count: unstable": 1}


def test_evidence_outside_the_clip_is_a_defect(toys: Callable[[str], Task], monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Toy.ask

    def late(self: Toy, episode: Lamps, layout: Layout, rng: Rng) -> Iterable[Question]:
        for question in ask(self, episode, layout, rng):
            yield question.model_copy(update={"evidence": (Evidence(start=0.0, end=layout.duration + 1),)})

    use(monkeypatch, ask=late)
    with pytest.raises(Disagreement, match="evidence"):
        imagine(make_key(toys("toy"), 1, "r", 0))


def test_prompts_hold_question_options_and_instruction(toys: Callable[[str], Task]) -> None:
    item = imagine(make_key(toys("toy"), 1, "r", 0))
    count, first = item.questions[0], item.questions[1]
    assert count.prompt == f"{count.text}\n\nAnswer with a whole number, in the form: Answer: 7"
    options = first.format.options  # type: ignore[union-attr]
    listed = "\n".join(f"({letter}) {option}" for letter, option in zip("ABCD", options, strict=True))
    assert first.prompt.split("\n\n")[1] == listed
    assert (count.domain, count.chance, first.domain) == ((1, 2, 3, 4), 0.25, ("A", "B", "C", "D"))


def test_phrasings_vary_and_do_not_move_the_puzzle(toys: Callable[[str], Task]) -> None:
    items = [imagine(make_key(toys("toy"), 1, "r", i)) for i in range(40)]
    assert {item.questions[0].phrasing for item in items} == {0, 1, 2, 3, 4}
    assert len({item.latent() for item in items}) == 40


@pytest.mark.parametrize(
    ("question", "other", "equal"),
    [
        (Question(kind="k", format=Integer(), answer=3, reasoning="recall"), 3, True),
        (Question(kind="k", format=Integer(), answer=3, reasoning="recall"), 3.0, False),
        (Question(kind="k", format=Number(absolute=0.2), answer=1.0, reasoning="recall"), 1.09, True),
        (Question(kind="k", format=Number(absolute=0.2), answer=1.0, reasoning="recall"), 1.15, False),
        (
            Question(kind="k", format=Set(vocabulary=("a", "b")), answer=["a", "b"], reasoning="recall"),
            ["b", "a"],
            True,
        ),
        (Question(kind="k", format=Set(vocabulary=("a", "b")), answer=["a"], reasoning="recall"), ["a", "a"], False),
    ],
)
def test_agreement_by_the_rule_of_the_format(question: Question, other: JsonValue, equal: bool) -> None:
    assert agree(question, other) is equal


def test_choices_hold_the_key_once_at_a_random_place() -> None:
    letters = []
    for index in range(200):
        rng = Key("t", 1, 1, "test", "r", index).stream("ask")
        form, letter, values = pose_choice(rng, 5, [5, 4, 4, 6, 7, 8])
        assert sorted(str(value) for value in values) == ["4", "5", "6", "7"]
        assert values["ABCD".index(letter)] == 5
        assert form.options == tuple(str(value) for value in values)
        letters.append(letter)
    assert {letter: letters.count(letter) > 25 for letter in "ABCD"} == dict.fromkeys("ABCD", True)


def test_choices_need_enough_near_misses() -> None:
    with pytest.raises(Rejected):
        pose_choice(RNG, 5, [5, 4, 4])


def test_multi_choice_letters_are_those_of_the_right_values() -> None:
    form, letters, values = pose_multi_choice(RNG, ["a", "b"], ["c", "d", "e"])
    assert [values["ABCDE".index(str(letter))] for letter in letters] in (["a", "b"], ["b", "a"])
    assert letters == sorted(map(str, letters))
    assert len(form.options) == 5
    with pytest.raises(Rejected):
        pose_multi_choice(RNG, [], ["c"])
