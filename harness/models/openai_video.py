"""A provider for servers that speak OpenAI's protocol and take videos as ``video_url``: vLLM, SGLang, and services built on them.

``--model openai-video/NAME`` with ``--base-url`` (or ``OPENAI_VIDEO_BASE_URL``), and ``OPENAI_VIDEO_API_KEY`` where a key is asked for.
A video goes inline as base64; with the model argument ``media=file``, as a ``file://`` address, for a server on the same disk.
"""

import os
from typing import Any, Literal

from inspect_ai.model import (
    ChatMessage,
    ChatMessageUser,
    Content,
    ContentVideo,
    GenerateConfig,
    ModelAPI,
    ModelCall,
    ModelOutput,
    RetryDecision,
    messages_to_openai,
    model_output_from_openai,
)
from inspect_ai.tool import ToolChoice, ToolInfo
from openai import APIConnectionError, APIStatusError, AsyncOpenAI, OpenAIError
from openai.types.chat import ChatCompletion
from tenacity import wait_exponential_jitter
from tenacity.wait import WaitBaseT

from morse.errors import BadInput

LONGEST_WAIT = 60.0
"""Seconds between two tries, at most."""
TRY_AGAIN = (408, 409, 425, 429)
"""Statuses, beside those from 500 on, after which a call is tried again."""
SETTINGS = {
    **{name: name for name in ("max_tokens", "temperature", "top_p", "seed", "frequency_penalty", "presence_penalty")},
    **{"stop_seqs": "stop", "reasoning_effort": "reasoning_effort", "extra_body": "extra_body"},
}
"""What inspect_ai's settings are called in the protocol."""


class OpenAIVideo(ModelAPI):
    """Chat completions with videos in them."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008  (inspect_ai's own signature)
        media: Literal["data", "file"] = "data",
        first_wait: float = 1.0,
        **model_args: Any,
    ) -> None:
        """``first_wait``: seconds before the first retry; each later wait is twice as long. Other arguments go to the client."""
        base_url = base_url or os.environ.get("OPENAI_VIDEO_BASE_URL")
        if media not in ("data", "file"):
            raise BadInput(f"media={media!r}: a video is sent as data or as file")
        if not base_url:
            raise BadInput("openai-video/… needs --base-url (or OPENAI_VIDEO_BASE_URL), e.g. http://localhost:8000/v1")
        super().__init__(model_name, base_url, api_key, ["OPENAI_VIDEO_API_KEY"], config)
        self.media, self.first_wait = media, first_wait
        key = self.api_key or os.environ.get("OPENAI_VIDEO_API_KEY") or "none"
        self.client = AsyncOpenAI(base_url=base_url, api_key=key, max_retries=0, **model_args)  # inspect_ai retries

    async def generate(
        self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> tuple[ModelOutput, ModelCall]:
        given = config.model_dump(exclude_none=True)
        request = {theirs: given[ours] for ours, theirs in SETTINGS.items() if ours in given}
        request |= {"model": self.model_name, "messages": await self._messages(input)}
        completion = await self.client.chat.completions.create(**request)
        if not isinstance(completion, ChatCompletion) or not completion.choices:
            raise OpenAIError(f"{self.base_url} does not answer with chat completions: {str(completion)[:200]!r}")
        output = await model_output_from_openai(completion)
        return output, ModelCall.create(request, completion.model_dump(), _without_media)

    def should_retry(self, ex: BaseException) -> RetryDecision:
        if isinstance(ex, APIStatusError):
            if ex.status_code == 429:
                return RetryDecision.rate_limit()
            again = ex.status_code in TRY_AGAIN or ex.status_code >= 500
            return RetryDecision.transient() if again else RetryDecision.no()
        return RetryDecision.transient() if isinstance(ex, APIConnectionError) else RetryDecision.no()

    def retry_wait(self) -> WaitBaseT:
        return wait_exponential_jitter(multiplier=self.first_wait, max=LONGEST_WAIT, jitter=self.first_wait)

    def connection_key(self) -> str:
        return f"{self.base_url}:{self.model_name}"

    async def aclose(self) -> None:
        await self.client.close()

    async def _messages(self, input: list[ChatMessage]) -> list[Any]:
        """The messages in the protocol's terms, videos included."""
        found: list[Any] = []
        for message in input:
            if isinstance(message, ChatMessageUser) and not isinstance(message.content, str):
                found.append({"role": "user", "content": [await self._part(part) for part in message.content]})
            else:
                found += await messages_to_openai([message])
        return found

    async def _part(self, part: Content) -> Any:
        if isinstance(part, ContentVideo):
            return {"type": "video_url", "video_url": {"url": self._address(part)}}
        message: Any = (await messages_to_openai([ChatMessageUser(content=[part])]))[0]
        return message["content"][0]

    def _address(self, video: ContentVideo) -> str:
        if self.media == "data":
            return video.video
        file = video.internal.get("file") if isinstance(video.internal, dict) else None
        if not isinstance(file, str):
            raise ValueError("media=file: this video is not on the disk")
        return f"file://{file}"


def _without_media(key: Any, value: Any) -> Any:
    """What is kept of a request in the log: not the videos and pictures themselves."""
    if key in ("video_url", "image_url") and isinstance(value, dict) and str(value.get("url")).startswith("data:"):
        return value | {"url": "data:…"}
    return value
