"""A calendar that fails keeps what it had; its user hears of it once, in words, and again when it works."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from planner import calendars
from planner.feeds.fetched import Fault
from planner.model import Outcome
from planner.store import Store
from planner.store.db import UnavailableError
from planner.telemetry.logs import _Json
from tests.stories.linking import URL, act, feed, held, link, sync
from tests.stories.story import instant, quiet_hours, until
from tests.virtual import FakeClock
from tests.web import calendar, event
from tests.world import ALICE, DAY, HOUR, MINUTE, SECOND, Person, World, a_world

STANDUP = event("standup@x", "Standup", "20261124T120000Z")
FULL = calendar(*(event(f"{number}@x", f"Event {number}", f"202611{number}T120000Z") for number in range(22, 30)))
GONE = Fault(Outcome.HTTP_ERROR, "404")
DOWN = Fault(Outcome.HTTP_ERROR, "503")
BROKEN = [
    GONE,
    DOWN,
    Fault(Outcome.TIMEOUT, "timeout"),
    Fault(Outcome.NETWORK, "dns"),
    Fault(Outcome.TOO_LARGE, "too_large"),
    Fault(Outcome.BLOCKED, "private"),
    ValueError("the planner's own fault"),
    "",
    "<!doctype html><title>Sign in</title>",
    calendar(STANDUP)[:-20],
]


async def tries(world: World, times: int) -> None:
    """Let the calendar be synced so many times."""
    for _ in range(times):
        found = await feed(world)
        await world.clock.sleep(max(0, found.next_at - world.clock.now()) + SECOND)


def warned(said: list[str]) -> list[str]:
    return [text for text in said if "cannot be brought up to date" in text]


def notices(said: list[str]) -> list[str]:
    return [text for text in said if "⏰" not in text]


async def linked(world: World, text: str = FULL) -> Person:
    alice = world.person(ALICE)
    await alice.say("/start")
    await link(alice, text)
    return alice


@pytest.mark.parametrize("broken", BROKEN, ids=str)
async def test_whatever_comes_nothing_that_was_there_is_lost(
    tmp_path: Path, clock: FakeClock, broken: str | Fault | Exception
) -> None:
    async with a_world(tmp_path, clock) as world:
        await linked(world)
        before = await held(world)
        world.web[URL] = broken
        await tries(world, 4)
        assert (await feed(world)).failures == 4
        assert await held(world) == before
        assert len(await world.query("SELECT * FROM reminders WHERE state <> 'pending'")) == 0


async def test_a_hiccup_is_not_told_and_three_are_told_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await linked(world)
        world.web[URL] = DOWN
        await tries(world, 2)
        assert warned(await alice.read()) == []
        await tries(world, 1)
        assert len(warned(await alice.read())) == 1
        await tries(world, 6)
        assert warned(await alice.read()) == []
        world.web[URL] = FULL
        await tries(world, 1)
        assert ["up to date again" in text for text in notices(await alice.read())] == [True]
        await tries(world, 2)
        assert notices(await alice.read()) == []


@pytest.mark.parametrize(
    "broken", [GONE, Fault(Outcome.HTTP_ERROR, "401"), "<html>", Fault(Outcome.BLOCKED, "private")]
)
async def test_what_looks_final_is_told_after_two(tmp_path: Path, clock: FakeClock, broken: str | Fault) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await linked(world)
        world.web[URL] = broken
        await tries(world, 1)
        assert warned(await alice.read()) == []
        await tries(world, 1)
        (said,) = warned(await alice.read())
        assert "secret" not in said, "the address is one"


async def test_what_works_again_before_it_was_told_says_nothing(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await linked(world)
        world.web[URL] = DOWN
        await tries(world, 2)
        world.web[URL] = FULL
        await tries(world, 2)
        assert await alice.read() == []
        assert (await feed(world)).failures == 0


async def test_in_quiet_hours_nothing_is_told_and_then_what_is_still_true(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await linked(world)
        await quiet_hours(alice, "22:00 - 07:00")
        await until(alice, instant("2026-11-21 22:00"))
        world.web[URL] = DOWN
        assert await until(alice, instant("2026-11-22 06:59:50")) == []
        assert len(warned(await alice.read(MINUTE))) == 1
        world.web[URL] = FULL
        await until(alice, instant("2026-11-22 21:40"))
        world.web[URL] = DOWN
        await until(alice, instant("2026-11-23 03:00"))
        assert (await feed(world)).failures > 3
        world.web[URL] = FULL
        assert await until(alice, instant("2026-11-23 08:30")) == [], "it was never told, and is over"


async def test_who_asks_is_answered_at_once_also_in_quiet_hours(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await linked(world)
        await quiet_hours(alice, "22:00 - 07:00")
        await until(alice, instant("2026-11-21 23:00"))
        assert len(warned(await sync(alice, ""))) == 1
        await clock.sleep(MINUTE)
        (said,) = await sync(alice, FULL)
        assert "up to date" in said
        await clock.sleep(DAY)
        assert notices(await alice.read()) == []


async def test_a_sync_is_asked_for_once_a_minute(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await linked(world)
        asked = clock.now()
        assert await act(alice, lambda tx, user: calendars.ask(tx, tx.feeds.of_user(1)[0], clock.now())) is None
        again = await act(alice, lambda tx, user: calendars.ask(tx, tx.feeds.of_user(1)[0], clock.now()))
        assert again == asked + MINUTE
        assert len(await alice.read(5 * SECOND)) == 1
        assert await act(alice, lambda tx, user: calendars.ask(tx, tx.feeds.of_user(1)[0], clock.now())) == again
        await clock.sleep(MINUTE)
        assert await act(alice, lambda tx, user: calendars.ask(tx, tx.feeds.of_user(1)[0], clock.now())) is None


async def test_a_calendar_that_is_suddenly_empty_is_looked_at_twice(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await linked(world)
        world.web[URL] = calendar()
        await tries(world, 1)
        assert len(await held(world)) == 8
        world.web[URL] = FULL
        await tries(world, 1)
        world.web[URL] = calendar()
        await tries(world, 1)
        assert len(await held(world)) == 8, "each time"
        await tries(world, 1)
        assert await held(world) == []


async def test_an_address_that_is_no_calendar_is_not_linked(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        (said,) = await link(alice, "<html>")
        assert "not linked" in said
        assert await world.query("SELECT * FROM feeds") == []
        assert await world.query("SELECT * FROM syncs") == []


async def test_nothing_is_fetched_for_who_has_blocked_the_bot(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await linked(world)
        await world.store.write(lambda tx: tx.users.freeze(1))
        asked = world.web.asked(URL)
        await clock.sleep(DAY)
        assert world.web.asked(URL) == asked
        await alice.say("/today")
        await clock.sleep(2 * MINUTE)
        assert world.web.asked(URL) == asked + 1


async def test_forgetting_a_user_in_the_middle_of_a_sync_leaves_nothing(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await linked(world)
        world.web.takes_ms = 10 * SECOND
        found = await feed(world)
        await act(alice, lambda tx, _: calendars.ask(tx, found, clock.now()))
        await clock.sleep(SECOND)
        await world.store.write(lambda tx: tx.account.forget(1, 1, 0, clock.now()))
        await clock.sleep(MINUTE)
        for table in ("feeds", "syncs", "events", "answers"):
            assert await world.query(f"SELECT * FROM {table}") == []


async def test_a_full_disk_is_waited_out(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_world(tmp_path, clock) as world:
        await linked(world)
        asked = world.web.asked(URL)
        written = Store.write

        async def full(*_: object, **__: object) -> object:
            raise UnavailableError("no space left")

        monkeypatch.setattr(Store, "write", full)
        await clock.sleep(HOUR)
        monkeypatch.setattr(Store, "write", written)
        assert world.web.asked(URL) - asked < HOUR / (4 * SECOND), "tried again, but not without a pause"
        await clock.sleep(MINUTE)
        assert clock.now() - ((await feed(world)).ok_at or 0) < 2 * MINUTE
        assert await world.query("SELECT * FROM syncs WHERE outcome NOT IN ('ok', 'not_modified')") == []


async def test_no_log_names_an_address(tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with a_world(tmp_path, clock) as world:
        await linked(world)
        for broken in BROKEN:
            world.web[URL] = ValueError(URL) if isinstance(broken, Exception) else broken
            await tries(world, 1)
        form = _Json()
        lines = [f"{form(record)} {vars(record) | {'exc_info': None, 'exc_text': None}}" for record in caplog.records]
        assert any('"exception": "Traceback' in line for line in lines), "a fault is told, but for its words"
        assert any("cloud.example" in line for line in lines)
        assert not any("secret" in line for line in lines)
