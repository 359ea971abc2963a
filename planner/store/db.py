"""One SQLite file: a thread that writes and commits in groups, another that reads.

Nothing is called saved before it is on disk: WAL, ``synchronous=FULL``, and a job's result is handed over only after
the commit it was part of. Jobs that wait together are committed together, each under a savepoint of its own.
"""

from __future__ import annotations

import asyncio
import logging
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from planner.telemetry import Telemetry

log = logging.getLogger(__name__)

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]
"""Work inside one transaction. It may run twice (the first time rolled back), so it keeps its effects in the file."""

APPLICATION_ID = 0x504C414E
GROUP_MAX = 256
BUSY_TIMEOUT_MS = 5_000
CACHE_KIB = 16_384
REWRITTEN_MAX_BYTES = 128 * 1024 * 1024
"""A file above this is not made anew: all writes would wait for many seconds."""
GATHERED_MS = 25
"""A write that is in no hurry waits so long for others to be committed with it (DESIGN section 3: at most 50 ms)."""


class StoreError(Exception):
    """The file cannot be used; the text says why and what the host does next."""


class UnavailableError(StoreError):
    """The file cannot be used right now (full, locked, unwritable, a disk that fails): nothing was saved, try again."""


@dataclass(slots=True)
class _Waiting(Generic[T]):
    job: Job[T]
    then: Callable[[T], None] | None
    future: asyncio.Future[T]


class Database:
    """A migrated SQLite file for one process.

    ``inline`` runs every job at once in the calling thread, for simulations; else ``write`` jobs run in one thread
    and ``read`` jobs in another, and neither blocks the event loop.
    """

    def __init__(
        self, path: Path, migrations: Sequence[str], *, application_id: int = APPLICATION_ID, inline: bool = False,
        telemetry: Telemetry | None = None,
    ) -> None:  # fmt: skip
        self._telemetry = telemetry or Telemetry()
        self.path = path
        self._inline = inline
        self._writer = _open(path, migrations, application_id)
        self._reader = connect_readonly(path)
        self._writes: queue.SimpleQueue[_Waiting[object] | None] = queue.SimpleQueue()
        self._reads: queue.SimpleQueue[_Waiting[object] | None] = queue.SimpleQueue()
        self._gathered: list[_Waiting[object]] = []
        self._threads: list[threading.Thread] = []
        if not inline:
            self._start("planner-writer", self._write_loop)
            self._start("planner-reader", self._read_loop)

    async def write(self, job: Job[T], then: Callable[[T], None] | None = None, *, hurry: bool = True) -> T:
        """Run ``job`` in a transaction and return its result once that is on disk.

        Without ``hurry`` it waits up to ``GATHERED_MS`` for others of its kind, and then runs after them.

        ``then(result)`` is called in the event loop's thread right after the commit, also when the caller has been
        cancelled meanwhile. Raises what ``job`` raises, or ``UnavailableError``; then nothing of it was saved.
        """
        with explained(self.path):
            if not self._inline:
                return await self._ask(self._writes.put if hurry else self._gather, job, then)
            with transaction(self._writer):
                result = job(self._writer)
        if then is not None:
            then(result)
        return result

    async def read(self, job: Job[T]) -> T:
        """Run ``job`` on a snapshot of what is committed. Raises as ``write`` does."""
        with explained(self.path):
            if self._inline:
                return _snapshot(self._reader, job)
            return await self._ask(self._reads.put, job, None)

    async def scrub(self, job: Callable[[sqlite3.Connection], bool]) -> bool:
        """Run ``empty_log`` or ``rewrite``, outside any transaction. Raises as ``write`` does."""
        with explained(self.path):
            return job(self._writer) if self._inline else await self._ask(self._writes.put, job, None)

    def close(self) -> None:
        """Finish what waits, then close both connections."""
        self._hand_over()
        self._writes.put(None)
        self._reads.put(None)
        for thread in self._threads:
            thread.join()
        self._reader.close()
        self._writer.close()

    async def _ask(self, put: Callable[[_Waiting[object]], None], job: Job[T], then: Callable[[T], None] | None) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        put(_Waiting(job, then, future))  # type: ignore[arg-type]  # a queue of many T: each answers its own future
        return await future

    def _gather(self, one: _Waiting[object]) -> None:
        if not self._gathered:
            one.future.get_loop().call_later(GATHERED_MS / 1_000, self._hand_over)
        self._gathered.append(one)

    def _hand_over(self) -> None:
        for one in self._gathered:
            self._writes.put(one)
        self._gathered.clear()

    def _start(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _write_loop(self) -> None:
        for group in _groups(self._writes):
            jobs = [one for one in group if one.job not in ALONE]
            if jobs:
                _answer(_commit(self._writer, jobs))
            for one in group:
                if one.job in ALONE:
                    _answer([_alone(self._writer, one)])

    def _read_loop(self) -> None:
        for group in _groups(self._reads):
            for one in group:
                try:
                    _answer([(one, _snapshot(self._reader, one.job), None)])
                except Exception as error:  # noqa: BLE001  # it goes to whoever asked
                    _answer([(one, None, error)])


_Answer = tuple[_Waiting[object], object, Exception | None]


def _groups(waiting: queue.SimpleQueue[_Waiting[object] | None]) -> Iterator[list[_Waiting[object]]]:
    """What waits, in order, as much at once as there is; ends after the ``None`` that ``close`` puts in."""
    while (first := waiting.get()) is not None:
        group = [first]
        while len(group) < GROUP_MAX and not waiting.empty():
            following = waiting.get()
            if following is None:
                yield group
                return
            group.append(following)
        yield group


def _commit(connection: sqlite3.Connection, group: list[_Waiting[object]]) -> list[_Answer]:
    """All of a group in one transaction; where that fails as a whole, each alone."""
    try:
        with transaction(connection):
            return [_under_savepoint(connection, one) for one in group]
    except Exception as error:  # noqa: BLE001  # it goes to whoever asked
        if len(group) == 1:
            return [(group[0], None, error)]
        log.warning("group commit failed, committing one by one", extra={"error": str(error), "jobs": len(group)})
        return [answer for one in group for answer in _commit(connection, [one])]


def _under_savepoint(connection: sqlite3.Connection, one: _Waiting[object]) -> _Answer:
    connection.execute("SAVEPOINT job")
    try:
        result = one.job(connection)
    except Exception as error:
        if not connection.in_transaction:  # SQLite has rolled all back by itself: full, I/O error, out of memory
            raise
        connection.execute("ROLLBACK TO job")
        connection.execute("RELEASE job")
        return one, None, error
    connection.execute("RELEASE job")
    return one, result, None


def _alone(connection: sqlite3.Connection, one: _Waiting[object]) -> _Answer:
    """Outside any transaction."""
    try:
        return one, one.job(connection), None
    except sqlite3.Error as error:
        return one, None, error


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


def _answer(answers: list[_Answer]) -> None:
    """Hand results to the loop that asked, all in one call; a loop that is gone needs none."""
    try:
        answers[0][0].future.get_loop().call_soon_threadsafe(_settle, answers)
    except RuntimeError:
        log.debug("the event loop has ended before its answers")


def _settle(answers: list[_Answer]) -> None:
    for one, result, error in answers:
        if error is None and one.then is not None:
            _tell(one.then, result)
        if one.future.done():
            continue
        if error is None:
            one.future.set_result(result)
        else:
            one.future.set_exception(error)


def _tell(then: Callable[[object], None], result: object) -> None:
    """A listener that fails keeps no result from whoever waits for one."""
    try:
        then(result)
    except Exception:
        log.exception("a listener failed at what a transaction changed")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """``BEGIN IMMEDIATE`` to ``COMMIT``; a ``BEGIN`` that upgrades later can fail at once, whatever the timeout."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _snapshot(connection: sqlite3.Connection, job: Job[T]) -> T:
    connection.execute("BEGIN")
    try:
        return job(connection)
    finally:
        connection.execute("COMMIT")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file into what the host can do about it; a fault of ours stays what it is."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise UnavailableError(explain(error, path)) from error
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:
            raise
        raise StoreError(explain(error, path)) from error


def connect_readonly(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, for readers and for commands beside a running planner."""
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_TIMEOUT_MS / 1_000,
        )
    except sqlite3.Error as error:
        raise StoreError(explain(error, path)) from error
    connection.row_factory = sqlite3.Row
    return connection


def _open(path: Path, migrations: Sequence[str], application_id: int) -> sqlite3.Connection:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(connect_readonly(path)) as reader:  # the last to close a file that it may write also changes it
            _check(reader, path, len(migrations), application_id)
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_MS / 1_000
        )
    except (OSError, sqlite3.Error) as error:
        raise StoreError(explain(error, path)) from error
    connection.row_factory = sqlite3.Row
    try:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "secure_delete=FAST",
            f"cache_size=-{CACHE_KIB}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        _migrate(connection, migrations, application_id)
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(explain(error, path)) from error
    except BaseException:
        connection.close()
        raise
    return connection


def schema_version(connection: sqlite3.Connection) -> int:
    """How many migrations a file has seen."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _check(connection: sqlite3.Connection, path: Path, known: int, application_id: int) -> None:
    """Refuse, before the first write, a file that is not ours or that a newer planner has written."""
    found = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if found != application_id and (found or tables):
        raise StoreError(f"{path} is an SQLite file of another program: name another file in PLANNER_DB")
    if schema_version(connection) > known:
        raise StoreError(
            f"{path} was written by a newer planner (schema {schema_version(connection)}, this one knows "
            f"{known}): update the planner, or restore an older backup; the file was left untouched"
        )


def _migrate(connection: sqlite3.Connection, migrations: Sequence[str], application_id: int) -> None:
    for number, script in enumerate(migrations, start=1):
        if number <= schema_version(connection):
            continue
        with transaction(connection):
            for statement in statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id={application_id}")
            connection.execute(f"PRAGMA user_version={number}")


def statements(script: str) -> Iterator[str]:
    """A script's statements; ``executescript`` would commit the transaction around it."""
    part = ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            yield part
            part = ""
    if part.strip():
        yield part


def explain(error: Exception, path: Path) -> str:
    """What is wrong with the file, and what the host does about it, in one line."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if isinstance(error, PermissionError) or name.startswith("SQLITE_READONLY"):
        return f"{path} cannot be written: give its folder and file to the user that runs the planner"
    if name.startswith("SQLITE_FULL") or getattr(error, "errno", None) == 28:
        return f"no space left for {path}: free some on that disk; what is owed is kept and goes out then"
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return f"{path} is damaged or no SQLite file: restore a backup (planner.py restore FILE)"
    if name.startswith("SQLITE_BUSY"):
        return f"{path} is locked by another program: close it"
    if name.startswith("SQLITE_CANTOPEN") or isinstance(error, FileNotFoundError):
        return f"{path} cannot be opened: does its folder exist?"
    return f"{path}: {error}"
