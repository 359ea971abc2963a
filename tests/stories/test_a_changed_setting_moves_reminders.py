"""A changed zone, lead or quiet hours move the reminders already set, in the same transaction."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from planner import service
from planner.store import Tx
from planner.store.reminders import Reminders
from tests.stories.story import BERLIN, due, instant, leads, quiet_hours, states, until, zone
from tests.virtual import FakeClock
from tests.world import ALICE, MINUTE, SECOND, a_world


async def test_a_new_zone_moves_them_with_the_wall_clock(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.say("gym every day at 19:00")
        assert (await due(world))[0] == instant("2026-11-21 18:45", BERLIN)
        await zone(alice, "Tokyo")
        moved = await due(world)
        assert instant("2026-11-22 09:15", "Asia/Tokyo") in moved
        assert instant("2026-11-22 18:45", "Asia/Tokyo") in moved
        assert instant("2026-11-22 09:15", BERLIN) not in moved

        at = instant("2026-11-22 09:15", "Asia/Tokyo")
        assert await until(alice, at - SECOND) == []
        said = await until(alice, at + SECOND)
        assert len(said) == 1
        assert "today at 09:30" in said[0]


async def test_a_new_zone_leaves_alone_what_was_asked_for_by_elapsed_time(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        said_at = clock.now()
        await alice.say("tea in 30 minutes")
        await zone(alice, "Tokyo")
        assert await due(world) == [said_at + 30 * MINUTE]


async def test_a_new_zone_moves_the_plan(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("/settings")
        await alice.press("Daily plan")
        await alice.press("07:00")
        await zone(alice, "Tokyo")
        assert (await due(world, kind="plan"))[0] == instant("2026-11-22 07:00", "Asia/Tokyo")


async def test_new_leads_move_them(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await leads(alice, "1 hour, 5 min")
        assert await due(world) == [instant("2026-11-22 08:30"), instant("2026-11-22 09:25")]
        assert await states(world) == {"cancelled": 1, "pending": 2}


async def test_an_events_own_leads_stay(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")

        def own_lead(tx: Tx) -> None:
            event, user = tx.events.get(1), tx.users.get(1)
            assert event is not None
            assert user is not None
            service.change_event(tx, user, replace(event, leads_s=(600,)), clock.now())

        await world.store.write(own_lead)
        await leads(alice, "1 hour")
        assert await due(world) == [instant("2026-11-22 09:20")]


async def test_new_quiet_hours_move_them_there_and_back(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("train tomorrow at 06:10")
        assert await due(world) == [instant("2026-11-22 05:55")]
        await quiet_hours(alice, "22:00 - 07:00")
        assert await due(world) == [instant("2026-11-21 21:58")]
        await alice.say("/settings")
        await alice.press("Quiet hours")
        await alice.press("Never")
        assert await due(world) == [instant("2026-11-22 05:55")]


async def test_what_was_reminded_already_is_not_reminded_again_because_a_setting_changed(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 11:00")
        assert len(await until(alice, instant("2026-11-21 10:46"))) == 1
        await quiet_hours(alice, "22:00 - 07:00")
        assert await until(alice, instant("2026-11-21 12:00")) == []


async def test_past_events_are_not_reminded_again(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 11:00")
        await until(alice, instant("2026-11-21 13:00"))
        await leads(alice, "5 min")
        await zone(alice, "Berlin")
        assert await alice.read(3 * 60 * MINUTE) == []


async def test_the_move_is_one_transaction_so_a_crash_in_it_leaves_all_as_it_was(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        for hour in (9, 10, 11):
            await alice.say(f"meeting tomorrow at {hour}:30")
        before = await due(world)
        add_all, done = Reminders.add_all, []

        def dies_at_the_end(*arguments: object) -> None:
            add_all(*arguments)
            done.append(1)
            raise asyncio.CancelledError

        def change(tx: Tx) -> None:
            user = tx.users.get(1)
            assert user is not None
            service.change_user(tx, replace(user, zone="Asia/Tokyo"), clock.now())

        monkeypatch.setattr(Reminders, "add_all", dies_at_the_end)
        with pytest.raises(asyncio.CancelledError):
            await world.store.write(change)
        monkeypatch.undo()
        assert done == [1]
        await world.restart()
        assert await due(world) == before
        assert (await world.query("SELECT zone FROM users"))[0]["zone"] == BERLIN
