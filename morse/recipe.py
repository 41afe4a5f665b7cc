"""Recipes: what a data set is made from, all but the seed, so that two labs' fresh sets can be compared.

The ones that ship are in ``morse/recipes/``. A recipe is a TOML file::

    name = "mine"
    version = 1                 # raised whenever anything below changes
    about = "what it is for"
    [[parts]]
    task = "cups"               # or: category = "latent_state", whose tasks share the clips
    levels = [1, 3, 6]
    count = 4                   # clips a level
    knobs = { swaps = 12 }      # set by hand, optional

Splits that hold something out (:mod:`morse.splits`) deal a category's clips to the tasks that they have, and set knobs that no level gives.
Further keys: ``split style language width height fps video asks prompt view headline`` (:class:`~morse.schema.Recipe`), and
``[power]``, the claim that the set is large enough (:class:`Power`), which is checked. A recipe from elsewhere is only
data: nothing in it is run, and no path is taken from it.
"""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import NormalDist
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from morse.errors import BadInput, did_you_mean
from morse.schema import NAME, SPLIT, Recipe, RecipePart, Record
from morse.splits import ANYTHING, NotInSplit, eligible, filled, split_named
from morse.task import Task, registry

SHIPPED = Path(__file__).parent / "recipes"
MOST_BYTES = 1 << 20


class Power(Record):
    """The smallest difference between two models that the set finds, and what is assumed for it."""

    points: float = Field(gt=0, le=100)
    """Difference in accuracy, in percentage points, found with probability ``power`` at the two-sided level ``alpha``."""
    questions_per_clip: float = Field(ge=1)
    icc: float = Field(default=0.3, ge=0, le=1)
    """Correlation between the scores of two questions of one clip."""
    correlation: float = Field(default=0.5, ge=-1, lt=1)
    """Correlation between two models' scores on one question."""
    accuracy: float = Field(default=0.5, gt=0, lt=1)
    alpha: float = Field(default=0.05, gt=0, lt=1)
    power: float = Field(default=0.8, gt=0, lt=1)

    def questions(self) -> float:
        """How many independent questions both models must answer.

        n = (z₁₋α⁄₂ + z_power)² · Var(d) / δ², with Var(d) = 2 p (1 − p) (1 − ρ) for paired scores: Miller, "Adding error
        bars to evals" (arXiv 2411.00640), eq. 9.
        """
        z = NormalDist().inv_cdf(1 - self.alpha / 2) + NormalDist().inv_cdf(self.power)
        variance = 2 * self.accuracy * (1 - self.accuracy) * (1 - self.correlation)
        return z**2 * variance / (self.points / 100) ** 2

    def clips(self) -> int:
        """How many clips that takes: k questions of one clip count as k / (1 + (k − 1) · ICC) independent ones (Kish)."""
        k = self.questions_per_clip
        return math.ceil(self.questions() * (1 + (k - 1) * self.icc) / k)


class _Part(Record):
    task: str | None = Field(default=None, pattern=NAME)
    category: str | None = None
    levels: tuple[Annotated[int, Field(ge=1, strict=True)], ...] = Field(min_length=1)
    count: int = Field(ge=1, strict=True)
    knobs: dict[str, Any] = Field(default={})

    @model_validator(mode="after")
    def _one_of_both(self) -> "_Part":
        if (self.task is None) == (self.category is None):
            raise ValueError("give either task or category")
        return self


class _File(BaseModel):
    """What is special in the file; all else is as in :class:`~morse.schema.Recipe`."""

    model_config = ConfigDict(extra="allow")
    parts: tuple[_Part, ...] = Field(min_length=1)
    power: Power | None = None


def shipped() -> list[str]:
    """The names of the recipes that ship with the package."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def load_recipe(name: str) -> Recipe:
    """A recipe by its name or its file. Raises :class:`BadInput` that names the line and the key."""
    path = SHIPPED / f"{name}.toml" if re.match(NAME, name) and name in shipped() else Path(name)
    if not path.is_file():
        raise BadInput(f"no recipe {name!r}: give a TOML file, or one of {', '.join(shipped())}")
    if path.stat().st_size > MOST_BYTES:
        raise BadInput(f"{path}: too large for a recipe (more than {MOST_BYTES} bytes)")
    try:
        return parse_recipe(path.read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None


def parse_recipe(text: str, where: str = "recipe") -> Recipe:
    """A recipe from TOML text; ``where`` names it in errors."""
    try:
        file = _File.model_validate(tomllib.loads(text))
        standing = [RecipePart(task="unknown", levels=(1,), count=1)]
        recipe = Recipe.model_validate((file.model_extra or {}) | {"parts": standing})
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput(f"{where}: not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        loc = first["loc"]
        raise BadInput(
            f"{where}{_line(text, loc)}: {_key(loc)}: {first['msg'].removeprefix('Value error, ')}"
        ) from None
    parts: list[RecipePart] = []
    for number, part in enumerate(file.parts):
        try:
            parts += _resolved(part, recipe.split)
        except BadInput as error:
            loc = ("parts", number, "category" if part.category else "task")
            raise BadInput(f"{where}{_line(text, loc)}: {_key(loc)}: {error}") from None
    recipe = recipe.model_copy(update={"parts": tuple(parts)})
    if file.power is not None and clips_of(recipe) < file.power.clips():
        raise BadInput(
            f"{where}{_line(text, ('power',))}: power: {file.power.points} points take {file.power.clips()} clips, "
            f"the parts make {clips_of(recipe)}"
        )
    return recipe


def recipe_of(
    name: str,
    categories: Sequence[str],
    tasks: Sequence[str],
    levels: Sequence[int],
    count: int,
    *,
    knobs: Mapping[str, Any] | None = None,
    **settings: Any,
) -> Recipe:
    """A recipe from the options of ``morse generate``: ``count`` clips for each category and each task, at each level.

    ``settings`` are further fields of :class:`~morse.schema.Recipe`.
    """
    if not categories and not tasks:
        raise BadInput("say what to make: --category, --task or --recipe")
    found = registry()
    everything = "all" in categories
    if everything:
        categories = sorted({task.category for task in found.tasks.values()})
    given = dict(knobs or {})
    split = str(settings.get("split", "test"))
    if not re.match(SPLIT, split):
        raise BadInput(f"split {split!r}: letters, digits, dots, dashes and underscores, at most 100")
    parts: list[RecipePart] = []
    for category in dict.fromkeys(categories):
        try:
            parts += _shared(category, levels, count, given, split)
        except NotInSplit:
            if not everything:
                raise
    for task in dict.fromkeys(tasks):
        parts += _of_task(found.task(task), levels, count, given, split)
    return checked_recipe(name, parts, **settings)


def checked_recipe(name: str, parts: Iterable[RecipePart], **settings: Any) -> Recipe:
    """A recipe from its fields. Raises :class:`BadInput` with the first that is impossible."""
    try:
        return Recipe(name=name, parts=tuple(parts), **settings)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInput(f"{_key(first['loc'])} {first['input']!r}: {first['msg']}") from None


def clips_of(recipe: Recipe) -> int:
    """How many clips a recipe makes."""
    return sum(part.count * len(part.levels) for part in recipe.parts)


def parse_levels(text: str) -> tuple[int, ...]:
    """Levels as they are written on the command line: ``3``, ``1-5``, ``1,3,6`` or a mixture, in rising order."""
    levels: set[int] = set()
    for piece in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?", piece)
        if not match:
            raise BadInput(f"difficulty {text!r} is not a level: levels are 1, 2, 3, …, written 3, 1-5 or 1,3,6")
        first, last = int(match[1]), int(match[2] or match[1])
        if first < 1:
            raise BadInput(f"difficulty {text!r}: levels start at 1")
        if last < first:
            raise BadInput(f"difficulty {text!r}: {first} is more than {last}")
        if last - first >= 1000:
            raise BadInput(f"difficulty {text!r}: more than 1000 levels at once")
        levels.update(range(first, last + 1))
    return tuple(sorted(levels))


def _resolved(part: _Part, split: str) -> list[RecipePart]:
    if part.task is not None:
        return _of_task(registry().task(part.task), part.levels, part.count, part.knobs, split)
    return _shared(str(part.category), part.levels, part.count, part.knobs, split)


def _of_task(task: Task, levels: Sequence[int], count: int, knobs: Mapping[str, Any], split: str) -> list[RecipePart]:
    """``count`` clips of a task a level: one part, but for levels at which the split sets knobs of its own."""
    parts: list[RecipePart] = []
    for level in levels:
        own = filled(task, level, knobs, split)
        if parts and parts[-1].knobs == own:
            parts[-1] = parts[-1].model_copy(update={"levels": (*parts[-1].levels, level)})
        else:
            parts.append(RecipePart(task=task.name, levels=(level,), count=count, knobs=own))
    return parts


def _shared(category: str, levels: Sequence[int], count: int, knobs: Mapping[str, Any], split: str) -> list[RecipePart]:
    """``count`` clips a level, dealt in turn to those of the category's tasks that the split has; at each level the dealing starts one
    task further."""
    tasks: list[Task] = registry().category(category)
    if not tasks:
        raise BadInput(f"category {category!r} has no task yet; `morse tasks` lists all")
    if knobs:
        known = [task for task in tasks if set(knobs) <= task.Params.ramps().keys()]
        if not known:
            knob = next(iter(knobs))
            every = sorted({name for task in tasks for name in task.Params.ramps()})
            raise BadInput(f"no task of {category!r} has the knob {knob!r}{did_you_mean(knob, every)}")
        tasks = known
    if split_named(split) != ANYTHING:
        tasks = eligible(tasks, lambda task: _of_task(task, levels, count, knobs, split))
    parts: list[RecipePart] = []
    for i, task in enumerate(tasks):
        shares: dict[int, list[int]] = {}
        for level in levels:
            share = count // len(tasks) + ((i - level) % len(tasks) < count % len(tasks))
            if share:
                shares.setdefault(share, []).append(level)
        for share, share_levels in shares.items():
            parts += _of_task(task, share_levels, share, knobs, split)
    return parts


def _key(loc: Sequence[int | str]) -> str:
    """``("parts", 1, "levels", 0)`` → ``parts[1].levels[0]``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc).lstrip(".") or "recipe"


def _line(text: str, loc: Sequence[int | str]) -> str:
    """Where a key stands in the TOML text, as ``, line 12``: its own line, or else that of what it should stand in."""
    lines = text.splitlines()
    table, line = 0, None
    in_part = len(loc) > 1 and loc[0] == "parts" and isinstance(loc[1], int)
    keys = [step for step in loc[2 if in_part else 0 :] if isinstance(step, str)]
    if in_part:
        headers = [i for i, raw in enumerate(lines) if re.match(r"\s*\[\[\s*parts\s*\]\]", raw)]
        if int(loc[1]) >= len(headers):
            return ""
        table = line = headers[int(loc[1])]
    for i in range(table, len(lines)):
        if i > table and in_part and re.match(r"\s*\[\[", lines[i]):
            break
        if any(re.match(rf"\s*(\[[^\]]*)?\b{re.escape(key)}\b\s*[=\]]", lines[i]) for key in keys):
            line = i
            if keys[-1] in lines[i].split("=")[0]:
                break
    return "" if line is None else f", line {line + 1}"
