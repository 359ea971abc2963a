"""What of a user's goes out to other calendars: their own events, and the secret address under which these are read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from planner.model import Event
from planner.store.events import event

CALENDAR_ID = "calendar id"
"""The setting that holds what no other planner's database has: it makes the UIDs of this one's events its own."""
_OWN = "user_id = ? AND feed_id IS NULL AND deleted_at IS NULL"


class Own(NamedTuple):
    """A user's own event: its UID and part where a file brought it, the digest of what that said, its last change."""

    event: Event
    uid: str | None
    part: str
    digest: str
    changed_at: int


class Address(NamedTuple):
    """An address that holds ``since`` then (UTC ms)."""

    token: str
    since: int


class Stamp(NamedTuple):
    """What changes whenever a user's own events do, or what they are written with; ``changed_at`` is when (UTC ms)."""

    user_id: int
    changed_at: int
    state: str


class Published:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def calendar_id(self) -> str:
        """What the UIDs of this database's events have in common, and no others."""
        row = self._db.execute("SELECT value FROM settings WHERE key = ?", (CALENDAR_ID,)).fetchone()
        return str(row[0])

    def events(self, user_id: int) -> list[Own]:
        """A user's own events, those from files among them, in the order they were made."""
        return [_own(row) for row in self._db.execute(f"SELECT * FROM events WHERE {_OWN} ORDER BY id", (user_id,))]

    def with_uids(self, user_id: int, uids: Iterable[str]) -> list[Own]:
        """Those that files brought under these UIDs."""
        rows = self._db.execute(
            f"SELECT * FROM events WHERE {_OWN} AND uid IN (SELECT value FROM json_each(?)) ORDER BY id",
            (user_id, json.dumps(list(uids))),
        )
        return [_own(row) for row in rows]

    def some(self, user_id: int, ids: Iterable[int]) -> list[Own]:
        """Those of a user's own events with these ids."""
        rows = self._db.execute(
            f"SELECT * FROM events WHERE {_OWN} AND id IN (SELECT value FROM json_each(?))",
            (user_id, json.dumps(list(ids))),
        )
        return [_own(row) for row in rows]

    def titled(self, user_id: int, titles: Iterable[str], last_id: int) -> list[Own]:
        """Those of a user's own events with one of these titles, up to an id."""
        rows = self._db.execute(
            f"SELECT * FROM events WHERE {_OWN} AND id <= ? AND title IN (SELECT value FROM json_each(?))",
            (user_id, last_id, json.dumps(sorted(set(titles)))),
        )
        return [_own(row) for row in rows]

    def place(self, event_id: int, uid: str, part: str, digest: str) -> None:
        """Note which event of a file an event is."""
        self._db.execute("UPDATE events SET uid = ?, part = ?, digest = ? WHERE id = ?", (uid, part, digest, event_id))

    def address(self, user_id: int) -> Address | None:
        """Where a user's events are read; ``None`` while nowhere."""
        row = self._db.execute("SELECT token, since FROM published WHERE user_id = ?", (user_id,)).fetchone()
        return None if row is None else Address(*row)

    def put(self, user_id: int, token: str, now: int) -> None:
        """From now on they are read under this token, and no longer under another."""
        self._db.execute(
            "INSERT INTO published VALUES (?1, ?2, ?3)"
            " ON CONFLICT (user_id) DO UPDATE SET token = excluded.token, since = excluded.since",
            (user_id, token, now),
        )

    def drop(self, user_id: int) -> None:
        """They are read nowhere any more."""
        self._db.execute("DELETE FROM published WHERE user_id = ?", (user_id,))

    def tokens(self) -> frozenset[str]:
        """All that hold, of users that are served."""
        rows = self._db.execute(
            "SELECT token FROM published JOIN users ON users.id = user_id WHERE NOT frozen AND NOT elsewhere"
        )
        return frozenset(row[0] for row in rows)

    def stamp(self, token: str) -> Stamp | None:
        """How the events stand that are read under a token; ``None`` where it does not hold, or is not served.

        Every change of an event is noted, with its time, and so is every one that is taken back.
        """
        row = self._db.execute(
            "SELECT users.id, zone, leads_s, since FROM published JOIN users ON users.id = user_id"
            " WHERE token = ? AND NOT frozen AND NOT elsewhere",
            (token,),
        ).fetchone()
        if row is None:
            return None
        events = self._db.execute(
            "SELECT count(*), coalesce(max(id), 0), coalesce(sum(set_at), 0), coalesce(max(set_at), 0)"
            f" FROM events WHERE {_OWN}",
            (row["id"],),
        ).fetchone()
        changes = self._db.execute(
            "SELECT coalesce(max(id), 0), coalesce(sum(undone_at), 0), coalesce(max(at), 0),"
            " coalesce(max(undone_at), 0) FROM changes WHERE user_id = ?",
            (row["id"],),
        ).fetchone()
        state = [row["zone"], row["leads_s"], *events[:3], *changes[:2]]
        return Stamp(row["id"], max(row["since"], events[3], changes[2], changes[3]), json.dumps(state))


def _own(row: sqlite3.Row) -> Own:
    return Own(event(row), row["uid"], row["part"], row["digest"], row["set_at"])
