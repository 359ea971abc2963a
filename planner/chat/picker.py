"""Picking a day, an hour and a minute by button, for the question that is open: a new event's, or a change's.

What was picked so far stands in the question itself, so that typing goes on answering it.
"""

from __future__ import annotations

import re
from calendar import monthcalendar, monthrange
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from planner import due, scopes, service
from planner.chat import add, card, drafts, scope
from planner.chat.talk import StaleError, Talk
from planner.messages import named
from planner.model import DAY, SECOND, Event
from planner.recur import local_instant
from planner.render import Button, Message, Text, say
from planner.render.names import months_alone
from planner.render.times import months, weekdays_short
from planner.when import time_of_day

HOURS_IN_ROW = 6
MINUTES_STEP = 5
MINUTES_IN_ROW = 4
YEARS_AHEAD = 10

_BLANK = "·"


def open_(talk: Talk, number: str) -> None:
    """The button that shows the month."""
    _question(talk, number)
    month(talk, due.day_of(talk.now, talk.user.zone))


def month(talk: Talk, shown: date) -> None:
    """A month to tap on, under the question that is open; a number that is typed is then a day of it."""
    question = {**talk.tx.users.asked(talk.user.id), "month": f"{shown:%Y-%m}"}
    question.pop("day", None)
    talk.tx.users.ask(talk.user.id, question)
    number, today = question["number"], due.day_of(talk.now, talk.user.zone)
    head = tuple(Button(name, f"pick:{number}:none") for name in weekdays_short(talk.words))
    weeks = tuple(
        tuple(_day(number, shown.replace(day=day), today) if day else _none(number) for day in week)
        for week in monthcalendar(shown.year, shown.month)
        if shown.replace(day=max(week)) >= today
    )
    before, after = shown.replace(day=1) - timedelta(days=1), shown.replace(day=28) + timedelta(days=7)
    year = "" if shown.year == today.year else f" {shown.year}"
    name = months_alone(talk.words)[shown.month - 1] + year
    turn = (
        Button("◀", f"pick:{number}:month:{before:%Y-%m}") if before >= today.replace(day=1) else _none(number),
        Button(name, f"pick:{number}:none"),
        Button("▶", f"pick:{number}:month:{after:%Y-%m}"),
    )
    talk.show(Message(_text(talk, question, talk.words.t("Which day? Press one, or write it.")),
                      (turn, head, *weeks, _never_mind(talk, number))))  # fmt: skip


def _none(number: object) -> Button:
    return Button(_BLANK, f"pick:{number}:none")


def _day(number: object, day: date, today: date) -> Button:
    if day < today:
        return _none(number)
    label = f"[{day.day}]" if day == today else str(day.day)
    return Button(label, f"pick:{number}:day:{day.isoformat()}")


def _never_mind(talk: Talk, number: object) -> tuple[Button, ...]:
    return (Button(talk.words.t("Never mind"), f"nothing:{number}"),)


def _text(talk: Talk, question: Mapping[str, object], ask: str) -> Text:
    title = named(_title(talk, question))
    return say(talk.words, "{title}: {question}", title=title, question=ask)


def _title(talk: Talk, question: Mapping[str, object]) -> str:
    if "event" not in question:
        return str(question["title"])
    event, _ = card.mine(talk, int(str(question["event"])), str(question["start_at"]))
    return event.title


def press(talk: Talk, number: str, what: str, value: str = "") -> None:
    """A day, an hour, a minute was picked, or another month is wanted."""
    question = _question(talk, number)
    match what:
        case "none":
            return
        case "month":
            month(talk, _month(talk, value))
        case "day":
            _keep(talk, question, day=_future(talk, value).isoformat(), hour=None)
        case "hour" if "day" in question and 0 <= int(value) < 24:
            _keep(talk, question, hour=int(value))
        case "allday" if "day" in question:
            _finish(talk, question, None)
        case "minute" if isinstance(question.get("hour"), int) and 0 <= int(value) < 60:
            _finish(talk, question, int(str(question["hour"])) * 60 + int(value))
        case _:
            raise ValueError("no such choice")


def _question(talk: Talk, number: str) -> dict[str, object]:
    question = talk.tx.users.asked(talk.user.id)
    if question.get("number") != int(number) or question.get("what") not in ("time", "change"):
        raise StaleError("that question is closed")
    return question


def _month(talk: Talk, value: str) -> date:
    shown, today = date.fromisoformat(f"{value}-01"), due.day_of(talk.now, talk.user.zone)
    return min(max(shown, today.replace(day=1)), today.replace(year=today.year + YEARS_AHEAD, day=1))


def _future(talk: Talk, value: str) -> date:
    day, today = date.fromisoformat(value), due.day_of(talk.now, talk.user.zone)
    if not today <= day <= today + timedelta(days=366 * YEARS_AHEAD):
        raise StaleError("no such day")
    return day


def _keep(talk: Talk, question: dict[str, object], **picked: object) -> None:
    question = {**question, **picked}
    talk.tx.users.ask(talk.user.id, question)
    talk.show(_minutes(talk, question) if isinstance(question.get("hour"), int) else _hours(talk, question))


def _hours(talk: Talk, question: Mapping[str, object]) -> Message:
    number = question["number"]
    hours = [Button(f"{hour:02}", f"pick:{number}:hour:{hour}") for hour in range(24)]
    rows = [tuple(hours[place : place + HOURS_IN_ROW]) for place in range(0, 24, HOURS_IN_ROW)]
    day = date.fromisoformat(str(question["day"]))
    back = Button(talk.words.t("Another day"), f"pick:{number}:month:{day:%Y-%m}")
    all_day = Button(talk.words.t("All day"), f"pick:{number}:allday")
    ask = talk.words.t("{day}: at what hour? Press one, or write the time.", day=_said(talk, day))
    return Message(_text(talk, question, ask), (*rows, (all_day, back), _never_mind(talk, number)))


def _minutes(talk: Talk, question: Mapping[str, object]) -> Message:
    number, hour = question["number"], int(str(question["hour"]))
    minutes = [
        Button(f"{hour:02}:{minute:02}", f"pick:{number}:minute:{minute}") for minute in range(0, 60, MINUTES_STEP)
    ]
    rows = [tuple(minutes[place : place + MINUTES_IN_ROW]) for place in range(0, len(minutes), MINUTES_IN_ROW)]
    day = date.fromisoformat(str(question["day"]))
    back = Button(talk.words.t("Another hour"), f"pick:{number}:day:{day.isoformat()}")
    ask = talk.words.t("{day}: at what time? Press one, or write it.", day=_said(talk, day))
    return Message(_text(talk, question, ask), (*rows, (back,), _never_mind(talk, number)))


def _said(talk: Talk, day: date) -> str:
    weekday, month = weekdays_short(talk.words)[day.weekday()], months(talk.words)[day.month - 1]
    return talk.words.t("{weekday} {day} {month}", weekday=weekday, day=day.day, month=month)


def answered(talk: Talk, question: Mapping[str, object]) -> bool:
    """Whether the message is what was still to be picked: the day's number, or the time of day."""
    if "day" in question:
        minute = time_of_day(talk.text, lang=talk.user.lang)
        if minute is not None:
            _finish(talk, question, minute)
        return minute is not None
    day = _numbered(talk, question)
    if day is not None:
        _keep(talk, dict(question), day=day.isoformat(), hour=None)
    return day is not None


def _numbered(talk: Talk, question: Mapping[str, object]) -> date | None:
    """The day of the month shown, or of the first after it, that has the number which was typed and is not over."""
    text = talk.text.strip().rstrip(".")
    if "month" not in question or not re.fullmatch(r"[1-9]|[12][0-9]|3[01]", text):
        return None
    first, today = _month(talk, str(question["month"])), due.day_of(talk.now, talk.user.zone)
    while int(text) > monthrange(first.year, first.month)[1] or first.replace(day=int(text)) < today:
        first = (first.replace(day=28) + timedelta(days=7)).replace(day=1)
    return first.replace(day=int(text))


def _finish(talk: Talk, question: Mapping[str, object], minute: int | None) -> None:
    """All is picked: ``minute`` of the day, or all of it. A time that is over is said, and asked for anew."""
    local = f"{question['day']}T{(minute or 0) // 60:02}:{(minute or 0) % 60:02}:00"
    event, at = _about(talk, question)
    zone = talk.user.zone if event is None else service.zone_of(event, talk.user)
    if minute is not None and local_instant(local, zone) < talk.now:
        over = talk.words.t("That time is over. Write one that is still to come.")
        talk.toast(over, alert=True)
        if talk.update.callback_id is None:
            talk.say(over)
        return
    talk.tx.users.ask(talk.user.id, None)
    if event is None:
        add.keep(talk, add.noted(_at(drafts.blank(talk), local, zone, minute), question))
        return
    view = scopes.occurrence(event, card.local_start(talk, event, at), zone)
    scope.settle(talk, event, at, _at(view, local, zone, minute))


def _about(talk: Talk, question: Mapping[str, object]) -> tuple[Event | None, int]:
    if "event" not in question:
        return None, 0
    return card.mine(talk, int(str(question["event"])), str(question["start_at"]))


def _at(view: Event, local: str, zone: str, minute: int | None) -> Event:
    """An event at a picked time; all of a day where ``minute`` is ``None``."""
    all_day = minute is None
    length = view.duration_s if all_day == view.all_day and view.duration_s else (DAY // SECOND if all_day else 0)
    return replace(view, start_local=local, start_at=local_instant(local, zone), all_day=all_day, duration_s=length,
                   instant=False)  # fmt: skip
