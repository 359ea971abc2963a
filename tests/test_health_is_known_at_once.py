"""Health: each check says how its part is, why, and since when; what hangs is said to, and holds up nobody."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from planner import checks, health, service
from planner.catalogue import process
from planner.clock import SystemClock, ticks
from planner.config import Address
from planner.health import WELL, Check, Health, Result, Status, Verdict, degraded, failing, overall
from planner.model import MINUTE, SECOND
from planner.scheduler import Timers
from planner.store import Store, Tx
from planner.store.opening import StoreError, UnavailableError
from planner.telemetry import Telemetry
from planner.web import Pages, listening
from tests.virtual import START, FakeClock, run


@dataclass
class Part:
    """A part of the planner as a check sees it: what it says, or how long it says nothing."""

    verdict: Verdict = WELL
    takes_ms: int = 0
    error: Exception | None = None
    looked: int = 0

    async def look(self) -> Verdict:
        self.looked += 1
        if self.takes_ms:
            await asyncio.sleep(self.takes_ms / SECOND)
        if self.error is not None:
            raise self.error
        return self.verdict


def a_health(clock: FakeClock, telemetry: Telemetry | None = None, **parts: Part) -> Health:
    found = Health(clock, telemetry)
    found.put([Check(name, part.look, decides=name != "feeds") for name, part in parts.items()])
    return found


async def look(one: Health) -> dict[str, Result]:
    return {found.check.name: found for found in await one.look()}


def test_until_it_has_started_it_is_not_ready() -> None:
    async def story() -> None:
        found = await Health(FakeClock()).look()
        assert overall(found) is Status.FAILING
        assert [(one.check.name, one.verdict.cause) for one in found] == [("start", "starting")]

    run(story())


def test_to_start_is_nothing_to_warn_of(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        one = Health(FakeClock())
        await one.look()
        one.put([Check("database", Part().look)])
        await one.look()

    run(story())
    assert not caplog.records


def test_all_is_well_when_each_is() -> None:
    async def story() -> None:
        found = await a_health(FakeClock(), database=Part(), feeds=Part()).look()
        assert overall(found) is Status.OK

    run(story())


def test_what_does_not_decide_is_said_and_leaves_it_ready() -> None:
    async def story() -> None:
        clock = FakeClock()
        found = await a_health(clock, database=Part(), feeds=Part(failing("their server"))).look()
        assert overall(found) is Status.DEGRADED
        assert overall(await a_health(clock, database=Part(degraded("slow"))).look()) is Status.DEGRADED
        assert overall(await a_health(clock, database=Part(failing("gone")), feeds=Part()).look()) is Status.FAILING

    run(story())


def test_since_when_is_that_of_the_status_not_of_the_last_look() -> None:
    async def story() -> None:
        clock, part = FakeClock(), Part()
        one = a_health(clock, database=part)
        assert (await look(one))["database"].since == START
        await clock.sleep(5 * MINUTE)
        part.verdict = failing("locked")
        assert (await look(one))["database"].since == START + 5 * MINUTE
        await clock.sleep(5 * MINUTE)
        part.verdict = failing("no space left")
        found = (await look(one))["database"]
        assert (found.since, found.verdict.cause) == (START + 5 * MINUTE, "no space left")

    run(story())


def test_a_check_that_hangs_costs_an_answer_milliseconds_and_is_said_to_hang_after_five_seconds() -> None:
    async def story() -> None:
        clock, part = FakeClock(), Part()
        one = a_health(clock, database=part, telegram=Part())
        await one.look()
        part.takes_ms = 60 * MINUTE
        began = clock.mono()
        assert (await look(one))["database"].verdict is WELL, "as far as is known"
        assert clock.mono() - began < 20
        await clock.sleep(6 * SECOND)
        found = await look(one)
        assert found["database"].verdict == failing("no answer for 6 s")
        assert found["telegram"].verdict is WELL
        assert part.looked == 2, "one look at a time"
        one.close()

    run(story())


def test_where_nothing_is_known_yet_it_waits_a_little_longer_but_never_for_ever() -> None:
    async def story() -> None:
        clock = FakeClock()
        slow, stuck = Part(takes_ms=50), Part(takes_ms=60 * MINUTE)
        one = a_health(clock, database=slow, telegram=stuck)
        began = clock.mono()
        found = await look(one)
        assert found["database"].verdict is WELL
        assert found["telegram"].verdict == failing("no answer yet")
        assert clock.mono() - began < 100
        one.close()

    run(story())


def test_a_check_that_is_broken_fails_and_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        found = await look(a_health(FakeClock(), database=Part(error=ZeroDivisionError("of ours"))))
        assert found["database"].verdict == failing("cannot be looked at (ZeroDivisionError)")

    run(story())
    assert "health.check.broken" in caplog.messages


def test_what_changes_is_logged_once_and_shown_as_a_metric(caplog: pytest.LogCaptureFixture) -> None:
    telemetry = Telemetry()

    def shown() -> dict[tuple[str, ...], float]:
        return {one.labels: one.value for one in telemetry.metrics.read([process.HEALTHY])[0].points}

    async def story() -> None:
        clock, part = FakeClock(), Part()
        one = a_health(clock, telemetry, database=part)
        looking = asyncio.get_running_loop().create_task(one.watch())
        await clock.sleep(3 * MINUTE)
        assert not caplog.messages
        assert shown() == {("database",): 1}
        part.verdict = failing("locked")
        await clock.sleep(3 * MINUTE)
        assert shown() == {("database",): 0}
        part.verdict = WELL
        await clock.sleep(3 * MINUTE)
        looking.cancel()

    caplog.set_level(logging.INFO)
    run(story())
    told = [one for one in caplog.records if one.msg.startswith("health.")]
    assert [(one.levelname, one.msg, one.status, getattr(one, "cause", None)) for one in told] == [
        ("WARNING", "health.impaired", "failing", "locked"),
        ("INFO", "health.regained", "ok", None),
    ]


@dataclass
class Exports:
    """Telemetry that is exported, or not."""

    why: str | None
    since: int

    def fault(self) -> str | None:
        return self.why

    def fault_since(self) -> int:
        return self.since


@dataclass
class Parts:
    """What the checks ask: delivery, intake, scheduler and sync in one."""

    halted: str | None = None
    reachable: bool = True
    late_ms: int = 0
    done: int = START
    looking_since: int | None = None

    def overdue_ms(self) -> int:
        return self.late_ms

    def done_at(self, job: str) -> int:
        assert job == "minute"
        return self.done


def test_telegram_fails_at_once_when_it_lets_nobody_in_and_after_a_minute_of_silence() -> None:
    async def story() -> None:
        clock, parts = FakeClock(), Parts()
        check = checks.telegram(parts, Parts(), clock)
        assert await check.look() is WELL
        parts.halted = "getUpdates: 401 Unauthorized"
        assert await check.look() == failing("getUpdates: 401 Unauthorized")
        parts.halted, parts.reachable = None, False
        assert await check.look() == degraded("no answer to sending")
        await clock.sleep(59 * SECOND)
        assert (await check.look()).status is Status.DEGRADED
        await clock.sleep(1 * SECOND)
        assert await check.look() == failing("no answer to sending")
        parts.reachable = True
        assert await check.look() is WELL
        parts.reachable = False
        assert (await check.look()).status is Status.DEGRADED, "a new silence"

    run(story())


def test_polls_that_fail_are_telegrams_silence_too() -> None:
    async def story() -> None:
        check = checks.telegram(Parts(reachable=False), Parts(reachable=False), FakeClock())
        assert await check.look() == degraded("no answer to sending and polling")

    run(story())


def test_the_scheduler_fails_when_a_timer_does_not_fire_or_its_job_never_ends_well() -> None:
    async def story() -> None:
        clock, parts = FakeClock(), Parts()
        check = checks.scheduler(parts, clock)
        assert await check.look() is WELL
        parts.late_ms = 11 * SECOND
        assert await check.look() == failing("a timer is overdue by 11 s")
        parts.late_ms = 0
        await clock.sleep(6 * MINUTE)
        assert await check.look() == failing("the job of every minute last ended well 360 s ago")
        parts.done = clock.now()
        assert await check.look() is WELL

    run(story())


def test_what_is_wrong_with_telemetry_is_said_and_decides_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        clock, running = FakeClock(), Exports("traces: connection refused", START + 10 * SECOND)
        check = checks.telemetry(running)
        one = Health(clock)
        one.put([check])
        await clock.sleep(MINUTE)
        found = (await look(one))["telemetry"]
        assert found.verdict.cause == "traces: connection refused"
        assert found.since == START + 10 * SECOND, "as it knows itself"
        assert overall([found]) is Status.DEGRADED
        running.why = None
        assert (await look(one))["telemetry"].verdict is WELL

    run(story())
    assert not caplog.records, "the exporter has said so already, once an outage"


def test_the_pages_show_it_in_short_and_at_length() -> None:
    async def story() -> None:
        clock, part = FakeClock(), Part()
        one = a_health(clock, database=part, feeds=Part(degraded("1 of 1 cannot be synced")))

        async def nothing() -> list[object]:
            return []

        pages = Pages(one, nothing, nothing)
        async with (
            listening([pages.attach], Address("127.0.0.1", 0), needed=True) as url,
            aiohttp.ClientSession(url) as http,
        ):
            async with http.get("/readyz") as answer:
                assert answer.status == 200
                assert await answer.json() == {
                    "status": "degraded",
                    "checks": {"database": "ok", "feeds": "1 of 1 cannot be synced"},
                }
            part.verdict = failing("no space left")
            async with http.get("/readyz?verbose") as answer:
                assert answer.status == 503
                found = await answer.json()
                assert found["checks"]["database"].pop("duration_ms") < 1_000
                since = found["checks"]["database"].pop("since")
                assert since.startswith("2026-11-21T10:00:0")
                assert since.endswith("+00:00")
                assert found["checks"]["database"] == {
                    "status": "failing",
                    "cause": "no space left",
                    "decides": True,
                }
                assert found["checks"]["feeds"]["decides"] is False
                assert (await answer.text()).count("\n") > 10, "people look at it in a browser"
            async with http.get("/livez") as answer:
                assert answer.status == 200

    run(story())


def test_an_answer_is_due_before_whoever_asks_gives_up() -> None:
    assert health.ANSWER_MS < 20
    assert health.FIRST_ANSWER_MS < 100


def test_a_scheduler_that_is_not_looked_at_is_overdue_and_one_that_got_an_old_timer_is_not() -> None:
    async def story() -> None:
        clock = FakeClock()
        fired: list[str] = []
        timers: Timers[str] = Timers(clock, fired.extend)
        assert timers.overdue_ms() == 0
        timers.set("later", START + 5 * MINUTE)
        timers.set("long past", START - 5 * MINUTE)
        assert timers.overdue_ms() == 0
        await clock.sleep(2 * MINUTE)
        assert fired == ["long past"]
        assert timers.overdue_ms() == 0
        timers.stop()
        await clock.sleep(30 * MINUTE)
        assert timers.overdue_ms() >= 29 * MINUTE
        assert fired == ["long past"]

    run(story())


def test_a_database_that_takes_nothing_any_more_fails_after_three_minutes_and_one_that_is_gone_at_once(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        clock = FakeClock()
        store = Store(tmp_path / "planner.db", inline=True)
        check = checks.database(checks.Database(store, clock))
        assert await check.look() is WELL, "nothing was to be written yet"
        await store.write(lambda tx: tx.counts.beat(clock.now()))
        await clock.sleep(2 * MINUTE)
        assert await check.look() is WELL
        await clock.sleep(1 * MINUTE)
        assert await check.look() == failing("nothing could be written for 180 s", START), "since it was last"
        await store.write(lambda tx: tx.counts.beat(clock.now()))
        assert await check.look() is WELL

        async def refused(_: object) -> None:
            raise StoreError("the disk is gone")

        store.read = refused
        assert await check.look() == failing("the disk is gone")
        assert check.decides
        store.close()

    run(story())


def test_calendars_are_degraded_when_most_of_them_fail_and_fail_when_nobody_looks_for_them(tmp_path: Path) -> None:
    def linked(tx: Tx, number: int, failures: int) -> None:
        feed = tx.feeds.add(1, f"https://calendar.example.org/{number}", "🟦", START)
        tx._db.execute("UPDATE feeds SET linked_at = ?, failures = ? WHERE id = ?", (START, failures, feed.id))

    async def story() -> None:
        clock, parts = FakeClock(), Parts()
        store = Store(tmp_path / "planner.db", inline=True)
        check = checks.feeds(parts, store, clock)
        assert await check.look() is WELL, "there are none"
        await store.write(lambda tx: service.welcome(tx, 1, 1, "Alice", "en", "UTC", START))
        await store.write(lambda tx: (linked(tx, 1, 0), linked(tx, 2, 1)))
        assert await check.look() is WELL, "one of two may be its server's fault"
        await store.write(lambda tx: linked(tx, 3, 1))
        assert await check.look() == degraded("2 of 3 cannot be synced")
        parts.looking_since = clock.mono()
        await clock.sleep(6 * MINUTE)
        assert (await check.look()).status is Status.FAILING
        assert not check.decides
        store.close()

    run(story())


def test_a_database_that_refuses_to_be_written_fails_since_its_first_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        clock = FakeClock()
        store = Store(tmp_path / "planner.db", inline=True)
        check = checks.database(checks.Database(store, clock))
        store._db._writer.execute("PRAGMA query_only=1")
        with pytest.raises(UnavailableError):
            await store.write(lambda tx: tx.counts.beat(clock.now()))
        refused_at = ticks()
        await clock.sleep(MINUTE)
        monkeypatch.setattr(checks, "ticks", lambda: refused_at + 45 * SECOND * checks.NS_A_MS)
        found = await check.look()
        assert found.status is Status.FAILING
        assert found.since is not None
        assert START + 14 * SECOND < found.since <= START + 15 * SECOND
        store._db._writer.execute("PRAGMA query_only=0")
        assert await check.look() is WELL
        store.close()

    run(story())


def test_a_look_is_held_up_by_no_disk_and_tries_once_at_a_time(tmp_path: Path) -> None:
    async def story() -> None:
        clock = FakeClock()
        store = Store(tmp_path / "planner.db", inline=True)
        store._db._writer.execute("PRAGMA query_only=1")
        with pytest.raises(UnavailableError):
            await store.write(lambda tx: tx.counts.beat(clock.now()))
        tries = 0

        async def hangs(*_: object, **__: object) -> None:
            nonlocal tries
            tries += 1
            await clock.sleep(MINUTE)

        store.write = hangs
        check, began = checks.database(checks.Database(store, clock)), clock.mono()
        for _ in range(5):
            assert (await check.look()).status is Status.FAILING
        assert tries == 1
        assert clock.mono() - began <= checks.TRIED_MS < health.ANSWER_MS
        await clock.sleep(MINUTE)
        await check.look()
        assert tries == 2
        store.close()

    run(story())


def test_a_look_waits_for_no_lock_and_the_next_one_knows_that_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.store.timed.BUSY_TIMEOUT_MS", 1)

    async def story() -> None:
        store = Store(tmp_path / "planner.db")
        check = checks.database(one := checks.Database(store, SystemClock()))
        await store.write(lambda tx: tx.counts.beat(START))
        with closing(sqlite3.connect(tmp_path / "planner.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(UnavailableError):
                await store.write(lambda tx: tx.counts.beat(START))
            monkeypatch.setattr("planner.store.timed.BUSY_TIMEOUT_MS", 30_000)
            for _ in range(3):
                assert "locked by another program" in (await check.look()).cause
                assert one._trying is not None
                await asyncio.wait_for(one._trying, 5)
            other.execute("ROLLBACK")
        await check.look()
        await one._trying
        assert await check.look() is WELL
        store.close()

    asyncio.run(story())
