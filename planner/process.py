"""What the process itself uses: CPU, memory, threads, files, disk. Looked at when it is asked for, never in between.

The numbers are this process's own, as the kernel counts them. OpenTelemetry's system-metrics instrumentation has them
too, but with psutil and beta packages for what is a few lines here, and the whole machine's figures beside them.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from planner import __version__
from planner.catalogue import process
from planner.catalogue.metric import Point, Reading
from planner.telemetry.registry import Registry

BLOCK_BYTES = 512
"""What getrusage(2) counts disk access in."""
PROC = Path("/proc/self")


class Process:
    """``started_at`` in UTC ms. ``proc`` is the process's folder there; where it lacks, getrusage(2) says less."""

    def __init__(self, started_at: int, sqlite: str, proc: Path = PROC) -> None:
        self._proc = proc
        self._started_at = started_at
        self._build = (__version__, platform.python_version(), sqlite)

    def watch(self, registry: Registry) -> None:
        registry.watch(self.read)

    def read(self) -> Iterable[Reading]:
        times = os.times()
        yield Reading(process.CPU, [Point(("user",), times.user), Point(("system",), times.system)])
        yield Reading(process.MEMORY, [Point((), self._memory())])
        yield Reading(process.THREADS, [Point((), self._threads())])
        if (files := self._files()) is not None:
            yield Reading(process.FILES, [Point((), files)])
        if (limit := resource.getrlimit(resource.RLIMIT_NOFILE)[0]) != resource.RLIM_INFINITY:
            yield Reading(process.FILES_MAX, [Point((), limit)])
        read, written = self._disk()
        yield Reading(process.DISK, [Point(("read",), read), Point(("written",), written)])
        yield Reading(process.STARTED_AT, [Point((), self._started_at / 1_000)])
        yield Reading(process.INFO, [Point(self._build, 1)])

    def _memory(self) -> int:
        """proc(5): the second number of statm is the resident set, in pages."""
        try:
            return int((self._proc / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError):
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            return most if sys.platform == "darwin" else most * 1024

    def _threads(self) -> int:
        try:
            return sum(1 for _ in (self._proc / "task").iterdir())
        except OSError:
            return threading.active_count()

    def _files(self) -> int | None:
        try:
            return sum(1 for _ in (self._proc / "fd").iterdir()) - 1  # looking takes one
        except OSError:
            return None

    def _disk(self) -> tuple[int, int]:
        try:
            lines = (self._proc / "io").read_text().splitlines()
            counted = {name: int(value) for name, _, value in (line.partition(": ") for line in lines)}
            return counted["read_bytes"], counted["write_bytes"]
        except (OSError, ValueError, KeyError):
            usage = resource.getrusage(resource.RUSAGE_SELF)
            return usage.ru_inblock * BLOCK_BYTES, usage.ru_oublock * BLOCK_BYTES
