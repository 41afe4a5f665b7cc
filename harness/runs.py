"""``morse compare``: several runs beside each other, every pair with its difference, interval and corrected p-value.

A run is what one model said to one data set: a ``report.json`` of ``morse score``, or a file of responses that is scored on the
way. Runs of one name are epochs of one model: their scores are averaged question by question, and pass@k is given. Runs that
answered the same questions are compared question by question; runs on different sets of one recipe as two samples.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from harness.bootstrap import bootstrap, difference_of
from harness.comparison import Difference, paired, unpaired
from harness.curves import fit
from harness.report import BY, Report, Result, score_files
from harness.responses import RUN_FILE
from harness.stats import Curve, Estimate, estimate, holm, pass_at_k
from morse.errors import BadInput
from morse.schema import Record

MEASURES: dict[str, Callable[[Result], float]] = {
    "accuracy": lambda result: float(result.correct),
    "value": lambda result: result.value,
}
MOST_RUNS = 100


@dataclass(frozen=True)
class Run:
    """All epochs of one model on one data set."""

    name: str
    epochs: tuple[Report, ...]

    @property
    def questions(self) -> dict[str, Result]:
        """The questions by id, as the first epoch has them."""
        return {result.question_id: result for result in self.epochs[0].results}

    def tries(self, of: Callable[[Result], float]) -> dict[str, list[float]]:
        """What each question scored in the epochs whose call did not fail; questions without any are left out."""
        found: dict[str, list[float]] = {}
        for report in self.epochs:
            for result in report.results:
                if result.outcome != "failed":
                    found.setdefault(result.question_id, []).append(of(result))
        return found


class Standing(Record):
    """One run's own figures."""

    name: str
    model: str | None
    epochs: int
    score: Estimate | None
    chance: float | None
    failed: int
    """Questions without any score, because every call failed."""
    pass_at: dict[int, Estimate]
    """pass@k for each k up to the fewest tries of any question (only with several epochs)."""
    curves: dict[str, Curve]
    """The difficulty curve of each category that has enough questions at several levels."""
    usage: dict[str, float]


class Contrast(Record):
    """Two runs beside each other on some questions."""

    first: str
    second: str
    group: tuple[str, ...]
    """Which questions; empty for all."""
    paired: bool
    difference: Difference
    bootstrap: tuple[float, float] | None
    """The difference's interval by resampling clips (for all questions together)."""
    p_holm: float
    """The p-value, corrected by Holm's rule for all contrasts of the same table."""
    both: float | None
    """Share of questions that both have right (paired runs; with epochs, of a pair of tries drawn at random)."""
    only_first: float | None
    only_second: float | None
    neither: float | None


class Comparison(Record):
    """The result of ``morse compare``."""

    schema_version: int = 1
    recipe: str
    recipe_version: int
    measure: str
    confidence: float
    runs: tuple[Standing, ...]
    contrasts: tuple[Contrast, ...]
    by: str | None
    groups: tuple[Contrast, ...]
    """The same by ``by``, corrected among themselves."""


def read_runs(given: Sequence[str], dataset: Path | None = None) -> list[Run]:
    """Runs from ``[NAME=]FILE``: ``.json`` is a report, anything else responses to ``dataset``.

    A folder of ``morse evaluate`` stands for its responses. Without a name, the file's stem is one (the folder's name for such a
    folder), with its folder where two stems are equal. Raises :class:`BadInput` for files that are
    neither, for fewer than two runs, and for epochs over different questions.
    """
    reports: dict[str, list[Report]] = {}
    for name, path in named_files(given):
        reports.setdefault(name, []).append(_report(path, dataset))
    for name, epochs in reports.items():
        ids = {result.question_id for result in epochs[0].results}
        if any({result.question_id for result in epoch.results} != ids for epoch in epochs[1:]):
            raise BadInput(f"run {name!r}: its epochs are not over the same questions; give the runs different names")
    return [Run(name, tuple(epochs)) for name, epochs in reports.items()]


def named_files(given: Sequence[str]) -> list[tuple[str, Path]]:
    """The name and the file of each ``[NAME=]FILE``; for a folder of ``morse evaluate`` its name and its responses.

    Raises :class:`BadInput` where two unnamed files would be one run.
    """
    if len(given) > MOST_RUNS:
        raise BadInput(f"{len(given)} runs are too many to compare (at most {MOST_RUNS})")
    files: list[tuple[str | None, Path]] = []
    for text in given:
        name, sign, path = text.partition("=")
        own, file = (name, Path(path)) if sign and name and not Path(text).exists() else (None, Path(text))
        files.append((own, file / RUN_FILE if file.is_dir() else file))
    stems = [_stem(path) for name, path in files if name is None]
    found: list[tuple[str, Path]] = []
    for given_name, path in files:
        name = given_name
        if name is None:
            name = _stem(path) if stems.count(_stem(path)) == 1 else f"{path.resolve().parent.name}/{path.stem}"
            if any(name == other for other, _ in found):
                raise BadInput(f"{path}: a run {name!r} is there already; give it a name: NAME={path}")
        found.append((name, path))
    return found


def _stem(path: Path) -> str:
    return path.resolve().parent.name if path.name == RUN_FILE else path.stem


def _report(path: Path, dataset: Path | None) -> Report:
    from morse.dataset import read_json

    if not path.is_file():
        raise BadInput(f"{path}: no such file")
    if path.suffix.lower() == ".json":
        report = read_json(path, Report)
        if not report.results:
            raise BadInput(f"{path}: a report without questions")
        return report
    if dataset is None:
        raise BadInput(f"{path}: responses need the data set that they answer (--dataset DATASET)")
    return score_files(dataset, path)


def compare(
    runs: Sequence[Run],
    *,
    measure: str = "accuracy",
    by: str | None = None,
    confidence: float = 0.95,
) -> Comparison:
    """All runs and every pair of them. Raises :class:`BadInput` for runs that cannot be compared, and says why."""
    if len(runs) < 2:
        raise BadInput("a comparison takes at least two runs of different names")
    if measure not in MEASURES:
        raise BadInput(f"no measure {measure!r}: the measures are {', '.join(MEASURES)}")
    if by is not None and by not in BY:
        raise BadInput(f"no grouping {by!r}: the groupings are {', '.join(repr(name) for name in BY)}")
    first = runs[0].epochs[0]
    for run in runs:
        for report in run.epochs:
            if (report.recipe, report.recipe_version) != (first.recipe, first.recipe_version):
                raise BadInput(
                    f"run {run.name!r} is on recipe {report.recipe} v{report.recipe_version}, "
                    f"run {runs[0].name!r} on {first.recipe} v{first.recipe_version}: their scores cannot be compared"
                )
    of = MEASURES[measure]
    tries = {run.name: run.tries(of) for run in runs}
    pairs = list(combinations(runs, 2))
    total = [_contrast(a, b, tries, (), None, confidence) for a, b in pairs]
    grouped: list[Contrast | None] = []
    if by is not None:
        for name in sorted({BY[by](result) for run in runs for result in run.questions.values()}):
            grouped += [_contrast(a, b, tries, name, BY[by], confidence) for a, b in pairs]
    return Comparison(
        recipe=first.recipe,
        recipe_version=first.recipe_version,
        measure=measure,
        confidence=confidence,
        runs=tuple(_standing(run, tries[run.name], confidence) for run in runs),
        contrasts=_corrected(total),
        by=by,
        groups=_corrected(grouped),
    )


def _standing(run: Run, tries: dict[str, list[float]], confidence: float) -> Standing:
    questions = run.questions
    scored = [questions[question_id] for question_id in tries]
    means = {question_id: math.fsum(values) / len(values) for question_id, values in tries.items()}
    chances = [result.chance for result in scored if result.chance is not None]
    pass_at: dict[int, Estimate] = {}
    fewest = min((len(values) for values in tries.values()), default=0)
    if fewest > 1:
        right = run.tries(MEASURES["accuracy"])
        for k in range(1, fewest + 1):
            values = [pass_at_k(len(right[r.question_id]), round(sum(right[r.question_id])), k) for r in scored]
            if found := estimate(values, [r.clip_id for r in scored], confidence):
                pass_at[k] = found
    usage: dict[str, float] = {}
    for report in run.epochs:
        for name, amount in report.usage.items():
            usage[name] = usage.get(name, 0.0) + amount
    return Standing(
        name=run.name,
        model=run.epochs[0].model,
        epochs=len(run.epochs),
        score=estimate(list(means.values()), [result.clip_id for result in scored], confidence),
        chance=math.fsum(chances) / len(chances) if chances else None,
        failed=len(questions) - len(scored),
        pass_at=pass_at,
        curves=curves_of(scored, [means[result.question_id] for result in scored], confidence),
        usage=dict(sorted(usage.items())),
    )


def curves_of(results: Sequence[Result], values: Sequence[float], confidence: float = 0.95) -> dict[str, Curve]:
    """The difficulty curve of each category, and of ``all`` where there are several."""
    rows = list(zip(results, values, strict=True))
    names = sorted({result.category for result in results})
    found: dict[str, Curve] = {}
    for name in [*names, *(["all"] if len(names) > 1 else [])]:
        own = [(result, value) for result, value in rows if name in (result.category, "all")]
        curve = fit(
            [result.level for result, _ in own],
            [value for _, value in own],
            [result.chance for result, _ in own],
            [result.clip_id for result, _ in own],
            confidence=confidence,
        )
        if curve is not None:
            found[name] = curve
    return found


def _contrast(
    a: Run,
    b: Run,
    tries: dict[str, dict[str, list[float]]],
    group: tuple[str | int, ...],
    key: Callable[[Result], tuple[str | int, ...]] | None,
    confidence: float,
) -> Contrast | None:
    """``None`` where one of both answered nothing of the group."""

    def own(run: Run) -> dict[str, Result]:
        return {i: r for i, r in run.questions.items() if i in tries[run.name] and (key is None or key(r) == group)}

    one, other = own(a), own(b)
    mean = {run.name: {i: math.fsum(v) / len(v) for i, v in tries[run.name].items()} for run in (a, b)}
    same_set = bool(a.questions.keys() & b.questions.keys())
    shares: tuple[float, float, float, float] | None = None
    if same_set:
        common = [question_id for question_id in one if question_id in other]
        x, y = [mean[a.name][i] for i in common], [mean[b.name][i] for i in common]
        taken = ([one[i] for i in common], [other[i] for i in common])
        difference = paired(x, y, [one[i].clip_id for i in common], confidence)
        if common:
            both = math.fsum(p * q for p, q in zip(x, y, strict=True)) / len(common)
            of_a, of_b = math.fsum(x) / len(x), math.fsum(y) / len(y)
            shares = (both, of_a - both, of_b - both, 1 - of_a - of_b + both)
    else:
        difference = unpaired(
            [mean[a.name][i] for i in one],
            [result.clip_id for result in one.values()],
            [mean[b.name][i] for i in other],
            [result.clip_id for result in other.values()],
            first_strata=[(result.task, result.level) for result in one.values()],
            second_strata=[(result.task, result.level) for result in other.values()],
            confidence=confidence,
        )
        taken = (list(one.values()), list(other.values()))
    if difference is None:
        return None
    resampled = None
    if key is None:
        x_values = [mean[a.name][result.question_id] for result in taken[0]]
        y_values = [mean[b.name][result.question_id] for result in taken[1]]
        statistic, clips = difference_of(
            (x_values, [result.clip_id for result in taken[0]]),
            (y_values, [result.clip_id for result in taken[1]]),
        )
        spread = bootstrap(statistic, clips, confidence=confidence)
        resampled = (float(spread.low), float(spread.high))
    both_, only_first, only_second, neither = shares or (None, None, None, None)
    return Contrast(
        first=a.name,
        second=b.name,
        group=tuple(map(str, group)),
        paired=same_set,
        difference=difference,
        bootstrap=resampled,
        p_holm=difference.p,
        both=both_,
        only_first=only_first,
        only_second=only_second,
        neither=neither,
    )


def _corrected(contrasts: Iterable[Contrast | None]) -> tuple[Contrast, ...]:
    found = [contrast for contrast in contrasts if contrast is not None]
    adjusted = holm([contrast.difference.p for contrast in found])
    return tuple(c.model_copy(update={"p_holm": p}) for c, p in zip(found, adjusted, strict=True))
