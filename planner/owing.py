"""What an event owes: its occurrences within the horizon, and when each one's reminders are due. Pure.

Wherever an event is stored, this is asked first; for a calendar of thousands apart from the event loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from planner import due, recur
from planner.model import DAY, SECOND, Event, Quiet

OCCURRENCES_MAX = 2_000
"""Occurrences of one event within the horizon; what a rule gives beyond that is not reminded."""
AT_ONCE = 40_000
"""Reminders that one transaction owes, about; nobody else can write meanwhile."""
SOON_MS = DAY
"""So far ahead is looked for what is beyond those; what comes later is owed within minutes, in pieces."""
SEEN_BACK_MS = 2 * DAY
"""Occurrences are kept this long after their start, so that all of today can be shown."""


class Ahead(NamedTuple):
    """Starts (UTC ms) of an event whose reminders exist below ``until``; ``None``: for good."""

    event: Event
    starts: Sequence[int]
    until: int | None


class Owner(NamedTuple):
    """What of its owner an event's reminders depend on."""

    zone: str
    leads_s: tuple[int, ...]
    quiet: Quiet | None


def leads_of(event: Event, owner: Owner) -> tuple[int, ...]:
    return owner.leads_s if event.leads_s is None else event.leads_s


def longest_lead_ms(event: Event, owner: Owner) -> int:
    """So far before an occurrence its first reminder may be due, and so far ahead it has to be looked for."""
    return max(leads_of(event, owner), default=0) * SECOND


def ahead(event: Event, owner: Owner, now: int, set_at: int, horizon_ms: int = due.HORIZON_MS) -> Ahead:
    """An event's start, or a recurring one's up to the horizon and at least the next; and where its reminders end."""
    if event.rrule is None:
        return Ahead(event, (event.start_at,), None)
    zone, lead, until = event.zone or owner.zone, longest_lead_ms(event, owner), now + horizon_ms
    starts = recur.starts(event, zone, after=set_at - SEEN_BACK_MS, before=until + lead, limit=OCCURRENCES_MAX)
    if starts and starts[-1] >= set_at:
        return Ahead(event, starts, until)
    following = recur.next_start(event, zone, until + lead)
    if following is None:
        return Ahead(event, starts, None)
    return Ahead(event, [*starts, following], following + 1 - lead)


@dataclass(slots=True)
class Room:
    """How many more reminders a transaction may owe."""

    left: int = AT_ONCE

    def ahead(self, event: Event, owner: Owner, now: int, set_at: int) -> Ahead:
        """As :func:`ahead`, and once there is no room left only what comes soon."""
        found = ahead(event, owner, now, set_at, due.HORIZON_MS if self.left > 0 else SOON_MS)
        self.left -= len(found.starts) * len(leads_of(event, owner))
        return found


def dues(event: Event, owner: Owner, start: int, set_at: int, *, reminded: bool = False) -> Iterable[int]:
    """When the reminders of one occurrence are due; see :func:`planner.due.event_reminders`."""
    if event.instant:
        return (start,) if start >= set_at else ()
    anchor = due.anchor_of(start, event.zone or owner.zone, all_day=event.all_day)
    return due.event_reminders(anchor, leads_of(event, owner), set_at=set_at, quiet=owner.quiet, zone=owner.zone,
                               reminded=reminded)  # fmt: skip
