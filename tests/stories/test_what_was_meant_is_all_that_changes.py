"""Two taps, old buttons, questions left open, messages edited late: no edit touches more than it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.story import BERLIN, instant, pressed
from tests.virtual import FakeClock
from tests.world import ALICE, Person, a_world

MEANWHILE = "was moved, left out or deleted meanwhile"


async def gym(alice: Person, day: str = "7.12") -> None:
    await alice.say("gym every monday at 9:00")
    await alice.say(f"/agenda {day}-{day}")
    await alice.press("gym")


async def shown(alice: Person, days: str = "23.11-4.1.2027") -> str:
    return (await alice.say(f"/agenda {days}"))[-1]


async def last(alice: Person, whose: str | int) -> int:
    return [row["message_id"] for row in await alice.rows() if row["from"] == whose][-1]


@pytest.mark.parametrize(("label", "left"), [("This and all that follow", 2), ("Only", 6)])
async def test_a_second_tap_deletes_nothing_more(tmp_path: Path, clock: FakeClock, label: str, left: int) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await gym(alice)
        await alice.press("Delete")
        message_id, data = await alice.button(label)
        assert await pressed(alice, message_id, data) == ""
        assert MEANWHILE in await pressed(alice, message_id, data)
        assert (await shown(alice)).count("gym") == left


async def test_one_skipped_twice_is_the_only_one_left_out(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await gym(alice)
        message_id, data = await alice.button("Skip this one")
        await pressed(alice, message_id, data)
        assert MEANWHILE in await pressed(alice, message_id, data)
        assert (await shown(alice)).count("gym") == 6


async def test_an_old_button_deletes_no_other_day(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await gym(alice)
        await alice.press("Delete")
        message_id, data = await alice.button("Only Mon 7 Dec")
        await alice.say("move gym to 10:00")
        await alice.press("All of it")
        assert MEANWHILE in await pressed(alice, message_id, data)
        assert (await shown(alice)).count("10:00  gym") == 7


async def test_a_new_repetition_of_all_begins_where_the_series_did_and_leaves_out_the_same(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await gym(alice)
        await alice.press("Skip this one")
        for by_field in (True, False):
            await alice.say("/agenda 21.12-21.12")
            await alice.press("gym")
            await alice.press("Change")
            if by_field:
                await alice.press("Repetition")
            await alice.say("every monday until june")
            await alice.press("All of it")
            listed = await shown(alice)
            assert listed.count("gym") == 6
            assert "Mon 23 Nov" in listed
            assert "Mon 7 Dec" not in listed
            await alice.say("/agenda 21.12-21.12")
            await alice.press("gym")


async def test_an_open_question_writes_nothing_back_that_changed_meanwhile(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("gym every monday at 9:00")
        mine = await last(alice, 1)
        await alice.say("move gym to 15:00")
        await world.chat.edit(alice.user.id, mine, "swimming every monday at 9:00")
        assert "swimming" in (await alice.read())[0]
        said = await alice.press("All of it")
        assert "swimming" in said[0]
        assert "at 15:00" in said[0]


async def test_an_edited_message_keeps_what_was_set_by_other_means(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await gym(alice)
        mine = 0
        for row in await alice.rows():
            mine = row["message_id"] if row["text"] == "gym every monday at 9:00" else mine
        await alice.press("Skip this one")
        await alice.say("/agenda 14.12-14.12")
        await alice.press("gym")
        await alice.press("Change")
        await alice.press("Reminders")
        await alice.press("2 hours before")
        await alice.press("All of it")
        await world.chat.edit(alice.user.id, mine, "gym every monday at 10:00")
        await alice.read()
        rows = await world.query("SELECT leads_s, excluded, start_at FROM events")
        assert rows == [
            {
                "leads_s": "[7200]",
                "excluded": '["2026-12-07T10:00:00"]',
                "start_at": instant("2026-11-23 10:00", BERLIN),
            }
        ]


async def test_an_edited_message_does_not_double_a_series_that_was_divided(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("gym every monday at 9:00")
        mine = await last(alice, 1)
        await alice.say("/agenda 14.12-14.12")
        await alice.press("gym")
        await alice.press("Change")
        await alice.say("11:00")
        await alice.press("This and all that follow")
        await world.chat.edit(alice.user.id, mine, "gym every monday at 8:00")
        await alice.read()
        listed = await shown(alice)
        assert listed.count("08:00  gym") == 3
        assert listed.count("11:00  gym") == 4


async def test_an_event_is_not_made_a_command_of(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 10:30")
        await world.chat.edit(alice.user.id, await last(alice, 1), "/today")
        assert "stays as it was" in (await alice.read())[0]
        assert await world.query("SELECT title FROM events") == [{"title": "dentist"}]


async def test_an_edited_message_without_an_event_is_read_as_new(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("/todya")
        mine = await last(alice, 1)
        await world.chat.edit(alice.user.id, mine, "/today")
        assert "Nothing is planned." in (await alice.read())[0]
        await world.chat.edit(alice.user.id, mine, "cake tomorrow at 8:00")
        assert "✅ cake" in (await alice.read())[0]


@pytest.mark.parametrize(("label", "title"), [("This and all that follow", "look"), ("Only", "look")])
async def test_an_hour_that_a_zone_leaves_out_is_edited_like_any_other(
    tmp_path: Path, clock: FakeClock, label: str, title: str
) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("check server every day at 2:30 am")
        await alice.say("/agenda 28.3.2027-28.3.2027")
        await alice.press("check server")
        await alice.press("Change")
        await alice.press("Title")
        await alice.say(title)
        await alice.press(label)
        listed = await shown(alice, "27.3.2027-30.3.2027")
        follow = label != "Only"
        assert listed.count("02:30  check server") == (1 if follow else 3)
        assert listed.count("03:30  look") == 1
        assert listed.count("02:30  look") == (2 if follow else 0)
        assert "03:30  check server" not in listed
