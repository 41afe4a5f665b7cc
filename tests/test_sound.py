"""Sound: what tones sound like (by scipy's spectrum), what goes into a file and comes out of it, and what goes with frames."""

import hashlib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.fft import rfft, rfftfreq

from morse.errors import Rejected
from morse.fingerprint import fingerprint
from morse.pipeline import clip_row, film, imagine, make_key, style_of, trace_row
from morse.schema import Timbre, Tone
from morse.sound import RATE, played, samples, sound_hash
from morse.stage.encoder import Encoder
from morse.stage.frames import Canvas
from morse.task import registry
from morse.view.sound import heard, rearranged

CANVAS = Canvas(96, 64, 12)
SCALE = (
    Tone(start=0.25, seconds=0.5, pitch=300.0),
    Tone(start=1.25, seconds=0.5, pitch=450.0, timbre="reed"),
    Tone(start=2.25, seconds=0.5, pitch=675.0, timbre="horn"),
)


def pitch_of(sound: np.ndarray, start: float, seconds: float) -> float:
    """The strongest frequency of a stretch, in Hz."""
    piece = sound[round(start * RATE) : round((start + seconds) * RATE)].astype(float)
    strength = np.abs(np.asarray(rfft(piece * np.hanning(len(piece)), 1 << 17)))
    return float(rfftfreq(1 << 17, 1 / RATE)[int(strength.argmax())])


def loudness(sound: np.ndarray, start: float, seconds: float) -> float:
    return float(np.sqrt((sound[round(start * RATE) : round((start + seconds) * RATE)].astype(float) ** 2).mean()))


def write(path: Path, tones: tuple[Tone, ...], frames: int = 36) -> Path:
    with Encoder(path, CANVAS, "rgb24", sound=played(tones) if tones else None) as encoder:
        for number in range(frames):
            encoder.write(np.full((64, 96, 3), 2 * number, np.uint8))
    return path


# ── samples ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("timbre", ["flute", "reed", "horn"])
@pytest.mark.parametrize("pitch", [110.0, 440.0, 1318.5])
def test_a_tone_has_its_pitch(timbre: Timbre, pitch: float) -> None:
    sound = samples([Tone(start=0.1, seconds=0.8, pitch=pitch, timbre=timbre)], 0, RATE)
    assert pitch_of(sound, 0.2, 0.6) == pytest.approx(pitch, rel=0.002)


def test_a_hiss_has_no_pitch_and_is_about_as_loud_as_a_tone() -> None:
    hiss = samples([Tone(start=0.0, seconds=1.0, timbre="hiss")], 0, RATE)
    strength = np.abs(np.asarray(rfft(hiss.astype(float))))[200:20000] ** 2
    assert strength.max() / strength.sum() < 0.01  # a tone has nearly all of it in a few places
    tone = samples([Tone(start=0.0, seconds=1.0)], 0, RATE)
    assert 0.3 < loudness(hiss, 0.2, 0.6) / loudness(tone, 0.2, 0.6) < 3


def test_a_tone_is_silent_before_and_after_and_begins_and_ends_softly() -> None:
    sound = samples([Tone(start=0.5, seconds=0.5)], 0, 2 * RATE)
    assert not sound[: RATE // 2].any()
    assert not sound[RATE:].any()
    assert np.abs(sound[RATE // 2 : RATE // 2 + 50]).max() < 2000 < np.abs(sound).max()
    assert np.abs(sound[RATE - 50 : RATE]).max() < 2000


def test_two_tones_at_once_are_both_heard_and_not_clipped() -> None:
    both = samples([Tone(start=0.0, seconds=1.0, pitch=p) for p in (330.0, 512.0)], 0, RATE)
    strength = np.abs(np.asarray(rfft(both.astype(float))))
    assert strength[330] > 100 * strength[420] < strength[512]
    assert np.abs(both).max() < 32767


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 2 * RATE), min_size=1, max_size=5))
def test_stretches_are_parts_of_the_whole(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), 3 * RATE]
    whole = samples(SCALE, 0, 3 * RATE)
    parts = [samples(SCALE, a, b) for a, b in pairwise(edges)]
    assert np.array_equal(np.concatenate(parts), whole)


def test_the_hash_is_that_of_all_samples() -> None:
    tones = (*SCALE, Tone(start=9.0, seconds=1.0))
    assert sound_hash(tones, 10.5) == hashlib.blake2b(samples(tones, 0, 504_000).tobytes(), digest_size=32).hexdigest()
    assert sound_hash(SCALE, 10.5) != sound_hash(tones, 10.5)


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_gives_back_what_went_in_at_the_same_time(tmp_path: Path) -> None:
    got = heard(write(tmp_path / "a.mp4", SCALE))
    meant = samples(SCALE, 0, 3 * RATE).astype(float)
    off = got[: 3 * RATE].astype(float) - meant
    assert np.sqrt((off**2).mean()) < 0.02 * np.sqrt((meant**2).mean())
    assert 0 <= len(got) - 3 * RATE <= 2048


def test_equal_sound_gives_equal_bytes_and_leaves_the_frames_as_they_are(tmp_path: Path) -> None:
    one, two = (write(tmp_path / f"{name}.mp4", SCALE).read_bytes() for name in "ab")
    assert one == two
    frames = []
    for path in (tmp_path / "a.mp4", write(tmp_path / "silent.mp4", ())):
        with av.open(str(path)) as container:
            frames.append([bytes(packet) for packet in container.demux(video=0) if packet.size])
            assert len(container.streams.audio) == (path.name == "a.mp4")
    assert frames[0] == frames[1]


def test_sound_is_interleaved_with_the_frames(tmp_path: Path) -> None:
    with av.open(str(write(tmp_path / "a.mp4", SCALE, 96))) as container:
        order = [(p.stream.type, float((p.dts or 0) * p.time_base)) for p in container.demux() if p.size]
    last = {"video": 0.0, "audio": 0.0}
    for kind, time in order:
        last[kind] = time
        assert abs(last["video"] - last["audio"]) < 1.6


def test_a_failed_clip_with_sound_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(Rejected),
        Encoder(tmp_path / "a.mp4", CANVAS, "rgb24", sound=played(SCALE)) as encoder,
    ):
        encoder.write(np.zeros((64, 96, 3), np.uint8))
        raise Rejected("no")
    assert list(tmp_path.iterdir()) == []


def test_only_a_task_that_says_so_may_have_sound(tmp_path: Path) -> None:
    item = imagine(make_key(registry().task("cups"), 1, "silent", 0))
    loud = replace(item, layout=replace(item.layout, sounds=SCALE))
    with pytest.raises(ValueError, match="sound=True"):
        film(loud, tmp_path / "a.mp4", CANVAS, style_of(item.key))
    assert "sounds" not in trace_row(item, style_of(item.key))
    assert clip_row(item, CANVAS, "videos/a.mp4", None, None).sound_hash is None


def test_the_fingerprint_knows_the_sound_only_where_there_is_some() -> None:
    silent, loud = fingerprint(["plot"]), fingerprint(["plot"], sound=True)
    assert loud.keys() - silent.keys() == {"aac"}
    assert fingerprint(["plot"], video=False, sound=True).keys().isdisjoint({"aac", "x264"})


# ── views ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def frames_of(*runs: tuple[int | None, int]) -> list[int | None]:
    """Runs of frames from one number up or down to another (not included); ``(None, n)`` is n dark ones."""
    found: list[int | None] = []
    for first, stop in runs:
        found += [None] * stop if first is None else range(first, stop, 1 if stop > first else -1)
    return found


def test_sound_goes_with_the_frames() -> None:
    sound = np.arange(1, 10 * 4000 + 1, dtype=np.int16)  # 10 frames at 12 a second

    def view(frames: list[int | None]) -> list[int]:
        return rearranged(sound, frames, 12)(0, len(frames) * 4000).tolist()

    forwards = sound.tolist()
    assert view(frames_of((0, 10))) == forwards
    assert view(frames_of((0, 4))) == forwards[:16_000]
    assert view(frames_of((9, -1))) == forwards[::-1]
    assert view(frames_of((5, 10), (0, 5))) == forwards[20_000:] + forwards[:20_000]
    masked = view(frames_of((0, 3), (None, 4), (7, 10)))
    assert masked == forwards[:12_000] + [0] * 16_000 + forwards[28_000:]
