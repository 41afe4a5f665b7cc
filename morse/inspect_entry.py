"""What inspect_ai finds under the name ``morse``: the tasks ``morse/clips`` and ``morse/samples``, the scorer ``morse/strict``, and the providers ``openai-video`` and ``stand-in``.

Thin, as the command line is: inspect_ai names what is registered after the package that it stands in, and what does the work is
in :mod:`harness.models`. Nothing else of MORSE imports this, so that inspect_ai (extra ``run``) is needed for models alone.
"""

from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.model import ModelAPI, modelapi
from inspect_ai.scorer import Score, Scorer, Target, accuracy, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver


def _named(name: str) -> str:
    """The name under which a thing is found as ``morse/…``: inspect_ai puts the package before it only where that is in ``site-packages``."""
    return name if "site-packages" in Path(__file__).parts else f"morse/{name}"


@task(name=_named("clips"))
def clips(dataset: str, view: str = "video", views: str | None = None, limit: int | None = None) -> Task:
    """The questions of a MORSE data set in one view. ``views``: the folder for the view's files."""
    from harness.models.questions import clips_task

    return clips_task(dataset, view, views, limit, solver=show(dataset, view, views), scorer=strict())


@task(name=_named("samples"))
def samples(file: str) -> Task:
    """The questions of a file that ``morse export --to inspect`` wrote."""
    from harness.models.questions import samples_task

    return samples_task(file, scorer=strict())


@scorer(metrics=[accuracy(), stderr(cluster="clip_id")], name=_named("strict"))
def strict() -> Scorer:
    """MORSE's strict rules, down the path of ``morse score``: one parser, one rule a format, no judge."""
    from harness.models.questions import verdict

    async def score(state: TaskState, target: Target) -> Score:
        return verdict(state.metadata, target.text, state.output.completion)

    return score


@solver(name=_named("show"))
def show(dataset: str, view: str = "video", views: str | None = None) -> Solver:
    """Gives the model what the view shows, and lets it answer."""
    from harness.models.questions import Shower, answered

    shower = Shower(dataset, view, views)

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        state.messages = [await shower.message(str(state.sample_id), state.metadata)]
        return await answered(state, generate)

    return solve


@modelapi(name="openai-video")
def openai_video() -> type[ModelAPI]:
    """Any server that speaks OpenAI's protocol and takes ``video_url``, as vLLM and SGLang do."""
    from harness.models.openai_video import OpenAIVideo

    return OpenAIVideo


@modelapi(name="stand-in")
def stand_in() -> type[ModelAPI]:
    """The reference, guessers and simulated observers, as models."""
    from harness.models.offline import Offline

    return Offline
