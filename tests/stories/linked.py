"""Linked calendars as a sync leaves them, without a server: their events are put straight into the database."""

from __future__ import annotations

from dataclasses import replace

from planner import service
from planner.model import DAY, Event, Feed
from planner.store import Tx
from tests.world import Person

URL = "https://calendars.example/{name}.ics"


async def calendar(person: Person, name: str = "Work", mark: str = "🟦", **settings: object) -> Feed:
    """A calendar that is linked; its next sync is far off."""

    def job(tx: Tx) -> Feed:
        now = person.world.clock.now()
        feed = tx.feeds.add(person.user.id, URL.format(name=name), mark, now, name)
        feed = replace(feed, linked_at=now, asked_at=None, next_at=now + 400 * DAY, **settings)
        tx.feeds.save(feed)
        return feed

    return await person.world.store.write(job)


async def holds(person: Person, feed: Feed, title: str, start: str, minutes: int = 60, *, rrule: str | None = None,
                **fields: object) -> Event:  # fmt: skip
    """The calendar has an event that starts at ``start`` (``2026-11-22T10:00:00``) on its user's wall clock."""

    def job(tx: Tx) -> Event:
        now, user = person.world.clock.now(), tx.users.get(person.user.id)
        assert user is not None
        draft = Event(0, user.id, title, start, service.start_of(start, user.zone), minutes * 60, False, None, rrule,
                      False, None, source="feed", feed_id=feed.id)  # fmt: skip
        event = tx.events.add(replace(draft, **fields), now)
        tx.feed_events.place([(event.id, f"{event.id}@example", "", "digest")])
        service.set_reminders(tx, event, user, now, now)
        return event

    return await person.world.store.write(job)


__all__ = ["calendar", "holds"]
