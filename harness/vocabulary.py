"""Finding the entries of a closed vocabulary in a text."""

import re
from functools import lru_cache

from harness.numerals import WORDS
from harness.patterns import pattern

_FILLERS = frozenset(["and", "then", "the", "a", "an", "finally", "first", "next", "of"])
_NUMBER_WORD = {str(value): word for word, value in WORDS.items()}
_PLAIN_NUMBER = pattern(r"-?\d{1,15}(?:\.\d{1,10})?\Z")
_LIST_MARK = pattern(r"(?m)^[ \t]*(?:(\d{1,3})[.)][ \t]+|[-*•][ \t]+)(?=\S)")
_FOLLOWED_BY_WORD = pattern(r"[ ]+[a-z]{2,}")
_NEGATES = pattern(r"no|n't|ne(?:ver|ither)|without|except|than")
"""Stands in every negation; found sooner."""
NEGATED = pattern(
    r"(?:\b(?:not|never|neither|nor|without|except|than|cannot be|can't be|isn't|wasn't|aren't|no longer|rather than)"
    r"|n't be|n't)[ ](?:(?:the|an?|be|option|choice|answer)[ ])*[\"'(*\[]*\Z",
    re.IGNORECASE,
)


def negated(text: str, start: int) -> bool:
    """Whether what stands at ``start`` is preceded by "not" or the like."""
    low = text[max(0, start - 60) : start].lower()
    if "n" not in low and "w" not in low and "x" not in low:  # one of these stands in every negation
        return False
    return _NEGATES.search(low) is not None and NEGATED.search(low) is not None


class Vocabulary:
    """A closed vocabulary, compiled for search. Case does not matter, unless two entries differ in nothing else.

    Numbers are compared as numbers (``12`` is ``12.0``), and small whole ones may be written as words.
    """

    def __init__(self, entries: tuple[str, ...], noun: str = "") -> None:
        self.exact_case = len({entry.casefold() for entry in entries}) < len(entries)
        self.entry: dict[str, str] = {}
        patterns: list[tuple[int, str]] = []
        folded = {self._fold(entry) for entry in entries}
        for entry in entries:
            key = self._fold(entry)
            self.entry[key] = entry
            if _PLAIN_NUMBER.match(key):
                number = _canonical(key)
                self.entry[number] = entry
                whole, _, decimals = number.partition(".")
                digits = rf"0*{re.escape(whole)}" if not whole.startswith("-") else rf"-0*{whole[1:]}"
                tail = rf"\.{decimals}0*" if decimals else r"(?:\.0+)?"
                patterns.append((len(key), rf"(?<![\w.-]){digits}{tail}(?![\w]|\.\d|,\d{{3}}(?!\d))"))
                if (word := _NUMBER_WORD.get(number)) and word not in folded:
                    self.entry[word] = entry
                    patterns.append((len(word), rf"(?<![\w-]){word}(?![\w-])"))
            else:
                body = r"\s+".join(re.escape(word) for word in key.split()) or re.escape(key)
                before = r"(?<!\w)" if key[:1].isalnum() else ""
                after = r"(?!\w)" if key[-1:].isalnum() else ""
                patterns.append((len(key), before + body + after))
        patterns.sort(key=lambda pattern: -pattern[0])
        self.pattern = re.compile("|".join(pattern for _, pattern in patterns))
        nouns = [*noun.casefold().split(), *(word + "s" for word in noun.casefold().split())]
        self.fillers = _FILLERS.union(nouns)
        self.single = all(len(entry) == 1 for entry in entries)
        self.letters = frozenset(key for key in self.entry if key.casefold() in ("a", "i"))

    def _fold(self, text: str) -> str:
        return text if self.exact_case else text.casefold()

    def find(self, text: str) -> list[tuple[str, int, int]]:
        """Every entry in a running text, with where it stands. "A cup" holds the article, not an entry called A."""
        folded = self._fold(text)
        found = []
        for match in self.pattern.finditer(folded):
            key = _key(match[0])
            if key in self.letters and _FOLLOWED_BY_WORD.match(folded, match.end()):
                continue
            found.append((self._entry(key), match.start(), match.end()))
        return found

    def read_all(self, text: str) -> list[str] | None:
        """The entries of a text that holds nothing else but separators and words like "and"; ``None`` if it holds more."""
        folded = without_labels(_without_list_marks(self._fold(text)))
        found: list[str] = []
        rest: list[str] = []
        at = 0
        for match in self.pattern.finditer(folded):
            rest.append(folded[at : match.start()])
            found.append(self._entry(_key(match[0])))
            at = match.end()
        rest.append(folded[at:])
        left = re.findall(r"[^\W_]+", " ".join(rest))
        if all(word in self.fillers for word in left):
            return found
        if self.single:
            return self._run_together(folded)
        return None

    def _run_together(self, folded: str) -> list[str] | None:
        """The entries of ``BBPOM``: single characters without anything between."""
        letters = folded.strip(" \n.\"'()[]")
        return [self.entry[letter] for letter in letters] if all(letter in self.entry for letter in letters) else None

    def _entry(self, key: str) -> str:
        return self.entry[key] if key in self.entry else self.entry[_canonical(key)]


@lru_cache(maxsize=512)
def vocabulary(entries: tuple[str, ...], noun: str = "") -> Vocabulary:
    """The compiled vocabulary; kept, since many questions share one."""
    return Vocabulary(entries, noun)


def _key(found: str) -> str:
    return " ".join(found.split()) or found


def _canonical(number: str) -> str:
    """``007`` → ``7``, ``12.50`` → ``12.5``, ``-0`` → ``0``."""
    whole, _, decimals = number.lstrip("-").partition(".")
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    value = whole + ("." + decimals if decimals else "")
    return "-" + value if number.startswith("-") and value != "0" else value


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_LABEL = pattern(
    r"(?:(?<=[,;\n.])|\A|\band\b)[ \t]*(?:[-*•][ \t]*)?(?:[a-z]{1,12}[ ])?"
    rf"(?:(\d{{1,3}})(?:st|nd|rd|th)?|({'|'.join(_ORDINALS)}))(?:[ ][a-z]{{1,12}})?[ \t]*(?:[:=>]|->|\bis\b)[ \t]*(?=\S)",
    re.IGNORECASE,
)


def without_labels(text: str) -> str:
    """The text without ``1st: …, 2nd: …`` or ``Lamp 1 is …; lamp 2 is …``; they count as labels only if they run 1, 2, 3."""
    marks = [int(match[1]) if match[1] else 1 + _ORDINALS.index(match[2].lower()) for match in _LABEL.finditer(text)]
    return _LABEL.sub(" ", text) if marks and marks == list(range(1, len(marks) + 1)) else text


def _without_list_marks(text: str) -> str:
    """The text without ``1. …  2. …`` or bullets at line starts; numbers count as marks only if they run 1, 2, 3."""
    marks = [match[1] for match in _LIST_MARK.finditer(text)]
    numbered = [int(mark) for mark in marks if mark]
    if numbered and numbered != list(range(1, len(numbered) + 1)):
        return text
    return _LIST_MARK.sub("", text) if marks else text
