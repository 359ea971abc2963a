"""What the process uses, and how long its event loop stands still."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
from pathlib import Path

import pytest

from planner import __version__, pauses
from planner.catalogue import process
from planner.catalogue.metric import Distribution, Metric, Reading
from planner.process import Process
from planner.telemetry.registry import Registry
from tests.virtual import START, VirtualLoop, run

LOOKED_AT = (
    process.CPU,
    process.MEMORY,
    process.THREADS,
    process.FILES,
    process.FILES_MAX,
    process.DISK,
    process.STARTED_AT,
    process.INFO,
)


def read(registry: Registry, *metrics: Metric) -> dict[Metric, Reading]:
    return {one.metric: one for one in registry.read(metrics)}


def values(registry: Registry, metric: Metric) -> dict[tuple[str, ...], float]:
    points = read(registry, metric)[metric].points
    found = {one.labels: one.value for one in points}
    assert len(found) == len(points), "each series once"
    return found


@pytest.fixture
def registry() -> Registry:
    found = Registry()
    Process(START, "3.40.1").watch(found)
    return found


def test_everything_is_there_and_plausible(registry: Registry, tmp_path: Path) -> None:
    assert set(read(registry, *LOOKED_AT)) == set(LOOKED_AT)
    assert 1e6 < values(registry, process.MEMORY)[()] < 4e9
    assert values(registry, process.CPU).keys() == {("user",), ("system",)}
    assert values(registry, process.CPU)["user",] > 0
    assert values(registry, process.STARTED_AT) == {(): START / 1_000}
    [(labels, one)] = values(registry, process.INFO).items()
    assert (labels[0], labels[2], one) == (__version__, "3.40.1", 1)
    assert values(registry, process.DISK).keys() == {("read",), ("written",)}


def test_an_open_file_is_one_more(registry: Registry, tmp_path: Path) -> None:
    before = values(registry, process.FILES)[()]
    with (tmp_path / "file").open("w"):
        assert values(registry, process.FILES)[()] == before + 1
    assert values(registry, process.FILES)[()] == before


def test_the_limit_of_open_files_is_known(registry: Registry) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (777, hard))
        assert values(registry, process.FILES_MAX) == {(): 777}
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_what_was_written_is_counted(registry: Registry, tmp_path: Path) -> None:
    if not os.access("/proc/self/io", os.R_OK):
        pytest.skip("this system does not count it")
    before = values(registry, process.DISK)["written",]
    with (tmp_path / "file").open("wb") as file:
        file.write(b"x" * 1_000_000)
        file.flush()
        os.fsync(file.fileno())
    assert values(registry, process.DISK)["written",] >= before


def test_without_proc_the_rest_is_still_known(tmp_path: Path) -> None:
    registry = Registry()
    Process(START, "3", proc=tmp_path / "nothing").watch(registry)
    found = read(registry, *LOOKED_AT)
    assert set(found) == set(LOOKED_AT) - {process.FILES}
    assert 1e6 < values(registry, process.MEMORY)[()] < 4e9
    assert values(registry, process.THREADS)[()] >= 1


@pytest.mark.parametrize("name", ["statm", "io"])
def test_a_proc_that_says_something_else_is_no_proc(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("what\n")
    registry = Registry()
    Process(START, "3", proc=tmp_path).watch(registry)
    assert values(registry, process.MEMORY)[()] > 1e6
    assert values(registry, process.DISK).keys() == {("read",), ("written",)}


def distribution(registry: Registry, metric: Metric, *labels: str) -> Distribution:
    return next(one for one in read(registry, metric)[metric].points if one.labels == labels)


def test_a_loop_that_is_held_up_shows_and_so_does_a_collection() -> None:
    registry, callbacks = Registry(), list(gc.callbacks)

    async def story() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        with pauses.measured(registry):
            await asyncio.sleep(0.6)
            gc.collect()
            loop.passed += 2.4  # as if something had kept it for so long
            await asyncio.sleep(0.6)

    run(story())
    lag = distribution(registry, process.LOOP_LAG)
    assert lag.sum == pytest.approx(2.0)
    assert sum(lag.counts) == 3, "once each half second that it was free"
    collected = distribution(registry, process.GC_PAUSE, "2")
    assert sum(collected.counts) == 1
    assert collected.sum > 0
    assert gc.callbacks == callbacks, "as it was"


def test_a_collection_while_something_is_recorded_holds_up_nothing() -> None:
    registry, collections = Registry(), pauses._Collections()
    gc.callbacks.append(collections)
    try:
        with registry._lock:
            gc.collect()  # in the thread that has the lock: to record it now would wait for ever
    finally:
        gc.callbacks.remove(collections)
    assert [generation for _, generation in collections.taken()] == [2]
