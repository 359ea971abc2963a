"""All that is kept about one user: read as it stands, and deleted at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from planner.model import Event, State
from planner.store.counts import Counts
from planner.store.events import event
from planner.store.news import WHOSE, News
from planner.store.reminders import Reminders
from planner.store.tally import cancelled

ABOUT: Mapping[str, str] = {
    "users": "id = ?",
    "events": "user_id = ?",
    "occurrences": "user_id = ?",
    "reminders": "user_id = ?",
    "changes": "user_id = ?",
    "feeds": "user_id = ?",
    "syncs": "user_id = ?",
    "published": "user_id = ?",
    "said": "event_id IN (SELECT id FROM events WHERE user_id = ?)",
    "errands": "user_id = ?",
    "guests": "user_id = ?",
    "strangers": "id = ?",
    "alert_messages": "user_id = ?",
    "alert_mutes": "muted_by = ?",
}
"""The tables that hold something about a user, and which of their rows do."""
PASSING = frozenset({"updates", "answers"})
"""What comes from and goes to chats, and stays only until it has been handled or sent."""
NOBODY = frozenset({"settings", "counts", "totals", "invites", "sqlite_sequence", "alerts", "probes"})
"""What names nobody, but for the owner's id in ``settings``, and who has acknowledged which of the ``alerts``."""

TO_SCRUB = "to scrub"
"""The setting that says that somebody was forgotten, and that their text may still stand in the files."""

FORGOTTEN = "its user was forgotten"

Rows = Mapping[str, list[dict[str, object]]]


class Account:
    def __init__(self, connection: sqlite3.Connection, counts: Counts, news: News) -> None:
        self._db = connection
        self._counts = counts
        self._news = news

    def rows(self, user_id: int) -> Rows:
        """Every row about a user, by table, each as its columns."""
        return {table: self._rows(table, whose, user_id) for table, whose in ABOUT.items()}

    def _rows(self, table: str, whose: str, user_id: int) -> list[dict[str, object]]:
        return [dict(row) for row in self._db.execute(f"SELECT * FROM {table} WHERE {whose} ORDER BY 1, 2", (user_id,))]

    def events(self, user_id: int) -> list[Event]:
        """All of a user's events, past ones too, in the order they were made."""
        rows = self._db.execute("SELECT * FROM events WHERE user_id = ? AND deleted_at IS NULL ORDER BY id", (user_id,))
        return [event(row) for row in rows]

    def count(self, user_id: int) -> int:
        """How many those are."""
        row = self._db.execute("SELECT count(*) FROM events WHERE user_id = ? AND deleted_at IS NULL", (user_id,))
        return int(row.fetchone()[0])

    def last_event(self, user_id: int) -> int:
        """The id of the event that was made last; 0 where there is none."""
        row = self._db.execute("SELECT coalesce(max(id), 0) FROM events WHERE user_id = ?", (user_id,))
        return int(row.fetchone()[0])

    def forget(self, user_id: int, chat_id: int, update_id: int, now: int) -> None:
        """Delete it all, and what is owed to the chat; of what was handled, this update included, only numbers stay.

        What was overdue by then is judged first: counts do not depend on who is still there. What is deleted is
        zeroed as well, which would cost every other transaction half its speed.
        """
        self._db.execute("PRAGMA secure_delete=ON")
        try:
            self._forget(user_id, chat_id, update_id, now)
        finally:
            self._db.execute("PRAGMA secure_delete=FAST")

    def _forget(self, user_id: int, chat_id: int, update_id: int, now: int) -> None:
        reminders = Reminders(self._db, self._counts, self._news)
        begun = self._db.execute(
            "SELECT id, unwanted_at FROM reminders WHERE user_id = ?"
            " AND (state = 'sending' OR state = 'pending' AND due_at <= ?)",
            (user_id, now),
        )
        with reminders.together():
            for row in begun.fetchall():
                reminders.end([row["id"]], State.CANCELLED, row["unwanted_at"] or now, FORGOTTEN)
        gone = self._db.execute(f"DELETE FROM reminders WHERE user_id = ? RETURNING {WHOSE}, state", (user_id,))
        cancelled(self._db, self._news, [row for row in gone.fetchall() if row["state"] == State.PENDING], FORGOTTEN)
        self._db.execute("DELETE FROM answers WHERE chat_id = ?", (chat_id,))
        self._news.answers = [one for one in self._news.answers if one.chat_id != chat_id]
        self._news.forgotten.append(chat_id)
        self._db.execute("INSERT OR REPLACE INTO settings VALUES (?, '1')", (TO_SCRUB,))
        for table in reversed(list(ABOUT)):
            self._db.execute(f"DELETE FROM {table} WHERE {ABOUT[table]}", (user_id,))
        self._db.execute("UPDATE alerts SET acknowledged_by = NULL WHERE acknowledged_by = ?", (user_id,))
        self._db.execute(
            "UPDATE updates SET chat_id = 0 WHERE chat_id = ? AND (handled_at IS NOT NULL OR update_id = ?)",
            (chat_id, update_id),
        )
