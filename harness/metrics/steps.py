"""Steps of the reasoning: claims that a response makes, matched with the reference's by their canonical writing.

A claim stands on a line of its own: ``swap(a2, c2) @ 3.1 s`` for what is seen, ``at(coin, c2)`` for what follows from it; a
leading ``perceive:`` or ``infer:`` says which of the two it is. Claims count only above the final answer. Prompts ask for
them where a set is made with ``--ask steps``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from harness.metrics.registry import metric
from harness.patterns import pattern
from harness.places import plain
from morse.schema import Step

Kind = Literal["perceive", "infer"]
_SOURCE = "VCR-Bench, Qi et al. 2025 (arXiv 2504.07956)"
TOLERANCE = 3.0
"""Seconds that the time of a claim may be off."""
MOST_CLAIMS = 512

_TIME = r"@[ ]?(?:t[ ]?=[ ]?)?(?P<time>\d{1,6}(?:\.\d{1,6})?)[ ]?(?:s|sec|seconds)?"
_TERM = r"[^\W\d][\w-]{0,40}\([^()\n]{0,200}\)"
_MARK = pattern(r"[ ]?(?:[-*•]|\d{1,3}[.)])?[ ]?(?:(?P<kind>perceive|infer)(?:d|red)?[ ]?:[ ]?)?", re.IGNORECASE)
_TIMED = pattern(rf"(?P<claim>[^@\n]{{1,200}}?)[ ]?{_TIME}[ ]?[.;]?[ ]?")
_FREE = pattern(r"(?P<claim>[^@\n]{1,200}?)[ ]?[.;]?[ ]?")
_TERMS = pattern(rf"(?P<claim>{_TERM}(?:[ ]?:[ ]?{_TERM})?)[ ]?[.;]?[ ]?")
ANSWERS = ("<answer>", "answer:", "answer**:", "correct order:", "\\boxed")
"""What stands before a final answer, in small letters."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One step that a response names."""

    kind: Kind
    claim: str
    time: float | None = None


@lru_cache(maxsize=1 << 14)
def canonical(claim: str) -> str:
    """A claim as it is compared: case, blanks and underscores do not matter."""
    return re.sub(r"[\s_]+", " ", re.sub(r"\s*([(),:])\s*", r"\1", claim.strip().casefold())).strip()


def claims(response: str) -> list[Claim]:
    """The claims of a response above its final answer, in order, at most 512; lines that are no claim are passed over."""
    text = plain(response)
    low = text.lower()
    end = max(low.rfind(mark) for mark in ANSWERS) if len(low) == len(text) else -1
    found: list[Claim] = []
    for line in (text if end < 0 else text[:end]).split("\n"):
        claim = _claim(" ".join(line.split())) if len(line) <= 400 else None
        if claim is not None:
            found.append(claim)
        if len(found) == MOST_CLAIMS:
            break
    return found


def _claim(line: str) -> Claim | None:
    """A line's claim: with a kind before it or a time after it any words, else a term or two alone."""
    mark = _MARK.match(line)
    if mark is None:
        return None
    if match := _TIMED.fullmatch(line, mark.end()):
        kind: Kind = "infer" if (mark["kind"] or "").lower() == "infer" else "perceive"
        return Claim(kind, match["claim"].strip(), float(match["time"]))
    if mark["kind"]:
        free = _FREE.fullmatch(line, mark.end())
        tagged: Kind = "infer" if mark["kind"].lower() == "infer" else "perceive"
        return Claim(tagged, free["claim"].strip()) if free else None
    terms = _TERMS.fullmatch(line, mark.end())
    return Claim("infer", terms["claim"].strip()) if terms else None


@dataclass(frozen=True, slots=True)
class Counts:
    """How the steps of one response compare with the reference's."""

    matched: int
    wrong: int
    """Claims that match no reference step; a claim made twice counts once as wrong."""
    reference: int

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.matched + other.matched, self.wrong + other.wrong, self.reference + other.reference)

    @property
    def precision(self) -> float:
        """matched / (matched + wrong); 0 where nothing is claimed."""
        return self.matched / (self.matched + self.wrong) if self.matched + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """matched / all reference steps."""
        return self.matched / self.reference if self.reference else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return harmonic(self.precision, self.recall)


def compare(reference: Sequence[Step], said: Sequence[Claim], tolerance: float = TOLERANCE) -> dict[str, Counts]:
    """``perceive``, ``infer`` and ``all``: which reference steps a response names.

    A claim matches the reference step of the same kind and writing that is nearest in time, within the tolerance where both
    have a time; each step is matched once. A time is needed where the reference has one and the claim is of what is seen.
    """
    open_steps: dict[tuple[str, str], list[int]] = {}
    for number, step in enumerate(reference):
        open_steps.setdefault((step.kind, canonical(step.claim)), []).append(number)
    hits: dict[str, int] = {"perceive": 0, "infer": 0}
    wrong: dict[str, int] = {"perceive": 0, "infer": 0}
    for claim in said:
        fitting = [
            number
            for number in open_steps.get((claim.kind, canonical(claim.claim)), [])
            if _in_time(reference[number], claim, tolerance)
        ]
        if fitting:
            nearest = min(fitting, key=lambda number: abs((reference[number].time or 0.0) - (claim.time or 0.0)))
            open_steps[claim.kind, canonical(claim.claim)].remove(nearest)
            hits[claim.kind] += 1
        else:
            wrong[claim.kind] += 1
    counts = {kind: Counts(hits[kind], wrong[kind], sum(step.kind == kind for step in reference)) for kind in hits}
    return counts | {"all": counts["perceive"] + counts["infer"]}


def _in_time(step: Step, claim: Claim, tolerance: float) -> bool:
    if step.time is None:
        return True
    return claim.time is not None and abs(step.time - claim.time) <= tolerance + 1e-9


def harmonic(precision: float, recall: float) -> float:
    """2·P·R / (P + R); 0 if both are."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@metric("steps", "responses with reference steps", _SOURCE)
def step_scores(responses: Iterable[dict[str, Counts]]) -> dict[str, dict[str, float]]:
    """``perceive``, ``infer``, ``all`` → precision, recall and F1 of a set of responses.

    Precision and recall are means over the responses whose reference has steps of the kind; F1 is taken from these means.
    """
    entries = list(responses)
    found = {}
    for kind in ("perceive", "infer", "all"):
        own = [entry[kind] for entry in entries if entry[kind].reference]
        if not own:
            continue
        precision = sum(counts.precision for counts in own) / len(own)
        recall = sum(counts.recall for counts in own) / len(own)
        found[kind] = {"precision": precision, "recall": recall, "f1": harmonic(precision, recall)}
    return found
