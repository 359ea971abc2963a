"""Deliveries a second with durable states: 10,000 reminders to 10,000 chats due at one instant.

The planner runs as ``planner.py`` runs it. The server is another process and answers each message after 100 to 300 ms.
The planner may send 1,000 a second, and sends 991, since messages that leave evenly arrive less evenly. The rate is
the one at which answers came back, from the first to the last, each claimed on disk before and settled on disk after.
CPU is the planner's from its start, loading and all threads included; ``lag`` is how late a timer of 2 ms was in its
event loop.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.product.programs import ANY_PORT, PLAIN_SERVER, running
from bench.product.report import cpu_s, quantile, say
from bench.product.seed import Seed, fill
from planner import app, promises
from planner.config import read_settings
from planner.model import MINUTE, SECOND
from planner.store.db import connect_readonly

REMINDERS = 10_000
SET_UP_MS = 6 * SECOND
"""Time to load what is due soon; nothing of it may be sent before."""
GIVEN_UP_S = 120
LOOK_S = 0.5
TICK_S = 0.002


async def deliver(folder: Path, url: str) -> dict[str, float]:
    settings = read_settings(
        {
            "BOT_TOKEN": "1:load",
            "PLANNER_BOT_API": url,
            "PLANNER_DB": str(folder / "planner.db"),
            "PLANNER_HTTP": ANY_PORT,
            "PLANNER_SEND_RATE": "1000",
            "PLANNER_USERS": "*",
        }
    )
    due_at = time.time_ns() // 1_000_000 + SET_UP_MS
    fill(settings.db, Seed(users=REMINDERS, each=1, first=due_at, step=0, made=due_at - MINUTE))
    lags: list[float] = []
    used = cpu_s()
    bot = asyncio.create_task(app.run(settings, promises.load().slos, lambda _: None))
    ticking = asyncio.create_task(_tick(lags))
    with closing(connect_readonly(settings.db)) as db:
        await asyncio.wait_for(_all_sent(db), GIVEN_UP_S)
        used = cpu_s() - used
        ticking.cancel()
        first, last = db.execute("SELECT min(sent_at), max(sent_at) FROM reminders").fetchone()
    os.kill(os.getpid(), signal.SIGTERM)
    await bot
    return {
        "deliveries_per_s": (REMINDERS - 1) / ((last - first) / SECOND),
        "cpu_us": used / REMINDERS * 1e6,
        "first_s": (first - due_at) / SECOND,
        "last_s": (last - due_at) / SECOND,
        "lag_p99_ms": quantile(lags, 0.99) * 1e3,
        "lag_max_ms": max(lags) * 1e3,
    }


async def _tick(lags: list[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(TICK_S)
        lags.append(time.perf_counter() - before - TICK_S)


async def _all_sent(db: sqlite3.Connection) -> None:
    unsent = "SELECT 1 FROM reminders WHERE state IN ('pending', 'sending') LIMIT 1"
    while db.execute(unsent).fetchone():  # noqa: ASYNC110  # another connection's changes tell nobody
        await asyncio.sleep(LOOK_S)


def measure() -> dict[str, float]:
    """``deliveries_per_s`` is to be at least 950."""
    with tempfile.TemporaryDirectory() as name, running(PLAIN_SERVER, Path(name)) as (_, url):
        return asyncio.run(deliver(Path(name), url))


if __name__ == "__main__":
    say("deliveries", measure())
