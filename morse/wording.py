"""Questions in words: Jinja2 templates under ``templates/questions/<language>/``.

A task's template file has one block for each question kind; each non-empty line of a block is one phrasing. The shared
file ``formats.j2`` has one block for each answer format: the instruction that tells a model how to answer.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import jinja2

from morse.errors import BadInput
from morse.schema import LETTERS, AnswerFormat, Choice, MultiChoice, PublicQuestion, Question
from morse.seeding import Rng
from morse.task import own_folders

PROMPT_VERSION = 1
"""Version of the answer instructions (``formats.j2``), raised when their words change: scores under two versions are not
to be compared."""


@cache
def environment() -> jinja2.Environment:
    """The Jinja2 environment over the installed ``templates`` package and the user's own folders; an undefined slot is an error."""
    import templates

    roots = [*templates.__path__, *(folder / "templates" for folder in own_folders())]
    # questions are plain text; pages have an environment of their own, which escapes
    return jinja2.Environment(  # nosec B701
        loader=jinja2.FileSystemLoader(roots),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        autoescape=False,  # noqa: S701
    )


def phrasing(category: str, task: str, kind: str, slots: dict[str, Any], rng: Rng, language: str) -> tuple[int, str]:
    """One phrasing of a question kind, drawn and filled in, and its number.

    Raises :class:`BadInput` for a language without this task.
    """
    lines = _phrasings(category, task, kind, language)
    if lines is None:
        filled = _lines(_task_template(category, task, kind, language), kind, slots)
        index = rng.integer(0, len(filled) - 1)
        return index, filled[index]
    index = rng.integer(0, len(lines) - 1)
    return index, lines[index].filled(slots)


def word(
    question: Question, category: str, task: str, rng: Rng, language: str = "en", asks: Sequence[str] = ()
) -> dict[str, Any]:
    """The fields of a question in words: one phrasing drawn, and the prompt with its options and the answer instruction.

    ``asks``: what the prompt asks for before the answer, ``steps`` or ``evidence``.
    """
    index, text = phrasing(category, task, question.kind, question.slots, rng, language)
    parts = [text]
    if isinstance(question.format, Choice | MultiChoice):
        options = zip(LETTERS, question.format.options, strict=False)
        parts.append("\n".join(f"({letter}) {option}" for letter, option in options))
    parts += [_before_the_answer(name, category, task, language) for name in asks]
    parts.append(instruction(question, language))
    return {"phrasing": index, "text": text, "prompt": "\n\n".join(parts)}


@cache
def none_of_these(language: str = "en") -> str:
    """The option that holds where no other does."""
    return " ".join(_lines(environment().get_template(f"questions/{language}/formats.j2"), "_none", {}))


def instruction(question: Question, language: str = "en") -> str:
    """How the answer is to be given, for the question's format."""
    return instruction_of(question.format, language)


def instruction_of(form: AnswerFormat, language: str = "en") -> str:
    """How an answer of a format is to be given."""
    return _instruction(form, language)  # pyright: ignore[reportArgumentType]  (frozen, so hashable)


def asking_for(name: str, question: PublicQuestion, language: str = "en") -> str:
    """A worded question's prompt, asking for ``steps`` or ``evidence`` before the answer too (once, if it does so already)."""
    wanted = _before_the_answer(name, question.category, question.task, language)
    head, _, form = question.prompt.rpartition("\n\n")
    return question.prompt if wanted in head else f"{head}\n\n{wanted}\n\n{form}"


@lru_cache(maxsize=1024)
def _instruction(form: AnswerFormat, language: str) -> str:
    template = environment().get_template(f"questions/{language}/formats.j2")
    text = " ".join(_lines(template, form.type, {"format": form}))
    if form.may_abstain:
        text += " " + " ".join(_lines(template, "abstain", {}))
    return text


def _task_template(category: str, task: str, kind: str, language: str) -> jinja2.Template:
    """A task's template, which has a block for the kind."""
    name = f"questions/{language}/{category}/{task}.j2"
    try:
        template = environment().get_template(name)
    except jinja2.TemplateNotFound:
        raise BadInput(f"no questions in language {language!r} for task {task!r} ({name} is missing)") from None
    if kind not in template.blocks:
        raise KeyError(f"{name} has no block for question kind {kind!r}")
    return template


class _Phrasing:
    """One line of a task's template. What it is filled with is looked up by hand where it names slots and no more."""

    def __init__(self, source: str) -> None:
        self._template = environment().from_string(source)
        pieces = re.split(r"{{\s*(\w+)\s*}}", source)
        self._plain = None if any("{" in text for text in pieces[::2]) else pieces
        self._names = frozenset(pieces[1::2])

    def filled(self, slots: dict[str, Any]) -> str:
        """The line with its slots filled in. Raises ``jinja2.UndefinedError`` for a slot that is not there."""
        if self._plain is None or not slots.keys() >= self._names:
            template = self._template
            text = "".join(template.root_render_func(template.new_context(slots)))
        else:
            text = "".join(str(slots[piece]) if i % 2 else piece for i, piece in enumerate(self._plain))
        return " ".join(text.split())


@cache
def _phrasings(category: str, task: str, kind: str, language: str) -> list[_Phrasing] | None:
    """Each phrasing of a kind by itself, so that only the one that is drawn need be filled in.

    ``None`` where lines hang together: the file has statements beside its blocks.
    """
    name = _task_template(category, task, kind, language).name
    source, _, _ = environment().loader.get_source(environment(), str(name))  # type: ignore[union-attr]
    if set(re.findall(r"{%[-+]?\s*(\w+)", source)) != {"block", "endblock"} or "{#" in source:
        return None
    body = re.search(rf"{{%[-+]?\s*block {kind}\s*[-+]?%}}(.*?){{%[-+]?\s*endblock", source, re.DOTALL)
    return [_Phrasing(line) for line in body[1].splitlines() if line.strip()] if body else None


@lru_cache(maxsize=1024)
def _before_the_answer(name: str, category: str, task: str, language: str) -> str:
    """What a prompt asks for; a task's own template may say how its claims are written (block ``_claims``)."""
    own = environment().get_template(f"questions/{language}/{category}/{task}.j2")
    claims = _lines(own, "_claims", {}) if "_claims" in own.blocks else []
    template = environment().get_template(f"questions/{language}/formats.j2")
    return " ".join(_lines(template, f"_{name}", {"claims": claims}))


def _lines(template: jinja2.Template, block: str, slots: dict[str, Any]) -> list[str]:
    text = "".join(template.blocks[block](template.new_context(slots)))
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
