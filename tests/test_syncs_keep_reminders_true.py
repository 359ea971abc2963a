"""Whatever has become of a reminder, and however its calendar changes then: one true reminder, and no other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from planner import recur, service, standing
from planner.ics.entry import Limits
from planner.ics.prepare import Order, prepare
from planner.model import DAY, HOUR, MINUTE, User
from planner.store import Store, Tx
from planner.sync.apply import apply
from tests.virtual import START
from tests.web import calendar, event

ALICE = User(1, 1, "", "en", "UTC", False, None, (900,), None, False)
AT, LATER = START + HOUR, START + 3 * HOUR
DUE, LATER_DUE = AT - 15 * MINUTE, LATER - 15 * MINUTE
CHANGED, SNOOZED = AT - 10 * MINUTE, AT - 4 * MINUTE

SINGLE = event("u@x", "Standup", "20261121T110000Z")
DAILY = event("u@x", "Standup", "20261120T110000Z", "RRULE:FREQ=DAILY")
LATE = DAILY.replace("T11", "T13")
TODAY = "RECURRENCE-ID:20261121T110000Z"
RETITLED = event("u@x", "Standup (room 2)", "20261121T110000Z", TODAY)
MOVED = event("u@x", "Standup", "20261121T130000Z", TODAY)
EARLY = event("u@x", "Standup", "20261121T110000Z", "RECURRENCE-ID:20261121T130000Z")
ENDED = DAILY.replace("DAILY", "DAILY;UNTIL=20261120T235959Z")


class Change(NamedTuple):
    """A calendar before and after; ``to`` is when what was at ``AT`` is then, ``None``: it is not."""

    before: str
    after: str
    to: int | None


CHANGES = {
    "retitled": Change(SINGLE, SINGLE.replace("Standup", "Daily"), AT),
    "under another UID": Change(SINGLE, SINGLE.replace("u@x", "v@x"), AT),
    "moved": Change(SINGLE, SINGLE.replace("T11", "T13"), LATER),
    "cancelled": Change(SINGLE, "", None),
    "a series retitled": Change(DAILY, DAILY.replace("Standup", "Daily"), AT),
    "a series moved": Change(DAILY, LATE, LATER),
    "a series cancelled": Change(DAILY, "", None),
    "a series divided": Change(DAILY, ENDED + event("w@x", "Standup", "20261121T110000Z", "RRULE:FREQ=DAILY"), AT),
    "one of a series retitled": Change(DAILY, DAILY + RETITLED, AT),
    "one of a series moved": Change(DAILY, DAILY + MOVED, LATER),
    "one of a series left out": Change(DAILY, DAILY.replace("RRULE", "EXDATE:20261121T110000Z\nRRULE"), None),
    "one of a series cancelled": Change(DAILY, DAILY + RETITLED.replace("SUMMARY", "STATUS:CANCELLED\nSUMMARY"), None),
    "one of a series is like the others again": Change(DAILY + RETITLED, DAILY, AT),
    "one of a series is where the others are again": Change(LATE + EARLY, LATE, LATER),
    "one of a series moved on": Change(LATE + EARLY, LATE + EARLY.replace("20261121T11", "20261121T14"), LATER + HOUR),
    "one of a series made one of its own": Change(
        DAILY, DAILY.replace("RRULE", "EXDATE:20261121T110000Z\nRRULE") + SINGLE.replace("u@x", "v@x"), AT
    ),
}
STATES = ("ahead", "overdue", "in flight", "sent", "put off", "done")


class World:
    """A calendar that is linked, read at one instant after another, and the reminder that is due at ``DUE``."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def link(self) -> None:
        def job(tx: Tx) -> None:
            tx.users.add(ALICE, START)
            feed = tx.feeds.add(ALICE.id, "https://a.example/", "🟦", START)
            tx.feeds.save(replace(feed, linked_at=START, ok_at=START))

        await self.store.write(job)

    async def read(self, text: str, now: int) -> None:
        def job(tx: Tx) -> None:
            (feed,) = tx.feeds.of_user(ALICE.id)
            known = tx.feed_events.digests(feed.id)
            order = Order(ALICE.id, feed.id, service.owner(ALICE), None, False, False, known, now, Limits())
            apply(tx, ALICE, feed, prepare(calendar(text).encode(), order), now)

        await self.store.write(job)

    async def brought_to(self, state: str) -> None:
        """What becomes of the reminder before the calendar changes."""

        def job(tx: Tx) -> None:
            (number,) = (row[0] for row in tx._db.execute("SELECT id FROM reminders WHERE due_at = ?", (DUE,)))
            if state in {"ahead", "overdue"}:
                return
            tx.reminders.claim([number], DUE)
            if state == "in flight":
                return
            standing.sent(tx, (number,), DUE, 100)
            owed = tx.reminders.get(number)
            assert owed is not None
            assert owed.reminder.event_id is not None
            if state == "put off":
                service.put_off(tx, owed, SNOOZED, DUE + MINUTE)
            if state == "done":
                service.done(tx, owed, DUE + MINUTE)
            after = tx.events.get(owed.reminder.event_id)
            standing.update(tx, ALICE, owed.reminder.event_id, DUE + MINUTE, after=after)

        await self.store.write(job)

    async def arrives(self) -> None:
        def job(tx: Tx) -> None:
            flying = tuple(row[0] for row in tx._db.execute("SELECT id FROM reminders WHERE state = 'sending'"))
            standing.sent(tx, flying, CHANGED + MINUTE, 100)

        await self.store.write(job)

    async def wanted(self) -> list[tuple[str, int, int]]:
        """What is owed today: kind, when it is due, and of what start it speaks. Each speaks of something true."""

        def job(tx: Tx) -> list[tuple[str, int, int]]:
            rows = tx._db.execute(
                "SELECT kind, due_at, occurrence_at, event_id FROM reminders WHERE state IN ('pending', 'sending')"
                " AND unwanted_at IS NULL AND due_at < ? ORDER BY due_at",
                (START + DAY // 2,),
            ).fetchall()
            for row in rows:
                found = tx.events.get(row[3])
                assert found is not None
                assert recur.happens(found, "UTC", row[2])
            return [tuple(row[:3]) for row in rows]

        return await self.store.read(job)

    async def shows(self) -> list[str]:
        """What the message says that was sent."""
        rows = "SELECT shows FROM reminders WHERE message_id = 100"
        return await self.store.read(lambda tx: [row[0] for row in tx._db.execute(rows)])


def expected(state: str, to: int | None) -> tuple[list[tuple[str, int, int]], list[str]]:
    """What is owed after a change, and what the message shows that was sent."""
    shown = {"sent": "", "put off": standing.put_off_to(SNOOZED), "done": standing.DONE}
    if to != AT:
        became = standing.GONE if to is None else f"{standing.MOVED} {to}"
        shown |= dict.fromkeys(("sent", "put off"), became)
        owed = [] if to is None else [("event", to - 15 * MINUTE, to)]
    else:
        owed = [("event", DUE, AT)] if state in {"ahead", "overdue", "in flight"} else []
        owed = [("snooze", SNOOZED, AT)] if state == "put off" else owed
    return owed, [shown[state]] if state in shown else []


def in_a_world(folder: Path, story: Callable[[World], object]) -> None:
    async def run() -> None:
        store = Store(folder / "planner.db", inline=True)
        try:
            world = World(store)
            await world.link()
            await story(world)
        finally:
            store.close()

    asyncio.run(run())


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_after_any_change_one_true_reminder_is_owed_or_was_sent(tmp_path: Path, state: str, change: Change) -> None:
    at = START + 10 * MINUTE if state == "ahead" else CHANGED

    async def story(world: World) -> None:
        await world.read(change.before, START)
        await world.brought_to(state)
        await world.read(change.after, at)
        owed, shown = expected(state, change.to)
        assert await world.wanted() == owed
        assert await world.shows() == shown
        if state == "in flight":
            await world.arrives()
            assert await world.shows() == expected("sent", change.to)[1]
            assert await world.wanted() == expected("sent", change.to)[0]

    in_a_world(tmp_path, story)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_that_is_taken_back_leaves_all_as_it_was(tmp_path: Path, state: str, change: Change) -> None:
    at = START + 10 * MINUTE if state == "ahead" else CHANGED

    async def story(world: World) -> None:
        await world.read(change.before, START)
        await world.brought_to(state)
        await world.read(change.after, at)
        await world.read(change.before, at + MINUTE)
        owed, shown = expected(state, AT)
        if state == "overdue":  # what was no longer true is owed at the start instead, or again as it was
            (kept,) = await world.wanted()
            assert kept in [("event", DUE, AT), ("event", AT, AT)]
        else:
            assert await world.wanted() == owed
        assert await world.shows() == shown

    in_a_world(tmp_path, story)
