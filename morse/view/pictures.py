"""What is made of frames: a page of several, writing below them, noise over them. Arrays are (height, width, 3), uint8, RGB."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from morse.seeding import Key, Rng

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

LONGEST_PAGE = 2048
"""Pixels of a page's longer side."""
GRAIN = 8
"""Pixels a side of one grain of noise."""
PAPER, INK = (255, 255, 255), (0, 0, 0)


def columns_of(count: int) -> int:
    """In how many columns a page has so many frames."""
    return max(1, round(count**0.5))


def page(frames: Iterable[np.ndarray], count: int) -> np.ndarray:
    """``count`` frames in about √n columns, row by row; places that are left over are white."""
    columns = columns_of(count)
    rows = -(-count // columns)
    sheet, height, width = black(0, 0), 0, 0
    for number, frame in enumerate(frames):
        if number == 0:
            height, width = frame.shape[:2]
            scale = min(1.0, LONGEST_PAGE / (columns * width), LONGEST_PAGE / (rows * height))
            width, height = max(1, int(width * scale)), max(1, int(height * scale))
            sheet = np.full((rows * height, columns * width, 3), PAPER, np.uint8)
        top, left = number // columns * height, number % columns * width
        sheet[top : top + height, left : left + width] = _scaled(frame, width, height)
    return sheet


def _scaled(frame: np.ndarray, width: int, height: int) -> np.ndarray:
    from PIL import Image

    if frame.shape[:2] == (height, width):
        return frame
    return np.asarray(Image.fromarray(frame).resize((width, height), Image.Resampling.LANCZOS))


def black(width: int, height: int) -> np.ndarray:
    """A picture of nothing."""
    return np.zeros((height, width, 3), np.uint8)


def noisy(frame: np.ndarray, strength: float, name: str, number: int) -> np.ndarray:
    """A frame with grains of noise mixed in; always the same for one name and number."""
    height, width = frame.shape[:2]
    rows, columns = -(-height // GRAIN), -(-width // GRAIN)
    octets = Rng(Key("view", 1, 1, "test", name, number), "noise").octets(rows * columns * 3)
    grains = np.frombuffer(octets, np.uint8).reshape(rows, columns, 3)
    grains = grains.repeat(GRAIN, axis=0).repeat(GRAIN, axis=1)[:height, :width]
    return ((1 - strength) * frame + strength * grains).astype(np.uint8)


def below(frame: np.ndarray, strip: np.ndarray) -> np.ndarray:
    """A frame with a strip of its width below it."""
    return np.concatenate([frame, strip])


def strip(text: str, width: int, lines: int | None = None) -> np.ndarray:
    """Writing on white, wrapped to a width; as high as it needs, or as ``lines`` need (what is over is cut)."""
    from PIL import Image, ImageDraw

    font, pitch = _font(width)
    wrapped = _wrapped(text, width - 2 * pitch, width)[:lines]
    height = pitch * ((lines or len(wrapped)) + 1)
    paper = Image.new("RGB", (width, height + height % 2), PAPER)
    pen = ImageDraw.Draw(paper)
    for number, line in enumerate(wrapped):
        pen.text((pitch, pitch // 2 + number * pitch), line, fill=INK, font=font)
    return np.asarray(paper)


def lines_of(text: str, width: int) -> int:
    """How many lines a text takes at a width."""
    return len(_wrapped(text, width - 2 * _font(width)[1], width))


@lru_cache(maxsize=8)
def _font(width: int) -> "tuple[FreeTypeFont, int]":
    """The writing for pictures of a width, and the distance of its lines; legible where the picture is scaled to 448."""
    import matplotlib
    from PIL import ImageFont

    size = max(9, round(width / 42))
    file = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    return ImageFont.truetype(str(file), size), round(1.4 * size)


def _wrapped(text: str, room: int, width: int) -> list[str]:
    font, _ = _font(width)
    found: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and font.getlength(longer) > room:
                found.append(line)
                line = word
            else:
                line = longer
        found.append(line)
    return found
