"""What scoring needs of pydantic, in plain Python: frozen records that read themselves from JSON and refuse what they do not know.

:mod:`harness.one_file` puts it in pydantic's place, so that the scorer that goes with an export needs nothing but Python.
"""

import json
from collections.abc import Mapping
from inspect import get_annotations
from types import UnionType
from typing import Annotated, Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin

__all__ = ["BaseModel", "ConfigDict", "Field", "JsonValue", "TypeAdapter", "ValidationError"]

JsonValue = Any
REQUIRED = object()
"""The default of a field that has none."""


class ValidationError(ValueError):
    """A value that is not what it should be."""


def ConfigDict(**settings: object) -> dict[str, object]:
    """Records are always frozen and always refuse unknown fields: nothing is set by it."""
    return settings


def Field(default: Any = REQUIRED, **limits: object) -> Any:
    """The default of a field. Its limits are not checked: what goes into an export was checked when it was made."""
    return default


class BaseModel:
    """A frozen record; its fields are the class's annotations."""

    _fields: ClassVar[dict[str, tuple[Any, Any]]] = {}
    """By name: what a field may hold, and its default."""

    def __init_subclass__(cls) -> None:
        own = {name: (kind, cls.__dict__.get(name, REQUIRED)) for name, kind in get_annotations(cls).items()}
        cls._fields = cls._fields | own

    def __init__(self, **given: Any) -> None:
        if unknown := [name for name in given if name not in self._fields]:
            raise ValidationError(f"{type(self).__name__} has no {unknown[0]!r}")
        for name, (kind, default) in self._fields.items():
            value = read(kind, given[name]) if name in given else default
            if value is REQUIRED:
                raise ValidationError(f"{type(self).__name__} needs {name!r}")
            object.__setattr__(self, name, value)

    @classmethod
    def model_validate(cls, value: Any) -> Any:
        return read(cls, value)

    @classmethod
    def model_validate_json(cls, text: str) -> Any:
        return read(cls, json.loads(text))

    def model_dump_json(self) -> str:
        return json.dumps(_written(self), ensure_ascii=False)

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self._fields)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, BaseModel) and other._values() == self._values()

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self._fields)})"


T = TypeVar("T")


class TypeAdapter:
    """Reads values of a type that is no record."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind

    def __class_getitem__(cls, kind: Any) -> type["TypeAdapter"]:
        return cls

    def validate_python(self, value: Any) -> Any:
        return read(self.kind, value)


def read(kind: Any, value: Any) -> Any:
    """A JSON value as what a field may hold. Raises :class:`ValidationError`."""
    origin, of = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if origin is Annotated:
        return read(of[0], value)
    if origin is Literal and value in of:
        return value
    if origin in (Union, UnionType):
        return _one_of(of, value)
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(read(of[0], entry) for entry in value)
    if origin is dict and isinstance(value, Mapping):
        return {read(of[0], key): read(of[1], entry) for key, entry in value.items()}
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(kind, type) and origin is None:
        if type(value) is kind:
            return value
        if issubclass(kind, BaseModel) and isinstance(value, Mapping):
            return kind(**value)
    raise ValidationError(f"{str(value)[:100]!r} is no {getattr(kind, '__name__', kind)}")


def _one_of(kinds: tuple[Any, ...], value: Any) -> Any:
    """The value as the one of several kinds that it is: a record by its ``type``, anything else by its own type."""
    named = value.get("type") if isinstance(value, Mapping) else None
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, BaseModel) and "type" in kind._fields:
            if kind._fields["type"][1] == named or isinstance(value, kind):
                return read(kind, value)
            continue
        try:
            return read(kind, value)
        except ValidationError:
            continue
    raise ValidationError(f"{str(value)[:100]!r} is none of {len(kinds)} kinds")


def _written(value: Any) -> Any:
    """Records as JSON values."""
    if isinstance(value, BaseModel):
        return {name: _written(getattr(value, name)) for name in value._fields}
    if isinstance(value, list | tuple):
        return [_written(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _written(entry) for key, entry in value.items()}
    return value
