"""/agenda, /find and what lists show: overlaps, free time, what goes on from the day before; few buttons."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.render import MAX_UNITS, units
from tests.stories.story import BERLIN, instant, quiet_hours
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, DAY, SECOND, Person, World, a_world, replace

RUSSIAN = replace(ALICE, language_code="ru")


async def a_few(alice: Person) -> None:
    for text in ("dentist tomorrow at 9:30", "report on thursday at 16:00", "party on 5 december at 19:00"):
        await alice.say(text)


async def test_an_agenda_without_days_is_two_weeks_and_says_how_to_name_others(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await a_few(alice)
        (said,) = await alice.say("/agenda")
        assert said.startswith("The next 14 days\n")
        assert "dentist" in said
        assert "party" not in said
        assert "/agenda 7.11-11.11" in said


@pytest.mark.parametrize(
    ("days", "seen"),
    [
        ("21.11-26.11", {"dentist", "report"}),
        ("next week", {"report"}),
        ("December", {"party"}),
        ("2026-11-22", {"dentist"}),
        ("26.11.2026 - 5.12.2026", {"report", "party"}),
        ("до конца месяца", {"dentist", "report"}),
    ],
)
async def test_an_agenda_shows_the_days_that_are_named(
    tmp_path: Path, clock: FakeClock, days: str, seen: set[str]
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await a_few(alice)
        (said,) = await alice.say(f"/agenda {days}")
        assert {name for name in ("dentist", "report", "party") if name in said} == seen


@pytest.mark.parametrize(
    ("days", "head"),
    [
        ("7.11-11.11", "Sat 7 Nov"),
        ("from november 7 to november 11", "Sat 7 Nov"),
        ("с 7 по 11 ноября", "Sat 7 Nov"),
        ("21.10-22.10", "Wed 21 Oct"),
        ("22.9-23.9", "Tue 22 Sep"),
        ("1.9-5.9", "2027"),
        ("7.11.2027-11.11.2027", "2027"),
        ("25.11-27.11", "Wed 25 Nov"),
        ("next year", "2027"),
    ],
)
async def test_dates_that_are_over_since_not_long_are_not_next_years(
    tmp_path: Path, clock: FakeClock, days: str, head: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        (said,) = await alice.say(f"/agenda {days}")
        assert head in said.split("\n")[0], said
        assert ("2027" in said.split("\n")[0]) == (head == "2027")


async def test_days_that_are_not_understood_are_answered_with_how_to_name_them(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        (said,) = await alice.say("/agenda blah blah")
        assert said.startswith("I did not understand which days you mean.")
        assert "/agenda next week" in said


async def test_of_more_than_a_year_the_first_is_shown(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await a_few(alice)
        (said,) = await alice.say("/agenda 1.1.2026 - 31.12.2028")
        assert "party" in said
        assert "These are the first 366 days" in said


@pytest.mark.usefixtures("rare_minutes")
async def test_a_past_day_is_looked_up_like_any_other(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("gym every day at 19:00")
        await alice.read(10 * DAY)
        (said,) = await alice.say("/agenda 23.11.2026-24.11.2026")
        assert said.count("gym") == 2


async def test_what_overlaps_is_marked_and_free_time_is_told(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await quiet_hours(alice, "20:00 - 08:00")
        for text in (
            "meeting tomorrow from 10:00 to 12:00", "call bank tomorrow from 11:30 to 12:30", "tea tomorrow at 16:00",
        ):  # fmt: skip
            await alice.say(text)
        (said,) = await alice.say("/tomorrow")
        assert said.split("\n") == [
            "Tomorrow",
            "1. 10:00–12:00  meeting",
            "    ⚠️ overlaps with “call bank”",
            "2. 11:30–12:30  call bank",
            "    ⚠️ overlaps with “meeting”",
            "3. 16:00  tea",
            "🟢 Free: 09:00–10:00, 12:30–16:00, 17:00–20:00",
        ]
        assert (await alice.say("/week"))[0].count("⚠️") == 2


async def test_today_only_what_is_left_is_free(tmp_path: Path) -> None:
    clock = FakeClock(instant("2026-11-21 15:02"))
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea today at 18:00")
        assert "🟢 Free: 15:05–18:00, 19:00–21:00" in (await alice.say("/today"))[0]
        await alice.say("concert today from 15:10 to 23:30")
        assert "No free hour is left between 09:00 and 21:00." in (await alice.say("/today"))[0]


async def test_a_night_is_seen_on_both_of_its_days(tmp_path: Path) -> None:
    clock = FakeClock(instant("2026-11-21 12:00", BERLIN))
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("night train today from 23:00 to 2:00")
        assert "23:00–02:00 (+1)  night train" in (await alice.say("/today"))[0]
        for listed in (await alice.say("/tomorrow"))[0], (await alice.say("/agenda 22.11"))[0]:
            assert "until 02:00  night train" in listed
        await alice.read(DAY)
        for command in ("/today", "/plan", "/week"):
            assert "until 02:00  night train" in (await alice.say(command))[0], command


async def test_a_recurring_night_is_seen_the_morning_after(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("shift every day from 22:00 to 6:00")
        await alice.read(DAY)
        (said,) = await alice.say("/today")
        assert "until 06:00  shift 🔁" in said
        assert "22:00–06:00 (+1)  shift 🔁" in said


@pytest.mark.usefixtures("rare_minutes")
async def test_a_vacation_is_seen_on_each_of_its_days_and_opened_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("vacation from december 1 to december 5")
        (said,) = await alice.say("/agenda 30.11-6.12")
        assert [line for line in said.split("\n") if "vacation" in line] == [
            "1. day 1 of 5  vacation", *(f"· day {n} of 5  vacation" for n in range(2, 6)),
        ]  # fmt: skip
        assert [text for text in await alice.buttons() if "vacation" in text] == ["1. vacation"]
        await alice.read(instant("2026-12-03 12:00") - clock.now())
        assert "day 3 of 5  vacation" in (await alice.say("/today"))[0]
        assert "day 3 of 5  vacation" in (await alice.say("/plan"))[0]
        assert "vacation" not in (await alice.say("/agenda 6.12"))[0]


async def test_few_entries_are_opened_by_their_titles_and_many_by_their_numbers(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.say("/week")
        assert "1. dentist" in await alice.buttons()
        assert "dentist" in (await alice.press("1. dentist"))[0]
        await alice.say("gym every day at 19:00")
        await alice.say("swim every day at 7:00 am")
        await alice.say("/week")
        assert "1" not in await alice.buttons()
        await alice.press("Open one…")
        assert [text for text in await alice.buttons() if text.isdigit()] == [str(n) for n in range(1, 15)]
        assert "dentist" in (await alice.press("3"))[0]


async def test_a_full_page_is_one_message_however_long_its_titles_and_places(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await _many(world, 100)
        for command in ("/tomorrow", "/week", "/agenda", "/find длинное", "/find nothing", "/plan"):
            (said,) = await alice.say(command)
            assert units(said) <= MAX_UNITS
        await alice.read(DAY)
        (said,) = await alice.say("/plan")
        assert "and 40 more: /today" in said


async def _many(world: World, count: int) -> None:
    """Events of tomorrow with everything as long as it may be, each overlapping with the next."""
    start = instant("2026-11-22 08:00")
    for number in range(count):
        await world.store.write(
            lambda tx, at=start + number * 300 * SECOND: tx._db.execute(
                "INSERT INTO events"
                " (user_id, start_local, duration_s, all_day, instant, set_at, title, start_at, place)"
                " VALUES (1, '2026-11-22T08:00:00', 3600, 0, 0, 0, ?, ?, ?)",
                ("длинное 👨‍👩‍👧 " * 60, at, "место " * 30),
            )
        )


async def test_words_are_found_in_any_form_the_nearest_first(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(RUSSIAN)
        for text in (
            "отчёт завтра в 12:00",
            "встреча с Леной через 3 недели в 10:00",
            "тренировка каждый вторник в 19:00",
        ):
            await alice.say(text)
        (said,) = await alice.say("/find Отчеты")
        assert said.startswith("🔎 «отчеты»: 1 событие\n1. Завтра, 12:00  отчёт")
        assert "19:00  тренировка 🔁" in (await alice.say("/find тренировку"))[0]
        await alice.say("Лена звонит послезавтра в 11:00")
        lines = (await alice.say("/find лена"))[0].split("\n")
        assert ["звонит" in line for line in lines[1:]] == [True, False]
        assert "встреча" in (await alice.press("2. встреча"))[0]


@pytest.mark.usefixtures("rare_minutes")
async def test_what_is_over_is_found_too(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.read(2 * DAY)
        await world.restart(after=38 * DAY)
        assert "Sun 22 Nov" in (await alice.say("/find dentist"))[0]


async def test_what_is_found_has_pages_that_remember_the_words(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await _many(world, 45)
        (first,) = await alice.say("/find " + "длинное " * 20)
        assert "Page 1 of 3" in first
        (second,) = await alice.press("▶")
        assert "\n21. " in second
        (opened,) = await alice.press("Open one…")
        assert opened == second
        assert "40" in await alice.buttons()
        assert "Page 3 of 3" in (await alice.press("▶"))[0]


async def test_nothing_found_says_so_and_what_to_try(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        (said,) = await alice.say("/find plumber")
        assert said.startswith("I found nothing with “plumber”.")
        assert "/agenda" in said
        assert "“dentist”" in (await alice.say("/find"))[0]
        for odd in ("/find 🎂🎂", "/find :::", "/find " + "ё" * 500):
            assert "I found nothing" in (await alice.say(odd))[0], odd


async def test_nobody_finds_what_is_anothers(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("piano tomorrow at 10:40")
        await bob.say("/start")
        for command in ("/find piano", "/agenda", "/agenda 22.11"):
            said = "".join(await bob.say(command))
            assert "10:40" not in said, command


async def test_what_to_find_is_asked_for(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        assert "What shall I look for?" in (await alice.say("/find"))[0]
        assert "“dentist”: 1 event" in (await alice.say("dentist"))[0]
        await alice.say("/find")
        assert "✅ lunch" in (await alice.say("lunch tomorrow at 13:00"))[0], "an event is an event"
        await alice.say("/find")
        assert "🗑 lunch is deleted" in (await alice.say("delete lunch"))[0], "and a wish is a wish"
        await alice.say("/find")
        assert "Nothing was changed" in (await alice.say("never mind"))[0]


async def test_more_than_can_be_listed_says_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await _many(world, 2_100)
        (said,) = await alice.say("/agenda 22.11-31.12")
        assert "There is more than I can list at once. Ask for fewer days." in said


async def test_a_year_holds_every_occurrence_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("trip from 20 december 22:00 to 24 december 6:00")
        await alice.say("gym every day at 19:00")
        (said,) = await alice.say("/agenda 1.12.2026 - 30.11.2027")
        assert f"Page 1 of {-(-(365 + 5) // 20)}" in said
