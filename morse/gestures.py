"""Small movements that end where they began: they catch the eye and change nothing."""

import numpy as np

from morse.timeline import Array, Motion, Timeline


def shake(timeline: Timeline, name: str, start: float, end: float, reach: float) -> None:
    """To and fro sideways, three times, by at most ``reach`` canvas units."""
    x, _ = timeline.last_place(name)
    timeline.follow(
        name, "x", _over(start, end, lambda p: x + reach * np.sin(6 * np.pi * p) * np.sin(np.pi * p)), start, end
    )


def tilt(timeline: Timeline, name: str, start: float, end: float, angle: float) -> None:
    """Lean over by ``angle`` radians, stay so for a while, and stand up again."""
    upright = timeline.actors[name].channels["angle"].last
    third = (end - start) / 3
    timeline.change(name, "angle", upright + angle, start, start + third)
    timeline.change(name, "angle", upright, end - third, end)


def stroll(timeline: Timeline, name: str, start: float, end: float, reach: float) -> None:
    """Once round a circle of radius |``reach``|, counterclockwise if it is positive."""
    x, y = timeline.last_place(name)
    timeline.follow(name, "x", _over(start, end, lambda p: x + reach * np.sin(2 * np.pi * _eased(p))), start, end)
    timeline.follow(
        name, "y", _over(start, end, lambda p: y + abs(reach) * (1 - np.cos(2 * np.pi * _eased(p)))), start, end
    )


def feint(timeline: Timeline, name: str, towards: tuple[float, float], start: float, end: float, reach: float) -> None:
    """Set out towards a place, by ``reach`` canvas units, and come back."""
    x, y = timeline.last_place(name)
    share = reach / max(float(np.hypot(towards[0] - x, towards[1] - y)), 1e-9)
    half = (start + end) / 2
    timeline.move(name, (x + share * (towards[0] - x), y + share * (towards[1] - y)), start, half)
    timeline.move(name, (x, y), half, end)


def _over(start: float, end: float, shape: Motion) -> Motion:
    """A motion from its shape over the share of the stretch that has passed."""
    return lambda times: shape(np.clip((times - start) / (end - start), 0.0, 1.0))


def _eased(share: Array) -> Array:
    return share * share * (3 - 2 * share)
