"""A score in space and time: cards that say what sounds how, signs that say what goes on, flashes, glimmers, and the sound."""

from pydantic import JsonValue

from generators.mathematical._tone_score import Score
from morse.layout import Layout
from morse.schema import Event, State, Thing, Tone
from morse.seeding import Rng
from morse.timeline import Timeline

NOISE = "noise"
"""What the card is called that stands for what is no tone."""
CARD, GAP, TOP = 1.36, 0.16, 3.42
"""Side of a card, the space between two, and how high they stand."""
SIGN = (4.0, 1.36)
SCREEN = (15.2, 5.75)
MIDDLE = -0.42
"""The screen on which flashes come, and how high its middle is."""
FLASH, GLIMMER = 2.7, 0.8
"""Diameters."""
INTRODUCED, LIT = 1.25, 0.85
"""Seconds from one card to the next, and for which it is lit and sounds."""
LEAD = 1.0
FADE = 0.05
SIGNS = {"listen": "The tones", "count": "Count", "pattern": "Pattern"}
"""Sign → what it says: while tones are introduced, from when on everything counts, from when on tones follow a pattern."""


class Show:
    """Places and times of a score."""

    def __init__(self, score: Score, rng: Rng) -> None:
        self.score, self.rng = score, rng
        cards = [*rng.fork("cards").shuffled(score.names), NOISE]
        self.cards = cards
        self.zero = round(LEAD + INTRODUCED * len(cards) + 0.6, 3)
        self.line = Timeline(round(self.zero + score.ends, 3))
        self.events: list[Event] = []
        self.sounds: list[Tone] = []

    def layout(self) -> Layout:
        things = [*self.introduce(), *self.flash(), *self.glimmer()]
        self.play()
        loop = self.score.beats[self.score.looped].start + self.zero
        turns = [0.0, self.zero, round(loop - 0.6, 3), self.line.duration]
        states = []
        for number, (name, says) in enumerate(SIGNS.items()):
            actor = f"sign {name}"
            self.line.add(actor, (-8 + 0.4 + SIGN[0] / 2, TOP), SIGN, z=2, tracked=False, opacity=float(number == 0))
            if number:
                self.line.change(actor, "opacity", 1.0, turns[number] - 0.15, turns[number])
            if number < 2:
                self.line.change(actor, "opacity", 0.0, turns[number + 1] - 0.15, turns[number + 1])
            values: dict[str, JsonValue] = {"sign": says}
            states.append(State(start=turns[number], end=turns[number + 1], values=values, shown=True))
        self.line.add("sign", (-8 + 0.4 + SIGN[0] / 2, TOP), SIGN, z=1)
        self.line.add("screen", (0.0, MIDDLE), SCREEN, z=0)
        self.line.add("hint", (0.0, -3.92), (15.2, 0.7), z=1, tracked=False)
        things += [Thing(id="sign", kind="sign"), Thing(id="screen", kind="screen")]
        events = tuple(sorted(self.events, key=lambda event: (event.start, event.kind)))
        return Layout(
            self.line, tuple(things), events, tuple(states), {"zero": self.zero}, sounds=tuple(self.sounds)
        )  # fmt: skip

    def introduce(self) -> list[Thing]:
        """The cards light up one after another, each with its sound."""
        left = 8 - 0.4 - len(self.cards) * (CARD + GAP) + GAP + CARD / 2
        things = []
        for number, name in enumerate(self.cards):
            start = round(LEAD + INTRODUCED * number, 3)
            self.line.add(name, (left + number * (CARD + GAP), TOP), (CARD, CARD), z=2, lit=0.0)
            self.line.change(name, "lit", 1.0, start, start + FADE)
            self.line.change(name, "lit", 0.0, start + LIT - FADE, start + LIT)
            self.sound(name, start, LIT, "introduces")
            kind = "noise" if name == NOISE else "tone"
            things.append(Thing(id=name, kind=kind, attributes={"mark": name}, shape_fills_box=False))
        return things

    def play(self) -> None:
        """The sounds of all beats."""
        for beat in self.score.beats:
            start = round(self.zero + beat.start, 3)
            if beat.tone is not None:
                self.sound(self.score.names[beat.tone], start, beat.lasts, "tone")
            if beat.noise:
                self.sound(NOISE, start, beat.lasts, "noise")

    def sound(self, name: str, start: float, seconds: float, kind: str) -> None:
        score = self.score
        if name == NOISE:
            self.sounds.append(Tone(start=start, seconds=seconds, pitch=104.0, timbre=score.noise))
        else:
            pitch = score.pitches[score.names.index(name)]
            self.sounds.append(Tone(start=start, seconds=seconds, pitch=pitch, timbre=score.timbre))
        self.tell(kind, (name,), start, start + seconds)

    def flash(self) -> list[Thing]:
        things = []
        rng = self.rng.fork("spots")
        flashes = [(beat.flash or "", self.zero + beat.start, beat.lasts) for beat in self.score.flashes]
        for label, begins, lasts in self.rng.fork("order").shuffled(flashes):  # not in the order of their coming
            at = (rng.uniform(-4.6, 4.6), MIDDLE + rng.uniform(-1.35, 1.35))
            start, end = round(begins, 3), round(begins + lasts, 3)
            self.line.add(label, at, (FLASH, FLASH), z=5, round=True, opacity=0.0)
            self.line.change(label, "opacity", 1.0, start, start + FADE, ease="linear")
            self.line.change(label, "opacity", 0.0, end - FADE, end, ease="linear")
            self.tell("flash", (label,), start, end)
            things.append(Thing(id=label, kind="flash", attributes={"label": label}))
        return things

    def glimmer(self) -> list[Thing]:
        """Faint lights at the sides, without a label, at times of their own."""
        rng, things = self.rng.fork("glimmers"), []
        for number in range(1, self.score.params.decoys // 2 + 1):
            side, start = rng.choice((-1, 1)), round(rng.uniform(self.zero, self.line.duration - 1.5), 3)
            name, end = f"glimmer {number}", round(start + rng.uniform(0.6, 1.0), 3)
            at = (side * rng.uniform(6.3, 6.9), MIDDLE + rng.uniform(-2.2, 2.2))
            self.line.add(name, at, (GLIMMER, GLIMMER), z=4, round=True, opacity=0.0)
            self.line.change(name, "opacity", 0.7, start, start + 0.15, ease="linear")
            self.line.change(name, "opacity", 0.0, end - 0.15, end, ease="linear")
            self.tell("glimmer", (name,), start, end)
            things.append(Thing(id=name, kind="glimmer"))
        return things

    def tell(self, kind: str, objects: tuple[str, ...], start: float, end: float) -> None:
        number = sum(event.kind == kind for event in self.events) + 1
        self.events.append(
            Event(id=f"{kind} {number}", kind=kind, objects=objects, start=round(start, 3), end=round(end, 3))
        )
