"""How many messages went out of late: what the totals stood at, hour by hour, for a day."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from planner.model import HOUR
from planner.store.settings import Settings
from planner.store.totals import Totals

HOURS = 24
HOURLY = "messages by hour"
"""The setting with what the total stood at when each of the last hours (since the epoch) was first seen."""
MESSAGES = tuple(f"messages/{kind}" for kind in ("event", "plan", "snooze", "answer"))


class Lately(NamedTuple):
    """So many messages within so many ms, a day or what there is of it."""

    messages: int
    within_ms: int


class Hourly:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._settings = Settings(connection)
        self._totals = Totals(connection)

    def note(self, now: int) -> None:
        """Once an hour is often enough, more often does no harm. What a clock that was ahead has left behind goes."""
        hour, seen = now // HOUR, self._seen()
        if not seen or seen[-1][0] != hour:
            kept = [(at, total) for at, total in seen if hour - HOURS <= at < hour]
            self._settings.put(HOURLY, json.dumps([*kept, (hour, self._sent())]))

    def lately(self, now: int) -> Lately:
        """Since the hour that began a day ago, or since the first that was seen."""
        seen = [(at, total) for at, total in self._seen() if now // HOUR - HOURS <= at <= now // HOUR]
        if not seen:
            return Lately(0, 0)
        at, total = seen[0]
        return Lately(self._sent() - total, now - at * HOUR)

    def _seen(self) -> list[tuple[int, int]]:
        return [(at, total) for at, total in json.loads(self._settings.get(HOURLY) or "[]")]

    def _sent(self) -> int:
        totals = self._totals.read()
        return sum(totals.get(name, 0) for name in MESSAGES)
