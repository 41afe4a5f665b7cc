"""Text in the clip: bags of tokens (VidText, Yang et al. 2025, arXiv 2505.22810)."""

import re
from collections.abc import Iterable

from harness.metrics import metric, sets

_VIDTEXT = "VidText, Yang et al. 2025 (arXiv 2505.22810)"


def tokens(text: str) -> list[str]:
    """A text's runs of letters and digits; case counts, as random strings are read letter by letter."""
    return re.findall(r"[^\W_]+", text)


@metric("ocr_precision", "an answer", _VIDTEXT)
def ocr_precision(wanted: str, said: str) -> float:
    """Share of the tokens said that stand in the clip, counted with repeats."""
    return sets.precision(tokens(wanted), tokens(said))


@metric("ocr_recall", "an answer", _VIDTEXT)
def ocr_recall(wanted: str, said: str) -> float:
    """Share of the clip's tokens that were said, counted with repeats."""
    return sets.recall(tokens(wanted), tokens(said))


@metric("ocr_f1", "an answer", _VIDTEXT)
def ocr_f1(wanted: str, said: str) -> float:
    """The harmonic mean of the tokens' precision and recall."""
    return sets.f1(tokens(wanted), tokens(said))


@metric("ocr_micro", "tokens of all answers", _VIDTEXT)
def ocr_micro(answers: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Precision, recall and F1 over the tokens of all answers (wanted, said) together."""
    both = wanted_all = said_all = 0
    for wanted, said in answers:
        one, two = tokens(wanted), tokens(said)
        both += sets.matched(one, two)
        wanted_all += len(one)
        said_all += len(two)
    precision = both / said_all if said_all else 0.0
    recall = both / wanted_all if wanted_all else 0.0
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * both / (wanted_all + said_all) if wanted_all + said_all else 0.0,
    }
