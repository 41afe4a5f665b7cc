"""Bars grow day by day and overtake each other: who led when and by how much, and who would have led otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

from pydantic import JsonValue, model_validator

from generators.mathematical._race import (
    COUNTED,
    NAMES,
    RESCALE,
    START,
    best_without,
    draw_front,
    draw_leaders,
    draw_names,
    draw_values,
    most_led,
    projections,
    schedule,
    searched,
    stops,
)
from generators.mathematical._race_viewer import read_off
from morse.chart import Axis, add_distractors, draw_distractors, tick_step
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Event, Evidence, Integer, Number, Question, State, Step, Text, Thing
from morse.schema import Sequence as InOrder
from morse.seeding import Rng
from morse.stage.marks import MARKS
from morse.style import HUED, Style
from morse.task import Task, register
from morse.timeline import Timeline

UNITS, AMOUNTS = ("day", "week", "month", "round", "hour", "year"), ("points", "tonnes", "visits", "coins", "sales")
NAMED = 2.6
"""Seconds until the names go."""


class Params(TaskParams):
    bars: int = ramp(4, per_level=0.4, most=9, least=4, limit=9, about="bars in the race")
    days: int = ramp(12, per_level=2, least=12, limit=1000, about="days that the race goes on")
    changes: int = ramp(4, per_level=0.6, least=3, about="the lead changes hands 2 to so many times")
    decoys: int = ramp(1, per_level=1, about="flashing bars, sweeping pointers and news lines that mean nothing")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.changes > self.days // 2:
            raise ValueError(f"changes={self.changes} needs at least {2 * self.changes} days, not {self.days}")
        if self.decoys > 2 * self.days:
            raise ValueError(f"decoys={self.decoys} is too many: {self.days} days have room for {2 * self.days}")
        return self


@dataclass(frozen=True)
class Race:
    """``values[day][bar]`` at the end of each day, on an axis up to ``tops[day]``; what is asked lies beside.

    ``count``: (bar, day, on how many of the days up to it the bar has led). ``window``: the first day of the search for the
    widest lead. ``ahead``: (day asked on, day asked for, who leads then). ``had``: (who stops, when, day asked for, who
    leads then).
    """

    params: Params
    names: tuple[str, ...]
    values: list[list[float]]
    tops: list[float]
    leaders: tuple[int, ...]
    led_day: int
    count: tuple[int, int, int]
    window: int
    ahead: tuple[int, int, int]
    had: tuple[int, int, int, int]


@register(category="mathematical", version=1, stage="plot", covers=("MORSE-500 mathematical",))
class BarRace(Task[Params, Race]):
    """Bars grow day by day and overtake each other.

    What is shown: bars, lying or upright, on an axis that rescales when it gets short, and a day counter; each day they
    grow, then rest. Names stand beside the bars' marks at the start only; values are never printed. Flashing bars,
    sweeping pointers and news lines mean nothing.
    What is asked: how often the lead changed hands; who led on a day; who led in which order; on how many days a bar has
    led so far; a value, read off the axis; the day of the widest lead; who leads if all go on alike; who would have led
    had a bar stopped growing.
    Difficulty: bars, days (and with them rescalings), lead changes, decoys.
    Source: own design, after the charts of MORSE-500 and the bar chart races of the web.
    """

    def simulate(self, params: Params, rng: Rng) -> Race:
        # The answers to aim at are drawn first, and how they lie to the first frame, the one that names the bars.
        n, last, wanted = params.bars, params.days, rng.steady("wanted")
        changes, widest = wanted.integer(2, params.changes), wanted.integer(0, searched(last) - 1)
        led_day, led_first = wanted.integer(1, last - 1), wanted.chance(1 / n)
        count, count_day = wanted.integer(1, most_led(last)), wanted.integer(2 * last // 3, last - 1)
        ahead_first, had_first = wanted.chance(1 / n), wanted.chance(1 / (n - 1))

        for leaders in draw_leaders(n, last, changes, rng.fork("leaders")):
            lately = leaders[max(0, count_day - COUNTED + 1) : count_day + 1]
            counted = [bar for bar in range(n) if lately.count(bar) == count and bar != leaders[0]]
            if counted and (leaders[led_day] == leaders[0]) == led_first:
                break
        else:
            raise Rejected("no course of leads as wanted")
        fronts, tops, window = draw_front(last, widest, rng.fork("front"))
        values = draw_values(n, leaders, fronts, tops, window + widest, rng.fork("values"))
        ahead = [one for one in projections(values, tops) if (one[2] == leaders[0]) == ahead_first]
        had = [one for one in stops(values, tops) if (one[3] == best_without(one[0], values[0])) == had_first]
        if not ahead or not had:
            raise Rejected("no clear what-if" if ahead else "no clear outlook")
        # Mostly, who leads is not who will lead, and who is stopped is who led: else there is little to find out.
        overtaken = [one for one in ahead if one[2] != leaders[one[0]]]
        matter = [one for one in had if one[0] == leaders[one[2]]]
        return Race(
            params=params,
            names=draw_names(n, rng),
            values=values,
            tops=tops,
            leaders=leaders,
            led_day=led_day,
            count=(rng.choice(counted), count_day, count),
            window=window,
            ahead=rng.choice((rng.chance(1 - 1 / n) and overtaken) or ahead),
            had=rng.choice((rng.chance(0.7) and matter) or had),
        )

    def layout(self, episode: Race, rng: Rng) -> Layout:
        n, flat = len(episode.names), rng.chance(0.5)
        axis = Axis(True, -5.0, 12.2, -3.05, 6.2) if flat else Axis(False, -2.75, 6.1, -6.7, 14.2)
        room = axis.reach / n
        lanes = [axis.side + room * (n - i - 0.5 if flat else i + 0.5) for i in range(n)]
        begins, rests, ends = schedule(episode.tops, rng.fork("pauses"))
        timeline = Timeline(round(ends[-1] + 0.5, 3))
        timeline.add("axis", axis.spot(axis.length / 2, axis.side), axis.size(axis.length, 0.06), z=1, solid=False)
        timeline.add("counter", (5.75, 3.95), (3.0, 0.6), z=3, solid=False, day=0)
        objects = [Thing(id=name, kind=name, shape_fills_box=False) for name in ("axis", "counter")]
        marks, colours = rng.sample(list(MARKS), n), rng.sample(HUED, n)
        for i in range(n):
            bar, name = f"bar_{i + 1}", f"name_{i + 1}"
            axis.add_bar(timeline, bar, episode.values[0][i] / episode.tops[0], lanes[i], min(room * 0.64, 1.3))
            timeline.add(name, axis.spot(-1.75 if flat else -1.1, lanes[i]), (1.6, 0.5), z=3, solid=False)
            timeline.change(name, "opacity", 0.0, NAMED, NAMED + 0.3)
            objects.append(Thing(id=bar, kind="bar", colour=colours[i], attributes={"mark": marks[i]}))
            objects.append(Thing(id=name, kind="name", attributes={"name": episode.names[i]}, shape_fills_box=False))
        scales, events, states = [(episode.tops[0], 0.0, 0.0)], [], []
        for day, top in enumerate(episode.tops):
            states.append(State(start=rests[day], end=ends[day], values={"day": day, "axis": top}, shown=True))
            if not day:
                continue
            if top != episode.tops[day - 1]:
                start, end = ends[day - 1], round(ends[day - 1] + RESCALE - 0.2, 3)
                scales.append((top, start, end))
                events.append(Event(id=f"rescale_{day}", kind="rescale", objects=("axis",), start=start, end=end))
                for i in range(n):
                    axis.grow_bar(timeline, f"bar_{i + 1}", episode.values[day - 1][i] / top, start, end)
            start, end = begins[day], rests[day]
            timeline.change("counter", "day", day, start)
            for i in range(n):
                axis.grow_bar(timeline, f"bar_{i + 1}", episode.values[day][i] / top, start, end)
            new, old = (f"bar_{episode.leaders[d] + 1}" for d in (day, day - 1))
            if new != old:
                events.append(Event(id=f"lead_{day}", kind="takes_lead", objects=(new, old), start=start, end=end))
        bars, places = [f"bar_{i + 1}" for i in range(n)], [name for name in NAMES if name not in episode.names]
        decoys, news = add_distractors(timeline, axis, bars, places, episode.params.decoys, START, rng.fork("decoys"))
        details = {"axis": axis, "ticks": axis.add_ticks(timeline, scales), "lanes": lanes, "news": news}
        details |= {"unit": rng.choice(UNITS), "amount": rng.choice(AMOUNTS)}
        events = sorted(events + decoys, key=lambda event: (event.start, event.id))
        return Layout(timeline, tuple(objects), tuple(events), tuple(states), details)

    def ask(self, episode: Race, layout: Layout, rng: Rng) -> Iterable[Question]:
        race, states, n, last = episode, layout.states, len(episode.names), len(episode.tops) - 1
        bars = [f"bar_{i + 1}" for i in range(n)]

        def pose(
            kind: str,
            answer: JsonValue,
            form: AnswerFormat,
            days: Iterable[int],
            named: Iterable[int],
            claim: str,
            asked: int | None = None,
            **more: Any,
        ) -> Question:
            """Names are read at the start, bars at rest on days."""
            days, named = list(days), sorted(set(named))
            looks = [Evidence(start=0.0, end=NAMED, objects=tuple(f"name_{i + 1}" for i in named))] if named else []
            looks += [Evidence(start=states[d].start, end=_before(states[d]), objects=tuple(bars)) for d in days]
            steps = [Step(kind="perceive", claim=f"name({bars[i]}, {race.names[i]})", time=0.0) for i in named]
            steps += [
                Step(kind="perceive", claim=f"leads({bars[race.leaders[d]]}, {d})", time=states[d].start) for d in days
            ]
            slots = {"unit": layout.details["unit"]} | more.pop("slots", {})
            return Question(
                kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), steps=concluding(steps, claim),
                min_frames=len(days) + bool(named), asked_at=None if asked is None else _before(states[asked]), **more,
            )  # fmt: skip

        everyone = range(n)
        name, leaders = race.names, race.leaders
        listed = tuple(sorted(name))  # not in the order of the rows, which would tie them to places in a frame
        one = Text(vocabulary=listed, noun="name")

        flips = sum(a != b for a, b in pairwise(leaders))
        yield pose(
            "lead_changes", flips, Integer(), range(last + 1), (), f"lead_changes({flips})",
            domain=tuple(range(2, race.params.changes + 1)), reasoning="infer", skills=("count", "compare"),
        )  # fmt: skip

        who = name[leaders[race.led_day]]
        yield pose(
            "leader_on", who, one, [race.led_day], everyone, f"leads({who}, {race.led_day})",
            domain=listed, reasoning="recall", skills=("find",), slots={"day": race.led_day},
        )  # fmt: skip

        order: list[JsonValue] = [name[i] for i in dict.fromkeys(leaders) if i != leaders[0]]
        rest = tuple(other for other in listed if other != name[leaders[0]])
        yield pose(
            "lead_order", order, InOrder(vocabulary=rest, noun="name"), range(last + 1), everyone,
            f"order({', '.join(map(str, order))})", reasoning="infer", skills=("order", "compare"),
            slots={"first": name[leaders[0]]},
        )  # fmt: skip

        bar, day, count = race.count
        start = max(0, day - COUNTED + 1)
        yield pose(
            "days_led", count, Integer(), range(start, day + 1), [bar], f"days_led({name[bar]}, {count})", asked=day,
            domain=tuple(range(1, most_led(last) + 1)), reasoning="infer", skills=("count",),
            slots={"name": name[bar], "start": start, "end": day},
        )  # fmt: skip

        day, bar = rng.integer(1, last), rng.integer(0, n - 1)
        within = round(tick_step(race.tops[day]) / 5, 6)
        yield pose(
            "value_on", race.values[day][bar], Number(absolute=within), [day], [bar],
            f"value({name[bar]}, {day}, {race.values[day][bar]:g})", asked=day, reasoning="recall", skills=("measure",),
            slots={"name": name[bar], "day": day, "within": f"{within:g}"}, chance=round(2 * within / race.tops[day], 3),
        )  # fmt: skip

        days = range(race.window, race.window + searched(last))
        lead = [sorted(race.values[d])[-1] - sorted(race.values[d])[-2] for d in days]
        widest = days[lead.index(max(lead))]
        yield pose(
            "widest_lead", widest, Integer(), days, (), f"widest_lead({widest})", domain=tuple(days),
            reasoning="infer", skills=("compare", "measure"), slots={"start": days[0], "end": days[-1]},
        )  # fmt: skip

        day, then, bar = race.ahead
        yield pose(
            "leader_ahead", name[bar], one, [day - 1, day], everyone, f"leads({name[bar]}, {then})", asked=day,
            domain=listed, reasoning="predict", skills=("extrapolate",), slots={"day": day, "then": then},
        )  # fmt: skip

        stopped, day, then, bar = race.had
        rest = tuple(other for other in listed if other != name[stopped])
        yield pose(
            "leader_had", name[bar], Text(vocabulary=rest, noun="name"), [day, then], everyone,
            f"would_lead({name[bar]}, {then})", domain=rest, reasoning="counterfactual", skills=("imagine", "compare"),
            slots={"name": name[stopped], "day": day, "then": then},
        )  # fmt: skip

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By measuring the bars in the picture against the axis, and comparing them in pairs."""
        return read_off(question, shown)

    def draw(self, episode: Race, layout: Layout, stage: Any, style: Style) -> None:
        details, axis, unit = layout.details, layout.details["axis"], layout.details["unit"]
        axis.draw(stage, details["ticks"], style)
        stage.words(None, details["amount"], 0.46, style.muted, at=(-7.5, 3.95), side="left", cut="bold")
        words: dict[str, Any] = {"at": (1.4, 0.0), "side": "right", "cut": "bold"}
        stage.reading("counter", lambda values: f"{unit} {values['day']:.0f}", 0.62, style.ink, **words)
        bars = [thing for thing in layout.objects if thing.kind == "bar"]
        for thing, name, across in zip(bars, episode.names, details["lanes"], strict=True):
            axis.draw_bar(stage, thing.id, str(thing.colour), style)
            mark = MARKS[str(thing.attributes["mark"])] * 0.28
            stage.polygon(None, mark, style.ink, at=axis.spot(-0.5, across), z=1)
            at, side = ((0.8, 0.0), "right") if axis.flat else ((0.0, 0.0), "centre")
            stage.words(thing.id.replace("bar", "name"), name, 0.44, style.ink, at=at, side=side)
        draw_distractors(stage, axis, details["news"], style)


def _before(state: State) -> float:
    """A moment before the rest is over: the last frame of a clip that is cut here shows it."""
    return round(state.end - 0.1, 3)
