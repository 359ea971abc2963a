"""icalendar and recurring-ical-events on the same calendar: parsed, and 60 days expanded; nothing is stored."""

from __future__ import annotations

import resource
import time
from datetime import UTC, datetime, timedelta

import icalendar
import recurring_ical_events

from bench.product.ics import calendar
from bench.product.report import rss_mb, say

EVENTS = 20_000
DAYS = 60


def today() -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def measure() -> dict[str, float]:
    begin = today()
    content = calendar(EVENTS, begin.date())
    held = rss_mb()
    began = time.process_time()
    parsed = icalendar.Calendar.from_ical(content)
    read = time.process_time()
    found = recurring_ical_events.of(parsed).between(begin, begin + timedelta(days=DAYS))
    ended = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    return {
        "cpu_s": ended - began,
        "parse_s": read - began,
        "expand_s": ended - read,
        "peak_mb": peak - held,
        "occurrences": len(found),
    }


if __name__ == "__main__":
    say("ics_libraries", measure())
