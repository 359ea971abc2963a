"""The planner's own way from a calendar's address to the store, real time, real disk, and what it costs."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bench.product.programs import ROOT, running
from bench.product.report import quantile, rss_mb
from planner import service
from planner.clock import SystemClock
from planner.feeds.on_demand import OnDemand
from planner.model import Feed
from planner.pauses import COLLECTED_AFTER, THREAD_TURN_S
from planner.store import Store
from planner.sync import Sync

SERVER = ("-m", "bench.product.sync_server")
MEGABYTE = 2**20
EVENTS_MAX = 50_000
ALICE = 1
TICK_S = 0.002
LOOK_S = 0.03
"""Between two looks at the memory of the processes below this one."""


@dataclass(slots=True)
class Cost:
    """What a stretch of work cost: CPU of this process and those below it, wall time, memory, and the loop's lag.

    ``own_mb`` is what this process held at most beyond what it held before, ``others_mb`` all that those below it held.
    """

    cpu_s: float = 0.0
    wall_s: float = 0.0
    own_mb: float = 0.0
    others_mb: float = 0.0
    lags_s: list[float] = field(default_factory=list)

    def lag_ms(self, share: float) -> float:
        return quantile(self.lags_s, share) * 1e3


@dataclass(frozen=True, slots=True)
class SyncSite:
    """A store with alice in it, and the engine of its feeds; what is in ``folder`` is served at ``url``."""

    store: Store
    sync: Sync
    folder: Path
    url: str

    async def link(self, name: str) -> Feed:
        return await self.store.write(lambda tx: tx.feeds.add(ALICE, f"{self.url}/{name}", "🟦", now()))

    async def attempt(self, feed: Feed) -> str:
        """One sync; how it ended."""
        await self.sync._attempt(feed)  # noqa: SLF001  # at once, without waiting for its turn
        last = await self.store.read(lambda tx: tx.syncs.last(feed.id))
        return "linked" if last is None else str(last.outcome)


def undisturbed() -> None:
    """As the planner's start has it for its event loop, and before other programs of this machine where that may be."""
    sys.setswitchinterval(THREAD_TURN_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER)
    with suppress(PermissionError):
        os.nice(-10)


def now() -> int:
    return SystemClock().now()


def write_calendar(path: Path, count: int, *, changed: int | None = None, seed: int = 1) -> None:
    """In a process of its own: making it takes memory that is none of the planner's."""
    code = (
        "import sys; from pathlib import Path; from datetime import date; from bench.product.ics import calendar;"
        f" Path(sys.argv[1]).write_bytes(calendar({count}, date.fromisoformat(sys.argv[2]), seed={seed},"
        f" changed={changed}))"
    )
    subprocess.run([sys.executable, "-c", code, str(path), today().date().isoformat()], check=True, cwd=ROOT)


def today() -> datetime:
    """The day's beginning, UTC."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


@asynccontextmanager
async def a_site(folder: Path, url: str) -> AsyncIterator[SyncSite]:
    clock = SystemClock()
    store = Store(folder / "planner.db")
    feeds = OnDemand(clock, private=True, max_bytes=20 * MEGABYTE)
    sync = Sync(store, feeds, feeds, clock, Random(1), max_events=EVENTS_MAX, owns=lambda *_: True)
    store.listen(sync.changed)
    await store.write(lambda tx: service.welcome(tx, ALICE, ALICE, "Alice", "en", "Europe/Berlin", now()))
    try:
        yield SyncSite(store, sync, folder, url)
    finally:
        await feeds.close()
        store.close()


@contextmanager
def served() -> Iterator[tuple[Path, str]]:
    """A folder, and the address that it is served at."""
    with tempfile.TemporaryDirectory() as name, running(SERVER, Path(name)) as (_, url):
        yield Path(name), url


@asynccontextmanager
async def measured(*, lag: bool = False) -> AsyncIterator[Cost]:
    """Measure what is done within. ``lag``: with a timer of 2 ms beside it, which costs CPU of its own."""
    cost, held = Cost(), rss_mb()
    beside = [_look(cost, set(_below())), *([_tick(cost)] if lag else [])]
    tasks = [asyncio.create_task(work) for work in beside]
    cpu, began = _cpu_s(), time.perf_counter()
    try:
        yield cost
    finally:
        cost.wall_s, cost.cpu_s = time.perf_counter() - began, _cpu_s() - cpu
        for task in tasks:
            task.cancel()
        cost.own_mb = max(0.0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024 - held)


def _cpu_s() -> float:
    """Of this process and of those below it that have ended; the server has not."""
    return time.process_time() + sum(os.times()[2:4])


async def _tick(cost: Cost) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(TICK_S)
        cost.lags_s.append(time.perf_counter() - before - TICK_S)


async def _look(cost: Cost, others: set[int]) -> None:
    while True:
        cost.others_mb = max(cost.others_mb, sum(_high_mb(pid) for pid in _below() if pid not in others))
        await asyncio.sleep(LOOK_S)


def _below() -> list[int]:
    return [int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]


def _high_mb(pid: int) -> float:
    """The most that a process has held (VmHWM), in MB."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1_024
    return 0.0
