"""A net is laid card by card, each mark soon under a lid; it turns and begins to fold: which faces will meet?"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.spatial._net_questions import Asking
from generators.spatial._net_retold import Retold
from generators.spatial._net_scene import draw_marks, lay_out, mark_names
from generators.spatial._net_solids import SOLIDS
from generators.spatial._net_world import FRONT, POINTS, Net, Turn, draw_net, elsewhere
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("turns", "solids")
    solids: int = ramp(
        1, per_level=0.5, most=5, least=1, limit=5, about="kinds of solids: cube, box, pyramid, prism, octahedron"
    )
    turns: int = ramp(1, per_level=0.5, least=1, about="quarter turns of the stand")
    early: float = ramp(
        0.0, per_level=0.1, most=0.6, limit=1, about="share of turns, at most, made before all cards have come"
    )
    ahead: int = ramp(2, per_level=0.25, least=1, about="rolls of the closed solid supposed in a question")
    pause: float = ramp(0.6, per_level=-0.02, most=0.4, least=0.2, limit=5, about="mean seconds between movements")
    hold: float = ramp(
        2.3, per_level=-0.03, most=2.05, least=2.0, limit=30, about="seconds for which a mark is bare, at least"
    )


@register(category="spatial", version=2, stage="bullet", covers=("MORSE-500 spatial",))
class FoldNet(Task[Params, Net]):
    """The net of a solid is laid out card by card on a stand; lids hide the marks; the stand turns and the net begins to fold.

    What is shown
        Cards come one by one and join into the net of a cube (any of its eleven), and at higher levels of a box, a pyramid, a prism or
        an octahedron. Each bears a figure and an arrowhead, which are bare for two seconds and then under a lid. The stand turns
        by quarters. At last all cards begin to fold down; the clip ends long before the solid is closed.
    What is asked
        Which card came when, to which it was joined, when its mark was bare (recall); where a card lies under its lid, which face is
        opposite, which meets it at an edge, which comes next around it, which three meet at a corner, which will be in front, asked after
        each turn (infer); which way up the mark in front will be, what is on top after the solid has rolled (predict); whether two faces
        would overlap with a card joined elsewhere, which would be in front without one turn (counterfactual).
    Difficulty
        More kinds of solids, more turns of the stand, also while cards are still to come, more rolls in predictions, shorter pauses.
    Source
        New here, after the cube nets of MORSE-500 and the surface development tests of spatial ability (Ekstrom et al. 1976).
    """

    def simulate(self, params: Params, rng: Rng) -> Net:
        solid = rng.choice(SOLIDS[rng.steady("solid").integer(0, params.solids - 1)])
        cards, first = draw_net(solid, rng.fork("net"))
        cards = [replace(card, pointer=rng.integer(0, len(solid.faces[card.face]) - 1)) for card in cards]
        names = mark_names(len(cards), rng.fork("names"))
        missing = names[len(cards)] if len(names) > len(cards) else ""
        net = Net(
            solid,
            tuple(cards),
            tuple(names[: len(cards)]),
            missing,
            first,
            _turns(params, len(cards), rng.fork("turns")),
            None,
            params.ahead,
            params.pause,
            params.hold,
            rng.uniform(0.22, 0.28),
        )
        return _pointed(_aimed(net, rng), rng)

    def layout(self, episode: Net, rng: Rng) -> Layout:
        return lay_out(episode, rng)

    def ask(self, episode: Net, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout).all(rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return Retold(shown).answer(question)

    def draw(self, episode: Net, layout: Layout, stage: Any, style: Style) -> None:
        draw_marks(episode, stage, style)


def _turns(params: Params, cards: int, rng: Rng) -> tuple[Turn, ...]:
    """Quarter turns, of which at least one comes after the last card."""
    early = sum(rng.chance(params.early) for _ in range(params.turns - 1))
    after = sorted(rng.integer(2, cards - 1) for _ in range(early)) + [cards] * (params.turns - early)
    return tuple(Turn(place, rng.chance(0.5)) for place in after)


def _aimed(net: Net, rng: Rng) -> Net:
    """The net with an arrowhead at an edge to which another card could be joined: the solid would then be proper as often as not."""
    if not net.solid.alike:
        return net
    proper = rng.steady("proper").chance(0.5)
    front = net.facing(FRONT, net.quarters()) if net.solid.upright else None
    found = [one for one in elsewhere(net) if one[3] == proper and one[1] != front]
    if not found:
        raise Rejected("no other place for a card")
    place, other, side, _ = rng.choice(found)
    return replace(_with_pointer(net, other, side), other=(place, other, proper))


def _pointed(net: Net, rng: Rng) -> Net:
    """The net with the arrowhead of what will be in front in each of four directions equally often."""
    if not net.solid.upright:
        return net
    front = net.facing(FRONT, net.quarters())
    way = POINTS[rng.steady("points").choice([*POINTS])]
    target = net.facing(way, net.quarters())
    side = next(side for side in net.sides(front) if net.across(front, side) == target)
    return _with_pointer(net, front, side)


def _with_pointer(net: Net, place: int, side: int) -> Net:
    cards = [replace(card, pointer=side) if i == place else card for i, card in enumerate(net.cards)]
    return replace(net, cards=tuple(cards))
