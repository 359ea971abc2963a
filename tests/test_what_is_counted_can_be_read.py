"""The registry: known series stand at 0, what is recorded is read, and no input fills the memory."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from planner.catalogue.metric import Distribution, Label, Metric, Point, Reading, counter, gauge, histogram
from planner.telemetry.registry import OPEN_VALUES_MAX, OTHER, Registry
from planner.telemetry.tracing import Trace, Tracer, within
from tests.virtual import START

COUNTED = counter("planner.x", "{x}", "x", "x", Label("outcome", ("ok", "failed")))
OPEN = counter("planner.y", "{y}", "y", "y", Label("method"))
HALF_OPEN = counter("planner.v", "{v}", "v", "v", Label("handler"), Label("outcome", ("ok", "failed")))
HALF_OPEN_TOOK = histogram("planner.w", "s", "w", "w", *HALF_OPEN.labels, bounds=(0.1, 1.0))
STANDS = gauge("planner.z", "{z}", "z", "z")
TOOK = histogram("planner.took", "s", "took", "took", Label("kind", ("a", "b")), bounds=(0.1, 1.0))
KEPT = counter("planner.kept", "{k}", "k", "k", kept=True)


class Wall:
    def now(self) -> int:
        return START


def points(registry: Registry, metric: Metric) -> dict[tuple[str, ...], Point | Distribution]:
    return {point.labels: point for reading in registry.read([metric]) for point in reading.points}


def test_known_series_stand_at_0_from_the_start() -> None:
    registry = Registry()
    assert points(registry, COUNTED) == {("ok",): Point(("ok",), 0), ("failed",): Point(("failed",), 0)}
    assert {labels: point.counts for labels, point in points(registry, TOOK).items()} == {
        ("a",): (0, 0, 0),
        ("b",): (0, 0, 0),
    }
    assert registry.read([OPEN, STANDS]) == [], "what is neither known nor recorded is not there"


def test_counters_add_up_and_gauges_go_both_ways() -> None:
    registry = Registry()
    registry.add(COUNTED, "ok")
    registry.add(COUNTED, "ok", by=2)
    registry.add(STANDS, by=3)
    registry.add(STANDS, by=-1)
    assert points(registry, COUNTED)["ok",].value == 3
    assert points(registry, STANDS)[()].value == 2
    registry.set(STANDS, 7)
    assert points(registry, STANDS)[()].value == 7


def test_bounds_are_inclusive_as_prometheus_has_them() -> None:
    registry = Registry()
    for value in (0.05, 0.1, 0.100001, 1.0, 2.0):
        registry.record(TOOK, value, "a")
    found = points(registry, TOOK)["a",]
    assert isinstance(found, Distribution)
    assert found.counts == (2, 2, 1)
    assert found.sum == 0.05 + 0.1 + 0.100001 + 1.0 + 2.0


@given(st.lists(st.floats(min_value=-1e6, max_value=1e6)))
def test_no_value_is_lost_between_the_bounds(values: list[float]) -> None:
    registry = Registry()
    for value in values:
        registry.record(TOOK, value, "b")
    found = points(registry, TOOK)["b",]
    assert isinstance(found, Distribution)
    assert sum(found.counts) == len(values)
    assert found.counts[0] == sum(value <= 0.1 for value in values)


def test_no_input_fills_the_memory() -> None:
    registry = Registry()
    for number in range(OPEN_VALUES_MAX * 2):
        registry.add(OPEN, str(number))
        registry.record(TOOK, 1, str(number))
    assert len(points(registry, OPEN)) <= OPEN_VALUES_MAX + 1
    assert len(points(registry, TOOK)) <= OPEN_VALUES_MAX + len(TOOK.series) + 1
    assert points(registry, OPEN)[OTHER,].value == OPEN_VALUES_MAX
    assert sum(point.value for point in points(registry, OPEN).values()) == OPEN_VALUES_MAX * 2


def test_a_label_whose_values_are_known_keeps_them_where_others_are_too_many() -> None:
    registry = Registry()
    for number in range(OPEN_VALUES_MAX + 50):
        for outcome in ("ok", "failed"):
            registry.add(HALF_OPEN, str(number), outcome)
            registry.record(HALF_OPEN_TOOK, 1, str(number), outcome)
    for metric in (HALF_OPEN, HALF_OPEN_TOOK):
        found = points(registry, metric)
        assert {outcome for _, outcome in found} == {"ok", "failed"}
        assert len({handler for handler, _ in found}) == OPEN_VALUES_MAX + 1
    assert points(registry, HALF_OPEN)[OTHER, "failed"].value == 50
    assert points(registry, HALF_OPEN_TOOK)[OTHER, "ok"].counts == (0, 50, 0)


def test_threads_lose_no_count() -> None:
    registry = Registry()

    def work() -> None:
        for _ in range(5_000):
            registry.add(COUNTED, "ok")
            registry.record(TOOK, 0.5, "a")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert points(registry, COUNTED)["ok",].value == 20_000
    assert points(registry, TOOK)["a",].counts == (0, 20_000, 0)


def test_what_is_looked_at_is_asked_for_at_every_reading() -> None:
    registry, held = Registry(), [1.0]

    def look() -> Iterable[Reading]:
        yield Reading(STANDS, [Point((), held[0])])

    registry.watch(look)
    assert points(registry, STANDS)[()].value == 1
    held[0] = 5
    assert points(registry, STANDS)[()].value == 5


def test_what_the_database_keeps_is_not_told_by_the_process() -> None:
    registry = Registry()
    registry.add(KEPT)
    assert registry.read([KEPT]) == [], "it would fall with every restart"


def test_a_value_remembers_the_trace_it_was_recorded_in() -> None:
    registry, gone = Registry(), list[Trace]()
    span = Tracer(Wall(), Random(1), gone.append).begin("update")
    with within(span):
        registry.record(TOOK, 0.5, "a")
    registry.record(TOOK, 0.05, "a")
    found = points(registry, TOOK)["a",]
    assert isinstance(found, Distribution)
    assert found.exemplars[0] is None
    exemplar = found.exemplars[1]
    assert exemplar is not None
    assert (exemplar.value, exemplar.trace_id, exemplar.span_id) == (0.5, span.trace_id, span.id)
