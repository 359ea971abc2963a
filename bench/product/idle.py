"""An idle bot on its local chat: CPU from start until ``/readyz`` says so, and memory 3 s later.

The process holds both, the bot and the local chat's server, as ``make run`` has them.
"""

from __future__ import annotations

import json
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

from bench.product.programs import PLANNER, running
from bench.product.report import cpu_s, rss_mb, say

LOOK_S = 0.02
SETTLED_S = 3.0
GIVEN_UP_S = 60


def measure() -> dict[str, float]:
    """``rss_mb`` is to be at most 100, better 80; ``cpu_s`` at most 2, better 1.2."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name, running(PLANNER, Path(name)) as (process, url):
        while not _ready(url):
            if time.perf_counter() - began > GIVEN_UP_S:
                raise TimeoutError("the bot does not become ready")
            time.sleep(LOOK_S)
        ready_s, used_s = time.perf_counter() - began, cpu_s(process.pid)
        time.sleep(SETTLED_S)
        return {"rss_mb": rss_mb(process.pid), "cpu_s": used_s, "ready_s": ready_s}


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as response:
            return bool(json.load(response)["status"] == "ok")
    except HTTPError:
        return False


if __name__ == "__main__":
    say("idle", measure())
