"""A few values that the process keeps for itself: the owner's code, the bot's id, its last heartbeat."""

from __future__ import annotations

import sqlite3

BOT = "bot"
"""Whose store this is at the moment: the id of the bot at work."""
OWNER = "owner"
"""Who has claimed a bot, see ``of_bot``."""
THIS_BOT = f"(SELECT CAST(value AS INTEGER) FROM settings WHERE key = '{BOT}')"


def of_bot(what: str, bot_id: int) -> str:
    """The key of what is kept for each bot: who owns the local chat's bot does not own the one on Telegram."""
    return f"{what}:{bot_id}"


class Settings:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def get(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, key: str, value: str) -> None:
        self._db.execute(
            "INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value)
        )

    def drop(self, key: str) -> None:
        self._db.execute("DELETE FROM settings WHERE key = ?", (key,))
