"""How well the renderer's masks and the layout's boxes agree: `python -m benchmarks.masks --category physical --category spatial`.

At some moments of some clips, for each object that is wholly in the frame, unoccluded, and at least 12 pixels large: the
intersection over union of its box in the tracks with the box around its mask.
"""

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from harness.metrics.boxes import box_iou
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.stage.frames import Canvas
from morse.task import registry

CANVAS = Canvas()
LEAST_PIXELS = 12
UNOCCLUDED = 0.999
GOOD = 0.9


@click.command()
@click.argument("names", nargs=-1)
@click.option("--category", "categories", multiple=True, help="All tasks of a category.")
@click.option("--level", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--clips", type=click.IntRange(min=1), default=3, show_default=True, help="Clips of each task.")
@click.option("--moments", type=click.IntRange(min=1), default=5, show_default=True, help="Of each clip.")
def main(names: tuple[str, ...], categories: tuple[str, ...], level: int, clips: int, moments: int) -> None:
    """Compare masks with boxes."""
    table = Table("task", "objects", "IoU, median", "lowest", f"share ≥ {GOOD}", "worst")
    for task in registry().tasks.values():
        if task.name not in names and task.category not in categories:
            continue
        found = [pair for i in range(clips) for pair in overlaps(imagine(make_key(task, level, "masks", i)), moments)]
        if not found:
            table.add_row(task.name, "0", "–", "–", "–", "")
            continue
        values = np.array([value for value, _ in found])
        least = min(found)
        table.add_row(
            task.name,
            str(len(found)),
            f"{np.median(values):.3f}",
            f"{values.min():.3f}",
            f"{np.mean(values >= GOOD):.1%}",
            least[1],
        )
    Console(width=140).print(table)


def overlaps(item: Item, moments: int) -> list[tuple[float, str]]:
    """Intersection over union for each object at each moment, with which it was."""
    found: list[tuple[float, str]] = []
    stage = staged(item, CANVAS, style_of(item.key))
    try:
        for share in (np.arange(moments) + 0.5) / moments:
            time = round(item.layout.duration * share * CANVAS.fps) / CANVAS.fps
            tracks = item.layout.scene.tracks(np.array([time]))
            masks = stage.masks(time)
            for i, name in enumerate(tracks.names):
                box = tracks.boxes[0, i] * (CANVAS.width, CANVAS.height, CANVAS.width, CANVAS.height)
                size = min(box[2] - box[0], box[3] - box[1])
                framed = tracks.boxes[0, i].min() >= 0 and tracks.boxes[0, i].max() <= 1
                mask = masks.get(name)
                if tracks.visible[0, i] < UNOCCLUDED or size < LEAST_PIXELS or not framed or mask is None:
                    continue
                y, x = np.nonzero(mask)
                if not len(y):
                    found.append((0.0, f"{name} at {time:.2f} s of clip {item.key.index}: no mask"))
                    continue
                around = [float(x.min()), float(y.min()), x.max() + 1.0, y.max() + 1.0]
                found.append((box_iou(box.tolist(), around), f"{name} at {time:.2f} s of clip {item.key.index}"))
    finally:
        stage.close()
    return found


if __name__ == "__main__":
    main()
