"""How a worker's time divides between work and waiting for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from planner.catalogue import work
from planner.catalogue.metric import Point, Reading
from planner.clock import NS, ticks
from planner.telemetry.registry import Registry

Spent = tuple[int, int, int, bool]
"""Busy and idle until the last turn, in ns; when that was; whether it works since."""


class Task:
    """Something that is done. Whoever does it says so where it failed and nothing was raised."""

    ok = True


class Shift:
    """``worker``: one of the label's values. As long as anything of its is under way it works, and else it waits.

    Begun and ended in one thread only, and read in any: right at each reading, however long the worker has been at it.
    """

    def __init__(self, metrics: Registry, worker: str) -> None:
        self._metrics = metrics
        self._worker = worker
        self._under_way = 0
        self._spent: Spent = 0, 0, ticks(), False
        """Replaced as a whole: whoever reads it meanwhile reads no half of it."""
        metrics.watch(self._read)

    def begin(self) -> None:
        self._under_way += 1
        if self._under_way == 1:
            self._turn(working=True)

    def end(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._turn(working=False)

    def __enter__(self) -> None:
        self.begin()

    def __exit__(self, *_: object) -> None:
        self.end()

    @contextmanager
    def task(self) -> Iterator[Task]:
        """Something is done within the block. It failed if it raises; cancelled, it was none."""
        task = Task()
        self.begin()
        try:
            yield task
        except Exception:
            self._metrics.add(work.TASKS, self._worker, "failed")
            raise
        else:
            self._metrics.add(work.TASKS, self._worker, "ok" if task.ok else "failed")
        finally:
            self.end()

    def _turn(self, *, working: bool) -> None:
        now = ticks()
        self._spent = *_until(self._spent, now), now, working

    def _read(self) -> tuple[Reading, Reading]:
        spent, worker = self._spent, (self._worker,)
        busy, idle = _until(spent, ticks())
        return Reading(work.BUSY, [Point(worker, busy / NS)]), Reading(work.IDLE, [Point(worker, idle / NS)])


def _until(spent: Spent, now: int) -> tuple[int, int]:
    busy, idle, since, working = spent
    return (busy + now - since, idle) if working else (busy, idle + now - since)
