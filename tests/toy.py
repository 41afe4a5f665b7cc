"""A small task to prove the gates on: lamps light up one after the other. Each variant has one fault that one gate must find."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pydantic import JsonValue

from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.options import pose_choice
from morse.schema import Event, Evidence, Integer, Question, Set, Step, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register
from morse.timeline import Timeline

PALETTE = ("red", "yellow", "green", "cyan", "blue", "purple")
LEAD, LIT, GAP = 1.4, 1.2, 0.8

TEMPLATE = """
{% block count %}
How often does a {{ colour }} lamp light up?
How many times does a {{ colour }} lamp light up?
Count the {{ colour }} flashes. How many are there?
What is the number of {{ colour }} flashes?
In all, how many {{ colour }} lamps light up?
{% endblock %}
{% block first %}
Which colour lights up first?
What is the colour of the first lamp to light up?
The first flash: what colour is it?
Name the colour of the first flash.
Which of these colours does the first flash have?
{% endblock %}
{% block again %}
The same row of flashes starts again from the beginning. Which colour is flash number {{ place }}?
If the flashes repeat in the same order, what colour is number {{ place }} of the repeat?
All flashes are shown once more. What colour is the one at place {{ place }}?
The row repeats. Which colour comes at place {{ place }}?
Suppose that the row of flashes runs again. What is the colour of flash {{ place }}?
{% endblock %}
{% block seen %}
Which colours light up at least once?
Name every colour that lights up.
What are the colours of all flashes?
List each colour that is seen.
Which colours are shown at all?
{% endblock %}
"""


@dataclass(frozen=True)
class Lamps:
    colours: tuple[str, ...]
    places: tuple[tuple[float, float], ...]
    asked: str
    absent: str


class LampParams(TaskParams):
    flashes: int = ramp(4, per_level=2, least=4, limit=60, about="flashes in the clip")


@register(category="abstract", version=1, stage="plot")
class Toy(Task[LampParams, Lamps]):
    """Lamps light up one after the other.

    What is shown: coloured discs that light up at seeded places. What is asked: how often a colour lit up, which was first,
    what comes if all repeats, which colours were seen. Difficulty: the number of flashes. Source: made for tests.
    """

    def simulate(self, params: LampParams, rng: Rng) -> Lamps:
        asked = rng.steady("asked").choice(PALETTE)
        wanted = self.wanted(rng)
        absent, *others = rng.shuffled([colour for colour in PALETTE if colour != asked])
        colours = [asked] * wanted + [rng.choice(others) for _ in range(params.flashes - wanted)]
        spots = [(round(rng.uniform(-6, 6), 2), round(rng.uniform(-3, 3), 2)) for _ in colours]
        return Lamps(tuple(rng.shuffled(colours)), tuple(spots), asked, absent)

    shift = (0.0, 0.0)
    undrawn = stuck = False
    dropped = 0

    def wanted(self, rng: Rng) -> int:
        return rng.steady("count").integer(1, 4)

    def layout(self, episode: Lamps, rng: Rng) -> Layout:
        count = len(episode.colours)
        scene = Timeline(self.duration(episode))
        things, events = [], []
        for i, (colour, place) in enumerate(zip(episode.colours, episode.places, strict=True)):
            start = self.start(i)
            name = f"lamp{i + 1}"
            scene.add(name, place, (1.6, 1.6), opacity=0.0, round=True, z=float(i))
            scene.change(name, "opacity", 1.0, start)
            scene.change(name, "opacity", 0.0, start + LIT)
            things.append(Thing(id=name, kind="lamp", colour=colour, attributes={"colour": colour}))
            values: dict[str, JsonValue] = {"colour": colour, "x": place[0], "y": place[1]}
            end = round(start + LIT, 3)
            events.append(Event(id=f"e{i + 1}", kind="light", objects=(name,), start=start, end=end, values=values))
        assert count == len(events)
        return Layout(scene, tuple(things), tuple(events), details={"toy": True})

    def start(self, i: int) -> float:
        return round(LEAD + i * (LIT + GAP), 3)

    def duration(self, episode: Lamps) -> float:
        return 2.0 + len(episode.colours) * (LIT + GAP)

    def ask(self, episode: Lamps, layout: Layout, rng: Rng) -> Iterable[Question]:
        every = tuple(Evidence(start=e.start, end=e.end, objects=e.objects) for e in layout.events)
        count = episode.colours.count(episode.asked)
        steps = (Step(kind="perceive", claim=layout.events[0].claim, time=layout.events[0].start),)
        yield Question(
            kind="count", slots={"colour": episode.asked}, format=Integer(), answer=count, domain=(1, 2, 3, 4),
            reasoning="infer", evidence=every, steps=steps,
        )  # fmt: skip
        yield self.choice("first", 0, episode, layout, rng.fork("first"))
        yield self.choice("again", rng.integer(1, len(every) - 1), episode, layout, rng.fork("again"))
        words = rng.shuffled(PALETTE)
        seen: list[JsonValue] = [colour for colour in words if colour in episode.colours]
        yield Question(
            kind="seen", format=Set(vocabulary=tuple(words), noun="colour"), answer=seen, reasoning="recall",
            evidence=every, chance=1 / 63,
        )  # fmt: skip

    def choice(self, kind: str, place: int, episode: Lamps, layout: Layout, rng: Rng) -> Question:
        key = episode.colours[place]
        form, letter, values = pose_choice(rng, key, rng.shuffled(PALETTE))
        event = layout.events[place]
        return Question(
            kind=kind, slots={"place": place + 1}, format=form, answer=letter, option_values=values,
            reasoning="recall" if kind == "first" else "predict",
            evidence=(Evidence(start=event.start, end=event.end, objects=event.objects),),
        )  # fmt: skip

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        flashes = [str(e.values["colour"]) for e in sorted(shown.events, key=lambda e: e.start) if e.kind == "light"]
        if question.kind == "count":
            return sum(colour == question.slots["colour"] for colour in flashes)
        if question.kind == "seen":
            return [colour for colour in PALETTE if colour in flashes]
        return flashes[int(str(question.slots["place"])) - 1]

    def draw(self, episode: Lamps, layout: Layout, stage: Any, style: Style) -> None:
        stage.shift, stage.stuck, stage.dropped = self.shift, self.stuck, self.dropped
        for thing in layout.objects[:1] if self.undrawn else layout.objects:
            stage.discs[thing.id] = style.colour(thing.colour or "red")


class ToyStage:
    """Draws the toy's discs with numpy alone, as the stage protocol wants."""

    pixel_format = "rgb24"

    def __init__(self, layout: Layout, canvas: Any, style: Style) -> None:
        self.layout, self.canvas, self.style = layout, canvas, style
        self.discs: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.shift, self.stuck, self.dropped = (0.0, 0.0), False, 0

    def frames(self) -> Iterable[tuple[np.ndarray, int]]:
        for moment in self.canvas.times(self.layout.duration)[self.dropped :]:
            yield self.frame_at(float(moment)), 1

    def frame_at(self, time: float) -> np.ndarray:
        frame = np.empty((self.canvas.height, self.canvas.width, 3), np.uint8)
        frame[:] = _rgb(self.style.background)
        for name, mask in self.masks(time).items():
            if name not in self.hidden:
                frame[mask] = _rgb(self.discs[name])
        return frame

    def masks(self, time: float) -> dict[str, np.ndarray]:
        h, w = self.canvas.height, self.canvas.width
        y, x = np.mgrid[0:h, 0:w]
        x, y = (x + 0.5) / w * 16 - 8, 4.5 - (y + 0.5) / h * 9
        found = {}
        for name in self.discs:
            actor = self.layout.timeline.actors[name]
            lit = actor.at("opacity", time) > 0.5
            dx, dy = x - actor.at("x", time) - self.shift[0], y - actor.at("y", time) - self.shift[1]
            found[name] = (dx**2 + dy**2 <= 0.64) & lit
        return found

    def hide(self, *names: str) -> None:
        self.hidden = set() if self.stuck else set(names)

    def close(self) -> None:
        pass


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


# ── one fault each ──────────────────────────────────────────────────────────────────────────────────────────────────


class Uneven(Toy):
    """Small counts come more often."""

    def wanted(self, rng: Rng) -> int:
        return rng.steady("count").weighted((1, 2, 3, 4), (1.4, 1.2, 0.8, 0.6))


class Telling(Toy):
    """The right option is worded with more care."""

    def choice(self, kind: str, place: int, episode: Lamps, layout: Layout, rng: Rng) -> Question:
        question = super().choice(kind, place, episode, layout, rng)
        key = episode.colours[place]
        options = tuple(f"clearly {o}" if o == key else o for o in question.format.options)  # type: ignore[union-attr]
        return question.model_copy(update={"format": question.format.model_copy(update={"options": options})})


class Wording(Toy):
    """The colour that is asked for tells the count: no rule of thumb sees it, a learner does."""

    def simulate(self, params: LampParams, rng: Rng) -> Lamps:
        episode = super().simulate(params, rng)
        asked = ("red", "yellow", "green", "cyan")[episode.colours.count(episode.asked) - 1]
        swap = {asked: episode.asked, episode.asked: asked}
        return replace(episode, asked=asked, colours=tuple(swap.get(c, c) for c in episode.colours))


class Early(Toy):
    """The first lamp is lit in the first frame."""

    def start(self, i: int) -> float:
        return 0.0 if i == 0 else super().start(i)


class Long(Toy):
    """The clip is the longer, the higher the count."""

    def duration(self, episode: Lamps) -> float:
        return super().duration(episode) + episode.colours.count(episode.asked)


class Late(Toy):
    """The evidence is named where the lamp is dark."""

    def choice(self, kind: str, place: int, episode: Lamps, layout: Layout, rng: Rng) -> Question:
        question = super().choice(kind, place, episode, layout, rng)
        shifted = tuple(replace_span(e, 1.0) for e in question.evidence)
        return question.model_copy(update={"evidence": shifted})


def replace_span(evidence: Evidence, by: float) -> Evidence:
    return evidence.model_copy(update={"start": evidence.start + by, "end": evidence.end + by})


class Small(Toy):
    """There are few different clips."""

    def simulate(self, params: LampParams, rng: Rng) -> Lamps:
        episode = super().simulate(params, rng)
        rest = (PALETTE * 20)[: params.flashes - episode.colours.count(episode.asked)]
        colours = (episode.asked,) * (params.flashes - len(rest)) + rest
        return replace(episode, colours=colours, places=tuple((0.0, 0.0) for _ in colours))


class Deaf(Toy):
    """The root seed is not used."""

    def simulate(self, params: LampParams, rng: Rng) -> Lamps:
        key = replace(rng._key, root="the same")
        return super().simulate(params, Rng(key, "simulate"))


class Peeking(Toy):
    """The second derivation reads the answer."""

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return question.truth


class Twofold(Toy):
    """Two options stand for the same value."""

    def choice(self, kind: str, place: int, episode: Lamps, layout: Layout, rng: Rng) -> Question:
        question = super().choice(kind, place, episode, layout, rng)
        keyed = "ABCD".index(str(question.answer))
        values = list(question.option_values)
        values[(keyed + 1) % 4] = values[keyed]
        return question.model_copy(update={"option_values": tuple(values)})


class Outside(Toy):
    """The answer is not in the stated domain."""

    def ask(self, episode: Lamps, layout: Layout, rng: Rng) -> Iterable[Question]:
        for question in super().ask(episode, layout, rng):
            yield question.model_copy(update={"domain": (1, 2, 3)}) if question.kind == "count" else question


class Unscorable(Toy):
    """The keyed set holds a word that the vocabulary lacks."""

    def ask(self, episode: Lamps, layout: Layout, rng: Rng) -> Iterable[Question]:
        for question in super().ask(episode, layout, rng):
            if isinstance(question.format, Set) and isinstance(question.answer, list):
                form = question.format.model_copy(update={"vocabulary": tuple(w + "ish" for w in PALETTE)})
                yield question.model_copy(update={"format": form})
            else:
                yield question


class Glance(Toy):
    """All questions claim that one frame is enough."""

    def ask(self, episode: Lamps, layout: Layout, rng: Rng) -> Iterable[Question]:
        for question in super().ask(episode, layout, rng):
            yield question.model_copy(update={"min_frames": 1})


class Hollow(Toy):
    """All questions are of one level of reasoning."""

    def ask(self, episode: Lamps, layout: Layout, rng: Rng) -> Iterable[Question]:
        for question in super().ask(episode, layout, rng):
            yield question.model_copy(update={"reasoning": "recall"})


class Terse(Toy):
    """One question kind has four phrasings (its template says so)."""


class Twins(Toy):
    """One clip in thirty is one and the same."""

    def simulate(self, params: LampParams, rng: Rng) -> Lamps:
        if rng.steady("twin").integer(1, 30) == 1:
            rng = Rng(replace(rng._key, root="twin", index=0), "simulate")
        return super().simulate(params, rng)


class Mute(Toy):
    """Too little said."""


class Broken(Toy):
    """Some clips cannot be made."""

    def simulate(self, params: LampParams, rng: Rng) -> Lamps:
        if rng.steady("fault").integer(0, 9) == 0:
            raise ZeroDivisionError("one in ten")
        return super().simulate(params, rng)


class Constant(Toy):
    """A number that cannot be listed, and is nearly always the same."""

    def ask(self, episode: Lamps, layout: Layout, rng: Rng) -> Iterable[Question]:
        for question in super().ask(episode, layout, rng):
            yield question.model_copy(update={"domain": None})


# ── faults that only the contract tests see ─────────────────────────────────────────────────────────────────────────


class Wobbly(Toy):
    """Draws from the order of a set of strings, which differs between processes."""

    def simulate(self, params: LampParams, rng: Rng) -> Lamps:
        episode = super().simulate(params, rng)
        return replace(
            episode, colours=(*episode.colours[1:-1], *({*PALETTE} - {*episode.colours[1:-1]}))[: params.flashes]
        )


class Flat(Toy):
    """Levels are all the same."""

    Params = type("Same", (TaskParams,), {"__annotations__": {"flashes": int}, "flashes": ramp(4)})


class Slow(Toy):
    """Thinks for a tenth of a second of processor time, on any machine."""

    def simulate(self, params: LampParams, rng: Rng) -> Lamps:
        until = time.process_time() + 0.1
        while time.process_time() < until:
            pass
        return super().simulate(params, rng)


class Misplaced(Toy):
    """Draws elsewhere than the layout says."""

    shift = (5.0, 0.0)


class Unlit(Toy):
    """Does not draw the last lamps at all."""

    undrawn = True


class Fixed(Toy):
    """Draws its lamps onto the backdrop, so that hiding them changes nothing."""

    stuck = True


class Faded(Toy):
    """Draws all lamps in one other colour."""

    def draw(self, episode: Lamps, layout: Layout, stage: Any, style: Style) -> None:
        super().draw(episode, layout, stage, style)
        stage.discs.update(dict.fromkeys(stage.discs, style.colour("pink")))


class Short(Toy):
    """Its stage leaves out frames."""

    dropped = 3


VARIANTS: dict[str, type[Toy]] = {cls.__name__.lower(): cls for cls in (Toy, *Toy.__subclasses__())}
"""The sound toy under ``toy``, the faulty ones under their names."""
