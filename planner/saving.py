"""Saving what has happened, however long the disk takes to let us: doing it again would be the worse answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from planner.clock import Clock
from planner.hindrances import REFUSED, Hindrances
from planner.model import SECOND
from planner.store import Store, Tx
from planner.store.db import UnavailableError

log = logging.getLogger(__name__)

T = TypeVar("T")

AGAIN_MS = 1 * SECOND
DO = "see to what its cause names (another program, the disk, who may write); what is owed waits and is sent then"


class Saving:
    """Tries again while the database refuses: full, locked, or gone. One line when it begins, one when it is over."""

    def __init__(self, store: Store, clock: Clock, hindrances: Hindrances | None = None) -> None:
        self._store = store
        self._clock = clock
        self._hindrances = hindrances or Hindrances()
        self._refused = 0
        self._since = 0

    async def insist(self, attempt: Callable[[], Awaitable[T]], what: str) -> T:
        """``what``: a word for the log. Raises whatever ``attempt`` raises, but that the database is unavailable."""
        try:
            return await attempt()
        except UnavailableError as error:
            self._begin(what, error)
        stopped = False
        try:
            while True:
                await self._clock.sleep(AGAIN_MS)
                with suppress(UnavailableError):
                    return await attempt()
        except asyncio.CancelledError:
            stopped = True
            raise
        finally:
            self._end(stopped=stopped)

    def _begin(self, what: str, error: UnavailableError) -> None:
        if not self._refused:
            self._since = self._clock.now()
            log.error("db.refuses", extra={"at": what, "cause": str(error), "do": DO})
        self._refused += 1

    def _end(self, *, stopped: bool) -> None:
        """It is over when it is for all who wait; not where they wait no longer."""
        self._refused -= 1
        if not self._refused and not stopped:
            now = self._clock.now()
            self._hindrances.note(REFUSED, self._since, now)
            log.info("db.accepts", extra={"seconds": (now - self._since) // SECOND})

    async def read(self, job: Callable[[Tx], T], what: str) -> T:
        return await self.insist(lambda: self._store.read(job), what)

    async def write(self, job: Callable[[Tx], T], what: str, *, hurry: bool = True) -> T:
        return await self.insist(lambda: self._store.write(job, hurry=hurry), what)
