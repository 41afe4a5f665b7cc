"""The way of one clip: plan → simulate → lay out → ask → check → render → encode → record.

:func:`imagine` makes everything but the picture, from a key alone; :func:`film` draws it. Neither depends on what was made
before, where, or in which order.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from morse.difficulty import TaskParams
from morse.errors import BadInput, Disagreement, Rejected
from morse.layout import Layout, Shown
from morse.options import NONE_SHARE, offering_none
from morse.schema import (
    Boolean,
    Choice,
    Clip,
    MultiChoice,
    Multiset,
    Number,
    Omitted,
    Plan,
    Question,
    Set,
    Span,
)
from morse.seeding import Key, digest
from morse.sound import played, sound_hash
from morse.stage.frames import Canvas, Stage, open_stage
from morse.style import Style, draw_style
from morse.task import Task, registry
from morse.wording import none_of_these, word

MOST_ATTEMPTS = 400


@dataclass(frozen=True)
class Item:
    """A clip before it is filmed: everything that is known of it."""

    key: Key
    task: Task
    params: TaskParams
    episode: Any
    layout: Layout
    questions: tuple[Question, ...]
    attempt: int
    rejections: dict[str, int]

    @cached_property
    def clip_id(self) -> str:
        return self.key.clip_id()

    @cached_property
    def things(self) -> list[dict[str, Any]]:
        """The objects, ready for JSON."""
        return [vars(thing) for thing in self.layout.objects]

    def latent(self) -> str:
        """Fingerprint of what happens, free of looks, times and words."""
        layout = self.layout
        return digest(
            self.key.task,
            self.things,
            [(e.kind, e.objects, e.values, e.causes) for e in layout.events],
            [state.values for state in layout.states],
        )


def make_key(task: Task, level: int, root: str, index: int, split: str = "test") -> Key:
    """The key of a clip of a task as it is now."""
    return Key(task.name, task.version, level, split, root, index)


def imagine(key: Key, knobs: Mapping[str, Any] | None = None, language: str = "en", asks: Sequence[str] = ()) -> Item:
    """Make a clip's world, layout and worded questions from its key, without a renderer.

    Draws that the task rejects, and unstable questions, are redrawn from the next sub-key and counted. Raises
    :class:`BadInput` if the level or a knob is impossible or if no draw is accepted, :class:`Disagreement` if the second
    derivation of an answer differs.
    """
    task = registry().task(key.task)
    if key.version != task.version:
        raise BadInput(f"task {key.task!r} is at version {task.version}, this clip is of version {key.version}")
    params = task.Params.at(key.level, knobs)
    rejections: Counter[str] = Counter()
    for attempt in range(MOST_ATTEMPTS):
        try:
            episode = task.simulate(params, key.stream("simulate", attempt))
            layout = task.layout(episode, key.stream("layout", attempt))
            made = list(task.ask(episode, layout, key.stream("ask", attempt)))
            asked = [question for question in made if not isinstance(question, Omitted)]
            shown = cache(layout.shown)
            kept = [question for question in asked if _holds(task, question, layout.duration, shown, key)]
            rejections.update(f"{question.kind}: unstable" for question in asked if question not in kept)
            if not kept:
                raise Rejected("no question left")
            rejections.update(f"{left.kind}: {left.reason}" for left in made if isinstance(left, Omitted))
        except Rejected as rejected:
            rejections[rejected.reason] += 1
            continue
        posed = [_perhaps_none(task, kept, question, key, language) for question in kept]
        questions = worded(posed, task.category, key, attempt, language, asks)
        return Item(key, task, params, episode, layout, questions, attempt, dict(rejections))
    reasons = ", ".join(f"{reason} ({count}×)" for reason, count in rejections.most_common(3))
    raise BadInput(f"task {key.task!r} at level {key.level} finds no clip in {MOST_ATTEMPTS} draws: {reasons}")


def worded(
    questions: Iterable[Question], category: str, key: Key, attempt: int, language: str, asks: Sequence[str]
) -> tuple[Question, ...]:
    """The questions of a clip in words, with what follows from their formats."""
    wording = key.stream("wording", attempt)
    return tuple(
        q.model_copy(update=_filled_in(q) | word(q, category, key.task, wording.fork(f"{i}/{q.kind}"), language, asks))
        for i, q in enumerate(questions)
    )


def film(item: Item, path: Path, canvas: Canvas, style: Style, comment: str = "", *, until: int | None = None) -> str:
    """Draw a clip, or its first ``until`` frames, and write it to ``path`` (mp4). Returns the hash of its frames."""
    from morse.stage.encoder import Encoder

    sounds = item.layout.sounds
    if sounds and not item.task.sound:
        raise ValueError(f"task {item.task.name!r} makes sounds, but is not registered with sound=True")
    sound = played(sounds) if sounds else None
    stage = staged(item, canvas, style)
    try:
        with Encoder(path, canvas, stage.pixel_format, comment, sound=sound) as encoder:
            for pixels, repeat in stage.frames():
                wanted = repeat if until is None else min(repeat, until - encoder.frames)
                if wanted <= 0:
                    break
                encoder.write(pixels, wanted)
        return encoder.frames_hash
    finally:
        stage.close()


def staged(item: Item, canvas: Canvas, style: Style) -> Stage:
    """The task's stage, filled by its ``draw``."""
    stage = open_stage(item.task.stage, item.layout, canvas, style)
    item.task.draw(item.episode, item.layout, stage, style)
    return stage


def style_of(key: Key, wanted: str = "varied") -> Style:
    """The look of a clip, from its own stream."""
    return draw_style(key.stream("style"), key.split, wanted)


def clip_row(item: Item, canvas: Canvas, video: str | None, video_sha256: str | None, frames_hash: str | None) -> Clip:
    """The public row of a clip."""
    frames, sounds = canvas.frames(item.layout.duration), item.layout.sounds
    heard = sound_hash(sounds, frames / canvas.fps) if sounds and video is not None else None
    return row_of(item.key, item.task.category, canvas, frames, video, video_sha256, frames_hash, heard)


def row_of(
    key: Key,
    category: str,
    canvas: Canvas,
    frames: int,
    video: str | None,
    video_sha256: str | None,
    frames_hash: str | None,
    heard: str | None = None,
) -> Clip:
    """The public row of a clip of so many frames; ``heard`` is the hash of its sound."""
    return Clip(
        clip_id=key.clip_id(),
        task=key.task,
        category=category,
        version=key.version,
        level=key.level,
        split=key.split,
        duration=frames / canvas.fps,
        frames=frames,
        fps=canvas.fps,
        width=canvas.width,
        height=canvas.height,
        video=video,
        video_sha256=video_sha256,
        frames_hash=frames_hash,
        sound_hash=heard,
    )


def trace_row(item: Item, style: Style, tracks_sha256: str | None = None) -> dict[str, Any]:
    """The hidden half of a clip, a :class:`Trace` ready for JSON; ``tracks_sha256`` is the hash of the tracks beside it."""
    layout = item.layout
    row: dict[str, Any] = {
        "clip_id": item.clip_id,
        "index": item.key.index,
        "attempt": item.attempt,
        "rejections": item.rejections,
        "params": item.params.model_dump(mode="json"),
        "style": style.record(),
        "objects": item.things,
        "events": layout.events,
        "states": layout.states,
        "latent": item.latent(),
        "tracks_sha256": tracks_sha256,
    }
    return row | {"sounds": layout.sounds} if layout.sounds else row


def question_id(clip_id: str, number: int) -> str:
    """The public name of a clip's question."""
    return f"{clip_id}-{number:02d}"


def agree(question: Question, other: JsonValue) -> bool:
    """Whether a rederived value is the question's truth, by the rule of its format.

    Two plan problems agree if they are the same but for their solutions, and these are equally long.
    """
    truth, form = question.truth, question.format
    if type(truth) is type(other) and truth == other:
        return True
    if isinstance(form, Number):
        if not isinstance(other, int | float) or not isinstance(truth, int | float):
            return truth is None and other is None
        return abs(other - truth) <= max(form.absolute, form.relative * abs(truth)) / 2 + 1e-9
    if isinstance(form, Span) and isinstance(truth, list) and isinstance(other, list):
        return len(other) == 2 and all(
            abs(float(str(a)) - float(str(b))) <= 0.05 for a, b in zip(truth, other, strict=True)
        )
    if isinstance(form, Set | Multiset | MultiChoice) and isinstance(truth, list) and isinstance(other, list):
        return sorted(map(repr, truth)) == sorted(map(repr, other))
    if isinstance(form, Plan) and isinstance(truth, dict) and isinstance(other, dict):
        one, again = truth.get("solution"), other.get("solution")
        same = {**truth, "solution": None} == {**other, "solution": None}
        return same and isinstance(one, list) and isinstance(again, list) and len(one) == len(again)
    return False


def _holds(task: Task, question: Question, duration: float, shown: Callable[[float | None], Shown], key: Key) -> bool:
    """Check a question against the clip. False: unstable, to be dropped. Raises :class:`Disagreement` for a defect."""
    where = f"{key.task} level {key.level} index {key.index}, question {question.kind!r}"
    end = duration if question.asked_at is None else question.asked_at
    if not 0 < end <= duration + 1e-9:
        raise Disagreement(f"{where}: asked at {end:.2f} s of {duration:.2f} s")
    for evidence in question.evidence:
        if not 0 <= evidence.start <= evidence.end <= end + 1e-6:
            raise Disagreement(f"{where}: evidence {evidence.start:.2f}–{evidence.end:.2f} s of {end:.2f} s")
    again = task.rederive(question, shown(question.asked_at))
    if agree(question, again):
        return True
    if task.unstable:
        return False
    raise Disagreement(f"{where}: the answer is {question.truth!r}, rederived {again!r}")


def _perhaps_none(task: Task, asked: Sequence[Question], question: Question, key: Key, language: str) -> Question:
    """The question, at a fixed share of those of its kind with "none of these" among its options. The draw does not depend on how
    many draws of the clip were rejected; what is asked at several times keeps its options."""
    kind, form = question.kind, question.format
    if kind not in task.none_of or not isinstance(form, Choice) or len(form.options) < 3:
        return question
    rng = key.stream(f"none/{kind}")
    if sum(other.kind == kind for other in asked) > 1 or not rng.chance(NONE_SHARE):
        return question
    return offering_none(question, rng, none_of_these(language))


def _filled_in(question: Question) -> dict[str, Any]:
    """What follows from the format: the domain of choices, and the chance level."""
    changes: dict[str, Any] = {}
    form = question.format
    domain = question.domain
    if domain is None and isinstance(form, Choice):
        domain = tuple(form.letters)
    if domain is None and isinstance(form, Boolean):
        domain = (True, False)
    if domain is not None:
        changes["domain"] = domain
    if question.chance is None:
        if isinstance(form, MultiChoice):
            changes["chance"] = 1 / (2 ** len(form.options) - 1)
        elif form.type == "permutation":
            changes["chance"] = 1 / math.factorial(form.size)
        elif domain:
            changes["chance"] = 1 / len(domain)
    return changes
