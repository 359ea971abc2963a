"""What no longer matters, what was missed, and whom no summary has told of it yet."""

from __future__ import annotations

import sqlite3

from planner.model import State, User
from planner.store.owed import Owed, owed
from planner.store.users import user

UNTOLD = "state = 'missed' AND kind <> 'plan' AND told = 0"


class Missed:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def expired(self, now: int, limit: int) -> list[Owed]:
        """Pending reminders that no longer matter: over 24 h late, or plans whose day has ended."""
        rows = self._db.execute(
            "SELECT id FROM reminders WHERE state = 'pending' AND expires_at <= ? ORDER BY expires_at LIMIT ?",
            (now, limit),
        ).fetchall()
        return owed(self._db, [row[0] for row in rows], State.PENDING)

    def expired_of(self, user_id: int, now: int) -> list[int]:
        """All of one user's that no longer matter, in the order they were due."""
        rows = self._db.execute(
            "SELECT id FROM reminders WHERE state = 'pending' AND expires_at <= ? AND user_id = ? ORDER BY due_at, id",
            (now, user_id),
        )
        return [row[0] for row in rows]

    def untold(self) -> list[User]:
        """Whoever has missed reminders, plans apart, that they have not been told of."""
        rows = self._db.execute(f"SELECT * FROM users WHERE id IN (SELECT user_id FROM reminders WHERE {UNTOLD})")
        return [user(row) for row in rows]

    def tell(self, user_id: int) -> list[int]:
        """The reminders that a user missed and is told of now, once, in the order they were due."""
        rows = self._db.execute(
            f"UPDATE reminders SET told = 1 WHERE {UNTOLD} AND user_id = ? RETURNING due_at, id", (user_id,)
        ).fetchall()
        return [row[1] for row in sorted(tuple(row) for row in rows)]
