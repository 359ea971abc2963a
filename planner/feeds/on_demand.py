"""Fetching and reading calendars, imported with the first that is linked: nobody pays for what they do not use.

Importing takes a while, so that is done in a thread.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, BinaryIO

from planner.clock import Clock
from planner.telemetry import Telemetry

if TYPE_CHECKING:
    from planner.feeds.apart import Apart
    from planner.feeds.fetch import Fetcher
    from planner.feeds.fetched import Fault, Fetched
    from planner.ics.prepare import Batch, Order


class OnDemand:
    """A :class:`planner.feeds.fetch.Fetcher` and a :class:`planner.feeds.apart.Apart`, made when first asked."""

    def __init__(self, clock: Clock, *, private: bool, max_bytes: int, telemetry: Telemetry | None = None) -> None:
        self._telemetry = telemetry or Telemetry()
        self._clock = clock
        self._private = private
        self._max_bytes = max_bytes
        self._fetcher: Fetcher | None = None
        self._apart: Apart | None = None
        self._making = asyncio.Lock()

    async def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        async with self._making:
            if self._fetcher is None:
                self._fetcher = await asyncio.to_thread(self._make_fetcher)
        return await self._fetcher.fetch(url, etag=etag, modified=modified)

    async def read(self, file: BinaryIO, order: Order) -> Batch | Fault:
        async with self._making:
            if self._apart is None:
                self._apart = await asyncio.to_thread(self._make_apart)
        return await self._apart.read(file, order)

    def _make_fetcher(self) -> Fetcher:
        from planner.feeds.fetch import Fetcher  # noqa: PLC0415  # see above

        return Fetcher(self._clock, private=self._private, max_bytes=self._max_bytes, telemetry=self._telemetry)

    def _make_apart(self) -> Apart:
        from planner.feeds.apart import Apart  # noqa: PLC0415  # see above

        return Apart(self._clock, telemetry=self._telemetry)

    async def close(self) -> None:
        """End the session, if there is one."""
        if self._fetcher is not None:
            await self._fetcher.close()
