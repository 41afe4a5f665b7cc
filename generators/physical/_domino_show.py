"""Rows of dominoes on film: the world in slow motion, plates with letters on the floor, and what happens when."""

from types import MappingProxyType
from typing import Any

import numpy as np

from generators.physical._domino_falls import SLOW
from generators.physical._domino_rows import recorded
from generators.physical._domino_world import DominoEpisode
from morse.layout import Layout
from morse.meshes import flat, moved
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.style import Style, brightness
from morse.world import Body, World, pose

PLATE, THIN, HIGHER = 0.27, 0.012, 0.0012
"""The side of a letter's plate, how thick it is, and how far the letter stands out."""
ASIDE = 0.285
"""How far before its domino a plate lies, towards the camera."""
PLAIN = ("white", "white", "brown")
HUES = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")


def lay_out(episode: DominoEpisode, rng: Rng) -> Layout:
    """The clip in space and time."""
    plan, run = episode.plan, episode.falls.run
    plain = rng.choice(PLAIN)
    hues = dict(zip(plan.letters, rng.shuffled(HUES), strict=False))
    ball = rng.choice([colour for colour in ("grey", "brown", "white") if colour != plain])
    bodies = [_dressed(thing.body, hues.get(thing.body.name, plain), ball) for thing in plan.things]
    last = int(np.searchsorted(run.times * SLOW, episode.duration)) + 1
    plates, poses = [], [run.poses[:last]]
    for name in plan.letters:
        x, y, _ = plan.row_of(name).spots[name]
        plates.append(Body(f"plate {name}", "box", (PLATE, PLATE, THIN), hues[name], static=True, tracked=False))
        poses.append(np.broadcast_to(pose((x, y - ASIDE, THIN / 2)), (len(poses[0]), 1, 7)))
    world = World(
        episode.duration, (*bodies, *plates), run.times[:last] * SLOW, np.concatenate(poses, axis=1), episode.camera
    )
    things = [
        Thing(id=name, kind="domino", colour=hues[name], attributes={"letter": name}, shape_fills_box=False)
        for name in plan.letters
    ]
    things += [Thing(id=one.name, kind="ball", shape_fills_box=False) for one in plan.balls]
    state = State(start=0.0, end=episode.duration, values=recorded(plan, SLOW), shown=True)
    return Layout(world, tuple(things), tuple(_events(episode)), (state,), MappingProxyType({"hues": hues}))


def _dressed(body: Body, colour: str, ball: str) -> Body:
    if body.shape == "sphere":
        return Body(body.name, body.shape, body.size, ball, "metal")
    return Body(body.name, body.shape, body.size, colour, tracked=body.tracked)


def _events(episode: DominoEpisode) -> list[Event]:
    """Every fall, with the fall or the ball that brought it about."""
    events = [
        Event(id=ball.name, kind="roll", objects=(ball.name,), start=at, end=at)
        for ball in episode.plan.balls
        for at in [round(ball.placed.start * SLOW, 3)]
    ]
    fell = episode.falls.fell
    for name, fall in fell.items():
        row = episode.plan.row_of(name)
        way = row.towards(name)
        balls = [ball.name for ball in episode.plan.balls if episode.plan.rows[ball.row] is row]
        cause = (f"fall-{way[-2]}",) if len(way) > 1 else tuple(balls)
        events.append(
            Event(id=f"fall-{name}", kind="fall", objects=(name,), start=fall.begins, end=fall.ends, causes=cause)
        )
    return sorted(events, key=lambda event: event.start)


def draw_rows(episode: DominoEpisode, layout: Layout, stage: Any, style: Style) -> None:
    """Let the letters into the plates."""
    from morse.stage.lettering import outline, rings

    for name, hue in layout.details["hues"].items():
        colour = style.colour(hue)
        ink = "#16181c" if brightness(colour) > 0.42 else "#fafafa"
        letter = flat(rings(outline(name, 0.98 * PLATE, "DejaVu Sans", "bold")))
        stage.inlay(f"plate {name}", moved(letter, np.eye(3), np.array([0.0, 0.0, THIN / 2 + HIGHER])), ink)
