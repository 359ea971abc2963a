"""What the promises cost to look at, over 1,000,000 settled reminders and 1,000,000 syncs, a year of each.

``status_ms`` is what ``planner.py slo status`` takes beyond the interpreter's own start, ``evaluation_ms`` a look at
every alert of every promise as the bot makes one each ten seconds, with an alert open in each promise: that is the dear
case, since what was never bad is passed over. The least of several tries: what it costs, not what else there is to do.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from bench.product.programs import PLANNER, environment
from bench.product.report import say
from planner import promises
from planner.alerts import Alerts
from planner.clock import SystemClock
from planner.model import BUCKET_MS, DAY
from planner.slo.alerts import rules
from planner.store import Store

SETTLED = 1_000_000
DAYS = 365
TRIES = 9
USERS = 200
BAD_EVERY = 10
"""So many of each kind, one is bad: every alert holds."""


def fill(path: Path, now: int) -> None:
    """A year as the planner would have left it: rows, kept counts and totals, by SQL alone."""
    Store(path, inline=True).close()
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous=OFF")
    db.execute("BEGIN")
    given = {"n": SETTLED, "first": now - DAYS * DAY, "step": DAYS * DAY // SETTLED, "users": USERS, "bad": BAD_EVERY,
             "bucket": BUCKET_MS}  # fmt: skip
    series = "WITH RECURSIVE s (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i + 1 < :n)"
    db.execute(
        "INSERT INTO users (id, chat_id, name, lang, zone, zone_assumed, leads_s, plans_until, created_at)"
        f" {series.replace(':n', ':users')} SELECT i + 1, i + 1, 'user', 'en', 'UTC', 0, '[0]', 0, 0 FROM s",
        given,
    )
    db.execute(
        "INSERT INTO reminders (user_id, kind, occurrence_at, due_at, ready_at, expires_at, asked_for, state, verdict,"
        " attempts, claimed_at, sent_at, message_id)"
        f" {series} SELECT i % :users + 1, 'snooze', at, at, at, at, 1, 'sent', iif(i % :bad, 'good', 'bad'), 1, at,"
        " at + iif(i % :bad, 200, 90000), i FROM (SELECT i, :first + i * :step AS at FROM s)",
        given,
    )
    db.execute(
        "INSERT INTO syncs (feed_id, user_id, started_at, took_ms, outcome)"
        f" {series} SELECT i % 9, i % :users + 1, :first + i * :step, 90, iif(i % :bad, 'ok', 'timeout') FROM s",
        given,
    )
    counted = {"reminders": "SELECT due_at AS at, verdict = 'good' AS good FROM reminders",
               "syncs": "SELECT started_at AS at, outcome = 'ok' AS good FROM syncs"}  # fmt: skip
    for slo, rows in counted.items():
        db.execute(
            f"INSERT INTO counts SELECT '{slo}', at - at % :bucket, sum(good), sum(1 - good) FROM ({rows}) GROUP BY 2",
            given,
        )
    for slo in {one.counts for one in promises.load().slos} - counted.keys():
        db.execute("INSERT INTO counts SELECT ?, bucket_at, good, bad FROM counts WHERE slo = 'syncs'", (slo,))
    db.execute("INSERT INTO totals SELECT 'sli/' || slo || '/good', sum(good) FROM counts GROUP BY slo")
    db.execute("INSERT INTO totals SELECT 'sli/' || slo || '/bad', sum(bad) FROM counts GROUP BY slo")
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def least_ms(run: Callable[[], object]) -> float:
    took = []
    for _ in range(TRIES):
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
    return min(took) * 1e3


def status_ms(folder: Path) -> float:
    """Beyond what the same interpreter takes to do nothing."""
    settings = environment(PLANNER_DB=str(folder / "planner.db"))

    def run(*arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], cwd=folder, env=settings, stdout=subprocess.DEVNULL, check=False)

    return least_ms(lambda: run(*PLANNER, "slo", "status")) - least_ms(lambda: run("-c", "pass"))


async def looks_ms(path: Path, now: int) -> dict[str, float]:
    """One look with every alert open, and how many there are."""
    slos = promises.load().slos
    store = Store(path, inline=True)
    try:
        logging.disable()  # each alert that fires says so
        alerts, took = Alerts(store, slos, None), []
        for number in range(TRIES + 1):
            began = time.perf_counter()
            await alerts.look(now + number)
            took.append(time.perf_counter() - began)
        began = time.perf_counter()
        await promises.read(store, slos, now)
        read = time.perf_counter() - began
        firing = len(await store.read(lambda tx: tx.alerts.open()))
    finally:
        logging.disable(logging.NOTSET)
        store.close()
    return {
        "evaluation_ms": min(took[1:]) * 1e3,
        "first_evaluation_ms": took[0] * 1e3,
        "statuses_ms": read * 1e3,
        "open_alerts": firing,
        "rules": sum(1 for slo in slos for _ in rules(slo)),
    }


@lru_cache(maxsize=1)
def measure() -> dict[str, float]:
    """``status_ms`` is to be under 50, ``evaluation_ms`` under 5."""
    now = SystemClock().now()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        fill(folder / "planner.db", now)
        filled = time.perf_counter() - began
        looked = asyncio.run(looks_ms(folder / "planner.db", now))
        return {"status_ms": status_ms(folder), **looked, "filled_s": filled}


if __name__ == "__main__":
    say("slo", measure())
