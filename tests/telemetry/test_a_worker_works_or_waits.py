"""A worker's time is counted once, as work while anything is under way and as waiting else, up to each reading."""

from __future__ import annotations

import asyncio

import pytest

from planner.catalogue import work
from planner.catalogue.metric import Metric
from planner.clock import NS
from planner.telemetry import shift as timed
from planner.telemetry.registry import Registry
from planner.telemetry.shift import Shift


class Hands:
    """A clock that is set, in seconds, in place of the one that a shift looks at."""

    seconds = 0


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    found = Hands()
    monkeypatch.setattr(timed, "ticks", lambda: found.seconds * NS)
    return found


def spent(metrics: Registry, worker: str) -> tuple[float, float]:
    """At work, and waiting."""
    return _points(metrics, work.BUSY)[worker,], _points(metrics, work.IDLE)[worker,]


def _points(metrics: Registry, metric: Metric) -> dict[tuple[str, ...], float]:
    (found,) = (one for one in metrics.read([metric]) if one.metric is metric)
    return dict(found.points)


def test_it_works_as_long_as_anything_is_under_way_and_else_it_waits(hands: Hands) -> None:
    metrics = Registry()
    shift = Shift(metrics, "intake")
    hands.seconds = 3
    with shift:
        hands.seconds = 5
        with shift:
            hands.seconds = 6
        hands.seconds = 9
    hands.seconds = 10
    assert spent(metrics, "intake") == (6, 4)


def test_each_reading_is_up_to_date_however_long_something_takes(hands: Hands) -> None:
    metrics = Registry()
    shift = Shift(metrics, "sync")
    found = []
    for hands.seconds in (1, 2, 3, 4, 5, 6):
        if hands.seconds in {2, 3}:
            shift.begin()
        if hands.seconds in {5, 6}:
            shift.end()
        found.append(spent(metrics, "sync"))
        assert found[-1] == spent(metrics, "sync"), "to read changes nothing"
    assert found == [(0, 1), (0, 2), (1, 2), (2, 2), (3, 2), (4, 2)]


def test_workers_are_told_apart(hands: Hands) -> None:
    metrics = Registry()
    writer, _ = Shift(metrics, "writer"), Shift(metrics, "reader")
    metrics.add(work.BUSY, "calendars", by=7)
    with writer:
        hands.seconds = 2
    assert spent(metrics, "writer") == (2, 0)
    assert spent(metrics, "reader") == (0, 2)
    assert _points(metrics, work.BUSY)["calendars",] == 7
    assert _points(metrics, work.BUSY)["errands",] == 0


def test_a_task_that_raises_has_failed_and_one_that_is_cancelled_is_none(hands: Hands) -> None:
    metrics = Registry()
    shift = Shift(metrics, "errands")
    for error in (ValueError, asyncio.CancelledError):
        hands.seconds += 1
        with pytest.raises(error), shift.task():
            raise error
    with shift.task() as task:
        task.ok = False
    with shift.task():
        hands.seconds = 4
    ended = _points(metrics, work.TASKS)
    assert (ended["errands", "ok"], ended["errands", "failed"]) == (1, 2)
    assert spent(metrics, "errands") == (2, 2)
