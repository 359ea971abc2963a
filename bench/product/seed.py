"""Fills a planner's database straight by SQL: a million rows in seconds, as the planner would have left them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from planner import due
from planner.model import DAY
from planner.store import Store

FIRST_USER = 1_000


@dataclass(frozen=True, slots=True)
class Seed:
    """``users`` with ``each`` events a user; the n-th of all starts, and is reminded, ``n * step`` after ``first``."""

    users: int
    each: int
    first: int
    step: float
    made: int


def fill(path: Path, seed: Seed) -> None:
    """Create the database and its rows. Durable only once it returns: an unfinished file is worth nothing."""
    Store(path, inline=True).close()
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous=OFF")
    db.execute("BEGIN")
    db.executemany(
        "INSERT INTO users (id, chat_id, name, lang, zone, zone_assumed, leads_s, plans_until, created_at)"
        " VALUES (?1, ?1, 'user', 'en', 'UTC', 0, '[0]', ?2, ?2)",
        ((number, seed.made) for number in user_ids(seed)),
    )
    db.executemany(
        "INSERT INTO events (id, user_id, title, start_local, start_at, duration_s, all_day, instant, set_at)"
        " VALUES (?, ?, ?, ?, ?, 0, 0, 1, ?)",
        (
            (number, user, f"event {number}", due.local_text(at, "UTC"), at, seed.made)
            for number, user, at in _each(seed)
        ),
    )
    db.executemany(
        "INSERT INTO reminders (user_id, kind, event_id, occurrence_at, due_at, ready_at, expires_at, asked_for)"
        " VALUES (?, 'event', ?, ?3, ?3, ?3, ?4, 1)",
        ((user, number, at, at + DAY) for number, user, at in _each(seed)),
    )
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def user_ids(seed: Seed) -> range:
    """Whom the users are: each one's private chat has the same number."""
    return range(FIRST_USER, FIRST_USER + seed.users)


def _each(seed: Seed) -> Iterator[tuple[int, int, int]]:
    """Every event's number, user and start; neighbours in time belong to different users."""
    for number in range(seed.users * seed.each):
        yield number + 1, FIRST_USER + number % seed.users, seed.first + round(number * seed.step)
