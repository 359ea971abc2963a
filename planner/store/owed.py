"""A reminder that is owed, read with the user to whom."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from planner.model import Kind, Reminder, State, User
from planner.store.users import user

_QUERY = (
    "SELECT users.*, reminders.id AS reminder_id, kind, event_id, occurrence_at, due_at, ready_at, expires_at,"
    " asked_for, state, attempts, nagged, trace FROM reminders JOIN users ON users.id = reminders.user_id"
    " WHERE reminders.id IN (SELECT value FROM json_each(?))"
)


class Owed(NamedTuple):
    """A pending reminder as delivery needs it, with whom it is owed to."""

    reminder: Reminder
    expires_at: int
    asked_for: bool
    user: User


def owed(connection: sqlite3.Connection, ids: Iterable[int], state: State | None = None) -> list[Owed]:
    """Those of ``ids`` that there are, in their order; only those in a state, if one is given."""
    wanted = list(ids)
    query, also = (_QUERY, ()) if state is None else (f"{_QUERY} AND reminders.state = ?", (state,))
    found = {row["reminder_id"]: row for row in connection.execute(query, (json.dumps(wanted), *also))}
    return [_owed(found[one]) for one in wanted if one in found]


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
        nagged=row["nagged"],
        trace=row["trace"],
    )
    return Owed(reminder, row["expires_at"], bool(row["asked_for"]), whom)
