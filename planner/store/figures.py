"""Figures about all that is kept, for whoever runs the planner: nobody's name, and no address in full."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from planner.model import Outcome

_SERVED = "feeds JOIN users ON users.id = user_id WHERE NOT frozen AND NOT elsewhere"


class FeedStates(NamedTuple):
    """How many linked calendars were well at their last sync, how many were not, how many addresses are being tried."""

    active: int
    failing: int
    trying: int


class Failing(NamedTuple):
    """A calendar that was not well at its last sync; ``since`` is when it last was, else when it was linked, UTC ms."""

    url: str
    since: int
    outcome: Outcome
    fault: str


class Figures:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def feed_states(self) -> FeedStates:
        """Of the feeds of users that there are to hear of them."""
        row = self._db.execute(
            "SELECT coalesce(sum(linked_at IS NOT NULL AND failures = 0), 0),"
            " coalesce(sum(linked_at IS NOT NULL AND failures > 0), 0),"
            f" coalesce(sum(linked_at IS NULL), 0) FROM {_SERVED}"
        ).fetchone()
        return FeedStates(*row)

    def failing(self, limit: int) -> list[Failing]:
        """Those that are not well, the longest first."""
        rows = self._db.execute(
            f"SELECT url, coalesce(ok_at, linked_at) AS since, outcome, fault FROM {_SERVED}"
            " AND linked_at IS NOT NULL AND failures > 0 AND outcome IS NOT NULL ORDER BY since, feeds.id LIMIT ?",
            (limit,),
        )
        return [Failing(row[0], row[1], Outcome(row[2]), row[3]) for row in rows]

    def last_success(self) -> int | None:
        """When a calendar was last found well, UTC ms."""
        row = self._db.execute("SELECT max(ok_at) FROM feeds").fetchone()
        return None if row[0] is None else int(row[0])
