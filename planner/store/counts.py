"""The counts behind every SLI: good and bad, in 5-minute buckets, written with the verdict they count."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import reduce
from itertools import chain
from typing import NamedTuple

from planner.model import BUCKET_MS
from planner.store import fresh, pulse
from planner.store.overdue import overdue
from planner.store.pulse import Beats, Pulse
from planner.store.totals import Totals

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
        beats = self._pulse.read()
        if slo == fresh.SLO:
            held = fresh.held(self._db) if beats is not None and beats.settled(now) else []
            return held + fresh.unlooked(self._db, now, BUCKET_MS)
        if beats is None:
            return []
        return pulse.by_bucket((), chain(beats.dead(now), *beats.ripe(now)), BUCKET_MS)

    def looked(self, now: int) -> bool:
        """Whether there is nothing to be counted by the minute, or to be noted, that is not yet."""
        beats = self._pulse.read()
        return fresh.looked(self._db, now) and (beats is None or (beats.noted(now) == beats and not beats.ripe(now)))

    def look(self, now: int) -> None:
        """Count, for each minute since the last look, the linked calendars that are fresh; and those with nobody up."""
        self._look(now, self._pulse.read())

    def _look(self, now: int, before: Beats | None) -> None:
        beats = None if before is None else before.noted(now)
        self._look_at_feeds(now, beats)
        if beats is not None:
            ripe = beats.ripe(now)
            self._add_minutes(pulse.SLO, pulse.by_bucket((), chain(*ripe), BUCKET_MS))
            beats = reduce(lambda found, minutes: found.with_judged(minutes, now), ripe, beats)
            if beats != self._pulse.read():
                self._pulse.keep(beats)

    def _look_at_feeds(self, now: int, beats: Beats | None) -> None:
        """While the clock has not settled nothing is added, and what lies beyond where it is set back to is dropped."""
        settled = beats is None or beats.settled(now)
        held = fresh.held(self._db)
        if beats is not None and now < beats.last:
            held = [one for one in held if one.bucket_at + BUCKET_MS <= now]
        looked = fresh.looked(self._db, now)
        found = held if looked else held + fresh.unlooked(self._db, now, BUCKET_MS)
        if settled:
            self._add_minutes(fresh.SLO, found)
        fresh.hold(self._db, [] if settled else found)
        if not looked:
            fresh.mark(self._db, now, settled=settled)

    def begin(self, now: int) -> None:
        """The planner starts at ``now``: nobody was there since its last heartbeat, and that is counted at once."""
        beats = self._pulse.read() or Beats(now)
        dead = beats.dead(now)
        self._add_minutes(pulse.SLO, pulse.by_bucket((), dead, BUCKET_MS))
        self._look(now, beats.with_judged(dead, now))
        self.beat(now)

    def beat(self, now: int) -> None:
        """The planner is there at ``now``: note it, and count the minutes since it last was."""
        self.look(now)
        beats = self._pulse.read() or Beats(now)
        alive = beats.alive(now)
        self._add_minutes(pulse.SLO, pulse.by_bucket(alive, (), BUCKET_MS))
        self._pulse.keep(beats.with_judged(alive, now)._replace(last=now))

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

    def by_bucket(self, slo: str, after: int, now: int) -> list[fresh.Minutes]:
        """The same bucket by bucket, from ``after`` on; one may be there twice, with what has no verdict yet."""
        rows = self._db.execute(
            "SELECT bucket_at, good, bad FROM counts WHERE slo = ? AND bucket_at BETWEEN ? AND ?", (slo, after, now)
        )
        return [fresh.Minutes(*row) for row in rows] + [one for one in self._open(slo, now) if one.bucket_at >= after]

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
