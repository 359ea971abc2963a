"""What recurs keeps its wall clock when the clock changes: an hour that is skipped comes later, a double one once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from planner import service
from planner.store import Tx
from tests.stories.story import BERLIN, counts, instant, leads, until
from tests.virtual import FakeClock
from tests.world import ALICE, DAY, HOUR, MINUTE, SECOND, World, a_world

LORD_HOWE = "Australia/Lord_Howe"


async def _due(world: World) -> list[int]:
    rows = await world.query("SELECT due_at FROM reminders WHERE state <> 'cancelled' ORDER BY due_at")
    return [row["due_at"] for row in rows]


@pytest.mark.parametrize(
    ("zone", "eve", "days"),
    [
        (BERLIN, "2026-03-27", ["2026-03-28", "2026-03-29", "2026-03-30"]),
        (BERLIN, "2026-10-23", ["2026-10-24", "2026-10-25", "2026-10-26"]),
        (LORD_HOWE, "2026-10-02", ["2026-10-03", "2026-10-04", "2026-10-05"]),
        (LORD_HOWE, "2026-04-03", ["2026-04-04", "2026-04-05", "2026-04-06"]),
        ("America/New_York", "2026-03-06", ["2026-03-07", "2026-03-08", "2026-03-09"]),
    ],
)
async def test_the_wall_clock_is_kept_across_a_switch(tmp_path: Path, zone: str, eve: str, days: list[str]) -> None:
    async with a_world(tmp_path, FakeClock(instant(f"{eve} 12:00", zone)), zone=zone) as world:
        alice = world.person(ALICE)
        await leads(alice, "15 min")
        await alice.say("standup every day at 09:00")
        for day in days:
            due_at = instant(f"{day} 08:45", zone)
            assert await until(alice, due_at - SECOND) == []
            said = await until(alice, due_at + SECOND)
            assert len(said) == 1
            assert "today at 09:00" in said[0]
        assert await counts(world, "reminders") == (len(days), 0)


@pytest.mark.parametrize(
    ("zone", "eve", "wall", "comes", "after"),
    [
        (BERLIN, "2026-03-28 12:00", "02:30", "2026-03-29 01:30", "2026-03-30"),
        (BERLIN, "2026-03-28 12:00", "02:00", "2026-03-29 01:00", "2026-03-30"),
        (LORD_HOWE, "2026-10-03 12:00", "02:15", "2026-10-03 15:45", "2026-10-05"),
    ],
)
async def test_an_hour_that_does_not_exist_that_day_moves_forward(
    tmp_path: Path, zone: str, eve: str, wall: str, comes: str, after: str
) -> None:
    async with a_world(tmp_path, FakeClock(instant(eve, zone)), zone=zone) as world:
        alice = world.person(ALICE)
        await alice.say("/settings")
        await alice.press("Reminders")
        await alice.press("at the start")
        await alice.say(f"pills every day at {wall}")
        at = instant(comes)
        assert await until(alice, at - SECOND) == []
        assert len(await until(alice, at + SECOND)) == 1
        assert await until(alice, at + 20 * HOUR) == []
        assert (await _due(world))[1] == instant(f"{after} {wall}", zone), "and back to its hour the day after"


@pytest.mark.parametrize(
    ("zone", "eve", "wall", "comes"),
    [
        (BERLIN, "2026-10-24 12:00", "02:30", "2026-10-25 00:30"),
        (LORD_HOWE, "2026-04-04 12:00", "01:45", "2026-04-04 14:45"),
    ],
)
async def test_an_hour_that_comes_twice_is_the_first(
    tmp_path: Path, zone: str, eve: str, wall: str, comes: str
) -> None:
    async with a_world(tmp_path, FakeClock(instant(eve, zone)), zone=zone) as world:
        alice = world.person(ALICE)
        await alice.say("/settings")
        await alice.press("Reminders")
        await alice.press("at the start")
        await alice.say(f"pills every day at {wall}")
        at = instant(comes)
        assert await until(alice, at - SECOND) == []
        assert len(await until(alice, at + SECOND)) == 1
        assert await until(alice, at + 20 * HOUR) == []


async def test_elapsed_time_is_elapsed_time_across_a_switch(tmp_path: Path) -> None:
    async with a_world(tmp_path, FakeClock(instant("2026-03-29 01:30", BERLIN)), zone=BERLIN) as world:
        alice = world.person(ALICE)
        said_at = world.clock.now()
        await alice.say("pasta in 2 hours")
        assert await _due(world) == [said_at + 2 * HOUR]


@pytest.mark.usefixtures("rare_minutes")
async def test_reminders_of_a_recurring_event_come_for_longer_than_the_horizon(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("gym every day at 19:00")
        said = await alice.read(12 * DAY)
        assert len(said) == 12
        assert await counts(world, "reminders") == (12, 0)


@pytest.mark.usefixtures("rare_minutes")
async def test_a_lead_longer_than_the_horizon_is_kept_for_every_occurrence(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("rent every day at 19:00")

        def monthly(tx: Tx) -> None:
            event, user = tx.events.get(1), tx.users.get(1)
            assert event is not None
            assert user is not None
            weekly = replace(event, rrule="FREQ=WEEKLY", leads_s=(20 * DAY // SECOND,))
            service.change_event(tx, user, weekly, clock.now())

        await world.store.write(monthly)
        first = instant("2026-11-21 19:00")
        said = await until(alice, first + 30 * DAY)
        assert not any("more than a day ago" in text for text in said), said
        rows = await world.query(
            "SELECT occurrence_at, due_at, state FROM reminders WHERE state = 'sent' ORDER BY due_at"
        )
        ahead = [row for row in rows if row["occurrence_at"] - row["due_at"] == 20 * DAY]
        assert [row["occurrence_at"] for row in ahead] == [first + week * 7 * DAY for week in (3, 4, 5, 6, 7)]
        assert (await counts(world, "reminders"))[1] == 0


@pytest.mark.usefixtures("rare_minutes")
async def test_only_the_next_of_a_rare_event_is_held_and_the_one_after_it_comes_too(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("backup every day at 19:00")

        def every_ten_days(tx: Tx) -> None:
            event, user = tx.events.get(1), tx.users.get(1)
            assert event is not None
            assert user is not None
            service.change_event(tx, user, replace(event, rrule="FREQ=DAILY;INTERVAL=10"), clock.now())

        await world.store.write(every_ten_days)
        said = await alice.read(11 * DAY)
        assert len(said) == 2
        assert await counts(world, "reminders") == (2, 0)


@pytest.mark.usefixtures("rare_minutes")
async def test_one_that_has_ended_costs_nothing_more(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("pills every day at 19:00")

        def twice(tx: Tx) -> None:
            event, user = tx.events.get(1), tx.users.get(1)
            assert event is not None
            assert user is not None
            service.change_event(tx, user, replace(event, rrule="FREQ=DAILY;COUNT=2"), clock.now())

        await world.store.write(twice)
        assert len(await alice.read(4 * DAY)) == 2
        assert await world.query("SELECT set_until FROM events") == [{"set_until": None}]
        assert await alice.read(30 * MINUTE) == []


async def test_what_has_ended_today_is_still_shown_today_when_it_is_changed(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.press("right")
        await alice.say("pills every day at 10:30 until tomorrow")
        await alice.read(DAY + HOUR)
        await alice.press("Change")
        await alice.press("Title")
        await alice.say("vitamins")
        await alice.press("All of it")
        assert "10:30  vitamins" in (await alice.say("/today"))[0]
