"""A calendar is linked by pasting its address; a wrong one is answered with what is wrong and what to do instead."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from planner import calendars
from planner.feeds.fetched import Fault
from planner.model import Outcome
from tests.stories import linked
from tests.stories.linking import act, feed, held
from tests.stories.story import until
from tests.stories.test_a_group_has_a_plan_of_its_own import AT, family
from tests.stories.test_people_are_invited import with_bob
from tests.virtual import START, FakeClock
from tests.web import calendar, event
from tests.world import ALICE, DAY, HOUR, MALLORY, MINUTE, SECOND, Person, World, a_world, replace

ANNA = replace(ALICE, language_code="ru")
SECRET = "0123456789abcdef"
GOOGLE = f"https://calendar.google.com/calendar/ical/alice%40example.org/private-{SECRET}/basic.ics"
NEW = GOOGLE.replace(SECRET, "fedcba9876543210")
WORK = calendar(
    event("1@x", "Standup", "20261123T090000Z"),
    event("2@x", "Review", "20261124T130000Z"),
    event("3@x", "Party", "20261126T180000Z"),
    event("4@x", "Retro", "20261127T100000Z"),
    name="Work",
)


GUIDES = {
    "Google": "Integrate calendar",
    "Outlook": "ICS link",
    "iCloud": "Public Calendar",
    "Yandex": "Export",
    "Nextcloud": "Share link",
    "Another one": "“subscribe”",
}


async def begun(world: World, who: object = ALICE) -> Person:
    person = world.person(who)
    await person.say("/start")
    await person.say("/today")
    return person


async def urls(world: World) -> list[str]:
    return [str(row["url"]) for row in await world.query("SELECT url FROM feeds ORDER BY id")]


async def failing(world: World) -> Person:
    """Alice, whose calendar at Google has failed until she was told."""
    world.web[GOOGLE] = WORK
    alice = await begun(world)
    await alice.say(GOOGLE)
    world.web[GOOGLE] = Fault(Outcome.HTTP_ERROR, "404")
    assert any("make a new secret address" in text.lower() for text in await alice.read(2 * HOUR))
    return alice


async def test_a_pasted_address_is_looked_at_and_proved_by_what_is_next(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.web[GOOGLE] = WORK
        alice = await begun(world)
        looking, proof = await alice.say(GOOGLE)
        assert looking == "🔎 Looking at calendar.google.com…"
        assert proof.splitlines()[:5] == [
            "🟦 Work is linked: 4 events.",
            "Next in it:",
            "• Standup, Mon 23 Nov at 09:00",
            "• Review, Tue 24 Nov at 13:00",
            "• Party, Thu 26 Nov at 18:00",
        ]
        await world.restart()
        assert "Standup" in (await alice.say("/week"))[-1]
        assert "Standup" in (await until(alice, START + 2 * DAY - HOUR))[-1], "it reminds"


async def test_in_russian_too(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.web[GOOGLE] = WORK
        anna = await begun(world, ANNA)
        looking, proof = await anna.say(GOOGLE)
        assert "calendar.google.com" in looking
        assert proof.startswith("Календарь 🟦 Work подключён: 4 события.")


async def test_a_few_words_may_stand_around_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        for number, around in enumerate(("My calendar: {}", "<{}>", "вот мой календарь\n{}", "  {}  ")):
            url = f"https://example.org/{number}.ics"
            world.web[url] = WORK
            assert "Work is linked" in (await alice.say(around.format(url)))[-1], around


async def test_whatever_is_linked_is_known_again_however_its_address_looks(tmp_path: Path, clock: FakeClock) -> None:
    url = f"https://example.org/calendar?token={SECRET}"
    async with a_world(tmp_path, clock) as world:
        world.web[url] = WORK
        alice = await begun(world)
        await alice.say("/calendars")
        await alice.press("Link a calendar")
        assert "Work is linked" in (await alice.say(url))[-1]
        assert all(SECRET not in text and "When" not in text for text in await alice.say(url))


async def test_after_an_address_that_was_none_the_next_one_is_tried(tmp_path: Path, clock: FakeClock) -> None:
    wrong, right, page = "https://example.org/page", "https://example.org/feed", "https://example.org/news"
    async with a_world(tmp_path, clock) as world:
        world.web[wrong], world.web[right] = Fault(Outcome.INVALID, "html"), WORK
        alice = await begun(world)
        await alice.say("/calendars")
        await alice.press("Link a calendar")
        assert "not linked" in (await alice.say(wrong))[-1]
        assert "Work is linked" in (await alice.say(right))[-1]
        assert "When shall I remind you" in (await alice.say(page))[-1], "it is linked: other links are links"


async def test_after_an_address_that_was_none_anything_else_may_be_said(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.web[GOOGLE] = Fault(Outcome.NETWORK, "dns")
        alice = await begun(world)
        assert "not linked" in (await alice.say(GOOGLE))[-1]
        assert "✅ dentist" in (await alice.say("dentist tomorrow at 9:30"))[-1]
        assert "When shall I remind you" in (await alice.say("https://example.org/news"))[-1]


async def test_an_event_with_a_link_stays_an_event(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        for said in (
            "standup tomorrow at 10 https://example.org/team.ics",
            "https://example.org/team.ics call Berlin in 20 minutes",
            "read https://example.org/article tomorrow at 9",
            "https://calendar.google.com/calendar/u/0/r tomorrow at 9",
        ):
            assert (await alice.say(said))[-1].startswith("✅"), said
        assert await urls(world) == []
        assert world.web.requests == []


async def test_a_link_to_anything_is_still_asked_about(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        assert "When shall I remind you of https://example.org" in (await alice.say("https://example.org"))[-1]


async def test_it_is_asked_for_and_found_step_by_step(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.web["http://dav.example:5232/alice/work/"] = WORK
        alice = await begun(world)
        assert "No calendar is linked yet" in (await alice.say("/calendars"))[-1]
        assert "Whose calendar is it" in (await alice.press("Link a calendar"))[-1]
        for name, hint in GUIDES.items():
            assert hint in (await alice.press(name))[-1]
            await alice.press("Back")
        await alice.press("Another one")
        said = await alice.say("http://dav.example:5232/alice/work/")
        assert "Work is linked" in said[-1], "whatever address is given when one was asked for is tried"


async def test_what_is_no_address_is_said_and_the_question_stays_open(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.web[GOOGLE] = WORK
        alice = await begun(world)
        await alice.say("/calendars")
        await alice.press("Link a calendar")
        assert "e-mail address" in (await alice.say("alice@example.org"))[-1]
        assert "begins with https://" in (await alice.say("Work"))[-1]
        assert "one address at a time" in (await alice.say(f"{GOOGLE} and https://example.org"))[-1]
        assert "begins with https:// or webcal://" in (await alice.say("ftp://example.org/work.ics"))[-1]
        assert "the page on which you look at your calendar" in (await alice.say("calendar.google.com"))[-1]
        assert "not whole" in (await alice.say(GOOGLE.replace("/basic", " /basic")))[-1]
        assert "Whose calendar is it" in (await alice.press("Where do I find the address?"))[-1]
        assert "Work is linked" in (await alice.say(GOOGLE.removeprefix("https://")))[-1]


async def test_a_sentence_instead_of_an_address_is_what_it_is(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        await alice.say("/calendars")
        await alice.press("Link a calendar")
        assert (await alice.say("dentist tomorrow at 9:30"))[-1].startswith("✅ dentist")
        assert "When shall I remind you" in (await alice.say("buy milk"))[-1]
        await alice.say("/calendars")
        await alice.press("Link a calendar")
        assert "Nothing was changed" in (await alice.press("Never mind"))[-1]


PAGES = [
    ("https://calendar.google.com/calendar/u/0/r", "Secret address in iCal format", "Закрытый адрес в формате iCal"),
    ("https://outlook.live.com/calendar/0/view/month", "ICS link", "ссылку ICS"),
    ("https://www.icloud.com/calendar/", "Public Calendar", "общедоступным"),
    ("https://calendar.yandex.ru/week?uid=1", "iCal link", "ссылку iCal"),
    ("https://cloud.example.org/apps/calendar/dayGridMonth/now", "Share the calendar", "по ссылке"),
    ("https://cloud.example.org/remote.php/dav/calendars/alice/x/", "app password", "пароль приложения"),
    ("https://calendar.google.com/calendar/embed?src=a%40b.org&src=c%40d.org", "one at a time", "по одной"),
    ("https://calendar.google.com/calendar/event?eid=abc", "a single event", "на одно событие"),
]


@pytest.mark.parametrize("russian", [False, True])
async def test_a_web_page_is_told_from_a_calendar(tmp_path: Path, clock: FakeClock, russian: bool) -> None:
    async with a_world(tmp_path, clock) as world:
        world.web[GOOGLE] = WORK
        person = await begun(world, ANNA if russian else ALICE)
        for page, *hints in PAGES:
            assert hints[russian] in (await person.say(page))[-1], page
        assert world.web.requests == [], "it is not even fetched"
        assert "🟦 Work" in (await person.say(GOOGLE))[-1], "the right one may follow at once"


FAULTS = [
    (GOOGLE.replace(f"private-{SECRET}", "public"), Fault(Outcome.HTTP_ERROR, "404"), "This calendar is not public"),
    (GOOGLE, Fault(Outcome.HTTP_ERROR, "404"), "no calendar at this address"),
    ("https://example.org/a.ics", "<!doctype html><html><body>Sign in</body></html>", "a web page"),
    ("https://example.org/a.ics", "", "nothing at all"),
    ("https://example.org/a.ics", WORK[:-20], "breaks off"),
    ("https://example.org/a.ics", Fault(Outcome.HTTP_ERROR, "401"), "https://name:password@example.org/…"),
    ("https://example.org/a.ics", Fault(Outcome.TIMEOUT, "timeout"), "too long"),
    ("http://192.168.1.5/a.ics", Fault(Outcome.BLOCKED, "private"), "PLANNER_PRIVATE_FEEDS=1"),
]


async def test_what_cannot_be_read_is_not_linked_and_said_why(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        for url, found, expected in FAULTS:
            world.web[url] = found
            said = (await alice.say(url))[-1]
            assert said.startswith("🚫 This calendar is not linked.")
            assert expected in said
            assert SECRET not in said
            assert await urls(world) == []
        assert await world.query("SELECT id FROM syncs") == [], "trying an address is no sync"
        assert "Whose calendar is it" in (await alice.press("Where do I find the address?"))[-1]


async def test_one_whom_alice_has_invited_reads_no_settings(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.web["http://192.168.1.5/a.ics"] = Fault(Outcome.BLOCKED, "private")
        _, bob = await with_bob(world)
        said = (await bob.say("http://192.168.1.5/a.ics"))[-1]
        assert "private network" in said
        assert "PLANNER" not in said


async def test_an_address_is_tried_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.web[GOOGLE], world.web.takes_ms = WORK, 10 * SECOND
        alice = await begun(world)
        await alice.say(GOOGLE)
        assert (await alice.say(GOOGLE))[-1] == "I am looking at it already."
        assert "looking at it…" in (await alice.say("/calendars"))[-1]
        assert "Work is linked" in (await alice.read(10 * SECOND))[-1]
        assert (await alice.say(f"{GOOGLE}#again"))[-1] == "🟦 Work is linked already."
        assert "🟦 Work · 4 events" in (await alice.press("Open"))[-1]
        assert len(await urls(world)) == 1


async def test_one_calendar_more_than_can_be_linked_is_refused(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        for number in range(calendars.FEEDS_MAX):
            await linked.calendar(alice, f"calendar{number}")
        assert "20 calendars are linked" in (await alice.say(GOOGLE))[-1]
        assert GOOGLE not in await urls(world)


async def test_ones_own_published_address_is_not_linked(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begun(world)
        await act(alice, lambda tx, user: tx.published.put(user.id, "tokenOfAlice", clock.now()))
        said = (await alice.say("https://planner.example.org/tokenOfAlice/events.ics"))[-1]
        assert "your own events" in said
        assert await urls(world) == []


async def test_a_new_address_takes_the_place_of_one_that_fails(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await failing(world)
        before, events = await feed(world), await held(world)
        world.web[NEW] = WORK
        assert "Is this its new address?" in (await alice.say(NEW))[-1]
        said = await alice.press("Replace 🟦 Work")
        assert said[0] == "🔎 🟦 Work has its new address. Looking at it…"
        assert said[-1].startswith("✅ 🟦 Work is up to date")
        after = await feed(world)
        assert (after.id, after.name, after.mark, after.url) == (before.id, before.name, before.mark, NEW)
        assert await held(world) == events, "the events are the same, with their ids"
        assert world.web.asked(GOOGLE) > 0
        asked = world.web.asked(GOOGLE)
        await alice.read(DAY)
        assert world.web.asked(GOOGLE) == asked, "the old address is left alone"


async def test_a_new_address_may_be_another_calendars(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await failing(world)
        world.web[NEW] = calendar(event("9@x", "Choir", "20261125T180000Z"), name="Choir")
        await alice.say(NEW)
        assert "🟩 Choir is linked" in (await alice.press("It is another calendar"))[-1]
        assert await urls(world) == [GOOGLE, NEW]


async def test_another_providers_address_replaces_nothing(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await failing(world)
        world.web["https://example.org/team.ics"] = calendar(name="Team")
        assert "Team is linked" in (await alice.say("https://example.org/team.ics"))[-1]


async def test_what_was_asked_about_an_address_is_answered_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await failing(world)
        world.web[NEW] = WORK
        await alice.say(NEW)
        await alice.say("dentist tomorrow at 9:30")
        await alice.press("Replace 🟦 Work")
        assert await urls(world) == [GOOGLE], "the question was closed by then"
        assert "private-fedc" not in str(await world.query("SELECT * FROM users")), "and the address is forgotten"


async def test_an_address_that_answers_another_question_is_linked(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.web[GOOGLE] = WORK
        alice = await begun(world)
        await alice.say("buy milk")
        assert "Work is linked" in (await alice.say(GOOGLE))[-1]


async def test_in_a_group_only_who_runs_the_bot_links_calendars(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.web[GOOGLE] = WORK
        alice, bob = await family(world)
        assert "Only whoever runs me" in (await bob.say(f"/calendars{AT}"))[-1]
        assert "Only whoever runs me" in (await bob.answer(GOOGLE))[-1]
        await alice.say(f"/calendars{AT}")
        await alice.press("Link a calendar")
        assert "Only whoever runs me" in (await bob.answer(GOOGLE))[-1]
        assert await urls(world) == []
        assert "Work is linked" in (await alice.answer(GOOGLE))[-1]
        assert "🟦 Work" in (await alice.say(f"/calendars{AT}"))[-1]
        assert await world.query("SELECT user_id FROM feeds") == [{"user_id": -5}]


async def test_several_addresses_are_linked_one_by_one(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.web[GOOGLE], world.web[NEW] = WORK, calendar(name="Choir")
        alice = await begun(world)
        said = await alice.say(f"{GOOGLE}\n{NEW}")
        assert [text for text in said if text.startswith("🔎")] == ["🔎 Looking at calendar.google.com…"] * 2
        assert await urls(world) == [GOOGLE, NEW]
        assert {one.name for one in (await feed(world), await feed(world, 1))} == {"Work", "Choir"}


async def test_an_address_may_follow_the_command(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.web[GOOGLE] = world.web["http://dav.example/alice/home/"] = WORK
        alice, _ = await family(world)
        assert "Work is linked" in (await alice.say(f"/calendars{AT} {GOOGLE}"))[-1]
        assert "Work is linked" in (await world.person(ALICE).say("/calendars http://dav.example/alice/home/"))[-1]


async def test_a_calendar_that_only_stumbles_is_not_replaced(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.web[GOOGLE] = WORK
        alice = await begun(world)
        await alice.say(GOOGLE)
        world.web[GOOGLE] = Fault(Outcome.HTTP_ERROR, "503")
        await alice.read(20 * MINUTE)
        assert (await feed(world)).failures == 1
        world.web[NEW] = calendar(name="Choir")
        assert "Choir is linked" in (await alice.say(NEW))[-1]


async def test_a_stranger_links_nothing(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await begun(world)
        mallory = world.person(MALLORY)
        assert "somebody's own planner" in (await mallory.say(GOOGLE))[0]
        assert await urls(world) == []


async def test_no_address_is_written_to_a_log_or_said(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with a_world(tmp_path, clock) as world:
        alice = await failing(world)
        await alice.say("/calendars")
        await alice.press("🟦 Work")
        await alice.press("Report")
        await alice.say(GOOGLE)
        await alice.read(30 * MINUTE)
        said = [row for row in await alice.rows() if row["from"] == "bot"]
        assert SECRET not in str(said)
    assert SECRET not in caplog.text
