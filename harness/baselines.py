"""Baselines that must stay at chance: rules of thumb, and learners that see too little to know the answer.

A learner sees the question as a pick from its candidates (:class:`~harness.gates.sample.Candidates`), learns from other
clips which candidate tends to be right given what it may see, and is scored on clips that it has not seen. Clips come in
blocks, and a block is guessed from the blocks before it alone: then each guess is at chance whatever was guessed before,
and the tests are exact. (Cross-validation, where every clip also teaches, doubled the false alarms of sound tasks.)
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from harness.gates.sample import Candidates, Look, Posed, words_of

BLOCKS = 6
Array = np.ndarray


@dataclass(frozen=True)
class Asked:
    """A question to a baseline: of which clip (a number), how long that is, at which level, and what a frame shows."""

    clip: int
    level: int
    duration: float
    question: Posed
    candidates: Candidates
    look: Look | None = None


Scores = list[float]
"""The score of each question; nan for the first block, which only teaches."""

# ── rules of thumb ──────────────────────────────────────────────────────────────────────────────────────────────────


def by_rule(asked: Sequence[Asked], rule: Callable[[Candidates], Sequence[float | None]]) -> Scores | None:
    """Always pick the candidate that a rule ranks first; ties count by their share of right ones.

    ``None`` if the rule says nothing of any question (a question it says nothing of scores its chance).
    """
    scores: Scores = []
    said = False
    for item in asked:
        values = rule(item.candidates)
        known = [value for value in values if value is not None]
        if len(known) < len(values) or len(set(known)) < 2:
            scores.append(item.candidates.chance)
            continue
        said = True
        best = [i for i, value in enumerate(known) if value == max(known)]
        scores.append(sum(i in item.candidates.right for i in best) / len(best))
    return scores if said else None


def _middling(candidates: Candidates) -> Sequence[float | None]:
    numbers = [number_in(text) for text in candidates.texts]
    if any(number is None for number in numbers):
        return numbers
    middle = float(np.median([number for number in numbers if number is not None]))
    return [-abs(number - middle) for number in numbers if number is not None]


def _shared(candidates: Candidates) -> list[float | None]:
    words = [set(words_of(text)) for text in candidates.texts]
    return [
        sum(len(own & other) / max(1, len(own | other)) for j, other in enumerate(words) if j != i)
        for i, own in enumerate(words)
    ]


RULES: dict[str, Callable[[Candidates], Sequence[float | None]]] = {
    "longest option": lambda c: [len(text) for text in c.texts],
    "shortest option": lambda c: [-len(text) for text in c.texts],
    "largest number": lambda c: [number_in(text) for text in c.texts],
    "smallest number": lambda c: [None if (n := number_in(text)) is None else -n for text in c.texts],
    "middle number": _middling,
    "most words shared with the others": _shared,
}


@lru_cache(maxsize=20_000)
def number_in(text: str) -> float | None:
    """The first number in a text."""
    found = [word for word in words_of(text.replace("−", "-")) if word[0].isdigit()]
    if not found:
        return None
    sign = -1.0 if f"-{found[0]}" in text.replace("−", "-") else 1.0
    return sign * float(found[0])


def majority(asked: Sequence[Asked], name: Callable[[Candidates, int], str]) -> Scores:
    """Pick the candidate that was right most often in other clips, known by ``name``: its text, or its position."""
    scores: Scores = [np.nan] * len(asked)
    for train, test in blocks([item.clip for item in asked]):
        right: Counter[str] = Counter()
        offered: Counter[str] = Counter()
        for i in train:
            c = asked[i].candidates
            offered.update(name(c, j) for j in range(len(c.texts)))
            right.update(name(c, j) for j in c.right)
        for i in test:
            c = asked[i].candidates
            rates = [right[n] / offered[n] if offered[n := name(c, j)] else 0.0 for j in range(len(c.texts))]
            best = [j for j, rate in enumerate(rates) if rate == max(rates)]
            scores[i] = sum(j in c.right for j in best) / len(best)
    return scores


def constant(asked: Sequence[tuple[int, Posed]]) -> Scores:
    """For answers that cannot be listed: the answer (number, or canonical text) that scored most in other clips."""
    scores: Scores = [np.nan] * len(asked)
    for train, test in blocks([clip for clip, _ in asked]):
        known = [asked[i][1] for i in train]
        best = max(known[:150], key=lambda guess: sum(hits(guess, other) for other in known))
        for i in test:
            scores[i] = float(hits(best, asked[i][1]))
    return scores


def hits(guess: Posed, other: Posed) -> bool:
    """Whether one question's answer would be right for another."""
    if guess.number is not None and other.number is not None:
        return abs(guess.number - other.number) <= other.tolerance + 1e-9
    return guess.answer == other.answer


# ── learners ────────────────────────────────────────────────────────────────────────────────────────────────────────


def blocks(clips: Sequence[int]) -> Iterable[tuple[Array, Array]]:
    """Positions to learn from and to be tested on, split by clip: each block after the first, and all before it."""
    block = np.asarray(clips) % BLOCKS
    for number in range(1, BLOCKS):
        train, test = np.flatnonzero(block < number), np.flatnonzero(block == number)
        if len(train) and len(test):
            yield train, test


def learned(asked: Sequence[Asked], features: Callable[[Asked], Array]) -> Scores:
    """Gradient-boosted trees over a row of ``features`` for each candidate; the candidate thought likeliest is picked."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    rows = [features(item) for item in asked]
    truth = [np.isin(np.arange(len(row)), item.candidates.right) for row, item in zip(rows, asked, strict=True)]
    scores: Scores = [np.nan] * len(asked)
    for train, test in blocks([item.clip for item in asked]):
        target = np.concatenate([truth[i] for i in train])
        model = HistGradientBoostingClassifier(
            max_iter=50,
            max_leaf_nodes=12,
            min_samples_leaf=12,
            learning_rate=0.15,
            early_stopping=False,  # pyright: ignore[reportArgumentType]
        )
        known = np.concatenate([rows[i] for i in train])
        low, high = np.nan_to_num(known, nan=np.inf).min(axis=0), np.nan_to_num(known, nan=-np.inf).max(axis=0)
        telling = low < high  # a column that is empty or constant tells nothing
        if target.all() or not target.any() or not telling.any():
            _by_chance(asked, test, scores)
            continue
        with threadpool_limits(1):  # many small fits: threads would only wait for each other
            model.fit(known[:, telling], target)
            thought = model.predict_proba(np.concatenate([rows[i] for i in test])[:, telling])[:, 1]
        _pick(thought, test, truth, scores)
    return scores


def learned_words(asked: Sequence[Asked]) -> Scores:
    """Logistic regression (by gradient descent) over the words of question and candidate, alone and paired; the likeliest candidate is picked."""
    from sklearn.feature_extraction import FeatureHasher
    from sklearn.linear_model import SGDClassifier

    hasher = FeatureHasher(n_features=2**15, input_type="string", alternate_sign=False)
    ends = np.cumsum([len(item.candidates.texts) for item in asked])
    places = [np.arange(end - len(item.candidates.texts), end) for end, item in zip(ends, asked, strict=True)]
    rows = hasher.transform(row for item in asked for row in _tokens(item))
    truth = [np.isin(np.arange(len(own)), item.candidates.right) for own, item in zip(places, asked, strict=True)]
    scores: Scores = [np.nan] * len(asked)
    for train, test in blocks([item.clip for item in asked]):
        target = np.concatenate([truth[i] for i in train])
        if target.all() or not target.any():
            _by_chance(asked, test, scores)
            continue
        model = SGDClassifier(loss="log_loss", alpha=1e-3, max_iter=8, tol=None, average=True, random_state=0)  # pyright: ignore[reportArgumentType]
        model.fit(rows[np.concatenate([places[i] for i in train])], target)
        thought = model.decision_function(rows[np.concatenate([places[i] for i in test])])
        _pick(thought, test, truth, scores)
    return scores


def _by_chance(asked: Sequence[Asked], test: Array, scores: Scores) -> None:
    for i in test:
        scores[i] = asked[i].candidates.chance


def _pick(thought: Array, test: Array, truth: Sequence[Array], scores: Scores) -> None:
    start = 0
    for i in test:
        own = thought[start : start + len(truth[i])]
        start += len(truth[i])
        best = np.flatnonzero(own >= own.max() - 1e-12)
        scores[i] = float(truth[i][best].mean())


def _tokens(item: Asked) -> Iterable[list[str]]:
    text = words_of(item.question.text)
    grams = [*text, *(f"{a}_{b}" for a, b in pairwise(text))]
    for j, option in enumerate(item.candidates.texts):
        words = words_of(option)
        pairs = [*words, *(f"{a}_{b}" for a, b in pairwise(words))]
        yield [f"at={j}", f"is={option}", *(f"o={w}" for w in pairs), *(f"q={g}|{option}" for g in grams)]


def blind_features(item: Asked) -> Array:
    """What question and candidates alone show, (candidates, features): places, lengths, numbers and their ranks, echoes."""
    return _said(item.level, item.question.text, item.question.phrasing, item.candidates.texts)


@lru_cache(maxsize=50_000)  # asked for again with each frame
def _said(level: int, question: str, phrasing: int, texts: tuple[str, ...]) -> Array:
    k = len(texts)
    place = np.arange(k)
    length = np.array([len(text) for text in texts], float)
    numbers = np.array([np.nan if (n := number_in(text)) is None else n for text in texts])
    others = np.abs(numbers[:, None] - numbers[None, :]) + np.where(np.eye(k, dtype=bool), np.inf, 0.0)
    asked = [float(word) for word in words_of(question) if word[0].isdigit()][:3]
    given = np.array((asked + [np.nan] * 3)[:3])
    words = [set(words_of(text)) for text in texts]
    said = set(words_of(question))
    counts = Counter(word for own in words for word in own)
    columns = [
        np.full(k, level),
        place,
        np.full(k, k),
        length,
        rank(length),
        numbers,
        rank(numbers),
        numbers - (np.nanmean(numbers) if not np.isnan(numbers).all() else np.nan),
        others.min(axis=1) if k > 1 else np.zeros(k),
        (others <= 1).sum(axis=1),
        numbers % 2,
        numbers % 5,
        *(np.full(k, value) for value in given),
        *(numbers - value for value in given),
        np.array([len(own) for own in words]),
        np.array([len(own & said) for own in words]),
        np.array([sum(counts[word] - 1 for word in own) / max(1, len(own)) for own in words]),
        np.full(k, phrasing),
    ]
    return np.stack([np.asarray(column, float) for column in columns], axis=1)


def length_features(item: Asked) -> Array:
    """What the clip's length alone shows: duration and level beside each candidate's place, number and rank."""
    numbers = np.array([np.nan if (n := number_in(text)) is None else n for text in item.candidates.texts])
    k = len(numbers)
    beside = [
        np.full(k, item.duration),
        np.full(k, item.level),
        np.arange(k),
        numbers,
        rank(numbers),
        numbers / max(item.duration, 1e-9),
        numbers - item.duration,
    ]
    return np.stack([np.asarray(column, float) for column in beside], axis=1)


def frame_features(kinds: Sequence[str]) -> Callable[[Asked], Array]:
    """What one frame shows, beside the question: the object a candidate names, the objects the question names, how many of
    each of ``kinds`` there are, and the values on display."""

    def features(item: Asked) -> Array:
        seen = _seen(item.look or Look((), ()))
        by_kind = Counter(seen.kinds)
        amounts = [float(len(seen.kinds)), *(float(by_kind[kind]) for kind in kinds)]
        named = _named(item.question.text, seen)[:2]
        asked = np.full(10, np.nan)
        for n, i in enumerate(named):
            asked[5 * n : 5 * n + 5] = seen.places[i]
        rows = []
        question_words = set(words_of(item.question.text))
        for text in item.candidates.texts:
            own = np.full(9, np.nan)
            meant = _named(text, seen)[:1]
            if meant:
                own[:5], own[5:] = seen.places[meant[0]], seen.ranks[meant[0]]
            number = number_in(text)
            equal = seen.values.get(text.lower(), ())
            told = sum(bool(set(words_of(path)) & question_words) for path in equal)
            words = set(words_of(text))
            same_words = sum(not words.isdisjoint(names) for names in seen.words)
            apart = own[:2] - asked[:2]
            gaps = [np.nan if number is None else number - amount for amount in amounts]
            rows.append([*own, *apart, len(meant), len(equal), told, same_words, *gaps])
        beside = np.tile(np.concatenate([amounts, asked, seen.first]), (len(rows), 1))
        return np.concatenate([blind_features(item), np.array(rows, float), beside], axis=1)

    return features


@dataclass(frozen=True, slots=True)
class _Seen:
    """A look, laid out for features."""

    kinds: tuple[str, ...]
    words: tuple[frozenset[str], ...]
    """The words that name each object."""
    places: Array
    """(objects, 5): centre, size, visible share."""
    ranks: Array
    """(objects, 4): ranks of centre and size."""
    first: Array
    """Centre and visible share of the first six objects."""
    values: Mapping[str, Sequence[str]]
    """Paths of the values on display that read so, in lower case."""


@lru_cache(maxsize=10_000)  # each look serves every question of its clip
def _seen(look: Look) -> _Seen:
    places = np.array([[*o[3], o[4]] for o in look.objects]) if look.objects else np.zeros((0, 5))
    ranks = np.stack([rank(places[:, c]) for c in range(4)], axis=1) if len(places) else np.zeros((0, 4))
    first = np.full(18, np.nan)
    told = places[:6, [0, 1, 4]].ravel()
    first[: len(told)] = told
    values: dict[str, list[str]] = {}
    for path, value in look.values:
        values.setdefault(value.lower(), []).append(path)
    words = tuple(frozenset(names) for _, _, names, _, _ in look.objects)
    return _Seen(tuple(kind for _, kind, *_ in look.objects), words, places, ranks, first, values)


def _named(text: str, seen: _Seen) -> list[int]:
    """Positions of the objects that a text names, best match first: those that share most words with it."""
    words = {*words_of(text), text.lower()}
    shared = [(len(words & names), -i) for i, names in enumerate(seen.words)]
    return [-i for score, i in sorted(shared, reverse=True) if score > 0]


def rank(values: Array) -> Array:
    """Ranks from 0 to 1, ties at their mean; nan stays nan."""
    known = values[:, None]  # a comparison with nan is false
    below, equal = (known > values).sum(axis=1), (known == values).sum(axis=1)
    count = int(equal.astype(bool).sum())
    return np.where(equal > 0, (below + (equal - 1) / 2) / max(1, count - 1), np.nan)
