"""One clip to look at: the video, its contact sheet, and its questions with their answers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from morse.errors import BadInput
from morse.pipeline import Item, film, imagine, make_key, style_of
from morse.recipe import parse_levels
from morse.stage.frames import Canvas
from morse.style import families_of
from morse.task import registry


def command(
    names: Sequence[str],
    everything: bool,
    category: str | None,
    *,
    difficulty: str,
    index: int,
    seed: str,
    style: str,
    out: Path,
    knobs: Mapping[str, Any],
    workers: int | None,
) -> int:
    """The command: one clip, described in the terminal, or a page of many; returns the exit code.

    Raises :class:`BadInput` for options that do not go together."""
    levels = parse_levels(difficulty)
    if sum((bool(names), everything, category is not None)) != 1:
        raise BadInput("name tasks, or give --all or --category (one of the three)")
    if len(names) == 1 and len(levels) == 1:
        item, video, sheet = preview(names[0], levels[0], out, root=seed, index=index, knobs=knobs, style=style)
        print(f"{describe(item)}\n\n{video}\n{sheet}")
        return 0
    if knobs:
        raise BadInput("--set goes with one task at one level")
    from morse.preview_page import chosen, write_page

    families_of("test", style)
    page, failed = write_page(
        chosen(names, category), levels, out, root=seed, index=index, style=style, workers=workers
    )
    print(page)
    return 1 if failed else 0


def preview(
    name: str,
    level: int,
    folder: Path,
    *,
    root: str = "preview",
    index: int = 0,
    knobs: Mapping[str, Any] | None = None,
    style: str = "varied",
    canvas: Canvas | None = None,
    columns: int = 4,
    rows: int = 5,
) -> tuple[Item, Path, Path]:
    """Make one clip and its contact sheet in ``folder``; returns the item, the video's and the sheet's path."""
    canvas = canvas or Canvas()
    item = imagine(make_key(registry().task(name), level, root, index), knobs)
    folder.mkdir(parents=True, exist_ok=True)
    video = folder / f"{name}-{level}-{index}.mp4"
    film(item, video, canvas, style_of(item.key, style))
    sheet = video.with_suffix(".png")
    contact_sheet(video, sheet, columns, rows)
    return item, video, sheet


def contact_sheet(video: Path, sheet: Path, columns: int = 4, rows: int = 5, width: int = 480) -> None:
    """Frames of a video at even distances, first and last included, each with its time, in one PNG."""
    _tile(frames_of(video, columns * rows), columns, width).save(sheet)


def frames_of(video: Path, count: int) -> list[tuple[float, Image.Image]]:
    """So many frames of a video at even distances, first and last included, each with its time in seconds."""
    with av.open(str(video)) as container:
        total = container.streams.video[0].frames
        wanted = {int(i) for i in np.linspace(0, total - 1, min(total, count)).round()}
        return [
            (float(frame.time or 0.0), frame.to_image())
            for number, frame in enumerate(container.decode(video=0))
            if number in wanted
        ]


def _tile(frames: Sequence[tuple[float, Image.Image]], columns: int, width: int) -> Image.Image:
    import matplotlib

    font_file = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    font = ImageFont.truetype(str(font_file), 13)
    height = round(width * frames[0][1].height / frames[0][1].width)
    rows = -(-len(frames) // columns)
    page = Image.new("RGB", (columns * (width + 6) + 6, rows * (height + 22) + 6), "#333333")
    pen = ImageDraw.Draw(page)
    for i, (time, image) in enumerate(frames):
        x, y = 6 + (i % columns) * (width + 6), 6 + (i // columns) * (height + 22)
        page.paste(image.resize((width, height), Image.Resampling.LANCZOS), (x, y + 16))
        pen.text((x, y), f"{time:.2f} s", fill="#ffffff", font=font)
    return page


def describe(item: Item) -> str:
    """The questions of a clip with answers and evidence, for the terminal."""
    lines = [
        f"{item.key.task} level {item.key.level}: {item.layout.duration:.1f} s, attempt {item.attempt}, {item.params}"
    ]
    for number, question in enumerate(item.questions):
        lines.append(f"\n[{number}] {question.kind} ({question.reasoning}, {question.format.type}) {question.prompt}")
        spans = " ".join(f"{e.start:.1f}–{e.end:.1f}" for e in question.evidence)
        lines.append(f"    answer: {question.answer!r}   chance: {question.chance}   evidence: {spans} s")
    return "\n".join(lines)
