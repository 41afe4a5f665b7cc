"""The studio of a 3D clip: lights, ground and backdrop, drawn from the style. Appearance only; pure numpy.

Colours leave here linear (not sRGB), ready to be lit. The light on the bodies is close to white and close to one in every
family, so that a named colour stays itself; what varies is where it comes from, the ground and the backdrop.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from morse.seeding import digest
from morse.style import Style

Array = np.ndarray
TEXTURE = 512
"""Pixels a side of a ground texture, which repeats."""


@dataclass(frozen=True)
class Studio:
    """Lights, ground and backdrop. Colours are linear RGB (3,)."""

    light: Array
    """Direction towards the main light, a unit vector."""
    light_colour: Array
    fill: Array
    """Direction towards the weak light that fills the shadows."""
    fill_colour: Array
    sky: Array
    """Ambient light from above."""
    bounce: Array
    """Ambient light from the ground."""
    ground: tuple[Array, Array]
    """The ground's colours where its texture is 0 and 1."""
    texture: Array
    """(TEXTURE, TEXTURE) of uint8: a pattern that repeats."""
    texture_size: float
    """Metres that one repeat of the texture covers."""
    backdrop: tuple[Array, Array]
    """The colours behind everything: low and high in the frame."""
    dark: bool


def furnish(style: Style, view: Array) -> Studio:
    """The studio of a style. ``view``: horizontal direction (2,) in which the camera looks, so that its light is behind it."""
    plain = style.family == "plain"
    side = style.pick("light side", (-1.0, 1.0))
    turn = side * math.radians(style.amount("light turn", 35, 65))
    height = math.radians(style.amount("light height", 44, 58))
    warm = style.amount("light warmth", -0.03, 0.05)
    names = ("plain",) if plain else _PATTERNS_DARK if style.dark else _PATTERNS_LIGHT
    pattern = style.pick("ground pattern", names)
    background = linear(style.background)
    if style.dark:
        base = 0.55 * background + 0.45 * float(background.mean()) + 0.035
        low, high = base * style.amount("ground depth", 0.74, 0.9), base * 1.18
        backdrop = (0.55 * background, 0.30 * background)
    else:
        base = (0.6 * background + 0.4 * float(background.mean())) * style.amount("ground tone", 0.42, 0.62)
        low, high = base * style.amount("ground depth", 0.78, 0.9), base * 1.06
        backdrop = (background * 0.86, background * 0.62)
    if pattern == "wood":
        tint = np.array(style.pick("wood", ((1.0, 0.80, 0.60), (1.0, 0.86, 0.72), (0.95, 0.84, 0.74))))
        low, high = low * tint * 0.85, high * tint * 1.05
    strength = 1.0 if not style.dark else 0.94
    return Studio(
        light=_toward(view, turn, height),
        light_colour=np.array([1 + warm, 1.0, 1 - warm]) * 0.80 * strength,
        fill=_toward(view, -turn * 1.2, math.radians(25)),
        fill_colour=np.array([1 - warm, 1.0, 1 + warm]) * 0.20 * strength,
        sky=np.array([0.98, 1.0, 1.03]) * 0.42 * strength,
        bounce=(0.5 * base / max(float(base.mean()), 1e-3) + 0.5) * (0.13 if style.dark else 0.20),
        ground=(low, high),
        texture=pattern_of(pattern, style.seed),
        texture_size=style.amount("ground scale", 2.2, 3.2),
        backdrop=backdrop,
        dark=style.dark,
    )


def linear(colour: str) -> Array:
    """``#rrggbb`` as linear RGB."""
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def _toward(view: Array, turn: float, height: float) -> Array:
    """A direction that comes from behind the camera, turned to the side and raised (radians)."""
    back = -np.asarray(view, float) / max(float(np.hypot(*view)), 1e-9)
    cos, sin = math.cos(turn), math.sin(turn)
    x, y = back[0] * cos - back[1] * sin, back[0] * sin + back[1] * cos
    return np.array([x * math.cos(height), y * math.cos(height), math.sin(height)])


def pattern_of(name: str, seed: str) -> Array:
    """A ground pattern (TEXTURE, TEXTURE) of uint8 that repeats without a seam."""
    values = _PATTERNS[name](_Noise(seed))
    return np.clip(np.rint(values * 255), 0, 255).astype(np.uint8)


class _Noise:
    """Noise on a grid that repeats, from a hash of place and seed: the same on every machine."""

    def __init__(self, seed: str) -> None:
        self._seed, self._calls = seed, 0

    def white(self, rows: int, columns: int) -> Array:
        """Independent values in [0, 1)."""
        self._calls += 1
        start = np.uint64(int(digest(self._seed, "noise", self._calls)[:15], 16))
        x = np.arange(rows * columns, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + start
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
        return ((x ^ (x >> np.uint64(31))) >> np.uint64(40)).astype(float).reshape(rows, columns) / 2**24

    def smooth(self, rows: int, columns: int) -> Array:
        """(TEXTURE, TEXTURE): white noise of so many cells, smoothly between them."""
        cells = self.white(rows, columns)
        for axis, count in ((0, rows), (1, columns)):
            at = np.arange(TEXTURE) * count / TEXTURE
            low = at.astype(int)
            share = at - low
            share = share * share * (3 - 2 * share)
            share = share[:, None] if axis == 0 else share[None, :]
            a, b = np.take(cells, low, axis=axis), np.take(cells, (low + 1) % count, axis=axis)
            cells = a + (b - a) * share
        return cells

    def clouds(self, coarsest: int, octaves: int) -> Array:
        """Noise of several scales, between 0 and 1."""
        parts = [self.smooth(coarsest << i, coarsest << i) / 2**i for i in range(octaves)]
        return sum(parts) / (2 - 2 ** (1 - octaves))


def _plain(noise: _Noise) -> Array:
    return 0.5 + 0.10 * (noise.white(TEXTURE, TEXTURE) - 0.5) + 0.10 * (noise.clouds(4, 3) - 0.5)


def _felt(noise: _Noise) -> Array:
    return 0.5 + 0.55 * (noise.smooth(256, 256) - 0.5) + 0.25 * (noise.clouds(8, 4) - 0.5)


def _concrete(noise: _Noise) -> Array:
    stain = noise.clouds(3, 6)
    speck = noise.smooth(170, 170)
    return 0.5 + 1.3 * (stain - 0.5) + 0.25 * (noise.white(TEXTURE, TEXTURE) - 0.5) - 0.4 * (speck > 0.93)


def _linen(noise: _Noise) -> Array:
    at = np.arange(TEXTURE) * 2 * math.pi * 64 / TEXTURE
    weave = np.sin(at)[:, None] * np.sin(at)[None, :]
    threads = noise.smooth(128, 6) + noise.smooth(6, 128) - 1
    return 0.5 + 0.18 * weave + 0.35 * threads


def _wood(noise: _Noise) -> Array:
    planks = 6
    grain = 0.6 * noise.smooth(128, 4) + 0.4 * noise.smooth(256, 9)
    tone = np.repeat(noise.white(planks, 1), -(-TEXTURE // planks), axis=0)[:TEXTURE]
    at = np.arange(TEXTURE) * planks / TEXTURE % 1
    seam = np.where((at < 0.02) | (at > 0.98), 0.55, 0.0)[:, None]
    return 0.25 + 0.45 * grain + 0.40 * tone - seam


def _tiles(noise: _Noise) -> Array:
    count = 4
    at = np.arange(TEXTURE) * count / TEXTURE
    inside = (at % 1 > 0.022) & (at % 1 < 0.978)
    tone = noise.white(count, count)[at.astype(int)][:, at.astype(int)]
    body = 0.45 + 0.35 * tone + 0.3 * (noise.clouds(4, 5) - 0.5)
    return np.where(inside[:, None] & inside[None, :], body, 0.0)


def _checker(noise: _Noise) -> Array:
    at = (np.arange(TEXTURE) * 4 // TEXTURE) % 2
    return 0.22 + 0.5 * (at[:, None] ^ at[None, :]) + 0.3 * (noise.clouds(8, 4) - 0.5)


_PATTERNS: dict[str, Callable[[_Noise], Array]] = {
    "plain": _plain,
    "felt": _felt,
    "concrete": _concrete,
    "linen": _linen,
    "wood": _wood,
    "tiles": _tiles,
    "checker": _checker,
}
_PATTERNS_LIGHT = ("felt", "concrete", "linen", "wood", "tiles", "checker")
_PATTERNS_DARK = ("felt", "concrete", "linen", "tiles", "checker")
