"""Whether 60 days of the calendar of 20,000 events hold the same occurrences as the libraries find.

Each one counts by its UID, start and end; what overlaps the window is in it, as the libraries have it.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import icalendar
import recurring_ical_events

from bench.product.ics import calendar
from bench.product.ics_libraries import DAYS, EVENTS, today
from bench.product.report import say
from planner.ics.expand import expand

Occurrence = tuple[str, str, str]


def ours(content: bytes, begin: datetime) -> Counter[Occurrence]:
    after, before = (round(at.timestamp()) * 1_000 for at in (begin, begin + timedelta(days=DAYS)))
    found = expand(content, after=after, before=before, zone="UTC", limit=10**6)
    return Counter((one.uid, _said(one.start), _said(one.end)) for one in found)


def theirs(content: bytes, begin: datetime) -> Counter[Occurrence]:
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(content)).between(begin, begin + timedelta(days=DAYS))
    return Counter((str(one["UID"]), _said(one["DTSTART"].dt), _said(one["DTEND"].dt)) for one in found)


def _said(at: int | date) -> str:
    if isinstance(at, int):
        return datetime.fromtimestamp(at / 1_000, UTC).isoformat()
    return (at.astimezone(UTC) if isinstance(at, datetime) else at).isoformat()


def measure() -> dict[str, float]:
    """``missing`` and ``extra`` are to be 0."""
    begin = today()
    content = calendar(EVENTS, begin.date())
    mine, other = ours(content, begin), theirs(content, begin)
    missing, extra = other - mine, mine - other
    return {
        "occurrences": mine.total(),
        "missing": missing.total(),
        "extra": extra.total(),
        "different": missing.total() + extra.total(),
    }


if __name__ == "__main__":
    say("ics_same", measure())
