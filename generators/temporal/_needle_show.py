"""A road and a board, in space and time. Whoever passes again is the same actor, so that an hour has no more of them than a minute."""

from pydantic import JsonValue

from generators.temporal._acts import add_balls
from generators.temporal._needle_world import SLIDE, Pass, Stream
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

FIGURE, CARD, DISC = (3.0, 2.7), (6.0, 2.7), (2.9, 2.9)
"""Sizes in canvas units: of what passes, of a card, of the round card."""
BOARD = ((0.0, 2.05), (7.2, 3.6))
"""Where the board hangs, and its size."""
ROAD = -2.75
"""How high the middle of what passes is."""
AWAY = 10.0
"""How far from the middle of the picture those are that do not pass."""
FADE = 0.16
"""Seconds in which a card comes or goes; it is there from halfway through."""


def layout_of(stream: Stream, rng: Rng) -> Layout:
    """Where everything is, and when."""
    line = Timeline(float(stream.params.seconds))
    way = rng.choice((-1, 1))
    line.add("board", BOARD[0], BOARD[1], z=1, solid=False, tracked=False)
    whos = list(dict.fromkeys(one.who for one in stream.passes))
    things = []
    for who in sorted(whos):
        figure, mark = who.split()
        line.add(who, (-AWAY * way, ROAD), FIGURE, z=3, solid=False)
        says: dict[str, JsonValue] = {"figure": figure, "mark": mark}
        things.append(Thing(id=who, kind="passer", attributes=says, shape_fills_box=False))
    events = []
    for number, one in enumerate(stream.passes, 1):
        go_by(line, one, way, rng)
        events.append(Event(id=f"pass {number}", kind="passes", objects=(one.who,), start=one.start, end=one.end))
    numbers = rng.shuffled(range(1, len(stream.cards) + 1))
    names = [f"card {number}" for number in numbers]
    for name, card in zip(names, stream.cards, strict=True):
        size = DISC if card.kind == "round" else CARD
        line.add(name, BOARD[0], size, z=5, opacity=0.0, solid=False, round=card.kind == "round")
        for at, there in ((card.start, 1.0), (card.end, 0.0)):
            line.change(name, "opacity", there, at - FADE / 2, at + FADE / 2, ease="linear")
        says = {"kind": card.kind, "mark": card.mark}
        says |= {"text": card.text} if card.text else {}
        things.append(Thing(id=name, kind="card", attributes=says))
        events.append(Event(id=f"shows {name}", kind="shows", objects=(name,), start=card.start, end=card.end))
    balls, rolls = add_balls(line, stream.params.decoys, line.duration, rng.fork("balls"))
    events = sorted([*events, *rolls], key=lambda event: (event.start, event.id))
    return Layout(line, (*things, *balls), tuple(events), details={"names": names, "way": way})


def go_by(line: Timeline, one: Pass, way: int, rng: Rng) -> None:
    """Let somebody come, stay for a while, go, and be where it was, out of sight."""
    spot = (rng.uniform(-2.2, 2.2), ROAD)
    line.move(one.who, spot, one.start, one.start + SLIDE, ease="out")
    line.move(one.who, (AWAY * way, ROAD), one.end - SLIDE, one.end, ease="in")
    line.move(one.who, (-AWAY * way, ROAD), one.end, one.end)
