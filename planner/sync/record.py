"""What came of an attempt to sync, written down whole: events, row, counts, the feed's state, and what is said of it.

Inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from planner import calendars, due, notices, providers, service
from planner.i18n import words
from planner.model import Feed, Outcome, User
from planner.render import Message, as_params
from planner.store import Tx
from planner.store.feeds import Held
from planner.store.syncs import Sync
from planner.sync.apply import Applied, apply
from planner.sync.when import after_failure, after_success

if TYPE_CHECKING:  # only a sync needs what reads calendars
    from planner.ics.prepare import Batch, Order

TOLD_AFTER = 3
"""A network has its hiccups: so many failures in a row are told."""
FINAL_AFTER = 2
"""What looks final is told after so many."""
FINAL = frozenset({Outcome.INVALID, Outcome.BLOCKED, Outcome.TOO_LARGE})
EMPTY_BELIEVED = 3
"""A calendar with more events than this that is suddenly empty is read once more before that is believed."""
REPORTED = 20
"""Unreadable events that are named."""
NEXT = 3
"""Coming occurrences that are shown of a calendar just linked."""

Owns = Callable[[Tx, int], bool]
"""Whether a user, by their id, runs the bot."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of fetching ``feed``, as it was then, and reading it: ``batch``, if it was read, made for ``order``.

    ``before`` is what was held when it was asked for, ``held`` what is to be remembered of what was fetched.
    """

    feed: Feed
    before: Held
    started_at: int
    took_ms: int
    outcome: Outcome
    fault: str = ""
    retry_after_s: int = 0
    bytes: int = 0
    held: Held | None = None
    order: Order | None = None
    batch: Batch | None = None


class Recorded(NamedTuple):
    """What an attempt has led to: how many events came, changed, went and could not be read; ``fault`` is a code."""

    fault: str = ""
    added: int = 0
    changed: int = 0
    gone: int = 0
    skipped: int = 0


def record(tx: Tx, came: Came, now: int, random: Random, owns: Owns) -> Recorded | None:
    """Write an attempt down; ``None``, and nothing is, where it was read for settings that are others by now."""
    feed = tx.feeds.get(came.feed.id)
    user = None if feed is None else tx.users.get(feed.user_id)
    if feed is None or user is None or feed.url != came.feed.url:
        return Recorded(came.fault)
    if came.order is not None and not _stands(came.order, feed, user):
        return None
    return (_tried if feed.linked_at is None else _synced)(tx, user, feed, came, now, random, owns)


def _stands(order: Order, feed: Feed, user: User) -> bool:
    made_for = (order.owner, order.leads_s, order.alarms, order.muted)
    return made_for == (service.owner(user), feed.leads_s, feed.alarms, feed.muted)


def _tried(tx: Tx, user: User, feed: Feed, came: Came, now: int, random: Random, owns: Owns) -> Recorded:
    """An address was tried: it is linked, or forgotten. That was no sync."""
    said = words(user.lang)
    if came.batch is None:
        tx.feeds.drop(feed.id)
        message = notices.not_linked(said, feed.url, came.fault, came.outcome, owns=owns(tx, user.id))
        _owe(tx, user, message, now, now)
        return Recorded(came.fault)
    applied = apply(tx, user, feed, came.batch, now)
    linked = _well(replace(feed, linked_at=now, name=feed.name or providers.host(feed.url)), came, now, random)
    # that was no sync, whose report names what could not be read: the first one reads it again
    _keep(tx, linked, replace(came, held=None) if came.batch.faulty else came)
    coming = tx.feed_events.coming(feed.id, now, NEXT)
    unread = [(one.title, one.why) for one in came.batch.faulty]
    count = tx.feed_events.count(feed.id)
    _owe(tx, user, notices.linked(said, user, linked, count, coming, len(unread), now, unread), now, now)
    return Recorded("", applied.added, applied.changed, applied.gone, len(unread))


def _synced(tx: Tx, user: User, feed: Feed, came: Came, now: int, random: Random, owns: Owns) -> Recorded:
    suspicious = _suspicious(tx, feed, came)
    applied = Applied(0, 0, 0, [])
    if came.batch is not None and not suspicious:
        applied = apply(tx, user, feed, came.batch, now)
    sync = _row(feed, came, applied, notices.EMPTIED if suspicious else came.fault)
    tx.syncs.add(sync)
    after = (_well if sync.outcome.good else _unwell)(feed, came, now, random)
    after = _tell(tx, user, feed, replace(after, fault=sync.fault), sync, now, owns)
    dropped = _dropped(tx, feed, came)
    _keep(tx, replace(after, next_at=now) if dropped else after,
          replace(came, held=None) if suspicious or dropped else came)  # fmt: skip
    if applied.told:
        at = now if sync.asked_for else due.after_quiet(now, user.quiet, user.zone)
        _owe(tx, user, notices.changes(words(user.lang), user, after, applied.told, at), now, at)
    return Recorded(sync.fault, sync.added, sync.changed, sync.gone, sync.skipped)


def _suspicious(tx: Tx, feed: Feed, came: Came) -> bool:
    """Whether a calendar is empty all of a sudden, and was not found so before."""
    if came.batch is None or came.batch.total or feed.fault == notices.EMPTIED:
        return False
    return tx.feed_events.count(feed.id) > EMPTY_BELIEVED


def _dropped(tx: Tx, feed: Feed, came: Came) -> bool:
    """Whether it is unchanged since what is held no more: a setting wants it read whole, and was set meanwhile."""
    return came.outcome is Outcome.NOT_MODIFIED and tx.feeds.held(feed.id) != came.before


def _row(feed: Feed, came: Came, applied: Applied, fault: str) -> Sync:
    faulty = [] if came.batch is None else came.batch.faulty
    return Sync(
        feed_id=feed.id,
        user_id=feed.user_id,
        started_at=came.started_at,
        took_ms=came.took_ms,
        outcome=came.outcome,
        fault=fault,
        asked_for=feed.asked_at is not None,
        bytes=came.bytes,
        added=applied.added,
        changed=applied.changed,
        gone=applied.gone,
        skipped=len(faulty),
        report=tuple((one.title, one.why) for one in faulty[:REPORTED]),
    )


def _well(feed: Feed, came: Came, now: int, random: Random) -> Feed:
    own = None if came.batch is None or feed.renamed else came.batch.name
    return replace(
        feed,
        name=calendars.tidy(own or "") or feed.name,
        ok_at=now,
        failures=0,
        outcome=came.outcome,
        fault="",
        asked_at=None,
        next_at=after_success(feed, now, random),
    )


def _unwell(feed: Feed, came: Came, now: int, random: Random) -> Feed:
    return replace(
        feed,
        failures=feed.failures + 1,
        outcome=came.outcome,
        fault=came.fault,
        asked_at=None,
        next_at=after_failure(feed, now, random, came.retry_after_s),
    )


def _keep(tx: Tx, feed: Feed, came: Came) -> None:
    tx.feeds.save(feed)
    if came.held is not None:
        tx.feeds.hold(feed.id, came.held)


def _tell(tx: Tx, user: User, before: Feed, after: Feed, sync: Sync, now: int, owns: Owns) -> Feed:
    """Owe what is said of a sync; returns the feed, noting whether its user knows that it fails."""
    said, good = words(user.lang), sync.outcome.good
    if sync.asked_for:
        answer = notices.synced(said, after, sync) if good else _failing(tx, user, after, owns)
        _owe(tx, user, answer, now, now)
        return replace(after, told_at=None if good else now)
    quiet_ends = due.after_quiet(now, user.quiet, user.zone)
    if good:
        if before.told_at is not None:
            _owe(tx, user, notices.working(said, after), now, quiet_ends)
        return replace(after, told_at=None)
    if before.told_at is not None or not _grave(before, after):
        return after
    if quiet_ends > now:  # it is looked at when they end, and told if it fails by then
        return replace(after, next_at=min(after.next_at, quiet_ends))
    _owe(tx, user, _failing(tx, user, after, owns), now, now)
    return replace(after, told_at=now)


def _failing(tx: Tx, user: User, feed: Feed, owns: Owns) -> Message:
    return notices.failing(words(user.lang), feed, owns=owns(tx, user.id))


def _grave(before: Feed, after: Feed) -> bool:
    """Whether a feed has failed often enough to be told of."""
    if after.failures >= TOLD_AFTER:
        return True
    return after.failures >= FINAL_AFTER and _final(before) and _final(after)


def _final(feed: Feed) -> bool:
    return feed.outcome in FINAL or (feed.outcome is Outcome.HTTP_ERROR and feed.fault in providers.FINAL_STATUS)


def _owe(tx: Tx, user: User, message: Message, now: int, ready_at: int) -> None:
    tx.inbox.owe(None, user.chat_id, "sendMessage", as_params(message), now, ready_at)
