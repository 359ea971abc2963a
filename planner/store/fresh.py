"""How many linked calendars were fresh in each minute since the last look, by what they were last (DESIGN section 5).

A calendar is fresh while its last success is under an hour or two intervals old. Of the minutes in which the process
was down nothing is written until the next look, and every reading counts them all the same.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import NamedTuple

from planner.model import DAY, HOUR, MINUTE

SLO = "feeds"
LOOKED = "feeds looked at"
"""The setting that says up to which minute (since the epoch) they are counted."""
WINDOW_MS = 7 * DAY
"""Minutes longer ago are counted by nobody."""
_AHEAD = DAY // MINUTE
"""A look that is said to be this far ahead was made by a clock that was wrong."""

_SPANS = (
    "SELECT max(?1, (linked_at + ?4 - 1) / ?4) AS since,"
    " (coalesce(ok_at, linked_at) + max(?3, 2 * every_min * ?4)) / ?4 AS until, count(*)"
    " FROM feeds JOIN users ON users.id = user_id WHERE linked_at IS NOT NULL AND NOT frozen AND NOT elsewhere"
    " AND linked_at <= ?2 GROUP BY 1, 2"
)


class Minutes(NamedTuple):
    """Of the minutes that begin in a bucket, over all calendars, how many were fresh and how many not."""

    bucket_at: int
    good: int
    bad: int


def unlooked(connection: sqlite3.Connection, now: int, bucket_ms: int) -> list[Minutes]:
    """The minutes since the last look, up to the one at ``now``."""
    row = connection.execute("SELECT value FROM settings WHERE key = ?", (LOOKED,)).fetchone()
    last, this = int(row[0]) if row is not None else 0, now // MINUTE
    first = this if last > this + _AHEAD else max(last + 1, this - WINDOW_MS // MINUTE + 1)
    spans = connection.execute(_SPANS, (first, this * MINUTE, HOUR, MINUTE)).fetchall()
    begun: Counter[int] = Counter()
    fresh: Counter[int] = Counter()
    for since, until, feeds in spans:
        begun[since] += feeds
        if until >= since:
            fresh[since] += feeds
            fresh[until + 1] -= feeds
    return _by_bucket(begun, fresh, this, bucket_ms)


def _by_bucket(begun: Counter[int], fresh: Counter[int], this: int, bucket_ms: int) -> list[Minutes]:
    """From what becomes more or less at each minute to how much there was."""
    found: dict[int, Minutes] = {}
    feeds = good = 0
    for minute in range(min(begun, default=this + 1), this + 1):
        feeds += begun[minute]
        good += fresh[minute]
        bucket_at = minute * MINUTE - minute * MINUTE % bucket_ms
        before = found.get(bucket_at, Minutes(bucket_at, 0, 0))
        found[bucket_at] = Minutes(bucket_at, before.good + good, before.bad + feeds - good)
    return list(found.values())
