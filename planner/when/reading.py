"""One way to understand a phrase, on a naive wall clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from planner.recur import local_instant, local_time
from planner.when.days import find
from planner.when.hours import minutes, until
from planner.when.phrase import Precision
from planner.when.slots import Slots
from planner.when.values import (
    Every,
)

ONE_DAY = timedelta(days=1)


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
    """One way to understand a phrase: naive wall-clock times. ``until``: its end was said by the clock, too."""

    start: datetime
    end: datetime | None = None
    all_day: bool = False
    every: Every | None = None
    rrule: str | None = None
    assumed: tuple[str, ...] = ()
    precision: Precision = "minute"
    instant: int | None = None
    excluded: tuple[date, ...] = ()
    until: bool = False


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings, and ``why`` they are no plain answer: ``past``, ``no_day``, ``ambiguous``, …, or nothing."""

    options: tuple[Reading, ...]
    why: str = ""


def midnight(day: date) -> datetime:
    """The beginning of a day."""
    return datetime.combine(day, time())


def timed(slots: Slots, start: datetime, assumed: tuple[str, ...]) -> Reading:
    """A reading that starts at a time of day, and ends as was said."""
    return Reading(start, _end(slots, start), assumed=assumed, until=bool(slots.span or slots.ends))


def _end(slots: Slots, start: datetime) -> datetime | None:
    if slots.span is not None:
        minute = start.hour * 60 + start.minute
        return start + timedelta(minutes=until(minute, slots.span.last) - minute)
    if slots.ends is not None:
        day = find(slots.ends.date, start.date() + ONE_DAY).days
        last = minutes(slots.ends.clock)
        return midnight(day[0]) + timedelta(minutes=last.options[0]) if day and last else None
    if slots.lasting is not None:
        return start + timedelta(seconds=slots.lasting.length.total_s())
    return None
