"""When to wake for what: a heap of timers on the wall clock under one asyncio timer, and the reminders in it.

The heap holds what is due within the next hour or so; the database holds the rest, and is the truth.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import dataclass
from typing import Generic, TypeVar

from planner.backlog import HAND_OVER_MS
from planner.catalogue import work
from planner.catalogue.metric import Point, Reading
from planner.clock import NS, Clock, ticks
from planner.hindrances import JUMPED, STALLED, Hindrances
from planner.model import HOUR, MINUTE, SECOND
from planner.store import Store
from planner.store.news import News
from planner.store.opening import StoreError
from planner.telemetry import Telemetry
from planner.telemetry.shift import Shift
from planner.telemetry.tracing import Span, within
from planner.timers import Key, TimerHeap

log = logging.getLogger(__name__)

K = TypeVar("K", bound=Key)

WINDOW_MS = HOUR
WINDOW_ROWS = 20_000
"""At most this many reminders are read at a time; when more are due within the window, it is filled bit by bit."""
HELD_MAX = 400_000
"""So many reminders are held at most; what is due after them is read when some of them have been sent."""
HANDED_AGAIN_MS = 10 * MINUTE
"""What is still pending so long after its time is handed over once more, should it have been lost on the way."""
SET_AT_ONCE = 1_000
"""Timers set before the event loop may do something else."""
STALLED_S = 10.0
"""So late no timer fires in a process that has any time on its machine: it stood still."""
LONG_S = 0.1
"""A run of a job that takes longer is worth a trace."""
WORKER = "scheduler"
LONGEST_WAIT_MS = MINUTE
"""The wall clock may be slewed against the monotonic one unseen; looking this often keeps a timer exact."""


class Timers(Generic[K]):
    """Timers keyed by what they are for, on the wall clock. ``fire`` gets every key that has come due, in order."""

    def __init__(
        self, clock: Clock, fire: Callable[[list[K]], None], lag: Callable[[float], None] = lambda _: None
    ) -> None:
        """``lag`` is told, before what it was kept from, how many seconds the loop was late.

        What was overdue when it was set, or when the clock had jumped, has waited for nothing of the loop's.
        """
        self._clock = clock
        self._fire = fire
        self._lag = lag
        self._heap: TimerHeap[K] = TimerHeap()
        self._armed: asyncio.TimerHandle | None = None
        self._armed_for = 0
        self._look_at = 0
        clock.on_jump(lambda _: self._arm())

    def __len__(self) -> int:
        return len(self._heap)

    def set(self, key: K, due_ms: int) -> None:
        """Fire ``key`` at ``due_ms`` (UTC ms), and no longer at whatever it was set to before."""
        self._heap.add(key, due_ms)
        if self._armed is None or due_ms < self._armed_for:
            self._arm()

    def cancel(self, key: K) -> None:
        self._heap.cancel(key)

    def due(self, key: K) -> int | None:
        return self._heap.due(key)

    def overdue_ms(self) -> int:
        """How long ago the event loop should have looked at them, if there are any."""
        return 0 if self._heap.head() is None else max(0, self._clock.mono() - self._look_at)

    def stop(self) -> None:
        if self._armed is not None:
            self._armed.cancel()

    def _arm(self) -> None:
        if self._armed is not None:
            self._armed.cancel()
            self._armed = None
        head = self._heap.head()
        if head is None:
            return
        wait = min(max(0, head - self._clock.now()), LONGEST_WAIT_MS)
        self._armed_for, self._look_at = head, self._clock.mono() + wait
        loop = asyncio.get_running_loop()
        # It is no part of what is under way here: whatever fires would be taken for a step of that, for ever
        self._armed = loop.call_later(wait / SECOND, self._wake, context=Context())

    def _wake(self) -> None:
        late = 0.0 if self._armed is None else asyncio.get_running_loop().time() - self._armed.when()
        self._armed = None
        due = self._heap.pop_due(self._clock.now())
        self._arm()
        if due:
            self._lag(max(0.0, late))
            self._fire(due)


@dataclass(frozen=True, slots=True)
class Job:
    """Something done again and again: ``run(now)`` returns when it wants to run next, UTC ms."""

    name: str
    run: Callable[[int], Awaitable[int]]
    after_failure_ms: int = MINUTE


Slot = tuple[str, int]
"""What a timer is for: a reminder or a probe by its id, or a job by its number."""


class Scheduler:
    """Hands reminders over shortly before they are due, and runs the jobs."""

    def __init__(self, clock: Clock, store: Store, hand_over: Callable[[list[int]], None], jobs: list[Job],
                 telemetry: Telemetry | None = None, hindrances: Hindrances | None = None, *,
                 probe: Callable[[list[int]], None] = lambda _: None) -> None:  # fmt: skip
        """``probe`` gets the probes that are due, when they are; nothing of theirs waits for its turn before that."""
        telemetry = telemetry or Telemetry()
        self._tracer = telemetry.tracer
        self._metrics = telemetry.metrics
        self._metrics.watch(lambda: [Reading(work.TIMERS, [Point((), self.held())])])
        self._shift = Shift(telemetry.metrics, WORKER)
        self._clock = clock
        self._store = store
        self._hand_over = hand_over
        self._probe = probe
        self._jobs = [Job("load", self._load), *jobs]
        self._planned: dict[int, tuple[int, int]] = {}
        self._timers: Timers[Slot] = Timers(clock, self._fire, self._lagged)
        self._hindrances = hindrances or Hindrances()
        self._loaded_until = 0
        self._full_at: tuple[int, int] | None = None
        self._handed: set[int] = set()
        self._done_at: dict[str, int] = {}
        self._started_at = 0
        self._running: set[asyncio.Task[None]] = set()
        clock.on_jump(self._jumped)

    async def start(self) -> None:
        """Load what is due soon; from here on everything fires by itself."""
        now = self._started_at = self._clock.now()
        for probe_id, due_at in (await self._store.read(lambda tx: tx.probes.waiting())).items():
            self._timers.set(("probe", probe_id), due_at)
        self._timers.set(("job", 0), await self._load(now))
        for number in range(1, len(self._jobs)):
            self._timers.set(("job", number), now)

    def silence(self) -> None:
        """Fire nothing more."""
        self._timers.stop()

    async def stop(self) -> None:
        """Fire nothing more, and end the jobs that run."""
        self.silence()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def overdue_ms(self) -> int:
        """How long ago a timer should have fired: far below a second, unless something is wrong."""
        return self._timers.overdue_ms()

    def done_at(self, job: str) -> int:
        """When a job last ended well, UTC ms; the start, where it never did."""
        return self._done_at.get(job, self._started_at)

    def held(self) -> int:
        """How many timers the heap holds."""
        return len(self._timers)

    def changed(self, news: News) -> None:
        """Set, move or drop the timers of reminders that a transaction has changed."""
        for reminder_id, ready_at in news.reminders.items():
            self._handed.discard(reminder_id)
            if ready_at is None or ready_at > self._loaded_until:
                self._timers.cancel(("reminder", reminder_id))
            else:
                self._timers.set(("reminder", reminder_id), ready_at - HAND_OVER_MS)
        for probe_id, ready_at in news.probes.items():
            if ready_at is None:
                self._timers.cancel(("probe", probe_id))
            else:
                self._timers.set(("probe", probe_id), ready_at)

    async def _load(self, now: int) -> int:
        """Fill the window from the database, on from where it was full; returns when to do so again.

        What changes while it reads is told as news and set at once: reading it again does no harm.
        """
        if len(self._timers) + len(self._handed) > HELD_MAX:
            return now + SECOND
        until = now + WINDOW_MS
        after = self._full_at or (0, 0)
        self._loaded_until = until
        rows = await self._store.read(lambda tx: tx.reminders.upcoming(after, until, WINDOW_ROWS))
        for count, row in enumerate(rows, start=1):
            if row.id not in self._handed or row.ready_at < now - HANDED_AGAIN_MS:
                self._timers.set(("reminder", row.id), row.ready_at - HAND_OVER_MS)
            if count % SET_AT_ONCE == 0:
                await self._clock.sleep(0)
        if len(rows) < WINDOW_ROWS:
            self._full_at = None
            return now + WINDOW_MS // 2
        last = rows[-1]
        self._full_at, self._loaded_until = (last.ready_at, last.id), last.ready_at
        return max(now + SECOND, last.ready_at - HAND_OVER_MS - MINUTE)

    def _fire(self, keys: list[Slot]) -> None:
        reminders = [number for what, number in keys if what == "reminder"]
        if reminders:
            self._handed.update(reminders)
            self._hand_over(reminders)
        if probes := [number for what, number in keys if what == "probe"]:
            self._probe(probes)
        for what, number in keys:
            if what == "job":
                task = asyncio.get_running_loop().create_task(self._run(number), context=Context())
                self._running.add(task)
                task.add_done_callback(self._running.discard)

    async def _run(self, number: int) -> None:
        job, began, since = self._jobs[number], self._clock.now(), ticks()
        self._miss(number, began)
        self._metrics.set(work.JOB_RUN_AT, began / SECOND, job.name)
        self._shift.begin()
        span = self._tracer.begin("job")
        error = ""
        try:
            with within(span):
                wait = await job.run(began) - began
        except StoreError as fault:
            log.error("job.failed", extra={"job": job.name, "cause": str(fault),
                                           "do": "see to the database; it is tried again in a minute"})  # fmt: skip
            error, wait = type(fault).__name__, job.after_failure_ms
        except Exception as fault:
            log.exception("job.crashed", extra={"job": job.name, "do": "it is tried again; report it as a bug"})
            error, wait = type(fault).__name__, job.after_failure_ms
        finally:
            self._shift.end()
        self._note(job.name, (ticks() - since) / NS, error, span)
        next_at = self._clock.now() + wait
        self._planned[number] = next_at, wait
        self._timers.set(("job", number), next_at)

    def _note(self, job: str, seconds: float, error: str, span: Span) -> None:
        """Most runs find nothing to do; a trace is kept of those that did something (and said so), failed or took long.

        One that never ends is never exported.
        """
        outcome = "failed" if error else "ok"
        self._metrics.add(work.JOB_RUNS, job, outcome)
        self._metrics.add(work.TASKS, WORKER, outcome)
        self._metrics.record(work.JOB_DURATION, seconds, job)
        if error and span:
            span.fail(error)
        if not error:
            self._done_at[job] = self._clock.now()
            self._metrics.set(work.JOB_OK_AT, self._done_at[job] / SECOND, job)
        if span and (span.fields or error or seconds > LONG_S):
            span.set(job=job, outcome=outcome)
            span.end()

    def _miss(self, number: int, began: int) -> None:
        """A run that comes late by as long as it was to wait, or several times that, stands for those between."""
        planned_at, wait = self._planned.get(number, (began, MINUTE))
        missed = (began - planned_at) // max(wait, SECOND)
        if missed > 0:
            self._metrics.add(work.JOB_MISSED, self._jobs[number].name, by=missed)

    def _lagged(self, seconds: float) -> None:
        self._metrics.record(work.LAG, seconds)
        if seconds > STALLED_S:
            ms, now = round(seconds * SECOND), self._clock.now()
            self._hindrances.note(STALLED, now - ms, now)
            log.warning("process.stalled", extra={"for_ms": ms})

    def _jumped(self, ms: int) -> None:
        if ms > 0:
            self._hindrances.note(JUMPED, self._clock.now() - ms, self._clock.now())
        log.warning("clock.jumped", extra={"by_ms": ms})
        self._metrics.add(work.CLOCK_JUMPS, "forward" if ms > 0 else "back")
        for number in range(len(self._jobs)):
            self._timers.set(("job", number), self._clock.now())
