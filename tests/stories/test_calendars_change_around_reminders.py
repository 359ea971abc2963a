"""What changes in a calendar around a reminder that was sent, put off or done with is followed, and said once."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import calendars
from tests.stories.linking import act, feed, link, sync
from tests.stories.story import due, instant, until
from tests.virtual import FakeClock
from tests.web import calendar, event
from tests.world import ALICE, MINUTE, a_world


async def test_what_could_be_read_in_part_is_read_again_when_it_is_whole(tmp_path: Path, clock: FakeClock) -> None:
    rule = "RRULE:FREQ=DAILY;COUNT=20"
    override = event("u@x", "Override", "20261124T120000Z", "RECURRENCE-ID:20261124T100000Z")
    whole = calendar(event("u@x", "Master", "20261122T100000Z", rule), override)
    broken = calendar(event("u@x", "Other", "20261122T110000Z", rule), override.replace("20261124T120000Z", "nonsense"))
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        rows = "SELECT title, start_local, part FROM events WHERE deleted_at IS NULL ORDER BY id"
        await link(alice, whole)
        before = await world.query(rows)
        await sync(alice, broken)
        assert [row["title"] for row in await world.query(rows)] == ["Other", "Override"]
        await clock.sleep(MINUTE)
        await sync(alice, whole)
        assert await world.query(rows) == before


async def test_a_series_that_is_divided_over_there_cancels_nothing(tmp_path: Path, clock: FakeClock) -> None:
    """A change of “this and following events” ends a series, and the rest of it goes on under another UID."""
    whole = event("u@x", "Standup", "20261120T120000Z", "RRULE:FREQ=DAILY")
    first = whole.replace("DAILY", "DAILY;UNTIL=20261121T235959Z")
    rest = event("u_R20261122T120000@x", "Standup", "20261122T120000Z", "RRULE:FREQ=DAILY", minutes=45)
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(whole))
        owed = await due(world)
        (said,) = await sync(alice, calendar(first, rest))
        assert "1 new, 1 changed" in said
        assert await due(world) == owed
        await clock.sleep(MINUTE)
        said = await sync(alice, calendar(first, rest.replace("Standup", "Daily")))
        assert not any("has changed" in text for text in said), "it has another name, and is where it was"
        await clock.sleep(MINUTE)
        said = await sync(alice, calendar(first))
        assert any("Daily is cancelled: tomorrow at 12:00" in text for text in said)


async def test_a_whole_day_that_gets_a_time_is_told_as_both(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(event("u@x", "Trip", "20261122")))
        said = await sync(alice, calendar(event("u@x", "Trip", "20261122T150000Z")))
        assert any("Trip moved: tomorrow, all day → tomorrow at 15:00" in text for text in said)
        await clock.sleep(MINUTE)
        said = await sync(alice, calendar(event("u@x", "Trip", "20261122")))
        assert any("Trip moved: tomorrow at 15:00 → tomorrow, all day" in text for text in said)


DAILY = event("u@x", "Standup", "20261120T110000Z", "RRULE:FREQ=DAILY")
TODAY = "RECURRENCE-ID:20261121T110000Z"


async def test_one_of_a_series_that_is_moved_after_its_reminder_says_where_to(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(DAILY))
        assert any("⏰ 🟦 Standup" in text for text in await until(alice, instant("2026-11-21 10:50")))
        said = await sync(alice, calendar(DAILY, event("u@x", "Standup", "20261121T130000Z", TODAY)))
        assert "✏️ 🟦 Standup\ntoday at 11:00\nMoved to today at 13:00." in said
        assert not any("⏰" in text for text in await until(alice, instant("2026-11-21 12:44")))
        (said,) = await alice.read(2 * MINUTE)
        assert "⏰ 🟦 Standup\ntoday at 13:00, in 15 min" in said


async def test_one_of_a_series_that_is_done_is_done_whatever_it_is_called(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, calendar(DAILY))
        await until(alice, instant("2026-11-21 10:50"))
        await alice.press("Done")
        await sync(alice, calendar(DAILY, event("u@x", "Room 2", "20261121T110000Z", TODAY)))
        assert await until(alice, instant("2026-11-21 12:00")) == []
        assert "✅ 🟦 Standup" in (await alice.rows())[-2]["text"]


async def test_a_very_large_calendar_gets_its_reminders_in_pieces(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = event("far@x", "Far", "20261205T110000Z"), event("r@x", "Daily", "20261121T130000Z", "RRULE:FREQ=WEEKLY")
    many = calendar(event("soon@x", "Soon", "20261121T110000Z"), *far)
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await link(alice, many)
        listed = await alice.say("/week")

        async def wants(leads_s: tuple[int, ...] | None, at_once: int) -> list[int]:
            monkeypatch.setattr(calendars, "AT_ONCE", at_once)
            one = await feed(world)
            await act(alice, lambda tx, user: calendars.set_leads(tx, user, one, leads_s, clock.now()))
            return await due(world)

        for leads_s in ((600,), (86_400, 7_200, 600), None):
            all_of_it = await wants(leads_s, 3)
            assert await wants((), 2) == []
            assert await alice.say("/week") == listed
            soon = await wants(leads_s, 2)
            assert soon, "what comes soon is owed at once"
            assert len(soon) < len(all_of_it)
            assert await alice.say("/week") == listed
            await world.restart()
            await clock.sleep(2 * MINUTE)
            assert await due(world) == all_of_it
            assert await alice.say("/week") == listed
        twice = "SELECT 1 FROM occurrences JOIN events ON events.id = event_id WHERE rrule IS NULL"
        assert await world.query(twice) == []
