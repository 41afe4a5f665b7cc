"""The errors a person at the terminal can meet. Each is one line that says what was wrong, where, and what would be right."""

from collections.abc import Iterable


class MorseError(Exception):
    """Something that the user can mend; the command line prints it on one line.

    ``exit_code`` is 2 for bad input, 1 for work that ran but did not succeed.
    """

    exit_code = 2


class BadInput(MorseError):
    """An argument, recipe, response file or data set that is not what it should be."""


class OtherVersions(BadInput):
    """A worker process would not make the same bytes as the one that it works for: no other clip would fare better."""


class WorkFailed(MorseError):
    """Work that was asked for rightly but did not succeed (a full disk, a gate that fails)."""

    exit_code = 1


class Rejected(Exception):
    """An ambiguous, tied, unstable or invisible draw: the clip is redrawn from the next sub-key.

    Raised by a task's ``simulate``, ``layout`` or ``ask``. ``reason`` is a short fixed phrase ("tie for first place");
    the pipeline counts rejections by it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Disagreement(Exception):
    """The two ways to the truth differ: a defect of the task, never of the user."""


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """The closest of ``names``, as the end of an error message, if any is close."""
    import difflib

    close = difflib.get_close_matches(name, list(names), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
