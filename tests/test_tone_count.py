"""Tones and flashes: what is heard in the file, by another ear (scipy's spectrum), answers the questions; and sets with sound."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import av
import numpy as np
import pytest
from scipy.fft import rfft, rfftfreq

from generators.mathematical._tone_score import Params
from generators.mathematical._tone_show import NOISE
from generators.mathematical._tone_viewer import following
from generators.mathematical.tone_count import ToneCount
from harness.verify import verify
from morse.dataset import open_dataset
from morse.errors import BadInput
from morse.generate import generate
from morse.pipeline import Item, clip_row, film, imagine, make_key, style_of
from morse.plan import jobs
from morse.schema import HEARING, Recipe, RecipePart, Tone
from morse.sound import RATE, samples
from morse.stage.frames import Canvas
from morse.view.names import parse_view
from morse.view.show import Screening
from morse.view.sound import heard
from tests.toy_sets import InProcess

SMALL = Canvas(256, 144, 8)
LOUD = 0.02
"""How loud a hundredth of a second is in which something sounds, of 1."""


@dataclass(frozen=True)
class Note:
    """A sound that an ear made out: when, the strongest frequency in Hz, whether it is a tone rather than noise."""

    start: float
    end: float
    pitch: float
    clean: bool


def listened(path: Path) -> list[Note]:
    """The sounds of a video, by loudness and spectrum; nothing of MORSE is used."""
    with av.open(str(path)) as container:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    blocks = sound[: len(sound) // 480 * 480].reshape(-1, 480)
    on = np.concatenate([[False], np.sqrt((blocks**2).mean(axis=1)) > LOUD, [False]])
    edges = np.flatnonzero(on[1:] != on[:-1])
    notes = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        piece = sound[start * 480 + 1500 : end * 480 - 3500]
        strength = np.abs(np.asarray(rfft(piece * np.hanning(len(piece)), 1 << 17))) ** 2
        strongest = int(strength.argmax())
        near = strength[max(0, strongest - 60) : strongest + 60].sum()
        pitch = float(rfftfreq(1 << 17, 1 / RATE)[strongest])
        notes.append(Note(start / 100, end / 100, pitch, bool(near > 0.2 * strength.sum())))
    return notes


@pytest.fixture(scope="module", params=[(1, 0), (3, 1), (6, 2), (6, 3)], ids=lambda p: f"level {p[0]}, {p[1]}")
def filmed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Item, list[Note]]:
    level, index = request.param
    item = imagine(make_key(ToneCount(), level, "ear", index))
    path = tmp_path_factory.mktemp("filmed") / "clip.mp4"
    film(item, path, SMALL, style_of(item.key))
    return item, listened(path)


def test_what_is_heard_is_what_is_on_record(filmed: tuple[Item, list[Note]]) -> None:
    item, notes = filmed
    sounds = sorted(item.layout.sounds, key=lambda sound: sound.start)
    events = [event for event in item.layout.events if event.kind in ("introduces", "tone", "noise")]
    assert len(notes) == len(sounds) == len(events)
    for note, sound, event in zip(notes, sounds, events, strict=True):
        assert note.start == pytest.approx(sound.start, abs=0.04)
        assert note.end == pytest.approx(sound.end, abs=0.08)
        assert (event.start, event.end) == pytest.approx((sound.start, sound.end), abs=0.002)
        assert note.clean == (sound.timbre != "hiss")
        if note.clean:
            assert note.pitch == pytest.approx(sound.pitch, rel=0.006)


def test_an_ear_answers_the_questions(filmed: tuple[Item, list[Note]]) -> None:
    """Cards in the order in which they light up; each later sound is that of the card with the nearest pitch."""
    item, notes = filmed
    layout = item.layout
    cards = [event.objects[0] for event in layout.events if event.kind == "introduces"]
    sound_of = dict(zip(cards, notes, strict=False))

    def name(note: Note) -> str:
        noise = sound_of[NOISE]
        if not note.clean or (noise.clean and abs(np.log(note.pitch / noise.pitch)) < 0.05):
            return NOISE
        return min((card for card in cards if card != NOISE), key=lambda c: abs(np.log(note.pitch / sound_of[c].pitch)))

    tones = [(note, name(note)) for note in notes[len(cards) :] if name(note) != NOISE]
    flashes = {event.objects[0]: event.start for event in layout.events if event.kind == "flash"}
    with_tone = {f: who for f, at in flashes.items() for note, who in tones if abs(note.start - at) < 0.15}
    scale = sorted((card for card in cards if card != NOISE), key=lambda card: sound_of[card].pitch)
    silences = {(one.end, other.start) for (one, _), (other, _) in pairwise(tones)}
    questions = {question.kind: question for question in item.questions}
    assert questions["tones"].truth == len(tones)
    assert questions["together"].truth == len(with_tone)
    odd = [note.start for note, _ in tones[::2]]
    assert questions["every_second"].truth == sum(
        any(abs(at - flashes[flash]) < 0.15 for at in odd) for flash in with_tone
    )
    assert questions["nth"].truth == tones[int(str(questions["nth"].slots["number"])) - 1][1]
    asked = str(questions["tone_of"].slots["flash"])
    assert questions["tone_of"].truth == (with_tone.get(asked, "none") if asked in flashes else None)
    assert questions["silent"].truth not in with_tone
    assert questions["highest"].truth == max(with_tone.values(), key=scale.index)
    assert questions["scale"].truth == scale
    longest = max(silences, key=lambda gap: gap[1] - gap[0])
    assert questions["silence"].truth == pytest.approx(list(longest), abs=0.08)
    begun = next(state.start for state in layout.states if state.values["sign"] == "Pattern")
    for question in item.questions:
        if question.kind == "next_tone":
            assert question.asked_at is not None
            loop = [who for note, who in tones if begun < note.start < question.asked_at]
            length = len(item.episode.motif)
            assert [who for who in scale if [*loop, who] == repeated(loop, length)] == [question.truth]


def repeated(loop: list[str], length: int) -> list[str]:
    """The first ``length`` of a loop again and again, one more than it has."""
    return [loop[i % length] for i in range(len(loop) + 1)]


def test_pitches_lie_a_fourth_apart_and_none_is_another_ones_octave() -> None:
    for index in range(6):
        score = imagine(make_key(ToneCount(), 10, "scale", index)).episode
        ratios = [b / a for i, a in enumerate(score.pitches) for b in score.pitches[i + 1 :]]
        assert min(ratios) > 1.3
        assert all(abs(np.log2(ratio) - round(np.log2(ratio))) > 0.05 for ratio in ratios)


def test_the_shortest_pattern_that_fits_goes_on() -> None:
    assert following(list("abcabca")) == "b"
    assert following(list("aabaab")) == "a"
    assert following(list("abab")) == "a"


def test_what_needs_sound_says_so() -> None:
    item = imagine(make_key(ToneCount(), 3, "skills", 0))
    assert {question.kind for question in item.questions if HEARING not in question.skills} == {"flashes"}


def test_too_many_beats_for_the_labels_are_refused() -> None:
    with pytest.raises(BadInput, match="beats"):
        Params.at(1, {"beats": 500})


def test_flashes_come_with_a_tone_or_well_apart_from_all() -> None:
    item = imagine(make_key(ToneCount(), 10, "apart", 0))
    tones = [event.start for event in item.layout.events if event.kind == "tone"]
    for event in item.layout.events:
        if event.kind == "flash":
            nearest = min(abs(event.start - at) for at in tones)
            assert nearest < 0.002 or nearest > 0.9


# ── sets with sound ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def sounding(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sounding") / "set"
    part = RecipePart(task="tone_count", levels=(1,), count=1)
    recipe = Recipe(name="sounding", parts=(part,), width=64, height=36, fps=8)
    with patch("morse.generate.Workers", InProcess):
        generate(recipe, folder, seed="7b" * 32, workers=1, say=lambda _: None)
    return folder


def test_a_cut_video_has_the_sound_up_to_the_cut(sounding: Path, tmp_path: Path) -> None:
    data = open_dataset(sounding)
    question = next(question for question in data.questions() if question.asked_at is not None)
    assert question.asked_at is not None
    (file,) = Screening(data, parse_view("video"), tmp_path).show(question).files
    notes = listened(file)
    meant = sorted(sound.start for sound in data.trace(question.clip_id).sounds if sound.start < question.asked_at)
    assert [note.start for note in notes] == pytest.approx(meant, abs=0.04)


def test_pictures_say_that_there_is_sound_that_they_do_not_give(sounding: Path, tmp_path: Path) -> None:
    data = open_dataset(sounding)
    question = next(data.questions())
    assert "sound" in Screening(data, parse_view("frames:4"), tmp_path).show(question).before
    assert Screening(data, parse_view("video"), tmp_path).show(question).before == ""


def test_a_transcript_tells_what_is_heard(sounding: Path, tmp_path: Path) -> None:
    data = open_dataset(sounding)
    told = Screening(data, parse_view("transcript"), tmp_path).show(next(data.questions())).before
    assert told.count(" s: tone: ") == sum(
        event.kind == "tone" for event in data.trace(next(data.clips()).clip_id).events
    )


def faults(folder: Path) -> dict[str, list[str]]:
    with patch("harness.verify.Workers", InProcess):
        report = verify(folder, sample=1.0, workers=1)
    return {row.check: row.faults for row in report.rows if row.faults}


def test_a_set_with_sound_is_what_it_says(sounding: Path) -> None:
    assert faults(sounding) == {}
    (clip,) = open_dataset(sounding).clips()
    item = imagine(next(jobs(open_dataset(sounding).plan)).key)
    row = clip_row(item, Canvas(64, 36, 8), clip.video, None, None)
    assert row.sound_hash == clip.sound_hash is not None
    assert "aac" in open_dataset(sounding).manifest.fingerprint


def iter_keys(folder: Path):
    from morse.plan import jobs

    return (job.key for job in jobs(open_dataset(folder).plan))


def muted(sound: np.ndarray) -> None:
    """No sound at all."""


def another_tone(sound: np.ndarray) -> np.ndarray:
    """From 3.5 s on another pitch."""
    changed = sound.copy()
    tone = samples([Tone(start=0.0, seconds=0.8, pitch=990.0)], 0, 38_400)
    changed[168_000 : 168_000 + 38_400] = tone
    return changed


@pytest.mark.parametrize(
    ("change", "says"), [(muted, "has no sound of 48000"), (another_tone, "sounds otherwise at 3.50 s")]
)
def test_other_sound_is_found(
    change: Callable[[np.ndarray], np.ndarray | None], says: str, sounding: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "set"
    shutil.copytree(sounding, copy)
    data = open_dataset(copy)
    video = data.video(next(data.clips()))
    remuxed(video, change(heard(video)))
    assert any(says in fault for fault in faults(copy)["videos decoded"])


def remuxed(video: Path, sound: np.ndarray | None) -> None:
    """The same frames with another sound."""
    made = video.with_name("made.mp4")
    with av.open(str(video)) as there, av.open(str(made), "w", options={"movflags": "+faststart"}) as container:
        container.metadata["comment"] = there.metadata["comment"]
        stream = container.add_stream_from_template(there.streams.video[0])
        voice = None if sound is None else container.add_stream("aac", rate=RATE, layout="mono")
        for packet in there.demux(video=0):
            if packet.size:
                packet.stream = stream
                container.mux(packet)
        if sound is not None and voice is not None:
            for first in range(0, len(sound), 1024):
                block = av.AudioFrame.from_ndarray(sound[first : first + 1024][None], format="s16", layout="mono")
                block.sample_rate, block.pts = RATE, first
                container.mux(voice.encode(block))
            container.mux(voice.encode(None))
    made.replace(video)


def test_sets_from_before_there_was_sound_are_read(sounding: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    copy = tmp_path / "set"
    shutil.copytree(sounding, copy)
    table = pq.read_table(copy / "public" / "clips.parquet").drop_columns(["sound_hash"])
    pq.write_table(table, copy / "public" / "clips.parquet")
    assert [clip.sound_hash for clip in open_dataset(copy).clips()] == [None]
