"""What a metric is, and what is read of one. Names and units as OpenTelemetry has them, and as Prometheus does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import NamedTuple


class Kind(StrEnum):
    COUNTER = "counter"
    """Only grows."""
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Label(NamedTuple):
    """What tells a metric's series apart. ``values`` names all there are; empty where they are few, but not known."""

    name: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """One line of the catalogue. ``unit`` in UCUM; what is counted stands in braces.

    ``bounds`` are a histogram's, upper and inclusive, in its unit. ``kept``: it is read from the database, so it goes
    on after a crash; else it begins anew with the process.
    """

    name: str
    kind: Kind
    unit: str
    labels: tuple[Label, ...]
    about: str
    use: str
    bounds: tuple[float, ...] = ()
    kept: bool = False

    @property
    def prometheus(self) -> str:
        """As Prometheus names it, scraped or over OTLP alike (OpenTelemetry's "Prometheus and OpenMetrics" page)."""
        words = self.name.replace(".", "_")
        suffix = {"s": "_seconds", "By": "_bytes"}.get(self.unit, "")
        return words + suffix + ("_total" if self.kind is Kind.COUNTER else "")

    @property
    def series(self) -> list[tuple[str, ...]]:
        """Those that are known beforehand, and so stand at 0 from the start."""
        return list(product(*(label.values for label in self.labels)))


class Exemplar(NamedTuple):
    """A value that was recorded within a span: where to look. Ids as OpenTelemetry has them, ``at`` in UTC ns."""

    value: float
    trace_id: int
    span_id: int
    at_ns: int


class Point(NamedTuple):
    """A series' value; ``labels`` are the values of the metric's labels, in their order."""

    labels: tuple[str, ...]
    value: float


class Distribution(NamedTuple):
    """A histogram's series: how many values lay between the bounds, one more than there are bounds, and their sum."""

    labels: tuple[str, ...]
    counts: tuple[int, ...]
    sum: float
    exemplars: tuple[Exemplar | None, ...] = ()


class Reading(NamedTuple):
    """A metric with what its series stand at."""

    metric: Metric
    points: Sequence[Point | Distribution]


def counter(name: str, unit: str, about: str, use: str, *labels: Label, kept: bool = False) -> Metric:
    return Metric(name, Kind.COUNTER, unit, labels, about, use, kept=kept)


def gauge(name: str, unit: str, about: str, use: str, *labels: Label, kept: bool = False) -> Metric:
    return Metric(name, Kind.GAUGE, unit, labels, about, use, kept=kept)


def histogram(
    name: str, unit: str, about: str, use: str, *labels: Label, bounds: tuple[float, ...], kept: bool = False
) -> Metric:
    return Metric(name, Kind.HISTOGRAM, unit, labels, about, use, bounds, kept)


REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Bounds for what people or other programs wait for, in seconds."""
INSIDE_S = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0)
"""Bounds for what happens within the process, in seconds."""
