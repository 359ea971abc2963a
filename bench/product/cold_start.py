"""Start with 1,000,000 pending reminders in the database, until the first that is due leaves.

The file holds 10,000 users with 100 events each, reminded over 30 days from an instant that the file is made for; it
is made once a machine and kept in the system's folder for temporary files. The planner's clock is set to that instant,
where exactly one reminder is a second overdue. Measured, imports done, from opening the file until the planner calls
``sendMessage`` at a caller that accepts all: the claim is on disk by then. The file's pages are in the system's cache.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import cast
from zlib import crc32

from bench.product.report import rss_mb, say
from bench.product.seed import Seed, fill
from planner.bot import Planner
from planner.clock import SystemClock
from planner.config import read_settings
from planner.model import DAY, HOUR, SECOND
from planner.store import Store
from planner.store.schema import MIGRATIONS
from planner.telegram.client import Telegram
from planner.telegram.outcomes import Accepted, Outcome

PENDING = 1_000_000
PER_USER = 100
NOW = 1_795_255_200_000
"""2026-11-21T10:00:00Z: when the planner that is measured starts."""
SEED = Seed(users=PENDING // PER_USER, each=PER_USER, first=NOW - SECOND, step=30 * DAY / PENDING, made=NOW - HOUR)
GIVEN_UP_S = 60


class _Caller:
    """Accepts all; says when the first message came."""

    def __init__(self) -> None:
        self.first = asyncio.Event()

    async def call(self, method: str, params: Mapping[str, object] | None = None) -> Outcome:
        assert method == "sendMessage", params
        self.first.set()
        return Accepted(1)

    async def updates(self, *_: object) -> list[dict[str, object]]:
        await asyncio.Event().wait()
        raise AssertionError


class _Clock(SystemClock):
    """The machine's clock, set to another day."""

    def __init__(self, now: int) -> None:
        super().__init__()
        self._ahead = now - super().now()

    def now(self) -> int:
        return super().now() + self._ahead


def database() -> Path:
    """The file with all that is pending; made where it is not there yet, or was made for another schema."""
    schema = format(crc32("".join(MIGRATIONS).encode()), "08x")
    path = Path(tempfile.gettempdir()) / f"planner-bench-{PENDING}-{schema}.db"
    if not path.exists():
        for outdated in path.parent.glob(f"planner-bench-{PENDING}-*"):
            outdated.unlink()
        made = path.with_name(f"{path.name}.{os.getpid()}")
        fill(made, SEED)
        made.rename(path)
    return path


def put_back(path: Path) -> None:
    """Make what an earlier run sent pending again."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(
        "UPDATE reminders SET state = 'pending', verdict = NULL, attempts = 0, claimed_at = NULL, sent_at = NULL,"
        " message_id = NULL WHERE state <> 'pending'"
    )
    db.execute("DELETE FROM counts")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


async def start(path: Path) -> dict[str, float]:
    before_mb = rss_mb()
    caller, clock = _Caller(), _Clock(NOW)
    settings = read_settings({"PLANNER_DB": str(path), "PLANNER_USERS": "*"})
    began = time.perf_counter()
    store = Store(path)
    planner = Planner(store, cast("Telegram", caller), clock, settings, bot_id=1, local=False, default_zone="UTC",
                      random=Random(1))  # fmt: skip
    await planner.start()
    started = time.perf_counter()
    await asyncio.wait_for(caller.first.wait(), GIVEN_UP_S)
    first = time.perf_counter()
    values = {"first_s": first - began, "started_s": started - began, "held": float(planner.scheduler.held()),
              "rss_mb": rss_mb(), "grown_mb": rss_mb() - before_mb}  # fmt: skip
    await planner.stop()
    store.close()
    return values


def measure() -> dict[str, float]:
    """``first_s`` is to be under 1."""
    path = database()
    put_back(path)
    return asyncio.run(start(path))


if __name__ == "__main__":
    say("cold_start", measure())
