"""A stack machine told a second time, and the plan problem."""

from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from generators.latent_state._hidden_replay import Values
from generators.latent_state._hidden_search import deepening
from generators.latent_state._hidden_state import Operation
from generators.latent_state._letter_rows import EMPTY, listed, written
from morse.schema import Condition, Effect, Operator, PlanProblem, Question

TRAY = "tray"


class Retold:
    """The machine once more, as lists that grow and shrink."""

    def redo(self, values: Values, operation: Operation) -> Values:
        lists, name = listed(values), operation.objects[0]
        if operation.kind == "swap":
            lists[name].insert(-1, lists[name].pop())
        elif operation.kind == "push":
            lists[name].append(lists[TRAY].pop())
        else:
            lists[TRAY].append(lists[name].pop())
        return {name: written(tokens) for name, tokens in lists.items()}

    def undo(self, values: Values, operation: Operation) -> Values:
        back = {"pop": "push", "push": "pop"}.get(operation.kind, "swap")
        return self.redo(values, Operation(back, operation.objects))

    def fact(self, values: Values, place: str) -> str:
        return listed(values)[place[:-1]][int(place[-1]) - 1]

    def tallied(self, operation: Operation, tally: str) -> bool:
        return tally in operation.objects

    def changed(self, first: Values, last: Values) -> int:
        places = [
            {token: (name, i) for name, tokens in listed(values).items() for i, token in enumerate(tokens)}
            for values in (first, last)
        ]
        return sum(places[1][token] != place for token, place in places[0].items())

    def whole(self, values: Values, question: Question) -> JsonValue:
        room = int(str(question.slots["room"]))
        columns = [tokens + [EMPTY] * (room - len(tokens)) for tokens in listed(values).values()]
        return [[column[level] for column in columns] for level in reversed(range(room))]

    def plan(self, values: Values, question: Question) -> JsonValue:
        """What lies on the wanted token bounds the search: nothing takes more than one token off it at a time."""
        slots = question.slots
        token, goal, room = str(slots["token"]), str(slots["goal"]), int(str(slots["room"]))

        def steps(at: tuple[str, ...]) -> Iterable[tuple[Operation, tuple[str, ...]]]:
            tray = len(at[-1])
            for i, stack in enumerate(at[:-1]):
                rest, name = at[:i], (chr(97 + i),)
                if tray and len(stack) < room:
                    yield Operation("push", name), (*rest, stack + at[-1][-1], *at[i + 1 : -1], at[-1][:-1])
                if stack and tray < room:
                    yield Operation("pop", name), (*rest, stack[:-1], *at[i + 1 : -1], at[-1] + stack[-1])
                if len(stack) > 1:
                    yield Operation("swap", name), (*rest, stack[:-2] + stack[:-3:-1], *at[i + 1 :])

        def least(at: tuple[str, ...]) -> int:
            where = next(i for i, stack in enumerate(at) if token in stack)
            above = len(at[where]) - 1 - at[where].index(token)
            return above + (0 if where == ord(goal) - 97 else 1 if where == len(at) - 1 else 2)

        start = tuple("".join(tokens) for tokens in listed(values).values())
        plan = deepening(start, lambda at: at[ord(goal) - 97].endswith(token), steps, least)
        return problem(values, slots, plan).model_dump(mode="json")


def problem(values: Values, goal: Mapping[str, JsonValue], plan: Iterable[Operation]) -> PlanProblem:
    """The plan problem "this token on top of that stack"."""
    lists, room = listed(values), int(str(goal["room"]))
    initial: Values = {f"height({name})": str(len(tokens)) for name, tokens in lists.items()}
    initial |= {
        f"cell({name}, {i})": token for name, tokens in lists.items() for i, token in enumerate(tokens, start=1)
    }
    initial |= {f"up({i})": str(i + 1) for i in range(room)} | {f"down({i + 1})": str(i) for i in range(room)}
    stacks = tuple(name for name in lists if name != TRAY)

    def moving(name: str, source: str, to: str) -> Operator:
        return Operator(
            name=name,
            parameters={"?s": stacks},
            needs=(
                Condition(term=f"height({source})", test="is not", value="0"),
                Condition(term=f"up(height({to}))", test="is not empty"),
            ),
            does=(
                Effect(action="set", term=f"cell({to}, up(height({to})))", value=f"cell({source}, height({source}))"),
                Effect(action="set", term=f"cell({source}, height({source}))", value=False),
                Effect(action="set", term=f"height({to})", value=f"up(height({to}))"),
                Effect(action="set", term=f"height({source})", value=f"down(height({source}))"),
            ),
        )

    swap = Operator(
        name="swap",
        parameters={"?s": stacks},
        needs=tuple(Condition(term="height(?s)", test="is not", value=low) for low in ("0", "1")),
        does=(Effect(action="swap", term="cell(?s, height(?s))", value="cell(?s, down(height(?s)))"),),
    )
    return PlanProblem(
        initial=initial,
        operators=(moving("pop", "?s", TRAY), moving("push", TRAY, "?s"), swap),
        goal=(Condition(term=f"cell({goal['goal']}, height({goal['goal']}))", value=str(goal["token"])),),
        solution=tuple(map(str, plan)),
    )
