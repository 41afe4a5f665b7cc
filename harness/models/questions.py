"""A data set's questions as inspect_ai has them: samples, the message that shows a clip, and the verdict on an answer."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio.to_thread
from inspect_ai import Task
from inspect_ai.dataset import MemoryDataset, Sample, json_dataset
from inspect_ai.model import ChatMessageUser, Content, ContentImage, ContentText, ContentVideo
from inspect_ai.scorer import Score, Scorer
from inspect_ai.solver import Generate, Solver, TaskState
from pydantic import ValidationError
from tenacity import RetryError

from harness.exported import FORMAT
from harness.scoring import score
from morse.dataset import open_dataset
from morse.errors import BadInput
from morse.schema import PrivateAnswer, PublicQuestion
from morse.view.names import View, parse_view
from morse.view.show import Screening, Showing, views_folder

SHOWN_AT_ONCE = 2
"""How many views are made at once; the calls to the model go on meanwhile."""


def clips_task(
    dataset: str, view: str, views: str | None, limit: int | None, *, solver: Solver, scorer: Scorer
) -> Task:
    """The task over a data set; without the private half nothing is scored."""
    data, looked = open_dataset(dataset), parse_view(view)
    answers = {} if data.private is None else {answer.question_id: answer for answer in data.answers()}
    samples = [sample(question, answers.get(question.question_id), looked) for question in data.questions()]
    return Task(
        dataset=MemoryDataset(samples[:limit], name=data.manifest.recipe.name, location=str(dataset)),
        solver=solver,
        scorer=scorer if answers else None,
        version=data.manifest.recipe.version,
        metadata={"morse": data.manifest.morse_version, "data_set": data.sha256, "view": looked.name},
    )


def samples_task(file: str, *, scorer: Scorer) -> Task:
    """The task over an exported file; videos stand beside it."""
    if not Path(file).is_file():
        raise BadInput(f"{file}: no such file")
    return Task(dataset=json_dataset(file), scorer=scorer)


def sample(question: PublicQuestion, answer: PrivateAnswer | None, view: View) -> Sample:
    """A question as a sample: its target is the answer as JSON, its metadata has what the verdict and the groups need."""
    return Sample(
        id=question.question_id,
        input=question.prompt,
        target="" if answer is None else json.dumps(answer.answer, ensure_ascii=False),
        metadata=metadata_of(question) | {"view": view.name},
    )


def metadata_of(question: PublicQuestion) -> dict[str, Any]:
    """What a sample keeps of its question beside the text."""
    row = question.model_dump(mode="json")
    return {name: value for name, value in row.items() if name not in ("question_id", "text", "prompt")}


def verdict(metadata: dict[str, Any], target: str, completion: str) -> Score:
    """The strict score of a completion. Raises ``ValueError`` for metadata that is not a question's."""
    try:
        form, answer = FORMAT.validate_python(metadata.get("format")), json.loads(target)
    except (ValidationError, ValueError) as error:
        raise ValueError(f"not a sample of MORSE: its format or target cannot be read ({error})") from None
    found = score(form, answer, completion)
    return Score(
        value=float(found.correct),
        answer=None if found.parsed is None else json.dumps(found.parsed, ensure_ascii=False),
        explanation=found.reason,
        metadata={"outcome": found.outcome, "value": found.value, **found.partial},
    )


async def answered(state: TaskState, generate: Generate) -> TaskState:
    """The model's answer. A call that was tried too often raises what went wrong the last time, not that it was tried."""
    try:
        return await generate(state)
    except RetryError as error:
        raise error.last_attempt.exception() or error from None


class Shower:
    """Shows questions in one view. Files are made beside the event loop, a few at once."""

    def __init__(self, dataset: str, view: str, views: str | None) -> None:
        data = open_dataset(dataset)
        self.view = parse_view(view)
        self._screening = Screening(data, self.view, views_folder(views))
        self._questions = {question.question_id: question for question in data.questions()}
        self._limiter: anyio.CapacityLimiter | None = None

    async def message(self, question_id: str, metadata: dict[str, Any]) -> ChatMessageUser:
        """What the model is given; notes in ``metadata`` which frames that shows."""
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(SHOWN_AT_ONCE)
        question = self._questions[question_id]
        showing = await anyio.to_thread.run_sync(self._screening.show, question, limiter=self._limiter)
        metadata["frames"] = list(showing.times) if self.told else None
        seen = None if self.view.form == "transcript" else list(showing.times)
        return ChatMessageUser(
            content=list(contents(showing)),
            metadata={"question_id": question_id, "frames": seen, "view": self.view.name},
        )

    @property
    def told(self) -> bool:
        """Whether the view decides which frames are seen. Of a video, the model's server takes those that it likes."""
        return self.view.form != "transcript" and (self.view.form != "video" or self.view.change in ("half", "masked"))


def contents(showing: Showing) -> Iterator[Content]:
    """The parts of a message: what is said before, the pictures or the video, the prompt."""
    if showing.before:
        yield ContentText(text=showing.before)
    for file in showing.files:
        inline = base64.b64encode(file.read_bytes()).decode()
        if showing.kind == "video":
            yield ContentVideo(
                video=f"data:video/mp4;base64,{inline}", format="mp4", internal={"file": str(file.absolute())}
            )
        else:
            yield ContentImage(image=f"data:image/jpeg;base64,{inline}")
    yield ContentText(text=showing.prompt)
