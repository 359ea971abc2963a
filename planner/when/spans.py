"""Whole ranges of days: a week, a month, from one day to another."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from planner.when.days import find, first_day, monday, weekend
from planner.when.values import Date, Days, Edge, InWeek, MonthDay, Offset, Vague

SATURDAY, SUNDAY = 5, 6


def days_of(said: Date | Days, today: date) -> tuple[date, date] | None:
    """The first and the last day of what was said; ``None`` when there is no such day. What is past stays past."""
    if isinstance(said, Days):
        return _from_to(said, today)
    if isinstance(said, InWeek) and said.day is None:
        start = monday(today, said.weeks)
        return start, start + timedelta(days=SUNDAY)
    if isinstance(said, Vague):
        return _vague(said, today)
    found = find(said, today)
    if not found.days:
        return None
    day = found.days[-1] if isinstance(said, Edge) and said.last else found.days[0]
    return day, day


def _from_to(said: Days, today: date) -> tuple[date, date] | None:
    """From one to another. A first day without a year is the last such before the end."""
    if isinstance(said.first, MonthDay) and said.first.month and not said.first.year:
        end = days_of(said.last, today)
        if end is None:
            return None
        years = (end[1].year, end[1].year - 1)
        starts = [_on(year, said.first.month, said.first.day) for year in years]
        start = next((day for day in starts if day is not None and day <= end[1]), None)
        return (start, end[1]) if start else None
    first = days_of(said.first, today)
    last = days_of(said.last, today if isinstance(said.last, Offset | InWeek | Edge) else first[0]) if first else None
    return (first[0], last[1]) if first and last and first[0] <= last[1] else None


def _on(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if day <= monthrange(year, month)[1] else None


def _vague(said: Vague, today: date) -> tuple[date, date] | None:
    if said.unit == "weekend":
        both = weekend(said, today)
        return (both[0], both[1]) if both else None
    if said.unit == "year":
        year = today.year + said.shift
        return date(year, 1, 1), date(year, 12, 31)
    if said.month == today.month and not said.year:
        start = today.replace(day=1)
    else:
        found = first_day(said, today)
        if found is None:
            return None
        start = found
    return start, start.replace(day=monthrange(start.year, start.month)[1])
