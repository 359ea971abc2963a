"""What every subject's readings are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from planner.catalogue.metric import Distribution, Metric, Point, Reading
from planner.slo.objectives import Slo
from planner.store import Tx
from planner.store.census import Census
from planner.store.figures import People


@dataclass(frozen=True, slots=True)
class Known:
    """A snapshot at ``now`` (UTC ms), with every total and what was counted row by row."""

    tx: Tx
    now: int
    totals: Mapping[str, int]
    counted: Census
    slos: Sequence[Slo]
    price_per_hour: float
    people: People

    def total(self, name: str) -> int:
        """0 where nothing was ever added to it."""
        return self.totals.get(name, 0)

    def sums(self, metric: Metric, name: Callable[..., str]) -> Reading:
        """A metric with a total a series, which ``name`` gives by the series' labels."""
        return Reading(metric, [Point(labels, self.total(name(*labels))) for labels in metric.series])


def one(metric: Metric, value: float | None, *labels: str) -> Reading:
    """A metric of one series, missing where there is no value."""
    return Reading(metric, [] if value is None else [Point(labels, value)])


def by_label(metric: Metric, values: Mapping[str, float]) -> Reading:
    """A metric with one label; the values that it declares stand at 0 where there is none."""
    all_ = dict.fromkeys((labels[0] for labels in metric.series), 0.0) if metric.labels[0].values else {}
    return Reading(metric, [Point((label,), value) for label, value in (all_ | dict(values)).items()])


def histogram(counts: Sequence[int], total: float, *labels: str) -> Distribution:
    return Distribution(labels, tuple(counts), total)
