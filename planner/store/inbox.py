"""What Telegram sent in, raw, until it is handled; and the answers owed for it, until they are accepted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from planner.model import HOUR, Verdict
from planner.store.counts import Counts
from planner.store.news import Answer, News
from planner.store.settings import THIS_BOT

SLO = "chat"
ACTIVE_AGAIN_MS = HOUR
"""Who wrote is noted as active once in so long."""


class Update(NamedTuple):
    """A raw update as Telegram sent it; ``tries`` counts handlings that failed."""

    update_id: int
    chat_id: int
    raw: dict[str, object]
    tries: int


def elsewhere(method: str, params: dict[str, object]) -> tuple[str, dict[str, object]]:
    """A call as it is made in another chat, where none of the first one's messages can be edited or replied to."""
    kept = {name: value for name, value in params.items() if name not in {"message_id", "reply_parameters"}}
    return ("sendMessage" if method == "editMessageText" else method), kept


class Inbox:
    def __init__(self, connection: sqlite3.Connection, counts: Counts, news: News) -> None:
        self._db = connection
        self._counts = counts
        self._news = news

    def put(self, bot_id: int, updates: Iterable[Update], now: int) -> None:
        """Keep what came; an update that is here already, handled or not, is left as it is."""
        self._db.executemany(
            "INSERT OR IGNORE INTO updates (bot_id, update_id, chat_id, received_at, raw) VALUES (?, ?, ?, ?, ?)",
            ((bot_id, one.update_id, one.chat_id, now, json.dumps(one.raw)) for one in updates),
        )

    def waiting(self, bot_id: int) -> list[Update]:
        """What came and is not handled yet, in order."""
        rows = self._db.execute(
            "SELECT update_id, chat_id, raw, tries FROM updates WHERE bot_id = ? AND handled_at IS NULL"
            " ORDER BY update_id",
            (bot_id,),
        )
        return [Update(row["update_id"], row["chat_id"], json.loads(row["raw"]), row["tries"]) for row in rows]

    def waits(self, bot_id: int, update_id: int) -> bool:
        """Whether the update is here and not handled."""
        row = self._db.execute(
            "SELECT 1 FROM updates WHERE bot_id = ? AND update_id = ? AND handled_at IS NULL", (bot_id, update_id)
        ).fetchone()
        return row is not None

    def heard_since(self, chat_id: int, since: int) -> bool:
        """Whether anything that came from a chat was handled since then."""
        row = self._db.execute(
            "SELECT 1 FROM updates WHERE handled_at >= ? AND chat_id = ? LIMIT 1", (since, chat_id)
        ).fetchone()
        return row is not None

    def handled(self, bot_id: int, update_id: int, now: int, asked_at: int | None) -> None:
        """Done; its text goes, its number stays so that it is not done twice. ``asked_at``: it is owed an answer."""
        self._db.execute(
            "UPDATE updates SET handled_at = ?, asked_at = ?, raw = NULL WHERE bot_id = ? AND update_id = ?",
            (now, asked_at, bot_id, update_id),
        )
        self._db.execute(
            "UPDATE users SET active_at = ?1 WHERE coalesce(active_at, 0) < ?2 AND chat_id ="
            " (SELECT chat_id FROM updates WHERE bot_id = ?3 AND update_id = ?4)",
            (now, now - ACTIVE_AGAIN_MS, bot_id, update_id),
        )

    def failed(self, bot_id: int, update_id: int) -> None:
        """One more handling that failed."""
        self._db.execute("UPDATE updates SET tries = tries + 1 WHERE bot_id = ? AND update_id = ?", (bot_id, update_id))

    def owe(
        self,
        update_id: int | None,
        chat_id: int,
        method: str,
        params: dict[str, object],
        now: int,
        ready_at: int | None = None,
    ) -> int:
        """Owe a call, sent at least once, in order per chat; returns its number."""
        row = self._db.execute(
            "INSERT INTO answers (update_id, chat_id, method, params, created_at, ready_at, bot_id)"
            f" VALUES (?, ?, ?, ?, ?, ?, {THIS_BOT}) RETURNING id",
            (update_id, chat_id, method, json.dumps(params), now, ready_at or now),
        ).fetchone()
        self._news.answers.append(Answer(row[0], update_id, chat_id, method, params, ready_at or now))
        return int(row[0])

    def withdraw(self, answer_id: int) -> None:
        """Owe a call no more. If it is on its way it may still be made, but it is not tried again."""
        self._db.execute("DELETE FROM answers WHERE id = ?", (answer_id,))
        self._news.withdrawn.append(answer_id)

    def noticed(self, chat_id: int) -> bool:
        """Whether a notice, which answers nothing, is owed to a chat."""
        row = self._db.execute(
            f"SELECT 1 FROM answers WHERE chat_id = ? AND update_id IS NULL AND coalesce(bot_id = {THIS_BOT}, 1)",
            (chat_id,),
        ).fetchone()
        return row is not None

    def owed(self) -> list[Answer]:
        """Every answer that the bot at work owes, in order."""
        rows = self._db.execute(f"SELECT * FROM answers WHERE coalesce(bot_id = {THIS_BOT}, 1) ORDER BY id")
        return [
            Answer(
                row["id"], row["update_id"], row["chat_id"], row["method"], json.loads(row["params"]), row["ready_at"]
            )
            for row in rows
        ]

    def wrote_since(self, chat_id: int, since: int) -> bool:
        """Whether anything has come in from a chat after an instant."""
        row = self._db.execute(
            "SELECT 1 FROM updates WHERE chat_id = ? AND received_at > ? LIMIT 1", (chat_id, since)
        ).fetchone()
        return row is not None

    def settle(self, bot_id: int, answer: Answer, at: int, within_ms: int, verdict: Verdict | None = None) -> None:
        """The call is owed no more since ``at``; judge what it answers, by the time it took if no verdict is given."""
        self._db.execute("DELETE FROM answers WHERE id = ?", (answer.id,))
        if answer.update_id is None:
            return
        more = self._db.execute("SELECT 1 FROM answers WHERE update_id = ?", (answer.update_id,)).fetchone()
        row = self._db.execute(
            "SELECT asked_at FROM updates WHERE bot_id = ? AND update_id = ? AND verdict IS NULL",
            (bot_id, answer.update_id),
        ).fetchone()
        if more is not None or row is None or row[0] is None:
            return
        by_time = Verdict.GOOD if at - row[0] <= within_ms else Verdict.BAD
        self._judge(bot_id, answer.update_id, row[0], verdict or by_time)

    def move_chat(self, old: int, new: int) -> None:
        """What is owed to a chat is owed to the one that it became."""
        rows = self._db.execute("SELECT id, method, params FROM answers WHERE chat_id = ?", (old,)).fetchall()
        for row in rows:
            method, params = elsewhere(row["method"], json.loads(row["params"]))
            self._db.execute(
                "UPDATE answers SET chat_id = ?, method = ?, params = ? WHERE id = ?",
                (new, method, json.dumps(params), row["id"]),
            )

    def overdue(self, now: int, within_ms: int) -> bool:
        """Whether any message waits for the verdict ``bad``."""
        row = self._db.execute(
            "SELECT min(asked_at) FROM updates WHERE verdict IS NULL AND asked_at IS NOT NULL"
        ).fetchone()
        return row[0] is not None and row[0] < now - within_ms

    def judge_overdue(self, now: int, within_ms: int, limit: int) -> int:
        """Give the verdict ``bad`` to messages not answered within ``within_ms``; returns how many."""
        rows = self._db.execute(
            "SELECT bot_id, update_id, asked_at FROM updates WHERE verdict IS NULL AND asked_at < ? LIMIT ?",
            (now - within_ms, limit),
        ).fetchall()
        for row in rows:
            self._judge(row["bot_id"], row["update_id"], row["asked_at"], Verdict.BAD)
        return len(rows)

    def forget(self, before: int) -> None:
        """Drop handled updates from before an instant; Telegram repeats none that is over a day old.

        What another bot left unhandled or unanswered by then is dropped with its text.
        """
        self._db.execute(
            "DELETE FROM updates WHERE handled_at < ? AND (verdict IS NOT NULL OR asked_at IS NULL)", (before,)
        )
        self._db.execute(
            f"DELETE FROM updates WHERE handled_at IS NULL AND bot_id <> {THIS_BOT} AND received_at < ?", (before,)
        )
        self._db.execute(f"DELETE FROM answers WHERE bot_id <> {THIS_BOT} AND ready_at < ?", (before,))

    def _judge(self, bot_id: int, update_id: int, asked_at: int, verdict: Verdict) -> None:
        self._db.execute(
            "UPDATE updates SET verdict = ? WHERE bot_id = ? AND update_id = ?", (verdict, bot_id, update_id)
        )
        if verdict is not Verdict.EXCLUDED:
            self._counts.add(SLO, asked_at, good=verdict is Verdict.GOOD)
