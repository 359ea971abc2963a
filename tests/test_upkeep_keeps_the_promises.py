"""What is done again and again: recover, judge, give up, look ahead, forget; at any time, as often as one likes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from planner import due, housekeeping, owing, service
from planner.housekeeping import CHUNK, Housekeeping
from planner.model import DAY, HOUR, MINUTE, SECOND, Event, Kind, Quiet, State, User
from planner.store import Store, Tx
from planner.store.news import News
from tests.virtual import START, FakeClock

KEEP_DAYS = 30


class Kept:
    """A store with its upkeep, and what it was told."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self.clock = clock
        self.store = Store(folder / "planner.db", inline=True)
        self.reachable = True
        self.dismissed: set[int] = set()
        self.upkeep = Housekeeping(
            self.store,
            clock,
            KEEP_DAYS,
            admits=lambda _, user_id: user_id not in self.dismissed,
            reachable=lambda: self.reachable,
        )
        self.news: list[News] = []
        self.store.listen(self.news.append)

    async def user(self, number: int = 1, quiet: Quiet | None = None) -> User:
        user = User(number, number, "", "en", "UTC", False, None, (900,), quiet, False)
        await self.store.write(lambda tx: tx.users.add(user, self.clock.now()))
        return user

    async def event(self, user: User, rrule: str | None = None, start: str = "2026-11-21T19:00:00") -> Event:
        def job(tx: Tx) -> Event:
            at = service.start_of(start, user.zone)
            draft = Event(0, user.id, "gym", start, at, 0, False, None, rrule, False, None)
            return service.add_event(tx, user, draft, self.clock.now())[0]

        return await self.store.write(job)

    async def owe(self, user: User, due_at: int, *, event: Event | None = None, times: int = 1) -> None:
        def job(tx: Tx) -> None:
            for number in range(times):
                tx.reminders.add(
                    Kind.EVENT,
                    user.id,
                    event and event.id,
                    occurrence_at=due_at + number,
                    due_at=due_at,
                    asked_for=False,
                )

        await self.store.write(job)

    async def ask(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        return await self.store.read(lambda tx: [tuple(row) for row in tx._db.execute(sql, values)])

    async def answers(self) -> list[tuple[int, int]]:
        return await self.ask("SELECT chat_id, ready_at FROM answers ORDER BY id")


async def test_what_is_overdue_is_judged_bad_once_however_much_there_is(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    alice = await kept.user()
    much = 2 * CHUNK + 7
    await kept.owe(alice, START - 2 * MINUTE, times=much)
    await kept.owe(alice, START - MINUTE)
    await kept.owe(alice, START + HOUR)
    for _ in range(2):
        assert await kept.upkeep.minute(clock.now()) == START + MINUTE
        assert await kept.ask("SELECT sum(good), sum(bad) FROM counts WHERE slo <> 'up'") == [(0, much)]
    assert await kept.ask("SELECT count(*) FROM reminders WHERE verdict IS NULL") == [(2,)], "a minute late is on time"
    assert await kept.ask("SELECT count(*) FROM reminders WHERE state <> 'pending'") == [(0,)], "they are still sent"
    kept.store.close()


async def test_what_is_over_a_day_late_is_missed_and_told_once_a_user(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    for number in (1, 2, 3):
        await kept.owe(await kept.user(number), START - DAY - MINUTE, times=CHUNK)
    await kept.owe(await kept.user(4), START - DAY + MINUTE)
    for _ in range(2):
        await kept.upkeep.minute(clock.now())
    assert await kept.ask("SELECT user_id, count(*) FROM reminders WHERE state = 'missed' GROUP BY user_id") == [
        (1, CHUNK),
        (2, CHUNK),
        (3, CHUNK),
    ]
    told = await kept.answers()
    assert {chat_id for chat_id, _ in told} == {1, 2, 3}
    heads = await kept.ask("SELECT count(*) FROM answers WHERE params LIKE '%could not be sent in time%'")
    assert heads == [(3,)]
    kept.store.close()


async def test_what_was_missed_is_told_after_the_users_quiet_hours(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    await kept.owe(await kept.user(1, Quiet(9 * 60, 12 * 60)), START - 2 * DAY)
    await kept.owe(await kept.user(2, Quiet(22 * 60, 7 * 60)), START - 2 * DAY)
    await kept.upkeep.minute(clock.now())
    assert await kept.answers() == [(2, START)]
    await kept.upkeep.minute(START + 2 * HOUR)
    assert await kept.answers() == [(2, START), (1, START + 2 * HOUR)]
    kept.store.close()


async def test_what_is_missed_in_an_outage_is_told_once_it_is_over_all_in_one(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    alice = await kept.user()
    await kept.owe(alice, START)
    kept.reachable = False
    for number in range(1, 4):
        await kept.owe(alice, START - DAY - number * MINUTE)
        await kept.upkeep.minute(clock.now())
    assert await kept.answers() == []
    kept.reachable = True
    for _ in range(2):
        await kept.upkeep.minute(clock.now())
    assert await kept.ask("SELECT count(*), max(params LIKE '%3 reminders%') FROM answers") == [(1, 1)]
    kept.store.close()


async def test_a_summary_tries_telegram_where_nothing_else_does(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    alice = await kept.user()
    kept.reachable = False
    for number in (1, 2):
        await kept.owe(alice, START - DAY - number * MINUTE)
        await kept.upkeep.minute(clock.now())
        assert len(await kept.answers()) == 1, "the next waits until this one has left"
    await kept.store.write(lambda tx: tx.inbox.settle(1, tx.inbox.owed()[0], START, 0))
    await kept.upkeep.minute(clock.now())
    assert len(await kept.answers()) == 1
    assert await kept.ask("SELECT told FROM reminders") == [(1,), (1,)]
    kept.store.close()


async def test_who_may_no_longer_use_the_bot_gets_nothing_more(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    await kept.user(1)
    await kept.user(2)
    kept.dismissed = {2}
    await kept.upkeep.recover()
    assert await kept.ask("SELECT id FROM users WHERE frozen") == [(2,)]
    kept.store.close()


async def test_a_plan_whose_day_is_over_is_missed_and_not_told(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    await kept.user()

    def job(tx: Tx) -> None:
        seven = START - 3 * HOUR
        tx.reminders.add(
            Kind.PLAN, 1, None, occurrence_at=seven, due_at=seven, asked_for=True, expires_at=START - SECOND
        )

    await kept.store.write(job)
    await kept.upkeep.minute(clock.now())
    assert await kept.ask("SELECT state, verdict FROM reminders") == [("missed", "bad")]
    assert await kept.answers() == []
    kept.store.close()


async def test_a_frozen_user_is_not_told(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    await kept.owe(await kept.user(), START - 2 * DAY)
    await kept.store.write(lambda tx: tx.users.freeze(1))
    await kept.upkeep.minute(clock.now())
    assert await kept.answers() == []
    kept.store.close()


async def test_what_a_crash_left_in_flight_is_owed_again_at_once(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    await kept.owe(await kept.user(), START - 10 * SECOND)
    await kept.store.write(lambda tx: tx.reminders.claim([1], START - 10 * SECOND))
    await kept.upkeep.recover()
    assert await kept.ask("SELECT state, ready_at, attempts FROM reminders") == [("pending", START, 1)]
    assert kept.news[-1].reminders == {1: START}
    kept.store.close()


async def test_looking_ahead_owes_what_lacks_and_nothing_twice(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    alice = await kept.user()
    await kept.event(alice, "FREQ=DAILY")
    first = await kept.ask("SELECT count(*) FROM reminders")
    await kept.upkeep.look_ahead(clock.now())
    assert await kept.ask("SELECT count(*) FROM reminders") == first
    await kept.upkeep.look_ahead(START + 20 * DAY)
    await kept.upkeep.look_ahead(START + 20 * DAY)
    rows = await kept.ask("SELECT due_at FROM reminders ORDER BY due_at")
    assert [row[0] for row in rows] == [START + 8 * HOUR + 45 * MINUTE + day * DAY for day in range(28)]
    kept.store.close()


async def test_looking_ahead_takes_on_any_number_of_events(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    alice = await kept.user()
    for _ in range(CHUNK + 5):
        await kept.event(alice, "FREQ=WEEKLY")
    await kept.upkeep.look_ahead(START + 30 * DAY)
    least = await kept.ask("SELECT count(*), min(set_until) FROM events")
    assert least == [(CHUNK + 5, START + 30 * DAY + due.HORIZON_MS)]
    kept.store.close()


async def test_done_is_done_though_the_horizon_moves(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    alice = await kept.user()
    await kept.event(alice, "FREQ=DAILY")

    def job(tx: Tx) -> None:
        owed = tx.reminders.get(3)
        assert owed is not None
        service.done(tx, owed, clock.now())

    await kept.store.write(job)
    for days in range(5):
        await kept.upkeep.look_ahead(START + days * DAY)
    third = await kept.ask("SELECT state FROM reminders WHERE due_at = (SELECT due_at FROM reminders WHERE id = 3)")
    assert third == [("cancelled",)]
    kept.store.close()


async def test_a_rule_that_has_ended_is_not_looked_at_again(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    await kept.event(await kept.user(), "FREQ=DAILY;COUNT=3")
    await kept.upkeep.look_ahead(START + 5 * DAY)
    assert await kept.ask("SELECT set_until FROM events") == [(None,)]
    assert await kept.ask("SELECT count(*) FROM reminders") == [(3,)]
    kept.store.close()


async def test_what_is_old_goes_and_its_counts_stay(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    alice = await kept.user()
    await kept.owe(alice, START, times=2 * CHUNK + 3)
    await kept.store.write(lambda tx: tx.reminders.claim([1, 2], START))
    await kept.store.write(lambda tx: tx.reminders.sent([1], START, 7))
    await kept.upkeep.minute(START + 2 * DAY)
    before = await kept.ask("SELECT sum(good), sum(bad) FROM counts WHERE slo <> 'up'")
    await kept.upkeep.forget(START + KEEP_DAYS * DAY)
    assert len(await kept.ask("SELECT id FROM reminders")) == 2 * CHUNK + 3, "kept for all of its days"
    await kept.upkeep.forget(START + KEEP_DAYS * DAY + 1)
    assert await kept.ask("SELECT id, state FROM reminders") == [(2, "sending")], "what has not ended stays"
    assert await kept.ask("SELECT sum(good), sum(bad) FROM counts WHERE slo <> 'up'") == before
    kept.store.close()


async def test_what_was_deleted_goes_when_it_can_no_longer_be_undone(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    alice = await kept.user()
    event = await kept.event(alice)
    await kept.store.write(lambda tx: service.delete_event(tx, alice, event, START))
    await kept.upkeep.forget(START + DAY)
    assert await kept.ask("SELECT count(*) FROM changes") == [(2,)]
    await kept.upkeep.minute(START + 3 * DAY)
    await kept.upkeep.forget(START + 3 * DAY)
    assert await kept.ask("SELECT count(*) FROM changes") == [(0,)]
    await kept.upkeep.forget(START + (KEEP_DAYS + 3) * DAY)
    await kept.upkeep.forget(START + (KEEP_DAYS + 4) * DAY)
    assert await kept.ask("SELECT title FROM events") == []
    kept.store.close()


async def test_occurrences_that_are_over_go_and_todays_stay(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    await kept.event(await kept.user(), "FREQ=DAILY", "2026-11-15T19:00:00")
    await kept.upkeep.forget(START + 3 * DAY)
    rows = await kept.ask("SELECT min(start_at) FROM occurrences")
    assert rows == [(START + 9 * HOUR + DAY,)]
    kept.store.close()


async def test_a_verdict_is_given_once_and_counts_where_it_was_due(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    alice = await kept.user()
    for due_at in (START, START + 7 * MINUTE, START + 14 * MINUTE):
        await kept.owe(alice, due_at)
    await kept.store.write(lambda tx: tx.reminders.claim([1, 2, 3], START))
    await kept.store.write(lambda tx: tx.reminders.sent([1], START + MINUTE, 1))
    await kept.store.write(lambda tx: tx.reminders.sent([2], START + 7 * MINUTE - MINUTE - 1, 2))
    await kept.upkeep.minute(START + 15 * MINUTE + 1)
    await kept.store.write(lambda tx: tx.reminders.sent([3], START + 15 * MINUTE + 2, 3))
    assert await kept.ask("SELECT state, verdict FROM reminders ORDER BY id") == [
        ("sent", "good"),
        ("sent", "bad"),
        ("sent", "bad"),
    ]
    assert await kept.ask("SELECT bucket_at, good, bad FROM counts WHERE slo = 'reminders' ORDER BY bucket_at") == [
        (START, 1, 0),
        (START + 5 * MINUTE, 0, 1),
        (START + 10 * MINUTE, 0, 1),
    ]
    kept.store.close()


async def test_cancelled_excludes_only_what_was_not_overdue_yet(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    alice = await kept.user()
    await kept.owe(alice, START)
    await kept.owe(alice, START + 1)
    now = START + MINUTE
    await kept.store.write(lambda tx: tx.reminders.end([1], State.CANCELLED, now, "x"))
    await kept.store.write(lambda tx: tx.reminders.end([2], State.UNDELIVERABLE, now + 2, "x"))
    assert await kept.ask("SELECT verdict FROM reminders ORDER BY id") == [("excluded",), ("bad",)]
    assert await kept.ask("SELECT sum(good), sum(bad) FROM counts WHERE slo <> 'up'") == [(0, 1)]
    kept.store.close()


async def test_events_in_zones_that_this_machine_does_not_know_are_counted_in_one_line(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    kept = Kept(tmp_path, clock)
    alice = await kept.user()
    for _ in range(4):
        await kept.event(alice)
    await kept.upkeep.recover()
    assert "zone_unknown" not in caplog.text
    zones = ("Mars/Olympus", "Mars/Olympus", "Europe/Berlin", "Mars/Gale")
    for number, zone in enumerate(zones, start=1):
        await kept.store.write(
            lambda tx, number=number, zone=zone: tx._db.execute(
                "UPDATE events SET zone = ? WHERE id = ?", (zone, number)
            )
        )
    await kept.store.write(lambda tx: tx.events.delete(4, clock.now()))
    await kept.upkeep.recover()
    (line,) = [record for record in caplog.records if record.message == "events.zone_unknown"]
    assert "tzdata" in line.do
    assert line.levelname == "WARNING"
    assert (line.events, line.zones) == (2, ["Mars/Olympus"])
    kept.store.close()


async def test_a_zone_that_this_machine_does_not_know_hurts_nobody_else(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    kept = Kept(tmp_path, clock)
    alice, bob = await kept.user(1), await kept.user(2, Quiet(22 * 60, 7 * 60))
    await kept.event(alice, "FREQ=DAILY")
    await kept.event(bob, "FREQ=DAILY")
    await kept.store.write(
        lambda tx: tx._db.execute(
            "UPDATE users SET zone = 'America/Nowhere', plan_minute = 420, plans_until = 0 WHERE id = 2"
        )
    )
    await kept.upkeep.recover()
    clock.jump(5 * DAY)
    await kept.upkeep.recover()
    lines = [record for record in caplog.records if record.message == "users.zone_unknown"]
    assert [(line.users, line.user) for line in lines] == [(1, "2"), (1, "2")]
    assert all("tzdata" in line.do for line in lines)
    assert await kept.ask("SELECT DISTINCT user_id FROM reminders WHERE due_at > ? ORDER BY 1", clock.now()) == [
        (1,),
        (2,),
    ]
    kept.store.close()


async def test_what_many_events_at_once_lack_is_owed_within_a_minute_in_small_transactions(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept(tmp_path, clock)
    alice = await kept.user()
    events = [await kept.event(alice, "FREQ=DAILY;BYHOUR=0,6,12,18") for _ in range(20)]
    whole = await kept.ask("SELECT event_id, due_at FROM reminders ORDER BY event_id, due_at")
    await kept.store.write(lambda tx: [tx.events.touch(event.id, START) for event in events])
    await kept.store.write(lambda tx: tx._db.execute("DELETE FROM reminders"))
    monkeypatch.setattr(owing.Room, "__init__", lambda self: setattr(self, "left", 100))
    await kept.store.write(lambda tx: service.set_all(tx, alice, events, START, START))
    assert len(whole) > 400
    assert len(await kept.ask("SELECT id FROM reminders")) < 200
    monkeypatch.setattr(housekeeping, "OWED_AT_ONCE", 50)
    kept.news.clear()
    await kept.upkeep.minute(clock.now())
    assert await kept.ask("SELECT event_id, due_at FROM reminders ORDER BY event_id, due_at") == whole
    assert max(len(news.reminders) for news in kept.news) < 50 + 4 * 9
    assert len(kept.news) > 5
    kept.store.close()


def in_files(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


@pytest.mark.parametrize("how", ["dropped", "moved"])
async def test_an_address_that_is_not_read_any_more_stands_in_no_file_a_minute_later(
    tmp_path: Path, clock: FakeClock, how: str
) -> None:
    secret = "https://alice:pa55word@calendar.example/s3cret-token.ics"
    kept = Kept(tmp_path, clock)
    alice = await kept.user()
    feed = await kept.store.write(lambda tx: tx.feeds.add(alice.id, secret, "🟦", clock.now()))

    def end(tx: Tx) -> None:
        if how == "dropped":
            tx.feeds.drop(feed.id)
        else:
            tx.feeds.save(replace(feed, url="https://calendar.example/other.ics"))

    await kept.store.write(end)
    await kept.upkeep.minute(clock.now())
    written = in_files(tmp_path)
    assert b"calendar" in written
    assert not any(word in written for word in (b"pa55word", b"s3cret"))
    assert await kept.ask("SELECT value FROM settings WHERE key LIKE '%empty%'") == []
    kept.store.close()
