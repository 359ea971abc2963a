"""Which days a date can mean, counted from today."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from planner.when.values import (
    Date,
    Edge,
    Either,
    InWeek,
    MonthDay,
    Nth,
    Offset,
    Shifted,
    Vague,
    Weekday,
    Workday,
    Workdays,
)

JUST_PAST_DAYS = 31
"""A date without a year that was so lately is asked about, before next year's is taken."""

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
_LATEST = 9000


@dataclass(frozen=True, slots=True)
class Found:
    """Days in order of likelihood; ``why`` is ``past`` when they are over, ``no_day`` when none of them was said."""

    days: tuple[date, ...]
    why: str = ""
    assumed: tuple[str, ...] = ()


def find(said: Date, today: date) -> Found:
    """The days that ``said`` can mean. No day at all when there is no such day."""
    try:
        return _find(said, today)
    except (ValueError, OverflowError):
        return Found((), "not_understood")


def find_after(said: Date, start: date, today: date) -> Found:
    """The days that ``said`` can mean as an end of what begins on ``start``: "friday" is the one after it."""
    counted = isinstance(said, Offset | InWeek | Edge | Vague)
    found = find(said, today if counted else start)
    late = tuple(day for day in found.days if day >= start)
    return Found(late, "" if late else found.why)


def _find(said: Date, today: date) -> Found:
    match said:
        case Offset():
            return _dated(_shifted(today, said.months) + timedelta(days=said.days), today)
        case Weekday():
            return _weekday(said, today)
        case InWeek():
            return _in_week(said, today)
        case MonthDay():
            return _month_day(said, today)
        case Nth():
            return _nth(said, today)
        case Edge():
            return _edge(said, today)
        case Vague():
            return _vague(said, today)
        case Workday():
            return _workday(said, today)
        case Workdays():
            return Found((_after_workdays(said.count, today),))
        case Shifted():
            return _shifted_from(said, today)
        case Either():
            options = [_month_day(one, today) for one in said.options]
            return Found(tuple(dict.fromkeys(day for one in options for day in one.days)))


def _shifted_from(said: Shifted, today: date) -> Found:
    found = find(said.of, today)
    days = tuple(day + timedelta(days=said.days) for day in found.days)
    if found.why or not days:
        return Found(days, found.why)
    return Found(days, "past" if days[-1] < today else "", found.assumed)


def _workday(said: Workday, today: date) -> Found:
    if said.month is not None:
        years = range(today.year, today.year + 3)
        return _in_some_year([_workday_of(date(year, said.month, 1), said.n) for year in years], today)
    if said.shift is not None:
        day = _workday_of(month_start(today, said.shift), said.n)
        return _dated(day, today) if day else Found((), "not_understood")
    found = (_workday_of(month_start(today, n), said.n) for n in range(3))
    return Found((next(day for day in found if day is not None and day >= today),))


def _after_workdays(count: int, today: date) -> date:
    since = min(today.weekday(), FRIDAY)
    weeks, ahead = divmod(since + count, SATURDAY)
    return monday(today, weeks) + timedelta(days=ahead)


def _workday_of(first: date, n: int) -> date | None:
    days = [first + timedelta(days=k) for k in range(monthrange(first.year, first.month)[1])]
    working = [day for day in days if day.weekday() < SATURDAY]
    index = n - 1 if n > 0 else len(working) + n
    return working[index] if 0 <= index < len(working) else None


def _dated(day: date, today: date) -> Found:
    if day.year > _LATEST:
        return Found((), "not_understood")
    return Found((day,), "past" if day < today else "")


def month_start(today: date, shift: int) -> date:
    """The first day of the month ``shift`` months on."""
    years, month = divmod(today.month - 1 + shift, 12)
    return date(today.year + years, month + 1, 1)


def _shifted(today: date, months: int) -> date:
    first = month_start(today, months)
    return first.replace(day=min(today.day, monthrange(first.year, first.month)[1]))


def monday(today: date, weeks: int = 0) -> date:
    """The Monday of the week ``weeks`` weeks on."""
    return today + timedelta(days=7 * weeks - today.weekday())


def _weekday(said: Weekday, today: date) -> Found:
    ahead = (said.day - today.weekday()) % 7
    coming = today + timedelta(days=ahead)
    if said.which == "last":
        return Found((coming - timedelta(days=7),), "past")
    if said.weeks:
        return Found((coming + timedelta(days=7 * said.weeks),))
    strictly = coming if ahead else today + timedelta(days=7)
    if said.which == "next":
        there = monday(today, 1) + timedelta(days=said.day)
        return Found((strictly,) if strictly == there else (strictly, there))
    if said.which == "this":
        return Found((coming,))
    return Found((coming,) if ahead else (today, strictly))


def _in_week(said: InWeek, today: date) -> Found:
    start = monday(today, said.weeks)
    if said.day is not None and said.near:
        there = today + timedelta(days=7 * said.weeks)
        return Found((there + timedelta(days=(said.day - there.weekday() + 3) % 7 - 3),))
    if said.day is not None:
        found = _dated(start + timedelta(days=said.day), today)
        return Found(found.days, found.why, ("date",)) if said.rough else found
    days = [start + timedelta(days=n) for n in range(5)]
    left = [day for day in days if day >= today] or [start + timedelta(days=SUNDAY)]
    return Found(tuple(left), "past" if left[-1] < today else "no_day")


def _month_day(said: MonthDay, today: date) -> Found:
    if said.year is not None:
        return _dated(date(said.year, said.month or 1, said.day), today)
    if said.shift is not None:
        return _dated(month_start(today, said.shift).replace(day=said.day), today)
    if said.month is None:
        months = (month_start(today, n) for n in range(3))
        fits = (m.replace(day=said.day) for m in months if said.day <= monthrange(m.year, m.month)[1])
        return Found((next(day for day in fits if day >= today),))
    return _in_some_year([_or_none(year, said.month, said.day) for year in range(today.year, today.year + 9)], today)


def _or_none(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if day <= monthrange(year, month)[1] else None


def _in_some_year(days: list[date | None], today: date) -> Found:
    """Days of this and the following years: this year's, unless it is over."""
    coming = next((day for day in days if day is not None and day >= today), None)
    if coming is None:
        return Found((), "not_understood")
    first = days[0]
    if first is not None and first < today and (today - first).days <= JUST_PAST_DAYS:
        return Found((coming,), "past", ("year",))
    return Found((coming,), "", ("year",) if coming.year != today.year else ())


def nth_of_month(first: date, n: int, weekday: int) -> date | None:
    """The n-th (-1: last) such weekday of the month that begins on ``first``."""
    size = monthrange(first.year, first.month)[1]
    days = [d for d in range(1, size + 1) if (first.weekday() + d - 1) % 7 == weekday]
    index = n - 1 if n > 0 else len(days) + n
    return first.replace(day=days[index]) if 0 <= index < len(days) else None


def _nth(said: Nth, today: date) -> Found:
    if said.month is not None:
        years = [said.year] if said.year else range(today.year, today.year + 9)
        days = [nth_of_month(date(year, said.month, 1), said.n, said.day) for year in years]
        if said.year:
            return _dated(days[0], today) if days[0] else Found((), "not_understood")
        return _in_some_year(days, today)
    if said.shift is not None:
        day = nth_of_month(month_start(today, said.shift), said.n, said.day)
        return _dated(day, today) if day else Found((), "not_understood")
    found = (nth_of_month(month_start(today, n), said.n, said.day) for n in range(7))
    return Found((next(day for day in found if day is not None and day >= today),))


def _edge(said: Edge, today: date) -> Found:
    if said.shift is not None or said.month is not None:
        return _edge_of(said, today, said.shift or 0)
    found = _edge_of(said, today, 0)
    return _edge_of(said, today, 1) if found.why == "past" else found


def _edge_of(said: Edge, today: date, shift: int) -> Found:
    if said.unit == "week":
        start = monday(today, shift)
        ends = [start + timedelta(days=n) for n in (FRIDAY, SUNDAY)] if said.last else [start]
        left = tuple(day for day in ends if day >= today)
        return Found(left) if left else Found((ends[-1],), "past")
    if said.unit == "year":
        year = today.year + shift
        return _dated(date(year, 12, 31) if said.last else date(year, 1, 1), today)
    if said.month is not None:
        days = [_month_edge(date(year, said.month, 1), said.last) for year in range(today.year, today.year + 3)]
        return _in_some_year([*days], today)
    return _dated(_month_edge(month_start(today, shift), said.last), today)


def _month_edge(first: date, last: bool) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1]) if last else first


def _vague(said: Vague, today: date) -> Found:
    if said.unit == "weekend":
        left = [day for day in weekend(said, today) if day >= today]
        return Found(tuple(left), "no_day") if left else Found((), "past")
    if said.unit == "year":
        return Found((date(today.year + said.shift, 1, 1),), "past" if said.shift < 0 else "no_day")
    first = month_start(today, said.shift)
    if said.month is not None:
        year = said.year or today.year + (said.month < today.month)
        first = date(year, said.month, 1)
    days = [first, first.replace(day=15), _month_edge(first, last=True)]
    left = [day for day in days if day >= today]
    return Found(tuple(left), "no_day") if left else Found((days[-1],), "past")


def weekend(said: Vague, today: date) -> tuple[date, ...]:
    """Saturday and Sunday; none where the day that the weekend is known by is none."""
    days = find(said.of, today).days if said.of else (today,)
    return tuple(monday(day, said.shift) + timedelta(days=n) for day in days[:1] for n in (SATURDAY, SUNDAY))


def first_day(said: Date, today: date) -> date | None:
    """The first day of what was said, of a week, month or year without a day too."""
    if isinstance(said, Vague) and said.unit == "month":
        year = said.year or (today.year + (said.month <= today.month) if said.month else today.year)
        return date(year, said.month, 1) if said.month else month_start(today, said.shift)
    if isinstance(said, InWeek) and said.day is None:
        return monday(today, said.weeks)
    found = find(said, today)
    return found.days[0] if found.days else None
