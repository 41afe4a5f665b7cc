"""How a pendulum and a cradle move, in closed form. Canvas units and seconds."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

Array = np.ndarray
GRAVITY, CRADLE_GRAVITY = 130.0, 52.0
"""Units a second squared, of pendulums and of cradles, which are shown larger."""


def length_of(period: float) -> float:
    """How long a string is whose small swings take so long: T = 2π √(L / g)."""
    return GRAVITY * (period / math.tau) ** 2


@dataclass(frozen=True)
class Swing:
    """A pendulum let go at rest: θ″ = −ω² θ − 2β θ′, solved exactly; swings are small.

    ``angle``: at which it is let go (radians, positive to the right); ``period``: of a full swing; ``damping``: β in 1/s.
    """

    angle: float
    period: float
    damping: float = 0.0

    @property
    def length(self) -> float:
        """Of the string; damping so weak does not change the period."""
        return length_of(self.period)

    def at(self, times: Array) -> Array:
        """The angle, so long after it is let go."""
        times = np.maximum(times, 0.0)
        turns = math.tau / self.period
        slower = np.cos(turns * times) + self.damping / turns * np.sin(turns * times)
        return self.angle * np.exp(-self.damping * times) * slower


@dataclass(frozen=True)
class Cradle:
    """Equal balls that hang side by side; some at each end are lifted to one ``angle`` and let go together.

    ``left`` and ``right``: how many are lifted at which end. ``keeps``: the share of its speed that an impact leaves a ball.
    Equal masses that meet elastically exchange speeds along the row: as many balls leave at an end as came in at the other.
    """

    balls: int
    left: int
    right: int
    angle: float
    length: float = 3.9
    keeps: float = 0.965

    @cached_property
    def angles(self) -> list[float]:
        """How far out balls get before the first impact, after it, after the second, …"""
        found = [self.angle]
        for _ in range(40):
            # the speed at the lowest point goes with sin(θ/2)
            found.append(2 * math.asin(self.keeps * math.sin(found[-1] / 2)))
        return found

    @cached_property
    def impacts(self) -> list[float]:
        """When balls meet: after a quarter of a full swing, then after halves, each by the elliptic integral."""
        times = [self._period(self.angle) / 4]
        for angle in self.angles[1:]:
            times.append(times[-1] + self._period(angle) / 2)
        return times

    def _period(self, angle: float) -> float:
        from scipy.special import ellipk

        return 4 * math.sqrt(self.length / CRADLE_GRAVITY) * float(ellipk(math.sin(angle / 2) ** 2))

    def out(self, number: int) -> tuple[int, int]:
        """How many balls are out at the left and the right before the first impact (0), after it (1), after the second …"""
        return (self.left, self.right) if number % 2 == 0 else (self.right, self.left)

    @cached_property
    def _halves(self) -> tuple[Array, Array, Array, Array]:
        """When each half swing begins (of the first, only the end is seen), how far out balls get in it, and how many at which end."""
        out = np.array([self.out(i) for i in range(len(self.angles))])
        return (
            np.array([-self.impacts[0], *self.impacts]),
            np.array([*self.angles, 0.0]),
            *np.pad(out, ((0, 1), (0, 0))).T,
        )

    def at(self, ball: int, times: Array) -> Array:
        """The angle of a ball (the first is at the left), so long after they are let go."""
        from scipy.special import ellipj

        times = np.maximum(np.asarray(times, float), 0.0)
        rate = math.sqrt(CRADLE_GRAVITY / self.length)
        number = np.searchsorted(self._halves[0][1:], times, side="right")
        begins, angles, left, right = (values[number] for values in self._halves)
        modulus = np.sin(angles / 2)
        sine = ellipj(rate * (times - begins), modulus**2)[0]
        height = 2 * np.arcsin(modulus * sine)
        return np.where(ball < left, -height, np.where(ball >= self.balls - right, height, 0.0))
