"""The events of feeds, many at a time: a statement for each of twenty thousand would hold up every other writer."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from planner.model import DAY, Event, Feed, Occurrence
from planner.store.events import FIELDS, event, fields
from planner.store.news import WHOSE, News
from planner.store.tally import cancelled

MATTERS_MS = 2 * DAY
"""A reminder's message is kept true for so long; see :data:`planner.standing.LOOK_BACK_MS`."""
_THESE = "event_id IN (SELECT value FROM json_each(:ids))"
_BEGUN = (
    "(state = 'sending' OR state = 'sent' AND (sent_at >= :since OR occurrence_at > :day)"
    " OR done_at IS NOT NULL AND occurrence_at > :day"
    " OR state IN ('pending', 'cancelled') AND expires_at > :now AND (kind = 'snooze' OR due_at <= :now)"
    " OR state = 'pending' AND due_at <= :now)"
)
_OF_FEED = "SELECT id FROM events WHERE feed_id = ?1 AND deleted_at IS NULL"

_SAID = (
    "title", "start_local", "start_at", "duration_s", "all_day", "place", "notes", "link", "leads_s", "excluded",
    "included",
)  # fmt: skip
"""What a calendar says of an event again and again; what stands in an index is not written without need."""
_UID = slice(22, 25)
_DELETED_AT = 13


class New(NamedTuple):
    """An event that is yet to be stored, whatever its id, and its place in the calendar."""

    event: Event
    uid: str
    part: str
    digest: str


class Known(NamedTuple):
    """A feed's event as it is kept: its place in the calendar, the digest of what it was read from, and is it gone."""

    uid: str
    part: str
    digest: str
    event: Event
    deleted: bool


class FeedEvents:
    def __init__(self, connection: sqlite3.Connection, news: News) -> None:
        self._db = connection
        self._news = news

    def add(self, new: Sequence[New], now: int) -> list[int]:
        """Store events; returns their ids, in order."""
        first = 1 + int(self._db.execute("SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'),"
                                         " 0), coalesce((SELECT max(id) FROM events), 0))").fetchone()[0])  # fmt: skip
        columns = ("id", "user_id", *FIELDS, "set_at", "uid", "part", "digest")
        self._db.executemany(
            f"INSERT INTO events ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            ((number, one.event.user_id, *fields(one.event), now, one.uid, one.part, one.digest)
             for number, one in enumerate(new, first)),
        )  # fmt: skip
        return list(range(first, first + len(new)))

    def save(self, changed: Iterable[tuple[int, Event, str]]) -> None:
        """Store what a calendar says of events by now, each by its id and with its digest, zone and rule apart."""
        self._db.executemany(
            f"UPDATE events SET {', '.join(f'{name} = ?' for name in _SAID)}, digest = ? WHERE id = ?",
            ((one.title, one.start_local, one.start_at, one.duration_s, one.all_day, one.place, one.notes, one.link,
              None if one.leads_s is None else json.dumps(one.leads_s),
              json.dumps(one.excluded) if one.excluded else "[]", json.dumps(one.included) if one.included else "[]",
              digest, number) for number, one, digest in changed),
        )  # fmt: skip

    def save_rules(self, changed: Iterable[tuple[int, Event]]) -> None:
        """Store events' zones and rules, which few change; one that was deleted is there again."""
        self._db.executemany(
            "UPDATE events SET zone = ?, rrule = ?, set_until = NULL, deleted_at = NULL WHERE id = ?",
            ((one.zone, one.rrule, number) for number, one in changed),
        )

    def digested(self, digests: Iterable[tuple[str, int]]) -> None:
        """Note what events were read from, by their ids."""
        self._db.executemany("UPDATE events SET digest = ? WHERE id = ?", digests)

    def delete(self, ids: Sequence[int], now: int) -> None:
        """Delete events; their reminders are the caller's to cancel before."""
        these = {"ids": json.dumps(ids), "now": now}
        self._db.execute(
            "UPDATE events SET deleted_at = :now, set_until = NULL WHERE id IN (SELECT value FROM json_each(:ids))",
            these,
        )
        self._db.execute(f"DELETE FROM occurrences WHERE {_THESE}", these)

    def touch(self, ids: Sequence[int], now: int) -> None:
        """These have changed now; nothing of what was set for them stands."""
        these = {"ids": json.dumps(ids), "now": now}
        self._db.execute(
            "UPDATE events SET set_at = :now, set_until = NULL WHERE id IN (SELECT value FROM json_each(:ids))", these
        )
        self._db.execute(f"DELETE FROM occurrences WHERE {_THESE}", these)

    def told_of(self, ids: Sequence[int], now: int) -> list[int]:
        """Those of which something was sent that matters yet, is in flight, overdue, put off or done with.

        What has changed of such an event is to be brought to each of these.
        """
        rows = self._db.execute(f"SELECT DISTINCT event_id FROM reminders WHERE {_THESE} AND {_BEGUN}", _at(ids, now))
        return [row[0] for row in rows]

    def begun(self, ids: Sequence[int], now: int) -> list[tuple[Known, int]]:
        """The occurrences of events of which that is so, each with its event, those that are deleted too."""
        rows = self._db.execute(
            f"SELECT DISTINCT event_id, occurrence_at FROM reminders WHERE {_THESE} AND {_BEGUN}", _at(ids, now)
        ).fetchall()
        events = {one.event.id: one for one in self.some({row[0] for row in rows})} if rows else {}
        return [(events[row[0]], row[1]) for row in rows]

    def hand_over(self, passed: Iterable[tuple[int, int, int]], now: int) -> None:
        """Let what was reminded of occurrences be another event's: whose it was, the start, whose it is.

        What is owed and yet to come stays where it is.
        """
        self._db.executemany(
            "UPDATE OR IGNORE reminders SET event_id = ?3 WHERE event_id = ?1 AND occurrence_at = ?2"
            " AND (state <> 'cancelled' OR kind = 'snooze' OR done_at IS NOT NULL)"
            " AND NOT (kind = 'event' AND state = 'pending' AND due_at > ?4)",
            ((*one, now) for one in passed),
        )

    def cancel_ahead(self, ids: Sequence[int], now: int, reason: str) -> None:
        """Cancel events' own reminders that are still to come."""
        rows = self._db.execute(
            "UPDATE reminders SET state = 'cancelled', verdict = coalesce(verdict, 'excluded'), reason = :reason"
            f" WHERE kind = 'event' AND state = 'pending' AND due_at > :now AND {_THESE}"
            f" RETURNING {WHOSE}",
            {"reason": reason, "now": now, "ids": json.dumps(ids)},
        ).fetchall()
        cancelled(self._db, self._news, rows, reason)

    def set_leads(self, feed_id: int, leads_s: tuple[int, ...] | None) -> None:
        """Give all events of a feed the same leads."""
        self._db.execute(
            "UPDATE events SET leads_s = ? WHERE feed_id = ? AND deleted_at IS NULL",
            (None if leads_s is None else json.dumps(leads_s), feed_id),
        )

    def digests(self, feed_id: int) -> frozenset[str]:
        """Of each UID that is there the digest of what its events were read from, if they all were read from that.

        Read as one text: there are tens of thousands.
        """
        row = self._db.execute(
            "SELECT group_concat(digest, ' ') FROM (SELECT digest FROM events WHERE feed_id = ? AND deleted_at IS NULL"
            " GROUP BY uid HAVING min(digest) = max(digest))",
            (feed_id,),
        ).fetchone()
        return frozenset((row[0] or "").split())

    def starts(self, feed_id: int, often: int) -> tuple[int, int]:
        """How many starts are kept of those recurring events that are not read anew at every reading.

        Of all, and of those that have more than ``often``.
        """
        row = self._db.execute(
            "SELECT coalesce(sum(starts), 0), coalesce(sum(starts) FILTER (WHERE starts > ?), 0) FROM (SELECT count(*)"
            " AS starts FROM events JOIN occurrences ON event_id = events.id WHERE feed_id = ? AND deleted_at IS NULL"
            " AND rrule IS NOT NULL AND digest <> '' GROUP BY events.id)",
            (often, feed_id),
        ).fetchone()
        return row[0], row[1]

    def known(self, feed_id: int, uids: Iterable[str]) -> list[Known]:
        """The events with these UIDs, those that are gone too."""
        rows = self._plain(
            "SELECT * FROM events WHERE feed_id = ? AND uid IN (SELECT value FROM json_each(?)) ORDER BY id",
            (feed_id, json.dumps(list(uids))),
        )
        return [_known(row) for row in rows]

    def some(self, ids: Iterable[int]) -> list[Known]:
        """Events by their ids, those that are gone too."""
        rows = self._plain(
            "SELECT * FROM events WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", (json.dumps(list(ids)),)
        )
        return [_known(row) for row in rows]

    def marks(self, ids: Iterable[int]) -> dict[int, str]:
        """The mark of each event's calendar, of those among these that are in one, deleted or not."""
        rows = self._plain(
            "SELECT events.id, mark FROM json_each(?) JOIN events ON events.id = value"
            " JOIN feeds ON feeds.id = feed_id",
            (json.dumps(list(ids)),),
        )
        return dict(rows)

    def place(self, placed: Sequence[tuple[int, str, str, str]]) -> None:
        """Note of events (by id) their UID, part and digest."""
        self._db.executemany("UPDATE events SET uid = ?2, part = ?3, digest = ?4 WHERE id = ?1", placed)

    def count(self, feed_id: int) -> int:
        """How many events a feed has."""
        row = self._db.execute("SELECT count(*) FROM events WHERE feed_id = ? AND deleted_at IS NULL", (feed_id,))
        return int(row.fetchone()[0])

    def ids(self, feed_id: int) -> list[int]:
        """A feed's events."""
        return [row[0] for row in self._db.execute(_OF_FEED, (feed_id,))]

    def absent(self, feed_id: int, uids: Iterable[str], digests: Iterable[str] | None) -> list[int]:
        """Those of them whose UID is not among these; and is not known by a digest other than ``digests``, if given."""
        sql, parameters = f"{_OF_FEED} AND uid NOT IN (SELECT value FROM json_each(?))", [json.dumps(list(uids))]
        if digests is not None:
            sql += (
                " AND uid IN (SELECT uid FROM events WHERE feed_id = ?1 AND deleted_at IS NULL GROUP BY uid"
                " HAVING min(digest) <> max(digest)"
                " OR min(digest) IN (SELECT '' UNION ALL SELECT value FROM json_each(?)))"
            )
            parameters.append(json.dumps(list(digests)))
        return [row[0] for row in self._db.execute(sql, (feed_id, *parameters))]

    def current(self, feed_id: int, since: int) -> list[Event]:
        """Those of them that recur or start after an instant."""
        rows = self._db.execute(
            "SELECT * FROM events WHERE feed_id = ? AND deleted_at IS NULL AND (rrule IS NOT NULL OR start_at > ?)"
            " ORDER BY id",
            (feed_id, since),
        )
        return [event(row) for row in rows]

    def soon(self, feed: Feed, after: int, before: int) -> list[Event]:
        """Those of them that start in ``after <= t < before``, recurring ones as far as their occurrences are kept."""
        rows = self._db.execute(
            "SELECT * FROM events WHERE id IN (SELECT id FROM events WHERE user_id = ?1 AND rrule IS NULL"
            " AND deleted_at IS NULL AND start_at >= ?3 AND start_at < ?4 UNION SELECT event_id FROM occurrences"
            " WHERE user_id = ?1 AND start_at >= ?3 AND start_at < ?4) AND feed_id = ?2 AND deleted_at IS NULL",
            (feed.user_id, feed.id, after, before),
        )
        return [event(row) for row in rows]

    def owe_later(self, feed_id: int, without: Sequence[int], now: int, *, since: int) -> None:
        """Of a feed's events but these owe the reminders anew when the planner looks ahead next, in pieces.

        ``since`` is where their longest lead begins, at the earliest.
        """
        self._db.execute(
            "UPDATE events SET set_at = ?1, set_until = ?2 WHERE feed_id = ?3 AND deleted_at IS NULL"
            " AND (rrule IS NOT NULL OR start_at > ?1) AND id NOT IN (SELECT value FROM json_each(?4))",
            (now, since, feed_id, json.dumps(without)),
        )

    def within(self, feed: Feed, after: int, before: int) -> set[tuple[str, int, bool]]:
        """What of a feed starts in ``after <= t < before``, within the horizon: title, start, is it a whole day."""
        rows = self._db.execute(
            "SELECT title, start_at, all_day FROM events WHERE user_id = ?1 AND rrule IS NULL AND deleted_at IS NULL"
            " AND start_at >= ?3 AND start_at < ?4 AND feed_id = ?2 UNION SELECT title, found.start_at, all_day"
            " FROM occurrences AS found JOIN events ON events.id = found.event_id WHERE found.user_id = ?1"
            " AND found.start_at >= ?3 AND found.start_at < ?4 AND feed_id = ?2 AND deleted_at IS NULL",
            (feed.user_id, feed.id, after, before),
        )
        return {(title, at, bool(all_day)) for title, at, all_day in rows}

    def coming(self, feed_id: int, now: int, limit: int) -> list[Occurrence]:
        """What of a feed starts next, of recurring events as far as their occurrences are kept."""
        rows = self._db.execute(
            "SELECT *, start_at AS at FROM events WHERE feed_id = ?1 AND rrule IS NULL AND deleted_at IS NULL"
            " AND start_at >= ?2 UNION ALL SELECT events.*, found.start_at FROM events JOIN occurrences AS found"
            " ON found.event_id = events.id WHERE feed_id = ?1 AND deleted_at IS NULL AND found.start_at >= ?2"
            " ORDER BY at LIMIT ?3",
            (feed_id, now, limit),
        )
        return [Occurrence(event(row), row["at"]) for row in rows]

    def _plain(self, sql: str, parameters: Sequence[object]) -> sqlite3.Cursor:
        rows = self._db.cursor()
        rows.row_factory = None
        return rows.execute(sql, parameters)


def _known(row: tuple[Any, ...]) -> Known:
    """Read by place, as :func:`planner.store.events.event` does it."""
    uid, part, digest = row[_UID]
    return Known(uid, part, digest, event(row), row[_DELETED_AT] is not None)


def _at(ids: Sequence[int], now: int) -> dict[str, object]:
    return {"ids": json.dumps(ids), "now": now, "since": now - MATTERS_MS, "day": now - DAY}
