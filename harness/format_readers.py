"""Which reader reads which answer format."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from pydantic import JsonValue

from harness.listings import read_grid, read_listing, read_mapping, read_permutation, read_plan, read_text
from harness.options import (
    boolean_from_json,
    choice_from_json,
    multi_choice_from_json,
    read_boolean,
    read_choice,
    read_multi_choice,
)
from harness.quantities import (
    boxes_from_json,
    number_from_json,
    read_boxes,
    read_integer,
    read_masks,
    read_number,
    read_span,
    span_from_json,
)
from harness.readers import Read
from morse.schema import (
    AnswerFormat,
    Boolean,
    Boxes,
    Choice,
    Grid,
    Integer,
    Mapping,
    Masks,
    MultiChoice,
    Multiset,
    Number,
    Permutation,
    Plan,
    Sequence,
    Set,
    Span,
    Text,
)


@dataclass(frozen=True, slots=True)
class Reader:
    """How an answer of one format is read."""

    read: Read
    from_json: Callable[[JsonValue], JsonValue]
    block: bool
    """Whether an answer may run over several lines."""
    may_abstain: bool
    one_number: bool
    """The answer is the only number of a line, whatever else stands there."""
    raw: bool
    """Marks of Markdown and LaTeX are kept, as the vocabulary holds such characters."""


_LAST: dict[int, tuple[AnswerFormat, Reader]] = {}
"""The readers of the formats met last, by the format's identity: to compare two formats takes longer than to read a letter."""
_MOST = 1024


def reader_of(format: AnswerFormat) -> Reader:
    """The reader of a format; kept, since many questions share one."""
    known = _LAST.get(id(format))
    if known is not None and known[0] is format:
        return known[1]
    reader = _reader(cast(Hashable, format))
    if len(_LAST) >= _MOST:
        _LAST.clear()
    _LAST[id(format)] = (format, reader)  # the format is kept too, so that no other one gets its identity
    return reader


@lru_cache(maxsize=4096)
def _reader(key: Hashable) -> Reader:
    format = cast(AnswerFormat, key)
    read, from_json = _read_and_from_json(format)
    block = isinstance(format, Sequence | Set | Multiset | Mapping | Grid | Plan | Boxes | Masks)
    entries: tuple[str, ...] = getattr(format, "vocabulary", ())
    raw = any(mark in entry for entry in entries for mark in "*`$\\_#>")
    return Reader(read, from_json, block, format.may_abstain, isinstance(format, Integer | Number), raw)


def _read_and_from_json(format: AnswerFormat) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
    match format:
        case Choice():
            read = read_choice(format)
            return read, choice_from_json(read)
        case MultiChoice():
            read = read_multi_choice(format)
            return read, multi_choice_from_json(read)
        case Boolean():
            return read_boolean, boolean_from_json
        case Integer():
            read = read_integer(format)
            return read, number_from_json(read)
        case Number():
            read = read_number(format)
            return read, number_from_json(read)
        case Text():
            read = read_text(format)
            return read, number_from_json(read)
        case Sequence() | Set() | Multiset():
            return read_listing(format)
        case Permutation():
            return read_permutation(format)
        case Mapping():
            return read_mapping(format)
        case Grid():
            return read_grid(format)
        case Plan():
            return read_plan(format)
        case Span():
            return read_span, span_from_json
        case Boxes():
            return read_boxes, boxes_from_json
        case Masks():
            return read_masks(format)
