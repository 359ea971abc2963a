"""What happens once: the days and times of day that a phrase can mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from planner.when.days import Found, find
from planner.when.hours import DEFAULTS, LATER, UNDECIDED, Minutes, minutes
from planner.when.reading import ONE_DAY, Now, Reading, Readings, midnight, timed
from planner.when.slots import Slots
from planner.when.values import (
    Clock,
    Date,
    DayPart,
    InWeek,
    Midnight,
    MonthDay,
    Nth,
    Offset,
    PartName,
    Vague,
    Weekday,
)

NIGHT_ENDS = 6 * 60

BOTH_DAYS = 2

LONGEST_SPAN = timedelta(hours=16)
"""From one hour to another over midnight: what would take longer is asked about."""


def once(slots: Slots, now: Now, hint: str) -> Readings:
    """The readings of one day and one time of day at most."""
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
    if day is None or not found.days or found.why == "past" or any(one.weekday() == day for one in found.days):
        return found
    first = found.days[0]
    return Found((first, first + timedelta(days=(day - first.weekday()) % 7)), "ambiguous")


def _all_day(slots: Slots, found: Found, now: Now) -> Readings:
    length = slots.lasting.length if slots.lasting else None
    days = length.days if length and length.of_days() else 0
    options = []
    for day in found.days:
        end = midnight(day + timedelta(days=days)) if days else None
        options.append(Reading(midnight(day), end, all_day=True, assumed=found.assumed, precision="day"))
    if found.why == "past" and found.days[0] < now.today:
        following = _next_such_day(slots.dates[0], found.days[0], now.today)
        options = [] if following is None else [Reading(midnight(following), all_day=True, precision="day")]
        return Readings(tuple(options), "past")
    whole = _whole_weekend(slots.dates[0], found) if not days else ()
    return Readings((*whole, *options), found.why)


def _whole_weekend(said: Date, found: Found) -> tuple[Reading, ...]:
    """Both days together, where both are still to come: what a weekend without a day mostly means."""
    if not isinstance(said, Vague) or said.unit != "weekend" or len(found.days) != BOTH_DAYS:
        return ()
    start, last = found.days
    return (Reading(midnight(start), midnight(last + ONE_DAY), all_day=True, precision="day"),)


def _undated(slots: Slots, clock: Clock | None, said: Minutes | None, now: Now) -> Readings:
    """A time without a day: the next such time, or a question where today's other half of the day is as likely."""
    if clock is None or said is None:
        return _part_alone(slots, now)
    starts = _next_starts(clock, said, now)
    assumed = ("date", "am_pm") if said.guessed else ("date",)
    options = [timed(slots, start, assumed) for start in starts]
    return Readings(tuple(options), "ambiguous" if len(starts) > 1 or _too_long(slots, options) else "")


def _too_long(slots: Slots, options: list[Reading]) -> bool:
    return slots.span is not None and any(one.end and one.end - one.start > LONGEST_SPAN for one in options)


def _next_starts(clock: Clock, said: Minutes, now: Now) -> list[datetime]:
    today, tomorrow = midnight(now.today), midnight(now.today + ONE_DAY)
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
    for day in (now.today, now.today + ONE_DAY):
        start = _in_part(slots.part, day, now, later=slots.part.name not in ("morning", "early"))
        if start is not None:
            return Readings((replace(timed(slots, start, ("date", "time")), precision="part"),))
    return Readings((), "no_time")


def sometime(slots: Slots, now: Now) -> Readings:
    """Later today: the parts of the day still to come, or an hour from now."""
    parts: tuple[PartName, ...] = ("afternoon", "evening", "night")
    starts = [midnight(now.today) + timedelta(minutes=DEFAULTS[part]) for part in parts]
    coming = [start for start in starts if start - now.local >= timedelta(minutes=30)]
    soon = (now.local + timedelta(hours=1)).replace(second=0, microsecond=0)
    options = [timed(slots, start, ("time",)) for start in (soon, *coming) if start == soon or start > soon]
    return Readings(tuple(replace(option, precision="part") for option in options), "ambiguous")


def _in_part(part: DayPart, day: date, now: Now, *, later: bool = True) -> datetime | None:
    """The usual time of that part of the day; ``later`` in it when that has passed."""
    times = (DEFAULTS[part.name], *(LATER[part.name] if later else ()))
    starts = (midnight(day) + timedelta(minutes=minute) for minute in times)
    return next((start for start in starts if not now.is_past(start)), None)


def _in_parts(slots: Slots, part: DayPart, found: Found, now: Now) -> Readings:
    starts = [_in_part(part, day, now) for day in found.days]
    assumed = (*found.assumed, "time")
    options = [replace(timed(slots, start, assumed), precision="part") for start in starts if start]
    return _judged(options, found) if options else _over(slots, found, DEFAULTS[part.name], now)


def _dated(slots: Slots, found: Found, clock: Clock, said: Minutes, now: Now) -> Readings:
    is_today = found.days[0] == now.today
    night = slots.part is not None and slots.part.name in ("night", "tonight") and said.options[0] < NIGHT_ENDS
    if night and is_today and now.is_past(midnight(now.today) + timedelta(minutes=said.options[0])):
        found = replace(found, days=(now.today + ONE_DAY,))
    options_said = said.options if clock.hour == UNDECIDED or is_today else said.options[:1]
    assumed = (*found.assumed, "am_pm") if said.guessed else found.assumed
    every = [midnight(day) + timedelta(minutes=m) for day in found.days for m in options_said]
    starts_to_come = [start for start in every if not now.is_past(start)]
    if not starts_to_come:
        return _over(slots, found, said.options[0], now)
    if is_today and len(said.options) > 1:
        likely = midnight(now.today) + timedelta(minutes=said.options[0])
        if clock.hour != UNDECIDED:
            if likely not in starts_to_come and len(found.days) == 1:
                late = [*starts_to_come, likely + ONE_DAY]
                return Readings(tuple(timed(slots, start, assumed) for start in late), "past")
            starts_to_come = [s for s in starts_to_come if s.time() == likely.time()]
    options = [timed(slots, start, assumed) for start in starts_to_come]
    return _judged(options, replace(found, why=found.why or "ambiguous") if _too_long(slots, options) else found)


def _judged(options: list[Reading], found: Found) -> Readings:
    why = found.why or ("ambiguous" if len(options) > 1 else "")
    return Readings(tuple(options), why)


def _over(slots: Slots, found: Found, minute: int, now: Now) -> Readings:
    """It has passed: the next such time is offered."""
    at = timedelta(minutes=minute)
    day = found.days[0]
    while now.is_past(midnight(day) + at):
        following = _next_such_day(slots.dates[0], day, now.today)
        if following is None:
            return Readings((), "past")
        day = following
    return Readings((timed(slots, midnight(day) + at, ()),), "past")


def _next_such_day(said: Date, day: date, today: date) -> date | None:
    """The next day after ``day``, and no earlier than today, that could have been meant."""
    match said:
        case Offset():
            return max(day + ONE_DAY, today) if day >= today - ONE_DAY else None
        case Weekday() | InWeek():
            return day + timedelta(days=7 * max(1, -(-(today - day).days // 7)))
        case MonthDay() if said.month is None:
            return None
        case MonthDay() | Nth():
            found = find(replace(said, year=None, shift=None), max(today, day + ONE_DAY))
            return found.days[0] if found.days else None
    return None


def _at_midnight(slots: Slots, now: Now) -> Readings:
    if not slots.dates:
        return Readings((timed(slots, midnight(now.today + ONE_DAY), ()),))
    found = find(slots.dates[0], now.today)
    if not found.days:
        return Readings((), found.why)
    day = found.days[0]
    if day == now.today:
        return Readings((timed(slots, midnight(day + ONE_DAY), ()),))
    if day < now.today:
        return _over(slots, found, 0, now)
    options = [timed(slots, midnight(one), ()) for one in (day, day + ONE_DAY)]
    return Readings(tuple(options), "ambiguous")
