"""The time that a report is about: a week, a month or any other, on the wall clock of a zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from planner.due import day_of, knows, wall, zone_info
from planner.model import DAY, SECOND
from planner.recur import local_instant

DAYS_MAX = 3_700
"""Ten years: a report is for people."""
ZONES, WEEKS, MONTHS, RANGES = (
    f"an example: {asked}"
    for asked in (
        "--tz Europe/Berlin",
        "--week 2026-W47",
        "--month 2026-11",
        "--from 2026-11-01 --to 2026-11-15T12:00",
    )
)
BY_DAY_MAX, BY_WEEK_MAX = 62, 400
"""So many days are shown one by one, so many by the week; longer ones by the month."""
_WEEK = re.compile(r"\d{4}-W\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")
WEEK_DAYS, MONTH_DAYS_MAX = 7, 31


@dataclass(frozen=True, slots=True)
class Period:
    """Instants in UTC ms, ``begin <= t < end``; ``before`` is when the time of the same kind before it begins."""

    name: str
    begin: int
    end: int
    before: int
    zone: str

    def until(self, now: int) -> int:
        """When it ends, or ``now`` where that is earlier; never before it begins."""
        return max(self.begin, min(self.end, now))


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a period that is shown as one: ``begin <= t < end`` in UTC ms, and the day on which it begins."""

    begin: int
    end: int
    day: date


def read(
    now: int, zone: str, *, week: str | None = None, month: str | None = None,
    begin: str | None = None, end: str | None = None,
) -> Period:  # fmt: skip
    """What was asked for; without anything the last week that is over.

    Raises ``ValueError`` with the fault and an example.
    """
    if not knows(zone):
        raise ValueError(f"no zone is called {zone!r}; {ZONES}")
    if sum(one is not None for one in (week, month, begin or end)) > 1:
        raise ValueError(f"one of --week, --month, and --from with --to; {MONTHS}")
    try:
        if month is not None:
            return _month(month, zone)
        if begin is not None or end is not None:
            return _range(begin, end, zone, now)
        return _week(_last_week(now, zone) if week is None else _monday(week), zone)
    except OverflowError:
        raise ValueError(f"that lies beyond the calendar; {RANGES if begin else MONTHS if month else WEEKS}") from None


def _last_week(now: int, zone: str) -> date:
    today = day_of(now, zone)
    return today - timedelta(days=today.weekday() + WEEK_DAYS)


def _monday(text: str) -> date:
    return _date(f"{text}-1", f"{text!r} is no week; {WEEKS}", _WEEK.fullmatch(text))


def _date(text: str, fault: str, right: object) -> date:
    try:
        if right:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(fault)


def _week(monday: date, zone: str) -> Period:
    year, number, _ = monday.isocalendar()
    days = timedelta(days=WEEK_DAYS)
    begin, end, before = (wall(day, 0, zone) for day in (monday, monday + days, monday - days))
    return Period(f"Week {number} of {year}", begin, end, before, zone)


def _month(text: str, zone: str) -> Period:
    first = _date(f"{text}-01", f"{text!r} is no month; {MONTHS}", _MONTH.fullmatch(text))
    days = (first, _next_month(first), (first - timedelta(days=1)).replace(day=1))
    begin, end, before = (wall(day, 0, zone) for day in days)
    return Period(f"{first:%B} {first.year}", begin, end, before, zone)


def _next_month(first: date) -> date:
    return (first + timedelta(days=MONTH_DAYS_MAX)).replace(day=1)


def _range(begin: str | None, end: str | None, zone: str, now: int) -> Period:
    if begin is None:
        raise ValueError(f"--to needs --from; {RANGES}")
    after, before = _instant(begin, zone), now if end is None else _instant(end, zone)
    if before <= after:
        raise ValueError(f"--to is not after --from; {RANGES}")
    if before - after > DAYS_MAX * DAY:
        raise ValueError(f"that is more than {DAYS_MAX} days; {RANGES}")
    first, last = _named(after, zone), _named(_last(before, zone), zone)
    name = first if first == last else f"{first} to {last}"
    return Period(name, after, before, 2 * after - before, zone)


def _instant(text: str, zone: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no date or time; {RANGES}") from None
    return local_instant(moment, zone) if moment.tzinfo is None else round(moment.timestamp() * SECOND)


def _last(end: int, zone: str) -> int:
    """What is said to be the end: the last day, where it ends with one."""
    day = wall(day_of(end, zone), 0, zone)
    return wall(day_of(end - 1, zone), 0, zone) if day == end else end


def _named(at: int, zone: str) -> str:
    local = datetime.fromtimestamp(at / SECOND, zone_info(zone))
    clock = "" if (local.hour, local.minute) == (0, 0) else f", {local:%H:%M}"
    return f"{local.day} {local:%b} {local.year}{clock}"


def unit(period: Period) -> str:
    """What a slice of it is called: ``day``, ``week`` or ``month``."""
    days = (period.end - period.begin) / DAY
    return "day" if days <= BY_DAY_MAX else "week" if days <= BY_WEEK_MAX else "month"


def slices(period: Period) -> list[Slice]:
    """The period in parts that follow each other, cut at local midnights: days of 23 to 25 hours, weeks to Sunday."""
    step, day = unit(period), day_of(period.begin, period.zone)
    found, begin = [], period.begin
    while begin < period.end:
        following = _following(day, step)
        end = min(wall(following, 0, period.zone), period.end)
        found.append(Slice(begin, end, day))
        begin, day = end, following
    return found


def _following(day: date, step: str) -> date:
    if step == "month":
        return _next_month(day.replace(day=1))
    return day + timedelta(days=1 if step == "day" else WEEK_DAYS - day.weekday())
