"""Recipes: what ships is large enough for what it claims; what is wrong in a file is named with its line and key."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morse.errors import BadInput
from morse.plan import jobs, make_plan
from morse.recipe import SHIPPED, Power, clips_of, load_recipe, parse_levels, parse_recipe, recipe_of, shipped
from morse.task import registry
from tests.toy_sets import own_task, toy_recipe

GOOD = """\
name = "mine"
about = "to try"

[[parts]]
task = "toy"
levels = [1, 3]
count = 2

[[parts]]
category = "latent_state"
levels = [5]
count = 7
knobs = { flashes = 4 }
"""


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    if "shipped" in request.node.name:
        yield
        return
    with own_task():
        found = registry()
        for name in [n for n, task in found.tasks.items() if task.category == "latent_state" and n != "toy"]:
            monkeypatch.delitem(found.tasks, name)
        yield


def test_power_is_that_of_the_published_table() -> None:
    # Miller, arXiv 2411.00640: 3 points at a correlation of 0.5 need 2,180 paired items
    assert round(Power(points=3, questions_per_clip=1).questions()) == 2180
    # four questions a clip at an intra-clip correlation of 0.3: variance × 1.9 (by hand)
    assert Power(points=3, questions_per_clip=4).clips() == 1036  # 2180.2 × 1.9 / 4


def test_three_recipes_ship() -> None:
    assert shipped() == ["hard", "mini", "standard"]


@pytest.mark.parametrize("name", ["mini", "standard", "hard"])
def test_a_shipped_recipe_is_as_large_as_its_claim(name: str) -> None:
    recipe = parse_recipe((SHIPPED / f"{name}.toml").read_text())
    assert recipe.name == name
    assert f"{clips_of(recipe)} clips" in recipe.about
    tasks = registry().tasks
    clips = Counter({category: 0 for category in {task.category for task in tasks.values()}})
    for part in recipe.parts:
        clips[tasks[part.task].category] += part.count * len(part.levels)
    assert len(clips) == 8 and len(set(clips.values())) == 1  # all categories alike


def test_a_recipe_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD)
    recipe = load_recipe(str(tmp_path / "mine.toml"))
    assert [(p.task, p.levels, p.count, p.knobs) for p in recipe.parts] == [
        ("toy", (1, 3), 2, {}),
        ("toy", (5,), 7, {"flashes": 4}),
    ]
    assert clips_of(recipe) == 11


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("levels = [1, 3]", "levels = [1, 3", "not TOML: "),
        ("levels = [1, 3]", "levels = [0]", ", line 6: parts[0].levels[0]: Input should be greater than or equal to 1"),
        ("levels = [1, 3]", 'levels = ["hard"]', ", line 6: parts[0].levels[0]: Input should be a valid integer"),
        ("count = 7", "count = 0", ", line 12: parts[1].count: Input should be greater than or equal to 1"),
        ("count = 7", "number = 7", ", line 9: parts[1].count: Field required"),
        ('task = "toy"', 'task = "toi"', ", line 5: parts[0].task: no task 'toi' (did you mean 'toy'?)"),
        ('category = "latent_state"', 'category = "latent"', ", line 10: parts[1].category: no category 'latent'"),
        ('task = "toy"', 'task = "../toy"', ", line 5: parts[0].task: "),
        ('about = "to try"', 'abuot = "to try"', ", line 2: abuot: Extra inputs are not permitted"),
        ('about = "to try"', 'language = "../../x"', ", line 2: language: "),
        ('about = "to try"', "width = 63", ", line 2: width: "),
        ('name = "mine"', 'name = "/etc/passwd"', ", line 1: name: "),
        ('task = "toy"', 'task = "toy"\ncategory = "physical"', ", line 4: parts[0]: give either task or category"),
        (
            "[[parts]]\ntask",
            "[power]\npoints = 3\nquestions_per_clip = 4\n[[parts]]\ntask",
            ", line 4: power: 3.0 points",
        ),
    ],
)
def test_a_malformed_recipe_is_one_line_with_line_and_key(old: str, new: str, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_recipe(GOOD.replace(old, new, 1), "mine.toml")
    assert str(caught.value).startswith(f"mine.toml{message}" if message.startswith(",") else f"mine.toml: {message}")
    assert "\n" not in str(caught.value)


def test_what_is_no_recipe_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no recipe 'maxi'.*hard, mini, standard"):
        load_recipe("maxi")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="not UTF-8"):
        load_recipe(str(tmp_path / "bad.toml"))


@settings(deadline=None)  # what is tested is no speed
@given(st.sets(st.integers(1, 60), min_size=1))
def test_levels_are_read_as_written(levels: set[int]) -> None:
    assert parse_levels(",".join(map(str, levels))) == tuple(sorted(levels))


def test_ranges_of_levels() -> None:
    assert parse_levels("1-5") == (1, 2, 3, 4, 5)
    assert parse_levels("6, 1-2,1") == (1, 2, 6)


@pytest.mark.parametrize("text", ["0", "-1", "hard", "", "3-1", "1,,2", "1.5", "0-4", "1-99999"])
def test_what_is_no_level_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="difficulty"):
        parse_levels(text)


def test_a_category_deals_its_clips_to_its_tasks_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    toy = type(registry().tasks["toy"])
    for name in ("toz", "tou"):
        twin = type(name, (toy,), {"name": name})
        monkeypatch.setitem(registry().tasks, name, twin())  # type: ignore[abstract]
    recipe = recipe_of("x", ["latent_state"], [], (1, 2, 3), 4)
    assert clips_of(recipe) == 12
    made = {(job.key.task, job.key.level) for job in jobs(make_plan(recipe, "s"))}
    assert len(made) == 9
    per_task = [sum(p.count * len(p.levels) for p in recipe.parts if p.task == name) for name in ("toy", "toz", "tou")]
    assert per_task == [4, 4, 4]


def test_no_two_clips_of_a_plan_share_a_key() -> None:
    recipe = toy_recipe().model_copy(update={"parts": toy_recipe().parts * 2})
    made = [job.clip_id for job in jobs(make_plan(recipe, "s"))]
    assert len(set(made)) == len(made) == 12


@pytest.mark.parametrize(
    "text",
    [
        "name: &a lol\nparts: [*a, *a, *a]\n",
        "!!python/object/apply:os.system ['touch pwned']\n",
        'name = "x"\n[[part]]\ntask = "../../etc/passwd"\nlevels = [1]\ncount = 1\n',
        "name = " + "[" * 100_000,
        "\x00\x01\x02",
    ],
    ids=["anchors", "tags", "path", "nested", "binary"],
)
def test_a_hostile_recipe_is_one_line(tmp_path: Path, text: str) -> None:
    """Recipes are TOML, which has neither anchors nor tags; what is written so is refused, and nothing of it is done."""
    file = tmp_path / "recipe.toml"
    file.write_text(text)
    with pytest.raises(BadInput) as refused:
        load_recipe(str(file))
    assert len(str(refused.value).splitlines()) == 1
    assert [*tmp_path.iterdir()] == [file]
