"""Logs, metrics and traces: the one place that owns them. Nothing here raises, blocks or shows a secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from planner.telemetry.registry import Registry
from planner.telemetry.tracing import Tracer


class _Never:
    def now(self) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What every part is given: where to count, and where to begin a trace. By itself it traces nothing."""

    metrics: Registry = field(default_factory=Registry)
    tracer: Tracer = field(default_factory=lambda: Tracer(_Never(), Random()))
