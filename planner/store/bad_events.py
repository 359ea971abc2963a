"""What broke a promise, one by one: numbers and times, never what anybody wrote."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple


class BadEvent(NamedTuple):
    """One thing that counts as bad. ``due_at`` in UTC ms; ``lateness_ms`` only where it was done after all.

    ``state`` and ``reason``: what became of it and why, in the words of its row. ``user_id``: ``None`` where it is
    nobody's.
    """

    id: int
    due_at: int
    lateness_ms: int | None
    state: str
    reason: str
    user_id: int | None


_REMINDERS = (
    "SELECT id, due_at, sent_at - due_at, state, coalesce(reason, ''), user_id FROM reminders"
    " WHERE verdict = 'bad' AND kind {kinds} AND due_at >= ? ORDER BY due_at DESC, id DESC LIMIT ?"
)
QUERIES: Mapping[str, str] = {
    "reminders": _REMINDERS.format(kinds="<> 'plan'"),
    "plans": _REMINDERS.format(kinds="= 'plan'"),
    "chat": "SELECT update_id, asked_at, NULL, iif(handled_at IS NULL, 'unhandled', 'handled'), '',"
    " (SELECT min(id) FROM users WHERE users.chat_id = updates.chat_id) FROM updates"
    " WHERE verdict = 'bad' AND asked_at >= ? ORDER BY asked_at DESC LIMIT ?",
    "syncs": "SELECT id, started_at, NULL, outcome, fault, user_id FROM syncs"
    " WHERE outcome NOT IN ('ok', 'not_modified') AND started_at >= ? ORDER BY started_at DESC LIMIT ?",
    "feeds": "SELECT id, next_at, NULL, coalesce(outcome, ''), fault, user_id FROM feeds"
    " WHERE linked_at IS NOT NULL AND failures > 0 AND next_at >= ? ORDER BY coalesce(ok_at, linked_at) LIMIT ?",
    "probes": "SELECT id, due_at, sent_at - due_at, state, coalesce(reason, ''), NULL FROM probes"
    " WHERE verdict = 'bad' AND due_at >= ? ORDER BY due_at DESC LIMIT ?",
}
"""By what a promise counts. Of feeds, those that are failing now: minutes have no rows."""


def bad_events(connection: sqlite3.Connection, counts: str, since: int, limit: int) -> list[BadEvent]:
    """The last that came due since an instant (UTC ms); none of what is counted without rows: minutes, heartbeats."""
    query = QUERIES.get(counts)
    return [] if query is None else [BadEvent(*row) for row in connection.execute(query, (since, limit))]
