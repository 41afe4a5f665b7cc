"""Where in a response the final answer is looked for.

The order is fixed: ``<answer>…</answer>`` (the last), ``\\boxed{…}`` (the last), the text after the last "Final answer:",
"Correct order:" or "Answer:", a JSON value on its own, the last sentence of the kind "the answer is …", lines that hold
nothing but an answer, and at last the last line, if it holds one answer only.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from harness.patterns import pattern

LONGEST = 1 << 16
DEEPEST = 32
Kind = Literal["tag", "boxed", "marker", "json", "statement"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place that was meant for the final answer."""

    kind: Kind
    text: str
    """Its text; for markers all that follows."""
    before: str | None = None
    """The text of the previous place of the kind, if nothing but that one answer stands between the two."""


class _Letters(dict[int, int | str | None]):
    """Maps typographic variants to plain characters, one by one (whole-string normalisation can take quadratic time)."""

    def __missing__(self, code: int) -> int | str | None:
        plain: int | str | None = code
        character = chr(code)
        if 0xD800 <= code <= 0xDFFF or unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn"):
            plain = None
        elif unicodedata.category(character) == "Zs":
            plain = " "
        elif code in _VARIANTS:
            plain = _VARIANTS[code]
        elif 0xFF01 <= code <= 0xFF5E or 0x1D400 <= code <= 0x1D7FF or unicodedata.category(character) == "No":
            simple = unicodedata.normalize("NFKC", character)
            plain = simple if len(simple) <= 5 else code
            if character in "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞":
                plain = " " + simple.replace("⁄", "/")
            elif character in "⁰¹²³⁴⁵⁶⁷⁸⁹":
                plain = "^" + simple
        self[code] = plain
        return plain


_VARIANTS: dict[int, str] = {
    **dict.fromkeys(map(ord, "−‐‑‒–—﹣⁻"), "-"),
    **dict.fromkeys(map(ord, "“”„«»"), '"'),
    **dict.fromkeys(map(ord, "‘’‚′"), "'"),
    **dict.fromkeys(map(ord, "，、"), ","),
    ord("。"): ".",
    ord("："): ":",
    ord("；"): ";",
    ord("×"): "x",
    ord("∶"): ":",
    ord("⁄"): "/",
    ord("∕"): "/",
    ord("≈"): "=",
    ord("→"): ">",
    ord("【"): "[",
    ord("】"): "]",
    0x130: "I",  # the one letter that lower() would make longer
}
_PLAIN = _Letters({9: 9, 10: 10, 13: 10, 11: 10, 12: 10, 0x2028: 10, 0x2029: 10, 0x85: 10})


def plain(text: str) -> str:
    """The last 64 kB of a response in plain characters: full-width and styled letters, dashes, quotes and blanks made plain,
    control characters and lone surrogates dropped; without a ``<think>`` block."""
    text = text[-LONGEST:]
    if not text.isascii():
        text = text.translate(_PLAIN)[-LONGEST:]
    elif "\r" in text or "\0" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if "</think>" in text:
        rest = text.rpartition("</think>")[2]
        text = rest if rest.strip() else text
    return text


_FRACTION = pattern(r"\\[dt]?frac ?\{ ?([^{}\\]{1,40}?) ?\} ?\{ ?([^{}\\]{1,40}?) ?\}|\\[dt]?frac(\d)(\d)")
_WRAPPED = pattern(
    r"\\(?:text|mathrm|mathbf|textbf|mathsf|texttt|textit|operatorname|mbox)(?:bf|it)? ?\{([^{}]{0,120})\}"
)
_COMMAND = pattern(r"\\(?:left|right|displaystyle|big|Big|quad|qquad)(?![a-zA-Z])|\\[,;:! ()\[\]]|\\(?=[%$#&_{}])")
_MATRIX = pattern(r"\\(?:begin|end)\{[bpvBV]?(?:matrix|array)\}(?:\{[lcr|]{0,20}\})?")
_END_OF_ROW = pattern(r"\\\\[ \t]*\n?")
_DEGREE = pattern(r"\^ ?\{? ?\\circ ?\}?|\\degree|°")


_LONGEST_FORMULA = 8000


def without_latex(text: str) -> str:
    """``\\text{B}`` → ``B``, ``\\frac{1}{2}`` → ``1/2``, matrices as rows; other text is left as it is.

    Of a long text only the last 8,000 characters are treated."""
    if "°" in text:
        text = text.replace("°", " ")
    if "\\" not in text and "$" not in text:
        return text
    if len(text) > _LONGEST_FORMULA:
        return text[:-_LONGEST_FORMULA] + without_latex(text[-_LONGEST_FORMULA:])
    text = _DEGREE.sub(" ", text)
    for _ in range(3):
        text = _WRAPPED.sub(r"\1", text)
    text = _FRACTION.sub(lambda found: f" {found[1] or found[3]}/{found[2] or found[4]}".replace(" -", "-"), text)
    if "matrix" in text or "array" in text:
        text = _END_OF_ROW.sub("\n", _MATRIX.sub("", text)).replace("&", ",")
    text = text.replace("\\times", "x").replace("\\cdot", "x").replace("\\approx", "=").replace("\\to", ">")
    text = text.replace("\\rightarrow", ">").replace("{,}", ",")
    return _COMMAND.sub(lambda found: "" if found[0][-1] in "()[]%$#&_{}!" else " ", text).replace("$", "")


def without_emphasis(text: str) -> str:
    """Markdown's ``**bold**``, ``__bold__``, code marks and headings taken off."""
    for mark in ("**", "__", "`"):
        if mark in text:
            text = text.replace(mark, "")
    return text


_MARKER = pattern(
    r"(?<![a-zA-Z])(?:final[ ]answers?|correct[ ]order|answers?)(?:[ ](?!options?\b|choices?\b)[a-z]{1,12}){0,3}[ \t*_\"']{0,8}[:][ \t*_]*",
    re.IGNORECASE,
)
_SUBJECT = pattern(
    r"(?<![a-zA-Z])(?:answers?|(?:correct|right|best|final|chosen|single|likely|accurate) (?:\w{1,20} ){0,2}?"
    r"(?:option|choice|order|sequence|solution|letter|result|response|one)s?)\b",
    re.IGNORECASE,
)
_SUBJECTS = ("answer", "correct", "right", "best", "final", "chosen", "single", "likely", "accurate")
"""One of these begins every subject, in small letters."""
_VERB = pattern(
    r"[^.\n:]{0,80}?\b(?:is|are|was|were|would be|should be|must be|will be|to be)\b"
    r"(?:[ ](?:that|likely|therefore|thus|simply|indeed|then)\b)?[ \t]{0,4}[:,]?[ \t]*",
    re.IGNORECASE,
)
_NEAR_START, _NEAR_END = 2000, 6000
"""How many characters at the two ends of a response are searched for statements of the answer."""
_MOST_MARKS = 64
_NEXT_SENTENCE = pattern(
    r"(?<=\w\w[.!?])[\"')]?\s+(?=[A-Z(*\"])|\n\s*\n"
    r"|(?<=\d[.!?])\s+(?=(?:Therefore|Thus|Hence|So|This|That|These|Those|The|There|It|In|As|Since|Each|Note|Please)\b)"
)


def places(text: str) -> Iterator[Place]:
    """The places of a plain text that are meant for the final answer, the most explicit first."""
    if "<" in text and (tag := _tag(text)):
        yield tag
    if "\\boxed" in text and (boxed := _boxed(text)):
        yield boxed
    if marker := _marker(text):
        yield marker


def statements(text: str) -> Iterator[Place]:
    """What follows "the answer is …", up to the end of the sentence: the last eight of them, the last first."""
    low = text.lower()
    ends = _subjects(text, low, max(0, len(text) - _NEAR_END), len(text))[-8:]
    if len(text) > _NEAR_END:
        ends = _subjects(text, low, 0, min(_NEAR_START, len(text) - _NEAR_END))[:2] + ends
    seen = -1
    for end in reversed(ends):
        verb = _VERB.match(text, end)
        if verb is None or verb.end() == seen:
            continue
        seen = verb.end()
        rest = text[verb.end() : verb.end() + 1000].lstrip(" \t\n")
        sentence = rest[: cut.start()] if (cut := _NEXT_SENTENCE.search(rest)) else rest
        yield Place("statement", sentence.partition("\n")[0])


def _subjects(text: str, low: str, start: int, end: int) -> list[int]:
    """Where subjects of such statements end, in order; ``low``: the text in small letters."""
    starts = []
    for sign in _SUBJECTS:
        at = low.find(sign, start, end)
        while at >= 0:
            starts.append(at)
            at = low.find(sign, at + len(sign), end)
    if not starts:
        return []
    matches = [match for at in sorted(starts) if (match := _SUBJECT.match(text, at, end)) is not None]
    ends: list[int] = []
    for match in matches:
        if not ends or match.start() >= ends[-1]:
            ends.append(match.end())
    return ends


_BOLD = pattern(r"\*\*([^*\n]{1,200})\*\*|\\textbf\{([^{}\n]{1,200})\}")


def emphasised(text: str) -> list[str]:
    """The stretches in bold near the end, in order."""
    text = text[-_NEAR_END:]
    if "**" not in text and "\\textbf" not in text:
        return []
    return [match[1] or match[2] for match in _BOLD.finditer(text)]


def _last(text: str, mark: str, end: int) -> int:
    """Where a mark stands last before ``end``, in small or capital letters; −1 if nowhere."""
    return max(text.rfind(form, 0, end) for form in (mark, mark.upper(), mark.title().replace("/answer", "/Answer")))


def _tag(text: str) -> Place | None:
    opening, closing = "<answer>", "</answer>"
    start = _last(text, opening, len(text))
    if start < 0:
        return None
    inside = start + len(opening)
    end = _last(text, closing, len(text))
    before = None
    if (previous := _last(text, opening, start)) >= 0:
        closed = _last(text, closing, start)
        if closed > previous and _only_joins(text[closed + len(closing) : start]):
            before = text[previous + len(opening) : closed]
    return Place("tag", text[inside : end if end >= inside else len(text)], before)


def _boxed(text: str) -> Place | None:
    start = text.rfind("\\boxed")
    content, _ = _braced(text, start + len("\\boxed"))
    if content is None:
        return None
    before = None
    previous = text.rfind("\\boxed", 0, start)
    if previous >= 0:
        inner, end = _braced(text, previous + len("\\boxed"))
        if inner is not None and _only_joins(text[end:start]):
            before = inner
    return Place("boxed", content, before)


def _braced(text: str, at: int) -> tuple[str | None, int]:
    """The text inside the braces that open at ``at``, and where they close; unclosed braces reach to the end of the line."""
    while at < len(text) and text[at] == " ":
        at += 1
    if at >= len(text) or text[at] != "{":
        return None, at
    depth = 0
    for i in range(at, len(text)):
        if text[i] == "{":
            depth += 1
            if depth > DEEPEST:
                return None, i
        elif text[i] == "}":
            depth -= 1
            if depth == 0:
                return text[at + 1 : i], i + 1
    return text[at + 1 :].partition("\n")[0], len(text)


def _marker(text: str) -> Place | None:
    last = None
    for match in _markers(text):
        if last is None:
            last = match if text[match.end() :].strip() else None
            continue
        between = text[match.end() : last.start()].strip()
        return Place("marker", text[last.end() :], between if between and "\n" not in between else None)
    return Place("marker", text[last.end() :]) if last else None


def _markers(text: str) -> Iterator[re.Match[str]]:
    """The markers of an answer, from the last to the first."""
    low = text.lower()
    if len(low) != len(text):
        return
    at = len(low)
    for _ in range(_MOST_MARKS):
        at = max(low.rfind("answer", 0, at), low.rfind("correct order", 0, at))
        if at < 0:
            return
        start = at - 6 if low.startswith("final ", max(0, at - 6)) and at >= 6 else at
        if match := _MARKER.match(text, start):
            yield match


def _only_joins(text: str) -> bool:
    return (
        len(text) < 80
        and re.fullmatch(r"(?:\W|\b(?:or|and|also|maybe|answer|alternatively|final|the|is)\b)*", text.lower())
        is not None
    )


def lines(text: str, *, raw: bool = False) -> list[str]:
    """The non-empty lines; list marks and headings taken off, unless ``raw``."""
    marks = " \t" if raw else " \t#>*"
    return [stripped for line in text.split("\n") if (stripped := line.strip(marks))]


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_BRACKET = pattern(r"[\[\]{}]")
_FENCE = pattern(r"```[a-zA-Z]{0,12}[ \t]*\n?")
_BARE_KEY = pattern(r"([{,]\s*)(-?\d{1,12}(?:\.\d{1,6})?|[A-Za-z_][\w ]{0,60}?)\s*:")
_ANSWER_KEYS = ("answer", "final_answer", "final answer", "correct order", "correct_order", "result", "response")


class NotJson(ValueError):
    """The text holds no JSON value."""


def json_on_its_own(text: str) -> JsonValue:
    """The JSON value that a text is, or that stands in its last fence or from the start of a line to its end.

    An object with a key "answer" stands for that key's value. Raises :class:`NotJson`.
    """
    stripped = text.strip()
    if "```" in stripped:
        parts = _FENCE.split(stripped)
        candidates = [part for part in parts[:0:-1] if part.strip()][:2]
    else:
        candidates = []
        if stripped[-1:] in "]}":
            start = 0
            if stripped[:1] not in "[{":
                found = [match.start() + 1 for match in re.finditer(r"\n(?=[ \t]*[\[{])", stripped)]
                candidates.extend(stripped[at:] for at in (*found[:2], *found[-2:]))
            else:
                candidates.append(stripped[start:])
    for candidate in candidates:
        try:
            return json_value(candidate)
        except NotJson:
            continue
    raise NotJson


def json_value(text: str) -> JsonValue:
    """A text as a JSON value (Python's quotes and bare keys allowed). Raises :class:`NotJson`, also when nested deeper
    than 32 or holding numbers of over 40 digits."""
    text = text.strip()
    if text[:1] not in ("[", "{"):
        raise NotJson
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > DEEPEST:
            raise NotJson("nested too deep")
    value = _loaded(text)
    if isinstance(value, dict):
        for key, inner in value.items():
            if key.strip().lower() in _ANSWER_KEYS:
                return inner
    return value


def _loaded(text: str) -> JsonValue:
    text = text if len(text) < 200 else re.sub(r"\s+", " ", text)
    for attempt in (text, _BARE_KEY.sub(r'\1"\2":', text.replace("'", '"')), text.replace("'", '"')):
        try:
            return _DECODER.decode(attempt)
        except (ValueError, RecursionError):
            continue
    raise NotJson


def _whole(digits: str) -> int:
    if len(digits) > 40:
        raise NotJson
    return int(digits)


def _decimal(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise NotJson
    return value


def _refuse(_: str) -> float:
    raise NotJson


_DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_decimal, parse_constant=_refuse)
