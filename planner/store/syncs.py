"""Syncs: a row of every attempt to bring a feed up to date, counted for its SLI in the same transaction."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from planner.model import Outcome
from planner.store.counts import Counts

SLO = "syncs"
GOOD = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})


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
