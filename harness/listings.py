"""Reading what is made of the entries of a closed vocabulary: texts, lists, mappings, grids; and plans."""

import re
from collections.abc import Callable

from pydantic import JsonValue

from harness.numerals import WORDS
from harness.patterns import pattern
from harness.readers import NONE, Hedged, NoAnswer, Read, written
from harness.vocabulary import Vocabulary, negated, vocabulary, without_labels
from morse.schema import Grid, Mapping, Multiset, Permutation, Plan, Sequence, Set, Text

_MOST_ENTRIES, _MOST_TIMES = 4096, 100


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


_EMPTY = pattern(
    r"\W*(?:none(?: of (?:them|the above|these))?|nothing|empty(?: set)?|no \w{1,20}|∅|\\emptyset|n/a)\W*|\[\s*\]|\{\s*\}",
    re.IGNORECASE,
)


def _entries(text: str, entries: tuple[str, ...], noun: str, *, may_be_empty: bool, counted: bool) -> list[JsonValue]:
    words = vocabulary(entries, noun)
    text = _prose(text)
    found = _counted(text, words, noun) if counted else None
    if found is None:
        found = words.read_all(text)
    if found is None and re.search(r"\bor\b", text):
        raise Hedged("entries joined by or")
    if not found and may_be_empty and _EMPTY.fullmatch(text):
        return []
    if not found:
        raise NoAnswer(f"not a list of {noun}s of the vocabulary")
    return [*found]


_HOLDS = pattern(
    r"[^\n]{0,200}?\b(?:holds?|contains?|includes?|has|have|are)\b(?: (?:only|exactly|now|then))*:?\s+", re.IGNORECASE
)
_TIMES = pattern(
    r"\s*(?:(\d{1,2})|([a-z]+))(?:\s*x\s*|\s+(?:[a-z]+\s+of\s+)?)(\S+?)s?(?:\s+[a-z]+)?\s*[.!]?\s*", re.IGNORECASE
)


def _prose(text: str) -> str:
    """What follows the verb of "The folder holds ant and bee."; the text itself where no verb does."""
    match = _HOLDS.match(text)
    if match is None or re.search(r"\b(?:not|never|no longer|without)\b|n't", match[0]):
        return text
    return text[match.end() :]


def _only(value: JsonValue) -> JsonValue:
    """The list under an object's only key (``{"files": […]}``), or the values under 1, 2, 3 …; any other value as it is."""
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and isinstance(only := next(iter(value.values())), list):
        return only
    numbers = [re.sub(r"(?:st|nd|rd|th)\Z|\A(?:row|lamp|number|no\.?) ?", "", key.strip().lower()) for key in value]
    return [*value.values()] if numbers == [str(i + 1) for i in range(len(value))] else value


def _counted(text: str, words: Vocabulary, noun: str) -> list[str] | None:
    """The entries of "two coins of 5 and one coin of 2" or "2 x 5, 1 x 2"; ``None`` for what is not written so."""
    if not re.search(rf"\b{re.escape(noun)}s? of\b|\d\s*x\s*\S|\b[a-z]+\s+\d+s\b", text, re.IGNORECASE):
        return None
    found: list[str] = []
    for part in re.split(r"[,;\n+]|\band\b", text):
        if not part.strip(" ."):
            continue
        match = _TIMES.fullmatch(" ".join(part.split()))
        times = None if match is None else int(match[1]) if match[1] else WORDS.get(match[2].lower())
        if match is not None and match[2] and match[2].lower() in ("a", "an"):
            times = 1
        entry = words.read_all(match[3]) if match is not None else None
        if times is None or entry is None or len(entry) != 1 or not 0 < times <= _MOST_TIMES:
            raise NoAnswer(f"not a count of {noun}s of the vocabulary")
        found += entry * times
    return found


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
        counted = isinstance(format, Multiset)
        return arranged(_entries(text, format.vocabulary, format.noun, may_be_empty=may_be_empty, counted=counted))

    items = _from_list(format.vocabulary, format.noun)

    def from_json(value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            return read(value, False)
        value = _only(value)
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


_ROW = pattern(
    r"(?:(?<=[.;,\n])|\A|\band\b)[ \t]*(?:and )?(?:the )?(?:row \d+|\d+(?:st|nd|rd|th) row|"
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|top|middle|bottom|upper|lower) row)"
    r"\s*(?:\([^()\n]{0,20}\))?\s*(?:[:.)=-]|\b(?:is|has|holds|reads|contains)\b:?)",
    re.IGNORECASE,
)
_LEAD = pattern(r"\A\s*(?:from )?top to bottom\s*[:,-]\s*", re.IGNORECASE)
_END = pattern(r"\.\s*\Z")
_LEVEL = pattern(r"(?m)^[ \t]*(?:\d{1,2}[.)][ \t]+|(?:top|middle|bottom)\b[^:\n]{0,12}:)", re.IGNORECASE)
_CELL = pattern(
    r"(?:\(?\b([a-z])(\d{1,2})\)?|\brow (\d{1,2}),? col(?:umn)?\.? (\d{1,2})|\br(\d{1,2})c(\d{1,2}))\s*(?::|=|->|>|\bis\b|\bholds\b)\s*",
    re.IGNORECASE,
)


def _cell_by_cell(text: str, format: Grid, words: Vocabulary) -> list[list[str]] | None:
    """The board of ``a1: 3, b1: gap, …``: columns by letters, rows by numbers from the top; ``None`` for what is not written so."""
    marks = list(_CELL.finditer(text))
    if not marks or text[: marks[0].start()].strip(" \t\n-*•"):
        return None
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    named = {}
    for mark, end in zip(marks, ends, strict=True):
        entry = words.read_all(text[mark.end() : end].strip(" \t\n,;.-*•"))
        if entry is None or len(entry) != 1:
            return None
        row = int(mark[2] or mark[3] or mark[5])
        column = ord(mark[1].lower()) - 96 if mark[1] else int(mark[4] or mark[6])
        if named.setdefault((row, column), entry[0]) != entry[0]:
            raise Hedged(f"two values for a cell: {mark[0].strip()}")
    return _board(named, format)


def _named_cells(value: dict[str, JsonValue], format: Grid, words: Vocabulary) -> list[list[str]] | None:
    lines = [f"{key}: {written(cell)}" for key, cell in value.items() if not isinstance(cell, list | dict)]
    return _cell_by_cell("\n".join(lines), format, words) if len(lines) == len(value) else None


def _board(named: dict[tuple[int, int], str], format: Grid) -> list[list[str]] | None:
    wanted = [[(row, column) for column in range(1, format.columns + 1)] for row in range(1, format.rows + 1)]
    if sorted(named) != [cell for row in wanted for cell in row]:
        return None
    return [[named[cell] for cell in row] for row in wanted]


_RULE = pattern(r"[\s|:+-]*-{3,}[\s|:+-]*")


def read_grid(format: Grid) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
    words = vocabulary(format.vocabulary, format.noun)

    def checked(rows: list[list[str]]) -> JsonValue:
        if len(rows) != format.rows or any(len(row) != format.columns for row in rows):
            raise NoAnswer(f"not {format.rows} rows of {format.columns}")
        grid: list[JsonValue] = [[*row] for row in rows]
        return grid

    def read(text: str, bare: bool) -> JsonValue:
        text = text.strip()
        if (cells := _cell_by_cell(text, format, words)) is not None:
            return checked(cells)
        if format.columns == 1 and "\n" not in text:
            entries = words.read_all(_LEAD.sub("", text))
            if entries:
                return checked([[entry] for entry in entries])
        text = _ROW.sub("\n", text).strip()
        if "\n" not in text and (";" in text or "]" in text):
            text = re.sub(r"\]\s*[,;]?\s*\[|;", "\n", text)
        rows = []
        if format.columns == 1:
            text = _LEVEL.sub("", without_labels(_END.sub("", text)))
        for line in text.split("\n"):
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
        if isinstance(value, dict) and (cells := _named_cells(value, format, words)) is not None:
            return checked(cells)
        value = _only(value)
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


_OPERATION = pattern(r"([A-Za-z_][\w-]{0,40}(?: [a-z_]\w{0,20}){0,3})\s*\(([^()\n]{0,200})\)")
_JOINS = pattern(
    r"(?<![\w(])(?:\d{1,3}(?:st|nd|rd|th)|step \d{1,3}|first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth|fifth|then|next|finally|lastly)\b[,:]?(?!\s*\()"
    r"|(?<![\w(])\d{1,3}(?:st|nd|rd|th)\s*:",
    re.IGNORECASE,
)
_LONGEST_PLAN = 4096


def _nameless(text: str, syntax: str, least: int) -> list[str]:
    """Operations without their name, ``(a, c2); (b, c2)`` or ``left; up``, or without parentheses, ``move left``: ``least`` of them.

    Which operation is meant is for the checker to say: only where a problem has a single one, none needs a name.
    """
    text = re.sub(r"(?m)^[ \t]*(?:\d{1,4}[.):]|[-*•])[ \t]*", "", text)
    name, _, rest = syntax.partition("(")
    count, found = len(rest.split(",")), []
    tuples = re.findall(r"\(([^()\n]{1,200})\)", text)
    if tuples and not re.search(r"\w", re.sub(r"\d{1,4}[.):]|\band\b", " ", re.sub(r"\([^()\n]{1,200}\)", " ", text))):
        return [operation("", arguments) for arguments in tuples]
    for part in re.split(r"[;\n>.]|," if count == 1 else r"[;\n>.]", text):
        words = [word for word in part.split() if word.lower() not in ("and", "with", "to", "from")]
        if not words:
            continue
        named = words[0].lower() == name.lower()
        arguments = words[1:] if named else words
        if len(arguments) != count or not all(re.fullmatch(r"[\w+-]{1,20},?", word) for word in arguments):
            return []
        found.append(operation(name if named else "", ", ".join(word.strip(",") for word in arguments)))
    return found if len(found) >= least and not _EMPTY.fullmatch(text) else []


def read_plan(format: Plan) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
    with_arguments = "(" in format.syntax

    def read(text: str, bare: bool) -> JsonValue:
        if re.search(r"\bor\b", text):
            raise Hedged("operations joined by or")
        if with_arguments:
            text = _JOINS.sub("; ", text)
            found = [operation(match[1], match[2]) for match in _OPERATION.finditer(text)]
            left = re.sub(
                r"\b(?:then|and|finally|next|first|step \d+)\b|\d{1,4}[.):]",
                " ",
                _OPERATION.sub(" ", text),
                flags=re.IGNORECASE,
            )
            if found and re.search(r"\w", left):
                raise NoAnswer("more than operations")
            found = found or _nameless(text, format.syntax, 2 if bare else 1)
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
        value = _only(value)
        if isinstance(value, list):
            steps = [
                f"({', '.join(map(written, step))})" if isinstance(step, list) else written(step) for step in value
            ]
            return read("; ".join(steps), False)
        return read(written(value), False)

    return read, from_json


def operation(name: str, arguments: str) -> str:
    """An operation in canonical writing: ``swap(a1, b2)``."""
    return f"{'_'.join(name.lower().split())}({', '.join(part.strip().strip(chr(34) + chr(39)).lower() for part in arguments.split(',') if part.strip())})"
