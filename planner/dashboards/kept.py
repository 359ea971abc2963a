"""A promise on a dashboard of what it is about: which one it is, and from which share on it is kept."""

from __future__ import annotations

from planner.dashboards.panels import BLUE, GREEN, ORANGE, RED, Steps
from planner.slo.objectives import Promises, Slo


def promise_on(counts: str, promises: Promises) -> Slo | None:
    """The promise that counts these (``objectives.COUNTS``), where slo.toml has one."""
    return next((slo for slo in promises.slos if slo.counts == counts), None)


def kept(slo: Slo | None) -> Steps:
    """Colours of the share that was good. Without a promise none is too small."""
    if slo is None:
        return Steps(BLUE)
    return Steps(RED, tuple({slo.alert_below: ORANGE, slo.objective: GREEN}.items()))
