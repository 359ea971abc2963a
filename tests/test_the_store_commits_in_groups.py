"""Jobs that wait together are one commit; nothing is handed over before it is on disk; a failure costs itself."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from planner.clock import ticks
from planner.store import Store, Tx
from planner.store.db import GROUP_MAX, Database, UnavailableError
from planner.store.news import News

SCHEMA = "CREATE TABLE kept (x INTEGER PRIMARY KEY, y TEXT) STRICT;"

Job = Callable[[sqlite3.Connection], object]


def put(number: int, text: str = "") -> Job:
    def job(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO kept VALUES (?, ?)", (number, text))
        return number

    return job


@contextmanager
def a_database(folder: Path) -> Iterator[Database]:
    database = Database(folder / "kept.db", (SCHEMA,))
    try:
        yield database
    finally:
        database.close()


def kept(folder: Path) -> list[int]:
    with closing(sqlite3.connect(folder / "kept.db")) as connection:
        return [row[0] for row in connection.execute("SELECT x FROM kept ORDER BY x")]


async def together(database: Database, jobs: list[Job]) -> list[object]:
    """Run jobs that all wait while one that came before is held up; what became of each."""
    free, held = threading.Event(), asyncio.get_running_loop().create_future()

    def hold(_: sqlite3.Connection) -> None:
        held.get_loop().call_soon_threadsafe(held.set_result, None)
        assert free.wait(10)

    first = asyncio.ensure_future(database.write(hold))
    await held
    tasks = [asyncio.ensure_future(database.write(job)) for job in jobs]
    await asyncio.sleep(0)
    assert database._writes.qsize() == len(jobs)
    free.set()
    await first
    return await asyncio.gather(*tasks, return_exceptions=True)


def commits(database: Database) -> list[str]:
    seen: list[str] = []
    database._writer.set_trace_callback(lambda sql: seen.append(sql) if sql == "COMMIT" else None)
    return seen


def test_what_waits_together_is_one_commit(tmp_path: Path) -> None:
    with a_database(tmp_path) as database:
        seen = commits(database)
        assert asyncio.run(together(database, [put(number) for number in range(100)])) == list(range(100))
        assert len(seen) == 2, "the one that held them up, and all of them"
    assert kept(tmp_path) == list(range(100))


def test_a_group_has_a_limit_so_that_nobody_waits_for_ever(tmp_path: Path) -> None:
    with a_database(tmp_path) as database:
        seen = commits(database)
        asyncio.run(together(database, [put(number) for number in range(2 * GROUP_MAX)]))
        assert len(seen) == 3


def test_a_job_that_fails_costs_itself_and_no_other(tmp_path: Path) -> None:
    def halfway(connection: sqlite3.Connection) -> None:
        put(50)(connection)
        raise ZeroDivisionError

    with a_database(tmp_path) as database:
        seen = commits(database)
        done = asyncio.run(together(database, [put(1), halfway, put(2), put(1), put(3)]))
        assert done[0] == 1
        assert isinstance(done[1], ZeroDivisionError)
        assert done[2] == 2
        assert isinstance(done[3], sqlite3.IntegrityError)
        assert done[4] == 3
        assert len(seen) == 2
    assert kept(tmp_path) == [1, 2, 3]


def test_a_full_disk_costs_the_job_that_filled_it_and_no_other(tmp_path: Path) -> None:
    with a_database(tmp_path) as database:
        pages = database._writer.execute("PRAGMA page_count").fetchone()[0]
        database._writer.execute(f"PRAGMA max_page_count={pages + 1}")
        done = asyncio.run(together(database, [put(1), put(2, "x" * 100_000), put(3)]))
        assert done[0] == 1
        assert isinstance(done[1], UnavailableError)
        assert "no space left" in str(done[1])
        assert done[2] == 3
    assert kept(tmp_path) == [1, 3]


def test_nothing_is_handed_over_before_it_is_on_disk(tmp_path: Path) -> None:
    seen: list[list[int]] = []

    async def main(database: Database) -> None:
        await database.write(put(1), lambda _: seen.append(kept(tmp_path)))
        seen.append(kept(tmp_path))

    with a_database(tmp_path) as database:
        asyncio.run(main(database))
    assert seen == [[1], [1]]


def test_what_was_committed_is_told_even_when_its_caller_has_gone(tmp_path: Path) -> None:
    told: list[object] = []

    async def main(database: Database) -> None:
        task = asyncio.ensure_future(database.write(put(1), told.append))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await database.write(put(2))

    with a_database(tmp_path) as database:
        asyncio.run(main(database))
    assert told == [1]
    assert kept(tmp_path) == [1, 2]


def test_results_come_in_the_order_of_their_commits(tmp_path: Path) -> None:
    told: list[object] = []

    async def main(database: Database) -> None:
        await asyncio.gather(*(database.write(put(number), told.append) for number in range(50)))

    with a_database(tmp_path) as database:
        asyncio.run(main(database))
    assert told == list(range(50))


def test_closing_finishes_what_waits(tmp_path: Path) -> None:
    async def main(database: Database) -> None:
        for number in range(100):
            asyncio.ensure_future(database.write(put(number))).add_done_callback(lambda done: done.cancelled())
        await asyncio.sleep(0)
        await asyncio.to_thread(database.close)

    asyncio.run(main(Database(tmp_path / "kept.db", (SCHEMA,))))
    assert kept(tmp_path) == list(range(100))


def test_the_loop_goes_on_while_the_disk_is_slow(tmp_path: Path) -> None:
    async def main(database: Database) -> int:
        free, turns = threading.Event(), 0
        slow = asyncio.ensure_future(database.write(lambda _: free.wait(10)))
        for _ in range(1_000):
            await asyncio.sleep(0)
            turns += 1
        assert not slow.done()
        assert await database.read(lambda db: db.execute("SELECT count(*) FROM kept").fetchone()[0]) == 0
        free.set()
        await slow
        return turns

    with a_database(tmp_path) as database:
        assert asyncio.run(main(database)) == 1_000


def test_a_read_sees_one_moment_and_cannot_write(tmp_path: Path) -> None:
    async def main(database: Database) -> None:
        await database.write(put(1))

        def look(connection: sqlite3.Connection) -> tuple[int, int]:
            before = connection.execute("SELECT count(*) FROM kept").fetchone()[0]
            with closing(sqlite3.connect(tmp_path / "kept.db")) as other, other:
                other.execute("INSERT INTO kept VALUES (9, '')")
            return before, connection.execute("SELECT count(*) FROM kept").fetchone()[0]

        assert await database.read(look) == (1, 1)
        with pytest.raises(UnavailableError):
            await database.read(put(2))

    with a_database(tmp_path) as database:
        asyncio.run(main(database))
    assert kept(tmp_path) == [1, 9]


def test_news_of_a_transaction_that_failed_is_never_told(tmp_path: Path) -> None:
    told: list[object] = []

    async def main() -> None:
        store = Store(tmp_path / "planner.db")
        store.listen(told.append)

        def fails(tx: object) -> None:
            tx.inbox.owe(None, 1, "sendMessage", {"text": "x"}, 0)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await store.write(fails)
        await store.write(lambda tx: tx.inbox.owe(None, 2, "sendMessage", {"text": "y"}, 0))
        store.close()

    asyncio.run(main())
    assert [answer.chat_id for news in told for answer in news.answers] == [2]


def test_news_that_one_listener_fails_at_reaches_the_others(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    told: list[News] = []

    def fails(_: News) -> None:
        raise LookupError

    def job(tx: Tx) -> int:
        tx.news.errands = True
        return 7

    with closing(Store(tmp_path / "planner.db")) as store:
        store.listen(fails)
        store.listen(told.append)
        assert asyncio.run(store.write(job)) == 7
    assert [news.errands for news in told] == [True]
    assert [one.getMessage() for one in caplog.records] == ["db.listener_failed"]


def test_what_waits_together_waits_once_for_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.store.timed.BUSY_TIMEOUT_MS", 1)
    begun: list[str] = []

    async def main(database: Database) -> list[object]:
        with closing(sqlite3.connect(tmp_path / "kept.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            tasks = [asyncio.ensure_future(database.write(put(number))) for number in range(50)]
            return await asyncio.gather(*tasks, return_exceptions=True)

    with a_database(tmp_path) as database:
        database._writer.set_trace_callback(lambda sql: begun.append(sql) if sql.startswith("BEGIN") else None)
        done = asyncio.run(main(database))
        assert all(isinstance(one, UnavailableError) and "locked by another program" in str(one) for one in done)
        assert len(begun) < 20, "not once more for each of them"
        assert asyncio.run(database.write(put(1))) == 1
    assert kept(tmp_path) == [1]


def test_it_is_known_since_when_and_why_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.store.timed.BUSY_TIMEOUT_MS", 1)
    with (
        a_database(tmp_path) as database,
        closing(sqlite3.connect(tmp_path / "kept.db", isolation_level=None)) as other,
    ):
        asyncio.run(database.write(put(1)))
        assert database.refused is None
        before = ticks()
        other.execute("BEGIN IMMEDIATE")
        for number in (2, 3):
            with pytest.raises(UnavailableError):
                asyncio.run(database.write(put(number)))
            if number == 2:
                first = database.refused
        assert first is not None
        assert before <= first.since <= ticks()
        assert "locked by another program" in first.cause
        assert database.refused == first, "since the first that failed"
        other.execute("ROLLBACK")
        asyncio.run(database.write(put(4)))
        assert database.refused is None
        with pytest.raises(sqlite3.IntegrityError):
            asyncio.run(database.write(put(4)))
        assert database.refused is None, "a fault of ours is no refusal"
