"""What ``morse verify`` checks of one clip: its record made again, its frames drawn again, its video decoded, and the gates."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harness import gates
from harness.audit import neighbour
from harness.gates.sample import CHECKS, Sample, sample_of
from morse.dataset import MOST_JSON, trace_path, tracks_path, video_path
from morse.errors import BadInput, Disagreement, MorseError
from morse.pipeline import Item, clip_row, imagine, style_of, trace_row
from morse.plan import ClipJob
from morse.schema import Clip, PrivateAnswer, PublicQuestion
from morse.sound import RATE
from morse.writing import Making, file_sha256, row_line, rows_of, write_tracks_of, write_video

RECORDS, TRACES = "records", "traces"
FRAMES, VIDEOS, REFERENCES, GATES = "frames drawn again", "videos decoded", "reference answers", "gates"
Fault = tuple[str, str]
"""(check, what is wrong)."""


@dataclass(frozen=True)
class Recorded:
    """A clip as the data set has it: raw lines, so that nothing is lost in reading."""

    job: ClipJob
    row: Mapping[str, Any]
    questions: tuple[bytes, ...]
    answers: tuple[bytes, ...]
    drawn_again: bool
    decoded: bool
    deep: bool
    """Whether what takes long is looked at too: single frames, tricks, observers."""
    beside: bool
    """Whether the clip of the next root seed is made too, to be compared."""


@dataclass(frozen=True)
class Checked:
    """What was found of a clip."""

    counts: Counter[str]
    """Check → how much was checked."""
    faults: tuple[Fault, ...]
    sample: Sample
    """What the gates over many clips need of it."""
    neighbour: Sample | None


def check_clip(making: Making, clip: Recorded) -> Checked:
    """Make a clip again and compare."""
    gates.load()
    item = imagine(clip.job.key, clip.job.knobs, making.language, making.asks)
    style = style_of(clip.job.key, making.style)
    counts: Counter[str] = Counter({RECORDS: 1, TRACES: 1, GATES: 1})
    faults = [*_differing_records(making, clip, item)]
    tracks_sha256 = _recorded_tracks(making, item)
    trace = making.folder / "private" / trace_path(item.clip_id)
    if _bytes(trace) != row_line(trace_row(item, style, tracks_sha256)):
        faults.append((TRACES, f"its trace differs (private/{trace_path(item.clip_id)})"))
    if making.video:
        tracks = making.folder / "private" / tracks_path(item.clip_id)
        if not tracks.is_file() or file_sha256(tracks) != tracks_sha256:
            faults.append((TRACES, f"its tracks differ (private/{tracks_path(item.clip_id)})"))
    if clip.drawn_again:
        counts[FRAMES] += 1
        with tempfile.TemporaryDirectory() as folder:
            video, frames_hash = write_video(item, making, style, Path(folder))
            if frames_hash != clip.row["frames_hash"]:
                faults.append((FRAMES, "other frames are drawn"))
            elif file_sha256(video) != clip.row["video_sha256"]:
                faults.append((FRAMES, "the same frames give another file"))
            if file_sha256(write_tracks_of(item, making.canvas, Path(folder))) != tracks_sha256:
                faults.append((FRAMES, "other tracks come out"))
    if clip.decoded:
        counts[VIDEOS] += 1
        path = making.folder / "public" / video_path(item.clip_id)
        faults += [(VIDEOS, fault) for fault in video_faults(path, Clip.model_validate(clip.row), making.canary)]
        faults += [(VIDEOS, fault) for fault in sound_faults(path, item)]
    scored, wrong = _reference_scores(clip)
    counts[REFERENCES] += scored
    faults += [(REFERENCES, fault) for fault in wrong]
    looked = {"looks": clip.deep, "gaming": clip.deep, "observing": clip.deep}
    sample = sample_of(item, style.record(), CHECKS, **looked)
    faults += [
        (GATES, f"{name}, {finding.kind}: {finding.fault}")
        for name, findings in sample.findings.items()
        for finding in findings
        if finding.fault
    ]
    return Checked(counts, tuple(faults), sample, _beside(making, clip.job) if clip.beside else None)


def _beside(making: Making, job: ClipJob) -> Sample | None:
    """The clip of the next root seed; ``None`` where the task makes none there, which says nothing of this set."""
    key = replace(job.key, root=neighbour(job.key.root))
    try:
        item = imagine(key, job.knobs, making.language)
    except (Disagreement, MorseError):
        return None
    return sample_of(item, style_of(key, making.style).record(), (), looks=False)


def _differing_records(making: Making, clip: Recorded, item: Item) -> Iterator[Fault]:
    row = clip_row(item, making.canvas, clip.row["video"], clip.row["video_sha256"], clip.row["frames_hash"])
    again = row.model_dump(mode="json")
    for name, value in again.items():
        if clip.row.get(name) != value:
            yield RECORDS, f"{name} in public/clips.parquet is {clip.row.get(name)!r}, not {value!r}"
    if (clip.row["video"] is not None) != making.video:
        yield RECORDS, "public/clips.parquet names a video in a set without, or none in a set with video"
    halves = list(rows_of(item.key, item.task.category, item.questions, making.canary))
    for where, lines, rows in (
        ("public/questions.jsonl", clip.questions, [public for public, _ in halves]),
        ("private/answers.jsonl", clip.answers, [private for _, private in halves]),
    ):
        if len(lines) != len(rows):
            yield RECORDS, f"{len(lines)} lines in {where}, not {len(rows)}"
        for line, made in zip(lines, rows, strict=False):
            if line != row_line(made):
                yield RECORDS, f"question {made['question_id']} differs in {where}"


def _recorded_tracks(making: Making, item: Item) -> str | None:
    """The hash of the tracks that the recorded trace names; the rest of the trace is made again."""
    try:
        value = json.loads(_bytes(making.folder / "private" / trace_path(item.clip_id)))["tracks_sha256"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return value if isinstance(value, str) else None


def _reference_scores(clip: Recorded) -> tuple[int, list[str]]:
    from harness.references import reference_response
    from harness.scoring import score

    wrong = []
    count = 0
    for question_line, answer_line in zip(clip.questions, clip.answers, strict=False):
        try:
            question, answer = (
                PublicQuestion.model_validate_json(question_line),
                PrivateAnswer.model_validate_json(answer_line),
            )
            count += 1
            scored = score(question.format, answer.answer, reference_response(question.format, answer.answer))
        except (ValueError, TypeError, KeyError) as error:
            wrong.append(f"a question cannot be scored ({str(error).splitlines()[0]})")
            continue
        if scored.value != 1.0:
            wrong.append(f"the reference answer of question {question.question_id} scores {scored.value:g}")
    return count, wrong


def video_faults(path: Path, row: Clip, canary: str) -> list[str]:
    """What a decoded video has otherwise than its row says."""
    import av
    from av.error import FFmpegError

    from morse.view.reel import SAFE

    if not path.is_file():
        return [f"{path.name} is no plain file"]
    faults = []
    try:
        with av.open(str(path.absolute()), options=SAFE) as container:
            if canary not in container.metadata.get("comment", ""):
                faults.append(f"{path.name} does not carry the canary")
            stream = container.streams.video[0]
            keys, frames = [], 0
            for frame in container.decode(stream):
                if frame.key_frame:
                    keys.append(frames)
                if (frame.width, frame.height) != (row.width, row.height):
                    faults.append(
                        f"{path.name} has frames of {frame.width}x{frame.height}, not {row.width}x{row.height}"
                    )
                    break
                frames += 1
            rate = stream.average_rate
            voices = [(voice.codec_context.name, voice.rate, voice.duration) for voice in container.streams.audio]
    except (FFmpegError, OSError, IndexError) as error:
        return [f"{path.name} cannot be decoded ({error})"]
    if not faults and frames != row.frames:
        faults.append(f"{path.name} has {frames} frames, not {row.frames}")
    if rate != row.fps and row.frames > 1:
        faults.append(f"{path.name} has {rate} frames a second, not {row.fps}")
    wanted = round(row.duration * RATE)
    if row.sound_hash is None and voices:
        faults.append(f"{path.name} has sound, of which its row says nothing")
    elif row.sound_hash is not None and (len(voices) != 1 or voices[0][:2] != ("aac", RATE)):
        faults.append(f"{path.name} has no sound of {RATE} samples a second")
    elif voices and abs((voices[0][2] or 0) - wanted) > SPARE:
        faults.append(f"{path.name} has {voices[0][2]} samples of sound, not {wanted}")
    gaps = [b - a for a, b in zip(keys, [*keys[1:], frames], strict=True)]
    if gaps and max(gaps) > 2 * row.fps:
        faults.append(f"{path.name} has {max(gaps)} frames from one key frame to the next")
    return faults


SPARE = 2048
"""Samples by which an encoder, which works by blocks, may be over."""
HEARD_EVERY, LEAST_LOUD, MOST_OFF = RATE // 4, 600, 0.7
"""Samples of the stretches in which sound is compared; how loud (root mean square) what is compared with counts at least; and
how far off it may be, as a share of that: one tone for another is off by more than 1, noise after encoding by 0.5."""


def sound_faults(path: Path, item: Item) -> list[str]:
    """Where a video's sound is not that of the tones on record."""
    import numpy as np

    from morse.sound import samples
    from morse.view.sound import heard

    sounds = item.layout.sounds
    if not sounds:
        return []
    try:
        got = heard(path)
    except BadInput as error:
        return [str(error)]
    for first in range(0, round(item.layout.duration * RATE), HEARD_EVERY):
        meant = samples(sounds, first, first + HEARD_EVERY).astype(float)
        there = np.zeros(HEARD_EVERY)
        piece = got[first : first + HEARD_EVERY]
        there[: len(piece)] = piece
        loud = max(LEAST_LOUD, float(np.sqrt((meant**2).mean())))
        if float(np.sqrt(((there - meant) ** 2).mean())) > MOST_OFF * loud:
            return [f"{path.name} sounds otherwise at {first / RATE:.2f} s than its record says"]
    return []


TAGS = frozenset({"major_brand", "minor_version", "compatible_brands", "encoder", "comment"})
"""What every video says of itself."""


def telltale_tags(path: Path) -> list[str]:
    """What a video says of itself beside the canary and the form of its file: a title, a time of its making."""
    import av
    from av.error import FFmpegError

    from morse.view.reel import SAFE

    try:
        with av.open(str(path.absolute()), options=SAFE) as container:
            said = {**container.metadata}
            for stream in container.streams:
                said |= {name: value for name, value in stream.metadata.items() if name not in STREAM_TAGS}
    except (FFmpegError, OSError) as error:
        return [f"cannot be opened ({error})"]
    return [f"it says {name} = {value[:40]!r}" for name, value in sorted(said.items()) if name not in TAGS]


STREAM_TAGS = frozenset({"language", "handler_name", "vendor_id", "encoder"})
"""What the container says of each of its streams, the same for all."""


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() and path.stat().st_size <= MOST_JSON else b""
    except OSError:
        return b""
