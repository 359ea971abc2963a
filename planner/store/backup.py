"""A consistent copy of the database while it is in use, and back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from planner.store.lock import RunLock
from planner.store.opening import APPLICATION_ID, StoreError, connect_readonly, explain, explained, schema_version
from planner.store.schema import MIGRATIONS

LAST_BACKUP = "last backup"
"""The setting that says when the last copy was made, UTC ms."""


def backup(database: Path, target: Path) -> int:
    """Copy ``database``, also while a planner runs on it, to a file that must not exist; returns its bytes.

    The copy is checked and on disk when this returns. Raises ``StoreError``.
    """
    if not database.is_file():
        raise StoreError(f"{database} does not exist: name the database in PLANNER_DB")
    if target.exists():
        raise StoreError(f"{target} exists already: name a new file")
    partial = target.with_name(target.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        _copy(database, partial)
        _sync(partial)
        partial.rename(target)
        _sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(explain(error, target)) from error
    finally:
        with suppress(OSError):
            partial.unlink()
    return target.stat().st_size


def note(database: Path, now: int) -> bool:
    """Leave in ``database`` that a copy was made ``now`` (UTC ms), also while a planner runs on it; false: it cannot.

    A copy is no worse for it: where the database is read-only, or older than this planner, it is left out.
    """
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True)) as connection, connection:
            connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (LAST_BACKUP, str(now)))
    except sqlite3.Error:
        return False
    return True


def restore(source: Path, database: Path) -> Path | None:
    """Put a backup in the place of ``database``; returns where what was there has gone. Raises ``StoreError``.

    No planner may run on it. Nothing is touched before the backup has been copied and checked; then one rename puts it
    in place, so that whenever this is broken off there is a whole database.
    """
    if not source.is_file():
        raise StoreError(f"{source} does not exist")
    _check_usable(source)
    lock = RunLock(database)
    try:
        fresh = database.with_name(database.name + ".restoring")
        fresh.unlink(missing_ok=True)
        backup(source, fresh)
        aside = _keep_aside(database) if database.exists() else None
        fresh.rename(database)
        _sync(database.parent)
    except OSError as error:
        raise StoreError(explain(error, database)) from error
    finally:
        lock.release()
    return aside


def _check_usable(source: Path) -> None:
    try:
        with closing(connect_readonly(source)) as connection:
            ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
            version = schema_version(connection)
    except sqlite3.Error as error:
        raise StoreError(explain(error, source)) from error
    if not ours:
        raise StoreError(f"{source} is no planner's database")
    if version > len(MIGRATIONS):
        raise StoreError(f"{source} was written by a newer planner: update the planner first")


def checked_version(database: Path) -> int:
    """The schema version of a file that is whole. Raises ``StoreError``."""
    with closing(connect_readonly(database)) as connection, explained(database):
        version = schema_version(connection)
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise StoreError(f"{database} is damaged")
    return version


def _keep_aside(database: Path) -> Path:
    """A second name for it, with its log, which may hold what the file itself does not yet; then the log goes."""
    number = 1
    while (aside := database.with_name(f"{database.name}.before-restore-{number}")).exists():
        number += 1
    with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # a damaged one may keep its log
    for suffix in ("-wal", ""):
        part = database.with_name(database.name + suffix)
        if part.exists():
            _link(part, aside.with_name(aside.name + suffix))
    _sync(database.parent)
    for suffix in ("-wal", "-shm"):  # the backup must not be read with the log of another
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    return aside


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # not every file system has such links
        shutil.copy2(source, target)
        _sync(target)


def _copy(source: Path, target: Path) -> None:
    with closing(connect_readonly(source)) as origin, closing(sqlite3.connect(target)) as fresh:
        origin.backup(fresh)
        fresh.execute("PRAGMA journal_mode=DELETE")
        verdict = fresh.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise StoreError(f"{source} is damaged ({verdict}): use an earlier backup")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
