"""/calendars: how each linked calendar fares, what can be set for it, and its removal."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import calendars
from planner.chat.calendars import ON_PAGE
from planner.feeds.fetched import Fault
from planner.model import Outcome
from tests.stories import linked
from tests.stories.linking import URL, changed, feed, held, link
from tests.stories.story import due, instant, pressed
from tests.stories.test_people_are_invited import with_bob
from tests.virtual import FakeClock
from tests.web import calendar, event
from tests.world import ALICE, HOUR, MALLORY, MINUTE, SECOND, Person, World, a_world, replace

RUSSIAN = replace(ALICE, language_code="ru")
STANDUP = event("1@x", "Standup", "20261124T120000Z")
ALARMED = event("2@x", "Review", "20261125T120000Z", "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT1H", "END:VALARM")
BAD = "BEGIN:VEVENT\nUID:3@x\nSUMMARY:Odd one\nDTSTART:2026\nEND:VEVENT\n"
WORK = calendar(STANDUP, ALARMED, BAD)
GONE = "This calendar is not linked any more."


async def begun(world: World, who: object = ALICE, text: str = WORK) -> Person:
    """Somebody who has linked a calendar and opened it."""
    person = world.person(who)
    await person.say("/start")
    await link(person, text)
    await person.say("/calendars")
    await person.press("🟦 Work")
    return person


async def the_card(person: Person) -> str:
    """What the calendar's card says now."""
    await person.say("/calendars")
    return (await person.press("🟦"))[-1]


async def test_each_calendar_says_how_it_fares(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        await linked.calendar(alice, "Choir", "🟩")
        await clock.sleep(4 * MINUTE)
        world.web[URL] = Fault(Outcome.HTTP_ERROR, "404")
        said = (await alice.say("/calendars"))[-1].split("\n\n")
        assert said[0] == "Your calendars"
        assert said[1].startswith("🟦 Work · 2 events\nupdated 4 min ago, next look in ")
        assert said[2].startswith("🟩 Choir · 0 events\nnext look in ")
        await clock.sleep(15 * MINUTE)
        said = (await alice.say("/calendars"))[-1].split("\n\n")
        assert "🟦 Work · 2 events\n⚠️ cloud.example says this address no longer exists.\nlast read " in said[1]
        assert "next try in " in said[1]
        assert "secret" not in said[1], "its address"


async def test_in_russian_too(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        anna = await begun(world, RUSSIAN)
        said = (await anna.say("мои календари"))[-1]
        assert said.startswith("Ваши календари\n\n🟦 Work · 2 события\nобновлён")


async def test_it_is_asked_for_in_words(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        for said in ("my calendars", "Calendars", "link a calendar", "мои календари", "подключи календарь"):
            assert "🟦 Work" in (await alice.say(said))[-1]
        await alice.say("/help")
        assert "/calendars links calendars" in (await alice.press("Calendars"))[-1]


async def test_many_calendars_have_pages(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        for number, mark in enumerate(calendars.MARKS):
            await linked.calendar(alice, f"Number {number}", mark)
        first = (await alice.say("/calendars"))[-1]
        assert first.startswith("Your calendars · Page 1 of 3")
        assert first.count("Number") == ON_PAGE
        second = (await alice.press("▶"))[-1]
        third = (await alice.press("▶"))[-1]
        assert "Number 19" in third
        assert (await alice.press("◀"))[-1] == second
        assert "Number 9" in (await alice.press("Number 9"))[-1]


async def test_a_name_is_given_and_taken_back(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        await alice.press("Rename")
        assert "at most 60 characters" in (await alice.say("x" * 61))[-1]
        assert "🟦 The office · 2 events" in (await alice.say("  The  office "))[-1]
        await alice.press("Sync now")
        assert (await feed(world)).name == "The office", "the calendar's own name does not come back"
        await the_card(alice)
        await alice.press("Rename")
        await alice.press("As it calls itself")
        await alice.read(HOUR)
        assert (await feed(world)).name == "Work"


async def test_its_mark_stands_before_its_events(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        await alice.press("Mark")
        assert "🟨 Work" in (await alice.press("🟨"))[-1]
        assert "🟨 Standup" in (await alice.say("/week"))[-1]


async def test_its_reminders_are_its_own(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        at = instant("2026-11-24 12:00")
        assert (await due(world))[0] == at - 15 * MINUTE
        assert "15 minutes before, as in your settings" in (await alice.press("Reminders"))[-1]
        assert "Reminders: 1 hour before" in (await alice.press("1 hour before"))[-1]
        assert (await due(world))[0] == at - HOUR
        await alice.press("Reminders")
        assert "2 hours before, 5 minutes before" in (await alice.say("5 min, 2 hours"))[-1]
        assert (await due(world))[:2] == [at - 2 * HOUR, at - 5 * MINUTE]
        await alice.press("Reminders")
        assert "at most 4 weeks" in (await alice.say("50 days"))[-1]
        assert "Reminders: off" in (await alice.press("Never"))[-1]
        assert await due(world) == []
        assert "🔕" in (await alice.say("/calendars"))[-1]
        await alice.press("🟦 Work")
        await alice.press("Reminders")
        assert "as in your settings" in (await alice.press("As in your settings"))[-1]
        assert (await due(world))[0] == at - 15 * MINUTE
        await alice.press("Reminders")
        assert "Reminders: off" in (await alice.say("never"))[-1]


async def test_its_own_alarms_may_come_first(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        await alice.press("Reminders")
        assert "its own alarms, else 15 minutes before" in (await alice.press("Its own alarms: no"))[-1]
        await alice.read(5 * SECOND)
        assert await due(world) == [instant("2026-11-24 11:45"), instant("2026-11-25 11:00")]
        await alice.press("Its own alarms: yes")
        await alice.read(5 * SECOND)
        assert await due(world) == [instant("2026-11-24 11:45"), instant("2026-11-25 11:45")]


async def test_it_is_left_out_of_the_plan_and_back_in_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world, text=calendar(event("1@x", "Standup", "20261121T200000Z")))
        assert "Standup" in (await alice.say("/plan"))[-1]
        await the_card(alice)
        assert "without its events" in (await alice.press("Leave out of the plan"))[-1]
        assert "Standup" not in (await alice.say("/plan"))[-1]
        await the_card(alice)
        assert "with its events" in (await alice.press("Show in the plan"))[-1]
        assert "Standup" in (await alice.say("/plan"))[-1]


async def test_what_is_told_and_how_often_it_is_looked_at_are_set(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        for label, said, days in (
            ("Never", "not told", 0),
            ("1 day", "next 1 day", 1),
            ("7 days", "next 7 days", 7),
            ("2 days", "next 2 days", 2),
        ):
            await alice.press("Changes")
            assert f"Changes over there: {said}" in (await alice.press(label))[-1].replace("told for the ", "")
            assert (await feed(world)).tell_days == days
        for label, minutes in (("every 5 minutes", 5), ("every hour", 60), ("once a day", 1_440)):
            await alice.press("How often")
            assert f"Looked at: {label}" in (await alice.press(label))[-1]
            assert (await feed(world)).every_min == minutes


async def test_its_menus_show_what_is_set(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        for menu, before, other in (("Mark", "🟦", "🟨"), ("Changes", "2 days", "Never"),
                                    ("How often", "every 15 minutes", "once a day")):  # fmt: skip
            for label in (before, other):
                await alice.press(menu)
                assert [text for text in await alice.buttons() if "✓" in text] == [f"✓ {label}"]
                await alice.press(other)


async def test_it_is_looked_at_on_request(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        world.web[URL] = calendar(STANDUP, event("9@x", "Lunch", "20261126T120000Z"), BAD)
        message_id, data = await alice.button("Sync now")
        assert await pressed(alice, message_id, data) == "Looking at it…"
        (said,) = await alice.read()
        assert said.startswith("✅ 🟦 Work is up to date: 1 new, 1 gone.")
        assert "• Odd one: left out, because its start cannot be read" in said
        assert "I have just looked. Once more in" in await pressed(alice, message_id, data)
        await clock.sleep(MINUTE)
        world.web[URL] = Fault(Outcome.HTTP_ERROR, "503")
        await pressed(alice, message_id, data)
        assert "trouble of its own (error 503)" in (await alice.read())[-1]


async def test_its_report_names_what_cannot_be_read(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        assert "there was nothing to do yet" in (await alice.press("Report"))[-1]
        await alice.press("Back")
        world.web[URL] = calendar(STANDUP, BAD)
        await alice.press("Sync now")
        await alice.read(2 * HOUR)  # what has not changed is not read again, and the report stays
        await the_card(alice)
        said = (await alice.press("Report"))[-1]
        assert "Read anew today at 10:00: 1 gone." in said
        assert said.endswith(
            "Could not be read, or not in full:\n• Odd one: left out, because its start cannot be read"
        )


async def test_what_could_not_be_read_when_it_was_linked_is_in_its_first_report(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world, text=calendar(STANDUP, BAD))
        await alice.press("Sync now")
        await alice.read(5 * SECOND)
        await the_card(alice)
        assert "• Odd one: left out" in (await alice.press("Report"))[-1]


async def test_a_report_of_nothing_says_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world, text=calendar(STANDUP))
        await alice.press("Sync now")
        await alice.read(5 * SECOND)
        await the_card(alice)
        assert "Since it was linked nothing has changed." in (await alice.press("Report"))[-1]


async def test_removing_it_says_before_what_goes(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        said = (await alice.press("Remove"))[-1]
        assert said.startswith("Shall I remove 🟦 Work? Its 2 events and their reminders go from here.")
        assert "🟦 Work · 2 events" in (await alice.press("Keep it"))[-1]
        assert len(await held(world)) == 2
        await alice.press("Remove")
        assert (await alice.press("Remove"))[-1] == "🗑 🟦 Work is removed: 2 events are gone with it."
        assert await held(world) == []
        assert await due(world) == []
        assert await world.query("SELECT id FROM feeds") == []
        assert "No calendar is linked yet" in (await alice.press("All calendars"))[-1]
        assert "Standup" not in (await alice.say("/week"))[-1]
        asked = world.web.asked(URL)
        await clock.sleep(2 * HOUR)
        assert world.web.asked(URL) == asked


async def test_a_question_about_removal_is_closed_by_anything_else(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        await alice.press("Remove")
        message_id, data = await alice.button("Remove")
        await alice.say("dentist tomorrow at 9:30")
        assert "no longer works" in await pressed(alice, message_id, data)
        assert len(await held(world)) == 2


VERBS = (
    "calendar:{}", "sync:{}", "report:{}", "unlink:{}", "unlinked:{}:1", "tune:{}:leads", "tune:{}:name",
    "tuned:{}:leads:900", "tuned:{}:mark:2", "tuned:{}:plan:0", "tuned:{}:tell:7", "tuned:{}:every:5",
    "tuned:{}:alarms:1", "tuned:{}:name:own",
)  # fmt: skip


async def test_old_buttons_of_a_removed_calendar_say_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        message_id, data = await alice.button("Rename")
        await pressed(alice, message_id, data)
        await alice.read()
        await pressed(alice, message_id, "unlink:1")
        await alice.press("Remove")
        for verb in VERBS:
            assert GONE in await pressed(alice, message_id, verb.format(1)), verb


async def test_a_name_for_a_calendar_removed_meanwhile_says_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        await alice.press("Rename")
        await world.store.write(lambda tx: tx.feeds.drop(1))
        assert GONE in (await alice.say("The office"))[-1]


async def test_bob_and_mallory_touch_no_calendar_of_alices(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await with_bob(world)
        await link(alice, WORK)
        before, events, reminders = await feed(world), await held(world), await due(world)
        await bob.say("/calendars")
        message_id, _ = await bob.button("Link a calendar")
        for verb in VERBS:
            assert GONE in await pressed(bob, message_id, verb.format(before.id)), verb
        mallory = world.person(MALLORY)
        await mallory.say("/calendars")
        assert not [text for text in await mallory.read() if "Work" in text]
        assert "Work" not in "".join(await bob.say("/calendars"))
        after = await feed(world)
        assert replace(after, next_at=before.next_at) == before
        assert (await held(world), await due(world)) == (events, reminders)


@pytest.mark.parametrize(
    "data",
    [
        "tune:1:nothing", "tuned:1:mark:99", "tuned:1:mark:-1", "tuned:1:tell:3", "tuned:1:every:1", "tuned:1:leads:-5",
        "tuned:1:leads:99999999", "calendar:x", "instead:1:1", "unlinked:1:1", "link:nobody", "calendars:x",
    ],
)  # fmt: skip
async def test_what_no_button_says_does_nothing(tmp_path: Path, clock: FakeClock, data: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        before = await feed(world)
        message_id, _ = await alice.button("Rename")
        assert "no longer works" in await pressed(alice, message_id, data)
        assert await feed(world) == before


async def test_a_calendar_empty_all_of_a_sudden_is_said_to_be(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        many = calendar(*(event(f"{n}@x", f"Event {n}", f"202611{n}T120000Z") for n in range(22, 30)))
        alice = await begun(world, text=many)
        world.web[URL] = calendar()
        assert "empty all of a sudden" in (await alice.press("Sync now"))[-1]
        await changed(alice, lambda one: replace(one, next_at=clock.now() + HOUR))
        assert "empty all of a sudden" in (await alice.say("/calendars"))[-1]
        assert len(await held(world)) == 8
