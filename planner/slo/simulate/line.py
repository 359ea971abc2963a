"""One line of a timeline."""

from __future__ import annotations

from dataclasses import dataclass

from planner.slo.objectives import Severity


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody is told. Instants in UTC ms, ``resolved_at`` ``None`` where it still fires in the end.

    ``spent``: the share of the promise's error budget that was gone by then, and ``good`` and ``bad`` what the alert
    saw; ``None`` of what is no promise's.
    """

    at: int
    alert: str
    severity: Severity
    by: str
    resolved_at: int | None
    spent: float | None = None
    good: int | None = None
    bad: int | None = None
