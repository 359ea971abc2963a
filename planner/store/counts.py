"""The counts behind every SLI: good and bad, in 5-minute buckets, written with the verdict they count."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from planner.store import fresh
from planner.store.totals import Totals

BUCKET_MS = 5 * 60 * 1_000
COUNTED_AT_ONCE = frozenset({"syncs", "feeds"})
"""SLOs of which nothing waits for its verdict."""

_ADD = (
    "INSERT INTO counts (slo, bucket_at, good, bad) VALUES (?, ?, ?, ?) ON CONFLICT (slo, bucket_at)"
    " DO UPDATE SET good = good + excluded.good, bad = bad + excluded.bad"
)


def total_name(slo: str, *, good: bool) -> str:
    """What the sum of an SLO's verdicts is called among the totals."""
    return f"sli/{slo}/{'good' if good else 'bad'}"


class Count(NamedTuple):
    good: int
    bad: int


class Counts:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, slo: str, at: int, *, good: bool) -> None:
        """One more verdict on what was due at ``at`` (UTC ms)."""
        self.add_many([(slo, at, good)])

    def add_many(self, verdicts: Iterable[tuple[str, int, bool]]) -> None:
        given = list(verdicts)
        self._db.executemany(_ADD, ((slo, at - at % BUCKET_MS, int(good), int(not good)) for slo, at, good in given))
        Totals(self._db).add(Counter(total_name(slo, good=good) for slo, _, good in given))

    def unlooked(self, now: int) -> list[fresh.Minutes]:
        """What is to be counted of linked calendars since the last look."""
        return fresh.unlooked(self._db, now, BUCKET_MS)

    def looked(self, now: int) -> bool:
        """Whether there is nothing to be counted of linked calendars this minute, or it was."""
        return fresh.looked(self._db, now)

    def look(self, now: int) -> None:
        """Count, for each minute since the last look, the linked calendars that are fresh."""
        found = self.unlooked(now)
        self._db.executemany(_ADD, ((fresh.SLO, *one) for one in found))
        sums = {True: sum(one.good for one in found), False: sum(one.bad for one in found)}
        Totals(self._db).add({total_name(fresh.SLO, good=good): count for good, count in sums.items() if count})
        fresh.mark(self._db, now)

    def kept(self, slo: str, after: int, before: int) -> Count:
        """The verdicts given on what was due in buckets that begin in ``after <= t < before``."""
        row = self._db.execute(
            "SELECT coalesce(sum(good), 0), coalesce(sum(bad), 0) FROM counts"
            " WHERE slo = ? AND bucket_at >= ? AND bucket_at < ?",
            (slo, after - after % BUCKET_MS, before),
        ).fetchone()
        return Count(row[0], row[1])

    def reading(self, slo: str, after: int, now: int, on_time_ms: int) -> Count:
        """``kept``, and as bad what is overdue without a verdict: a dead process' debts count before its next start."""
        kept = self.kept(slo, after, now)
        if slo == fresh.SLO:
            since = [one for one in self.unlooked(now) if after - after % BUCKET_MS <= one.bucket_at < now]
            return Count(kept.good + sum(one.good for one in since), kept.bad + sum(one.bad for one in since))
        return Count(kept.good, kept.bad + self._overdue(slo, after - after % BUCKET_MS, now - on_time_ms))

    def _overdue(self, slo: str, after: int, before: int) -> int:
        if slo in COUNTED_AT_ONCE:
            return 0
        if slo == "chat":
            query = "SELECT count(*) FROM updates WHERE verdict IS NULL AND asked_at >= ? AND asked_at < ?"
        else:
            kinds = "= 'plan'" if slo == "plans" else "<> 'plan'"
            query = (
                f"SELECT count(*) FROM reminders WHERE verdict IS NULL AND due_at >= ? AND due_at < ? AND kind {kinds}"
            )
        return int(self._db.execute(query, (after, before)).fetchone()[0])
