"""Reminders: rows that are owed, claimed, settled and judged. Every change of a row is news for the scheduler."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planner.model import MISSED_AFTER, ON_TIME, Kind, Reminder, State, User, Verdict
from planner.store.counts import Counts
from planner.store.news import News
from planner.store.users import user

ENDED_UNSENT = {State.CANCELLED, State.UNDELIVERABLE}
"""Ends that take a reminder out of its SLI, when they come before it was due."""


class Upcoming(NamedTuple):
    """A pending reminder as the scheduler needs it; ``ready_at`` in UTC ms."""

    id: int
    ready_at: int


class Owed(NamedTuple):
    """A pending reminder as delivery needs it, with whom it is owed to."""

    reminder: Reminder
    expires_at: int
    asked_for: bool
    user: User


def slo_of(kind: Kind) -> str:
    """The SLO that a reminder counts for: plans have one of their own."""
    return "plans" if kind is Kind.PLAN else "reminders"


class Reminders:
    def __init__(self, connection: sqlite3.Connection, counts: Counts, news: News) -> None:
        self._db = connection
        self._counts = counts
        self._news = news

    def add(
        self,
        kind: Kind,
        user_id: int,
        event_id: int | None,
        *,
        occurrence_at: int,
        due_at: int,
        asked_for: bool,
        expires_at: int | None = None,
        snoozed_from: int | None = None,
    ) -> int | None:
        """Owe a message at ``due_at``; ``None`` when the very same is owed or was sent already."""
        row = self._db.execute(
            "INSERT OR IGNORE INTO reminders (user_id, kind, event_id, occurrence_at, due_at, ready_at, expires_at,"
            " asked_for, snoozed_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                user_id,
                kind,
                event_id,
                occurrence_at,
                due_at,
                due_at,
                expires_at or due_at + MISSED_AFTER,
                asked_for,
                snoozed_from,
            ),
        ).fetchone()
        if row is None:
            return None
        self._news.reminders[row[0]] = due_at
        return int(row[0])

    def snoozed(self, reminder_id: int) -> int | None:
        """The reminder that this one was put off to, while that is still to come."""
        row = self._db.execute(
            "SELECT id FROM reminders WHERE snoozed_from = ? AND state IN ('pending', 'sending')", (reminder_id,)
        ).fetchone()
        return None if row is None else int(row[0])

    def get(self, reminder_id: int) -> Owed | None:
        rows = self._owed([reminder_id], "")
        return rows[0] if rows else None

    def pending(self, ids: Sequence[int]) -> list[Owed]:
        """Those of ``ids`` that are still pending."""
        return self._owed(ids, "AND reminders.state = 'pending'")

    def upcoming(self, after: tuple[int, int], before: int, limit: int) -> list[Upcoming]:
        """Pending reminders that may be tried before an instant, soonest first, after one's ``ready_at`` and id."""
        rows = self._db.execute(
            "SELECT id, ready_at FROM reminders WHERE state = 'pending' AND (ready_at, id) > (?, ?) AND ready_at < ?"
            " ORDER BY ready_at, id LIMIT ?",
            (*after, before, limit),
        )
        return [Upcoming(*row) for row in rows]

    def was_sent(self, event_id: int, occurrence_at: int) -> bool:
        """Whether a reminder of this occurrence has been sent."""
        row = self._db.execute(
            "SELECT 1 FROM reminders WHERE event_id = ? AND occurrence_at = ? AND state IN ('sending', 'sent') LIMIT 1",
            (event_id, occurrence_at),
        ).fetchone()
        return row is not None

    def next_of(self, event_id: int) -> int | None:
        """When the next pending reminder of an event is due."""
        row = self._db.execute(
            "SELECT min(due_at) FROM reminders WHERE event_id = ? AND state = 'pending'", (event_id,)
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def claim(self, ids: Sequence[int], now: int) -> None:
        """Say, before the request leaves, that these are being sent."""
        self._db.executemany(
            "UPDATE reminders SET state = 'sending', claimed_at = ?, attempts = attempts + 1 WHERE id = ?",
            ((now, one) for one in ids),
        )
        self._news.reminders.update(dict.fromkeys(ids))

    def sent(self, ids: Iterable[int], sent_at: int, message_id: int | None) -> None:
        """Telegram's answer came at ``sent_at``: settle, and give the verdict where none is given."""
        for row in self._rows(ids, "state = 'sending'"):
            verdict = Verdict.GOOD if abs(sent_at - row["due_at"]) <= ON_TIME else Verdict.BAD
            self._db.execute(
                "UPDATE reminders SET state = 'sent', sent_at = ?, message_id = ?, reason = NULL WHERE id = ?",
                (sent_at, message_id, row["id"]),
            )
            self._judge(row, verdict)

    def arrived(self, reminder_id: int, seen_at: int, message_id: int | None) -> None:
        """Its user has pressed a button on it: it arrived, though its answer was lost, and is not sent again."""
        for row in self._rows([reminder_id], "state IN ('pending', 'sending') AND attempts > 0"):
            self._db.execute("UPDATE reminders SET state = 'sending' WHERE id = ?", (row["id"],))
            self.sent([row["id"]], seen_at, message_id)
            self._news.reminders[row["id"]] = None

    def retry(self, ids: Iterable[int], ready_at: int, reason: str) -> None:
        """Not accepted, or not known to be: owed again from ``ready_at`` on."""
        for row in self._rows(ids, "state = 'sending'"):
            self._wait(row["id"], ready_at, reason)

    def postpone(self, ids: Iterable[int], ready_at: int, reason: str) -> None:
        """Pending, but not to be tried before ``ready_at``."""
        for row in self._rows(ids, "state = 'pending'"):
            self._wait(row["id"], ready_at, reason)

    def end(self, ids: Iterable[int], state: State, now: int, reason: str) -> None:
        """Close without having sent: ``cancelled``, ``missed``, ``failed`` or ``undeliverable``."""
        for row in self._rows(ids, "state IN ('pending', 'sending')"):
            overdue = now > row["due_at"] + ON_TIME
            self._judge(row, Verdict.EXCLUDED if state in ENDED_UNSENT and not overdue else Verdict.BAD)
            self._db.execute("UPDATE reminders SET state = ?, reason = ? WHERE id = ?", (state, reason, row["id"]))
            self._news.reminders[row["id"]] = None

    def cancel(self, now: int, reason: str, *, event_id: int, occurrence_at: int | None = None) -> None:
        """Cancel what is pending for an event, or for one occurrence of it."""
        rows = self._db.execute(
            "SELECT id FROM reminders WHERE event_id = ? AND state = 'pending' AND (? IS NULL OR occurrence_at = ?)",
            (event_id, occurrence_at, occurrence_at),
        ).fetchall()
        self.end([row[0] for row in rows], State.CANCELLED, now, reason)

    def cancel_plans(self, user_id: int, now: int, reason: str) -> None:
        rows = self._db.execute(
            "SELECT id FROM reminders WHERE user_id = ? AND kind = 'plan' AND state = 'pending' AND due_at > ?",
            (user_id, now),
        ).fetchall()
        self.end([row[0] for row in rows], State.CANCELLED, now, reason)

    def cancel_event_kind(self, event_id: int, now: int, reason: str) -> None:
        """Cancel an event's own reminders; snoozes were asked for by themselves and stay."""
        rows = self._db.execute(
            "SELECT id FROM reminders WHERE event_id = ? AND state = 'pending' AND kind = 'event'", (event_id,)
        ).fetchall()
        self.end([row[0] for row in rows], State.CANCELLED, now, reason)

    def reclaim(self, now: int) -> list[int]:
        """At start: what a crash left in ``sending`` may or may not have been sent, and is owed again."""
        ids = [row[0] for row in self._db.execute("SELECT id FROM reminders WHERE state = 'sending'")]
        self.retry(ids, now, "in flight at a crash")
        return ids

    def judge_overdue(self, now: int, limit: int) -> int:
        """Give the verdict ``bad`` to what was due over a minute ago and has none; returns how many."""
        rows = self._db.execute(
            "SELECT id, kind, due_at, verdict FROM reminders WHERE verdict IS NULL AND due_at < ? LIMIT ?",
            (now - ON_TIME, limit),
        ).fetchall()
        for row in rows:
            self._judge(row, Verdict.BAD)
        return len(rows)

    def overdue(self, now: int) -> bool:
        """Whether anything waits for the verdict ``bad``."""
        row = self._db.execute("SELECT min(due_at) FROM reminders WHERE verdict IS NULL").fetchone()
        return row[0] is not None and row[0] < now - ON_TIME

    def expired(self, now: int, limit: int) -> list[Owed]:
        """Pending reminders that no longer matter: over 24 h late, or plans whose day has ended."""
        rows = self._db.execute(
            "SELECT id FROM reminders WHERE state = 'pending' AND expires_at <= ? ORDER BY expires_at LIMIT ?",
            (now, limit),
        ).fetchall()
        return self.pending([row[0] for row in rows])

    def late_of(self, user_id: int, before: int, limit: int) -> list[Owed]:
        """One user's pending reminders, plans apart, that were due before an instant, in the order they were due."""
        rows = self._db.execute(
            "SELECT id FROM reminders WHERE user_id = ? AND due_at < ? AND state = 'pending' AND kind <> 'plan'"
            " ORDER BY due_at, id LIMIT ?",
            (user_id, before, limit),
        ).fetchall()
        return self.pending([row[0] for row in rows])

    def expired_of(self, user_id: int, now: int) -> list[Owed]:
        """All of one user's that no longer matter, in the order they were due."""
        rows = self._db.execute(
            "SELECT id FROM reminders WHERE state = 'pending' AND expires_at <= ? AND user_id = ? ORDER BY due_at, id",
            (now, user_id),
        ).fetchall()
        return self.pending([row[0] for row in rows])

    def untold(self) -> list[User]:
        """Whoever has missed reminders, plans apart, that no summary has told them of."""
        rows = self._db.execute(
            "SELECT * FROM users WHERE id IN (SELECT user_id FROM reminders WHERE state = 'missed' AND kind <> 'plan'"
            " AND told = 0)"
        )
        return [user(row) for row in rows]

    def tell(self, user_id: int) -> list[Owed]:
        """What a user missed and is told of now, once, in the order it was due."""
        rows = self._db.execute(
            "UPDATE reminders SET told = 1 WHERE state = 'missed' AND kind <> 'plan' AND told = 0 AND user_id = ?"
            " RETURNING id",
            (user_id,),
        ).fetchall()
        return sorted(self._owed([row[0] for row in rows], ""), key=lambda one: (one.reminder.due_at, one.reminder.id))

    def tried(self, before: int) -> bool:
        """Whether any reminder is being sent, or will be tried before an instant."""
        row = self._db.execute(
            "SELECT 1 FROM reminders WHERE state = 'sending' UNION ALL"
            " SELECT 1 FROM reminders WHERE state = 'pending' AND ready_at < ? LIMIT 1",
            (before,),
        ).fetchone()
        return row is not None

    def forget(self, before: int, limit: int) -> int:
        """Drop rows that were due before an instant and have ended; their counts stay."""
        done = self._db.execute(
            "DELETE FROM reminders WHERE id IN (SELECT id FROM reminders WHERE due_at < ?"
            " AND state NOT IN ('pending', 'sending') AND verdict IS NOT NULL LIMIT ?)",
            (before, limit),
        )
        return done.rowcount

    def _wait(self, reminder_id: int, ready_at: int, reason: str) -> None:
        self._db.execute(
            "UPDATE reminders SET state = 'pending', ready_at = ?, reason = ? WHERE id = ?",
            (ready_at, reason, reminder_id),
        )
        self._news.reminders[reminder_id] = ready_at

    def _judge(self, row: sqlite3.Row, verdict: Verdict) -> None:
        """Final: a verdict once given stays."""
        if row["verdict"] is not None:
            return
        self._db.execute("UPDATE reminders SET verdict = ? WHERE id = ?", (verdict, row["id"]))
        if verdict is not Verdict.EXCLUDED:
            self._counts.add(slo_of(Kind(row["kind"])), row["due_at"], good=verdict is Verdict.GOOD)

    def _rows(self, ids: Iterable[int], condition: str) -> list[sqlite3.Row]:
        query = f"SELECT id, kind, due_at, verdict FROM reminders WHERE id = ? AND {condition}"
        return [row for one in ids if (row := self._db.execute(query, (one,)).fetchone()) is not None]

    def _owed(self, ids: Sequence[int], condition: str) -> list[Owed]:
        query = (
            "SELECT users.*, reminders.id AS reminder_id, kind, event_id, occurrence_at, due_at, ready_at, expires_at,"
            " asked_for, state, attempts FROM reminders JOIN users ON users.id = reminders.user_id"
            f" WHERE reminders.id = ? {condition}"
        )
        rows = (self._db.execute(query, (one,)).fetchone() for one in ids)
        return [_owed(row) for row in rows if row is not None]


def _owed(row: sqlite3.Row) -> Owed:
    whom = user(row)
    reminder = Reminder(
        id=row["reminder_id"],
        user_id=whom.id,
        chat_id=whom.chat_id,
        kind=Kind(row["kind"]),
        event_id=row["event_id"],
        occurrence_at=row["occurrence_at"],
        due_at=row["due_at"],
        ready_at=row["ready_at"],
        state=State(row["state"]),
        attempts=row["attempts"],
    )
    return Owed(reminder, row["expires_at"], bool(row["asked_for"]), whom)
