"""Each field of an event is changed by button or by a phrase, and each change is taken back by one button."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.story import due, instant
from tests.virtual import FakeClock
from tests.world import ALICE, MINUTE, Person, a_world


async def dentist(alice: Person, text: str = "dentist tomorrow at 9:30") -> None:
    await alice.say(text)
    await alice.press("Change")


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("Title", "orthodontist", "orthodontist"),
        ("Title", "tomorrow at 10:00", "tomorrow at 10:00\ntomorrow at 09:30"),
        ("Place", "Main Street 5", "📍 Main Street 5"),
        ("Notes", "bring the x-rays", "📝 bring the x-rays"),
        ("Time", "tomorrow at 10:00", "tomorrow at 10:00"),
        ("Time", "friday", "Fri 27 Nov at 09:30"),
        ("Time", "11:15", "tomorrow at 11:15"),
        ("Reminders", "1 day, 2 hours", "remind you tomorrow at 07:30"),
        ("Repetition", "every 2 weeks", "🔁 every 2 weeks"),
        ("Repetition", "FREQ=MONTHLY;BYDAY=-1FR", "last Friday"),
    ],
)
async def test_a_field_is_typed_and_taken_back(
    tmp_path: Path, clock: FakeClock, field: str, value: str, shown: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await dentist(alice)
        await alice.press(field)
        said = await alice.say(value)
        assert shown in said[0]
        assert "As it was before." in (await alice.press("Undo"))[0]
        back = (await alice.say("/tomorrow"))[0]
        assert "09:30  dentist" in back


@pytest.mark.parametrize(
    ("field", "label", "shown"),
    [
        ("Repetition", "Workdays", "every weekday"),
        ("Repetition", "Every month", "🔁 every month"),
        ("Reminders", "1 hour before", "08:30 (1 hour before)"),
        ("Reminders", "No reminder", "No reminder will come"),
        ("Repeat until Done", "", "until you press Done"),
    ],
)
async def test_a_field_is_picked_by_button(
    tmp_path: Path, clock: FakeClock, field: str, label: str, shown: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await dentist(alice)
        said = await alice.press(field)
        if label:
            said = await alice.press(label)
        assert shown in said[0]


async def test_a_place_and_notes_can_be_removed(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await dentist(alice)
        for field, text in (("Place", "Main Street 5"), ("Notes", "x-rays")):
            await alice.press(field)
            assert text in (await alice.say(text))[0]
            await alice.press("Change")
        for field, text in (("Place", "Main Street 5"), ("Notes", "x-rays")):
            await alice.press(field)
            assert text not in (await alice.press("Remove"))[0]
            await alice.press("Change")


async def test_a_repetition_is_given_up(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await dentist(alice, "gym every day at 19:00")
        await alice.press("Repetition")
        await alice.press("Not at all")
        said = await alice.press("All of it")
        assert "🔁" not in said[0]
        assert await due(world) == [instant("2026-11-21 18:45")]


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;COUNT=0", "RRULE:FREQ=DAILY;BYDAY=XX"])
async def test_a_rule_that_cannot_be_is_explained_and_changes_nothing(
    tmp_path: Path, clock: FakeClock, rule: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await dentist(alice)
        await alice.press("Repetition")
        said = await alice.say(rule)
        assert len(said) == 1
        assert "FREQ=" in said[0], "an example shows how"
        assert await due(world) == [instant("2026-11-22 09:15")]
        assert "🔁" in (await alice.say("every week"))[0], "the question is still open"


@pytest.mark.parametrize(("field", "most"), [("Title", 1_000), ("Place", 300), ("Notes", 2_000)])
async def test_what_is_too_long_is_refused_and_asked_again(
    tmp_path: Path, clock: FakeClock, field: str, most: int
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await dentist(alice)
        await alice.press(field)
        assert f"at most {most:_}".replace("_", "") in (await alice.say("x" * (most + 1)))[0]
        assert "x" * 200 in (await alice.say("x" * most))[0]


@pytest.mark.parametrize(
    ("phrase", "when"),
    [
        ("friday at 15:00", "2026-11-27 15:00"),
        ("move to friday 15:00", "2026-11-27 15:00"),
        ("friday", "2026-11-27 09:30"),
        ("to 11", "2026-11-22 11:00"),
        ("an hour later", "2026-11-22 10:30"),
        ("by 30 minutes", "2026-11-22 10:00"),
        ("перенеси на понедельник", "2026-11-23 09:30"),
    ],
)
async def test_a_phrase_moves_it(tmp_path: Path, clock: FakeClock, phrase: str, when: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await dentist(alice)
        said = await alice.say(phrase)
        assert "dentist" in said[0]
        assert [row["start_at"] for row in await world.query("SELECT start_at FROM events")] == [instant(when)]


async def test_a_time_that_is_over_changes_nothing(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await dentist(alice, "dentist today at 15:00")
        assert "is over" in (await alice.say("9:00"))[0]
        assert await due(world) == [instant("2026-11-21 14:45")]


async def test_an_event_that_is_gone_cannot_be_changed(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await dentist(alice)
        await alice.say("/tomorrow")
        await alice.press("dentist")
        await alice.press("Delete")
        await dentist(alice, "tea tomorrow at 12:00")
        assert "tea" in (await alice.say("tomorrow at 13:00"))[0]


async def test_a_repetition_may_name_a_time_and_a_zone(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await dentist(alice)
        await alice.press("Repetition")
        said = await alice.say("every monday at 15:00 New York time")
        assert "at 20:00" in said[0]
        rows = await world.query("SELECT start_local, start_at, zone FROM events")
        at = instant("2026-11-23 15:00", "America/New_York")
        assert rows == [{"start_local": "2026-11-23T15:00:00", "start_at": at, "zone": "America/New_York"}]
        assert (await due(world))[0] == at - 15 * MINUTE


@pytest.mark.parametrize(
    ("made", "phrase", "when", "rule"),
    [
        ("birthday of anna 14 march", "every year", "2027-03-14 00:00", "FREQ=YEARLY"),
        ("rent 1 december at 10:00", "every month", "2026-12-01 10:00", "FREQ=MONTHLY"),
        ("gym 1 december at 10:00", "every monday", "2026-12-07 10:00", "FREQ=WEEKLY;BYDAY=MO"),
        ("gym 1 december at 10:00", "every monday at 11:00", "2026-12-07 11:00", "FREQ=WEEKLY;BYDAY=MO"),
        ("gym 1 december at 10:00", "daily from 3 december", "2026-12-03 10:00", "FREQ=DAILY"),
        ("врач 14 марта", "каждый год", "2027-03-14 00:00", "FREQ=YEARLY"),
    ],
)
async def test_a_phrase_that_repeats_it_keeps_its_day(
    tmp_path: Path, clock: FakeClock, made: str, phrase: str, when: str, rule: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        for by_field in (True, False):
            await dentist(alice, made)
            if by_field:
                await alice.press("Repetition")
            await alice.say(phrase)
            rows = await world.query("SELECT start_at, rrule FROM events ORDER BY id DESC LIMIT 1")
            assert rows == [{"start_at": instant(when), "rrule": rule}]


async def test_days_that_move_stay_as_many(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await dentist(alice, "vacation 1-5 december")
        assert "Thu 3 Dec to Mon 7 Dec" in (await alice.say("3 december"))[0]


async def test_an_end_stays_when_the_days_change(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await dentist(alice, "gym every monday at 18:00 until 20 december")
        await alice.say("every tuesday")
        assert "every Tuesday until" in (await alice.press("All of it"))[0]


async def test_what_is_on_at_the_same_time_is_said_at_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("team meeting tomorrow at 10:00 for 1 hour")
        assert "At that time there is team meeting, too" in (await alice.say("call ann tomorrow at 10:30"))[0]
        assert "At that time" not in (await alice.say("lunch tomorrow at 11:00 for 1 hour"))[0]
        await alice.press("Change")
        assert "At that time there is team meeting" in (await alice.say("10:15"))[0]
        assert "At that time" not in (await alice.say("holiday tomorrow"))[0]


@pytest.mark.parametrize("end", ["until december 16", "до 16 декабря"])
async def test_a_repetition_is_given_an_end(tmp_path: Path, clock: FakeClock, end: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await dentist(alice, "spanish every wednesday at 19:00")
        await alice.press("Repetition")
        await alice.say(end)
        assert "until 16 December" in (await alice.press("All of it"))[0]
