"""What stops the event loop: Python's own pauses, made shorter or rarer, and how long all of them are."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from planner.catalogue import process
from planner.clock import NS, ticks
from planner.telemetry.registry import Registry

THREAD_TURN_S = 0.001
"""The store's threads give way to the event loop after so long, instead of 5 ms."""
COLLECTED_AFTER = 10_000
"""So many new objects make a garbage collection, instead of 700: hundreds of requests under way are no garbage."""
LOOK_S = 0.5
"""So often it is looked at how late the event loop is."""
WAITING_MAX = 10_000
"""Collections that are kept until the next look."""


def shorten() -> None:
    """When all is made that stays: these pauses cost a burst its pace."""
    sys.setswitchinterval(THREAD_TURN_S)
    gc.collect()
    gc.freeze()  # what start-up made stays; a full collection of it would stop the loop for tens of milliseconds
    gc.set_threshold(COLLECTED_AFTER)


@contextmanager
def measured(registry: Registry) -> Iterator[None]:
    """Within this, how late timers fire and how long collections take is recorded. Call it in the event loop."""
    collections = _Collections()
    looks = _Looks(registry, asyncio.get_running_loop(), collections)
    looks.again()
    gc.callbacks.append(collections)
    try:
        yield
    finally:
        gc.callbacks.remove(collections)
        looks.stop()


class _Looks:
    """By the loop's own timers, so that it is what any other timer would have had."""

    def __init__(self, registry: Registry, loop: asyncio.AbstractEventLoop, collections: _Collections) -> None:
        self._registry = registry
        self._loop = loop
        self._collections = collections
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0

    def again(self) -> None:
        self._due = self._loop.time() + LOOK_S
        self._timer = self._loop.call_at(self._due, self._fired)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _fired(self) -> None:
        self._registry.record(process.LOOP_LAG, max(0.0, self._loop.time() - self._due))
        for seconds, generation in self._collections.taken():
            self._registry.record(process.GC_PAUSE, seconds, str(generation))
        self.again()


class _Collections:
    """Called by the collector before and after, in whichever thread has set it off; only one runs at a time.

    That may be a thread which holds the registry's lock just then, so what is measured waits here to be recorded.
    """

    def __init__(self) -> None:
        self._began = 0
        self._waiting: deque[tuple[float, int]] = deque(maxlen=WAITING_MAX)

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._began = ticks()
        elif self._began:
            self._waiting.append(((ticks() - self._began) / NS, info["generation"]))

    def taken(self) -> Iterator[tuple[float, int]]:
        """What waits: seconds and the generation that was collected."""
        while self._waiting:
            yield self._waiting.popleft()
