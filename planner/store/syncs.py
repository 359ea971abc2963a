"""Syncs: a row of every attempt to bring a feed up to date, counted for its SLI in the same transaction."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from planner.model import Outcome
from planner.store.counts import Counts
from planner.store.totals import Totals

SLO = "syncs"
TOOK_MS = (50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000)
"""Bounds, in ms, between which the totals count how long syncs took."""
CHANGES = ("added", "changed", "gone", "skipped")
TOOK_SUM = "sync/took_ms"
"""The total of all that time."""


class Sync(NamedTuple):
    """One attempt. ``fault`` is a code; ``report`` names events that could not be read, and says why."""

    feed_id: int
    user_id: int
    started_at: int
    took_ms: int
    outcome: Outcome
    fault: str = ""
    asked_for: bool = False
    bytes: int = 0
    added: int = 0
    changed: int = 0
    gone: int = 0
    skipped: int = 0
    report: tuple[tuple[str, str], ...] = ()


def outcome_total(outcome: Outcome) -> str:
    """What the number of attempts with an outcome is called among the totals."""
    return f"sync/{outcome}"


def change_total(change: str) -> str:
    """The same for events that syncs ``added``, ``changed``, took away (``gone``) or could not read (``skipped``)."""
    return f"sync/{change}"


def took_total(bound_ms: int | None) -> str:
    """The same for those that took as long as a bound at most, and longer than the one before it; ``None``: longer."""
    return f"sync/took/{bound_ms or 'more'}"


class Syncs:
    def __init__(self, connection: sqlite3.Connection, counts: Counts, totals: Totals) -> None:
        self._db = connection
        self._counts = counts
        self._totals = totals

    def add(self, one: Sync) -> None:
        """Note an attempt, and give the verdict."""
        columns = ", ".join(Sync._fields)
        values = (*one[:-1], json.dumps(one.report, ensure_ascii=False))
        self._db.execute(f"INSERT INTO syncs ({columns}) VALUES ({', '.join('?' * len(values))})", values)
        self._counts.add(SLO, one.started_at, good=one.outcome.good)
        bound = next((bound for bound in TOOK_MS if one.took_ms <= bound), None)
        changes = {change_total(name): getattr(one, name) for name in CHANGES if getattr(one, name)}
        self._totals.add({outcome_total(one.outcome): 1, took_total(bound): 1, TOOK_SUM: one.took_ms, **changes})

    def last_asked(self, feed_id: int) -> int | None:
        """When the last attempt that its user asked for began."""
        row = self._db.execute("SELECT max(started_at) FROM syncs WHERE feed_id = ? AND asked_for", (feed_id,))
        found = row.fetchone()[0]
        return None if found is None else int(found)

    def last(self, feed_id: int) -> Sync | None:
        """The last attempt."""
        row = self._db.execute(
            f"SELECT {', '.join(Sync._fields)} FROM syncs WHERE feed_id = ? ORDER BY id DESC LIMIT 1", (feed_id,)
        ).fetchone()
        return None if row is None else _sync(row)

    def last_read(self, feed_id: int) -> Sync | None:
        """The last attempt that found something to be read; it names what could not be."""
        row = self._db.execute(
            f"SELECT {', '.join(Sync._fields)} FROM syncs WHERE feed_id = ? AND outcome = ? ORDER BY id DESC LIMIT 1",
            (feed_id, Outcome.OK),
        ).fetchone()
        return None if row is None else _sync(row)

    def forget(self, before: int, limit: int) -> int:
        """Drop rows of attempts that began before an instant; their counts and totals stay."""
        done = self._db.execute(
            "DELETE FROM syncs WHERE id IN (SELECT id FROM syncs WHERE started_at < ? LIMIT ?)", (before, limit)
        )
        return done.rowcount


def _sync(row: sqlite3.Row) -> Sync:
    report = tuple((title, why) for title, why in json.loads(row["report"]))
    return Sync(*row)._replace(outcome=Outcome(row["outcome"]), asked_for=bool(row["asked_for"]), report=report)
