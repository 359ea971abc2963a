"""What must hold in the database at any moment, whatever was said: written down without the code that keeps it."""

from __future__ import annotations

from dataclasses import dataclass

from planner import due, recur
from planner.model import DAY, MINUTE, SECOND, Event, User
from planner.service import SEEN_BACK_MS, zone_of
from planner.store import Tx
from planner.store.events import event as event_of
from planner.store.users import user as user_of

AHEAD_MS = 6 * DAY
"""Reminders exist at least so far ahead."""
OUGHT = ("pending", "sending", "sent", "missed", "failed", "undeliverable")

Pending = set[tuple[int, int, int, str]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that one's changes may touch: rows of events by id, and what is owed of them."""

    events: dict[int, dict[str, object]]
    pending: Pending

    def alive(self) -> dict[int, dict[str, object]]:
        return {key: row for key, row in self.events.items() if row["deleted_at"] is None}


def snapshot(tx: Tx, user_id: int) -> Snapshot:
    events = {
        int(row["id"]): {name: row[name] for name in row.keys() if name not in ("set_at", "set_until")}  # noqa: SIM118
        for row in tx._db.execute("SELECT * FROM events WHERE user_id = ?", (user_id,))
    }
    rows = tx._db.execute(
        "SELECT event_id, occurrence_at, due_at, kind FROM reminders WHERE user_id = ? AND state = 'pending'"
        " AND kind <> 'plan' AND nagged = 0",
        (user_id,),
    )
    return Snapshot(events, {(row[0], row[1], row[2], row[3]) for row in rows})


def counts(tx: Tx) -> dict[tuple[str, str], int]:
    rows = tx._db.execute("SELECT slo, sum(good), sum(bad) FROM counts GROUP BY slo")
    return {(row[0], name): value for row in rows for name, value in (("good", row[1]), ("bad", row[2]))}


def check(tx: Tx, now: int) -> None:
    """Raises ``AssertionError`` where reminders or occurrences are not what events, settings and rules give."""
    db = tx._db
    users = {row["id"]: user_of(row) for row in db.execute("SELECT * FROM users")}
    strays = db.execute(
        "SELECT reminders.* FROM reminders JOIN events ON events.id = event_id WHERE state = 'pending'"
        " AND (deleted_at IS NOT NULL OR events.user_id <> reminders.user_id)"
    ).fetchall()
    assert not strays, [tuple(row) for row in strays]
    for row in db.execute("SELECT * FROM events").fetchall():
        event, user = event_of(row), users[row["user_id"]]
        if row["deleted_at"] is None:
            if event.rrule is not None or event.start_at > now:  # what is over stays where it was in another zone
                _check_start(event, user)
            _check_reminders(tx, event, user, now)
        _check_occurrences(tx, event, user, now, deleted=row["deleted_at"] is not None)


def _check_start(event: Event, user: User) -> None:
    zone = zone_of(event, user)
    if not event.instant:
        assert event.start_at == recur.local_instant(event.start_local, zone), event
    assert event.duration_s >= 0, event
    if event.rrule is not None:
        assert recur.check(event.rrule) is None, event
    assert list(event.excluded) == sorted(set(event.excluded)), event


def _starts(event: Event, user: User, after: int, before: int) -> list[int]:
    if event.rrule is None:
        return [event.start_at] if after <= event.start_at < before else []
    return recur.starts(event, zone_of(event, user), after=after, before=before, limit=100_000)


def _check_reminders(tx: Tx, event: Event, user: User, now: int) -> None:
    rows = tx._db.execute("SELECT * FROM reminders WHERE event_id = ?", (event.id,)).fetchall()
    leads = user.leads_s if event.leads_s is None else event.leads_s
    ahead = max(leads, default=0) * SECOND
    done = {row["occurrence_at"] for row in rows if row["done_at"] is not None}
    owed: dict[int, set[int]] = {}
    for row in rows:
        if row["state"] == "pending" and row["kind"] == "event":
            assert recur.happens(event, zone_of(event, user), row["occurrence_at"]), (event, tuple(row))
            if row["due_at"] > now:
                owed.setdefault(row["occurrence_at"], set()).add(row["due_at"])
    for start in _starts(event, user, now - DAY, now + AHEAD_MS + ahead):
        must, may = _dues(event, user, start, leads, now)
        found = owed.pop(start, set())
        if start in done:
            continue
        within = {at for at in must if at < now + AHEAD_MS}
        assert within <= found <= must | may, (event, user, start, within, found, may)
        stands = any(row["occurrence_at"] == start and row["state"] in OUGHT for row in rows)
        if leads and now + MINUTE < start < now + AHEAD_MS and not event.all_day:
            assert stands, ("nothing is owed", event, user, start)
    for start, dues in owed.items():
        must, may = _dues(event, user, start, leads, now)
        assert dues <= must | may, (event, user, start, dues, must, may)


def _dues(event: Event, user: User, start: int, leads: tuple[int, ...], now: int) -> tuple[set[int], set[int]]:
    """When an occurrence must and may be reminded after ``now``."""
    if event.instant:
        return ({start} if start > now else set()), set()
    anchor = due.anchor_of(start, zone_of(event, user), all_day=event.all_day)
    must = {due._out_of_quiet(anchor - lead * SECOND, anchor, user.quiet, user.zone) for lead in leads}
    may = {anchor, due._out_of_quiet(anchor, anchor, user.quiet, user.zone)}
    return {at for at in must if at > now}, {at for at in may if at > now and leads}


def _check_occurrences(tx: Tx, event: Event, user: User, now: int, *, deleted: bool) -> None:
    rows = tx._db.execute("SELECT * FROM occurrences WHERE event_id = ?", (event.id,)).fetchall()
    assert all(row["user_id"] == event.user_id for row in rows)
    if deleted or event.rrule is None:
        assert not rows, (event, len(rows))
        return
    first, last = now - SEEN_BACK_MS, now + AHEAD_MS
    kept = sorted(row["start_at"] for row in rows if first <= row["start_at"] < last)
    assert kept == _starts(event, user, first, last), (event, kept, _starts(event, user, first, last))
