"""The tutorials are documentation that runs: every command and every piece of code in them, in order, in an empty folder."""

import os
import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch

import jinja2
import pytest
from click.testing import CliRunner

from docs.site import TUTORIALS, tutorial
from morse.cli import main
from morse.task import registry
from morse.wording import environment
from tests.toy_sets import InProcess

SMALL = {"generate": ("--size", "128x72", "--fps", "4"), "verify": ("--sample", "0.1")}
"""What makes a command cheaper and is not there already."""
OWN = "add_a_task"


def blocks(text: str) -> list[tuple[str, str]]:
    """Language and content of each block, in order."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands(text: str) -> list[list[str]]:
    """The arguments of every `./run` command, wherever it stands."""
    lines = [line for language, block in blocks(text) if language == "sh" for line in block.splitlines()]
    assert all(line.startswith("./run ") for line in lines), lines
    return [shlex.split(line)[1:] for line in lines]


def run(arguments: list[str]) -> str:
    small = SMALL.get(arguments[0], ())
    given = [*arguments, *(small if small and small[0] not in arguments else ())]
    ran = CliRunner().invoke(main, given, catch_exceptions=False)
    assert ran.exit_code == 0 or given[0] == "audit", f"morse {' '.join(given)}: {ran.output}"
    return ran.output


@pytest.fixture(autouse=True)
def _cheap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty folder, and no worker processes, which take longer to start than these clips to make."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with patch("morse.generate.Workers", InProcess), patch("harness.verify.Workers", InProcess):
        yield


@pytest.mark.parametrize("name", [name for name in TUTORIALS if name != OWN])
def test_what_a_tutorial_says_works(name: str) -> None:
    scope: dict[str, object] = {}
    for language, block in blocks(tutorial(name)):
        if language == "sh":
            for arguments in commands(f"```sh\n{block}```\n"):
                if arguments[0] != "evaluate" or find_spec("inspect_ai") is not None:
                    run(arguments)
        elif language == "python":
            exec(compile(block, f"{name}.md", "exec"), scope)  # noqa: S102  (our own tutorial)


def test_the_task_of_the_tutorial_works_in_a_folder_of_ones_own(tmp_path: Path) -> None:
    """The files are written as the page names them, into a folder that MORSE_TASKS names."""
    text = tutorial(OWN)
    for path, language in (
        ("generators/temporal/flash_count.py", "python"),
        ("templates/questions/en/temporal/flash_count.j2", "jinja"),
    ):
        assert f"`{path}`" in text
        (block,) = [block for found, block in blocks(text) if found == language]
        (tmp_path / "mine" / path).parent.mkdir(parents=True)
        (tmp_path / "mine" / path).write_text(block)
    loader = environment().loader
    assert loader is not None
    with patch.dict(os.environ, {"MORSE_TASKS": str(tmp_path / "mine")}):
        registry().tasks["flash_count"] = registry.__wrapped__().tasks["flash_count"]
        environment().loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(tmp_path / "mine/templates"), loader])
        try:
            said = [run(arguments) for arguments in commands(text)]
        finally:
            del registry().tasks["flash_count"]
            environment().loader = loader
    assert "how_often (recall, integer)" in said[0]
    assert (tmp_path / "outputs/look/flash_count-4-2.png").exists()
    assert re.findall(r"│ ([a-z ]+?) +│[^\n]*│ FAIL │", said[-1]) == ["levels of reasoning"], said[-1]


def test_commands_in_the_text_exist() -> None:
    """Commands that stand within a sentence name a command of `morse`, and options that it has."""
    for name in TUTORIALS:
        for line in re.findall(r"`\./run ([^`]+)`", tutorial(name)):
            command, *arguments = shlex.split(line)
            known = {option for parameter in main.commands[command].params for option in parameter.opts}
            assert {argument for argument in arguments if argument.startswith("--")} <= known, line
