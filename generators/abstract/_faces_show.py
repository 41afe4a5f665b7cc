"""Persons in space and time: things are brought from one to another, and faces change."""

from generators.abstract._faces_world import MOODS, Deed, Story
from morse.gestures import tilt
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

HEAD, ITEM = 2.6, 1.3
"""Diameter of a head and size of a thing in canvas units, where persons stand in two rows."""
ROWS = {3: (3,), 4: (2, 2), 5: (3, 2), 6: (3, 3)}
PITCH, ROW = {2: 6.4, 3: 5.25}, 2.2
"""How far apart persons stand in a row of so many, and how far a row is from the middle."""
GROWN = 1.45
"""How much larger persons are where there is one row of them."""
UP, ASIDE, DOWN = 0.72, 1.92, -1.2
"""From the middle of a person up to that of the head, and to either side and down to where things are held."""
POP, HELD, FLOWN, DONE, FELT, STAYS, GONE = 0.2, 0.7, 1.35, 1.45, 1.65, 2.4, 2.6
"""Seconds from the start of a deed until the thing is there, sets out, has come, has its effect, the mood changes, it goes, it is gone."""
BEHIND, CLOSE, WAIT, FALLS = 0.9, 0.45, 0.3, 1.4
"""Seconds for which the curtain is down halfway, in which it goes up or down, until the next deed, and after which it falls upon the last."""
ASKED_AFTER = 0.1
"""Seconds after a thing is gone at which it may be asked whose mood changed last."""
CURTAIN = 9.4
"""How far up the curtain is while it is open."""


def middles(count: int) -> list[tuple[float, float]]:
    """Where so many persons stand."""
    rows = ROWS[count]
    ys = (0.0,) if len(rows) == 1 else (ROW, -ROW)
    return [(PITCH[n] * (i - (n - 1) / 2), y) for n, y in zip(rows, ys, strict=True) for i in range(n)]


class Show:
    """The clock of a clip with persons."""

    def __init__(self, story: Story, rng: Rng) -> None:
        self.story, self.rng, self.times = story, rng, rng.steady("times")
        self.line = Timeline(0.0)
        self.things: list[Thing] = []
        self.events: list[Event] = []
        self.starts: list[float] = []
        """When each deed begins."""
        self.grown = GROWN if len(story.persons) == 3 else 1.0
        self.middles = dict(zip(story.spots, middles(len(story.spots)), strict=True))
        count = len(story.deeds) + 1 + len(story.feints)
        self.names = [f"thing {i}" for i in rng.fork("names").shuffled(range(1, count + 1))]
        self.clock = 0.0

    def layout(self) -> Layout:
        story, line, pace = self.story, self.line, self.story.params.pace
        for who in story.persons:
            x, y = self.middles[who]
            side = HEAD * self.grown
            line.add(f"body {who}", (x, y), (3.4, 4.2), z=1, solid=False, tracked=False)
            line.add(who, (x, y + UP * self.grown), (side, side), z=2, round=True, solid=False, mood=0.0)
            self.things.append(Thing(id=who, kind="person", shape_fills_box=False))
        line.add("curtain", (0.0, CURTAIN), (16.8, 9.4), z=9, tracked=False)
        half = (len(story.deeds) + 1) // 2
        waits = [self.times.uniform(0.0, 0.2) for _ in story.deeds]
        for number in story.asked:  # nothing but faces is to be seen when it is asked whose mood changed last
            waits[number] += max(0.0, GONE + ASKED_AFTER + 0.3 - pace)
        lead, tail = self.times.uniform(1.0, 1.4), self.times.uniform(0.5, 0.8)
        slots = [pace + wait + pace * sum(b == i for b, *_ in story.feints) for i, wait in enumerate(waits)]
        # the middle of the clip lies behind the curtain
        first = lead + sum(slots[:half]) - pace + GONE
        second = WAIT + sum(slots[half:]) + FALLS + CLOSE + tail
        self.clock = lead + max(0.0, second - first)
        for number, deed in enumerate(story.deeds):
            if number == half:
                self.clock += GONE - pace
                self.hide_for(BEHIND)
            for before, item, doer, target in story.feints:
                if before == number:
                    self.feint(item, doer, target)
                    self.clock += pace
            self.starts.append(round(self.clock, 3))
            self.does(deed)
            self.clock += pace + waits[number]
        self.starts.append(round(self.clock, 3))
        self.does(story.last, seen=False)
        self.clock += FALLS
        self.drop()
        self.clock += tail + max(0.0, first - second)
        line.duration = round(self.clock, 3)
        self.tilt_heads()
        self.events.sort(key=lambda event: (event.start, event.id))
        return Layout(line, tuple(self.things), tuple(self.events), details={"starts": self.starts})

    def does(self, deed: Deed, seen: bool = True) -> None:
        """A thing comes up beside one person, goes to another and does what it does; the other's face changes."""
        name = self.bring(deed.item, deed.doer)
        start = self.clock
        self.move(name, self.held(deed.target, 1), start + HELD, start + FLOWN)
        end = start + STAYS if seen else start + FALLS
        self.line.change(name, "used", 1.0, round(start + DONE, 3))
        if seen:
            self.line.change(deed.target, "mood", MOODS.index(deed.mood) + 1.0, round(start + FELT, 3))
            self.leave(name, end)
        self.note("does", (name, deed.doer, deed.target), start, end)

    def feint(self, item: str, doer: str, target: str) -> None:
        """A thing sets out towards a person and is taken back."""
        name = self.bring(item, doer)
        start = self.clock
        (x, y), (to_x, to_y) = self.held(doer, -1), self.held(target, 1)
        share = 1.3 / ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5
        self.move(name, (x + share * (to_x - x), y + share * (to_y - y)), start + HELD, start + HELD + 0.35)
        self.move(name, (x, y), start + HELD + 0.35, start + HELD + 0.7)
        self.leave(name, start + HELD + 0.85)
        self.note("takes back", (name, doer, target), start, start + HELD + 0.85)

    def bring(self, item: str, doer: str) -> str:
        """Let a thing come up beside a person; returns its name."""
        name, side = self.names.pop(), ITEM * min(self.grown, 1.15)
        self.line.add(name, self.held(doer, -1), (side, side), z=5, opacity=0.0, scale=0.4, solid=False, used=0.0)
        self.things.append(Thing(id=name, kind=item, shape_fills_box=False))
        up = round(self.clock, 3), round(self.clock + POP, 3)
        self.line.change(name, "opacity", 1.0, *up)
        self.line.change(name, "scale", 1.0, *up)
        return name

    def held(self, who: str, side: int) -> tuple[float, float]:
        """Where a person holds what is given (left) or taken (right)."""
        x, y = self.middles[who]
        return x + side * ASIDE, y + DOWN * self.grown

    def move(self, name: str, to: tuple[float, float], start: float, end: float) -> None:
        self.line.move(name, to, round(start, 3), round(end, 3))

    def leave(self, name: str, start: float) -> None:
        self.line.change(name, "opacity", 0.0, round(start, 3), round(start + GONE - STAYS, 3))

    def note(self, kind: str, objects: tuple[str, ...], start: float, end: float) -> None:
        event = f"{kind} {len(self.events) + 1}"
        self.events.append(Event(id=event, kind=kind, objects=objects, start=round(start, 3), end=round(end, 3)))

    def hide_for(self, seconds: float) -> None:
        """The curtain comes down, and goes up again after a while."""
        self.drop()
        self.clock += seconds
        self.move("curtain", (0.0, CURTAIN), self.clock, self.clock + CLOSE)
        self.clock += CLOSE + WAIT

    def drop(self) -> None:
        self.move("curtain", (0.0, 0.0), self.clock, self.clock + CLOSE)
        self.clock += CLOSE

    def tilt_heads(self) -> None:
        """Heads lean to the side now and then."""
        rng, taken = self.rng.fork("tilts"), dict.fromkeys(self.story.persons, -2.0)
        count = self.story.params.feints + 1
        for start in sorted(rng.uniform(0.4, self.line.duration - 2.0) for _ in range(count)):
            free = [who for who in self.story.persons if taken[who] + 1.3 < start]
            if free:
                who = rng.choice(free)
                begin, end = round(start, 3), round(start + 1.2, 3)
                tilt(self.line, who, begin, end, rng.choice((-0.22, 0.22)))
                taken[who] = start
                self.note("tilts", (who,), begin, end)
