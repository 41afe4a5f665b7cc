"""Numbers as people and models write them: digits, words, fractions, percent, units, times of day-of-clip (mm:ss).

Everything here takes time linear in the text, and nothing is evaluated.
"""

import math
import re
from collections.abc import Iterator
from functools import lru_cache

from harness.patterns import pattern

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS = {word: value for value, word in enumerate(_UNITS)} | {word: 10 * i for i, word in enumerate(_TENS, 2)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_TIMES = {"once": 1.0, "twice": 2.0, "thrice": 3.0, "dozen": 12.0, "half": 0.5}
_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5}

_ANY_WORD = "|".join([*WORDS, *_SCALES])
_SPOKEN = pattern(
    rf"(?<![\w-])(?:(?P<sign>minus|negative)[ ])?(?P<words>(?:{_ANY_WORD})(?:(?:[ -]|[ ]and[ ])(?:{_ANY_WORD}))*)"
    rf"(?P<point>[ ]point(?:[ ](?:{'|'.join(_UNITS[:10])}))+)?(?:[ -](?P<part>{'|'.join(_PARTS)}))?(?![\w-])(?P<percent>[ ]per ?cent\b)?"
    rf"(?![ -](?:decimal|significant))"
    rf"|(?<![\w-])(?:an? )?(?P<times>{'|'.join(_TIMES)})(?![\w-])",
    re.IGNORECASE,
)

_PRONOUN = pattern(
    r"(?:^|(?<=\W))(?:an?|the|this|that|these|each|every|any|no|which|another|some|one by|one after)"
    r"(?: (?:first|second|third|fourth|fifth|last|next|final|previous|other|same|right|left|middle|top|bottom|upper|lower"
    r"|correct|wrong|only|single|big|bigger|small|smaller|large|larger|dark|light|red|orange|yellow|green|blue|purple|pink"
    r"|white|black|brown|gr[ae]y|cyan)){0,2} \Z",
    re.IGNORECASE,
)
_NO_COUNT = pattern(r" (?:by one|another|after another)\b", re.IGNORECASE)

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d{1,3}(?:[ ]\d{3})+(?![\d ])|\d+)(?:\.\d+)?|\.\d+"
_WRITTEN = pattern(
    rf"(?<![\w.])(?P<sign>[-+])?(?:[$€£] ?)?(?:"
    rf"(?P<clock>\d{{1,3}}:[0-5]\d(?::[0-5]\d)?(?:\.\d+)?)(?![\d:])"
    rf"|(?P<number>{_DIGITS})"
    rf"(?:[eE](?P<exponent>[-+]?\d{{1,3}})(?!\w)|[ ]?[x*·][ ]?10[ ]?\^[ ]?\{{?[ ]?(?P<power>[-+]?\d{{1,3}})\}}?)?"
    rf"(?:[ ](?P<over>\d{{1,9}})/(?P<under>\d{{1,9}})(?![\d/])|[ ]?/[ ]?(?P<divisor>\d{{1,15}}(?:\.\d{{1,15}})?)(?![\d/]))?"
    rf")(?![stnrd]{{2}}\b|th\b)(?![ -](?:decimal|significant)|-[a-zA-Z])(?:[ -]?(?P<unit>%|percent\b|per cent\b|[a-zA-Zµ]{{1,12}}\b))?"
)
_START_OF_WRITTEN = pattern(r"[-+$€£.\d]")
_WORD = pattern(r"[A-Za-z]+")
_START_OF_SPOKEN = frozenset([*WORDS, *_SCALES, *_TIMES, "minus", "negative", "a", "an"])
_EXPONENT_OF_UNIT = pattern(r"(?<=[A-Za-z])(?:\^|\*\*)\{?[-+]?\d{1,3}\}?")
_LONGEST = 40

_SECONDS = {
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600.0),
}
_METRES = {
    **dict.fromkeys(("mm", "millimetre", "millimetres", "millimeter", "millimeters"), 0.001),
    **dict.fromkeys(("cm", "centimetre", "centimetres", "centimeter", "centimeters"), 0.01),
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), 1.0),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), 1000.0),
}
_PERCENT = {"%": 0.01, "percent": 0.01, "per cent": 0.01}


class Numeral(float):
    """A number read from a text, and where it stood."""

    start: int
    end: int

    def __new__(cls, value: float, start: int, end: int) -> "Numeral":
        self = super().__new__(cls, value)
        self.start, self.end = start, end
        return self


_OFTEN_READ = 300
"""Characters of a text that is likely to be read several times, as a line and as a statement."""


def numerals(text: str, unit: str = "") -> tuple[Numeral, ...]:
    """All numbers in a text, in order, in ``unit`` where they are written in a related one (``2 min`` of ``s`` is 120).

    Digits joined to letters (``a1``, ``x_4``, ``m2``) are names, not numbers. Number words count only in a text without
    digits ("the one on the left moved 3 times" has one number). A number of over 40 characters is passed over.
    """
    return _kept(text, unit) if len(text) <= _OFTEN_READ else tuple(_numerals(text, unit))


@lru_cache(maxsize=1024)
def _kept(text: str, unit: str) -> tuple[Numeral, ...]:
    return tuple(_numerals(text, unit))


def _numerals(text: str, unit: str) -> list[Numeral]:
    if "^" in text or "**" in text:
        text = _EXPONENT_OF_UNIT.sub(lambda found: " " * len(found[0]), text)
    found = [number for match in _all_written(text) if (number := _written(match, unit)) is not None]
    if unit in _SECONDS and len(found) > 1:
        found = _joined_times(found, text)
    return found or [number for match in _all_spoken(text) if (number := _spoken(match, unit)) is not None]


def _all_written(text: str) -> Iterator[re.Match[str]]:
    """The matches of ``_WRITTEN``, which is tried only where its first character stands: to try it everywhere takes far longer."""
    start = _START_OF_WRITTEN.search(text)
    while start is not None:
        match = _WRITTEN.match(text, start.start())
        if match is not None:
            yield match
        start = _START_OF_WRITTEN.search(text, match.end() if match is not None else start.end())


def _all_spoken(text: str) -> Iterator[re.Match[str]]:
    """The matches of ``_SPOKEN``, which is tried only at words that can begin a number."""
    end = 0
    for word in _WORD.finditer(text):
        if word.start() >= end and word[0].lower() in _START_OF_SPOKEN and (match := _SPOKEN.match(text, word.start())):
            yield match
            end = match.end()


def _written(match: re.Match[str], unit: str) -> Numeral | None:
    start, end = match.span()
    if end - start > _LONGEST:
        return None
    sign, clock, digits, exponent, power, over, under, divisor, named = match.groups()
    if clock:
        value = 0.0
        for part in clock.split(":"):
            value = value * 60 + float(part)
        value /= _SECONDS.get(unit, 1.0)
        return Numeral(-value if sign == "-" else value, start, match.end("clock"))
    value = float(digits.replace(",", "").replace(" ", ""))
    end = match.end("number")
    exact = True
    if power := exponent or power:
        value = float(f"{value!r}e{int(power)}") if "e" not in repr(value) else math.inf
        end = match.end("exponent" if exponent else "power")
    if over:
        if float(under) == 0:
            return None
        value, end, exact = value + float(over) / float(under), match.end("under"), False
    elif divisor:
        if float(divisor) == 0:
            return None
        value, end, exact = value / float(divisor), match.end("divisor"), False
    if named and (factor := _factor(named.lower(), unit)):
        value, end, exact = value * factor, match.end(), False
    if sign == "-":
        value = -value
    if not math.isfinite(value):
        return None
    return Numeral(value if exact else float(f"{value:.12g}"), start, end)


def _factor(named: str, wanted: str) -> float | None:
    """What a number in the named unit is multiplied by to stand in the wanted one; ``None`` if the name is no unit of its."""
    if named in _PERCENT:
        return 1.0 if wanted in _PERCENT else 0.01
    for family in (_SECONDS, _METRES):
        if named in family and wanted in family:
            return family[named] / family[wanted]
    return None


def _joined_times(found: list[Numeral], text: str) -> list[Numeral]:
    """``1 min 30 s`` is one number: parts that follow each other with nothing but a blank or "and" between."""
    joined = [found[0]]
    for number in found[1:]:
        last = joined[-1]
        between = text[last.end : number.start].strip().lower()
        written_in_minutes = re.search(r"(?:h|hr|hrs|hours?|min|mins|minutes?)$", text[last.start : last.end].lower())
        if between in ("", "and", ",") and written_in_minutes:
            joined[-1] = Numeral(float(last) + float(number), last.start, number.end)
        else:
            joined.append(number)
    return joined


def _stands_for_a_thing(match: re.Match[str]) -> bool:
    """Whether "one" is no number: "the one right option", "each one", "the dark blue one", "one by one"."""
    text, start = match.string, match.start()
    return (
        _PRONOUN.search(text[max(0, start - 40) : start]) is not None or _NO_COUNT.match(text, match.end()) is not None
    )


def _spoken(match: re.Match[str], unit: str) -> Numeral | None:
    if match[0].lower() == "one" and _stands_for_a_thing(match):
        return None
    if match["times"]:
        return Numeral(_TIMES[match["times"].lower()], match.start(), match.end())
    total, group, last = 0.0, 0.0, 0.0
    for word in re.findall(r"[a-z]+", match["words"].lower()):
        if word == "and":
            continue
        if word in WORDS:
            value = WORDS[word]
            if last and not (20 <= last < 100 and 0 < value < 10):
                return None  # "two three" is two numbers, not one
            group, last = group + value, value
        elif word == "hundred":
            group, last = (group or 1) * 100, 0.0
        else:
            total, group, last = total + (group or 1) * _SCALES[word], 0.0, 0.0
    value = total + group
    if match["point"]:
        value += float("0." + "".join(str(WORDS[digit]) for digit in match["point"].lower().split()[1:]))
    if match["part"]:
        value /= _PARTS[match["part"].lower()]
    if match["percent"] and unit not in _PERCENT:
        value /= 100
    return Numeral(-value if match["sign"] else value, match.start(), match.end())
