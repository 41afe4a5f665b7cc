"""Points that turn as pulses pass: by hand, by counting, and in the scene; and who made a lamp light."""

from math import ceil

import pytest

from generators.temporal._points_world import Board, run
from morse.pipeline import Item, imagine, make_key
from morse.schema import Question
from morse.task import registry
from tests.boxes import middle_of


def clip(index: int, level: int = 3) -> Item:
    return imagine(make_key(registry().task("switch_points"), level, "pulses", index))


def asked(item: Item, kind: str) -> list[Question]:
    return [question for question in item.questions if question.kind == kind]


def test_a_pulse_goes_as_points_show_and_turns_them() -> None:
    """Worked out with pencil: three switches, two columns of points, down where it says so."""
    down = {(0, 0): False, (0, 1): True, (0, 2): False}
    down |= {(1, 0): True, (1, 1): False, (1, 2): False, (1, 3): False}
    assert run(down, 2, [2, 2, 0, 1, 1]) == [(2, 2, 2), (2, 3, 3), (0, 0, 1), (1, 2, 3), (1, 1, 1)]
    assert down[0, 0] is False  # the board that was given is left as it was


@pytest.mark.parametrize("presses", [1, 2, 7, 12])
def test_a_point_sends_every_other_pulse_its_first_way(presses: int) -> None:
    rows = run({(0, row): False for row in range(3)}, 1, [1] * presses)
    assert [way[-1] for way in rows].count(1) == ceil(presses / 2)
    assert Board({(0, 0): True}, 1).send(0) == (0, 1)


@pytest.mark.parametrize("index", range(6))
def test_the_pulse_in_the_scene_ends_at_the_lamp_that_lights(index: int) -> None:
    item = clip(index, 1 + 2 * index)
    line = item.layout.timeline
    for number, press in enumerate(item.episode.presses):
        pressed, (start, end) = item.layout.details["presses"][number], item.layout.details["lit"][number]
        assert line.place("pulse", start - 0.001) == pytest.approx(line.place(f"lamp {press.lamp}", 0.0), abs=0.02)
        assert line.actors[f"lamp {press.lamp} lit"].at("opacity", (start + end) / 2) == 1.0
        lit = [
            name for name in line.actors if name.endswith(" lit") and line.actors[name].at("opacity", start + 1) > 0.5
        ]
        assert lit == [f"lamp {press.lamp} lit"] and end - start == pytest.approx(2.0)
        hand = line.place(press.who, pressed)
        switch = line.place(f"switch {'ABC'[press.switch]}", 0.0)
        assert hand[1] == pytest.approx(switch[1]) and 0 < switch[0] - hand[0] < 2.0


@pytest.mark.parametrize("index", range(12))
def test_what_would_have_been_is_found_by_playing_it_again(index: int) -> None:
    """The board as a dictionary of wires, played by hand without the press, and on after the clip."""
    item = clip(index, 1 + index % 10)
    layers = item.episode.params.layers
    letters = item.episode.params.lamps

    def play(presses: list[int]) -> str:
        points, row = {name: ("down" if down else "up") for name, down in item.episode.down.items()}, 0
        for switch in presses:
            row = switch
            for column in range(layers):
                way = points[column, row]
                points[column, row] = {"up": "down", "down": "up"}[way]
                row = row + 1 if way == "down" else row
        return f"lamp {letters[row]}"

    switches = [press.switch for press in item.episode.presses]
    for question in asked(item, "without"):
        missing, later = int(str(question.slots["missing"])), int(str(question.slots["later"]))
        kept = [s for i, s in enumerate(switches[:later], 1) if i != missing]
        assert question.answer == play(kept) != play(switches[:later])
    for question in asked(item, "next"):
        more = ["ABC".index(str(name)[-1]) for name in question.slots["switches"]]  # type: ignore[union-attr]
        assert question.answer == play([*switches, *more])


def test_who_lit_a_lamp_last_changes_and_neither_lamp_nor_hand_tells_when_that_is_asked() -> None:
    for index in range(12):
        item = clip(index)
        one, other = asked(item, "latest")
        assert one.answer != other.answer and one.format == other.format and one.slots == other.slots
        lamps = [name for name in item.layout.timeline.actors if name.endswith(" lit")]
        for question in (one, other):
            assert question.asked_at is not None
            assert all(item.layout.timeline.actors[name].at("opacity", question.asked_at) == 0 for name in lamps)
            for at in (question.asked_at, question.asked_at / 2):
                assert all(item.layout.timeline.place(who, at)[0] < -9.4 for who in item.episode.people)


def test_first_middle_and_last_moment_show_a_board_at_rest() -> None:
    for index in range(10):
        item = clip(index, 1 + index)
        line = item.layout.timeline
        for at in (0.0, item.layout.duration / 2, item.layout.duration):
            assert all(line.place(who, at)[0] < -9.4 for who in item.episode.people)
            lit = [name for name in line.actors if name.endswith(" lit") and line.actors[name].at("opacity", at) > 0]
            shown = [name for name in line.actors if name.endswith(" cap") and line.actors[name].at("opacity", at) < 1]
            assert not lit and not shown and line.actors["pulse"].at("opacity", at) == 0


@pytest.mark.parametrize("index", range(8))
def test_the_lamp_in_the_box_is_the_one_that_glows_after_that_press(index: int) -> None:
    item = clip(index)
    line = item.layout.timeline
    (question,) = asked(item, "where_lit")
    (span,) = asked(item, "lit_span")
    who, number = question.slots["who"], int(str(question.slots["number"]))
    pressed = [
        at for press, at in zip(item.episode.presses, item.layout.details["presses"], strict=True) if press.who == who
    ]
    assert isinstance(question.answer, dict)
    assert span.slots["who"] == who
    for second, box in question.answer.items():
        glowing = [n for n in line.actors if n.endswith(" lit") and line.actors[n].at("opacity", float(second)) > 0.5]
        assert len(glowing) == 1
        x, y = line.place(glowing[0], 0.0)
        assert middle_of(box) == pytest.approx((x, y), abs=0.02)
        assert max(at for at in item.layout.details["presses"] if at < float(second)) == pressed[number - 1]
    if span.answer is not None:
        start, end = span.answer  # type: ignore[misc]
        assert all(start < float(second) < end for second in question.answer)  # type: ignore[operator]
