"""The MORSE-500 responses: which answer format a prompt of that benchmark wants, judged from the prompt alone."""

import csv
import re
from pathlib import Path
from typing import NamedTuple

from morse.schema import AnswerFormat, Choice, Grid, Integer, MultiChoice, Number, Sequence, Text

COLOURS = [
    "red",
    "orange",
    "yellow",
    "green",
    "blue",
    "purple",
    "pink",
    "white",
    "black",
    "brown",
    "gray",
    "grey",
    "cyan",
    "magenta",
    "teal",
    "violet",
    "indigo",
    "maroon",
    "navy",
    "turquoise",
    "gold",
    "silver",
    "beige",
    "none",
]
SHAPES = [
    "circle",
    "square",
    "triangle",
    "star",
    "pentagon",
    "hexagon",
    "rectangle",
    "oval",
    "ellipse",
    "diamond",
    "cone",
    "cylinder",
    "sphere",
    "cube",
    "torus",
    "prism",
    "pyramid",
    "octagon",
    "heart",
    "cross",
    "rhombus",
    "trapezoid",
    "parallelogram",
    "none",
]
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_OPTION = re.compile(
    r"(?:^|\n|, |\s)\(?([A-Z])[.)]\s*(.*?)(?=(?:\n|, |\s)\(?[A-Z][.)]\s|\n\s*\n|\n\s*Instruction|\Z)", re.DOTALL
)


class Row(NamedTuple):
    id: str
    question: str
    reference: str
    response: str
    extracted: str


def rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [
            Row(row["id"], row["question_text"], row["ground_truth"], row["prediction"], row["extracted_answer"])
            for row in csv.DictReader(lines)
        ]


def options(question: str) -> list[str]:
    """The options' texts, if the question lists (A), B., C) … from A on."""
    found = [(match[1], match[2].strip().strip(",").strip()) for match in _OPTION.finditer(question)]
    runs = [text for (letter, text), wanted in zip(found, LETTERS, strict=False) if letter == wanted]
    return runs if len(runs) >= 2 and len(runs) == len(found) else []


def wanted(question: str) -> AnswerFormat:
    """The format that the wording of a question asks for."""
    if re.search(r"\n\s*Answer: \([A-Z]\)", question):
        return Choice(options=LETTERS)
    text = question.lower()
    listed = options(question)
    if "[[a b]" in text:
        return Grid(rows=2, columns=2, vocabulary=tuple(str(n) for n in range(-30, 31)))
    if "list the labels" in text:
        return Sequence(vocabulary=LETTERS[:4])
    if "single letter sequence" in text or "letters without space" in text:
        return Sequence(vocabulary=LETTERS)
    if "comma-separated number sequence" in text:
        return Sequence(vocabulary=tuple(str(n) for n in range(1, 60)))
    if re.search(r"3\.2s, 1\.5s", text):
        return Sequence(vocabulary=tuple(f"{n / 10:.1f}" for n in range(400)))
    if "without comma separated values" in text:
        return MultiChoice(options=tuple(listed) if listed else LETTERS[:5])
    if "return none" in text:
        return Choice(options=(*LETTERS[:25], "None"))
    if listed and any(listed) and "integer number of seconds" not in text:
        distinct = len(set(listed)) == len(listed)
        return Choice(options=tuple(listed) if distinct else LETTERS[: len(listed)])
    if re.search(r"x and y", text):
        return Sequence(vocabulary=tuple(dict.fromkeys(COLOURS + SHAPES)))
    if "column header" in text:
        return Text(
            vocabulary=(
                "A-150",
                "PC-59",
                "PC-459",
                "VOC",
                "Cityscapes",
                "ADE20K",
                "VOC-20",
                "mIoU",
                "COCO",
                "Mapillary Vistas",
                "BDD100K",
                "KITTI",
                "SUN RGB-D",
                "ScanNet",
            )
        )
    if re.search(r"single number|just a number|single integer|integer number", text):
        return Number() if re.search(r"cost|decimal|table|just a number", text) else Integer()
    if re.search(r"letter|multiple choice|option|choose the (graph|path)|single .*choice", text):
        return Choice(options=LETTERS)
    if re.search(r"separate them with commas|comma separated values|in the correct order", text):
        return Sequence(vocabulary=tuple(dict.fromkeys([*COLOURS, *SHAPES, "rectangular prism"])))
    if re.search(
        r"integer|single number|only be a number|just a number|how many (?!seconds)|what is the sum of the sequences",
        text,
    ):
        return Number() if re.search(r"cost|decimal|just a number|seconds", text) else Integer()
    if re.search(r"round|decimal|ratio|how many seconds|sum|difference|output only the number", text):
        return Number(unit="s" if "second" in text and "seconds" in text else "")
    if re.search(r"colou?r", text) and not re.search(r"which (color )?shape", text.replace("color shape", "color")):
        return Text(vocabulary=tuple(COLOURS), noun="colour")
    if "color name" in text or ("color" in text and "which color" in text):
        return Text(vocabulary=tuple(COLOURS), noun="colour")
    return Text(vocabulary=tuple(dict.fromkeys(SHAPES + COLOURS)), noun="word")
