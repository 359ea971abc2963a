"""A new length, end, zone or repetition in answer to “what should change?” leaves the beginning alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.story import BERLIN
from tests.virtual import FakeClock
from tests.world import ALICE, Person, World, a_world

HOUR_S, DAY_S = 3_600, 86_400


async def event(world: World) -> dict[str, object]:
    (row,) = await world.query("SELECT * FROM events WHERE deleted_at IS NULL")
    return row


async def changed(alice: Person, made: str, answer: str) -> str:
    """Make an event and answer what should change about it; what the bot says."""
    await alice.say(made)
    await alice.press("Change")
    return (await alice.say(answer))[-1]


@pytest.mark.parametrize(
    ("answer", "length"),
    [
        ("for 2 hours", 2 * HOUR_S),
        ("2 hours long", 2 * HOUR_S),
        ("shorten to 30 minutes", HOUR_S // 2),
        ("until 12:00", 2 * HOUR_S),
        ("end at 12:30", 5 * HOUR_S // 2),
        ("until 1", 3 * HOUR_S),
        ("until 1 am", 15 * HOUR_S),
        ("длительность 2 часа", 2 * HOUR_S),
        ("до 12:00", 2 * HOUR_S),
    ],
)
async def test_a_length_or_an_end_leaves_the_beginning(
    tmp_path: Path, clock: FakeClock, answer: str, length: int
) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        assert "✏️ meeting" in await changed(world.person(ALICE), "meeting monday 10:00-11:30", answer)
        row = await event(world)
        assert (row["start_local"], row["duration_s"]) == ("2026-11-23T10:00:00", length)


@pytest.mark.parametrize("answer", ["all day", "весь день"])
async def test_it_may_take_all_day(tmp_path: Path, clock: FakeClock, answer: str) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        assert "Mon 23 Nov, all day" in await changed(world.person(ALICE), "meeting monday 22:00-23:30", answer)
        row = await event(world)
        assert (row["start_local"], row["duration_s"], row["title"]) == ("2026-11-23T00:00:00", DAY_S, "meeting")


@pytest.mark.parametrize(
    ("answer", "days"),
    [("until 5 january", 17), ("for 3 days", 3), ("до 5 января", 17)],
)
async def test_several_days_get_another_last_one(tmp_path: Path, clock: FakeClock, answer: str, days: int) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        await changed(world.person(ALICE), "vacation 20 dec to 8 jan", answer)
        row = await event(world)
        assert (row["start_local"], row["duration_s"]) == ("2026-12-20T00:00:00", days * DAY_S)


async def test_an_end_before_the_beginning_is_asked_about(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        assert "would end before it begins" in await changed(alice, "vacation 20 dec to 8 jan", "until 18 december")
        await alice.say("until 21 december")
        assert (await event(world))["duration_s"] == 2 * DAY_S


@pytest.mark.parametrize("answer", ["in Moscow time", "по Москве"])
async def test_another_zone_keeps_the_clock(tmp_path: Path, clock: FakeClock, answer: str) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        assert "Its time zone: Moscow" in await changed(world.person(ALICE), "meeting monday 10:00-11:30", answer)
        row = await event(world)
        assert (row["start_local"], row["zone"]) == ("2026-11-23T10:00:00", "Europe/Moscow")
        assert (row["title"], row["duration_s"]) == ("meeting", 3 * HOUR_S // 2)


@pytest.mark.parametrize("answer", ["1 hour", "an hour later", "for 2 hours", "until 12:00", "на час позже"])
async def test_what_has_no_time_is_not_moved_by_hours(tmp_path: Path, clock: FakeClock, answer: str) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        assert "has no time" in await changed(alice, "vacation 20 dec to 8 jan", answer)
        assert (await event(world))["all_day"] == 1
        await alice.say("until 21 december")
        assert (await event(world))["duration_s"] == 2 * DAY_S


@pytest.mark.parametrize("field", [False, True])
@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ("every week", "every week"),
        ("weekly", "every week"),
        ("еженедельно", "every week"),
        ("every 2 weeks", "every 2 weeks"),
        ("every monday", "every Monday"),
    ],
)
async def test_a_week_repeats_the_weekday_that_the_event_has(
    tmp_path: Path, clock: FakeClock, answer: str, rule: str, field: bool
) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("church on 29 november at 10")
        await alice.press("Change")
        if field:
            await alice.press("Repetition")
        assert rule in (await alice.say(answer))[-1]
        assert (await event(world))["start_local"] == f"2026-11-{30 if 'monday' in answer else 29}T10:00:00"


async def test_the_last_day_of_a_series_is_said(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await changed(alice, "gym every monday at 19:00", "until 14 december")
        await alice.press("All of it")
        assert (await event(world))["rrule"] == "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261214"


@pytest.mark.parametrize("answer", ["delete", "delete it", "удали"])
async def test_a_deletion_is_no_title(tmp_path: Path, clock: FakeClock, answer: str) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        assert "meeting is deleted" in await changed(world.person(ALICE), "meeting monday 10:00-11:30", answer)


async def test_the_length_has_a_button(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("meeting monday 10:00-11:30")
        for answer, length in (("45 minutes", 2_700), ("1 hour", 3_600)):
            await alice.press("Change")
            await alice.press("Length")
            await alice.press(answer)
            assert (await event(world))["duration_s"] == length
        for answer, length in (("an hour and a half", 5_400), ("until 14:00", 4 * HOUR_S)):
            await alice.press("Change")
            await alice.press("Length")
            await alice.say(answer)
            assert (await event(world))["duration_s"] == length


async def test_a_question_in_a_title_is_asked_with_one_mark(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert "what does life mean?" in (said := (await alice.say("what does life mean?"))[-1])
        assert "??" not in said
        await alice.press("tomorrow")
        await alice.press("Change")
        await alice.press("Place")
        assert "??" not in (await alice.rows())[-1]["text"]
