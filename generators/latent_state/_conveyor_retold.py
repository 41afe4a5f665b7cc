"""Lanes and a belt told a second time, and the plan problem."""

from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from generators.latent_state._hidden_replay import Values
from generators.latent_state._hidden_search import deepening
from generators.latent_state._hidden_state import Operation
from generators.latent_state._letter_rows import EMPTY, listed, written
from morse.schema import Condition, Effect, Operator, PlanProblem, Question

BELT = "belt"


class Retold:
    """The lanes once more, as lists whose first entries leave."""

    def redo(self, values: Values, operation: Operation) -> Values:
        lists = listed(values)
        lane, belt = lists[operation.objects[0]], lists[BELT]
        source, to = (lane, belt) if operation.kind == "merge" else (belt, lane)
        to.append(source.pop(0))
        return {name: written(parcels) for name, parcels in lists.items()}

    def undo(self, values: Values, operation: Operation) -> Values:
        lists = listed(values)
        lane, belt = lists[operation.objects[0]], lists[BELT]
        source, to = (lane, belt) if operation.kind == "merge" else (belt, lane)
        source.insert(0, to.pop())
        return {name: written(parcels) for name, parcels in lists.items()}

    def fact(self, values: Values, place: str) -> str:
        return listed(values)[place[:-1]][int(place[-1]) - 1]

    def tallied(self, operation: Operation, tally: str) -> bool:
        return tally in operation.objects

    def changed(self, first: Values, last: Values) -> int:
        queue_of = {parcel: name for name, parcels in listed(last).items() for parcel in parcels}
        return sum(queue_of[parcel] != name for name, parcels in listed(first).items() for parcel in parcels)

    def whole(self, values: Values, question: Question) -> JsonValue:
        room = int(str(question.slots["room"]))
        return [[*parcels, *[EMPTY] * (room - len(parcels))] for parcels in listed(values).values()]

    def plan(self, values: Values, question: Question) -> JsonValue:
        """What is ahead of the wanted parcel bounds the search, and on its way over the belt what is ahead there."""
        slots, names = question.slots, [*values]
        parcel, room, goal = str(slots["parcel"]), int(str(slots["room"])), names.index(str(slots["goal"]))

        def steps(at: tuple[str, ...]) -> Iterable[tuple[Operation, tuple[str, ...]]]:
            *lanes, belt = at
            for i, lane in enumerate(lanes):
                if belt and len(lane) < room:
                    moved = lane + belt[0]
                    yield Operation("split", (names[i],)), (*lanes[:i], moved, *lanes[i + 1 :], belt[1:])
                if lane and len(belt) < room:
                    moved = belt + lane[0]
                    yield Operation("merge", (names[i],)), (*lanes[:i], lane[1:], *lanes[i + 1 :], moved)

        def least(at: tuple[str, ...]) -> int:
            where = next(i for i, queue in enumerate(at) if parcel in queue)
            ahead = at[where].index(parcel)
            if where == goal:
                return 1  # others have come after it
            return ahead + 1 if len(at) - 1 in (where, goal) else 2 * ahead + 2 + len(at[-1])

        start = tuple("".join(parcels) for parcels in listed(values).values())
        plan = deepening(start, lambda at: at[goal].endswith(parcel), steps, least)
        return problem(values, slots, plan).model_dump(mode="json")


def problem(values: Values, goal: Mapping[str, JsonValue], plan: Iterable[Operation]) -> PlanProblem:
    """The plan problem "this parcel the last of that queue". A queue is a ring of cells, one more than it has room for."""
    lists, room = listed(values), int(str(goal["room"]))
    initial: Values = {
        f"cell({name}, {i})": parcel for name, parcels in lists.items() for i, parcel in enumerate(parcels)
    }
    initial |= {f"first({name})": "0" for name in lists} | {f"free({name})": str(len(lists[name])) for name in lists}
    for i in range(room + 1):
        after = (i + 1) % (room + 1)
        initial |= {f"next({i})": str(after), f"previous({after})": str(i)}
    lanes = tuple(name for name in lists if name != BELT)

    def moving(name: str, source: str, to: str) -> Operator:
        return Operator(
            name=name,
            parameters={"?lane": lanes},
            needs=(
                Condition(term=f"first({source})", test="is not", value=f"free({source})"),
                Condition(term=f"next(free({to}))", test="is not", value=f"first({to})"),
            ),
            does=(
                Effect(action="set", term=f"cell({to}, free({to}))", value=f"cell({source}, first({source}))"),
                Effect(action="set", term=f"cell({source}, first({source}))", value=False),
                Effect(action="set", term=f"free({to})", value=f"next(free({to}))"),
                Effect(action="set", term=f"first({source})", value=f"next(first({source}))"),
            ),
        )

    return PlanProblem(
        initial=initial,
        operators=(moving("merge", "?lane", BELT), moving("split", BELT, "?lane")),
        goal=(Condition(term=f"cell({goal['goal']}, previous(free({goal['goal']})))", value=str(goal["parcel"])),),
        solution=tuple(map(str, plan)),
    )
