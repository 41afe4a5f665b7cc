"""Cards light up, grow, shrink, rise, sink and tilt, some at the same time: what was before, during and after what."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from pydantic import JsonValue, model_validator

from generators.temporal._acts import RELATIONS, Stay, add_balls, draw_stays, moments, planned_pair
from generators.temporal._cards import ACTIONS, add_cards, draw_cards, play
from generators.temporal._order_questions import Asking, Course, moment, once
from generators.temporal._order_viewer import retold
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.gestures import shake
from morse.layout import Layout, Shown
from morse.schema import Event, Question
from morse.seeding import Rng
from morse.stage.marks import MARKS
from morse.style import Style
from morse.task import Task, register
from morse.timeline import Timeline


class Params(TaskParams):
    cards: int = ramp(6, per_level=0.5, most=9, least=6, limit=9, about="cards on the board")
    events: int = ramp(8, per_level=2, most=100, least=8, limit=118, about="events in the clip")
    at_once: int = ramp(3, per_level=0.25, most=6, least=3, limit=6, about="events that go on at once, at most")
    listed: int = ramp(4, per_level=0.25, most=7, least=3, limit=7, about="events to be put in order")
    decoys: int = ramp(2, per_level=1, about="cards that shake and balls that pass, which means nothing")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        most = round(2.2 * len(ACTIONS) * self.cards)
        if self.events > most:
            raise ValueError(
                f"events={self.events} is too many for {self.cards} cards: of more than {most} too few have a name"
            )
        if self.listed > self.events - 4:
            raise ValueError(f"listed={self.listed} is too many for {self.events} events: at most {self.events - 4}")
        return self

    @property
    def ticks(self) -> int:
        """Moments in an act."""
        return 5 + round(2.4 * self.events / self.at_once)

    @property
    def counts(self) -> range:
        """How often an action that is asked for may occur."""
        low = max(1, self.events // 6 - 1)
        return range(low, low + 4)


@register(category="temporal", version=2, stage="plot", covers=("MORSE-500 temporal", "OVO-Bench", "RTV-Bench"))
class EventOrder(Task[Params, Course]):
    """Cards light up, grow, shrink, rise, sink and tilt for a while, some at the same time.

    What is shown: cards with different marks on a board. In two acts, with a rest between, cards are lit, large, small,
    raised, lowered or tilted for some seconds each, then as they were. Cards that shake and balls that pass mean nothing.
    What is asked: how two events lie in time (Allen's thirteen relations); which one began or ended as the n-th, and where it is meanwhile; which caption fits; the order of
    several; how many others went on in the meantime; from when to when one went on (if it ever happened), or two at once;
    who was the last to come to rest so far, at several times of the clip; how an event would lie to another had it begun
    when a third one ended.
    Difficulty: events, cards, events at once, decoys, events to be put in order.
    Source: own design, after MORSE-500's temporal kinds, the backward tracing of OVO-Bench, the repeated questions of RTV-Bench
    and Allen's interval algebra (doi 10.1145/182.358434).
    """

    def simulate(self, params: Params, rng: Rng) -> Course:
        wanted = rng.steady("wanted")
        relation, action, happens = wanted.choice(RELATIONS), wanted.choice(ACTIONS), wanted.chance(0.75)
        count = wanted.choice(params.counts)
        for _ in range(60):
            cards = rng.sample(list(MARKS), params.cards)
            one, other = rng.sample(cards, 2)
            first, second = planned_pair(relation, params.ticks, rng)
            planned = Stay(one, "", *first), Stay(other, "", *second)
            drawn = draw_stays(rng, params.events, params.ticks, params.at_once, cards, planned)
            if drawn is None or (stays := named(drawn, action, count, rng)) is None:
                continue
            single = once(stays)
            done = [stay[:2] for stay in stays]
            absent = [(card, what) for card in cards for what in ACTIONS if (card, what) not in done]
            clear = [len({moment(stays[i], by_end) for i in single}) for by_end in (False, True)]
            if absent and min(clear) >= params.listed:
                never = None if happens else rng.choice(absent)
                in_order = tuple(sorted(stays, key=lambda stay: (stay.start, stay.who)))
                pair = in_order.index(stays[0]), in_order.index(stays[1])
                number = rng.integer(0, len(stays) - 1)
                return Course(
                    tuple(cards), in_order, params.ticks, params.decoys, params.counts, params.listed, pair,
                    (action, count), number, never,
                )  # fmt: skip
        raise Rejected("no course as wanted")

    def layout(self, episode: Course, rng: Rng) -> Layout:
        times, duration = moments(episode.ticks, rng.steady("moments"))
        timeline = Timeline(duration)
        things = add_cards(timeline, episode.cards, rng.fork("places"))
        events = []
        for number, stay in enumerate(episode.stays):
            start, end = times[stay.start], times[stay.end]
            play(timeline, stay.who, stay.what, start, end)
            events.append(Event(id=f"event {number + 1}", kind=stay.what, objects=(stay.who,), start=start, end=end))
        decoys = add_decoys(timeline, episode, times, rng.fork("decoys"))
        balls, passes = add_balls(timeline, episode.decoys - len(decoys), duration, rng.fork("balls"))
        events = sorted([*events, *decoys, *passes], key=lambda event: (event.start, event.id))
        return Layout(timeline, (*things, *balls), tuple(events), details={"times": times})

    def ask(self, episode: Course, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By watching each card for when it is not as at first, and comparing these times."""
        return retold(question, shown)

    def draw(self, episode: Course, layout: Layout, stage: Any, style: Style) -> None:
        draw_cards(layout, stage, style)


def named(stays: Sequence[Stay], action: str, count: int, rng: Rng) -> list[Stay] | None:
    """What is done in each stay: one action so often. What the first two do, their cards do only once."""
    others = [what for what in ACTIONS if what != action]
    acting = rng.sample(range(len(stays)), count)
    made = [stay._replace(what=action if i in acting else rng.choice(others)) for i, stay in enumerate(stays)]
    taken = [stay[:2] for stay in made[:2]]
    for i, stay in enumerate(made[2:], 2):
        if stay[:2] in taken:
            free = [what for what in others if (stay.who, what) not in taken]
            if stay.what == action:
                return None
            made[i] = stay._replace(what=rng.choice(free))
    return made


def add_decoys(timeline: Timeline, course: Course, times: Sequence[float], rng: Rng) -> list[Event]:
    """About half of the decoys: cards that shake, at moments a little after others, never two at a time."""
    events = []
    free = rng.shuffled(range(len(times)))[: (course.decoys + 1) // 2]
    for number, place in enumerate(sorted(free)):
        start = round(times[place] + 0.1, 3)
        end, card = round(start + 0.65, 3), rng.choice(course.cards)
        shake(timeline, card, start, end, 0.16)
        events.append(Event(id=f"shake {number + 1}", kind="shakes", objects=(card,), start=start, end=end))
    return events
