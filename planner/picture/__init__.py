"""Pictures: a week, and how promises were kept. They need Pillow, which only ``planner[pictures]`` brings.

``available`` says whether it is here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from planner.agenda import Placed
from planner.marks import NONE, Marks
from planner.model import User
from planner.render import Words


class Trend(NamedTuple):
    """A promise by its name: the rate over its window (``None``: idle), the objective, good and bad on each day."""

    name: str
    rate: float | None
    objective: float
    days: Sequence[tuple[int, int]]


@cache
def available() -> bool:
    """Whether pictures can be drawn here: there is Pillow, and a font with the letters of every language spoken."""
    try:
        from planner.picture.fonts import font

        font(28)
    except (ImportError, OSError):
        return False
    return True


def week(
    occurrences: Sequence[Placed], user: User, begin: date, now: int, words: Words, *, dark: bool,
    marks: Marks = NONE,
) -> bytes:  # fmt: skip
    """The seven days from ``begin`` as a PNG for a phone held upright, in the user's zone; ``now`` as a line."""
    from planner.picture.draw import drawn

    return drawn(occurrences, user, begin, now, words, marks, dark=dark)


def trends(found: Sequence[Trend], begin: date, words: Words, *, dark: bool) -> bytes:
    """Promises and their days, the first of which is ``begin``, as a PNG for a phone held upright."""
    from planner.picture.bars import drawn

    return drawn(found, begin, words, dark=dark)
