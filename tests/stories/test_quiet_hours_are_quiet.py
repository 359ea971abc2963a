"""Quiet hours: no message that the user did not ask for is sent within them."""

from __future__ import annotations

from pathlib import Path

from tests.stories.story import BERLIN, daily_plan, due, instant, quiet_hours, states, until
from tests.virtual import FakeClock
from tests.world import ALICE, DAY, HOUR, MINUTE, SECOND, a_world


async def test_an_event_inside_them_is_reminded_two_minutes_before_they_begin(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await quiet_hours(alice, "22:00 - 07:00")
        await alice.say("call Tokyo tomorrow at 03:00")
        assert await due(world) == [instant("2026-11-21 21:58")]
        assert await until(alice, instant("2026-11-21 21:58") - SECOND) == []
        said = await until(alice, instant("2026-11-21 21:58") + SECOND)
        assert len(said) == 1
        assert "in 5 h 2 min" in said[0]
        assert "Late" not in said[0]
        assert await until(alice, instant("2026-11-22 12:00")) == []


async def test_one_for_something_after_them_comes_as_they_end(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await quiet_hours(alice, "22:00 - 07:00")
        await alice.say("train tomorrow at 07:10")
        assert await due(world) == [instant("2026-11-22 07:00")]
        assert await until(alice, instant("2026-11-22 07:00") - SECOND) == []
        assert "in 10 min" in (await until(alice, instant("2026-11-22 07:00") + SECOND))[0]
        rows = await world.query("SELECT verdict FROM reminders")
        assert rows == [{"verdict": "good"}]


async def test_made_too_late_for_that_it_is_reminded_at_its_start(tmp_path: Path) -> None:
    clock = FakeClock(instant("2026-11-21 21:59"))
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await quiet_hours(alice, "22:00 - 07:00")
        await alice.say("call Tokyo tomorrow at 03:00")
        assert await due(world) == [instant("2026-11-22 03:00")]


async def test_a_relative_time_and_a_snooze_come_within_them(tmp_path: Path) -> None:
    clock = FakeClock(instant("2026-11-21 22:30"))
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await quiet_hours(alice, "22:00 - 07:00")
        said_at = clock.now()
        await alice.say("pills in 20 minutes")
        assert len(await until(alice, said_at + 20 * MINUTE + SECOND)) == 1
        pressed_at = clock.now()
        await alice.press("10 min")
        assert len(await until(alice, pressed_at + 10 * MINUTE + SECOND)) == 1
        assert await states(world) == {"sent": 2}


async def test_what_was_asked_for_at_that_hour_is_late_rather_than_held_back(tmp_path: Path) -> None:
    clock = FakeClock(instant("2026-11-21 22:30"))
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await quiet_hours(alice, "22:00 - 07:00")
        await alice.say("pills in 20 minutes")
        await world.restart(after=25 * MINUTE)
        said = await alice.read()
        assert len(said) == 1
        assert "Late: this was due today at 22:50" in said[0]


async def test_the_plan_comes_at_its_hour_though_it_is_quiet(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await quiet_hours(alice, "22:00 - 09:00")
        await daily_plan(alice, "07:00")
        assert len(await until(alice, instant("2026-11-22 07:00") + SECOND)) == 1


async def test_late_ones_wait_until_they_end_and_say_when_they_were_due(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await quiet_hours(alice, "22:00 - 07:00")
        await alice.say("dentist today at 20:00")
        await world.restart(after=instant("2026-11-21 23:00") - clock.now())
        assert await until(alice, instant("2026-11-22 07:00") - SECOND) == []
        said = await until(alice, instant("2026-11-22 07:00") + 2 * SECOND)
        assert len(said) == 1
        assert "Late: this was due yesterday at 19:45" in said[0]


async def test_what_was_missed_is_told_when_they_end(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await quiet_hours(alice, "22:00 - 07:00")
        await alice.say("dentist today at 20:00")
        await world.restart(after=instant("2026-11-23 23:00") - clock.now())
        assert await until(alice, instant("2026-11-24 07:00") - SECOND) == []
        said = await until(alice, instant("2026-11-24 07:00") + 2 * SECOND)
        assert len(said) == 1
        assert "more than a day ago" in said[0]
        assert await until(alice, clock.now() + DAY) == []


async def test_answers_are_asked_for_and_come_at_any_hour(tmp_path: Path) -> None:
    clock = FakeClock(instant("2026-11-21 23:30"))
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await quiet_hours(alice, "22:00 - 07:00")
        assert len(await alice.say("/today")) == 1


async def test_a_burst_that_has_to_begin_early_never_begins_within_them(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await quiet_hours(alice, "22:00 - 07:00")
        for number in range(70):
            await alice.say(f"train {number} tomorrow at 07:10")
        await until(alice, instant("2026-11-22 07:05"))
        first = await world.query(
            "SELECT min(sent_at) AS at FROM reminders WHERE due_at = ?", instant("2026-11-22 07:00")
        )
        assert instant("2026-11-22 07:00") <= first[0]["at"] <= instant("2026-11-22 07:00") + 2 * SECOND


async def test_they_are_the_wall_clocks_on_the_night_the_clock_changes(tmp_path: Path) -> None:
    clock = FakeClock(instant("2026-03-28 12:00", BERLIN))
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await quiet_hours(alice, "22:00 - 07:00")
        await alice.say("train tomorrow at 07:05")
        assert await due(world) == [instant("2026-03-29 07:00", BERLIN)]
        assert instant("2026-03-29 07:00", BERLIN) - instant("2026-03-28 22:00", BERLIN) == 8 * HOUR
