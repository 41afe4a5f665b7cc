"""Persons whose moods go by what is done to them, or by who does it: what can vary, and how a story is drawn."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Self

from pydantic import model_validator

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

MOODS = ("happy", "sad", "angry", "surprised", "afraid")
ITEMS = {
    "gift": "gives {who} a present",
    "ice cream": "drops the ice cream of {who}",
    "car": "breaks the toy car of {who}",
    "joke": "tells {who} a joke",
    "spider": "shows {who} a spider",
    "balloon": "pops the balloon of {who}",
    "flower": "gives {who} a flower",
    "drum": "beats a drum for {who}",
}
"""What can be done to a person, in the words of the questions."""
NAMES = (
    "Ada",
    "Ben",
    "Cleo",
    "Dan",
    "Eva",
    "Finn",
    "Gus",
    "Hana",
    "Ivo",
    "Jun",
    "Kim",
    "Leo",
    "Mia",
    "Nils",
    "Ola",
    "Pia",
)
ASKED = 3
"""How often it is asked whose mood was the last to change."""
TRIES = 60
"""How many stories are drawn around the same answers at a time."""
CHANGES = 4
"""How many different answers there are to "how often did a mood change"."""


class Params(TaskParams):
    persons: int = ramp(3, per_level=0.34, most=6, least=3, limit=6, about="persons with faces")
    deeds: int = ramp(5, per_level=0.12, least=5, about="things that are done to each person")
    items: int = ramp(
        3, per_level=0.5, most=len(ITEMS), least=3, limit=len(ITEMS), about="kinds of things that are done"
    )
    feints: int = ramp(
        1, per_level=0.5, about="things that are offered and taken back, and heads that tilt: no mood changes"
    )
    pace: float = ramp(2.35, per_level=-0.1, most=1.7, least=1.7, limit=6, about="seconds from one deed to the next")

    @model_validator(mode="after")
    def _groups(self) -> Self:
        if self.items < len(self.sizes()):
            raise ValueError(f"deeds={self.deeds} needs {len(self.sizes())} kinds of things, not items={self.items}")
        return self

    def sizes(self) -> list[int]:
        """How often a person meets with each of the two (or three) causes that the person knows, the commonest first."""
        count = 2 if self.deeds < 8 or self.persons < 4 or self.items < 3 else 3
        return [self.deeds // count + (i < self.deeds % count) for i in range(count)]


class Deed(NamedTuple):
    """Something that a person does to another, and the mood that this puts the other into."""

    item: str
    doer: str
    target: str
    mood: str


class Habit(NamedTuple):
    """What a person's mood goes by, ``item`` or ``doer``, and the mood for each item or person met."""

    by: str
    moods: Mapping[str, str]

    def mood(self, item: str, doer: str) -> str | None:
        """The mood that a deed causes; ``None`` where nobody could know it."""
        return self.moods.get(item if self.by == "item" else doer)


@dataclass(frozen=True)
class Story:
    """What happens. ``deeds`` in order; ``last``: one more, whose effect is not seen. ``odd``: the number of the deed after which
    a mood is not as always, or ``None``. ``counted``: whose changes of mood are counted. ``felt``: the number of a deed.
    ``instead``: (item, doer, who), which never came together. ``caused``: number of a deed that changed a mood, and what
    else might have: (item, doer). ``spanned``: (who, mood, whether it came). ``feints``: (before which deed, item, doer,
    towards whom). ``asked``: after which deeds it is asked whose mood changed last. ``spots``: persons by place.
    """

    params: Params
    persons: tuple[str, ...]
    spots: tuple[str, ...]
    items: tuple[str, ...]
    habits: Mapping[str, Habit]
    deeds: tuple[Deed, ...]
    last: Deed
    by_doer: str
    odd: int | None
    counted: str
    felt: int
    instead: Deed
    caused: tuple[int, str, str]
    spanned: tuple[str, str, bool]
    feints: tuple[tuple[int, str, str, str], ...]
    asked: tuple[int, ...]

    def course(self, who: str) -> list[tuple[int, str]]:
        """The changes of a person's mood: number of the deed, and the new mood."""
        return changes(self.deeds, who)


def changes(deeds: Sequence[Deed], who: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for number, deed in enumerate(deeds):
        if deed.target == who and (not found or found[-1][1] != deed.mood):
            found.append((number, deed.mood))
    return found


class Wanted(NamedTuple):
    """What is drawn before all else: answers, and what they hang on."""

    persons: tuple[str, ...]
    by_doer: str
    odd: str | None
    counted: str
    turns: int
    mood: str
    came: bool


def draw_story(params: Params, rng: Rng) -> Story:
    """Each answer is drawn first, and the story around it."""
    wanted = rng.steady("wanted")
    persons = tuple(sorted(wanted.sample(NAMES, params.persons)))
    answers = Wanted(
        persons, wanted.choice(persons), wanted.choice([None, *persons]), wanted.choice(persons),
        params.deeds - wanted.integer(0, CHANGES - 1), wanted.choice(MOODS), wanted.chance(0.75),
    )  # fmt: skip
    rejected = Rejected("no story")
    for _ in range(TRIES):
        try:
            return _story(params, answers, rng)
        except Rejected as error:
            rejected = error
    raise rejected


def _story(params: Params, wanted: Wanted, rng: Rng) -> Story:
    persons, items = wanted.persons, tuple(rng.sample([*ITEMS], params.items))
    habits: dict[str, Habit] = {}
    queues: dict[str, list[Deed]] = {}
    strange: Deed | None = None
    for who in persons:
        habit = _habit(who, who == wanted.by_doer, persons, items, len(params.sizes()), rng)
        own = _own_deeds(who, habit, params, persons, items, rng)
        if who == wanted.odd:
            place = rng.choice([i for i, deed in enumerate(own) if _often(deed, own, habit)])
            mood = rng.choice([one for one in MOODS if one != own[place].mood])
            strange = own[place] = own[place]._replace(mood=mood)
        habits[who], queues[who] = habit, own
    queues[wanted.counted] = _ordered(queues[wanted.counted], wanted.turns, rng)
    deeds = _merged(queues, rng)
    if not _plain(deeds, persons, wanted.by_doer, wanted.odd):
        raise Rejected("habits that are not plain")
    last = _next(deeds, habits, persons, items, rng)
    strange_at = None if strange is None else next(i for i, deed in enumerate(deeds) if deed is strange)
    return Story(
        params, persons, tuple(rng.shuffled(persons)), items, habits, tuple(deeds), last, wanted.by_doer,
        strange_at, wanted.counted, rng.integer(0, len(deeds) - 1),
        _instead([*deeds, last], habits, persons, items, rng), _caused(deeds, persons, items, rng),
        _spanned(deeds, persons, wanted.mood, wanted.came, rng), _feints(params, len(deeds), persons, items, rng),
        _asked(deeds, rng),
    )  # fmt: skip


def _habit(who: str, by_doer: bool, persons: Sequence[str], items: Sequence[str], count: int, rng: Rng) -> Habit:
    """A mood for each cause that a person knows, all of them different."""
    causes = [name for name in persons if name != who] if by_doer else items
    return Habit(
        "doer" if by_doer else "item", dict(zip(rng.sample(causes, count), rng.sample(MOODS, count), strict=True))
    )


def _own_deeds(
    who: str, habit: Habit, params: Params, persons: Sequence[str], items: Sequence[str], rng: Rng
) -> list[Deed]:
    """What is done to a person: each cause so often, with anything for the rest."""
    others, own = [name for name in persons if name != who], []
    for (cause, mood), size in zip(habit.moods.items(), params.sizes(), strict=True):
        for _ in range(size):
            item = cause if habit.by == "item" else rng.choice(items)
            own.append(Deed(item, cause if habit.by == "doer" else rng.choice(others), who, mood))
    return rng.shuffled(own)


def _often(deed: Deed, own: Sequence[Deed], habit: Habit) -> bool:
    """Whether a cause is met often enough for one strange reaction to stand out."""
    return sum(getattr(other, habit.by) == getattr(deed, habit.by) for other in own) >= 3


def _ordered(own: list[Deed], count: int, rng: Rng) -> list[Deed]:
    """The same deeds in an order in which the mood changes so often, found by exchanging two at a time."""

    def off(deeds: Sequence[Deed]) -> int:
        return abs(1 + sum(a.mood != b.mood for a, b in pairwise(deeds)) - count)

    order = rng.shuffled(own)
    for _ in range(100 * len(own)):
        if not off(order):
            return order
        i, j = rng.sample(range(len(order)), 2)
        other = [*order]
        other[i], other[j] = order[j], order[i]
        if off(other) <= off(order):
            order = other
    raise Rejected("a mood that does not change as often as wanted")


def _merged(queues: Mapping[str, Sequence[Deed]], rng: Rng) -> list[Deed]:
    """All deeds, those to each person in their order, none of them to the same person twice running."""
    for _ in range(60):
        left = {who: [*own] for who, own in queues.items()}
        deeds: list[Deed] = []
        while any(left.values()):
            free = [who for who, own in left.items() if own and (not deeds or who != deeds[-1].target)]
            if not free:
                break
            deeds.append(left[rng.weighted(free, [len(left[who]) ** 2 for who in free])].pop(0))
        else:
            return deeds
    raise Rejected("deeds that cannot be mixed")


def exceptions(deeds: Sequence[Deed], who: str, by: str) -> int:
    """How many moods of a person must be out of the ordinary if the mood goes by ``item`` or by ``doer``."""
    groups: dict[str, Counter[str]] = {}
    for deed in deeds:
        if deed.target == who:
            groups.setdefault(getattr(deed, by), Counter())[deed.mood] += 1
    return sum(moods.total() - max(moods.values()) for moods in groups.values())


def _plain(deeds: Sequence[Deed], persons: Sequence[str], by_doer: str, odd: str | None) -> bool:
    """Whether with one person going by who does it and one mood out of the ordinary at most, no other reading is possible,
    nor nearly: any other person in that part would need two more exceptions."""
    costs = {who: {by: exceptions(deeds, who, by) for by in ("item", "doer")} for who in persons}
    totals = {one: sum(costs[who]["doer" if who == one else "item"] for who in persons) for one in persons}
    best = totals.pop(by_doer)
    return best == (odd is not None) and min(totals.values()) >= 3


def _next(
    deeds: Sequence[Deed], habits: Mapping[str, Habit], persons: Sequence[str], items: Sequence[str], rng: Rng
) -> Deed:
    """One more deed, whose effect can be known; not to the one to whom the last one was done."""
    return rng.choice([deed for deed in _possible(habits, persons, items) if deed.target != deeds[-1].target])


def _instead(
    deeds: Sequence[Deed], habits: Mapping[str, Habit], persons: Sequence[str], items: Sequence[str], rng: Rng
) -> Deed:
    """A deed that never was, whose effect can be known all the same."""
    seen = [deed[:3] for deed in deeds]
    new = [deed for deed in _possible(habits, persons, items) if deed[:3] not in seen]
    if not new:
        raise Rejected("no deed that never was")
    return rng.choice(new)


def _possible(habits: Mapping[str, Habit], persons: Sequence[str], items: Sequence[str]) -> list[Deed]:
    made = ((item, doer, who) for who in persons for doer in persons if doer != who for item in items)
    known = ((*deed, habits[deed[2]].mood(deed[0], deed[1])) for deed in made)
    return [Deed(item, doer, who, mood) for item, doer, who, mood in known if mood is not None]


def _caused(deeds: Sequence[Deed], persons: Sequence[str], items: Sequence[str], rng: Rng) -> tuple[int, str, str]:
    """A deed that changed a mood, and another item and doer."""
    number = rng.choice([number for who in persons for number, _ in changes(deeds, who)])
    deed = deeds[number]
    item = rng.choice([item for item in items if item != deed.item])
    return number, item, rng.choice([who for who in persons if who not in (deed.doer, deed.target)])


def _spanned(deeds: Sequence[Deed], persons: Sequence[str], mood: str, came: bool, rng: Rng) -> tuple[str, str, bool]:
    """A person who was in a mood just once, up to another one, in the first half or in the second; or who never was."""
    half = (len(deeds) + 1) // 2
    able = []
    for who in persons:
        course = changes(deeds, who)
        times = [i for i, (_, own) in enumerate(course) if own == mood]
        once = len(times) == 1 and times[0] + 1 < len(course)
        whole = once and (course[times[0]][0] < half) == (course[times[0] + 1][0] < half)
        if whole if came else not times:
            able.append(who)
    if not able:
        raise Rejected("nobody in the mood as wanted")
    return rng.choice(able), mood, came


def _feints(
    params: Params, count: int, persons: Sequence[str], items: Sequence[str], rng: Rng
) -> tuple[tuple[int, str, str, str], ...]:
    """Before some deeds, as many in the first half as in the second one."""
    half, made = (count + 1) // 2, []
    for number in range(params.feints):
        before = rng.integer(half, count - 1) if (number + count) % 2 else rng.integer(0, half - 1)
        one, other = rng.sample(persons, 2)
        made.append((before, rng.choice(items), one, other))
    return tuple(sorted(made))


def _asked(deeds: Sequence[Deed], rng: Rng) -> tuple[int, ...]:
    """After some of the deeds, of the first three and of the very last none."""
    return tuple(sorted(rng.sample(range(3, len(deeds) - 1), ASKED)))
