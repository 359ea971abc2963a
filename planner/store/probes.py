"""Probes: synthetic reminders to nobody, rows like the real ones, which they never meet; the SLO ``probes``.

Every change of one that waits is news for the scheduler.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from planner.model import ON_TIME
from planner.store.counts import Counts
from planner.store.news import News

SLO = "probes"


class Probe(NamedTuple):
    """One that is claimed; ``due_at`` in UTC ms."""

    id: int
    due_at: int
    attempts: int


class Probes:
    def __init__(self, connection: sqlite3.Connection, counts: Counts, news: News) -> None:
        self._db = connection
        self._counts = counts
        self._news = news

    def plan(self, now: int, every_ms: int) -> int:
        """Owe the next one, if none is owed that is still to come; returns when it is due, UTC ms.

        What a clock that was ahead has left far in the future is dropped.
        """
        for row in self._db.execute(
            "DELETE FROM probes WHERE state = 'pending' AND verdict IS NULL AND due_at > ? RETURNING id",
            (now + every_ms,),
        ).fetchall():
            self._news.probes[row[0]] = None
        coming = "SELECT min(due_at) FROM probes WHERE verdict IS NULL AND due_at > ?"
        due_at = self._db.execute(coming, (now,)).fetchone()[0]
        if due_at is not None:
            return int(due_at)
        due_at = now + every_ms
        row = self._db.execute("INSERT INTO probes (due_at) VALUES (?) RETURNING id", (due_at,)).fetchone()
        self._news.probes[row[0]] = due_at
        return due_at

    def unmade(self, dues: Iterable[int], reason: str) -> None:
        """These were to be, and could not be stored in time."""
        given = [(due_at, reason) for due_at in dues]
        self._db.executemany(
            "INSERT INTO probes (due_at, state, verdict, reason) VALUES (?, 'missed', 'bad', ?)", given
        )
        self._counts.add_many((SLO, due_at, False) for due_at, _ in given)

    def waiting(self) -> dict[int, int]:
        """Those that are yet to be sent, and when they are due (UTC ms)."""
        rows = self._db.execute("SELECT id, due_at FROM probes WHERE verdict IS NULL AND state = 'pending'")
        return {row[0]: row[1] for row in rows}

    def claim(self, ids: Iterable[int], now: int) -> list[Probe]:
        """Say, before the request leaves, that these are being sent: those of ``ids`` that still wait."""
        query = (
            "UPDATE probes SET state = 'sending', claimed_at = ?, attempts = attempts + 1"
            " WHERE id = ? AND state = 'pending' AND verdict IS NULL RETURNING id, due_at, attempts"
        )
        return [Probe(*row) for one in ids for row in self._db.execute(query, (now, one)).fetchall()]

    def sent(self, probe_id: int, sent_at: int) -> None:
        """Telegram's answer came at ``sent_at``: settle, and give the verdict where none is given."""
        row = self._db.execute(
            "UPDATE probes SET state = 'sent', sent_at = ?1, reason = NULL WHERE id = ?2 AND state = 'sending'"
            " RETURNING due_at, verdict",
            (sent_at, probe_id),
        ).fetchone()
        if row is not None and row["verdict"] is None:
            self._judge([(probe_id, row["due_at"])], good=abs(sent_at - row["due_at"]) <= ON_TIME)

    def retry(self, probe_id: int, ready_at: int, reason: str) -> None:
        """No answer: it is tried again at ``ready_at``, while that may still be on time."""
        row = self._db.execute(
            "UPDATE probes SET state = iif(verdict IS NULL, 'pending', 'missed'), reason = ?"
            " WHERE id = ? AND state = 'sending' RETURNING due_at, verdict",
            (reason, probe_id),
        ).fetchone()
        if row is not None and row["verdict"] is None and ready_at <= row["due_at"] + ON_TIME:
            self._news.probes[probe_id] = ready_at

    def held(self, ids: Iterable[int], reason: str) -> None:
        """They are due, and nothing may leave: ``reason`` says why, should they never be tried."""
        query = "UPDATE probes SET reason = ? WHERE id = ? AND state = 'pending' AND verdict IS NULL"
        self._db.executemany(query, ((reason, one) for one in ids))

    def reclaim(self, now: int) -> None:
        """At start: what a crash left in flight waits again; its verdict stays, if it was given.

        What came due before has the start for its reason, unless something else had kept it already.
        """
        self._db.execute(
            "UPDATE probes SET reason = coalesce(reason, 'the planner was down')"
            " WHERE verdict IS NULL AND state = 'pending' AND due_at <= ?",
            (now,),
        )
        self._db.execute("UPDATE probes SET state = iif(verdict IS NULL, 'pending', 'missed') WHERE state = 'sending'")

    def overdue(self, now: int) -> bool:
        """Whether anything waits for the verdict ``bad``."""
        row = self._db.execute("SELECT min(due_at) FROM probes WHERE verdict IS NULL").fetchone()
        return row[0] is not None and row[0] < now - ON_TIME

    def judge_overdue(self, now: int, limit: int) -> int:
        """Give the verdict ``bad`` to what was due over a minute ago and has none; returns how many.

        It is not tried any more: the next one tells the same of a later time. One in flight may still be answered.
        """
        rows = self._db.execute(
            "SELECT id, due_at FROM probes WHERE verdict IS NULL AND due_at < ? LIMIT ?", (now - ON_TIME, limit)
        ).fetchall()
        self._judge([(row["id"], row["due_at"]) for row in rows], good=False)
        ids = ((row["id"],) for row in rows)
        self._db.executemany("UPDATE probes SET state = 'missed' WHERE id = ? AND state = 'pending'", ids)
        self._news.probes.update((row["id"], None) for row in rows)
        return len(rows)

    def forget(self, good_before: int, bad_before: int) -> None:
        """Drop those that are judged and were due before these instants; their counts stay."""
        self._db.execute(
            "DELETE FROM probes WHERE verdict = 'good' AND due_at < ? OR verdict = 'bad' AND due_at < ?",
            (good_before, bad_before),
        )

    def _judge(self, probes: list[tuple[int, int]], *, good: bool) -> None:
        verdict = "good" if good else "bad"
        self._db.executemany("UPDATE probes SET verdict = ? WHERE id = ?", ((verdict, one) for one, _ in probes))
        self._counts.add_many((SLO, due_at, good) for _, due_at in probes)
