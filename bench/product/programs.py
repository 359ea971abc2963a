"""Programs that a measurement runs beside itself, each a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLANNER = (str(ROOT / "planner.py"),)
LOCALCHAT = (*PLANNER, "localchat")
PLAIN_SERVER = ("-m", "bench.plain_server")
ANY_PORT = "127.0.0.1:0"
_URL = re.compile(r"http://[^\s]+")


@contextmanager
def running(arguments: tuple[str, ...], folder: Path, **environ: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run Python with ``arguments`` in ``folder``; gives the process and the first address that it prints."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment(PLANNER_HTTP=ANY_PORT, **environ),
        stdin=subprocess.PIPE,  # a server that reads it ends with us, however we end
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, _address(process)
    finally:
        process.terminate()
        process.communicate(timeout=10)


def environment(**more: str) -> Mapping[str, str]:
    """What the environment holds besides the settings of a planner, and ``more``."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PLANNER_", "BOT_TOKEN", "OTEL_"))
    }
    return {**kept, "PYTHONPATH": str(ROOT), "PLANNER_LOG_LEVEL": "WARNING", **more}


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := _URL.search(line):
            return found[0].rstrip(".,")
    raise RuntimeError(f"a program ended before it said where it listens: {process.args}")
