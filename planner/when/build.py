"""Builders: from what a pattern caught to what it means. The same for every language."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from planner.when import build_clocks
from planner.when.values import (
    DAY,
    HOUR,
    MINUTE,
    WEEK,
    Bad,
    Clock,
    Date,
    DayPart,
    Days,
    Edge,
    Either,
    Elapsed,
    Filler,
    HoursOrClock,
    InWeek,
    Lasting,
    Leads,
    Length,
    MonthDay,
    Nth,
    Offset,
    OneOf,
    PartName,
    Shifted,
    Unit,
    Until,
    Vague,
    Weekday,
    Which,
    Workdays,
)

SECONDS = {"second": 1, "minute": MINUTE, "hour": HOUR}
MAX_AMOUNT = 10_000
MAX_LENGTH_S = 10 * 366 * DAY
"""Nothing lasts, or is reminded of, longer before than this."""


FILLER = Filler()


def const(value: Any) -> Any:
    """Whatever was caught, it means ``value``."""
    return lambda *_: value


def same(value: Any) -> Any:
    """What was caught is what it means."""
    return value


def last(*values: Any) -> Any:
    """The last of what was caught."""
    return values[-1]


def total(*values: Any) -> int:
    """The sum of what was caught: twenty and five."""
    return sum(value or 0 for value in values)


# Clock times

clock = build_clocks.clock
at_minute = build_clocks.at_minute
hm12, hm24 = build_clocks.hm12, build_clocks.hm24
past, to = build_clocks.past, build_clocks.to
span, over = build_clocks.span, build_clocks.over
in_half = build_clocks.in_half


# Durations


def minutes_or_hours(count: int) -> tuple[Any, ...] | None:
    """``in 10``: minutes, or hours."""
    found = ahead_of(count, "minute"), ahead_of(count, "hour")
    return (*found, OneOf()) if 1 <= count <= 60 else None


def one_or_other(first: int, second: int, unit: Unit) -> tuple[Any, ...] | None:
    """In one length of time or in another: two or three hours."""
    found = ahead_of(first, unit), ahead_of(second, unit)
    if first >= second or any(one is None or isinstance(one, Bad) for one in found):
        return None
    return (*found, OneOf())


def length(amount: float, unit: Unit) -> Length | None:
    """``amount`` of ``unit``; fractions of days and less are exact."""
    if not 0 <= amount <= MAX_AMOUNT:
        return None
    if unit in SECONDS:
        return Length(0, 0, round(amount * SECONDS[unit]))
    if unit in ("day", "week"):
        exact = amount * (7 if unit == "week" else 1)
        return Length(0, int(exact), 0) if exact == int(exact) else Length(0, 0, round(exact * DAY))
    months = amount * (12 if unit == "year" else 1)
    return Length(int(months), 0, 0) if months == int(months) else Length(int(months), round(months % 1 * 30), 0)


def halved(amount: int, unit: Unit) -> Length | None:
    """``amount`` and a half."""
    return length(amount + 0.5, unit)


def hours_minutes(hours: int, minutes: str) -> Length | None:
    """``1h30``: an hour and thirty minutes."""
    return Length(0, 0, hours * HOUR + int(minutes) * MINUTE) if hours < 24 and int(minutes) < 60 else None


def falling(*parts: Length) -> Length | None:
    """Lengths said one after the other as one: each of a smaller unit than the one before it."""
    units = [_unit_s(part) for part in parts]
    if any(one <= other for one, other in pairwise(units)):
        return None
    return Length(sum(p.months for p in parts), sum(p.days for p in parts), sum(p.seconds for p in parts))


def _unit_s(said: Length) -> int:
    """The largest unit that a length is a whole number of, in seconds."""
    return next(unit for unit in (30 * DAY, WEEK, DAY, HOUR, MINUTE, 1) if said.total_s() % unit == 0)


def ahead(said: Length) -> Elapsed | Offset | Bad:
    """So long from now: an instant, or for whole days a day."""
    if not 0 < said.total_s() <= MAX_LENGTH_S:
        return Bad()
    return Offset(said.days, said.months) if said.of_days() else Elapsed(said)


def ahead_or_at(pieces: tuple[str, ...]) -> tuple[Any, ...] | Clock | Elapsed | Offset | Bad | None:
    """``in 1:30``: so long from now, or at that time; which, where it can be both, is a question."""
    said, at = Length(0, 0, int(pieces[0]) * HOUR + int(pieces[1]) * MINUTE), hm12(pieces)
    if said.seconds >= 13 * HOUR or len(pieces) > 2:
        return at
    return (Elapsed(said), at, OneOf()) if isinstance(at, Clock) and said.seconds >= HOUR else ahead(said)


def ahead_of(amount: int, unit: Unit) -> Elapsed | Offset | Bad | None:
    """So many units from now."""
    said = length(amount, unit)
    return ahead(said) if said else None


def lasting_of(amount: int, unit: Unit) -> Lasting | None:
    """So many units long."""
    said = length(amount, unit)
    return lasting(said) if said else None


def ago(said: Length) -> Offset | Elapsed:
    """So long before now."""
    if said.of_days():
        return Offset(-said.days, -said.months)
    return Elapsed(Length(-said.months, -said.days, -said.seconds))


def lasting(said: Length) -> Lasting | None:
    """How long something goes on."""
    return Lasting(said) if 0 < said.total_s() <= MAX_LENGTH_S else None


def daily_for(said: Length) -> Lasting | None:
    """On each of the next so many days."""
    return Lasting(said, daily=True) if said.of_days() and 0 < said.total_s() <= MAX_LENGTH_S else None


def leads(said: Iterable[Length]) -> Leads | None:
    """How long before to remind: each once, in the order said."""
    seconds = tuple(dict.fromkeys(one.total_s() for one in said))
    return Leads(seconds) if all(s <= MAX_LENGTH_S for s in seconds) else None


def hours_or_clock(hour: int, minute: int = 0) -> HoursOrClock | Lasting | None:
    """So many hours, or that hour of the day."""
    said, clock_time = Length(0, 0, hour * HOUR + minute * MINUTE), at_minute(hour, minute)
    return HoursOrClock(clock_time, said) if isinstance(clock_time, Clock) and hour else lasting(said)


def within(said: Length | None) -> HoursOrClock | Lasting | None:
    """Within so long from now; beside a time of day, how long it takes."""
    if said is None:
        return None
    if said.of_days():
        return lasting(said)
    return HoursOrClock(Elapsed(said), said) if 0 < said.total_s() <= MAX_LENGTH_S else None


# Dates


def weekday(which: Which | None, day: int) -> Weekday:
    """A weekday, perhaps this, next or last."""
    return Weekday(day, which or "soon")


def weekday_soon(day: int) -> Weekday:
    """The next such day."""
    return Weekday(day, "this")


def several(*days_: int) -> tuple[Weekday, ...] | None:
    """Some weekdays, one after the other."""
    return tuple(Weekday(day) for day in days_) if len(set(days_)) == len(days_) else None


def workdays(count: int) -> Workdays | None:
    """So many Mondays to Fridays from today."""
    return Workdays(count) if 1 <= count <= MAX_AMOUNT else None


def weeks_after(count: int, start: Date) -> Date | None:
    """So many weeks from a day."""
    if isinstance(start, Weekday):
        return Weekday(start.day, start.which, count)
    return days_after(7 * count, start)


def days_after(count: int, start: Date | Bad) -> Date | None:
    """So many days from a day; before it when negative."""
    if isinstance(start, Offset):
        return Offset(start.days + count, start.months)
    return Shifted(start, count) if isinstance(start, MonthDay | Weekday) else None


def day_month(day: int, month: int, year: int | None = None) -> MonthDay | Bad:
    """A date; one that no year has is bad."""
    longest = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    return MonthDay(day, month, year) if 1 <= day <= longest else Bad()


def month_day(month: int, day: int, year: int | None = None) -> MonthDay | Bad:
    """A date, the month said first."""
    return day_month(day, month, year)


def sure_date(pieces: tuple[str, ...]) -> MonthDay | None:
    """``24.11``, where it can be nothing but a date."""
    found = dmy(pieces)
    return found if isinstance(found, MonthDay) and found.day > 12 else None


def feast(day: int, month: int) -> MonthDay:
    """A day known by what is celebrated on it."""
    return MonthDay(day, month, feast=True)


def only_day(day: int) -> MonthDay | None:
    """A day of this month or the next."""
    return MonthDay(day) if 1 <= day <= 31 else None


def day_said(day: int) -> MonthDay | Bad:
    """A day of the month that cannot be anything else."""
    return only_day(day) or Bad()


def month_shift(day: int, shift: int) -> MonthDay | None:
    """A day of the month so many months on."""
    return MonthDay(day, shift=shift) if 1 <= day <= 31 else None


def year(value: int) -> int | None:
    """A year that somebody may plan for."""
    return value if 1990 <= value <= 2199 else None


def short_year(text: str) -> int:
    """A year as written, two digits being this century's."""
    return int(text) + (2000 if len(text) <= 2 else 0)


def iso(pieces: tuple[str, ...]) -> MonthDay | Bad:
    """``2026-11-25``."""
    return numeric(int(pieces[2]), int(pieces[1]), int(pieces[0]))


def numeric(day: int, month: int, of_year: int | None = None) -> MonthDay | Bad:
    """Day and month as numbers."""
    return day_month(day, month, of_year) if 1 <= month <= 12 else Bad()


def dmy(pieces: tuple[str, ...]) -> MonthDay | Bad | None:
    """Day, month and perhaps year, in that order."""
    if len(pieces[0]) == 4 and len(pieces) == 3:
        return numeric(int(pieces[2]), int(pieces[1]), int(pieces[0]))
    if max(len(piece) for piece in pieces[:2]) > 2 or (len(pieces) == 3 and len(pieces[2]) not in (2, 4)):
        return None
    return numeric(int(pieces[0]), int(pieces[1]), short_year(pieces[2]) if len(pieces) == 3 else None)


def either(pieces: tuple[str, ...]) -> Date | Bad | None:
    """``05/06``: both orders, where both are dates and differ."""
    one = dmy(pieces)
    if len(pieces[0]) == 4 or not isinstance(one, MonthDay | Bad):
        return one
    other = dmy((pieces[1], pieces[0], *pieces[2:]))
    if isinstance(one, MonthDay) and isinstance(other, MonthDay) and one != other:
        return Either((other, one))
    return other if isinstance(other, MonthDay) else one


def nth(n: int, day: int, month: int | None = None, of_year: int | None = None) -> Nth | None:
    """The n-th weekday of a month."""
    return Nth(n, day, month, of_year) if n == -1 or 1 <= n <= 5 else None


def opening(date: Date) -> Date:
    """What begins with a week, month or year without a day begins on its first."""
    match date:
        case InWeek(day=None):
            return InWeek(date.weeks, 0, rough=True)
        case Vague(unit="month"):
            return Edge(False, "month", month=date.month, shift=None if date.month else date.shift)
        case Vague(unit="year"):
            return Edge(False, "year", shift=date.shift)
    return date


def nth_shift(n: int, day: int, shift: int) -> Nth | None:
    """The n-th weekday of a month counted from this one."""
    return Nth(n, day, shift=shift) if n == -1 or 1 <= n <= 5 else None


def edge(which: bool, shift: int | None, unit: Unit) -> Edge | None:
    """The end or the beginning of this or the next week, month or year."""
    if unit not in ("week", "month", "year"):
        return None
    return Edge(which, unit, shift=shift)


def edge_of_month(which: bool, month: int) -> Edge:
    """The end or the beginning of a month."""
    return Edge(which, "month", month=month)


def days(first: Date | Bad, final: Date | Bad) -> Days | Bad:
    """From one day to another."""
    return Bad() if isinstance(first, Bad) or isinstance(final, Bad) else Days(first, final)


def days_of_month(first: int, final: int, month: int, of_year: int | None = None) -> Days | Bad | None:
    """From one day of a month to another."""
    if first >= final:
        return None
    return days(day_month(first, month, of_year), day_month(final, month, of_year))


def next_days(said: Length, first: int) -> Days | None:
    """The next so many days, today (0) or tomorrow (1) being the first."""
    count = said.months * 30 + said.days
    return Days(Offset(first), Offset(first + count - 1)) if said.of_days() and 0 < count <= MAX_AMOUNT else None


def last_days(said: Length) -> Days | None:
    """The so many days before today."""
    count = said.months * 30 + said.days
    return Days(Offset(-count), Offset(-1)) if said.of_days() and 0 < count <= MAX_AMOUNT else None


def rest_of(unit: Unit) -> Days | None:
    """From today to the end of this week, month or year."""
    if unit == "week":
        return Days(Offset(0), InWeek(0, 6))
    return Days(Offset(0), Edge(True, unit)) if unit in ("month", "year") else None


def until(date: Date | Bad) -> Until | Bad:
    """The end of a repetition. A month or week without a day ends it before that begins."""
    return Bad() if isinstance(date, Bad) else Until(date, exclusive=isinstance(date, Vague))


def until_all(date: Date | Bad) -> Until | Bad:
    """The end of a repetition, the whole of it included."""
    return Bad() if isinstance(date, Bad) else Until(date)


def tonight(part: PartName) -> tuple[Any, ...]:
    """Today, in a part of the day."""
    return (Offset(0), DayPart(part))


def day_and_part(date: Date | Bad, part: PartName) -> tuple[Any, ...]:
    """A day and a part of it."""
    return (date, DayPart(part))
