"""Builders of repetitions: from what a pattern caught to what it means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from planner.when.values import (
    Bad,
    Date,
    DayPart,
    Days,
    Every,
    Except,
    ExceptDates,
    MonthDay,
    Nth,
    PartName,
    Times,
    Unit,
    Weekday,
)

WEEKDAYS = (0, 1, 2, 3, 4)


def each(found: Iterable[int] | Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """Weekdays in the order of the week, each once."""
    flat: set[int] = set()
    for one in found:
        flat |= set(one) if isinstance(one, tuple) else {one}
    return tuple(sorted(flat))


def run_of_days(first: int, final: int) -> tuple[int, ...]:
    """Weekdays from one to another, over the weekend if need be."""
    return tuple(sorted((first + i) % 7 for i in range((final - first) % 7 + 1)))


def weekly(days_: tuple[int, ...], interval: int | None = None) -> Every | None:
    """Every week, on some days."""
    return Every("WEEKLY", interval or 1, days_) if interval is None or 1 <= interval <= 100 else None


def every(interval: int | None, unit: Unit) -> Every | Bad | None:
    """Every so many units; below an hour it is too often."""
    count = 1 if interval is None else interval
    if not 1 <= count <= 500:
        return None
    if unit in ("second", "minute"):
        return Every("HOURLY", count // 60) if unit == "minute" and count % 60 == 0 else Bad("too_often")
    return {
        "hour": Every("HOURLY", count),
        "day": Every("DAILY", count),
        "week": Every("WEEKLY", count),
        "month": Every("MONTHLY", count),
        "year": Every("YEARLY", count),
    }[unit]


def monthly(day: int) -> Every | None:
    """Every month on a day (-1: the last)."""
    return Every("MONTHLY", month_days=(day,)) if day == -1 or 1 <= day <= 31 else None


def monthly_days(days_: Iterable[int]) -> Every | Bad:
    """Every month on some days."""
    found = tuple(sorted(set(days_)))
    return Every("MONTHLY", month_days=found) if all(1 <= day <= 31 for day in found) else Bad()


def monthly_workday(n: int) -> Every | None:
    """Every month on the n-th (-1: last) Monday to Friday."""
    return Every("MONTHLY", days=WEEKDAYS, of_all=n) if n == -1 or 1 <= n <= 20 else None


def except_dates(dates: tuple[Date | Days | Bad, ...]) -> tuple[Except | ExceptDates, ...] | Bad:
    """All but some days, a plain weekday being each such; "the first monday" would be another one each month."""
    if any(isinstance(one, Bad) or (isinstance(one, Nth) and not one.month) for one in dates):
        return Bad()
    weekdays = tuple(one.day for one in dates if isinstance(one, Weekday) and one == Weekday(one.day))
    every = {Weekday(day) for day in weekdays}
    rest = tuple(one for one in dates if not isinstance(one, Bad) and one not in every)
    both = (Except(weekdays) if weekdays else None, ExceptDates(rest) if rest else None)
    return tuple(one for one in both if one is not None)


def monthly_nth(n: int, days_: tuple[int, ...] | int) -> Every | None:
    """Every month, on the n-th of a weekday."""
    which = days_ if isinstance(days_, tuple) else (days_,)
    return Every("MONTHLY", days=which, nth=(n,)) if n == -1 or 1 <= n <= 5 else None


def monthly_nths(numbers: tuple[int, ...], day: int) -> Every | None:
    """Every month, on some of a weekday: the first and third Monday."""
    found = tuple(sorted(set(numbers)))
    return Every("MONTHLY", days=(day,) * len(found), nth=found) if all(1 <= n <= 5 for n in found) else None


def every_nth(n: int, day: int) -> Every | None:
    """``every second tuesday``: of the month, or every other one? Third to fifth: of the month. Last: of the month."""
    if n == 2:
        return Every("WEEKLY", 2, (day,), either=n)
    return monthly_nth(n, day)


def yearly(date: Date | Bad) -> Every | Bad | None:
    """Every year on a date."""
    if isinstance(date, Bad):
        return date
    if isinstance(date, MonthDay) and date.month:
        return Every("YEARLY", month_days=(date.day,), month=date.month)
    if isinstance(date, Nth) and date.month:
        return Every("YEARLY", days=(date.day,), nth=(date.n,), month=date.month)
    return None


def with_part(repeat: Every | Bad, part: PartName) -> tuple[Any, ...]:
    """A repetition in a part of the day."""
    return (repeat, DayPart(part))


def except_days(days_: tuple[int, ...]) -> Except:
    """All but some weekdays."""
    return Except(days_)


def times(count: int) -> Times | None:
    """So many times in all."""
    return Times(count) if 1 <= count <= 1_000 else None
