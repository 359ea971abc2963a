"""Alerts: a row each, from the moment its rule held until it no longer does, and kept: the audit trail."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from planner.slo.alerts import Alert, State
from planner.slo.objectives import Severity
from planner.store import bad_events
from planner.store.bad_events import BadEvent

Facts = Mapping[str, object]
"""What was so when it fired, for whoever reads of it later."""


class Raised(NamedTuple):
    """An alert as it is kept. ``slo`` and ``tier`` say which rule it is of; ``acknowledged_at`` in UTC ms."""

    id: int
    slo: str
    tier: str
    severity: Severity
    alert: Alert
    acknowledged_at: int | None
    acknowledged_by: int | None
    facts: Facts

    @property
    def rule_id(self) -> str:
        """As ``planner.slo.alerts.Rule`` has it."""
        return f"{self.slo}/{self.tier}"


class Mute(NamedTuple):
    """Nobody is told of this rule's alerts ``until`` (UTC ms)."""

    slo: str
    tier: str
    until: int
    by: int


class Alerts:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def get(self, alert_id: int) -> Raised | None:
        return next(iter(self._raised("WHERE id = ?", alert_id)), None)

    def open(self) -> list[Raised]:
        """Those that are pending or firing, in the order they began."""
        found = self._raised("WHERE state IN ('pending', 'firing')")
        return sorted(found, key=lambda one: one.id)  # asked to, SQLite would read all that there ever were

    def firing(self) -> list[Raised]:
        """In the order they began."""
        return [one for one in self.open() if one.alert.state is State.FIRING]

    def recent(self, limit: int) -> list[Raised]:
        """The last that fired, whatever they are now, the latest first."""
        return self._raised("WHERE fired_at IS NOT NULL ORDER BY fired_at DESC, id DESC LIMIT ?", limit)

    def add(self, slo: str, tier: str, severity: Severity, alert: Alert, facts: Facts) -> int:
        """One more, by its number. There is one open alert a rule at most."""
        row = self._db.execute(
            "INSERT INTO alerts (slo, tier, severity, state, pending_at, held_at, fired_at, resolved_at, facts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (slo, tier, severity, *_columns(alert), json.dumps(facts)),
        ).fetchone()
        return int(row[0])

    def save(self, alert_id: int, alert: Alert, facts: Facts | None = None) -> None:
        """What became of it; without ``facts`` those from before stay."""
        self._db.execute(
            "UPDATE alerts SET state = ?, pending_at = ?, held_at = ?, fired_at = ?, resolved_at = ?,"
            " facts = coalesce(?, facts) WHERE id = ?",
            (*_columns(alert), None if facts is None else json.dumps(facts), alert_id),
        )

    def acknowledge(self, alert_id: int, user_id: int, now: int) -> bool:
        """Somebody looks after it; whether nobody had said so before."""
        done = self._db.execute(
            "UPDATE alerts SET acknowledged_at = ?, acknowledged_by = ? WHERE id = ? AND acknowledged_at IS NULL",
            (now, user_id, alert_id),
        )
        return done.rowcount == 1

    def mute(self, alert_id: int, user_id: int, until: int) -> None:
        """Nobody is told of alerts of the same rule before ``until`` (UTC ms); of one that lasts they are then."""
        self._db.execute(
            "INSERT OR REPLACE INTO alert_mutes (slo, tier, until, muted_by)"
            " SELECT slo, tier, ?, ? FROM alerts WHERE id = ?",
            (until, user_id, alert_id),
        )

    def unmute(self, alert_id: int) -> None:
        self._db.execute(
            "DELETE FROM alert_mutes WHERE (slo, tier) IN (SELECT slo, tier FROM alerts WHERE id = ?)", (alert_id,)
        )

    def muted(self, slo: str, tier: str, now: int) -> Mute | None:
        """Whether a rule is muted at ``now``, until when and by whom."""
        row = self._db.execute(
            "SELECT slo, tier, until, muted_by FROM alert_mutes WHERE slo = ? AND tier = ? AND until > ?",
            (slo, tier, now),
        ).fetchone()
        return None if row is None else Mute(*row)

    def bad_events(self, counts: str, since: int, limit: int) -> list[BadEvent]:
        """The last of what broke a promise, since an instant (UTC ms); ``counts`` is the promise's own."""
        return bad_events.bad_events(self._db, counts, since, limit)

    def broken_since(self, slos: Iterable[str], since: int) -> set[str]:
        """Of which of these counts anything was bad that came due in a bucket since then."""
        query = "SELECT 1 FROM counts WHERE slo = ? AND bucket_at >= ? AND bad > 0 LIMIT 1"
        return {slo for slo in slos if self._db.execute(query, (slo, since)).fetchone() is not None}

    def _raised(self, which: str, *parameters: int) -> list[Raised]:
        return [_raised(row) for row in self._db.execute(f"SELECT * FROM alerts {which}", parameters)]


def _columns(alert: Alert) -> tuple[str, int, int, int | None, int | None]:
    return (str(alert.state), alert.pending_at, alert.held_at, alert.fired_at, alert.resolved_at)


def _raised(row: sqlite3.Row) -> Raised:
    alert = Alert(State(row["state"]), row["pending_at"], row["held_at"], row["fired_at"], row["resolved_at"])
    return Raised(
        row["id"],
        row["slo"],
        row["tier"],
        Severity(row["severity"]),
        alert,
        row["acknowledged_at"],
        row["acknowledged_by"],
        json.loads(row["facts"]),
    )
