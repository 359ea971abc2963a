"""Metrics as text that Prometheus reads (its text-based exposition format, version 0.0.4). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Sample:
    """One series' value; ``suffix`` is what a histogram's series are called beyond the metric's name."""

    labels: Mapping[str, str]
    value: float
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric with all its series."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    about: str
    samples: Sequence[Sample]


def text(metrics: Iterable[Metric]) -> str:
    return "".join(line + "\n" for metric in metrics for line in _lines(metric))


def histogram(name: str, about: str, counts: Mapping[float, int], total: float) -> Metric:
    """``counts`` says how many values lay at or below each bound and above the one before it; ``total`` is their sum.

    The last bound is infinity.
    """
    samples, below = [], 0
    for bound, count in sorted(counts.items()):
        below += count
        samples.append(Sample({"le": _number(bound)}, below, "_bucket"))
    return Metric(name, "histogram", about, [*samples, Sample({}, total, "_sum"), Sample({}, below, "_count")])


def _lines(metric: Metric) -> Iterable[str]:
    about = metric.about.replace("\\", r"\\").replace("\n", r"\n")
    yield f"# HELP {metric.name} {about}"
    yield f"# TYPE {metric.name} {metric.kind}"
    for one in metric.samples:
        labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in one.labels.items())
        yield f"{metric.name}{one.suffix}{f'{{{labels}}}' if labels else ''} {_number(one.value)}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    if value == float("inf"):
        return "+Inf"
    return str(int(value)) if value == int(value) else repr(value)
