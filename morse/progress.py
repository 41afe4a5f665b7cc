"""How far long work is: a bar with rate and time left on a terminal, now and then a plain line elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

EVERY = 15.0
"""Seconds between two plain lines."""


class Advance(Protocol):
    """Called after each piece of work."""

    def __call__(self, failed: int = 0) -> None: ...


@contextmanager
def progress(what: str, total: int, done: int = 0) -> Iterator[Advance]:
    """Show how ``total`` pieces of work get on, of which ``done`` are there already; ``what`` names them ("clips")."""
    with _bar(what, total, done) if sys.stderr.isatty() else _plain(what, total, done) as advance:
        yield advance


@contextmanager
def _bar(what: str, total: int, done: int) -> Iterator[Advance]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(what),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    )
    pace = _Pace(total, done)
    with Progress(*columns, console=Console(stderr=True)) as bars:
        bar = bars.add_task(what, total=total, completed=done, note="")

        def advance(failed: int = 0) -> None:
            pace.done += 1
            bars.update(bar, advance=1, note=pace.note(failed))

        yield advance


@contextmanager
def _plain(what: str, total: int, done: int) -> Iterator[Advance]:
    pace = _Pace(total, done)
    said = time.monotonic()

    def advance(failed: int = 0) -> None:
        nonlocal said
        pace.done += 1
        if time.monotonic() - said >= EVERY:
            said = time.monotonic()
            print(f"{pace.done}/{total} {what}, {pace.note(failed)}", file=sys.stderr, flush=True)

    yield advance


class _Pace:
    def __init__(self, total: int, done: int) -> None:
        self.total, self.done, self._first, self._start = total, done, done, time.monotonic()

    def note(self, failed: int) -> str:
        rate = (self.done - self._first) / max(time.monotonic() - self._start, 1e-9)
        left = (self.total - self.done) / rate if rate else 0.0
        pace = f"{rate:.1f} a second" if rate >= 1 else f"{rate * 60:.1f} a minute"
        return f"{pace}, {spoken(left)} left" + (f", {failed} failed" if failed else "")


def spoken(seconds: float) -> str:
    """A length of time in words: ``42 s``, ``3 min 20 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
