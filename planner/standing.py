"""Reminders' messages that stand in the chat: what each is to show by now, and the edits owed to make it so.

Inside the caller's transaction. What a message shows is noted with its reminder, so no edit is owed twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from planner import messages, nag, recur, service
from planner.i18n import words
from planner.messages import Item
from planner.model import DAY, Event, User
from planner.render import Message, as_params
from planner.store import Tx
from planner.store.standing import MERGED, Sent

LOOK_BACK_MS = 2 * DAY
"""Messages older than this stay as they are."""
EDITS_MAX = 5
"""So many messages are edited at once, the latest."""
PUT_OFF, PASSED, DONE, GONE, MOVED = "put off", "passed", "done", "gone", "moved"


class Look(NamedTuple):
    """What a message is to show: a name for it, and the message itself."""

    name: str
    message: Message


def sent(tx: Tx, ids: tuple[int, ...], now: int, message_id: int | None, *, paid: bool = False) -> None:
    """Telegram has taken the message that speaks of these: settle them, and owe what follows."""
    settled = tx.reminders.sent(ids, now, message_id, paid=paid)
    if len(ids) > 1:
        tx.standing.shows(ids, MERGED)
    follow(tx, settled, now)


def follow(tx: Tx, ids: list[int], now: int) -> None:
    """What follows from reminders just sent: the next nag, and that older messages give their buttons up.

    One that was no longer wanted when it arrived says so.
    """
    for reminder_id in tx.standing.followed(ids) if ids else ():
        owed = tx.reminders.get(reminder_id)
        if owed is None or owed.reminder.event_id is None:
            continue
        event_id, occurrence_at = owed.reminder.event_id, owed.reminder.occurrence_at
        event = tx.events.get(event_id)
        if event is not None:
            nag.follow(tx, owed.user, event, reminder_id, occurrence_at, now)
        update(tx, owed.user, event_id, now, after=event)


def update(tx: Tx, user: User, event_id: int, now: int, *, after: Event | None, skip: int | None = None) -> None:
    """Owe the edits that make an event's messages true again.

    ``after`` is what it has become: itself, the event that one of its occurrences has become, or nothing. ``skip`` is
    a message that is shown anew by other means.
    """
    rows = tx.standing.of_event(event_id, now - LOOK_BACK_MS)
    before = tx.events.get(event_id, deleted=True)
    nags = before is not None and before.nag
    edits = 0
    for row in rows:
        look = look_of(tx, user, row, now, after=after, latest=_latest(rows, row))
        if look.name == row.shows or _leave(row, look, now, nags=nags):
            continue
        tx.standing.shows([row.id], look.name)
        if row.message_id != skip and edits < EDITS_MAX:
            edits += 1
            _edit(tx, user, row, look, now)


def look_of(tx: Tx, user: User, row: Sent, now: int, *, after: Event | None, latest: bool = True) -> Look:
    """What a reminder's message is to show by now."""
    said, event = words(user.lang), tx.events.get(row.event_id)
    about = item(tx, row.event_id, row.occurrence_at, row.due_at)
    if row.done_at is not None:
        return Look(DONE, messages.done(said, user, about, now))
    if event is None or not recur.happens(event, service.zone_of(event, user), row.occurrence_at):
        start_at = _moved_to(user, row, after, now)
        if start_at is None:
            return Look(GONE, messages.gone(said, user, about, now))
        return Look(f"{MOVED} {start_at}", messages.moved(said, user, about, start_at, now))
    again = tx.reminders.snoozed(row.id)
    later = None if again is None else tx.reminders.get(again)
    if later is not None:
        until = later.reminder.due_at
        return Look(put_off_to(until), messages.put_off(said, user, about, until, now, reminder_id=row.id))
    nagged = (row.nagged, nag.NAG_MAX) if row.nagged else None
    as_sent = messages.reminder(said, user, about, row.sent_at, reminder_id=row.id, nag=nagged)
    return Look("", as_sent) if latest or not event.nag else Look(PASSED, Message(as_sent.text))


def item(tx: Tx, event_id: int | None, occurrence_at: int, due_at: int, marks: Mapping[int, str] | None = None) -> Item:
    """What a reminder speaks of, also when its event was deleted; without a title for a plan.

    ``marks``: those of calendars, by their events' ids, where they are known already.
    """
    event = None if event_id is None else tx.events.get(event_id, deleted=True)
    if event is None:
        return Item("", occurrence_at, due_at)
    if marks is None:
        marks = {} if event.feed_id is None else tx.feed_events.marks([event.id])
    return Item(event.title, occurrence_at, due_at, event.all_day, marks.get(event.id, ""))


def put_off_to(until: int) -> str:
    """The name of a message that says when its reminder comes again."""
    return f"{PUT_OFF} {until}"


def _moved_to(user: User, row: Sent, after: Event | None, now: int) -> int | None:
    """When what a message speaks of is to happen instead; ``None`` when it is not."""
    if after is None:
        return None
    zone = service.zone_of(after, user)
    if after.id == row.event_id and row.occurrence_at in recur.excluded(after, zone):
        return None
    return recur.next_start(after, zone, now) or after.start_at


def _latest(rows: list[Sent], row: Sent) -> bool:
    return row.id == next(one.id for one in rows if one.occurrence_at == row.occurrence_at)


def _leave(row: Sent, look: Look, now: int, *, nags: bool) -> bool:
    """Whether a message stays as it is: its time is over, or it said truly that it would come again."""
    if look.name.startswith((GONE, MOVED)):
        return row.occurrence_at <= now and not nags
    return look.name == "" and row.shows.startswith(PUT_OFF)


def _edit(tx: Tx, user: User, row: Sent, look: Look, now: int) -> None:
    if look.name == PASSED and (row.shows == "" or row.shows.startswith(PUT_OFF)):
        tx.inbox.owe(None, user.chat_id, "editMessageReplyMarkup", {"message_id": row.message_id}, now)
        return
    params = {"message_id": row.message_id, **as_params(look.message)}
    tx.inbox.owe(None, user.chat_id, "editMessageText", params, now)
