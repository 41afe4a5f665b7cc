"""One strict, deterministic parser from a model's response to an answer in a question's format.

Nothing is ever guessed: a response that names several answers, hedges, or holds none comes out unparsed, with the reason.
Nothing of a response is evaluated; only its last 64 kB are read, in linear time.
"""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from pydantic import JsonValue

from harness.numerals import Numeral, numerals
from harness.places import (
    NotJson,
    Place,
    emphasised,
    json_on_its_own,
    json_value,
    lines,
    places,
    plain,
    statements,
    without_emphasis,
    without_latex,
)
from harness.vocabulary import negated, vocabulary
from morse.schema import (
    AnswerFormat,
    Boolean,
    Boxes,
    Choice,
    Grid,
    Integer,
    Mapping,
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
class Parsed:
    """What a response says: a value in the format's own terms (``None``: it abstains), or the reason why there is none."""

    value: JsonValue
    reason: str | None = None

    @property
    def readable(self) -> bool:
        return self.reason is None


class _NoAnswer(Exception):
    """No answer can be read here; ``str`` gives the reason."""


class _Hedged(_NoAnswer):
    """Several answers stand where one is asked; no later place is looked at."""


_NONE = "no answer found"
_ABSTAINS = re.compile(
    r"\b(?:can ?not|can't|could not|couldn't|impossible to) be (?:answered|determined|inferred|known)"
    r"|\b(?:unanswerable|not answerable|impossible to (?:answer|determine|tell|say))\b"
    r"|\b(?:unable to|cannot|can't|can not) (?:answer|determine|tell)\b",
    re.IGNORECASE,
)


def parse(text: str, format: AnswerFormat) -> Parsed:
    """The final answer of a response.

    It is looked for in the places of :mod:`harness.places`, in their order; the first that holds an answer decides, and a
    tag or a box decides even if nothing can be read in it.
    """
    reader = _reader(cast(Hashable, format))
    try:
        return Parsed(_final_answer(plain(text), reader))
    except _NoAnswer as why:
        return Parsed(None, str(why))


Read = Callable[[str, bool], JsonValue]
"""Reads a stretch of text. With ``bare`` it must hold nothing but the answer; else there must be one answer in it."""


@dataclass(frozen=True, slots=True)
class _Reader:
    read: Read
    from_json: Callable[[JsonValue], JsonValue]
    block: bool
    """Whether an answer may run over several lines."""
    may_abstain: bool
    raw: bool
    """Marks of Markdown and LaTeX are kept, as the vocabulary holds such characters."""


def _final_answer(text: str, reader: _Reader) -> JsonValue:
    if not text.strip():
        raise _NoAnswer("empty response")
    reason = _NoAnswer(_NONE)
    for place in places(text):
        try:
            return _at_place(place, reader)
        except _Hedged:
            raise
        except _NoAnswer as why:
            if place.kind == "tag" and place.text.strip():
                raise
            reason = why
    try:
        return reader.from_json(json_on_its_own(text))
    except NotJson:
        pass
    try:
        return _without_marker(text, reader)
    except _Hedged:
        raise
    except _NoAnswer as why:
        raise why if reason.args == (_NONE,) else reason from None


def _without_marker(text: str, reader: _Reader) -> JsonValue:
    """The answer of a text that marks none: by a statement, a line of its own, bold print, or the last line."""
    unmarked = text if reader.raw else without_emphasis(text)
    reason = _NoAnswer(_NONE)
    for place in () if reader.block and len(text) > _LONGEST_LINE else statements(unmarked):
        try:
            return _at_place(place, reader)
        except _Hedged:
            raise
        except _NoAnswer as why:
            reason = why
    rows = lines(unmarked, raw=True) if reader.raw else lines(without_latex(unmarked))
    if not rows:
        raise reason
    if reader.may_abstain and _ABSTAINS.search(rows[-1][-_LONGEST_LINE:]):
        return None
    attempts = (_from_block,) if reader.block else (_from_bare_lines, _from_last_statement)
    for attempt in attempts:
        try:
            return attempt(rows, reader)
        except _Hedged:
            raise
        except _NoAnswer as why:
            reason = why if reason.args == (_NONE,) else reason
    if not reader.raw:
        try:
            return _from_bold(text, reader)
        except _Hedged:
            raise
        except _NoAnswer:
            pass
    if reader.block or len(rows[-1]) > _LONGEST_LINE:
        raise reason
    return reader.read(rows[-1], False)


_PROSE = 8
"""From how many words on a line is prose, which may name other things beside the answer."""


def _at_place(place: Place, reader: _Reader) -> JsonValue:
    if place.kind == "marker" and not reader.block:
        value = _after_marker(place.text, reader)
    else:
        value = _in_text(place.text, reader, whole=place.kind in ("tag", "boxed"))
    if place.before is not None:
        try:
            other = _in_text(place.before, reader, whole=True)
        except _NoAnswer:
            return value
        if other != value:
            raise _Hedged("several final answers")
    return value


def _after_marker(text: str, reader: _Reader) -> JsonValue:
    if text.startswith("\n"):
        return _under_heading(text, reader)
    try:
        return _in_text(text, reader, whole=False)
    except _NoAnswer:
        if len(text.partition("\n")[0].split()) < _PROSE:
            raise
    return _without_marker(text, reader)


def _under_heading(text: str, reader: _Reader) -> JsonValue:
    """The answer of a passage with the heading "Answer:": its own statement of the answer comes before its first line."""
    for place in statements(text):
        try:
            return _at_place(place, reader)
        except _Hedged:
            raise
        except _NoAnswer:
            continue
    return _in_text(text, reader, whole=False)


_LONGEST_LINE, _LONGEST_BLOCK = 4000, 8000
"""Characters that a line with one answer among other words may have, and an answer that runs over lines (but for JSON)."""
_MOST_ENTRIES = 4096


def _in_text(text: str, reader: _Reader, *, whole: bool) -> JsonValue:
    """The answer in a text that was meant for it: all of it for a tag or a box, else its first paragraph or line."""
    text = text.strip()
    if not text:
        raise _NoAnswer(_NONE)
    if text[0] in "[{`":
        try:
            return reader.from_json(json_value(text) if text[0] != "`" else json_on_its_own(text))
        except NotJson:
            text = text.replace("`", "")
    return (_in_block if reader.block else _in_line)(text, reader, whole=whole)


def _in_line(text: str, reader: _Reader, *, whole: bool) -> JsonValue:
    first, _, rest = (text, "", "") if whole else text.partition("\n")
    first = _cleaned(first, reader)
    if reader.may_abstain and _ABSTAINS.search(first):
        return None
    value = reader.read(" ".join(first.split()), False)
    following = rest.lstrip().partition("\n")[0].strip()
    if following and len(following) < 200 and _reads_otherwise(_cleaned(following, reader), value, reader):
        raise _Hedged("several final answers")
    return value


def _in_block(text: str, reader: _Reader, *, whole: bool) -> JsonValue:
    paragraph = re.split(r"\n[ \t]*\n", text, maxsplit=1)[0]
    if reader.may_abstain and _ABSTAINS.search(
        text[:_LONGEST_LINE] if whole else text[:_LONGEST_LINE].partition("\n")[0]
    ):
        return None
    why = _NoAnswer(_NONE)
    for attempt in dict.fromkeys([text] if whole else [text, paragraph, paragraph.partition("\n")[0]]):
        if len(attempt) > _LONGEST_BLOCK:
            why = _NoAnswer("more text than an answer")
            continue
        try:
            return reader.read(attempt if reader.raw else without_emphasis(without_latex(attempt)).strip(), False)
        except _NoAnswer as reason:
            why = reason
        if attempt[:1] in ("[", "{") and attempt != text:
            try:
                return reader.from_json(json_value(attempt))
            except NotJson:
                continue
    raise why


def _cleaned(line: str, reader: _Reader) -> str:
    """A line that is short enough to be read, without Markdown and LaTeX."""
    if len(line) > _LONGEST_LINE:
        raise _NoAnswer("more text than an answer")
    return line if reader.raw else without_emphasis(without_latex(line)).strip()


def _reads_otherwise(text: str, value: JsonValue, reader: _Reader) -> bool:
    """Whether a text is nothing but another answer."""
    try:
        return reader.read(text, True) != value
    except _NoAnswer:
        return False


def _from_bare_lines(rows: list[str], reader: _Reader) -> JsonValue:
    """Lines that hold nothing but an answer: the last line if it is one, else what they agree on."""
    found: list[JsonValue] = []
    for row in dict.fromkeys([*rows[:8], *rows[-24:]]):
        if len(row) > 300:
            continue
        try:
            found.append(reader.read(row, True))
        except _Hedged:
            raise
        except _NoAnswer:
            continue
        if row == rows[-1] and not (len(rows) == len(found) and any(value != found[0] for value in found)):
            return found[-1]
    if not found:
        raise _NoAnswer(_NONE)
    if any(value != found[0] for value in found):
        raise _Hedged("several answers")
    return found[0]


_TAIL = re.compile(
    r"\b(?:is|are|was|were|equals|be|remain|select|choose)\b:?(?![^.]*\b(?:is|are|was|were|equals|be)\b)", re.IGNORECASE
)


def _from_last_statement(rows: list[str], reader: _Reader) -> JsonValue:
    """The last line's "… is 7." if nothing but the answer follows the verb."""
    verbs = list(_TAIL.finditer(rows[-1][-400:]))
    if not verbs or re.search(r"\b(?:or|either|not)\b", rows[-1][-400:]):
        raise _NoAnswer(_NONE)
    return reader.read(rows[-1][-400:][verbs[-1].end() :].strip(), True)


def _from_bold(text: str, reader: _Reader) -> JsonValue:
    """What is in bold print, if it holds one answer: in the whole text, or else in the last line."""
    for part in (text, text.rstrip().rpartition("\n")[2]):
        found = []
        for stretch in emphasised(part)[-64:]:
            try:
                found.append(reader.read(without_latex(stretch).strip(), False))
            except _Hedged:
                raise
            except _NoAnswer:
                continue
        if found and all(value == found[0] for value in found):
            return found[0]
    raise _NoAnswer(_NONE)


def _from_block(rows: list[str], reader: _Reader) -> JsonValue:
    """The whole text, or its last line, if it is nothing but an answer (for answers that may run over lines)."""
    why = _NoAnswer(_NONE)
    for attempt in dict.fromkeys(["\n".join(rows), rows[-1], rows[-1].rpartition(":")[2]]):
        if len(attempt) > _LONGEST_BLOCK:
            continue
        try:
            return reader.read(attempt, True)
        except _NoAnswer as reason:
            why = reason
    raise why


# ── one answer out of options ───────────────────────────────────────────────────────────────────────────────────────

_BARE_LETTER = re.compile(
    r"\W*(?:(?!not\b|no\b|than\b)[A-Za-z]{2,12}\b\W*)?([A-Za-z])(?:\W*(?:is|are) (?:the )?(?:correct|right|best)(?: (?:one|answer|option|choice))?)?\W*",
    re.IGNORECASE,
)
_LEADING_LETTER = re.compile(
    r"[(\[\"'<]*(?:(?:option|choice) )?[\"'(]?([A-Z])(?:[\"')\]>.:,;]+[\"')]?|\s*[-=]|(?= (?:because|since|as)\b))\s*",
    re.IGNORECASE,
)
_MARKED_LETTER = re.compile(
    r"\(([A-Za-z])\)|(?<![\w'(])([A-Za-z])\)|\b(?:option|choice|letter)s? [\"'(]?([A-Za-z])(?![\w'-])|[\"']([A-Za-z])[.)]{0,2}[\"']",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"(?<![\w'\-+=/^\\.])([A-Z])(?![\w'+=/^\\]|-\w|\.\w)")
_ARTICLE = re.compile(
    r" (?!is\b|are\b|was\b|because\b|since\b|and\b|or\b|as\b|but\b|if\b|for\b|matches\b|shows\b|here\b)[a-z]{2,}",
    re.IGNORECASE,
)
_HEDGE = re.compile(r"\b(?:or|either|maybe|perhaps|possibly|alternatively|and|also|both|could be)\b", re.IGNORECASE)
_NOT_A_WORD = re.compile(r"[^\w.+\-%°$/=<>^√≈]+|_+")


def _normal(option: str) -> str:
    """An option's words, to be compared: case, articles, punctuation and LaTeX do not matter."""
    words = [word.strip(".") for word in _NOT_A_WORD.split(without_emphasis(without_latex(plain(option))).casefold())]
    return " ".join(word for word in words if word and word not in ("the", "a", "an")) or option.strip().casefold()


class _Options:
    """The options of a question, ready for search."""

    def __init__(self, options: tuple[str, ...], letters: str) -> None:
        self.letters = letters
        self.by_text = {}
        self.exact = {}
        for letter, option in zip(letters, options, strict=False):
            text = _normal(option)
            self.by_text[text] = "" if text in self.by_text else letter  # two options of one reading name none
            if not (len(text) == 1 and text.upper() in letters):  # "B" is the letter, whatever the options say
                self.exact[option.strip(" .\"'").casefold()] = letter
        alternatives = sorted(
            (re.escape(text) for text in self.by_text if len(text) > 1 or text.isdigit()), key=len, reverse=True
        )
        self.pattern = re.compile(rf"(?<![\w.-])(?:{'|'.join(alternatives) or '(?!)'})(?![\w-]|\.\w)")

    def texts(self, text: str) -> list[str]:
        """Letters of the options whose texts occur, longest readings first, without those that are negated."""
        normal = _normal(text)
        found = []
        for match in self.pattern.finditer(normal):
            if negated(normal, match.start()):
                raise _NoAnswer("only says what the answer is not")
            found.append(self.by_text[match[0]])
        return found


def _choice(format: Choice) -> Read:
    options = _Options(format.options, format.letters)

    def letter(name: str) -> str:
        if name.upper() not in options.letters:
            raise _NoAnswer(f"no option {name.upper()}")
        return name.upper()

    def one_of(found: list[str]) -> str | None:
        different = sorted({name.upper() for name in found})
        if len(different) > 1:
            raise _Hedged("several options")
        return letter(different[0]) if different else None

    def read(text: str, bare: bool) -> JsonValue:
        if len(text) <= 3 and (match := _BARE_LETTER.fullmatch(text)):
            return letter(match[1])
        if exact := options.exact.get(text.strip(" .\"'").casefold()):
            return exact
        if match := _BARE_LETTER.fullmatch(text):
            return letter(match[1])
        if match := _LEADING_LETTER.match(text):
            rest = text[match.end() :]
            named = options.by_text.get(_normal(rest))
            if named:
                if named == match[1].upper():
                    return named
                raise _Hedged("letter and option text disagree")
            if match[1].isupper() or match[0].strip()[-1:] in ")]:.":
                others = {name for name in _letters_in(rest) if name != match[1].upper()}
                if bare and len(rest) > 0 and _normal(options_text(match[1])) != _normal(rest):
                    raise _NoAnswer(_NONE)
                if not others or (not _HEDGE.search(rest) and match[0].rstrip()[-1:] not in ",;"):
                    return letter(match[1])
                raise _Hedged("several options")
        if len(text) < 2000 and (named := options.by_text.get(_normal(text))):
            return named
        if bare:
            raise _NoAnswer(_NONE)
        marked = [
            (match.start(), name)
            for match in _MARKED_LETTER.finditer(text)
            if (name := match[1] or match[2] or match[3] or match[4])
        ]
        marked = [
            (at, name)
            for at, name in marked
            if not (name == "a" and text[at] not in "(\"'" and text[at : at + 2] != "a)" and _article(text, at))
        ]
        capitals = [
            (match.start(), match[1]) for match in _CAPITAL.finditer(text) if not _article_or_pronoun(text, match)
        ]
        for found in (marked, capitals):
            if found:
                if any(negated(text, at) for at, _ in found):
                    raise _NoAnswer("only says what the answer is not")
                if (
                    found is marked
                    and len({name.upper() for _, name in capitals + marked if name.upper() in options.letters}) > 1
                ):
                    raise _Hedged("several options")
                return one_of([name for _, name in found]) or ""
        if (found := one_of(options.texts(text))) is not None:
            return found
        raise _NoAnswer(_NONE)

    def options_text(name: str) -> str:
        index = options.letters.find(name.upper())
        return format.options[index] if index >= 0 else ""

    return read


def _article(text: str, at: int) -> bool:
    found = re.compile(r"\b[aA]\b").search(text, at)
    return found is not None and _ARTICLE.match(text, found.end()) is not None


def _article_or_pronoun(text: str, match: re.Match[str]) -> bool:
    return match[1] in "AI" and _ARTICLE.match(text, match.end()) is not None


def _letters_in(text: str) -> list[str]:
    found = [match[1] for match in _CAPITAL.finditer(text) if not _article_or_pronoun(text, match)]
    return found + [name.upper() for match in _MARKED_LETTER.finditer(text) if (name := match[1] or match[3])]


def _named_letters(text: str) -> list[str]:
    """Letters that a sentence marks as options: ``(B)``, ``option B``, or ``D.`` at its start."""
    leading = _LEADING_LETTER.match(text)
    found = [name for match in _MARKED_LETTER.finditer(text) if (name := match[1] or match[2] or match[3] or match[4])]
    found += [leading[1]] if leading else []
    return [name.upper() for name in found if name.isupper() or leading is None]


def _choice_from_json(read: Read) -> Callable[[JsonValue], JsonValue]:
    def from_json(value: JsonValue) -> JsonValue:
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, list | dict):
            raise _Hedged("several answers") if len(value) > 1 else _NoAnswer(_NONE)
        return read(_word(value), False)

    return from_json


def _multi_choice(format: MultiChoice) -> Read:
    options = _Options(format.options, format.letters)

    def read(text: str, bare: bool) -> JsonValue:
        if re.search(r"\bor\b", text):
            raise _Hedged("options joined by or")
        if format.may_abstain and text.strip(" .").lower() == "none":
            return None
        words = re.sub(r"\b(?:and|options?|choices?|answers?|letters?)\b", " ", text, flags=re.IGNORECASE)
        names = re.findall(r"\w+", words)
        if names and all(len(name) == 1 for name in names):
            found = [name.upper() for name in names]
        elif len(names) == 1 and names[0].isupper() and names[0].isalpha() and _normal(text) not in options.by_text:
            found = list(names[0])
        else:
            found = _lettered_texts(text) or ([] if bare else _named_letters(text))
            if not found:
                found = options.texts(text)
                left = options.pattern.sub(" ", _normal(text))
                if re.search(r"\w", re.sub(r"\b(?:and|all)\b", " ", left)):
                    raise _NoAnswer(_NONE)
        if not found or "" in found:
            raise _NoAnswer(_NONE)
        if unknown := sorted(set(found).difference(options.letters)):
            raise _NoAnswer(f"no option {unknown[0]}")
        letters: list[JsonValue] = [*sorted(set(found))]
        return letters

    def _lettered_texts(text: str) -> list[str]:
        """``A) red, C) blue``: letters that are each followed by the text of their option."""
        found = []
        for part in re.split(r"[,;\n]| and ", text):
            match = _LEADING_LETTER.match(part.strip())
            if match is None or options.by_text.get(_normal(part.strip()[match.end() :])) != match[1].upper():
                return []
            found.append(match[1].upper())
        return found

    return read


def _multi_choice_from_json(read: Read) -> Callable[[JsonValue], JsonValue]:
    def from_json(value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            raise _NoAnswer(_NONE)
        return read(", ".join(map(_word, value)) if isinstance(value, list) else _word(value), False)

    return from_json


_YES = re.compile(r"(?<![\w'])(?:yes|true|correct)(?![\w'])", re.IGNORECASE)
_NO = re.compile(r"(?<![\w'])(?:no|false|incorrect)(?![\w'])", re.IGNORECASE)
_STRICT_BOOLEAN = re.compile(r"\W*(?:(yes|true|y)|(no|false|n))\W*", re.IGNORECASE)
_LEADING_BOOLEAN = re.compile(r"\W*(?:(yes|true)|(no|false))\s*[,.;:!-]+\s*", re.IGNORECASE)


def _boolean(text: str, bare: bool) -> JsonValue:
    if match := _STRICT_BOOLEAN.fullmatch(text):
        return match[1] is not None
    if bare:
        raise _NoAnswer(_NONE)
    if match := _LEADING_BOOLEAN.match(text):
        rest = text[match.end() :]
        contrary = (_NO if match[1] else re.compile(r"\byes\b", re.IGNORECASE)).match(
            rest.removeprefix("or ").removeprefix("maybe ")
        )
        if contrary:
            raise _Hedged("both yes and no")
        return match[1] is not None
    says = {
        **dict.fromkeys([m.start() for m in _YES.finditer(text)], True),
        **dict.fromkeys([m.start() for m in _NO.finditer(text)], False),
    }
    if len(set(says.values())) > 1:
        raise _Hedged("both yes and no")
    for at, value in says.items():
        if negated(text, at):
            raise _NoAnswer("only says what the answer is not")
        return value
    raise _NoAnswer(_NONE)


def _boolean_from_json(value: JsonValue) -> JsonValue:
    return value if isinstance(value, bool) else _boolean(_word(value), True)


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_JUST_A_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
_APART_FROM_NUMBER = re.compile(r"[A-Za-z]+")
_LIST_ITEM = re.compile(r"\A\d{1,3}[.)]\s+(?=\S)")


def _one_number(text: str, unit: str, bare: bool) -> float:
    text = text.strip()
    if _JUST_A_NUMBER.fullmatch(text):
        return float(text)
    text = text.partition("±")[0].partition("+/-")[0]
    found = numerals(text, unit)
    if len(found) > 1 and ("=" in text) and not re.search(r"\bor\b", text):
        tail = text.rpartition("=")[2]
        found = numerals(tail, unit) or found
    if not found:
        raise _NoAnswer("no number found")
    if len(set(map(float, found))) > 1:
        raise _NoAnswer(_NONE) if bare else _Hedged("several numbers")
    if any(negated(text, number.start) for number in found[:4]):
        raise _NoAnswer("only says what the answer is not")
    if bare and not _is_bare_number(text, found):
        raise _NoAnswer(_NONE)
    return float(found[0])


def _is_bare_number(text: str, found: list[Numeral]) -> bool:
    """Nothing but one number, with a unit, a name before "=" or a word after it."""
    around = text[: found[0].start] + " " + text[found[-1].end :]
    return len(found) == 1 and len(_APART_FROM_NUMBER.findall(around)) <= 2 and len(around) <= 30


def _integer(format: Integer) -> Read:
    def read(text: str, bare: bool) -> JsonValue:
        value = _one_number(text, format.unit, bare)
        if not value.is_integer() or abs(value) > 1e15:
            raise _NoAnswer("not a whole number")
        return int(value)

    return read


def _number(format: Number) -> Read:
    return lambda text, bare: _one_number(text, format.unit, bare)


def _number_from_json(read: Read) -> Callable[[JsonValue], JsonValue]:
    def from_json(value: JsonValue) -> JsonValue:
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, bool | list | dict) or value is None:
            raise (
                _Hedged("several answers")
                if isinstance(value, list | dict) and len(value) > 1
                else _NoAnswer("no number found")
            )
        return read(_word(value), False)

    return from_json


def _word(value: JsonValue) -> str:
    """A JSON scalar as it would be written in a text."""
    if isinstance(value, float):
        return f"{value:.12f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else "?"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None or isinstance(value, list | dict) else str(value)


# ── entries of a closed vocabulary ──────────────────────────────────────────────────────────────────────────────────


def _text(format: Text) -> Read:
    words = vocabulary(format.vocabulary, format.noun)

    def read(text: str, bare: bool) -> JsonValue:
        alone = words.read_all(text)
        if alone and len(set(alone)) == 1:
            return alone[0]
        if bare:
            raise _NoAnswer(_NONE)
        found = words.find(text)
        if any(negated(text, start) for _, start, _ in found):
            raise _NoAnswer("only says what the answer is not")
        if len({entry for entry, _, _ in found}) > 1:
            raise _Hedged("several answers")
        if not found:
            raise _NoAnswer(f"no {format.noun} of the vocabulary found")
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
        raise _Hedged("entries joined by or")
    if not found and may_be_empty and _EMPTY.fullmatch(text):
        return []
    if not found:
        raise _NoAnswer(f"not a list of {noun}s of the vocabulary")
    return [*found]


def _from_list(entries: tuple[str, ...], noun: str) -> Callable[[JsonValue], list[JsonValue]]:
    words = vocabulary(entries, noun)

    def items(value: JsonValue) -> list[JsonValue]:
        if not isinstance(value, list) or len(value) > _MOST_ENTRIES:
            raise _NoAnswer(f"not a list of {noun}s")
        found: list[JsonValue] = []
        for item in value:
            entry = words.read_all(_word(item))
            if entry is None or len(entry) != 1:
                raise _NoAnswer(f"not a list of {noun}s of the vocabulary")
            found.append(entry[0])
        return found

    return items


def _listing(format: Sequence | Set | Multiset) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
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
            raise _NoAnswer("an empty list")
        return arranged(items(value))

    return read, from_json


def _permutation(format: Permutation) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
    numbers = tuple(str(number) for number in range(1, format.size + 1))

    def checked(found: list[JsonValue]) -> JsonValue:
        order: list[JsonValue] = [int(str(number)) for number in found]
        if sorted(map(str, order)) != sorted(numbers):
            raise _NoAnswer(f"no permutation of 1 to {format.size}")
        return order

    def read(text: str, bare: bool) -> JsonValue:
        words = vocabulary(numbers, "clip")
        if re.search(r"\bor\b", text):
            raise _Hedged("orders joined by or")
        found = words.read_all(
            re.sub(r"\b(?:clips?|steps?|order|then|after|by|first|videos?|is)\b|#", " ", text, flags=re.IGNORECASE)
        )
        if found is None and not bare:
            named = [name for name, _, _ in words.find(text)]
            alone = len(named) == len(re.findall(r"\d+", text))
            found = named if alone and sorted(named) == sorted(numbers) else None
        if not found:
            raise _NoAnswer(f"no permutation of 1 to {format.size}")
        return checked([*found])

    items = _from_list(numbers, "number")
    return read, lambda value: read(value, False) if isinstance(value, str) else checked(items(value))


def _mapping(format: Mapping) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
    keys, values = vocabulary(format.keys), vocabulary(format.vocabulary, format.noun)
    separator = re.compile(r"[\"']?\s*(?::|=|->|>|\bis\b|\bhas\b|\bunder\b|-)\s*[\"']?")
    split = re.compile(r"[;,\n]|\band\b")

    def collected(pairs: list[tuple[str, str]]) -> JsonValue:
        found: dict[str, JsonValue] = {}
        for key, value in pairs:
            if found.setdefault(key, value) != value:
                raise _Hedged(f"two values for {key}")
        if not found:
            raise _NoAnswer(_NONE)
        return {key: found[key] for key in format.keys if key in found}

    def entry(words: list[str] | None, what: str) -> str:
        if words is None or len(words) != 1:
            raise _NoAnswer(f"{what} cannot be read")
        return words[0]

    def read(text: str, bare: bool) -> JsonValue:
        pairs = []
        for part in split.split(text.strip(" \n.{}[]")):
            if not part.strip(" .\"'"):
                continue
            sign = separator.search(part, keys_end(part))
            if sign is None:
                raise _NoAnswer(f"not of the form {format.keys[0]}: {format.vocabulary[0]}")
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
            raise _NoAnswer("not an object")
        return collected(
            [
                (entry(keys.read_all(key), "a key"), entry(values.read_all(_word(cell)), "a value"))
                for key, cell in value.items()
            ]
        )

    return read, from_json


_RULE = re.compile(r"[\s|:+-]*-{3,}[\s|:+-]*")


def _grid(format: Grid) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
    words = vocabulary(format.vocabulary, format.noun)

    def checked(rows: list[list[str]]) -> JsonValue:
        if len(rows) != format.rows or any(len(row) != format.columns for row in rows):
            raise _NoAnswer(f"not {format.rows} rows of {format.columns}")
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
                raise _NoAnswer("a row holds what is not in the vocabulary")
            if row:
                rows.append(row)
        return checked(rows)

    def from_json(value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            return read(value, False)
        if not isinstance(value, list):
            raise _NoAnswer("not a list of rows")
        rows = []
        for row in value:
            cells = row if isinstance(row, list) else [row]
            found = [words.read_all(_word(cell)) for cell in cells]
            if any(cell is None for cell in found):
                raise _NoAnswer("a row holds what is not in the vocabulary")
            rows.append([entry for cell in found for entry in cell or []])
        return checked(rows)

    return read, from_json


# ── plans, spans, boxes ─────────────────────────────────────────────────────────────────────────────────────────────

_OPERATION = re.compile(r"([A-Za-z_][\w-]{0,40}(?: [a-z_]\w{0,20}){0,3})\s*\(([^()\n]{0,200})\)")
_LONGEST_PLAN = 4096


def _plan(format: Plan) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
    with_arguments = "(" in format.syntax

    def read(text: str, bare: bool) -> JsonValue:
        if re.search(r"\bor\b", text):
            raise _Hedged("operations joined by or")
        if with_arguments:
            found = [operation(match[1], match[2]) for match in _OPERATION.finditer(text)]
            left = re.sub(
                r"\b(?:then|and|finally|next|first|step \d+)\b|\d{1,4}[.):]",
                " ",
                _OPERATION.sub(" ", text),
                flags=re.IGNORECASE,
            )
            if found and re.search(r"\w", left):
                raise _NoAnswer("more than operations")
        else:
            parts = re.split(r"[;,\n>]|\bthen\b", re.sub(r"(?m)^\s*(?:\d{1,4}[.):]|[-*•])\s*", "", text))
            found = [" ".join(part.lower().split()) for part in parts if part.strip(" .")]
            found = [part.strip(" .\"'") for part in found]
            if any(len(part.split()) > len(format.syntax.split()) for part in found):
                raise _NoAnswer(f"not operations like {format.syntax}")
        if not found:
            raise _NoAnswer(f"no operations like {format.syntax}")
        if len(found) > _LONGEST_PLAN:
            raise _NoAnswer(f"over {_LONGEST_PLAN} operations")
        return [*found]

    def from_json(value: JsonValue) -> JsonValue:
        if isinstance(value, list):
            return read("; ".join(map(_word, value)), False)
        return read(_word(value), False)

    return read, from_json


def operation(name: str, arguments: str) -> str:
    """An operation in canonical writing: ``swap(a1, b2)``."""
    return f"{'_'.join(name.lower().split())}({', '.join(part.strip().strip(chr(34) + chr(39)).lower() for part in arguments.split(',') if part.strip())})"


def _ordered_span(start: float, end: float) -> JsonValue:
    if not 0 <= start <= end:
        raise _NoAnswer("a span ends before it starts" if start >= 0 else "a span starts before the clip")
    return [start, end]


def _span(text: str, bare: bool) -> JsonValue:
    found = numerals(text, "s")
    if len(found) > 2:
        raise _Hedged("several spans")
    if len(found) < 2:
        raise _NoAnswer("no start and end found")
    between = text[found[0].end : found[1].start]
    if re.search(r"\bor\b", between):
        raise _Hedged("two times joined by or")
    if bare and len(re.findall(r"[A-Za-z]+", text)) > 6:
        raise _NoAnswer(_NONE)
    return _ordered_span(float(found[0]), float(found[1]))


def _span_from_json(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        named = {key.strip().lower().removesuffix("_time"): inner for key, inner in value.items()}
        value = [named.get("start", named.get("from")), named.get("end", named.get("to"))]
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    if isinstance(value, list) and len(value) == 2 and not any(isinstance(part, list | dict) for part in value):
        ends = [numerals(_word(part), "s") for part in value]
        if all(len(end) == 1 for end in ends):
            return _ordered_span(float(ends[0][0]), float(ends[1][0]))
    if isinstance(value, list) and len(value) > 1:
        raise _Hedged("several spans")
    return _span(_word(value), False)


def _boxes(text: str, bare: bool) -> JsonValue:
    start = text.find("{")
    if start < 0:
        raise _NoAnswer("no JSON object of boxes")
    try:
        return _boxes_from_json(json_value(text[start : text.rfind("}") + 1]))
    except NotJson:
        raise _NoAnswer("no JSON object of boxes") from None


def _boxes_from_json(value: JsonValue) -> JsonValue:
    if not isinstance(value, dict) or not value:
        raise _NoAnswer("no JSON object of boxes")
    boxes: dict[str, JsonValue] = {}
    for key, box in value.items():
        second = numerals(key, "s")
        if len(second) != 1 or not second[0].is_integer() or second[0] < 0:
            raise _NoAnswer(f"{key[:20]!r} is no whole second")
        if not isinstance(box, list) or len(box) != 4:
            raise _NoAnswer("a box is [left, top, right, bottom]")
        sides = [float(side) for side in box if isinstance(side, int | float) and not isinstance(side, bool)]
        if len(sides) != 4 or not (0 <= sides[0] < sides[2] <= 1 and 0 <= sides[1] < sides[3] <= 1):
            raise _NoAnswer("a box is [left, top, right, bottom] in fractions of the frame")
        name = str(int(second[0]))
        if boxes.setdefault(name, [*sides]) != sides:
            raise _Hedged(f"two boxes for second {name}")
    return {name: boxes[name] for name in sorted(boxes, key=int)}


# ── which reader reads which format ─────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=4096)
def _reader(key: Hashable) -> _Reader:
    format = cast(AnswerFormat, key)
    read, from_json = _read_and_from_json(format)
    block = isinstance(format, Sequence | Set | Multiset | Mapping | Grid | Plan | Boxes)
    entries: tuple[str, ...] = getattr(format, "vocabulary", ())
    raw = any(mark in entry for entry in entries for mark in "*`$\\_#>")
    return _Reader(read, from_json, block, format.may_abstain, raw)


def _read_and_from_json(format: AnswerFormat) -> tuple[Read, Callable[[JsonValue], JsonValue]]:
    match format:
        case Choice():
            read = _choice(format)
            return read, _choice_from_json(read)
        case MultiChoice():
            read = _multi_choice(format)
            return read, _multi_choice_from_json(read)
        case Boolean():
            return _boolean, _boolean_from_json
        case Integer():
            read = _integer(format)
            return read, _number_from_json(read)
        case Number():
            read = _number(format)
            return read, _number_from_json(read)
        case Text():
            read = _text(format)
            return read, _number_from_json(read)
        case Sequence() | Set() | Multiset():
            return _listing(format)
        case Permutation():
            return _permutation(format)
        case Mapping():
            return _mapping(format)
        case Grid():
            return _grid(format)
        case Plan():
            return _plan(format)
        case Span():
            return _span, _span_from_json
        case Boxes():
            return _boxes, _boxes_from_json
