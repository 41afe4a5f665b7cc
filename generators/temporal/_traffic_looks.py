"""How a crossing with lights and cars looks from above."""

from typing import TYPE_CHECKING

import numpy as np

from generators.temporal._traffic_cars import BOX, LONG, WIDE
from generators.temporal._traffic_show import LAMP, LAMPS, LIGHT, ROAD, SPOTS
from morse.layout import Layout
from morse.style import Style, mix
from morse.timeline import HEIGHT, WIDTH

if TYPE_CHECKING:
    from matplotlib.path import Path

    from morse.stage.plot_stage import PlotStage

LIT = {"red": "#ff3b30", "amber": "#ffb000", "green": "#2fd65b"}
DARK = {"red": "#4a1512", "amber": "#4a3508", "green": "#0f3d1c"}
BODIES = ("#c8423b", "#3b6ea8", "#e3a72f", "#4f8f5b", "#8a5fa8", "#d9d9d4", "#3f4650", "#c9764a", "#4fa3ad")


def draw_crossing(layout: Layout, stage: "PlotStage", style: Style) -> None:
    """Put roads, pavements, lights, cars and walkers on a stage."""
    asphalt = style.pick("asphalt", ("#4b4f55", "#565a5e", "#43474f", "#5d5a57"))
    paint = style.pick("paint", ("#e9e9e2", "#dcdcd2", "#f2efe2"))
    ground = style.pick("ground", ("#7fa36a", "#93ad78", "#b9a67c", "#8a9b8f", "#6f9472"))
    if style.dark:  # at dusk
        ground, asphalt, paint = (
            mix(colour, "#141a2e", share) for colour, share in ((ground, 0.5), (asphalt, 0.45), (paint, 0.2))
        )
    _ground(stage, ground, asphalt, paint, style)
    for arm, (x, y) in SPOTS.items():
        _stop_line(stage, arm, (x, y), paint)
    letters: dict[str, str] = layout.details["letters"]
    for arm, letter in letters.items():
        _light(stage, f"light {letter}", letter, SPOTS[arm])
    hues = style.pick("bodies", (BODIES, BODIES[::-1], BODIES[3:] + BODIES[:3]))
    for place, thing in enumerate(layout.objects):
        if thing.kind == "car":
            number = str(thing.attributes["number"])
            hue = hues[(place * 4 + int(number)) % len(hues)]
            _car(stage, thing.id, f"number {number}", number, hue, place + int(number), style.dark)
        elif thing.kind == "walker":
            _walker(stage, thing.id, hues[(place * 2) % len(hues)])


def _ground(stage: "PlotStage", ground: str, asphalt: str, paint: str, style: Style) -> None:
    """Meadows, pavements and two roads that cross."""
    from matplotlib.path import Path

    w, h, side = WIDTH / 2, HEIGHT / 2, ROAD + 0.62
    stone = mix("#b9b6ae", "#141a2e", 0.45 if style.dark else 0.0)
    pavement = mix(stone, ground, style.amount("pavement", 0.0, 0.25))
    bars = ((w + 0.1, side), (side, h + 0.1)), ((w + 0.1, ROAD), (ROAD, h + 0.1))
    stage.polygon(None, [(-w, -h), (w, -h), (w, h), (-w, h)], ground, z=-9)
    blades = mix(ground, "#000000", 0.1)
    for i in range(70):
        x, y = style.amount(f"blade x {i}", -w, w), style.amount(f"blade y {i}", -h, h)
        stage.polygon(None, [(x, y), (x + 0.07, y + 0.2), (x + 0.12, y)], blades, z=-8.5)
    for colour, z, (flat, tall) in zip((pavement, asphalt), (-8, -7), bars, strict=True):
        for a, b in (flat, tall):
            stage.polygon(None, [(-a, -b), (a, -b), (a, b), (-a, b)], colour, z=z)
    for sign in (-1, 1):
        for a, b in ((BOX, w), (BOX, h)):
            along = [(sign * a, 0.0), (sign * b, 0.0)] if b == w else [(0.0, sign * a), (0.0, sign * b)]
            stage.line(None, along, paint, 0.06, dashes=(0.5, 0.4), z=-6)
    for i in range(style.pick("trees", (4, 6, 8))):
        sx, sy = (-1, 1)[i % 2], (-1, 1)[i // 2 % 2]
        at = (sx * style.amount(f"tree x {i}", 4.6, 7.6), sy * style.amount(f"tree y {i}", 2.9, 4.2))
        green = mix("#2a4f3c" if style.dark else "#3f7a46", ground, style.amount(f"tree {i}", 0.0, 0.4))
        size = style.amount(f"tree size {i}", 0.5, 0.85)
        shadow = Path(np.asarray(Path.circle(radius=size).vertices) + at + (0.14, -0.14), Path.circle().codes)
        stage.outline(None, shadow, "#000000", strength=0.18, z=-5.5)
        for share in (1.0, 0.7, 0.4):
            crown = Path.circle(radius=size * share)
            moved = Path(np.asarray(crown.vertices) + at, crown.codes)
            stage.outline(None, moved, mix(green, "#ffffff", 0.12 * (1 - share)), z=-5)


def _stop_line(stage: "PlotStage", arm: str, spot: tuple[float, float], paint: str) -> None:
    """The stop line of an arm, and a foot that leads from it to its light."""
    near, far = 0.06, ROAD - 0.04
    x, y = spot
    line = {
        "north": [(-far, BOX), (-near, BOX)],
        "south": [(near, -BOX), (far, -BOX)],
        "east": [(BOX, near), (BOX, far)],
        "west": [(-BOX, -far), (-BOX, -near)],
    }[arm]
    stage.line(None, line, paint, 0.16, z=-6)
    for i in range(7):  # where walkers may cross, before the stop line
        a, b, side = -ROAD + 0.12 + i * 0.41, -ROAD + 0.32 + i * 0.41, 1 if arm in ("north", "east") else -1
        edges = (side * 1.5, side * 1.76)
        corners = [(a, edges[0]), (b, edges[0]), (b, edges[1]), (a, edges[1])]
        turned = [(v, u) for u, v in corners] if arm in ("east", "west") else corners
        stage.polygon(None, turned, paint, strength=0.6, z=-6.5)
    end = (np.sign(x) * ROAD, np.sign(y) * BOX) if arm in ("north", "south") else (np.sign(x) * BOX, np.sign(y) * ROAD)
    stage.line(None, [end, (x, end[1]) if arm in ("north", "south") else (end[0], y), spot], "#23262b", 0.09, z=-3)


def _light(stage: "PlotStage", actor: str, letter: str, spot: tuple[float, float]) -> None:
    """A box with three lamps, of which one is lit, and its letter on a plate beside it."""
    from matplotlib.path import Path

    from morse.stage.plot_stage import rounded

    def lamp_at(place: int, at: tuple[float, float] = (0.0, 0.0)) -> "Path":
        circle = Path.circle(radius=LAMP / 2)
        return Path(np.asarray(circle.vertices) + (at[0], at[1] + (1 - place) * (LAMP + 0.1)), circle.codes)

    case = rounded(*LIGHT, 0.16)
    case = Path(np.asarray(case.vertices) + spot, case.codes)
    stage.outline(None, case, "#17191d", edge="#f1f1ec", line=0.05, z=-3)
    for place, lamp in enumerate(LAMPS):
        stage.outline(None, lamp_at(place, spot), DARK[lamp], z=-2)
    lit = [lamp_at(place) for place in range(len(LAMPS))]
    stage.outline(
        actor,
        lit[0],
        LIT["red"],
        reshape=lambda values: lit[round(values["lamp"])],
        shade=lambda values: LIT[LAMPS[round(values["lamp"])]],
    )
    beside = (spot[0] + (0.78 if spot[0] > 0 else -0.78), spot[1])
    plate = rounded(0.72, 0.72, 0.12)
    stage.outline(
        None, Path(np.asarray(plate.vertices) + beside, plate.codes), "#f6f3e6", edge="#17191d", line=0.05, z=-2
    )
    stage.words(None, letter, 0.62, "#17191d", at=beside, cut="bold", z=-1)


def _car(stage: "PlotStage", actor: str, label: str, number: str, colour: str, form: int, dusk: bool) -> None:
    """A car that looks along its x axis, at dusk with light before it, and the plate with its number on the roof."""
    from matplotlib.path import Path

    from morse.stage.plot_stage import rounded

    rim, glass = mix(colour, "#ffffff" if dusk else "#000000", 0.4), "#22303c"
    if dusk:
        beam = [(0.6, -0.3), (1.42, -0.55), (1.42, 0.55), (0.6, 0.3)]
        stage.polygon(actor, beam, "#fff3b0", strength=0.16, z=2.5)
    corner = (0.3, 0.2, 0.12)[form % 3]
    stage.outline(actor, rounded(LONG, WIDE, corner), colour, edge=rim, line=0.05)
    w, l = WIDE / 2, LONG / 2
    panes = [
        [(l - 0.3, -w + 0.12), (l - 0.3, w - 0.12), (l - 0.44, w - 0.16), (l - 0.44, -w + 0.16)],
        [(-l + 0.1, -w + 0.14), (-l + 0.1, w - 0.14), (-l + 0.19, w - 0.16), (-l + 0.19, -w + 0.16)],
    ]
    stage.outline(actor, Path.make_compound_path(*(Path([*pane, pane[0]], closed=True) for pane in panes)), glass)
    lamps = [Path([(l - 0.14, side * w - 0.2 * side), (l - 0.02, side * w - 0.2 * side)]) for side in (-1, 1)]
    stage.outline(actor, Path.make_compound_path(*lamps), None, edge="#fff3b0", line=0.12)
    stage.outline(label, rounded(0.78, 0.56, 0.12), "#fdfcf6", edge="#17191d", line=0.03)
    stage.words(label, number, 0.52, "#111317", cut="bold")


def _walker(stage: "PlotStage", actor: str, colour: str) -> None:
    """Somebody from above: shoulders and a head."""
    from matplotlib.path import Path

    stage.outline(actor, Path.circle(radius=0.21), colour, edge="#1c1c1c", line=0.03)
    stage.outline(actor, Path.circle(radius=0.1), "#3a2a20")
