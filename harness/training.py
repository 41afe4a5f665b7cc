"""``morse export --to training``: conversations, preference pairs, negated questions, hints and captions, a file each.

Everything is made of the reference answers and steps by rules, no model writes a word of it. Answers stand in the form that the prompt asks
for, so that what is learned scores under :mod:`harness.scoring`. Videos lie beside, cut where a question is asked.

``sft.jsonl``: the prompt and the answer. ``sft_steps.jsonl``: the prompt asks for steps, and the answer comes after the reference steps.
``preferences.jsonl``: right against wrong, with the reason: the near miss that it is. ``negated.jsonl``: which options are wrong (question
inversion, TW-GRPO, arXiv 2505.24718). ``hints.jsonl``: the first h of the reference steps are given away (DeepVideo-R1, arXiv 2506.07464).
``captions.jsonl``: the caption that fits, and hard negatives. ``rl.jsonl``: prompts with the targets of :mod:`harness.reward`.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from harness.failures import near_miss
from harness.references import mutations, reference_response
from harness.reward import Target, target_of
from harness.scoring import score
from morse.captions import SKILL as CAPTION
from morse.dataset import Dataset
from morse.export.entries import Entry, put
from morse.schema import Choice, MultiChoice, PrivateAnswer, PublicQuestion, Step
from morse.seeding import Key, Rng
from morse.wording import asking_for, instruction_of

FILES = ("sft", "sft_steps", "preferences", "negated", "hints", "captions", "rl")
HINTS = (0.0, 0.25, 0.5, 0.75)
"""What shares of the reference steps are given away."""
MOST_REJECTED = 3
"""Wrong answers that a right one is set against."""
Row = dict[str, Any]


def write(data: Dataset, found: Iterator[Entry], folder: Path, *, target: Path, answers: bool) -> None:
    """Write the folder. Raises :class:`BadInput` through :func:`morse.export.entries.entries` for a set without answers."""
    with ExitStack() as stack:
        files = {name: stack.enter_context((folder / f"{name}.jsonl").open("w", encoding="utf-8")) for name in FILES}
        language = data.manifest.recipe.language
        for entry in found:
            video = put(entry, folder)
            for name, row in rows_of(entry, video, language):
                files[name].write(json.dumps(row, ensure_ascii=False) + "\n")
    (folder / "README.md").write_bytes(data.public_file("README.md").read_bytes())


def rows_of(entry: Entry, video: str, language: str = "en") -> Iterator[tuple[str, Row]]:
    """All that is made of a question: the file's name, and the row."""
    question, private = entry.question, entry.answer
    assert private is not None
    right = reference_response(question.format, private.answer)
    stepwise = asking_for("steps", question, language)
    about = {"question_id": question.question_id, "video": video, "task": question.task, "level": question.level}
    yield "sft", about | {"messages": conversation(video, question.prompt, right)}
    if private.steps:
        told = "\n".join([*map(written, private.steps), right])
        yield "sft_steps", about | {"messages": conversation(video, stepwise, told)}
        yield from (("hints", about | hint) for hint in hints(question, private))
    for wrong, reason in rejected(question, private):
        pair = {"prompt": question.prompt, "chosen": right, "rejected": wrong, "reason": reason}
        yield "preferences", about | pair
    if (inverted := negated(question, private)) is not None:
        yield "negated", about | inverted
    if CAPTION in question.skills and isinstance(question.format, Choice):
        options = dict(zip(question.format.letters, question.format.options, strict=True))
        fits = options.pop(str(private.answer))
        yield "captions", about | {"caption": fits, "negatives": [*options.values()]}
    yield "rl", about | {"prompt": question.prompt, "target": target_of(question, private, entry.clip.duration)}


def conversation(video: str, prompt: str, answer: str) -> list[Row]:
    """A turn of the user with the video, and the assistant's."""
    asked = [{"type": "video", "video": video}, {"type": "text", "text": prompt}]
    return [{"role": "user", "content": asked}, {"role": "assistant", "content": [{"type": "text", "text": answer}]}]


def written(step: Step) -> str:
    """A reference step on a line, as prompts ask for it."""
    if step.kind == "infer":
        return f"infer: {step.claim}"
    return f"{step.claim} @ {step.time:.1f} s" if step.time is not None else f"perceive: {step.claim}"


def hints(question: PublicQuestion, private: PrivateAnswer) -> Iterable[Row]:
    """The prompt with the first reference steps given away, from none to most of them; each share once."""
    head, _, form = question.prompt.rpartition("\n\n")
    known: set[int] = set()
    for share in HINTS:
        count = int(share * len(private.steps))
        if count in known:
            continue
        known.add(count)
        given = "\n".join(map(written, private.steps[:count]))
        prompt = question.prompt if not count else f"{head}\n\nThis much is known:\n{given}\n\n{form}"
        answer = reference_response(question.format, private.answer)
        yield {"hint": share, "steps_given": count, "prompt": prompt, "answer": answer}


def rejected(question: PublicQuestion, private: PrivateAnswer) -> Iterator[tuple[str, str]]:
    """Wrong answers in the right form, and how each differs from the right one."""
    rng = Rng(Key("training", 1, question.level, "export", question.question_id, 0), "rejected")
    count = 0
    for other in rng.shuffled(mutations(question.format, private.answer, rng)):
        text = reference_response(question.format, other)
        worth = score(question.format, private.answer, text)
        if worth.outcome != "scored" or worth.correct:
            continue
        yield text, near_miss(question.format, private, worth.parsed, worth.abstained)
        count += 1
        if count == MOST_REJECTED:
            return


def negated(question: PublicQuestion, private: PrivateAnswer) -> Row | None:
    """Which options are wrong: for choices, a question with several right letters."""
    form = question.format
    if not isinstance(form, Choice | MultiChoice) or len(form.options) < 3 or private.answer is None:
        return None
    right = private.answer if isinstance(private.answer, list) else [private.answer]
    wrong: list[JsonValue] = [letter for letter in form.letters if letter not in right]
    if not wrong:
        return None
    inverted = MultiChoice(options=form.options)
    options = "\n".join(f"({letter}) {option}" for letter, option in zip(form.letters, form.options, strict=True))
    asked = f"{question.text}\n\n{options}\n\nWhich of these options are NOT right? {instruction_of(inverted)}"
    return {
        "prompt": asked,
        "answer": reference_response(inverted, wrong),
        "target": Target(format=inverted, answer=wrong).model_dump_json(),
    }
