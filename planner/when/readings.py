"""From what was said to readings: starts and ends on a wall clock, the likeliest first."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import datetime, timedelta

from planner.recur import local_instant, local_time
from planner.when.choose import Slots
from planner.when.days import find, month_start
from planner.when.once import once
from planner.when.reading import ONE_DAY, Now, Reading, Readings, midnight
from planner.when.series import repeated
from planner.when.values import (
    DAY,
    Clock,
    Date,
    Length,
    Midnight,
)

MAX_READINGS = 6


def read(slots: Slots, now: Now, hint: str) -> Readings:
    """Everything that the phrase can mean at ``now``."""
    if slots.elapsed is not None and slots.every is None:
        return _elapsed(slots, slots.elapsed.length, now)
    if slots.every is not None:
        return repeated(slots, slots.every, now, hint)
    if slots.days is not None:
        return _whole_days(slots, now)
    if not (slots.dates or slots.times or slots.span or slots.part):
        return Readings((), "no_time")
    found = [once(replace(slots, dates=dates, times=times), now, hint) for dates, times in _alternatives(slots)]
    options = tuple(option for one in found for option in one.options)
    why = "too_many" if slots.many and len(found) > 1 else next((one.why for one in found if one.why), "")
    return Readings(options[:MAX_READINGS], why)


def _alternatives(slots: Slots) -> list[tuple[tuple[Date, ...], tuple[Clock | Midnight, ...]]]:
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
    last = find(days.last, first.days[0])
    if not last.days or last.days[-1] < first.days[0]:
        return Readings((), "not_understood")
    start, end = first.days[0], last.days[0] if last.days[0] > first.days[0] else last.days[-1]
    reading = Reading(midnight(start), midnight(end + ONE_DAY), all_day=True, assumed=first.assumed, precision="day")
    return Readings((reading,), first.why)
