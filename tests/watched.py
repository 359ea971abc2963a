"""What a part says of itself: its counts, and its traces once they are over."""

from __future__ import annotations

from random import Random

from planner.catalogue.metric import Distribution, Metric
from planner.telemetry import Telemetry
from planner.telemetry.tracing import Span, Trace, Tracer, Wall


class Watched:
    """A ``telemetry`` that traces everything, or with ``sampled`` false only what must not be lost."""

    def __init__(self, wall: Wall, *, sampled: bool = True) -> None:
        self.traces: list[Trace] = []
        tracer = Tracer(wall, Random(1), self.traces.append, lambda _: sampled)
        self.telemetry = Telemetry(tracer=tracer)

    def counts(self, metric: Metric) -> dict[tuple[str, ...], float]:
        """What its series stand at, those at 0 left out; of a histogram how many values there are."""
        found: dict[tuple[str, ...], float] = {}
        for reading in self.telemetry.metrics.read([metric]):
            for point in reading.points:
                value = sum(point.counts) if isinstance(point, Distribution) else point.value
                if reading.metric is metric and value:
                    found[point.labels] = value
        return found

    def count(self, metric: Metric) -> float:
        """All series together."""
        return sum(self.counts(metric).values())

    def of(self, name: str) -> list[Trace]:
        """The traces that begin with a span of that name."""
        return [trace for trace in self.traces if root(trace).name == name]


def root(trace: Trace) -> Span:
    """The span that a trace began with."""
    (found,) = (span for span in trace.spans if span.parent is None)
    return found


def named(trace: Trace, name: str) -> Span:
    """The one span of that name."""
    (found,) = (span for span in trace.spans if span.name == name)
    return found


def told(watched: Watched) -> str:
    """Every word that leaves by spans or by metrics' labels."""
    spans = [f"{span.name} {span.error} {span.fields}" for trace in watched.traces for span in trace.spans]
    labels = [
        f"{reading.metric.name} {point.labels}"
        for reading in watched.telemetry.metrics.read(
            [*watched.telemetry.metrics._sums, *watched.telemetry.metrics._cells]
        )
        for point in reading.points
    ]
    return "\n".join([*spans, *labels])
