"""A town whose roads change what they cost, one after another, while the signs that said so stay blank."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from generators.planning._delivery_looks import draw_town
from generators.planning._delivery_show import TownShow
from generators.planning._delivery_world import (
    LEAST,
    MOST,
    OPTIONS,
    SPREAD,
    TRIES,
    Change,
    Road,
    Route,
    Town,
    changed,
    cheapest,
    costs_for,
    history,
    roads_of,
    routes_for,
    town_of,
)
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boolean, Evidence, Integer, Question, Reasoning, Step
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(TaskParams):
    columns: int = ramp(3, per_level=0.25, most=5, least=3, limit=5, about="stops from left to right")
    rows: int = ramp(2, per_level=0.25, most=4, least=2, limit=4, about="stops from top to bottom")
    changes: int = ramp(5, per_level=1.3, least=5, about="about how often a road changes what it costs")
    flashes: int = ramp(1, per_level=0.4, about="signs that light up and show the same cost as before, at least")
    shown: float = ramp(5.0, least=2.0, limit=60, about="seconds for which all signs are seen")
    lit: float = ramp(1.6, per_level=-0.03, most=1.3, least=1.1, limit=10, about="seconds for which a sign is lit")


@dataclass(frozen=True)
class Round:
    """What happens in a clip. ``routes``: options, the cheapest one first. ``asked``: the change whose cost is asked for."""

    params: Params
    town: Town
    first: Mapping[Road, int]
    changes: tuple[Change, ...]
    routes: tuple[Route, ...]
    cost: int
    asked: int
    domains: Mapping[str, tuple[int, ...]]

    @property
    def last(self) -> dict[Road, int]:
        """Costs at the end."""
        return changed(self.first, self.changes)


@register(category="planning", version=1, stage="manim")
class DeliveryGraph(Task[Params, Round]):
    """Delivery graph: roads between stops change what they cost, each sign is lit only then, and the cheapest route is asked for.

    What is shown
        Stops with letters, roads between them, and a sign on each road. For a few seconds all signs show what their roads cost, then
        they go blank. One after another lights up and shows what its road costs from then on, which may be what it cost before.
    What is asked
        How many times a cost changed, what a road costs now (asked in mid-clip), what the cheapest way between two stops costs at the end
        and which one it is, whether it is cheaper than at first, whether it would cost the same had the last change not been made.
    Difficulty
        More stops and roads, more changes and signs that light up and change nothing, shorter looks at them.
    Source
        New here: shortest paths in a graph whose weights change, as a hidden state.
    """

    def simulate(self, params: Params, rng: Rng) -> Round:
        steady = rng.steady("targets")
        near = params.columns + params.rows
        domains = {
            "changes": tuple(range(params.changes - 2, params.changes - 2 + SPREAD)),
            "cost": tuple(range(near, near + SPREAD)),
            "value": tuple(range(LEAST, MOST + 1)),
        }
        count, cost, value = (steady.choice(domains[name]) for name in ("changes", "cost", "value"))
        cheaper, same = steady.chance(0.5), steady.chance(0.5)
        town = town_of(params.columns, params.rows, rng)
        start, goal = rng.sample(sorted(town.places), 2)
        routes = rng.sample(routes_for(town, start, goal, cost, rng), OPTIONS)
        for _ in range(TRIES):
            last = costs_for(town, routes[0], cost, rng)
            if last is None or all(price == value for price in last.values()):
                continue
            total = domains["changes"][-1] + params.flashes
            first, changes, asked = history(last, count, total, value, list(last) if same else roads_of(routes[0]), rng)
            before = cheapest(town, first, start, goal)[0]
            without = changed(first, [change for change in changes if not change.flash][:-1])
            if (before > cost) == cheaper and (cheapest(town, without, start, goal)[0] == cost) == same:
                return Round(params, town, first, tuple(changes), tuple(routes), cost, asked, domains)
        raise Rejected("no changes that fit the targets")

    def layout(self, episode: Round, rng: Rng) -> Layout:
        return TownShow(
            episode.town, episode.first, episode.changes, episode.params.shown, episode.params.lit, rng
        ).layout()

    def ask(self, episode: Round, layout: Layout, rng: Rng) -> Iterable[Question]:
        seen: Evidence = layout.details["seen"]
        lit: tuple[Evidence, ...] = layout.details["lit"]
        events = [event for event in layout.events if event.kind == "show"]
        glances = [
            Step(kind="perceive", claim=f"cost({a}{b}, {event.values['cost']})", time=event.start)
            for event in events
            for a, b in [str(event.values["road"])]
        ]
        start, goal = episode.routes[0][0], episode.routes[0][-1]
        ends: dict[str, JsonValue] = {"start": start, "goal": goal}

        def pose(
            kind: str,
            answer: JsonValue,
            form: AnswerFormat,
            reasoning: Reasoning,
            skill: str,
            claim: str,
            looks: int,
            **more: Any,
        ) -> Question:
            """A question that the signs at first and the first so many lights decide."""
            first = Step(kind="perceive", claim=_claim(episode.first), time=seen.start)
            now = _claim(changed(episode.first, episode.changes[:looks]))
            steps = concluding([first, *glances[:looks]], now)
            return Question(
                kind=kind, answer=answer, format=form, reasoning=reasoning, skills=(skill,), min_fps=1.0,
                evidence=(seen, *lit[:looks]), min_frames=looks + 1,
                steps=(*steps, Step(kind="infer", claim=claim, needs=(looks + 1,))), **more,
            )  # fmt: skip

        every, count = len(lit), sum(not change.flash for change in episode.changes)
        yield pose(
            "changes_count", count, Integer(), "recall", "counting", f"changes({count})", every,
            domain=episode.domains["changes"],
        )  # fmt: skip
        asked = episode.changes[episode.asked]
        later = next(i for i in range(episode.asked + 1, every) if episode.changes[i].road == asked.road)
        looks = rng.integer(episode.asked + 1, later)
        yield pose(
            "cost_now", asked.cost, Integer(), "recall", "state tracking", f"now cost({''.join(asked.road)}, {asked.cost})", looks,
            domain=episode.domains["value"], slots={"one": asked.road[0], "other": asked.road[1]},
            asked_at=round(lit[looks - 1].end + 0.2, 3),
        )  # fmt: skip
        yield pose(
            "cheapest_cost", episode.cost, Integer(), "infer", "search", f"cheapest({episode.cost})", every,
            domain=episode.domains["cost"], slots=ends,
        )  # fmt: skip
        key, *near = ("-".join(route) for route in episode.routes)
        form, letter, values = pose_choice(rng, key, near)
        yield pose(
            "cheapest_route",
            letter,
            form,
            "infer",
            "planning",
            f"cheapest({key})",
            every,
            option_values=values,
            slots=ends,
        )
        cheaper = cheapest(episode.town, episode.first, start, goal)[0] > episode.cost
        yield pose(
            "cheaper_now", cheaper, Boolean(), "infer", "state comparison", f"cheaper({cheaper})", every, slots=ends
        )
        without = changed(episode.first, [change for change in episode.changes if not change.flash][:-1])
        same = cheapest(episode.town, without, start, goal)[0] == episode.cost
        yield pose("same_without", same, Boolean(), "counterfactual", "supposition", f"same({same})", every, slots=ends)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By a graph of networkx, whose weights are read off the signs."""
        import networkx

        slots = question.slots
        town: Any = networkx.Graph()
        for pair, cost in shown.states[0].values.items():
            town.add_edge(*pair, weight=cost)

        def least() -> int:
            return int(networkx.shortest_path_length(town, slots["start"], slots["goal"], weight="weight"))

        at_first = least() if "start" in slots else 0
        count, before = 0, at_first
        for event in (event for event in shown.events if event.kind == "show"):
            one, other = str(event.values["road"])
            if town[one][other]["weight"] == event.values["cost"]:
                continue
            count, before = count + 1, least() if "start" in slots else 0
            town[one][other]["weight"] = event.values["cost"]
        if question.kind == "changes_count":
            return count
        if question.kind == "cost_now":
            return town[slots["one"]][slots["other"]]["weight"]
        if question.kind == "cheapest_route":
            return "-".join(networkx.shortest_path(town, slots["start"], slots["goal"], weight="weight"))
        now = least()
        return {"cheapest_cost": now, "cheaper_now": now < at_first, "same_without": now == before}[question.kind]

    def draw(self, episode: Round, layout: Layout, stage: Any, style: Style) -> None:
        draw_town(layout, stage, style)


def _claim(costs: Mapping[Road, int]) -> str:
    return ", ".join(f"{a}{b}={cost}" for (a, b), cost in costs.items())
