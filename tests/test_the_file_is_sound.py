"""The database file: migrated a transaction at a time, refused untouched when not ours, private, one planner's."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from planner import promises
from planner.store import Store
from planner.store.backup import backup
from planner.store.db import APPLICATION_ID, Database, StoreError, UnavailableError
from planner.store.lock import RunLock
from planner.store.opening import explain, statements
from planner.store.schema import MIGRATIONS

FIRST = "CREATE TABLE one (x INTEGER) STRICT;\nINSERT INTO one VALUES (1);"
SECOND = "CREATE TABLE two (x INTEGER) STRICT;\nINSERT INTO two SELECT x FROM one;"
BROKEN = "CREATE TABLE three (x INTEGER) STRICT;\nINSERT INTO nowhere VALUES (1);"


def _open(path: Path, *migrations: str) -> Database:
    return Database(path, migrations or MIGRATIONS, inline=True)


def _ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def _files(folder: Path) -> dict[str, bytes]:
    """What a folder's files hold; an index into the log, and an empty log, hold nothing."""
    found = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}
    return {name: content for name, content in found.items() if content}


# Migrations


def test_migrations_are_applied_in_order_and_once(tmp_path: Path) -> None:
    path = tmp_path / "planner.db"
    _open(path, FIRST).close()
    assert _ask(path, "PRAGMA user_version") == [(1,)]
    _open(path, FIRST, SECOND).close()
    _open(path, FIRST, SECOND).close()
    assert _ask(path, "PRAGMA user_version") == [(2,)]
    assert _ask(path, "SELECT * FROM two") == [(1,)]


def test_a_migration_that_fails_leaves_the_file_as_the_one_before_made_it(tmp_path: Path) -> None:
    path = tmp_path / "planner.db"
    with pytest.raises(StoreError):
        _open(path, FIRST, SECOND, BROKEN)
    assert _ask(path, "PRAGMA user_version") == [(2,)]
    assert _ask(path, "SELECT name FROM sqlite_master ORDER BY name") == [("one",), ("two",)]
    _open(path, FIRST, SECOND).close()


def test_a_crash_within_a_migration_leaves_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "planner.db"
    _open(path, FIRST).close()
    dies = (
        "import os, signal, sqlite3, sys\n"
        "from pathlib import Path\n"
        "from planner.store import opening\n"
        "from planner.store.db import Database\n"
        "real = opening.statements\n"
        "def statements(script):\n"
        "    for statement in real(script):\n"
        "        yield statement\n"
        "        if 'two' in statement: os.kill(os.getpid(), signal.SIGKILL)\n"
        "opening.statements = statements\n"
        f"Database(Path({str(path)!r}), ({FIRST!r}, {SECOND!r}), inline=True)\n"
    )
    ended = subprocess.run([sys.executable, "-c", dies], check=False, cwd=Path(__file__).parent.parent)
    assert ended.returncode == -signal.SIGKILL
    _open(path, FIRST).close()
    assert _ask(path, "SELECT name FROM sqlite_master") == [("one",)]


def test_a_script_is_cut_into_its_statements_only() -> None:
    script = "CREATE TABLE a (x); -- a; b\nINSERT INTO a VALUES ('x;\ny');\nSELECT 1"
    assert len(list(statements(script))) == 3


def test_every_migration_of_ours_is_whole_statements() -> None:
    for script in MIGRATIONS:
        assert all(sqlite3.complete_statement(statement) for statement in statements(script) if statement.strip())


def test_what_the_release_before_kept_is_all_there_after_its_migration(tmp_path: Path) -> None:
    path = tmp_path / "planner.db"
    _open(path, *MIGRATIONS[:3]).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO users (id, chat_id, name, lang, zone, zone_assumed, leads_s, plans_until, created_at)"
            " VALUES (1, 1, 'Alice', 'en', 'UTC', 0, '[]', 0, 0)"
        )
        for number in range(3):
            connection.execute(
                "INSERT INTO reminders (user_id, kind, occurrence_at, due_at, ready_at, expires_at, asked_for, state)"
                " VALUES (1, 'snooze', 0, ?, 0, 0, 0, ?)",
                (number, "sent" if number else "pending"),
            )
    _open(path).close()
    assert _ask(path, "PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert _ask(path, "SELECT id, due_at, state, trace FROM reminders ORDER BY id") == [
        (1, 0, "pending", None),
        (2, 1, "sent", None),
        (3, 2, "sent", None),
    ]
    assert _ask(path, "SELECT name, active_at FROM users") == [("Alice", None)]
    waiting = "SELECT count(*) FROM reminders INDEXED BY reminders_waiting WHERE state = 'pending' AND due_at < 9"
    assert _ask(path, waiting) == [(1,)]
    assert _ask(path, "PRAGMA integrity_check") == [("ok",)]


# Files that are not ours to write


def _newer(path: Path) -> None:
    _open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
        connection.commit()


def test_a_newer_database_is_refused_with_a_line_that_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "planner.db"
    _newer(path)
    before = _files(tmp_path)
    with pytest.raises(StoreError, match=r"written by a newer planner .* update the planner, or restore") as refused:
        _open(path)
    assert "\n" not in str(refused.value)
    assert _files(tmp_path) == before


def test_a_newer_database_that_crashed_keeps_its_log_untouched_too(tmp_path: Path) -> None:
    made, path = tmp_path / "made.db", tmp_path / "here" / "planner.db"
    path.parent.mkdir()
    _open(made).close()
    with closing(sqlite3.connect(made, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{made}{suffix}", f"{path}{suffix}")
    assert path.with_name("planner.db-wal").stat().st_size > 0
    before = _files(path.parent)
    with pytest.raises(StoreError, match="newer planner"):
        _open(path)
    assert _files(path.parent) == before


def test_another_programs_database_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    for pragma in ("PRAGMA application_id=7", "PRAGMA application_id=0"):
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"{pragma}; CREATE TABLE theirs (x)")
        before = _files(tmp_path)
        with pytest.raises(StoreError, match="SQLite file of another program: name another file in PLANNER_DB"):
            _open(path)
        assert _files(tmp_path) == before


@pytest.mark.parametrize("content", [b"not a database at all " * 100, b"SQLite format 3\0" + b"\xff" * 4_000])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "planner.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged or no SQLite file: restore a backup"):
        _open(path)
    assert path.read_bytes() == content


def test_a_folder_that_does_not_exist_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does its folder exist"):
        _open(tmp_path / "nowhere" / "planner.db")
    with pytest.raises(StoreError):
        RunLock(tmp_path / "nowhere" / "planner.db")


def test_a_file_that_may_not_be_written_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(StoreError, match="cannot be written: give its folder and file to the user that runs"):
        _open(tmp_path / "planner.db")


def test_only_its_user_may_read_it(tmp_path: Path) -> None:
    _open(tmp_path / "planner.db").close()
    assert (tmp_path / "planner.db").stat().st_mode & 0o777 == 0o600


def test_it_is_as_durable_as_sqlite_can_make_it(tmp_path: Path) -> None:
    database = _open(tmp_path / "planner.db")
    found = {
        name: database._writer.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "application_id")
    }
    database.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "application_id": APPLICATION_ID}


def _ask_readonly(path: Path) -> Exception:
    _open(path).close()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        with pytest.raises(sqlite3.OperationalError) as error:
            connection.execute("DELETE FROM settings")
        return error.value


def _ask_full(path: Path) -> Exception:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA max_page_count=2")
        with pytest.raises(sqlite3.OperationalError) as error:
            connection.executescript("CREATE TABLE a (x); CREATE TABLE b (x); CREATE TABLE c (x)")
        return error.value


def _ask_locked(path: Path) -> Exception:
    _open(path).close()
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as holder,
        closing(sqlite3.connect(path, timeout=0)) as other,
    ):
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as error:
            other.execute("DELETE FROM settings")
        return error.value


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (_ask_readonly, "cannot be written"),
        (_ask_full, "no space left"),
        (_ask_locked, "locked by another program"),
        (lambda _: OSError(28, "No space left on device"), "no space left"),
        (lambda _: FileNotFoundError(2, "x"), "does its folder exist"),
    ],
)
def test_what_sqlite_says_becomes_what_the_host_does(
    tmp_path: Path, fault: Callable[[Path], Exception], said: str
) -> None:
    path = tmp_path / "planner.db"
    line = explain(fault(path), path)
    assert said in line
    assert str(path) in line
    assert "\n" not in line


# One planner a database


def test_a_second_planner_on_the_same_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "planner.db"
    lock = RunLock(path)
    with pytest.raises(StoreError, match=r"another planner runs on .*: stop that one first") as refused:
        RunLock(path)
    assert "\n" not in str(refused.value)
    RunLock(tmp_path / "another.db").release()
    lock.release()
    RunLock(path).release()


def test_the_lock_goes_with_its_process_however_that_ends(tmp_path: Path) -> None:
    path = tmp_path / "planner.db"
    holds = (
        "import os, signal\nfrom pathlib import Path\nfrom planner.store.lock import RunLock\n"
        f"lock = RunLock(Path({str(path)!r}))\nprint('held', flush=True)\nsignal.pause()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holds], cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreError, match="another planner runs"):
            RunLock(path)
        holder.kill()
    RunLock(path).release()


def test_status_and_backup_are_not_refused_beside_a_running_planner(tmp_path: Path) -> None:
    path = tmp_path / "planner.db"
    lock, store = RunLock(path), Store(path, inline=True)
    assert len(promises.read_file(path, promises.load().slos, 0)) == len(promises.load().slos)
    assert backup(path, tmp_path / "copy.db") > 0
    store.close()
    lock.release()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    database = _open(tmp_path / "planner.db")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        database._reader.execute("DELETE FROM settings")
    database.close()
    assert issubclass(UnavailableError, StoreError)
