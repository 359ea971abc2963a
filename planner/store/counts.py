"""The counts behind every SLI: good and bad, in 5-minute buckets, written with the verdict they count."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from planner.model import ON_TIME
from planner.store import fresh, pulse
from planner.store.pulse import Beats, Pulse
from planner.store.totals import Totals

BUCKET_MS = 5 * 60 * 1_000
BY_MINUTE = frozenset({fresh.SLO, pulse.SLO})
"""SLOs that are counted by the minute."""
COUNTED_AT_ONCE = frozenset({"syncs", "heartbeat"})
"""SLOs of which nothing waits for its verdict."""

_ADD = (
    "INSERT INTO counts (slo, bucket_at, good, bad) VALUES (?, ?, ?, ?) ON CONFLICT (slo, bucket_at)"
    " DO UPDATE SET good = good + excluded.good, bad = bad + excluded.bad"
)
_UNANSWERED = "SELECT count(*) FROM updates WHERE verdict IS NULL AND asked_at >= ? AND asked_at < ?"
_UNPROBED = "SELECT count(*) FROM probes WHERE verdict IS NULL AND due_at >= ? AND due_at < ?"
_UNJUDGED = (
    "SELECT count(*) FROM reminders WHERE verdict IS NULL AND unwanted_at IS NULL AND due_at >= ? AND due_at < ?"
    " AND kind {kinds}"
)
_UNWANTED = (
    "SELECT count(*) FROM reminders WHERE state = 'sending' AND verdict IS NULL AND unwanted_at > due_at + {on_time}"
    " AND due_at >= ? AND due_at < ? AND kind {kinds}"
)
"""Cancelled in flight when it was overdue already: its verdict can only be bad. Before that it may yet be excluded."""


def total_name(slo: str, *, good: bool) -> str:
    """What the sum of an SLO's verdicts is called among the totals."""
    return f"sli/{slo}/{'good' if good else 'bad'}"


class Count(NamedTuple):
    good: int
    bad: int


class Counts:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._pulse = Pulse(connection)

    def add(self, slo: str, at: int, *, good: bool) -> None:
        """One more verdict on what was due at ``at`` (UTC ms)."""
        self.add_many([(slo, at, good)])

    def add_many(self, verdicts: Iterable[tuple[str, int, bool]]) -> None:
        given = list(verdicts)
        self._db.executemany(_ADD, ((slo, at - at % BUCKET_MS, int(good), int(not good)) for slo, at, good in given))
        Totals(self._db).add(Counter(total_name(slo, good=good) for slo, _, good in given))

    def unlooked(self, slo: str, now: int) -> list[fresh.Minutes]:
        """What is to be counted, by the minute, since the last look."""
        if slo == fresh.SLO:
            return fresh.unlooked(self._db, now, BUCKET_MS)
        beats = self._pulse.read()
        return [] if beats is None else pulse.by_bucket((), beats.dead(now), BUCKET_MS)

    def looked(self, now: int) -> bool:
        """Whether there is nothing to be counted by the minute that is not yet."""
        return fresh.looked(self._db, now) and not self.unlooked(pulse.SLO, now)

    def look(self, now: int) -> None:
        """Count, for each minute since the last look, the linked calendars that are fresh; and those with nobody up."""
        if not fresh.looked(self._db, now):
            self._add_minutes(fresh.SLO, self.unlooked(fresh.SLO, now))
            fresh.mark(self._db, now)
        beats = self._pulse.read()
        if beats is not None and (dead := beats.dead(now)):
            self._add_minutes(pulse.SLO, pulse.by_bucket((), dead, BUCKET_MS))
            self._pulse.keep(beats.with_judged(dead))

    def beat(self, now: int) -> None:
        """The planner is there at ``now``: note it, and count the minutes since it last was."""
        self.look(now)
        beats = self._pulse.read() or Beats(now, ())
        alive = beats.alive(now)
        self._add_minutes(pulse.SLO, pulse.by_bucket(alive, (), BUCKET_MS))
        self._pulse.keep(beats.with_judged(alive)._replace(last=now))

    def _add_minutes(self, slo: str, found: list[fresh.Minutes]) -> None:
        self._db.executemany(_ADD, ((slo, *one) for one in found))
        sums = {True: sum(one.good for one in found), False: sum(one.bad for one in found)}
        Totals(self._db).add({total_name(slo, good=good): count for good, count in sums.items() if count})

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
        return self._with_open(self.kept(slo, after, now + 1), slo, after - after % BUCKET_MS, now, on_time_ms)

    def ever(self, slo: str, totals: Mapping[str, int], now: int, on_time_ms: int) -> Count:
        """The same of all time, from the totals: it never falls, and outlives the buckets."""
        given = Count(*(totals.get(total_name(slo, good=good), 0) for good in (True, False)))
        return self._with_open(given, slo, 0, now, on_time_ms)

    def _with_open(self, given: Count, slo: str, after: int, now: int, on_time_ms: int) -> Count:
        if slo in BY_MINUTE:
            since = [one for one in self.unlooked(slo, now) if after <= one.bucket_at <= now]
            return Count(given.good + sum(one.good for one in since), given.bad + sum(one.bad for one in since))
        return Count(given.good, given.bad + self._overdue(slo, after, now - on_time_ms))

    def _overdue(self, slo: str, after: int, before: int) -> int:
        if slo in COUNTED_AT_ONCE:
            return 0
        if slo == "probes":
            return self._number(_UNPROBED, after, before)
        if slo == "chat":
            return self._number(_UNANSWERED, after, before)
        kinds = "= 'plan'" if slo == "plans" else "<> 'plan'"
        queries = (query.format(kinds=kinds, on_time=ON_TIME) for query in (_UNJUDGED, _UNWANTED))
        return sum(self._number(query, after, before) for query in queries)

    def _number(self, query: str, after: int, before: int) -> int:
        return int(self._db.execute(query, (after, before)).fetchone()[0])
