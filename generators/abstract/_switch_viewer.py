"""The answers about a machine's rules once more: what was seen to happen to tokens, sorted by what they look like."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Question

Seen = Mapping[str, Any]
Change = tuple[str, int]
"""An attribute, and how far it went on in its circle (negative: back)."""
SORTS: dict[str, Callable[[Seen], bool]] = {
    "size": lambda seen: seen["size"] == "large",
    "plate": lambda seen: seen["plate"] == "round",
    "parity": lambda seen: seen["dots"] in (2, 4),
    "many": lambda seen: seen["dots"] in (3, 4),
}
Sorted = dict[bool, Change]
"""What happens to tokens that have a trait, and to the others."""


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    looks: dict[str, Seen] = {thing.id: thing.attributes for thing in shown.objects}
    circles = {
        name: list(looks[f"{name}s" if name != "dots" else name]["order"]) for name in ("shape", "colour", "dots")
    }
    order = sorted(shown.events, key=lambda event: event.start)
    went, came, waiting = (
        [looks[event.objects[0]] for event in order if event.kind == kind] for kind in ("enters", "leaves", "waits")
    )
    number = int(str(question.slots.get("number", 1))) - 1
    if question.kind == "came_out":
        return _words(came[number])
    changes = [_change(one, other, circles) for one, other in zip(went, came, strict=True)]
    traits = question.slots["traits"]
    assert isinstance(traits, list)
    found = [
        (split, *rules)
        for split in range(1, len(went))
        for rules in _ways(went, changes, split, [str(trait) for trait in traits])
    ]
    if len(found) != 1:
        raise ValueError(f"{len(found)} pairs of rules explain what was seen")
    ((split, before, after),) = found
    match question.kind:
        case "switch_after":
            return split
        case "rule":
            trait, sort = before if question.slots["when"] == "before" else after
            return [trait, *sort[True], *sort[False]]
        case "next_output":
            return _made(waiting[0], after, circles)
        case "other_output":
            return _made(went[number], before, circles)
        case "otherwise":
            return [
                n
                for n in question.option_values
                if _made(went[int(str(n)) - 1], before, circles) != _words(came[int(str(n)) - 1])
            ]
    raise ValueError(f"no question kind {question.kind!r}")


def _change(one: Seen, other: Seen, circles: Mapping[str, list[Any]]) -> Change:
    """The one thing in which what came out differs from what went in."""
    ((name, far),) = [
        (name, (order.index(other[name]) - order.index(one[name])) % len(order))
        for name, order in circles.items()
        if one[name] != other[name]
    ]
    return name, far if far <= len(circles[name]) // 2 else far - len(circles[name])


def _ways(
    went: Sequence[Seen], changes: Sequence[Change], split: int, traits: Sequence[str]
) -> list[tuple[tuple[str, Sorted], tuple[str, Sorted]]]:
    """The pairs of rules that explain all changes, the second rule from ``split`` on."""
    parts = [_sortings(went[part], changes[part], traits) for part in (slice(split), slice(split, None))]
    return [(one, other) for one in parts[0] for other in parts[1] if one != other]


def _sortings(went: Sequence[Seen], changes: Sequence[Change], traits: Sequence[str]) -> list[tuple[str, Sorted]]:
    """The traits by which tokens fall into two sorts with one change each, and these."""
    found: list[tuple[str, Sorted]] = []
    for trait in traits:
        sort: dict[bool, list[Change]] = {True: [], False: []}
        for seen, change in zip(went, changes, strict=True):
            own = sort[SORTS[trait](seen)]
            if change not in own:
                own.append(change)
        if any(len(own) > 1 for own in sort.values()):
            continue
        if len(sort[True]) == len(sort[False]) == 1:
            if sort[True] != sort[False]:
                found.append((trait, {side: own[0] for side, own in sort.items()}))
        else:  # one sort was not seen at all: whatever happens to it, the rule would fit
            found += [(trait, {True: ("?", 0), False: ("?", way)}) for way in (1, 2)]
    return found


def _made(seen: Seen, rule: tuple[str, Sorted], circles: Mapping[str, list[Any]]) -> JsonValue:
    """What a rule makes of a token."""
    trait, sort = rule
    name, far = sort[SORTS[trait](seen)]
    order = circles[name]
    return _words({**seen, name: order[(order.index(seen[name]) + far) % len(order)]})


def _words(seen: Seen) -> JsonValue:
    return [seen["shape"], seen["colour"], seen["dots"]]
