"""Difficulty is a level, 1, 2, 3 … without end; every knob of a task declares how it grows with the level."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from morse.errors import BadInput, did_you_mean


@dataclass(frozen=True)
class Ramp:
    """How a knob grows: ``start`` at level 1, ``per_level`` more at each further level, no further than ``most``.

    A knob with an integer ``start`` is rounded down to an integer. For a falling ramp ``most`` is its floor.
    """

    start: float
    per_level: float
    most: float | None

    def at(self, level: int) -> float:
        value = self.start + self.per_level * (level - 1)
        if self.most is not None:
            value = min(value, self.most) if self.per_level >= 0 else max(value, self.most)
        return math.floor(value + 1e-9) if isinstance(self.start, int) else round(value, 6)


def ramp(
    start: float,
    *,
    per_level: float = 0.0,
    most: float | None = None,
    least: float = 0,
    limit: float | None = None,
    about: str = "",
) -> Any:
    """Declare a knob of a task: ``cups: int = ramp(3, per_level=0.5, most=9, about="cups on the table")``.

    ``most`` is where the ramp stops by itself; ``least`` and ``limit`` bound what ``--set`` accepts (``limit=None``: no
    bound); ``about`` says in a few words what the knob does, for ``morse tasks NAME``.
    """
    growth = Ramp(start, per_level, most)
    return Field(
        default=growth.at(1), ge=least, le=limit, description=about, json_schema_extra={"ramp": asdict(growth)}
    )


class TaskParams(BaseModel):
    """What can vary in a task: each field a knob declared with :func:`ramp`.

    Impossible combinations are refused by ordinary pydantic validators that raise ``ValueError`` with a sentence that
    names the knob and says why.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    sized_by: ClassVar[tuple[str, ...]] = ()
    """The knobs (or properties) that say how large what is shown is, for tables of accuracy by size; the main one first."""
    chained_by: ClassVar[tuple[str, ...]] = ()
    """The knobs that count what happens one after another, for the split ``more_steps``; empty: those of :data:`morse.splits.CHAINS`."""

    @classmethod
    def ramps(cls) -> dict[str, Ramp]:
        """The ramp of each knob, in the order of declaration."""
        found = {}
        for name, field in cls.model_fields.items():
            extra = field.json_schema_extra
            if isinstance(extra, dict) and isinstance(extra.get("ramp"), dict):
                found[name] = Ramp(**extra["ramp"])  # type: ignore[arg-type]
        return found

    @classmethod
    def at(cls, level: int, knobs: Mapping[str, Any] | None = None) -> Self:
        """The parameters of a level, with ``knobs`` set by hand.

        Raises :class:`BadInput` for a level below 1, a knob that the task does not have, or a value it cannot take.
        """
        if not knobs:
            return cls._at(level)
        return cls._with(level, knobs)

    @classmethod
    @cache
    def _at(cls, level: int) -> Self:
        return cls._with(level, {})

    @classmethod
    def _with(cls, level: int, knobs: Mapping[str, Any]) -> Self:
        if level < 1:
            raise BadInput(f"difficulty {level} is not a level: levels are 1, 2, 3, …")
        known = cls.ramps()
        for name in knobs:
            if name not in known:
                raise BadInput(
                    f"no knob {name!r}{did_you_mean(name, known)}: the knobs are {', '.join(known) or 'none'}"
                )
        values = {name: growth.at(level) for name, growth in known.items()} | dict(knobs or {})
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            where = (
                "=".join([".".join(map(str, first["loc"])), str(first["input"])])
                if first["loc"]
                else "this combination"
            )
            raise BadInput(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None
