"""``getUpdates``: long polling with one poller at a time.

https://core.telegram.org/bots/api#getupdates
"""

from __future__ import annotations

import json
import sqlite3

from planner.clock import Clock
from planner.localchat import state
from planner.localchat.errors import CONFLICT, CONFLICT_TEXT, Refusal, bad
from planner.localchat.params import Params
from planner.localchat.signal import Signal
from planner.store.db import Database

LIMIT = 100
TIMEOUT_MAX_S = 50
RECENT_MS = 5_000
"""A bot that has polled this recently counts as running."""

Updates = list[dict[str, object]]


class Polling:
    """The bot's side of the queue of updates. A newer poll ends one that waits, with Telegram's 409."""

    def __init__(self, db: Database, clock: Clock, news: Signal) -> None:
        self._db = db
        self._clock = clock
        self._latest = 0
        self._waiting = 0
        self._last_ms: int | None = None
        self._news = news
        self.arrived = Signal()

    def bot_runs(self) -> bool:
        """Whether a bot polls, or did just now."""
        return self._waiting > 0 or (self._last_ms is not None and self._clock.mono() - self._last_ms < RECENT_MS)

    async def updates(self, params: Params) -> Updates:
        """What waits from ``offset`` on; what stands before it is confirmed by asking."""
        limit = min(max(params.integer("limit", LIMIT), 1), LIMIT)
        timeout_ms = min(max(params.integer("timeout"), 0), TIMEOUT_MAX_S) * 1_000
        wanted = _kinds(params)
        self._latest += 1
        mine, until = self._latest, self._clock.mono() + timeout_ms
        self.arrived.tell()
        if not self.bot_runs():
            self._news.tell()
        self._waiting += 1
        try:
            while True:
                seen = self.arrived.count
                found = await self._fetch(params.integer("offset"), limit, wanted)
                if found or self.arrived.ended or self._clock.mono() >= until:
                    return found
                await self.arrived.wait(seen, until - self._clock.mono())
                if self._latest != mine:
                    raise Refusal(CONFLICT, CONFLICT_TEXT)
        finally:
            self._waiting -= 1
            self._last_ms = self._clock.mono()

    async def _fetch(self, offset: int, limit: int, wanted: str | None) -> Updates:
        now = self._clock.now()

        def job(connection: sqlite3.Connection) -> tuple[int, Updates]:
            if wanted is not None and state.fact(connection, "allowed_updates") != wanted:
                state.put_fact(connection, "allowed_updates", wanted)
            return state.confirm(connection, offset, now), state.updates(connection, limit)

        gone, found = await self._db.write(job)
        if gone:
            self._news.tell()
        return found


def _kinds(params: Params) -> str | None:
    """``allowed_updates`` as kept; absent means as before, an empty list means the usual ones."""
    kinds = params.json("allowed_updates", "can't parse allowed updates JSON object")
    if kinds is None:
        return None
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise bad("expected an Array of String as allowed_updates")
    return json.dumps(kinds)
