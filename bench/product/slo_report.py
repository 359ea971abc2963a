"""What a month's report costs, over a year of 1,000,000 settled reminders and 1,000,000 syncs.

A tenth of all is bad, so that no bucket is passed over. ``month_ms`` is what ``planner.py slo report --month … --html
FILE`` takes beyond the interpreter's own start, ``read_ms`` what of it are the figures, ``pdf_ms`` what paper adds.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from bench.product.programs import PLANNER, environment
from bench.product.report import say
from bench.product.slo import fill, least_ms
from planner import promises, reporting
from planner.clock import SystemClock
from planner.due import day_of
from planner.slo.report import period
from planner.slo.report.figures import Limits

ZONE = "Europe/Berlin"


def command_ms(folder: Path, *arguments: str) -> float:
    """Beyond what the same interpreter takes to do nothing."""
    settings = environment(PLANNER_DB=str(folder / "planner.db"))

    def run(*arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], cwd=folder, env=settings, stderr=subprocess.DEVNULL, check=True)

    return least_ms(lambda: run(*PLANNER, "slo", "report", "--tz", ZONE, *arguments)) - least_ms(lambda: run("-c", ""))


def read_ms(path: Path, month: str, now: int) -> float:
    """The figures alone, from the file."""
    asked, slos = period.read(now, ZONE, month=month), promises.load()
    limits = Limits(400)
    return least_ms(lambda: reporting.read_file(path, slos, asked, now, price=1, limits=limits))


@lru_cache(maxsize=1)
def measure() -> dict[str, float]:
    """``month_ms`` is to be under 500."""
    now = SystemClock().now()
    last = day_of(now, ZONE).replace(day=1) - timedelta(days=1)
    month = f"{last:%Y-%m}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        fill(folder / "planner.db", now)
        filled = time.perf_counter() - began
        page = command_ms(folder, "--month", month, "--html", "report.html")
        return {
            "month_ms": page,
            "read_ms": read_ms(folder / "planner.db", month, now),
            "pdf_ms": command_ms(folder, "--month", month, "--html", "report.html", "--pdf", "report.pdf") - page,
            "filled_s": filled,
        }


if __name__ == "__main__":
    say("slo_report", measure())
