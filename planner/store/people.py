"""Whom an owner has let in: guests, and the one-time codes of those still to come."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


class Guest(NamedTuple):
    """Somebody who came by invitation, ``since`` when (UTC ms); ``name`` is ``None`` until they have written."""

    user_id: int
    since: int
    name: str | None


class People:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def guests(self, bot_id: int) -> list[Guest]:
        """Everybody who came by invitation, first come first."""
        rows = self._db.execute(
            "SELECT guests.user_id, since, name FROM guests LEFT JOIN users ON users.id = guests.user_id"
            " WHERE guests.bot_id = ? ORDER BY since, guests.user_id",
            (bot_id,),
        )
        return [Guest(*row) for row in rows]

    def is_guest(self, bot_id: int, user_id: int) -> bool:
        row = self._db.execute("SELECT 1 FROM guests WHERE bot_id = ? AND user_id = ?", (bot_id, user_id)).fetchone()
        return row is not None

    def admit(self, bot_id: int, user_id: int, now: int) -> None:
        """Make somebody a guest; a stranger no more."""
        self._db.execute("INSERT OR IGNORE INTO guests VALUES (?, ?, ?)", (bot_id, user_id, now))
        self._db.execute("DELETE FROM strangers WHERE id = ?", (user_id,))

    def remove(self, bot_id: int, user_id: int) -> bool:
        """Whether there was such a guest; there is none now."""
        done = self._db.execute("DELETE FROM guests WHERE bot_id = ? AND user_id = ?", (bot_id, user_id))
        return done.rowcount == 1

    def invite(self, bot_id: int, code: str, expires_at: int) -> None:
        """Whoever brings this code before it expires may be made a guest."""
        self._db.execute("INSERT INTO invites VALUES (?, ?, ?)", (code, bot_id, expires_at))

    def invites(self, bot_id: int, now: int) -> list[str]:
        """The codes that hold now."""
        rows = self._db.execute(
            "SELECT code FROM invites WHERE bot_id = ? AND expires_at > ? ORDER BY expires_at, code", (bot_id, now)
        )
        return [row[0] for row in rows]

    def spend(self, code: str) -> None:
        """The code holds no more."""
        self._db.execute("DELETE FROM invites WHERE code = ?", (code,))

    def withdraw(self, bot_id: int) -> None:
        """No code holds any more."""
        self._db.execute("DELETE FROM invites WHERE bot_id = ?", (bot_id,))

    def forget_invites(self, now: int) -> None:
        """Drop the codes that have expired."""
        self._db.execute("DELETE FROM invites WHERE expires_at <= ?", (now,))
