"""``kill -9`` loses nothing, repeats only what was in flight, and leaves a whole database.

``make crash`` kills 200 times.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from planner.store.db import Database
from planner.store.schema import MIGRATIONS
from tests.crash.load import Ledger, Press, Said, token
from tests.crash.processes import copied, frames
from tests.crash.verdict import Flight, Found, Shown, contradictions, judge

KILLS = int(os.environ.get("PLANNER_KILLS") or 20)
SEED = os.environ.get("PLANNER_SEED", "")
ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(60 + 4 * KILLS)
def test_kill_9_at_random_moments_loses_nothing_and_repeats_only_what_was_in_flight() -> None:
    command = [sys.executable, "-m", "tests.crash.harness", "--kills", str(KILLS), *(["--seed", SEED] if SEED else [])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr


TEA, WALK = token(1), token(2)
LEDGER = Ledger([Said(1, 1, "start"), Said(1, 2, "soon", TEA), Said(1, 3, "far", WALK), Said(1, 4, "/help")],
                [Press(1, 1, "undo", WALK), Press(1, 2, "snooze", TEA)])  # fmt: skip
SHOWN = [Shown(1, 5, "Hello, User 1!"), Shown(1, 6, "Which city are you in"), Shown(1, 7, f"✅ tea {TEA}"),
         Shown(1, 8, f"↩️ walk {WALK} is not kept."), Shown(1, 9, "What I can do"),
         Shown(1, 10, f"💤 tea {TEA}\nlater")]  # fmt: skip
ANSWERED = {1: True, 2: True}
COPY = ("INSERT INTO events (id, user_id, title, start_local, start_at, duration_s, all_day, instant, set_at)"
        " SELECT 3, user_id, {}, start_local, start_at, 0, 0, 0, 0 FROM events WHERE id = 1")  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """What the planner has when all went well with ``LEDGER``."""
    path = tmp_path / "planner.db"
    Database(path, MIGRATIONS, inline=True).close()
    user = ("INSERT INTO users (id, chat_id, name, lang, zone, zone_assumed, leads_s, plans_until, created_at)"
            " VALUES (1, 1, '', 'en', 'UTC', 1, '[]', 0, 0)")  # fmt: skip
    event = ("INSERT INTO events (id, user_id, title, start_local, start_at, duration_s, all_day, instant, set_at,"
             " deleted_at) VALUES ({}, 1, '{}', '', 0, 0, 0, {}, 0, {})")  # fmt: skip
    reminder = ("INSERT INTO reminders (user_id, kind, event_id, occurrence_at, due_at, ready_at, expires_at,"
                " asked_for, state, verdict) VALUES (1, '{}', {}, 0, {}, 0, 0, 1, '{}', {})")  # fmt: skip
    execute(path, user, event.format(1, f"tea {TEA}", 1, "NULL"), event.format(2, f"walk {WALK}", 0, 9),
            reminder.format("event", 1, 1, "sent", "'good'"), reminder.format("snooze", 1, 2, "pending", "NULL"),
            "INSERT INTO counts VALUES ('reminders', 0, 1, 0)")  # fmt: skip
    return path


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.execute(statement)


def found(database: Path, *, shown: list[Shown] | None = None, flight: Flight | None = None,
          ledger: Ledger = LEDGER, answered: dict[int, bool] | None = None) -> Found:  # fmt: skip
    return judge(ledger, SHOWN if shown is None else shown, flight or Flight(), database, answered or ANSWERED)


def test_the_judge_finds_nothing_where_all_is_well(database: Path) -> None:
    assert found(database).faults == {}


@pytest.mark.parametrize(
    ("wrong", "seen"),
    [
        (lambda shown: shown[:-1], "reminders lost"),
        (lambda shown: [*shown, Shown(1, 11, f"⏰ tea {TEA}")], "repeated, not in flight"),
        (lambda shown: [*shown, Shown(1, 11, "⏰ tea zzz")], "unasked for"),
        (lambda shown: [*shown[:4], shown[5]], "commands lost"),
        (lambda shown: [*shown, Shown(1, 11, "What I can do")], "repeated, not in flight"),
        (lambda shown: [*shown, Shown(1, 11, "Settings")], "out of order"),
        (
            lambda shown: [*shown[:2], Shown(1, 7, "What I can do"), Shown(1, 9, f"✅ tea {TEA}"), *shown[3:]],
            "out of order",
        ),
    ],
)
def test_the_judge_sees_what_is_wrong_in_the_chat(
    database: Path, wrong: Callable[[list[Shown]], list[Shown]], seen: str
) -> None:
    assert seen in found(database, shown=wrong(SHOWN)).faults


@pytest.mark.parametrize(
    ("statement", "seen"),
    [
        ("DELETE FROM events WHERE id = 2", "commands lost"),
        ("UPDATE events SET deleted_at = NULL", "commands lost"),
        ("DELETE FROM reminders WHERE kind = 'snooze'", "commands lost"),
        (COPY.format("title"), "done twice"),
        (COPY.format("'zzz'"), "unasked for"),
        ("UPDATE reminders SET state = 'sending' WHERE kind = 'event'", "not settled"),
        ("UPDATE counts SET bad = 1", "contradictions"),
    ],
)  # fmt: skip
def test_the_judge_sees_what_is_wrong_in_the_database(database: Path, statement: str, seen: str) -> None:
    execute(database, statement)
    assert seen in found(database).faults


def test_the_judge_sees_a_press_without_an_answer(database: Path) -> None:
    assert "commands lost" in found(database, answered={1: True, 2: False}).faults


def test_a_repeat_is_allowed_once_for_each_kill_that_found_it_in_flight(database: Path) -> None:
    again, twice = [Shown(1, 11, f"⏰ tea {TEA}")], [Shown(1, 11, f"⏰ tea {TEA}"), Shown(1, 12, f"⏰ tea {TEA}")]
    flight = Flight(Counter({TEA: 1}))
    assert found(database, shown=SHOWN + again, flight=flight).faults == {}
    assert "repeated, not in flight" in found(database, shown=SHOWN + twice, flight=flight).faults


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM users",
        "DELETE FROM reminders WHERE kind = 'event'",
        "UPDATE reminders SET verdict = NULL WHERE kind = 'event'",
        "INSERT INTO updates (bot_id, update_id, chat_id, received_at) VALUES (1, 1, 1, 1)",
        "UPDATE counts SET good = 2",
    ],
)
def test_a_database_that_contradicts_itself_is_seen(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database)) as db:
        assert contradictions(db) == []
    execute(database, statement)
    with closing(sqlite3.connect(database)) as db:
        assert contradictions(db) != []


def test_a_log_that_is_being_copied_into_the_file_is_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    log, index = path.with_name("x.db-wal"), path.with_name("x.db-shm")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE x (y)")
        assert frames(log.read_bytes()) > 0
        assert copied(index.read_bytes()) == 0
        db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        assert copied(index.read_bytes()) == frames(log.read_bytes())
