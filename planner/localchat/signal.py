"""Waiting for news without missing any."""

from __future__ import annotations

import asyncio
import contextlib


class Signal:
    """Wakes whoever waits for something newer than what they have seen."""

    def __init__(self) -> None:
        self.count = 0
        self.ended = False
        self._waiting: set[asyncio.Future[None]] = set()

    def tell(self, *_: object) -> None:
        """There is news."""
        self.count += 1
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    def end(self) -> None:
        """Nobody waits any longer."""
        self.ended = True
        self.tell()

    async def wait(self, seen: int, timeout_ms: int) -> None:
        """Return once ``count`` is not ``seen`` any more, or after ``timeout_ms``."""
        if self.count != seen or self.ended or timeout_ms <= 0:
            return
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout_ms / 1_000):
                    await waiting
        finally:
            self._waiting.discard(waiting)
