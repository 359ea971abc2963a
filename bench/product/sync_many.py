"""1,000 feeds of 200 events on a 15-minute interval: the share of a core that keeping them up to date takes.

Each is linked, and then one whole round of syncs is made fifteen times as fast as it comes, in a minute: the CPU of it,
of the processes that read included, is that of a quarter of an hour. Of the feeds a tenth has changed since, and of the
others half answer 304, and half send the same bytes. Late is how long after its turn a sync begins. ``all_new_percent``
is what it would be if every feed were another one every time: it is what linking them took.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bench.product.report import quantile, say
from bench.product.sync_site import ALICE, SyncSite, a_site, measured, now, served, write_calendar
from planner.model import MINUTE, SECOND
from planner.store import Tx

FEEDS, EVENTS, BODIES = 1_000, 200, 10
HOSTS = 250
"""Addresses of loopback, each of them a host to the planner."""
EVERY_MIN = 15
EVERY_S = EVERY_MIN * MINUTE / SECOND
ROUND_MS = MINUTE
LOOK_S = 0.5
LONGEST_S = 600


async def many() -> dict[str, float]:
    with served() as (folder, url):
        for body in range(BODIES):
            write_calendar(folder / f"{body}.ics", EVENTS, seed=body)
        async with a_site(folder, url) as site:
            port = int(url.rpartition(":")[2])
            await site.store.write(lambda tx: _link(tx, port))
            running = asyncio.create_task(site.sync.run())
            async with measured() as first:
                await _until(site, "SELECT count(*) FROM feeds WHERE linked_at IS NULL")
            for body in range(BODIES):
                write_calendar(folder / f"{body}.ics", EVENTS, seed=body, changed=1 if body == 0 else None)
            begin = now() + SECOND
            await site.store.write(lambda tx: _spread(tx, begin))
            async with measured() as again:
                await _until(site, f"SELECT {FEEDS} - count(DISTINCT feed_id) FROM syncs WHERE started_at >= {begin}")
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            lates = await site.store.read(lambda tx: _lates(tx, begin))
            outcomes = await site.store.read(lambda tx: tx.totals.read())
    return {
        "core_percent": again.cpu_s / EVERY_S * 100,
        "all_new_percent": first.cpu_s / EVERY_S * 100,
        "late_max_s": max(lates),
        "late_p99_s": quantile(lates, 0.99),
        "sync_ms": again.cpu_s / FEEDS * 1e3,
        "first_sync_ms": first.cpu_s / FEEDS * 1e3,
        "first_wall_s": first.wall_s,
        "ok": outcomes.get("sync/ok", 0),
        "not_modified": outcomes.get("sync/not_modified", 0),
    }


def _link(tx: Tx, port: int) -> None:
    for number in range(FEEDS):
        host, body = f"127.0.0.{1 + number % HOSTS}", number % BODIES
        plain = "plain/" if body % 2 else ""
        tx.feeds.add(ALICE, f"http://{host}:{port}/{plain}{body}.ics?{number}", "🟦", now())


def _spread(tx: Tx, begin: int) -> None:
    """Let each have its turn within the round, as they have within an interval."""
    tx._db.execute("UPDATE feeds SET every_min = ?, next_at = ? + id * ? / ?", (EVERY_MIN, begin, ROUND_MS, FEEDS))  # noqa: SLF001
    tx.news.feeds = True


def _lates(tx: Tx, begin: int) -> list[float]:
    rows = tx._db.execute(  # noqa: SLF001
        "SELECT min(started_at) - (?1 + feed_id * ?2 / ?3) FROM syncs WHERE started_at >= ?1 GROUP BY feed_id",
        (begin, ROUND_MS, FEEDS),
    )
    return [max(0, row[0]) / SECOND for row in rows]


async def _until(site: SyncSite, left: str) -> None:
    async with asyncio.timeout(LONGEST_S):
        while await site.store.read(lambda tx: tx._db.execute(left).fetchone()[0]):  # noqa: ASYNC110, SLF001
            await asyncio.sleep(LOOK_S)


def measure() -> dict[str, float]:
    """``core_percent`` is to be under 25, ``late_max_s`` at most 60."""
    return asyncio.run(many())


if __name__ == "__main__":
    say("sync_many", measure())
