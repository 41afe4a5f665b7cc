"""One strict, deterministic parser from a model's response to an answer in a question's format.

Nothing is ever guessed: a response that names several answers, hedges, or holds none comes out unparsed, with the reason.
Nothing of a response is evaluated; only its last 64 kB are read, in linear time.
"""

import re
from collections.abc import Callable, Iterator
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
_EXAMPLE = pattern(r"\((?:e\.g\.|for example\b|such as\b)[^()\n]{0,100}\)", re.IGNORECASE)
"""What a prompt gives as an example of an answer."""


def _without_instructions(text: str) -> str:
    """The text without what it repeats of how to answer."""
    if " the form:" in text or (
        ("nswer " in text or "espond " in text or "eply " in text) and (" with" in text or " using" in text)
    ):
        text = _INSTRUCTION.sub("", text)
    if "(" in text and ("e.g." in text or "or example" in text or "uch as" in text):
        text = _EXAMPLE.sub("", text)
    return text


def _without_marker(text: str, reader: Reader) -> JsonValue:
    """The answer of a text that marks none: by a statement, a line of its own, a conclusion, bold print, or the last line."""
    text = _without_instructions(text)
    unmarked = text if reader.raw else without_emphasis(text)
    reason = NoAnswer(NONE)
    for place in () if reader.block and len(text) > _LONGEST_LINE else statements(unmarked):
        try:
            return _at_place(place, reader)
        except Hedged:
            raise
        except NoAnswer as why:
            reason = why
    shown = unmarked if reader.raw else without_latex(unmarked)
    rows = lines(shown, raw=reader.raw)
    if not rows:
        raise reason
    if reader.may_abstain and _ABSTAINS.search(rows[-1][-_LONGEST_LINE:]):
        return None
    if reader.one_number and len(rows) == 1 and len(rows[0]) <= _LONGEST_LINE:
        try:
            return reader.read(rows[0], False)
        except NoAnswer:
            pass
    ways = _ways_of_blocks(rows, shown, reader) if reader.block else _ways_of_lines(rows, reader)
    hedged = None
    for way in ways:
        try:
            return way()
        except Hedged as why:
            hedged = hedged or why
        except NoAnswer as why:
            reason = why if reason.args == (NONE,) else reason
    if hedged is not None:
        raise hedged
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
    first = " ".join(first.split())
    try:
        value = reader.read(first, False)
    except Hedged as hedged:
        if whole:
            raise
        try:
            value = _stated(first, reader)
        except NoAnswer:
            raise hedged from None
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


_ITEM = pattern(r"(?:[-•]|\d{1,3}[.)])\s")


def _ways_of_lines(rows: list[str], reader: Reader) -> Iterator[Callable[[], JsonValue]]:
    """The ways to an answer that stands on one line, in their order."""
    bare: dict[str, JsonValue] = {}

    def outer() -> JsonValue:
        bare.update(_bare_lines(rows, reader))
        return _from_first_or_last_line(rows, bare)

    yield outer
    yield lambda: _from_conclusion(rows, reader)
    if bare:
        yield lambda: _from_inner_lines(bare)


def _bare_lines(rows: list[str], reader: Reader) -> dict[str, JsonValue]:
    """The lines near both ends that hold nothing but an answer, with what they say."""
    found: dict[str, JsonValue] = {}
    for row in rows if len(rows) < 8 else dict.fromkeys([*rows[:8], *rows[-24:]]):
        if len(row) > 300:
            continue
        try:
            found[row] = reader.read(row, True)
        except Hedged:
            raise
        except NoAnswer:
            continue
    return found


def _from_first_or_last_line(rows: list[str], bare: dict[str, JsonValue]) -> JsonValue:
    """The last line if it is nothing but an answer; the first if it is, and no other line is another one."""
    values = [*bare.values()]
    if rows[-1] in bare and not (len(rows) == len(bare) and any(value != values[0] for value in values)):
        return bare[rows[-1]]
    if rows[0] in bare:
        return _agreed(values)
    raise NoAnswer(NONE)


def _from_inner_lines(bare: dict[str, JsonValue]) -> JsonValue:
    """What all lines agree on that hold nothing but an answer; the entries of a list hold none."""
    items = [row for row in bare if _ITEM.match(row)]
    return _agreed([value for row, value in bare.items() if len(items) < 2 or row not in items])


def _agreed(values: list[JsonValue]) -> JsonValue:
    if not values:
        raise NoAnswer(NONE)
    if any(value != values[0] for value in values):
        raise Hedged("several answers")
    return values[0]


_VERB = pattern(r"\b(?:is|are|was|were|equals|be|remain|select|choose)\b", re.IGNORECASE)
_UNSURE = pattern(r"\b(?:or|either|not|no|maybe|perhaps|possibly)\b")
_CONCLUDES = pattern(
    r"(?:therefore|thus|hence|so|in conclusion|in summary|in total|overall|conclusion)\b[,:]?\s", re.IGNORECASE
)
_ROUNDED = pattern(
    r"\(?\b(?:when )?(?:rounded|correct) to [^().]{1,30}\b(?:places?|decimals?|figures?)\b\)?", re.IGNORECASE
)


def _from_conclusion(rows: list[str], reader: Reader) -> JsonValue:
    """The last line's "… is 7.", or "Therefore, …" if it holds one answer only."""
    try:
        return _stated(rows[-1][-400:], reader)
    except NoAnswer:
        line = rows[-1]
        if reader.block or len(line) > 400 or _CONCLUDES.match(line) is None:
            raise
    return reader.read(line, False)


def _stated(line: str, reader: Reader) -> JsonValue:
    """What follows the last verb of a line, if it is nothing but the answer."""
    verbs = [match.end() for match in _VERB.finditer(line)]
    if not verbs or _UNSURE.search(line) is not None:
        raise NoAnswer(NONE)
    said = line[verbs[-1] :].removeprefix(":").strip()
    return reader.read(_ROUNDED.sub("", said) if "to " in said else said, True)


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


def _ways_of_blocks(rows: list[str], shown: str, reader: Reader) -> Iterator[Callable[[], JsonValue]]:
    """The ways to an answer that may run over lines, in their order."""
    yield lambda: _from_block(rows, shown, reader)
    yield lambda: _from_conclusion(rows, reader)
    yield lambda: _from_paragraphs(shown, reader)


def _from_block(rows: list[str], shown: str, reader: Reader) -> JsonValue:
    """The whole text, or its last line, if it is nothing but an answer (for answers that may run over lines)."""
    why = NoAnswer(NONE)
    last = () if _ends_in_a_list(shown) else (rows[-1], "" if _labels_entries(rows) else rows[-1].partition(":")[2])
    for attempt in filter(None, dict.fromkeys(["\n".join(rows), *last])):
        if len(attempt) > _LONGEST_BLOCK:
            continue
        try:
            return reader.read(attempt, True)
        except NoAnswer as reason:
            why = reason
    raise why


_LIST_AT_THE_END = pattern(r"(?:\A|\n)[ \t]*(?:[-*•]|\d{1,3}[.)])[ \t][^\n]*\n\s*(?:[-*•]|\d{1,3}[.)])[ \t][^\n]*\s*\Z")


def _ends_in_a_list(shown: str) -> bool:
    """Whether the last line is an entry of a list, and so no answer of its own."""
    return _LIST_AT_THE_END.search(shown, max(0, len(shown) - 2 * _LONGEST_LINE)) is not None


_HEAD = pattern(r"[^\n]{0,300}:[ \t]*\n|[A-Za-z ]{1,40}=")
_LONGEST_PARAGRAPH = 1000
_BLANK_LINE = pattern(r"\n[ \t]*\n")


def _from_paragraphs(shown: str, reader: Reader) -> JsonValue:
    """Paragraphs that are nothing but an answer, after a first line that ends with a colon, or a name and "=": what they agree on."""
    paragraphs = [paragraph.strip() for paragraph in _BLANK_LINE.split(shown[-_LONGEST_LINE:])]
    found = []
    for paragraph in dict.fromkeys(paragraphs[-12:]):
        if len(paragraph) > _LONGEST_PARAGRAPH:
            continue
        try:
            found.append(reader.read(paragraph[head.end() :] if (head := _HEAD.match(paragraph)) else paragraph, True))
        except NoAnswer:
            continue
    return _agreed(found)


def _labels_entries(rows: list[str]) -> bool:
    """Whether the last line says "…: …" of several entries, or is one of several that do so of one: then its end is no list."""
    label = re.compile(r"[^:]{0,40}\d[^:]{0,10}:")
    return rows[-1].count(":") != 1 or (len(rows) > 1 and all(label.match(row) is not None for row in rows[-2:]))
