"""Questions and wishes about events that there are, ranges of days, and moves by so long."""

from __future__ import annotations

import pytest

from planner.when import asked, days_of, shift_of, understand
from tests.when.cases import now_at

NOW, ZONE = now_at("saturday")

LOOKS = {
    "en": {
        "what do I have today?": "11-21",
        "what's on my calendar tomorrow": "11-22",
        "am I free on friday afternoon": "11-27",
        "my plans for next week": "11-23 11-29",
        "show the week": "11-16 11-22",
        "show my agenda for december": "12-01 12-31",
        "do I have anything on monday?": "11-23",
        "any plans for tonight?": "11-21",
        "what are my plans for the next 3 days": "11-21 11-23",
        "what am I doing on 5 december": "12-05",
        "Hey, what's on friday?": "11-27",
        "free on monday?": "11-23",
        "what's next": "",
        "show my calendar": "",
    },
    "ru": {
        "что у меня завтра?": "11-22",
        "какие планы на пятницу": "11-27",
        "свободен ли я в среду": "11-25",
        "что у меня на следующей неделе": "11-23 11-29",
        "покажи неделю": "11-16 11-22",
        "мои планы на выходные": "11-21 11-22",
        "есть что-нибудь в понедельник?": "11-23",
        "что запланировано на 5 декабря": "12-05",
        "что у меня сегодня вечером": "11-21",
        "чем я занят в среду": "11-25",
        "какие у меня планы": "",
    },
}
NAMED = {
    "en": {
        "find dentist": ("find", "dentist", ""),
        "when is the dentist?": ("find", "dentist", ""),
        "what time is my dentist appointment?": ("find", "dentist appointment", ""),
        "show dentist": ("find", "dentist", ""),
        "find a plumber tomorrow 10:00": ("find", "plumber", "11-22"),
        "delete the dentist": ("delete", "dentist", ""),
        "can you delete the dentist please": ("delete", "dentist", ""),
        "cancel the meeting with Bob tomorrow": ("delete", "meeting with Bob", "11-22"),
        "cancel tomorrow's dentist": ("delete", "dentist", "11-22"),
        "cancel the 3pm meeting tomorrow": ("delete", "3pm meeting", "11-22"),
        "cancel subscription on friday": ("delete", "subscription", "11-27"),
        "delete it": ("delete", "", ""),
        "delete all events tomorrow": ("delete", "", "11-22"),
        "skip the gym tomorrow": ("skip", "gym", "11-22"),
        "done with dentist": ("done", "dentist", ""),
    },
    "ru": {
        "когда стоматолог?": ("find", "стоматолог", ""),
        "найди стоматолога": ("find", "стоматолога", ""),
        "удали стоматолога": ("delete", "стоматолога", ""),
        "отмени встречу с Петей": ("delete", "встречу с Петей", ""),
        "отмени завтрашнюю встречу": ("delete", "встречу", "11-22"),
        "отмени подписку в пятницу": ("delete", "подписку", "11-27"),
        "пропусти йогу в среду": ("skip", "йогу", "11-25"),
        "удали": ("delete", "", ""),
    },
}
CHANGES = {
    "en": {
        "move dentist to 11": ("dentist", "2026-11-21T11:00"),
        "reschedule the dentist to friday 15:00": ("dentist", "2026-11-27T15:00"),
        "move to friday 15:00": ("", "2026-11-27T15:00"),
        "move it to tomorrow": ("", "2026-11-22T00:00"),
        "move dentist from monday to friday": ("dentist", "2026-11-27T00:00"),
        "move the meeting with Bob to next tuesday at 5pm": ("meeting with Bob", "2026-11-24T17:00"),
        "move furniture saturday 28 november 10am": ("furniture", "2026-11-28T10:00"),
        "push standup by 30 minutes": ("standup", 1_800),
        "postpone the meeting an hour": ("meeting", 3_600),
        "bring the meeting forward by an hour": ("meeting", -3_600),
        "shift the call half an hour earlier": ("call", -1_800),
        "reschedule dentist": ("dentist", None),
    },
    "ru": {
        "перенеси стоматолога на завтра": ("стоматолога", "2026-11-22T00:00"),
        "перенеси на завтра": ("", "2026-11-22T00:00"),
        "перенеси на пятницу 15:00": ("", "2026-11-27T15:00"),
        "перенеси стоматолога на 11": ("стоматолога", "2026-11-21T11:00"),
        "перенеси его на пятницу 15:00": ("", "2026-11-27T15:00"),
        "перенеси стоматолога с понедельника на пятницу в 15:00": ("стоматолога", "2026-11-27T15:00"),
        "сдвинь встречу на час": ("встречу", 3_600),
        "сдвинь встречу на час раньше": ("встречу", -3_600),
        "отложи встречу на 30 минут": ("встречу", 1_800),
    },
}
NEW_EVENTS = {
    "en": (
        "dentist tomorrow at 9",
        "my week off next monday",
        "call mom",
        "what's the weather",
        "weekly review",
        "plan the year on the last day of the year",
        "check in at 5pm tomorrow",
        "open house 11am to 1pm tomorrow",
        "see you",
        "finish essay tuesday 8pm",
        "when: tuesday 10am",
        "cancel\nthe gym",
        "",
    ),
    "ru": (
        "стоматолог завтра в 9",
        "купить молоко",
        "позвони маме",
        "неделя моды в понедельник",
        "посмотреть серию завтра",
        "убрать ёлку 6 января",
        "",
    ),
}
RANGES = {
    "en": {
        "7.11-11.11": "2027-11-07 2027-11-11",
        "7.11 - 11.11.2027": "2027-11-07 2027-11-11",
        "15.11-30.11": "2026-11-15 2026-11-30",
        "2026-12-01..2026-12-05": "2026-12-01 2026-12-05",
        "11/7-11/11": "2027-11-07 2027-11-11",
        "25/12-27/12": "2026-12-25 2026-12-27",
        "next week": "2026-11-23 2026-11-29",
        "last week": "2026-11-09 2026-11-15",
        "this weekend": "2026-11-21 2026-11-22",
        "december": "2026-12-01 2026-12-31",
        "december 2027": "2027-12-01 2027-12-31",
        "from monday to thursday": "2026-11-23 2026-11-26",
        "the next 10 days": "2026-11-21 2026-11-30",
        "until the end of month": "2026-11-21 2026-11-30",
        "dec 20 - jan 5": "2026-12-20 2027-01-05",
        "7-11 december": "2026-12-07 2026-12-11",
        "friday": "2026-11-27 2026-11-27",
        "today": "2026-11-21 2026-11-21",
        "yesterday.": "2026-11-20 2026-11-20",
        "friday 5pm": None,
        "call mom": None,
        "31.02-5.03": None,
        "": None,
    },
    "ru": {
        "на следующей неделе": "2026-11-23 2026-11-29",
        "выходные": "2026-11-21 2026-11-22",
        "с 7 по 11 ноября": "2027-11-07 2027-11-11",
        "7.11-11.11": "2027-11-07 2027-11-11",
        "декабрь": "2026-12-01 2026-12-31",
        "ближайшие 3 дня": "2026-11-21 2026-11-23",
        "до конца месяца": "2026-11-21 2026-11-30",
        "с понедельника по четверг": "2026-11-23 2026-11-26",
        "завтра": "2026-11-22 2026-11-22",
        "в пятницу в 5": None,
        "молоко": None,
    },
}
SHIFTS = {
    "en": {
        "by 30 minutes": 1_800,
        "an hour later": 3_600,
        "30 min earlier": -1_800,
        "by a day": 86_400,
        "half an hour sooner": -1_800,
        "tomorrow": None,
        "to 11": None,
        "": None,
    },
    "ru": {
        "на час позже": 3_600,
        "на полчаса раньше": -1_800,
        "на 30 минут": 1_800,
        "на день позже": 86_400,
        "завтра": None,
    },
}


def flat(table: dict[str, dict[str, object]]) -> list[tuple[str, str, object]]:
    return [(lang, text, wanted) for lang, said in table.items() for text, wanted in said.items()]


def days(found: object) -> str:
    return " ".join(dict.fromkeys(f"{day:%m-%d}" for day in found)) if isinstance(found, tuple) else ""


@pytest.mark.parametrize(("lang", "text", "on"), flat(LOOKS))  # type: ignore[arg-type]  # one shape for all tables
def test_a_question_about_days_is_a_look(lang: str, text: str, on: str) -> None:
    found = asked(text, now=NOW, zone=ZONE, lang=lang)
    assert found is not None
    assert (found.kind, found.about, days(found.days)) == ("look", "", on)


@pytest.mark.parametrize(("lang", "text", "wanted"), flat(NAMED))  # type: ignore[arg-type]
def test_what_is_found_deleted_or_skipped_is_named(lang: str, text: str, wanted: tuple[str, str, str]) -> None:
    found = asked(text, now=NOW, zone=ZONE, lang=lang)
    assert found is not None
    assert (found.kind, found.about, days(found.days)) == wanted


@pytest.mark.parametrize(("lang", "text", "wanted"), flat(CHANGES))  # type: ignore[arg-type]
def test_a_change_says_what_and_to_when(lang: str, text: str, wanted: tuple[str, str | int | None]) -> None:
    found = asked(text, now=NOW, zone=ZONE, lang=lang)
    assert found is not None
    assert (found.kind, found.about) == ("change", wanted[0])
    if wanted[1] is None:
        assert not found.phrase_text
    elif isinstance(wanted[1], int):
        assert shift_of(found.phrase_text, lang=lang) == wanted[1]
    else:
        when = understand(found.phrase_text, now=NOW, zone=ZONE, lang=lang)
        assert (when.title, f"{when.start:%Y-%m-%dT%H:%M}") == ("", wanted[1])


@pytest.mark.parametrize(("lang", "text"), [(lang, text) for lang, texts in NEW_EVENTS.items() for text in texts])
def test_a_new_event_is_no_request(lang: str, text: str) -> None:
    assert asked(text, now=NOW, zone=ZONE, lang=lang) is None


@pytest.mark.parametrize(("lang", "text", "wanted"), flat(RANGES))  # type: ignore[arg-type]
def test_a_range_of_days_is_its_first_and_last(lang: str, text: str, wanted: str | None) -> None:
    found = days_of(text, now=NOW, zone=ZONE, lang=lang)
    assert (found and " ".join(map(str, found))) == wanted


@pytest.mark.parametrize(("lang", "text", "seconds"), flat(SHIFTS))  # type: ignore[arg-type]
def test_a_shift_is_so_many_seconds(lang: str, text: str, seconds: int | None) -> None:
    assert shift_of(text, lang=lang) == seconds


def test_both_languages_are_understood_whichever_is_preferred() -> None:
    assert asked("что у меня завтра?", now=NOW, zone=ZONE, lang="en") == asked(
        "what do I have tomorrow", now=NOW, zone=ZONE, lang="ru"
    )
    assert days_of("next week", now=NOW, zone=ZONE, lang="ru") == days_of(
        "следующая неделя", now=NOW, zone=ZONE, lang="en"
    )
