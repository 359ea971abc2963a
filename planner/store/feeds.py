"""Feeds: external calendars linked by address, and what was fetched of them last."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from planner.model import MINUTE, Feed, Outcome
from planner.providers import host
from planner.store.news import News

TO_EMPTY = "log to empty"
"""The setting that says that an address, which may hold a password, was deleted and still stands in the log."""


class Held(NamedTuple):
    """What was fetched last: its validators (RFC 9110, section 8.8), the digest of its bytes, when and how it was read.

    ``read_as`` names the reader and the settings that the reading depended on.
    """

    etag: str | None
    modified: str | None
    digest: str | None
    read_at: int | None
    read_as: str | None


UNREAD = Held(None, None, None, None, None)
"""Nothing: the next sync reads it whole, whatever the server says."""


class Feeds:
    def __init__(self, connection: sqlite3.Connection, news: News) -> None:
        self._db = connection
        self._news = news

    def add(self, user_id: int, url: str, mark: str, now: int, name: str = "") -> Feed:
        """An address to be tried at once."""
        row = self._db.execute(
            "INSERT INTO feeds (user_id, url, host, mark, name, renamed, next_at, asked_at)"
            " VALUES (?1, ?2, ?6, ?3, ?4, ?4 <> '', ?5, ?5) RETURNING *",
            (user_id, url, mark, name, now, host(url)),
        ).fetchone()
        self._news.feeds = True
        return _feed(row)

    def get(self, feed_id: int) -> Feed | None:
        row = self._db.execute("SELECT * FROM feeds WHERE id = ?", (feed_id,)).fetchone()
        return None if row is None else _feed(row)

    def of_user(self, user_id: int) -> list[Feed]:
        """A user's feeds, those that are only being tried too, in the order they were linked."""
        return [_feed(row) for row in self._db.execute("SELECT * FROM feeds WHERE user_id = ? ORDER BY id", (user_id,))]

    def due(
        self,
        now: int,
        limit: int,
        *,
        asked_for: bool = False,
        busy: Collection[str] = (),
        without: Collection[int] = (),
    ) -> list[Feed]:
        """What is to be synced by now, of users that are there to hear of it; what was asked for comes first.

        ``asked_for``: nothing else; and nothing of ``busy`` servers (by their hosts), nor ``without`` these feeds.
        """
        rows = self._db.execute(
            "SELECT feeds.* FROM feeds JOIN users ON users.id = user_id WHERE next_at <= ? AND NOT frozen"
            f" AND NOT elsewhere{' AND asked_at IS NOT NULL' * asked_for}"
            " AND host NOT IN (SELECT value FROM json_each(?)) AND feeds.id NOT IN (SELECT value FROM json_each(?))"
            " ORDER BY asked_at IS NULL, next_at, feeds.id LIMIT ?",
            (now, json.dumps(list(busy)), json.dumps(list(without)), limit),
        )
        return [_feed(row) for row in rows]

    def next_after(self, now: int) -> int | None:
        """When to look again: one becomes due, or the user of one may have come back; ``None``: there are none."""
        row = self._db.execute(
            "SELECT coalesce((SELECT min(next_at) FROM feeds WHERE next_at > ?1), (SELECT max(next_at, ?1 + ?2)"
            " FROM feeds LIMIT 1))",
            (now, MINUTE),
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def sooner(self, ms: int) -> None:
        """Bring the next sync of every feed forward."""
        self._db.execute("UPDATE feeds SET next_at = next_at - ?", (ms,))

    def save(self, feed: Feed) -> None:
        """Write every field of a feed."""
        if self._db.execute("SELECT url FROM feeds WHERE id = ?", (feed.id,)).fetchone()[0] != feed.url:
            self._address_deleted()
        self._db.execute(
            "UPDATE feeds SET url = ?, host = ?, name = ?, renamed = ?, mark = ?, linked_at = ?, leads_s = ?,"
            " alarms = ?, muted = ?, in_plan = ?, tell_days = ?, every_min = ?, next_at = ?, asked_at = ?, ok_at = ?,"
            " failures = ?, outcome = ?, fault = ?, told_at = ? WHERE id = ?",
            (feed.url, host(feed.url), feed.name, feed.renamed, feed.mark, feed.linked_at,
             None if feed.leads_s is None else json.dumps(feed.leads_s), feed.alarms, feed.muted, feed.in_plan,
             feed.tell_days, feed.every_min, feed.next_at, feed.asked_at, feed.ok_at, feed.failures, feed.outcome,
             feed.fault, feed.told_at, feed.id),
        )  # fmt: skip
        self._news.feeds = True

    def drop(self, feed_id: int) -> None:
        """Forget the address. Its events are the caller's to delete before."""
        self._db.execute("DELETE FROM feeds WHERE id = ?", (feed_id,))
        self._address_deleted()

    def _address_deleted(self) -> None:
        self._db.execute("INSERT OR REPLACE INTO settings VALUES (?, '1')", (TO_EMPTY,))

    def held(self, feed_id: int) -> Held:
        """What was fetched last."""
        row = self._db.execute(
            "SELECT etag, modified, digest, read_at, read_as FROM feeds WHERE id = ?", (feed_id,)
        ).fetchone()
        return Held(*row) if row is not None else UNREAD

    def hold(self, feed_id: int, held: Held) -> None:
        """Remember what was fetched."""
        self._db.execute(
            "UPDATE feeds SET etag = ?, modified = ?, digest = ?, read_at = ?, read_as = ? WHERE id = ?",
            (*held, feed_id),
        )


def _feed(row: sqlite3.Row) -> Feed:
    return Feed(
        id=row["id"],
        user_id=row["user_id"],
        url=row["url"],
        name=row["name"],
        renamed=bool(row["renamed"]),
        mark=row["mark"],
        linked_at=row["linked_at"],
        leads_s=None if row["leads_s"] is None else tuple(json.loads(row["leads_s"])),
        alarms=bool(row["alarms"]),
        muted=bool(row["muted"]),
        in_plan=bool(row["in_plan"]),
        tell_days=row["tell_days"],
        every_min=row["every_min"],
        next_at=row["next_at"],
        asked_at=row["asked_at"],
        ok_at=row["ok_at"],
        failures=row["failures"],
        outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
        fault=row["fault"],
        told_at=row["told_at"],
    )
