"""A sync loop on a store of its own, without a chat: calendars by the hundred, put there as a link leaves them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

from planner.model import Feed, User
from planner.store import Store, Tx
from planner.sync import Sync
from tests.virtual import FakeClock
from tests.watched import Watched
from tests.web import Web


class Syncing:
    def __init__(self, folder: Path, clock: FakeClock, seed: int = 1, *, sampled: bool = True) -> None:
        self.clock = clock
        self.web = Web(clock)
        self.watched = Watched(clock, sampled=sampled)
        telemetry = self.watched.telemetry
        self.store = Store(folder / "planner.db", inline=True, telemetry=telemetry)
        self.sync = Sync(self.store, self.web, self.web, clock, Random(seed), max_events=50_000, owns=_nobody,
                         telemetry=telemetry)  # fmt: skip
        self.store.listen(self.sync.changed)

    async def user(self, number: int = 1) -> User:
        user = User(number, number, "", "en", "UTC", False, None, (900,), None, False)
        await self.store.write(lambda tx: tx.users.add(user, self.clock.now()))
        return user

    async def linked(self, user: User, urls: list[str], **fields: object) -> list[Feed]:
        """Calendars that are linked, and due now unless said otherwise."""
        now = self.clock.now()

        def job(tx: Tx) -> list[Feed]:
            feeds = [tx.feeds.add(user.id, url, "🟦", now) for url in urls]
            made = {"linked_at": now, "ok_at": now, "asked_at": None, **fields}
            linked = [replace(feed, **made) for feed in feeds]
            for feed in linked:
                tx.feeds.save(feed)
            return linked

        return await self.store.write(job)

    async def feeds(self, user_id: int = 1) -> list[Feed]:
        return await self.store.read(lambda tx: tx.feeds.of_user(user_id))

    async def query(self, sql: str, *parameters: object) -> list[dict[str, object]]:
        return await self.store.read(lambda tx: [dict(row) for row in tx._db.execute(sql, parameters)])


def _nobody(_: Tx, __: int) -> bool:
    return False


@asynccontextmanager
async def syncing(folder: Path, clock: FakeClock, *, sampled: bool = True) -> AsyncIterator[Syncing]:
    """With its loop at work."""
    one = Syncing(folder, clock, sampled=sampled)
    loop = asyncio.get_running_loop().create_task(one.sync.run())
    try:
        yield one
    finally:
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
        one.store.close()
