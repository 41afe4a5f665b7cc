"""Kitchen recipes: no step is needless, and one order alone agrees with what the clips show."""

from itertools import permutations

import pytest

from generators.procedural._kitchen_domain import kitchen_actions, mixed, phrase
from generators.procedural._kitchen_recipe import Recipe, sight
from generators.procedural._planning import Action, Sight, blocked, count_orders, history, misfits, without_needless
from morse.pipeline import Item, imagine, make_key
from morse.task import registry


def clip(level: int, index: int) -> Item:
    return imagine(make_key(registry().task("kitchen"), level, "kitchen tests", index))


def fits(sights: list[Sight]) -> bool:
    """Whether an order agrees with what is seen, by brute force of its own."""
    known: dict[str, object] = {}
    for seen in sights:
        if any(name in known and known[name] != value for name, value in seen.before.items()):
            return False
        known.update(seen.after)
    return True


@pytest.mark.parametrize("index", range(24))
def test_of_all_permutations_only_the_answer_fits(index: int) -> None:
    recipe: Recipe = clip(6, index).episode
    if recipe.mode == "gap":
        pytest.skip("its order rests on the step that is missing")
    belonging = [k for k, shot in enumerate(recipe.shots) if shot.position is not None]
    sights = {k: sight(recipe.shots[k], recipe.kitchen) for k in range(len(recipe.shots))}
    fitting = [order for order in permutations(belonging) if fits([sights[k] for k in order])]
    assert [[k + 1 for k in order] for order in fitting] == [recipe.order]
    if recipe.mode == "stray":
        assert not any(fits([sights[k] for k in order]) for order in permutations(range(len(recipe.shots))))


@pytest.mark.parametrize("level", [1, 6])
def test_no_step_of_a_recipe_is_needless(level: int) -> None:
    for index in range(12):
        recipe: Recipe = clip(level, index).episode
        goal = history(recipe.start, recipe.plan)[-1]
        last = recipe.plan[-1].does(history(recipe.start, recipe.plan)[-2])
        for i in range(len(recipe.plan) - 1):
            state, done = recipe.start, True
            for j, step in enumerate(recipe.plan):
                if j != i and step.fits(state):
                    state = step.after(state)
                elif j == len(recipe.plan) - 1:
                    done = False
            assert not done or any(state[name] != goal[name] for name in last)


def test_needless_steps_are_cut() -> None:
    actions = {phrase(a.kind, a.objects): a for a in kitchen_actions(["milk", "flour"], ["leek"])}
    walk = [
        actions[name]
        for name in (
            "light the stove",
            "pour milk into the bowl",
            "put the leek on the board",
            "pour flour into the bowl",
        )
    ]
    walk.append(actions["stir what is in the bowl"])
    start = {"milk jar": 2, "flour jar": 1, "leek": "rack", "bowl": (), "pot": (), "baking dish": (), "plate": (),
             "stove": "off", "oven": "off", "dish at": "counter"}  # fmt: skip
    assert [a.kind for a in without_needless(start, walk)] == ["pour", "pour", "stir"]
    assert history(start, without_needless(start, walk))[-1]["bowl"] == ("mix of 2: flour, milk",)


def test_orders_are_counted() -> None:
    free = [Sight({"a": 0}, {"a": 1}), Sight({"b": 0}, {"b": 1})]
    assert count_orders(free) == 2
    tied = [Sight({"a": 1, "b": 0}, {"a": 1, "b": 1}), Sight({"a": 0}, {"a": 1})]
    assert count_orders(tied) == 1
    assert misfits([*tied, Sight({"a": 5}, {"a": 6})]) == [2]


def test_what_is_blocked_without_a_step() -> None:
    def step(name: str, needs: str | None) -> Action:
        return Action(name, (name,), can=lambda s: needs is None or s[needs] == 1, does=lambda _: {name: 1})

    plan = [step("a", None), step("b", "a"), step("c", "b"), step("d", None)]
    assert blocked({"a": 0, "b": 0, "c": 0, "d": 0}, plan, 0, strictly=False) == [1, 2]


def test_a_mix_tells_what_is_in_it_and_how_much() -> None:
    assert mixed(["milk", "chopped leek", "mix of 2: flour, milk"]) == "mix of 4: flour, leek, milk"
