"""``morse tasks NAME --stats``: what was thrown away is counted by reason, and what was left out by kind of question."""

from collections.abc import Callable, Iterable

import pytest
from click.testing import CliRunner

from morse.cli import main
from morse.errors import Rejected
from morse.layout import Layout
from morse.pipeline import imagine, make_key
from morse.schema import Omitted, Question
from morse.seeding import Rng
from morse.task import Task
from morse.task_stats import level_stats
from tests.toy import LampParams, Lamps, Toy


@pytest.fixture
def shaky(toys: Callable[[str], Task], monkeypatch: pytest.MonkeyPatch) -> Task:
    """Of each clip the first draw is rejected as a tie, the second as unstable; the count is left out as unstable in the clips
    whose first lamp question comes out as A."""
    simulate, ask = Toy.simulate, Toy.ask
    draws = iter(range(1000))

    def picky(self: Toy, params: LampParams, rng: Rng) -> Lamps:
        reason = ("a tie", "an unstable order", None)[next(draws) % 3]
        if reason:
            raise Rejected(reason)
        return simulate(self, params, rng)

    def wary(self: Toy, episode: Lamps, layout: Layout, rng: Rng) -> Iterable[Question | Omitted]:
        made = list(ask(self, episode, layout, rng))
        assert all(isinstance(one, Question) for one in made)
        tipped = any(one.kind == "first" and one.answer == "A" for one in made)
        return [Omitted(kind="count", reason="unstable") if one.kind == "count" and tipped else one for one in made]

    monkeypatch.setattr(Toy, "simulate", picky)
    monkeypatch.setattr(Toy, "ask", wary)
    return toys("toy")


def test_draws_and_questions_are_counted_by_what_became_of_them(shaky: Task) -> None:
    items = [imagine(make_key(shaky, 1, "stats", index)) for index in range(40)]
    stats = level_stats(shaky, items)
    tipped = sum(q.kind == "first" and q.answer == "A" for item in items for q in item.questions)
    assert 0 < tipped < 40
    assert (stats.clips, stats.draws, stats.unstable_draws) == (40, 120, 40)
    assert stats.rejected == {"a tie": 40, "an unstable order": 40}
    assert stats.omitted == {("count", "unstable"): tipped}
    assert stats.asked["count"] == 40 - tipped
    assert stats.asked["first"] == 40
    assert stats.unstable_questions("count") == pytest.approx(tipped / 40)
    assert stats.unstable_questions("first") == 0.0


def test_the_command_prints_a_row_a_level_and_one_a_question() -> None:
    done = CliRunner().invoke(main, ["tasks", "cups", "--stats", "--difficulty", "1,2", "--items", "2"])
    assert done.exit_code == 0, done.output
    assert "unstable" in done.output and "moved_count" in done.output
    for wrong in (["tasks", "--stats"], ["tasks", "cup", "--stats"], ["tasks", "cups", "--stats", "--difficulty", "x"]):
        assert CliRunner().invoke(main, wrong).exit_code == 2
