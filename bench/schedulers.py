"""The planner's timers and its peers behind one face: set timers, be told which fire.

Whatever fires starts a task that calls ``fired(key)``, as a bot's scheduler would start a coroutine.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from heapq import heappop, heappush
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]  # ships no types

from planner.clock import SystemClock
from planner.scheduler import Timers

Fired = Callable[[int], None]


class Scheduler(Protocol):
    """Made inside a running loop."""

    def __init__(self, fired: Fired) -> None: ...

    def add(self, key: int, due_ms: int) -> None:
        """Fire ``key`` at this instant, UTC ms."""
        ...


class _Tasks:
    def __init__(self, fired: Fired) -> None:
        self._fired = fired
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, key: int) -> None:
        task = self._loop.create_task(self._run(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, key: int) -> None:
        self._fired(key)


class Planner:
    """The planner's own."""

    def __init__(self, fired: Fired) -> None:
        self._tasks = _Tasks(fired)
        self._timers: Timers[int] = Timers(SystemClock(), self._fire)

    def add(self, key: int, due_ms: int) -> None:
        self._timers.set(key, due_ms)

    def _fire(self, keys: list[int]) -> None:
        for key in keys:
            self._tasks.start(key)


class Heapq:
    """The least that can work: a heap of tuples and one ``call_at``. It cannot cancel."""

    def __init__(self, fired: Fired) -> None:
        self._tasks = _Tasks(fired)
        self._loop = asyncio.get_running_loop()
        self._heap: list[tuple[int, int]] = []
        self._armed: asyncio.TimerHandle | None = None
        self._armed_for = 0
        self._offset = time.time() - self._loop.time()

    def add(self, key: int, due_ms: int) -> None:
        heappush(self._heap, (due_ms, key))
        if self._armed is None or due_ms < self._armed_for:
            self._arm()

    def _arm(self) -> None:
        if self._armed is not None:
            self._armed.cancel()
        self._armed_for = self._heap[0][0]
        self._armed = self._loop.call_at(self._armed_for / 1_000 - self._offset, self._wake)

    def _wake(self) -> None:
        self._armed = None
        now = time.time() * 1_000
        while self._heap and self._heap[0][0] <= now:
            self._tasks.start(heappop(self._heap)[1])
        if self._heap:
            self._arm()


class CallLater:
    """``loop.call_later`` for each; the handle is kept, since without it nothing can be cancelled."""

    def __init__(self, fired: Fired) -> None:
        self._tasks = _Tasks(fired)
        self._loop = asyncio.get_running_loop()
        self._handles: dict[int, asyncio.TimerHandle] = {}

    def add(self, key: int, due_ms: int) -> None:
        self._handles[key] = self._loop.call_later(due_ms / 1_000 - time.time(), self._fire, key)

    def _fire(self, key: int) -> None:
        del self._handles[key]
        self._tasks.start(key)


class APScheduler:
    """APScheduler 3 with jobs in memory, told never to drop a late one."""

    grace: dict[str, object] = {"misfire_grace_time": None}  # noqa: RUF012  # a subclass has another

    def __init__(self, fired: Fired) -> None:
        async def run(key: int) -> None:
            fired(key)

        self._run = run
        self.scheduler = AsyncIOScheduler(timezone=UTC)
        self.scheduler.start()

    def add(self, key: int, due_ms: int) -> None:
        due = datetime.fromtimestamp(due_ms / 1_000, UTC)
        self.scheduler.add_job(self._run, "date", run_date=due, args=(key,), **self.grace)

    def hold(self, count: int, last_ms: int) -> None:
        """Hold ``count`` jobs more, evenly due until ``last_ms``: one real job stands for all, the list is as long.

        Filling its sorted list with a million jobs one by one takes two minutes.
        """
        store = self.scheduler._jobstores["default"]  # noqa: SLF001
        job, first = store._jobs[-1][0], time.time()  # noqa: SLF001
        step = (last_ms / 1_000 - first) / max(1, count)
        held = [(job, first + step * nth) for nth in range(1, count + 1)]
        store._jobs = sorted([*store._jobs, *held], key=lambda entry: entry[1])  # noqa: SLF001


class APSchedulerDefault(APScheduler):
    """As it comes: what is later than a second is dropped."""

    grace: dict[str, object] = {}  # noqa: RUF012  # see above
