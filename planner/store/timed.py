"""How long statements take, at what they cost: two looks at the clock each, and one sum a transaction.

A statement is timed until its first row is there. Rows that are fetched after that belong to whoever fetches them: they
are in the transaction's time, and in the span's.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from planner.catalogue import database, work
from planner.clock import NS, NS_A_MS, ticks
from planner.telemetry import Telemetry
from planner.telemetry.registry import Registry, Value
from planner.telemetry.shift import Shift

log = logging.getLogger(__name__)

SLOW_MS = 100
"""A statement that takes longer is counted, and said in the log (issue 5)."""
SLOW_NS = SLOW_MS * NS_A_MS
BUSY_TIMEOUT_MS = 5_000
"""How long another program's lock is waited for."""
TEXTS_MAX = 2_000
"""So many texts of statements are remembered; they are few, but for those made of how many values they are given."""
SAID_MAX = 20
"""So many of a job's statements a span names."""
_VERBS = {"replace": "insert", "with": "select"}
_TABLE = re.compile(r"\b(?:from|into|update(?:\s+or\s+\w+)?)\b\s*\(*\s*(?!select\b)(\w+)", re.IGNORECASE)

_execute, _executemany = sqlite3.Connection.execute, sqlite3.Connection.executemany


class Timed(sqlite3.Connection):
    """A connection that keeps, where somebody ``listens``, what was executed and how long it took, in ns.

    What failed took its time, too: a ``BEGIN`` may have waited in vain.
    """

    listens = False
    hurries = False
    """Whether another program's lock is waited for only where that is said: what has to wait can so be counted."""
    waits = 0
    """How often it had to wait for another program's lock."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.took: list[tuple[str, int]] = []

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if not self.listens:
            return _execute(self, sql, parameters)
        began = ticks()
        try:
            return _execute(self, sql, parameters)
        finally:
            self.took.append((sql, ticks() - began))

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        if not self.listens:
            return _executemany(self, sql, parameters)
        began = ticks()
        try:
            return _executemany(self, sql, parameters)
        finally:
            self.took.append((sql, ticks() - began))

    def begin(self, *, patient: bool = True) -> None:
        """Take the lock for writing, counting when another program has it; it is waited for where ``patient``.

        A ``BEGIN`` that is upgraded later can fail at once, whatever the timeout.
        """
        try:
            self.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not patient or not self.hurries or not (error.sqlite_errorname or "").startswith("SQLITE_BUSY"):
                raise
            self.waits += 1
            with self.patience():
                self.execute("BEGIN IMMEDIATE")

    def hurry(self) -> None:
        """From here on, wait for another program's lock only in ``begin``, and within ``patience``.

        For a log that is written ahead: there, whoever has the lock from ``begin`` needs no other until its commit.
        """
        _execute(self, "PRAGMA busy_timeout=0")
        self.hurries = True

    @contextmanager
    def patience(self) -> Iterator[None]:
        """Wait for another program's lock within the block."""
        if not self.hurries:
            yield
            return
        _execute(self, f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        try:
            yield
        finally:
            _execute(self, "PRAGMA busy_timeout=0")


@contextmanager
def transaction(connection: Timed, *, patient: bool = True) -> Iterator[None]:
    """From ``BEGIN IMMEDIATE`` to ``COMMIT``."""
    connection.begin(patient=patient)
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
    """Hands what one connection did to the metrics, once a transaction. Used in the connection's thread only.

    Without ``telemetry`` nothing is timed.
    """

    def __init__(self, telemetry: Telemetry | None, connection: Timed, mode: str) -> None:
        self._metrics = telemetry.metrics if telemetry is not None else Registry()
        self._connection = connection
        self._mode = (mode,)
        self._worker = "writer" if mode == "write" else "reader"
        self.shift = Shift(self._metrics, self._worker)
        self._known: dict[str, tuple[str, str]] = {}
        connection.listens = telemetry is not None

    def transaction(self, took_ns: int, waited_ns: Sequence[int], failed: int) -> None:
        """A transaction is over: so many jobs as ``waited_ns`` says how long each has waited for it."""
        metrics, connection, mode = self._metrics, self._connection, self._mode
        self.statements(
            (database.TRANSACTION, mode, took_ns / NS), *((database.QUEUED, mode, ns / NS) for ns in waited_ns)
        )
        if len(waited_ns) > failed:
            metrics.add(work.TASKS, self._worker, "ok", by=len(waited_ns) - failed)
        if failed:
            metrics.add(work.TASKS, self._worker, "failed", by=failed)
        if connection.waits:
            metrics.add(database.BUSY, by=connection.waits)
            connection.waits = 0

    def operations(self, first: int) -> str:
        """What has been done since the statement of this number, each kind once, for a span."""
        found = dict.fromkeys([self._known.get(sql) or self._of(sql) for sql, _ in self._connection.took[first:]])
        return ", ".join(map(" ".join, list(found)[:SAID_MAX]))

    def statements(self, *others: Value) -> None:
        """Count what was executed since the last time, and ``others`` with it."""
        values, known = list(others), self._known
        for sql, ns in self._connection.took:
            values.append((database.QUERY_DURATION, known.get(sql) or self._of(sql), ns / NS))
            if ns > SLOW_NS:
                self._slow(sql, ns)
        self._connection.took.clear()
        self._metrics.record_all(values)

    def _slow(self, sql: str, ns: int) -> None:
        operation, table = self._of(sql)
        if (operation, table) == ("other", "begin"):  # it waited for another program's lock, which is counted as that
            return
        self._metrics.add(database.SLOW, operation, table)
        named = {"operation": table} if operation == "other" else {"operation": operation, "table": table}
        log.warning("db.slow", extra={**named, "ms": ns // NS_A_MS})

    def _of(self, sql: str) -> tuple[str, str]:
        known = self._known.get(sql)
        if known is None:
            if len(self._known) >= TEXTS_MAX:
                self._known.clear()
            known = self._known[sql] = statement(sql)
        return known
