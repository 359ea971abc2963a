"""No calendar, and no server, is in anybody else's way: neither large ones, nor slow ones, nor all of them at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from planner import calendars
from planner.ics import prepare
from planner.model import HOUR, MINUTE, SECOND
from planner.sync import AT_ONCE
from tests.syncing import syncing
from tests.virtual import FakeClock
from tests.web import calendar, event

URL = "https://example.org/work.ics"


async def test_a_calendar_that_grows_with_each_sync_is_bounded_as_a_whole(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "STARTS_MAX", 50)
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        await one.linked(user, [URL])
        grown = []
        for number in range(20):
            grown.append(event(f"{number}@x", "Daily", "20261101T100000Z", "RRULE:FREQ=DAILY"))
            one.web[URL] = calendar(*grown)
            await clock.sleep(30 * MINUTE)
        assert await one.query("SELECT count(*) AS kept FROM events") == [{"kept": 20}]
        (kept,) = await one.query("SELECT count(*) AS starts FROM occurrences")
        assert 40 <= kept["starts"] <= 60
        assert await one.query("SELECT count(*) AS kept FROM events WHERE rrule IS NOT NULL") == [{"kept": 5}]
        (last,) = await one.query("SELECT skipped, report FROM syncs WHERE outcome = 'ok' ORDER BY id DESC LIMIT 1")
        assert last["skipped"] == 15
        assert "crowded" in str(last["report"])


async def test_a_server_that_hangs_keeps_no_calendar_elsewhere_waiting(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        one.web.takes = {"slow.example": MINUTE}
        await one.linked(user, [f"https://slow.example/{number}.ics" for number in range(300)])
        one.web[URL] = calendar(event("1@x", "Trip", "20261222T100000Z"))
        await one.linked(user, [URL])
        await clock.sleep(4 * HOUR)
        assert one.web.asked(URL) >= 15


async def test_what_is_asked_for_waits_behind_nobody(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        slow = [f"slow{number}.example" for number in range(60)]
        one.web.takes = dict.fromkeys(slow, MINUTE)
        await one.linked(user, [f"https://{host}/work.ics" for host in slow])
        one.web[URL] = calendar(event("1@x", "Trip", "20261222T100000Z"))
        await clock.sleep(10 * SECOND)
        assert len(one.web.under_way) == AT_ONCE
        await one.store.write(lambda tx: tx.feeds.add(user.id, URL, "🟩", clock.now()))
        await clock.sleep(SECOND)
        assert one.web.asked(URL) == 1
        assert (await one.feeds())[-1].linked_at is not None


@pytest.mark.parametrize("etags", [True, False])
async def test_a_name_that_is_given_back_during_a_sync_is_the_calendar_s_own_again(
    tmp_path: Path, clock: FakeClock, etags: bool
) -> None:
    async with syncing(tmp_path, clock) as one:
        one.web.etags = etags
        one.web[URL] = calendar(event("1@x", "Trip", "20261222T100000Z"), name="Team")
        (linked,) = await one.linked(await one.user(), [URL])
        await clock.sleep(HOUR)
        one.web.takes_ms = 10 * SECOND
        for renames in (("Mine", ""), ("", "Mine", "")):
            (feed,) = await one.feeds()
            await one.store.write(lambda tx, feed=feed: tx.feeds.save(replace(feed, next_at=clock.now())))
            for name in renames:
                await clock.sleep(3 * SECOND)
                await one.store.write(
                    lambda tx, name=name: calendars.rename(tx, tx.feeds.get(linked.id), name) and None
                )
            await clock.sleep(MINUTE)
            assert [feed.name for feed in await one.feeds()] == ["Team"]
