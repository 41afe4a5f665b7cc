"""What lies behind everything: the style's background colour with its texture, as pixels for any stage."""

import numpy as np

from morse.stage.frames import Canvas
from morse.style import Style


def backdrop(canvas: Canvas, style: Style) -> np.ndarray:
    """The background of a style, (height, width, 3) of uint8, red first."""
    unit = canvas.width / 16
    y, x = np.mgrid[0 : canvas.height, 0 : canvas.width].astype(np.float32) + 0.5
    step = unit * style.amount("texture step", 0.55, 0.95)
    strength = style.amount("texture strength", 0.05, 0.11)
    if style.texture == "dots":
        cover = np.clip(unit * 0.05 + 0.5 - np.hypot(_from_nearest(x, step), _from_nearest(y, step)), 0, 1) * 1.6
    elif style.texture == "lines":
        cover = np.clip(unit * 0.02 + 0.5 - np.abs(_from_nearest(y, step)), 0, 1)
    elif style.texture == "grid":
        cover = np.clip(
            unit * 0.015 + 0.5 - np.minimum(np.abs(_from_nearest(x, step)), np.abs(_from_nearest(y, step))), 0, 1
        )
    elif style.texture == "gradient":
        turn = style.amount("gradient direction", 0.0, 2 * np.pi)
        along = (x / canvas.width - 0.5) * np.cos(turn) + (y / canvas.height - 0.5) * np.sin(turn)
        cover = along + 0.5
    else:
        cover = np.zeros_like(x)
    share = (cover * strength)[..., None]
    plain, ink = _rgb(style.background), _rgb(style.ink)
    return np.round(plain + (ink - plain) * share).astype(np.uint8)


def _from_nearest(where: np.ndarray, step: float) -> np.ndarray:
    """Signed distance to the nearest of the lines half a step off the multiples of ``step``."""
    return np.mod(where, step) - step / 2


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32)
