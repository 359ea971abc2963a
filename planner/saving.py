"""Saving what has happened, however long the disk takes to let us: doing it again would be the worse answer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from planner.clock import Clock
from planner.model import SECOND
from planner.store import Store, Tx
from planner.store.db import UnavailableError

log = logging.getLogger(__name__)

T = TypeVar("T")

AGAIN_MS = 1 * SECOND


class Saving:
    """Tries again and again while the database refuses: full, locked, or gone. Said once, however long it takes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def insist(self, attempt: Callable[[], Awaitable[T]], what: str) -> T:
        """``what``: a word for the log. Raises whatever ``attempt`` raises, but that the database is unavailable."""
        refused = False
        while True:
            try:
                return await attempt()
            except UnavailableError as error:
                if not refused:
                    log.error("db.refuses", extra={"at": what, "cause": str(error),
                                                   "do": "it is tried again every second"})  # fmt: skip
                refused = True
                await self._clock.sleep(AGAIN_MS)

    async def read(self, job: Callable[[Tx], T], what: str) -> T:
        return await self.insist(lambda: self._store.read(job), what)

    async def write(self, job: Callable[[Tx], T], what: str, *, hurry: bool = True) -> T:
        return await self.insist(lambda: self._store.write(job, hurry=hurry), what)
