"""What to export of metrics: asked of whoever knows all of it, on the event loop; else of the process alone."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Awaitable, Callable

from planner.catalogue import all_metrics
from planner.catalogue.metric import Reading
from planner.telemetry.registry import Registry

READ_S = 2.0
"""So long the exporting thread waits for the event loop and the database."""
LAST_READ_S = 1.0

Read = Callable[[], Awaitable[list[Reading]]]


class Source:
    """Asked by the exporting thread."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._observed: tuple[Read, asyncio.AbstractEventLoop] | None = None
        self._last: list[Reading] = []

    def observe(self, read: Read, loop: asyncio.AbstractEventLoop) -> None:
        self._observed = read, loop

    async def unobserve(self) -> None:
        """Ask once more, and for what is in the database keep the answer: it does not change any longer."""
        if self._observed is None:
            return
        read, _ = self._observed
        self._observed = None
        try:
            found = await asyncio.wait_for(_all(read), LAST_READ_S)
        except Exception:  # noqa: BLE001  # whatever it was, the stop goes on
            return
        self._last = [reading for reading in found if reading.metric.kept]

    def __call__(self) -> list[Reading]:
        """Everything, or after ``READ_S`` what the process knows."""
        if self._observed is not None:
            read, loop = self._observed
            found = _asked(read, loop)
            if found is not None:
                return found
        return [*self._last, *self._registry.read(all_metrics())]


def _asked(read: Read, loop: asyncio.AbstractEventLoop) -> list[Reading] | None:
    asking = _all(read)
    try:
        future = asyncio.run_coroutine_threadsafe(asking, loop)
    except RuntimeError:  # the loop is closed
        asking.close()
        return None
    try:
        return future.result(READ_S)
    except (Exception, concurrent.futures.CancelledError):  # noqa: BLE001  # a database that does not answer, for one
        future.cancel()
        return None


async def _all(read: Read) -> list[Reading]:
    return await read()
