"""A newcomer's first words, greetings, and what a card says about an event."""

from __future__ import annotations

from pathlib import Path

from tests.virtual import FakeClock
from tests.world import ALICE, a_world


async def test_hello_is_answered_with_who_this_is_and_where_alice_is(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        said = await alice.say("hello")
        assert len(said) == 2
        assert "I remind you on time" in said[0]
        assert "Which city are you in" in said[1]
        assert await world.query("SELECT * FROM events") == []


async def test_a_first_message_that_says_when_is_an_event_at_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        said = await world.person(ALICE).say("dentist tomorrow at 9:30")
        assert "✅ dentist" in said[-1]


async def test_greetings_and_thanks_are_no_events(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.press("right")
        for words, answer in (("Hello!", "What shall I"), ("thanks!", "welcome"), ("Привет", "What shall I")):
            (said,) = await alice.say(words)
            assert answer in said
            assert await alice.buttons() == []


async def test_a_zone_that_puts_events_into_the_past_names_them(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.press("right")
        await alice.say("meeting today at 11:00")
        await alice.say("dinner today at 20:00")
        await alice.say("/settings")
        await alice.press("Time zone")
        (said,) = await alice.say("Tokyo")
        assert "I will not remind you of them:\n• meeting" in said
        assert "dinner" not in said, "20:00 is still to come where it is 19:00"


async def test_the_card_of_several_days_names_the_last(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        (said,) = await alice.say("vacation from december 1 to december 14")
        assert "Tue 1 Dec to Mon 14 Dec, all day" in said


async def test_the_card_names_the_next_reminder_and_the_leads_of_the_others(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        (said,) = await alice.say("flight on tuesday at 12:00, remind me 1 day and 2 hours before")
        assert "I will remind you Mon 23 Nov at 12:00 (1 day before), then 2 hours before." in said


async def test_deleting_a_repeating_event_says_that_all_of_it_goes(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("gym every monday at 19:00")
        await alice.say("/week")
        await alice.press("1")
        (said,) = await alice.press("Delete")
        assert "How much of gym shall I delete?" in said
        (said,) = await alice.press("All of it")
        assert "with all its repetitions" in said
