"""From a time on one day to a time on another."""

from __future__ import annotations

from datetime import date
from typing import Any

from planner.when.values import MINUTE, Bad, Clock, Date, Lasting, Length, MonthDay, Offset, Weekday

COMMON_YEAR = 2027
"""Any year without a 29 February."""


def stretch(first: Date, start: Clock | Bad, final: Date, end: Clock | Bad) -> tuple[Any, ...] | None:
    """From a time on one day to a time on another; the days must be of one kind, the times not to be mistaken."""
    if not isinstance(start, Clock) or not isinstance(end, Clock) or start.half != "24" or end.half != "24":
        return None
    days_between = _days_between(first, final)
    if days_between is None:
        return None
    minutes = days_between * 1_440 + (end.hour - start.hour) * 60 + end.minute - start.minute
    return (first, start, Lasting(Length(0, 0, minutes * MINUTE))) if minutes > 0 else None


def _days_between(first: Date, final: Date) -> int | None:
    if isinstance(first, Weekday) and isinstance(final, Weekday):
        return (final.day - first.day) % 7
    if isinstance(first, Offset) and isinstance(final, Offset):
        return final.days - first.days
    if not isinstance(first, MonthDay) or not isinstance(final, MonthDay) or not first.month or not final.month:
        return None
    if first.month == 2 and final.month != 2:
        # It depends on the year.
        return None
    year = first.year or COMMON_YEAR
    begins, ends = date(year, first.month, first.day), date(final.year or year, final.month, final.day)
    return (ends if ends >= begins else ends.replace(year=year + 1)).toordinal() - begins.toordinal()
