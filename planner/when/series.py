"""What happens again and again: rules, and the occurrence that they begin with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from planner.when import repeat
from planner.when.days import find, find_after, first_day
from planner.when.hours import DEFAULTS, UNDECIDED, Minutes, minutes, until
from planner.when.once import once
from planner.when.reading import ONE_DAY, Now, Reading, Readings, timed
from planner.when.slots import Slots
from planner.when.spans import days_of
from planner.when.values import (
    IN_A_DAY,
    Date,
    Edge,
    Every,
    InWeek,
    Midnight,
    MonthDay,
    Offset,
    Span,
    Until,
    Vague,
    Weekday,
)

MAX_LEFT_OUT = 100
"""Days that a repetition may leave out."""


def repeated(slots: Slots, every: Every, now: Now, hint: str) -> Readings:
    """The readings of a repetition."""
    if slots.excepts:
        fewer = repeat.without(every, slots.excepts)
        if fewer is None:
            return Readings((), "not_understood")
        every = fewer
    if len(slots.dates) > 1:
        run = _days_named(slots, every)
        if not run:
            return Readings((), "too_many")
        slots, every = replace(slots, dates=(), many=len(slots.times) > 1), replace(every, days=run)
    if slots.until is not None and every.freq == "MONTHLY" and isinstance(slots.until.date, MonthDay):
        slots = _by_day_of_month(slots, slots.until.date)
    every, said = repeat.with_date(every, slots.dates[0] if slots.dates else None)
    begins = _begins(said, now)
    if isinstance(begins, Readings):
        return begins
    if slots.until is None and slots.count is None and every.freq in ("DAILY", "WEEKLY"):
        slots = replace(slots, until=_end_of(said))
    if every.freq == "HOURLY" and slots.span is not None:
        return _within_hours(slots, every, slots.span, begins, now)
    if len(slots.times) > 1:
        return _several_times(slots, every, begins, now, hint)
    times = _minutes_of(slots, hint)
    if times is None:
        return Readings((), "not_understood")
    kinds = [every, Every("MONTHLY", days=every.days, nth=(every.either,))] if every.either > 0 else [every]
    options = [
        option
        for one in kinds
        for minute in times.options
        for option in [_series(slots, one, begins, minute if minute >= 0 else None, now, guessed=times.guessed)]
        if option is not None
    ]
    if every.either == IN_A_DAY:
        options += once(replace(slots, every=None, dates=(Offset(1),)), now, hint).options
    if not options:
        return Readings((), "not_understood")
    return Readings(tuple(options), "ambiguous" if len(options) > 1 else "")


def _end_of(said: Date | None) -> Until | None:
    """Every day next week, every Monday in May: it ends with them."""
    match said:
        case InWeek(day=None):
            return Until(Edge(True, "week", shift=said.weeks))
        case Vague(unit="year"):
            return Until(Edge(True, "year", shift=said.shift))
        case Vague():
            return Until(said)
    return None


def _days_named(slots: Slots, every: Every) -> tuple[int, ...]:
    """The weekdays said beside "every week"."""
    plain = [said.day for said in slots.dates if isinstance(said, Weekday) and said == Weekday(said.day)]
    fits = every.freq == "WEEKLY" and not every.days and len(plain) == len(slots.dates)
    return tuple(sorted(set(plain))) if fits else ()


def _by_day_of_month(slots: Slots, said: MonthDay) -> Slots:
    """Every month until the 10th is every month on the 10th, by when something is due."""
    return slots if said.month else replace(slots, until=None, dates=(*slots.dates, said))


def _several_times(slots: Slots, every: Every, begins: date, now: Now, hint: str) -> Readings:
    """At 9 and 21: one series where the minute is the same, else a question."""
    said = [_minutes_of(replace(slots, times=(one,)), hint) for one in slots.times]
    likely = [one.options[0] for one in said if one is not None]
    found = [_series(slots, every, begins, minute, now, guessed=False) for minute in likely]
    series = sorted((one for one in found if one is not None), key=lambda one: one.start)
    if len(series) != len(slots.times):
        return Readings((), "not_understood")
    if len({minute % 60 for minute in likely}) > 1 or every.freq == "HOURLY" or not slots.many:
        return Readings(tuple(series), "too_many" if slots.many else "ambiguous")
    hours = ",".join(str(hour) for hour in sorted({minute // 60 % 24 for minute in likely}))
    return Readings((replace(series[0], rrule=f"{series[0].rrule};BYHOUR={hours}"),))


def _within_hours(slots: Slots, every: Every, hours: Span, begins: date, now: Now) -> Readings:
    """Every 2 hours from 9 to 17: each day at those hours."""
    said = minutes(hours.first)
    if said is None:
        return Readings((), "not_understood")
    first = said.options[0]
    each = range(first, min(until(first, hours.last), 1_439) + 1, 60 * every.interval)
    bare = replace(slots, span=None)
    found = [_series(bare, Every("DAILY"), begins, minute, now, guessed=said.guessed) for minute in each]
    series = sorted((one for one in found if one is not None), key=lambda one: one.start)
    if not series:
        return Readings((), "not_understood")
    by_hour = ",".join(str(minute // 60) for minute in each)
    return Readings((replace(series[0], rrule=f"{series[0].rrule};BYHOUR={by_hour}"),))


def _begins(said: Date | None, now: Now) -> date | Readings:
    if said is None:
        return now.today
    found = find(said, now.today)
    if found.why == "no_day":
        day = first_day(said, now.today)
        return max(day, now.today) if day else now.today
    if not found.days:
        return Readings((), found.why)
    return max(found.days[0], now.today)


def _minutes_of(slots: Slots, hint: str) -> Minutes | None:
    """The times of day of a repetition; -1 stands for the whole day."""
    clock = slots.times[0] if slots.times else slots.span.first if slots.span else None
    if isinstance(clock, Midnight):
        return Minutes((0,))
    if clock is not None:
        said = minutes(clock, slots.part, hint)
        if said is None:
            return None
        return said if clock.hour == UNDECIDED else Minutes(said.options[:1], said.guessed)
    if slots.part is not None:
        return Minutes((DEFAULTS[slots.part.name],))
    return Minutes((-1,))


def _left_out(slots: Slots, start: date) -> tuple[date, ...] | None:
    """The days left out, from the start on; ``None`` when one of them is no day."""
    days: set[date] = set()
    for said in slots.except_dates:
        found = days_of(said, start)
        if found is None:
            return None
        days |= {found[0] + n * ONE_DAY for n in range(min((found[1] - found[0]).days + 1, MAX_LEFT_OUT + 1))}
    return tuple(sorted(days)) if len(days) <= MAX_LEFT_OUT else None


def _series(slots: Slots, every: Every, begins: date, minute: int | None, now: Now, *, guessed: bool) -> Reading | None:
    assumed: tuple[str, ...] = ("am_pm",) if guessed else ()
    if slots.part is not None and not slots.times and not slots.span:
        assumed = ("time",)
    if every.freq == "HOURLY" and minute is None:
        start: datetime | None = (now.local + timedelta(hours=every.interval)).replace(second=0, microsecond=0)
    else:
        start = repeat.first(every, begins, minute, now.zone, now.instant)
    left_out = _left_out(slots, now.today)
    while start is not None and left_out and start.date() in left_out:
        start = repeat.first(every, start.date() + ONE_DAY, minute, now.zone, now.instant)
    if start is None or left_out is None:
        return None
    if every.freq in ("WEEKLY", "MONTHLY", "YEARLY") and not (every.days or every.month_days or slots.dates):
        assumed = ("date", *assumed)
    every = repeat.on_start(every, start.date())
    all_day = minute is None and every.freq != "HOURLY"
    ending = _ending(slots, start, now.today)
    if ending is None:
        return None
    rule = repeat.ended(every, ending, start, now.zone, all_day=all_day)
    reading = timed(replace(slots, lasting=None) if ending.length else slots, start, assumed)
    return replace(
        reading,
        all_day=all_day,
        rrule=rule,
        every=every,
        precision="day" if all_day else "minute",
        excluded=tuple(day for day in left_out if day > start.date()),
    )


def _ending(slots: Slots, start: datetime, today: date) -> repeat.Ending | None:
    if slots.count is not None:
        return repeat.Ending(count=slots.count)
    if slots.lasting is not None and slots.lasting.length.of_days():
        return repeat.Ending(length=slots.lasting.length)
    if slots.until is None:
        return repeat.Ending()
    said = slots.until.date
    day = first_day(said, start.date()) if slots.until.exclusive else _last_day(said, start.date(), today)
    if day is None:
        return None
    last = day - ONE_DAY if slots.until.exclusive else day
    return repeat.Ending(last=last) if last >= start.date() else None


def _last_day(said: Date, start: date, today: date) -> date | None:
    found = find_after(said, start, today)
    return found.days[-1] if found.days else None
