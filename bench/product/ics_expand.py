"""``planner.py expand`` of 60 days of the calendar of 20,000 events: its CPU and memory, from start to end."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from bench.product.ics_libraries import DAYS, EVENTS
from bench.product.programs import PLANNER, environment
from bench.product.report import say
from bench.product.sync_site import today, write_calendar


def measure() -> dict[str, float]:
    """``cpu_s`` is to be less than that of the libraries, which only parse and expand."""
    begin = today()
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "big.ics"
        write_calendar(file, EVENTS)
        window = ["--from", f"{begin:%F}", "--to", f"{begin + timedelta(days=DAYS):%F}", "--tz", "UTC"]
        before = sum(os.times()[2:4])
        command = [sys.executable, *PLANNER, "expand", str(file), *window, "--json"]
        shown = subprocess.run(command, check=True, capture_output=True, cwd=name, env=environment()).stdout
        return {"cpu_s": sum(os.times()[2:4]) - before, "occurrences": shown.count(b"\n")}


if __name__ == "__main__":
    say("ics_expand", measure())
