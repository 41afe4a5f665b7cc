"""The second way to the answers about a hidden state: the shown operations are done again, on the shown values, in other code."""

from collections.abc import Iterable
from typing import Protocol

from pydantic import JsonValue

from generators.latent_state._hidden_show import DECOYS
from generators.latent_state._hidden_state import Operation
from morse.layout import Shown
from morse.schema import Event, Question

Values = dict[str, JsonValue]


class Retold(Protocol):
    """What a task says of its world a second time, over recorded values and in code of its own."""

    def redo(self, values: Values, operation: Operation) -> Values:
        """The values after an operation."""
        ...

    def undo(self, values: Values, operation: Operation) -> Values:
        """The values before an operation."""
        ...

    def fact(self, values: Values, place: str) -> str:
        """What is at a place that a question names."""
        ...

    def tallied(self, operation: Operation, tally: str) -> bool:
        """Whether an operation is of the kind that is counted."""
        ...

    def changed(self, first: Values, last: Values) -> int:
        """In how many places two states differ."""
        ...

    def whole(self, values: Values, question: Question) -> JsonValue:
        """The whole state, or the part that a question names, as an answer."""
        ...

    def plan(self, values: Values, question: Question) -> JsonValue:
        """The plan problem that a question poses from these values, with a shortest plan found by a search of its own."""
        ...


def retold(retelling: Retold, question: Question, shown: Shown) -> JsonValue:
    """The answer to a question of :mod:`~generators.latent_state._hidden_questions`, from what is shown alone."""
    events = [event for event in shown.events if event.kind not in DECOYS]
    operations = [operation_of(event) for event in events]
    kind, slots, seen = question.kind, question.slots, shown.states[0]
    number, place = int(str(slots.get("number", 0))), str(slots.get("place"))
    if kind == "operation_order":
        return events[number - 1].claim
    if kind == "operation_number":
        return [event.claim for event in events].index(str(slots["operation"])) + 1
    if kind == "operation_count":
        return sum(retelling.tallied(operation, str(slots["tally"])) for operation in operations)
    backwards = bool(events) and events[0].start < seen.start
    if backwards:
        first, last = undone(retelling, seen.values, operations), seen.values
    else:
        first, last = seen.values, redone(retelling, seen.values, operations)
    far = first if slots["far"] == "start" else last
    if kind == "hidden_value":
        return retelling.fact(far, place)
    if kind == "hidden_state":
        return retelling.whole(far, question)
    if kind == "value_after":
        if backwards:
            return retelling.fact(undone(retelling, last, operations[number:]), place)
        return retelling.fact(redone(retelling, first, operations[:number]), place)
    if kind == "changed_count":
        return retelling.changed(first, last)
    if kind == "predicted_value":
        further = slots["operations"]
        assert isinstance(further, list)
        return retelling.fact(redone(retelling, far, [Operation.read(str(text)) for text in further]), place)
    if kind == "plan":
        return retelling.plan(far, question)
    raise KeyError(kind)


def operation_of(event: Event) -> Operation:
    """The operation that an event shows."""
    return Operation(event.kind, event.objects)


def redone(retelling: Retold, values: Values, operations: Iterable[Operation]) -> Values:
    """The values after operations."""
    for operation in operations:
        values = retelling.redo(values, operation)
    return values


def undone(retelling: Retold, values: Values, operations: list[Operation]) -> Values:
    """The values before operations that led to these."""
    for operation in reversed(operations):
        values = retelling.undo(values, operation)
    return values
