"""Errands: what a user asked for that takes longer than a handler may, kept until it is done."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from planner.store.news import News


class Errand(NamedTuple):
    """What to do for whom; it answers the update. ``progress`` is what earlier parts of it have left for later ones."""

    id: int
    user_id: int
    kind: str
    update_id: int
    file_id: str | None
    said_at: int
    tries: int
    ready_at: int
    progress: dict[str, int]


class Errands:
    def __init__(self, connection: sqlite3.Connection, news: News) -> None:
        self._db = connection
        self._news = news

    def add(
        self, bot_id: int, user_id: int, kind: str, update_id: int, said_at: int, now: int, file_id: str | None = None
    ) -> None:
        """Owe one to a user, to be done from ``now`` on."""
        self._db.execute(
            "INSERT INTO errands (bot_id, user_id, kind, update_id, file_id, said_at, ready_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (bot_id, user_id, kind, update_id, file_id, said_at, now),
        )
        self._news.errands = True

    def next(self, bot_id: int) -> Errand | None:
        """The one that is to be done first."""
        row = self._db.execute(
            "SELECT * FROM errands WHERE bot_id = ? ORDER BY ready_at, id LIMIT 1", (bot_id,)
        ).fetchone()
        return None if row is None else _errand(row)

    def get(self, errand_id: int) -> Errand | None:
        row = self._db.execute("SELECT * FROM errands WHERE id = ?", (errand_id,)).fetchone()
        return None if row is None else _errand(row)

    def count(self, user_id: int) -> int:
        """How many a user is owed."""
        return int(self._db.execute("SELECT count(*) FROM errands WHERE user_id = ?", (user_id,)).fetchone()[0])

    def keep(self, errand_id: int, progress: dict[str, int]) -> None:
        """So far it is done."""
        self._db.execute("UPDATE errands SET progress = ? WHERE id = ?", (json.dumps(progress), errand_id))

    def postpone(self, errand_id: int, ready_at: int) -> None:
        """It was tried, and is to be tried again."""
        self._db.execute("UPDATE errands SET tries = tries + 1, ready_at = ? WHERE id = ?", (ready_at, errand_id))

    def drop(self, errand_id: int) -> None:
        """It is done, or never will be."""
        self._db.execute("DELETE FROM errands WHERE id = ?", (errand_id,))


def _errand(row: sqlite3.Row) -> Errand:
    return Errand(
        row["id"],
        row["user_id"],
        row["kind"],
        row["update_id"],
        row["file_id"],
        row["said_at"],
        row["tries"],
        row["ready_at"],
        json.loads(row["progress"]),
    )
