"""What a task offers: questions that need the clip, several levels of reasoning, several phrasings, a readable docstring."""

import inspect
from collections import Counter, defaultdict
from collections.abc import Iterable

from harness.gates import Batch, Row, gate
from morse.wording import environment

HEADINGS = ("What is shown", "What is asked", "Difficulty", "Source")
LEAST_SHARE = 0.8
LEAST_PHRASINGS = 5
LEAST_REASONING = 3
LEAST_QUESTIONS = 30
"""Fewer questions do not tell what a task asks."""


@gate("questions need more than one frame")
def more_than_one_frame(batch: Batch) -> Iterable[Row]:
    asked = [question for sample in batch for question in sample.questions]
    share = sum(question.min_frames > 1 for question in asked) / max(1, len(asked))
    passed, detail = _told(share >= LEAST_SHARE, len(asked), f"{len(asked)} questions")
    yield batch.row("questions need more than one frame", share, f"≥ {LEAST_SHARE}", passed, detail)


@gate("levels of reasoning")
def reasoning(batch: Batch) -> Iterable[Row]:
    counts = Counter(question.reasoning for sample in batch for question in sample.questions)
    detail = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    passed, detail = _told(len(counts) >= LEAST_REASONING, counts.total(), detail)
    yield batch.row("levels of reasoning", float(len(counts)), f"≥ {LEAST_REASONING}", passed, detail)


def _told(passed: bool, questions: int, detail: str) -> tuple[bool | None, str]:
    """The verdict, but where so few questions may fall short by chance."""
    if not passed and questions < LEAST_QUESTIONS:
        return None, f"not tested (n={questions} < {LEAST_QUESTIONS}); {detail}"
    return passed, detail


@gate("phrasings")
def phrasings(batch: Batch) -> Iterable[Row]:
    """How many phrasings the template has for a question kind, by its source: non-empty lines that are no Jinja2 statement."""
    task = batch.task
    offered = _written(f"questions/en/{task.category}/{task.name}.j2")
    texts: dict[str, set[int]] = defaultdict(set)
    for sample in batch:
        for question in sample.questions:
            texts[question.kind].add(question.phrasing)
    for kind, drawn in sorted(texts.items()):
        count = max(offered.get(kind, 0), len(drawn))
        detail = f"{len(drawn)} of them drawn"
        passed = count >= LEAST_PHRASINGS
        yield batch.row("phrasings", float(count), f"≥ {LEAST_PHRASINGS}", passed, detail, kind=kind)


def _written(template: str) -> dict[str, int]:
    import jinja2.nodes

    loader = environment().loader
    assert loader is not None
    source = loader.get_source(environment(), template)[0]
    counts = {}
    for block in environment().parse(source).find_all(jinja2.nodes.Block):
        text = "".join(
            part.data if isinstance(part, jinja2.nodes.TemplateData) else "·"
            for output in block.body
            if isinstance(output, jinja2.nodes.Output)
            for part in output.nodes
        )
        counts[block.name] = sum(bool(line.strip()) for line in text.splitlines())
    return counts


@gate("docstring headings")
def docstring(batch: Batch) -> Iterable[Row]:
    text = inspect.getdoc(type(batch.task)) or ""
    missing = [heading for heading in HEADINGS if heading not in text]
    detail = f"missing: {', '.join(missing)}" if missing else ""
    yield batch.row("docstring headings", float(len(HEADINGS) - len(missing)), f"{len(HEADINGS)}", not missing, detail)
