"""Stacks of tokens and their tray in space and time, and how they look."""

from collections.abc import Mapping
from typing import Any, Generic

from pydantic import JsonValue

from generators.latent_state._hidden_looks import draw_passing, draw_table
from generators.latent_state._hidden_show import Showing
from generators.latent_state._hidden_state import Life, Operation, S
from generators.latent_state._letter_rows import listed
from morse import gestures
from morse.layout import Layout
from morse.schema import Thing
from morse.seeding import Rng
from morse.style import Style, brightness, mix

KINDS = ("pop", "push", "swap")
FLOOR, LIFTED, SIGN = -3.0, 2.75, 3.6
"""Heights, in canvas units, on which tokens stand, at which they travel, and at which signs hang."""
TOKENS = {
    False: ("#e9c46a", "#8fb8de", "#c8b6a6", "#a7c4a0", "#e5989b"),
    True: ("#5b7c99", "#8a6d3b", "#4f7a5b", "#8c5a6e", "#6b6f8a"),
}
"""Colours of tokens, by whether the table is dark."""


class Rack(Generic[S]):
    """The stacks in space and time."""

    def __init__(self, life: Life[S], rng: Rng) -> None:
        self.rng, line = rng, (show := Showing(life, rng)).line
        self.show: Showing[S] = show
        first = life.rules.values(life.walk.states[0])
        room = int(life.params.model_dump()["room"])
        apart = min(14.8 / len(first), 2.9)
        self.width, self.height = 0.74 * apart, min(5.2 / room, 1.1)
        # More air before the tray, which is no stack.
        self.x = {
            name: (i - (len(first) - 1) / 2 + (0.12 if name == "tray" else -0.04)) * apart
            for i, name in enumerate(first)
        }
        filled = listed(first)
        self.letters = sorted(letter for stack in filled.values() for letter in stack)
        # Which token carries which letter is told by neither its name nor its turn in drawing.
        names = rng.shuffled([f"token-{i + 1}" for i in range(len(self.letters))])
        under = {letter: names.pop() for stack in filled.values() for letter in stack}
        self.stacks = {name: [under[letter] for letter in stack] for name, stack in filled.items()}
        spots = {token: self.spot(name, i) for name, stack in self.stacks.items() for i, token in enumerate(stack)}
        for token in sorted(spots):
            line.add(token, spots[token], (self.width, 0.9 * self.height), z=2)
        side = 0.6 * self.height
        for letter in self.letters:
            line.add(f"letter {letter}", spots[under[letter]], (side, side), z=3, solid=False, opacity=0.0)
            line.tie(f"letter {letter}", under[letter])
        for name in [name for name in first if name != "tray"]:
            line.add(f"sign-{name}", (self.x[name], SIGN), (1.0, 1.0), z=4, solid=False, opacity=0.0, kind=0)

    def spot(self, name: str, level: int) -> tuple[float, float]:
        """The place of the token with so many below it."""
        return (self.x[name], FLOOR + (level + 0.5) * self.height)

    def layout(self) -> Layout:
        things = [Thing(id=f"token-{i + 1}", kind="token") for i in range(len(self.letters))]
        for letter in self.letters:
            attributes: dict[str, JsonValue] = {"letter": letter}
            things.append(Thing(id=f"letter {letter}", kind="letter", attributes=attributes, shape_fills_box=False))
        things += [Thing(id=f"sign-{name}", kind="sign", shape_fills_box=False) for name in self.x if name != "tray"]
        self.show.play(self.reveal, self.operate, {"shake": self.shake, "feint": self.feint})
        return self.show.layout(things, x=self.x, token=(self.width, 0.9 * self.height))

    def reveal(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]:
        return self.show.fade((f"letter {letter}" for letter in self.letters), start, up, down, end)

    def operate(self, operation: Operation, start: float, end: float) -> tuple[str, ...]:
        line, name = self.show.line, operation.objects[0]
        sign, stack, tray = f"sign-{name}", self.stacks[name], self.stacks["tray"]
        line.change(sign, "kind", KINDS.index(operation.kind), start)
        line.change(sign, "opacity", 1.0, start, round(start + 0.2, 3))
        line.change(sign, "opacity", 0.0, end, round(end + 0.15, 3))
        if operation.kind == "swap":
            for token, level in ((stack[-1], len(stack) - 2), (stack[-2], len(stack) - 1)):
                line.move(token, self.spot(name, level), start, end, bend=0.52 * self.width / self.height)
            stack[-1], stack[-2] = stack[-2], stack[-1]
            return (sign,)
        source, to = (stack, tray) if operation.kind == "pop" else (tray, stack)
        token, x = source.pop(), self.x["tray" if to is tray else name]
        line_up, across = round(start + 0.3 * (end - start), 3), round(start + 0.65 * (end - start), 3)
        line.move(token, (line.last_place(token)[0], LIFTED), start, line_up)
        line.move(token, (x, LIFTED), line_up, across)
        line.move(
            token, self.spot("tray" if to is tray else name, len(to)), across, round(start + 0.95 * (end - start), 3)
        )
        to.append(token)
        return (sign,)

    def shake(self, start: float, end: float) -> tuple[str, ...]:
        token = self.top()
        gestures.shake(self.show.line, token, start, end, 0.05 * self.width)
        return (token,)

    def feint(self, start: float, end: float) -> tuple[str, ...]:
        token = self.top()
        x, y = self.show.line.last_place(token)
        gestures.feint(self.show.line, token, (x, y + 1), start, end, 0.6 * self.height)
        return (token,)

    def top(self) -> str:
        """Any token with none on it."""
        return self.rng.choice([stack[-1] for stack in self.stacks.values() if stack])


def draw_rack(layout: Layout, stage: Any, style: Style) -> None:
    """Put the stacks on a stage."""
    from manim import RoundedRectangle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import symbol

    top = draw_table(stage, style)
    width, height = layout.details["token"]
    fill = style.pick("tokens", TOKENS[brightness(top) < 0.5])
    ink = "#1b1b1b" if brightness(fill) > 0.5 else "#f6f6f2"
    wood = mix(top, style.ink, 0.45)
    for name, x in layout.details["x"].items():
        tray = name == "tray"
        base = {"fill_color": style.accent if tray else wood, "fill_opacity": 1, "stroke_width": 0}
        foot = RoundedRectangle(width=1.2 * width, height=0.16, corner_radius=0.06, **base)
        stage.backdrop(foot.shift((x, FLOOR - 0.1, 0.0)))
        size, below = (0.5 if tray else 0.6), (x, FLOOR - 0.62)
        stage.backdrop(lettering(name, size, style.ink, font=style.font, cut="bold", at=below, on_line=True))
    round_ = style.pick("corners", (0.1, 0.3, 0.48)) * height
    edge = {"stroke_color": mix(fill, "#000000", 0.45), "stroke_width": 2.5 * style.line}
    token = RoundedRectangle(width=width, height=height, corner_radius=round_, fill_color=fill, fill_opacity=1, **edge)

    def sign(channels: Mapping[str, float]) -> Any:
        kind = KINDS[round(channels["kind"])]
        up, down = symbol("arrow", 1.0, style.ink), symbol("arrow", 1.0, style.ink).rotate(3.141592653589793)
        if kind == "swap":
            return VGroup(up.scale(0.85).shift((-0.3, 0.0, 0.0)), down.scale(0.85).shift((0.3, 0.0, 0.0)))
        return up if kind == "pop" else down

    for thing in layout.objects:
        if thing.kind == "token":
            stage.add(thing.id, token)
        elif thing.kind == "sign":
            stage.add(thing.id, sign)
        elif thing.kind == "letter":
            letter = str(thing.attributes["letter"])
            stage.add(thing.id, lettering(letter, 0.8 * height, ink, font=style.font, cut="bold"))
    draw_passing(layout, stage, style)
