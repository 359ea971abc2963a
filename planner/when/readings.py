"""From what was said to readings: starts and ends on a wall clock, the likeliest first."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from planner.recur import local_instant, local_time
from planner.when import repeat
from planner.when.choose import Slots
from planner.when.days import Found, find, first_day, month_start
from planner.when.hours import DEFAULTS, LATER, UNDECIDED, Minutes, minutes, until
from planner.when.phrase import Precision
from planner.when.values import (
    DAY,
    IN_A_DAY,
    Clock,
    Date,
    DayPart,
    Every,
    InWeek,
    Length,
    Midnight,
    MonthDay,
    Nth,
    Offset,
    Weekday,
)

MAX_READINGS = 6
NIGHT_ENDS = 6 * 60
DAY_MINUTES = 24 * 60
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Now:
    """The instant of speaking (UTC ms), and what the wall clock of ``zone`` shows then."""

    instant: int
    zone: str
    local: datetime

    @property
    def today(self) -> date:
        return self.local.date()

    def is_past(self, start: datetime) -> bool:
        """Whether a wall-clock time is over."""
        return local_instant(start, self.zone) <= self.instant


def now_in(instant: int, zone: str) -> Now:
    """What the clock shows in ``zone`` at ``instant``."""
    return Now(instant, zone, local_time(instant, zone))


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a phrase: naive wall-clock times."""

    start: datetime
    end: datetime | None = None
    all_day: bool = False
    every: Every | None = None
    rrule: str | None = None
    assumed: tuple[str, ...] = ()
    precision: Precision = "minute"
    instant: int | None = None


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings, and ``why`` they are no plain answer: ``past``, ``no_day``, ``ambiguous``, …, or nothing."""

    options: tuple[Reading, ...]
    why: str = ""


def read(slots: Slots, now: Now, hint: str) -> Readings:
    """Everything that the phrase can mean at ``now``."""
    if slots.elapsed is not None and slots.every is None:
        return _elapsed(slots, slots.elapsed.length, now)
    if slots.every is not None:
        return _repeated(slots, slots.every, now, hint)
    if slots.days is not None:
        return _whole_days(slots, now)
    if not (slots.dates or slots.times or slots.span or slots.part):
        return Readings((), "no_time")
    found = [_once(replace(slots, dates=dates, times=times), now, hint) for dates, times in _alternatives(slots)]
    options = tuple(option for one in found for option in one.options)
    why = "too_many" if slots.many and len(found) > 1 else next((one.why for one in found if one.why), "")
    return Readings(options[:MAX_READINGS], why)


def _alternatives(slots: Slots) -> list[tuple[tuple[Date, ...], tuple[Clock | Midnight, ...]]]:
    dates: list[tuple[Date, ...]] = [(said,) for said in slots.dates] or [()]
    times: list[tuple[Clock | Midnight, ...]] = [(said,) for said in slots.times] or [()]
    return [(d, t) for d in dates for t in times][:MAX_READINGS]


# An instant, so long from now


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


# Days


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
    reading = Reading(_midnight(start), _midnight(end + _DAY), all_day=True, assumed=first.assumed, precision="day")
    return Readings((reading,), first.why)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


# Once


def _once(slots: Slots, now: Now, hint: str) -> Readings:
    clock = slots.times[0] if slots.times else slots.span.first if slots.span else None
    if isinstance(clock, Midnight):
        return _at_midnight(slots, now)
    said = minutes(clock, slots.part, hint) if clock else None
    if clock and said is None:
        return Readings((), "not_understood")
    if not slots.dates:
        return _undated(slots, clock, said, now)
    found = _checked(slots, find(slots.dates[0], now.today))
    if not found.days:
        return Readings((), found.why)
    if clock is not None and said is not None:
        return _dated(slots, found, clock, said, now)
    return _in_parts(slots, slots.part, found, now) if slots.part else _all_day(slots, found, now)


def _checked(slots: Slots, found: Found) -> Found:
    """A date with its weekday said too: where they differ, both are offered."""
    day = slots.check_weekday
    if day is None or not found.days or any(one.weekday() == day for one in found.days):
        return found
    first = found.days[0]
    return Found((first, first + timedelta(days=(day - first.weekday()) % 7)), "ambiguous")


def _all_day(slots: Slots, found: Found, now: Now) -> Readings:
    length = slots.lasting.length if slots.lasting else None
    days = length.days if length and length.of_days() else 0
    options = []
    for day in found.days:
        end = _midnight(day + timedelta(days=days)) if days else None
        options.append(Reading(_midnight(day), end, all_day=True, assumed=found.assumed, precision="day"))
    if found.why == "past" and found.days[0] < now.today:
        following = _next_such_day(slots.dates[0], found.days[0], now.today)
        options = [] if following is None else [Reading(_midnight(following), all_day=True, precision="day")]
        return Readings(tuple(options), "past")
    return Readings(tuple(options), found.why)


def _undated(slots: Slots, clock: Clock | None, said: Minutes | None, now: Now) -> Readings:
    """A time without a day: the next such time, or a question where today's other half of the day is as likely."""
    if clock is None or said is None:
        return _part_alone(slots, now)
    starts = _next_starts(clock, said, now)
    assumed = ("date", "am_pm") if said.guessed else ("date",)
    return Readings(tuple(_timed(slots, start, assumed) for start in starts), "ambiguous" if len(starts) > 1 else "")


def _next_starts(clock: Clock, said: Minutes, now: Now) -> list[datetime]:
    today, tomorrow = _midnight(now.today), _midnight(now.today + _DAY)
    coming = [start for start in (today + timedelta(minutes=m) for m in said.options) if not now.is_past(start)]
    likely = timedelta(minutes=said.options[0])
    if len(said.options) == 1:
        return coming[:1] or [tomorrow + likely]
    if clock.hour == UNDECIDED:
        return sorted(coming)[:1] or [tomorrow + timedelta(minutes=m) for m in said.options]
    if today + likely in coming:
        small = now.local.hour * 60 + now.local.minute < NIGHT_ENDS and min(said.options) < NIGHT_ENDS
        return sorted(coming) if small and len(coming) > 1 else [today + likely]
    return [*coming, tomorrow + likely]


def _part_alone(slots: Slots, now: Now) -> Readings:
    if slots.part is None:
        return Readings((), "no_time")
    for day in (now.today, now.today + _DAY):
        start = _in_part(slots.part, day, now)
        if start is not None:
            return Readings((replace(_timed(slots, start, ("date", "time")), precision="part"),))
    return Readings((), "no_time")


def _in_part(part: DayPart, day: date, now: Now) -> datetime | None:
    """The usual time of that part of the day; later in it when that has passed."""
    times = (DEFAULTS[part.name], *LATER[part.name])
    starts = (_midnight(day) + timedelta(minutes=minute) for minute in times)
    return next((start for start in starts if not now.is_past(start)), None)


def _in_parts(slots: Slots, part: DayPart, found: Found, now: Now) -> Readings:
    starts = [_in_part(part, day, now) for day in found.days]
    assumed = (*found.assumed, "time")
    options = [replace(_timed(slots, start, assumed), precision="part") for start in starts if start]
    return _judged(options, found) if options else _over(slots, found, DEFAULTS[part.name], now)


def _dated(slots: Slots, found: Found, clock: Clock, said: Minutes, now: Now) -> Readings:
    is_today = found.days[0] == now.today
    night = slots.part is not None and slots.part.name in ("night", "tonight") and said.options[0] < NIGHT_ENDS
    if night and is_today and now.is_past(_midnight(now.today) + timedelta(minutes=said.options[0])):
        found = replace(found, days=(now.today + _DAY,))
    options_said = said.options if clock.hour == UNDECIDED or is_today else said.options[:1]
    assumed = (*found.assumed, "am_pm") if said.guessed else found.assumed
    every = [_midnight(day) + timedelta(minutes=m) for day in found.days for m in options_said]
    starts_to_come = [start for start in every if not now.is_past(start)]
    if not starts_to_come:
        return _over(slots, found, said.options[0], now)
    if is_today and len(said.options) > 1:
        likely = _midnight(now.today) + timedelta(minutes=said.options[0])
        if clock.hour != UNDECIDED:
            if likely not in starts_to_come and len(found.days) == 1:
                late = [*starts_to_come, likely + _DAY]
                return Readings(tuple(_timed(slots, start, assumed) for start in late), "past")
            starts_to_come = [s for s in starts_to_come if s.time() == likely.time()]
    return _judged([_timed(slots, start, assumed) for start in starts_to_come], found)


def _judged(options: list[Reading], found: Found) -> Readings:
    why = found.why or ("ambiguous" if len(options) > 1 else "")
    return Readings(tuple(options), why)


def _over(slots: Slots, found: Found, minute: int, now: Now) -> Readings:
    """It has passed: the next such time is offered."""
    at = timedelta(minutes=minute)
    day = found.days[0]
    while now.is_past(_midnight(day) + at):
        following = _next_such_day(slots.dates[0], day, now.today)
        if following is None:
            return Readings((), "past")
        day = following
    return Readings((_timed(slots, _midnight(day) + at, ()),), "past")


def _next_such_day(said: Date, day: date, today: date) -> date | None:
    """The next day after ``day``, and no earlier than today, that could have been meant."""
    match said:
        case Offset():
            return max(day + _DAY, today) if day >= today - _DAY else None
        case Weekday() | InWeek():
            return day + timedelta(days=7 * max(1, -(-(today - day).days // 7)))
        case MonthDay() if said.month is None:
            return None
        case MonthDay() | Nth():
            found = find(replace(said, year=None), max(today, day + _DAY))
            return found.days[0] if found.days else None
    return None


def _at_midnight(slots: Slots, now: Now) -> Readings:
    if not slots.dates:
        return Readings((_timed(slots, _midnight(now.today + _DAY), ()),))
    found = find(slots.dates[0], now.today)
    if not found.days:
        return Readings((), found.why)
    day = found.days[0]
    if day == now.today:
        return Readings((_timed(slots, _midnight(day + _DAY), ()),))
    if day < now.today:
        return _over(slots, found, 0, now)
    options = [_timed(slots, _midnight(one), ()) for one in (day, day + _DAY)]
    return Readings(tuple(options), "ambiguous")


def _timed(slots: Slots, start: datetime, assumed: tuple[str, ...]) -> Reading:
    return Reading(start, _end(slots, start), assumed=assumed)


def _end(slots: Slots, start: datetime) -> datetime | None:
    if slots.span is not None:
        minute = start.hour * 60 + start.minute
        return start + timedelta(minutes=until(minute, slots.span.last) - minute)
    if slots.lasting is not None:
        return start + timedelta(seconds=slots.lasting.length.total_s())
    return None


# Again and again


def _repeated(slots: Slots, every: Every, now: Now, hint: str) -> Readings:
    if slots.excepts:
        fewer = repeat.without(every, slots.excepts)
        if fewer is None:
            return Readings((), "not_understood")
        every = fewer
    if len(slots.dates) > 1:
        return Readings((), "too_many")
    every, said = repeat.with_date(every, slots.dates[0] if slots.dates else None)
    begins = _begins(said, now)
    if isinstance(begins, Readings):
        return begins
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
        options += _once(replace(slots, every=None, dates=(Offset(1),)), now, hint).options
    if not options:
        return Readings((), "not_understood")
    return Readings(tuple(options), "ambiguous" if len(options) > 1 else "")


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


def _series(slots: Slots, every: Every, begins: date, minute: int | None, now: Now, *, guessed: bool) -> Reading | None:
    assumed: tuple[str, ...] = ("am_pm",) if guessed else ()
    if slots.part is not None and not slots.times and not slots.span:
        assumed = ("time",)
    if every.freq == "HOURLY" and minute is None:
        start: datetime | None = (now.local + timedelta(hours=every.interval)).replace(second=0, microsecond=0)
    else:
        start = repeat.first(every, begins, minute, now.zone, now.instant)
    if start is None:
        return None
    if every.freq in ("WEEKLY", "MONTHLY", "YEARLY") and not (every.days or every.month_days or slots.dates):
        assumed = ("date", *assumed)
    every = repeat.on_start(every, start.date())
    all_day = minute is None and every.freq != "HOURLY"
    ending = _ending(slots, start)
    if ending is None:
        return None
    rule = repeat.ended(every, ending, start, now.zone, all_day=all_day)
    reading = _timed(replace(slots, lasting=None) if ending.length else slots, start, assumed)
    return replace(reading, all_day=all_day, rrule=rule, every=every, precision="day" if all_day else "minute")


def _ending(slots: Slots, start: datetime) -> repeat.Ending | None:
    if slots.count is not None:
        return repeat.Ending(count=slots.count)
    if slots.lasting is not None and slots.lasting.length.of_days():
        return repeat.Ending(length=slots.lasting.length)
    if slots.until is None:
        return repeat.Ending()
    said = slots.until.date
    day = first_day(said, start.date()) if slots.until.exclusive else _last_day(said, start.date())
    if day is None:
        return None
    last = day - _DAY if slots.until.exclusive else day
    return repeat.Ending(last=last) if last >= start.date() else None


def _last_day(said: Date, today: date) -> date | None:
    found = find(said, today)
    return found.days[-1] if found.days and found.days[-1] >= today else None
