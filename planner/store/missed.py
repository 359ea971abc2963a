"""What was missed and whom no summary has told of it yet; plans apart."""

from __future__ import annotations

import sqlite3

from planner.model import User
from planner.store.users import user

UNTOLD = "state = 'missed' AND kind <> 'plan' AND told = 0"


class Missed:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def untold(self) -> list[User]:
        """Whoever has missed reminders that they have not been told of."""
        rows = self._db.execute(f"SELECT * FROM users WHERE id IN (SELECT user_id FROM reminders WHERE {UNTOLD})")
        return [user(row) for row in rows]

    def tell(self, user_id: int) -> list[int]:
        """The reminders that a user missed and is told of now, once, in the order they were due."""
        rows = self._db.execute(
            f"UPDATE reminders SET told = 1 WHERE {UNTOLD} AND user_id = ? RETURNING due_at, id", (user_id,)
        ).fetchall()
        return [row[1] for row in sorted(tuple(row) for row in rows)]
