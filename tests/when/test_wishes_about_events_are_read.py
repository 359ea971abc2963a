"""Ending a series, taking back, marking as done, reminders and lengths of events; all of them; where and how long."""

from __future__ import annotations

import pytest

from planner.when import asked, length_of, understand, until_of, whole_day
from tests.when.cases import now_at

NOW, ZONE = now_at("saturday")

WISHES = {
    "en": {
        "stop gym": ("end", "gym", "", ""),
        "end the gym please": ("end", "gym", "", ""),
        "undo": ("undo", "", "", ""),
        "undo that": ("undo", "", "", ""),
        "undo the last change": ("undo", "", "", ""),
        "cancel the last change": ("undo", "", "", ""),
        "restore the dentist": ("undo", "dentist", "", ""),
        "mark dentist as done": ("done", "dentist", "", ""),
        "dentist is done": ("done", "dentist", "", ""),
        "gym is cancelled": ("delete", "gym", "", ""),
        "tomorrow's gym is cancelled": ("delete", "gym", "11-22", ""),
        "yoga has been called off on monday": ("delete", "yoga", "11-23", ""),
        "dentist moved to 16:00": ("change", "dentist", "", "to 16:00"),
        "the dentist was moved to friday": ("change", "dentist", "", "to friday"),
        "move gym on 7 december to 8 december": ("change", "gym", "12-07", "to 8 december"),
        "move gym from monday to tuesday": ("change", "gym", "11-23", "to tuesday"),
        "move gym on friday at 5": ("change", "gym", "", "on friday at 5"),
        "reschedule tomorrow's dentist to friday": ("change", "dentist", "11-22", "to friday"),
        "remind me about dentist 2 hours before": ("change", "dentist", "", "2 hours before"),
        "change dentist reminder to 1 hour": ("change", "dentist", "", "1 hour before"),
        "change reminder of dentist to 2 hours before": ("change", "dentist", "", "2 hours before"),
        "set the dentist reminder to 30 min": ("change", "dentist", "", "30 min before"),
        "make dentist 2 hours long": ("change", "dentist", "", "for 2 hours"),
        "shorten dentist to 30 minutes": ("change", "dentist", "", "for 30 minutes"),
        "add place Main st to dentist": ("place", "dentist", "", "Main st"),
        "how many events do I have tomorrow?": ("look", "", "11-22", ""),
        "how many meetings are there next week": ("look", "", "11-23 11-29", ""),
        "find meetings": ("look", "", "", ""),
        "find events on monday": ("look", "", "11-23", ""),
    },
    "ru": {
        "заверши зал": ("end", "зал", "", ""),
        "прекрати зал": ("end", "зал", "", ""),
        "верни": ("undo", "", "", ""),
        "верни как было": ("undo", "", "", ""),
        "верни врача": ("undo", "врача", "", ""),
        "отмени последнее": ("undo", "", "", ""),
        "отмени последнее событие": ("delete", "", "", ""),
        "отметь врача выполненным": ("done", "врача", "", ""),
        "врач готово": ("done", "врач", "", ""),
        "врач сделано": ("done", "врач", "", ""),
        "йога отменяется": ("delete", "йога", "", ""),
        "йога завтра отменяется": ("delete", "йога", "11-22", ""),
        "врача удали": ("delete", "врача", "", ""),
        "встречу завтра отмени": ("delete", "встречу", "11-22", ""),
        "врача перенесли на 16:00": ("change", "врача", "", "на 16:00"),
        "встреча перенесена на пятницу": ("change", "встреча", "", "на пятницу"),
        "зал перенеси на завтра": ("change", "зал", "", "на завтра"),
        "зал 7 декабря перенеси на 8 декабря": ("change", "зал", "12-07", "на 8 декабря"),
        "перенеси зал 7 декабря на 8 декабря": ("change", "зал", "12-07", "на 8 декабря"),
        "перенеси зал с понедельника на вторник": ("change", "зал", "11-23", "на вторник"),
        "напомни о враче за 2 часа": ("change", "враче", "", "2 часа заранее"),
        "измени напоминание о враче на 1 час": ("change", "враче", "", "1 час заранее"),
        "сократи врача до 30 минут": ("change", "врача", "", "длительностью 30 минут"),
        "сделай врача длиной 2 часа": ("change", "врача", "", "длительностью 2 часа"),
        "сколько у меня дел завтра?": ("look", "", "11-22", ""),
        "сколько встреч на этой неделе": ("look", "", "11-16 11-22", ""),
    },
}
OF_ALL = {
    "en": {
        "delete everything": ("delete", "", ""),
        "delete all": ("delete", "", ""),
        "cancel all my events tomorrow": ("delete", "11-22", ""),
        "cancel everything on friday": ("delete", "11-27", ""),
        "move everything tomorrow to monday": ("change", "11-22", "to monday"),
    },
    "ru": {
        "удали всё": ("delete", "", ""),
        "удали все события завтра": ("delete", "11-22", ""),
        "перенеси всё завтра на понедельник": ("change", "11-22", "на понедельник"),
        "перенеси всё с завтра на послезавтра": ("change", "11-22", "на послезавтра"),
    },
}
NO_WISHES = {
    "en": (
        "end of the month report friday",
        "stop",
        "call mom is at 5pm",
        "remind me about dentist tomorrow at 5pm 2 hours before",
    ),
    "ru": ("напомни о встрече завтра в 15:00 за 2 часа", "напомни о враче завтра"),
}
LEADS = {"2 hours before": 7_200, "30 min before": 1_800, "2 часа заранее": 7_200, "1 час заранее": 3_600}
LENGTHS = {
    "en": {
        "for 2 hours": 7_200,
        "2 hours long": 7_200,
        "2 hours": 7_200,
        "1h30": 5_400,
        "for 3 days": 259_200,
        "shorten to 30 minutes": 1_800,
        "make it 2 hours long": 7_200,
        "2 pm": None,
        "to 16:00": None,
        "": None,
    },
    "ru": {
        "на 2 часа": 7_200,
        "2 часа длиной": 7_200,
        "длительностью полтора часа": 5_400,
        "сократи до 30 минут": 1_800,
        "на 3 дня": 259_200,
        "в 2 часа дня": None,
    },
}
ENDS = {
    "en": {
        "until 12:00": "12:00",
        "ends at 12:30": "12:30",
        "to end at 5": "5",
        "until 5 January": "5 January",
        "to friday": None,
        "until": None,
    },
    "ru": {"до 12:00": "12:00", "закончится в 12": "12", "до 5 января": "5 января", "на 12": None},
}


def flat(table: dict[str, dict[str, object]]) -> list[tuple[str, str, object]]:
    return [(lang, text, wanted) for lang, said in table.items() for text, wanted in said.items()]


def days(found: object) -> str:
    return " ".join(dict.fromkeys(f"{day:%m-%d}" for day in found)) if isinstance(found, tuple) else ""


@pytest.mark.parametrize(("lang", "text", "wanted"), flat(WISHES))  # type: ignore[arg-type]  # one shape for all tables
def test_a_wish_says_what_is_to_become_of_which_event(lang: str, text: str, wanted: tuple[str, str, str, str]) -> None:
    found = asked(text, now=NOW, zone=ZONE, lang=lang)
    assert found is not None
    assert (found.kind, found.about, days(found.days), found.phrase_text) == wanted
    assert not found.all


@pytest.mark.parametrize(("lang", "text", "wanted"), flat(OF_ALL))  # type: ignore[arg-type]
def test_a_wish_may_mean_all_events(lang: str, text: str, wanted: tuple[str, str, str]) -> None:
    found = asked(text, now=NOW, zone=ZONE, lang=lang)
    assert found is not None
    assert (found.kind, days(found.days), found.phrase_text, found.about, found.all) == (*wanted, "", True)


@pytest.mark.parametrize(("lang", "text"), [(lang, text) for lang, texts in NO_WISHES.items() for text in texts])
def test_what_only_sounds_like_a_wish_is_none(lang: str, text: str) -> None:
    assert asked(text, now=NOW, zone=ZONE, lang=lang) is None


@pytest.mark.parametrize(("said", "seconds"), LEADS.items())
def test_how_long_before_to_remind_is_understood(said: str, seconds: int) -> None:
    assert understand(said, now=NOW, zone=ZONE, lang="en").leads_s == (seconds,)


@pytest.mark.parametrize(("lang", "text", "seconds"), flat(LENGTHS))  # type: ignore[arg-type]
def test_a_new_length_is_so_many_seconds(lang: str, text: str, seconds: int | None) -> None:
    assert length_of(text, lang=lang) == seconds


@pytest.mark.parametrize(("lang", "text", "rest"), flat(ENDS))  # type: ignore[arg-type]
def test_a_new_end_is_what_follows_until(lang: str, text: str, rest: str | None) -> None:
    assert until_of(text, lang=lang) == rest


def test_the_whole_day_is_said_and_nothing_else() -> None:
    assert all(whole_day(text, lang="en") for text in ("all day", "all-day", "the whole day", "make it all day"))
    assert all(whole_day(text, lang="ru") for text in ("весь день", "на весь день", "целый день"))
    assert not any(whole_day(text, lang="en") for text in ("dentist all day", "day", "until friday", ""))
