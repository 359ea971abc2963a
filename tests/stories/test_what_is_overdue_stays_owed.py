"""Changes move what is to come; what is overdue stays owed if it still holds, and what does not is not sent again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from planner import service
from planner.store import Tx
from tests.stories.story import BERLIN, counts, due, instant, pressed, quiet_hours, states, until
from tests.virtual import FakeClock
from tests.world import ALICE, HOUR, MINUTE, SECOND, Person, World, a_world

SEND = ["sendMessage"]
DUE = instant("2026-11-21 10:45")
ANSWER_LOST = {"methods": SEND, "hang": True, "times": 1}


async def _overdue(world: World, alice: Person, minutes: int = 5) -> None:
    """A reminder of 10:45 that Telegram does not take; what is answered goes through."""
    await alice.say("dentist today at 11:00")
    await until(alice, DUE - MINUTE)
    world.chat.faults.set({"methods": SEND, "status": 429, "retry_after": 60 * (minutes + 1), "times": 1})
    await until(alice, DUE + minutes * MINUTE)
    assert await states(world) == {"pending": 1}


async def _dentist(alice: Person, at: int) -> list[str]:
    """The reminders of the dentist until then."""
    return [text for text in await until(alice, at) if "dentist" in text]


async def test_a_new_lead_leaves_what_is_overdue(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/settings")
        await alice.press("Reminders")
        lead = await alice.button("1 hour before")
        await _overdue(world, alice)
        await world.chat.press(1, *lead, ALICE)
        await alice.read(SECOND)
        assert await world.query("SELECT leads_s FROM users") == [{"leads_s": "[3600]"}]
        assert await due(world) == [DUE]
        assert len(await _dentist(alice, DUE + HOUR)) == 1


async def test_a_new_title_leaves_what_is_overdue_and_is_in_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 11:00")
        await alice.press("Change")
        await until(alice, DUE - MINUTE)
        world.chat.faults.set({"methods": SEND, "status": 502})
        await until(alice, DUE + 5 * MINUTE)
        await world.chat.say(1, "orthodontist", ALICE)
        await alice.read(MINUTE)
        assert await due(world) == [DUE]
        world.chat.faults.set({})
        said = await alice.read(10 * MINUTE)
        assert len([text for text in said if "orthodontist" in text and "Late" in text]) == 1


@pytest.mark.parametrize(
    ("city", "then"),
    [("Asia/Tokyo", [DUE]), ("America/New_York", [instant("2026-11-21 11:45", "America/New_York")])],
    ids=["over there: still owed", "to come there: at its new time only"],
)
async def test_in_a_new_zone_what_is_overdue_is_not_lost(
    tmp_path: Path, clock: FakeClock, city: str, then: list[int]
) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 12:00")
        await until(alice, DUE - MINUTE)
        world.chat.faults.set({"methods": SEND, "status": 502})
        await until(alice, DUE + 10 * MINUTE)

        def move(tx: Tx) -> None:
            user = tx.users.get(1)
            assert user is not None
            service.change_user(tx, replace(user, zone=city), clock.now())

        await world.store.write(move)
        assert await due(world) == then


async def test_new_quiet_hours_end_the_wait_for_the_old(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await quiet_hours(alice, "22:00 - 07:00")
        await alice.say("call the bank today at 22:00")
        await until(alice, instant("2026-11-21 21:40"))
        world.chat.faults.set({"methods": SEND, "status": 502})
        await until(alice, instant("2026-11-21 22:10"))
        world.chat.faults.set({})
        await until(alice, instant("2026-11-21 22:20"))
        await alice.say("/settings")
        await alice.press("Quiet hours")
        said = await alice.press("Never", settle=MINUTE)
        assert [text for text in said if "call the bank" in text] != []


async def test_what_was_deleted_while_overdue_comes_back_overdue(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/settings")
        await alice.say("dentist today at 11:00")
        await alice.say("/today")
        await alice.press("1")
        delete = await alice.button("Delete")
        await until(alice, DUE - MINUTE)
        world.chat.faults.set({"methods": SEND, "status": 502})
        await until(alice, DUE + 20 * MINUTE)
        await world.chat.press(1, *delete, ALICE)
        await alice.read(MINUTE)  # answers wait while nothing else gets through
        assert await states(world) == {"cancelled": 1}
        undo = await alice.button("Undo")
        await world.chat.press(1, *undo, ALICE)
        await alice.read(SECOND)
        assert await due(world) == [DUE]
        assert await counts(world, "reminders") == (0, 1), "it is late once"
        world.chat.faults.set({})
        assert len([text for text in await alice.read(10 * MINUTE) if "Late" in text]) == 1
        assert await counts(world, "reminders") == (0, 1)


async def test_an_event_deleted_while_its_reminder_is_in_flight_is_not_sent_again(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 11:00")
        undo = await alice.button("Undo")
        world.chat.faults.set(ANSWER_LOST)
        await until(alice, DUE + SECOND)
        assert await states(world) == {"sending": 1}
        assert await pressed(alice, *undo) == ""
        await alice.read(SECOND)
        assert await _dentist(alice, DUE + HOUR) == []
        assert await states(world) == {"cancelled": 1}
        assert await counts(world, "reminders") == (0, 0)


async def test_nor_is_it_after_a_crash(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 11:00")
        undo = await alice.button("Undo")
        world.chat.faults.set(ANSWER_LOST)
        await until(alice, DUE + SECOND)
        assert await pressed(alice, *undo) == ""
        await alice.read(SECOND)
        await world.restart()
        assert await _dentist(alice, DUE + HOUR) == []
        assert await states(world) == {"cancelled": 1}


async def test_one_in_flight_that_is_moved_comes_at_its_new_time_only(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 11:00")
        await alice.press("Change")
        world.chat.faults.set(ANSWER_LOST)
        await until(alice, DUE + SECOND)
        assert await states(world) == {"sending": 1}
        await alice.say("today at 13:00")
        said = await _dentist(alice, DUE + 3 * HOUR)
        assert len(said) == 1
        assert await states(world) == {"cancelled": 1, "sent": 1}


async def test_one_in_flight_that_only_gets_a_new_title_is_not_lost(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 11:00")
        await alice.press("Change")
        world.chat.faults.set(ANSWER_LOST)
        await until(alice, DUE + SECOND)
        assert await states(world) == {"sending": 1}
        await alice.say("orthodontist")
        assert len([text for text in await alice.read(HOUR) if "orthodontist" in text]) == 1
        assert await states(world) == {"sent": 1}


async def test_one_in_flight_that_is_deleted_and_brought_back_is_not_lost(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 11:00")
        await alice.say("/today")
        await alice.press("1")
        delete = await alice.button("Delete")
        world.chat.faults.set(ANSWER_LOST)
        await until(alice, DUE + SECOND)
        assert await pressed(alice, *delete) == ""
        await alice.read(SECOND)
        await alice.press("Undo")
        assert await states(world) == {"sending": 1}
        assert len(await _dentist(alice, DUE + HOUR)) == 1


async def test_a_deleted_events_snooze_comes_back_with_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 11:00")
        await until(alice, DUE + MINUTE)
        await alice.press("1 h")
        snoozed = await due(world, kind="snooze")
        assert len(snoozed) == 1
        await alice.say("/today")
        await alice.press("1")
        await alice.press("Delete")
        assert await due(world, kind="snooze") == []
        await alice.press("Undo")
        assert await due(world, kind="snooze") == snoozed
        assert len(await _dentist(alice, snoozed[0] + MINUTE)) == 1
        assert await counts(world, "reminders") == (2, 0)
