"""A week as a picture. Needs Pillow, which only ``planner[pictures]`` brings: ``available`` says whether it is here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

from planner.agenda import Placed
from planner.marks import NONE, Marks
from planner.model import User
from planner.render import Words


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
