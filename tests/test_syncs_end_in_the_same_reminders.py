"""However a calendar came to be what it is, its reminders are the same; and read twice, nothing changes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from planner import service
from planner.ics.entry import Limits
from planner.ics.prepare import Order, prepare
from planner.model import Feed, Quiet, User
from planner.store import Store, Tx
from planner.sync.apply import Applied, apply
from tests.conftest import MEMORY
from tests.virtual import START
from tests.web import calendar, event

ALICE = User(1, 1, "", "en", "Europe/Berlin", False, None, (900, 86_400), Quiet(22 * 60, 7 * 60), False)
RULES = ("RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY;COUNT=3", "RRULE:FREQ=DAILY;COUNT=1\nRDATE:20261203T100000Z")
UIDS = ("a@x", "b@x", "c@x")


@dataclass(frozen=True)
class Meeting:
    """What a calendar says of one UID."""

    day: int
    hour: int
    form: str
    rule: str | None
    moved: int | None
    left_out: bool
    cancelled: bool
    title: str

    def text(self, uid: str) -> str:
        start = f"202611{self.day}" + ("" if self.form == "day" else f"T{self.hour:02}0000{self.form}")
        lines = [self.rule] if self.rule else []
        if self.rule and self.left_out:
            lines.append(f"EXDATE:{start}")
        if self.cancelled:
            lines.append("STATUS:CANCELLED")
        text = event(uid, self.title, start, *lines)
        if self.rule and self.moved is not None and self.form != "day":
            there = f"202611{self.day}T{self.moved:02}3000{self.form}"
            text += event(uid, self.title, there, f"RECURRENCE-ID:{start}")
        return text


MEETINGS = st.builds(
    Meeting,
    day=st.integers(22, 28),
    hour=st.integers(8, 20),
    form=st.sampled_from(["Z", "", "day"]),
    rule=st.none() | st.sampled_from(RULES),
    moved=st.none() | st.integers(8, 20),
    left_out=st.booleans(),
    cancelled=st.integers(0, 5).map(lambda one: one == 0),
    title=st.sampled_from(["Standup", "Review"]),
)
CALENDARS = st.dictionaries(st.sampled_from(UIDS), MEETINGS)


class Calendar:
    """A linked calendar in a store of its own, read at one instant."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.feed: Feed

    async def link(self) -> None:
        def job(tx: Tx) -> Feed:
            tx.users.add(ALICE, START)
            feed = tx.feeds.add(ALICE.id, "https://a.example/", "🟦", START)
            return replace(feed, linked_at=START, ok_at=START)

        self.feed = await self.store.write(job)

    async def read(self, meetings: dict[str, Meeting], *, anew: bool = False) -> Applied:
        def job(tx: Tx) -> Applied:
            known = frozenset() if anew else tx.feed_events.digests(self.feed.id)
            order = Order(ALICE.id, self.feed.id, service.owner(ALICE), None, False, False, known, START, Limits())
            text = calendar(*(one.text(uid) for uid, one in meetings.items()))
            return apply(tx, ALICE, self.feed, prepare(text.encode(), order), START)

        return await self.store.write(job)

    async def rows(self, sql: str) -> list[tuple[object, ...]]:
        return await self.store.read(lambda tx: [tuple(row) for row in tx._db.execute(sql)])

    async def reminders(self) -> list[tuple[object, ...]]:
        return await self.rows(
            "SELECT uid, part, title, occurrence_at, due_at FROM reminders JOIN events ON events.id = event_id"
            " WHERE state = 'pending' AND deleted_at IS NULL ORDER BY 1, 2, 3, 4, 5"
        )

    async def ahead(self) -> list[tuple[object, ...]]:
        """What the day's list is made of."""
        return await self.rows(
            "SELECT uid, part, occurrences.start_at, set_until FROM occurrences JOIN events ON events.id = event_id"
            " WHERE deleted_at IS NULL ORDER BY 1, 2, 3"
        )


def in_a_store(work: object) -> None:
    with TemporaryDirectory(dir=MEMORY if MEMORY.exists() else None) as folder:
        store = Store(Path(folder) / "planner.db", inline=True)
        try:
            asyncio.run(work(Calendar(store)))
        finally:
            store.close()


@settings(max_examples=40, deadline=None)
@given(before=st.lists(CALENDARS, max_size=3), last=CALENDARS, order=st.randoms(use_true_random=False))
def test_any_way_to_the_same_calendar_ends_in_the_same_reminders(before: list, last: dict, order: object) -> None:
    shuffled = list(before)
    order.shuffle(shuffled)
    ends = []
    for way in ([], before, shuffled):

        async def go(one: Calendar, way: list = way) -> None:
            await one.link()
            for step in [*way, last]:
                await one.read(step)
            left = await one.rows("SELECT count(*) FROM reminders JOIN events ON events.id = event_id"
                                  " WHERE state = 'pending' AND deleted_at IS NOT NULL")  # fmt: skip
            assert left == [(0,)]
            ends.append((await one.reminders(), await one.ahead()))

        in_a_store(go)
    assert ends[0] == ends[1] == ends[2]


@settings(max_examples=25, deadline=None)
@given(meetings=CALENDARS)
def test_reading_twice_is_reading_once(meetings: dict) -> None:
    async def go(one: Calendar) -> None:
        await one.link()
        first = await one.read(meetings)
        everything = "SELECT * FROM events ORDER BY id"
        events, reminders = await one.rows(everything), await one.rows("SELECT * FROM reminders ORDER BY id")
        assert first.added == len(events)
        assert await one.read(meetings) == Applied(0, 0, 0, [])
        assert await one.read(meetings, anew=True) == Applied(0, 0, 0, [])
        assert await one.rows(everything) == events
        assert await one.rows("SELECT * FROM reminders ORDER BY id") == reminders

    in_a_store(go)


@settings(max_examples=25, deadline=None)
@given(changes=st.dictionaries(st.sampled_from(UIDS), st.none() | MEETINGS), start=CALENDARS, data=st.data())
def test_any_order_of_the_same_changes_ends_in_the_same_reminders(changes: dict, start: dict, data: object) -> None:
    ends = []
    for turns in (list(changes), data.draw(st.permutations(list(changes)))):

        async def go(one: Calendar, turns: list = turns) -> None:
            await one.link()
            now = dict(start)
            await one.read(now)
            for uid in turns:
                now.pop(uid, None)
                if changes[uid] is not None:
                    now[uid] = changes[uid]
                await one.read(now)
            ends.append((await one.reminders(), await one.ahead()))

        in_a_store(go)
    assert ends[0] == ends[1]
