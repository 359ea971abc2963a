"""Reminders: rows that are owed, claimed, settled and judged. Every change of a row is news for the scheduler."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

from planner.model import MISSED_AFTER, ON_TIME, Kind, State, Verdict
from planner.store.counts import Counts
from planner.store.news import WHOSE, Life, News, What
from planner.store.owed import Owed, owed
from planner.store.tally import Tally, cancelled
from planner.telemetry import tracing

ENDED_UNSENT = {State.CANCELLED, State.UNDELIVERABLE}
"""Ends that take a reminder out of its SLI, when they come before it was due."""


class Upcoming(NamedTuple):
    """A pending reminder as the scheduler needs it; ``ready_at`` in UTC ms."""

    id: int
    ready_at: int


class Planned(NamedTuple):
    """An event's reminder that is yet to be stored; instants in UTC ms."""

    event_id: int
    occurrence_at: int
    due_at: int
    asked_for: bool


class Begun(NamedTuple):
    """A reminder that is overdue or in flight, and the occurrence (UTC ms) that it speaks of."""

    id: int
    event_id: int
    occurrence_at: int


class Reminders:
    def __init__(self, connection: sqlite3.Connection, counts: Counts, news: News) -> None:
        self._db = connection
        self._news = news
        self._tally = Tally(connection, counts)

    def together(self) -> AbstractContextManager[None]:
        """Count what happens to several within a block at its end, each number once: it costs a fraction."""
        return self._tally.together()

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
        nagged: int = 0,
    ) -> int | None:
        """Owe a message at ``due_at``; ``None`` when the very same is owed or was sent already."""
        row = self._db.execute(
            "INSERT OR IGNORE INTO reminders (user_id, kind, event_id, occurrence_at, due_at, ready_at, expires_at,"
            " asked_for, snoozed_from, nagged, trace) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            f" RETURNING {WHOSE}",
            (user_id, kind, event_id, occurrence_at, due_at, due_at, expires_at or due_at + MISSED_AFTER,
             asked_for, snoozed_from, nagged, tracing.current().context),
        ).fetchone()  # fmt: skip
        if row is None:
            return None
        self._set([row])
        return int(row["id"])

    def add_all(self, user_id: int, planned: Sequence[Planned]) -> None:
        """Owe events' own reminders; the very same that is owed or was sent already stays as it is."""
        last = self._db.execute("SELECT coalesce(max(id), 0) FROM reminders").fetchone()[0]
        trace = tracing.current().context
        self._db.executemany(
            "INSERT OR IGNORE INTO reminders (user_id, kind, event_id, occurrence_at, due_at, ready_at, expires_at,"
            " asked_for, trace) VALUES (?1, 'event', ?2, ?3, ?4, ?4, ?4 + ?6, ?5, ?7)",
            ((user_id, *one, MISSED_AFTER, trace) for one in planned),
        )
        self._set(self._db.execute(f"SELECT {WHOSE} FROM reminders WHERE id > ?", (last,)).fetchall())

    def _set(self, rows: Sequence[sqlite3.Row]) -> None:
        """These are new, and wait until they are due."""
        with self._tally.together():
            for row in rows:
                self._news.reminders[row["id"]] = row["due_at"]
                self._news.note(What.SET, row)
                self._tally.add(f"reminders/set/{row['kind']}")

    def snoozed(self, reminder_id: int) -> int | None:
        """The reminder that this one was put off to, while that is still to come."""
        row = self._db.execute(
            "SELECT id FROM reminders WHERE snoozed_from = ? AND asked_for AND state IN ('pending', 'sending')"
            " AND unwanted_at IS NULL",
            (reminder_id,),
        ).fetchone()
        return None if row is None else int(row[0])

    def get(self, reminder_id: int) -> Owed | None:
        rows = owed(self._db, [reminder_id])
        return rows[0] if rows else None

    def pending(self, ids: Sequence[int]) -> list[Owed]:
        """Those of ``ids`` that are still pending."""
        return owed(self._db, ids, State.PENDING)

    def upcoming(self, after: tuple[int, int], before: int, limit: int) -> list[Upcoming]:
        """Pending reminders that may be tried before an instant, soonest first, after one's ``ready_at`` and id."""
        rows = self._db.execute(
            "SELECT id, ready_at FROM reminders WHERE state = 'pending' AND (ready_at, id) > (?, ?) AND ready_at < ?"
            " ORDER BY ready_at, id LIMIT ?",
            (*after, before, limit),
        )
        return [Upcoming(*row) for row in rows]

    def reminded(self, event_id: int, occurrence_at: int) -> bool:
        """Whether a reminder of this occurrence has been sent, or is owed already."""
        row = self._db.execute(
            "SELECT 1 FROM reminders WHERE event_id = ? AND occurrence_at = ?"
            " AND state IN ('pending', 'sending', 'sent') LIMIT 1",
            (event_id, occurrence_at),
        ).fetchone()
        return row is not None

    def ahead_of(self, event_id: int) -> list[tuple[int, int]]:
        """The next pending reminder of an event and those after it for the same occurrence: when due, and which."""
        rows = self._db.execute(
            "SELECT due_at, occurrence_at FROM reminders WHERE event_id = ?1 AND state = 'pending' AND occurrence_at ="
            " (SELECT occurrence_at FROM reminders WHERE event_id = ?1 AND state = 'pending' ORDER BY due_at LIMIT 1)"
            " ORDER BY due_at",
            (event_id,),
        )
        return [(row[0], row[1]) for row in rows]

    def claim(self, ids: Sequence[int], now: int) -> None:
        """Say, before the request leaves, that these are being sent."""
        self._db.executemany(
            "UPDATE reminders SET state = 'sending', claimed_at = ?, attempts = attempts + 1 WHERE id = ?",
            ((now, one) for one in ids),
        )
        self._news.reminders.update(dict.fromkeys(ids))

    def sent(self, ids: Iterable[int], sent_at: int, message_id: int | None, *, paid: bool = False,
             what: What = What.SENT) -> list[int]:  # fmt: skip
        """Telegram's answer came at ``sent_at``: settle, and give the verdict where none is given; returns which.

        All of ``ids`` are one message.
        """
        rows = self._rows(ids, "state = 'sending'")
        with self._tally.together():
            for row in rows:
                self._sent(row, sent_at, message_id, what)
            if rows:
                self._tally.add(f"messages/{rows[0]['kind']}")
                if paid:
                    self._tally.add("messages/paid")
        return [row["id"] for row in rows]

    def _sent(self, row: sqlite3.Row, sent_at: int, message_id: int | None, what: What) -> None:
        kind, due_at = row["kind"], row["due_at"]
        verdict = self._verdict(row, Verdict.GOOD if abs(sent_at - due_at) <= ON_TIME else Verdict.BAD)
        why = row["reason"] if verdict == Verdict.BAD else None
        self._db.execute(
            "UPDATE reminders SET state = 'sent', sent_at = ?, message_id = ?, reason = ?, verdict = ? WHERE id = ?",
            (sent_at, message_id, why, verdict, row["id"]),
        )
        self._tally.sent(kind, due_at, sent_at, verdict)
        self._news.lives.append(
            Life(
                what, row["id"], row["user_id"], row["event_id"], kind, due_at, row["reason"] or "",
                attempts=row["attempts"], lateness_ms=sent_at - due_at,
                claimed_ms=(row["claimed_at"] or sent_at) - due_at, span=tracing.current(),
            )
        )  # fmt: skip

    def arrived(self, reminder_id: int, seen_at: int, message_id: int | None) -> list[int]:
        """Its user has answered it: it arrived, though Telegram's answer was lost, and is not sent again."""
        ids = [row["id"] for row in self._rows([reminder_id], "state IN ('pending', 'sending') AND attempts > 0")]
        for one in ids:
            self._db.execute("UPDATE reminders SET state = 'sending' WHERE id = ?", (one,))
            self._news.reminders[one] = None
        return self.sent(ids, seen_at, message_id, what=What.ARRIVED)

    def retry(self, ids: Iterable[int], ready_at: int, reason: str, what: What = What.RETRIED) -> None:
        """Not accepted, or not known to be: owed again from ``ready_at`` on, unless it was cancelled meanwhile."""
        for row in self._rows(ids, "state = 'sending'"):
            if row["unwanted_at"] is None:
                self._wait(row, ready_at, reason, what)
            else:
                self.end([row["id"]], State.CANCELLED, row["unwanted_at"], row["reason"])

    def postpone(self, ids: Iterable[int], ready_at: int, reason: str) -> None:
        """Pending, but not to be tried before ``ready_at``."""
        for row in self._rows(ids, "state = 'pending'"):
            self._wait(row, ready_at, reason, What.POSTPONED)

    def end(self, ids: Iterable[int], state: State, now: int, reason: str) -> None:
        """Close without having sent: ``cancelled``, ``missed``, ``failed`` or ``undeliverable``."""
        with self._tally.together():
            for row in self._rows(ids, "state IN ('pending', 'sending')"):
                overdue = now > row["due_at"] + ON_TIME
                verdict = self._verdict(row, Verdict.EXCLUDED if state in ENDED_UNSENT and not overdue else Verdict.BAD)
                self._db.execute(
                    "UPDATE reminders SET state = ?, reason = ?, verdict = ? WHERE id = ?",
                    (state, reason, verdict, row["id"]),
                )
                self._tally.ended(row["kind"], state, verdict)
                self._news.reminders[row["id"]] = None
                self._news.note(What(state), row, reason)

    def cancel(self, now: int, reason: str, *, event_id: int, occurrence_at: int | None = None) -> None:
        """Cancel what is owed for an event, or for one occurrence of it."""
        rows = self._db.execute(
            "SELECT id FROM reminders WHERE event_id = ? AND state IN ('pending', 'sending')"
            " AND (? IS NULL OR occurrence_at = ?)",
            (event_id, occurrence_at, occurrence_at),
        ).fetchall()
        self.drop([row[0] for row in rows], now, reason)

    def drop(self, ids: Iterable[int], now: int, reason: str) -> None:
        """Cancel these; what is in flight may arrive, but is not sent again."""
        flying = (
            f"UPDATE reminders SET unwanted_at = ?, reason = ? WHERE id = ? AND state = 'sending' RETURNING {WHOSE}"
        )
        with self._tally.together():
            for one in ids:
                row = self._db.execute(flying, (now, reason, one)).fetchone()
                if row is None:
                    self.end([one], State.CANCELLED, now, reason)
                else:
                    self._news.note(What.UNWANTED, row, reason)

    def keep(self, ids: Iterable[int]) -> None:
        """What was dropped in flight is wanted again."""
        self._db.executemany(
            "UPDATE reminders SET unwanted_at = NULL WHERE id = ? AND state = 'sending'", ((one,) for one in ids)
        )

    def begun(self, user_id: int, event_id: int | None, now: int) -> list[Begun]:
        """Events' own reminders that are overdue or in flight: one event's, or all of a user's with a wall clock."""
        rows = self._db.execute(
            "SELECT id, event_id, occurrence_at FROM reminders"
            " WHERE kind = 'event' AND (state = 'sending' OR state = 'pending' AND due_at <= :now)"
            f" AND {_whose(event_id)}",
            {"now": now, "user": user_id, "event": event_id},
        )
        return [Begun(*row) for row in rows]

    def cancel_ahead(self, user_id: int, event_id: int | None, now: int, reason: str) -> None:
        """Cancel events' own reminders that are still to come: one event's, or all of a user's with a wall clock.

        What is overdue stays owed, and snoozes were asked for by themselves.
        """
        rows = self._db.execute(
            "UPDATE reminders SET state = 'cancelled', verdict = coalesce(verdict, 'excluded'), reason = :reason"
            f" WHERE kind = 'event' AND state = 'pending' AND due_at > :now AND {_whose(event_id)}"
            f" RETURNING {WHOSE}",
            {"reason": reason, "now": now, "user": user_id, "event": event_id},
        ).fetchall()
        cancelled(self._db, self._news, rows, reason)

    def bring_back(self, event_id: int, now: int, reason: str) -> None:
        """Owe again what was cancelled for this reason: snoozes, and what has come due since and still matters.

        What is in flight is wanted again.
        """
        self._db.execute(
            "UPDATE reminders SET unwanted_at = NULL, reason = NULL"
            " WHERE event_id = ? AND state = 'sending' AND reason = ?",
            (event_id, reason),
        )
        rows = self._db.execute(
            "UPDATE OR IGNORE reminders SET state = 'pending', ready_at = max(due_at, ?1), reason = NULL,"
            " unwanted_at = NULL, verdict = iif(due_at > ?1, NULL, verdict) WHERE event_id = ?2"
            " AND state = 'cancelled' AND reason = ?3 AND expires_at > ?1 AND (kind = 'snooze' OR due_at <= ?1)"
            " AND done_at IS NULL"
            f" RETURNING {WHOSE}, ready_at",
            (now, event_id, reason),
        ).fetchall()
        self._news.owed_again(rows, f"no longer: {reason}")

    def hurry(self, user_id: int, now: int) -> None:
        """Try at once what is overdue and was not asked for: the quiet hours it waits for are others now."""
        rows = self._db.execute(
            "UPDATE reminders SET ready_at = ?1 WHERE user_id = ?2 AND state = 'pending' AND NOT asked_for"
            " AND due_at <= ?1 AND ready_at > ?1"
            f" RETURNING {WHOSE}, ready_at",
            (now, user_id),
        ).fetchall()
        self._news.owed_again(rows, "other quiet hours")

    def hurry_on(self, ids: Iterable[int], now: int, cause: str) -> None:
        """Try at once what was tried before and waits for its next try."""
        query = (
            "UPDATE reminders SET ready_at = ?1 WHERE id = ?2 AND state = 'pending' AND attempts > 0"
            f" AND ready_at > ?1 RETURNING {WHOSE}, ready_at"
        )
        rows = [row for one in ids for row in self._db.execute(query, (now, one)).fetchall()]
        self._news.owed_again(rows, cause)

    def cancel_plans(self, user_id: int, now: int, reason: str) -> None:
        rows = self._db.execute(
            "SELECT id FROM reminders WHERE user_id = ? AND kind = 'plan' AND state = 'pending' AND due_at > ?",
            (user_id, now),
        ).fetchall()
        self.end([row[0] for row in rows], State.CANCELLED, now, reason)

    def reclaim(self, now: int) -> list[int]:
        """At start: what a crash left in ``sending`` may or may not have been sent, and is owed again if wanted."""
        rows = self._db.execute("SELECT id, unwanted_at FROM reminders WHERE state = 'sending'").fetchall()
        self.retry([row["id"] for row in rows], now, "in flight at a crash", What.RECLAIMED)
        return [row["id"] for row in rows if row["unwanted_at"] is None]

    def judge_overdue(self, now: int, limit: int) -> int:
        """Give the verdict ``bad`` to what was due over a minute ago and has none; returns how many."""
        rows = self._db.execute(
            f"SELECT {WHOSE}, verdict, reason FROM reminders"
            " WHERE verdict IS NULL AND unwanted_at IS NULL AND due_at < ? LIMIT ?",
            (now - ON_TIME, limit),
        ).fetchall()
        with self._tally.together():
            for row in rows:
                self._db.execute(
                    "UPDATE reminders SET verdict = ? WHERE id = ?", (self._verdict(row, Verdict.BAD), row["id"])
                )
                self._news.note(What.OVERDUE, row, row["reason"] or "")
        return len(rows)

    def overdue(self, now: int) -> bool:
        """Whether anything waits for the verdict ``bad``."""
        row = self._db.execute(
            "SELECT min(due_at) FROM reminders WHERE verdict IS NULL AND unwanted_at IS NULL"
        ).fetchone()
        return row[0] is not None and row[0] < now - ON_TIME

    def late_of(self, user_id: int, before: int, limit: int) -> list[Owed]:
        """One user's pending reminders, plans apart, that were due before an instant, in the order they were due."""
        rows = self._db.execute(
            "SELECT id FROM reminders WHERE user_id = ? AND due_at < ? AND state = 'pending' AND kind <> 'plan'"
            " ORDER BY due_at, id LIMIT ?",
            (user_id, before, limit),
        ).fetchall()
        return self.pending([row[0] for row in rows])

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

    def _wait(self, row: sqlite3.Row, ready_at: int, reason: str, what: What) -> None:
        self._db.execute(
            "UPDATE reminders SET state = 'pending', ready_at = ?, reason = ? WHERE id = ?",
            (ready_at, reason, row["id"]),
        )
        self._news.reminders[row["id"]] = ready_at
        self._news.note(what, row, reason, ready_at)

    def _verdict(self, row: sqlite3.Row, verdict: Verdict) -> Verdict:
        """The final verdict: one that was given before stays; a new one is counted, and yet to be written."""
        if row["verdict"] is not None:
            return Verdict(row["verdict"])
        self._tally.judged(row["kind"], row["due_at"], verdict)
        return verdict

    def _rows(self, ids: Iterable[int], condition: str) -> list[sqlite3.Row]:
        query = (
            f"SELECT {WHOSE}, verdict, unwanted_at, reason, attempts, claimed_at FROM reminders"
            f" WHERE id = ? AND {condition}"
        )
        return [row for one in ids if (row := self._db.execute(query, (one,)).fetchone()) is not None]


def _whose(event_id: int | None) -> str:
    """A condition on ``:user`` and ``:event``."""
    own = "user_id = :user AND event_id IN (SELECT id FROM events WHERE user_id = :user AND NOT instant)"
    return own if event_id is None else "event_id = :event"
