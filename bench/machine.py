"""The machine a table was measured on."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import time
from pathlib import Path
from statistics import median

WRITES = 300


def describe() -> dict[str, str | float]:
    """Everything about this machine that moves the figures."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count() or 0,
        "load": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "fsyncs/s": round(fsync_rate()),
    }


def fsync_rate() -> float:
    """How often a second one page can be written and brought to the disk that the working folder is on."""
    took = []
    with tempfile.NamedTemporaryFile(dir=Path.cwd(), prefix=".fsync-") as file:
        for _ in range(WRITES):
            begun = time.perf_counter()
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - begun)
    return 1 / median(took)


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
