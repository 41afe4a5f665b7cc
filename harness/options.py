"""Reading letters, option texts, and yes or no."""

import re
from collections.abc import Callable

from pydantic import JsonValue

from harness.patterns import pattern
from harness.places import plain, without_emphasis, without_latex
from harness.readers import NONE, Hedged, NoAnswer, Read, written
from harness.vocabulary import negated
from morse.schema import Choice, MultiChoice

_BARE_LETTER = pattern(
    r"\W*(?:(?!not\b|no\b|than\b)[A-Za-z]{2,12}\b\W*)?([A-Za-z])(?:\W*(?:is|are) (?:the )?(?:correct|right|best)(?: (?:one|answer|option|choice))?)?\W*",
    re.IGNORECASE,
)
_LEADING_LETTER = pattern(
    r"[(\[\"'<]*(?:(?:option|choice) )?[\"'(]?([A-Z])(?:[\"')\]>.:,;]+[\"')]?|\s*[-=]|(?= (?:because|since|as)\b))\s*",
    re.IGNORECASE,
)
_MARKED_LETTER = pattern(
    r"(?<!\w)\(([A-Za-z])\)|(?<![\w'(])([A-Za-z])\)|\b(?:option|choice|letter)s? [\"'(]?([A-Za-z])(?![\w'-])|[\"']([A-Za-z])[.)]{0,2}[\"']",
    re.IGNORECASE,
)
_CAPITAL = pattern(r"(?<![\w'\-+=/^\\.])([A-Z])(?![\w'+=/^\\]|-\w|\.\w)")
_ARTICLE = pattern(
    r" (?!is\b|are\b|was\b|because\b|since\b|and\b|or\b|as\b|but\b|if\b|for\b|matches\b|shows\b|here\b)[a-z]{2,}",
    re.IGNORECASE,
)
_HEDGE = pattern(r"\b(?:or|either|maybe|perhaps|possibly|alternatively|and|also|both|could be)\b", re.IGNORECASE)
_NOT_A_WORD = pattern(r"[^\w.+\-%°$/=<>^√≈]+|_+")


def _normal(option: str) -> str:
    """An option's words, to be compared: case, articles, punctuation and LaTeX do not matter."""
    words = [word.strip(".") for word in _NOT_A_WORD.split(without_emphasis(without_latex(plain(option))).casefold())]
    return " ".join(word for word in words if word and word not in ("the", "a", "an")) or option.strip().casefold()


_PAIR = pattern(r"\W*(?:\d{1,3}(?:st|nd|rd|th)\W+)?\(?\s*([^(),\n]{1,60}?)\s*(?:,|↔|<-+>)\s*([^(),\n]{1,60}?)\s*\)?\W*")


def _pair(text: str) -> str:
    """``2nd: (a, c2)`` in the words of an option: a and c2."""
    match = _PAIR.fullmatch(text)
    return _normal(f"{match[1]} and {match[2]}") if match else ""


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
                raise NoAnswer("only says what the answer is not")
            found.append(self.by_text[match[0]])
        return found

    def listed(self, text: str) -> set[str]:
        """Letters of the options whose texts a list names, if it names nothing else: "1, 2, 4"."""
        found = {self.by_text.get(_normal(part), "") for part in re.split(r"[,;/]|\band\b", text) if part.strip()}
        return set() if "" in found else found


def read_choice(format: Choice) -> Read:
    options = _Options(format.options, format.letters)
    longest = 60 + 3 * max(map(len, format.options))  # of a line that is nothing but an option's text, marks and all

    def letter(name: str) -> str:
        if name.upper() not in options.letters:
            raise NoAnswer(f"no option {name.upper()}")
        return name.upper()

    def one_of(found: list[str]) -> str | None:
        different = sorted({name.upper() for name in found})
        if len(different) > 1:
            raise Hedged("several options")
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
            if not named and len(options.listed(rest)) > 1:
                raise Hedged("several options")
            if named:
                if named == match[1].upper():
                    return named
                raise Hedged("letter and option text disagree")
            if match[1].isupper() or match[0].strip()[-1:] in ")]:.":
                others = {name for name in _letters_in(rest) if name != match[1].upper()}
                if bare and len(rest) > 0 and _normal(options_text(match[1])) != _normal(rest):
                    raise NoAnswer(NONE)
                if not others or (not _HEDGE.search(rest) and match[0].rstrip()[-1:] not in ",;"):
                    return letter(match[1])
                raise Hedged("several options")
        if bare and len(text) > longest:
            raise NoAnswer(NONE)
        if len(text) < 2000 and (named := options.by_text.get(_normal(text)) or options.by_text.get(_pair(text))):
            return named
        if bare:
            raise NoAnswer(NONE)
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
                    raise NoAnswer("only says what the answer is not")
                if (
                    found is marked
                    and len({name.upper() for _, name in capitals + marked if name.upper() in options.letters}) > 1
                ):
                    raise Hedged("several options")
                return one_of([name for _, name in found]) or ""
        if (found := one_of(options.texts(text))) is not None:
            return found
        raise NoAnswer(NONE)

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


def choice_from_json(read: Read) -> Callable[[JsonValue], JsonValue]:
    def from_json(value: JsonValue) -> JsonValue:
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, list | dict):
            raise Hedged("several answers") if len(value) > 1 else NoAnswer(NONE)
        return read(written(value), False)

    return from_json


def read_multi_choice(format: MultiChoice) -> Read:
    options = _Options(format.options, format.letters)

    def read(text: str, bare: bool) -> JsonValue:
        if re.search(r"\bor\b", text):
            raise Hedged("options joined by or")
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
                    raise NoAnswer(NONE)
        if not found or "" in found:
            raise NoAnswer(NONE)
        if unknown := sorted(set(found).difference(options.letters)):
            raise NoAnswer(f"no option {unknown[0]}")
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


def multi_choice_from_json(read: Read) -> Callable[[JsonValue], JsonValue]:
    def from_json(value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            raise NoAnswer(NONE)
        return read(", ".join(map(written, value)) if isinstance(value, list) else written(value), False)

    return from_json


_YES = pattern(r"(?<![\w'])(?:yes|true|correct)(?![\w'])", re.IGNORECASE)
_NO = pattern(r"(?<![\w'])(?:no|false|incorrect)(?![\w'])", re.IGNORECASE)
_STRICT_BOOLEAN = pattern(r"\W*(?:(yes|true|y)|(no|false|n))\W*", re.IGNORECASE)
_LEADING_BOOLEAN = pattern(r"\W*(?:(yes|true)|(no|false))\s*[,.;:!-]+\s*", re.IGNORECASE)


def read_boolean(text: str, bare: bool) -> JsonValue:
    if match := _STRICT_BOOLEAN.fullmatch(text):
        return match[1] is not None
    if bare:
        raise NoAnswer(NONE)
    if match := _LEADING_BOOLEAN.match(text):
        rest = text[match.end() :]
        contrary = (_NO if match[1] else re.compile(r"\byes\b", re.IGNORECASE)).match(
            rest.removeprefix("or ").removeprefix("maybe ")
        )
        if contrary:
            raise Hedged("both yes and no")
        return match[1] is not None
    says = {
        **dict.fromkeys([m.start() for m in _YES.finditer(text)], True),
        **dict.fromkeys([m.start() for m in _NO.finditer(text)], False),
    }
    if len(set(says.values())) > 1:
        raise Hedged("both yes and no")
    for at, value in says.items():
        if negated(text, at):
            raise NoAnswer("only says what the answer is not")
        return value
    raise NoAnswer(NONE)


def boolean_from_json(value: JsonValue) -> JsonValue:
    return value if isinstance(value, bool) else read_boolean(written(value), True)
