"""Folders told a second time, as sets of paths, and their plan problem."""

from collections.abc import Iterable

from pydantic import JsonValue

from generators.latent_state._hidden_replay import Values
from generators.latent_state._hidden_search import deepening
from generators.latent_state._hidden_state import Operation
from morse.schema import Condition, Effect, Operator, PlanProblem, Question


class Retold:
    """The folders once more, as sets of paths."""

    def redo(self, values: Values, operation: Operation) -> Values:
        paths = _paths(values)
        source, rest = operation.objects[0], operation.objects[1:]
        if operation.kind == "touch":
            return _listed(values, paths | {f"{source}/{file}" for file in rest})
        if operation.kind == "rm":
            return _listed(values, paths - {f"{source}/{file}" for file in rest})
        target, *files = rest
        kept = paths - {f"{source}/{file}" for file in files} if operation.kind == "mv" else paths
        return _listed(values, kept | {f"{target}/{file}" for file in files})

    def undo(self, values: Values, operation: Operation) -> Values:
        opposite = {"touch": "rm", "rm": "touch"}
        if operation.kind in opposite:
            return self.redo(values, Operation(opposite[operation.kind], operation.objects))
        source, target, *files = operation.objects
        if operation.kind == "mv":
            return self.redo(values, Operation("mv", (target, source, *files)))
        return self.redo(values, Operation("rm", (target, *files)))

    def fact(self, values: Values, place: str) -> str:
        return ", ".join(_files(values, place)) or "nothing"

    def tallied(self, operation: Operation, tally: str) -> bool:
        return tally in operation.objects

    def changed(self, first: Values, last: Values) -> int:
        one, other = _paths(first), _paths(last)
        return len(one - other) + len(other - one)

    def whole(self, values: Values, question: Question) -> JsonValue:
        return [*_files(values, str(question.slots["place"]))]

    def plan(self, values: Values, question: Question) -> JsonValue:
        folder, goal, known = str(question.slots["place"]), question.slots["goal"], question.slots["files"]
        assert isinstance(goal, list) and isinstance(known, list)
        wanted, names = frozenset(map(str, goal)), tuple(map(str, known))

        def steps(held: frozenset[str]) -> Iterable[tuple[Operation, frozenset[str]]]:
            for file in names:
                kind = "rm" if file in held else "touch"
                yield Operation(kind, (folder, file)), held ^ {file}

        start = frozenset(_files(values, folder))
        plan = deepening(start, lambda held: held == wanted, steps, lambda held: len(held ^ wanted))
        return problem(values, names, folder, sorted(wanted), plan).model_dump(mode="json")


def _files(values: Values, folder: str) -> list[str]:
    files = values[folder]
    assert isinstance(files, list)
    return [str(file) for file in files]


def _paths(values: Values) -> set[str]:
    return {f"{folder}/{file}" for folder in values for file in _files(values, folder)}


def _listed(values: Values, paths: set[str]) -> Values:
    split = [path.split("/") for path in sorted(paths)]
    return {folder: [file for place, file in split if place == folder] for folder in values}


def problem(
    values: Values, files: Iterable[str], folder: str, goal: Iterable[str], plan: Iterable[Operation]
) -> PlanProblem:
    """The plan problem "this folder holds exactly these files", by touch and rm of single files."""
    names, held, wanted = (
        tuple(files),
        {f"in({path.replace('/', ', ')})": True for path in sorted(_paths(values))},
        [*goal],
    )
    parameters = {"?folder": tuple(values), "?file": names}
    there = "in(?folder, ?file)"
    return PlanProblem(
        initial={**held},
        operators=(
            Operator(
                name="touch",
                parameters=parameters,
                needs=(Condition(term=there, value=False),),
                does=(Effect(action="set", term=there, value=True),),
            ),
            Operator(
                name="rm",
                parameters=parameters,
                needs=(Condition(term=there, value=True),),
                does=(Effect(action="set", term=there, value=False),),
            ),
        ),
        goal=tuple(Condition(term=f"in({folder}, {name})", value=name in wanted) for name in names),
        solution=tuple(map(str, plan)),
    )
