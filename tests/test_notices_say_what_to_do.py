"""Whatever becomes of a linked calendar is said in its user's words: what is wrong, what to do, and no secret."""

from __future__ import annotations

import re
from itertools import product

import pytest

from planner import advice, guides, notices
from planner.i18n import LANGS, words
from planner.model import DAY, HOUR, Event, Feed, Occurrence, Outcome, User
from planner.notices import Told
from planner.providers import Link, Provider, Wrong
from planner.render import MAX_UNITS, Message
from planner.store.syncs import Sync
from tests.virtual import START

SECRET = "s3cretT0ken"
ADDRESSES = {
    "google": f"https://calendar.google.com/calendar/ical/alice%40example.org/private-{SECRET}/basic.ics",
    "google, public": f"https://calendar.google.com/calendar/ical/{SECRET}/public/basic.ics",
    "outlook": f"https://outlook.live.com/owa/calendar/{SECRET}/x/calendar.ics",
    "icloud": f"https://p52-caldav.icloud.com/published/2/{SECRET}",
    "yandex": f"https://calendar.yandex.ru/export/ics.xml?private_token={SECRET}",
    "nextcloud": f"https://cloud.example.org/remote.php/dav/public-calendars/{SECRET}?export",
    "other": f"https://alice:{SECRET}@example.org:8443/{SECRET}.ics?key={SECRET}",
}
FAULTS = {
    Outcome.HTTP_ERROR: ("400", "401", "403", "404", "406", "410", "418", "429", "500", "502", "503", "504"),
    Outcome.TIMEOUT: ("timeout",),
    Outcome.NETWORK: ("dns", "refused", "tls", "lost", "elsewhere"),
    Outcome.TOO_LARGE: ("too_large",),
    Outcome.INVALID: (
        "empty",
        "html",
        "other",
        "cut",
        "too_many",
        "heavy",
        "packed",
        "crash",
        "ours",
        "storage",
        "of another kind",
        "",
    ),
    Outcome.BLOCKED: ("private", "scheme", "redirects", "address", "link_local", "elsewhere_private"),
}
CASES = [(outcome, code) for outcome, codes in FAULTS.items() for code in codes]
ALICE = User(1, 1, "Alice", "en", "UTC", False, None, (), None, False)


def feed(url: str = ADDRESSES["google"], **given: object) -> Feed:
    fields: dict[str, object] = {
        "id": 7, "user_id": 1, "url": url, "name": "Work", "renamed": False, "mark": "🟦", "linked_at": START,
        "leads_s": None, "alarms": False, "muted": False, "in_plan": True, "tell_days": 2, "every_min": 15,
        "next_at": START, "asked_at": None, "ok_at": START, "failures": 1, "outcome": None, "fault": "",
        "told_at": None,
    }  # fmt: skip
    return Feed(**{**fields, **given})  # type: ignore[arg-type]  # a test's fields


def text(message: Message) -> str:
    assert message.text.units <= MAX_UNITS
    said = message.text.text
    assert SECRET not in said
    assert "{" not in said
    assert SECRET not in "".join(button.data + button.text for row in message.buttons for button in row)
    return said


def in_russian(said: str, *names: str) -> bool:
    """Whether a text is Russian but for names, addresses and settings."""
    for name in names:
        said = said.replace(name, "")
    return bool(re.search("[а-яё]", said)) and not re.search(r"\b(the|this|address|calendar|send|look)\b", said)


@pytest.mark.parametrize("whose", ADDRESSES)
@pytest.mark.parametrize(("outcome", "code"), CASES)
def test_every_fault_of_every_provider_says_what_is_wrong_and_what_to_do(
    whose: str, outcome: Outcome, code: str
) -> None:
    url = ADDRESSES[whose]
    for linked, owns in product((False, True), (False, True)):
        english, russian = (
            advice.of_sync(words(lang), url, outcome, code, linked=linked, owns=owns) for lang in ("en", "ru")
        )
        for said in (english, russian):
            assert said.what.text.endswith((".", "?"))
            assert said.todo.text.endswith((".", "…"))
            assert SECRET not in said.both.text
            assert "alice" not in said.both.text
        assert english.what.text != russian.what.text
        assert english.todo.text != russian.todo.text
        assert in_russian(russian.both.text, "calendar.yandex.ru", "calendar.google.com")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("provider", "wrong"), list(product(Provider, Wrong)))
def test_every_link_that_is_no_calendar_is_explained(lang: str, provider: Provider, wrong: Wrong) -> None:
    said = advice.of_link(words(lang), Link(f"https://example.org/{SECRET}", provider, sure=True, wrong=wrong))
    assert said.what.text
    assert said.todo.text
    assert SECRET not in said.both.text


@pytest.mark.parametrize(
    ("whose", "code", "linked", "expected"),
    [
        ("google", "404", True, "Make a new secret address in Settings and send it here"),
        ("google", "404", False, "Integrate calendar"),
        ("google, public", "404", False, "Take its secret address instead"),
        ("google, public", "404", True, "Take its secret address instead"),
        ("google, public", "403", False, "Take its secret address instead"),
        ("outlook", "404", False, "ICS link"),
        ("icloud", "410", True, "Public Calendar"),
        ("yandex", "403", True, "iCal link"),
        ("nextcloud", "404", True, "Share the calendar by a link"),
        ("nextcloud", "401", False, "https://name:password@cloud.example.org/…"),
        ("other", "401", True, "https://name:password@example.org/…"),
        ("other", "html", False, "“ICS”"),
        ("other", "crash", False, "tell whoever runs this bot"),
        ("other", "ours", True, "tell whoever runs this bot"),
        ("other", "503", True, "passes by itself"),
        ("other", "503", False, "in a few minutes"),
        ("other", "dns", False, "Look whether the address is right"),
        ("nextcloud", "dns", False, "Look whether the address is right"),
        (
            "google",
            "dns",
            False,
            "Perhaps I have no connection right now: send the address once more in a few minutes.",
        ),
        ("icloud", "refused", False, "Perhaps I have no connection right now"),
        ("google", "dns", True, "You need not do anything"),
        ("other", "heavy", False, "repeated"),
    ],
)
def test_the_next_step_is_that_providers(whose: str, code: str, linked: bool, expected: str) -> None:
    said = advice.of_sync(words("en"), ADDRESSES[whose], Outcome.HTTP_ERROR, code, linked=linked)
    assert expected in said.todo.text


@pytest.mark.parametrize(
    ("outcome", "code", "setting"),
    [
        (Outcome.BLOCKED, "private", "PLANNER_PRIVATE_FEEDS=1"),
        (Outcome.BLOCKED, "elsewhere_private", "PLANNER_PRIVATE_FEEDS=1"),
        (Outcome.TOO_LARGE, "too_large", "PLANNER_FEED_MAX_MB"),
        (Outcome.INVALID, "too_many", "PLANNER_FEED_MAX_EVENTS"),
    ],
)
@pytest.mark.parametrize("lang", LANGS)
def test_settings_are_named_only_to_whoever_can_change_them(
    lang: str, outcome: Outcome, code: str, setting: str
) -> None:
    theirs, others = (
        notices.not_linked(words(lang), ADDRESSES["other"], code, outcome, owns=owns) for owns in (True, False)
    )
    assert setting in text(theirs)
    assert "PLANNER" not in text(others)


@pytest.mark.parametrize("code", ["link_local", "elsewhere", "address"])
def test_what_no_setting_allows_names_no_setting_and_no_server_that_is_well(code: str) -> None:
    said = advice.of_sync(words("en"), ADDRESSES["other"], Outcome.BLOCKED, code, linked=False, owns=True).both.text
    assert "PLANNER" not in said
    assert "cannot find the server" not in said


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("outcome", "code"), CASES)
def test_a_failing_calendar_is_told_whole(lang: str, outcome: Outcome, code: str) -> None:
    message = notices.failing(words(lang), feed(outcome=outcome, fault=code))
    assert len(text(message).splitlines()) == 4
    assert "🟦 Work" in text(message)
    assert [button.data for row in message.buttons for button in row] == ["sync:7", "calendar:7"]
    refused = notices.not_linked(words(lang), ADDRESSES["outlook"], code, outcome)
    assert refused.buttons[0][0].data == "link:how"
    assert len(text(refused).splitlines()) == 3


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("provider", Provider)
def test_where_to_find_an_address_takes_a_few_lines(lang: str, provider: Provider) -> None:
    said = guides.guide(words(lang), provider).text
    assert 2 <= len(said.splitlines()) <= 3
    assert guides.name(words(lang), provider)
    if lang == "ru":
        assert in_russian(said, "calendar.google.com", "calendar.yandex.ru")


def occurrence(title: str, start: int, *, all_day: bool = False) -> Occurrence:
    return Occurrence(Event(1, 1, title, "2026-11-22T10:00:00", start, 0, all_day, None, None, False, None), start)


def test_what_was_linked_is_proved_by_what_is_next() -> None:
    coming = [occurrence("Standup", START + DAY), occurrence("Holiday", START + 38 * HOUR, all_day=True)]
    said = text(notices.linked(words("en"), ALICE, feed(), 45, coming, 2, START, [("Odd", "start"), ("", "rule")]))
    assert said.splitlines() == [
        "🟦 Work is linked: 45 events.",
        "Next in it:",
        "• Standup, tomorrow at 10:00",
        "• Holiday, Mon 23 Nov, all day",
        "2 events could not be read, or not in full; the others are there.",
        "• Odd: left out, because its start cannot be read",
        "• (no title): I cannot follow how it repeats, so only the dates that it names are here",
        "I look at it every 15 minutes and remind you as your /settings say. Its events are changed over there.",
    ]


def test_an_empty_calendar_is_linked_too() -> None:
    said = text(notices.linked(words("en"), ALICE, feed(name=""), 0, [], 0, START))
    assert said.startswith("🟦 calendar.google.com is linked: 0 events.\nNothing is to come in it")


def sync(**given: object) -> Sync:
    fields: dict[str, object] = {
        "feed_id": 7, "user_id": 1, "started_at": START, "took_ms": 5, "outcome": Outcome.OK,
    }  # fmt: skip
    return Sync(**{**fields, **given})  # type: ignore[arg-type]  # a test's fields


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ({"outcome": Outcome.NOT_MODIFIED}, "✅ 🟦 Work is up to date: nothing has changed."),
        ({"added": 2, "changed": 1, "gone": 3}, "✅ 🟦 Work is up to date: 2 new, 1 changed, 3 gone."),
        ({"gone": 1}, "✅ 🟦 Work is up to date: 1 gone."),
        ({"fault": "emptied"}, "🤔 🟦 Work is empty all of a sudden."),
    ],
)
def test_a_sync_that_was_asked_for_is_answered(came: dict[str, object], expected: str) -> None:
    one = sync(**came)
    said = text(notices.synced(words("en"), feed(outcome=one.outcome, fault=one.fault), one))
    assert said.startswith(expected)


def test_many_unreadable_events_are_named_in_part_and_counted() -> None:
    report = tuple((f"Odd {n}", "event") for n in range(20))
    said = text(notices.synced(words("en"), feed(), sync(skipped=400, report=report))).splitlines()
    assert said[1] == "400 events could not be read, or not in full; the others are there."
    assert said[2:] == [*(f"• Odd {n}: left out, because it is damaged" for n in range(5)), "and 395 more"]


@pytest.mark.parametrize("code", ["start", "recurrence", "event", "time", "end", "rule", "too_often", "zone"])
def test_why_an_event_cannot_be_read_is_said_in_words(code: str) -> None:
    english, russian = (notices.why_unread(words(lang), code) for lang in ("en", "ru"))
    assert code == "event" or english != notices.why_unread(words("en"), "event")
    assert in_russian(russian)


def told(*given: Told) -> list[str]:
    return text(notices.changes(words("en"), ALICE, feed(), given, START)).splitlines()


def test_changes_are_told_in_one_message() -> None:
    assert told(
        Told("Standup", START, START + HOUR),
        Told("Review", START + 2 * HOUR, START + DAY),
        Told("Lunch", START + 3 * HOUR, None),
        Told("Retro", None, START + 4 * HOUR),
        Told("Holiday", START + DAY, START + 2 * DAY, was_all_day=True, now_all_day=True),
        Told("Trip", START + DAY - 10 * HOUR, START + DAY, was_all_day=True),
        Told("Trip", START + DAY, START + DAY - 10 * HOUR, now_all_day=True),
        Told("  ", START + DAY, None, was_all_day=True),
    ) == [
        "🟦 Work has changed:",
        "• Standup moved from 10:00 to 11:00, today",
        "• Review moved: today at 12:00 → tomorrow at 10:00",
        "• Lunch is cancelled: today at 13:00",
        "• Retro is new: today at 14:00",
        "• Holiday moved: tomorrow, all day → Mon 23 Nov, all day",
        "• Trip moved: tomorrow, all day → tomorrow at 10:00",
        "• Trip moved: tomorrow at 10:00 → tomorrow, all day",
        "• (no title) is cancelled: tomorrow, all day",
    ]


def test_what_happens_alike_day_after_day_is_told_once() -> None:
    days = [Told("Standup", START + day * DAY, START + day * DAY + HOUR) for day in range(3)]
    assert told(*days, Told("Standup", START + 3 * DAY, START + 3 * DAY + 2 * HOUR))[1:] == [
        "• Standup moved from 10:00 to 11:00, today, and 2 more times",
        "• Standup moved from 10:00 to 12:00, Tue 24 Nov",
    ]


def test_very_many_changes_fit_into_one_message() -> None:
    lines = told(*(Told(f"{n} {'x' * 300}", START, START + HOUR) for n in range(1_000)))
    assert lines[-1].startswith("and ")
    assert len(lines) == notices.TOLD + 2


def test_a_name_is_only_a_name() -> None:
    said = notices.working(words("en"), feed(name="<b>*Work*</b>\n{0}"))
    assert said.text.text == "✅ 🟦 <b>*Work*</b> {0} is up to date again."
