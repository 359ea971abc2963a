"""The counts behind every SLI: good and bad, in 5-minute buckets, written with the verdict they count."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from planner.store import fresh, pulse
from planner.store.overdue import overdue
from planner.store.pulse import Beats, Pulse
from planner.store.totals import Totals

BUCKET_MS = 5 * 60 * 1_000
BY_MINUTE = frozenset({fresh.SLO, pulse.SLO})
"""SLOs that are counted by the minute."""
_ADD = (
    "INSERT INTO counts (slo, bucket_at, good, bad) VALUES (?, ?, ?, ?) ON CONFLICT (slo, bucket_at)"
    " DO UPDATE SET good = good + excluded.good, bad = bad + excluded.bad"
)
_KEPT = (
    "SELECT coalesce(sum(good), 0), coalesce(sum(bad), 0) FROM counts"
    " WHERE slo = ? AND bucket_at >= ? AND bucket_at < ?"
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
        row = self._db.execute(_KEPT, (slo, after - after % BUCKET_MS, before)).fetchone()
        return Count(row[0], row[1])

    def windows(self, slos: Iterable[str], lengths_ms: Iterable[int], now: int) -> dict[str, dict[int, Count]]:
        """What was good and bad within each of the times before ``now`` (UTC ms), by SLO and length.

        The verdicts that were given, and as bad what is overdue without one: a dead process' debts count before its
        next start. A window has whole buckets: it reaches from the beginning of the one that ``now - length`` lies in
        up to ``now``, and so is longer than it says by less than a bucket. Each row is read once, however many windows
        it lies in.
        """
        lengths = sorted(set(lengths_ms))
        return {slo: self._windows(slo, lengths, now) for slo in slos}

    def _windows(self, slo: str, lengths: list[int], now: int) -> dict[int, Count]:
        found: dict[int, Count] = {}
        before, good, bad = now + 1, 0, 0
        waiting = self._open(slo, now)
        for length in lengths:
            after = now - length - (now - length) % BUCKET_MS
            added = self.kept(slo, after, before)
            good, bad, before = good + added.good, bad + added.bad, after
            inside = [one for one in waiting if after <= one.bucket_at <= now]
            found[length] = Count(good + sum(one.good for one in inside), bad + sum(one.bad for one in inside))
        return found

    def ever(self, slo: str, totals: Mapping[str, int], now: int) -> Count:
        """The same of all time, from the totals: it never falls, and outlives the buckets."""
        good, bad = (totals.get(total_name(slo, good=good), 0) for good in (True, False))
        waiting = [one for one in self._open(slo, now) if 0 <= one.bucket_at <= now]
        return Count(good + sum(one.good for one in waiting), bad + sum(one.bad for one in waiting))

    def _open(self, slo: str, now: int) -> list[fresh.Minutes]:
        """What will be counted, and is not yet."""
        if slo in BY_MINUTE:
            return self.unlooked(slo, now)
        return [fresh.Minutes(at, 0, bad) for at, bad in overdue(self._db, slo, now, BUCKET_MS)]
