"""How many orders of a procedure's shuffled clips are right: ``python -m benchmarks.orders TASK --clips 500``.

For clips of levels 1 to 10 all orders are enumerated in two ways that share nothing with the generator's own proof: by what the clip
set's records say is seen before and after each step, and by doing the steps, one after another, in the domain from its start. Both
must find exactly the orders that the question on the order takes as right. Exit code 1 if a clip disagrees.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from generators.procedural._kitchen_recipe import Recipe
from generators.procedural._planning import Action, State
from harness.plans import check_plan
from morse.pipeline import Item, imagine, make_key
from morse.schema import PlanProblem, Question
from morse.task import registry

LEVELS = range(1, 11)
Order = tuple[int, ...]
Views = Mapping[int, tuple[dict[str, str], dict[str, str]]]
"""Number of a clip → what is seen before and after its step, each value as JSON."""


def views_of(item: Item) -> Views:
    """What the records say is seen."""
    seen: dict[tuple[int, str], dict[str, str]] = {}
    for state in item.layout.shown().states:
        kitchen = state.values["kitchen"]
        assert isinstance(kitchen, dict)
        seen[int(str(state.values["clip"])), str(state.values["when"])] = _plain(kitchen)
    return {number: (seen[number, "before"], seen[number, "after"]) for number, when in seen if when == "before"}


def by_sight(numbers: Sequence[int], views: Views) -> set[Order]:
    """The orders in which no clip contradicts an earlier one, lengthened by a clip at a time."""
    begun: list[tuple[Order, dict[str, str]]] = [((), {})]
    for _ in numbers:
        begun = [
            ((*order, number), known | views[number][1])
            for order, known in begun
            for number in numbers
            if number not in order and views[number][0].items() <= {**views[number][0], **known}.items()
        ]
    return {order for order, _ in begun}


def by_doing(recipe: Recipe[Any], numbers: Sequence[int], views: Views, *, gap: bool) -> set[Order]:
    """The orders in which the steps can be done from the start, and everything looks as it is seen.

    ``gap``: between two of them one more step of the domain is done that is not seen.
    """
    actions: list[Action] = recipe.kitchen.actions()
    steps = {(action.kind, action.objects): action for action in actions}

    def looks(state: State, view: Mapping[str, str]) -> bool:
        return view.items() <= _plain({name: state[name] for name in view}).items()

    def extend(order: Order, state: State, gap_left: bool) -> Iterator[Order]:
        if len(order) == len(numbers):
            yield from () if gap_left else (order,)
            return
        for number in numbers:
            step = steps[recipe.shot(number).kind, recipe.shot(number).objects]
            before, after = views[number]
            if number not in order and looks(state, before) and step.can(state) and looks(step.after(state), after):
                yield from extend((*order, number), step.after(state), gap_left)
        if order and gap_left:
            for action in actions:
                if action.fits(state):
                    yield from extend(order, action.after(state), False)

    return set(extend((), recipe.start, gap))


def accepted(question: Question, numbers: Sequence[int]) -> set[Order]:
    """The orders that the question takes as right."""
    if question.kind != "order_free":
        assert isinstance(question.answer, list)
        return {tuple(int(str(number)) for number in question.answer)}
    problem = PlanProblem.model_validate(question.answer)

    def extend(order: Order) -> Iterator[Order]:
        outcome = check_plan(problem, [f"clip{number}" for number in order])
        if outcome.reached:
            yield order
        elif outcome.done == len(order):
            for number in numbers:
                yield from extend((*order, number))

    return set(extend(()))


def valid_orders(item: Item, question: Question) -> tuple[set[Order], set[Order]]:
    """All orders of the clips that belong, by sight and by doing. Of a stray clip it must be proven that it is the only one."""
    recipe, views = _recipe(item), views_of(item)
    numbers = sorted(views)
    if question.kind == "order_gap":
        found = by_doing(recipe, numbers, views, gap=True)
        return found, found
    if question.kind != "order_stray":
        return by_sight(numbers, views), by_doing(recipe, numbers, views, gap=False)
    rests = [[n for n in numbers if n != left_out] for left_out in numbers]
    seen = by_sight(numbers, views).union(*(by_sight(rest, views) for rest in rests))
    return seen, by_doing(recipe, numbers, views, gap=False).union(
        *(by_doing(recipe, rest, views, gap=False) for rest in rests)
    )


def _recipe(item: Item) -> Recipe[Any]:
    """A clip's procedure: its episode, or what its episode keeps as such."""
    return item.episode if isinstance(item.episode, Recipe) else item.episode.recipe


def _plain(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: json.dumps(list(value) if isinstance(value, tuple) else value) for name, value in values.items()}


@click.command(help=__doc__)
@click.argument("task")
@click.option("--clips", type=click.IntRange(min=1), default=500, show_default=True, help="Spread over the levels.")
def main(task: str, clips: int) -> None:
    made, several, wrong, modes = registry().task(task), Counter[int](), list[str](), Counter[str]()
    one = 0
    for i in range(clips):
        level, index = LEVELS[i % len(LEVELS)], i // len(LEVELS)
        item = imagine(make_key(made, level, "orders", index))
        question = next(question for question in item.questions if question.kind.startswith("order"))
        by_eye, by_hand = valid_orders(item, question)
        modes[question.kind] += 1
        if not by_eye == by_hand == accepted(question, sorted(views_of(item))):
            wrong.append(f"level {level} index {index} ({question.kind})")
        elif len(by_eye) == 1:
            one += 1
        else:
            several[len(by_eye)] += 1
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(modes.items()))
    click.echo(f"{task}: {clips} clips of levels {LEVELS[0]}–{LEVELS[-1]} ({kinds})")
    click.echo(f"  exactly one valid order, the one accepted   {one:>5}")
    spread = f"   ({min(several)}–{max(several)} orders)" if several else ""
    click.echo(f"  several, and exactly those are accepted     {several.total():>5}{spread}")
    click.echo(f"  disagree                                    {len(wrong):>5}")
    for where in wrong:
        click.echo(f"    {where}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
