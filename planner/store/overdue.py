"""What is overdue and has no verdict yet, by the bucket it was due in: every reading counts it as bad."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from planner.due import ANSWER_WITHIN_MS
from planner.model import ON_TIME

_UNJUDGED = (
    "SELECT due_at - due_at % :bucket, count(*) FROM reminders WHERE verdict IS NULL AND unwanted_at IS NULL"
    " AND due_at < :now - :within AND kind {kinds} GROUP BY 1"
)
_UNWANTED = (
    "SELECT due_at - due_at % :bucket, count(*) FROM reminders WHERE state = 'sending' AND verdict IS NULL"
    " AND unwanted_at > due_at + :within AND due_at < :now - :within AND kind {kinds} GROUP BY 1"
)
"""Cancelled in flight when it was overdue already: its verdict can only be bad. Before that it may yet be excluded."""
_UNANSWERED = (
    "SELECT asked_at - asked_at % :bucket, count(*) FROM updates WHERE verdict IS NULL"
    " AND asked_at < :now - :within GROUP BY 1"
)
_UNPROBED = (
    "SELECT due_at - due_at % :bucket, count(*) FROM probes WHERE verdict IS NULL"
    " AND due_at < :now - :within GROUP BY 1"
)


class Waits(NamedTuple):
    """What waits for its verdict, and how long after it was due it is bad without one."""

    queries: tuple[str, ...]
    within_ms: int


WAITS: Mapping[str, Waits] = {
    "reminders": Waits(tuple(query.format(kinds="<> 'plan'") for query in (_UNJUDGED, _UNWANTED)), ON_TIME),
    "plans": Waits(tuple(query.format(kinds="= 'plan'") for query in (_UNJUDGED, _UNWANTED)), ON_TIME),
    "chat": Waits((_UNANSWERED,), ANSWER_WITHIN_MS),
    "probes": Waits((_UNPROBED,), ON_TIME),
}
"""By the SLO's name. Of the others nothing waits: they are counted at once, or by the minute."""


def overdue(connection: sqlite3.Connection, slo: str, now: int, bucket_ms: int) -> list[tuple[int, int]]:
    """How many there are at ``now`` (UTC ms) in each bucket that has any."""
    waits = WAITS.get(slo)
    if waits is None:
        return []
    given = {"now": now, "within": waits.within_ms, "bucket": bucket_ms}
    return [(row[0], row[1]) for query in waits.queries for row in connection.execute(query, given)]
