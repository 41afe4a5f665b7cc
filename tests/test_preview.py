"""``morse preview``: a clip and its contact sheet; of many tasks or levels a page, and bad input in one line."""

from pathlib import Path

import pytest
from PIL import Image

from tests.toy_sets import morse


def test_a_page_of_contact_sheets(tmp_path: Path) -> None:
    code, _, said = morse("preview", "toy", "--difficulty", "1,2", "--out", tmp_path / "look", "--workers", "1")
    assert code == 0, said
    page = (tmp_path / "look" / "index.html").read_text()
    for level in (1, 2):
        sheet = f"toy-{level}-0.png"
        assert f'src="{sheet}"' in page and f"toy-{level}-0.mp4" in page
        assert Image.open(tmp_path / "look" / sheet).width > 1000
    assert "Answer with" in page and "<script" not in page


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--difficulty", "3"], "name tasks, or give --all or --category"),
        (["toy", "--all"], "name tasks, or give --all or --category"),
        (["--category", "psychical"], "no category 'psychical' (did you mean 'physical'?)"),
        (["toy", "--difficulty", "hard"], "hard"),
        (["toy", "--difficulty", "1,2", "--set", "flashes=4"], "--set goes with one task at one level"),
        (["toy", "--difficulty", "1,2", "--style", "baroque"], "no style 'baroque'"),
        (["tooy"], "no task 'tooy'"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(tmp_path: Path, arguments: list[str], line: str) -> None:
    code, _, said = morse("preview", *arguments, "--out", tmp_path / "look")
    assert code == 2 and line in said and len(said.strip().splitlines()) == 1, said
    assert not (tmp_path / "look").exists()
