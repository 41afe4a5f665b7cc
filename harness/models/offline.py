"""Models that need no network: the reference, the guessers and the simulated observers of ``morse baselines``, asked as any model is.

``blind`` says what is right most often in other clips; ``observer`` reasons without error from the frames of the view alone, so what it
scores is what a view leaves to be known.
"""

from dataclasses import replace
from typing import Any

from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput, ModelUsage
from inspect_ai.tool import ToolChoice, ToolInfo

from harness.observers import Observer, Puzzle
from harness.stand_ins import LOSING, STAND_INS, asked_of
from morse.dataset import open_dataset
from morse.errors import BadInput, did_you_mean

OFFLINE = {"blind": "majority", **{name: name for name in STAND_INS}}
"""What a name stands for among the stand-ins."""
NAMES = (*OFFLINE, "observer")


class Offline(ModelAPI):
    """Answers questions of one data set, which it must be told: the model argument ``dataset``."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008  (inspect_ai's own signature)
        dataset: str = "",
        **_: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        if model_name not in NAMES:
            raise BadInput(
                f"stand-in/{model_name}: no such stand-in{did_you_mean(model_name, NAMES)}; there are {', '.join(sorted(NAMES))}"
            )
        if not dataset:
            raise BadInput(f"stand-in/{model_name} needs the model argument dataset (-M dataset=FOLDER)")
        self._asked = {
            item.question.question_id: item for item in asked_of(open_dataset(dataset), events=model_name == LOSING)
        }
        self._said: dict[str, str] = {}
        if model_name in OFFLINE:
            asked = list(self._asked.values())
            texts = STAND_INS[OFFLINE[model_name]](asked)
            self._said = {item.question.question_id: text for item, text in zip(asked, texts, strict=True)}

    async def generate(
        self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> ModelOutput:
        about = input[-1].metadata or {}
        question_id, frames = str(about.get("question_id")), about.get("frames")
        if question_id not in self._asked:
            raise ValueError(f"question {question_id!r} is not in the data set of this stand-in")
        if self.model_name == "observer":
            text = self._observed(question_id, None if frames is None else tuple(frames))
        else:
            text = self._said[question_id]
        output = ModelOutput.from_content(self.model_name, text)
        output.usage = ModelUsage()  # nothing was counted; left open, a tokenizer would be fetched
        return output

    def _observed(self, question_id: str, frames: tuple[float, ...] | None) -> str:
        item = self._asked[question_id]
        puzzle = Puzzle.of_record(item.question, item.private, item.clip, item.events)
        return Observer().respond(replace(puzzle, frames=frames))
