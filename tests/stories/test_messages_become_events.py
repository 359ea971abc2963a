"""Guided /add, forwarded messages, answers, edited messages: other ways to make and to change an event."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.story import due, instant
from tests.virtual import FakeClock
from tests.world import ALICE, DAY, SECOND, Person, a_world


def origin(date: str) -> dict[str, object]:
    return {
        "type": "channel",
        "chat": {"id": -100, "type": "channel", "title": "City Clinic", "username": "cityclinic"},
        "message_id": 77,
        "date": instant(date) // 1_000,
    }


async def forward(alice: Person, text: str, date: str = "2026-11-20 18:00") -> list[str]:
    await alice.world.chat.say(alice.user.id, text, alice.user, forward=origin(date))
    return await alice.read()


async def reply(alice: Person, text: str, to: int) -> list[str]:
    await alice.world.chat.say(alice.user.id, text, alice.user, reply_to=to)
    return await alice.read()


async def last(alice: Person, whose: str | int = "bot") -> int:
    return [row["message_id"] for row in await alice.rows() if row["from"] == whose][-1]


async def test_an_event_is_added_by_buttons_alone_but_for_its_name(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert "What is it?" in (await alice.say("/add"))[0]
        assert "Which day?" in (await alice.say("dentist"))[0]
        await alice.press("▶")
        assert "at what hour?" in (await alice.press("15"))[0]
        assert "at what time?" in (await alice.press("09"))[0]
        said = await alice.press("09:30")
        assert "dentist" in said[0]
        assert "Tue 15 Dec at 09:30" in said[0]
        assert await due(world) == [instant("2026-12-15 09:15")]
        assert "is not kept" in (await alice.press("Undo"))[0]


async def test_whatever_is_typed_on_the_way_is_understood(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("/add")
        await alice.say("dentist")
        await alice.press("25")
        assert "Wed 25 Nov at 14:40" in (await alice.say("14:40"))[0]
        await alice.say("/add")
        await alice.say("tea")
        assert "tomorrow at 17:00" in (await alice.say("tomorrow at 17"))[0]
        assert "Fri 27 Nov at 08:00" in (await alice.say("/add gym friday 8:00"))[0]
        await alice.say("/add")
        assert "yoga" in (await alice.say("yoga friday 18:00"))[0]


async def test_a_day_is_all_day_or_changed_on_the_way(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("/add")
        await alice.say("holiday")
        await alice.press("25")
        await alice.press("Another day")
        await alice.press("27")
        assert "Fri 27 Nov, all day" in (await alice.press("All day"))[0]


async def test_an_hour_that_is_over_is_said_and_asked_again(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("/add")
        await alice.say("tea")
        await alice.press("[21]")
        await alice.press("09")
        assert await alice.press("09:30") == []
        await alice.press("Another hour")
        await alice.press("11")
        assert "today at 11:30" in (await alice.press("11:30"))[0]


async def test_a_number_that_is_typed_is_a_day_of_the_month_that_is_shown(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("/add")
        await alice.say("tea")
        assert "Wed 25 Nov: at what hour?" in (await alice.say("25"))[0]
        await alice.press("Another day")
        assert "Sun 20 Dec: at what hour?" in (await alice.say("20"))[0], "20 November is over"
        await alice.press("Another day")
        await alice.press("▶")
        assert "Sun 31 Jan: at what hour?" in (await alice.say("31."))[0]
        await alice.say("9")
        assert await due(world) == [instant("2027-01-31 08:45")]
        await alice.say("dentist tomorrow at 9:30")
        await alice.press("Change")
        await alice.press("Time")
        assert "Mon 30 Nov: at what hour?" in (await alice.say("30"))[0]
        assert "Mon 30 Nov at 14:00" in (await alice.say("14:00"))[0]


async def test_a_typed_hour_that_is_over_is_said_and_asked_again(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("/add")
        await alice.say("tea")
        await alice.press("[21]")
        assert "That time is over." in (await alice.say("9:00"))[0]
        assert "today at 15:00" in (await alice.say("15:00"))[0]


async def test_a_time_is_moved_by_buttons(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("dentist tomorrow at 9:30 for 1 hour")
        await alice.press("Change")
        await alice.press("Time")
        await alice.press("30")
        await alice.press("18")
        assert "Mon 30 Nov at 18:15–19:15" in (await alice.press("18:15"))[0]


async def test_a_forwarded_message_that_says_when_is_an_event_with_its_text_and_link(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        text = "Your appointment is on Tuesday, 24 November 2026 at 14:30.\nPlease bring your insurance card."
        said = (await forward(alice, text))[0]
        assert "Tue 24 Nov at 14:30" in said
        assert "City Clinic: Your appointment" in said
        assert "insurance card" in said
        rows = await world.query("SELECT link FROM events")
        assert rows == [{"link": "https://t.me/cityclinic/77"}]


async def test_what_a_forwarded_message_calls_tomorrow_is_counted_from_its_own_date(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert "today at 19:00" in (await forward(alice, "Concert tomorrow at 19:00"))[0]
        assert "When shall I remind you" in (await forward(alice, "Concert today at 19:00"))[0]


async def test_a_forwarded_text_from_right_to_left_is_kept_as_it_was_typed(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await forward(alice, "לקנות חלב")
        assert "\u2068לקנות חלב\u2069" in (await alice.say("tomorrow at 11:00"))[0]
        (event,) = await world.query("SELECT title, notes FROM events")
        assert event["title"] == "לקנות חלב"
        assert "\u2068" not in event["notes"]


async def test_a_forwarded_message_without_a_time_is_asked_about(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert (
            "When shall I remind you of The best recipe" in (await forward(alice, "The best recipe for apple pie"))[0]
        )
        said = (await alice.say("tomorrow at 11:00"))[0]
        assert "tomorrow at 11:00" in said
        assert "the message" in said
        assert "City Clinic" in said


async def test_a_comment_that_came_before_the_forwarded_message_says_when(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert "What shall I remind you of" in (await alice.say("tomorrow at 11:00"))[0]
        said = (await forward(alice, "The best recipe for apple pie"))[0]
        assert "The best recipe" in said
        assert "tomorrow at 11:00" in said


async def test_an_answer_to_a_message_reminds_of_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("thanks")
        said = (await reply(alice, "tomorrow at 11:00", await last(alice, 1)))[0]
        assert "thanks" in said
        assert "tomorrow at 11:00" in said


async def test_an_answer_to_an_event_changes_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("dentist tomorrow at 9:30")
        card = await last(alice)
        assert "tomorrow at 10:00" in (await reply(alice, "10:00", card))[0]
        assert "Fri 27 Nov at 15:00" in (await reply(alice, "move to friday 15:00", card))[0]
        mine = await last(alice, 1)
        assert "What shall “bring the x-rays” be" in (await reply(alice, "bring the x-rays", card))[0]
        assert "📝 bring the x-rays" in (await alice.press("Its notes"))[0]
        assert "is deleted" in (await reply(alice, "delete", card))[0]
        assert mine


async def test_an_edited_message_edits_its_event(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("dentist tomorrow at 9:30")
        mine = await last(alice, 1)
        await world.chat.edit(alice.user.id, mine, "dentist tomorrow at 10:30")
        said = await alice.read()
        assert "tomorrow at 10:30" in said[0]
        assert await due(world) == [instant("2026-11-22 10:15")]
        await world.chat.edit(alice.user.id, mine, "dentist tomorrow at 10:30!")
        await alice.press("Undo")
        assert await due(world) == [instant("2026-11-22 09:15")]


async def test_an_edited_message_that_says_nothing_leaves_its_event(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("dentist tomorrow at 9:30")
        mine = await last(alice, 1)
        await world.chat.edit(alice.user.id, mine, "something else")
        assert "stays as it was" in (await alice.read())[0]
        assert await due(world) == [instant("2026-11-22 09:15")]


async def test_a_message_that_was_not_understood_is_edited_into_an_event(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("dentist on 31 february at 9:30")
        mine = await last(alice, 1)
        await world.chat.edit(alice.user.id, mine, "dentist on 1 march at 9:30")
        assert "Mon 1 Mar 2027 at 09:30" in (await alice.read(2 * SECOND))[0]


async def test_a_message_edited_much_later_makes_no_event_that_is_over(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("dentist on friday at 9:30")
        mine = await last(alice, 1)
        await alice.read(2 * DAY)
        await world.chat.edit(alice.user.id, mine, "dentist tomorrow at 9:30")
        assert await alice.read() == ["That time is over. Write one that is still to come."]
        assert await due(world) == [instant("2026-11-27 09:15")]


async def test_what_a_message_edited_much_later_repeats_is_owed_as_far_ahead_as_all_else(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("pills on friday at 12:00")
        mine = await last(alice, 1)
        await alice.read(2 * DAY)
        await world.chat.edit(alice.user.id, mine, "pills every day at 12:00")
        await alice.read()
        assert await due(world) == [instant(f"2026-11-{day} 11:45") for day in range(23, 31)]
        assert "I will remind you" in (await alice.rows())[-1]["text"]


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("at 2pm instead", "tomorrow at 14:00"),
        ("лучше в 14:30", "tomorrow at 14:30"),
        ("нет, давай в 18:30", "tomorrow at 18:30"),
        ("no, make it friday", "Fri 27 Nov at 12:00"),
    ],
)
async def test_an_answer_with_a_time_leaves_the_title(tmp_path: Path, clock: FakeClock, text: str, when: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("lunch with Anna tomorrow at 12:00")
        card = await last(alice)
        said = (await reply(alice, text, card))[0]
        assert "lunch with Anna" in said
        assert when in said
        await alice.press("Change")
        assert "lunch with Anna" in (await alice.say("at 15:00 instead"))[0]
