"""``docs/coverage.md`` names only tasks and kinds of question that exist, and a task for each category."""

import re
from pathlib import Path

from morse.task import registry
from morse.wording import environment

TABLE = Path(__file__).parents[1] / "docs/coverage.md"


def named() -> list[tuple[str, str]]:
    """Task and kind of every mention."""
    return re.findall(r"`(\w+)\.(\w+)`", TABLE.read_text(encoding="utf-8"))


def test_every_named_task_asks_the_named_kind() -> None:
    tasks = registry().tasks
    found = named()
    assert len(found) > 50
    for name, kind in found:
        template = environment().get_template(f"questions/en/{tasks[name].category}/{name}.j2")
        assert kind in template.blocks, f"{name} asks nothing called {kind}"


def test_every_category_of_theirs_is_begun() -> None:
    rows = [line.split("|") for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    covered = {row[1].strip() for row in rows if "`" in row[3]}
    assert covered == {"abstract", "mathematical", "physical", "planning", "spatial", "temporal"}
