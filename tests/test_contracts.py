"""The contract tests: every task of the registry, present and future, without a line of test of its own.

Small renders of levels 1 and 6 always; the pixels at full size and level 10 for changed tasks, and for the others in
rotation (``MORSE_ROTATION`` gives the rotation's key, which the test header prints).
"""

import subprocess
import sys
from pathlib import Path

import pytest

from harness.audit import audit
from morse.task import registry
from tests import contract
from tests.conftest import in_full

TASKS = sorted(registry().tasks)
each_task = pytest.mark.parametrize("name", TASKS)
HEAVY = ("manim", "pybullet", "matplotlib", "moviepy", "scipy", "sklearn", "moderngl", "ray", "fsspec")


def test_every_task_file_loads() -> None:
    assert registry().errors == {}


@each_task
def test_same_records_and_frames_in_a_fresh_process(name: str, tmp_path: Path) -> None:
    assert list(contract.same_elsewhere(registry().task(name), tmp_path)) == []


@each_task
def test_golden_hash(name: str) -> None:
    assert list(contract.golden_kept(registry().task(name))) == []


@each_task
def test_levels_generate_and_grow(name: str) -> None:
    task = registry().task(name)
    assert [*contract.levels_generate(task), *contract.levels_grow(task)] == []


@each_task
@pytest.mark.parametrize("level", [1, 6])
def test_evidence_is_drawn(name: str, level: int) -> None:
    assert list(contract.evidence_drawn(contract.item_of(registry().task(name), level))) == []


@each_task
def test_video_decodes_as_recorded(name: str, tmp_path: Path) -> None:
    level = 6 if in_full(name) else 1
    assert list(contract.decodes_as_recorded(contract.item_of(registry().task(name), level), tmp_path)) == []


@each_task
def test_pixels_show_the_objects(name: str) -> None:
    levels = (1, 6) if in_full(name) else ()
    if not levels:
        pytest.skip("not this task's turn in the rotation")
    found = [
        line
        for level in levels
        for line in contract.pixels_show_objects(contract.item_of(registry().task(name), level))
    ]
    assert found == []


@each_task
def test_short_audit(name: str) -> None:
    # A stability filter simulates each clip a dozen times: such a task is examined on fewer clips here.
    items = 6 if registry().task(name).unstable else 24
    rows = audit(name, "contract", levels=(1, 6), items=items, workers=1, learners=False)
    assert [f"{row.gate}, level {row.level}, {row.kind}: {row.detail}" for row in rows if row.passed is False] == []


def test_tasks_and_scoring_load_no_renderer() -> None:
    code = (
        "import sys, morse.pipeline, morse.schema, harness.scoring\n"
        "from morse.task import registry\n"
        "assert not registry().errors, registry().errors\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
