"""``benchmarks.orders``: what it prints of every procedural task, and that it sees an order that the question does not take."""

import pytest
from click.testing import CliRunner

from benchmarks import orders
from morse.task import registry


@pytest.mark.parametrize("task", [task.name for task in registry().category("procedural")])
def test_all_orders_that_fit_are_the_accepted_ones(task: str) -> None:
    done = CliRunner().invoke(orders.main, [task, "--clips", "20"])
    assert done.exit_code == 0, done.output
    counts = [int(line.rsplit("   (")[0].split()[-1]) for line in done.output.splitlines()[1:4]]
    assert sum(counts) == 20 and counts[2] == 0


def test_an_order_that_is_not_taken_is_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    right = orders.accepted
    monkeypatch.setattr(orders, "accepted", lambda question, numbers: {way[::-1] for way in right(question, numbers)})
    done = CliRunner().invoke(orders.main, ["kitchen", "--clips", "2"])
    assert done.exit_code == 1
    assert done.output.splitlines()[3].split() == ["disagree", "2"]
    assert "level 1 index 0 (order)" in done.output
