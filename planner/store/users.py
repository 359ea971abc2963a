"""Users, strangers, and what a user has been asked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from planner.model import Quiet, User
from planner.store.settings import BOT, THIS_BOT
from planner.store.totals import Totals


def user(row: sqlite3.Row) -> User:
    """A row of ``users`` as the domain knows it."""
    quiet = None if row["quiet_start"] is None else Quiet(row["quiet_start"], row["quiet_end"])
    return User(
        id=row["id"],
        chat_id=row["chat_id"],
        name=row["name"],
        lang=row["lang"],
        zone=row["zone"],
        zone_assumed=bool(row["zone_assumed"]),
        plan_minute=row["plan_minute"],
        leads_s=tuple(json.loads(row["leads_s"])),
        quiet=quiet,
        frozen=bool(row["frozen"] or row["elsewhere"]),
    )


_DISMISSED = 2
"""In ``frozen``; 1 is for who has blocked the bot."""


class Users:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def get(self, user_id: int) -> User | None:
        row = self._db.execute("SELECT * FROM users WHERE id = ?", (user_id,)).fetchone()
        return None if row is None else user(row)

    def of_chat(self, chat_id: int) -> User | None:
        """Whose chat it is; of two that have become one, whoever was there first."""
        row = self._db.execute(
            "SELECT * FROM users WHERE chat_id = ? ORDER BY created_at, id LIMIT 1", (chat_id,)
        ).fetchone()
        return None if row is None else user(row)

    def ids(self) -> list[int]:
        """Everybody's id, first come first."""
        return [row[0] for row in self._db.execute("SELECT id FROM users ORDER BY created_at, id")]

    def zones(self) -> list[tuple[int, str]]:
        """Everybody's id and zone."""
        return [(row["id"], row["zone"]) for row in self._db.execute("SELECT id, zone FROM users ORDER BY id")]

    def serve(self, bot_id: int) -> None:
        """From now on this bot is at work: whoever wrote last to another is sent nothing until they write to it.

        Messages that another bot has sent bear numbers that mean other messages to this one.
        """
        Totals(self._db).add({"starts": 1})
        self._db.execute(
            f"UPDATE reminders SET message_id = NULL WHERE message_id IS NOT NULL AND ? <> {THIS_BOT}", (bot_id,)
        )
        self._db.execute(
            "INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (BOT, bot_id)
        )
        self._db.execute("UPDATE users SET elsewhere = coalesce(bot_id <> ?, 0)", (bot_id,))

    def add(self, one: User, now: int) -> None:
        self._db.execute(
            "INSERT INTO users (id, chat_id, name, lang, zone, zone_assumed, leads_s, plans_until, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, '[]', ?, ?)",
            (one.id, one.chat_id, one.name, one.lang, one.zone, one.zone_assumed, now, now),
        )
        Totals(self._db).add({"users/new": 1})
        self.save(one)

    def save(self, one: User) -> None:
        """Write every field but ``plans_until``. Who is not frozen talks to the bot that is at work."""
        start, end = (one.quiet.start, one.quiet.end) if one.quiet else (None, None)
        self._db.execute(
            "UPDATE users SET chat_id = ?, name = ?, lang = ?, zone = ?, zone_assumed = ?, plan_minute = ?,"
            " leads_s = ?, quiet_start = ?, quiet_end = ?, frozen = iif(elsewhere, frozen, ?) WHERE id = ?",
            (
                one.chat_id,
                one.name,
                one.lang,
                one.zone,
                one.zone_assumed,
                one.plan_minute,
                json.dumps(one.leads_s),
                start,
                end,
                one.frozen,
                one.id,
            ),
        )
        if not one.frozen:
            self._db.execute(f"UPDATE users SET frozen = 0, elsewhere = 0, bot_id = {THIS_BOT} WHERE id = ?", (one.id,))

    def awake(self) -> list[int]:
        """The ids of all who are not frozen."""
        rows = self._db.execute("SELECT id FROM users WHERE frozen = 0 AND elsewhere = 0 ORDER BY id")
        return [row[0] for row in rows]

    def dismiss(self, user_ids: Iterable[int]) -> None:
        """Freeze these, whoever they are: they may no longer use the bot."""
        self._db.executemany("UPDATE users SET frozen = ? WHERE id = ?", ((_DISMISSED, one) for one in user_ids))

    def why_frozen(self, user_id: int) -> str:
        """Why a frozen user is sent nothing, for whoever reads the database."""
        row = self._db.execute("SELECT frozen, elsewhere FROM users WHERE id = ?", (user_id,)).fetchone()
        if row is not None and row["elsewhere"]:
            return "the user talks to another bot"
        return "the user may not use the bot" if row and row["frozen"] == _DISMISSED else "the user has blocked the bot"

    def freeze(self, chat_id: int) -> None:
        """The user has blocked the bot: nothing is sent until they write again."""
        self._db.execute("UPDATE users SET frozen = 1 WHERE chat_id = ?", (chat_id,))

    def move_chat(self, old: int, new: int) -> None:
        """Telegram has given the chat another id (``migrate_to_chat_id``), and its messages other numbers."""
        whose = "user_id IN (SELECT id FROM users WHERE chat_id = ?)"
        self._db.execute(f"UPDATE reminders SET message_id = NULL WHERE message_id IS NOT NULL AND {whose}", (old,))
        self._db.execute("UPDATE users SET chat_id = ? WHERE chat_id = ?", (new, old))

    def plans_until(self, user_id: int, until: int) -> None:
        """Daily plans exist as reminders for every day that begins before ``until``."""
        self._db.execute("UPDATE users SET plans_until = ? WHERE id = ?", (until, user_id))

    def lacking_plans(self, before: int, limit: int) -> list[tuple[User, int]]:
        """Users with a plan hour whose plans do not reach ``before``, with how far they do."""
        rows = self._db.execute(
            "SELECT * FROM users WHERE plan_minute IS NOT NULL AND plans_until < ? LIMIT ?", (before, limit)
        )
        return [(user(row), row["plans_until"]) for row in rows]

    def asked(self, user_id: int) -> dict[str, object]:
        """The question that the user's next message may answer; empty when none is open."""
        row = self._db.execute("SELECT asked FROM users WHERE id = ?", (user_id,)).fetchone()
        return json.loads(row[0]) if row and row[0] else {}

    def ask(self, user_id: int, question: dict[str, object] | None) -> None:
        text = json.dumps(question, ensure_ascii=False) if question else None
        self._db.execute("UPDATE users SET asked = ? WHERE id = ?", (text, user_id))

    def refuse(self, stranger_id: int, now: int) -> bool:
        """Whether this stranger has not been refused before."""
        done = self._db.execute("INSERT OR IGNORE INTO strangers VALUES (?, ?)", (stranger_id, now))
        return done.rowcount == 1
