"""Splits: the sides of a study are disjoint by how they are drawn, and `morse verify --against` sees it where they are not."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from morse.cli import main
from morse.difficulty import TaskParams, ramp
from morse.errors import BadInput
from morse.pipeline import make_key
from morse.plan import make_plan
from morse.recipe import parse_recipe, recipe_of
from morse.schema import Recipe, RecipePart
from morse.splits import APART, CHAINS, SPLITS, TRAINED_LEVELS, apart, filled, is_held_out, longer
from morse.style import HELD_OUT, draw_style, families_of
from morse.task import CATEGORIES, registry
from morse.writing import DatasetWriter, make_clip

KNOWN, HELD = ("cups", "event_order"), "dial_lock"
TESTED = ("L1", "L2", "L3", "novel_composition", "more_steps")


def morse(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set of each split, of the tasks that it has, all from one seed."""
    folder = tmp_path_factory.mktemp("splits")
    for split in ("train", "train_all", *TESTED):
        tasks = (HELD,) if split == "L3" else (*KNOWN, HELD) if split == "train_all" else KNOWN
        recipe = recipe_of("one", (), tasks, (1, 6), 3, split=split, video=False)
        with DatasetWriter(folder / split, make_plan(recipe, "1")) as writer:
            for job in [*writer.pending()]:
                writer.record(make_clip(writer.making, job))
            assert writer.finish().complete
    return folder


def shared(folder: Path, one: str, other: str) -> tuple[int, dict[str, tuple[int, bool]]]:
    """The exit code, and how much is shared, and whether it may be."""
    result = morse("verify", str(folder / one), "--against", str(folder / other), "--json")
    rows = json.loads(result.stdout)["shared"]
    return result.exit_code, {row["check"]: (len(row["shared"]), not row["forbidden"]) for row in rows}


def test_every_category_has_tasks_on_both_sides() -> None:
    for category in CATEGORIES:
        held = [is_held_out(task.name) for task in registry().category(category)]
        assert any(held) and sum(held) <= len(held) / 2, category


def test_sides_are_those_that_sets_were_made_with() -> None:
    # held out is by name for ever: another rule would put tasks of old training sets on the other side
    named = (
        "containers delivery_graph dial_lock faces function_steps graph_of_motion knots occlusion_track river_crossing"
    )
    assert {name for name in registry().tasks if is_held_out(name)} >= set(named.split())
    assert HELD_OUT == ("chalk", "sand") and (TRAINED_LEVELS, APART) == (10, 3)


def test_chains_are_knobs_that_grow() -> None:
    tasks = registry().tasks
    assert CHAINS.keys() <= tasks.keys()
    for name, chain in CHAINS.items():
        ramps = tasks[name].Params.ramps()
        assert all(ramps[knob].per_level > 0 for knob in chain), name


def test_what_a_level_gives_is_on_the_training_side_up_to_the_bound() -> None:
    for name, task in registry().tasks.items():
        for level in (1, 2, 5, TRAINED_LEVELS):
            params = task.Params.at(level)
            assert apart(params) == 0 and not longer(task, params), (name, level)
        assert apart(task.Params.at(TRAINED_LEVELS + 5)) == 0, name


def test_levels_between_knobs_are_counted_by_hand() -> None:
    class Params(TaskParams):
        fast: int = ramp(2, per_level=1)  # 2 at level 1, 6 at level 5
        slow: int = ramp(3, per_level=0.5, most=5)  # 3 at 1 and 2, 4 at 3 and 4, 5 from 5 on
        falling: float = ramp(2.0, per_level=-0.1, most=1.5)  # 1.7 at level 4; 1.5 from 6 on
        fixed: int = ramp(7)

    assert apart(Params.at(5)) == 0
    assert apart(Params.at(5, {"fast": 2})) == 4  # level 1 against 5
    assert apart(Params.at(5, {"fast": 2, "slow": 3})) == 4  # the falling one is still that of level 5
    assert apart(Params.at(1, {"falling": 1.7})) == 3  # level 4 against level 1 of the fast one
    assert apart(Params.at(3, {"fixed": 99})) == 0
    assert apart(Params.at(2, {"fast": 100})) == TRAINED_LEVELS + 1 - 2


@pytest.mark.parametrize("split", ["novel_composition", "more_steps"])
def test_what_a_split_sets_is_on_its_side_for_most_tasks(split: str) -> None:
    on_it = 0
    for task in registry().tasks.values():
        for level in (1, 3, TRAINED_LEVELS):
            try:
                params = task.Params.at(level, filled(task, level, {}, split))
            except BadInput:
                continue
            on_it += 1
            if split == "more_steps":
                assert longer(task, params), task.name
            else:
                assert apart(params) >= APART and not longer(task, params), task.name
                ramps = task.Params.ramps()  # each value is one that training has
                seen = {knob: {growth.at(i) for i in range(1, TRAINED_LEVELS + 1)} for knob, growth in ramps.items()}
                assert all(getattr(params, knob) in seen[knob] for knob in ramps), task.name
    assert on_it >= 3 * 45


def test_streams_and_looks_are_apart() -> None:
    cups = registry().task("cups")
    streams = {make_key(cups, 3, "one", 0, split).name(0, "simulate") for split in SPLITS}
    assert len(streams) == len(SPLITS)
    for split, sides in SPLITS.items():
        families = set(families_of(split, "varied"))
        assert bool(families & set(HELD_OUT)) == (sides.looks != "known"), split
        assert (families <= set(HELD_OUT)) == (sides.looks == "held out"), split
    drawn = {draw_style(make_key(cups, 1, "one", i, "L2").stream("style"), "L2").family for i in range(40)}
    assert drawn == set(HELD_OUT)


@pytest.mark.parametrize("split", TESTED)
def test_a_test_side_shares_nothing_that_it_must_not(made: Path, split: str) -> None:
    code, rows = shared(made, split, "train")
    assert code == 0
    assert rows["shared clips"] == (0, False)
    apart_in = {"L2": "looks", "L3": "tasks", "novel_composition": "combinations", "more_steps": "lengths"}.get(split)
    for check in ("looks", "tasks", "combinations", "lengths"):
        count, allowed = rows[f"shared {check}"]
        assert allowed == (check != apart_in), (split, check)
        assert allowed or count == 0, (split, check)
        if check == "tasks" and split != "L3":
            assert count == len(KNOWN)  # what is allowed is counted
    assert shared(made, "train", split)[0] == 0  # the other way round


def test_what_is_shared_and_must_not_be_is_named(made: Path) -> None:
    result = morse("verify", str(made / "train"), "--against", str(made / "train"))
    assert result.exit_code == 1
    assert "shared clips: clip " in result.stderr and "and 7 more" in result.stderr
    # a set that holds nothing out but looks: it may share all else with the splits that hold something out; its clips it may not
    code, rows = shared(made, "L3", "train_all")
    assert code == 0 and rows["shared tasks"] == (1, True)


def test_a_set_that_says_another_split_than_it_is_is_caught(made: Path, tmp_path: Path) -> None:
    """The manifest of a set of all tasks is made to say that it is the training side."""
    for one in made.joinpath("train_all").rglob("*"):
        if one.is_file():
            copy = tmp_path / "said" / one.relative_to(made / "train_all")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(one.read_bytes())
    manifest = tmp_path / "said" / "public" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"train_all"', '"train"'))
    result = morse("verify", str(made / "L3"), "--against", str(tmp_path / "said"))
    assert result.exit_code == 1 and f"shared tasks: {HELD}: clip " in result.stderr
    public = morse("verify", str(made / "L3" / "public"), "--against", str(tmp_path / "said"))
    assert public.exit_code == 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            "--task dial_lock --split train",
            "'dial_lock' is held out of training, so it is not in split train (--split L3 has it",
        ),
        ("--task cups --split L3", "'cups' is one that training has, so it is not in split L3 (--split L1 has it)"),
        ("--task cups --split train --difficulty 20", "swaps=42 is longer than the 22 that training has at most"),
        (
            "--task cups --split more_steps --set swaps=9",
            "no chain that could be longer than training has (swaps over 22)",
        ),
        ("--task orbit --split more_steps", "no knob counts one"),
        (
            "--task cups --split L1 --set swaps=22",
            "are 7 levels apart, a combination held out for --split novel_composition",
        ),
        ("--task cups --split novel_composition --set swaps=8", "its knobs are 0 levels apart, which training has too"),
        ("--task cups --split L2 --style paper", "style 'paper' is not one of split 'L2': choose varied, chalk, sand"),
        ("--task cups --split train --style chalk", "style 'chalk' is not one of split 'train'"),
        ("--task cups --split l1", "no split 'l1' (did you mean 'L1'?)"),
        ("--task cups --split more-steps", "no split 'more-steps' (did you mean 'more_steps'?)"),
        ("--task cups --split held_out_look", "no split 'held_out_look' (did you mean 'held_out_looks'?)"),
    ],
)
def test_what_is_not_in_a_split_is_refused(given: str, message: str, tmp_path: Path) -> None:
    result = morse("generate", *given.split(), "--no-video", "--workers", "1", "--out", str(tmp_path / "set"))
    assert result.exit_code == 2
    assert message in result.stderr and len(result.stderr.splitlines()) == 1, result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_category_is_dealt_to_the_tasks_that_a_split_has() -> None:
    def tasks(split: str, *categories: str) -> set[str]:
        return {part.task for part in recipe_of("one", categories, (), (3,), 100, split=split).parts}

    latent = {task.name for task in registry().category("latent_state")}
    assert tasks("train", "latent_state") == latent - {HELD}
    assert tasks("L3", "latent_state") == {HELD}
    assert tasks("test", "latent_state") == tasks("train_all", "latent_state") == latent
    everything = tasks("L3", "all")
    assert everything == {name for name in registry().tasks if is_held_out(name)}


def test_a_recipe_file_is_filled_in_and_checked() -> None:
    text = 'name = "mine"\nsplit = "more_steps"\n[[parts]]\ntask = "cups"\nlevels = [1, 2]\ncount = 2\n'
    recipe = parse_recipe(text)
    # 4 + 2 · (level − 1), ten levels further up
    assert [(part.levels, part.knobs) for part in recipe.parts] == [((1,), {"swaps": 24}), ((2,), {"swaps": 26})]
    make_plan(recipe.model_copy(update={"video": False}), "1")
    with pytest.raises(BadInput, match=r"line 4: parts\[0\].task: task 'dial_lock' is held out of training"):
        parse_recipe(text.replace("cups", "dial_lock"))
    made_by_hand = Recipe(
        name="x", split="more_steps", parts=(RecipePart(task="cups", levels=(1,), count=1),), video=False
    )
    with pytest.raises(BadInput, match="no chain that could be longer"):
        make_plan(made_by_hand, "1")


def test_old_names_make_what_they_made() -> None:
    part = RecipePart(task="cups", levels=(1, 3), count=1)
    for split in ("test", "train", "held_out_looks", "validation"):
        recipe = recipe_of("one", (), ("cups",), (1, 3), 1, split=split, video=False)
        assert recipe.parts == (part,)
        assert make_plan(recipe, "1").canary.startswith("MORSE training" if split == "train" else "MORSE benchmark")
    assert set(families_of("train", "varied")) == {"paper", "studio", "meadow", "blueprint", "night"}
    assert families_of("held_out_looks", "varied") == HELD_OUT
    assert families_of("train", "plain") == families_of("test", "plain") == ("plain",)
