"""The buttons under a reminder: done, and later."""

from __future__ import annotations

from datetime import timedelta

from planner import due, service
from planner.chat.talk import Talk
from planner.model import DAY, MINUTE
from planner.render import Message, Text, bold, cut, join, plain, when
from planner.store.reminders import Owed

SNOOZE_MAX_MIN = 7 * DAY // MINUTE
MORNING_MINUTE = 9 * 60
"""Tomorrow is at the event's own time of day, or in the morning for an all-day event."""


def done(talk: Talk, reminder_id: str) -> None:
    """Done: nothing more comes for this occurrence, and the message says so."""
    owed = _mine(talk, reminder_id)
    service.done(talk.tx, owed, talk.now)
    talk.show(Message(_head(talk, owed, "✅") + ("\n" + talk.words.t("Done."))))
    talk.toast(talk.words.t("Done."))


def snooze(talk: Talk, reminder_id: str, how_long: str) -> None:
    """Later: in so many minutes, or tomorrow at the same time."""
    owed = _mine(talk, reminder_id)
    until = _tomorrow(talk, owed) if how_long == "tomorrow" else talk.now + _minutes(how_long) * MINUTE
    again = talk.tx.reminders.snoozed(owed.reminder.id) or service.snooze(talk.tx, owed, until)
    if again is None:
        raise ValueError("cannot be snoozed")
    kept = talk.tx.reminders.get(again)
    until = kept.reminder.due_at if kept else until
    said = talk.words.t("I will remind you {when}.", when=when(talk.words, until, talk.user.zone, talk.now))
    talk.show(Message(_head(talk, owed, "💤") + ("\n" + said)))
    talk.toast(said)


def _minutes(text: str) -> int:
    minutes = int(text)
    if not 0 < minutes <= SNOOZE_MAX_MIN:
        raise ValueError("no such time")
    return minutes


def _tomorrow(talk: Talk, owed: Owed) -> int:
    zone = talk.user.zone
    day = due.day_of(talk.now, zone) + timedelta(days=1)
    event = None if owed.reminder.event_id is None else talk.tx.events.get(owed.reminder.event_id, deleted=True)
    if event is None or event.all_day:
        return due.wall(day, MORNING_MINUTE, zone)
    return due.wall(day, due.minute_of(owed.reminder.occurrence_at, zone), zone)


def _mine(talk: Talk, reminder_id: str) -> Owed:
    owed = talk.tx.reminders.get(int(reminder_id))
    if owed is None or owed.user.id != talk.user.id:
        raise ValueError("not this user's")
    talk.tx.reminders.arrived(owed.reminder.id, talk.now, talk.update.message_id)
    return owed


def _head(talk: Talk, owed: Owed, mark: str) -> Text:
    title = service.title_of(talk.tx, owed)
    start = when(talk.words, owed.reminder.occurrence_at, talk.user.zone, talk.now)
    return join((f"{mark} ", bold(cut(plain(title), 3_000)), "\n", start))
