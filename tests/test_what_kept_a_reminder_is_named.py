"""A reminder that was begun late names what kept the planner, where that is known; the log has its two ends."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from planner.hindrances import NOTED_MAX, Hindrances
from planner.saving import Saving
from planner.store.db import UnavailableError
from tests.virtual import FakeClock
from tests.world import ALICE, MINUTE, SECOND, World, a_world


def records(caplog: pytest.LogCaptureFixture, *events: str) -> list[logging.LogRecord]:
    return [one for one in caplog.records if one.message in events]


def cause(caplog: pytest.LogCaptureFixture) -> str:
    (late,) = records(caplog, "reminder.late")
    return late.cause


def stand_still(seconds: int) -> None:
    """As after SIGSTOP and SIGCONT: both clocks went on, and nothing was done."""
    asyncio.get_running_loop().passed += seconds


def refuse(world: World, *, refused: bool = True) -> None:
    world.store._db._writer.execute(f"PRAGMA query_only={int(refused)}")


async def test_a_process_that_stood_still_says_so(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("tea in 5 minutes")
        await clock.sleep(5 * MINUTE - 5 * SECOND)
        stand_still(180)
        await clock.sleep(MINUTE)
    (stalled,) = records(caplog, "process.stalled")
    assert stalled.levelname == "WARNING"
    assert 100 * SECOND < stalled.for_ms <= 180 * SECOND
    assert cause(caplog) == "begun late: stalled"


async def test_a_standstill_between_two_looks_of_the_scheduler_is_known_too(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.jump(-2 * SECOND)  # regular jobs run two seconds before each minute, and reminders are due at it
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("tea today at 10:05")
        await clock.sleep(5 * MINUTE)
        stand_still(63)
        await clock.sleep(MINUTE)
    assert not records(caplog, "process.stalled"), "nothing of the scheduler's was that late"
    assert cause(caplog) == "begun late: stalled"


async def test_a_moment_is_no_standstill_and_neither_is_a_jump_of_the_clock(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("tea in 5 minutes")
        stand_still(9)
        await clock.sleep(MINUTE)
        clock.jump(10 * MINUTE)
        await clock.sleep(MINUTE)
    assert not records(caplog, "process.stalled")
    assert cause(caplog) == "begun late: clock jumped"


async def test_a_planner_that_was_down_says_so(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("tea in 5 minutes")
        await world.restart(after=10 * MINUTE)
        await clock.sleep(MINUTE)
    assert cause(caplog) == "begun late: was down"


async def test_a_database_that_refused_says_so_and_when_it_is_over(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("tea in 5 minutes")
        await clock.sleep(4 * MINUTE)
        refuse(world)
        await clock.sleep(4 * MINUTE)
        refuse(world, refused=False)
        await clock.sleep(MINUTE)
    began, over = records(caplog, "db.refuses", "db.accepts")
    assert (began.message, began.levelname) == ("db.refuses", "ERROR")
    assert "tried again" not in began.do
    assert (over.message, over.levelname) == ("db.accepts", "INFO")
    assert 3 * 60 - 5 <= over.seconds <= 3 * 60 + 5
    assert cause(caplog) == "begun late: database refused"


async def test_several_who_wait_for_the_database_share_the_lines(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ends = clock.now() + MINUTE

    async def attempt() -> int:
        if clock.now() < ends:
            raise UnavailableError("locked")
        return 1

    saving = Saving(None, clock)
    assert await asyncio.gather(*(saving.insist(attempt, what) for what in ("claim", "outcome", "load"))) == [1, 1, 1]
    assert await saving.insist(attempt, "claim") == 1
    assert [one.message for one in caplog.records] == ["db.refuses", "db.accepts"]


async def test_who_stops_waiting_does_not_say_that_it_is_over(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async def attempt() -> int:
        raise UnavailableError("locked")

    caplog.set_level(logging.INFO)
    saving = Saving(None, clock)
    waiting = asyncio.ensure_future(saving.insist(attempt, "claim"))
    await clock.sleep(MINUTE)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert [one.message for one in caplog.records] == ["db.refuses"]


def test_what_took_most_of_the_time_is_named_and_moments_are_not() -> None:
    kept = Hindrances()
    kept.note("stalled", 100_000, 130_000)
    kept.note("database refused", 120_000, 200_000)
    assert kept.between(90_000, 210_000) == "database refused"
    assert kept.between(90_000, 125_000) == "stalled"
    assert kept.between(195_000, 300_000) == ""


def test_only_the_latest_hindrances_are_kept() -> None:
    kept = Hindrances()
    for nth in range(NOTED_MAX + 1):
        kept.note("stalled", nth * MINUTE, nth * MINUTE + 30 * SECOND)
    assert kept.between(0, MINUTE) == ""
    assert kept.between(MINUTE, 2 * MINUTE) == "stalled"
