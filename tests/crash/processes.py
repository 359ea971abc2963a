"""Processes and files of theirs: forked, waited for, looked at without being touched."""

from __future__ import annotations

import os
import sqlite3
import struct
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def fork(log: Path, work: Callable[[], int | None]) -> int:
    """Do ``work`` in a child, whose output goes to ``log``; returns the child's id."""
    output = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    sys.stdout.flush()
    if child := os.fork():
        os.close(output)
        return child
    code = 70
    try:
        os.dup2(output, 1)
        os.dup2(output, 2)
        code = work() or 0
    except BaseException:  # noqa: BLE001  # whatever it is, it must not run on as a second parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def until(look: Callable[[], T | None], within_s: float, what: str, done: Callable[[T], object] = bool) -> T:
    """Look until there is something to see. Raises ``TimeoutError``."""
    ends = time.monotonic() + within_s
    while True:
        seen = look()
        if seen is not None and done(seen):
            return seen
        if time.monotonic() > ends:
            raise TimeoutError(f"not within {within_s:g} s: {what}")
        time.sleep(0.02)


def read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5)


def frames(log: bytes) -> int:
    """How many frames of a write-ahead log are of its latest generation (https://sqlite.org/fileformat2.html, 4.1)."""
    if len(log) < 32:
        return 0
    page, salts, n = struct.unpack(">I", log[8:12])[0], log[16:24], 0
    for at in range(32, len(log), 24 + page):
        if log[at + 8 : at + 16] != salts:
            break
        n += 1
    return n


def copied(index: bytes) -> int:
    """How many frames of a log have been, or are being, copied into the file: they were synced, and no cut loses them.

    ``nBackfillAttempted`` of the index beside the log (https://sqlite.org/walformat.html, 2.1).
    """
    return int(struct.unpack_from("=I", index, 128)[0]) if len(index) >= 132 else 0


def tail(path: Path) -> str:
    return path.read_text()[-400:]
