"""Reminders' messages as they stand in the chat: which there are, what each shows, and what follows from them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planner.model import DAY
from planner.store.news import WHOSE, News

MERGED = "merged"
"""What a message shows that speaks of several reminders: it is never edited to speak of one."""


class Sent(NamedTuple):
    """A reminder that was sent, alone in its message. ``shows`` names what the message shows, "" as it was sent."""

    id: int
    event_id: int
    occurrence_at: int
    due_at: int
    sent_at: int
    message_id: int
    nagged: int
    done_at: int | None
    shows: str


class Nag(NamedTuple):
    """A repetition that is owed. ``followed_at`` is when what it repeats was sent."""

    id: int
    occurrence_at: int
    due_at: int
    nagged: int
    snoozed_from: int
    followed_at: int


_SENT = (
    "SELECT id, event_id, occurrence_at, due_at, sent_at, message_id, nagged, done_at, shows FROM reminders"
    " WHERE state = 'sent' AND message_id IS NOT NULL AND event_id IS NOT NULL"
)
_NAGS = "kind = 'snooze' AND NOT asked_for"


class Standing:
    def __init__(self, connection: sqlite3.Connection, news: News) -> None:
        self._db = connection
        self._news = news

    def get(self, reminder_id: int) -> Sent | None:
        row = self._db.execute(f"{_SENT} AND id = ?", (reminder_id,)).fetchone()
        return None if row is None else Sent(*row)

    def of_event(self, event_id: int, since: int) -> list[Sent]:
        """An event's messages that speak of it alone and were sent since an instant, the latest first."""
        rows = self._db.execute(
            f"{_SENT} AND event_id = ? AND sent_at >= ? AND shows <> ? ORDER BY sent_at DESC, id DESC",
            (event_id, since, MERGED),
        )
        return [Sent(*row) for row in rows]

    def with_messages(self, event_ids: Iterable[int], since: int) -> set[int]:
        """Those of these events that have such messages."""
        rows = self._db.execute(
            "SELECT DISTINCT event_id FROM reminders WHERE event_id IN (SELECT value FROM json_each(?))"
            " AND state = 'sent' AND message_id IS NOT NULL AND sent_at >= ? AND shows <> ?",
            (json.dumps(list(event_ids)), since, MERGED),
        )
        return {row[0] for row in rows}

    def by_message(self, user_id: int, message_id: int) -> list[int]:
        """The reminders, plans apart, that a user's message speaks of."""
        rows = self._db.execute(
            "SELECT id FROM reminders WHERE user_id = ? AND message_id = ? AND kind <> 'plan' ORDER BY id",
            (user_id, message_id),
        )
        return [row[0] for row in rows]

    def latest(self, user_id: int, since: int) -> tuple[int, list[int]] | None:
        """When a user's latest message about reminders was sent, if after ``since``, and of what it speaks.

        Nothing, where that was a plan.
        """
        row = self._db.execute(
            "SELECT message_id, sent_at FROM reminders WHERE user_id = ? AND due_at > ? AND state = 'sent'"
            " AND message_id IS NOT NULL AND sent_at >= ? ORDER BY sent_at DESC, id DESC LIMIT 1",
            (user_id, since - DAY, since),
        ).fetchone()
        return None if row is None else (row[1], self.by_message(user_id, row[0]))

    def shows(self, ids: Iterable[int], what: str) -> None:
        self._db.executemany("UPDATE reminders SET shows = ? WHERE id = ?", ((what, one) for one in ids))

    def followed(self, ids: Sequence[int]) -> list[int]:
        """Those sent reminders after which something is to be done: nagging ones, and those no longer wanted."""
        rows = self._db.execute(
            "SELECT reminders.id FROM reminders JOIN events ON events.id = event_id"
            f" WHERE reminders.id IN ({', '.join('?' * len(ids))}) AND (nag OR unwanted_at IS NOT NULL)"
            " ORDER BY reminders.id",
            tuple(ids),
        )
        return [row[0] for row in rows]

    # Done

    def done(self, event_id: int, occurrence_at: int, now: int | None) -> None:
        """The user is done with this occurrence since ``now``, or, with ``None``, is not."""
        self._db.execute(
            "UPDATE reminders SET done_at = iif(?1 IS NULL, NULL, coalesce(done_at, ?1))"
            " WHERE event_id = ?2 AND occurrence_at = ?3",
            (now, event_id, occurrence_at),
        )

    def done_at(self, event_id: int, occurrence_at: int) -> int | None:
        """Since when the user is done with an occurrence."""
        row = self._db.execute(
            "SELECT max(done_at) FROM reminders WHERE event_id = ? AND occurrence_at = ?", (event_id, occurrence_at)
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def bring_back(self, event_id: int, occurrence_at: int, now: int, reason: str) -> None:
        """Owe again what was cancelled for this reason and still matters, nags apart; what is in flight is wanted."""
        which = "event_id = ?2 AND occurrence_at = ?3 AND reason = ?4"
        self._db.execute(
            f"UPDATE reminders SET unwanted_at = NULL, reason = NULL WHERE {which} AND state = 'sending'",
            (now, event_id, occurrence_at, reason),
        )
        rows = self._db.execute(
            "UPDATE OR IGNORE reminders SET state = 'pending', ready_at = max(due_at, ?1), reason = NULL,"
            f" unwanted_at = NULL, verdict = iif(due_at > ?1, NULL, verdict) WHERE {which} AND state = 'cancelled'"
            f" AND NOT ({_NAGS}) AND expires_at > ?1 AND (due_at > ?1 OR occurrence_at > ?1)"
            f" RETURNING {WHOSE}, ready_at",
            (now, event_id, occurrence_at, reason),
        ).fetchall()
        self._news.owed_again(rows, f"no longer: {reason}")

    def put_off(self, event_id: int) -> list[tuple[int, int]]:
        """What an event's reminders were put off to, and is owed or in flight: each one's id and occurrence."""
        rows = self._db.execute(
            "SELECT id, occurrence_at FROM reminders"
            f" WHERE event_id = ? AND kind = 'snooze' AND state IN ('pending', 'sending') AND NOT ({_NAGS})",
            (event_id,),
        )
        return [(row[0], row[1]) for row in rows]

    # Nagging

    def awaited(self, event_id: int, occurrence_at: int) -> bool:
        """Whether anything more is owed for an occurrence."""
        row = self._db.execute(
            "SELECT 1 FROM reminders WHERE event_id = ? AND occurrence_at = ? AND state IN ('pending', 'sending')"
            " AND unwanted_at IS NULL LIMIT 1",
            (event_id, occurrence_at),
        ).fetchone()
        return row is not None

    def nagged(self, event_id: int, occurrence_at: int) -> int:
        """How often an occurrence has been repeated until now."""
        row = self._db.execute(
            "SELECT coalesce(max(nagged), 0) FROM reminders"
            " WHERE event_id = ? AND occurrence_at = ? AND state = 'sent'",
            (event_id, occurrence_at),
        ).fetchone()
        return int(row[0])

    def last_sent(self, event_id: int, occurrence_at: int | None = None) -> tuple[int, int, int] | None:
        """The latest reminder sent, of an event or of one occurrence: its id, occurrence, and when that was."""
        row = self._db.execute(
            "SELECT id, occurrence_at, sent_at FROM reminders WHERE event_id = ? AND state = 'sent'"
            " AND (?2 IS NULL OR occurrence_at = ?2) ORDER BY sent_at DESC, id DESC LIMIT 1",
            (event_id, occurrence_at),
        ).fetchone()
        return None if row is None else (row[0], row[1], row[2])

    def nags(self, event_id: int) -> list[tuple[int, int]]:
        """The repetitions that are owed for an event: each one's id and occurrence."""
        rows = self._db.execute(
            "SELECT id, occurrence_at FROM reminders"
            f" WHERE event_id = ? AND state IN ('pending', 'sending') AND {_NAGS}",
            (event_id,),
        )
        return [(row[0], row[1]) for row in rows]

    def nags_ahead(self, user_id: int, now: int) -> list[tuple[int, Nag]]:
        """A user's repetitions that are still to come, each with its event's id."""
        rows = self._db.execute(
            "SELECT nag.event_id, nag.id, nag.occurrence_at, nag.due_at, nag.nagged, nag.snoozed_from, first.sent_at"
            " FROM reminders AS nag JOIN reminders AS first ON first.id = nag.snoozed_from"
            " WHERE nag.user_id = ? AND nag.due_at > ? AND nag.state = 'pending' AND nag.kind = 'snooze'"
            " AND NOT nag.asked_for AND first.sent_at IS NOT NULL",
            (user_id, now),
        )
        return [(row[0], Nag(*row[1:])) for row in rows]
