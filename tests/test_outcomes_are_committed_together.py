"""What is in no hurry waits a moment for its like, so that one commit serves many; nothing of it is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from planner.store.db import GATHERED_MS, Database, Job

MIGRATION = "CREATE TABLE done (what TEXT PRIMARY KEY) STRICT"


def writing(what: str) -> Job[None]:
    def job(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO done VALUES (?)", (what,))

    return job


def commits(database: Database) -> list[str]:
    """Every COMMIT from now on."""
    seen: list[str] = []
    database._writer.set_trace_callback(lambda statement: seen.append(statement) if statement == "COMMIT" else None)
    return seen


def written(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT what FROM done").fetchall()
    connection.close()
    return {row[0] for row in rows}


async def test_what_comes_in_within_a_moment_shares_one_commit(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", [MIGRATION])
    seen = commits(database)

    async def later(ms: int, what: str) -> None:
        await asyncio.sleep(ms / 1_000)
        await database.write(writing(what), hurry=False)

    await asyncio.gather(*(later(ms, str(ms)) for ms in range(0, GATHERED_MS, 5)))
    database.close()
    assert written(tmp_path / "a.db") == {str(ms) for ms in range(0, GATHERED_MS, 5)}
    assert seen == ["COMMIT"]


async def test_nobody_waits_longer_than_promised(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", [MIGRATION])
    loop = asyncio.get_running_loop()
    began = loop.time()
    await database.write(writing("first"), hurry=False)
    assert (loop.time() - began) * 1_000 <= 2 * GATHERED_MS <= 50
    database.close()


async def test_one_that_fails_takes_no_other_with_it(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", [MIGRATION])
    results = await asyncio.gather(
        *(database.write(writing(what), hurry=False) for what in ("a", "a", "b")), return_exceptions=True
    )
    database.close()
    assert [type(result) for result in results] == [type(None), sqlite3.IntegrityError, type(None)]
    assert written(tmp_path / "a.db") == {"a", "b"}


async def test_what_was_waiting_when_the_database_is_closed_is_written(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", [MIGRATION])
    waiting = asyncio.ensure_future(database.write(writing("last"), hurry=False))
    await asyncio.sleep(0)
    database.close()
    await waiting
    assert written(tmp_path / "a.db") == {"last"}


@pytest.mark.parametrize("hurry", [True, False])
async def test_a_simulation_writes_at_once(tmp_path: Path, hurry: bool) -> None:
    database = Database(tmp_path / "a.db", [MIGRATION], inline=True)
    await database.write(writing("now"), hurry=hurry)
    assert written(tmp_path / "a.db") == {"now"}
    database.close()
