"""The rule-based verdict on real responses of four models (MORSE-500), beside the published extraction.

The folder is named by the variable ``MORSE500_RESPONSES``; without it these tests are skipped.
"""

import os
import re
from pathlib import Path

import pytest
from morse500 import Row, rows, wanted

from harness.parsing import parse

FOLDER = os.environ.get("MORSE500_RESPONSES")
FILES = sorted(Path(FOLDER).glob("*.csv")) if FOLDER else []
pytestmark = pytest.mark.skipif(not FILES, reason="MORSE500_RESPONSES names no folder with the responses")

NO_ANSWER_GIVEN = {
    ("MiniCPM-o-2_6", "30"): "recites the options",
    ("MiniCPM-o-2_6", "131"): "describes the question, names no option",
    ("MiniCPM-o-2_6", "233"): "recites the options",
    ("MiniCPM-o-2_6", "259"): "recites the question; (A) is a point of the drawing",
    ("MiniCPM-o-2_6", "305"): "says that no answer can be given",
    ("MiniCPM-o-2_6", "330"): "lists four columns with their scores",
    ("MiniCPM-o-2_6", "357"): "says that no number is given",
    ("MiniCPM-o-2_6", "470"): "recites the options",
    ("MiniCPM-o-2_6", "488"): "'C. Inner only': the letter and the text name two options",
    ("gemini-2.0-flash", "369"): "says (A); the extraction gives C",
}
"""Rows that the published extraction turned into the reference, though the response does not say it; each was read."""

ANSWER_LOST = {
    ("MiniCPM-o-2_6", "78"): "works out 17 − 1 = 16; the extraction is the example of the prompt",
    ("gemini-2.0-flash", "115"): "ends with '(A) k = 0.1'; the extraction kept the value alone",
    ("gemini-2.0-flash", "306"): "says (C); the extraction kept letter and text in another form",
    ("gemini-2.0-flash", "321"): "names the text of option C",
    ("gpt-4o-2411_fps2_max32", "228"): "'Answer: C. 47.42'; the extraction kept the text alone",
    ("gpt-4o-2411_fps2_max32", "306"): "says (C); the extraction kept letter and text in another form",
}
"""Rows whose response says the reference, which the published extraction lost; each was read."""


def right(row: Row) -> bool:
    format = wanted(row.question)
    reference, response = parse(row.reference, format), parse(row.response, format)
    return reference.readable and response.readable and reference.value == response.value


def equal(row: Row) -> bool:
    """The published verdict."""
    return row.reference.strip() == row.extracted.strip()


def equal_but_for_writing(row: Row) -> bool:
    """The published verdict without what plain equality is too strict in: case, a unit, and the option's text after its letter."""
    extracted = re.sub(r"\A([A-Z])\. .*", r"\1", row.extracted.strip(), flags=re.DOTALL)
    return equal(row) or row.reference.strip().casefold() == extracted.casefold().rstrip(".")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_verdict_agrees_with_the_published_one(file):
    given = rows(file)
    assert len(given) == 500
    assert sum(right(row) == equal(row) for row in given) / len(given) >= 0.96
    assert sum(right(row) == equal_but_for_writing(row) for row in given) / len(given) >= 0.97


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_disagreement_is_explained(file):
    """No right answer is lost, none is given away; what else differs is in writing alone, which plain equality is too strict in."""
    given = rows(file)
    lost = {row.id for row in given if equal(row) and not right(row)}
    won = {row.id for row in given if right(row) and not equal_but_for_writing(row)}
    assert lost == {number for name, number in NO_ANSWER_GIVEN if name == file.stem}
    assert won == {number for name, number in ANSWER_LOST if name == file.stem}
