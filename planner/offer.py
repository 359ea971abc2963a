"""How a bot that nobody owns is claimed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from planner.chat.access import Access
from planner.store import Store
from planner.store.news import News

Say = Callable[[str], None]


class Offer:
    """Tells whoever reads the log how a bot that nobody owns is claimed: at the start, and when its owner has gone."""

    def __init__(self, store: Store, access: Access, say: Say) -> None:
        self._store, self._access, self._say = store, access, say
        self._tasks: set[asyncio.Task[None]] = set()

    async def make(self) -> None:
        code = await self._store.write(self._access.code)
        if code is not None:
            self._say(f"This bot belongs to whoever opens https://t.me/{self._access.name}?start={code} first")

    def again(self, news: News) -> None:
        """A transaction has changed something: somebody may have been forgotten."""
        if news.forgotten:
            task = asyncio.get_running_loop().create_task(self.make())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
