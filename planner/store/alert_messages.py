"""Who was to be told of which alert, and what became of it: a row each, whether anything was sent or not."""

from __future__ import annotations

import sqlite3
from enum import StrEnum
from typing import NamedTuple

from planner.store.totals import Totals


class What(StrEnum):
    """What is told of an alert."""

    FIRING = "firing"
    RESOLVED = "resolved"


class Fate(StrEnum):
    """What became of a message. ``OWED``: on its way, and so for as long as Telegram does not answer."""

    WAITING = "waiting"
    OWED = "owed"
    DELIVERED = "delivered"
    DROPPED = "dropped"


class AlertMessage(NamedTuple):
    """Instants in UTC ms: decided at ``owed_at``, not sent before ``ready_at``, accepted at ``delivered_at``.

    ``cause``: what it waits for, or why it was not sent. ``answer_id``: among the answers, until that is settled.
    """

    alert_id: int
    user_id: int
    what: What
    state: Fate
    owed_at: int
    ready_at: int
    answer_id: int | None
    delivered_at: int | None
    cause: str


def total_name(fate: Fate) -> str:
    """What the number of messages that came to this is called among the totals."""
    return f"alert/messages/{fate}"


class AlertMessages:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def of(self, alert_id: int) -> list[AlertMessage]:
        """All of an alert's, as they were decided."""
        return self._read("WHERE alert_id = ? ORDER BY owed_at, what, user_id", alert_id)

    def ready(self, now: int) -> list[AlertMessage]:
        """Those that have waited long enough."""
        return self._read("WHERE state = 'waiting' AND ready_at <= ? ORDER BY ready_at, alert_id, user_id", now)

    def waiting_ends(self, slo: str, tier: str) -> list[AlertMessage]:
        """Ends of a rule's earlier alerts that are not told yet."""
        its = "EXISTS (SELECT 1 FROM alerts WHERE id = alert_id AND slo = ? AND tier = ?)"
        return self._read(f"WHERE state = 'waiting' AND what = 'resolved' AND {its} ORDER BY alert_id", slo, tier)

    def owed_ones(self) -> list[AlertMessage]:
        """Those that are among the answers, unsent as far as anybody knows."""
        return self._read("WHERE answer_id IS NOT NULL AND state = ? ORDER BY owed_at, alert_id, user_id", Fate.OWED)

    def wait(self, alert_id: int, user_id: int, what: What, now: int) -> AlertMessage:
        """One more to be told."""
        self._db.execute(
            "INSERT INTO alert_messages (alert_id, user_id, what, state, owed_at, ready_at)"
            " VALUES (?1, ?2, ?3, 'waiting', ?4, ?4)",
            (alert_id, user_id, what, now),
        )
        return AlertMessage(alert_id, user_id, what, Fate.WAITING, now, now, None, None, "")

    def postpone(self, one: AlertMessage, ready_at: int, cause: str) -> None:
        """It waits until ``ready_at``; ``cause`` says for what."""
        self._change(one, "ready_at = ?, cause = ?", ready_at, cause)

    def take_back(self, one: AlertMessage, cause: str) -> None:
        """It waits again; ``cause`` says what kept it. If its answer, on its way by now, arrives, it was told."""
        self._change(one, "state = 'waiting', cause = ?", cause)

    def alone(self, answer_id: int) -> bool:
        """Whether an answer tells of one alert only."""
        row = self._db.execute("SELECT count(*) FROM alert_messages WHERE answer_id = ?", (answer_id,)).fetchone()
        return int(row[0]) == 1

    def owed(self, one: AlertMessage, answer_id: int) -> None:
        """It is among the answers now."""
        self._change(one, "state = 'owed', cause = '', answer_id = ?", answer_id)

    def drop(self, one: AlertMessage, cause: str) -> None:
        """It is not sent."""
        self._change(one, "state = 'dropped', cause = ?, answer_id = NULL", cause)
        self._count(Fate.DROPPED)

    def delivered(self, answer_id: int, at: int) -> None:
        """If this answer told of alerts: Telegram has accepted it."""
        self._settled(Fate.DELIVERED, answer_id, at, "")

    def failed(self, answer_id: int, cause: str) -> None:
        """If this answer told of alerts: Telegram does not take it, and it is not sent again."""
        self._settled(Fate.DROPPED, answer_id, None, cause)

    def moved(self, answer_id: int, anew: int) -> None:
        """Another answer is sent in this one's place."""
        self._db.execute("UPDATE alert_messages SET answer_id = ? WHERE answer_id = ?", (anew, answer_id))

    def _settled(self, fate: Fate, answer_id: int, at: int | None, cause: str) -> None:
        done = self._db.execute(
            "UPDATE alert_messages SET state = ?, delivered_at = ?, cause = ?, answer_id = NULL WHERE answer_id = ?",
            (fate, at, cause, answer_id),
        )
        if done.rowcount:
            self._count(fate, done.rowcount)

    def _count(self, fate: Fate, times: int = 1) -> None:
        Totals(self._db).add({total_name(fate): times})

    def _change(self, one: AlertMessage, what: str, *values: int | str) -> None:
        self._db.execute(
            f"UPDATE alert_messages SET {what} WHERE alert_id = ? AND user_id = ? AND what = ?",
            (*values, one.alert_id, one.user_id, one.what),
        )

    def _read(self, which: str, *values: int | str) -> list[AlertMessage]:
        rows = self._db.execute(f"SELECT {', '.join(AlertMessage._fields)} FROM alert_messages {which}", values)
        return [AlertMessage(*row)._replace(what=What(row["what"]), state=Fate(row["state"])) for row in rows]
