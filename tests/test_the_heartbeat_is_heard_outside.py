"""PLANNER_HEARTBEAT_URL: somebody outside is told once a minute how it is, and learns nothing else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from planner import oversight, promises
from planner.catalogue import slo
from planner.health import WELL, Check, Health, Verdict, degraded, failing
from planner.heartbeat import Heartbeat
from planner.model import DAY, MINUTE, SECOND
from planner.ping import Ping, Pinger
from planner.promises import load
from planner.slo.alerts import Alert, State
from planner.slo.objectives import Severity
from planner.store import Store
from planner.store.alerts import Alerts, Raised
from planner.store.opening import StoreError
from planner.telemetry import Telemetry
from planner.telemetry.setup import Running
from tests.virtual import START, FakeClock, run
from tests.world import settings_for

SECRET = "5ecret-of-the-host"


@dataclass
class Outside:
    """Whoever listens: what was told when, and what they answer."""

    clock: FakeClock
    fault: str | None = None
    takes_ms: int = 0
    told: list[tuple[int, str, str]] = field(default_factory=list)

    async def call(self, ping: Ping, body: str) -> str | None:
        self.told.append(((self.clock.now() - START) // SECOND, ping.name, body))
        await self.clock.sleep(self.takes_ms)
        return self.fault


@dataclass
class Bot:
    """How the bot is."""

    verdict: Verdict = WELL
    broken: bool = False
    readable: bool = True
    writable: bool = True
    counted: list[tuple[int, bool]] = field(default_factory=list)

    async def count(self, at: int, good: bool) -> None:
        if not self.writable:
            raise StoreError("/home/alice/planner.db: locked")
        self.counted.append(((at - START) // SECOND, good))

    async def look(self) -> Verdict:
        return self.verdict

    async def breaking(self) -> list[str]:
        if not self.readable:
            raise StoreError("/home/alice/planner.db: gone")
        return ["reminders"] if self.broken else []


@asynccontextmanager
async def beating(bot: Bot, outside: Outside, telemetry: Telemetry | None = None) -> AsyncIterator[None]:
    health = Health(outside.clock)
    health.put([Check("database", bot.look)])
    heartbeat = Heartbeat(outside, outside.clock, health, bot.breaking, bot.count, telemetry)
    task = asyncio.get_running_loop().create_task(heartbeat.run())
    try:
        yield
    finally:
        task.cancel()


def test_it_tells_that_it_starts_and_then_once_a_minute_that_all_is_well() -> None:
    async def story() -> None:
        outside = Outside(FakeClock())
        async with beating(Bot(), outside):
            await outside.clock.sleep(3 * MINUTE + SECOND)
        assert outside.told == [(0, "START", ""), *((at, "SUCCESS", "") for at in (60, 120, 180))]

    run(story())


@asynccontextmanager
async def overseen(
    folder: Path, clock: FakeClock, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Store]:
    """The heartbeat as a process has it, on a database, with all checks well."""
    monkeypatch.setattr(oversight, "Pinger", lambda _: outside)
    settings = settings_for(folder, PLANNER_HEARTBEAT_URL="https://hc-ping.com/some-check")
    store = Store(settings.db, inline=True)
    async with AsyncExitStack() as stack:
        stack.callback(store.close)
        watch = oversight.Oversight(settings, store, load().slos, clock, Running(Telemetry()), stack)
        watch.health.put([Check("database", Bot().look)])
        watch.begin()
        yield store


BEGAN = START - 3 * DAY
FIRING, OVER = Alert(State.FIRING, BEGAN, BEGAN, BEGAN), Alert(State.RESOLVED, BEGAN, BEGAN, BEGAN, BEGAN + DAY)


@pytest.mark.parametrize(
    ("severity", "alert", "told"),
    [
        (Severity.CRITICAL, FIRING, ("FAIL", "promise broken: reminders")),
        (Severity.CRITICAL, OVER, ("SUCCESS", "")),
        (Severity.WARNING, FIRING, ("SUCCESS", "")),
    ],
)
async def test_what_is_critical_fails_and_a_promise_broken_days_ago_hides_no_death(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, severity: Severity, alert: Alert,
    told: tuple[str, str]
) -> None:  # fmt: skip
    outside = Outside(clock)
    async with overseen(tmp_path, clock, outside, monkeypatch) as store:
        await store.write(lambda tx: tx.counts.add("reminders", BEGAN, good=False))
        for tier in ("fast", "medium"):
            await store.write(lambda tx, tier=tier: tx.alerts.add("reminders", tier, severity, alert, {}))
        await clock.sleep(MINUTE + SECOND)
    assert outside.told[1:] == [(60, *told)]


def test_it_tells_which_part_fails_or_which_promise_is_broken_and_no_more() -> None:
    async def story() -> None:
        bot, outside = Bot(), Outside(FakeClock())
        async with beating(bot, outside):
            for bot.verdict, bot.broken, bot.readable in (
                (failing(f"/home/alice/planner.db: {SECRET}"), False, True),
                (WELL, True, True),
                (failing("x"), True, True),
                (WELL, False, False),
                (degraded("a slow server"), False, True),
            ):
                await outside.clock.sleep(MINUTE + SECOND // 10)
        assert [told[1:] for told in outside.told[1:]] == [
            ("FAIL", "database is failing"),
            ("FAIL", "promise broken: reminders"),
            ("FAIL", "database is failing; promise broken: reminders"),
            ("FAIL", "the alerts cannot be read"),
            ("SUCCESS", ""),
        ]

    run(story())


def test_an_outage_outside_is_logged_once_and_counted_each_time(caplog: pytest.LogCaptureFixture) -> None:
    telemetry = Telemetry()

    async def story() -> None:
        outside = Outside(FakeClock(), fault="timeout", takes_ms=5 * SECOND)
        async with beating(Bot(), outside, telemetry):
            await outside.clock.sleep(3 * MINUTE + 10 * SECOND)
            outside.fault = None
            await outside.clock.sleep(2 * MINUTE)
        assert [at for at, _, _ in outside.told] == [0, 60, 120, 180, 240, 300], "a slow answer delays no other"

    caplog.set_level(logging.INFO)
    run(story())
    ours = [(one.levelname, one.msg) for one in caplog.records if one.name == "planner.heartbeat"]
    assert ours == [("WARNING", "heartbeat.unreachable"), ("INFO", "heartbeat.reachable")]
    points = {one.labels: one.value for one in telemetry.metrics.read([slo.PINGS])[0].points}
    assert points == {("ok",): 2, ("failed",): 4}


def test_each_call_is_a_verdict_of_the_promise_to_be_heard() -> None:
    async def story() -> None:
        bot, outside = Bot(), Outside(FakeClock(), takes_ms=3 * SECOND)
        async with beating(bot, outside):
            await outside.clock.sleep(MINUTE + 10 * SECOND)
            outside.fault = "timeout"
            await outside.clock.sleep(MINUTE)
            bot.writable = False
            await outside.clock.sleep(MINUTE)
            bot.writable = True
            await outside.clock.sleep(MINUTE)
        assert [at for at, _, _ in outside.told] == [0, 60, 120, 180, 240], (
            "what cannot be counted is told all the same"
        )
        assert bot.counted == [(0, True), (60, True), (120, False), (240, False)]

    run(story())


async def test_what_was_heard_stands_in_the_database(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = Outside(clock)
    async with overseen(tmp_path, clock, outside, monkeypatch) as store:
        await clock.sleep(2 * MINUTE + SECOND)
        outside.fault = "HTTP 404"
        await clock.sleep(MINUTE)
        (status,) = [one for one in await promises.read(store, load().slos, clock.now()) if one.slo.id == "heartbeat"]
    assert (status.good, status.bad) == (3, 1)


@asynccontextmanager
async def a_server(answer: int | None, seen: list[tuple[str, str, str]]) -> AsyncIterator[str]:
    """Real HTTP; without an answer it says nothing for ever."""

    async def handle(request: web.Request) -> web.Response:
        seen.append((request.method, request.path_qs, await request.text()))
        if answer is None:
            await asyncio.Event().wait()
        return web.Response(status=answer or 200, headers={"Location": f"http://127.0.0.1:1/{SECRET}"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def test_the_addresses_are_those_of_healthchecks_io() -> None:
    async def story() -> None:
        seen: list[tuple[str, str, str]] = []
        async with a_server(200, seen) as url:
            for ping in Ping:
                assert await Pinger(f"{url}/{SECRET}").call(ping, "why") is None
            assert await Pinger(f"{url}/ping/?key={SECRET}").call(Ping.FAIL, "") is None
        assert seen == [
            ("POST", f"/{SECRET}/start", "why"),
            ("POST", f"/{SECRET}", "why"),
            ("POST", f"/{SECRET}/fail", "why"),
            ("POST", f"/ping/fail?key={SECRET}", ""),
        ]

    run(story())


@pytest.mark.parametrize(("status", "said"), [(404, "HTTP 404"), (302, "HTTP 302"), (500, "HTTP 500"), (204, None)])
def test_what_is_not_taken_is_said_in_a_code_without_the_address(status: int, said: str | None) -> None:
    async def story() -> None:
        seen: list[tuple[str, str, str]] = []
        async with a_server(status, seen) as url:
            assert await Pinger(f"{url}/{SECRET}").call(Ping.SUCCESS, "") == said
        assert len(seen) == 1, "a redirect would take the secret elsewhere"

    run(story())


def test_whoever_does_not_answer_is_given_up_after_seconds() -> None:
    async def story() -> None:
        async with a_server(None, []) as url:
            assert await Pinger(f"{url}/{SECRET}").call(Ping.SUCCESS, "") == "timeout"

    run(story())


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/{}", "http://nowhere.invalid/{}", "http://{}:x@[::1]:1/"])
def test_nobody_there_is_a_code_too(url: str) -> None:
    async def story() -> None:
        said = await Pinger(url.format(SECRET)).call(Ping.SUCCESS, "")
        assert said
        assert SECRET not in said

    run(story())


async def test_a_heartbeat_that_met_what_it_should_not_have_is_in_the_log(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Alerts) -> list[Raised]:
        raise LookupError

    monkeypatch.setattr(Alerts, "firing", broken)
    async with overseen(tmp_path, clock, Outside(clock), monkeypatch):
        await clock.sleep(2 * MINUTE)
    (said,) = [one for one in caplog.records if one.getMessage() == "oversight.failed"]
    assert said.exc_info is not None
    assert said.exc_info[0] is LookupError
