"""What the database does is counted, measured and traced: statements, transactions, waits, jobs; never their values."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from random import Random

import pytest

from planner.catalogue import database as catalogue
from planner.catalogue import work
from planner.catalogue.metric import Distribution, Metric
from planner.store import timed
from planner.store.db import Database, UnavailableError
from planner.store.jobs import empty_log
from planner.store.timed import SLOW_MS, Meter, Timed, statement, transaction
from planner.telemetry import Telemetry, tracing
from planner.telemetry.tracing import Span, Trace, Tracer
from tests.virtual import START, FakeClock

SCHEMA = "CREATE TABLE kept (x INTEGER PRIMARY KEY, y TEXT) STRICT;"
PUT = "INSERT INTO kept VALUES (?, ?)"


class Watched:
    """A database with everything that it tells of itself."""

    def __init__(self, database: Database, telemetry: Telemetry, traces: list[Trace]) -> None:
        self.database, self.telemetry, self.traces = database, telemetry, traces

    def points(self, metric: Metric) -> dict[tuple[str, ...], float]:
        """A metric's series; of a histogram how many values each has."""
        readings = [one for one in self.telemetry.metrics.read([metric]) if one.metric is metric]
        found = [point for reading in readings for point in reading.points]
        return {one.labels: sum(one.counts) if isinstance(one, Distribution) else one.value for one in found}

    def distributions(self, metric: Metric) -> list[Distribution]:
        found = [point for one in self.telemetry.metrics.read([metric]) for point in one.points]
        return [one for one in found if isinstance(one, Distribution)]

    def queries(self) -> dict[tuple[str, ...], float]:
        return {labels: number for labels, number in self.points(catalogue.QUERY_DURATION).items()
                if number and labels[0] != "other"}  # fmt: skip

    def spans(self) -> list[Span]:
        """Every step below the first one of a trace."""
        return [span for trace in self.traces for span in trace.spans if span.parent is not None]

    def update(self) -> Span:
        return self.telemetry.tracer.begin("update")


@contextmanager
def watched(folder: Path, *, inline: bool = False) -> Iterator[Watched]:
    traces: list[Trace] = []
    telemetry = Telemetry(tracer=Tracer(FakeClock(START), Random(1), traces.append))
    database = Database(folder / "kept.db", (SCHEMA,), inline=inline, telemetry=telemetry)
    try:
        yield Watched(database, telemetry, traces)
    finally:
        database.close()


def put(number: int) -> Callable[[sqlite3.Connection], int]:
    def job(connection: sqlite3.Connection) -> int:
        connection.execute(PUT, (number, "a secret"))
        return number

    return job


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT 1 FROM reminders WHERE x = 1", ("select", "reminders")),
        ("select coalesce(max(id), 0) from reminders", ("select", "reminders")),
        ("SELECT count(*) FROM (SELECT 1 FROM events) WHERE 1", ("select", "events")),
        ("SELECT 1", ("select", "select")),
        ("INSERT OR IGNORE INTO updates VALUES (1)", ("insert", "updates")),
        ("INSERT INTO totals SELECT a FROM counts", ("insert", "totals")),
        ("REPLACE INTO settings VALUES (1)", ("insert", "settings")),
        ("UPDATE users SET x = 1 WHERE id IN (SELECT 1 FROM events)", ("update", "users")),
        ("UPDATE OR IGNORE reminders SET x = 1", ("update", "reminders")),
        ("DELETE FROM answers WHERE id = ?", ("delete", "answers")),
        ("SELECT update_id, chat_id FROM updates WHERE bot_id = ?", ("select", "updates")),
        ("BEGIN IMMEDIATE", ("other", "begin")),
        ("COMMIT", ("other", "commit")),
        ("PRAGMA wal_checkpoint(TRUNCATE)", ("other", "pragma")),
        ("", ("other", "")),
    ],
)
def test_a_statement_is_told_by_what_it_does_and_its_first_table(sql: str, found: tuple[str, str]) -> None:
    assert statement(sql) == found


def test_every_statement_is_counted_by_operation_and_table(tmp_path: Path) -> None:
    def job(connection: sqlite3.Connection) -> None:
        connection.executemany(PUT, ((number, "") for number in range(5)))
        connection.execute("UPDATE kept SET y = 'b'")
        connection.execute("SELECT x FROM kept").fetchall()
        connection.execute("DELETE FROM kept")

    async def go(one: Watched) -> None:
        await one.database.write(job)
        await one.database.read(lambda connection: connection.execute("SELECT x FROM kept").fetchall())

    with watched(tmp_path) as one:
        asyncio.run(go(one))
        wanted = {("insert", "kept"): 1, ("update", "kept"): 1, ("select", "kept"): 2, ("delete", "kept"): 1}
        assert one.queries() == wanted
        assert one.points(catalogue.TRANSACTION) == {("write",): 1, ("read",): 1}
        assert one.points(catalogue.QUEUED) == {("write",): 1, ("read",): 1}
        assert one.points(work.TASKS)["writer", "ok"] == one.points(work.TASKS)["reader", "ok"] == 1
    assert one.points(work.BUSY)["writer",] > 0
    assert one.points(work.IDLE)["reader",] > 0


def test_jobs_that_fail_are_told_apart(tmp_path: Path) -> None:
    async def go(one: Watched) -> None:
        await one.database.write(put(1))
        with pytest.raises(sqlite3.IntegrityError):
            await one.database.write(put(1))

    with watched(tmp_path) as one:
        asyncio.run(go(one))
        found = one.points(work.TASKS)
        assert (found["writer", "ok"], found["writer", "failed"]) == (1, 1)


def test_a_slow_statement_is_counted_and_said_without_its_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with watched(tmp_path, inline=True) as one:
        steps = count(step=(SLOW_MS + 1) * 1_000_000)
        monkeypatch.setattr(timed, "ticks", lambda: next(steps))
        with caplog.at_level(logging.WARNING):
            asyncio.run(one.database.write(put(1)))
        monkeypatch.undo()
        assert one.points(catalogue.SLOW)["insert", "kept"] == 1
    (said,) = [record for record in caplog.records if getattr(record, "table", "") == "kept"]
    assert (said.getMessage(), said.operation, said.ms) == ("db.slow", "insert", SLOW_MS + 1)
    assert "secret" not in str(vars(said))


def test_what_is_slow_is_named_and_waiting_for_another_program_is_not_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with watched(tmp_path, inline=True) as one:
        steps = count(step=(SLOW_MS + 1) * 1_000_000)
        monkeypatch.setattr(timed, "ticks", lambda: next(steps))
        asyncio.run(one.database.write(put(1)))
        monkeypatch.undo()
        assert one.points(catalogue.SLOW) == {("insert", "kept"): 1, ("other", "commit"): 1}
    slow = [said for said in caplog.records if said.message == "db.slow"]
    assert [said.operation for said in slow] == ["insert", "commit"]
    assert not hasattr(slow[-1], "table")


def test_waiting_for_another_program_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits, waiting = [0], threading.Event()

    def noted(_: Timed, number: int) -> None:
        waits[0] = number
        waiting.set()

    monkeypatch.setattr(Timed, "waits", property(lambda _: waits[0], noted))
    with watched(tmp_path) as one:

        async def go() -> None:
            with closing(sqlite3.connect(tmp_path / "kept.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                writing = asyncio.ensure_future(one.database.write(put(1)))
                assert await asyncio.to_thread(waiting.wait, 10)
                other.execute("COMMIT")
                await writing
            await one.database.write(put(2))

        asyncio.run(go())
        assert one.points(catalogue.BUSY) == {(): 1}


def test_another_program_that_never_gives_way_is_waited_for_as_long_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timed, "BUSY_TIMEOUT_MS", 50)
    with watched(tmp_path, inline=True) as one, closing(sqlite3.connect(tmp_path / "kept.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(UnavailableError):
            asyncio.run(one.database.write(put(1)))
        assert time.monotonic() - began >= 0.05
        (waited,) = (of for of in one.distributions(catalogue.QUERY_DURATION) if of.labels == ("other", "begin"))
        assert waited.sum >= 0.05, "what failed took its time, too"
        began = time.monotonic()
        assert not asyncio.run(one.database.scrub(empty_log)), "outside a transaction too"
        assert time.monotonic() - began >= 0.05
        other.execute("COMMIT")
        asyncio.run(one.database.write(put(1)))
        assert asyncio.run(one.database.scrub(empty_log))


def test_without_a_log_written_ahead_all_is_waited_for(tmp_path: Path) -> None:
    """There a commit needs a lock of its own."""
    path = tmp_path / "kept.db"
    with (
        closing(sqlite3.connect(path, isolation_level=None, timeout=0.05, factory=Timed)) as connection,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        connection.execute("CREATE TABLE kept (x)")
        other.execute("BEGIN")
        other.execute("SELECT x FROM kept").fetchall()
        began = time.monotonic()
        with pytest.raises(sqlite3.OperationalError), transaction(connection):
            connection.execute("INSERT INTO kept VALUES (1)")
        assert time.monotonic() - began >= 0.05
        assert connection.waits == 0


@pytest.mark.parametrize("inline", [True, False])
def test_a_job_is_a_step_of_the_trace_that_it_was_asked_in(tmp_path: Path, inline: bool) -> None:
    seen: list[Span] = []

    def job(connection: sqlite3.Connection) -> None:
        with tracing.step("parse"):
            seen.append(tracing.current())
        connection.execute(PUT, (1, "a secret"))
        connection.execute("SELECT x FROM kept")

    async def go(one: Watched) -> None:
        with one.update() as update:
            await one.database.write(job, lambda _: seen.append(tracing.current()))
            await one.database.read(lambda connection: connection.execute("SELECT x FROM kept"))
            assert tracing.current() is update
        await one.database.write(put(2))

    with watched(tmp_path, inline=inline) as one:
        asyncio.run(go(one))
    (trace,) = one.traces
    parse, write, read = one.spans()
    root = trace.spans[-1]
    assert [parse.name, write.name, read.name, root.name] == ["parse", "db write", "db read", "update"]
    assert seen == [parse, root], "what is told after the commit belongs to whoever asked"
    assert (parse.parent, write.parent, read.parent) == (write.id, root.id, root.id)
    assert write.fields["statements"] == 2
    assert write.fields["operations"] == "insert kept, select kept"
    assert write.fields["jobs"] == 1
    assert write.fields["waited_ms"] >= 0
    assert write.fields["db.system.name"] == "sqlite"
    assert write.start_ns <= parse.start_ns <= parse.end_ns <= write.end_ns <= root.end_ns
    assert "secret" not in str([span.fields for span in trace.spans])


@pytest.mark.parametrize("inline", [True, False])
def test_a_job_that_fails_says_so_in_its_trace(tmp_path: Path, inline: bool) -> None:
    async def go(one: Watched) -> None:
        await one.database.write(put(1))
        with one.update(), pytest.raises(sqlite3.IntegrityError):
            await one.database.write(put(1))

    with watched(tmp_path, inline=inline) as one:
        asyncio.run(go(one))
    (write,) = one.spans()
    assert write.error == "SQLITE_CONSTRAINT_PRIMARYKEY"


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize("broken", ["transaction", "operations"])
def test_what_cannot_be_measured_is_written_all_the_same(
    broken: str, inline: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError(broken)

    async def go(one: Watched) -> list[object]:
        with one.update():
            together = asyncio.gather(*(one.database.write(put(number), hurry=False) for number in range(3)))
            async with asyncio.timeout(10):  # the thread that all others wait for is still there
                return [*await together, await one.database.read(lambda db: db.execute("SELECT 1").fetchone()[0])]

    monkeypatch.setattr(Meter, broken, fails)
    with watched(tmp_path, inline=inline) as one:
        assert asyncio.run(go(one)) == [0, 1, 2, 1]
        assert one.database._writer.took == [], "what cannot be counted fills no memory"
    assert "db.unmeasured" in caplog.messages


def test_jobs_that_are_committed_together_say_how_many(tmp_path: Path) -> None:
    async def go(one: Watched) -> None:
        with one.update():
            await asyncio.gather(*(one.database.write(put(number), hurry=False) for number in range(3)))

    with watched(tmp_path) as one:
        asyncio.run(go(one))
    assert [span.fields["jobs"] for span in one.spans()] == [3, 3, 3]
    assert [span.fields["statements"] for span in one.spans()] == [1, 1, 1]


def test_what_nobody_reads_is_not_gathered() -> None:
    with closing(sqlite3.connect(":memory:", factory=Timed)) as connection:
        for _ in range(10):
            connection.execute("SELECT 1")
        assert connection.took == []


def test_a_database_that_nobody_watches_is_not_timed_and_part_of_no_trace(tmp_path: Path) -> None:
    async def go(one: Watched, other: Database) -> None:
        with one.update():
            await other.write(put(1))

    with watched(tmp_path) as one, closing(Database(tmp_path / "other.db", (SCHEMA,), inline=True)) as other:
        asyncio.run(go(one, other))
        assert not other._writer.listens
    assert one.spans() == []
