"""Texts on strips in space and time: beside marks, on their way, typed and erased letter by letter, covered, edited."""

from pydantic import JsonValue

from generators.temporal._text_world import COVERED, MARKS, PREFIX, Item, Stream
from morse.errors import Rejected
from morse.layout import Layout
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

COLUMNS, ROWS = (-5.0, 0.0, 5.0), (2.25, -1.35)
"""Where marks stand."""
MARK, HIGH = 0.86, 1.06
"""Side of a mark, and height of a strip."""
WIDE = 0.62
"""Width that a strip needs for each character, and for its two ends together."""
BELOW = 1.14
"""How far below a mark the strip beside it is."""
BAR = (0.0, -3.86)
"""Where the line is on which a text is typed once more."""
LETTER = 0.22
"""Seconds for each letter that is typed or erased."""
FADE = 0.06
REACH = {"left": (4.2, 6.0), "right": (4.2, 6.0), "up": (3.0, 4.0), "down": (3.0, 4.0)}
"""How far texts move."""
STEPS = {"left": (-1, 0), "right": (1, 0), "up": (0, 1), "down": (0, -1)}
TOP, BOTTOM, SIDE = 4.2, -3.1, 7.7
"""Within which edges texts move."""


def width(letters: int) -> float:
    """How wide a strip is."""
    return WIDE * (letters + 1)


class Show:
    """The strips of a clip."""

    def __init__(self, stream: Stream, rng: Rng) -> None:
        self.stream, self.rng = stream, rng
        self.line = Timeline(stream.seconds)
        self.size = (width(stream.params.length), HIGH)
        self.events: list[Event] = []
        self.taken: list[tuple[float, float, str]] = []
        """From when to when which strips are there, for those that come later to keep out of their way."""

    def layout(self) -> Layout:
        things = []
        places = [(x, y) for y in ROWS for x in COLUMNS]
        rng = self.rng.fork("marks")
        self.places: dict[str, tuple[float, float]] = {}
        for mark, (x, y) in zip(rng.shuffled(MARKS), places, strict=True):
            self.places[mark] = (x + rng.uniform(-0.15, 0.15), y + rng.uniform(-0.12, 0.12))
            self.line.add(mark, self.places[mark], (MARK, MARK), z=1)
            things.append(Thing(id=mark, kind="mark", attributes={"mark": mark}, shape_fills_box=False))
        items = self.stream.items
        for item in sorted(items, key=lambda item: item.moves):  # those that stand have their places first
            self.come(item.reads, item)
        for item in sorted(items, key=lambda item: item.reads):
            says: dict[str, JsonValue] = {"reads": item.reads, "later": item.later or item.reads}
            things.append(Thing(id=item.reads, kind="text", attributes=says, shape_fills_box=False))
        things += [*self.decoys(), self.type_again()]
        events = tuple(sorted(self.events, key=lambda event: (event.start, event.id)))
        states = (State(start=0.0, end=self.line.duration, values={"marks": [*MARKS]}, shown=True),)
        ways = {item.reads: item.way for item in items}
        return Layout(self.line, tuple(things), events, states, {"ways": ways})

    def come(self, name: str, item: Item) -> None:
        """One text, from its coming to its going."""
        start, end, line = item.start, item.end, self.line
        letters = float(len(item.reads))
        if item.moves:
            at, to = self.way_for(item)
        else:
            x, y = self.places[item.mark]
            at = to = (x, y - BELOW)
        first = 0.0 if item.way == "typed" else letters
        line.add(name, at, self.size, z=3, opacity=0.0, letters=first, edited=0.0)
        if item.moves:
            line.move(name, to, start, end, ease="linear")
        self.taken.append((start, end, name))
        line.change(name, "opacity", 1.0, start, start + FADE, ease="linear")
        line.change(name, "opacity", 0.0, end - FADE, end, ease="linear")
        if item.way == "typed":
            for number in range(1, int(letters) + 1):
                line.change(name, "letters", float(number), start + FADE + LETTER * number)
        if item.way == "erased":
            for number in range(1, int(letters) + 1):
                line.change(name, "letters", letters - number, end - FADE - LETTER * (letters + 1 - number))
        if item.later is not None:
            line.change(name, "edited", 1.0, item.edit)
            self.tell("edit", name, item.edit, item.edit)
        if item.way == "covered":
            self.cover(name, at, item)
        self.tell("text", name, start, end)

    def cover(self, name: str, at: tuple[float, float], item: Item) -> None:
        """A cloth comes over a text from the side and goes back."""
        cloth, third = f"cloth {name}", COVERED / 4
        size = (self.size[0] + 0.3, self.size[1] + 0.3)
        inwards = -1 if at[0] > 1 else 1 if at[0] < -1 else self.rng.fork(cloth).choice((-1, 1))
        far = (at[0] + 0.7 * inwards, at[1])
        self.line.add(cloth, far, size, z=5, opacity=0.0)
        start, end = item.edit, round(item.edit + COVERED, 3)
        self.line.change(cloth, "opacity", 1.0, start, start + third / 2, ease="linear")
        self.line.move(cloth, at, start, start + third)
        self.line.change(cloth, "opacity", 0.0, end - third / 2, end, ease="linear")
        self.line.move(cloth, far, end - third, end)
        self.tell("cover", name, start, end)

    def way_for(self, item: Item) -> tuple[tuple[float, float], tuple[float, float]]:
        """From where to where a text moves that meets no other on its way. Raises :class:`Rejected` where there is no room."""
        rng = self.rng.fork(f"way {item.start}")
        dx, dy = STEPS[item.way]
        half = (self.size[0] / 2, self.size[1] / 2)
        for _ in range(80):
            reach = rng.uniform(*REACH[item.way])
            x = rng.uniform(half[0] - SIDE, SIDE - half[0])
            y = rng.uniform(BOTTOM + half[1], TOP - half[1])
            to = (x + dx * reach, y + dy * reach)
            if abs(to[0]) > SIDE - half[0] or not BOTTOM + half[1] <= to[1] <= TOP - half[1]:
                continue
            if self.free((x, y), to, item.start, item.end):
                return (x, y), to
        raise Rejected("no room for a text to move")

    def free(self, at: tuple[float, float], to: tuple[float, float], start: float, end: float) -> bool:
        """Whether a strip meets no other while it moves."""
        steps = 13
        for i in range(steps):
            share = i / (steps - 1)
            time = start + share * (end - start)
            x, y = at[0] + share * (to[0] - at[0]), at[1] + share * (to[1] - at[1])
            for begins, ends, name in self.taken:
                if begins - 0.2 < time < ends + 0.2:
                    ox, oy = self.line.place(name, min(max(time, begins), ends))
                    if abs(x - ox) < self.size[0] + 0.3 and abs(y - oy) < self.size[1] + 0.25:
                        return False
        return True

    def decoys(self) -> list[Thing]:
        """Strips with bars instead of characters, which come and go too."""
        rng, things = self.rng.fork("decoys"), []
        for _ in range(self.stream.params.decoys):
            for _ in range(40):  # without room there is one strip less
                start = round(rng.uniform(0.8, self.stream.typing - 3.0), 3)
                end = round(start + rng.uniform(1.6, 2.6), 3)
                at = (
                    rng.uniform(self.size[0] / 2 - SIDE, SIDE - self.size[0] / 2),
                    rng.uniform(BOTTOM + HIGH / 2, TOP - HIGH / 2),
                )
                away = all(
                    abs(at[0] - x) > self.size[0] / 2 + 0.6 or abs(at[1] - y) > HIGH / 2 + 0.6
                    for x, y in self.places.values()
                )
                if away and self.free(at, at, start, end):
                    break
            else:
                continue
            name = f"strip {len(things) + 1}"
            self.line.add(name, at, self.size, z=2, opacity=0.0)
            self.line.change(name, "opacity", 1.0, start, start + FADE, ease="linear")
            self.line.change(name, "opacity", 0.0, end - FADE, end, ease="linear")
            self.taken.append((start, end, name))
            self.tell("strip", name, start, end)
            things.append(Thing(id=name, kind="strip"))
        return things

    def type_again(self) -> Thing:
        """At the end the first characters of one of the texts are typed on a line at the bottom."""
        stream = self.stream
        start, end = stream.typing, self.line.duration
        self.line.add("line", BAR, (9.0, 0.86), z=3, opacity=0.0, letters=0.0)
        self.line.change("line", "opacity", 1.0, start, start + FADE, ease="linear")
        for number in range(1, PREFIX + 1):
            self.line.change("line", "letters", float(number), round(start + 0.3 * number, 3))
        self.tell("retyped", "line", start, end)
        prefix = stream.items[stream.typed].reads[:PREFIX]
        return Thing(id="line", kind="line", attributes={"typed": prefix}, shape_fills_box=False)

    def tell(self, kind: str, name: str, start: float, end: float) -> None:
        number = sum(event.kind == kind for event in self.events) + 1
        self.events.append(
            Event(id=f"{kind} {number}", kind=kind, objects=(name,), start=round(start, 3), end=round(end, 3))
        )
