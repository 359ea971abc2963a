"""/today, /tomorrow, /week and an event's card: everything, in order, a page at a time."""

from __future__ import annotations

from pathlib import Path

from tests.stories.story import BERLIN, instant
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, SECOND, a_world


async def test_an_empty_day_says_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        for command in ("/today", "/tomorrow", "/week", "/plan"):
            assert "Nothing is planned." in (await alice.say(command))[0]


async def test_a_day_is_in_order_with_its_times(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("lunch tomorrow at 12:00")
        await alice.say("dentist tomorrow at 9:30")
        await alice.say("gym every day at 19:00")
        said = (await alice.say("/tomorrow"))[0]
        lines = said.split("\n")
        assert lines[0] == "Tomorrow"
        assert [line.split("  ")[0] for line in lines[1:4]] == ["1. 09:30", "2. 12:00", "3. 19:00"]
        assert lines[4:] == ["🟢 Free: 10:30–12:00, 13:00–19:00, 20:00–21:00"]
        assert "Tomorrow" not in (await alice.say("/today"))[0]


async def test_a_week_is_seven_days_from_today_each_under_its_name(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("gym every day at 19:00")
        said = (await alice.say("/week"))[0]
        assert said.count("gym") == 7
        for day in ("Today", "Tomorrow", "Mon 23 Nov", "Fri 27 Nov"):
            assert day in said
        assert "Sat 28 Nov" not in said


async def test_a_day_belongs_to_the_users_zone(tmp_path: Path) -> None:
    clock = FakeClock(instant("2026-11-21 23:30", BERLIN))
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("flight tomorrow at 00:15")
        assert "Nothing is planned." in (await alice.say("/today"))[0]
        await alice.read(3_600 * SECOND)
        assert "flight" in (await alice.say("/today"))[0]


async def test_a_long_list_has_pages_and_nothing_is_dropped(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        for number in range(45):
            await alice.say(
                f"thing-{number:02} tomorrow at {10 + number // 10}:{number % 10}0"
                if number % 10 < 6
                else f"thing-{number:02} tomorrow at {10 + number // 10}:55"
            )
        first = (await alice.say("/tomorrow"))[0]
        assert "Page 1 of 3" in first
        assert "▶" in await alice.buttons()
        assert "◀" not in await alice.buttons()
        second = (await alice.press("▶"))[0]
        assert "Page 2 of 3" in second
        assert {"◀", "▶"} <= set(await alice.buttons())
        third = (await alice.press("▶"))[0]
        assert "▶" not in await alice.buttons()
        shown = first + second + third
        assert [shown.count(f"thing-{number:02}") for number in range(45)] == [1] * 45
        assert "Page 2 of 3" in (await alice.press("◀"))[0]
        await alice.press("Open one…")
        opened = await alice.press("21")
        assert "thing-20" in opened[0]


async def test_titles_as_long_as_they_may_be_fit_on_a_page(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        for number in range(25):
            await alice.say(f"tomorrow at 10:00 visit {number:02} {'👨‍👩‍👧' * 110}")
        (said,) = await alice.say("/tomorrow", settle=5 * SECOND)
        assert said.count(". 10:00") == 20
        assert "Page 1 of 2" in said


async def test_a_card_says_all_there_is(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("gym every day at 19:00")
        await alice.say("/tomorrow")
        card = (await alice.press("1"))[0]
        assert "gym" in card
        assert "tomorrow at 19:00" in card
        assert "every day" in card.lower()
        assert "(15 minutes before)" in card
        assert await alice.buttons() == ["Change", "Skip this one", "Delete"]


async def test_nobody_sees_what_is_anothers(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("piano tomorrow at 9:30")
        await bob.say("/start")
        for command in ("/today", "/tomorrow", "/week", "/plan"):
            assert "piano" not in "".join(await bob.say(command))


async def test_help_and_start_name_what_there_is(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        first = await alice.say("/start")
        assert "I remind you on time" in first[0]
        assert "Which city are you in" in first[1]
        await alice.say("/help")
        said = (await alice.press("Looking"))[0]
        for command in ("/today", "/tomorrow", "/week", "/agenda", "/find", "/plan", "/settings"):
            assert command in said
