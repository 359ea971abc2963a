"""While the database cannot be written, whoever looks is told at once; the log says it once, and when it is over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from planner import checks
from planner.health import WELL, Health, Status, Verdict
from planner.heartbeat import Heartbeat
from planner.ping import Ping
from tests.virtual import FakeClock
from tests.world import ALICE, MINUTE, SECOND, World, a_world


def refuse(world: World, *, refused: bool = True) -> None:
    world.store._db._writer.execute(f"PRAGMA query_only={int(refused)}")


def a_health(world: World) -> Health:
    health = Health(world.clock)
    health.put([checks.database(checks.Database(world.store, world.clock))])
    return health


async def look(health: Health) -> tuple[Verdict, int]:
    (found,) = await health.look()
    return found.verdict, found.since


@dataclass
class Outside:
    """Who listens to the heartbeat."""

    told: list[tuple[str, str]] = field(default_factory=list)

    async def call(self, ping: Ping, body: str) -> str | None:
        self.told.append((ping.name, body))
        return None


@asynccontextmanager
async def a_planner(folder: Path, clock: FakeClock) -> AsyncIterator[World]:
    async with a_world(folder, clock) as world:
        await world.person(ALICE).say("/start")
        yield world
        refuse(world, refused=False)


async def test_it_is_not_ready_from_the_first_write_that_fails_until_writing_works(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_planner(tmp_path, clock) as world:
        health = a_health(world)
        assert (await look(health))[0] is WELL
        refuse(world)
        await world.person(ALICE).say("tea in 5 minutes")
        verdict, since = await look(health)
        assert verdict.status is Status.FAILING
        assert "cannot be written: give its folder and file" in verdict.cause
        assert clock.now() - SECOND < since <= clock.now()
        await clock.sleep(10 * MINUTE)
        assert (await look(health))[1] == since, "it is that of the outage, not of the last write that failed"
        refuse(world, refused=False)
        assert (await look(health))[0] is WELL, "though nothing else was written meanwhile"


async def test_a_bot_that_is_idle_notices_within_a_minute(tmp_path: Path, clock: FakeClock) -> None:
    async with a_planner(tmp_path, clock) as world:
        health = a_health(world)
        await clock.sleep(10 * MINUTE)
        refuse(world)
        await clock.sleep(MINUTE + SECOND)
        assert (await look(health))[0].status is Status.FAILING
        refuse(world, refused=False)
        await clock.sleep(MINUTE + SECOND)
        assert world.store.refused is None, "by the heartbeat, though nobody looked"


async def test_a_transaction_that_writes_nothing_does_not_pass_for_a_disk_that_is_well(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_planner(tmp_path, clock) as world:
        refuse(world)
        await world.person(ALICE).say("tea in 5 minutes")
        await checks.Database(world.store, clock).works()
        assert world.store.refused is not None


async def test_whoever_hears_the_heartbeat_hears_of_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_planner(tmp_path, clock) as world:

        async def no_promises() -> list[object]:
            return []

        async def no_count(_at: int, _good: bool) -> None: ...

        outside = Outside()
        beating = Heartbeat(outside, clock, a_health(world), no_promises, no_count)
        task = asyncio.get_running_loop().create_task(beating.run())
        await clock.sleep(MINUTE + SECOND)
        refuse(world)
        await clock.sleep(2 * MINUTE)
        refuse(world, refused=False)
        await clock.sleep(2 * MINUTE)
        task.cancel()
        assert outside.told[1] == ("SUCCESS", "")
        assert ("FAIL", "database is failing") in outside.told
        assert outside.told[-1] == ("SUCCESS", "")


async def test_the_log_says_once_that_updates_cannot_be_saved_and_once_that_they_can_again(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with a_planner(tmp_path, clock) as world:
        for _ in range(2):
            refuse(world)
            await world.person(ALICE).say("tea in 5 minutes")
            await clock.sleep(2 * MINUTE)
            refuse(world, refused=False)
            await clock.sleep(MINUTE)
        said = [one.getMessage() for one in caplog.records if one.getMessage().startswith("updates.")]
        assert said == ["updates.unsaved", "updates.saved"] * 2


async def test_the_log_says_once_that_what_was_handled_cannot_be_saved(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_planner(tmp_path, clock) as world:
        write = world.store.write

        async def then_refused(job: object, **how: object) -> object:
            if "_in_transaction" in getattr(job, "__code__", then_refused.__code__).co_names:
                refuse(world)
            return await write(job, **how)

        world.store.write = then_refused
        await world.person(ALICE).say("tea in 5 minutes")
        await clock.sleep(2 * MINUTE)
        world.store.write = write
        refuse(world, refused=False)
        await clock.sleep(MINUTE)
        assert [one.getMessage() for one in caplog.records].count("update.unsaved") == 1


async def test_a_job_that_the_database_refuses_is_no_fault_of_ours(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_planner(tmp_path, clock) as world:
        refuse(world)
        await clock.sleep(2 * MINUTE)
        said = [one for one in caplog.records if one.getMessage() == "job.failed"]
        assert {one.job for one in said} == {"minute"}
        assert all("cannot be written: give its folder and file" in one.cause for one in said)
        assert all("bug" not in one.do and one.exc_info is None for one in said)
        assert "job.crashed" not in caplog.messages


async def test_a_job_that_meets_what_it_should_not_have_is_to_be_reported(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_planner(tmp_path, clock) as world:
        monkeypatch.setattr("planner.housekeeping._idle", lambda *_: 1 // 0)
        await clock.sleep(2 * MINUTE)
        said = [one for one in caplog.records if one.getMessage() == "job.crashed"]
        assert said
        assert all("report it" in one.do and one.exc_info is not None for one in said)
        monkeypatch.undo()
        assert world.store.refused is None
