"""Orbit: lines of sight in the ground plan tell what ray casts on the scene tell."""

from dataclasses import replace

import numpy as np
import pytest

from generators.spatial._sightlines import longest_runs
from generators.spatial._table import CLEAR, Table, set_table
from morse.errors import Rejected
from morse.pipeline import make_key
from morse.task import registry


def table_of(level: int) -> Table:
    key = make_key(registry().task("orbit"), level, "sight", 0)
    for attempt in range(20):
        try:
            return set_table(8 + level, 4, 2, level // 3, 1, key.stream("simulate", attempt))
        except Rejected:
            continue
    raise AssertionError("no table in 20 draws")


@pytest.mark.parametrize("level", [1, 8])
def test_lines_of_sight_agree_with_ray_casts(level: int) -> None:
    table = table_of(level)
    few = slice(None, None, 6)
    names = [body.name for body in table.world.bodies[: len(table.shapes)]]
    stops = replace(table.world, camera=table.way.camera(table.steps, table.steps))
    cast = stops.tracks(table.steps[few], names).visible
    off = np.abs(table.views[few] - cast)
    assert off.mean() < 0.03 and (off > 0.35).mean() < 0.015
    assert cast[table.views[few] >= CLEAR].min() > 0.6


@pytest.mark.parametrize("level", [1, 4, 8])
def test_what_is_closed_with_its_rim_is_hardly_seen(level: int) -> None:
    """Lines meet a rim, not the corners of a cube, one of which may look out; whether something is hidden is asked of ray casts."""
    table, shares = table_of(level), []
    names = [body.name for body in table.world.bodies[: len(table.shapes)]]
    for time in np.linspace(0.0, table.way.duration, 12):
        lines = table.lines(float(time))
        closed = (~lines.inside[0] | lines.blocked[:, 0].any(axis=0)).all(axis=-1)
        cast = table.world.tracks(np.array([time]), names).visible[0]
        shares += cast[closed].tolist()
    assert max(shares) <= 0.2 and np.mean(np.array(shares) > 0.03) <= 0.02


def test_longest_runs() -> None:
    flags = np.array([[1, 0, 1], [0, 0, 1], [1, 0, 1], [1, 0, 0]], bool)
    starts, lengths = longest_runs(flags)
    assert lengths.tolist() == [2, 0, 3]
    assert (starts[0], starts[2]) == (2, 0)
