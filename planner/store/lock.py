"""One planner a database: a lock beside the file, held while the process lives, gone with it however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from planner.store.opening import StoreError, explain


class RunLock:
    """Held from construction until ``release``. Raises ``StoreError`` where another planner runs on the file.

    It is a file of its own: closing any handle of the database would drop the locks that SQLite holds on it.
    """

    def __init__(self, database: Path) -> None:
        path = database.with_name(database.name + "-lock")
        try:
            self._handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(explain(error, path)) from error
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._handle)
            raise StoreError(
                f"another planner runs on {database}: stop that one first, or name another file in PLANNER_DB"
            ) from None

    def release(self) -> None:
        os.close(self._handle)
