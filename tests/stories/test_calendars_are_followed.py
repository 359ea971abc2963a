"""The events of a linked calendar stand in its user's day, remind, and follow every change made over there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from planner import calendars
from tests.stories.linking import URL, act, changed, feed, held, link, sync
from tests.stories.story import BERLIN, due, instant, quiet_hours, states, until, zone
from tests.virtual import FakeClock
from tests.web import calendar, event
from tests.world import ALICE, BOB, HOUR, MINUTE, SECOND, a_world

STANDUP = event("standup@x", "Standup", "20261121T120000Z")
WEEKLY = event("weekly@x", "Review", "20261123T090000Z", "RRULE:FREQ=WEEKLY")


async def test_an_event_of_a_linked_calendar_reminds_on_time(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        (said,) = await link(alice, calendar(STANDUP, WEEKLY))
        assert "Work" in said
        assert "2 events" in said
        assert "Standup, today at 12:00" in said
        assert (await feed(world)).linked_at is not None
        assert any("Standup" in text for text in await alice.say("/today"))
        assert not [text for text in await until(alice, instant("2026-11-21 11:44:59")) if "⏰" in text]
        assert ["Standup" in text for text in await alice.read(2 * SECOND)] == [True]
        assert (await states(world))["sent"] == 1


async def test_what_is_moved_over_there_moves_its_reminder_and_stays_the_same_event(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(STANDUP, WEEKLY))
        before = await held(world)
        said = await sync(alice, calendar(STANDUP.replace("T12", "T13"), WEEKLY))
        assert any("Standup moved from 12:00 to 13:00" in text for text in said)
        after = await held(world)
        assert [row[0] for row in after] == [row[0] for row in before]
        assert [row[2] for row in after] == ["2026-11-21T13:00:00", "2026-11-23T09:00:00"]
        assert await until(alice, instant("2026-11-21 12:44")) == []
        assert any("Standup" in text for text in await alice.read(2 * MINUTE))


@pytest.mark.parametrize("gone", [
    pytest.param(calendar(WEEKLY), id="deleted"),
    pytest.param(calendar(STANDUP.replace("SUMMARY", "STATUS:CANCELLED\nSUMMARY"), WEEKLY), id="cancelled"),
])  # fmt: skip
async def test_what_is_cancelled_over_there_reminds_no_more(tmp_path: Path, clock: FakeClock, gone: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(STANDUP, WEEKLY))
        said = await sync(alice, gone)
        assert any("Standup is cancelled" in text for text in said)
        assert [row[1] for row in await held(world)] == ["Review"]
        assert await until(alice, instant("2026-11-21 14:00")) == []
        assert "Standup" not in "".join(await alice.say("/today"))


async def test_what_comes_back_has_its_old_id(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(STANDUP, WEEKLY))
        before, owed = await held(world), await due(world)
        await sync(alice, calendar(WEEKLY))
        await clock.sleep(MINUTE)
        await sync(alice, calendar(WEEKLY, STANDUP))
        assert await held(world) == before
        assert await due(world) == owed


async def test_events_that_are_given_other_uids_each_time_are_the_same(tmp_path: Path, clock: FakeClock) -> None:
    """As some servers do that make a calendar anew for each request."""
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        twice = event("another@x", "Standup", "20261121T120000Z")
        await link(alice, calendar(STANDUP, twice, WEEKLY))
        before, owed = await held(world), await due(world)
        (said,) = await sync(alice, calendar(STANDUP, twice, WEEKLY).replace("@x", "@y"))
        assert "nothing has changed" in said
        assert [row[0] for row in await held(world)] == [row[0] for row in before]
        assert await due(world) == owed
        await alice.read(MINUTE)
        said = await sync(alice, calendar(STANDUP, WEEKLY.replace("T09", "T10")).replace("@x", "@z"))
        assert any("1 new, 2 gone" in text for text in said), said


async def test_one_of_a_series_is_moved_and_another_left_out(tmp_path: Path, clock: FakeClock) -> None:
    daily = event("daily@x", "Daily", "20261121T150000Z", "RRULE:FREQ=DAILY;COUNT=4")
    moved = event("daily@x", "Daily", "20261122T160000Z", "RECURRENCE-ID:20261122T150000Z")
    out = daily.replace("RRULE", "EXDATE:20261123T150000Z\nRRULE")
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(daily))
        await changed(alice, lambda one: replace(one, tell_days=7))
        said = "\n".join(await sync(alice, calendar(out, moved)))
        assert "Daily moved from 15:00 to 16:00, tomorrow" in said
        assert "Daily is cancelled: Mon 23 Nov" in said
        days = [(21, 15), (22, 16), (24, 15)]
        assert await due(world) == [instant(f"2026-11-{day} {hour}:00") - 15 * MINUTE for day, hour in days]
        await clock.sleep(MINUTE)
        await sync(alice, calendar(daily))
        assert len(await due(world)) == 4


async def test_what_no_setting_wants_told_is_not_told(tmp_path: Path, clock: FakeClock) -> None:
    far = event("far@x", "Far", "20261130T120000Z")
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(STANDUP, far))
        said = await sync(
            alice, calendar(STANDUP, far.replace("T12", "T13"), event("new@x", "New", "20261121T130000Z"))
        )
        assert not any("has changed" in text for text in said), "neither what is far off nor what is new"
        await changed(alice, lambda one: replace(one, tell_days=0))
        await clock.sleep(MINUTE)
        said = await sync(alice, calendar(STANDUP.replace("T12", "T14"), far))
        assert not any("has changed" in text for text in said)
        assert await until(alice, instant("2026-11-21 13:00")) == []


async def test_two_calendars_with_the_same_uid_do_not_meet(tmp_path: Path, clock: FakeClock) -> None:
    other = "https://cloud.example/other.ics"
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(STANDUP))
        await link(alice, calendar(STANDUP.replace("T12", "T18"), name="Home"), other)
        assert len(await held(world)) == 2
        await sync(alice, calendar(), other)
        assert [row[2] for row in await held(world)] == ["2026-11-21T12:00:00"]


async def test_each_user_has_calendars_of_their_own(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="1,2") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        for person in (alice, bob):
            await person.say("/start")
            await link(person, calendar(STANDUP))
        mine = await feed(world, 0)
        await act(alice, lambda tx, user: calendars.remove(tx, user, mine, clock.now()))
        assert len(await held(world)) == 1
        assert await until(alice, instant("2026-11-21 12:00")) == []
        assert any("Standup" in text for text in await bob.read())


async def test_floating_events_move_with_their_user(tmp_path: Path, clock: FakeClock) -> None:
    floating = event("f@x", "Lunch", "20261122T120000")
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(floating, event("u@x", "Call", "20261122T120000Z")))
        await zone(alice, "Berlin")
        assert await due(world) == [instant("2026-11-22 11:45", BERLIN), instant("2026-11-22 11:45")]
        await sync(alice, calendar(floating, event("u@x", "Call", "20261122T130000Z")))
        assert await due(world) == [instant("2026-11-22 11:45", BERLIN), instant("2026-11-22 12:45")]


async def test_a_setting_changed_while_a_calendar_is_read_holds(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(STANDUP))
        found = await feed(world)
        world.web.reads_ms = 2 * SECOND
        world.web[URL] = calendar(STANDUP.replace("T12", "T13"))
        await act(alice, lambda tx, _: calendars.ask(tx, found, clock.now()))
        await clock.sleep(SECOND)
        await act(alice, lambda tx, user: calendars.mute(tx, user, tx.feeds.of_user(1)[0], True, clock.now()))
        await clock.sleep(5 * SECOND)
        assert [row[2] for row in await held(world)] == ["2026-11-21T13:00:00"]
        assert await due(world) == []


async def test_leads_alarms_and_silence_are_brought_to_all_events(tmp_path: Path, clock: FakeClock) -> None:
    alarmed = STANDUP.replace("END:VEVENT", "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT45M\nEND:VALARM\nEND:VEVENT")
    noon, review = instant("2026-11-21 12:00"), instant("2026-11-23 09:00")
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(alarmed, WEEKLY))
        assert await due(world) == [noon - 15 * MINUTE, review - 15 * MINUTE]
        await act(alice, lambda tx, user: calendars.set_leads(tx, user, tx.feeds.of_user(1)[0], (600,), clock.now()))
        assert await due(world) == [noon - 10 * MINUTE, review - 10 * MINUTE]
        await act(alice, lambda tx, user: calendars.set_alarms(tx, user, tx.feeds.of_user(1)[0], True, clock.now()))
        await clock.sleep(SECOND)
        assert await due(world) == [noon - 45 * MINUTE, review - 10 * MINUTE]
        await act(alice, lambda tx, user: calendars.mute(tx, user, tx.feeds.of_user(1)[0], True, clock.now()))
        assert await due(world) == []
        await clock.sleep(SECOND)
        assert await due(world) == []
        await act(alice, lambda tx, user: calendars.mute(tx, user, tx.feeds.of_user(1)[0], False, clock.now()))
        await clock.sleep(SECOND)
        assert await due(world) == [noon - 45 * MINUTE, review - 10 * MINUTE]


async def test_alarms_come_back_though_the_calendar_was_away_in_between(tmp_path: Path, clock: FakeClock) -> None:
    alarmed = STANDUP.replace("END:VEVENT", "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT45M\nEND:VALARM\nEND:VEVENT")
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(alarmed))
        await act(alice, lambda tx, user: calendars.set_alarms(tx, user, tx.feeds.of_user(1)[0], True, clock.now()))
        await clock.sleep(SECOND)
        owed = await due(world)
        there = world.web.pop(URL)
        for muted in (True, False):
            await act(alice, lambda tx, user, m=muted: calendars.mute(tx, user, tx.feeds.of_user(1)[0], m, clock.now()))
            await clock.sleep(SECOND)
        assert await due(world) != owed
        await sync(alice, there)
        assert await due(world) == owed == [instant("2026-11-21 11:15")]


async def test_removing_a_calendar_takes_its_events_and_what_was_sent_says_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(STANDUP, WEEKLY))
        await until(alice, instant("2026-11-21 11:46"))
        found = await feed(world)
        await act(alice, lambda tx, user: calendars.remove(tx, user, found, clock.now()))
        (said,) = await alice.read()
        assert "Standup" in said
        assert not await alice.buttons()
        assert await held(world) == []
        assert await due(world) == []
        asked = world.web.asked(URL)
        await clock.sleep(2 * HOUR)
        assert world.web.asked(URL) == asked


async def test_changes_wait_until_quiet_hours_end(tmp_path: Path, clock: FakeClock) -> None:
    early = event("early@x", "Early", "20261122T080000Z")
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await quiet_hours(alice, "22:00 - 07:00")
        await link(alice, calendar(early))
        await until(alice, instant("2026-11-21 22:30"))
        world.web[URL] = calendar(early.replace("T08", "T09"))
        assert await until(alice, instant("2026-11-22 06:59:50")) == []
        (said,) = await alice.read(20 * SECOND)
        assert "Early moved from 08:00 to 09:00, today" in said


async def test_undo_takes_back_no_change_of_a_calendar(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(STANDUP))
        await sync(alice, calendar(STANDUP.replace("T12", "T13")))
        assert await world.query("SELECT * FROM changes") == []


async def test_a_crash_in_the_middle_of_a_sync_loses_and_doubles_nothing(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        world.web.takes_ms = 10 * SECOND
        await link(alice, calendar(STANDUP))
        await world.restart()
        (said,) = await alice.read(15 * SECOND)
        assert "is linked" in said
        world.web[URL] = calendar(STANDUP.replace("T12", "T13"), WEEKLY)
        await clock.sleep((await feed(world)).next_at - clock.now() + 5 * SECOND)
        assert world.web.under_way == [URL]
        await world.restart(after=HOUR)
        assert any("moved from 12:00 to 13:00" in text for text in await alice.read(15 * SECOND))
        assert len(await held(world)) == 2
        assert len(await due(world)) == 2
