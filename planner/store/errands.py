"""Errands: what a user asked for that takes longer than a handler may, kept until it is done."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from planner.store.news import News


class Errand(NamedTuple):
    """What to do for whom; it answers the update. ``progress`` is what earlier parts of it have left for later ones.

    One that is ``waiting`` for its user's word is given up at ``ready_at``.
    """

    id: int
    user_id: int
    kind: str
    update_id: int
    file_id: str | None
    said_at: int
    tries: int
    ready_at: int
    progress: dict[str, int]
    waiting: bool = False


class Errands:
    def __init__(self, connection: sqlite3.Connection, news: News) -> None:
        self._db = connection
        self._news = news

    def add(
        self, bot_id: int, user_id: int, kind: str, update_id: int, said_at: int, now: int, file_id: str | None = None
    ) -> int:
        """Owe one to a user, to be done from ``now`` on; returns its id."""
        row = self._db.execute(
            "INSERT INTO errands (bot_id, user_id, kind, update_id, file_id, said_at, ready_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (bot_id, user_id, kind, update_id, file_id, said_at, now),
        ).fetchone()
        self._news.errands = True
        return int(row[0])

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
        """How many a user is owed, those that wait for their word left out."""
        row = self._db.execute("SELECT count(*) FROM errands WHERE user_id = ? AND NOT waiting", (user_id,))
        return int(row.fetchone()[0])

    def park(self, errand: Errand, until: int, most: int) -> None:
        """It waits for its user's word; of those that do, so ``most`` of a user's are kept, the latest."""
        self._db.execute("UPDATE errands SET waiting = 1, tries = 0, ready_at = ? WHERE id = ?", (until, errand.id))
        self._db.execute(
            "DELETE FROM errands WHERE user_id = ?1 AND waiting AND id NOT IN"
            " (SELECT id FROM errands WHERE user_id = ?1 AND waiting ORDER BY id DESC LIMIT ?2)",
            (errand.user_id, most),
        )
        self._news.errands = True

    def go(self, errand_id: int, now: int) -> None:
        """It waits no longer, and is to be done."""
        self._db.execute("UPDATE errands SET waiting = 0, said_at = ?1, ready_at = ?1 WHERE id = ?2", (now, errand_id))
        self._news.errands = True

    def keep(self, errand_id: int, progress: dict[str, int]) -> None:
        """So far it is done."""
        self._db.execute("UPDATE errands SET progress = ? WHERE id = ?", (json.dumps(progress), errand_id))

    def postpone(self, errand_id: int, ready_at: int) -> None:
        """It was tried, and is to be tried again."""
        self._db.execute("UPDATE errands SET tries = tries + 1, ready_at = ? WHERE id = ?", (ready_at, errand_id))

    def give_up(self, errand_id: int) -> None:
        """It has waited for too long, if it waits still."""
        self._db.execute("DELETE FROM errands WHERE id = ? AND waiting", (errand_id,))

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
        bool(row["waiting"]),
    )
