"""Lines to a stream from a thread of its own, so that whoever writes never waits for whoever reads."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import threading
from typing import TextIO

log = logging.getLogger(__name__)

WAITING_MAX = 10_000
"""Lines that may wait for the stream; what comes while so many wait is dropped, and counted."""

CLOSE_S = 2.0
"""How long ``close`` waits for a stream that takes nothing."""


class Writer:
    """Writes each line as one UTF-8 write, in order. The thread starts with the first line.

    Its queue may be put into by what interrupts a ``put`` in the same thread (a finalizer that logs), which a
    ``queue.Queue`` answers with a deadlock.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._fd = _own_descriptor(stream)
        self._waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.RLock()
        self._dropped = 0
        self.lost = 0
        """Lines that could not be written, ever."""

    def put(self, line: str) -> None:
        """Have ``line`` written soon; returns at once and never raises."""
        if self._thread is None:
            self._start()
        if self._waiting.qsize() < WAITING_MAX:
            self._waiting.put(line)
        else:
            self._lose()

    def close(self) -> None:
        """Write what waits, for at most ``CLOSE_S``; a thread that is stuck in the stream is left behind."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(CLOSE_S)
            if self._thread.is_alive():
                return
        if self._fd is not None:
            os.close(self._fd)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="planner-logs", daemon=True)
                with contextlib.suppress(RuntimeError):  # no thread can be had, now or any more
                    thread.start()
                    self._thread = thread

    def _run(self) -> None:
        while (line := self._waiting.get()) is not None:
            try:
                self._write(line + "\n")
            except (OSError, ValueError):  # nobody reads any more, the disk is full, the stream was closed
                self._lose()
            else:
                self._tell_of_dropped()

    def _lose(self) -> None:
        self._dropped += 1
        self.lost += 1

    def _write(self, line: str) -> None:
        data = line.encode("utf-8", "backslashreplace")
        if self._fd is None:
            self._stream.write(data.decode())
            self._stream.flush()
        while data and self._fd is not None:
            data = data[os.write(self._fd, data) :]

    def _tell_of_dropped(self) -> None:
        if self._dropped:
            dropped, self._dropped = self._dropped, 0
            log.warning("log.dropped", extra={"lines": dropped})


def _own_descriptor(stream: TextIO) -> int | None:
    """A duplicate: it stays the same file if the stream is closed, and needs no lock that a stuck thread would hold."""
    try:
        stream.flush()
        return os.dup(stream.fileno())
    except (OSError, ValueError, AttributeError):
        return None
