"""A chat command over the local chat's HTTP, for a user with 10,000 events, 30 % of them recurring.

The bot is a process of its own, as ``make run`` has it. A command takes from ``POST /chat/messages`` until
``GET /chat/messages?wait=`` has shown the answer. 200 of them, one after the other: the day, the week, the plan, and
an event added.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

import aiohttp

from bench.product.programs import PLANNER, running
from bench.product.report import quantile, say
from planner import due, service
from planner.clock import SystemClock
from planner.model import DAY, Event
from planner.store import Store, Tx

USER = 1
EVENTS = 10_000
RECURRING_OF_TEN = 3
SPREAD_MS = 200 * DAY
"""Events lie from a fifth of this ago to four fifths ahead: 50 of one day, and hundreds of recurring ones beside."""
RULE = "FREQ=WEEKLY;BYDAY=MO,TH"
COMMANDS = ("/today", "/week", "/plan", "dentist tomorrow at 9:30")
TOLD = 200
WARM_UP = 8
ANSWER_WITHIN_S = 10


def fill(folder: Path) -> None:
    """A user with a life behind and before them."""
    now = SystemClock().now()

    def job(tx: Tx) -> None:
        user = service.welcome(tx, USER, USER, "Alice", "en", "UTC", now)
        for number in range(EVENTS):
            start = now - SPREAD_MS // 5 + number * SPREAD_MS // EVENTS
            rule = RULE if number % 10 < RECURRING_OF_TEN else None
            draft = Event(0, user.id, f"event {number}", due.local_text(start, "UTC"), start, 1_800, False, None, rule,
                                  False, None)  # fmt: skip
            service.add_event(tx, user, draft, now)

    store = Store(folder / "planner.db", inline=True)
    asyncio.run(store.write(job))
    store.close()


class _Chat:
    """A user's side of the local chat."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http
        self._seen = 0

    async def ask(self, text: str) -> float:
        """Seconds from saying it until the bot's answer is seen."""
        began = time.perf_counter()
        async with self._http.post("/chat/messages", json={"chat_id": USER, "text": text}) as response:
            response.raise_for_status()
        while not await self._answered():
            if time.perf_counter() - began > ANSWER_WITHIN_S:
                raise TimeoutError(f"no answer to {text}")
        return time.perf_counter() - began

    async def _answered(self) -> bool:
        query = {"chat_id": USER, "after": self._seen, "wait": ANSWER_WITHIN_S}
        async with self._http.get("/chat/messages", params=query) as response:
            rows = await response.json()
        self._seen = max((row["seq"] for row in rows), default=self._seen)
        return any(row["from"] == "bot" for row in rows)


async def talk(url: str) -> dict[str, float]:
    took: dict[str, list[float]] = {text: [] for text in COMMANDS}
    async with aiohttp.ClientSession(url) as http:
        chat = _Chat(http)
        for number in range(-WARM_UP, TOLD):
            text = COMMANDS[number % len(COMMANDS)]
            seconds = await chat.ask(text)
            if number >= 0:
                took[text].append(seconds * 1e3)
    every = [one for of_text in took.values() for one in of_text]
    medians = {f"{text.split()[0].strip('/')}_median_ms": quantile(of_text, 0.5) for text, of_text in took.items()}
    return {"p99_ms": quantile(every, 0.99), "median_ms": quantile(every, 0.5), "max_ms": max(every), **medians}


def measure() -> dict[str, float]:
    """``p99_ms`` is to be under 50."""
    with tempfile.TemporaryDirectory() as name:
        fill(Path(name))
        environ = {"PLANNER_CHAT_BURST": "1000", "PLANNER_SEND_RATE": "1000", "PLANNER_USERS": "*"}
        with running(PLANNER, Path(name), **environ) as (_, url):
            return asyncio.run(talk(url))


if __name__ == "__main__":
    say("chat_command", measure())
