"""The base of a task and the registry. A task is one file under ``generators/<category>/``; it is found by scanning."""

import importlib
import os
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, TypeVar, get_args

from pydantic import JsonValue

from morse.difficulty import TaskParams
from morse.errors import BadInput, did_you_mean
from morse.layout import Layout, Shown
from morse.options import as_posed
from morse.schema import Omitted, Question
from morse.seeding import Rng
from morse.style import Style

CATEGORIES = ("latent_state", "physical", "spatial", "procedural", "abstract", "mathematical", "planning", "temporal")
StageKind = Literal["manim", "plot", "bullet", "compose"]
P = TypeVar("P", bound=TaskParams)
E = TypeVar("E")


class Task(ABC, Generic[P, E]):
    """A task: what can vary, what happens, where things are, what is asked, how it looks.

    ``simulate``, ``layout`` and ``ask`` are pure and need no renderer; any of them may raise
    :class:`~morse.errors.Rejected`. A task's docstring has the headings *What is shown*, *What is asked*, *Difficulty*
    and *Source*.
    """

    name: ClassVar[str]
    category: ClassVar[str]
    version: ClassVar[int]
    covers: ClassVar[tuple[str, ...]]
    stage: ClassVar[StageKind]
    unstable: ClassVar[bool]
    sound: ClassVar[bool]
    none_of: ClassVar[tuple[str, ...]]
    Params: ClassVar[type[TaskParams]]

    @abstractmethod
    def simulate(self, params: P, rng: Rng) -> E:
        """What happens: states and operations, without places or times on screen where these do not matter."""

    @abstractmethod
    def layout(self, episode: E, rng: Rng) -> Layout:
        """Where things are and when: scene, objects, timed events and states."""

    @abstractmethod
    def ask(self, episode: E, layout: Layout, rng: Rng) -> Iterable[Question | Omitted]:
        """Every question, with answer, evidence and steps; and which ones this clip does without, where that is worth a count."""

    @abstractmethod
    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """The second way to the truth, from what the clip shows alone, sharing no transition code with ``simulate``.

        Returns the value in the terms of ``Question.truth``: for a choice what the right option stands for (one of
        ``question.option_values`` in every case), for a multi-choice the list of all option values that hold, else the
        answer itself.
        """

    def derived(self, question: Question, shown: Shown) -> JsonValue:
        """The second derivation of a finished question, whatever was done to it since the task posed it."""
        return self.rederive(as_posed(question), shown)

    @abstractmethod
    def draw(self, episode: E, layout: Layout, stage: Any, style: Style) -> None:
        """Say how everything looks: put the looks of the layout's actors on a stage."""


@dataclass(frozen=True)
class Registry:
    """All tasks found, and the files that could not be read (module name → one line)."""

    tasks: dict[str, Task]
    errors: dict[str, str]

    def task(self, name: str) -> Task:
        """The task of a name. Raises :class:`BadInput` with the closest names."""
        if name in self.tasks:
            return self.tasks[name]
        for module, error in self.errors.items():
            if module.rsplit(".", 1)[-1] == name:
                raise BadInput(f"task {name!r} cannot be loaded: {error}")
        raise BadInput(f"no task {name!r}{did_you_mean(name, self.tasks)}; `morse tasks` lists all")

    def category(self, name: str) -> list[Task]:
        """The tasks of a category, by name. Raises :class:`BadInput` for a category that does not exist."""
        if name not in CATEGORIES:
            raise BadInput(f"no category {name!r}{did_you_mean(name, CATEGORIES)}: choose {', '.join(CATEGORIES)}")
        return [task for task in self.tasks.values() if task.category == name]


C = TypeVar("C", bound=Task)


def register(
    *,
    category: str,
    version: int,
    stage: StageKind,
    covers: tuple[str, ...] = (),
    unstable: bool = False,
    sound: bool = False,
    none_of: tuple[str, ...] = (),
) -> Callable[[type[C]], type[C]]:
    """Declare a task class. Its name is its file's name, its category must be its folder's.

    ``version`` is raised whenever what the task makes changes. ``stage``: what it is drawn on. ``covers``: the benchmarks
    whose kinds it offers. ``unstable``: its truths come from a simulation that small changes may tip (physics); a question
    whose second derivation differs is then dropped and counted, where elsewhere it is a defect. ``sound``: its layouts may have sounds.
    ``none_of``: kinds of choice questions that offer "none of these" at a fixed share (:func:`morse.options.offering_none`).
    """

    def declare(cls: type[C]) -> type[C]:
        parts = cls.__module__.split(".")
        cls.name, cls.category, cls.version, cls.stage = parts[-1], category, version, stage
        cls.covers, cls.unstable, cls.sound, cls.none_of = covers, unstable, sound, none_of
        cls.Params = next(get_args(base)[0] for base in cls.__dict__["__orig_bases__"] if get_args(base))
        if parts[:-1] == ["generators", parts[-2]] and parts[-2] != category:
            raise ValueError(f"category {category!r} is not the folder's, {parts[-2]!r}")
        _declared[cls.__module__] = cls
        return cls

    return declare


_declared: dict[str, type[Task]] = {}


def own_folders() -> tuple[Path, ...]:
    """Folders of tasks outside the package, from ``MORSE_TASKS`` (separated as in ``PATH``).

    Each has ``generators/<category>/<task>.py`` and ``templates/questions/<language>/<category>/<task>.j2`` inside.
    """
    return tuple(Path(folder) for folder in os.environ.get("MORSE_TASKS", "").split(os.pathsep) if folder)


@cache
def registry() -> Registry:
    """Scan ``generators/`` and return what is there. A file with an error names itself and stops no other."""
    import generators

    tasks: dict[str, Task] = {}
    errors: dict[str, str] = {}
    own = [str(folder / "generators") for folder in own_folders()]
    for category in CATEGORIES:
        importlib.import_module(f"generators.{category}").__path__.extend(f"{path}/{category}" for path in own)
        for path in [*generators.__path__, *own]:
            found = sorted(module.name for module in pkgutil.iter_modules([f"{path}/{category}"]))
            for name in found:
                module = f"generators.{category}.{name}"
                if name.startswith("_"):
                    continue
                try:
                    importlib.import_module(module)
                    tasks[name] = _declared[module]()
                except KeyError:
                    errors[module] = "the file registers no task"
                except Exception as error:  # a task file is a plug-in: whatever it raises must not stop the others
                    errors[module] = f"{type(error).__name__}: {error}".splitlines()[0]
    return Registry(tasks, errors)
