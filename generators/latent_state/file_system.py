"""Commands in a terminal: files are made, removed, copied and moved, and what the folders hold is listed only once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.latent_state._hidden_looks import draw_passing
from generators.latent_state._hidden_questions import asked
from generators.latent_state._hidden_replay import Values, retold
from generators.latent_state._hidden_search import deepening
from generators.latent_state._hidden_show import Showing
from generators.latent_state._hidden_state import HiddenParams, HiddenRules, Life, Operation, lived
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import AnswerFormat, Condition, Effect, Multiset, Operator, PlanProblem, Question, Thing
from morse.seeding import Rng
from morse.style import Style, mix
from morse.task import Task, register

Folders = tuple[tuple[str, ...], ...]
"""The files of each folder, in the order of the alphabet."""
FOLDERS = ("docs", "pics", "work", "music", "trash", "games")
FILES = ("ant", "bee", "cat", "dog", "eel", "fox", "gnu", "hen", "ibis", "jay", "koi", "lynx")
IDLE = ("pwd", "date", "whoami", "sleep 1", "echo done", "uname", "df", "history", "echo ok", "id")
THEMES = (
    ("#101418", "#e6edf3"),
    ("#0b1f0f", "#8ff0a4"),
    ("#1d1f33", "#f1e9d2"),
    ("#fbfaf4", "#22272e"),
    ("#2b1a2f", "#ffd9ec"),
)
"""Colours of the terminal: paper and letters."""
LETTER = 0.62
WIDTH = 13.6


class Params(HiddenParams):
    folders: int = ramp(3, per_level=0.3, most=5, least=3, limit=6, about="folders")
    files: int = ramp(6, per_level=0.5, most=12, least=5, limit=12, about="different names of files")
    braces: int = ramp(2, per_level=0.2, most=3, least=1, limit=4, about="most files that a command names")


@dataclass(frozen=True)
class Rules(HiddenRules[Folders]):
    """No command names a file that is missing where it is wanted or there already where it is to come: none fails or overwrites."""

    folders: int
    files: int
    braces: int
    numbered: ClassVar[bool] = True
    syntax: ClassVar[str] = "rm(docs, ant)"

    def any_state(self, rng: Rng) -> Folders:
        return tuple(self._held(rng.sample(FILES[: self.files], rng.integer(2, 4))) for _ in range(self.folders))

    def any_operation(self, state: Folders, last: Operation | None, rng: Rng, back: bool) -> Operation:
        """Looked at backwards: a file that was made is there, one that was removed is not, one that was copied is in both places."""
        while True:
            kind, source = rng.choice(("touch", "rm", "cp", "mv")), rng.integer(0, self.folders - 1)
            target = (source + rng.integer(1, self.folders - 1)) % self.folders
            here, there = state[source], state[target]
            if kind in ("touch", "rm"):
                coming = (kind == "touch") != back
                free = [file for file in FILES[: self.files] if (file in here) != coming]
                places = (FOLDERS[source],)
            elif kind == "cp" and back:
                free, places = [file for file in there if file in here], (FOLDERS[source], FOLDERS[target])
            else:
                giving, taking = (there, here) if back else (here, there)
                free, places = [file for file in giving if file not in taking], (FOLDERS[source], FOLDERS[target])
            if free:
                files = rng.sample(free, min(len(free), rng.integer(1, self.braces)))
                return Operation(kind, (*places, *sorted(files)))

    def after(self, state: Folders, operation: Operation) -> Folders | None:
        gone, come = _effects(operation)
        return self._done(state, gone, come)

    def before(self, state: Folders, operation: Operation) -> Folders | None:
        gone, come = _effects(operation)
        if operation.kind == "cp" and not all(file in state[FOLDERS.index(operation.objects[0])] for _, file in come):
            return None
        return self._done(state, come, gone)

    def _done(self, state: Folders, gone: Iterable[tuple[int, str]], come: Iterable[tuple[int, str]]) -> Folders | None:
        folders = [list(files) for files in state]
        for folder, file in gone:
            if file not in folders[folder]:
                return None
            folders[folder].remove(file)
        for folder, file in come:
            if file in folders[folder]:
                return None
            folders[folder].append(file)
        return tuple(self._held(files) for files in folders)

    def _held(self, files: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(files))

    def values(self, state: Folders) -> dict[str, JsonValue]:
        return {folder: [*files] for folder, files in zip(FOLDERS, state, strict=False)}

    def facts(self, state: Folders) -> Mapping[str, str]:
        return {folder: ", ".join(files) or "nothing" for folder, files in zip(FOLDERS, state, strict=False)}

    def words(self, operation: Operation) -> str:
        return command(operation)

    def tallies(self) -> Mapping[str, Callable[[Operation], bool]]:
        return {
            folder: lambda operation, folder=folder: folder in _places(operation) for folder in FOLDERS[: self.folders]
        }

    def changed(self, one: Folders, other: Folders) -> int:
        """Files in a folder that are there only before or only after."""
        return sum(len(set(a) ^ set(b)) for a, b in zip(one, other, strict=True))

    def whole(self, state: Folders, rng: Rng) -> tuple[dict[str, JsonValue], AnswerFormat, JsonValue]:
        full = [folder for folder, files in enumerate(state) if len(files) > 1]
        if not full:
            raise Rejected("no folder with two files")
        folder = rng.choice(full)
        form = Multiset(vocabulary=FILES[: self.files], noun="file")
        return {"place": FOLDERS[folder]}, form, [*state[folder]]

    def plan(self, state: Folders, steps: int, rng: Rng) -> tuple[dict[str, JsonValue], PlanProblem]:
        """What a folder is to hold: each file too many must be removed, each that is missing made."""
        folder = rng.integer(0, self.folders - 1)
        wrong = rng.sample(FILES[: self.files], steps)
        goal = sorted(set(state[folder]) ^ set(wrong))
        if not goal:
            raise Rejected("an empty folder as goal")
        name = FOLDERS[folder]
        plan = [Operation("rm" if file in state[folder] else "touch", (name, file)) for file in sorted(wrong)]
        wanted: list[JsonValue] = [*goal]
        slots: dict[str, JsonValue] = {"place": name, "goal": wanted, "files": [*FILES[: self.files]]}
        return slots, problem(self.values(state), FILES[: self.files], name, goal, plan)


@register(category="latent_state", version=1, stage="manim", covers=("VideoReasonBench",))
class FileSystem(Task[Params, Life[Folders]]):
    """A terminal: commands make, remove, copy and move files, and the folders are listed only once.

    What is shown
        A terminal in which one command after the other is typed and cleared away: touch makes files, rm removes them, cp copies
        and mv moves them from one folder to another; several files stand in braces. The folders are listed (ls) before the
        first command or after the last one, drawn per clip. No command fails or overwrites a file.
    What is asked
        Which command was the k-th, which number a command had, how many involved a folder; what a folder holds at the covered end
        of the clip or after the k-th command; how many entries of the listings differ between start and end; what further commands
        would lead to; commands after which a folder holds certain files.
    Difficulty
        More folders, files and commands, longer lists in braces; more lines that change nothing (other commands, comments,
        passing balls, cloths); shorter pauses; predictions and plans of more commands.
    Source
        VideoReasonBench (arXiv 2505.23359), its demonstration with files that are changed in a terminal.
    """

    def simulate(self, params: Params, rng: Rng) -> Life[Folders]:
        return lived(Rules(params.folders, params.files, params.braces), params, rng, idle=("idle", "feint", "ball"))

    def layout(self, episode: Life[Folders], rng: Rng) -> Layout:
        return _Terminal(episode, rng).layout()

    def ask(self, episode: Life[Folders], layout: Layout, rng: Rng) -> Iterable[Question]:
        return asked(episode, layout, rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(Retold(), question, shown)

    def draw(self, episode: Life[Folders], layout: Layout, stage: Any, style: Style) -> None:
        from manim import Circle, RoundedRectangle

        from morse.stage.lettering import lettering

        paper, ink = style.pick("theme", THEMES)
        edge = {"stroke_color": mix(paper, ink, 0.5), "stroke_width": 3 * style.line}
        stage.backdrop(
            RoundedRectangle(width=15.4, height=8.5, corner_radius=0.25, fill_color=paper, fill_opacity=1, **edge)
        )
        bar = {"fill_color": mix(paper, ink, 0.18), "fill_opacity": 1, "stroke_width": 0}
        stage.backdrop(RoundedRectangle(width=15.3, height=0.62, corner_radius=0.2, **bar).shift((0.0, 3.9, 0.0)))
        for i, hue in enumerate(
            style.pick("buttons", (("#e0443e", "#dea123", "#1aab29"), (mix(paper, ink, 0.5),) * 3))
        ):
            stage.backdrop(
                Circle(0.13, fill_color=hue, fill_opacity=1, stroke_width=0).shift((-7.2 + 0.42 * i, 3.9, 0.0))
            )
        prompt = style.pick("prompt", ("$ ", "> ", "~ $ "))
        for thing in layout.objects:
            if thing.kind in ("command", "listing"):
                text = str(thing.attributes["text"])
                text = prompt + text if thing.kind == "command" else text
                at = (-WIDTH / 2, 0.0)
                font = {"font": "DejaVu Sans Mono", "cut": "bold", "side": "left", "on_line": True}
                stage.add(thing.id, lettering(text, LETTER, ink, at=at, most_width=WIDTH, **font))
        draw_passing(layout, stage, style)


class _Terminal:
    """The lines of the terminal in time."""

    def __init__(self, life: Life[Folders], rng: Rng) -> None:
        assert isinstance(life.rules, Rules)
        self.life, self.rng, self.rules = life, rng, life.rules
        self.show: Showing[Folders] = Showing(life, rng)
        self.things: list[Thing] = []

    def layout(self) -> Layout:
        self.show.play(self.reveal, self.type, {"idle": self.idle, "feint": self.comment})
        return self.show.layout(self.things)

    def reveal(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]:
        lines = [("command", "ls *")]
        width = max(len(folder) for folder in FOLDERS)
        for folder, files in self.life.rules.values(self.life.seen).items():
            assert isinstance(files, list)
            lines.append(("listing", f"{folder + ':':<{width + 1}} {'  '.join(map(str, files))}"))
        names = [self._line(kind, text, 2.9 - 0.95 * i) for i, (kind, text) in enumerate(lines)]
        return self.show.fade(names, start, up, down, end)

    def type(self, operation: Operation, start: float, end: float) -> tuple[str, ...]:
        return self._typed(command(operation), start, end)

    def idle(self, start: float, end: float) -> tuple[str, ...]:
        return self._typed(self.rng.choice(IDLE), start, end)

    def comment(self, start: float, end: float) -> tuple[str, ...]:
        """A command that is commented out does nothing."""
        operation = self.rules.any_operation(self.rules.any_state(self.rng), None, self.rng, False)
        return self._typed(f"# {command(operation)}", start, end)

    def _typed(self, text: str, start: float, end: float) -> tuple[str, ...]:
        name = self._line("command", text, self.rng.choice((2.9, 1.95, 1.0, 0.05)))
        self.show.line.change(name, "opacity", 1.0, start, round(start + 0.15, 3))
        self.show.line.change(name, "opacity", 0.0, round(end - 0.1, 3), end)
        return (name,)

    def _line(self, kind: str, text: str, height: float) -> str:
        name = f"line {len(self.things) + 1}"
        self.show.line.add(name, (0.0, height), (WIDTH, 0.8), z=2, solid=False, opacity=0.0)
        self.things.append(Thing(id=name, kind=kind, attributes={"text": text}, shape_fills_box=False))
        return name


def command(operation: Operation) -> str:
    """An operation as it is typed: ``mv docs/{ant,bee} pics/``."""
    places = _places(operation)
    files = operation.objects[len(places) :]
    named = files[0] if len(files) == 1 else "{" + ",".join(files) + "}"
    source = f"{operation.kind} {places[0]}/{named}"
    return f"{source} {places[1]}/" if len(places) > 1 else source


def _places(operation: Operation) -> tuple[str, ...]:
    """The folders that a command names."""
    return operation.objects[: 2 if operation.kind in ("cp", "mv") else 1]


def _effects(operation: Operation) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """What goes from which folder, and what comes to which."""
    places = [FOLDERS.index(place) for place in _places(operation)]
    files = operation.objects[len(places) :]
    gone = [(places[0], file) for file in files] if operation.kind in ("rm", "mv") else []
    come = [(places[-1], file) for file in files] if operation.kind != "rm" else []
    return gone, come


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
