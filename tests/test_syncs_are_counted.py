"""The SLOs of calendars say what happened: every attempt counts once, and a stale calendar counts each minute."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from planner.feeds.fetched import Fault, Fetched, NotModified
from planner.housekeeping import Housekeeping
from planner.model import DAY, HOUR, MINUTE, SECOND, Outcome
from planner.store.syncs import Sync, outcome_total, took_total
from tests.syncing import Syncing, syncing
from tests.virtual import START, FakeClock
from tests.web import Web, calendar, event

GOOD = calendar(event("a@x", "A", "20261122T100000Z"))
HURT = calendar(event("a@x", "A", "20261122T100000Z"), "BEGIN:VEVENT\nUID:b@x\nDTSTART:nonsense\nEND:VEVENT\n")
FAULTS = [
    Fault(Outcome.HTTP_ERROR, "404"),
    Fault(Outcome.HTTP_ERROR, "503", 600),
    Fault(Outcome.TIMEOUT, "timeout"),
    Fault(Outcome.NETWORK, "dns"),
    Fault(Outcome.TOO_LARGE, "too_large"),
    Fault(Outcome.BLOCKED, "private"),
]


class Moody(Web):
    """Answers anything, and counts by itself what that ought to be."""

    def prepare(self, seed: int) -> None:
        self.random = Random(seed)
        self.wanted: Counter[str] = Counter()
        self.last: dict[str, object] = {}

    async def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        await super().fetch(url, etag=etag, modified=modified)
        answer = self.random.choice([*FAULTS, GOOD, HURT, "", "<html>", None, ValueError("boom"), GOOD, GOOD])
        if isinstance(answer, ValueError):
            self.wanted["invalid"] += 1
            raise answer
        if isinstance(answer, Fault):
            self.wanted[answer.outcome] += 1
            return answer
        if answer is None and etag is not None:
            self.wanted["not_modified"] += 1
            return NotModified()
        text = GOOD if answer is None else answer
        body = self._body(text.encode(), None)
        if text not in (GOOD, HURT):
            self.wanted["invalid"] += 1
        elif self.last.get(url) == text:
            self.wanted["not_modified"] += 1
        else:
            self.wanted["ok"] += 1
            self.last[url] = text
        return replace(body, etag='"an etag"')


async def counted(one: Syncing, slo: str, now: int) -> tuple[int, int]:
    length = now - START
    return await one.store.read(lambda tx: tx.counts.windows([slo], [length], now)[slo][length])


async def test_the_success_rate_is_right_under_any_mix_of_faults(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        one.web.__class__ = Moody
        one.web.prepare(seed=4)
        user = await one.user()
        await one.linked(user, [f"https://host{number}.example/" for number in range(30)])
        await clock.sleep(12 * HOUR)
        wanted = one.web.wanted
        assert sum(wanted.values()) > 500
        assert {*wanted} == {*Outcome}
        rows = await one.query("SELECT outcome, count(*) AS n FROM syncs GROUP BY outcome")
        assert {row["outcome"]: row["n"] for row in rows} == wanted
        good = wanted["ok"] + wanted["not_modified"]
        assert await counted(one, "syncs", clock.now()) == (good, sum(wanted.values()) - good)
        totals = await one.store.read(lambda tx: tx.totals.read())
        assert {outcome: totals[outcome_total(outcome)] for outcome in Outcome} == wanted


async def test_trying_an_address_is_no_sync(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        one.web["https://good.example/"] = GOOD
        await one.linked(user, ["https://good.example/", "https://bad.example/"], linked_at=None, ok_at=None)
        await clock.sleep(SECOND)
        assert [feed.url for feed in await one.feeds()] == ["https://good.example/"]
        assert await one.query("SELECT * FROM syncs") == []
        assert await one.query("SELECT * FROM counts") == []


async def test_what_could_not_be_read_is_counted_and_named(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        one.web["https://a.example/"] = HURT
        (feed,) = await one.linked(user, ["https://a.example/"])
        await clock.sleep(SECOND)
        sync = await one.store.read(lambda tx: tx.syncs.last(feed.id))
        assert (sync.outcome, sync.added, sync.skipped, len(sync.report)) == (Outcome.OK, 1, 1, 1)
        assert sync.bytes == len(HURT)


async def test_durations_stand_in_the_totals(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        one.web.takes_ms = 700
        await one.linked(user, ["https://a.example/"])
        await clock.sleep(SECOND)
        totals = await one.store.read(lambda tx: tx.totals.read())
        assert totals[took_total(1_000)] == 1
        assert totals["sync/took_ms"] == 700


def upkeep(one: Syncing, clock: FakeClock, keep_days: int = 30) -> Housekeeping:
    return Housekeeping(one.store, clock, keep_days, admits=lambda _, __: True, reachable=lambda: True)


async def fresh(one: Syncing, clock: FakeClock) -> tuple[int, int]:
    return await counted(one, "feeds", clock.now() + 1)


async def test_a_calendar_counts_as_stale_by_the_minute_once_it_is_an_hour_old(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        await one.linked(user, ["https://dead.example/"], next_at=START + 400 * DAY)
        await one.linked(user, ["https://slow.example/"], next_at=START + 400 * DAY, every_min=120)
        work = upkeep(one, clock)
        for _ in range(5 * 60):
            await work.minute(clock.now())
            await clock.sleep(MINUTE)
        minutes = 5 * 60 + 1  # the one that has just begun is counted by the reading
        assert await fresh(one, clock) == (61 + 4 * 60 + 1, 2 * minutes - (61 + 4 * 60 + 1))


async def test_minutes_in_which_nothing_ran_are_counted_at_the_next_start(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        await one.linked(user, ["https://a.example/"], next_at=START + 400 * DAY)
        work = upkeep(one, clock)
        await work.minute(clock.now())
        clock.jump(10 * HOUR)
        before = await fresh(one, clock)
        await work.recover()
        assert await fresh(one, clock) == before == (61, 600 - 60)
        rows = await one.query("SELECT sum(good) AS good, sum(bad) AS bad FROM counts WHERE slo = 'feeds'")
        assert (rows[0]["good"], rows[0]["bad"]) == before
        await work.minute(clock.now())
        assert await fresh(one, clock) == before


async def test_a_calendar_counts_from_when_it_was_linked_and_only_for_who_is_there(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with syncing(tmp_path, clock) as one:
        user, gone = await one.user(), await one.user(2)
        await one.store.write(lambda tx: tx.users.freeze(gone.chat_id))
        work = upkeep(one, clock)
        await work.minute(clock.now())
        clock.jump(3 * HOUR + 30 * SECOND)
        await one.linked(user, ["https://a.example/"], next_at=START + 400 * DAY)
        await one.linked(gone, ["https://b.example/"], next_at=START + 400 * DAY)
        await one.linked(user, ["https://c.example/"], linked_at=None, next_at=START + 400 * DAY)
        clock.jump(10 * MINUTE)
        assert await fresh(one, clock) == (10, 0)


async def test_a_week_down_is_counted_in_no_time_and_no_further_back(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        await one.linked(user, [f"https://host{number}.example/" for number in range(300)], next_at=START + 400 * DAY)
        await upkeep(one, clock).minute(clock.now())
        clock.jump(30 * DAY)
        await upkeep(one, clock).recover()
        rows = await one.query("SELECT sum(bad) AS bad FROM counts WHERE slo = 'feeds'")
        assert rows[0]["bad"] == 300 * 7 * 24 * 60


async def test_nothing_is_counted_of_the_time_that_a_user_was_away(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        await one.linked(user, ["https://a.example/"], next_at=START + 400 * DAY)
        work = upkeep(one, clock)
        await work.minute(clock.now())
        await one.store.write(lambda tx: tx.users.freeze(user.chat_id))
        for _ in range(5 * 24):
            await clock.sleep(HOUR)
            await work.recover()
        assert await fresh(one, clock) == (1, 0)
        clock.jump(30 * SECOND)
        await one.store.write(lambda tx: tx.users.save(user))
        assert await fresh(one, clock) == (1, 0)
        for _ in range(5):
            await clock.sleep(MINUTE)
            await work.minute(clock.now())
        assert await fresh(one, clock) == (6, 0), "they are fresh for as long as if they had just been linked"
        await clock.sleep(2 * HOUR)
        assert await fresh(one, clock) == (6 + 55, 65)


@pytest.mark.parametrize("days", [3, -3, 30, -30, -10_000])
async def test_no_minute_is_counted_twice_however_the_clock_is_set(tmp_path: Path, clock: FakeClock, days: int) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        await one.linked(user, ["https://a.example/"], linked_at=START - 60 * DAY, next_at=START + 400 * DAY)
        work = upkeep(one, clock)

        async def minutes(number: int) -> None:
            for _ in range(number):
                await work.minute(clock.now())
                await clock.sleep(MINUTE)

        await minutes(20)
        for jump in (days, -days):
            clock.jump(jump * DAY)
            await minutes(20)
        rows = await one.query("SELECT bucket_at, good + bad AS minutes FROM counts WHERE slo = 'feeds'")
        assert max(row["minutes"] for row in rows) == 5
        a_week = 7 * 24 * 60
        assert sum(row["minutes"] for row in rows) <= 2 * a_week + 60
        lately = [row for row in rows if clock.now() - 20 * MINUTE <= row["bucket_at"] < clock.now()]
        assert len(lately) == 4, "and there is no time of which nothing is known"


@pytest.mark.parametrize("ahead", [6 * HOUR, 30 * DAY])
async def test_a_clock_that_was_ahead_for_some_minutes_makes_no_calendar_stale(
    tmp_path: Path, clock: FakeClock, ahead: int
) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        await one.linked(user, ["https://a.example/"], next_at=START + 400 * DAY)
        work = upkeep(one, clock)
        await work.recover()
        for jump, minutes in (ahead, 5), (-ahead, 30):
            clock.jump(jump)
            for _ in range(minutes):
                await work.minute(clock.now())
                await clock.sleep(MINUTE)
        rows = await one.query("SELECT sum(good) AS good, sum(bad) AS bad FROM counts WHERE slo = 'feeds'")
        assert rows[0]["good"] > 20
        assert rows[0]["bad"] == 0


async def test_a_calendar_that_grew_stale_in_a_sleep_was_stale_though_it_is_read_at_once_after_it(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        await one.linked(user, ["https://a.example/"], next_at=START + 400 * DAY)
        work = upkeep(one, clock)
        await work.recover()
        clock.jump(5 * HOUR)
        await work.minute(clock.now())
        await one.store.write(lambda tx: tx._db.execute("UPDATE feeds SET ok_at = ?", (clock.now(),)))
        assert await fresh(one, clock) == (1, 0), "the clock may be set back"
        for _ in range(10):
            await clock.sleep(MINUTE)
            await work.minute(clock.now())
        assert await fresh(one, clock) == (61 + 10, 4 * 60)


async def test_old_syncs_go_and_their_counts_stay(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        await one.user()
        for days in (40, 1):
            at = START - days * DAY
            await one.store.write(lambda tx, at=at: tx.syncs.add(Sync(1, 1, at, 5, Outcome.OK)))
        await upkeep(one, clock).forget(clock.now())
        assert len(await one.query("SELECT * FROM syncs")) == 1
        assert (await one.query("SELECT sum(good) AS n FROM counts"))[0]["n"] == 2


async def test_an_attempt_that_was_broken_off_is_made_again_and_counts_once(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        one.web["https://a.example/"] = GOOD
        one.web.takes_ms = 10 * SECOND
        await one.linked(user, ["https://a.example/"])
        await clock.sleep(5 * SECOND)
    async with syncing(tmp_path, clock) as one:
        one.web["https://a.example/"] = GOOD
        await asyncio.sleep(1)
        assert [row["outcome"] for row in await one.query("SELECT outcome FROM syncs")] == ["ok"]
