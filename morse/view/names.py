"""The names of views: ``frames:32``, ``video+reversed``, ``grid:9+captions``.

A name is one form, at most one change of the clip, and what is written into the pictures, joined by ``+``:

- forms: ``video``, ``frames:N`` (the middles of N equal parts), ``fps:R`` (R a second, from 0 on), ``grid:N`` (N frames on one
  page, row by row; IG-VLM, arXiv 2403.18406), ``frame:first|middle|last``, ``transcript`` (events in words), ``blind``;
- changes: ``half`` (the first half alone), ``masked:P`` (a middle part P is black), ``reversed``, ``shuffled:R`` (R equal pieces in
  another order; TEMPLE), ``noise:S`` (noise mixed in; at 1, nothing else);
- writing: ``captions`` (what happens, in words, below the picture), ``question`` (the question below the picture, not beside it).
"""

import re
from typing import Literal

from morse.errors import BadInput, did_you_mean
from morse.schema import Record

Form = Literal["video", "frames", "fps", "grid", "frame", "transcript", "blind"]
Change = Literal["half", "masked", "reversed", "shuffled", "noise"]
Place = Literal["first", "middle", "last"]

FORMS: tuple[Form, ...] = ("video", "frames", "fps", "grid", "frame", "transcript", "blind")
CHANGES: tuple[Change, ...] = ("half", "masked", "reversed", "shuffled", "noise")
WRITING = ("captions", "question")
PLACES: tuple[Place, ...] = ("first", "middle", "last")
MOST_FRAMES, MOST_CELLS, MOST_RATE, MOST_PIECES = 1024, 144, 120.0, 64
MASKED, NOISY = 1 / 3, 1.0
"""What ``masked`` and ``noise`` mean with no number."""


class View(Record):
    """What is shown of a clip."""

    form: Form = "video"
    frames: int = 0
    """How many frames, for ``frames`` and ``grid``."""
    rate: float = 0.0
    """Frames a second, for ``fps``."""
    place: Place = "middle"
    """Which one frame, for ``frame``."""
    change: Change | None = None
    amount: float = 0.0
    """The part that is masked, the strength of the noise, the number of pieces."""
    captions: bool = False
    question: bool = False
    """The question stands in the pictures."""

    @property
    def name(self) -> str:
        """The name that stands for this view, always the same."""
        number = {"frames": self.frames, "grid": self.frames, "fps": self.rate, "frame": self.place}.get(self.form)
        parts = [self.form if number is None else f"{self.form}:{_written(number)}"]
        if self.change is not None:
            plain = self.amount == _DEFAULTS.get(self.change, self.amount) and self.change != "shuffled"
            parts.append(self.change if plain else f"{self.change}:{_written(self.amount)}")
        return "+".join([*parts, *(name for name in WRITING if getattr(self, name))])

    @property
    def pictures(self) -> bool:
        """Whether anything of the clip is seen at all."""
        return self.form not in ("transcript", "blind")


_DEFAULTS = {"masked": MASKED, "noise": NOISY}
EXAMPLES = "video, frames:32, fps:1, grid:9, frame:middle, transcript, blind, video+reversed, frames:8+captions"


def parse_view(text: str) -> View:
    """The view of a name. Raises :class:`BadInput` that says which part is wrong and what would be right."""
    found: dict[str, object] = {}
    for part in text.strip().split("+"):
        word, sign, number = part.strip().partition(":")
        given = number if sign else None
        fields = _form(word, given, part) if word in FORMS else _other(word, given, part, text)
        for name in {"form", "change", *WRITING} & fields.keys():
            if name in found:
                raise BadInput(
                    f"view {text!r}: {found[name] if name not in WRITING else name} and {part!r} cannot both be"
                )
        found |= fields
    view = View.model_validate(found)
    if not view.pictures and (view.change or view.captions or view.question):
        raise BadInput(f"view {text!r}: {view.form} shows no pictures, so nothing can be changed or written in them")
    return view


def _form(word: str, given: str | None, part: str) -> dict[str, object]:
    match word:
        case "frames":
            return {"form": word, "frames": _whole(part, given, 1, MOST_FRAMES)}
        case "grid":
            return {"form": word, "frames": _whole(part, given, 1, MOST_CELLS)}
        case "fps":
            return {"form": word, "rate": _real(part, given, MOST_RATE)}
        case "frame":
            place = given if given is not None else "middle"
            if place not in PLACES:
                raise BadInput(f"view {part!r}: which frame must be first, middle or last")
            return {"form": word, "place": place}
        case _:
            _bare(part, given)
            return {"form": word}


def _other(word: str, given: str | None, part: str, text: str) -> dict[str, object]:
    if word in WRITING:
        _bare(part, given)
        return {word: True}
    match word:
        case "half" | "reversed":
            _bare(part, given)
            return {"change": word}
        case "masked":
            amount = MASKED if given is None else _real(part, given, 1.0)
            if amount == 1.0:
                raise BadInput(f"view {part!r}: nothing would be left; give a part below 1, or the view blind")
            return {"change": word, "amount": amount}
        case "noise":
            return {"change": word, "amount": NOISY if given is None else _real(part, given, 1.0)}
        case "shuffled":
            return {"change": word, "amount": float(_whole(part, given, 2, MOST_PIECES))}
    hint = did_you_mean(word, [*FORMS, *CHANGES, *WRITING])
    raise BadInput(f"view {text!r}: {part!r} is no view{hint}; views are like {EXAMPLES}")


def _bare(part: str, given: str | None) -> None:
    if given is not None:
        raise BadInput(f"view {part!r}: {part.partition(':')[0]} takes no number")


def _whole(part: str, given: str | None, least: int, most: int) -> int:
    if given is None or not re.fullmatch(r"[0-9]{1,6}", given) or not least <= int(given) <= most:
        raise BadInput(f"view {part!r}: wants a whole number from {least} to {most}, as in {part.partition(':')[0]}:8")
    return int(given)


def _real(part: str, given: str | None, most: float) -> float:
    value = float(given) if given is not None and re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,9})?", given) else 0.0
    if not 0 < value <= most:
        raise BadInput(f"view {part!r}: wants a number above 0 and up to {most:g}, as in {part.partition(':')[0]}:0.5")
    return value


def _written(value: float | str) -> str:
    return value if isinstance(value, str) else str(int(value)) if value == int(value) else repr(value)
