"""Commands in a terminal: files are made, removed, copied and moved, and what the folders hold is listed only once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.latent_state._folders_retold import Retold, problem
from generators.latent_state._hidden_questions import asked
from generators.latent_state._hidden_replay import retold
from generators.latent_state._hidden_state import HiddenParams, HiddenRules, Life, Operation, lived
from generators.latent_state._terminal import FOLDERS, Terminal, command, draw_terminal, places_of
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import AnswerFormat, Multiset, PlanProblem, Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

Folders = tuple[tuple[str, ...], ...]
"""The files of each folder, in the order of the alphabet."""
FILES = ("ant", "bee", "cat", "dog", "eel", "fox", "gnu", "hen", "ibis", "jay", "koi", "lynx")


class Params(HiddenParams):
    sized_by: ClassVar[tuple[str, ...]] = ("folders", "files")
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

    def supposed(self, state: Folders, others: Sequence[Folders], last: Operation | None, rng: Rng) -> Operation:
        """Of few files in a folder each is named more often than of many."""
        return self.any_operation(rng.choice([state, *others]), last, rng, False)

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
            folder: lambda operation, folder=folder: folder in places_of(operation)
            for folder in FOLDERS[: self.folders]
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


@register(category="latent_state", version=2, stage="manim", covers=("VideoReasonBench",))
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
        return Terminal(episode, rng).layout()

    def ask(self, episode: Life[Folders], layout: Layout, rng: Rng) -> Iterable[Question]:
        return asked(episode, layout, rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(Retold(), question, shown)

    def draw(self, episode: Life[Folders], layout: Layout, stage: Any, style: Style) -> None:
        draw_terminal(layout, stage, style)


def _effects(operation: Operation) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """What goes from which folder, and what comes to which."""
    places = [FOLDERS.index(place) for place in places_of(operation)]
    files = operation.objects[len(places) :]
    gone = [(places[0], file) for file in files] if operation.kind in ("rm", "mv") else []
    come = [(places[-1], file) for file in files] if operation.kind != "rm" else []
    return gone, come
