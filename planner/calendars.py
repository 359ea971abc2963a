"""What a user can do about the calendars that they have linked. Each runs inside the caller's transaction.

Linking only notes the address: ``planner.sync`` fetches it, and tells its user what came of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from planner import service, standing
from planner.model import MINUTE, SECOND, Feed, User
from planner.owing import SEEN_BACK_MS, SOON_MS
from planner.store import Tx
from planner.store.feeds import UNREAD

FEEDS_MAX = 20
"""Calendars that a user may link."""
ASK_EVERY_MS = MINUTE
"""A user may ask for a sync this often."""
EVERY_MIN, EVERY_MAX = 5, 24 * 60
"""Minutes between two syncs, at least and at most."""
TELL_DAYS = (0, 1, 2, 7)
"""What of the next days a user may be told about; 0: nothing."""
NAME_MAX = 60
MARKS = tuple("🟦🟩🟧🟪🟥🟨🟫⬛🔵🟢🟠🟣🔴🟡🟤⚫🔷🔶💠⬜")
"""The signs of a user's calendars, in the order they are given out."""
AT_ONCE = 2_000
"""Events of which all reminders are set in one transaction; of more only those soon are, the others within minutes."""
SETTINGS_CHANGED = "settings changed"
REMOVED = "calendar removed"


class Refusal(StrEnum):
    """Why an address is not linked."""

    ALREADY = "already"
    TOO_MANY = "too many"
    OWN = "own"


def link(tx: Tx, user: User, url: str, now: int) -> Feed | Refusal:
    """Have an address tried at once; its user is told what came of it, and if it is a calendar, it is linked."""
    feeds = tx.feeds.of_user(user.id)
    if any(one.url == url for one in feeds):
        return Refusal.ALREADY
    if _is_own(tx, user, url):
        return Refusal.OWN
    if len(feeds) >= FEEDS_MAX:
        return Refusal.TOO_MANY
    taken = {one.mark for one in feeds}
    return tx.feeds.add(user.id, url, next(mark for mark in MARKS if mark not in taken), now)


def _is_own(tx: Tx, user: User, url: str) -> bool:
    """Whether the planner itself serves the user's own events there: they would come back to where they are."""
    address = tx.published.address(user.id)
    return address is not None and address.token in url


def move(tx: Tx, user: User, feed: Feed, url: str, now: int) -> Feed | Refusal:
    """Read a calendar from another address from now on, at once: its name, settings and events stay."""
    if any(one.url == url for one in tx.feeds.of_user(user.id)):
        return Refusal.ALREADY
    if _is_own(tx, user, url):
        return Refusal.OWN
    tx.feeds.hold(feed.id, UNREAD)
    return _saved(tx, replace(feed, url=url, asked_at=now, next_at=now))


def set_mark(tx: Tx, feed: Feed, mark: str) -> Feed:
    """Let one of ``MARKS`` stand before its events."""
    return _saved(tx, replace(feed, mark=mark))


def ask(tx: Tx, feed: Feed, now: int) -> int | None:
    """Sync now; its user is told what came of it. Else when (UTC ms) that may be asked for next."""
    last = None if feed.linked_at is None else tx.syncs.last_asked(feed.id)
    if feed.asked_at is not None or (last is not None and now < last + ASK_EVERY_MS):
        return (feed.asked_at or last or now) + ASK_EVERY_MS
    tx.feeds.save(replace(feed, asked_at=now, next_at=now))
    return None


def remove(tx: Tx, user: User, feed: Feed, now: int) -> None:
    """Forget the address, and delete its events with what is owed for them."""
    delete_events(tx, user, tx.feed_events.ids(feed.id), now, REMOVED)
    tx.feeds.drop(feed.id)


def rename(tx: Tx, feed: Feed, name: str) -> Feed:
    """Give it a name of the user's own; an empty one: the calendar's own comes back with the next sync."""
    name = tidy(name)
    if not name:
        tx.feeds.hold(feed.id, UNREAD)
    return _saved(tx, replace(feed, name=name or feed.name, renamed=bool(name)))


def tidy(name: str) -> str:
    """A name in one line, and no longer than it may be."""
    return " ".join(name.split())[:NAME_MAX].strip()


def set_leads(tx: Tx, user: User, feed: Feed, leads_s: tuple[int, ...] | None, now: int) -> Feed:
    """Remind of its events so long before (seconds); ``None``: as of the user's own."""
    return _reminded(tx, user, replace(feed, leads_s=leads_s), now)


def set_alarms(tx: Tx, user: User, feed: Feed, alarms: bool, now: int) -> Feed:
    """Whether events that have alarms of their own are reminded as these say; true from the next sync on, at once."""
    return _reminded(tx, user, replace(feed, alarms=alarms), now, read=True)


def mute(tx: Tx, user: User, feed: Feed, muted: bool, now: int) -> Feed:
    """Remind of none of its events, or of all again."""
    return _reminded(tx, user, replace(feed, muted=muted), now)


def set_in_plan(tx: Tx, feed: Feed, in_plan: bool) -> Feed:
    """Whether the daily plan shows its events."""
    return _saved(tx, replace(feed, in_plan=in_plan))


def set_tell_days(tx: Tx, feed: Feed, days: int) -> Feed:
    """Tell of changes to what starts within so many days, one of ``TELL_DAYS``."""
    return _saved(tx, replace(feed, tell_days=days))


def set_every(tx: Tx, feed: Feed, minutes: int, now: int) -> Feed:
    """Sync every so many minutes, within ``EVERY_MIN`` and ``EVERY_MAX``."""
    minutes = min(max(minutes, EVERY_MIN), EVERY_MAX)
    return _saved(tx, replace(feed, every_min=minutes, next_at=min(feed.next_at, now + minutes * MINUTE)))


def leads_of(feed: Feed) -> tuple[int, ...] | None:
    """The leads of its events, but for those whose own alarms come first."""
    return () if feed.muted else feed.leads_s


def delete_events(tx: Tx, user: User, ids: Sequence[int], now: int, reason: str) -> None:
    """Delete events softly, cancel what is owed for them, and make true what was sent of them."""
    tx.feed_events.cancel_ahead(ids, now, reason)
    told_of = tx.feed_events.told_of(ids, now)
    for event_id in told_of:
        tx.reminders.cancel(now, reason, event_id=event_id)
    tx.feed_events.delete(ids, now)
    for event_id in tx.standing.with_messages(told_of, now - standing.LOOK_BACK_MS):
        standing.update(tx, user, event_id, now, after=None)


def _saved(tx: Tx, feed: Feed) -> Feed:
    tx.feeds.save(feed)
    return feed


def _reminded(tx: Tx, user: User, feed: Feed, now: int, *, read: bool = False) -> Feed:
    """Bring the reminders of a feed's events to its leads; alarms of their own come with the next reading, at once."""
    if read or feed.alarms:
        tx.feeds.hold(feed.id, UNREAD)
        feed = replace(feed, next_at=now)
    tx.feeds.save(feed)
    ids = tx.feed_events.ids(feed.id)
    tx.feed_events.set_leads(feed.id, leads_of(feed))
    tx.feed_events.cancel_ahead(ids, now, SETTINGS_CHANGED)
    if leads_of(feed) == ():
        return feed
    if len(ids) <= AT_ONCE:
        events = tx.feed_events.current(feed.id, now - SEEN_BACK_MS)
    else:
        lead_ms = max(user.leads_s if feed.leads_s is None else feed.leads_s, default=0) * SECOND
        events = tx.feed_events.soon(feed, now - SEEN_BACK_MS, now + SOON_MS + lead_ms)
        tx.feed_events.owe_later(feed.id, [one.id for one in events], now, since=now - lead_ms)
    tx.feed_events.touch([one.id for one in events if one.rrule is not None], now)
    service.set_all(tx, user, events, now, now)
    return feed
