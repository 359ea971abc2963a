"""A repetition as a rule (RFC 5545), and the day it begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from planner.due import zone_info
from planner.recur import local_instant, local_time, next_occurrence
from planner.rrule import DAYS
from planner.when.values import Date, Every, InWeek, Length, MonthDay, Nth, Weekday

ALL_DAYS = tuple(range(7))


@dataclass(frozen=True, slots=True)
class Ending:
    """How a repetition ends: after ``count`` times, with ``last``, or after ``length``."""

    count: int | None = None
    last: date | None = None
    length: Length | None = None


def with_date(every: Every, said: Date | None) -> tuple[Every, Date | None]:
    """A repetition and the date beside it: "every week … on friday". What is left of the date is where it begins."""
    bare = not (every.days or every.month_days)
    if every.freq == "WEEKLY" and bare and isinstance(said, Weekday) and said.which == "soon" and not said.weeks:
        return replace(every, days=(said.day,)), None
    if every.freq == "WEEKLY" and bare and isinstance(said, InWeek) and said.day is not None:
        return replace(every, days=(said.day,)), said
    if every.freq == "MONTHLY" and bare and isinstance(said, MonthDay) and said.month is None:
        return replace(every, month_days=(said.day,)), None
    if (
        every.freq in ("MONTHLY", "YEARLY")
        and bare
        and isinstance(said, Nth)
        and (said.month or every.freq == "MONTHLY")
    ):
        return replace(every, days=(said.day,), nth=(said.n,), month=said.month), None
    if every.freq == "YEARLY" and bare and isinstance(said, MonthDay) and said.month:
        left = said if said.year else None
        return replace(every, month_days=(said.day,), month=said.month), left
    return every, said


def without(every: Every, days: tuple[int, ...]) -> Every | None:
    """A repetition less some weekdays; ``None`` when nothing is left, or they are no part of it."""
    own = every.days or (ALL_DAYS if every.freq == "DAILY" and every.interval == 1 else ())
    left = tuple(day for day in own if day not in days)
    if not left or (every.freq != "WEEKLY" and not own):
        return None
    return replace(every, freq="WEEKLY", days=left)


def on_start(every: Every, start: date) -> Every:
    """The repetition with the day it takes from its start said outright."""
    if every.days or every.month_days:
        return every
    match every.freq:
        case "WEEKLY":
            return replace(every, days=(start.weekday(),))
        case "MONTHLY":
            return replace(every, month_days=(start.day,))
        case "YEARLY":
            return replace(every, month_days=(start.day,), month=start.month)
    return every


def rule(every: Every) -> str:
    """The RFC 5545 value, without an end."""
    parts = [f"FREQ={every.freq}"]
    if every.interval > 1:
        parts.append(f"INTERVAL={every.interval}")
    if every.days:
        numbers = every.nth if len(every.nth) == len(every.days) else (every.nth or ("",)) * len(every.days)
        parts.append("BYDAY=" + ",".join(f"{n}{DAYS[day]}" for n, day in zip(numbers, every.days, strict=False)))
    if every.month_days:
        parts.append("BYMONTHDAY=" + ",".join(map(str, every.month_days)))
    if every.of_all:
        parts.append(f"BYSETPOS={every.of_all}")
    if every.month:
        parts.append(f"BYMONTH={every.month}")
    return ";".join(parts)


def ended(every: Every, ending: Ending, start: datetime, zone: str, *, all_day: bool) -> str:
    """The rule with its end, which holds for a start at the naive ``start`` in ``zone``."""
    text = rule(every)
    if ending.count is not None:
        return f"{text};COUNT={ending.count}"
    last = ending.last
    if ending.length is not None:
        count = _count(every, ending.length)
        if count is not None:
            return f"{text};COUNT={count}"
        last = (start + timedelta(seconds=ending.length.total_s()) - timedelta(days=1)).date()
    if last is None:
        return text
    if all_day:
        return f"{text};UNTIL={last:%Y%m%d}"
    end = datetime.combine(last, time(23, 59, 59)).replace(tzinfo=zone_info(zone)).astimezone(UTC)
    return f"{text};UNTIL={end:%Y%m%dT%H%M%SZ}"


def _count(every: Every, length: Length) -> int | None:
    """How many times "for three weeks" is, where that does not depend on the day it begins."""
    days = length.days
    match every.freq:
        case "DAILY" if days and not length.months:
            return -(-days // every.interval)
        case "WEEKLY" if days and days % (7 * every.interval) == 0 and not length.months:
            return days // (7 * every.interval) * max(1, len(every.days))
        case "MONTHLY" if length.months and length.months % every.interval == 0 and not days:
            return length.months // every.interval
        case "YEARLY" if length.months and length.months % (12 * every.interval) == 0 and not days:
            return length.months // (12 * every.interval)
    return None


def first(every: Every, begins: date, minute: int | None, zone: str, now: int) -> datetime | None:
    """The naive start of the first occurrence from ``begins`` on and, where it has a time, after ``now``."""
    at = datetime.combine(begins, time()) + timedelta(minutes=minute or 0)
    once = rule(every if every.freq == "HOURLY" else replace(every, interval=1))
    after = local_instant(at, zone) if minute is None else max(local_instant(at, zone), now + 1)
    found = next_occurrence(at.isoformat(timespec="seconds"), zone, once, after)
    if found is None:
        return None
    if every.freq == "HOURLY":
        return local_time(found, zone)
    # The wall clock of the rule, not what a day without that time makes of it.
    shown = datetime.combine(local_time(found, zone), at.time())
    return shown if local_instant(shown, zone) == found else shown - timedelta(days=1)
