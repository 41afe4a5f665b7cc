"""A policy that learns from rewards alone: ``python -m benchmarks.learn`` (needs torch; three minutes of CPU).

It plays the towers of Hanoi's audience: how many moves are made? What it sees is the motion in each part of the picture, added up over
the clip; what it says is a text, which is read, scored and rewarded as any model's is. It is never told an answer. REINFORCE with the mean
reward of the texts said to the same clip as the baseline (GRPO's, without its scaling).
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click

from harness.curriculum import Rule
from harness.lessons import Lessons
from harness.reward import reward
from harness.stream import Stream
from morse.stage.frames import Canvas

TASK, KIND = "hanoi", "moves_made"
VIEW, CANVAS = "frames:88", Canvas(64, 36, 4)
ANSWERS = 13
"""The numbers that it can say: 0 … 12."""
SAID = 8
"""Texts that it says to each clip."""
BATCH = 8
PARTS = (9, 8)
"""Height and width in pixels of the parts of the picture."""
WIDTH = 0.3
"""The least that its choice is spread, in moves, so that it goes on trying."""


@dataclass(frozen=True)
class Progress:
    """Some batches of the training."""

    clips: int
    reward: float
    """The mean of all that was said since the last one; a guess earns a fifth."""
    seconds: float


def lessons(seed: str) -> Lessons:
    """What it learns from: one kind of question, in a plain look, small."""
    return Lessons(seed, view=VIEW, canvas=CANVAS, kinds=(KIND,), style="plain")


def learn(seed: str, clips: int, workers: int, every: int = 200) -> Iterator[Progress]:
    """Train on so many fresh clips; tells how it goes after ``every`` of them."""
    import torch  # pyright: ignore[reportMissingImports]
    from torch.utils.data import DataLoader  # pyright: ignore[reportMissingImports]

    from harness.torch_stream import RewardStream

    torch.manual_seed(0)
    stream = RewardStream(Stream([TASK], lessons(seed), rule=Rule(rise=0.95, window=256), workers=workers, ahead=BATCH))
    parts = (CANVAS.height // PARTS[0]) * (CANVAS.width // PARTS[1])
    weights = torch.zeros(parts, requires_grad=True)
    bias, spread = torch.tensor(5.0, requires_grad=True), torch.tensor(0.5, requires_grad=True)
    optimizer = torch.optim.Adam([weights, bias, spread], lr=0.02)
    numbers, seen, earned, begun = torch.arange(float(ANSWERS)), torch.zeros(0, parts), [], time.perf_counter()
    for count, batch in enumerate(DataLoader(stream, batch_size=BATCH), 1):
        moved = motion(batch["frames"])
        seen = torch.cat([seen, moved])
        known = ((moved - seen.mean(0)) / (seen.std(0) + 1e-3)).clip(-4, 4)
        middle, width = known @ weights + bias, spread.exp() + WIDTH
        choice = torch.distributions.Categorical(logits=-((middle[:, None] - numbers) ** 2) / (2 * width**2))
        said = choice.sample((SAID,))
        rewards = torch.tensor([[told(batch, i, f"Answer: {int(n)}") for i, n in enumerate(row)] for row in said])
        for i, mean in enumerate(rewards.mean(0).tolist()):
            stream.report({"task": batch["task"][i], "level": int(batch["level"][i])}, mean)
        loss = -((rewards - rewards.mean(0)) * choice.log_prob(said)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        earned.append(float(rewards.mean()))
        if count * BATCH % every == 0 or count * BATCH >= clips:
            yield Progress(count * BATCH, sum(earned) / len(earned), time.perf_counter() - begun)
            earned = []
        if count * BATCH >= clips:
            return


def motion(frames: Any) -> Any:
    """How much changes in each part of the picture, over the clip: (clips, frames, 3, height, width) → (clips, parts)."""
    from torch.nn.functional import avg_pool2d  # pyright: ignore[reportMissingImports]

    shade = frames.float() / 255
    change = (shade[:, 1:] - shade[:, :-1]).abs().mean(2).sum(1)
    return avg_pool2d(change[:, None], PARTS).flatten(1)


def told(batch: Any, i: int, text: str) -> float:
    """What a text earns as the response to a question of the batch."""
    return reward(batch["target"][i], text).total


@click.command()
@click.option("--clips", default=1600, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Processes that draw clips ahead.")
@click.option("--seed", default="7", show_default=True)
def main(clips: int, workers: int, seed: str) -> None:
    """Train, and print the mean reward as it rises."""
    click.echo(f"{'clips':>6} {'reward':>7} {'seconds':>8}")
    for progress in learn(seed, clips, workers):
        bar = "█" * round(40 * progress.reward)
        click.echo(f"{progress.clips:>6} {progress.reward:>7.3f} {progress.seconds:>8.0f}  {bar}")


if __name__ == "__main__":
    main()
