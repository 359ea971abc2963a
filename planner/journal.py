r"""The life of every reminder in the log: what a transaction did to which, told once that is on disk.

Whoever looks for a reminder finds each line about it by its number: ``reminder`` holds one, or several with spaces
between, so that ``grep -P 'reminder"?[:=] ?"?([0-9]+ )*12\b'`` finds number 12. Where a transaction changed more of
them than are listed, one line has their ``count``, and ``first`` and ``last``, between which their numbers lie.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import NamedTuple

from planner.hindrances import Hindrances
from planner.model import ON_TIME, SECOND
from planner.store.news import Life, News, What, numbers
from planner.telemetry.tracing import within

log = logging.getLogger(__name__)

LISTED = 20
"""So many numbers stand in a line."""
TOLD_MAX = 100
"""More of a kind than this, in one transaction, share one line."""


class Tell(NamedTuple):
    """How something is told: the event's name, and what the host does about it."""

    event: str
    level: int = logging.INFO
    do: str = ""


LATE = Tell("reminder.late", logging.ERROR, "look for this number in the log: what kept it stands there")
ARRIVALS = {What.SENT, What.ARRIVED}
TELLS: Mapping[What, Tell] = {
    What.SET: Tell("reminder.set"),
    What.POSTPONED: Tell("reminder.postponed"),
    What.RETRIED: Tell("reminder.retried", logging.WARNING),
    What.RECLAIMED: Tell("reminder.reclaimed", logging.WARNING),
    What.OVERDUE: Tell("reminder.overdue", logging.WARNING),
    What.UNWANTED: Tell("reminder.unwanted"),
    What.SENT: Tell("reminder.sent"),
    What.ARRIVED: Tell("reminder.arrived"),
    What.CANCELLED: Tell("reminder.cancelled"),
    What.MISSED: Tell(
        "reminder.missed", logging.ERROR, "see what kept the planner from running, or from reaching Telegram"
    ),
    What.FAILED: Tell("reminder.failed", logging.ERROR, "Telegram never takes this message: report its cause as a bug"),
    What.UNDELIVERABLE: Tell("reminder.undeliverable", logging.WARNING),
}


def changed(news: News, hindrances: Hindrances | None = None) -> None:
    """Listens to the store. ``hindrances``: what is known to have kept the planner."""
    hindrances = hindrances or Hindrances()
    told: dict[Tell, list[Life]] = {}
    for life in news.lives:
        told.setdefault(_tell(life), []).append(life)
    for tell, lives in told.items():
        if not log.isEnabledFor(tell.level):
            continue
        if len(lives) > TOLD_MAX:
            _say(tell, lives[0], _summed_up(lives))
            continue
        for _, alike in groupby(lives, _kin):
            group = list(alike)
            for start in range(0, len(group), LISTED):
                _say(tell, group[start], _listed(group[start : start + LISTED], hindrances))


def _tell(life: Life) -> Tell:
    late = life.what in ARRIVALS and life.lateness_ms > ON_TIME
    return LATE if late else TELLS[life.what]


def _kin(life: Life) -> tuple[object, ...]:
    """What shares a line; a sending has figures of its own."""
    own = life.reminder if life.what in ARRIVALS else None
    return life.user, life.event, life.kind, life.cause, own


def _listed(lives: Sequence[Life], hindrances: Hindrances) -> dict[str, object]:
    first = lives[0]
    fields: dict[str, object] = {
        "reminder": numbers([life.reminder for life in lives]),
        "user": first.user,
        "kind": first.kind,
    }
    if first.event is not None:
        fields["event_id"] = first.event
    fields["due_at"] = _instant(first.due_at)
    if first.what in ARRIVALS:
        fields["lateness_ms"], fields["attempts"] = first.lateness_ms, first.attempts
    if cause := _cause(first, hindrances):
        fields["cause"] = cause
    if first.until is not None:
        fields["until"] = _instant(first.until)
    return fields


def _cause(life: Life, hindrances: Hindrances) -> str:
    """Where nobody noted why: whether a late one was begun late, and what is known to have kept the planner then."""
    if life.cause or life.what not in ARRIVALS or life.lateness_ms <= ON_TIME:
        return life.cause
    if life.claimed_ms <= life.lateness_ms - life.claimed_ms:
        return "answered late"
    kept = hindrances.between(life.due_at, life.due_at + life.claimed_ms)
    return f"begun late: {kept}" if kept else "begun late"


def _summed_up(lives: Sequence[Life]) -> dict[str, object]:
    ids = [life.reminder for life in lives]
    users = {life.user for life in lives}
    whose = {"user": users.pop()} if len(users) == 1 else {"users": len(users)}
    return {
        "count": len(lives),
        "first": min(ids),
        "last": max(ids),
        **whose,
        "due_at": _instant(min(life.due_at for life in lives)),
    }


def _instant(ms: int) -> str:
    return datetime.fromtimestamp(ms / SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _say(tell: Tell, first: Life, fields: dict[str, object]) -> None:
    if tell.do:
        fields["do"] = tell.do
    with within(first.span):
        log.log(tell.level, tell.event, extra=fields)
