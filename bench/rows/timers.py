"""Timers in memory: adding, holding and firing them, beside APScheduler, ``call_later`` and a bare heap."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from random import Random

from bench.schedulers import APScheduler, APSchedulerDefault, CallLater, Heapq, Planner, Scheduler
from bench.table import OURS, Measure, Row, Target, at_least, at_least_times, at_most, at_most_times

HOUR_MS = 3_600_000
MONTH_MS = 30 * 24 * HOUR_MS
MANY = 1_000_000
OTHERS = 100_000
SAMPLE = 500
LEAD_MS = 2_000
"""So long before the first is due, adding begins: longer than the slowest peer takes to add them all."""

HEAPQ, CALL_LATER, APS = "heapq", "call_later", "APScheduler"
SUBJECTS: dict[str, type[Scheduler]] = {OURS: Planner, HEAPQ: Heapq, CALL_LATER: CallLater, APS: APScheduler}


def ignore(_key: int) -> None:
    """What fires long after the measurement is over."""


def some_time(count: int) -> list[int]:
    """Instants anywhere between three hours and thirty days from now."""
    random, now = Random(1), now_ms()
    return [now + random.randrange(3 * HOUR_MS, MONTH_MS) for _ in range(count)]


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def add_rate(kind: type[Scheduler]) -> float:
    """Timers added a second, from none held to a million."""
    dues = some_time(MANY)
    scheduler = kind(ignore)
    begun = time.perf_counter()
    for key, due in enumerate(dues):
        scheduler.add(key, due)
    return MANY / (time.perf_counter() - begun)


async def add_rate_sampled() -> float:
    """The same of APScheduler, from samples with none to a million held: its time grows evenly with what is held."""
    scheduler, dues, took = APScheduler(ignore), iter(some_time(10 * SAMPLE)), 0.0
    levels = 5
    for level in range(levels):
        if level:
            scheduler.hold(MANY // (levels - 1), now_ms() + MONTH_MS)
        begun = time.perf_counter()
        for key in range(SAMPLE):
            scheduler.add(key, next(dues))
        half = level in {0, levels - 1}  # the trapezoidal rule
        took += (time.perf_counter() - begun) * (0.5 if half else 1)
    return SAMPLE * (levels - 1) / took


async def bytes_held(kind: type[Scheduler], count: int) -> float:
    """Resident memory that one held timer takes."""
    random, now = Random(1), now_ms()
    scheduler = kind(ignore)
    scheduler.add(count, now + MONTH_MS)
    gc.collect()
    before = _resident()
    for key in range(count):
        scheduler.add(key, now + random.randrange(3 * HOUR_MS, MONTH_MS))
    gc.collect()
    return (_resident() - before) / count


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def lateness(kind: type[Scheduler], dues_in_ms: list[int], others: int = 0) -> float:
    """The 99th percentile, in ms, of how late timers fire; all of them have to."""
    late: list[float] = []
    done = asyncio.Event()
    dues: dict[int, int] = {}

    def fired(key: int) -> None:
        late.append(time.time() * 1_000 - dues[key])
        if len(late) == len(dues_in_ms):
            done.set()

    scheduler = kind(fired)
    for key, due in enumerate(some_time(others)):
        scheduler.add(-1 - key, due)
    gc.collect()
    first = now_ms() + LEAD_MS
    for key, after in enumerate(dues_in_ms):
        dues[key] = first + after
        scheduler.add(key, first + after)
    await done.wait()
    if min(late) < -1:
        raise RuntimeError(f"fired {-min(late):.1f} ms early")
    return sorted(late)[len(late) * 99 // 100]


async def overdue_fired(kind: type[Scheduler]) -> float:
    """Of 1,000 timers that were due an hour ago, so many fire."""
    count = 0

    def fired(_key: int) -> None:
        nonlocal count
        count += 1

    scheduler = kind(fired)
    for key in range(1_000):
        scheduler.add(key, now_ms() - HOUR_MS)
    await asyncio.sleep(2)
    return count


def _each(measure: Callable[..., Coroutine[None, None, float]], *args: object) -> dict[str, Measure]:
    return {name: _alone(measure, kind, *args) for name, kind in SUBJECTS.items()}


def _alone(measure: Callable[..., Coroutine[None, None, float]], *args: object) -> Measure:
    return lambda: asyncio.run(measure(*args))


AT_ONCE = [0] * 1_000
SPREAD = list(range(10_000))

ROWS = (
    Row(
        "add a timer, 1,000,000 held",
        "timers/s",
        {**_each(add_rate), APS: _alone(add_rate_sampled)},
        (at_least_times(100, APS), Target(f"≤ 3 × {HEAPQ}'s time", lambda result: result.ratio(HEAPQ) >= 1 / 3)),
        "APScheduler's is put together from samples with none, 250,000, … 1,000,000 held.",
    ),
    Row(
        "memory a held timer",
        "bytes",
        {**_each(bytes_held, MANY), APS: _alone(bytes_held, APScheduler, OTHERS)},
        (at_most(250, "≤ 250"),),
        "Resident memory with 1,000,000 held, APScheduler's with 100,000.",
    ),
    Row("1,000 due at one instant, p99", "ms late", _each(lateness, AT_ONCE), (at_most_times(2, HEAPQ),)),
    Row(
        "1,000 due at one instant, 100,000 others, p99",
        "ms late",
        _each(lateness, AT_ONCE, OTHERS),
        (at_most_times(2, HEAPQ),),
    ),
    Row(
        "1,000 overdue at a restart",
        "fired",
        {**_each(overdue_fired), "APScheduler's default": _alone(overdue_fired, APSchedulerDefault)},
        (at_least(1_000, "1,000"),),
        "The timers alone; with the database they come from, see the cold start.",
    ),
    Row(
        "10,000 over 10 s, p99",
        "ms late",
        _each(lateness, SPREAD),
        (
            Target(
                f"≤ {CALL_LATER} + 1 ms",
                lambda result: result.median() <= result.median(CALL_LATER) + 1,
            ),
        ),
    ),
)
