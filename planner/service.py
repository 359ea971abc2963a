"""The use cases: what a user can do to their events and settings. Each runs inside the caller's transaction.

Whatever changes an event or a setting moves the reminders in the same transaction. An event of a linked calendar is
changed by its calendar alone: whatever else tries to raises ``ElsewhereError``.
"""

from __future__ import annotations

from dataclasses import replace

from planner import due, nag, owing, recur
from planner.model import DAY, HOUR, Event, Kind, User
from planner.owing import OCCURRENCES_MAX, SEEN_BACK_MS, Ahead
from planner.store import Tx
from planner.store.events import Change
from planner.store.owed import Owed
from planner.store.reminders import Planned

DEFAULT_LEADS_S = (15 * 60,)
UNDO_MS = DAY
DELETED = "event deleted"
LEFT = "its event no longer happens then"
DONE = "done"
UNDONE_AT_ONCE = 2_000
"""A change of more events, as an import can be, is not undone: everybody would wait for it."""
ZONES_APART_MS = 27 * HOUR
"""No two zones' wall clocks are further apart."""


class ElsewhereError(ValueError):
    """The event is in a linked calendar, and can only be changed there."""

    def __init__(self, event: Event) -> None:
        super().__init__("in a linked calendar")
        self.event = event


def own(event: Event) -> Event:
    """The event, if it was made here or imported for good: what its user may change. Raises ``ElsewhereError``."""
    if event.feed_id is not None:
        raise ElsewhereError(event)
    return event


def welcome(tx: Tx, user_id: int, chat_id: int, name: str, lang: str, zone: str, now: int) -> User:
    """Make somebody a user, with a zone that is only assumed."""
    user = User(user_id, chat_id, name, lang, zone, True, None, DEFAULT_LEADS_S, None, False)
    tx.users.add(user, now)
    return user


def add_event(
    tx: Tx, user: User, event: Event, now: int, said_at: int | None = None, part_of: int | None = None
) -> tuple[Event, int]:
    """Store an event, whatever its id, and owe its reminders; returns it with its id, and the change's.

    ``part_of`` is the change that this one is undone with.
    ``said_at`` is when the user asked for it: what came due since then, while the planner was down, is owed late.
    """
    added, change = _add(tx, user, event, part_of, now, said_at)
    return added, change


def change_event(
    tx: Tx, user: User, event: Event, now: int, said_at: int | None = None, part_of: int | None = None
) -> int:
    """Store an event's new fields and move its reminders; returns the id of the change. ``said_at`` as above."""
    own(event)
    return _save(tx, user, event, part_of, now, said_at)


def delete_event(tx: Tx, user: User, event: Event, now: int, part_of: int | None = None) -> int:
    """Delete an event and cancel what is owed for it; returns the id of the change."""
    own(event)
    return _delete(tx, user, event, part_of, now)


def divide_event(
    tx: Tx,
    user: User,
    event: Event,
    rest: Event | None,
    apart: Event,
    now: int,
    said_at: int | None = None,
    part_of: int | None = None,
) -> tuple[Event, int]:
    """Make ``apart`` an event of its own and leave ``rest`` of the one it was in, as one change to be undone.

    Without a rest the event itself becomes ``apart``. Returns the event that was taken apart, and the change's id.
    """
    own(event)
    if rest is None:
        whole = replace(apart, id=event.id)
        return whole, _save(tx, user, whole, part_of, now, said_at)
    change = _save(tx, user, rest, part_of, now, said_at)
    added, _ = _add(tx, user, apart, change if part_of is None else part_of, now, said_at)
    return added, change


def _add(tx: Tx, user: User, event: Event, part_of: int | None, now: int, said_at: int | None) -> tuple[Event, int]:
    added = tx.events.add(replace(event, user_id=user.id), now if said_at is None else said_at)
    change = tx.events.note_change(added.id, user.id, None, now, part_of)
    set_reminders(tx, added, user, now, now if said_at is None else min(said_at, now))
    return added, change


def _save(tx: Tx, user: User, event: Event, part_of: int | None, now: int, said_at: int | None) -> int:
    before = tx.events.get(event.id)
    change = tx.events.note_change(event.id, user.id, before, now, part_of)
    tx.events.save(event)
    set_anew(tx, event, user, now, "event changed", now if said_at is None else min(said_at, now))
    return change


def _delete(tx: Tx, user: User, event: Event, part_of: int | None, now: int) -> int:
    change = tx.events.note_change(event.id, user.id, event, now, part_of)
    tx.reminders.cancel(now, DELETED, event_id=event.id)
    tx.events.delete(event.id, now)
    return change


def undo(tx: Tx, user: User, change_id: int, now: int) -> Event | None:
    """Make events what they were before a change; ``None`` when it is too old, was undone, or others came after it.

    ``None``, too, for one of more events than ``UNDONE_AT_ONCE``. Their wall clock is what comes back: in the zone that
    their owner has by now, where they have none of their own.
    Returns the event that was changed: as it stood before the undo when that removed it, else as it stands now.
    """
    if tx.events.parts(change_id, user.id) > UNDONE_AT_ONCE:
        return None
    parts = tx.events.change(change_id, user.id)
    if not parts or any(part.undone or not part.last or now - part.at > UNDO_MS for part in parts):
        return None
    for part in parts:
        changed = tx.events.get(part.event_id, deleted=True)
        if changed is not None:
            own(changed)
    return [_undo(tx, user, part, now) for part in reversed(parts)][-1]


def _undo(tx: Tx, user: User, change: Change, now: int) -> Event | None:
    tx.events.mark_undone(change.id, now)
    current = tx.events.get(change.event_id, deleted=True)
    if change.before is None:
        tx.reminders.cancel(now, "event undone", event_id=change.event_id)
        tx.events.delete(change.event_id, now)
        return current
    over = change.before.rrule is None and change.before.start_at <= now - SEEN_BACK_MS
    event = change.before if over else _moved(change.before, user)  # a new zone moves nothing that is over
    if tx.events.get(event.id) is None:
        tx.events.restore(event.id)
        tx.reminders.bring_back(event.id, now, DELETED)
    tx.events.save(event)
    tx.reminders.bring_back(event.id, now, LEFT)
    set_anew(tx, event, user, now, "change undone", now)
    return event


def change_user(tx: Tx, user: User, now: int) -> None:
    """Store a user's settings; a new zone, lead, plan hour or quiet hours moves every reminder already set."""
    before = tx.users.get(user.id)
    tx.users.save(user)
    if before is None:
        return
    if (before.zone, before.quiet, before.leads_s) != (user.zone, user.quiet, user.leads_s):
        _set_all_anew(tx, before, user, now)
    if (before.zone, before.plan_minute) != (user.zone, user.plan_minute):
        tx.reminders.cancel_plans(user.id, now, "settings changed")
        tx.users.plans_until(user.id, now)
        set_plans(tx, user, now, now)


def _set_all_anew(tx: Tx, before: User, user: User, now: int) -> None:
    """Move all that is still to come; what is overdue stays owed, unless its event is yet to come in the new zone."""
    tx.reminders.cancel_ahead(user.id, None, now, "settings changed")
    if (before.zone, before.quiet) != (user.zone, user.quiet):
        tx.reminders.hurry(user.id, now)
        nag.move(tx, user, now, "settings changed")
    if before.zone != user.zone:
        floating = tx.events.floating(user.id, now - SEEN_BACK_MS)
        tx.events.move((start_of(local, user.zone), event_id) for event_id, local in floating.items())
        begun = (one for one in tx.reminders.begun(user.id, None, now) if one.event_id in floating)
        over = [one.id for one in begun if _same_clock(one.occurrence_at, before.zone, user.zone) > now]
        tx.reminders.drop(over, now, "settings changed")
    tx.events.touch_recurring(user.id, now)
    events = tx.events.current(user.id, now - SEEN_BACK_MS)
    set_all(tx, user, [event for event in events if not event.instant], now, now)


def _same_clock(at: int, old: str, new: str) -> int:
    """When the wall clock of another zone shows what one showed at an instant."""
    return start_of(due.local_text(at, old), new)


def _moved(event: Event, user: User) -> Event:
    """The event in its owner's zone of now; without a zone of its own it keeps its wall clock."""
    if event.zone is not None or event.instant:
        return event
    return replace(event, start_at=start_of(event.start_local, user.zone))


def over_in(tx: Tx, user: User, zone: str, now: int) -> list[Event]:
    """Events still to come that would be over if ``zone`` were their owner's: their wall clock stays, time does not."""
    soon = (one.event for one in tx.events.single_between(user.id, now, now + ZONES_APART_MS))
    floating = (event for event in soon if event.zone is None and not event.instant and not event.all_day)
    return [event for event in floating if start_of(event.start_local, zone) <= now]


def start_of(start_local: str, zone: str) -> int:
    """The instant of ``YYYY-MM-DDTHH:MM:SS`` on a zone's wall clock."""
    return recur.local_instant(start_local, zone)


def set_anew(tx: Tx, event: Event, user: User, now: int, reason: str, said_at: int) -> None:
    """An event is stored as it is now: move its reminders, and let go of those that speak of what it no longer is."""
    tx.reminders.cancel_ahead(user.id, event.id, now, reason)
    begun = tx.reminders.begun(user.id, event.id, now)
    zone = zone_of(event, user)
    stands = {one.id for one in begun if recur.happens(event, zone, one.occurrence_at)}
    tx.reminders.keep(stands)
    tx.reminders.drop([one.id for one in begun if one.id not in stands], now, reason)
    left = [one for one, at in tx.standing.put_off(event.id) if not recur.happens(event, zone, at)]
    tx.reminders.drop(left, now, LEFT)
    tx.events.touch(event.id, said_at)
    set_reminders(tx, event, user, now, said_at)
    nag.review(tx, user, event, now, reason)


def zone_of(event: Event, user: User) -> str:
    return event.zone or user.zone


def set_reminders(tx: Tx, event: Event, user: User, now: int, set_at: int) -> None:
    """Owe an event's reminders: all of them, or those of a recurring event up to the horizon and at least the next.

    ``set_at`` is when that was asked for; what came due since then is owed, too.
    """
    set_all(tx, user, [event], now, set_at)


def set_all(tx: Tx, user: User, events: list[Event], now: int, set_at: int) -> None:
    """Of all events at once: a statement for each would hold up every other writer."""
    whose, room = owner(user), owing.Room()
    ahead = [room.ahead(event, whose, now, set_at) for event in events]
    owed = (one for event, starts, _ in ahead for start in starts for one in _owed(tx, event, user, start, set_at))
    tx.reminders.add_all(user.id, list(owed))
    tx.events.set_ahead([one for one in ahead if one.event.rrule is not None])


def extend_event(tx: Tx, event: Event, user: User, *, since: int, until: int, set_at: int) -> int:
    """Owe an event's reminders, a recurring one's where the longest lead begins in ``since <= t < until``.

    Past ones are included. Returns how many reminders those are.
    """
    if event.rrule is None:  # one of very many, which are owed in pieces
        ahead = Ahead(event, (event.start_at,), None)
    else:
        lead = owing.longest_lead_ms(event, owner(user))
        found = recur.starts(event, zone_of(event, user), after=since + lead, before=until + lead,
                             limit=OCCURRENCES_MAX)  # fmt: skip
        ahead = Ahead(event, found, until)
    owed = [one for start in ahead.starts for one in _owed(tx, event, user, start, set_at)]
    tx.reminders.add_all(user.id, owed)
    tx.events.set_ahead([ahead if event.rrule is not None else ahead._replace(starts=())])
    return len(owed)


def owner(user: User) -> owing.Owner:
    """What of a user their events' reminders depend on."""
    return owing.Owner(user.zone, user.leads_s, user.quiet)


def _owed(tx: Tx, event: Event, user: User, start: int, set_at: int) -> list[Planned]:
    """The reminders of one occurrence."""
    whose = owner(user)
    anchor = due.anchor_of(start, zone_of(event, user), all_day=event.all_day)
    reminded = False
    if not event.instant and anchor - owing.longest_lead_ms(event, whose) - DAY < set_at <= anchor:
        if tx.standing.done_at(event.id, start) is not None:
            return []
        reminded = tx.reminders.reminded(event.id, start)
    found = owing.dues(event, whose, start, set_at, reminded=reminded)
    return [Planned(event.id, start, at, event.instant) for at in found]


def set_plans(tx: Tx, user: User, since: int, now: int) -> None:
    """Owe a user's daily plans from ``since`` up to the horizon."""
    until = now + due.HORIZON_MS
    if user.plan_minute is not None:
        for at, ends in due.plans(user.plan_minute, user.zone, since, until):
            tx.reminders.add(Kind.PLAN, user.id, None, occurrence_at=at, due_at=at, asked_for=True, expires_at=ends)
    tx.users.plans_until(user.id, until)


def put_off(tx: Tx, owed: Owed, until: int, now: int) -> int:
    """Remind again at ``until``, and not at any other time that it was put off to; returns the new reminder's id."""
    reminder = owed.reminder
    if reminder.event_id is None:
        raise ValueError("a plan is not put off")
    if tx.standing.done_at(reminder.event_id, reminder.occurrence_at) is not None:
        _reopen(tx, owed, reminder.event_id, now)
    nag.stop(tx, reminder.event_id, reminder.occurrence_at, now, "snoozed")
    before = tx.reminders.snoozed(reminder.id)
    if before is not None:
        tx.reminders.drop([before], now, "snoozed to another time")
    again = snooze(tx, owed, until)
    if again is None and before is not None:  # that one is in flight and cannot be taken back
        again = snooze(tx, owed, until, after_id=before)
    if again is None:
        raise ValueError("cannot be put off")
    return again


def snooze(tx: Tx, owed: Owed, until: int, after_id: int | None = None) -> int | None:
    """Remind again at ``until``; asked for, so quiet hours do not move it. ``None`` where that is owed already."""
    reminder = owed.reminder
    return tx.reminders.add(Kind.SNOOZE, reminder.user_id, reminder.event_id, occurrence_at=reminder.occurrence_at,
                            due_at=until, asked_for=True, snoozed_from=after_id or reminder.id)  # fmt: skip


def title_of(tx: Tx, owed: Owed) -> str:
    """What a reminder is about, in its owner's words; empty for a plan."""
    event = None if owed.reminder.event_id is None else tx.events.get(owed.reminder.event_id, deleted=True)
    return event.title if event else ""


def done(tx: Tx, owed: Owed, now: int) -> None:
    """Nothing more is sent for this occurrence."""
    event_id, occurrence_at = owed.reminder.event_id, owed.reminder.occurrence_at
    if event_id is None:
        return
    tx.reminders.cancel(now, DONE, event_id=event_id, occurrence_at=occurrence_at)
    tx.standing.done(event_id, occurrence_at, now)


def not_done(tx: Tx, owed: Owed, now: int) -> bool:
    """What Done cancelled is owed again; False when there is nothing to take back, or it is too long ago."""
    event_id, occurrence_at = owed.reminder.event_id, owed.reminder.occurrence_at
    done_at = None if event_id is None else tx.standing.done_at(event_id, occurrence_at)
    if event_id is None or done_at is None or now - done_at > UNDO_MS:
        return False
    event = _reopen(tx, owed, event_id, now)
    if event is not None:
        nag.resume(tx, owed.user, event, now, occurrence_at)
    return True


def _reopen(tx: Tx, owed: Owed, event_id: int, now: int) -> Event | None:
    """An occurrence is not done with: what Done cancelled is owed again, if its event still happens then."""
    occurrence_at = owed.reminder.occurrence_at
    tx.standing.done(event_id, occurrence_at, None)
    event = tx.events.get(event_id)
    if event is None or not recur.happens(event, zone_of(event, owed.user), occurrence_at):
        return None
    tx.standing.bring_back(event_id, occurrence_at, now, DONE)
    return event
