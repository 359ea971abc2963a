"""What is counted row by row: cheap by its indexes, but not free where there are a million rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from planner.store.account import ABOUT, NOBODY, PASSING

TABLES = tuple(sorted({*ABOUT, *PASSING, *NOBODY} - {"sqlite_sequence"}))
FREE_NS = 20_000_000
"""A census that takes no longer is taken at every reading."""
SHARE = 1_000
"""One that does is repeated when so many times what it took has passed: it costs a thousandth of the reader's time."""


@dataclass(frozen=True, slots=True)
class Census:
    """Reminders that are pending by kind, events by source, rows by table."""

    pending: Mapping[str, int]
    events: Mapping[str, int]
    rows: Mapping[str, int]


def census(connection: sqlite3.Connection) -> Census:
    """Every count reads an index from end to end, and nothing else."""
    pending = "SELECT kind, count(*) FROM reminders INDEXED BY reminders_waiting WHERE state = 'pending' GROUP BY kind"
    events = "SELECT source, count(*) FROM events WHERE deleted_at IS NULL GROUP BY source"
    return Census(
        dict(connection.execute(pending).fetchall()),
        dict(connection.execute(events).fetchall()),
        {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES},
    )
