"""One strict, deterministic parser from a model's response to an answer in a question's format.

Nothing is ever guessed: a response that names several answers, hedges, or holds none comes out unparsed, with the reason.
Nothing of a response is evaluated; only its last 64 kB are read, in linear time.
"""

import re
from dataclasses import dataclass

from pydantic import JsonValue

from harness.format_readers import Reader, reader_of
from harness.patterns import pattern
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
from harness.readers import NONE, Hedged, NoAnswer
from morse.schema import AnswerFormat


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a response says: a value in the format's own terms (``None``: it abstains), or the reason why there is none."""

    value: JsonValue
    reason: str | None = None

    @property
    def readable(self) -> bool:
        return self.reason is None


_ABSTAINS = pattern(
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
    reader = reader_of(format)
    try:
        return Parsed(_final_answer(plain(text), reader))
    except NoAnswer as why:
        return Parsed(None, str(why))


def _final_answer(text: str, reader: Reader) -> JsonValue:
    if not text.strip():
        raise NoAnswer("empty response")
    reason = NoAnswer(NONE)
    for place in places(text):
        try:
            return _at_place(place, reader)
        except Hedged:
            raise
        except NoAnswer as why:
            if place.kind == "tag" and place.text.strip():
                raise
            reason = why
    try:
        return reader.from_json(json_on_its_own(text))
    except NotJson:
        pass
    try:
        return _without_marker(text, reader)
    except Hedged:
        raise
    except NoAnswer as why:
        raise why if reason.args == (NONE,) else reason from None


_INSTRUCTION = pattern(
    r"^[^\w\n]{0,20}(?:please )?(?:answer|respond|reply) (?:with|using)\b[^\n]*|\bin the form:[^\n]*|\buse the form:[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
"""A line of the prompt that says how to answer; it holds no answer, though it names numbers and words."""
_INSTRUCTS = ("nswer with", "nswer using", "espond with", "espond using", "eply with", "eply using", " the form:")


def _without_marker(text: str, reader: Reader) -> JsonValue:
    """The answer of a text that marks none: by a statement, a line of its own, bold print, or the last line."""
    if any(sign in text for sign in _INSTRUCTS):
        text = _INSTRUCTION.sub("", text)
    unmarked = text if reader.raw else without_emphasis(text)
    reason = NoAnswer(NONE)
    for place in () if reader.block and len(text) > _LONGEST_LINE else statements(unmarked):
        try:
            return _at_place(place, reader)
        except Hedged:
            raise
        except NoAnswer as why:
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
        except Hedged:
            raise
        except NoAnswer as why:
            reason = why if reason.args == (NONE,) else reason
    if not reader.raw:
        try:
            return _from_bold(text, reader)
        except Hedged:
            raise
        except NoAnswer:
            pass
    if reader.block or len(rows[-1]) > _LONGEST_LINE:
        raise reason
    return reader.read(rows[-1], False)


_PROSE = 8
"""From how many words on a line is prose, which may name other things beside the answer."""


def _at_place(place: Place, reader: Reader) -> JsonValue:
    if place.kind == "marker" and not reader.block:
        value = _after_marker(place.text, reader)
    else:
        value = _in_text(place.text, reader, whole=place.kind in ("tag", "boxed"))
    if place.before is not None:
        try:
            other = _in_text(place.before, reader, whole=True)
        except NoAnswer:
            return value
        if other != value:
            raise Hedged("several final answers")
    return value


def _after_marker(text: str, reader: Reader) -> JsonValue:
    if text.startswith("\n"):
        return _under_heading(text, reader)
    try:
        return _in_text(text, reader, whole=False)
    except NoAnswer:
        if len(text.partition("\n")[0].split()) < _PROSE:
            raise
    return _without_marker(text, reader)


def _under_heading(text: str, reader: Reader) -> JsonValue:
    """The answer of a passage with the heading "Answer:": its own statement of the answer comes before its first line."""
    for place in statements(text):
        try:
            return _at_place(place, reader)
        except Hedged:
            raise
        except NoAnswer:
            continue
    return _in_text(text, reader, whole=False)


_LONGEST_LINE, _LONGEST_BLOCK = 4000, 8000
"""Characters that a line with one answer among other words may have, and an answer that runs over lines (but for JSON)."""


def _in_text(text: str, reader: Reader, *, whole: bool) -> JsonValue:
    """The answer in a text that was meant for it: all of it for a tag or a box, else its first paragraph or line."""
    text = text.strip()
    if not text:
        raise NoAnswer(NONE)
    if text[0] in "[{`":
        try:
            return reader.from_json(json_value(text) if text[0] != "`" else json_on_its_own(text))
        except NotJson:
            text = text.replace("`", "")
    return (_in_block if reader.block else _in_line)(text, reader, whole=whole)


def _in_line(text: str, reader: Reader, *, whole: bool) -> JsonValue:
    first, _, rest = (text, "", "") if whole else text.partition("\n")
    first = _cleaned(first, reader)
    if reader.may_abstain and _ABSTAINS.search(first):
        return None
    value = reader.read(" ".join(first.split()), False)
    following = rest.lstrip().partition("\n")[0].strip()
    if following and len(following) < 200 and _reads_otherwise(_cleaned(following, reader), value, reader):
        raise Hedged("several final answers")
    return value


def _in_block(text: str, reader: Reader, *, whole: bool) -> JsonValue:
    paragraph = re.split(r"\n[ \t]*\n", text, maxsplit=1)[0]
    if reader.may_abstain and _ABSTAINS.search(
        text[:_LONGEST_LINE] if whole else text[:_LONGEST_LINE].partition("\n")[0]
    ):
        return None
    why = NoAnswer(NONE)
    for attempt in dict.fromkeys([text] if whole else [text, paragraph, paragraph.partition("\n")[0]]):
        if len(attempt) > _LONGEST_BLOCK:
            why = NoAnswer("more text than an answer")
            continue
        try:
            return reader.read(attempt if reader.raw else without_emphasis(without_latex(attempt)).strip(), False)
        except NoAnswer as reason:
            why = reason
        if attempt[:1] in ("[", "{") and attempt != text:
            try:
                return reader.from_json(json_value(attempt))
            except NotJson:
                continue
    raise why


def _cleaned(line: str, reader: Reader) -> str:
    """A line that is short enough to be read, without Markdown and LaTeX."""
    if len(line) > _LONGEST_LINE:
        raise NoAnswer("more text than an answer")
    return line if reader.raw else without_emphasis(without_latex(line)).strip()


def _reads_otherwise(text: str, value: JsonValue, reader: Reader) -> bool:
    """Whether a text is nothing but another answer."""
    try:
        return reader.read(text, True) != value
    except NoAnswer:
        return False


def _from_bare_lines(rows: list[str], reader: Reader) -> JsonValue:
    """Lines that hold nothing but an answer: the last line if it is one, else what they agree on."""
    found: list[JsonValue] = []
    for row in dict.fromkeys([*rows[:8], *rows[-24:]]):
        if len(row) > 300:
            continue
        try:
            found.append(reader.read(row, True))
        except Hedged:
            raise
        except NoAnswer:
            continue
        if row == rows[-1] and not (len(rows) == len(found) and any(value != found[0] for value in found)):
            return found[-1]
    if not found:
        raise NoAnswer(NONE)
    if any(value != found[0] for value in found):
        raise Hedged("several answers")
    return found[0]


_VERBS = frozenset(["is", "are", "was", "were", "equals", "be", "remain", "select", "choose"])
_UNSURE = frozenset(["or", "either", "not"])
_WORD = pattern(r"\w+")


def _from_last_statement(rows: list[str], reader: Reader) -> JsonValue:
    """The last line's "… is 7." if nothing but the answer follows the verb."""
    line = rows[-1][-400:]
    words = list(_WORD.finditer(line))
    verb = next((word for word in reversed(words) if word[0].lower() in _VERBS), None)
    if verb is None or any(word[0] in _UNSURE for word in words):
        raise NoAnswer(NONE)
    return reader.read(line[verb.end() :].removeprefix(":").strip(), True)


def _from_bold(text: str, reader: Reader) -> JsonValue:
    """What is in bold print, if it holds one answer: in the whole text, or else in the last line."""
    for part in (text, text.rstrip().rpartition("\n")[2]):
        found = []
        for stretch in emphasised(part)[-64:]:
            try:
                found.append(reader.read(without_latex(stretch).strip(), False))
            except Hedged:
                raise
            except NoAnswer:
                continue
        if found and all(value == found[0] for value in found):
            return found[0]
    raise NoAnswer(NONE)


def _from_block(rows: list[str], reader: Reader) -> JsonValue:
    """The whole text, or its last line, if it is nothing but an answer (for answers that may run over lines)."""
    why = NoAnswer(NONE)
    after_colon = "" if _labels_entries(rows) else rows[-1].partition(":")[2]
    for attempt in filter(None, dict.fromkeys(["\n".join(rows), rows[-1], after_colon])):
        if len(attempt) > _LONGEST_BLOCK:
            continue
        try:
            return reader.read(attempt, True)
        except NoAnswer as reason:
            why = reason
    raise why


def _labels_entries(rows: list[str]) -> bool:
    """Whether the last line says "…: …" of several entries, or is one of several that do so of one: then its end is no list."""
    label = re.compile(r"[^:]{0,40}\d[^:]{0,10}:")
    return rows[-1].count(":") != 1 or (len(rows) > 1 and all(label.match(row) is not None for row in rows[-2:]))
