"""A calendar of 20,000 events linked: fetched, read, stored, its reminders set, and 60 days of it expanded.

The planner's own way, in real time on a real disk; the process that reads is counted in. What is the same as what the
libraries give, is said by ``ics_same``.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

from bench.product.ics_libraries import DAYS, EVENTS
from bench.product.report import say
from bench.product.sync_site import a_site, measured, served, today, write_calendar
from planner import recur
from planner.model import SECOND, Feed
from planner.store import Tx


async def imported() -> dict[str, float]:
    with served() as (folder, url):
        write_calendar(folder / "big.ics", EVENTS)
        async with a_site(folder, url) as site:
            feed = await site.link("big.ics")
            async with measured() as cost:
                outcome = await site.attempt(feed)
            events = await site.store.read(lambda tx: tx.feed_events.count(feed.id))
            expanded_s = await site.store.read(lambda tx: _expanded(tx, feed))
        assert (outcome, events > EVENTS) == ("linked", True), (outcome, events)
    return {
        "cpu_s": cost.cpu_s + expanded_s,
        "import_s": cost.cpu_s,
        "expand_s": expanded_s,
        "wall_s": cost.wall_s,
        "peak_mb": cost.own_mb + cost.others_mb,
        "own_mb": cost.own_mb,
        "others_mb": cost.others_mb,
        "events": events,
    }


def _expanded(tx: Tx, feed: Feed) -> float:
    """CPU of every start within 60 days, from what is stored: what a look at any of these days is made of."""
    begin = today()
    window = {"after": _ms(begin), "before": _ms(begin + timedelta(days=DAYS)), "limit": 10**6}
    events = tx.feed_events.current(feed.id, 0)
    began = time.process_time()
    for event in events:
        recur.starts(event, event.zone or "UTC", **window)
    return time.process_time() - began


def _ms(at: datetime) -> int:
    return round(at.timestamp()) * SECOND


def measure() -> dict[str, float]:
    """``cpu_s`` is to be at most 0.25 times that of the libraries, and ``peak_mb`` 0.35 times."""
    return asyncio.run(imported())


if __name__ == "__main__":
    say("ics_import", measure())
