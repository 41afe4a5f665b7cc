"""Traffic lights: lights that never let both roads go, cars that never touch, and answers that follow from what is drawn."""

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import brentq

from generators.temporal._traffic_cars import LONG, WIDE, Car, direction
from generators.temporal._traffic_lights import ARMS, Program
from generators.temporal._traffic_show import LAMP, LAMPS
from generators.temporal.traffic import TrafficLights
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.stage.frames import Canvas

PROGRAM = Program((3, 2), 1.0)
"""North and south turned green a second before the clip; a cycle is 3 + 1 + ½ + 2 + 1 + ½ = 8 s."""


def item_of(index: int, level: int = 6) -> Item:
    return imagine(make_key(TrafficLights(), level, "traffic", index))


@pytest.mark.parametrize(
    ("time", "north", "east"),
    [
        (0.0, "green", "red"), (1.9, "green", "red"), (2.1, "amber", "red"), (3.1, "red", "red"), (3.6, "red", "green"),
        (5.4, "red", "green"), (5.6, "red", "amber"), (6.6, "red", "red"), (7.1, "green", "red"), (15.1, "green", "red"),
    ],
)  # fmt: skip
def test_what_lights_show(time: float, north: str, east: str) -> None:
    assert [PROGRAM.state(arm, time) for arm in ("north", "south", "east", "west")] == [north, north, east, east]


def test_changes_and_phases_of_a_light() -> None:
    assert PROGRAM.changes("north", 12.0) == [
        (2.0, "amber"),
        (3.0, "red"),
        (7.0, "green"),
        (10.0, "amber"),
        (11.0, "red"),
    ]
    assert PROGRAM.phases("north", "green", 12.0) == [(2, 7.0, 10.0)]  # the first began before the clip
    assert PROGRAM.phases("north", "red", 12.0) == [(1, 3.0, 7.0)]
    assert PROGRAM.next_green("east", 4.0) == pytest.approx(11.5)


@pytest.mark.parametrize("car", [Car("west", 10.0), Car("north", 10.0, 0, 13.0), Car("east", 10.0, 2, 14.5)])
def test_cars_move_without_jumps_and_pass_when_they_say(car: Car) -> None:
    times = np.arange(*car.span, 0.001)
    front = car.front(times)
    speed = np.diff(front) / 0.001
    assert speed.min() > -1e-6
    assert speed.max() < 4.0 + 1e-6
    assert np.abs(np.diff(speed)).max() < 0.006
    passes = brentq(lambda time: float(car.front(np.array([time]))[0]), *car.span)
    assert passes == pytest.approx(car.passes, abs=1e-6)
    still = times[:-1][speed < 1e-3]
    assert len(still) == pytest.approx(car.waits * 1000, abs=3)


@pytest.mark.parametrize("index", range(4))
def test_cars_never_touch_and_keep_to_the_right(index: int) -> None:
    item = item_of(index, level=9)
    line, cars = item.layout.timeline, [thing.id for thing in item.layout.objects if thing.kind == "car"]
    times = np.arange(0.0, item.layout.duration, 0.04)
    boxes = {}
    for name in cars:
        arm = item.layout.details["arms"][int(name.removeprefix("car "))]
        x, y = (line.actors[name].values(channel, times) for channel in "xy")
        w, h = (LONG, WIDE) if arm in ("east", "west") else (WIDE, LONG)
        boxes[name] = x, y, w / 2, h / 2
        dx, dy = direction(arm)
        assert (x * dy - y * dx > 0).all()  # to the right of the road's middle
    for (x, y, w, h), (u, v, m, n) in combinations(boxes.values(), 2):
        seen = (np.abs(x) < 8 + w) & (np.abs(y) < 4.5 + h) & (np.abs(u) < 8 + m) & (np.abs(v) < 4.5 + n)
        assert not (seen & (np.abs(x - u) < w + m + 0.1) & (np.abs(y - v) < h + n + 0.1)).any()


@pytest.mark.parametrize("index", range(6))
def test_cars_heed_their_light_but_for_the_one_that_is_keyed(index: int) -> None:
    item = item_of(index)
    program = item.episode.program
    red = [
        str(number)
        for number, car in zip(item.episode.numbers, item.episode.cars, strict=True)
        if program.state(car.arm, car.passes) != "green"
    ]
    answer = next(question.answer for question in item.questions if question.kind == "runner")
    assert red == ([] if answer == "none" else [answer])


@pytest.mark.parametrize("index", range(6))
def test_both_roads_never_go_and_no_car_is_seen_between_acts(index: int) -> None:
    item = item_of(index)
    program, length = item.episode.program, item.layout.duration
    for time in np.arange(0.0, length, 0.1):
        assert "red" in (program.state("north", time), program.state("east", time))
    ends = item.episode.ends
    assert min(abs(end - length / 2) for end in ends) < 0.01
    asked = [question.asked_at or 0.0 for question in item.questions if question.kind == "next"]
    tracks = item.layout.scene.tracks(np.array(sorted([0.0, length / 2, *ends, *asked])))
    cars = [i for i, name in enumerate(tracks.names) if name.startswith("car")]
    assert len(cars) == item.episode.params.cars
    assert tracks.visible[:, cars].max() == 0.0


@pytest.mark.parametrize("index", range(12))
def test_the_longest_stop_is_seen_when_and_where_it_is_said_to_be(index: int) -> None:
    """Found again among boxes alone, thirty a second: the longest stretch in which the box of a car that is in sight stays as it is."""
    item = item_of(index, level=3)
    times = np.arange(0.0, item.layout.duration, 1 / 30)
    tracks = item.layout.scene.tracks(times)
    stops = []
    for column, name in enumerate(tracks.names):
        if name.startswith("car"):
            still = np.abs(np.diff(tracks.boxes[:, column], axis=0)).max(axis=1) < 1e-7
            still &= tracks.visible[1:, column] > 0.9
            edges = np.flatnonzero(np.diff(np.concatenate([[0], still.astype(int), [0]]))).reshape(-1, 2)
            stops += [(times[end - 1] - times[start], times[start], times[end - 1], column) for start, end in edges]
    _, start, end, column = max(stops)
    asked = {question.kind: question.answer for question in item.questions}
    named = next(question.slots["seconds"] for question in item.questions if question.kind == "where_longest")
    assert isinstance(named, list)
    assert asked["longest_span"] == pytest.approx([start, end], abs=0.08)
    assert tracks.names[column] == f"car {asked['longest']}"
    boxes = asked["where_longest"]
    assert isinstance(boxes, dict)
    seconds = [*map(int, boxes)]
    every = [second for second in range(1000) if start < second < end]
    assert seconds == named and {*seconds} <= {*every} if named else seconds == every
    for second in seconds:
        assert boxes[str(second)] == pytest.approx(tracks.boxes[second * 30, column], abs=0.001)


@pytest.mark.parametrize("index", range(3))
def test_the_lamp_that_is_lit_is_the_one_in_its_place(index: int) -> None:
    item = item_of(index)
    stage, line = staged(item, Canvas(640, 360, 24), style_of(item.key)), item.layout.timeline
    for time in (3.0, 9.0, 15.0):
        frame = stage.frame_at(time)[..., :3].astype(int)
        for arm in ARMS:
            x, y = line.place(f"light {item.layout.details['letters'][arm]}", 0.0)
            rows = [int((4.5 - y - (1 - place) * (LAMP + 0.1)) * 40) for place in range(3)]
            bright = [frame[row, int((x + 8) * 40)].max() for row in rows]
            assert LAMPS[int(np.argmax(bright))] == item.episode.program.state(arm, time)
