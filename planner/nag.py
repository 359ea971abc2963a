"""Nagging: a reminder of what matters is repeated until Done, so often and no more. Inside the caller's transaction.

A repetition is owed in the transaction that records the one before it, so that a crash loses none and doubles none.
"""

from __future__ import annotations

from planner import due, recur
from planner.model import HOUR, MINUTE, Event, Kind, User
from planner.store import Tx

NAG_EVERY_MS = 10 * MINUTE
NAG_MAX = 5
"""So often an occurrence's last reminder is repeated at most."""
RESUMED_WITHIN_MS = HOUR
"""An event that begins to nag repeats a reminder that was sent no longer ago than this."""


def follow(tx: Tx, user: User, event: Event, reminder_id: int, occurrence_at: int, now: int) -> None:
    """Owe the next repetition after a reminder that was sent; not while others of its occurrence are still to come."""
    number = tx.standing.nagged(event.id, occurrence_at) + 1
    if not event.nag or number > NAG_MAX or tx.standing.done_at(event.id, occurrence_at) is not None:
        return
    happens = recur.happens(event, event.zone or user.zone, occurrence_at)
    if happens and not tx.standing.awaited(event.id, occurrence_at):
        _owe(tx, user, event.id, reminder_id, occurrence_at, now + NAG_EVERY_MS, number)


def review(tx: Tx, user: User, event: Event, now: int, reason: str) -> None:
    """The event has changed: drop the repetitions that no longer make sense, begin those that now do."""
    zone = event.zone or user.zone
    for nag, occurrence_at in tx.standing.nags(event.id):
        if event.nag and recur.happens(event, zone, occurrence_at):
            tx.reminders.keep([nag])
        else:
            tx.reminders.drop([nag], now, reason)
    if event.nag:
        resume(tx, user, event, now)


def resume(tx: Tx, user: User, event: Event, now: int, occurrence_at: int | None = None) -> None:
    """Repeat the latest reminder that was sent, of one occurrence or, if that is not long ago, of any."""
    last = tx.standing.last_sent(event.id, occurrence_at)
    if last is None:
        return
    reminder_id, of, sent_at = last
    if occurrence_at is None and now - sent_at > RESUMED_WITHIN_MS:
        return
    follow(tx, user, event, reminder_id, of, now)


def stop(tx: Tx, event_id: int, occurrence_at: int, now: int, reason: str) -> None:
    """No repetition of an occurrence is owed any more."""
    tx.reminders.drop([one for one, of in tx.standing.nags(event_id) if of == occurrence_at], now, reason)


def move(tx: Tx, user: User, now: int, reason: str) -> None:
    """The user's quiet hours are others now: repetitions still to come keep out of them."""
    for event_id, nag in tx.standing.nags_ahead(user.id, now):
        wanted = max(now, nag.followed_at + NAG_EVERY_MS)
        if due.after_quiet(wanted, user.quiet, user.zone) != nag.due_at:
            tx.reminders.drop([nag.id], now, reason)
            _owe(tx, user, event_id, nag.snoozed_from, nag.occurrence_at, wanted, nag.nagged)


def _owe(tx: Tx, user: User, event_id: int, after_id: int, occurrence_at: int, at: int, number: int) -> None:
    tx.reminders.add(
        Kind.SNOOZE,
        user.id,
        event_id,
        occurrence_at=occurrence_at,
        due_at=due.after_quiet(at, user.quiet, user.zone),
        asked_for=False,
        snoozed_from=after_id,
        nagged=number,
    )
