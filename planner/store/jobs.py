"""Jobs on one connection: what is asked together is committed together; each is timed, and a step of its trace."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from typing import Generic, ParamSpec, TypeVar

from planner.clock import NS_A_MS, ticks
from planner.store.timed import Meter, Timed, transaction
from planner.telemetry import Telemetry, tracing
from planner.telemetry.tracing import Kind, Span

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]
"""Work inside one transaction. It may run twice (the first time rolled back), so it keeps its effects in the file."""

REWRITTEN_MAX_BYTES = 128 * 1024 * 1024
"""A file above this is not made anew: all writes would wait for many seconds."""


class Asked(Generic[T]):
    """A job that waits for its turn; ``caller`` is the span it was asked in, ``span`` the step that it is itself."""

    __slots__ = ("at", "caller", "future", "job", "patient", "span", "then")

    def __init__(self, job: Job[T], mode: str, caller: Span, then: Callable[[T], None] | None = None) -> None:
        self.job = job
        self.then = then
        self.future: asyncio.Future[T] | None = None
        self.patient = True
        """Whether it waits for another program's lock."""
        self.at = ticks()
        self.caller = self.span = caller
        if caller:
            self.span = caller.child(f"db {mode}", Kind.CLIENT, **tracing.DATABASE)


Answer = tuple[Asked[object], object, Exception | None]


class Worker:
    """Runs jobs on a connection, in whatever thread calls it."""

    def __init__(self, telemetry: Telemetry | None, connection: Timed, mode: str) -> None:
        self._connection = connection
        self._mode = mode
        self._traced = telemetry is not None
        self.meter = Meter(telemetry, connection, mode)

    def asked(self, job: Job[T], then: Callable[[T], None] | None = None) -> Asked[T]:
        """Part of the trace that it is asked in; to be run by one of the following."""
        return Asked(job, self._mode, tracing.current() if self._traced else tracing.NOTHING, then)

    def commit(self, group: Sequence[Asked[object]]) -> list[Answer]:
        """All of a group in one transaction, each under a savepoint; where that fails as a whole, each alone."""
        began = ticks()
        run = self._alone if len(group) == 1 else self._under_savepoint
        try:
            with transaction(self._connection, patient=any(one.patient for one in group)):
                answers = [run(one, began) for one in group]
        except Exception as error:  # noqa: BLE001  # it goes to whoever asked
            if len(group) == 1 or _code(error).startswith("SQLITE_BUSY"):  # each alone would wait as long, in vain
                return self._over(began, [(one, None, error) for one in group])
            log.warning("db.group_failed", extra={"cause": _code(error), "jobs": len(group)})
            return [answer for one in group for answer in self.commit([one])]
        return self._over(began, answers)

    def snapshot(self, one: Asked[object]) -> Answer:
        """One job that only reads."""
        began, result, failed = ticks(), None, None
        try:
            self._connection.execute("BEGIN")
            try:
                result = self._alone(one, began)[1]
            finally:
                self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001  # it goes to whoever asked
            failed = error
        return self._over(began, [(one, result, failed)])[0]

    def outside(self, one: Asked[object]) -> Answer:
        """Outside any transaction."""
        began, result, failed = ticks(), None, None
        try:
            with self._connection.patience():
                result = self._alone(one, began)[1]
        except sqlite3.Error as error:
            failed = error
        return self._over(began, [(one, result, failed)])[0]

    def _under_savepoint(self, one: Asked[object], began: int) -> Answer:
        connection = self._connection
        connection.execute("SAVEPOINT job")
        try:
            answer = self._alone(one, began)
        except Exception as error:
            if not connection.in_transaction:  # SQLite has rolled all back by itself: full, I/O error, out of memory
                raise
            connection.execute("ROLLBACK TO job")
            connection.execute("RELEASE job")
            return one, None, error
        connection.execute("RELEASE job")
        return answer

    def _alone(self, one: Asked[object], began: int) -> Answer:
        if not one.span:
            return one, one.job(self._connection), None
        first = len(self._connection.took)
        try:
            with tracing.within(one.span):
                return one, one.job(self._connection), None
        finally:
            self._unharmed(self._describe, one, began, first)

    def _describe(self, one: Asked[object], began: int, first: int) -> None:
        one.span.set(
            statements=len(self._connection.took) - first,
            operations=self.meter.operations(first),
            waited_ms=(began - one.at) / NS_A_MS,
        )

    def _over(self, began: int, answers: list[Answer]) -> list[Answer]:
        self._unharmed(self._measure, began, answers)
        self._connection.took.clear()
        return answers

    def _measure(self, began: int, answers: list[Answer]) -> None:
        failed = sum(error is not None for _, _, error in answers)
        self.meter.transaction(ticks() - began, [began - one.at for one, _, _ in answers], failed)
        for one, _, error in answers:
            if one.span:
                one.span.set(jobs=len(answers))
                if error is not None:
                    one.span.fail(_code(error))
                one.span.end()

    @staticmethod
    def _unharmed(tell: Callable[P, None], *args: P.args, **named: P.kwargs) -> None:
        """What is told of a job costs neither the job nor the thread that all others wait for."""
        try:
            tell(*args, **named)
        except Exception:
            log.exception("db.unmeasured", extra={"do": "report this as a bug"})


def _code(error: Exception) -> str:
    return getattr(error, "sqlite_errorname", None) or type(error).__name__


def empty_log(connection: sqlite3.Connection) -> bool:
    """Empty the write-ahead log, where deleted text stands until it is written over; false: a reader is in the way."""
    return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]


def rewrite(connection: sqlite3.Connection) -> bool:
    """The same, with the file made anew, unless it is too large.

    SQLite zeroes what is deleted on request, but not what it has moved from page to page before.
    """
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    if pages * size <= REWRITTEN_MAX_BYTES:
        connection.execute("VACUUM")
    return empty_log(connection)


ALONE: tuple[object, ...] = (empty_log, rewrite)
"""Jobs that no transaction may be around."""
