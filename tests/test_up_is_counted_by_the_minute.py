"""The promise to be up: minutes with a heartbeat, each judged once, whatever the clock does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from planner.model import BUCKET_MS, DAY, HOUR, MINUTE, SECOND
from planner.store import Store
from planner.store.counts import Count
from planner.store.pulse import HEARTBEAT, SETTLE_MS, STRETCHES_MAX, WINDOW_MS
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


async def began(store: Store, at: int) -> None:
    await store.write(lambda tx: tx.counts.begin(at))


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
    await began(store, START + 10 * MINUTE)
    assert await up(store, START + 10 * MINUTE) == await ever(store, START + 10 * MINUTE) == (2, 9)
    await beat(store, START + 11 * MINUTE)
    assert await up(store, START + 11 * MINUTE) == (3, 9)


async def test_minutes_unheard_of_that_a_reading_finds_are_judged_when_the_clock_has_stood_so_for_a_while(
    store: Store,
) -> None:
    await beat(store, START)
    for minute in range(5, 16):
        now = START + minute * MINUTE
        await store.write(lambda tx, at=now: tx.counts.look(at))
        bad = minute - 1 if minute * MINUTE >= 5 * MINUTE + SETTLE_MS else 0
        assert await up(store, now) == await ever(store, now) == (1, bad)
    await beat(store, START + 15 * MINUTE)
    assert await up(store, START + 15 * MINUTE) == (2, 14), "it takes nothing from the next heartbeat"


async def minutes(store: Store, begin: int, count: int) -> None:
    await beat(store, *(begin + minute * MINUTE for minute in range(count)))


@pytest.mark.parametrize("ahead", [10 * MINUTE, HOUR, DAY, 30 * DAY])
async def test_a_clock_that_is_ahead_for_some_minutes_leaves_nothing_bad(store: Store, ahead: int) -> None:
    await minutes(store, START, 60)
    await minutes(store, START + HOUR + ahead, 5)
    assert (await ever(store, START + HOUR + ahead + 4 * MINUTE)).bad == 0
    await minutes(store, START + HOUR + 5 * MINUTE, 90)
    assert (await store.read(lambda tx: tx.counts.kept("up", 0, START + 400 * DAY))).bad == 0
    assert (await ever(store, START + HOUR + 94 * MINUTE)).bad == 0


@pytest.mark.parametrize("back", [0, 2 * SECOND, 61 * SECOND])
async def test_an_hours_sleep_is_bad_within_minutes_though_the_clock_is_put_right_after_it(
    store: Store, back: int
) -> None:
    await minutes(store, START, 60)
    woken = START + 2 * HOUR
    await beat(store, woken)
    await minutes(store, woken + MINUTE - back, 10)
    now = woken + 10 * MINUTE - back
    await beat(store, now, now + MINUTE, now + 2 * MINUTE)
    assert await up(store, now + 2 * MINUTE) == await ever(store, now + 2 * MINUTE)
    assert 56 <= (await up(store, now + 2 * MINUTE)).bad <= 60


async def test_steps_of_seconds_are_no_leaps(store: Store) -> None:
    random, now = Random(2), START
    await beat(store, now)
    for _ in range(200):
        now += MINUTE + random.choice((-2, 0, 2)) * SECOND
        await beat(store, now)
    assert await up(store, now) == await ever(store, now) == ((now - START) // MINUTE + 1, 0)


async def test_a_leap_after_a_leap_begins_the_wait_anew(store: Store) -> None:
    await beat(store, START, START + HOUR, START + DAY)
    await minutes(store, START + DAY, 9)
    assert (await ever(store, START + DAY + 8 * MINUTE)).bad == 0
    await minutes(store, START + DAY + 9 * MINUTE, 2)
    assert await ever(store, START + DAY + 10 * MINUTE) == (13, 24 * 60 - 2)


async def test_what_is_not_judged_yet_is_counted_beside_a_dead_planner_and_at_the_next_start(store: Store) -> None:
    await beat(store, START, START + HOUR)
    dead = START + 2 * HOUR
    assert await up(store, dead) == await ever(store, dead) == (2, 59 + 59)
    await began(store, dead)
    assert await up(store, dead) == await ever(store, dead) == (3, 59 + 59)


async def test_what_an_earlier_version_kept_is_read(store: Store) -> None:
    minute = START // MINUTE
    await store.write(lambda tx: tx.settings.put(HEARTBEAT, f"[{START},[[{minute},{minute}]]]"))
    await began(store, START + 10 * MINUTE)
    assert await up(store, START + 10 * MINUTE) == (1, 9)


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
    assert (await up(store, START + 400 * DAY)).bad == WINDOW_MS // MINUTE - 1, "a week, and no more"


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
    for bucket_at in range(START, max(minutes) * MINUTE + 1, BUCKET_MS):
        found = await store.read(lambda tx, at=bucket_at: tx.counts.kept("up", at, at + 1))
        assert sum(found) <= BUCKET_MS // MINUTE


async def test_what_is_kept_of_it_stays_small(store: Store) -> None:
    for number in range(50):
        await beat(store, START + number * 30 * DAY)
    beats = await store.read(lambda tx: tx.pulse.read())
    assert len(beats.judged) == len(beats.unheard) == STRETCHES_MAX


async def test_a_planner_at_work_is_up_all_the_time_and_a_dead_one_is_not(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await clock.sleep(3 * HOUR)
        good, bad = await up(world.planner._store, clock.now())
        assert bad == 0
        assert good in {180, 181}
        clock.jump(HOUR)
        await clock.sleep(2 * MINUTE)
        assert (await up(world.planner._store, clock.now())).bad == 0, "the clock may be set back"
        await clock.sleep(SETTLE_MS)
        assert (await up(world.planner._store, clock.now())).bad in {59, 60}


async def test_a_killed_planner_was_not_there_and_its_next_start_counts_that_at_once(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        await clock.sleep(10 * MINUTE)
        await world.crash()
        clock.jump(HOUR)
        await world.start()
        found = await up(world.planner._store, clock.now())
        assert found.bad in {59, 60}
        await clock.sleep(30 * MINUTE)
        assert (await ever(world.planner._store, clock.now())).bad == found.bad


async def test_a_planner_whose_clock_was_a_month_ahead_for_five_minutes_has_broken_nothing(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        await clock.sleep(HOUR)
        clock.jump(30 * DAY)
        await clock.sleep(5 * MINUTE)
        clock.jump(-30 * DAY)
        await clock.sleep(HOUR)
        kept = await world.store.read(lambda tx: tx.counts.kept("up", 0, START + 400 * DAY))
        assert kept.bad == (await ever(world.store, clock.now())).bad == 0
        assert await world.store.read(lambda tx: tx.alerts.recent(1)) == []
