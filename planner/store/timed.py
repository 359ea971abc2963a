"""How long statements take, at what they cost: two looks at the clock each, and one sum a transaction.

A statement is timed until its first row is there. Rows that are fetched after that belong to whoever fetches them: they
are in the transaction's time, and in the span's.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from planner.catalogue import database, work
from planner.clock import ticks
from planner.telemetry import Telemetry
from planner.telemetry.registry import Registry

log = logging.getLogger(__name__)

SLOW_MS = 100
"""A statement that takes longer is counted, and said in the log (issue 5)."""
NS, NS_A_MS = 1_000_000_000, 1_000_000
BUSY_TIMEOUT_MS = 5_000
"""How long another program's lock is waited for."""
TEXTS_MAX = 2_000
"""So many texts of statements are remembered; they are few, but for those made of how many values they are given."""
SAID_MAX = 20
"""So many of a job's statements a span names."""
_VERBS = {"replace": "insert", "with": "select"}
_TABLE = re.compile(r"\b(?:from|into|update(?:\s+or\s+\w+)?)\s*\(*\s*(?!select\b)(\w+)", re.IGNORECASE)

_execute, _executemany = sqlite3.Connection.execute, sqlite3.Connection.executemany


class Timed(sqlite3.Connection):
    """A connection that keeps, where somebody ``listens``, what was executed and how long it took, in ns."""

    listens = False
    waits = 0
    """How often it had to wait for another program's lock."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.took: list[tuple[str, int]] = []

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if not self.listens:
            return _execute(self, sql, parameters)
        began = ticks()
        found = _execute(self, sql, parameters)
        self.took.append((sql, ticks() - began))
        return found

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        if not self.listens:
            return _executemany(self, sql, parameters)
        began = ticks()
        found = _executemany(self, sql, parameters)
        self.took.append((sql, ticks() - began))
        return found

    def begin(self) -> None:
        """Take the lock for writing, counting when another program has it.

        A ``BEGIN`` that is upgraded later can fail at once, whatever the timeout.
        """
        _execute(self, "PRAGMA busy_timeout=0")
        try:
            self.execute("BEGIN IMMEDIATE")
            free = True
        except sqlite3.OperationalError as error:
            free = not (error.sqlite_errorname or "").startswith("SQLITE_BUSY")
            if free:
                raise
        finally:
            _execute(self, f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        if not free:
            self.waits += 1
            self.execute("BEGIN IMMEDIATE")


@contextmanager
def transaction(connection: Timed) -> Iterator[None]:
    """From ``BEGIN IMMEDIATE`` to ``COMMIT``."""
    connection.begin()
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def statement(sql: str) -> tuple[str, str]:
    """What a statement does and the first table that it names; without one, its first word."""
    verb = sql.split(None, 1)[0].rstrip(";").lower() if sql.strip() else ""
    verb = _VERBS.get(verb, verb)
    if verb not in database.OPERATIONS:
        return "other", verb
    found = _TABLE.search(sql)
    return verb, found[1].lower() if found else verb


class Meter:
    """Hands what one connection did to the metrics, once a transaction. Used in the connection's thread only."""

    def __init__(self, telemetry: Telemetry, connection: Timed, mode: str) -> None:
        self._metrics: Registry = telemetry.metrics
        self._connection = connection
        self._mode = mode
        self._worker = "writer" if mode == "write" else "reader"
        self._known: dict[str, tuple[str, str]] = {}
        connection.listens = True

    def idle(self, ns: int) -> None:
        self._metrics.add(work.IDLE, self._worker, by=ns / NS)

    def busy(self, ns: int) -> None:
        self._metrics.add(work.BUSY, self._worker, by=ns / NS)

    def transaction(self, took_ns: int, waited_ns: Sequence[int], failed: int) -> None:
        """A transaction is over: so many jobs as ``waited_ns`` says how long each has waited for it."""
        metrics, connection = self._metrics, self._connection
        metrics.record(database.TRANSACTION, took_ns / NS, self._mode)
        metrics.merge(database.QUEUED, {(self._mode,): _cells(database.QUEUED.bounds, waited_ns)})
        for outcome, count in (("ok", len(waited_ns) - failed), ("failed", failed)):
            if count:
                metrics.add(work.TASKS, self._worker, outcome, by=count)
        if connection.waits:
            metrics.add(database.BUSY, by=connection.waits)
            connection.waits = 0
        self.statements()

    def operations(self, first: int) -> str:
        """What has been done since the statement of this number, each kind once, for a span."""
        found = Counter(" ".join(self._of(sql)) for sql, _ in self._connection.took[first:])
        return ", ".join(list(found)[:SAID_MAX])

    def statements(self) -> None:
        """Count what was executed since the last time."""
        took, by = self._connection.took, dict[tuple[str, str], list[int]]()
        self._connection.took = []
        for sql, ns in took:
            by.setdefault(self._known.get(sql) or self._of(sql), []).append(ns)
            if ns > SLOW_MS * NS_A_MS:
                self._slow(sql, ns)
        bounds = database.QUERY_DURATION.bounds
        self._metrics.merge(database.QUERY_DURATION, {labels: _cells(bounds, all_) for labels, all_ in by.items()})

    def _slow(self, sql: str, ns: int) -> None:
        operation, table = self._of(sql)
        self._metrics.add(database.SLOW, operation, table)
        log.warning("db.slow", extra={"operation": operation, "table": table, "ms": ns // NS_A_MS})

    def _of(self, sql: str) -> tuple[str, str]:
        known = self._known.get(sql)
        if known is None:
            if len(self._known) >= TEXTS_MAX:
                self._known.clear()
            known = self._known[sql] = statement(sql)
        return known


def _cells(bounds: Sequence[float], values_ns: Sequence[int]) -> tuple[list[int], float]:
    counts = [0] * (len(bounds) + 1)
    for ns in values_ns:
        counts[bisect_left(bounds, ns / NS)] += 1
    return counts, sum(values_ns) / NS
