"""Events found by their words among 10,000 of one user: the search that /find, questions and wishes in words make.

The least of several tries of each: what a search costs, not what else the machine does.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from pathlib import Path

from bench.product.report import say
from planner import search, service
from planner.model import HOUR, Event
from planner.store import Store, Tx

USER, NOW = 1, 1_795_255_200_000
EVENTS = 10_000
SPREAD_H = 2_000
TITLE_WORDS = ("встреча", "стоматолог", "отчёт", "звонок маме", "dentist", "meeting", "report", "running", "в школе")
NOTES = "Nicht vergessen: Unterlagen. " * 3
WANTED = {"some": "стоматолог", "many": "встреча", "stem": "run", "small": "в", "none": "nothing such"}
SHOWN = 20
TRIES = 9


def fill(tx: Tx) -> None:
    dice = random.Random(1)
    service.welcome(tx, USER, USER, "Alice", "en", "UTC", NOW)
    for _ in range(EVENTS):
        title, start = " ".join(dice.choices(TITLE_WORDS, k=3)), NOW + dice.randrange(-SPREAD_H, SPREAD_H) * HOUR
        tx.events.add(
            Event(0, USER, title, "2026-11-21T10:00:00", start, 0, False, None, None, False, (), "Büro", NOTES), NOW
        )


def cost_ms(tx: Tx, wanted: str) -> float:
    user = tx.users.get(USER)
    assert user is not None
    took = []
    for _ in range(TRIES):
        began = time.perf_counter()
        search.loaded(tx, search.find(tx, user, wanted, NOW)[:SHOWN])
        took.append(time.perf_counter() - began)
    return min(took) * 1e3


async def costs(store: Store) -> dict[str, float]:
    await store.write(fill)
    return await store.read(lambda tx: {f"{name}_ms": cost_ms(tx, wanted) for name, wanted in WANTED.items()})


def measure() -> dict[str, float]:
    """``worst_ms`` is to be under 50."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "planner.db", inline=True)
        try:
            found = asyncio.run(costs(store))
        finally:
            store.close()
    return {"worst_ms": max(found.values()), **found}


if __name__ == "__main__":
    say("search_events", measure())
