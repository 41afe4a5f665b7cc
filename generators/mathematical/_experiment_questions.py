"""How questions about experiments are put: choices, choices among shown graphs, and all others."""

from collections.abc import Sequence
from typing import Any

from pydantic import JsonValue

from generators.mathematical._experiment_graphs import Lineup
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Evidence, Question, Step
from morse.seeding import Rng


class Posing:
    """Puts questions. ``times``: of the experiments, as a programme has them."""

    def __init__(self, times: dict[str, dict[str, Any]], rng: Rng) -> None:
        self.times, self.rng = times, rng

    def graph(
        self,
        kind: str,
        name: str,
        lineup: Lineup,
        looks: Sequence[Evidence],
        steps: Sequence[Step],
        slots: dict[str, JsonValue],
        reasoning: str,
        skills: tuple[str, ...],
    ) -> Question:
        """Which of the four graphs at the end of an experiment is right."""
        right, numbers = lineup.right + 1, range(1, len(lineup.graphs) + 1)
        start, end = self.times[name]["card"]
        card = Evidence(start=start, end=end, objects=tuple(f"{name} graph {i}" for i in numbers))
        near: list[JsonValue] = [i for i in numbers if i != right]
        return self.choice(
            kind,
            right,
            near,
            kind,
            [*looks, card],
            steps,
            slots=slots,
            wording=lambda i: f"graph {i}",
            reasoning=reasoning,
            skills=skills,
        )

    def choice(
        self,
        kind: str,
        key: JsonValue,
        near: Sequence[JsonValue],
        fork: str,
        looks: Sequence[Evidence],
        steps: Sequence[Step],
        *,
        slots: dict[str, JsonValue] | None = None,
        wording: Any = str,
        order: Sequence[JsonValue] = (),
        **more: Any,
    ) -> Question:
        """A choice; ``order``: of its options, where it is the same for several questions."""
        form, letter, values = pose_choice(self.rng.fork(fork), key, near, wording=wording)
        if order:
            form, values = form.model_copy(update={"options": tuple(map(wording, order))}), tuple(order)
            letter = form.letters[values.index(key)]
        return self.question(kind, letter, form, looks, steps, slots or {}, option_values=values, **more)

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        looks: Sequence[Evidence],
        steps: Sequence[Step],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Evidence is what is to be watched, in its order; the answer follows from all steps."""
        more = {"min_frames": max(2, len(looks)), "min_fps": 2.0} | more
        said = _said(kind, answer, more)
        return Question(
            kind=kind,
            answer=answer,
            format=form,
            slots=slots,
            evidence=tuple(looks),
            steps=concluding(steps, said),
            **more,
        )


def _said(kind: str, answer: JsonValue, more: dict[str, Any]) -> str:
    values = more.get("option_values")
    value = values["ABCD".index(str(answer))] if values else answer
    return f"{kind}({', '.join(map(str, value)) if isinstance(value, list) else value})"


def signed(value: JsonValue) -> str:
    """With its sign, as on an axis."""
    return f"{value}".replace("-", "−")
