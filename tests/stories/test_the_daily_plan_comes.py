"""The plan of the day: one message at the user's hour, every day, and whenever they ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.story import BERLIN, counts, daily_plan, instant, states, until
from tests.virtual import FakeClock
from tests.world import ALICE, DAY, HOUR, MINUTE, SECOND, a_world


async def test_it_comes_at_the_users_hour_in_one_message(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await daily_plan(alice, "07:00")
        await alice.say("dentist tomorrow at 9:30")
        await alice.say("lunch tomorrow at 12:00")
        assert await until(alice, instant("2026-11-22 07:00", BERLIN) - SECOND) == []
        said = await until(alice, instant("2026-11-22 07:00", BERLIN) + SECOND)
        assert len(said) == 1
        assert said[0].index("Your day") < said[0].index("dentist") < said[0].index("lunch")
        assert "09:30" in said[0]
        assert await counts(world, "plans") == (1, 0)
        assert await counts(world, "reminders") == (0, 0)


async def test_it_comes_on_an_empty_day_too(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await daily_plan(alice, "07:00")
        said = await until(alice, instant("2026-11-22 07:00") + SECOND)
        assert len(said) == 1
        assert "Nothing is planned." in said[0]


@pytest.mark.usefixtures("rare_minutes")
async def test_it_comes_every_day_for_longer_than_the_horizon(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await daily_plan(alice, "07:00")
        assert len(await alice.read(12 * DAY)) == 12
        assert await counts(world, "plans") == (12, 0)


@pytest.mark.parametrize(
    ("eve", "days"), [("2026-03-28", ("2026-03-29", "2026-03-30")), ("2026-10-24", ("2026-10-25", "2026-10-26"))]
)
async def test_it_keeps_its_hour_when_the_clock_changes(tmp_path: Path, eve: str, days: tuple[str, str]) -> None:
    async with a_world(tmp_path, FakeClock(instant(f"{eve} 12:00", BERLIN)), zone=BERLIN) as world:
        alice = world.person(ALICE)
        await daily_plan(alice, "07:00")
        for day in days:
            due_at = instant(f"{day} 07:00", BERLIN)
            assert await until(alice, due_at - SECOND) == []
            assert len(await until(alice, due_at + SECOND)) == 1


async def test_at_an_hour_that_does_not_exist_it_comes_later_that_day(tmp_path: Path) -> None:
    async with a_world(tmp_path, FakeClock(instant("2026-03-28 12:00", BERLIN)), zone=BERLIN) as world:
        alice = world.person(ALICE)
        await daily_plan(alice, "02:30")
        assert await until(alice, instant("2026-03-29 03:30", BERLIN) - SECOND) == []
        assert len(await until(alice, instant("2026-03-29 03:30", BERLIN) + SECOND)) == 1


async def test_at_an_hour_that_comes_twice_it_comes_once(tmp_path: Path) -> None:
    async with a_world(tmp_path, FakeClock(instant("2026-10-24 12:00", BERLIN)), zone=BERLIN) as world:
        alice = world.person(ALICE)
        await daily_plan(alice, "02:30")
        first = instant("2026-10-25 00:30")
        assert await until(alice, first - SECOND) == []
        assert len(await until(alice, first + SECOND)) == 1
        assert await until(alice, first + 12 * HOUR) == []


async def test_a_late_one_is_sent_while_its_day_lasts_and_says_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await daily_plan(alice, "07:00")
        await world.restart(after=instant("2026-11-22 23:00") - clock.now())
        said = await alice.read()
        assert len(said) == 1
        assert "Late: this was due today at 07:00" in said[0]
        assert await counts(world, "plans") == (0, 1)


async def test_one_whose_day_has_ended_is_missed_and_nobody_is_bothered(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await daily_plan(alice, "07:00")
        await world.restart(after=instant("2026-11-23 00:05") - clock.now())
        assert await until(alice, instant("2026-11-23 06:59")) == []
        assert (await states(world))["missed"] == 1
        assert await counts(world, "plans") == (0, 1)


async def test_plan_shows_it_on_request(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 15:00")
        said = await alice.say("/plan")
        assert len(said) == 1
        assert "Your day" in said[0]
        assert "dentist" in said[0]


async def test_another_hour_moves_those_already_set(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await daily_plan(alice, "07:00")
        await daily_plan(alice, "08:00")
        assert await until(alice, instant("2026-11-22 08:00") - SECOND) == []
        assert len(await until(alice, instant("2026-11-22 08:00") + SECOND)) == 1


@pytest.mark.usefixtures("rare_minutes")
async def test_never_means_never(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await daily_plan(alice, "07:00")
        await alice.say("/settings")
        await alice.press("Daily plan")
        await alice.press("Never")
        assert await alice.read(3 * DAY) == []


async def test_a_day_with_more_than_a_message_holds_says_where_the_rest_is(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        for number in range(70):
            await alice.say(f"thing {number} tomorrow at 10:00", settle=MINUTE)
        await daily_plan(alice, "07:00")
        said = await until(alice, instant("2026-11-22 07:00") + SECOND)
        assert len(said) == 1
        assert "and 10 more: /today" in said[0]
