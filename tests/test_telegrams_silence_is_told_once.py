"""An outage of Telegram's is one line when it begins and one when it is over; then nothing waits any longer."""

from __future__ import annotations

import logging
from pathlib import Path
from unittest.mock import Mock

import pytest

from planner import checks
from tests.stories.story import states
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, MINUTE, SECOND, a_world

SEND = ["sendMessage"]
TOLD = {"telegram.unreachable", "telegram.reachable", "health.impaired", "health.regained"}


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(one.levelname, one.message) for one in caplog.records if one.message in TOLD]


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 500, "methods": SEND}, {"refuse": True}])
async def test_an_outage_is_two_lines_whoever_notices_it(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture, fault: dict
) -> None:
    caplog.set_level(logging.INFO)
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("tea in 5 minutes")
        await clock.sleep(4 * MINUTE)
        world.chat.faults.set(fault)
        await clock.sleep(5 * MINUTE)
        world.chat.faults.set({})
        await clock.sleep(5 * MINUTE)
        assert await states(world) == {"sent": 1}
    assert told(caplog) == [("WARNING", "telegram.unreachable"), ("INFO", "telegram.reachable")]
    (over,) = (one for one in caplog.records if one.message == "telegram.reachable")
    assert over.seconds > 3 * 60


def test_health_leaves_it_to_them() -> None:
    assert not checks.telegram(Mock(), Mock(), FakeClock()).logged


async def test_each_outage_is_told(tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with a_world(tmp_path, clock) as world:
        for _ in range(2):
            world.chat.faults.set({"refuse": True})
            await clock.sleep(MINUTE)
            world.chat.faults.set({})
            await clock.sleep(MINUTE)
    assert [event for _, event in told(caplog)] == ["telegram.unreachable", "telegram.reachable"] * 2


async def test_being_asked_to_poll_less_often_is_no_outage(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(tmp_path, clock) as world:
        world.chat.faults.set({"methods": ["getUpdates"], "status": 429, "retry_after": 7, "times": 1})
        await clock.sleep(MINUTE)
    (paused,) = (one for one in caplog.records if one.message.startswith("telegram.") and one.levelno > logging.DEBUG)
    assert (paused.message, paused.seconds) == ("telegram.paused", 7)


async def test_the_first_answer_to_anything_ends_a_reminders_wait(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("tea in 5 minutes")
        world.chat.faults.set({"status": 500})
        (row,) = await world.query("SELECT due_at FROM reminders")
        await clock.sleep(row["due_at"] + 20 * MINUTE - clock.now())
        while True:  # just after a try: the next is most of a minute away
            (row,) = await world.query("SELECT ready_at, state FROM reminders")
            if row["state"] == "pending" and row["ready_at"] - clock.now() > 40 * SECOND:
                break
            await clock.sleep(SECOND)
        world.chat.faults.set({})
        await clock.sleep(16 * SECOND)
        assert await states(world) == {"sent": 1}, "the next poll shows that Telegram answers"


async def test_when_one_arrives_the_others_follow(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await bob.say("/start")
        for number in range(20):
            await alice.say(f"tea {number} in 10 minutes")
        world.chat.faults.set({"methods": SEND, "status": 502})
        await clock.sleep(40 * MINUTE)
        await world.chat.say(BOB.id, "/today", BOB)
        while (await states(world)).get("sending"):
            await clock.sleep(SECOND)
        world.chat.faults.set({})
        while not any("Today" in text for text in await bob.read(SECOND)):
            assert clock.now() < 2_000_000_000_000
        await clock.sleep(3 * SECOND)
        waiting = await world.query("SELECT ready_at FROM reminders WHERE state = 'pending'")
        assert not [row for row in waiting if row["ready_at"] > clock.now()]


async def test_answers_follow_at_once_too(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        people = [world.person(ALICE), world.person(BOB)]
        for one in people:
            await one.say("/start")
        world.chat.faults.set({"methods": SEND, "status": 502})
        for one in people:
            await world.chat.say(one.user.id, "/today", one.user)
        await clock.sleep(40 * MINUTE)
        answering = world.planner.delivery._answering
        while len(answering._unanswered) < 2:
            await clock.sleep(SECOND)
        world.chat.faults.set({})
        while len(answering._unanswered) == 2:
            await clock.sleep(SECOND // 10)
        await clock.sleep(2 * SECOND)
        for one in people:
            assert "Today" in (await one.rows())[-1]["text"]


async def test_what_a_429_asks_for_is_waited_out(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("tea in 5 minutes")
        await clock.sleep(4 * MINUTE)
        world.chat.faults.set({"methods": SEND, "status": 429, "retry_after": 300, "times": 1})
        await clock.sleep(2 * MINUTE)
        world.chat.faults.set({"methods": ["getUpdates"], "status": 500})
        await clock.sleep(MINUTE)
        world.chat.faults.set({})
        await clock.sleep(MINUTE)
        assert await states(world) == {"pending": 1}
        await clock.sleep(3 * MINUTE)
        assert await states(world) == {"sent": 1}
