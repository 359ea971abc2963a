"""Reports on the promises, made of what is in the database."""

from __future__ import annotations

from pathlib import Path

from planner.slo.objectives import Promises
from planner.slo.report.evidence import Evidence
from planner.slo.report.figures import Limits, Report, report
from planner.slo.report.period import Period, slices
from planner.store import Tx
from planner.store.opening import snapshot
from planner.store.report import Asked


def read_file(path: Path, promises: Promises, period: Period, now: int, *, price: float, limits: Limits) -> Report:
    """The report on a period as it is known at ``now`` (UTC ms), beside a running planner or without one.

    ``price`` is what a broken minute costs. Raises ``StoreError``.
    """
    with snapshot(path) as connection:
        evidence = read(Tx(connection), promises, period, now)
    return report(promises, evidence, period, now, price=price, limits=limits)


def read(tx: Tx, promises: Promises, period: Period, now: int) -> Evidence:
    """What is known of the period and of the time before it, in one snapshot."""
    asked = Asked([(one.begin, one.end) for one in slices(period)], period.before, now)
    return tx.evidence.read([slo.counts for slo in promises.slos], asked)
