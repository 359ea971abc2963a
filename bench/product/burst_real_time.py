"""3,200 reminders to 3,200 chats due at one instant, in real time, over HTTP.

The local chat is another process, lets 30 messages a second through, and answers after 100 to 300 ms. The figure is
the greatest distance between a reminder's due time and its answer; ``limited`` counts messages that were refused for
being too many. Takes two minutes and a half.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from random import Random

import aiohttp

from bench.product.burst_fake_clock import FAULTS, WORST
from bench.product.programs import LOCALCHAT, running
from bench.product.report import say
from bench.product.seed import Seed, fill, user_ids
from planner.bot import Planner
from planner.clock import SystemClock
from planner.config import read_settings
from planner.model import MINUTE, SECOND
from planner.store import Store
from planner.telegram.client import Telegram

CHATS = 3_200
AHEAD_MS = 70 * SECOND
"""Sending begins up to 55 s early; so long before that everything is in place."""


async def burst(folder: Path, url: str) -> dict[str, float]:
    clock = SystemClock()
    settings = read_settings({"PLANNER_DB": str(folder / "bot.db"), "PLANNER_USERS": "*"})
    due_at = clock.now() + AHEAD_MS
    seed = Seed(CHATS, 1, first=due_at, step=0, made=clock.now())
    fill(settings.db, seed)
    async with aiohttp.ClientSession(url) as http:
        await _ask(http, "POST", "/chat/chats", {"ids": list(user_ids(seed))})
        await _ask(http, "PUT", "/chat/faults", FAULTS)
        store = Store(settings.db)
        telegram = Telegram("1:load", base_url=url, connections=0, clock=clock)
        planner = Planner(store, telegram, clock, settings, bot_id=1, local=False, default_zone="UTC", random=Random(1))
        await planner.start()
        await clock.sleep(due_at + MINUTE + 5 * SECOND - clock.now())
        row = await store.read(lambda tx: dict(tx._db.execute(WORST).fetchone()))  # noqa: SLF001
        await planner.stop()
        await telegram.close()
        store.close()
        limited = (await _ask(http, "GET", "/chat/faults", None))["limited"]
    worst = row["worst"] / SECOND if not row["unsent"] else float("inf")
    return {"worst_s": worst, "unsent": row["unsent"], "tries": row["tries"], "limited": float(str(limited))}


async def _ask(http: aiohttp.ClientSession, method: str, path: str, body: object) -> dict[str, object]:
    async with http.request(method, path, json=body) as response:
        response.raise_for_status()
        answer: dict[str, object] = await response.json()
        return answer


def measure() -> dict[str, float]:
    """``worst_s`` is to be at most 60."""
    with tempfile.TemporaryDirectory() as name, running(LOCALCHAT, Path(name)) as (_, url):
        return asyncio.run(burst(Path(name), url))


if __name__ == "__main__":
    say("burst_real_time", measure())
