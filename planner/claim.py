"""Claiming: at the moment of sending, what a reminder says and whether it is still to be sent. Inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planner import due, happenings, lists, marks, messages, nag, standing
from planner.i18n import words
from planner.model import MINUTE, ON_TIME, Kind, State, User
from planner.render import as_params
from planner.store import Tx
from planner.store.owed import Owed

MERGED_FROM_MS = 10 * MINUTE
"""Reminders of one chat that are all later than this go out as one message."""
SOON_MS = 61 * 1_000
"""A reminder whose next try is further off than this has moved since it was handed over."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One message to be sent for one reminder, or for several late ones. ``params`` as the Bot API takes them.

    ``due_at`` is that of the first; ``links``: the traces that made them.
    """

    ids: tuple[int, ...]
    chat_id: int
    params: dict[str, object]
    attempts: int
    user_id: int
    kind: Kind
    due_at: int
    links: tuple[bytes, ...]


def claim(tx: Tx, ids: list[int], now: int) -> list[Sending]:
    """Mark what is still to be sent as ``sending``; returns the messages, in the order of ``ids``."""
    found = [one for one in tx.reminders.pending(ids) if _to_send(tx, one, now)]
    marked = _marks(tx, found)
    sendings: list[Sending] = []
    seen: set[int] = set()
    unmarked: list[int] = []
    for one in found:
        if one.reminder.id in seen:
            continue
        group = [one]
        if _very_late(one, now):
            tx.reminders.claim(unmarked, now)
            unmarked.clear()
            group = _late_of(tx, one, now)
        sending = _several(tx, group, now) if len(group) > 1 else _single(tx, one, now, marked)
        seen.update(sending.ids)
        sendings.append(sending)
        unmarked.extend(sending.ids)
    tx.reminders.claim(unmarked, now)
    return sendings


def _to_send(tx: Tx, one: Owed, now: int) -> bool:
    """Whether it goes out now; what cannot, ends or waits here."""
    reminder, user = one.reminder, one.user
    if one.expires_at <= now or reminder.ready_at > now + SOON_MS:
        return False
    if user.frozen:
        tx.reminders.end([reminder.id], State.UNDELIVERABLE, now, tx.users.why_frozen(user.id))
        return False
    quiet_ends = due.after_quiet(now, user.quiet, user.zone)
    if now - reminder.due_at > ON_TIME and quiet_ends > now and not one.asked_for:
        tx.reminders.postpone([reminder.id], quiet_ends, "late, and in quiet hours")
        return False
    return True


def _very_late(one: Owed, now: int) -> bool:
    return one.reminder.kind is not Kind.PLAN and now - one.reminder.due_at > MERGED_FROM_MS


def _late_of(tx: Tx, one: Owed, now: int) -> list[Owed]:
    """It, and what else of its user's is very late and may go out now, as much as fits; in the order it was due."""
    late = tx.reminders.late_of(one.user.id, now - MERGED_FROM_MS, messages.LISTED)
    group = [one, *(other for other in late if other.reminder.id != one.reminder.id and _to_send(tx, other, now))]
    marked = _marks(tx, group)
    items = [_item(tx, member, marked) for member in group]
    group = group[: messages.fitting(words(one.user.lang), one.user, items, now)]
    return sorted(group, key=lambda member: (member.reminder.due_at, member.reminder.id))


def _single(tx: Tx, one: Owed, now: int, marked: Mapping[int, str]) -> Sending:
    reminder, user = one.reminder, one.user
    if reminder.kind is Kind.PLAN:
        params = plan(tx, user, reminder.due_at, now)
    else:
        nagged = (reminder.nagged, nag.NAG_MAX) if reminder.nagged else None
        item = _item(tx, one, marked)
        said = messages.reminder(words(user.lang), user, item, now, reminder_id=reminder.id, nag=nagged)
        params = as_params(said)
    return _sending([one], params)


def plan(tx: Tx, user: User, due_at: int, now: int) -> dict[str, object]:
    """The daily plan of the day that ``due_at`` falls in, without the calendars that are not to be in it."""
    begin, end = due.day_bounds(due.day_of(due_at, user.zone), user.zone)
    feeds = tx.feeds.of_user(user.id)
    hidden = [feed.id for feed in feeds if not feed.in_plan]
    found, total = happenings.agenda(tx, user, begin, end, now, limit=lists.LISTED, without=hidden)
    kept, known = marks.once(found, feeds)
    return lists.plan(words(user.lang), user, kept, total - len(found), due_at, now, known)


def _several(tx: Tx, group: list[Owed], now: int) -> Sending:
    user, marked = group[0].user, _marks(tx, group)
    params = messages.late(words(user.lang), user, [_item(tx, one, marked) for one in group], now)
    return _sending(group, params)


def _sending(group: list[Owed], params: dict[str, object]) -> Sending:
    first, user = group[0].reminder, group[0].user
    return Sending(
        tuple(one.reminder.id for one in group),
        user.chat_id,
        params,
        max(one.reminder.attempts for one in group) + 1,
        user.id,
        first.kind,
        first.due_at,
        tuple(trace for one in group if (trace := one.reminder.trace) is not None),
    )


def _marks(tx: Tx, owed: Iterable[Owed]) -> dict[int, str]:
    """The calendars' marks by their events' ids, in one query for them all."""
    return tx.feed_events.marks(one.reminder.event_id for one in owed if one.reminder.event_id is not None)


def _item(tx: Tx, one: Owed, marked: Mapping[int, str]) -> messages.Item:
    return standing.item(tx, one.reminder.event_id, one.reminder.occurrence_at, one.reminder.due_at, marked)
