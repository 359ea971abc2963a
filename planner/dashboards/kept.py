"""A promise on a dashboard of what it is about: which one it is, and from which share on it is kept."""

from __future__ import annotations

from planner.dashboards.panels import GREEN, NEUTRAL, ORANGE, RED, Steps
from planner.due import ANSWER_WITHIN_MS
from planner.model import ON_TIME, SECOND
from planner.slo.objectives import Promises, Slo

CHAT, REMINDERS, SYNCS = "chat", "reminders", "syncs"
"""What promises count (``objectives.COUNTS``)."""
ON_TIME_S, ANSWERED_S = ON_TIME / SECOND, ANSWER_WITHIN_MS / SECOND
"""Until when a reminder is on time, and an answer in time."""


def promise_on(counts: str, promises: Promises) -> Slo | None:
    """The promise that counts these (``objectives.COUNTS``), where slo.toml has one."""
    return next((slo for slo in promises.slos if slo.counts == counts), None)


def kept(slo: Slo | None) -> Steps:
    """Colours of the share that was good. Without a promise none is too small."""
    if slo is None:
        return NEUTRAL
    return Steps(RED, tuple({slo.alert_below: ORANGE, slo.objective: GREEN}.items()))
