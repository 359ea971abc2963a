"""What of a user's happens when, for lists: by the occurrences that are kept, and beyond them by the rules."""

from __future__ import annotations

from collections.abc import Collection

from planner import due, recur
from planner.agenda import ends, slot
from planner.model import DAY, HOUR, SECOND, Event, Occurrence, Slot, User
from planner.owing import OCCURRENCES_MAX, SEEN_BACK_MS
from planner.service import zone_of
from planner.store import Tx


def agenda(tx: Tx, user: User, after: int, before: int, now: int, *, limit: int,
           without: Collection[int] = ()) -> tuple[list[Occurrence], int]:  # fmt: skip
    """What of a user's happens in ``after <= t < before``, in order, what began earlier first; and how much in all.

    ``without`` these feeds.
    """
    if not _kept(after, before, now):
        found = [one for one in _reckoned(tx, user, after, before) if one.feed_id not in without]
        return found[:limit], len(found)
    begun = [one for one in _begun(tx, user, after) if one.feed_id not in without]
    more = tx.events.between(user.id, after, before, limit, without)
    total = len(more) if len(more) < limit else tx.events.count_between(user.id, after, before, without)
    return [*begun, *more][:limit], len(begun) + total


def slots(tx: Tx, user: User, after: int, before: int, now: int, *, limit: int) -> list[Slot]:
    """As ``agenda``, without the events, which take most of its time."""
    if not _kept(after, before, now):
        return [slot(one) for one in _reckoned(tx, user, after, before)[:limit]]
    begun = [slot(one) for one in _begun(tx, user, after)]
    return [*begun, *tx.events.slots(user.id, after, before, limit)][:limit]


def _kept(after: int, before: int, now: int) -> bool:
    """Whether all occurrences of these days, and of the day before them, are in the database."""
    return now - SEEN_BACK_MS <= after - DAY and before <= now + due.HORIZON_MS - DAY


def _begun(tx: Tx, user: User, at: int) -> list[Occurrence]:
    """What began before ``at`` and goes on, where the occurrences of the day before are kept."""
    found = tx.events.begun(user.id, at)
    for event in tx.events.long_recurring(user.id):
        found += _expanded(event, user, at - event.duration_s * SECOND - HOUR, at)
    return sorted((one for one in found if ends(one, user.zone) > at), key=_in_order)


def _reckoned(tx: Tx, user: User, after: int, before: int) -> list[Occurrence]:
    """What happens then and what goes on by then, by the rules."""
    found = [one for one in tx.events.begun(user.id, after) if one.event.rrule is None]
    found += tx.events.single_between(user.id, after, before)
    for event in tx.events.recurring(user.id):
        longest = event.duration_s * SECOND + HOUR if event.duration_s else 0
        found += _expanded(event, user, after - longest, before)
    return sorted((one for one in found if one.start_at >= after or ends(one, user.zone) > after), key=_in_order)


def _expanded(event: Event, user: User, after: int, before: int) -> list[Occurrence]:
    starts = recur.starts(event, zone_of(event, user), after=after, before=before, limit=OCCURRENCES_MAX)
    return [Occurrence(event, start) for start in starts]


def _in_order(one: Occurrence) -> tuple[int, bool, int]:
    return one.start_at, not one.all_day, one.event_id
