"""Figures that the database knows: users, events, reminders, messages, cost, rows, backups; nobody's name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner import cli, metrics, promises, service
from planner.catalogue.metric import Distribution
from planner.metrics.people import NAMED_MAX, most
from planner.model import DAY, HOUR, MINUTE, SECOND, Kind, Outcome
from planner.slo import budget
from planner.store import Store, Tx
from planner.store.backup import note
from planner.store.census import TABLES
from planner.store.inbox import Update
from planner.store.syncs import Sync
from planner.telemetry.registry import Registry
from tests.virtual import START

Found = dict[str, dict[tuple[str, ...], float]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = Store(tmp_path / "planner.db", inline=True)
    yield found
    found.close()


async def look(store: Store, now: int = START, price: float = 0.0) -> Found:
    """Every metric's series; of a histogram how many values each has."""
    read = await metrics.read(store, promises.load().slos, now, Registry(), price)
    return {
        one.metric.name: {
            point.labels: sum(point.counts) if isinstance(point, Distribution) else point.value for point in one.points
        }
        for one in read
    }


def user(tx: Tx, user_id: int, zone: str = "Europe/Berlin", lang: str = "en") -> None:
    service.welcome(tx, user_id, user_id, "Alice", lang, zone, START)


def owe(tx: Tx, kind: Kind, due_at: int, number: int = 1) -> int:
    found = tx.reminders.add(kind, 1, None, occurrence_at=due_at, due_at=due_at, asked_for=True, snoozed_from=number)
    assert found is not None
    return found


async def test_users_are_counted_by_state_language_and_region(store: Store) -> None:
    def job(tx: Tx) -> None:
        zones = ("Europe/Berlin", "Europe/Paris", "America/Argentina/Ushuaia", "UTC", "Etc/UTC")
        for number, zone in enumerate(zones, start=1):
            user(tx, number, zone, "ru" if number == 1 else "en")
        tx.users.freeze(4)

    await store.write(job)
    found = await look(store)
    assert found["planner.users"] == {("served",): 4, ("frozen",): 1}
    assert found["planner.users.new"] == {(): 5}
    assert found["planner.users.languages"] == {("en",): 4, ("ru",): 1}
    assert found["planner.users.regions"] == {("Europe",): 2, ("America",): 1, ("UTC",): 2}


def test_beyond_the_most_frequent_there_are_others() -> None:
    counts = Counter({f"region{number}": number + 1 for number in range(NAMED_MAX + 5)})
    found = most(counts)
    assert len(found) == NAMED_MAX + 1
    assert found["other"] == 1 + 2 + 3 + 4 + 5
    assert sum(found.values()) == counts.total()
    assert most(Counter({"Europe": 3})) == {"Europe": 3}


async def test_who_wrote_lately_is_active(store: Store) -> None:
    async def writes(user_id: int, number: int, at: int) -> None:
        def job(tx: Tx) -> None:
            tx.inbox.put(42, [Update(number, user_id, {}, 0)], at)
            tx.inbox.handled(42, number, at, None)

        await store.write(job)

    await store.write(lambda tx: [user(tx, number) for number in (1, 2, 3)])
    await writes(1, 1, START)
    await writes(2, 2, START + 3 * DAY)
    await writes(2, 3, START + 3 * DAY + MINUTE)
    found = await look(store, START + 3 * DAY + HOUR)
    assert found["planner.users.active"] == {("day",): 1, ("week",): 2}
    assert await store.read(lambda tx: [row[0] for row in tx._db.execute("SELECT active_at FROM users")]) == [
        START, START + 3 * DAY, None,
    ]  # fmt: skip


async def test_events_and_rows_are_counted(store: Store) -> None:
    def job(tx: Tx) -> None:
        user(tx, 1)
        for number, source in enumerate(("here", "here", "file", "feed")):
            tx._db.execute(
                "INSERT INTO events (user_id, title, start_local, start_at, duration_s, all_day, instant, set_at,"
                " source, deleted_at) VALUES (1, 'a', '', 0, 0, 0, 0, 0, ?, ?)", (source, 1 if not number else None),
            )  # fmt: skip

    await store.write(job)
    found = await look(store)
    assert found["planner.events"] == {("chat",): 1, ("file",): 1, ("feed",): 1}
    assert found["planner.db.rows"]["events",] == 4
    assert found["planner.db.rows"].keys() == {(table,) for table in TABLES}
    assert found["planner.db.size"]["main",] > 0


async def test_what_waits_is_told_with_how_long(store: Store) -> None:
    def job(tx: Tx) -> None:
        user(tx, 1)
        owe(tx, Kind.SNOOZE, START - 40 * SECOND, 1)
        owe(tx, Kind.SNOOZE, START - 20 * SECOND, 2)
        owe(tx, Kind.PLAN, START + HOUR, 3)
        tx.reminders.claim([1], START)

    await store.write(job)
    found = await look(store)
    assert found["planner.reminders.pending"] == {("event",): 0, ("plan",): 1, ("snooze",): 1}
    assert found["planner.reminders.waiting"] == {(): 2}
    assert found["planner.reminder.oldest"] == {(): 40}
    assert found["planner.reminders.active"] == {(): 1}
    nothing = await look(store, START - HOUR)
    assert (nothing["planner.reminders.waiting"], nothing["planner.reminder.oldest"]) == ({(): 0}, {(): 0})


async def test_reminders_are_counted_by_what_became_of_them(store: Store) -> None:
    def job(tx: Tx) -> None:
        user(tx, 1)
        for number, late in enumerate((-3_000, 0, 4_000, 61_000), start=1):
            one = owe(tx, Kind.SNOOZE, START, number)
            tx.reminders.claim([one], START)
            tx.reminders.sent([one], START + late, number)

    await store.write(job)
    found = await look(store)
    assert found["planner.reminders"]["snooze", "on_time"] == 3
    assert found["planner.reminders"]["snooze", "late"] == 1
    assert found["planner.reminder.lateness"] == {("event",): 0, ("plan",): 0, ("snooze",): 4}
    assert found["planner.messages"]["snooze",] == 4


async def test_syncs_tell_what_they_changed(store: Store) -> None:
    def job(tx: Tx) -> None:
        user(tx, 1)
        tx.syncs.add(Sync(1, 1, START, 5, Outcome.OK, added=7, changed=2, skipped=3))
        tx.syncs.add(Sync(1, 1, START, 5, Outcome.OK, added=1, gone=4))

    await store.write(job)
    found = await look(store)
    assert found["planner.sync.changes"] == {("added",): 8, ("changed",): 2, ("gone",): 4}
    assert found["planner.sync.skipped"] == {(): 3}


async def test_the_price_of_a_day_is_shared_among_its_messages_and_that_of_a_month_among_its_users(
    store: Store,
) -> None:
    await store.write(lambda tx: [user(tx, number) for number in (1, 2)])
    assert "planner.cost.message" not in await look(store, price=0.5), "no message, no price of one"
    for hour in range(49):
        await store.write(lambda tx, at=START + hour * HOUR: tx.hourly.note(at))
        await store.write(lambda tx: tx.totals.add({"messages/answer": 9, "messages/event": 1}))
    found = await look(store, START + 48 * HOUR, price=0.5)
    assert found["planner.cost.message"] == {(): pytest.approx(24 * 0.5 / 250)}, "what came in this hour counts as well"
    assert found["planner.cost.user"] == {(): pytest.approx(30 * 24 * 0.5 / 2)}
    stored = await store.read(lambda tx: tx.settings.get("messages by hour"))
    assert len(json.loads(str(stored))) == 25


async def test_a_clock_that_was_ahead_leaves_no_messages_of_the_future(store: Store) -> None:
    for at in (START + 30 * DAY, START, START + HOUR):
        await store.write(lambda tx, at=at: tx.hourly.note(at))
        await store.write(lambda tx: tx.totals.add({"messages/answer": 5}))
    assert await store.read(lambda tx: tx.hourly.lately(START + HOUR)) == (10, HOUR)


async def test_a_start_is_counted(store: Store) -> None:
    for _ in range(3):
        await store.write(lambda tx: tx.users.serve(42))
    assert (await look(store))["planner.process.starts"] == {(): 3}


async def test_a_backup_leaves_its_time_in_the_database_beside_a_running_planner(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "planner.db.backup.timestamp" not in await look(store)
    assert cli.main(["backup", "copy.db"]) == 0
    first = (await look(store))["planner.db.backup.timestamp"][()]
    assert first > START / SECOND - 10 * 365 * DAY
    copied = Store(tmp_path / "copy.db", inline=True)
    assert "planner.db.backup.timestamp" not in await look(copied), "a copy is not written to"
    copied.close()
    assert note(tmp_path / "planner.db", START)
    assert (await look(store))["planner.db.backup.timestamp"] == {(): START / SECOND}


def test_a_database_that_cannot_be_written_is_copied_all_the_same(tmp_path: Path) -> None:
    assert not note(tmp_path / "nothing.db", START)
    (tmp_path / "other.db").write_text("no database")
    assert not note(tmp_path / "other.db", START)


async def test_a_long_count_is_not_repeated_at_every_reading(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0]
    monkeypatch.setattr("planner.store.store.ticks", lambda: now.append(now[-1] + 30_000_000) or now[-1])
    await store.write(lambda tx: user(tx, 1))
    assert (await store.census()).rows["users"] == 1
    await store.write(lambda tx: user(tx, 2))
    assert (await store.census()).rows["users"] == 1
    now.append(now[-1] + 31_000_000_000)
    assert (await store.census()).rows["users"] == 2


async def test_a_short_count_is_made_anew_each_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.store.store.ticks", lambda: 1)
    for number in (1, 2, 3):
        await store.write(lambda tx, number=number: user(tx, number))
        assert (await store.census()).rows["users"] == number


async def test_a_reading_reads_no_large_table(store: Store) -> None:
    asked: list[str] = []

    def plans(tx: Tx) -> list[str]:
        return [row[3] for sql in asked for row in tx._db.execute(f"EXPLAIN QUERY PLAN {sql}")]

    store._db._reader.set_trace_callback(asked.append)
    await look(store)
    store._db._reader.set_trace_callback(None)
    asked[:] = [sql for sql in asked if sql.startswith("SELECT") and ("reminders" in sql or "events" in sql)]
    found = await store.read(plans)
    assert len(found) > 10
    scans = [step for step in found if step.startswith("SCAN") and "USING" not in step]
    assert scans == []
    whole = [step for step in found if step.startswith("SCAN") and "COVERING" not in step and "sending" not in step]
    assert whole == []


@pytest.mark.parametrize(
    ("good", "bad", "sli", "left", "burn"),
    [(0, 0, None, None, None), (100, 0, 1.0, 1.0, 0.0), (99, 1, 0.99, 0.0, 1.0), (0, 10, 0.0, -99.0, 100.0),
     (856, 144, 0.856, -13.4, 14.4)],
)  # fmt: skip
def test_budgets_are_those_of_the_workbook(
    good: int, bad: int, sli: float | None, left: float | None, burn: float | None
) -> None:
    assert budget.sli(good, bad) == (None if sli is None else pytest.approx(sli))
    assert budget.left(good, bad, 0.99) == (None if left is None else pytest.approx(left))
    assert budget.burn_rate(good, bad, 0.99) == (None if burn is None else pytest.approx(burn))
