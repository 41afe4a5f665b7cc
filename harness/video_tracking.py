"""Objects followed through a generated clip, by looks alone (OpenCV, extra ``video``).

The look of an object at a time is its patch of the true clip at that time, cut out by its true box. In the generated clip it is sought near where
it was found last, by normalised cross-correlation in colour; where it truly is plays no part in that. So things that look alike are kept
apart by where they come from, as by a viewer, and in a clip that stands still everything is found where it began. What is found nowhere near is
lost, and is sought in a wider circle from then on, unless something else looks like it, and counts as found when it is seen there twice running.

Source: template matching by the zero-mean normalised correlation coefficient (Lewis, "Fast normalized cross-correlation", 1995), as
OpenCV's ``TM_CCOEFF_NORMED``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

WIDTH = 384
"""Pixels across to which all pictures are brought before anything is sought in them."""
ALIKE = 0.5
"""The correlation from which on a patch is taken for the object."""
MARGIN = 0.15
"""What is cut out around a box, as a share of its size: an outline tells more against its background."""
SMALLEST = 5.0
"""Pixels, at :data:`WIDTH`, that an object measures at least to be followed."""
REACH, SLACK = 1.5, 3.0
"""How far from one picture to the next an object is sought: this many times its longest true step, and so many pixels more."""

PATIENCE = 2
"""From how many losses running on the neighbours of a true picture are not tried any more."""
WIDEST = 4
"""How many losses running widen the circle."""
FARTHER = 0.1
"""How much less alike a place may be that is nearer than another by the whole reach."""
CLEARLY = 0.05
"""By how much more alike what is found is to another object, to be taken for that one."""
SAME_SIZE = 0.15
"""By which share the sides of two objects differ at most for the one to be taken for the other."""


@dataclass(frozen=True)
class Course:
    """An object's true way: its boxes and visibility in every picture of the true clip.

    ``boxes``: (pictures, 4), left, top, right, bottom in pixels at :data:`WIDTH`; ``visible``: (pictures,), the share that is seen.
    """

    name: str
    boxes: np.ndarray
    visible: np.ndarray

    @property
    def centres(self) -> np.ndarray:
        """(pictures, 2)"""
        return (self.boxes[:, :2] + self.boxes[:, 2:]) / 2


def followed(
    course: Course,
    rivals: Sequence[Course],
    true: Sequence[np.ndarray],
    shown: Sequence[np.ndarray],
    numbers: Sequence[int],
) -> np.ndarray:
    """Where an object is found in each picture that is shown: (shown, 2), the middle of its box; not a number where it is lost.

    ``true``: every picture (height, width, 3; uint8) of the true clip; ``shown``: pictures of the same size; ``numbers``: which true
    picture each of them is held to. It may be its neighbour as well, since the shown one may lie between two. What looks more like
    one of the ``rivals`` is not taken for the object.
    """
    found = np.full((len(shown), 2), np.nan)
    steps = np.linalg.norm(np.diff(course.centres[[*numbers]], axis=0), axis=1)
    reach = REACH * float(steps.max(initial=0.0)) + SLACK
    size = course.boxes[0, 2:] - course.boxes[0, :2]
    near = [one for one in rivals if np.abs((one.boxes[0, 2:] - one.boxes[0, :2]) / size - 1).max() < SAME_SIZE]
    unique = not any(_look_alike(course, one, true[0]) for one in near)
    here, step, lost = course.centres[numbers[0]], np.zeros(2), 0
    for k, picture in enumerate(shown):
        ahead = here + step if not lost else here
        place = None
        beside = (max(numbers[k] - 1, 0), min(numbers[k] + 1, len(true) - 1)) if lost < PATIENCE else ()
        for number in (numbers[k], *beside):
            place = _found(
                course,
                near,
                number,
                (true[number], true[0]),
                picture,
                (here, ahead),
                reach * (1 + min(lost, WIDEST) * unique),
            )
            if place is not None:
                break
        if place is None:
            lost, step = lost + 1, np.zeros(2)
            continue
        if not lost:  # after a loss it must be found twice running: what jumps about is nowhere
            found[k], step = place, place - here
        here, lost = place, 0
    return found


def _found(
    course: Course,
    rivals: Sequence[Course],
    number: int,
    true: tuple[np.ndarray, np.ndarray],
    picture: np.ndarray,
    places: tuple[np.ndarray, np.ndarray],
    reach: float,
) -> np.ndarray | None:
    """The middle of the place that looks like the object in a true picture; ``None`` where there is none within reach.

    ``true``: that picture, and the first one. A place that looks more as it did at first than as if the object were there is the ground
    that is seen around it.
    """
    look = _patch(true[0], course.boxes[number])
    if look is None:
        return None
    patch, offset = look
    best, corner = _sought(patch, picture, (places[0] - offset, places[1] - offset), reach)
    if best < ALIKE or any(_more_alike(one, number, best, patch, true[0], picture, corner) for one in rivals):
        return None
    if best + CLEARLY < 1 and np.abs(corner + offset - course.centres[0]).max() > SLACK:
        part = np.s_[int(corner[1]) : int(corner[1]) + patch.shape[0], int(corner[0]) : int(corner[0]) + patch.shape[1]]
        if _correlation(picture[part], true[1][part]) > best + CLEARLY:
            return None
    return corner + offset


def _patch(picture: np.ndarray, box: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """An object's patch, and how far the middle of its box is from the patch's corner; ``None`` where nothing of it is in the picture."""
    height, width = picture.shape[:2]
    around = np.array([-1, -1, 1, 1]) * np.tile((box[2:] - box[:2]) * MARGIN + 1, 2)
    left, top = np.maximum(np.floor((box + around)[:2]), 0).astype(int)
    right, bottom = np.minimum(np.ceil((box + around)[2:]), (width, height)).astype(int)
    if right - left < SMALLEST or bottom - top < SMALLEST:
        return None
    return picture[top:bottom, left:right], (box[:2] + box[2:]) / 2 - (left, top)


def _sought(
    patch: np.ndarray, picture: np.ndarray, corners: tuple[np.ndarray, np.ndarray], reach: float
) -> tuple[float, np.ndarray]:
    """The best correlation of a patch with the picture within ``reach`` of the first corner, and the corner where it is. Of places that
    are nearly as good, the one that is nearest to one of the corners is taken: where the object was, or would be by now."""
    import cv2

    height, width = picture.shape[:2]
    tall, wide = patch.shape[:2]
    corner = corners[0]
    left = int(np.clip(np.floor(corner[0] - reach), 0, width - wide))
    top = int(np.clip(np.floor(corner[1] - reach), 0, height - tall))
    right = int(np.clip(np.ceil(corner[0] + reach), left, width - wide)) + wide
    bottom = int(np.clip(np.ceil(corner[1] + reach), top, height - tall)) + tall
    scores = cv2.matchTemplate(picture[top:bottom, left:right], patch, cv2.TM_CCOEFF_NORMED)
    scores = np.where(np.isfinite(scores), scores, -1.0)
    rows, columns = np.mgrid[top : top + scores.shape[0], left : left + scores.shape[1]]
    away = np.minimum(*(np.hypot(columns - one[0], rows - one[1]) for one in corners))
    row, column = np.unravel_index(int(np.argmax(scores - FARTHER * away / reach)), scores.shape)
    return float(scores[row, column]), np.array([left + column, top + row], dtype=float)


def _look_alike(one: Course, other: Course, first: np.ndarray) -> bool:
    """Whether two objects can be taken for each other in the first picture."""
    looks = [_patch(first, course.boxes[0]) for course in (one, other)]
    if looks[0] is None or looks[1] is None:
        return False
    return _correlation(looks[0][0], looks[1][0]) > ALIKE


def _more_alike(
    rival: Course, k: int, best: float, patch: np.ndarray, true: np.ndarray, picture: np.ndarray, corner: np.ndarray
) -> bool:
    """Whether what was found looks more like another object at that time."""
    if best + CLEARLY >= 1 or rival.visible[k] < 0.9:
        return False
    look = _patch(true, rival.boxes[k])
    left, top = corner.astype(int)
    there = picture[top : top + patch.shape[0], left : left + patch.shape[1]]
    return look is not None and _correlation(there, look[0]) > best + CLEARLY


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """The correlation of two patches laid on each other, as ``TM_CCOEFF_NORMED`` has it; the second is brought to the size of the first."""
    import cv2

    if one.shape != other.shape:
        other = cv2.resize(other, (one.shape[1], one.shape[0]), interpolation=cv2.INTER_LINEAR)
    a, b = (np.subtract(each, each.mean(axis=(0, 1)), dtype=np.float32).ravel() for each in (one, other))
    norm = math.sqrt(float(a @ a) * float(b @ b))
    return float(a @ b) / norm if norm > 0 else 0.0
