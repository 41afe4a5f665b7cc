"""Ramps and knobs, against values worked out by hand."""

import pytest
from pydantic import model_validator

from morse.difficulty import Ramp, TaskParams, ramp
from morse.errors import BadInput


class Knobs(TaskParams):
    cups: int = ramp(3, per_level=0.5, most=9, limit=12)
    pace: float = ramp(1.2, per_level=-0.1, most=0.5)
    swaps: int = ramp(3, per_level=2, least=1)

    @model_validator(mode="after")
    def _enough_swaps(self) -> "Knobs":
        if self.swaps > 40 * self.cups:
            raise ValueError("swaps do not fit: at most 40 a cup")
        return self


@pytest.mark.parametrize(
    ("level", "cups", "pace", "swaps"),
    [(1, 3, 1.2, 3), (2, 3, 1.1, 5), (3, 4, 1.0, 7), (10, 7, 0.5, 21), (13, 9, 0.5, 27), (100, 9, 0.5, 201)],
)
def test_levels_by_hand(level: int, cups: int, pace: float, swaps: int) -> None:
    params = Knobs.at(level)
    assert (params.cups, params.pace, params.swaps) == (cups, pytest.approx(pace), swaps)


def test_a_ramp_without_growth_stays() -> None:
    assert Ramp(4, 0.0, None).at(50) == 4


@pytest.mark.parametrize(
    ("level", "knobs", "words"),
    [
        (0, {}, "difficulty 0 is not a level"),
        (-1, {}, "difficulty -1 is not a level"),
        (1, {"cupz": 4}, "no knob 'cupz'"),
        (1, {"cups": 13}, "cups=13"),
        (1, {"cups": "many"}, "cups=many"),
        (1, {"swaps": 0}, "swaps=0"),
        (1, {"cups": 3, "swaps": 121}, "swaps do not fit"),
    ],
)
def test_impossible_values_are_one_clear_line(level: int, knobs: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        Knobs.at(level, knobs)
    assert "\n" not in str(caught.value)


def test_knobs_are_set_by_hand() -> None:
    assert Knobs.at(1, {"cups": 12}).cups == 12
