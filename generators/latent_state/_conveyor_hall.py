"""Lanes and a belt in space and time, and how they look."""

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

BELT, ROOM, SHAFT, LABEL = "belt", 5.25, 6.05, 7.22
"""Half the length of a lane, and how far from the middle are the shafts, in which parcels go up and down, and the labels."""
PARCELS = {
    False: ("#e0b070", "#8fb8de", "#c8b6a6", "#a7c4a0", "#e5989b"),
    True: ("#5b7c99", "#8a6d3b", "#4f7a5b", "#8c5a6e", "#6b6f8a"),
}
"""Colours of parcels, by whether the table is dark."""


class Hall(Generic[S]):
    """The lanes in space and time: they flow to the right, the belt below them to the left."""

    def __init__(self, life: Life[S], rng: Rng) -> None:
        self.rng = rng
        self.show: Showing[S] = Showing(life, rng)
        first = life.rules.values(life.walk.states[0])
        self.slot = 2 * ROOM / int(life.params.model_dump()["room"])
        apart = min(8.0 / len(first), 1.75)
        self.y = {name: ((len(first) - 1) / 2 - i) * apart for i, name in enumerate(first)}
        self.size = (min(0.84 * self.slot, 0.8 * apart), 0.66 * apart)
        filled = listed(first)
        self.letters = sorted(letter for queue in filled.values() for letter in queue)
        # Which parcel carries which letter is told by neither its name nor its turn in drawing.
        names = rng.shuffled([f"parcel-{i + 1}" for i in range(len(self.letters))])
        under = {letter: names.pop() for queue in filled.values() for letter in queue}
        self.queues = {name: [under[letter] for letter in queue] for name, queue in filled.items()}
        line = self.show.line
        spots = {parcel: self.spot(name, i) for name, queue in self.queues.items() for i, parcel in enumerate(queue)}
        for parcel in sorted(spots):
            line.add(parcel, spots[parcel], self.size, z=2)
        side = 0.7 * self.size[1]
        for letter in self.letters:
            line.add(f"letter {letter}", spots[under[letter]], (side, side), z=3, solid=False, opacity=0.0)
            line.tie(f"letter {letter}", under[letter])
        for name in self.lanes:
            for kind, x in (("merge", SHAFT), ("split", -SHAFT)):
                line.add(f"{kind}-{name}", (x, self.y[name]), (0.9, 0.9), z=4, solid=False, opacity=0.0)

    @property
    def lanes(self) -> list[str]:
        return [name for name in self.y if name != BELT]

    def spot(self, name: str, behind: int) -> tuple[float, float]:
        """The place of the parcel that waits behind so many."""
        x = ROOM - (behind + 0.5) * self.slot
        return (-x if name == BELT else x, self.y[name])

    def layout(self) -> Layout:
        things = [Thing(id=f"parcel-{i + 1}", kind="parcel") for i in range(len(self.letters))]
        for letter in self.letters:
            attributes: dict[str, JsonValue] = {"letter": letter}
            things.append(Thing(id=f"letter {letter}", kind="letter", attributes=attributes, shape_fills_box=False))
        for kind in ("merge", "split"):
            things += [Thing(id=f"{kind}-{name}", kind="sign", shape_fills_box=False) for name in self.lanes]
        self.show.play(self.reveal, self.operate, {"shake": self.shake, "feint": self.feint})
        return self.show.layout(things, y=self.y, parcel=self.size)

    def reveal(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]:
        return self.show.fade((f"letter {letter}" for letter in self.letters), start, up, down, end)

    def operate(self, operation: Operation, start: float, end: float) -> tuple[str, ...]:
        line, name, span = self.show.line, operation.objects[0], end - start
        sign = f"{operation.kind}-{name}"
        line.change(sign, "opacity", 1.0, start, round(start + 0.1, 3))
        line.change(sign, "opacity", 0.0, end, round(end + 0.1, 3))
        source, to = (name, BELT) if operation.kind == "merge" else (BELT, name)
        x = SHAFT if operation.kind == "merge" else -SHAFT
        parcel, *rest = self.queues[source]
        times = [start, *(round(start + share * span, 3) for share in (0.25, 0.55, 0.95))]
        way = ((x, self.y[source]), (x, self.y[to]), self.spot(to, len(self.queues[to])))
        for place, begin, arrive in zip(way, times[:-1], times[1:], strict=True):
            line.move(parcel, place, begin, arrive)
        for behind, follower in enumerate(rest):
            line.move(follower, self.spot(source, behind), times[1], round(start + 0.6 * span, 3))
        self.queues[source], self.queues[to] = rest, [*self.queues[to], parcel]
        return (sign,)

    def shake(self, start: float, end: float) -> tuple[str, ...]:
        parcel = self.rng.choice([parcel for queue in self.queues.values() for parcel in queue])
        gestures.shake(self.show.line, parcel, start, end, 0.05 * self.slot)
        return (parcel,)

    def feint(self, start: float, end: float) -> tuple[str, ...]:
        name = self.rng.choice([name for name, queue in self.queues.items() if queue])
        parcel = self.queues[name][0]
        towards = (-SHAFT if name == BELT else SHAFT, self.y[name])
        gestures.feint(self.show.line, parcel, towards, start, end, 0.4 * self.slot)
        return (parcel,)


def draw_hall(layout: Layout, stage: Any, style: Style) -> None:
    """Put the lanes on a stage."""
    from manim import RoundedRectangle

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon, symbol

    top = draw_table(stage, style)
    width, height = layout.details["parcel"]
    fill = style.pick("parcels", PARCELS[brightness(top) < 0.5])
    ink = "#1b1b1b" if brightness(fill) > 0.5 else "#f6f6f2"
    rows = layout.details["y"]
    track, mark = mix(top, style.ink, 0.16), mix(top, style.ink, 0.4)
    plain = {"fill_color": track, "fill_opacity": 1, "stroke_width": 0}
    low, high = rows[BELT], max(rows.values())
    for x in (-SHAFT, SHAFT):
        shaft = RoundedRectangle(width=1.25 * height, height=high - low + 1.25 * height, corner_radius=0.1, **plain)
        stage.backdrop(shaft.shift((x, (low + high) / 2, 0.0)))
    for name, y in rows.items():
        stage.backdrop(
            RoundedRectangle(width=2 * SHAFT, height=1.25 * height, corner_radius=0.1, **plain).shift((0.0, y, 0.0))
        )
        way = -1 if name == BELT else 1
        for x in range(-4, 5, 2):  # the way in which the queue moves
            points = [(way * dx + x, dy + y) for dx, dy in ((-0.12, 0.18), (0.12, 0.0), (-0.12, -0.18))]
            stage.backdrop(polygon(points, mark))
        for x in (-LABEL, LABEL):
            text = lettering(
                name, 0.38 if name == BELT else 0.62, style.ink, font=style.font, cut="bold", at=(x, y), on_line=True
            )
            stage.backdrop(text)
    edge = {"stroke_color": mix(fill, "#000000", 0.45), "stroke_width": 2.5 * style.line}
    round_ = style.pick("corners", (0.04, 0.12, 0.24)) * height
    parcel = RoundedRectangle(width=width, height=height, corner_radius=round_, fill_color=fill, fill_opacity=1, **edge)
    for thing in layout.objects:
        if thing.kind == "parcel":
            stage.add(thing.id, parcel)
        elif thing.kind == "sign":
            stage.add(thing.id, symbol("arrow", 0.9, style.accent).rotate(-1.5707963267948966))
        elif thing.kind == "letter":
            letter = str(thing.attributes["letter"])
            stage.add(thing.id, lettering(letter, 0.85 * height, ink, font=style.font, cut="bold"))
    draw_passing(layout, stage, style)
