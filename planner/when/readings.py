"""From what was said to readings: starts and ends on a wall clock, the likeliest first."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from planner.recur import local_instant, local_time
from planner.when.build_repeats import run_of_days
from planner.when.days import find, find_after, month_start
from planner.when.once import once, sometime
from planner.when.reading import ONE_DAY, Now, Reading, Readings, midnight
from planner.when.series import repeated
from planner.when.slots import Slots
from planner.when.values import (
    DAY,
    Clock,
    Date,
    Days,
    Every,
    Length,
    Midnight,
    MonthDay,
    Until,
    Weekday,
)

MAX_READINGS = 6

LONGEST_UNDATED = timedelta(days=300)
"""From one date to another without a year: what ends in another year after longer than this is asked about."""


def read(slots: Slots, now: Now, hint: str) -> Readings:
    """Everything that the phrase can mean at ``now``."""
    if slots.elapsed and slots.one_of and slots.times and slots.every is None:
        at = once(replace(slots, elapsed=()), now, hint)
        if slots.dates:
            return at
        return Readings((*_elapsed(replace(slots, times=()), slots.elapsed[0], now).options, *at.options), "ambiguous")
    if slots.elapsed and slots.every is None:
        found = [_elapsed(slots, length, now) for length in slots.elapsed]
        several = "ambiguous" if len(found) > 1 else ""
        return Readings(tuple(one for each in found for one in each.options), found[0].why or several)
    if slots.sometime:
        return sometime(slots, now)
    if slots.every is not None and slots.days is not None:
        run = _weekdays(slots.days)
        if run and slots.every.freq in ("DAILY", "WEEKLY") and not slots.every.days:
            return repeated(replace(slots, days=None), replace(slots.every, freq="WEEKLY", days=run), now, hint)
        last = slots.until or Until(slots.days.last)
        slots = replace(slots, days=None, dates=(slots.days.first,), until=last)
    if slots.every is not None and slots.days is not None and slots.until is None and not slots.dates:
        slots = replace(slots, days=None, dates=(slots.days.first,), until=Until(slots.days.last))
    if slots.every is not None:
        return repeated(slots, slots.every, now, hint)
    if slots.days is not None and (slots.times or slots.span or slots.part):
        return _each_day(slots, slots.days, now, hint)
    if slots.days is not None:
        return _whole_days(slots, now)
    if not (slots.dates or slots.times or slots.span or slots.part):
        return Readings((), "no_time")
    if slots.feast and not slots.dates:
        either = [once(replace(slots, dates=dates), now, hint) for dates in ((), (slots.feast,))]
        return Readings(tuple(option for one in either for option in one.options)[:MAX_READINGS], "ambiguous")
    found = [once(replace(slots, dates=dates, times=times), now, hint) for dates, times in _alternatives(slots)]
    options = tuple(option for one in found for option in one.options)
    if slots.many and not slots.times[1:] and all(isinstance(said, Weekday) for said in slots.dates):
        days = tuple(sorted(said.day for said in slots.dates if isinstance(said, Weekday)))
        weekly = repeated(replace(slots, dates=()), Every("WEEKLY", 1, days), now, hint)
        these = repeated(replace(slots, dates=(), count=len(days)), Every("WEEKLY", 1, days), now, hint)
        if len(weekly.options) > 1:
            return Readings((*weekly.options, *these.options), "ambiguous")
        options = (*weekly.options, *options)
    why = "too_many" if slots.many and len(found) > 1 else next((one.why for one in found if one.why), "")
    return Readings(options[:MAX_READINGS], why)


def _alternatives(slots: Slots) -> list[tuple[tuple[Date, ...], tuple[Clock | Midnight, ...]]]:
    if slots.many and len(slots.dates) == len(slots.times) > 1:
        pairs = zip(slots.dates, slots.times, strict=True)
        return [((day,), (time,)) for day, time in islice(pairs, MAX_READINGS)]
    dates: list[tuple[Date, ...]] = [(said,) for said in slots.dates] or [()]
    times: list[tuple[Clock | Midnight, ...]] = [(said,) for said in slots.times] or [()]
    return [(d, t) for d in dates for t in times][:MAX_READINGS]


def _elapsed(slots: Slots, length: Length, now: Now) -> Readings:
    if slots.dates or slots.times:
        return Readings((), "not_understood")
    later = now.instant + (length.seconds + length.days * DAY) * 1_000
    if length.months:
        later += local_instant(add_months(now.local, length.months), now.zone) - now.instant
    later -= later % 1_000
    start = local_time(later, now.zone)
    end = start + timedelta(seconds=slots.lasting.length.total_s()) if slots.lasting else None
    if later < now.instant and length.total_s() < 0:
        return Readings((), "past")
    return Readings((Reading(start, end, instant=later),))


def add_months(local: datetime, months: int) -> datetime:
    """The same day so many months on, or the last day of a shorter month."""
    first = month_start(local.date(), months)
    return datetime.combine(first.replace(day=min(local.day, monthrange(first.year, first.month)[1])), local.time())


def _whole_days(slots: Slots, now: Now) -> Readings:
    days = slots.days
    if days is None:
        return Readings((), "no_time")
    first = find(days.first, now.today)
    if not first.days:
        return Readings((), "not_understood")
    last = find_after(days.last, first.days[0], now.today)
    if not last.days or last.days[-1] < first.days[0]:
        return Readings((), "not_understood")
    start, end = first.days[0], last.days[0] if last.days[0] > first.days[0] else last.days[-1]
    reading = Reading(midnight(start), midnight(end + ONE_DAY), all_day=True, assumed=first.assumed, precision="day")
    over_a_year = not _has_year(days.last) and end - start > LONGEST_UNDATED
    return Readings((reading,), first.why or ("ambiguous" if over_a_year else ""))


def _has_year(said: Date) -> bool:
    return not isinstance(said, MonthDay) or said.year is not None


def _weekdays(days: Days) -> tuple[int, ...]:
    """Monday to Friday: the days from one weekday to another."""
    first, last = days.first, days.last
    return run_of_days(first.day, last.day) if isinstance(first, Weekday) and isinstance(last, Weekday) else ()


def _each_day(slots: Slots, days: Days, now: Now, hint: str) -> Readings:
    """From one day to another at a time of day: on each of them; from weekday to weekday perhaps every week."""
    once = replace(slots, days=None, dates=(days.first,), until=Until(days.last))
    daily = repeated(once, Every("DAILY"), now, hint)
    run = _weekdays(days)
    if not run:
        return daily
    weekly = repeated(replace(slots, days=None), Every("WEEKLY", 1, run), now, hint)
    return Readings((*weekly.options, *daily.options), "ambiguous")
