"""The process in which a calendar is read: within limits of its own, so that a hostile file costs its own sync only.

``stdin`` gives the order, a file descriptor the bytes. ``stdout`` gets a line that says what became of it, and if it
was read, the pieces and a last line: without that, it broke off.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import traceback
from contextlib import suppress
from pathlib import Path, PurePath

from planner.feeds.wire import order_of, piece_lines
from planner.ics.entry import UnreadableError
from planner.ics.prepare import prepared

MEMORY_BYTES = 280 * 1024 * 1024
"""Above what the process starts with; together under 300 MB."""
CPU_S = 20
NICE = 5
"""Sending goes first."""


def main(descriptor: int) -> None:
    """Read the calendar behind a file descriptor, as ``stdin`` orders."""
    _limit()
    gc.disable()  # what it makes it hands on, and then it ends
    try:
        name, pieces = prepared(_content(descriptor), order_of(sys.stdin.buffer))
        _say({"name": name})
        for line in piece_lines(pieces):
            sys.stdout.buffer.write(line)
        _say({"done": True})
    except UnreadableError as error:
        _say({"unreadable": str(error.args[0])})
    except MemoryError:
        _say({"unreadable": "heavy"})
    except Exception as error:  # noqa: BLE001  its text may hold what a calendar says: it goes nowhere
        frame = traceback.extract_tb(error.__traceback__)[-1]
        _say({"crash": f"{type(error).__name__} at {PurePath(frame.filename).name}:{frame.lineno}"})
    sys.stdout.buffer.flush()
    os._exit(0)  # taking a million objects apart is a waste of time


def _say(what: dict[str, str | bool | None]) -> None:
    sys.stdout.buffer.write(json.dumps({**what, "peak_kb": _peak_kb()}).encode() + b"\n")


def _content(descriptor: int) -> bytes:
    with open(descriptor, "rb", buffering=0) as file:
        file.seek(0)
        return file.readall()


def _limit() -> None:
    with suppress(AttributeError, OSError):
        os.nice(NICE)
    for kind, most in (
        (resource.RLIMIT_AS, _address_space() + MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(OSError, ValueError):  # a system's own limit may be lower
            resource.setrlimit(kind, (most, most))


def _address_space() -> int:
    """Bytes that are mapped already; a generous guess where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return MEMORY_BYTES


def _peak_kb() -> int:
    """The most memory it ever had, 0 where the system does not say; ``getrusage`` counts its parent's, too."""
    with suppress(OSError, ValueError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0
