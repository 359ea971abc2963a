"""What a report needs of a time that is past: counts by slice, what was bad and why, alerts. Numbers and codes only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from planner.model import BUCKET_MS, ON_TIME
from planner.slo.report.evidence import Bucket, Counted, Evidence, Failed, Raised, Tally, Told
from planner.store.counts import BY_MINUTE, Counts
from planner.store.overdue import overdue

_SUM = (
    "SELECT coalesce(sum(good), 0), coalesce(sum(bad), 0) FROM counts"
    " WHERE slo = ? AND bucket_at >= ? AND bucket_at < ?"
)
_BAD = (
    "SELECT bucket_at, good, bad FROM counts WHERE slo = ? AND bucket_at >= ? AND bucket_at < ? AND bad > 0"
    " ORDER BY bucket_at"
)
_SINCE = "SELECT min(bucket_at) FROM counts WHERE slo = ?"
_REMINDERS = (
    "SELECT due_at - due_at % :bucket, state, coalesce(reason, ''), coalesce(claimed_at, due_at) - due_at > :within,"
    " attempts > 1, count(*) FROM reminders"
    " WHERE {bad} AND due_at >= :begin AND due_at < :end AND kind {kinds} GROUP BY 1, 2, 3, 4, 5"
)
_OPEN = "verdict IS NULL AND unwanted_at IS NULL AND due_at < :now - :within"
_PROBES = (
    "SELECT due_at - due_at % :bucket, state, coalesce(reason, ''), coalesce(claimed_at, due_at) - due_at > :within,"
    " attempts > 1, count(*) FROM probes WHERE verdict = 'bad' AND due_at >= :begin AND due_at < :end"
    " GROUP BY 1, 2, 3, 4, 5"
)
_FAILED = (
    "SELECT started_at - started_at % :bucket, feed_id, outcome, fault, count(*) FROM syncs"
    " WHERE outcome NOT IN ('ok', 'not_modified') AND started_at >= :begin AND started_at < :end GROUP BY 1, 2, 3, 4"
)
_ALERTS = (
    "SELECT slo, tier, severity, fired_at, resolved_at, acknowledged_at, count(message.alert_id),"
    " count(message.delivered_at), min(message.delivered_at) FROM alerts"
    " LEFT JOIN alert_messages AS message ON message.alert_id = alerts.id AND message.what = 'firing'"
    " WHERE fired_at >= :begin AND fired_at < :end GROUP BY fired_at, alerts.id ORDER BY fired_at, alerts.id"
)
TOLD: Mapping[str, tuple[str, ...]] = {
    "reminders": tuple(_REMINDERS.format(bad=bad, kinds="<> 'plan'") for bad in ("verdict = 'bad'", _OPEN)),
    "plans": tuple(_REMINDERS.format(bad=bad, kinds="= 'plan'") for bad in ("verdict = 'bad'", _OPEN)),
    "probes": (_PROBES,),
}


class Asked(NamedTuple):
    """The times a report is about, UTC ms: its slices' bounds, and when the time before them begins."""

    slices: Sequence[tuple[int, int]]
    before: int
    now: int

    @property
    def begin(self) -> int:
        return self.slices[0][0]

    @property
    def end(self) -> int:
        return self.slices[-1][1]


class Evidences:
    def __init__(self, connection: sqlite3.Connection, counts: Counts) -> None:
        self._db = connection
        self._counts = counts

    def read(self, counted: Iterable[str], asked: Asked) -> Evidence:
        """All of it, for the promises that count by these names, and ``up`` for what happened while it was down."""
        names = {*counted, "up"}
        given = {"bucket": BUCKET_MS, "within": ON_TIME, "begin": asked.begin, "end": asked.end, "now": asked.now}
        return Evidence(
            counts={name: self._counted(name, asked) for name in names},
            told={
                name: tuple(Told(*row) for query in queries for row in self._rows(query, given))
                for name, queries in TOLD.items()
                if name in names
            },
            failed=tuple(Failed(*row) for row in self._rows(_FAILED, given)),
            alerts=tuple(Raised(*row) for row in self._rows(_ALERTS, given)),
        )

    def _rows(self, query: str, given: Mapping[str, int]) -> list[sqlite3.Row]:
        return self._db.execute(query, given).fetchall()

    def _counted(self, slo: str, asked: Asked) -> Counted:
        """With what is overdue and has no verdict yet, as bad: every reading counts it."""
        waiting = self._waiting(slo, asked.now)
        first = self._db.execute(_SINCE, (slo,)).fetchone()[0]
        return Counted(
            tuple(self._tally(slo, begin, end, waiting) for begin, end in asked.slices),
            self._bad(slo, asked, waiting),
            self._tally(slo, asked.before, asked.begin, waiting),
            min((one.at for one in waiting), default=None) if first is None else int(first),
        )

    def _waiting(self, slo: str, now: int) -> list[Bucket]:
        if slo in BY_MINUTE:
            return [Bucket(*one) for one in self._counts.unlooked(slo, now)]
        return [Bucket(at, 0, bad) for at, bad in overdue(self._db, slo, now, BUCKET_MS)]

    def _tally(self, slo: str, begin: int, end: int, waiting: Sequence[Bucket]) -> Tally:
        good, bad = self._db.execute(_SUM, (slo, begin, end)).fetchone()
        inside = [one for one in waiting if begin <= one.at < end]
        return Tally(good + sum(one.good for one in inside), bad + sum(one.bad for one in inside))

    def _bad(self, slo: str, asked: Asked, waiting: Sequence[Bucket]) -> tuple[Bucket, ...]:
        stored = [Bucket._make(row) for row in self._db.execute(_BAD, (slo, asked.begin, asked.end))]
        more = [one for one in waiting if asked.begin <= one.at < asked.end]
        if not more:
            return tuple(stored)
        found = {one.at: one for one in stored}
        for one in more:
            before = found.get(one.at) or self._stored(slo, one.at)
            found[one.at] = Bucket(one.at, before.good + one.good, before.bad + one.bad)
        return tuple(sorted(one for one in found.values() if one.bad))

    def _stored(self, slo: str, at: int) -> Bucket:
        return Bucket(at, *self._counts.kept(slo, at, at + BUCKET_MS))
