"""Syncs are spread over time and servers: none is late, no server is pressed, and what fails is asked less often."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from planner import calendars, sync
from planner.feeds.fetched import Fault, NotModified
from planner.model import DAY, HOUR, MINUTE, SECOND, Feed, Outcome
from planner.store import Tx
from planner.sync import AT_ONCE, AT_ONCE_OF_HOST
from planner.sync.record import Came, record
from planner.sync.when import JITTER, LONGEST_BACKOFF_MS, after_failure, after_success
from tests.syncing import Syncing, syncing
from tests.virtual import START, FakeClock
from tests.web import Web, calendar, event

FEED = Feed(1, 1, "https://a.example/", "", False, "🟦", START, None, False, False, True, 2, 15, START, None, START, 0,
            None, "", None)  # fmt: skip


class Unchanged(Web):
    """Every address answers after a while that nothing has changed."""

    most = 0
    most_of_host: Counter[str]

    async def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> NotModified:
        await super().fetch(url, etag=etag, modified=modified)
        return NotModified()


def unchanged(one: Syncing, takes_ms: int) -> None:
    one.web.__class__ = Unchanged
    one.web.takes_ms = takes_ms


async def test_of_a_thousand_feeds_linked_at_once_no_sync_is_late(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        unchanged(one, takes_ms=300)
        user = await one.user()
        urls = [f"https://host{number % 10}.example/{number}.ics" for number in range(1_000)]
        await one.linked(user, urls)
        await clock.sleep(7 * MINUTE)  # those linked all at once have had their first turn
        planned = {row["url"]: row["next_at"] for row in await one.query("SELECT url, next_at FROM feeds")}
        one.web.requests.clear()
        await clock.sleep(23 * MINUTE)
        late = [made.at - planned.pop(made.url) for made in one.web.requests if made.url in planned]
        assert len(late) == 1_000
        assert not planned
        assert max(late) <= 60 * SECOND
        a_minute = Counter((made.at - START) // MINUTE for made in one.web.requests)
        assert max(a_minute.values()) < 2 * 1_000 / 15


async def test_a_busy_server_holds_up_no_other(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        unchanged(one, takes_ms=30 * SECOND)
        user = await one.user()
        await one.linked(user, [f"https://slow.example/{number}" for number in range(50)])
        await one.linked(user, [f"https://other{number}.example/" for number in range(20)])
        most, most_of_slow = 0, 0
        for _ in range(40):
            await clock.sleep(5 * SECOND)
            most = max(most, len(one.web.under_way))
            most_of_slow = max(most_of_slow, sum("slow" in url for url in one.web.under_way))
        assert (most, most_of_slow) == (AT_ONCE, AT_ONCE_OF_HOST)
        assert all(one.web.asked(f"https://other{number}.example/") for number in range(20))


async def test_after_a_day_down_all_are_synced_a_few_at_once(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        unchanged(one, takes_ms=100)
        user = await one.user()
        await one.linked(user, [f"https://host{number}.example/" for number in range(200)], next_at=START - DAY)
        await clock.sleep(10 * SECOND)
        assert {one.web.asked(url) for url in {made.url for made in one.web.requests}} == {1}
        assert len(one.web.requests) == 200


async def test_a_clock_that_is_set_back_keeps_no_calendar_waiting(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        unchanged(one, takes_ms=0)
        user = await one.user()
        await one.linked(user, ["https://a.example/"])
        await clock.sleep(SECOND)
        clock.jump(-DAY)
        await clock.sleep(30 * MINUTE)
        assert len(one.web.requests) >= 2


@pytest.mark.parametrize("every_min", [5, 15, 1_440])
def test_a_feed_keeps_its_own_instants_however_long_it_takes(every_min: int) -> None:
    feed, random, every = replace(FEED, every_min=every_min), Random(1), every_min * MINUTE
    now, waits = START, []
    for _ in range(200):
        following = after_success(feed, now, random)
        waits.append(following - now)
        now = following
    assert waits[0] > 0, "it comes to its instants from wherever it was linked"
    assert min(waits[1:]) > every * 2 // 3
    assert max(waits) < (1 + 4 * JITTER) * every, "whoever changes something over there is told how soon it is here"
    assert sum(waits) / 200 == pytest.approx(every, rel=0.01)


def test_from_wherever_it_begins_a_feed_comes_to_its_own_instants() -> None:
    every = FEED.every_min * MINUTE
    for late in range(0, every, MINUTE):
        first = after_success(FEED, START + late, Random(late))
        assert START + late < first < START + late + (1 + 4 * JITTER) * every
        own = after_success(FEED, START + every * 10, Random(1))
        apart = (first - own) % every
        assert min(apart, every - apart) <= 2 * JITTER * every


def test_feeds_lie_evenly_apart() -> None:
    slots = sorted(after_success(replace(FEED, id=number), START, Random(number)) for number in range(900))
    a_minute = Counter((at - START) // MINUTE for at in slots)
    assert max(a_minute.values()) < 90


def test_a_failing_feed_is_asked_half_as_often_each_time_but_every_six_hours() -> None:
    waits = [(after_failure(replace(FEED, failures=failures), START, Random(failures)) - START) / MINUTE
             for failures in range(8)]  # fmt: skip
    for wait, about in zip(waits, [15, 30, 60, 120, 240, 360, 360, 360], strict=True):
        assert wait == pytest.approx(about, rel=JITTER)
        assert wait * MINUTE <= LONGEST_BACKOFF_MS == 6 * HOUR


def test_a_server_says_how_long_to_wait_up_to_six_hours() -> None:
    assert after_failure(FEED, START, Random(1), retry_after_s=3_600) == START + HOUR
    assert after_failure(FEED, START, Random(1), retry_after_s=10**9) == START + 6 * HOUR
    assert after_failure(FEED, START, Random(1), retry_after_s=1) > START + 14 * MINUTE


async def test_what_fails_is_tried_again_as_the_server_says(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        one.web["https://a.example/"] = Fault(Outcome.HTTP_ERROR, "429", retry_after_s=2 * 3_600)
        await one.linked(user, ["https://a.example/"])
        await clock.sleep(HOUR)
        assert len(one.web.requests) == 1
        await clock.sleep(HOUR + SECOND)
        assert len(one.web.requests) == 2


async def test_an_unchanged_calendar_is_not_parsed_but_once_a_week(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        one.web["https://a.example/"] = calendar(event("a@x", "A", "20261122T100000Z"))
        await one.linked(user, ["https://a.example/"], every_min=60)
        await clock.sleep(SECOND)
        for etags in (True, False):
            one.web.etags = etags
            asked, parsed = len(one.web.requests), one.web.parsed
            await clock.sleep(6 * DAY)
            assert len(one.web.requests) - asked > 100
            assert one.web.parsed == parsed
            await clock.sleep(DAY + HOUR)
            assert one.web.parsed == parsed + 1


@pytest.mark.parametrize("etags", [True, False])
async def test_a_setting_that_is_changed_during_a_sync_is_followed_at_once(
    tmp_path: Path, clock: FakeClock, etags: bool
) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        one.web.etags, one.web.takes_ms = etags, 10 * SECOND
        one.web["https://a.example/"] = calendar(event("a@x", "A", "20261122T100000Z"))
        await one.linked(user, ["https://a.example/"], renamed=True, name="Mine")
        await clock.sleep(11 * SECOND)
        [feed] = await one.feeds()
        await clock.sleep(feed.next_at - clock.now() + 5 * SECOND)
        assert one.web.under_way, "nothing has changed over there, which is not known yet"
        await one.store.write(lambda tx: calendars.rename(tx, feed, ""))
        await clock.sleep(20 * SECOND)
        [feed] = await one.feeds()
        assert feed.name == "Work"
        assert feed.next_at > clock.now() + MINUTE


async def test_a_fault_of_ours_in_one_sync_stops_no_other(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(tx: Tx, came: Came, *rest: object) -> bool:
        if came.feed.url == "https://a.example/":
            raise RuntimeError("a fault of ours")
        return record(tx, came, *rest)

    monkeypatch.setattr(sync, "record", failing)
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        await one.linked(user, ["https://a.example/", "https://b.example/"])
        await clock.sleep(HOUR)
        assert len(await one.query("SELECT * FROM syncs")) == 3
        assert 30 < one.web.asked("https://a.example/") <= 62, "tried again, with a pause"
