"""A camera walks through furnished rooms and looks round in each: what stood where, how large, and how the rooms lie."""

from collections.abc import Iterable
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.spatial._room_house import House, draw_house
from generators.spatial._room_questions import Asking
from generators.spatial._room_retold import Retold
from generators.spatial._room_walk import draw_house_looks, lay_out
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("rooms",)
    rooms: int = ramp(4, per_level=0.4, least=4, about="rooms that are walked through")
    extras: int = ramp(2, per_level=1, about="pieces of furniture at walls, beside those in the corners")


@register(category="spatial", version=1, stage="bullet", covers=("VSI-Bench", "MORSE-500 spatial"))
class RoomTour(Task[Params, House]):
    """A walk through a house: the camera looks round in every room, and no view shows two rooms.

    What is shown
        Rooms with walls, doors and rugs, each with a letter on two of its walls and furniture in its corners and along its walls. The
        camera looks at a rod with its length in centimetres, turns once round in the middle of the room with rests, and walks
        straight through a door into the next room, and so on.
    What is asked
        How many pieces of a kind there were, the distance of two pieces and the size of one, which room is largest, where a piece is for someone who
        stands by a second and faces a third, which way the camera is heading, the turns of the way back, in which stretch it was in a
        room, where a piece is in the picture (infer); which room held a piece (or none), in what order rooms were entered (recall);
        what will be where when it goes back a room (predict); how many a room would hold, had others been brought there (counterfactual).
    Difficulty
        More rooms, and more furniture at their walls.
    Source
        The question kinds follow VSI-Bench (Yang et al., arXiv 2412.14171), whose scenes are scans of real rooms; house tours as in MORSE-500.
    """

    def simulate(self, params: Params, rng: Rng) -> House:
        return draw_house(params.rooms, params.extras, rng)

    def layout(self, episode: House, rng: Rng) -> Layout:
        return lay_out(episode, rng)

    def ask(self, episode: House, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return Retold(shown).answer(question)

    def draw(self, episode: House, layout: Layout, stage: Any, style: Style) -> None:
        draw_house_looks(episode, layout, stage, style)
