"""Readings as text that Prometheus reads (its text-based exposition format, version 0.0.4). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from math import inf

from planner.catalogue.metric import Distribution, Metric, Point, Reading

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def text(readings: Iterable[Reading]) -> str:
    return "".join(line + "\n" for reading in readings for line in _lines(reading))


def _lines(reading: Reading) -> Iterable[str]:
    metric, name = reading.metric, reading.metric.prometheus
    about = metric.about.replace("\\", r"\\").replace("\n", r"\n")
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {metric.kind}"
    for point in reading.points:
        if isinstance(point, Point):
            yield f"{name}{_labels(metric, point.labels)} {_number(point.value)}"
        else:
            yield from _histogram(metric, point)


def _histogram(metric: Metric, point: Distribution) -> Iterable[str]:
    name = metric.prometheus
    below = list(accumulate(point.counts))
    for bound, count in zip((*metric.bounds, inf), below, strict=True):
        yield f"{name}_bucket{_labels(metric, point.labels, le=_number(bound))} {count}"
    yield f"{name}_sum{_labels(metric, point.labels)} {_number(point.sum)}"
    yield f"{name}_count{_labels(metric, point.labels)} {below[-1]}"


def _labels(metric: Metric, values: tuple[str, ...], **more: str) -> str:
    pairs = dict(zip((label.name for label in metric.labels), values, strict=True)) | more
    inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in pairs.items())
    return f"{{{inside}}}" if inside else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    if value == inf:
        return "+Inf"
    return str(int(value)) if value == int(value) else repr(value)
