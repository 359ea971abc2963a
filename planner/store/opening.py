"""Opening the file: is it ours, is it up to date; and what SQLite says about it in words for the host."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from planner.store.schema import MIGRATIONS
from planner.store.timed import BUSY_TIMEOUT_MS, Timed, transaction

APPLICATION_ID = 0x504C414E
CACHE_KIB = 16_384


class StoreError(Exception):
    """The file cannot be used; the text says why and what the host does next."""


class UnavailableError(StoreError):
    """The file cannot be used right now (full, locked, unwritable, a disk that fails): nothing was saved, try again."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file into what the host can do about it; a fault of ours stays what it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        told = refusal(error, path)
        if told is None:
            raise
        raise told from error


def refusal(error: Exception | None, path: Path) -> StoreError | None:
    """What the file refuses, in words for the host; ``None`` for a fault of ours."""
    if isinstance(error, sqlite3.OperationalError):
        return UnavailableError(explain(error, path))
    return StoreError(explain(error, path)) if type(error) is sqlite3.DatabaseError else None


def connect_readonly(path: Path) -> Timed:
    """A connection that cannot write, for readers and for commands beside a running planner."""
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_TIMEOUT_MS / 1_000,
            factory=Timed,
        )
    except sqlite3.Error as error:
        raise StoreError(explain(error, path)) from error
    connection.row_factory = sqlite3.Row
    return connection


@contextmanager
def snapshot(path: Path) -> Iterator[Timed]:
    """The file as it is now, for a command beside a running planner or without one. Raises ``StoreError``."""
    if not path.exists():
        raise StoreError(f"{path} is not there: start the planner once, or name its database in PLANNER_DB")
    with closing(connect_readonly(path)) as connection, explained(path):
        connection.execute("BEGIN")
        _check(connection, path, len(MIGRATIONS), APPLICATION_ID)
        if (version := schema_version(connection)) < len(MIGRATIONS):
            raise StoreError(
                f"{path} is from before this version (schema {version}, this one needs {len(MIGRATIONS)}): start the"
                " planner once, it brings its database up to date"
            )
        yield connection


def connect(path: Path, migrations: Sequence[str], application_id: int) -> Timed:
    """The connection that writes; a file that is not there is made, one that is older brought up to date."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(connect_readonly(path)) as reader:  # the last to close a file that it may write also changes it
            _check(reader, path, len(migrations), application_id)
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_MS / 1_000, factory=Timed
        )
    except (OSError, sqlite3.Error) as error:
        raise StoreError(explain(error, path)) from error
    connection.row_factory = sqlite3.Row
    try:
        mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "secure_delete=FAST",
            f"cache_size=-{CACHE_KIB}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        _migrate(connection, migrations, application_id)
        if mode == "wal":  # where the file system allows none, a commit waits for readers
            connection.hurry()
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


def _migrate(connection: Timed, migrations: Sequence[str], application_id: int) -> None:
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
