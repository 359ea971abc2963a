"""The process ends between any two steps: what was in flight is sent again, nothing else is, and nothing is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from planner.store.reminders import Reminders
from tests.stories.story import counts, states
from tests.virtual import FakeClock
from tests.world import ALICE, MINUTE, SECOND, a_world


async def test_a_reminder_claimed_but_not_sent_is_sent_at_once_after_the_restart(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        world.chat.faults.set({"methods": ["sendMessage"], "hang": True})
        assert await alice.read(5 * MINUTE) == []
        assert await states(world) == {"sending": 1}
        await world.crash()
        world.chat.faults.set({})
        await world.start()
        said = await alice.read(SECOND)
        assert len(said) == 1
        assert "tea" in said[0]
        assert await states(world) == {"sent": 1}
        assert await counts(world, "reminders") == (1, 0)


async def test_one_accepted_but_not_recorded_is_repeated_once_and_no_more(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        world.chat.faults.set({"methods": ["sendMessage"], "answer_delay_ms": 10 * SECOND})
        assert len(await alice.read(5 * MINUTE)) == 1
        await world.crash()
        world.chat.faults.set({})
        await world.start()
        assert len(await alice.read(SECOND)) == 1
        for _ in range(3):
            await world.restart(after=MINUTE)
            assert await alice.read(SECOND) == []


async def test_one_that_was_sent_and_recorded_is_not_repeated(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        assert len(await alice.read(6 * MINUTE)) == 1
        await world.restart()
        assert await alice.read(10 * MINUTE) == []


async def test_a_clean_stop_waits_for_the_answer_and_repeats_nothing(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        world.chat.faults.set({"methods": ["sendMessage"], "answer_delay_ms": 2 * SECOND})
        assert len(await alice.read(5 * MINUTE)) == 1
        await world.stop()
        await world.start()
        assert await alice.read(10 * MINUTE) == []
        assert await states(world) == {"sent": 1}


async def test_what_was_only_claimed_is_given_back_by_a_clean_stop(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        for number in range(3):
            await alice.say(f"tea {number} today at 10:05")
        claim = Reminders.claim
        stopped = asyncio.Event()

        def then_stop(self: Reminders, ids: list[int], now: int) -> None:
            claim(self, ids, now)
            world.planner.delivery._stopping = True
            stopped.set()

        monkeypatch.setattr(Reminders, "claim", then_stop)
        await stopped.wait()
        await world.stop()
        monkeypatch.undo()
        await world.start()
        assert len(await alice.read(10 * SECOND)) == 3
        assert await states(world) == {"sent": 3}


async def test_an_answer_that_was_owed_is_given_after_the_restart(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/today")
        world.chat.faults.set({"methods": ["sendMessage"], "hang": True})
        assert await alice.say("dentist tomorrow at 9:30") == []
        await world.crash()
        world.chat.faults.set({})
        await world.start()
        said = await alice.read()
        assert len(said) == 1
        assert "dentist" in said[0]
        assert await world.query("SELECT count(*) AS n FROM events") == [{"n": 1}]


async def test_a_crash_while_a_message_is_handled_does_it_once(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/today")
        handle = world.planner.intake._handle

        def dies(tx: object, update: object, now: int, handled: object) -> None:
            handle(tx, update, now, handled)
            raise asyncio.CancelledError

        monkeypatch.setattr(world.planner.intake, "_handle", dies)
        assert await alice.say("dentist tomorrow at 9:30") == []
        assert await world.query("SELECT count(*) AS n FROM events") == [{"n": 0}]
        await world.restart()
        assert len(await alice.read()) == 1
        assert await world.query("SELECT count(*) AS n FROM events") == [{"n": 1}]
