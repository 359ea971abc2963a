"""Recurring events: this one, this and what follows, or all; skip one, end the series; also across DST."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.story import BERLIN, due, instant
from tests.virtual import FakeClock
from tests.world import ALICE, DAY, HOUR, MINUTE, Person, World, a_world


async def gym(alice: Person, world: World, on: str = "7.12-7.12") -> None:
    """A weekly event on Mondays at nine, and the card of the one on 7 December."""
    await alice.say("gym every monday at 9:00")
    await alice.say(f"/agenda {on}")
    await alice.press("gym")


async def starts(world: World) -> list[int]:
    """When the reminders that are owed speak of, in order."""
    rows = await world.query("SELECT DISTINCT occurrence_at FROM reminders WHERE state = 'pending' ORDER BY 1")
    return [row["occurrence_at"] for row in rows]


async def shown(alice: Person, days: str = "23.11-4.1.2027") -> str:
    return (await alice.say(f"/agenda {days}"))[0]


async def test_only_one_gets_another_time(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await gym(alice, world)
        await alice.press("Change")
        await alice.say("tuesday 8 december at 11:00")
        said = await alice.press("Only")
        assert "Tue 8 Dec at 11:00" in said[0]
        listed = await shown(alice)
        assert listed.count("09:00  gym") == 6
        assert listed.count("11:00  gym") == 1
        assert "Mon 7 Dec" not in listed


async def test_this_and_what_follows_get_another_time(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await gym(alice, world)
        await alice.press("Change")
        await alice.say("10:00")
        await alice.press("This and all that follow")
        listed = await shown(alice)
        assert listed.count("09:00  gym") == 2
        assert listed.count("10:00  gym") == 5


async def test_all_get_another_day_and_title(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await gym(alice, world)
        await alice.press("Change")
        await alice.say("swim tuesday 8 december at 9:00")
        await alice.press("All of it")
        listed = await shown(alice)
        assert "gym" not in listed
        assert listed.count("09:00  swim") == 6
        assert "Tue 24 Nov" in listed


@pytest.mark.parametrize("scope", ["Only", "This and all that follow", "All of it"])
async def test_each_of_them_is_undone_by_one_button(tmp_path: Path, clock: FakeClock, scope: str) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await gym(alice, world)
        before, owed = await shown(alice), await due(world)
        await alice.say("/agenda 7.12-7.12")
        await alice.press("gym")
        await alice.press("Change")
        await alice.say("swim tuesday 8 december at 11:00")
        await alice.press(scope)
        assert await shown(alice) != before
        await alice.press("Undo")
        assert await shown(alice) == before
        assert await due(world) == owed


async def test_skipping_one_leaves_the_others(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await gym(alice, world, "23.11-23.11")
        said = await alice.press("Skip this one")
        assert "is left out" in said[0]
        assert "Mon 30 Nov" in said[0]
        assert await starts(world) == [instant("2026-11-30 09:00", BERLIN)]
        assert await alice.read(3 * DAY) == [], "no reminder of what is left out"
        await alice.press("Undo")


async def test_a_series_is_ended(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await gym(alice, world)
        await alice.press("Delete")
        assert "has ended" in (await alice.press("This and all that follow"))[0]
        assert (await shown(alice)).count("gym") == 2
        await alice.press("Undo")
        assert (await shown(alice)).count("gym") == 7


async def test_deleting_all_of_it_leaves_nothing(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await gym(alice, world)
        await alice.press("Delete")
        assert "with all its repetitions" in (await alice.press("All of it"))[0]
        assert await starts(world) == []
        await alice.press("Undo")
        assert (await shown(alice)).count("gym") == 7


async def test_the_hour_stays_across_a_change_of_the_clock(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("run every saturday at 9:00 starting 13.3.2027")
        await alice.say("/agenda 27.3.2027-27.3.2027")
        await alice.press("run")
        await alice.press("Change")
        await alice.say("sunday 28 march 2027 at 10:00")
        await alice.press("This and all that follow")
        rows = await world.query("SELECT start_local, start_at, rrule FROM events ORDER BY id")
        assert rows[1]["start_local"] == "2027-03-28T10:00:00"
        assert rows[1]["start_at"] == instant("2027-03-28 10:00", BERLIN)
        listed = await shown(alice, "20.3.2027-18.4.2027")
        assert listed.count("09:00  run") == 1
        assert listed.count("10:00  run") == 4


async def test_what_no_rule_can_say_is_explained(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("report on the last working day of every month at 9:00")
        await alice.press("Change")
        await alice.say("1 december at 9:00")
        assert "cannot be moved like that" in (await alice.press("All of it"))[0]
        assert await starts(world) == [instant("2026-11-30 09:00")]


async def test_a_reminder_of_the_one_that_was_moved_comes_at_its_new_time_only(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea every day at 12:00")
        await alice.press("Change")
        await alice.say("13:00")
        await alice.press("Only")
        assert await alice.read(2 * HOUR) == []
        said = await alice.read(HOUR)
        assert len(said) == 1
        assert "tea" in said[0]
        assert instant("2026-11-21 13:00") - clock.now() < 15 * MINUTE
        assert len(await alice.read(DAY - HOUR)) == 1, "tomorrow's comes as ever"


async def test_only_one_is_repeated_until_done(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await gym(alice, world)
        await alice.press("Change")
        await alice.press("Repeat until Done")
        assert "until you press Done" in (await alice.press("Only"))[0]
        assert await world.query("SELECT nag FROM events ORDER BY id") == [{"nag": 0}, {"nag": 1}]
