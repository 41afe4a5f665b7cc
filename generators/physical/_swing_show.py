"""Experiments behind a curtain that opens for each, in time and space, and how they look."""

from collections.abc import Callable
from typing import Any

import numpy as np

from generators.physical._swing_motion import Array
from generators.physical._swing_world import WINDOW, Row, Swinging, Trial
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.style import HUED, Style, brightness, mix
from morse.timeline import Timeline

SHUT, OPENS, HELD, AFTER = 0.5, 0.4, 2.1, 0.3
"""Seconds for which the curtain is shut before an experiment, that it takes to open, until things are let go, and to shut."""
BEFORE = SHUT + OPENS + HELD
LASTS = BEFORE + WINDOW + AFTER + 0.3
BALL, LOW = 0.44, -1.55
"""The radius of a cradle's balls, and the height at which balls and bobs hang."""
BEAM, BOARD = LOW + 3.9, 0.85
"""The height of a cradle's beam, and down to which the board hides strings."""
RADII = {1: 0.36, 2: 0.47, 5: 0.62}
"""Of bobs, by their mass."""
STRING, SEEN = 0.07, 6.4
"""How thick strings are, and of how much of them something could be seen, from the ball up."""
CURTAIN = (16.4, 8.1)
SHUT_AT, OPEN_AT = -0.45, 8.3
"""The height of the curtain's middle when it is shut, and open."""


def ball_name(number: int, letter: str) -> str:
    """What a ball or bob of an experiment is called, counted from one."""
    return f"{letter} of experiment {number + 1}"


class Show:
    """Where everything is, and when."""

    def __init__(self, swinging: Swinging, rng: Rng) -> None:
        self.swinging, self.rng = swinging, rng
        self.lead = round(rng.steady("lead").uniform(0.1, 0.4), 3)
        count = len(swinging.experiments)
        self.line = Timeline(round(2 * self.lead + count * LASTS + 0.3, 3))
        self.releases = [round(self.lead + i * LASTS + BEFORE, 3) for i in range(count)]
        self.ends = [round(release + self.runs(i), 3) for i, release in enumerate(self.releases)]
        self.events: list[Event] = []
        self.things: list[Thing] = []

    def runs(self, number: int) -> float:
        """Seconds from the release until the curtain is shut again."""
        experiment = self.swinging.experiments[number]
        if isinstance(experiment, Trial):
            impacts = experiment.cradle.impacts
            return (impacts[experiment.clacks - 1] + impacts[experiment.clacks]) / 2
        return 0.74 * experiment.together if experiment.together else WINDOW

    def layout(self) -> Layout:
        line = self.line
        line.add("floor", (0.0, -4.0), (16.0, 1.0), z=0, tracked=False, solid=False)
        line.add("curtain", (0.0, SHUT_AT), CURTAIN, z=8, tracked=False)
        line.add("pelmet", (0.0, 4.05), (16.0, 0.9), z=9, tracked=False)
        for number, experiment in enumerate(self.swinging.experiments):
            begin = round(self.lead + number * LASTS, 3)
            opens, end = round(begin + SHUT, 3), self.ends[number]
            line.add(f"sign {number + 1}", (-6.9, 4.05), (0.7, 0.7), z=10, tracked=False, solid=False, opacity=0.0)
            self.shown(f"sign {number + 1}", begin, round(begin + LASTS - 0.05, 3))
            line.move("curtain", (0.0, OPEN_AT), opens, round(opens + OPENS, 3))
            line.move("curtain", (0.0, SHUT_AT), round(end - AFTER, 3), end, ease="in")
            if isinstance(experiment, Trial):
                self.cradle(number, experiment)
            else:
                self.row(number, experiment)
        self.events.sort(key=lambda event: (event.start, event.id))
        details = {"releases": self.releases, "ends": self.ends}
        return Layout(line, tuple(self.things), tuple(self.events), details=details)

    def shown(self, name: str, begin: float, end: float) -> None:
        """Something comes and goes while the curtain is shut."""
        self.line.change(name, "opacity", 1.0, begin)
        self.line.change(name, "opacity", 0.0, end)

    def hung(
        self,
        name: str,
        number: int,
        top: tuple[float, float],
        long: float,
        radius: float,
        angle: Callable[[Array], Array],
    ) -> None:
        """A ball on a string from a place, which swings."""
        begin, end = round(self.lead + number * LASTS + 0.1, 3), round(self.ends[number] + 0.1, 3)
        release, string = self.releases[number], f"string {name}"
        drawn = min(long, SEEN)
        start = float(angle(np.zeros(1))[0])

        def at(share: float) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
            return (
                lambda times: top[0] + share * long * np.sin(angle(times - release)),
                lambda times: top[1] - share * long * np.cos(angle(times - release)),
            )

        for own, share, size, z in (
            (string, 1 - drawn / long / 2, (STRING, drawn), 2.0),
            (name, 1.0, (2 * radius, 2 * radius), 3.0),
        ):
            x, y = (float(way(np.array([release]))[0]) for way in at(share))
            ball = own == name
            self.line.add(own, (x, y), size, z=z, opacity=0.0, round=ball, solid=ball, tracked=ball, angle=start)
            self.shown(own, begin, end)
            for channel, way in zip("xy", at(share), strict=True):
                self.line.follow(own, channel, way, release, end)
            self.line.follow(own, "angle", lambda times: angle(times - release), release, end)

    def cradle(self, number: int, trial: Trial) -> None:
        cradle, name = trial.cradle, f"frame {number + 1}"
        wide = 2 * BALL * cradle.balls
        self.line.add(
            name, (0.0, (BEAM - 3.5) / 2), (wide + 6.2, BEAM + 3.5), z=1, tracked=False, solid=False, opacity=0.0
        )
        self.shown(name, round(self.lead + number * LASTS + 0.1, 3), round(self.ends[number] + 0.1, 3))
        names = [ball_name(number, letter) for letter in trial.letters]
        for i, ball in enumerate(names):
            x = (i - (cradle.balls - 1) / 2) * 2 * BALL
            self.hung(ball, number, (x, BEAM), cradle.length, BALL, lambda times, i=i: cradle.at(i, times))
            told = {"letter": trial.letters[i], "experiment": number + 1}
            self.things.append(Thing(id=ball, kind="ball", attributes=told, shape_fills_box=False))
        release = self.releases[number]
        lifted = tuple(names[: cradle.left] + names[cradle.balls - cradle.right :])
        self.events.append(
            Event(id=f"release {number + 1}", kind="release", objects=lifted, start=release, end=release)
        )
        for k in range(trial.clacks):
            at = round(release + cradle.impacts[k], 3)
            left, right = cradle.out(k + 1)
            moved = tuple(names[:left] + names[cradle.balls - right :])
            self.events.append(Event(id=f"clack {number + 1}.{k + 1}", kind="clack", objects=moved, start=at, end=at))

    def row(self, number: int, row: Row) -> None:
        board, count = f"board {number + 1}", len(row.bobs)
        begin, end = round(self.lead + number * LASTS + 0.1, 3), round(self.ends[number] + 0.1, 3)
        apart = min(3.3, 14.4 / count) if count > 2 else 5.0
        self.line.add(
            board, (0.0, (BOARD + 3.7) / 2), (apart * count + 0.6, 3.7 - BOARD), z=5, tracked=False, opacity=0.0
        )
        self.shown(board, begin, end)
        release = self.releases[number]
        names = []
        for i, bob in enumerate(row.bobs):
            x, name = (i - (count - 1) / 2) * apart, ball_name(number, bob.letter)
            long = bob.swing.length
            self.hung(name, number, (x, LOW + long), long, RADII[bob.mass], bob.swing.at)
            plate = f"plate {name}"
            self.line.add(plate, (x, -3.05), (1.5, 0.6), z=1, tracked=False, solid=False, opacity=0.0)
            self.shown(plate, begin, end)
            told = {"letter": bob.letter, "experiment": number + 1, "mass": bob.mass}
            self.things.append(Thing(id=name, kind="bob", attributes=told, shape_fills_box=False))
            names.append(name)
        self.events.append(
            Event(id=f"release {number + 1}", kind="release", objects=tuple(names), start=release, end=release)
        )


def draw_theatre(swinging: Swinging, layout: Layout, stage: Any, style: Style) -> None:
    """Put everything on a stage."""
    from manim import Circle, Line, Rectangle, VGroup

    from morse.stage.lettering import lettering

    hues = [style.colour(name) for name in HUED]
    turn = int(style.amount("turn", 0, len(hues) - 1e-6))
    cloth = mix(style.colour(style.pick("cloth", ("red", "blue", "green", "purple"))), "#000000", 0.25)
    wall, ink = style.background, style.ink

    def box(wide: float, high: float, colour: str, x: float = 0.0, y: float = 0.0) -> Any:
        return Rectangle(width=wide, height=high, fill_color=colour, fill_opacity=1, stroke_width=0).shift((x, y, 0))

    stage.add("floor", box(16.0, 1.0, mix(wall, ink, 0.35)))
    folds = [box(*CURTAIN, cloth)]
    for i in range(16):
        folds.append(box(0.42, CURTAIN[1], mix(cloth, "#000000" if i % 2 else "#ffffff", 0.16), (i - 7.5) * 1.03))
    folds.append(box(CURTAIN[0], 0.22, mix(style.colour("yellow"), cloth, 0.25), 0.0, -CURTAIN[1] / 2 + 0.25))
    stage.add("curtain", VGroup(*folds))
    pelmet = mix(cloth, "#000000", 0.35)
    stage.add(
        "pelmet", VGroup(box(16.0, 0.9, pelmet), box(16.0, 0.1, mix(style.colour("yellow"), cloth, 0.2), 0.0, -0.4))
    )
    metal, string = mix(wall, ink, 0.62), mix(wall, ink, 0.75)
    for number, experiment in enumerate(swinging.experiments):
        stage.add(f"sign {number + 1}", lettering(str(number + 1), 0.72, "#fafafa", font=style.font, cut="bold"))
        shade = hues[(turn + 3 * number) % len(hues)]
        if isinstance(experiment, Trial):
            cradle = experiment.cradle
            wide, high = 2 * BALL * cradle.balls + 6.2, BEAM + 3.5
            parts = [box(wide, 0.26, metal, 0, high / 2)]
            for side in (-1, 1):
                x = side * (wide / 2 - 0.13)
                parts += [box(0.26, high, metal, x, 0), box(1.2, 0.26, metal, x, -high / 2)]
            stage.add(f"frame {number + 1}", VGroup(*parts))
            hung = [(ball_name(number, letter), letter, BALL, cradle.length) for letter in experiment.letters]
        else:
            actor = layout.timeline.actors[f"board {number + 1}"]
            wood = mix(style.colour("brown"), wall, 0.2)
            planks: list[Any] = [box(actor.size[0], actor.size[1], wood)]
            planks += [
                Line(
                    (-actor.size[0] / 2, y, 0),
                    (actor.size[0] / 2, y, 0),
                    stroke_color=mix(wood, "#000000", 0.35),
                    stroke_width=2,
                )
                for y in (-0.72, 0.0, 0.72)
            ]
            stage.add(f"board {number + 1}", VGroup(*planks))
            hung = [
                (ball_name(number, bob.letter), bob.letter, RADII[bob.mass], bob.swing.length)
                for bob in experiment.bobs
            ]
            for bob in experiment.bobs:
                plate = f"plate {ball_name(number, bob.letter)}"
                stage.add(plate, lettering(f"{bob.mass} kg", 0.5, ink, font=style.font, cut="bold"))
        for place, (name, letter, radius, long) in enumerate(hung):
            colour = shade if isinstance(experiment, Trial) else hues[(turn + 3 * number + 2 * place) % len(hues)]
            rim, pale = mix(colour, "#000000", 0.5), mix(colour, "#ffffff", 0.45)
            sign = "#141414" if brightness(colour) > 0.5 else "#fafafa"
            disc = Circle(radius - 0.015, fill_color=colour, fill_opacity=1, stroke_color=rim, stroke_width=2.5)
            shine = Circle(0.16 * radius, fill_color=pale, fill_opacity=1, stroke_width=0).shift(
                (-0.42 * radius, 0.5 * radius, 0)
            )
            stage.add(name, VGroup(disc, shine, lettering(letter, 1.05 * radius, sign, font=style.font, cut="bold")))
            stage.add(f"string {name}", box(STRING, min(long, SEEN), string))
