"""``morse score … --html``: one self-contained page with the report's figures, and every response beside its clip.

The page loads nothing but the clips, which it links to by relative paths. What a model said is escaped like all other text
(jinja2 autoescape), and a Content-Security-Policy lets only the page's own script run, known by its hash.
"""

import base64
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

import jinja2
from markupsafe import Markup
from pydantic import JsonValue

from harness.report import Group, Report, Result, write_text
from harness.stats import Curve, Estimate, threshold_text
from morse.dataset import Dataset, open_dataset, video_path
from morse.schema import LETTERS, Choice, Evidence, MultiChoice, PublicQuestion

WIDE = 640
"""Units that a plot is wide; it scales with the page."""
LEFT = 150
"""Units left of a bar for its name."""
ROW = 26


@dataclass(frozen=True)
class Bar:
    """A group's accuracy on the axis from 0 to 1, in units of the plot."""

    name: str
    y: float
    x: float
    low: float
    high: float
    chance: float | None
    label: str


@dataclass(frozen=True)
class Point:
    """The accuracy at one level."""

    level: int
    x: float
    y: float
    low: float
    high: float
    label: str


@dataclass(frozen=True)
class LevelPlot:
    """One category's accuracy over the levels, with the fitted curve as an SVG path."""

    name: str
    points: tuple[Point, ...]
    path: str
    chance: float | None
    """What the curve falls to: questions of unknown chance count as ones that cannot be guessed."""
    threshold: str
    marks: tuple[tuple[float, float], ...]
    """Positions of the threshold's interval and middle (x of low, x of high)."""


@dataclass(frozen=True)
class Cell:
    """How often a near miss was taken, as a share of the kind's wrong answers."""

    questions: int
    share: float


@dataclass(frozen=True)
class Shown:
    """A question with its response, as the page lists it."""

    result: Result
    question: PublicQuestion
    evidence: tuple[Evidence, ...]
    video: str | None
    answer: str
    said: str

    @property
    def verdict(self) -> str:
        """``right``, ``wrong``, ``unparsed``, ``missing`` or ``failed``."""
        if self.result.outcome != "scored":
            return self.result.outcome
        return "right" if self.result.correct else "wrong"


def write_page(report: Report, dataset: Path, file: Path) -> None:
    """Write the page of a report on a data set to ``file``."""
    write_text(page(report, open_dataset(dataset), file), file)


def page(report: Report, data: Dataset, file: Path) -> str:
    """The page as HTML; ``file`` is where it will lie, from which the clips are linked."""
    questions = {question.question_id: question for question in data.questions()}
    evidence = {answer.question_id: answer.evidence for answer in data.answers()}
    folder = file.absolute().parent
    shown = []
    for result in report.results:
        question = questions[result.question_id]
        video = None
        if data.manifest.recipe.video:
            where = os.path.relpath((data.public / video_path(result.clip_id)).absolute(), folder)
            video = quote(Path(where).as_posix())
        shown.append(
            Shown(
                result,
                question,
                evidence[result.question_id],
                video,
                worded(question, result.answer),
                worded(question, result.said) if result.outcome == "scored" else "",
            )
        )
    misses: dict[str, dict[str, Cell]] = {}
    for miss in report.near_misses:
        misses.setdefault(f"{miss.task} {miss.kind}", {})[miss.near_miss] = Cell(miss.questions, miss.share)
    columns = sorted({name for row in misses.values() for name in row}, key=lambda name: -_total(misses, name))
    pages = environment()
    script = pages.get_template("report/page.js").render()
    # a file of this package, with nothing filled in
    plain = Markup(script)  # noqa: S704  # nosec B704
    return pages.get_template("report/page.html.j2").render(
        report=report,
        script=plain,
        script_hash=source_hash(script),
        wide=WIDE,
        left=LEFT,
        row=ROW,
        categories=_bars(report.groups["category"]),
        level_plots=_level_plots(report),
        tables={
            "by category and level": ("category, level", report.groups["category, level"]),
            "by level of reasoning": ("reasoning", report.groups["reasoning"]),
            "by kind of question": ("task, kind", report.groups["task, kind"]),
            "by steps to perceive": ("steps to perceive", report.groups["perceive"]),
            "by steps to infer": ("steps to infer", report.groups["infer"]),
        },
        evidence=report.groups["evidence"] if any(result.evidence for result in report.results) else (),
        misses=misses,
        columns=columns,
        right=sum(result.correct for result in report.results),
        shown=shown,
    )


@cache
def environment() -> jinja2.Environment:
    """The templates of pages: all that they are given is escaped."""
    import templates

    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(list(templates.__path__)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {"percent": _percent, "interval": _interval, "legible": legible}
    return pages


def source_hash(text: str) -> str:
    """What a Content-Security-Policy calls an inline script or style: its SHA-256 in base 64."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def legible(text: object) -> str:
    """Text without the control characters that HTML cannot hold; what else is in it is escaped by the template."""
    return "".join(
        c if c in "\n\t" or (ord(c) >= 32 and not 127 <= ord(c) < 160) else "\N{REPLACEMENT CHARACTER}"
        for c in str(text)
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _interval(figure: Estimate | None) -> str:
    return "–" if figure is None else f"{100 * figure.low:.1f}–{100 * figure.high:.1f}"


def _total(misses: dict[str, dict[str, Cell]], name: str) -> int:
    return sum(row[name].questions for row in misses.values() if name in row)


def _x(share: float) -> float:
    return round(LEFT + share * (WIDE - LEFT - 30), 1)


def _bars(groups: Iterable[Group]) -> list[Bar]:
    bars = []
    for group in groups:
        own = group.accuracy
        if own is not None:
            label = f"{100 * own.mean:.1f} % ({_interval(own)}), {own.questions} questions of {own.clips} clips"
            chance = _x(group.chance) if group.chance is not None else None
            bars.append(
                Bar(" ".join(group.name), len(bars) * ROW, _x(own.mean), _x(own.low), _x(own.high), chance, label)
            )
    return bars


def _level_plots(report: Report) -> list[LevelPlot]:
    plots = []
    for name in sorted({group.name[0] for group in report.groups["category, level"]}):
        groups = [group for group in report.groups["category, level"] if group.name[0] == name and group.accuracy]
        levels = sorted({int(group.name[1]) for group in groups})
        if len(levels) < 2:
            continue
        first, last = levels[0], levels[-1]

        def across(level: float, first: int = first, last: int = last) -> float:
            return round(40 + (level - first) / (last - first) * (WIDE - 80), 1)

        points = []
        for group in sorted(groups, key=lambda group: int(group.name[1])):
            if own := group.accuracy:
                level = int(group.name[1])
                label = f"level {level}: {100 * own.mean:.1f} % ({_interval(own)})"
                points.append(Point(level, across(level), _y(own.mean), _y(own.low), _y(own.high), label))
        curve = report.curves.get(name)
        marks: tuple[tuple[float, float], ...] = ()
        if curve is not None and curve.threshold is not None:
            low, high = curve.low or first, curve.high or last
            marks = ((across(max(first, low)), across(min(last, high))),)
        plots.append(
            LevelPlot(
                name,
                tuple(points),
                _path(curve, first, last, across),
                _y(curve.chance) if curve is not None and curve.chance > 0 else None,
                threshold_text(curve),
                marks,
            )
        )
    return plots


def _y(share: float) -> float:
    return round(20 + (1 - share) * 160, 1)


def _path(curve: Curve | None, first: int, last: int, across) -> str:
    from harness.curves import expected

    if curve is None or curve.threshold is None:
        return ""
    steps = [first + i * (last - first) / 80 for i in range(81)]
    heights = [expected(curve, level) or 0.0 for level in steps]
    return "M" + " L".join(f"{across(level)},{_y(height)}" for level, height in zip(steps, heights, strict=True))


def worded(question: PublicQuestion, value: JsonValue) -> str:
    """An answer for a reader: an option with its letter and words."""
    form = question.format
    if value is None:
        return "cannot be answered"
    if isinstance(form, Choice | MultiChoice):
        letters = value if isinstance(value, list) else [value]
        places = [(str(letter), LETTERS.find(str(letter))) for letter in letters]
        return "; ".join(
            f"{letter}: {form.options[i]}" if 0 <= i < len(form.options) else letter for letter, i in places
        )
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        if "operators" in value:
            return "; ".join(map(str, value.get("solution") or [])) or "a plan"  # type: ignore[arg-type]
        return ", ".join(f"{key}: {entry}" for key, entry in value.items())
    return str(value)
