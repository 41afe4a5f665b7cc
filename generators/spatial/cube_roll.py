"""A cube is shown from all sides, a blank case closes around it, and the case rolls over a board: which face is where?"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.spatial._roll_looks import draw_board, draw_faces, face_names
from generators.spatial._roll_path import AXES, WAYS, Act, Board, Rolling, Tile, apart, side_at, stations, turned
from generators.spatial._roll_questions import Asking
from generators.spatial._roll_retold import retold
from generators.spatial._roll_scene import lay_out
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

LETTERS = "ABCDFGHJKLMPRTUVXYZ"
"""What marked tiles are called: no letter of a way, and none that is like a figure."""
LATE = 2
"""Moves after which a tile or a direction may be asked for: what comes earlier is near to what the first frame shows."""
SLACK = 1
"""Moves, at least, that the walk has to spare."""


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("rolls",)
    rolls: int = ramp(8, per_level=1.5, least=8, about="rolls of the case over an edge")
    slides: int = ramp(1, per_level=0.5, about="moves of the case that do not turn it")
    tips: int = ramp(1, per_level=0.5, about="times that the case tips onto an edge and falls back")
    columns: int = ramp(5, per_level=0.25, most=6, least=4, limit=6, about="tiles from west to east")
    rows: int = ramp(4, per_level=0.2, most=5, least=4, limit=6, about="tiles from south to north")
    marked: int = ramp(4, per_level=0.34, most=8, least=2, limit=10, about="tiles with a letter")
    ahead: int = ramp(3, per_level=0.25, most=6, least=1, limit=8, about="further rolls supposed in a question")
    pause: float = ramp(0.55, per_level=-0.02, most=0.35, least=0.2, limit=5, about="mean seconds between movements")
    hold: float = ramp(2.4, per_level=-0.05, most=2.1, least=2.0, limit=30, about="seconds of each look at the cube")

    @property
    def moves(self) -> int:
        return self.rolls + self.slides


@register(category="spatial", version=1, stage="bullet", covers=("MORSE-500 spatial",))
class CubeRoll(Task[Params, Rolling]):
    """A cube with six different faces is shown, then closed in a blank case that rolls over a board of tiles.

    What is shown
        A board of tiles with the signs of the four ways on its rim and letters on some tiles. A case is taken off a cube, whose
        faces differ in colour and in the figure on them; it is shown, tipped over to show its other side, and the case closes around
        it again. The case then rolls from tile to tile over its edges, now and then slides without turning, and tips and falls back.
    What is asked
        Which way a roll goes, how often the case comes onto a tile (recall); which face is up at the end, which is down on a tile,
        how often a face comes to be on top (infer); which face would be up after further rolls (predict), and which had one roll been
        a slide (counterfactual).
    Difficulty
        More rolls, slides and tips, shorter pauses, a larger board with more letters, longer predictions.
    Source
        New here, after the rolling cubes and dice of MORSE-500 and the cube-rolling items of spatial ability tests.
    """

    def simulate(self, params: Params, rng: Rng) -> Rolling:
        board = Board(params.columns, params.rows)
        start, visited, visits, ways = _walk(board, params.moves, rng)
        slides = rng.sample(range(params.moves), params.slides)
        acts = [Act("slide" if i in slides else "roll", way) for i, way in enumerate(ways)]
        for _ in range(params.tips):
            acts.insert(rng.integer(0, len(acts)), Act("tip", rng.choice([*WAYS])))
        faces = dict(zip(AXES, face_names(rng.fork("faces")), strict=True))
        spots = stations(start, [act for act in acts if act.moves])
        rolls = [act.way for act in acts if act.kind == "roll"]
        way = rng.steady("way").choice([*WAYS])
        numbers = [number for number, other in enumerate(rolls, 1) if other == way and number > LATE]
        if not numbers:
            raise Rejected("no roll that way")
        late = [tile for tile in board.tiles if tile in spots[LATE + 1 :] and tile not in (start, visited, spots[-1])]
        if not late:
            raise Rejected("no tile that is passed late")
        passed = rng.choice(late)
        counted, count = _counted(rolls, rng)
        others = [tile for tile in board.tiles if tile not in (start, visited, passed)]
        marked = rng.shuffled([visited, passed, *rng.sample(others, params.marked - 2)])
        letters = dict(zip(rng.sample(LETTERS, len(marked)), marked, strict=True))
        called = {tile: letter for letter, tile in letters.items()}
        return Rolling(
            board,
            start,
            tuple(acts),
            faces,
            letters,
            called[visited],
            visits,
            _likely_visits(params.moves, board),
            called[passed],
            rng.choice(numbers),
            faces[counted],
            count,
            _likely_counts(params.rolls),
            params.ahead,
            params.pause,
            params.hold,
        )

    def layout(self, episode: Rolling, rng: Rng) -> Layout:
        return lay_out(episode, rng)

    def ask(self, episode: Rolling, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout.events, layout.duration).all(rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(question, shown)

    def draw(self, episode: Rolling, layout: Layout, stage: Any, style: Style) -> None:
        draw_board(episode, layout, stage, style)
        draw_faces(episode, stage, style)


def _walk(board: Board, moves: int, rng: Rng) -> tuple[Tile, Tile, int, list[str]]:
    """Where the case starts, a tile, how often the case comes onto it, and a walk that does so.

    Start, end and tile are drawn before the number of visits, so that no frame that shows them tells the number. (Nor does one tell
    which way a roll goes: that is drawn without regard to them, and there is time for any way.)
    """
    steady, likely = rng.steady("walk"), _likely_visits(moves, board)
    while True:
        start, end, tile = (steady.choice(board.tiles) for _ in range(3))
        even = (apart(start, end) - moves) % 2 == 0
        least = apart(start, tile) + apart(tile, end) + 2 * (likely[-1] - 1)
        if even and tile not in (start, end) and max(least, apart(start, end) + 2) <= moves - SLACK:
            break
    visits = steady.choice(likely)
    return start, tile, visits, board.walk(start, end, moves, tile, visits, rng)


def _likely_visits(moves: int, board: Board) -> tuple[int, ...]:
    """How often the case may come onto the tile that is asked for: about as often as onto any."""
    least = max(0, round(moves / len(board.tiles)) - 1)
    return tuple(range(least, least + (3 if moves < 16 else 4)))


def _likely_counts(rolls: int) -> tuple[int, ...]:
    """After how many rolls the face that is asked for may be on top: about as often as any."""
    least = max(0, round(rolls / len(AXES)) - 1)
    return tuple(range(least, least + 4))


def _counted(rolls: Sequence[str], rng: Rng) -> tuple[str, int]:
    """A side of the cube that comes to be on top as often as was aimed at. Raises :class:`Rejected` if there is none."""
    count = rng.steady("count").choice(_likely_counts(len(rolls)))
    lies = turned(Act("roll", way) for way in rolls)[1:]
    times = Counter(side_at(turn, "up") for turn in lies)
    fitting = [side for side in AXES if times[side] == count]
    if not fitting:
        raise Rejected("no face so often on top")
    return rng.choice(fitting), count
