"""Cups and coins in space and time, and how they look."""

from typing import Any

from pydantic import JsonValue

from generators.latent_state._hidden_looks import draw_passing, draw_table
from generators.latent_state._hidden_show import Showing
from generators.latent_state._hidden_state import Life, Operation
from morse import gestures
from morse.layout import Layout
from morse.schema import Thing
from morse.seeding import Rng
from morse.style import Style, brightness, mix

Cups = tuple[tuple[int, ...], ...]
"""The coins in each cup, by their worth, smallest first."""
WORTHS = {1: "brown", 2: "grey", 5: "yellow", 10: "cyan", 20: "pink", 50: "green"}
"""What coins are worth, and their colours (the number stands on each)."""
BODIES = ("#b5533c", "#3f6f8f", "#6b7a3a", "#7a4f8a", "#8c6239", "#4d5a6b")


class Table:
    """The cups in space and time."""

    def __init__(self, life: Life[Cups], rng: Rng) -> None:
        self.rng, self.names = rng, [*life.rules.values(life.seen)]
        self.show: Showing[Cups] = Showing(life, rng)
        count = len(self.names)
        columns = count if count <= 5 else -(-count // 2)
        rows = -(-count // columns)
        wide, high = min(15.0 / columns, 3.6), 8.2 / rows if rows > 1 else 5.0
        self.cup = (min(0.72 * wide, 2.3), min(0.5 * high, 2.3))
        self.coin = min(self.cup[0] / 2.9, self.cup[1] / 2.3)
        self.spots: dict[str, tuple[float, float]] = {}
        self.things: list[Thing] = []
        line = self.show.line
        for i, name in enumerate(self.names):
            row = i // columns
            inside = min(columns, count - row * columns)
            x = (i % columns - (inside - 1) / 2) * wide
            y = ((rows - 1) / 2 - row) * high - 0.35
            self.spots[name] = (x, y)
            line.add(f"cup {name} inside", (x, y), self.cup, z=2, tracked=False, solid=False, opacity=0.0)
            line.add(f"cup {name}", (x, y), self.cup, z=6)
            line.add(f"cup {name} name", (x, y - self.cup[1] / 2 - 0.4), (0.5, 0.5), z=1, tracked=False, solid=False)
            self.things.append(Thing(id=f"cup {name}", kind="cup", attributes={"name": name}))
        for name, coins in zip(self.names, life.seen, strict=True):
            for k, worth in enumerate(coins):
                x, y = self.spots[name]
                at = (x + (k % 2 - 0.5) * 1.12 * self.coin, y + (k // 2 - 0.55) * 1.08 * self.coin)
                self._add_coin(f"coin {k + 1} in {name}", worth, at, z=4)

    def layout(self) -> Layout:
        self.show.play(self.reveal, self.carry, {"shake": self.shake, "tilt": self.tilt})
        return self.show.layout(self.things, cup=self.cup, coin=self.coin)

    def reveal(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]:
        lying = [thing.id for thing in self.things if thing.id.startswith("coin ")]
        shut = None if down is None else end  # what lies inside is there for as long as a cup is not quite closed
        self.show.fade((*lying, *(f"cup {name} inside" for name in self.names)), start, start, shut, end)
        self.show.fade((f"cup {name}" for name in self.names), start, up, down, end, to=0.0)
        return tuple(name for name in lying if " in " in name)

    def carry(self, operation: Operation, start: float, end: float) -> tuple[str, ...]:
        """A coin and an arrow that shows its way: above one cup, or from above one to above another."""
        worth, *cups = operation.objects
        lift = self.cup[1] / 2 + 0.65 * self.coin
        above = [(self.spots[cup][0], self.spots[cup][1] + lift) for cup in cups]
        number = len(self.show.events)
        coin, arrow = f"coin carried {number}", f"arrow {number}"
        high = (above[0][0], above[0][1] + 0.5 * self.coin)
        ends = {"add": (high, above[0]), "take": (above[0], high), "move": (above[0], above[-1])}[operation.kind]
        self._add_coin(coin, int(worth), ends[0], z=10)
        line = self.show.line
        if operation.kind == "move":
            x, y = ((ends[0][i] + ends[1][i]) / 2 for i in (0, 1))
            across, up = (0.86 * (ends[1][i] - ends[0][i]) for i in (0, 1))
        else:
            x, y = above[0][0] + 0.85 * self.coin, above[0][1] + 0.25 * self.coin
            across, up = 0.0, -1.1 * self.coin if operation.kind == "add" else 1.1 * self.coin
        side = (max(abs(across), 0.3), max(abs(up), 0.3))
        line.add(arrow, (x, y), side, z=9, solid=False, opacity=0.0)
        ways: dict[str, JsonValue] = {"across": round(across, 3), "up": round(up, 3)}
        self.things.append(Thing(id=arrow, kind="arrow", attributes=ways, shape_fills_box=False))
        seen, gone = round(start + 0.15, 3), round(end - 0.1, 3)
        for name in (coin, arrow):
            line.change(name, "opacity", 1.0, start, seen)
            line.change(name, "opacity", 0.0, gone, end)
        most = round(gone - 0.2, 3)  # the tip of the arrow stays in sight until the coin is nearly there
        line.move(coin, (0.5 * (ends[0][0] + ends[1][0]), 0.5 * (ends[0][1] + ends[1][1])), seen, most)
        line.move(coin, ends[1], most, gone)
        return (coin, arrow)

    def shake(self, start: float, end: float) -> tuple[str, ...]:
        cup = f"cup {self.rng.choice(self.names)}"
        gestures.shake(self.show.line, cup, start, end, 0.06 * self.cup[0])
        return (cup,)

    def tilt(self, start: float, end: float) -> tuple[str, ...]:
        cup = f"cup {self.rng.choice(self.names)}"
        gestures.tilt(self.show.line, cup, start, end, 0.08 * self.rng.choice((-1, 1)))
        return (cup,)

    def _add_coin(self, name: str, worth: int, at: tuple[float, float], z: float) -> None:
        self.show.line.add(name, at, (self.coin, self.coin), z=z, round=True, solid=False, opacity=0.0)
        self.things.append(Thing(id=name, kind="coin", attributes={"worth": worth, "colour": WORTHS[worth]}))


def draw_coins(layout: Layout, stage: Any, style: Style) -> None:
    """Put the cups and the coins on a stage."""
    from manim import Arrow, Circle, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    top = draw_table(stage, style)
    (width, height), coin = layout.details["cup"], layout.details["coin"]
    body = style.pick("body", BODIES)
    if abs(brightness(body) - brightness(top)) < 0.15:
        body = mix(body, "#ffffff", 0.45)
    glass = {"fill_color": mix(top, body, 0.12), "fill_opacity": 1, "stroke_color": body, "stroke_width": 5}
    corners = [(-0.42, -0.5), (0.42, -0.5), (0.5, 0.5), (-0.5, 0.5)]
    side = [(x * width, y * height) for x, y in corners]
    shades = [mix(body, "#000000", 0.15), mix(body, "#ffffff", 0.18), body, mix(body, "#000000", 0.25)]
    edge = {"stroke_color": mix(body, "#000000", 0.5), "stroke_width": 3}
    band = style.pick("band", (0.0, 0.1, 0.22))
    for thing in layout.objects:
        if thing.kind == "cup":
            look = [polygon(side, shades, **edge)]
            if band:
                look.append(
                    RoundedRectangle(
                        width=0.9 * width,
                        height=band * height,
                        corner_radius=0.02,
                        fill_color=mix(body, top, 0.7),
                        fill_opacity=1,
                        stroke_width=0,
                    )
                )
            stage.add(thing.id, VGroup(*look))
            stage.add(f"{thing.id} inside", polygon(side, glass["fill_color"], stroke_color=body, stroke_width=5))
            name = str(thing.attributes["name"])
            stage.add(f"{thing.id} name", lettering(name, 0.5, style.ink, font=style.font, cut="bold", on_line=True))
        elif thing.kind == "coin":
            hue = style.colour(str(thing.attributes["colour"]))
            rim = {"stroke_color": mix(hue, "#000000", 0.5), "stroke_width": 3}
            ink = "#141414" if brightness(hue) > 0.42 else "#ffffff"
            worth = lettering(str(thing.attributes["worth"]), 0.56 * coin, ink, cut="bold", most_width=0.66 * coin)
            stage.add(thing.id, VGroup(Circle(coin / 2, fill_color=hue, fill_opacity=1, **rim), worth))
        elif thing.kind == "arrow":
            across, up = (float(str(thing.attributes[side])) for side in ("across", "up"))
            start, end = (-across / 2, -up / 2, 0.0), (across / 2, up / 2, 0.0)
            arrow = Arrow(
                start,
                end,
                buff=0,
                color=style.accent,
                stroke_width=8,
                max_stroke_width_to_length_ratio=20,
                max_tip_length_to_length_ratio=0.4,
                tip_length=0.3,
            )
            stage.add(thing.id, arrow)
    draw_passing(layout, stage, style)
