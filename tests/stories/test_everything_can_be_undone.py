"""Whatever a user does to an event can be taken back for a day, with its reminders; deleting and changing move them."""

from __future__ import annotations

from pathlib import Path

from tests.stories.story import BERLIN, due, instant, pressed, states, until
from tests.virtual import FakeClock
from tests.world import ALICE, DAY, MINUTE, SECOND, a_world

TOO_LATE = "can no longer be undone"


async def test_a_new_event_is_not_kept(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        assert "is not kept" in (await alice.press("Undo"))[0]
        assert await states(world) == {"cancelled": 1}
        assert "Nothing is planned." in (await alice.say("/tomorrow"))[0]
        assert await alice.read(2 * DAY) == []


async def test_a_change_moves_its_reminder_and_undo_moves_it_back(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.press("Change")
        assert "tomorrow at 10:00" in (await alice.say("tomorrow at 10:00"))[0]
        assert await due(world) == [instant("2026-11-22 09:45")]
        said = await alice.press("Undo")
        assert "tomorrow at 09:30" in said[0]
        assert "As it was before." in said[0]
        assert await due(world) == [instant("2026-11-22 09:15")]


async def test_a_new_title_alone_keeps_the_time(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.press("Change")
        said = await alice.say("orthodontist")
        assert "orthodontist" in said[0]
        assert "tomorrow at 09:30" in said[0]
        assert await due(world) == [instant("2026-11-22 09:15")]


async def test_a_deleted_event_comes_back_with_its_reminders(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("gym every day at 19:00")
        before = await due(world)
        await alice.say("/today")
        await alice.press("1")
        await alice.press("Delete")
        assert "is deleted" in (await alice.press("All of it"))[0]
        assert await due(world) == []
        assert await until(alice, instant("2026-11-21 20:00")) == []
        await alice.press("Undo")
        assert (await due(world))[: len(before) - 1] == before[1:], "today's is over"
        assert "gym" in (await alice.say("/week"))[0]


async def test_a_deleted_events_snoozes_do_not_come(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        await alice.read(6 * MINUTE)
        await alice.press("1 h")
        await alice.say("/today")
        await alice.press("1")
        await alice.press("Delete")
        assert await alice.read(DAY) == []


async def test_after_a_day_it_is_too_late(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("party every day at 19:00")
        message, data = await alice.button("Undo")
        await alice.read(DAY + MINUTE)
        assert TOO_LATE in await pressed(alice, message, data)
        assert "party" in (await alice.say("/tomorrow"))[0]


async def test_within_the_day_it_is_not(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("party every day at 19:00")
        message, data = await alice.button("Undo")
        await alice.read(DAY - MINUTE)
        assert await pressed(alice, message, data) == ""
        assert "Nothing is planned." in (await alice.say("/tomorrow"))[-1]


async def test_twice_is_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        message, data = await alice.button("Undo")
        assert await pressed(alice, message, data) == ""
        assert TOO_LATE in await pressed(alice, message, data)


async def test_what_was_changed_again_since_is_not_undone_beneath(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        first = await alice.button("Undo")
        await alice.press("Change")
        await alice.say("tomorrow at 10:00")
        assert TOO_LATE in await pressed(alice, *first)
        assert await due(world) == [instant("2026-11-22 09:45")]


async def test_a_change_of_a_deleted_event_says_that_it_is_gone(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        change = await alice.button("Change")
        await alice.say("/tomorrow")
        await alice.press("1")
        delete = await alice.button("Delete")
        await alice.press("Delete")
        assert "deleted meanwhile" in await pressed(alice, *change)
        assert "deleted meanwhile" in await pressed(alice, *delete)
        assert await alice.read(SECOND) == []


async def test_what_a_button_has_made_comes_back_to_the_second(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.press("right")
        await clock.sleep(777)
        await alice.say("dentist")
        await alice.press("today at 12:00")
        before = await world.query("SELECT start_local, start_at FROM events")
        assert before[0]["start_at"] == instant(str(before[0]["start_local"]), BERLIN)
        await alice.press("Change")
        await alice.say("the other dentist")
        await alice.press("Undo")
        assert await world.query("SELECT start_local, start_at FROM events") == before
