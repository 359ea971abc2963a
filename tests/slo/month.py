"""A month of a planner's life as it would stand in its database: a bad day, an outage, a dead calendar, alerts.

November 2026 in Berlin, with October before it: 40 reminders a day, three calendars every quarter of an hour.
On the 9th Telegram fails for two hours; on the 17th the planner is down from 02:00 to 05:10; from the 20th on calendar
3 is gone; on the 24th one reminder is late; the two outages raise alerts.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from planner.due import wall
from planner.model import BUCKET_MS, DAY, HOUR, MINUTE, SECOND
from planner.store import Store
from planner.store.counts import Counts

ZONE = "Europe/Berlin"
OCTOBER, NOVEMBER, DECEMBER = (wall(date(2026, month, 1), 0, ZONE) for month in (10, 11, 12))
ALICE = 7
TELEGRAM = range(wall(date(2026, 11, 9), 18 * 60, ZONE), wall(date(2026, 11, 9), 20 * 60, ZONE))
DOWN = range(wall(date(2026, 11, 17), 2 * 60, ZONE), wall(date(2026, 11, 17), 5 * 60 + 10, ZONE))
GONE = range(wall(date(2026, 11, 20), 0, ZONE), DECEMBER)
A_DAY = 40
OF_DAY = [7 * 60 + number * 22 for number in range(A_DAY)]
LATE = wall(date(2026, 11, 24), OF_DAY[14], ZONE)
NIGHTLY = (2 * 60 + 15, 3 * 60 + 5, 4 * 60 + 40)

Row = tuple[object, ...]


def fill(path: Path, begin: int = OCTOBER, end: int = DECEMBER) -> None:
    """Make the database, as it stands at ``end``."""
    Store(path, inline=True).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN")
        db.execute(
            "INSERT INTO users (id, chat_id, name, lang, zone, zone_assumed, leads_s, plans_until, created_at)"
            " VALUES (?1, ?1, 'Alice', 'en', ?2, 0, '[0]', ?3, ?3)",
            (ALICE, ZONE, begin),
        )
        counts = Counts(db)
        for kind in ("event", "plan"):
            rows = list(_reminders(kind, begin, end))
            db.executemany(
                "INSERT INTO reminders (user_id, kind, occurrence_at, due_at, ready_at, expires_at, asked_for, state,"
                " verdict, attempts, claimed_at, sent_at, reason)"
                f" VALUES ({ALICE}, '{kind}', ?1, ?1, ?1, ?1 + {DAY}, 0, ?2, ?3, ?4, ?5, ?6, ?7)",
                rows,
            )
            slo = "plans" if kind == "plan" else "reminders"
            counts.add_many((slo, int(str(row[0])), row[2] == "good") for row in rows)
        db.executemany(
            "INSERT INTO probes (due_at, state, verdict, attempts, claimed_at, sent_at, reason)"
            " VALUES (?1, 'missed', 'bad', 4, ?1, NULL, 'timeout')",
            ((at,) for at in range(max(begin, TELEGRAM.start), min(end, TELEGRAM.stop), 2 * MINUTE + 30 * SECOND)),
        )
        syncs = list(_syncs(begin, end))
        db.executemany(
            "INSERT INTO syncs (feed_id, user_id, started_at, took_ms, outcome, fault)"
            f" VALUES (?, {ALICE}, ?, 80, ?, ?)",
            syncs,
        )
        counts.add_many(("syncs", int(str(row[1])), row[2] == "ok") for row in syncs)
        db.executemany("INSERT INTO counts VALUES (?, ?, ?, ?)", _minutes(begin, end))
        _alerts(db)
        last = end // MINUTE - 1
        db.executemany(
            "INSERT OR REPLACE INTO settings VALUES (?, ?)",
            [("heartbeat", json.dumps([last * MINUTE, [[begin // MINUTE, last]]])), ("feeds looked at", str(last))],
        )
        db.execute("COMMIT")


def _days(begin: int, end: int) -> Iterator[date]:
    day = date(2026, 10, 1)
    while wall(day, 0, ZONE) < end:
        if wall(day, 0, ZONE) >= begin:
            yield day
        day += timedelta(days=1)


def _reminders(kind: str, begin: int, end: int) -> Iterator[Row]:
    for day in _days(begin, end):
        for minute in [*OF_DAY, *NIGHTLY] if kind == "event" else [8 * 60]:
            due = wall(day, minute, ZONE)
            if due in TELEGRAM:
                yield due, "sent", "bad", 9, due + 5 * SECOND, TELEGRAM.stop + 20 * SECOND, "http 502"
            elif due in DOWN:
                yield due, "sent", "bad", 1, DOWN.stop, DOWN.stop + SECOND, None
            elif due == LATE:
                yield due, "sent", "bad", 2, due, due + 95 * SECOND, None
            else:
                yield due, "sent", "good", 1, due, due + SECOND, None


def _syncs(begin: int, end: int) -> Iterator[Row]:
    for at in range(begin, end, 15 * MINUTE):
        for feed in (1, 2, 3):
            if at in DOWN:
                continue
            gone = feed == 3 and at in GONE
            if not gone or at % (6 * HOUR) == 0:
                yield feed, at + feed * SECOND, "http_error" if gone else "ok", "404" if gone else ""


def _minutes(begin: int, end: int) -> Iterator[Row]:
    for at in range(begin, end, BUCKET_MS):
        down, gone = at in DOWN, at - HOUR in GONE
        yield "up", at, 0 if down else 5, 5 if down else 0
        stale = 15 if down and at - HOUR in DOWN else 5 if gone else 0
        yield "feeds", at, 15 - stale, stale
        yield "probes", at, 0 if down or at in TELEGRAM else 2, 2 if down or at in TELEGRAM else 0


def _alerts(db: sqlite3.Connection) -> None:
    fired = TELEGRAM.start + 23 * MINUTE
    raised = [
        ("reminders", "fast", "critical", fired, TELEGRAM.stop + 25 * MINUTE, fired + 4 * MINUTE, fired + 2 * SECOND),
        ("probes", "outage", "critical", fired - 15 * MINUTE, TELEGRAM.stop + 9 * MINUTE, None, None),
        ("up", "fast", "critical", DOWN.stop + 10 * SECOND, DOWN.stop + HOUR, DOWN.stop + 3 * HOUR, DOWN.stop + 12_000),
        ("syncs", "slow", "warning", GONE.start + 9 * HOUR, None, None, GONE.start + 9 * HOUR + 3 * SECOND),
    ]
    for slo, tier, severity, at, resolved, acknowledged, delivered in raised:
        row = db.execute(
            "INSERT INTO alerts (slo, tier, severity, state, pending_at, held_at, fired_at, resolved_at,"
            " acknowledged_at, acknowledged_by) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5, ?6, ?7, ?8) RETURNING id",
            (slo, tier, severity, "resolved" if resolved else "firing", at, resolved, acknowledged, ALICE),
        ).fetchone()
        db.execute(
            "INSERT INTO alert_messages (alert_id, user_id, what, state, owed_at, ready_at, delivered_at)"
            " VALUES (?, ?, 'firing', ?, ?, ?, ?)",
            (row[0], ALICE, "delivered" if delivered else "dropped", at, at, delivered),
        )
