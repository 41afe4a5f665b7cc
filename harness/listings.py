"""Reading what is made of the entries of a closed vocabulary: texts, lists, mappings, grids; and plans."""

import re
from collections.abc import Callable

from pydantic import JsonValue

from harness.readers import NONE, Hedged, NoAnswer, Read, written
from harness.vocabulary import negated, vocabulary
from morse.schema import Grid, Mapping, Multiset, Permutation, Plan, Sequence, Set, Text

_MOST_ENTRIES = 4096


def read_text(format: Text) -> Read:
    words = vocabulary(format.vocabulary, format.noun)

    def read(text: str, bare: bool) -> JsonValue:
        alone = words.read_all(text)
        if alone and len(set(alone)) == 1:
            return alone[0]
        if bare:
            raise NoAnswer(NONE)
        found = words.find(text)
        if any(negated(text, start) for _, start, _ in found):
            raise NoAnswer("only says what the answer is not")
        if len({entry for entry, _, _ in found}) > 1:
            raise Hedged("several answers")
        if not found:
            raise NoAnswer(f"no {format.noun} of the vocabulary found")
        return found[0][0]

    return read


_EMPTY = re.compile(
    r"\W*(?:none(?: of (?:them|the above|these))?|nothing|empty(?: set)?|no \w{1,20}|∅|\\emptyset|n/a)\W*|\[\s*\]|\{\s*\}",
    re.IGNORECASE,
)


def _entries(text: str, entries: tuple[str, ...], noun: str, *, may_be_empty: bool) -> list[JsonValue]:
    words = vocabulary(entries, noun)
    found = words.read_all(text)
    if found is None and re.search(r"\bor\b", text):
        raise Hedged("entries joined by or")
    if not found and may_be_empty and _EMPTY.fullmatch(text):
        return []
    if not found:
        raise NoAnswer(f"not a list of {noun}s of the vocabulary")
    return [*found]


def _from_list(entries: tuple[str, ...], noun: str) -> Callable[[JsonValue], list[JsonValue]]:
    words = vocabulary(entries, noun)

    def items(value: JsonValue) -> list[JsonValue]:
        if not isinstance(value, list) or len(value) > _MOST_ENTRIES:
            raise NoAnswer(f"not a list of {noun}s")
        found: list[JsonValue] = []
        for item in value:
            entry = words.read_all(written(item))
            if entry is None or len(entry) != 1:
                raise NoAnswer(f"not a list of {noun}s of the vocabulary")
            found.append(entry[0])
        return found

    return items


def read_listing(format: Sequence | Set | Multiset) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
    may_be_empty = not isinstance(format, Sequence) and "none" not in [entry.casefold() for entry in format.vocabulary]

    def arranged(found: list[JsonValue]) -> JsonValue:
        if isinstance(format, Sequence):
            return found
        rank = {entry: i for i, entry in enumerate(format.vocabulary)}
        if isinstance(format, Set):
            found = list(dict.fromkeys(map(str, found)))
        return sorted(found, key=lambda entry: rank[str(entry)])

    def read(text: str, bare: bool) -> JsonValue:
        return arranged(_entries(text, format.vocabulary, format.noun, may_be_empty=may_be_empty))

    items = _from_list(format.vocabulary, format.noun)

    def from_json(value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            return read(value, False)
        if value == [] and not may_be_empty:
            raise NoAnswer("an empty list")
        return arranged(items(value))

    return read, from_json


def read_permutation(format: Permutation) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
    numbers = tuple(str(number) for number in range(1, format.size + 1))

    def checked(found: list[JsonValue]) -> JsonValue:
        order: list[JsonValue] = [int(str(number)) for number in found]
        if sorted(map(str, order)) != sorted(numbers):
            raise NoAnswer(f"no permutation of 1 to {format.size}")
        return order

    def read(text: str, bare: bool) -> JsonValue:
        words = vocabulary(numbers, "clip")
        if re.search(r"\bor\b", text):
            raise Hedged("orders joined by or")
        found = words.read_all(
            re.sub(r"\b(?:clips?|steps?|order|then|after|by|first|videos?|is)\b|#", " ", text, flags=re.IGNORECASE)
        )
        if found is None and not bare:
            named = [name for name, _, _ in words.find(text)]
            alone = len(named) == len(re.findall(r"\d+", text))
            found = named if alone and sorted(named) == sorted(numbers) else None
        if not found:
            raise NoAnswer(f"no permutation of 1 to {format.size}")
        return checked([*found])

    items = _from_list(numbers, "number")
    return read, lambda value: read(value, False) if isinstance(value, str) else checked(items(value))


def read_mapping(format: Mapping) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
    keys, values = vocabulary(format.keys), vocabulary(format.vocabulary, format.noun)
    separator = re.compile(r"[\"']?\s*(?::|=|->|>|\bis\b|\bhas\b|\bunder\b|-)\s*[\"']?")
    split = re.compile(r"[;,\n]|\band\b")

    def collected(pairs: list[tuple[str, str]]) -> JsonValue:
        found: dict[str, JsonValue] = {}
        for key, value in pairs:
            if found.setdefault(key, value) != value:
                raise Hedged(f"two values for {key}")
        if not found:
            raise NoAnswer(NONE)
        return {key: found[key] for key in format.keys if key in found}

    def entry(words: list[str] | None, what: str) -> str:
        if words is None or len(words) != 1:
            raise NoAnswer(f"{what} cannot be read")
        return words[0]

    def read(text: str, bare: bool) -> JsonValue:
        pairs = []
        for part in split.split(text.strip(" \n.{}[]")):
            if not part.strip(" .\"'"):
                continue
            sign = separator.search(part, keys_end(part))
            if sign is None:
                raise NoAnswer(f"not of the form {format.keys[0]}: {format.vocabulary[0]}")
            pairs.append(
                (
                    entry(keys.read_all(part[: sign.start()]), "a key"),
                    entry(values.read_all(part[sign.end() :]), "a value"),
                )
            )
        return collected(pairs)

    def keys_end(part: str) -> int:
        match = keys.pattern.search(part if keys.exact_case else part.casefold())
        return match.end() if match else 0

    def from_json(value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            return read(value, False)
        if not isinstance(value, dict):
            raise NoAnswer("not an object")
        return collected(
            [
                (entry(keys.read_all(key), "a key"), entry(values.read_all(written(cell)), "a value"))
                for key, cell in value.items()
            ]
        )

    return read, from_json


_RULE = re.compile(r"[\s|:+-]*-{3,}[\s|:+-]*")


def read_grid(format: Grid) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
    words = vocabulary(format.vocabulary, format.noun)

    def checked(rows: list[list[str]]) -> JsonValue:
        if len(rows) != format.rows or any(len(row) != format.columns for row in rows):
            raise NoAnswer(f"not {format.rows} rows of {format.columns}")
        grid: list[JsonValue] = [[*row] for row in rows]
        return grid

    def read(text: str, bare: bool) -> JsonValue:
        text = text.strip()
        if "\n" not in text and (";" in text or "]" in text):
            text = re.sub(r"\]\s*[,;]?\s*\[|;", "\n", text)
        rows = []
        for line in text.split("\n"):
            line = re.sub(r"\A\s*[Rr]ow \d+\s*[:.)-]", "", line)  # noqa: PLW2901
            if not line.strip() or (_RULE.fullmatch(line) and words.read_all(line) in (None, [])):
                continue
            row = words.read_all(line.strip(" \t|[]()"))
            if row is None:
                raise NoAnswer("a row holds what is not in the vocabulary")
            if row:
                rows.append(row)
        return checked(rows)

    def from_json(value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            return read(value, False)
        if not isinstance(value, list):
            raise NoAnswer("not a list of rows")
        rows = []
        for row in value:
            cells = row if isinstance(row, list) else [row]
            found = [words.read_all(written(cell)) for cell in cells]
            if any(cell is None for cell in found):
                raise NoAnswer("a row holds what is not in the vocabulary")
            rows.append([entry for cell in found for entry in cell or []])
        return checked(rows)

    return read, from_json


_OPERATION = re.compile(r"([A-Za-z_][\w-]{0,40}(?: [a-z_]\w{0,20}){0,3})\s*\(([^()\n]{0,200})\)")
_LONGEST_PLAN = 4096


def read_plan(format: Plan) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
    with_arguments = "(" in format.syntax

    def read(text: str, bare: bool) -> JsonValue:
        if re.search(r"\bor\b", text):
            raise Hedged("operations joined by or")
        if with_arguments:
            found = [operation(match[1], match[2]) for match in _OPERATION.finditer(text)]
            left = re.sub(
                r"\b(?:then|and|finally|next|first|step \d+)\b|\d{1,4}[.):]",
                " ",
                _OPERATION.sub(" ", text),
                flags=re.IGNORECASE,
            )
            if found and re.search(r"\w", left):
                raise NoAnswer("more than operations")
        else:
            parts = re.split(r"[;,\n>]|\bthen\b", re.sub(r"(?m)^\s*(?:\d{1,4}[.):]|[-*•])\s*", "", text))
            found = [" ".join(part.lower().split()) for part in parts if part.strip(" .")]
            found = [part.strip(" .\"'") for part in found]
            if any(len(part.split()) > len(format.syntax.split()) for part in found):
                raise NoAnswer(f"not operations like {format.syntax}")
        if not found:
            raise NoAnswer(f"no operations like {format.syntax}")
        if len(found) > _LONGEST_PLAN:
            raise NoAnswer(f"over {_LONGEST_PLAN} operations")
        return [*found]

    def from_json(value: JsonValue) -> JsonValue:
        if isinstance(value, list):
            return read("; ".join(map(written, value)), False)
        return read(written(value), False)

    return read, from_json


def operation(name: str, arguments: str) -> str:
    """An operation in canonical writing: ``swap(a1, b2)``."""
    return f"{'_'.join(name.lower().split())}({', '.join(part.strip().strip(chr(34) + chr(39)).lower() for part in arguments.split(',') if part.strip())})"
