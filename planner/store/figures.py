"""Figures about all that is kept, for whoever runs the planner: nobody's name, and no address in full."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import NamedTuple

from planner.model import DAY, Outcome

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


class Waiting(NamedTuple):
    """Reminders that are due and not sent; ``oldest`` is when the first of them was due, UTC ms."""

    reminders: int
    oldest: int | None


class People(NamedTuple):
    """Users by what they have in common."""

    served: int
    frozen: int
    day: int
    week: int
    languages: Counter[str]
    regions: Counter[str]


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

    def waiting(self, now: int) -> Waiting:
        """Of all reminders that are to be sent, in flight or not."""
        rows = [
            self._db.execute(f"SELECT count(*), min(due_at) FROM reminders WHERE {whose} AND due_at <= ?", (now,))
            for whose in ("state = 'pending'", "state = 'sending' AND unwanted_at IS NULL")
        ]
        found = [tuple(row.fetchone()) for row in rows]
        return Waiting(sum(count for count, _ in found), min((at for _, at in found if at is not None), default=None))

    def next_due(self, now: int) -> int | None:
        """When the next reminder after ``now`` is due, UTC ms; what is overdue is among those ``waiting``."""
        query = "SELECT min(due_at) FROM reminders WHERE state = 'pending' AND due_at > ?"
        row = self._db.execute(query, (now,)).fetchone()
        return None if row[0] is None else int(row[0])

    def in_flight(self) -> int:
        """Reminders that are claimed and not settled."""
        return int(self._db.execute("SELECT count(*) FROM reminders WHERE state = 'sending'").fetchone()[0])

    def people(self, now: int) -> People:
        """All users; active are those who wrote or pressed something within a day, or a week."""
        rows = self._db.execute(
            "SELECT lang, zone, frozen <> 0 OR elsewhere <> 0, coalesce(active_at, 0) > ?, coalesce(active_at, 0) > ?,"
            " count(*) FROM users GROUP BY 1, 2, 3, 4, 5",
            (now - DAY, now - 7 * DAY),
        )
        found = People(0, 0, 0, 0, Counter(), Counter())
        for lang, zone, frozen, day, week, count in rows:
            found.languages[lang] += count
            found.regions[zone.partition("/")[0].replace("Etc", "UTC")] += count
            found = found._replace(
                served=found.served + count * (not frozen),
                frozen=found.frozen + count * frozen,
                day=found.day + count * day,
                week=found.week + count * week,
            )
        return found
