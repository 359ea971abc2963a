"""How a worker's time divides between work and waiting for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from planner.catalogue import work
from planner.catalogue.metric import Reading
from planner.clock import ticks
from planner.telemetry.registry import Registry

NS = 1_000_000_000


class Turn:
    """One task. Whoever does it says so where it failed and nothing was raised."""

    ok = True


class Turns:
    """Of one worker; what it does side by side takes its time once. Up to date whenever somebody reads."""

    def __init__(self, metrics: Registry, worker: str) -> None:
        self._metrics = metrics
        self._worker = worker
        self._lock = Lock()
        self._under_way = 0
        self._since = ticks()
        metrics.watch(self._read)

    @contextmanager
    def task(self) -> Iterator[Turn]:
        """Something is done within the block. It failed if it raises; cancelled, it was none."""
        turn = Turn()
        self._change(1)
        try:
            yield turn
        except Exception:
            self._metrics.add(work.TASKS, self._worker, "failed")
            raise
        else:
            self._metrics.add(work.TASKS, self._worker, "ok" if turn.ok else "failed")
        finally:
            self._change(-1)

    def _change(self, by: int) -> None:
        with self._lock:
            now = ticks()
            spent, self._since = now - self._since, now
            spent_on = work.BUSY if self._under_way else work.IDLE
            self._under_way += by
        self._metrics.add(spent_on, self._worker, by=spent / NS)

    def _read(self) -> tuple[Reading, ...]:
        self._change(0)
        return ()
