"""A calendar as it was read becomes what is kept of it: only what differs is touched, in the caller's transaction.

An event is known by its feed, its UID and its part, or by what is alike, and keeps its id for as long as the planner
remembers it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from planner import calendars, service, standing
from planner.model import DAY, Event, Feed, User
from planner.notices import Told
from planner.owing import Ahead
from planner.store import Tx
from planner.store.feed_events import Known, New
from planner.store.reminders import Planned
from planner.sync.heirs import Begun, Now, passed
from planner.sync.told import COMPARED_MAX, told

if TYPE_CHECKING:  # only a sync needs what reads calendars
    from planner.ics.prepare import Batch, Prepared

CHANGED = "event changed"
GONE = "event gone from its calendar"
_WHEN = attrgetter("start_local", "start_at", "all_day", "zone", "rrule", "excluded", "included", "leads_s")
"""What of an event its reminders' times depend on."""
_WHAT = attrgetter("title", "duration_s", "place", "notes", "link")
"""The rest of what a calendar says of it."""

_ALIKE = attrgetter("title", "start_local", "duration_s", "all_day", "zone", "rrule")
"""What makes an event the same to people."""


class Applied(NamedTuple):
    """How many events were new, changed and gone; and what of that their user may want to know."""

    added: int
    changed: int
    gone: int
    told: list[Told]


class _Stored(NamedTuple):
    """An event by its id, and what it has become. Whether it is repeated is its user's to say."""

    id: int
    prepared: Prepared
    nag: bool = False

    @property
    def event(self) -> Event:
        """Made when asked for: of twenty thousand new ones few are."""
        return replace(self.prepared.event, id=self.id, nag=self.nag)


def apply(tx: Tx, user: User, feed: Feed, batch: Batch, now: int) -> Applied:
    """Make a feed's events what its calendar holds; ``batch`` was prepared for the user's and the feed's settings."""
    known = _known(tx, feed, batch)
    if _renamed(tx, feed, batch, known):
        known = _known(tx, feed, batch)
    gone = _gone(tx, feed, batch, known)
    before = {one.event.id: one for one in known.values() if not one.deleted}
    fresh = [one for one in batch.prepared if (one.uid, one.part) not in known]
    there = [(one, known[one.uid, one.part]) for one in batch.prepared if (one.uid, one.part) in known]
    differing = [(one, old) for one, old in there if _differs(one, old)]
    moved = {old.event.id: _Stored(old.event.id, one, old.event.nag) for one, old in differing
             if old.deleted or _WHEN(one.event) != _WHEN(old.event)}  # fmt: skip
    added = _add(tx, fresh, now)
    told_of = _hand_over(tx, user, [*gone, *moved], [*added.values(), *moved.values()], now)
    calendars.delete_events(tx, user, gone, now, GONE)
    _save(tx, there, differing)
    back = {old.event.id for _, old in differing if old.deleted}
    _set_anew(tx, user, {**added, **moved}, told_of, back, now)
    tx.feed_events.cancel_ahead([one for one in moved if one not in told_of], now, CHANGED)
    tx.feed_events.touch([one for one in moved if one not in told_of], now)
    _owe(tx, user, [one for one in (*added.values(), *moved.values()) if one.id not in told_of])
    said = _told(tx, user, feed, batch, before, gone, now)
    return Applied(len(fresh) + len(back), len(differing) - len(back), len(gone), said)


def _known(tx: Tx, feed: Feed, batch: Batch) -> dict[tuple[str, str], Known]:
    return {(one.uid, one.part): one for one in tx.feed_events.known(feed.id, {one.uid for one in batch.prepared})}


def _renamed(tx: Tx, feed: Feed, batch: Batch, known: Mapping[tuple[str, str], Known]) -> bool:
    """Let events that are gone go on as new ones that are the same but for their UID; whether there are any.

    Some calendars give every event another UID each time they are fetched, against RFC 5545 (section 3.8.4.7).
    """
    fresh = [one for one in batch.prepared if (one.uid, one.part) not in known]
    absent = _absent(tx, feed, batch) if fresh else []
    same: dict[object, list[int]] = {}
    for one in tx.feed_events.some(absent):
        same.setdefault(_ALIKE(one.event), []).append(one.event.id)
    placed = [(same[alike].pop(0), one.uid, one.part, one.digest)
              for one in fresh if same.get(alike := _ALIKE(one.event))]  # fmt: skip
    tx.feed_events.place(placed)
    return bool(placed)


def _absent(tx: Tx, feed: Feed, batch: Batch) -> list[int]:
    """What is kept of UIDs that the calendar no longer has."""
    return tx.feed_events.absent(feed.id, batch.present, batch.missing if batch.same else None)


def _gone(tx: Tx, feed: Feed, batch: Batch, known: dict[tuple[str, str], Known]) -> list[int]:
    """What the calendar no longer holds. What could not be read is not gone."""
    faulty = {one.uid for one in batch.faulty}
    there = {(one.uid, one.part) for one in batch.prepared}
    parts = [one.event.id for key, one in known.items() if key not in there and not one.deleted
             and one.uid not in faulty]  # fmt: skip
    return [*_absent(tx, feed, batch), *parts]


def _differs(one: Prepared, old: Known) -> bool:
    """Whether an event is to be stored otherwise than it is."""
    return old.deleted or _WHEN(one.event) != _WHEN(old.event) or _WHAT(one.event) != _WHAT(old.event)


def _add(tx: Tx, fresh: Sequence[Prepared], now: int) -> dict[int, _Stored]:
    """Store new events; by their ids."""
    ids = tx.feed_events.add([New(one.event, one.uid, one.part, one.digest) for one in fresh], now)
    return {number: _Stored(number, one) for number, one in zip(ids, fresh, strict=True)}


def _save(tx: Tx, there: Iterable[tuple[Prepared, Known]], differing: Sequence[tuple[Prepared, Known]]) -> None:
    tx.feed_events.save([(old.event.id, one.event, one.digest) for one, old in differing])
    tx.feed_events.save_rules(
        (old.event.id, one.event) for one, old in differing
        if old.deleted or (one.event.zone, one.event.rrule) != (old.event.zone, old.event.rrule)
    )  # fmt: skip
    saved = {old.event.id for _, old in differing}
    tx.feed_events.digested(
        (one.digest, old.event.id) for one, old in there
        if one.digest != old.digest and old.event.id not in saved
    )  # fmt: skip


def _hand_over(tx: Tx, user: User, ids: Sequence[int], stored: Iterable[_Stored], now: int) -> set[int]:
    """Let what was reminded of occurrences that are another event's by now be that one's.

    Returns the events of which anything was sent that matters yet, is owed, put off or done with.
    """
    begun = [Begun(*one) for one in tx.feed_events.begun(ids, now)] if ids else []
    became = ((one.id, one.prepared) for one in stored) if begun else ()
    will = {(one.uid, one.part): Now(number, one.event) for number, one in became}
    handed = passed(begun, will, user.zone)
    tx.feed_events.hand_over(handed, now)
    return {one.was.event.id for one in begun} | {one.heir_id for one in handed}


def _set_anew(
    tx: Tx, user: User, stored: Mapping[int, _Stored], told_of: Collection[int], back: Collection[int], now: int
) -> None:
    """Set the reminders of events one by one of which any was sent, is owed, put off or done with."""
    for event in (stored[event_id].event for event_id in told_of if event_id in stored):
        if event.id in back:
            tx.reminders.bring_back(event.id, now, GONE)
        tx.reminders.bring_back(event.id, now, service.LEFT)
        service.set_anew(tx, event, user, now, CHANGED, now)
    for event_id in tx.standing.with_messages(told_of, now - standing.LOOK_BACK_MS):
        if event_id in stored:
            standing.update(tx, user, event_id, now, after=stored[event_id].event)


def _owe(tx: Tx, user: User, stored: Sequence[_Stored]) -> None:
    """Owe the reminders that were worked out apart, of events of which none was sent."""
    tx.reminders.add_all(
        user.id,
        [Planned(one.id, start, at, asked_for=False) for one in stored for start, at in one.prepared.dues],
    )
    tx.events.set_ahead([Ahead(one.event, one.prepared.starts, one.prepared.until) for one in stored
                         if one.prepared.event.rrule is not None])  # fmt: skip


def _told(
    tx: Tx, user: User, feed: Feed, batch: Batch, before: dict[int, Known], gone: Sequence[int], now: int
) -> list[Told]:
    if feed.ok_at is None or not feed.tell_days:
        return []
    was: dict[str, list[Event]] = {}
    for one in before.values():
        if one.uid in was or len(was) < COMPARED_MAX:
            was.setdefault(one.uid, []).append(one.event)
    missing = [event_id for event_id in gone if event_id not in before]
    for one in tx.feed_events.some(missing):
        was.setdefault(one.uid, []).append(one.event)
    will: dict[str, list[Event]] = {uid: [] for uid in was}
    for prepared in batch.prepared:
        if prepared.uid in will:
            will[prepared.uid].append(prepared.event)
    for uid in {one.uid for one in batch.faulty} & will.keys():
        del was[uid], will[uid]
    there = tx.feed_events.within(feed, now, now + feed.tell_days * DAY) if was else ()
    return told(was, will, there=there, zone=user.zone, now=now, days=feed.tell_days)
