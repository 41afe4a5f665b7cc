"""Abstract tasks: rules do what is worked out by hand here, and examples leave just the rules that they should."""

from itertools import combinations
from math import atan2, pi

import pytest

from generators.abstract._pattern_rules import Step, after, agreeing_pattern, fitting, rule_words, written
from generators.abstract._pattern_viewer import _library, _made
from generators.abstract._ring_show import Round, Stray
from generators.abstract._rules import ACTS, Act, Rule, Token, explanations, has, told_apart
from generators.abstract._shuffle_moves import Move, cycles, moved
from generators.abstract._shuffle_viewer import _swaps
from morse.pipeline import imagine, make_key
from morse.task import registry

# a b .      red 1, blue 2
# . a .
# . . b
PATTERN = (1, 2, 0, 0, 1, 0, 0, 0, 2)
PALETTE = ("red", "blue")
BY_HAND = {
    Step("turn", "clockwise"): ["..R", ".RB", "B.."],
    Step("turn", "counterclockwise"): ["..B", "BR.", "R.."],
    Step("turn", "half"): ["B..", ".R.", ".BR"],
    Step("turn", "sideways"): [".BR", ".R.", "B.."],
    Step("turn", "over"): ["..B", ".R.", "RB."],
    Step("turn", "falling"): ["R..", "BR.", "..B"],
    Step("turn", "rising"): ["B..", ".RB", "..R"],
    Step("shift", "right"): [".RB", "..R", "B.."],
    Step("shift", "up"): [".R.", "..B", "RB."],
    Step("fall", "down"): ["...", ".B.", "RRB"],
    Step("fall", "left"): ["RB.", "R..", "B.."],
    Step("outline", "2"): ["RBB", "BRB", ".BB"],
    Step("swap", "12"): ["BR.", ".B.", "..R"],
}


@pytest.mark.parametrize("step", BY_HAND)
def test_a_step_does_what_is_worked_out_by_hand_both_ways(step: Step) -> None:
    assert written(after(PATTERN, [step], 3), 3, PALETTE) == BY_HAND[step]
    way = {"outline": "blue", "swap": "red and blue"}.get(step.layer, step.way)
    assert [*_made(tuple(written(PATTERN, 3, PALETTE)), [(step.layer, way)], _library(PALETTE))] == BY_HAND[step]


def test_a_symmetrical_example_leaves_two_rules_and_another_one_decides() -> None:
    even = (1, 2, 1, 0, 2, 0, 1, 2, 1)  # equal to its mirror images: any of three steps leaves it as it is
    left = fitting([(even, even)], 1, 2, 3)
    assert left == [(Step("turn", way),) for way in ("half", "sideways", "over")]
    mirrored = after(PATTERN, [Step("turn", "over")], 3)
    assert fitting([(even, even), (PATTERN, mirrored)], 1, 2, 3) == [(Step("turn", "over"),)]


def test_patterns_are_found_of_which_two_rules_make_the_same() -> None:
    rng = make_key(registry().task("grid_rule"), 1, "agree", 0).stream("test")
    one, other = (Step("turn", "clockwise"), Step("swap", "12")), (Step("turn", "half"), Step("swap", "12"))
    pattern = agreeing_pattern(one, other, 4, 4, rng)
    assert pattern is not None
    assert after(pattern, one, 4) == after(pattern, other, 4)


def test_a_rule_reads_as_its_steps_in_order() -> None:
    words = rule_words([["turn", "half"], ["fall", "left"], ["swap", "red and blue"]])
    assert words == "half a turn, then the coloured cells fall to the left, then red and blue change places"


BIG, SMALL = Token(0, 0, 0, True, True), Token(1, 1, 0, False, True)
BIG_SQUARE, SMALL_SQUARE = Token(2, 2, 0, True, False), Token(4, 3, 0, False, False)
BY_SIZE = Rule("size", Act("shape", 1), Act("colour", -1))


def test_acts_go_round_their_circles() -> None:
    assert Act("shape", 2).on(SMALL_SQUARE).shape == 1  # 4 + 2 in a circle of five
    assert Act("dots", -1).on(BIG).dots == 3  # one dot less than one: four
    assert len({act.on(BIG) for act in ACTS}) == len(ACTS)


def test_a_rule_sorts_by_its_trait() -> None:
    assert BY_SIZE.on(BIG) == Token(1, 0, 0, True, True)
    assert BY_SIZE.on(SMALL) == Token(1, 0, 0, False, True)
    assert [has(Token(0, 0, dots, True, True), "parity") for dots in range(4)] == [False, True, False, True]
    assert [has(Token(0, 0, dots, True, True), "many") for dots in range(4)] == [False, False, True, True]


def test_one_explanation_only_where_tokens_tell_the_traits_apart() -> None:
    other = Rule("plate", Act("dots", 1), Act("shape", -2))
    clear = [BIG, SMALL, BIG_SQUARE]
    assert told_apart(clear, "size", ("size", "plate"))
    pairs = [(token, BY_SIZE.on(token)) for token in clear] + [(token, other.on(token)) for token in clear]
    assert explanations(pairs, ("size", "plate")) == [(3, BY_SIZE, other)]
    mixed = [BIG, SMALL_SQUARE]  # size and plate sort these two alike
    assert not told_apart(mixed, "size", ("size", "plate"))
    pairs = [(token, BY_SIZE.on(token)) for token in mixed] + [(token, other.on(token)) for token in clear]
    assert len(explanations(pairs, ("size", "plate"))) > 1


def test_a_stray_mover_does_its_own_thing_for_its_beats_alone() -> None:
    strays = (Stray("A", "back", 1, 2), Stray("B", "double", 0, 2), Stray("C", "still", 2, 2))
    movers = tuple("ABCDEFGH")
    course = Round(movers, (0,) * 8, (1, -1, 1, 1), strays, strays[0], None, range(1, 2), 0)
    assert [[course.step(who, beat) for beat in range(4)] for who in "ABCD"] == [
        [1, 1, -1, 1],
        [2, -2, 1, 1],
        [1, -1, 0, 0],
        [1, -1, 1, 1],
    ]


@pytest.mark.parametrize("index", range(12))
def test_a_stray_is_timed_from_its_first_beat_to_its_last(index: int) -> None:
    """By where movers are: the mover is behind, or ahead of, its place by the rule only after beats of the stretch."""
    item = imagine(make_key(registry().task("odd_motion"), 3, "timed", index))
    (question,) = (question for question in item.questions if question.kind == "stray_span")
    who, beats = str(question.slots["who"]), [event for event in item.layout.events if event.kind == "beat"]
    rule, start = item.episode.rule, item.episode.places[item.episode.movers.index(who)]
    (x, y), line = item.layout.timeline.place(f"ring {who}", 0.0), item.layout.timeline
    off = []
    for number, beat in enumerate(beats):
        there = line.place(who, beat.end)
        turned = start + sum(rule[: number + 1])
        off.append((round((pi / 2 - atan2(there[1] - y, there[0] - x)) / (pi / 3)) - turned) % 6)
    changed = [beat for beat, now, before in zip(beats, off, [0, *off], strict=False) if now != before]
    assert question.answer == ([changed[0].start, changed[-1].end] if changed else None)
    assert bool(changed) == (item.episode.plain is None)


def test_moves_of_a_row_do_what_is_worked_out_by_hand() -> None:
    row = "KLMNP"
    assert "".join(moved(row, [Move("swap", 0, 3)])) == "NLMKP"
    assert "".join(moved(row, [Move("jump", 1, 4)])) == "KMNPL"
    assert "".join(moved(row, [Move("jump", 3, 0)])) == "NKLMP"
    assert "".join(moved(row, [Move("turn", 1, 4)])) == "KPNML"
    for move in (Move("swap", 0, 3), Move("jump", 1, 4), Move("jump", 3, 0), Move("turn", 1, 4)):
        assert all(moved(row, [move])[move.to(place)] == letter for place, letter in enumerate(row))
        assert moved(moved(row, [move]), [move.back()]) == [*row]


def test_swaps_to_put_a_row_right_are_as_few_as_a_search_finds() -> None:
    """Breadth first over all rows of five letters, swap by swap."""
    goal = tuple("KLMNP")
    far, rim = {goal: 0}, [goal]
    for row in rim:
        for a, b in combinations(range(5), 2):
            after = tuple(moved(row, [Move("swap", a, b)]))
            if after not in far:
                far[after] = far[row] + 1
                rim.append(after)
    assert len(far) == 120
    assert all(5 - cycles(goal, row) == count == _swaps([*row], [*goal]) for row, count in far.items())
