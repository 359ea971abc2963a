"""A backup is consistent though the planner goes on writing, and comes back; nothing is ever overwritten."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from planner.store import Store
from planner.store.backup import backup, restore
from planner.store.db import StoreError
from planner.store.lock import RunLock
from planner.store.schema import MIGRATIONS


def _made(path: Path, *names: str) -> Path:
    store = Store(path, inline=True)
    with store._db._writer as connection:
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO settings VALUES (?, '')", [(name,) for name in names])
    store.close()
    return path


def _names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT key FROM settings WHERE value = '' ORDER BY key")]


def test_a_backup_holds_what_was_committed_also_what_is_only_in_the_log(tmp_path: Path) -> None:
    store = Store(tmp_path / "planner.db", inline=True)
    store._db._writer.execute("INSERT INTO settings VALUES ('kept', '')")
    size = backup(tmp_path / "planner.db", tmp_path / "copy.db")
    store.close()
    assert size == (tmp_path / "copy.db").stat().st_size
    assert _names(tmp_path / "copy.db") == ["kept"]
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith("copy")} == {"copy.db"}


def test_it_is_of_one_moment_while_the_planner_writes(tmp_path: Path) -> None:
    path = _made(tmp_path / "planner.db")
    done = threading.Event()

    def pairs() -> None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
            number = 0
            while not done.is_set():
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO settings VALUES (?, '')", (f"a{number}",))
                connection.execute("INSERT INTO settings VALUES (?, '')", (f"b{number}",))
                connection.execute("COMMIT")
                number += 1

    writer = threading.Thread(target=pairs)
    writer.start()
    try:
        for number in range(5):
            backup(path, tmp_path / f"copy{number}.db")
    finally:
        done.set()
        writer.join()
    for number in range(5):
        names = _names(tmp_path / f"copy{number}.db")
        assert {name[1:] for name in names if name[0] == "a"} == {name[1:] for name in names if name[0] == "b"}


def test_it_never_overwrites_a_file(tmp_path: Path) -> None:
    path = _made(tmp_path / "planner.db")
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(StoreError, match="exists already: name a new file"):
        backup(path, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"
    with pytest.raises(StoreError, match="exists already"):
        backup(path, tmp_path)


def test_what_cannot_be_copied_is_said_in_a_line_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = _made(tmp_path / "planner.db")
    with pytest.raises(StoreError, match="does not exist: name the database in PLANNER_DB"):
        backup(tmp_path / "nothing.db", tmp_path / "copy.db")
    with pytest.raises(StoreError, match="does its folder exist"):
        backup(path, tmp_path / "nowhere" / "copy.db")
    with pytest.raises(StoreError):
        backup(path, path / "copy.db")
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database " * 1_000)
    with pytest.raises(StoreError, match="damaged or no SQLite file"):
        backup(broken, tmp_path / "copy.db")
    assert sorted(found.name for found in tmp_path.iterdir()) == ["broken.db", "planner.db"]


def test_a_damaged_database_is_not_copied_as_if_it_were_sound(tmp_path: Path) -> None:
    path = _made(tmp_path / "planner.db", *(f"name {number:05}" for number in range(5_000)))
    content = bytearray(path.read_bytes())
    for offset in range(len(content) - 40_960, len(content) - 20_480):
        content[offset] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        backup(path, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_restoring_puts_the_backup_in_place_and_what_was_there_aside(tmp_path: Path) -> None:
    path = _made(tmp_path / "planner.db", "old")
    backup(path, tmp_path / "copy.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("INSERT INTO settings VALUES ('new', '')")
        aside = restore(tmp_path / "copy.db", path)
    assert _names(path) == ["old"]
    assert aside is not None
    assert _names(aside) == ["new", "old"], "with what was only in its log"
    again = restore(tmp_path / "copy.db", path)
    assert again not in {None, aside}
    store = Store(path, inline=True)
    store.close()


@pytest.mark.parametrize("links", [True, False])
def test_a_restore_that_is_broken_off_leaves_a_whole_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    path = _made(tmp_path / "planner.db", "old")
    backup(path, tmp_path / "copy.db")
    rename = Path.rename

    def cut_off(self: Path, target: Path) -> Path:
        if self.name.endswith(".restoring"):
            raise KeyboardInterrupt
        return rename(self, target)

    def no_links(*_: object) -> None:
        raise PermissionError

    with closing(sqlite3.connect(path, isolation_level=None)) as connection, monkeypatch.context() as broken:
        connection.execute("INSERT INTO settings VALUES ('new', '')")
        broken.setattr(Path, "rename", cut_off)
        if not links:
            broken.setattr(Path, "hardlink_to", no_links)
        with pytest.raises(KeyboardInterrupt):
            restore(tmp_path / "copy.db", path)
    assert _names(path) == ["new", "old"]
    aside = restore(tmp_path / "copy.db", path)
    assert aside is not None
    assert _names(aside) == ["new", "old"]
    assert _names(path) == ["old"]


def test_restoring_where_nothing_was_needs_nothing_aside(tmp_path: Path) -> None:
    copy = _made(tmp_path / "copy.db", "kept")
    assert restore(copy, tmp_path / "planner.db") is None
    assert _names(tmp_path / "planner.db") == ["kept"]


def test_a_running_planner_is_not_restored_beneath(tmp_path: Path) -> None:
    path, copy = _made(tmp_path / "planner.db", "mine"), _made(tmp_path / "copy.db", "other")
    lock = RunLock(path)
    with pytest.raises(StoreError, match="another planner runs"):
        restore(copy, path)
    lock.release()
    assert _names(path) == ["mine"]


def test_what_is_no_backup_of_ours_changes_nothing(tmp_path: Path) -> None:
    path = _made(tmp_path / "planner.db", "mine")
    theirs, text, newer = tmp_path / "theirs.db", tmp_path / "text.db", _made(tmp_path / "newer.db")
    with closing(sqlite3.connect(theirs)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    text.write_text("no database " * 100)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    for source, said in (
        (theirs, "no planner's database"),
        (text, "damaged or no SQLite file"),
        (newer, "newer planner: update the planner first"),
        (tmp_path / "nothing.db", "does not exist"),
    ):
        with pytest.raises(StoreError, match=said):
            restore(source, path)
        assert _names(path) == ["mine"]
    assert not list(tmp_path.glob("*before-restore*"))
    assert not list(tmp_path.glob("*.restoring*"))
