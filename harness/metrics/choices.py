"""Choices: right or wrong, by question and by option."""

from collections.abc import Collection, Iterable, Sequence

from harness.metrics.registry import metric


@metric("accuracy", "questions", "share of right answers")
def accuracy(correct: Sequence[bool]) -> float:
    """Share of right answers."""
    return sum(correct) / len(correct)


def right_options(wanted: Collection[str], said: Collection[str], letters: str) -> int:
    """How many options are decided rightly: chosen if they hold, left if they do not."""
    return sum((letter in said) == (letter in wanted) for letter in letters)


@metric("per_option", "an answer", "CLEVRER, Yi et al. 2020 (arXiv 1910.01442)", formats=("multi_choice",))
def per_option(wanted: Collection[str], said: Collection[str], letters: str) -> float:
    """Share of the options that are decided rightly."""
    return right_options(wanted, said, letters) / len(letters)


@metric("option_accuracy", "options of all questions", "CLEVRER, Yi et al. 2020 (arXiv 1910.01442)")
def option_accuracy(answers: Iterable[tuple[Collection[str], Collection[str], str]]) -> float:
    """Right decisions over all options of all questions (wanted, said, letters); a question with more options weighs more."""
    right = total = 0
    for wanted, said, letters in answers:
        right += right_options(wanted, said, letters)
        total += len(letters)
    return right / total


@metric("soft", "an answer", "TW-GRPO, Dang et al. 2025 (arXiv 2505.24718)", formats=("multi_choice",))
def soft(wanted: Collection[str], said: Collection[str]) -> float:
    """|chosen| / |true| if something was chosen and all of it is true, else 0."""
    chosen, true = set(said), set(wanted)
    return len(chosen) / len(true) if chosen and chosen <= true else 0.0


@metric("mbin", "questions", "VideoMathQA, Rasheed et al. 2025 (arXiv 2506.05349)")
def mbin(pairs: Sequence[Sequence[bool]]) -> float:
    """Share of questions in which the truth wins against every single distractor; ``pairs``: verdicts, one a distractor."""
    return sum(all(verdicts) for verdicts in pairs) / len(pairs)


@metric("recall_at_1", "questions", "RCAD, Ma et al. 2024 (arXiv 2407.13094)")
def recall_at_1(first: Sequence[bool]) -> float:
    """Share of clips whose true caption is taken first, before its counterfactual ones."""
    return sum(first) / len(first)
