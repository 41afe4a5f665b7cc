"""Groups of questions that count together."""

from collections.abc import Sequence

from harness.metrics.registry import metric


@metric("all_right", "groups", "group score (Winoground, Thrush et al. 2022, arXiv 2204.03162)")
def all_right(groups: Sequence[Sequence[bool]]) -> float:
    """Share of groups in which every question is right."""
    return sum(all(group) for group in groups) / len(groups)


@metric("circular", "questions", "CircularEval of MMBench, Liu et al. 2023 (arXiv 2307.06281)")
def circular(rotations: Sequence[Sequence[bool]]) -> float:
    """Share of questions that are right under every rotation of their options; ``rotations``: verdicts, one a rotation."""
    return all_right(rotations)


def rotated(options: Sequence[str], by: int) -> list[str]:
    """The options moved on by some places, round: what stood first stands at place ``by``."""
    shift = by % len(options)
    return [*options[len(options) - shift :], *options[: len(options) - shift]]


@metric("group_score", "advanced questions", "RTV-Bench, Xun et al. 2025 (arXiv 2505.02064)")
def group_score(groups: Sequence[tuple[Sequence[bool], Sequence[bool]]]) -> float:
    """Σ over groups (basic, advanced) of [all basic questions right] × right advanced ones, divided by all advanced ones."""
    counted = sum(sum(advanced) for basic, advanced in groups if all(basic))
    return counted / sum(len(advanced) for _, advanced in groups)


@metric("consistency_over_time", "questions asked at several times", "RTV-Bench, Xun et al. 2025 (arXiv 2505.02064)")
def consistency_over_time(times: Sequence[Sequence[bool]]) -> float:
    """Share of the questions that are right at every time at which they are asked."""
    return all_right(times)


_PAIRS = "Winoground, Thrush et al. 2022 (arXiv 2204.03162)"


@metric("pair_scores", "pairs of clips", _PAIRS)
def pair_scores(pairs: Sequence[tuple[tuple[bool, bool], tuple[bool, bool]]]) -> dict[str, float]:
    """Pairs of clips that differ in one thing: (is each clip given its caption, is each caption given its clip).

    ``text``: share of pairs with both captions right; ``video``: with both clips right; ``group``: with all four right.
    """
    return {
        "text": all_right([text for text, _ in pairs]),
        "video": all_right([video for _, video in pairs]),
        "group": all_right([(*text, *video) for text, video in pairs]),
    }
