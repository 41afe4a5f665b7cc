"""MORSE's scorer as one file that needs nothing but Python: ``morse_scorer.py``, which goes with every export.

It is put together of the modules that score and reward, as they stand here: each becomes a function that gives its names, so that names of
two modules never meet, and an import of one of them becomes an assignment. The records of :mod:`morse.schema` that they use stand on
:mod:`harness.plain_records` instead of pydantic. The same modules give the same bytes.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from morse import __version__
from morse.wording import environment

NAME = "morse_scorer.py"
ROOTS = ("harness.exported", "harness.reward")
SCHEMA, PYDANTIC, RECORDS = "morse.schema", "pydantic", "harness.plain_records"
PUBLIC = {
    "harness.exported": ("accuracy", "judged"),
    "harness.reward": ("Reward", "Weights", "reward", "reward_fn", "trl_reward", "verifiers_reward"),
}
"""What the file offers, and from which module."""
OURS = ("harness", "morse", PYDANTIC)


@cache
def scorer() -> str:
    """The file's text."""
    modules = {name: ast.parse(_source(name)) for name in _in_order(ROOTS)}
    wanted = {alias for tree in modules.values() for node in _imports(tree, SCHEMA) for alias in _names(node)}
    parts = {RECORDS: _as_function(RECORDS, _source(RECORDS))}
    parts[SCHEMA] = _as_function(SCHEMA, _records(wanted - {"JsonValue"}))
    parts |= {name: _as_function(name, _source(name)) for name in modules}
    slots = {"version": __version__, "parts": parts, "called": _called, "public": PUBLIC}
    return environment().get_template("export/morse_scorer.py.j2").render(**slots) + "\n"


def put_scorer(folder: Path) -> None:
    """Write the file into an export."""
    (folder / NAME).write_text(scorer(), encoding="utf-8")


def _source(module: str) -> str:
    found = find_spec(module)
    assert found is not None and found.origin is not None
    return Path(found.origin).read_text(encoding="utf-8")


def _called(module: str) -> str:
    """What a module is called in the file."""
    return module.replace(".", "_")


def _in_order(roots: Iterable[str]) -> list[str]:
    """The modules of :mod:`harness` that some rest on, themselves included, each after those that it imports."""
    found: dict[str, None] = {}

    def visit(module: str) -> None:
        if module not in found:
            for node in _imports(ast.parse(_source(module)), "harness"):
                visit(str(node.module))
            found[module] = None

    for root in roots:
        visit(root)
    return [*found]


def _imports(tree: ast.Module, package: str) -> Iterator[ast.ImportFrom]:
    """The imports at the top of a module that take names from a package."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{package}."):
            yield node


def _names(node: ast.ImportFrom) -> list[str]:
    return [alias.name for alias in node.names]


def _as_function(module: str, source: str) -> str:
    """A module as a function that returns what is defined in it."""
    tree, lines = ast.parse(source), source.splitlines()
    top = {id(node) for package in OURS for node in _imports(tree, package)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and id(node) not in top and str(node.module).partition(".")[0] in OURS:
            raise ValueError(f"{module}, line {node.lineno}: what goes into {NAME} imports MORSE's modules at its top")
    for node in [node for package in OURS for node in _imports(tree, package)]:
        assert node.end_lineno is not None
        lines[node.lineno - 1 : node.end_lineno] = [_assigned(node), *[""] * (node.end_lineno - node.lineno)]
    fixed = _inside_texts(tree)
    body = [line if not line or number in fixed else f"    {line}" for number, line in enumerate(lines, 1)]
    head, end = f"def _{_called(module)}():", "    return SimpleNamespace(**locals())"
    return "\n".join([head, *_without_gaps(body, fixed), "", end])


def _assigned(node: ast.ImportFrom) -> str:
    """An import from a module of the file as an assignment."""
    home = _called(RECORDS if node.module == PYDANTIC else str(node.module))
    return "; ".join(f"{alias.asname or alias.name} = {home}.{alias.name}" for alias in node.names)


def _inside_texts(tree: ast.Module) -> set[int]:
    """The lines that begin inside a text, and so cannot be indented; what only explains can."""
    explains = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = (
        node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in explains
    )
    return {
        line
        for node in texts
        if isinstance(node, ast.JoinedStr) or isinstance(node.value, str)
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }


def _without_gaps(lines: list[str], fixed: set[int]) -> Iterator[str]:
    """The lines with no two blank ones after each other, but in texts."""
    blank = False
    for number, line in enumerate(lines, 1):
        if line or not blank or number in fixed:
            yield line
        blank = not line


def _records(wanted: Iterable[str]) -> str:
    """The parts of :mod:`morse.schema` that define some names and what those rest on, as a module."""
    source = _source(SCHEMA)
    statements = ast.parse(source).body
    defined = {name: at for at, node in enumerate(statements) for name in _defines(node)}
    needed: set[int] = set()
    waiting = [defined[name] for name in sorted(wanted)]
    while waiting:
        at = waiting.pop()
        if at not in needed:
            needed.add(at)
            loads = (node.id for node in ast.walk(statements[at]) if isinstance(node, ast.Name))
            waiting += [defined[name] for name in loads if name in defined]
    taken = [ast.get_source_segment(source, statements[at]) or "" for at in sorted(needed)]
    head = [
        "from typing import Annotated, Any, Literal",
        "from pydantic import BaseModel, ConfigDict, Field, JsonValue",
    ]
    return "\n\n".join(['"""The records that scoring reads."""', "\n".join(head), *taken])


def _defines(node: ast.stmt) -> list[str]:
    """The names that a statement at the top of a module defines."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []
