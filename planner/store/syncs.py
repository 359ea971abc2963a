"""Syncs: a row of every attempt to bring a feed up to date, counted for its SLI in the same transaction."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from planner.model import Outcome
from planner.store.counts import Counts
from planner.store.totals import Totals

SLO = "syncs"
GOOD = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})
TOOK_MS = (100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000)
"""How long syncs take is counted up to each of these, and beyond the last."""


TOOK_SUM = "sync_ms"
"""What the sum of that, in milliseconds, is called among the totals."""


def outcome_total(outcome: Outcome) -> str:
    """What the number of syncs that ended so is called there."""
    return f"syncs/{outcome}"


def took_total(bound: int | None) -> str:
    """What the number of those is called that took no longer than this, and longer than the bound before it."""
    return f"sync_ms/{'more' if bound is None else bound}"


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


class Syncs:
    def __init__(self, connection: sqlite3.Connection, counts: Counts) -> None:
        self._db = connection
        self._counts = counts

    def add(self, one: Sync) -> None:
        """Note an attempt, and give the verdict."""
        columns = ", ".join(Sync._fields)
        values = (*one[:-1], json.dumps(one.report, ensure_ascii=False))
        self._db.execute(f"INSERT INTO syncs ({columns}) VALUES ({', '.join('?' * len(values))})", values)
        self._counts.add(SLO, one.started_at, good=one.outcome in GOOD)
        bound = next((bound for bound in TOOK_MS if one.took_ms <= bound), None)
        Totals(self._db).add({outcome_total(one.outcome): 1, took_total(bound): 1, TOOK_SUM: one.took_ms})

    def last_asked(self, feed_id: int) -> int | None:
        """When the last attempt that its user asked for began."""
        row = self._db.execute("SELECT max(started_at) FROM syncs WHERE feed_id = ? AND asked_for", (feed_id,))
        found = row.fetchone()[0]
        return None if found is None else int(found)
