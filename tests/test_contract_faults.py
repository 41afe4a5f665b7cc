"""The contract tests' own test: each promise, seen kept by the sound toy and broken by the one that breaks it."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from morse.task import Task, registry
from tests import contract, golden
from tests.conftest import files_of

Search = Callable[[Task, Path], Iterable[str]]

PROMISES: dict[str, tuple[str, Search, str]] = {
    "same records elsewhere": ("wobbly", lambda t, p: contract.same_elsewhere(t, p, [1], toys=True), "fresh process"),
    "levels grow": ("flat", lambda t, _: contract.levels_grow(t), "neither longer"),
    "levels generate in time": ("slow", lambda t, _: contract.levels_generate(t, limit=0.06), "processor time"),
    "masks lie in the boxes": (
        "misplaced",
        lambda t, _: contract.evidence_drawn(contract.item_of(t, 1)),
        "outside its box",
    ),
    "evidence is drawn": ("unlit", lambda t, _: contract.evidence_drawn(contract.item_of(t, 1)), "not in the masks"),
    "hiding shows": ("fixed", lambda t, _: contract.pixels_show_objects(contract.item_of(t, 3)), "without it"),
    "colours are as declared": (
        "faded",
        lambda t, _: contract.pixels_show_objects(contract.item_of(t, 3)),
        "its middle is",
    ),
    "files are as recorded": (
        "short",
        lambda t, p: contract.decodes_as_recorded(contract.item_of(t, 1), p),
        "recorded",
    ),
}


@pytest.mark.parametrize("promise", PROMISES)
def test_a_broken_promise_is_found(promise: str, toys: Callable[[str], Task], tmp_path: Path) -> None:
    faulty, search, words = PROMISES[promise]
    found = list(search(toys(faulty), tmp_path))
    assert found, f"{faulty} passes"
    assert all(words in line for line in found[:1])


@pytest.mark.parametrize("promise", [name for name in PROMISES if name != "levels generate in time"])
def test_the_sound_toy_keeps_it(promise: str, toys: Callable[[str], Task], tmp_path: Path) -> None:
    _, search, _ = PROMISES[promise]
    assert list(search(toys("toy"), tmp_path)) == []


def test_a_changed_task_keeps_no_golden_hash(
    toys: Callable[[str], Task], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(golden, "FOLDER", tmp_path / "tests" / "golden")
    toy, changed = toys("toy"), toys("uneven")
    assert "no golden hash" in next(iter(contract.golden_kept(toy)))
    golden.write(toy)
    assert list(contract.golden_kept(toy)) == []
    monkeypatch.setattr(type(changed), "name", "toy")
    monkeypatch.setitem(registry().tasks, "toy", changed)  # the same file, changed
    assert "raise the version" in next(iter(contract.golden_kept(changed)))
    with pytest.raises(SystemExit, match="raise its version"):
        golden.write(changed)
    monkeypatch.setattr(type(changed), "version", 2)
    assert "wrote" in golden.write(changed)


def test_a_task_is_changed_by_what_it_imports() -> None:
    files = files_of(registry().task("card_piles"))
    assert files >= {
        "generators/latent_state/card_piles.py",
        "generators/latent_state/_card_retold.py",
        "generators/latent_state/_hidden_search.py",  # imported by a module that it imports
        "templates/questions/en/latent_state/card_piles.j2",
    }
    assert "generators/latent_state/_coin_table.py" not in files
