"""Responses whose worth is known: the reference as a model would write it, its wrong neighbours, and tricks.

The gates and the property tests send them down the path that every response takes.
"""

import json
from collections.abc import Sequence as SequenceOf
from typing import cast

from pydantic import JsonValue

from harness import run_lengths, shapes
from morse.schema import (
    AnswerFormat,
    Boolean,
    Boxes,
    Choice,
    Grid,
    Integer,
    Mapping,
    Masks,
    MultiChoice,
    Multiset,
    Number,
    Permutation,
    Plan,
    PlanProblem,
    Sequence,
    Set,
    Span,
    Text,
)
from morse.seeding import Rng


def reference_response(format: AnswerFormat, answer: JsonValue) -> str:
    """An answer as a model that keeps to the question's instruction would write it (``templates/questions/en/formats.j2``)."""
    if answer is None:
        return "Answer: cannot be answered"
    match format:
        case Boolean():
            return f"Answer: {'yes' if answer else 'no'}"
        case Number() | Integer():
            return f"Answer: {_digits(answer, format.decimals if isinstance(format, Number) else None)}"
        case MultiChoice() | Sequence() | Set() | Multiset():
            return f"Answer: {', '.join(map(str, shapes.entries(answer))) or 'none'}"
        case Permutation():
            return f"Correct order: {', '.join(map(str, shapes.entries(answer)))}"
        case Mapping():
            return f"Answer: {', '.join(f'{key}: {value}' for key, value in shapes.table(answer).items())}"
        case Grid():
            return "Answer:\n" + "\n".join(", ".join(map(str, shapes.entries(row))) for row in shapes.entries(answer))
        case Plan():
            return f"Answer: {'; '.join(PlanProblem.model_validate(answer).solution)}"
        case Span():
            start, end = shapes.entries(answer)
            return f"Answer: From {_digits(start, None)} to {_digits(end, None)} seconds"
        case Boxes() | Masks():
            return f"Answer: {json.dumps(answer)}"
        case Choice() | Text():
            return f"Answer: {answer}"


def mutations(format: AnswerFormat, answer: JsonValue, rng: Rng) -> list[JsonValue]:
    """Wrong neighbours of an answer: an element dropped, added, swapped or changed. Each one is an answer of the format."""
    if answer is None:
        return [] if isinstance(format, Plan) else [_any_answer(format)]
    found: list[JsonValue] = []
    match format:
        case Choice():
            found += [letter for letter in format.letters if letter != answer]
        case Boolean():
            found.append(not answer)
        case Integer():
            found += [int(str(answer)) + 1, int(str(answer)) - 1, 10 * int(str(answer)) + 1]
        case Number():
            value = shapes.number(answer)
            step = max(format.absolute, format.relative * abs(value), 10.0 ** -(format.decimals or 3))
            found += [_rounded(value + 2.5 * step, format), _rounded(value - 2.5 * step, format)]
            found += [_rounded(-value, format)] if abs(value) > 2 * step else []
        case Text():
            found += [entry for entry in format.vocabulary if entry != answer][:8]
        case MultiChoice():
            found += _set_neighbours(shapes.entries(answer), [*format.letters], rng)
            found = [letters for letters in found if letters]
        case Set():
            found += _set_neighbours(shapes.entries(answer), [*format.vocabulary], rng)
        case Multiset():
            entries = shapes.entries(answer)
            found.append([*entries, rng.choice(format.vocabulary)])
            found += [entries[:i] + entries[i + 1 :] for i in range(len(entries))]
            found += [shapes.entries(other) for other in _changed(entries, [*format.vocabulary], rng)]
        case Sequence():
            entries = shapes.entries(answer)
            found.append([*entries, rng.choice(format.vocabulary)])
            found += [entries[:-1]] if len(entries) > 1 else []
            found += _swapped(entries) + _changed(entries, [*format.vocabulary], rng)
        case Permutation():
            found += _swapped(shapes.entries(answer))
        case Mapping():
            for key, value in shapes.table(answer).items():
                others = [entry for entry in format.vocabulary if entry != value]
                found += [{**shapes.table(answer), key: rng.choice(others)}] if others else []
            if len(format.keys) > 1:
                found.append({key: value for key, value in shapes.table(answer).items() if key != format.keys[0]})
        case Grid():
            rows = [shapes.entries(row) for row in shapes.entries(answer)]
            for _ in range(3):
                row, column = rng.integer(0, format.rows - 1), rng.integer(0, format.columns - 1)
                others = [entry for entry in format.vocabulary if entry != rows[row][column]]
                if others:
                    cells: list[list[JsonValue]] = [[*other] for other in rows]
                    cells[row][column] = rng.choice(others)
                    changed: list[JsonValue] = []
                    changed.extend(cells)
                    found.append(changed)
            upside_down: list[JsonValue] = []
            upside_down.extend(reversed(rows))
            found.append(upside_down)
        case Plan():
            problem = PlanProblem.model_validate(answer)
            shorter = problem.solution[:-1]
            found += [problem.model_copy(update={"solution": shorter}).model_dump()] if shorter else []
            unknown = (*problem.solution[:-1], "no_such_operation(x)")
            found.append(problem.model_copy(update={"solution": unknown}).model_dump())
        case Span():
            start, end = shapes.floats(answer)
            length = max(end - start, 0.5)
            for other in ((start, end + length / 4), (end, end + length), (start + length / 3, end + length / 2)):
                found.append([*other])
        case Boxes():
            for second, box in list(shapes.table(answer).items())[:3]:
                left, top, right, bottom = shapes.floats(box)
                narrower: list[JsonValue] = [left, top, left + (right - left) / 2, bottom]
                found.append({**shapes.table(answer), second: narrower})
                found.append({**shapes.table(answer), str(int(second) + 1000): [left, top, right, bottom]})
        case Masks():
            for second, code in list(shapes.table(answer).items())[:3]:
                runs, size = run_lengths.decoded(code)
                fewer = run_lengths.coded(runs[: len(runs) // 2], size)
                found.append({**shapes.table(answer), second: fewer})
                found.append({**shapes.table(answer), str(int(second) + 1000): code})
    return [other for other in found if other != answer]


def gaming_responses(format: AnswerFormat, duration: float = 1e6) -> dict[str, str]:
    """Responses that know nothing and try to profit from the format: trick → response. ``duration``: of the clip, in seconds."""
    tricks = {
        "empty": "",
        "blank": " \n\t ",
        "refusal": "I'm sorry, but I cannot answer this.",
        "abstains": "Answer: cannot be answered",
        "prompt echoed": "Answer with the letter of the one right option, in the form: Answer: ",
        "null byte": "\0",
    }
    answers = [_any_answer(format, i) for i in range(4)]
    written = list(
        dict.fromkeys(reference_response(format, answer).partition(": ")[2] for answer in answers if answer is not None)
    )
    if isinstance(format, Choice | Text):
        everything = format.letters if isinstance(format, Choice) else format.vocabulary
        tricks |= {
            "all options": "Answer: " + ", ".join(everything),
            "all options, one a line": "Answer:\n" + "\n".join(everything),
            "all options joined by or": "Answer: " + " or ".join(everything),
            "all options in tags": "".join(f"<answer>{entry}</answer>" for entry in everything),
            "all options as JSON": json.dumps({"answer": [*everything]}),
            "negated": f"Answer: not {everything[0]}",
        }
        if isinstance(format, Choice):
            tricks["all option texts"] = "Answer: " + ", ".join(format.options)
            tricks["letter and other text"] = f"Answer: {format.letters[0]}) {format.options[1]}"
    if isinstance(format, MultiChoice):
        tricks["joined by or"] = "Answer: " + " or ".join(format.letters)
    if isinstance(format, Boolean):
        tricks |= {
            "both": "Answer: yes or no",
            "yes and no": "Answer: yes, no",
            "both tags": "<answer>yes</answer><answer>no</answer>",
        }
    if isinstance(format, Integer | Number):
        tricks |= {
            "range": "Answer: 0-100",
            "many numbers": "Answer: " + ", ".join(map(str, range(50))),
            "digits joined": "Answer: 1 of 2 of 3",
            "infinite": "Answer: inf",
            "not a number": "Answer: nan",
        }
    if isinstance(format, Plan):
        tricks |= {
            "no operations": "Answer: none",
            "the example": f"Answer: {format.syntax}",
            "the example again and again": "Answer: " + "; ".join([format.syntax] * 64),
            "two plans joined by or": f"Answer: {format.syntax} or {format.syntax}; {format.syntax}",
        }
    if isinstance(format, Span):
        tricks |= {
            "whole clip": f"Answer: From 0 to {duration} seconds",
            "many spans": "Answer: 0-1, 1-2, 2-3",
            "endless": "Answer: From 0 to inf seconds",
        }
    if isinstance(format, Boxes | Masks):
        whole = {str(second): [0, 0, 1, 1] for second in range(int(min(duration, 120)) + 1)}
        tricks |= {"whole frame": f"Answer: {json.dumps(whole)}", "outside the frame": 'Answer: {"1": [-9, -9, 9, 9]}'}
    if len(written) > 1:
        tricks["several answers in tags"] = "".join(f"<answer>{text}</answer>" for text in written)
        tricks["several answers in boxes"] = " ".join(f"\\boxed{{{text}}}" for text in written)
        tricks["several answers joined by or"] = "Answer: " + " or ".join(written)
    return tricks


def _any_answer(format: AnswerFormat, index: int = 0) -> JsonValue:
    """Some answer of a format that knows nothing of the clip; another one for another index, where there are more."""
    match format:
        case Choice():
            return format.letters[index % len(format.letters)]
        case MultiChoice():
            return [format.letters[index % len(format.letters)]]
        case Boolean():
            return index % 2 == 0
        case Integer() | Number():
            return 3 + index
        case Text():
            return format.vocabulary[index % len(format.vocabulary)]
        case Sequence():
            return [format.vocabulary[(index + i) % len(format.vocabulary)] for i in range(format.length or 2)]
        case Permutation():
            return [1 + (index + i) % format.size for i in range(format.size)]
        case Set() | Multiset():
            return [format.vocabulary[index % len(format.vocabulary)]]
        case Mapping():
            return {key: format.vocabulary[index % len(format.vocabulary)] for key in format.keys}
        case Grid():
            row: list[JsonValue] = [format.vocabulary[index % len(format.vocabulary)]] * format.columns
            return cast(JsonValue, [row] * format.rows)
        case Plan():
            return None
        case Span():
            return [float(index), index + 1.0]
        case Boxes():
            return {str(index): [0.1, 0.1, 0.5, 0.5]}
        case Masks():
            return {str(index): _box_as_mask(format, 0.1, 0.1, 0.4)}


def guessed(format: AnswerFormat, domain: SequenceOf[JsonValue] | None, answer: JsonValue, rng: Rng) -> JsonValue:
    """An answer of a format that knows nothing of the clip: one of the domain where there is one, else one of the right
    form. (A plan's problem is taken from the answer, for the form; the plan does nothing.)"""
    if domain:
        return rng.choice(domain)
    match format:
        case Choice():
            return rng.choice(format.letters)
        case MultiChoice():
            return [letter for letter in format.letters if rng.chance(0.5)] or [rng.choice(format.letters)]
        case Boolean():
            return rng.chance(0.5)
        case Integer():
            return rng.integer(0, 9)
        case Number():
            return round(rng.uniform(0, 100), 1)
        case Text():
            return rng.choice(format.vocabulary)
        case Sequence():
            length = format.length if format.length is not None else rng.integer(1, 4)
            return [rng.choice(format.vocabulary) for _ in range(length)]
        case Permutation():
            return list(rng.shuffled(range(1, format.size + 1)))
        case Set():
            return [entry for entry in format.vocabulary if rng.chance(0.5)]
        case Multiset():
            return [rng.choice(format.vocabulary) for _ in range(rng.integer(1, 4))]
        case Mapping():
            return {key: rng.choice(format.vocabulary) for key in format.keys}
        case Grid():
            return [[rng.choice(format.vocabulary) for _ in range(format.columns)] for _ in range(format.rows)]
        case Span():
            start = round(rng.uniform(0, 10), 1)
            return [start, round(start + rng.uniform(0.5, 5), 1)]
        case Boxes():
            left, top = rng.uniform(0, 0.6), rng.uniform(0, 0.6)
            return {"0": [round(left, 2), round(top, 2), round(left + 0.3, 2), round(top + 0.3, 2)]}
        case Masks():
            return {"0": _box_as_mask(format, rng.uniform(0, 0.6), rng.uniform(0, 0.6), 0.3)}
        case Plan():
            problem = dict(answer) if isinstance(answer, dict) else {}
            return problem | {"solution": []}  # a plan that does nothing


def _box_as_mask(format: Masks, left: float, top: float, side: float) -> JsonValue:
    return run_lengths.read_mask([left, top, left + side, top + side], (format.height, format.width))[0]


def _set_neighbours(entries: list[JsonValue], pool: list[JsonValue], rng: Rng) -> list[JsonValue]:
    absent = [entry for entry in pool if entry not in entries]
    found: list[JsonValue] = [sorted([*entries, entry], key=pool.index) for entry in absent[:4]]
    for i, entry in enumerate(entries):
        rest = entries[:i] + entries[i + 1 :]
        found.append(rest)
        if absent:
            found.append(sorted([*rest, rng.choice(absent)], key=pool.index))
        del entry
    return found


def _swapped(entries: list[JsonValue]) -> list[JsonValue]:
    found: list[JsonValue] = []
    for i in range(len(entries) - 1):
        if entries[i] != entries[i + 1]:
            found.append([*entries[:i], entries[i + 1], entries[i], *entries[i + 2 :]])
    return found


def _changed(entries: list[JsonValue], pool: list[JsonValue], rng: Rng) -> list[JsonValue]:
    found: list[JsonValue] = []
    for i, entry in enumerate(entries):
        others = [other for other in pool if other != entry]
        if others:
            found.append([*entries[:i], rng.choice(others), *entries[i + 1 :]])
    return found


def _rounded(value: float, format: Number) -> float:
    return round(value, format.decimals) if format.decimals is not None else float(f"{value:.10g}")


def _digits(value: JsonValue, decimals: int | None) -> str:
    number = shapes.number(value)
    if decimals is not None:
        return f"{number:.{decimals}f}"
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.12f}".rstrip("0")
