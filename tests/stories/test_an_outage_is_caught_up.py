"""The planner was away: what came due meanwhile is sent late, or given up after a day, and counted for what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import promises
from planner.slo.status import Status
from tests.stories.story import BERLIN, counts, daily_plan, instant, states, until
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, DAY, HOUR, MINUTE, SECOND, World, a_world


def _reading(world: World, slo: str) -> Status:
    """What ``slo status`` says, beside a planner that may be down."""
    found = promises.read_file(world.settings.db, promises.load().slos, world.clock.now())
    return next(status for status in found if status.slo.id == slo)


async def test_after_five_minutes_each_comes_late_and_says_when_it_was_due(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("first in 10 minutes")
        await alice.say("second in 12 minutes")
        await alice.say("third in 30 minutes")
        await alice.read(9 * MINUTE)
        await world.restart(after=5 * MINUTE)
        said = await alice.read(3 * SECOND)
        assert len(said) == 2
        assert "first" in said[0]
        assert "Late: this was due today at 10:10" in said[0]
        assert "second" in said[1]
        assert "Late" in said[1]
        third = await alice.read(20 * MINUTE)
        assert len(third) == 1
        assert "Late" not in third[0]
        assert await counts(world, "reminders") == (1, 2)


async def test_after_six_hours_several_become_one_message(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        for hour in (11, 12, 13, 14):
            await alice.say(f"meeting today at {hour}:00")
        await bob.say("lunch today at 12:00")
        await world.restart(after=6 * HOUR)
        said = await alice.read(10 * SECOND)
        assert len(said) == 1
        assert "4 reminders come late, all at once:" in said[0]
        for due in ("10:45", "11:45", "12:45", "13:45"):
            assert f"due today at {due}" in said[0]
        assert len(await bob.read(SECOND)) == 1
        assert await states(world) == {"sent": 5}
        assert await counts(world, "reminders") == (0, 5)


async def test_after_three_days_what_is_a_day_late_is_missed_with_exactly_one_summary(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("gym every day at 19:00")
        await daily_plan(alice, "07:00")
        away_at = clock.now()
        await world.restart(after=3 * DAY)
        said = await alice.read(10 * SECOND)
        missed = [text for text in said if "more than a day ago" in text]
        assert len(missed) == 1
        assert "2 reminders came due" in missed[0]
        late = [text for text in said if "Late: this was due" in text]
        assert len(late) == 2, "yesterday's gym, and today's plan"
        assert len(said) == 3
        assert (await states(world))["missed"] == 4
        assert await counts(world, "reminders") == (0, 3)
        assert await counts(world, "plans") == (0, 3)
        await world.restart()
        assert await until(alice, away_at + 3 * DAY + HOUR) == []


async def test_each_gets_a_summary_of_their_own(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("dentist today at 12:00")
        await bob.say("lunch today at 12:00")
        await world.restart(after=3 * DAY)
        said, other = await alice.read(5 * SECOND), await bob.read(SECOND)
        assert (len(said), len(other)) == (1, 1)
        assert "lunch" not in said[0]
        assert "dentist" not in other[0]


async def test_a_summary_too_long_for_one_message_is_cut_nowhere(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        for number in range(60):
            await alice.say(f"number {number:03} {'x' * 150} today at 12:00")
        await world.restart(after=3 * DAY)
        said = "\n".join(await alice.read(MINUTE))
        assert all(f"number {number:03}" in said for number in range(60))
        assert said.count("could not be sent in time") == 1


async def test_after_two_days_without_telegram_all_that_was_missed_is_told_in_one_message(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        for hour in range(8, 20, 2):
            await alice.say(f"medicine at {hour} every day at {hour}:00")
        world.chat.faults.set({"status": 502})
        await alice.read(2 * DAY)
        world.chat.faults.set({})
        said = await alice.read(10 * MINUTE)
        missed = (await states(world))["missed"]
        summaries = [text for text in said if "more than a day ago" in text]
        assert len(summaries) == 1
        assert f"{missed} reminders came due" in summaries[0]
        assert missed > 4
        assert await alice.read(HOUR) == []


@pytest.mark.parametrize(("away", "good", "bad"), [(5 * MINUTE, 1, 0), (6 * HOUR, 1, 2), (3 * DAY, 1, 5)])
async def test_while_it_is_down_what_came_due_reads_as_bad_already(
    tmp_path: Path, clock: FakeClock, away: int, good: int, bad: int
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("gym every day at 19:00")
        for hour in (11, 13, 15):
            await alice.say(f"meeting today at {hour}:00")
        await until(alice, instant("2026-11-21 12:00"))
        await world.crash()
        await clock.sleep(away)
        down = _reading(world, "reminders")
        assert (down.good, down.bad) == (good, bad)
        await world.start()
        await alice.read(MINUTE)
        up = _reading(world, "reminders")
        assert (up.good, up.bad) == (good, bad), "the next start judges what the reading foretold"


async def test_a_verdict_is_final_however_often_it_starts(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 10 minutes")
        for _ in range(4):
            await world.restart(after=15 * MINUTE)
            await alice.read()
        assert await counts(world, "reminders") == (0, 1)


async def test_after_a_month_even_what_lay_beyond_the_horizon_is_owed_and_counted(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("gym every day at 19:00")
        await world.restart(after=30 * DAY)
        await alice.read(MINUTE)
        assert await counts(world, "reminders") == (0, 30)
        assert (await states(world))["missed"] == 29


async def test_the_clock_of_a_machine_that_slept_is_caught_up_within_a_second(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 2 hours")
        clock.jump(3 * HOUR)
        said = await alice.read(SECOND)
        assert len(said) == 1
        assert "Late" in said[0]
        clock.jump(-4 * HOUR)
        assert await alice.read(8 * HOUR) == [], "nothing fires twice when the clock goes back"


async def test_a_clock_set_back_makes_nothing_come_early(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 2 hours")
        due_at = clock.now() + 2 * HOUR
        clock.jump(-HOUR)
        assert await until(alice, due_at - 2 * SECOND) == []
        assert len(await until(alice, due_at + SECOND)) == 1


async def test_late_plans_are_of_their_own_day(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 22:00")
        await daily_plan(alice, "07:00")
        await world.restart(after=instant("2026-11-22 20:00", BERLIN) - clock.now())
        said = await alice.read()
        assert len(said) == 1
        assert "dentist" in said[0]
        assert "Late: this was due today at 07:00" in said[0]
