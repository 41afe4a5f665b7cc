"""What an answer rests on can be seen, at the frame rate that the question states, whenever the sampler starts."""

from collections.abc import Iterator

import numpy as np

from harness.gates.sample import Finding, check
from morse.layout import Scene
from morse.pipeline import Item
from morse.schema import Evidence

RATE = 24
"""Frames a second at which a sampler's starting points are told apart."""
LEAST_VISIBLE = 0.5
CHUNK = 1024
"""Frames whose tracks are in memory at once."""


@check("evidence visible")
def visible(item: Item) -> Iterator[Finding]:
    scene, layout = item.layout.scene, item.layout
    frames = np.arange(max(1, round(layout.duration * RATE)))
    spans = [e for question in item.questions for e in question.evidence if e.objects]
    wanted = np.zeros(len(frames), dtype=bool)
    for span in spans:
        wanted |= within(frames, span)
    shares = _visible_shares(scene, frames[wanted] / RATE, {name for span in spans for name in span.objects})
    row = np.cumsum(wanted) - 1
    for question in item.questions:
        end = layout.duration if question.asked_at is None else question.asked_at
        faults: list[str] = []
        if not question.evidence:
            faults.append("no evidence is named")
        for evidence in question.evidence:
            span = f"{evidence.start:.2f}–{evidence.end:.2f} s"
            if not 0 <= evidence.start <= evidence.end <= end + 1e-6:
                faults.append(f"{span} is not inside the clip ({end:.2f} s)")
                continue
            shown = frames[within(frames, evidence)]
            if not seen_at_any_phase(shown, question.min_fps):
                faults.append(f"{span} is passed over by a sampler at {question.min_fps:g} fps")
                continue
            for name in evidence.objects:
                if name not in shares:
                    faults.append(f"{name!r} has no track")
                    continue
                share = shares[name][row[shown]]
                if not seen_at_any_phase(shown[share >= LEAST_VISIBLE - 1e-9], question.min_fps):
                    faults.append(
                        f"{name!r} in {span} is not {LEAST_VISIBLE:.0%} visible to every sampler at {question.min_fps:g} fps"
                        f" (at most {share.max(initial=0.0):.2f})"
                    )
        yield Finding(question.kind, "; ".join(faults[:2]))


def _visible_shares(scene: Scene, times: np.ndarray, names: set[str]) -> dict[str, np.ndarray]:
    """How much of each object is visible at some times; a stretch at a time, so that an hour fits into memory."""
    shares: dict[str, np.ndarray] = {}
    for start in range(0, len(times), CHUNK):
        part = scene.tracks(times[start : start + CHUNK])
        for i, name in enumerate(part.names):
            if name in names:
                shares.setdefault(name, np.zeros(len(times)))[start : start + CHUNK] = part.visible[:, i]
    return shares


def within(frames: np.ndarray, evidence: Evidence) -> np.ndarray:
    """Which frames lie in the span."""
    return (frames / RATE >= evidence.start - 1e-6) & (frames / RATE <= evidence.end + 1e-6)


def seen_at_any_phase(frames: np.ndarray, rate: float) -> bool:
    """Whether a sampler at ``rate`` frames a second hits one of ``frames`` (numbers at 24 a second) wherever it starts."""
    if not len(frames):
        return False
    step = RATE / rate
    if step <= 1:
        return True
    phases = np.arange(int(np.ceil(step)))
    count = int(frames.max() / step) + 2
    sampled = np.floor(phases[:, None] + np.arange(count)[None, :] * step + 1e-9).astype(int)
    return bool(np.isin(sampled, frames).any(axis=1).all())
