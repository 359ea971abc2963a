"""The days that a rule names in a month or a year (RFC 5545, section 3.3.10; RFC 7529, section 4.1).

A day is its proleptic ordinal, as ``date.toordinal`` has it: numbers, because a calendar has thousands of rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from planner.rrule import Skip

FIRST = date(1, 1, 8).toordinal()
LAST = date(9998, 12, 31).toordinal()
"""The days that are counted in."""

WEEK = 7
MONTHS = 12

_BEFORE = ((), (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365))
_STARTS = (
    (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365),
    (0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366),
)
_FIRST_WEEK = 4
"""A year's first week has at least so many of its days."""


class Named(NamedTuple):
    """What a rule says of its days, with what it takes from its start said outright. Empty: whatever it be.

    ``weekdays`` are weekday (Monday 0) and which one of them (0: every); ``in_year``: which one of the year's.
    """

    months: Collection[int] = ()
    month_days: Collection[int] = ()
    year_days: Collection[int] = ()
    week_numbers: Collection[int] = ()
    weekdays: Sequence[tuple[int, int]] = ()
    week_start: int = 0
    in_year: bool = False
    skip: Skip = Skip.OMIT


def of_month(named: Named, year: int, month: int) -> list[int]:
    """The days of a month, in order; with a ``skip`` perhaps one beside it."""
    if named.months and month not in named.months:
        return []
    first, size = month_bounds(year, month)
    if named.month_days:
        found: Iterable[int] = numbered(named.month_days, first, size, named.skip)
        if named.weekdays:
            found = (day for day in found if _on_weekday(named, day))
    elif named.weekdays:
        found = on_weekdays(named.weekdays, first, size)
    else:
        found = range(first, first + size)
    if named.year_days:
        found = (day for day in found if _in_year(named.year_days, day))
    if named.week_numbers:
        found = (day for day in found if _in_week(named, day))
    return sorted(found)


def of_year(named: Named, year: int) -> list[int]:
    """The days of a year, in order; of its first and last week, and with a ``skip``, some may lie beside it."""
    first, size = new_year(year), new_year(year + 1) - new_year(year)
    if named.week_numbers:
        found: Iterable[int] = _of_weeks(named, year)
    elif named.year_days:
        found = numbered(named.year_days, first, size, named.skip)
    elif named.weekdays and named.in_year and not named.month_days:
        return sorted(on_weekdays(named.weekdays, first, size))
    else:
        months = sorted(named.months) or range(1, MONTHS + 1)
        return sorted({day for month in months for day in of_month(named, year, month)})
    return sorted(day for day in found if FIRST <= day <= LAST and _fits(named, day))


def new_year(year: int) -> int:
    """The first day of a year, which may lie outside of those that ``date`` knows."""
    before = year - 1
    return 365 * before + before // 4 - before // 100 + before // 400 + 1


def month_bounds(year: int, month: int) -> tuple[int, int]:
    """A month's first day and its number of days."""
    starts = _STARTS[year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)]
    return new_year(year) + starts[month - 1], starts[month] - starts[month - 1]


def weekday(day: int) -> int:
    """Monday is 0."""
    return (day - 1) % WEEK


def numbered(numbers: Collection[int], first: int, size: int, skip: Skip) -> set[int]:
    """The days of a month or a year by their numbers, those below zero from its end."""
    found = set()
    for number in numbers:
        place = number - 1 if number > 0 else size + number
        if 0 <= place < size:
            found.add(first + place)
        elif skip is Skip.BACKWARD:
            found.add(first + size - 1 if place > 0 else first - 1)
        elif skip is Skip.FORWARD:
            found.add(first + size if place > 0 else first)
    return found


def on_weekdays(weekdays: Iterable[tuple[int, int]], first: int, size: int) -> set[int]:
    """The days of a month or a year by their weekday."""
    found: set[int] = set()
    for one, which in weekdays:
        begin = (one - weekday(first)) % WEEK
        if not which:
            found.update(range(first + begin, first + size, WEEK))
            continue
        last = begin + (size - 1 - begin) // WEEK * WEEK
        place = begin + (which - 1) * WEEK if which > 0 else last + (which + 1) * WEEK
        if 0 <= place < size:
            found.add(first + place)
    return found


def _of_weeks(named: Named, year: int) -> set[int]:
    first = _first_week(year, named.week_start)
    count = (_first_week(year + 1, named.week_start) - first) // WEEK
    wanted = {number - 1 if number > 0 else count + number for number in named.week_numbers}
    return {
        day for week in wanted if 0 <= week < count for day in range(first + week * WEEK, first + (week + 1) * WEEK)
    }


def week_year(day: int, week_start: int) -> int:
    """The year that a day's week is counted in: it has most of that week's days."""
    begin = day - (weekday(day) - week_start) % WEEK
    return date.fromordinal(max(FIRST, begin + WEEK - _FIRST_WEEK)).year


def _first_week(year: int, week_start: int) -> int:
    """The first day of a year's first week."""
    first = new_year(year)
    into = (weekday(first) - week_start) % WEEK
    return first - into if WEEK - into >= _FIRST_WEEK else first - into + WEEK


def _fits(named: Named, day: int) -> bool:
    """Whether a day of the right number, or of the right week, is all else that the rule says."""
    at = date.fromordinal(day)
    if named.months and at.month not in named.months:
        return False
    if named.month_days:
        first, size = month_bounds(at.year, at.month)
        if day not in numbered(named.month_days, first, size, Skip.OMIT):
            return False
    if named.year_days and named.week_numbers and not _in_year(named.year_days, day):
        return False
    return not named.weekdays or _on_weekday(named, day)


def _on_weekday(named: Named, day: int) -> bool:
    ones = [(one, which) for one, which in named.weekdays if one == weekday(day)]
    if not ones or any(not which for _, which in ones):
        return bool(ones)
    at = date.fromordinal(day)
    first, size = (
        (new_year(at.year), new_year(at.year + 1) - new_year(at.year)) if named.in_year
        else month_bounds(at.year, at.month)
    )  # fmt: skip
    return day in on_weekdays(ones, first, size)


def _in_year(numbers: Collection[int], day: int) -> bool:
    year = date.fromordinal(day).year
    first, after = new_year(year), new_year(year + 1)
    return day - first + 1 in numbers or day - after in numbers


def _in_week(named: Named, day: int) -> bool:
    year = date.fromordinal(day).year
    return any(day in _all_of_weeks(named, one) for one in (year - 1, year, year + 1))


@lru_cache(maxsize=64)
def _all_of_weeks(named: Named, year: int) -> frozenset[int]:
    """Asked of every day of a year, and of the years around it."""
    return frozenset(_of_weeks(named, year))
