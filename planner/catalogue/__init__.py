"""The catalogue: every metric there is, declared once. ``docs/metrics.md`` is made of it."""

from __future__ import annotations

from types import ModuleType

from planner.catalogue import (
    calendars,
    chat,
    cost,
    database,
    outside,
    people,
    process,
    reminders,
    security,
    slo,
    telemetry,
    work,
)
from planner.catalogue.metric import Metric

GROUPS: tuple[tuple[str, ModuleType], ...] = (
    ("Promises", slo),
    ("Reminders", reminders),
    ("Chat", chat),
    ("Users and events", people),
    ("Scheduler and workers", work),
    ("Telegram and other servers", outside),
    ("Calendars", calendars),
    ("Database", database),
    ("Security", security),
    ("Cost", cost),
    ("Process", process),
    ("Telemetry", telemetry),
)


def metrics_of(group: ModuleType) -> list[Metric]:
    """A group's metrics, in the order they are declared."""
    return [value for value in vars(group).values() if isinstance(value, Metric)]


def all_metrics() -> list[Metric]:
    return [metric for _, group in GROUPS for metric in metrics_of(group)]
