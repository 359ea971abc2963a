"""Events, their occurrences within the horizon, and the changes that can be undone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from planner.model import DAY, HOUR, SECOND, Event, Occurrence, Slot
from planner.owing import Ahead

_SINGLE = (
    "SELECT id, start_at AS at FROM events WHERE user_id = ? AND rrule IS NULL AND deleted_at IS NULL"
    " AND start_at >= ? AND start_at < ?"
)
_STARTS = (
    f"{_SINGLE} UNION ALL SELECT event_id, start_at FROM occurrences WHERE user_id = ? AND start_at >= ?"
    " AND start_at < ?"
)

_WITHOUT = "WHERE ifnull(feed_id, 0) NOT IN (SELECT value FROM json_each(?))"


def event(row: sqlite3.Row | tuple[Any, ...]) -> Event:
    """A row of ``events`` as the domain knows it: read by place, which is thrice as fast as by name.

    Migrations only append, so each column keeps its place.
    """
    (event_id, user_id, title, start_local, start_at, duration_s, all_day, zone, rrule, instant, leads, _, _, _,
     place, notes, link, source, excluded, nag, included, feed_id, *_) = row  # fmt: skip
    return Event(
        event_id,
        user_id,
        title,
        start_local,
        start_at,
        duration_s,
        bool(all_day),
        zone,
        rrule,
        bool(instant),
        None if leads is None else tuple(json.loads(leads)),
        place,
        notes,
        link,
        source,
        () if excluded == "[]" else tuple(json.loads(excluded)),
        bool(nag),
        () if included == "[]" else tuple(json.loads(included)),
        feed_id,
    )


FIELDS = (
    "title", "start_local", "start_at", "duration_s", "all_day", "zone", "rrule", "instant", "leads_s", "place",
    "notes", "link", "source", "excluded", "nag", "included", "feed_id",
)  # fmt: skip
"""What of an event may be changed."""


class Events:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def get(self, event_id: int, *, deleted: bool = False) -> Event | None:
        """The event, also when it is deleted if ``deleted``."""
        row = self._db.execute("SELECT * FROM events WHERE id = ?", (event_id,)).fetchone()
        return None if row is None or (row["deleted_at"] is not None and not deleted) else event(row)

    def add(self, one: Event, now: int) -> Event:
        """Store a new event; returns it with its id."""
        new = self._db.execute(
            f"INSERT INTO events (user_id, {', '.join(FIELDS)}, set_at)"
            f" VALUES ({', '.join('?' * (len(FIELDS) + 2))}) RETURNING *",
            (one.user_id, *fields(one), now),
        ).fetchone()
        return event(new)

    def save(self, one: Event) -> None:
        self._db.execute(
            f"UPDATE events SET {', '.join(f'{name} = ?' for name in FIELDS)} WHERE id = ?",
            (*fields(one), one.id),
        )

    def delete(self, event_id: int, now: int) -> None:
        self._db.execute("UPDATE events SET deleted_at = ?, set_until = NULL WHERE id = ?", (now, event_id))
        self.forget_occurrences(event_id)

    def restore(self, event_id: int) -> None:
        self._db.execute("UPDATE events SET deleted_at = NULL WHERE id = ?", (event_id,))

    def current(self, user_id: int, since: int, *, own: bool = False) -> list[Event]:
        """Recurring events, and others that start after an instant; ``own``: those that are in no feed."""
        which = "user_id = ? AND deleted_at IS NULL" + " AND feed_id IS NULL" * own
        rows = self._plain(
            f"SELECT * FROM events WHERE {which} AND rrule IS NULL AND start_at > ?"
            f" UNION ALL SELECT * FROM events WHERE {which} AND rrule IS NOT NULL",
            (user_id, since, user_id),
        )
        return [event(row) for row in rows]

    def floating(self, user_id: int, since: int) -> dict[int, str]:
        """The local starts of those of ``current`` that move with their owner, by their ids."""
        rows = self._plain(
            "SELECT id, start_local FROM events WHERE user_id = ? AND deleted_at IS NULL AND zone IS NULL"
            " AND NOT instant AND (rrule IS NOT NULL OR start_at > ?)",
            (user_id, since),
        )
        return dict(rows.fetchall())

    def move(self, starts: Iterable[tuple[int, int]]) -> None:
        """Store where on the time line events start now, each with its id."""
        self._db.executemany("UPDATE events SET start_at = ? WHERE id = ?", starts)

    def recurring(self, user_id: int) -> list[Event]:
        rows = self._db.execute(
            "SELECT * FROM events WHERE user_id = ? AND rrule IS NOT NULL AND deleted_at IS NULL", (user_id,)
        )
        return [event(row) for row in rows]

    def between(
        self, user_id: int, after: int, before: int, limit: int, without: Collection[int] = ()
    ) -> list[Occurrence]:
        """What starts in ``after <= t < before``, in order; right for recurring events below ``set_until`` of each.

        ``without`` these feeds.
        """
        rows = self._plain(
            f"SELECT events.id, found.at FROM ({_STARTS}) AS found JOIN events ON events.id = found.id {_WITHOUT}"
            " ORDER BY found.at, all_day DESC, events.id LIMIT ?",
            (*(user_id, after, before) * 2, json.dumps(list(without)), limit),
        ).fetchall()
        events = self.some({event_id for event_id, _ in rows})
        return [Occurrence(events[event_id], at) for event_id, at in rows]

    def slots(self, user_id: int, after: int, before: int, limit: int) -> list[Slot]:
        """As ``between``, without their events."""
        rows = self._plain(
            "SELECT events.id, found.at, duration_s, all_day, instant, zone, title, feed_id"
            f" FROM ({_STARTS}) AS found JOIN events ON events.id = found.id"
            " ORDER BY found.at, all_day DESC, events.id LIMIT ?",
            (*(user_id, after, before) * 2, limit),
        )
        return [Slot(event_id, at, length, bool(all_day), bool(instant), *rest)
                for event_id, at, length, all_day, instant, *rest in rows]  # fmt: skip

    def count_between(self, user_id: int, after: int, before: int, without: Collection[int] = ()) -> int:
        """How many there are of those."""
        row = self._db.execute(
            f"SELECT count(*) FROM ({_STARTS}) AS found JOIN events ON events.id = found.id {_WITHOUT}",
            (*(user_id, after, before) * 2, json.dumps(list(without))),
        ).fetchone()
        return int(row[0])

    def begun(self, user_id: int, at: int) -> list[Occurrence]:
        """What began before ``at`` and may go on, of those that do not recur, and of those that do the last day's.

        An all-day event's hours depend on its zone: some of them may be over. Right for recurring events whose
        occurrences of the day before ``at`` are kept; those longer than a day are ``long_recurring``.
        """
        rows = self._db.execute(
            "SELECT *, start_at AS at FROM events WHERE user_id = ?1 AND rrule IS NULL AND deleted_at IS NULL"
            " AND start_at >= ?2 - ?3 AND start_at < ?2 AND duration_s BETWEEN 1 AND ?4"
            " AND start_at + duration_s * 1000 + ?5 > ?2"
            " UNION ALL SELECT *, start_at FROM events WHERE user_id = ?1 AND rrule IS NULL AND deleted_at IS NULL"
            " AND start_at < ?2 AND duration_s > 86400 AND start_at + duration_s * 1000 + ?5 > ?2"
            " UNION ALL SELECT events.*, found.start_at FROM occurrences AS found JOIN events ON events.id = event_id"
            " WHERE found.user_id = ?1 AND found.start_at >= ?2 - ?3 AND found.start_at < ?2"
            " AND duration_s BETWEEN 1 AND ?4 AND found.start_at + duration_s * 1000 + ?5 > ?2",
            (user_id, at, DAY + HOUR, DAY // SECOND, HOUR),
        )
        return [Occurrence(event(row), row["at"]) for row in rows]

    def long_recurring(self, user_id: int) -> list[Event]:
        """Recurring events that go on for longer than a day."""
        rows = self._db.execute(
            "SELECT * FROM events WHERE user_id = ? AND duration_s > 86400 AND rrule IS NOT NULL"
            " AND deleted_at IS NULL",
            (user_id,),
        )
        return [event(row) for row in rows]

    def single_between(self, user_id: int, after: int, before: int) -> list[Occurrence]:
        """Non-recurring events that start in ``after <= t < before``."""
        rows = self._db.execute(
            f"SELECT events.* FROM ({_SINGLE}) AS found JOIN events ON events.id = found.id", (user_id, after, before)
        )
        return [Occurrence(event(row), row["start_at"]) for row in rows]

    def texts(self, user_id: int, now: int) -> list[tuple[int, int | None, str]]:
        """Of each event its id, its next start at or after ``now`` that is known, its title, place and notes.

        An event that does not recur has one start, past or to come. NUL stands between the title and the rest.
        """
        words = "title || char(0) || place || ' ' || notes"
        return self._plain(
            f"SELECT id, start_at, {words} FROM events WHERE user_id = ?1 AND rrule IS NULL AND deleted_at IS NULL"
            " UNION ALL SELECT id, (SELECT min(found.start_at) FROM occurrences AS found"
            f" WHERE found.event_id = events.id AND found.start_at >= ?2), {words} FROM events"
            " WHERE user_id = ?1 AND rrule IS NOT NULL AND deleted_at IS NULL",
            (user_id, now),
        ).fetchall()

    def some(self, ids: Iterable[int]) -> dict[int, Event]:
        """Events by their ids."""
        rows = self._plain(
            "SELECT * FROM events WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        )
        return {row[0]: event(row) for row in rows}

    def _plain(self, sql: str, parameters: Sequence[object]) -> sqlite3.Cursor:
        """Rows as plain tuples: of ten thousand events every microsecond is felt."""
        rows = self._db.cursor()
        rows.row_factory = None
        return rows.execute(sql, parameters)

    def set_at(self, event_id: int) -> int:
        """When the event was made or last changed, UTC ms: leads count from then."""
        return int(self._db.execute("SELECT set_at FROM events WHERE id = ?", (event_id,)).fetchone()[0])

    def zones(self) -> list[tuple[str, int]]:
        """The zones that events have of their own, and how many events have each."""
        found = self._db.execute(
            "SELECT zone, count(*) AS events FROM events WHERE zone IS NOT NULL AND deleted_at IS NULL GROUP BY zone"
        )
        return [(row["zone"], row["events"]) for row in found]

    def touch(self, event_id: int, now: int) -> None:
        """The event was changed now; nothing of what was set for it stands."""
        self._db.execute("UPDATE events SET set_at = ?, set_until = NULL WHERE id = ?", (now, event_id))
        self.forget_occurrences(event_id)

    def touch_recurring(self, user_id: int, now: int) -> None:
        """Nothing of what was set for a user's recurring events stands, if they have a wall clock."""
        which = "user_id = ? AND rrule IS NOT NULL AND deleted_at IS NULL AND NOT instant"
        self._db.execute(
            f"DELETE FROM occurrences WHERE user_id = ? AND event_id IN (SELECT id FROM events WHERE {which})",
            (user_id, user_id),
        )
        self._db.execute(f"UPDATE events SET set_at = ?, set_until = NULL WHERE {which}", (now, user_id))

    def forget_occurrences(self, event_id: int) -> None:
        self._db.execute("DELETE FROM occurrences WHERE event_id = ?", (event_id,))

    def set_ahead(self, events: Sequence[Ahead]) -> None:
        """Remember up to where recurring events' reminders and occurrences exist."""
        self._db.executemany(
            "UPDATE events SET set_until = ? WHERE id = ?", [(one.until, one.event.id) for one in events]
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO occurrences (user_id, start_at, event_id) VALUES (?, ?, ?)",
            ((one.event.user_id, start, one.event.id) for one in events for start in one.starts),
        )

    def lacking(self, before: int, limit: int) -> list[tuple[Event, int]]:
        """Recurring events whose occurrences do not reach ``before``, with how far they do."""
        rows = self._db.execute(
            "SELECT * FROM events WHERE set_until < ? AND deleted_at IS NULL ORDER BY set_until LIMIT ?",
            (before, limit),
        )
        return [(event(row), row["set_until"]) for row in rows]

    def forget_past_occurrences(self, before: int) -> None:
        self._db.execute("DELETE FROM occurrences WHERE start_at < ?", (before,))

    def note_change(
        self, event_id: int, user_id: int, before: Event | None, now: int, part_of: int | None = None
    ) -> int:
        """Remember how the event was (``None``: it was not), so that it can be made so again; returns an id.

        ``part_of`` is the change that this one is undone with.
        """
        text = None if before is None else json.dumps(asdict(before), ensure_ascii=False)
        new = self._db.execute(
            "INSERT INTO changes (user_id, event_id, at, before, part_of) VALUES (?, ?, ?, ?, ?) RETURNING id",
            (user_id, event_id, now, text, part_of),
        ).fetchone()
        return int(new[0])

    def change(self, change_id: int, user_id: int) -> list[Change]:
        """A change and those that are part of it, in the order they were made; empty where there is none."""
        rows = self._db.execute(
            "SELECT * FROM changes WHERE user_id = ?1 AND part_of IS NULL AND id = ?2"
            " UNION ALL SELECT * FROM changes WHERE user_id = ?1 AND part_of = ?2 ORDER BY id",
            (user_id, change_id),
        )
        return [
            Change(row["id"], row["event_id"], row["at"], _before(row["before"]), row["undone_at"] is not None,
                   not self._changed_since(row["event_id"], row["id"]))
            for row in rows
        ]  # fmt: skip

    def parts(self, change_id: int, user_id: int) -> int:
        """How many changes are part of one; itself, too, where there is it."""
        query = "SELECT count(*) FROM changes WHERE user_id = ? AND"
        whole = self._db.execute(f"{query} part_of IS NULL AND id = ?", (user_id, change_id)).fetchone()
        rest = self._db.execute(f"{query} part_of = ?", (user_id, change_id)).fetchone()
        return int(whole[0] + rest[0])

    def changes_since(self, user_id: int, since: int, limit: int) -> list[tuple[int, int]]:
        """A user's changes that were not undone, each with its event's id, the latest first."""
        rows = self._db.execute(
            "SELECT id, event_id FROM changes WHERE user_id = ? AND at >= ? AND part_of IS NULL AND undone_at IS NULL"
            " ORDER BY id DESC LIMIT ?",
            (user_id, since, limit),
        )
        return [(row[0], row[1]) for row in rows]

    def last_changed(self, user_id: int, since: int) -> int | None:
        """The event, if it is still there, that a user has made or changed last."""
        row = self._db.execute(
            "SELECT event_id FROM changes JOIN events ON events.id = event_id"
            " WHERE changes.user_id = ? AND at >= ? AND deleted_at IS NULL ORDER BY changes.id DESC LIMIT 1",
            (user_id, since),
        ).fetchone()
        return None if row is None else int(row[0])

    def _changed_since(self, event_id: int, change_id: int) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM changes WHERE event_id = ? AND id > ? AND undone_at IS NULL", (event_id, change_id)
        ).fetchone()
        return row is not None

    def forget_changes(self, before: int) -> None:
        """Drop changes too old to be undone, and for good the events that were deleted by them.

        One with reminders that are still counted stays until they go, without a word of what it was.
        """
        self._db.execute("DELETE FROM changes WHERE at < ?", (before,))
        self._db.execute(
            "DELETE FROM events WHERE deleted_at < ?"
            " AND NOT EXISTS (SELECT 1 FROM reminders WHERE event_id = events.id)",
            (before,),
        )
        self._db.execute(
            "UPDATE events SET title = '', place = '', notes = '', link = '' WHERE deleted_at < ?"
            " AND (title <> '' OR place <> '' OR notes <> '' OR link <> '')",
            (before,),
        )

    def said(self, event_id: int, chat_id: int, message_id: int) -> None:
        """The event stands in this message of its user's."""
        self._db.execute("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", (chat_id, message_id, event_id))

    def said_in(self, chat_id: int, message_id: int) -> int | None:
        """The event that a message of its user's has made."""
        row = self._db.execute(
            "SELECT event_id FROM said WHERE chat_id = ? AND message_id = ?", (chat_id, message_id)
        ).fetchone()
        return None if row is None else int(row[0])

    def mark_undone(self, change_id: int, now: int) -> None:
        self._db.execute("UPDATE changes SET undone_at = ? WHERE id = ?", (now, change_id))


class Change(NamedTuple):
    """What an event was before a change; ``last`` when none came after it that still stands."""

    id: int
    event_id: int
    at: int
    before: Event | None
    undone: bool
    last: bool


def _before(text: str | None) -> Event | None:
    if text is None:
        return None
    fields = json.loads(text)
    fields["leads_s"] = None if fields["leads_s"] is None else tuple(fields["leads_s"])
    for name in ("excluded", "included"):
        fields[name] = tuple(fields.get(name, ()))
    return Event(**fields)


def fields(one: Event) -> tuple[str | int | None, ...]:
    """The values of ``FIELDS``."""
    return (
        one.title, one.start_local, one.start_at, one.duration_s, one.all_day, one.zone, one.rrule, one.instant,
        None if one.leads_s is None else json.dumps(one.leads_s), one.place, one.notes, one.link, one.source,
        json.dumps(one.excluded) if one.excluded else "[]", one.nag,
        json.dumps(one.included) if one.included else "[]", one.feed_id,
    )  # fmt: skip
