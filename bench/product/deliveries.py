"""Deliveries a second with durable states: 10,000 reminders to 10,000 chats due at one instant.

The server is another process and answers each message after 100 to 300 ms, as Telegram does, evenly spread. The
planner may send 1,000 a second, and sends 991, since evenly spaced messages do not arrive evenly. The rate is the one
at which answers came back, from the first to the last, each claimed on disk before and settled on disk after. CPU is
the planner's alone, from its start, loading included; ``lag`` is how late a timer of 2 ms was in its event loop.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from random import Random

from bench.product.programs import PLAIN_SERVER, running
from bench.product.report import cpu_s, quantile, say
from bench.product.seed import Seed, fill
from planner.app import Planner
from planner.clock import SystemClock
from planner.config import read_settings
from planner.model import MINUTE, SECOND
from planner.store import Store, Tx
from planner.telegram.client import Telegram

REMINDERS = 10_000
RATE = "1000"
SET_UP_MS = 6 * SECOND
"""Time to load what is due soon; nothing of it may be sent before."""
GIVEN_UP_S = 120
LOOK_MS = 500
TICK_S = 0.002


async def deliver(folder: Path, url: str) -> dict[str, float]:
    clock = SystemClock()
    settings = read_settings({"PLANNER_DB": str(folder / "planner.db"), "PLANNER_SEND_RATE": RATE})
    due_at = clock.now() + SET_UP_MS
    fill(settings.db, Seed(users=REMINDERS, each=1, first=due_at, step=0, made=due_at - MINUTE))
    store = Store(settings.db)
    telegram = Telegram("1:load", base_url=url, connections=0, clock=clock)
    planner = Planner(store, telegram, clock, settings, bot_id=1, local=False, default_zone="UTC", random=Random(1))
    lags: list[float] = []
    used = cpu_s()
    await planner.start()
    ticking = asyncio.create_task(_tick(lags))
    await asyncio.wait_for(_all_sent(store, clock), GIVEN_UP_S)
    used = cpu_s() - used
    ticking.cancel()
    first, last = await store.read(_span)
    await planner.stop()
    await telegram.close()
    store.close()
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


async def _all_sent(store: Store, clock: SystemClock) -> None:
    while await store.read(_unsent):
        await clock.sleep(LOOK_MS)


def _unsent(tx: Tx) -> bool:
    return bool(tx._db.execute("SELECT 1 FROM reminders WHERE state <> 'sent' LIMIT 1").fetchone())  # noqa: SLF001


def _span(tx: Tx) -> tuple[int, int]:
    row = tx._db.execute("SELECT min(sent_at), max(sent_at) FROM reminders").fetchone()  # noqa: SLF001
    return row[0], row[1]


def measure() -> dict[str, float]:
    """``deliveries_per_s`` is to be at least 950."""
    with tempfile.TemporaryDirectory() as name, running(PLAIN_SERVER, Path(name)) as (_, url):
        return asyncio.run(deliver(Path(name), url))


if __name__ == "__main__":
    say("deliveries", measure())
