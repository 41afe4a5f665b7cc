"""Movers step round their rings by one rule, but some do something else for a while: who, what, since when, how long."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.abstract._ring_looks import draw_rings
from generators.abstract._ring_questions import LENGTHS, WHATS, Asking
from generators.abstract._ring_show import PLACES, SPOTS, Round, Stray, round_layout
from generators.abstract._ring_viewer import retold
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

LETTERS = "ABCDEFGHJKLMNPRSTUVXYZ"


class Params(TaskParams):
    movers: int = ramp(6, per_level=0.75, most=14, least=6, limit=len(SPOTS), about="movers on the board")
    beats: int = ramp(9, per_level=1, most=80, least=9, limit=400, about="beats in the clip (five more at most)")
    pattern: int = ramp(1, per_level=0.34, most=5, least=1, limit=9, about="beats after which the rule repeats itself")
    shakes: int = ramp(2, per_level=1, limit=400, about="movers that shake between two beats, which means nothing")


@register(category="abstract", version=3, stage="manim", covers=("MORSE-500 abstract",))
class OddMotion(Task[Params, Round]):
    """Movers step round their rings beat by beat, all by one rule, but for some that stray for a while.

    What is shown
        Lettered movers, each on a ring with six places. At every beat all step one place, clockwise or counterclockwise as a
        pattern says that repeats itself. Some stray for two to four beats: they stay, go the other way, or go twice as far.
        Halfway through and at the end all movers are hidden. Shaking means nothing.
    What is asked
        Which mover does a thing alone; what one does for a while, if anything; after how many beats, for how many, and from
        when to when; how many stray at all; where one would be at the end if it had not strayed; where in the picture the one
        is that does a thing alone.
    Difficulty
        More movers and beats, a longer pattern, more shaking.
    Source
        Own design: the odd one out among movers, after the abstract kinds of MORSE-500.
    """

    def simulate(self, params: Params, rng: Rng) -> Round:
        wanted = rng.steady("wanted")
        beats = params.beats + wanted.integer(0, 5)
        firsts = range(1, params.beats - max(LENGTHS))
        what, count, end = wanted.choice([*WHATS]), wanted.integer(1, 4), wanted.integer(0, len(PLACES) - 1)
        first, length, never = wanted.choice(firsts), wanted.choice(LENGTHS), wanted.chance(0.25)
        movers = tuple(rng.sample(LETTERS, params.movers))
        places = tuple(rng.integer(0, len(PLACES) - 1) for _ in movers)
        pattern = [rng.choice((-1, 1)) for _ in range(params.pattern)]
        rule = tuple(pattern[beat % len(pattern)] for beat in range(beats))
        asked, *others = wanted.fork("who").sample(range(params.movers), count)
        start = (end - sum(rule)) % len(PLACES)
        places = (*places[:asked], start, *places[asked + 1 :])
        stray = Stray(movers[asked], what, first, length)
        free = [other for other in WHATS if other != what]
        strays = [stray]
        for other in others:
            long = rng.choice(LENGTHS)
            strays.append(Stray(movers[other], rng.choice(free), rng.integer(0, beats - long), long))
        if any(2 * sum(one.holds(beat) for one in strays) > params.movers - 2 for beat in range(beats)):
            raise Rejected("the rule is not plain at every beat")
        regular = [mover for mover in movers if mover not in [one.who for one in strays]]
        plain = rng.choice(regular) if never else None
        return Round(movers, places, rule, tuple(strays), stray, plain, firsts, params.shakes)

    def layout(self, episode: Round, rng: Rng) -> Layout:
        return round_layout(episode, rng)

    def ask(self, episode: Round, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From where each mover is before and after every beat; what most do is the rule."""
        return retold(question, shown)

    def draw(self, episode: Round, layout: Layout, stage: Any, style: Style) -> None:
        draw_rings(layout, stage, style)
