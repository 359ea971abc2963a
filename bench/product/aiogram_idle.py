"""The peer of ``idle``: aiogram's smallest bot, polling a local chat that is another process."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.product.idle import SETTLED_S
from bench.product.programs import LOCALCHAT, running
from bench.product.report import cpu_s, rss_mb, say

BOT = ("-m", "bench.product.aiogram_bot")


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name, running(LOCALCHAT, Path(name)) as (_, url):
        began = time.perf_counter()
        with running(BOT, Path(name), PLANNER_BOT_API=url) as (process, _):
            ready_s, used_s = time.perf_counter() - began, cpu_s(process.pid)
            time.sleep(SETTLED_S)
            return {"rss_mb": rss_mb(process.pid), "cpu_s": used_s, "ready_s": ready_s}


if __name__ == "__main__":
    say("idle", measure())
