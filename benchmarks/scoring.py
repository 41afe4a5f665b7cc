"""What scoring costs on this machine: ``python -m benchmarks.scoring``.

Responses a second on one core (this process's own time, the best of several rounds), by answer format: read, scored, and
rewarded; the import time of the reward; and the longest that any of some hostile responses of 64 kB takes.
"""

import subprocess
import sys
import time
from collections.abc import Callable

import click

from harness.parsing import parse
from harness.reward import Target, reward
from harness.scoring import score
from morse.schema import (
    AnswerFormat,
    Boolean,
    Boxes,
    Choice,
    Grid,
    Integer,
    MultiChoice,
    Number,
    Permutation,
    Sequence,
    Set,
    Span,
    Text,
)

COLOURS = ("red", "green", "blue", "dark blue")
REASONED = (
    "The ball first passes the red gate and then turns to the left, so that it leaves the table at its far end.\n"
)

CASES: dict[str, tuple[AnswerFormat, object, tuple[str, ...]]] = {
    "choice": (Choice(options=COLOURS), "B", ("Answer: B", "(C)", "**B. green**", "The correct answer is D.", REASONED + "Answer: A")),
    "number": (Number(absolute=0.5), 12.5, ("Answer: 12.5", "12", "It takes about 13.1 seconds.", REASONED + "Answer: 9")),
    "integer": (Integer(), 12, ("Answer: 12", "twelve", "There are 7 of them.", REASONED + "**Answer:** 12")),
    "boolean": (Boolean(), True, ("Answer: yes", "No.", "No, it never does.")),
    "multi_choice": (MultiChoice(options=COLOURS), ["A", "C"], ("Answer: A, C", "AC", "A and B")),
    "text": (Text(vocabulary=COLOURS), "blue", ("Answer: dark blue", "Blue.", "It was the green one.")),
    "sequence": (Sequence(vocabulary=COLOURS), ["red", "blue"], ("Answer: red, blue", "1. Red\n2. Blue")),
    "permutation": (Permutation(size=5), [3, 1, 2, 5, 4], ("Correct order: 3, 1, 2, 5, 4", "3 > 1 > 2 > 4 > 5")),
    "set": (Set(vocabulary=COLOURS), ["red", "blue"], ("Answer: blue, red", "red and green")),
    "grid": (Grid(rows=2, columns=2, vocabulary=("#", ".")), [["#", "."], [".", "#"]], ("Answer:\n#, .\n., #", "#.\n##")),
    "span": (Span(), [3.0, 5.5], ("Answer: From 3.0 to 5.5 seconds", "0:03 - 0:06")),
    "boxes": (Boxes(), {"3": [0.1, 0.2, 0.3, 0.6]}, ('Answer: {"3": [0.1, 0.2, 0.35, 0.6]}',)),
}  # fmt: skip

BAIT = (
    "(",
    "[",
    "<answer>",
    "\\boxed{",
    "Answer: ",
    "answer is ",
    "**",
    "1,",
    "A ",
    "one ",
    "not ",
    "1:",
    "\\frac{",
    "{a:",
    "#.",
    "½",
    "1. ",
)


def best_rate(work: Callable[[], int], rounds: int = 7) -> float:
    """Calls a second of CPU: the best of several rounds, as other work shares the machine."""
    best = 0.0
    for _ in range(rounds):
        start = time.process_time()
        calls = work()
        best = max(best, calls / (time.process_time() - start))
    return best


def repeated(call: Callable[[str], object], texts: tuple[str, ...], times: int = 300) -> Callable[[], int]:
    def work() -> int:
        for _ in range(times):
            for text in texts:
                call(text)
        return times * len(texts)

    return work


def import_time(module: str, runs: int = 7) -> float:
    """The least CPU-seconds that importing a module takes in a fresh process."""
    code = f"import time; start = time.process_time(); import {module}; print(time.process_time() - start)"
    return min(
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
        for _ in range(runs)
    )


def longest(form: AnswerFormat) -> tuple[float, str]:
    """CPU-seconds of the slowest hostile response (the best of three readings), and what it repeats."""
    found = []
    for bait in BAIT:
        text = "Answer: " + bait * (65_000 // len(bait))
        taken = []
        for _ in range(3):
            start = time.process_time()
            parse(text, form)
            taken.append(time.process_time() - start)
        found.append((min(taken), bait))
    return max(found)


@click.command(help=__doc__)
def main() -> None:
    click.echo(f"{'format':<14}{'read/s':>10}{'scored/s':>10}{'rewarded/s':>12}{'slowest 64 kB':>16}")
    for name, (form, wanted, texts) in CASES.items():
        target = Target(format=form, answer=wanted, duration=20.0).model_dump_json()  # type: ignore[arg-type]
        rates = [
            best_rate(repeated(call, texts))
            for call in (
                lambda text, form=form: parse(text, form),
                lambda text, form=form, wanted=wanted: score(form, wanted, text),  # type: ignore[arg-type]
                lambda text, target=target: reward(target, text),
            )
        ]
        seconds, bait = longest(form)
        rates_shown = f"{rates[0]:>10,.0f}{rates[1]:>10,.0f}{rates[2]:>12,.0f}"
        click.echo(f"{name:<14}{rates_shown}{1000 * seconds:>9.1f} ms {bait!r}")
    click.echo(f"import harness.reward: {import_time('harness.reward'):.2f} s of CPU")


if __name__ == "__main__":
    main()
