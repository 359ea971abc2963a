"""The event loop's lag while a calendar of 20,000 events is linked: how late a timer of 2 ms is, from start to end."""

from __future__ import annotations

import asyncio

from bench.product.ics_libraries import EVENTS
from bench.product.report import say
from bench.product.sync_site import a_site, measured, served, undisturbed, write_calendar


async def linked() -> dict[str, float]:
    with served() as (folder, url):
        write_calendar(folder / "big.ics", EVENTS)
        async with a_site(folder, url) as site:
            feed = await site.link("big.ics")
            undisturbed()
            async with measured(lag=True) as cost:
                assert await site.attempt(feed) == "linked"
    return {
        "p99_ms": cost.lag_ms(0.99),
        "p999_ms": cost.lag_ms(0.999),
        "max_ms": cost.lag_ms(1),
        "wall_s": cost.wall_s,
    }


def measure() -> dict[str, float]:
    """``p99_ms`` is to be under 5."""
    return asyncio.run(linked())


if __name__ == "__main__":
    say("ics_lag", measure())
