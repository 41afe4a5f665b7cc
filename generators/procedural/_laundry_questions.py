"""What is asked of the washing beside what all crafts are asked: whether it did any harm."""

from collections.abc import Iterator

from generators.procedural._laundry_domain import held
from generators.procedural._planning import State
from generators.procedural._procedure_questions import ProcedureAsker
from morse.errors import Rejected
from morse.schema import Boolean, Question


class LaundryAsker(ProcedureAsker):
    """Puts the questions on one washing day."""

    def questions(self) -> Iterator[Question]:
        yield from super().questions()
        shots = {number: self.recipe.shot(number) for number in self.order}
        washes = [number for number, shot in shots.items() if shot.kind == "wash"]
        if not washes or self.recipe.mode == "free":
            return
        unharmed = all(_harm(shots[k].before) == _harm(shots[k].after) for k in washes)
        if unharmed != self.rng.steady("unharmed").chance(0.5):
            raise Rejected("another outcome of the wash is wanted")
        yield self.made("unharmed", Boolean(), unharmed, "infer", washes)


def _harm(state: State) -> int:
    """How much harm the garments in the machine have taken."""
    return sum(len(now.split()) - 1 for _, now in held(state, "machine"))
