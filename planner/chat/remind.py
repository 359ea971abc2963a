"""A reminder is answered: done, and later; by its buttons, by a reply, or by a time that is typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from planner import due, messages, service, standing
from planner.chat import phrases
from planner.chat.parse import understand
from planner.chat.talk import ForeignError, StaleError, Talk
from planner.chat.until import SNOOZE_MAX_MS, Until, until
from planner.model import DAY, MINUTE, SECOND, Event
from planner.render import Button, Message, plain, say, when
from planner.store.owed import Owed
from planner.when import said

BUTTON_MAX_MIN = 7 * DAY // MINUTE
"""What a button may put off by."""
MORNING_MINUTE = 9 * 60
"""Tomorrow is at the event's own time of day, or in the morning for an all-day event."""
AT_ONCE_MS = 30 * MINUTE
"""So long after a reminder an answer needs not be a reply to it, where nothing else was said."""
LATELY_MS = 2 * DAY
"""A reminder older than this is not what “done” is about."""
AT = "at"
"""Begins an instant, in seconds, in a button's data."""


def became(talk: Talk, before: Event, after: Event | None) -> None:
    """An event was changed, deleted or brought back: its reminders' messages say so.

    ``before`` as it was; ``after`` as it is now, or the event that an occurrence of it has become, or ``None`` where
    it, or an occurrence of it, is not to happen. Call it after the change.
    """
    standing.update(talk.tx, talk.user, before.id, talk.now, after=after)


# Done


def done(talk: Talk, reminder_id: str) -> None:
    """Done: nothing more comes for this occurrence, and the message says so."""
    owed = _mine(talk, reminder_id)
    service.done(talk.tx, owed, talk.now)
    _update(talk, owed)
    talk.show(messages.done(talk.words, talk.user, _item(talk, owed), talk.now, reminder_id=owed.reminder.id))
    talk.toast(talk.words.t("Done."))


def undone(talk: Talk, reminder_id: str) -> None:
    """Not done after all: what Done cancelled comes again."""
    owed = _mine(talk, reminder_id)
    if not service.not_done(talk.tx, owed, talk.now):
        talk.toast(
            talk.words.t("This can no longer be undone: it was undone already, changed again, or is over a day old."),
            alert=True,
        )
        return
    _update(talk, owed)
    talk.toast(talk.words.t("As it was before."))
    row = talk.tx.standing.get(owed.reminder.id)
    if row is not None:
        talk.show(standing.look_of(talk.tx, talk.user, row, talk.now, after=_event(talk, owed)).message)


# Later


def snooze(talk: Talk, reminder_id: str, how_long: str) -> None:
    """Later: in so many minutes, or tomorrow at the same time. Pressed again, it is the same promise."""
    owed = _mine(talk, reminder_id)
    again = talk.tx.reminders.snoozed(owed.reminder.id)
    kept = None if again is None else talk.tx.reminders.get(again)
    if kept is None:
        _put_off(talk, owed, _pressed(talk, owed, how_long))
    else:
        _show_put_off(talk, owed, kept.reminder.due_at)


def later(talk: Talk, reminder_id: str, how_long: str = "") -> None:
    """Ask until when; or, where that was asked, put it off so long, instead of what was chosen before."""
    owed = _mine(talk, reminder_id)
    if _event(talk, owed) is None:
        _say_gone(talk)
        return
    if not how_long:
        _ask(talk, owed)
        return
    at = _pressed(talk, owed, how_long)
    talk.tx.users.ask(talk.user.id, None)
    _put_off(talk, owed, at)


def _ask(talk: Talk, owed: Owed) -> None:
    talk.ask("later", reminder=owed.reminder.id)
    title = messages.named(messages.titled(talk.words, service.title_of(talk.tx, owed)))
    asked = say(
        talk.words, "Until when shall I put off {title}? Write “40 min”, “18:00” or “tomorrow morning”.", title=title
    )
    talk.say(Message(asked, (messages.snoozes(talk.words, f"later:{owed.reminder.id}"), talk.never_mind)))


def answer(talk: Talk, question: Mapping[str, object]) -> bool:
    """The time was typed; a sentence that says what and when is another event."""
    owed = talk.tx.reminders.get(int(str(question["reminder"])))
    if owed is None or owed.user.id != talk.user.id or owed.reminder.event_id is None:
        return False
    found = _read(talk, owed)
    if found.at is not None:
        talk.tx.users.ask(talk.user.id, None)
        _put_off(talk, owed, found.at)
        return True
    if found.why == "unclear" and _says_more(talk):
        return False
    talk.ask("later", reminder=owed.reminder.id)
    talk.say(_not_so(talk, owed, found, talk.never_mind))
    return True


def _says_more(talk: Talk) -> bool:
    """Whether the message names a time and something else."""
    found = understand(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    return found.start is not None and bool(found.title)


def _read(talk: Talk, owed: Owed) -> Until:
    minute, user = _minute_of(talk, owed), talk.user
    return until(talk.text, now=talk.said_at, zone=user.zone, lang=user.lang, minute=minute)


def _not_so(talk: Talk, owed: Owed, found: Until, *rows: tuple[Button, ...]) -> Message:
    """Why a reminder cannot be put off as it was said, and what would do."""
    words, zone = talk.words, talk.user.zone
    verb = f"later:{owed.reminder.id}:{AT}"
    choices = tuple(
        (Button(when(words, at, zone, talk.now), f"{verb}{at // SECOND}"),) for at in found.choices if at > talk.now
    )
    said = {
        "past": say(words, "That time is over. Do you mean this?")
        if choices
        else say(words, "That time is over. Write one that is still to come."),
        "far": plain(
            words.n(
                "That is too far off: I put reminders off by {n} day at most.",
                "That is too far off: I put reminders off by {n} days at most.",
                SNOOZE_MAX_MS // DAY,
            )
        ),
        "several": say(words, "When exactly?"),
        "unclear": say(words, "I do not understand when that is. Write “40 min”, “18:00” or “tomorrow morning”."),
    }
    return Message(said[found.why], (*choices, *rows))


def _put_off(talk: Talk, owed: Owed, at: int) -> None:
    if _event(talk, owed) is None:
        _say_gone(talk)
        return
    service.put_off(talk.tx, owed, at, talk.now)
    _update(talk, owed)
    _show_put_off(talk, owed, at)


def _say_gone(talk: Talk) -> None:
    said = talk.words.t("That event was deleted meanwhile.")
    talk.toast(said, alert=True)
    if talk.update.callback_id is None:
        talk.say(said)


def _show_put_off(talk: Talk, owed: Owed, at: int) -> None:
    item = _item(talk, owed)
    talk.show(messages.put_off(talk.words, talk.user, item, at, talk.now, reminder_id=owed.reminder.id))
    talk.toast(talk.words.t("I will remind you {when}.", when=when(talk.words, at, talk.user.zone, talk.now)))


def _pressed(talk: Talk, owed: Owed, how_long: str) -> int:
    if how_long == "tomorrow":
        zone = talk.user.zone
        return due.wall(due.day_of(talk.now, zone) + timedelta(days=1), _minute_of(talk, owed), zone)
    if how_long.startswith(AT):
        at = int(how_long.removeprefix(AT)) * SECOND
        if not talk.now < at <= talk.now + SNOOZE_MAX_MS:
            raise StaleError("no longer such a time")
        return at
    minutes = int(how_long)
    if not 0 < minutes <= BUTTON_MAX_MIN:
        raise ValueError("no such time")
    return talk.now + minutes * MINUTE


# Replies


def answered(talk: Talk) -> bool:
    """Whether the message replies to a reminder with a time or with "done", and has its answer."""
    reply = talk.update.reply_to
    if reply is None:
        return _answered_at_once(talk)
    ids = talk.tx.standing.by_message(talk.user.id, reply.message_id)
    if not ids:
        return False
    all_owed = list({_occurrence(owed): owed for owed in (_mine(talk, one) for one in ids)}.values())
    if said(talk.text, "done"):
        _done_with(talk, all_owed)
        return True
    found = [_read(talk, owed) for owed in all_owed]
    if found[0].why == "unclear":
        return False
    _put_off_all(talk, [(owed, one) for owed, one in zip(all_owed, found, strict=True)])
    return True


def _answered_at_once(talk: Talk) -> bool:
    """Whether the message says “done” or a time, and the reminder that it can mean is the last that was said here."""
    done = said(talk.text, "done")
    asked = talk.tx.users.asked(talk.user.id) and not done
    if talk.in_group or asked or phrases.command_of(talk.text):
        return False
    latest = talk.tx.standing.latest(talk.user.id, talk.now - AT_ONCE_MS)
    if latest is None or latest[0] > talk.said_at + SECOND or talk.tx.inbox.heard_since(talk.user.chat_id, latest[0]):
        return False
    all_owed = _all_owed(talk, latest[1])
    if all_owed and done:
        _done_with(talk, all_owed)
        return True
    found = [(owed, _read(talk, owed)) for owed in all_owed]
    if not found or any(one.at is None for _, one in found):
        return False
    _put_off_all(talk, found)
    return True


def _all_owed(talk: Talk, ids: list[int]) -> list[Owed]:
    """The reminders, one of each occurrence, whose events are still there."""
    found = [owed for one in ids if (owed := talk.tx.reminders.get(one)) is not None and _event(talk, owed) is not None]
    return list({_occurrence(owed): owed for owed in found}.values())


def done_lately(talk: Talk, event_id: int | None = None) -> bool:
    """Whether there is a reminder that “done” can mean, of this event or the latest of all, and it is done with."""
    since = talk.now - LATELY_MS
    if event_id is None:
        latest = talk.tx.standing.latest(talk.user.id, since)
        ids = [] if latest is None else latest[1]
    else:
        ids = [row.id for row in talk.tx.standing.of_event(event_id, since)[:1]]
    all_owed = _all_owed(talk, ids)
    if all_owed:
        _done_with(talk, all_owed)
    return bool(all_owed)


def _occurrence(owed: Owed) -> tuple[int | None, int]:
    return owed.reminder.event_id, owed.reminder.occurrence_at


def _done_with(talk: Talk, all_owed: list[Owed]) -> None:
    for owed in all_owed:
        service.done(talk.tx, owed, talk.now)
        _update(talk, owed)
    if len(all_owed) == 1:
        reminder_id = all_owed[0].reminder.id
        talk.say(messages.done(talk.words, talk.user, _item(talk, owed), talk.now, reminder_id=reminder_id))
    else:
        n = len(all_owed)
        talk.say(talk.words.n("✅ {n} reminder is done with.", "✅ {n} reminders are done with.", n))


def _put_off_all(talk: Talk, read: list[tuple[Owed, Until]]) -> None:
    ats = [(owed, one.at) for owed, one in read if one.at is not None]
    if len(ats) < len(read):
        owed, one = next((owed, one) for owed, one in read if one.at is None)
        talk.say(_not_so(talk, owed, one))
    elif len(ats) == 1:
        _put_off(talk, *ats[0])
    else:
        alive = [(owed, at) for owed, at in ats if _event(talk, owed) is not None]
        for owed, at in alive:
            service.put_off(talk.tx, owed, at, talk.now)
        n = len(alive)
        talk.say(talk.words.n("💤 {n} reminder comes again later.", "💤 {n} reminders come again later.", n))


# What all need


def _mine(talk: Talk, reminder_id: str | int) -> Owed:
    """A reminder of the user's. That they answer it shows that it has arrived."""
    owed = talk.tx.reminders.get(int(reminder_id))
    if owed is None:
        raise StaleError("nothing is left of it")
    if owed.user.id != talk.user.id or owed.reminder.event_id is None:
        raise ForeignError("not this user's")
    standing.follow(talk.tx, talk.tx.reminders.arrived(owed.reminder.id, talk.now, _message_id(talk)), talk.now)
    return owed


def _message_id(talk: Talk) -> int | None:
    reply = talk.update.reply_to
    return talk.update.message_id if reply is None else reply.message_id


def _update(talk: Talk, owed: Owed) -> None:
    """The other messages of its event; the one whose button was pressed is shown anew by itself."""
    if owed.reminder.event_id is not None:
        after, skip = talk.tx.events.get(owed.reminder.event_id), talk.update.message_id
        standing.update(talk.tx, talk.user, owed.reminder.event_id, talk.now, after=after, skip=skip)


def _event(talk: Talk, owed: Owed) -> Event | None:
    return None if owed.reminder.event_id is None else talk.tx.events.get(owed.reminder.event_id)


def _item(talk: Talk, owed: Owed) -> messages.Item:
    return standing.item(talk.tx, owed.reminder.event_id, owed.reminder.occurrence_at, owed.reminder.due_at)


def _minute_of(talk: Talk, owed: Owed) -> int:
    event = _event(talk, owed)
    if event is None or event.all_day:
        return MORNING_MINUTE
    return due.minute_of(owed.reminder.occurrence_at, talk.user.zone)
