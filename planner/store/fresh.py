"""How many linked calendars were fresh in each minute since the last look, by what they were last (DESIGN section 5).

A calendar is fresh while its last success is under an hour or two intervals old. Of the minutes in which the process
was down nothing is written until the next look, and every reading counts them all the same. While its user is away
nothing is counted, and when they are back as if it had been linked then. No minute is counted twice, however the clock
is set: of those up to the highest that was ever looked at only what lies in a bucket without a count is. What looks
find after the clock has leapt is held back until it has settled (``planner.store.pulse``), and dropped if it is set
back before that.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from planner.model import DAY, HOUR, MINUTE

SLO = "feeds"
LOOKED = "feeds looked at"
"""The setting that says up to which minute (since the epoch) they are counted."""
HIGHEST = "feeds looked at, highest"
"""The same of the latest look by its clock, which may have been set back since."""
HELD = "feeds held back"
"""The setting with what was found, by bucket, and is not counted yet."""
WINDOW_MS = 7 * DAY
"""Minutes longer ago are counted by nobody."""

_SPANS = (
    "SELECT max(?1, (linked_at + ?4 - 1) / ?4, coalesce(away_at, 0) / ?4 + 1) AS since,"
    " (max(coalesce(ok_at, linked_at), coalesce(away_at, 0)) + max(?3, 2 * every_min * ?4)) / ?4 AS until, count(*)"
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
    last, highest = _marks(connection)
    this = now // MINUTE
    first = this if last > this else max(last + 1, this - WINDOW_MS // MINUTE + 1)
    spans = connection.execute(_SPANS, (first, this * MINUTE, HOUR, MINUTE)).fetchall()
    begun: Counter[int] = Counter()
    fresh: Counter[int] = Counter()
    for since, until, feeds in spans:
        begun[since] += feeds
        if until >= since:
            fresh[since] += feeds
            fresh[until + 1] -= feeds
    counted = _counted(connection, first * MINUTE - bucket_ms, highest * MINUTE)
    return _by_bucket(begun, fresh, this, bucket_ms, lambda minute, at: minute > highest or at not in counted)


def looked(connection: sqlite3.Connection, now: int) -> bool:
    """Whether there is nothing to look at, or this minute's look was."""
    linked = connection.execute("SELECT 1 FROM feeds WHERE linked_at IS NOT NULL LIMIT 1").fetchone()
    return linked is None or _marks(connection)[0] == now // MINUTE


def mark(connection: sqlite3.Connection, now: int, *, settled: bool) -> None:
    """A look was made, and counted, if the clock has ``settled``; users who are away are so until now."""
    this, (_, highest) = now // MINUTE, _marks(connection)
    marks = ((LOOKED, str(this)), (HIGHEST, str(max(this, highest) if settled else highest)))
    connection.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", marks)
    connection.execute(
        "UPDATE feeds SET away_at = ? WHERE user_id IN (SELECT id FROM users WHERE frozen OR elsewhere)", (now,)
    )


def held(connection: sqlite3.Connection) -> list[Minutes]:
    """What is held back."""
    row = connection.execute("SELECT value FROM settings WHERE key = ?", (HELD,)).fetchone()
    return [] if row is None else [Minutes(*one) for one in json.loads(row[0])]


def hold(connection: sqlite3.Connection, found: Iterable[Minutes]) -> None:
    """Hold back these, and no others."""
    kept = list(found)
    if kept:
        text = json.dumps(kept, separators=(",", ":"))
        connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (HELD, text))
    else:
        connection.execute("DELETE FROM settings WHERE key = ?", (HELD,))


def _marks(connection: sqlite3.Connection) -> tuple[int, int]:
    found = dict(
        connection.execute("SELECT key, value FROM settings WHERE key IN (?, ?)", (LOOKED, HIGHEST)).fetchall()
    )
    last = int(found.get(LOOKED, 0))
    return last, int(found.get(HIGHEST, last))


def _counted(connection: sqlite3.Connection, after: int, until: int) -> frozenset[int]:
    rows = connection.execute(
        "SELECT bucket_at FROM counts WHERE slo = ? AND bucket_at > ? AND bucket_at <= ?", (SLO, after, until)
    )
    return frozenset(row[0] for row in rows)


def _by_bucket(
    begun: Counter[int], fresh: Counter[int], this: int, bucket_ms: int, counts: Callable[[int, int], bool]
) -> list[Minutes]:
    """From what becomes more or less at each minute to how much there was; ``counts`` says of which."""
    found: dict[int, Minutes] = {}
    feeds = good = 0
    for minute in range(min(begun, default=this + 1), this + 1):
        feeds += begun[minute]
        good += fresh[minute]
        bucket_at = minute * MINUTE - minute * MINUTE % bucket_ms
        if not counts(minute, bucket_at):
            continue
        before = found.get(bucket_at, Minutes(bucket_at, 0, 0))
        found[bucket_at] = Minutes(bucket_at, before.good + good, before.bad + feeds - good)
    return list(found.values())
