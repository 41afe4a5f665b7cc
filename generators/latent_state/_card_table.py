"""Piles of cards in space and time, and how they look."""

from typing import Any

from pydantic import JsonValue

from generators.latent_state._hidden_looks import draw_passing, draw_table
from generators.latent_state._hidden_show import Showing
from generators.latent_state._hidden_state import Life, Operation
from morse import gestures
from morse.layout import Layout
from morse.schema import Thing
from morse.seeding import Rng
from morse.style import Style, mix

Piles = tuple[tuple[str, ...], ...]
"""The cards of each pile, from the bottom to the top."""
SUITS = {"S": "♠", "H": "♥", "D": "♦", "C": "♣"}
BASE, PITCH, CARD_HEIGHT = -2.15, 0.7, 0.62
"""Where the bottom card lies, how far cards are apart, and how high they are, in canvas units."""
BACKS = ("#a63d40", "#2f5d8a", "#3d7a55", "#6c4f8f", "#8a5a2b", "#37474f")


class Table:
    """The piles in space and time. What a card is, is told by neither its name nor its turn in drawing."""

    def __init__(self, life: Life[Piles], rng: Rng) -> None:
        self.life, self.rng = life, rng
        self.show: Showing[Piles] = Showing(life, rng)
        count = len(life.seen)
        step = min(15.0 / count, 3.6)
        self.width = min(1.9, 0.68 * step)
        self.across = [(i - (count - 1) / 2) * step for i in range(count)]
        self.things: list[Thing] = []
        self.made = 0
        first, coming = life.walk.states[0], sum(operation.kind == "add" for operation in life.walk.operations)
        self.names = rng.shuffled([f"card-{i + 1}" for i in range(sum(map(len, first)) + coming)])
        self.piles = [
            [self._card(card, self._spot(i, k)) for k, card in enumerate(cards)] for i, cards in enumerate(first)
        ]

    def layout(self) -> Layout:
        self.show.play(self.reveal, self.act, {"shake": self.shake, "tilt": self.tilt})
        piles = [(str(i + 1), x) for i, x in enumerate(self.across)]
        # In the order in which they were made, cards would tell where they lay at first: in the records and in their turn of drawing.
        self.things.sort(key=lambda thing: (thing.kind, thing.id))
        self.show.line.actors = dict(sorted(self.show.line.actors.items()))
        return self.show.layout(self.things, width=self.width, piles=piles)

    def reveal(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]:
        return self.show.fade((f"face of {card}" for pile in self.piles for card in pile), start, up, down, end)

    def act(self, operation: Operation, start: float, end: float) -> tuple[str, ...]:
        """A card on its way, with an arrow; the pile that it leaves settles at the end."""
        *given, pile = operation.objects
        to, line = int(pile) - 1, self.show.line
        seen, gone = round(start + 0.15, 3), round(end - 0.35, 3)
        if operation.kind == "add":
            there = self._spot(to, len(self.piles[to]))
            here = (there[0], max(there[1] + 0.9, 3.55))
            after = self.life.walk.states[1 + sum(event.kind in ("add", "take", "move") for event in self.show.events)]
            card = self._card(after[to][-1], here, opacity=0.0)
            line.change(card, "opacity", 1.0, start, seen)
            self.piles[to].append(card)
        else:
            source = int(given[0]) - 1 if operation.kind == "move" else to
            card, here = self.piles[source].pop(0), self._spot(source, 0)
            there = (here[0], here[1] - 1.6)
            if operation.kind == "move":
                there = self._spot(to, len(self.piles[to]))
                self.piles[to].append(card)
            for k, other in enumerate(self.piles[source]):
                if other != card:
                    line.move(other, self._spot(source, k), gone, end)
        most = round(gone - 0.2, 3)  # the tip of the arrow stays in sight until the card is nearly there
        line.move(card, (0.5 * (here[0] + there[0]), 0.5 * (here[1] + there[1])), seen, most)
        line.move(card, there, most, gone)
        if operation.kind == "take":
            line.change(card, "opacity", 0.0, gone, end)
        if operation.kind != "move" and given:
            line.change(f"face of {card}", "opacity", 1.0, start, seen)
            line.change(f"face of {card}", "opacity", 0.0, gone, end)
        seen_of_it = f"face of {card}" if operation.kind != "move" and given else card
        return (seen_of_it, self._arrow(here, there, start, end))

    def shake(self, start: float, end: float) -> tuple[str, ...]:
        card = self.rng.choice([card for pile in self.piles for card in pile])
        gestures.shake(self.show.line, card, start, end, 0.12)
        return (card,)

    def tilt(self, start: float, end: float) -> tuple[str, ...]:
        card = self.rng.choice([card for pile in self.piles for card in pile])
        gestures.tilt(self.show.line, card, start, end, 0.09 * self.rng.choice((-1, 1)))
        return (card,)

    def _spot(self, pile: int, height: int) -> tuple[float, float]:
        return self.across[pile], BASE + PITCH * height

    def _card(self, card: str, at: tuple[float, float], opacity: float = 1.0) -> str:
        name = self.names[self.made]
        self.made += 1
        size = (self.width, CARD_HEIGHT)
        self.show.line.add(name, at, size, z=3, opacity=opacity)
        self.show.line.add(f"face of {name}", at, size, z=4, opacity=0.0)
        self.show.line.tie(f"face of {name}", name)
        self.things += [
            Thing(id=name, kind="card", shape_fills_box=False),  # one may lie over another like it
            Thing(id=f"face of {name}", kind="face", attributes={"card": card}),
        ]
        return name

    def _arrow(self, here: tuple[float, float], there: tuple[float, float], start: float, end: float) -> str:
        """An arrow along the way of a card, beside it where the way is straight up or down."""
        name = f"arrow {len(self.show.events)}"
        across, up = there[0] - here[0], there[1] - here[1]
        x, y = (here[0] + there[0]) / 2, (here[1] + there[1]) / 2
        if not across:
            x += self.width / 2 + 0.25
        side = (max(abs(across), 0.3), max(abs(up), 0.3))
        self.show.line.add(name, (x, y), side, z=9, solid=False, opacity=0.0)
        self.show.line.change(name, "opacity", 1.0, start, round(start + 0.15, 3))
        self.show.line.change(name, "opacity", 0.0, round(end - 0.15, 3), end)
        ways: dict[str, JsonValue] = {"across": round(across, 3), "up": round(up, 3)}
        self.things.append(Thing(id=name, kind="arrow", attributes=ways, shape_fills_box=False))
        return name


def draw_cards(layout: Layout, stage: Any, style: Style) -> None:
    """Put the piles on a stage."""
    from manim import Arrow, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    draw_table(stage, style)
    width = layout.details["width"]
    back = style.pick("back", BACKS)
    for name, x in layout.details["piles"]:
        label = lettering(name, 0.46, style.ink, font=style.font, cut="bold", at=(x, BASE - 0.72), on_line=True)
        stage.backdrop(label)
    size = {"width": width, "height": CARD_HEIGHT, "corner_radius": 0.1}
    line = {"stroke_color": mix(back, "#000000", 0.55), "stroke_width": 2.5}
    inner = style.pick("pattern", ("frame", "bar", "plain"))
    for thing in layout.objects:
        if thing.kind == "card":
            look = [RoundedRectangle(**size, fill_color=back, fill_opacity=1, **line)]
            if inner != "plain":
                share = 0.86 if inner == "frame" else 0.5
                within = {"width": share * width, "height": (0.66 if inner == "frame" else 0.22) * CARD_HEIGHT}
                light = {"stroke_color": mix(back, "#ffffff", 0.6), "stroke_width": 2.5, "fill_opacity": 0}
                look.append(RoundedRectangle(corner_radius=0.05, **within, **light))
            stage.add(thing.id, VGroup(*look))
        elif thing.kind == "face":
            card = str(thing.attributes["card"])
            ink = "#b3132b" if card[-1] in "HD" else "#15181c"
            text = lettering(f"{card[:-1]}{SUITS[card[-1]]}", 0.46, ink, cut="bold", on_line=True)
            stage.add(thing.id, VGroup(RoundedRectangle(**size, fill_color="#fbfaf5", fill_opacity=1, **line), text))
        elif thing.kind == "arrow":
            across, up = (float(str(thing.attributes[side])) for side in ("across", "up"))
            ends = ((-across / 2, -up / 2, 0.0), (across / 2, up / 2, 0.0))
            tips = {
                "max_tip_length_to_length_ratio": 0.5,
                "tip_length": 0.3,
                "max_stroke_width_to_length_ratio": 20,
            }
            stage.add(thing.id, Arrow(*ends, buff=0, color=style.accent, stroke_width=7, **tips))
    draw_passing(layout, stage, style)
