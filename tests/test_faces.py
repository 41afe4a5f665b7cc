"""Faces: habits leave one reading, moods can be told apart by pixels, and nothing but faces is to be seen when it is asked."""

from itertools import combinations, pairwise, product

import numpy as np
import pytest

from generators.abstract._faces_show import middles
from generators.abstract._faces_viewer import Seen, _misfits, _reading
from generators.abstract._faces_world import MOODS, Deed, Params, changes, exceptions
from generators.abstract.faces import Faces
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.stage.frames import Canvas
from morse.timeline import HEIGHT, WIDTH

SMALL = Canvas(448, 252, 24)
STORY = (
    ("gift", "Ada", "Ben", "happy"),
    ("drum", "Ben", "Ada", "angry"),
    ("gift", "Cleo", "Ben", "happy"),
    ("gift", "Cleo", "Ada", "sad"),
    ("drum", "Ada", "Ben", "afraid"),
    ("gift", "Ben", "Ada", "angry"),
    ("drum", "Cleo", "Ben", "happy"),
)
"""Ben goes by the thing but for the last deed; Ada goes by the doer: drum and gift make her angry, as both come from Ben."""


def item_of(level: int, index: int) -> Item:
    return imagine(make_key(Faces(), level, "faces", index))


def test_changes_leave_out_what_leaves_a_mood_as_it_was() -> None:
    deeds = [Deed(*line) for line in STORY]
    assert changes(deeds, "Ben") == [(0, "happy"), (4, "afraid"), (6, "happy")]
    assert changes(deeds, "Ada") == [(1, "angry"), (3, "sad"), (5, "angry")]
    assert changes(deeds, "Cleo") == []


def test_exceptions_are_counted_by_hand_and_by_a_viewer_alike() -> None:
    deeds = [Deed(*line) for line in STORY]
    seen = [Seen(thing, doer, target, 1.0 * i, "", mood) for i, (thing, doer, target, mood) in enumerate(STORY)]
    # Ben: gift happy twice, drum afraid and happy; by doer Ada happy and afraid, Cleo happy twice
    # Ada: drum angry, gift sad and angry; by doer Ben angry twice, Cleo sad
    for (who, by), expected in {("Ben", "item"): 1, ("Ben", "doer"): 1, ("Ada", "item"): 1, ("Ada", "doer"): 0}.items():
        assert exceptions(deeds, who, by) == expected
        assert _misfits(seen, who, "thing" if by == "item" else by) == expected


@pytest.mark.parametrize(("level", "index"), [(level, index) for level in (1, 4, 9) for index in range(6)])
def test_one_reading_alone_explains_a_story(level: int, index: int) -> None:
    """By brute force: who goes by the doer, and which single deed is to be left out so that all others are functions of the cause."""
    story = item_of(level, index).episode

    def is_function(deeds: list[Deed], who: str, by: str) -> bool:
        found: dict[str, str] = {}
        return all(found.setdefault(getattr(d, by), d.mood) == d.mood for d in deeds if d.target == who)

    readings = set()
    for who, left in product(story.persons, (None, *range(len(story.deeds)))):
        kept = [deed for i, deed in enumerate(story.deeds) if i != left]
        if all(is_function(kept, name, "doer" if name == who else "item") for name in story.persons):
            readings.add((who, left))
    assert {who for who, _ in readings} == {story.by_doer}
    if story.odd is not None:
        assert readings == {(story.by_doer, story.odd)}
    else:
        assert (story.by_doer, None) in readings


def test_two_readings_are_refused() -> None:
    seen = [Seen("gift", "Ada", "Ben", 0.0, "calm", "sad"), Seen("gift", "Ben", "Ada", 1.0, "calm", "sad")]
    with pytest.raises(ValueError, match="too many values"):
        _reading(seen)


@pytest.mark.parametrize("level", [1, 10])
def test_nothing_is_done_twice_running_to_the_same_person(level: int) -> None:
    story = item_of(level, 0).episode
    assert all(a.target != b.target for a, b in pairwise(story.deeds))
    assert all(deed.doer != deed.target for deed in (*story.deeds, story.last, story.instead))
    assert story.instead[:3] not in [deed[:3] for deed in (*story.deeds, story.last)]
    for who in story.persons:
        assert sum(deed.target == who for deed in story.deeds) == Params.at(level).deeds


@pytest.mark.parametrize(("level", "index"), [(1, 0), (4, 0), (10, 0)])
def test_persons_hide_halfway_and_at_the_end_and_no_thing_is_seen_at_a_question(level: int, index: int) -> None:
    item = item_of(level, index)
    layout = item.layout
    tracks = layout.scene.tracks(np.array([layout.duration / 2, layout.duration - 0.03]))
    assert float(tracks.visible.max()) == 0.0
    times = [question.asked_at for question in item.questions if question.asked_at is not None]
    tracks = layout.scene.tracks(np.array(times))
    things = [name for name in tracks.names if name.startswith("thing")]
    assert len(times) == 3
    assert sum(float(tracks.of(name)[1].max()) for name in things) == 0.0
    assert min(float(tracks.of(name)[1].min()) for name in item.episode.persons) > 0.9


def test_moods_differ_by_more_than_a_few_pixels_at_a_small_size() -> None:
    """Mouth, brows and eyes of any two moods of a person: a tenth of the face or more is another, where persons are smallest."""
    item = item_of(10, 0)
    stage = staged(item, SMALL, style_of(item.key))
    faces: dict[tuple[str, str], np.ndarray] = {}
    places = dict(zip(item.episode.spots, middles(len(item.episode.spots)), strict=True))
    for event in (event for event in item.layout.events if event.kind == "does"):
        who = event.objects[2]
        mood = round(item.layout.timeline.actors[who].at("mood", event.end - 0.3))
        if abs(item.layout.timeline.actors[who].at("angle", event.end - 0.3)) > 0.01 or mood == 0:
            continue
        x, y = places[who]
        left, top = round((x - 1.0 + WIDTH / 2) * 28), round((HEIGHT / 2 - y - 1.7) * 28)
        faces[who, MOODS[mood - 1]] = stage.frame_at(event.end - 0.3)[top : top + 56, left : left + 56, :3].astype(int)
    stage.close()
    pairs = [(a, b) for a, b in combinations(faces, 2) if a[0] == b[0] and a[1] != b[1]]
    assert len(pairs) >= 6
    for one, other in pairs:
        assert (np.abs(faces[one] - faces[other]).max(axis=2) > 60).mean() > 0.1, (one, other)
