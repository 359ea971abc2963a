"""The promise to be up: minutes with a heartbeat, each judged once, whatever the clock does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from planner.model import DAY, HOUR, MINUTE, SECOND
from planner.store import Store
from planner.store.counts import Count
from planner.store.pulse import STRETCHES_MAX, WINDOW_MS
from tests.virtual import START, FakeClock
from tests.world import a_world


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = Store(tmp_path / "planner.db", inline=True)
    yield found
    found.close()


async def beat(store: Store, *times: int) -> None:
    for at in times:
        await store.write(lambda tx, at=at: tx.counts.beat(at))


async def up(store: Store, now: int) -> Count:
    return await within(store, now, now - START + 400 * DAY)


async def within(store: Store, now: int, length: int) -> Count:
    return await store.read(lambda tx: tx.counts.windows(["up"], [length], now)["up"][length])


async def ever(store: Store, now: int) -> Count:
    return await store.read(lambda tx: tx.counts.ever("up", tx.totals.read(), now))


async def test_a_minute_with_a_heartbeat_is_good(store: Store) -> None:
    assert await up(store, START) == (0, 0), "nothing is said of the time before the first start"
    await beat(store, *(START + minute * MINUTE for minute in range(10)))
    assert await up(store, START + 9 * MINUTE) == await ever(store, START + 9 * MINUTE) == (10, 0)
    assert await store.read(lambda tx: tx.pulse.last()) == START + 9 * MINUTE


async def test_two_heartbeats_in_a_minute_are_one_minute(store: Store) -> None:
    await beat(store, START, START + SECOND, START + 59 * SECOND)
    assert await up(store, START + 59 * SECOND) == (1, 0)


async def test_a_heartbeat_that_comes_a_little_later_each_time_skips_no_minute(store: Store) -> None:
    times = [START + 40 * SECOND + number * 61 * SECOND for number in range(100)]
    await beat(store, *times)
    assert await up(store, times[-1]) == ((times[-1] - START) // MINUTE + 1, 0)


async def test_the_minutes_of_a_dead_process_are_bad_at_once_and_once(store: Store) -> None:
    await beat(store, START)
    assert await up(store, START + 90 * SECOND) == (1, 0), "the next one may still come"
    assert await up(store, START + 10 * MINUTE) == (1, 9), "the minute that has begun is not over"
    await beat(store, START + 10 * MINUTE)
    assert await up(store, START + 10 * MINUTE) == await ever(store, START + 10 * MINUTE) == (2, 9)
    await beat(store, START + 11 * MINUTE)
    assert await up(store, START + 11 * MINUTE) == (3, 9)


async def test_a_reading_that_judges_them_takes_nothing_from_the_next_heartbeat(store: Store) -> None:
    await beat(store, START)
    for minute in range(5, 11):
        await store.write(lambda tx, at=START + minute * MINUTE: tx.counts.look(at))
    assert await up(store, START + 10 * MINUTE) == (1, 9)
    await beat(store, START + 10 * MINUTE)
    assert await up(store, START + 10 * MINUTE) == (2, 9)


async def test_a_window_begins_where_it_says(store: Store) -> None:
    await beat(store, START, START + 2 * HOUR)
    now = START + 4 * HOUR
    assert await within(store, now, HOUR) == (0, 60)


async def test_a_clock_that_is_set_back_counts_no_minute_twice(store: Store) -> None:
    await beat(store, *(START + minute * MINUTE for minute in range(60)))
    await beat(store, *(START + minute * MINUTE for minute in range(30, 90)))
    assert await ever(store, START + 89 * MINUTE) == (90, 0)
    assert await up(store, START + 89 * MINUTE) == (90, 0)


async def test_a_clock_that_was_a_year_ahead_leaves_today_to_be_counted(store: Store) -> None:
    await beat(store, START, START + 365 * DAY, START + MINUTE, START + 2 * MINUTE)
    assert (await ever(store, START + 2 * MINUTE)).good == 4
    now = START + 2 * MINUTE
    assert await within(store, now, HOUR) == (3, 0)
    assert (await up(store, START + 400 * DAY)).bad == 2 * (WINDOW_MS // MINUTE - 1), "a week of each, and no more"


async def test_whatever_the_clock_does_no_minute_is_judged_twice_and_nothing_falls(store: Store) -> None:
    random, now, seen = Random(5), START, Count(0, 0)
    minutes: set[int] = set()
    for _ in range(600):
        now = max(START, now + random.choice((MINUTE, MINUTE, MINUTE, 61 * SECOND, 7 * MINUTE, -5 * MINUTE, -SECOND)))
        alive = random.random() < 0.7
        await store.write(lambda tx, at=now, work="beat" if alive else "look": getattr(tx.counts, work)(at))
        found = await ever(store, now)
        assert found.good >= seen.good
        assert found.bad >= seen.bad
        seen = found
        minutes.add(now // MINUTE)
        assert sum(found) <= max(minutes) - START // MINUTE + 1
    assert seen.bad > 50
    assert seen.good > 100
    beats = await store.read(lambda tx: tx.pulse.read())
    assert sum(last - first + 1 for first, last in beats.judged) == sum(seen)


async def test_what_is_kept_of_it_stays_small(store: Store) -> None:
    for number in range(50):
        await beat(store, START + number * 30 * DAY)
    beats = await store.read(lambda tx: tx.pulse.read())
    assert len(beats.judged) == STRETCHES_MAX


async def test_a_planner_at_work_is_up_all_the_time_and_a_dead_one_is_not(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await clock.sleep(3 * HOUR)
        good, bad = await up(world.planner._store, clock.now())
        assert bad == 0
        assert good in {180, 181}
        clock.jump(HOUR)
        await clock.sleep(2 * MINUTE)
        assert (await up(world.planner._store, clock.now())).bad in {59, 60}
