"""Whether a worker works or waits: as long as anything of its is under way, it works."""

from __future__ import annotations

from planner.catalogue import work
from planner.clock import ticks
from planner.telemetry.registry import Registry

NS = 1_000_000_000


class Shift:
    """``worker``: one of the label's values. Time is counted where it turns, and after a second at the latest."""

    def __init__(self, metrics: Registry, worker: str) -> None:
        self._metrics = metrics
        self._worker = worker
        self._under_way = 0
        self._since = ticks()

    def begin(self) -> None:
        if not self._under_way:
            self._look()
        self._under_way += 1

    def end(self) -> None:
        if self._under_way == 1 or ticks() - self._since > NS:
            self._look()
        self._under_way -= 1

    def _look(self) -> None:
        since, self._since = self._since, ticks()
        spent = (self._since - since) / NS
        self._metrics.add(work.BUSY if self._under_way else work.IDLE, self._worker, by=spent)
