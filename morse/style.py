"""How a clip looks: a seeded style from a named family. Appearance only; nothing here carries meaning.

Colours that carry meaning are named (:data:`COLOURS`); a style gives each name a shade of its own that stays inside the
name's hue, so that "red" is red in every style.
"""

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from morse.errors import BadInput
from morse.seeding import Rng, digest
from morse.splits import split_named

T = TypeVar("T")

# name → hue (degrees), saturation, lightness; None for hue: a neutral
COLOURS: MappingProxyType[str, tuple[float | None, float, float]] = MappingProxyType(
    {
        "red": (358.0, 0.76, 0.50),
        "orange": (27.0, 0.92, 0.54),
        "yellow": (50.0, 0.95, 0.56),
        "green": (132.0, 0.60, 0.38),
        "cyan": (184.0, 0.75, 0.50),
        "blue": (219.0, 0.78, 0.48),
        "purple": (276.0, 0.58, 0.46),
        "pink": (326.0, 0.80, 0.73),
        "brown": (24.0, 0.55, 0.29),
        "grey": (None, 0.0, 0.56),
        "black": (None, 0.0, 0.10),
        "white": (None, 0.0, 0.96),
    }
)
HUED = tuple(name for name, (hue, _, _) in COLOURS.items() if hue is not None)
"""The colours that a pixel's hue tells apart (brown and orange share one and differ in lightness)."""


@dataclass(frozen=True)
class Family:
    """A named look, from which styles are drawn."""

    backgrounds: tuple[str, ...]
    ink: str
    muted: str
    accent: str
    panel: str
    dark: bool
    textures: tuple[str, ...] = ("none",)
    fonts: tuple[str, ...] = ("DejaVu Sans",)
    corner: tuple[float, float] = (0.1, 0.3)
    line: tuple[float, float] = (0.9, 1.2)


FAMILIES: MappingProxyType[str, Family] = MappingProxyType(
    {
        "plain": Family(
            ("#f4f4f2",), "#1e2227", "#8b9096", "#3b6ea8", "#ffffff", False, line=(1.0, 1.0), corner=(0.2, 0.2)
        ),
        "paper": Family(
            ("#f7f1e3", "#f3ede0", "#faf6ec"),
            "#2e2a25",
            "#9a8f7f",
            "#a8643b",
            "#fffaf0",
            False,
            ("none", "dots", "lines"),
            ("DejaVu Serif", "STIXGeneral"),
        ),
        "studio": Family(
            ("#e8edf2", "#eef0f4", "#e3e9ee"),
            "#1d2733",
            "#7f8c99",
            "#2a7f9e",
            "#ffffff",
            False,
            ("none", "gradient"),
            ("DejaVu Sans",),
        ),
        "meadow": Family(
            ("#e6f0e0", "#eaf3e8", "#dfecdc"),
            "#1f2d22",
            "#80917f",
            "#4f7f3a",
            "#fbfff8",
            False,
            ("none", "gradient", "dots"),
            ("DejaVu Sans", "DejaVu Serif"),
        ),
        "blueprint": Family(
            ("#17324f", "#1b3a5c", "#142c47"),
            "#e8f1fa",
            "#8fb0cf",
            "#ffd166",
            "#24496f",
            True,
            ("grid", "none"),
            ("DejaVu Sans Mono", "DejaVu Sans"),
        ),
        "night": Family(
            ("#1c1d26", "#20222c", "#17181f"),
            "#eceef5",
            "#8a8fa3",
            "#f0a35e",
            "#2c2f3c",
            True,
            ("none", "gradient", "dots"),
            ("DejaVu Sans",),
        ),
        "chalk": Family(
            ("#24352e", "#2b3b34", "#1f2f29"),
            "#f2f4ee",
            "#9db3a6",
            "#f2d06b",
            "#31463d",
            True,
            ("none", "lines"),
            ("DejaVu Sans", "DejaVu Serif"),
        ),
        "sand": Family(
            ("#efe2cf", "#ebdcc6", "#f3e8d8"),
            "#33271c",
            "#9c8871",
            "#b3562f",
            "#fbf4e9",
            False,
            ("none", "gradient", "grid"),
            ("DejaVu Serif", "DejaVu Sans"),
        ),
    }
)
HELD_OUT = ("chalk", "sand")
"""Families that clips to train on never use, and clips of the splits ``L2`` and ``held_out_looks`` alone use (:mod:`morse.splits`)."""


@dataclass(frozen=True)
class Style:
    """One clip's look. Colours are ``#rrggbb``; ``line`` and ``corner`` are factors for line weight and corner radius."""

    family: str
    dark: bool
    background: str
    ink: str
    muted: str
    accent: str
    panel: str
    texture: str
    font: str
    line: float
    corner: float
    tones: MappingProxyType[str, tuple[float, float, float]]
    """Hue in degrees, saturation and lightness of each named colour."""
    seed: str

    def colour(self, name: str) -> str:
        """The style's shade of a named colour."""
        return _hex(*self.tones[name])

    def pick(self, what: str, options: Sequence[T]) -> T:
        """One of the options, fixed for this clip by ``what``: further choices of appearance that a task makes."""
        return options[int(digest(self.seed, what)[:12], 16) % len(options)]

    def amount(self, what: str, low: float, high: float) -> float:
        """A number in [low, high), fixed for this clip by ``what``."""
        return low + (high - low) * int(digest(self.seed, what)[:12], 16) / 16**12

    def record(self) -> dict[str, Any]:
        """What the trace keeps of the style."""
        return {
            "family": self.family,
            "background": self.background,
            "texture": self.texture,
            "font": self.font,
            "seed": self.seed,
        }


def families_of(split: str, wanted: str) -> tuple[str, ...]:
    """The families that clips of a split may use. ``wanted``: ``varied``, ``plain`` or a family's name.

    Raises :class:`BadInput` for a look that there is not, or not in the split.
    """
    if wanted not in ("varied", *FAMILIES):
        raise BadInput(f"no style {wanted!r}: choose varied, {', '.join(FAMILIES)}")
    side = split_named(split).looks
    of_split = tuple(name for name in FAMILIES if side == "any" or (name in HELD_OUT) == (side == "held out"))
    if wanted != "varied" and wanted not in of_split:
        raise BadInput(f"style {wanted!r} is not one of split {split!r}: choose varied, {', '.join(of_split)}")
    return (wanted,) if wanted != "varied" else tuple(name for name in of_split if name != "plain")


def draw_style(rng: Rng, split: str = "test", wanted: str = "varied") -> Style:
    """Draw a style. With ``wanted="plain"`` nothing varies."""
    name = rng.choice(families_of(split, wanted))
    family = FAMILIES[name]
    vary = 0.0 if name == "plain" else 1.0
    tones = {}
    for colour, (hue, saturation, lightness) in COLOURS.items():
        turn, s, l = rng.uniform(-5, 5) * vary, rng.uniform(-0.06, 0.06) * vary, rng.uniform(-0.025, 0.025) * vary
        if hue is None:
            tones[colour] = (0.0, 0.0, lightness + l * 0.6)
        else:
            tones[colour] = ((hue + turn) % 360, min(1.0, saturation + s), lightness + l)
    return Style(
        family=name,
        dark=family.dark,
        background=rng.choice(family.backgrounds),
        ink=family.ink,
        muted=family.muted,
        accent=family.accent,
        panel=family.panel,
        texture=rng.choice(family.textures),
        font=rng.choice(family.fonts),
        line=rng.uniform(*family.line),
        corner=rng.uniform(*family.corner),
        tones=MappingProxyType(tones),
        seed=digest(name, rng.integer(0, 2**53)) if vary else "plain",
    )


def mix(colour: str, other: str, share: float) -> str:
    """A colour with a share (0 to 1) of another mixed in; both ``#rrggbb``."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def brightness(colour: str) -> float:
    """How bright a colour looks, 0 (black) to 1 (white): the luma of ITU-R BT.709."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _hex(hue: float, saturation: float, lightness: float) -> str:
    red, green, blue = colorsys.hls_to_rgb(hue / 360, max(0.0, min(1.0, lightness)), saturation)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
