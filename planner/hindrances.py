"""What has lately kept the planner from its work, and when: so that what was begun late can say why."""

from __future__ import annotations

from collections import deque

from planner.model import SECOND

NOTED_MAX = 100
MATTERS_MS = 10 * SECOND
"""What kept it for less has made nothing late that was not late by itself."""

STALLED, WAS_DOWN, REFUSED, JUMPED = "stalled", "was down", "database refused", "clock jumped"


class Hindrances:
    """Instants are wall time, UTC ms."""

    def __init__(self) -> None:
        self._noted: deque[tuple[str, int, int]] = deque(maxlen=NOTED_MAX)

    def note(self, what: str, since: int, until: int) -> None:
        """It was kept between two instants; too short a while is none."""
        if until - since >= MATTERS_MS:
            self._noted.append((what, since, until))

    def between(self, since: int, until: int) -> str:
        """What kept it longest between two instants; empty where that is not known."""
        kept = ((min(until, end) - max(since, began), what) for what, began, end in self._noted)
        longest, what = max(kept, default=(0, ""))
        return what if longest >= MATTERS_MS else ""
