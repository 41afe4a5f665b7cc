"""Which stretch of a clip a video model can be asked to continue, and how it is told what is to happen.

A future is asked for only where it follows from what is seen and said: operations are listed in words with their times, and what comes of
them is not; or the picture is in motion, and mechanics say how it goes on. Only tasks of :data:`CONTINUED` are asked for; in all others what
happens next is a free choice of the clip, and no video could be held to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from morse.schema import Event

MOST_SECONDS = 8.0
"""How long a future is at most."""
LEAST_SECONDS = 1.5
"""How long a future of motion is at least."""
LEAD, REST = 0.25, 0.4
"""Seconds before the first operation at which the clip is cut, and after the last one."""


@dataclass(frozen=True)
class Continued:
    """How the clips of a task go on. Words are filled with the event's objects: ``{0}``, ``{1}``, or ``{all}``."""

    rule: str
    """What a viewer must know beside the first frame."""
    listed: Mapping[str, str] = field(default_factory=dict)
    """The kinds of events that are told, each with its words. What else happens ends the future before it."""
    pause: float = 2.0
    """Seconds between two operations from which on something else is going on between them."""
    set_off_by: str = ""
    """Instead: the kind of event after which the motion follows by itself, until the next of that kind."""
    over_with: str = ""
    """The kind of event that ends such a motion."""


_BOARD = "(columns a, b, c … from left to right, rows 1, 2, 3 … from top to bottom)"
_SCREEN = "The screen stays where it is. Nothing but the crane with its gripper moves in view."
CONTINUED: MappingProxyType[str, Continued] = MappingProxyType(
    {
        "cups": Continued(
            f"Cups stand on places with names {_BOARD}. They move along the table and are never lifted; all others stand still.",
            {
                "swap": "the cups on {0} and {1} trade places",
                "tilt": "the cup on {0} tilts and comes to stand again on its place",
                "wiggle": "the cup on {0} wiggles on its place",
            },
        ),
        "sliding_number": Continued(
            f"A board of tiles with one gap {_BOARD}. One tile at a time slides into the gap; nothing else moves, and no tile turns over.",
            {"move": "the gap moves {0} by one place: the tile that is there slides into the gap"},
        ),
        "symbol_shuffle": Continued(
            "Tiles lie in a row on numbered places, 1 at the left. They may turn face up or face down on their places between moves.",
            {
                "swap": "the tiles on places {0} and {1} trade places",
                "jump": "the tile on place {0} is lifted out and comes to place {1}; those between move up by one place",
                "turn": "the tiles from place {0} to place {1} are turned round as a stretch: their order is reversed",
            },
        ),
        "block_stacking": Continued(
            f"A crane with a gripper runs along a rail over stacks a, b, c … from left to right. {_SCREEN}",
            {
                "move": "the crane goes to stack {0}, lowers its gripper behind the screen and raises it, then does so at stack {1}",
                "visit": "the crane waits over stack {0} and then over stack {1}, without lowering its gripper",
            },
        ),
        "hanoi": Continued(
            f"A crane with a gripper runs along a rail over pegs a, b, c from left to right. {_SCREEN}",
            {
                "move": "the crane goes to peg {0}, lowers its gripper behind the screen and raises it, then does so at peg {1}",
                "visit": "the crane waits over peg {0} and then over peg {1}, without lowering its gripper",
            },
        ),
        "river_crossing": Continued(
            "A boat goes from bank to bank. The curtains before the banks stay; passengers come aboard before the boat leaves and go ashore after it arrives.",
            {
                "cross": "the boat crosses to the other bank with {all} on board",
                "turn": "the boat sets out with {all} on board, turns round on the way and comes back",
            },
            pause=3.0,
        ),
        "cube_roll": Continued(
            "A white case stands on a board of tiles; signs on the rim say where north, east, south and west are. Nothing but the case moves, and the camera is still.",
            {
                "roll": "the case rolls over its edge onto the next tile to the {1}",
                "slide": "the case slides without turning onto the next tile to the {1}",
                "tip": "the case tips onto its edge towards the {1} and falls back",
            },
        ),
        "projectile": Continued(
            "A ball has just been thrown, in slow motion. It flies on under gravity, bounces off whatever boards and walls it meets and vanishes in a bin at the bottom. Nothing else moves.",
            set_off_by="throw",
            over_with="land",
        ),
        "collisions": Continued(
            "Objects roll and slide over a floor. Those that move go on as they do, push what they hit, slow down by friction, and come to rest. Nothing else comes in, and the camera is still.",
            set_off_by="enter",
        ),
    }
)


@dataclass(frozen=True)
class Future:
    """What is asked for of a clip: from ``start`` (the last that is seen) to ``end``, in seconds of the clip."""

    start: float
    end: float
    prompt: str
    motion: bool = False
    """Whether it is over as soon as nothing moves any more."""


def future_of(task: str, events: tuple[Event, ...], duration: float) -> Future | str:
    """The future of a clip that is asked for; or why there is none, in a few words that are the same for many clips."""
    how = CONTINUED.get(task)
    if how is None:
        return f"task {task!r}: what happens next follows neither from what is seen nor from what could be said"
    if how.set_off_by:
        spans = list(_motions(how, events, duration))
        if not spans:
            return f"task {task!r}: no motion is left to itself for {LEAST_SECONDS:g} seconds"
        start, end = max(spans, key=lambda span: round(span[1] - span[0], 6))
        return Future(start, end, how.rule, motion=True)
    runs = list(_runs(how, events))
    if not runs:
        return f"task {task!r}: no operation of which nothing else is in the way"
    run = max(runs, key=len)
    start = max(0.0, run[0].start - LEAD)
    end = min(duration, run[-1].end + REST)
    lines = [f"{event.start - start:.1f} to {event.end - start:.1f} s: {_told(how, event)}" for event in run]
    return Future(start, end, "\n".join([how.rule, f"Within {end - start:.1f} seconds, one after the other:", *lines]))


def _told(how: Continued, event: Event) -> str:
    return how.listed[event.kind].format(*event.objects, all=", ".join(event.objects)) + "."


def _runs(how: Continued, events: tuple[Event, ...]) -> Iterator[list[Event]]:
    """Operations that follow each other closely, with nothing else between, as many as there is time for from each on."""
    ordered = sorted(events, key=lambda event: (event.start, event.end))
    for first, begun in enumerate(ordered):
        run: list[Event] = []
        for event in ordered[first:]:
            late = run and event.start - run[-1].end > how.pause
            if event.kind not in how.listed or late or event.end + REST - begun.start + LEAD > MOST_SECONDS:
                break
            run.append(event)
        before = max((event.end for event in ordered[:first]), default=0.0)
        if run and run[0].start - LEAD >= before:
            yield run


def _motions(how: Continued, events: tuple[Event, ...], duration: float) -> Iterator[tuple[float, float]]:
    """Stretches in which nothing comes in."""
    starts = sorted((event.start, event.end) for event in events if event.kind == how.set_off_by)
    ends = sorted(event.end for event in events if event.kind == how.over_with)
    for number, (_, set_off) in enumerate(starts):
        start = set_off + 0.1
        until = min([begun for begun, _ in starts[number + 1 :]] or [duration])
        over = [end + REST for end in ends if end > start]
        end = min(until, start + MOST_SECONDS, *over[:1])
        if end - start >= LEAST_SECONDS:
            yield start, end
