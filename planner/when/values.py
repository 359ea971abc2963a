"""What the words of a phrase mean before it is known what day it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MINUTE, HOUR, DAY, WEEK = 60, 3_600, 86_400, 604_800
"""Seconds."""

Half = Literal["", "am", "pm", "24"]
PartName = Literal["morning", "afternoon", "evening", "night", "tonight", "early", "midday", "closing"]
Unit = Literal["second", "minute", "hour", "day", "week", "month", "year"]
Which = Literal["soon", "this", "next", "last"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day. ``half`` is empty where 1 to 12 could be either half of the day. ``hour`` 24 is the day's end."""

    hour: int
    minute: int
    half: Half


@dataclass(frozen=True, slots=True)
class OneOf:
    """The times said beside it are alternatives."""


@dataclass(frozen=True, slots=True)
class Midnight:
    """Midnight, which belongs to two days."""


@dataclass(frozen=True, slots=True)
class DayPart:
    """Morning, afternoon, evening or night; ``closing`` is when the day's work ends."""

    name: PartName


@dataclass(frozen=True, slots=True)
class Span:
    """From one time of day to another."""

    first: Clock
    last: Clock


@dataclass(frozen=True, slots=True)
class Ends:
    """The day and time at which something that goes over several days ends."""

    date: Date
    clock: Clock


@dataclass(frozen=True, slots=True)
class Length:
    """A duration: calendar months and days, and seconds."""

    months: int
    days: int
    seconds: int

    def total_s(self) -> int:
        """Seconds, a month being thirty days."""
        return (self.months * 30 + self.days) * DAY + self.seconds

    def of_days(self) -> bool:
        """Whether it counts whole days only."""
        return self.seconds == 0


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long the event lasts, or how long its repetition goes on; ``daily``: on each of so many days."""

    length: Length
    daily: bool = False


@dataclass(frozen=True, slots=True)
class HoursOrClock:
    """Words that are a length beside a time of day, and without one a time: "на 2 часа", "в течение двух часов"."""

    clock: Clock | Elapsed
    length: Length


@dataclass(frozen=True, slots=True)
class Elapsed:
    """An instant, so long from now."""

    length: Length


@dataclass(frozen=True, slots=True)
class Offset:
    """So many months and days from today. ``owns``: "tomorrow's", which may be the title's word."""

    days: int
    months: int = 0
    owns: bool = False


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week (Monday 0); ``weeks`` are added to it. ``owns``: "Friday's", which may be the title's word."""

    day: int
    which: Which = "soon"
    weeks: int = 0
    owns: bool = False


@dataclass(frozen=True, slots=True)
class InWeek:
    """A week, counted from this one, and perhaps a day in it; ``rough``: only about where in the week was said.

    ``near``: such a day nearest to so many weeks from today, over the weekend too.
    """

    weeks: int
    day: int | None = None
    rough: bool = False
    near: bool = False


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A date; without ``month``, in the month ``shift`` months on, or the next that is still to come.

    ``feast``: named for what is celebrated then, which may be the title's word.
    """

    day: int
    month: int | None = None
    year: int | None = None
    shift: int | None = None
    feast: bool = False


@dataclass(frozen=True, slots=True)
class Nth:
    """The n-th (-1: last) such weekday of a month."""

    n: int
    day: int
    month: int | None = None
    year: int | None = None
    shift: int | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """The first or last day of a week, month or year; without ``shift``, of the next that has it to come."""

    last: bool
    unit: Unit
    month: int | None = None
    shift: int | None = None


@dataclass(frozen=True, slots=True)
class Vague:
    """A week, weekend, month or year without a day; ``of``: a day in the week of the weekend that is meant."""

    unit: Literal["week", "weekend", "month", "year"]
    month: int | None = None
    shift: int = 0
    year: int | None = None
    of: Date | None = None


@dataclass(frozen=True, slots=True)
class Either:
    """Two ways to read one date."""

    options: tuple[MonthDay, ...]


@dataclass(frozen=True, slots=True)
class Workday:
    """The n-th (-1: last) Monday to Friday of a month, by default of the next that has it to come."""

    n: int
    month: int | None = None
    shift: int | None = None


@dataclass(frozen=True, slots=True)
class Workdays:
    """So many Mondays to Fridays from today."""

    count: int


@dataclass(frozen=True, slots=True)
class Shifted:
    """So many days after (or before) another day."""

    of: Date
    days: int


Date = Offset | Weekday | InWeek | MonthDay | Nth | Edge | Vague | Either | Workday | Workdays | Shifted


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both included."""

    first: Date
    last: Date


IN_A_DAY = -1
"""``Every.either``: every other day, or once, in a day."""

Freq = Literal["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"]


@dataclass(frozen=True, slots=True)
class Every:
    """A repetition.

    ``nth`` goes with ``days``: which of them in the month; ``of_all``: which of all of them together in the month.
    ``either`` marks what has two readings: "every second tuesday" (every other week, or the second of the month), or
    :data:`IN_A_DAY`.
    """

    freq: Freq
    interval: int = 1
    days: tuple[int, ...] = ()
    nth: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    month: int | None = None
    either: int = 0
    of_all: int = 0


@dataclass(frozen=True, slots=True)
class Except:
    """Weekdays that a repetition leaves out."""

    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ExceptDates:
    """Days that a repetition leaves out."""

    dates: tuple[Date | Days, ...]


@dataclass(frozen=True, slots=True)
class Until:
    """The last day of a repetition; ``exclusive`` when only its end was meant."""

    date: Date
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """How often in all."""

    count: int


@dataclass(frozen=True, slots=True)
class Leads:
    """How long before the start to remind, in seconds, in the order said.

    ``bare``: without a word for reminding, so that it takes a time of day to be before.
    """

    seconds: tuple[int, ...]
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Silent:
    """No reminder is wanted."""


@dataclass(frozen=True, slots=True)
class AllDay:
    """Said to take the whole day."""


@dataclass(frozen=True, slots=True)
class Sometime:
    """Later today, or as soon as possible: today, at a time that is not said."""


@dataclass(frozen=True, slots=True)
class Zone:
    """An IANA zone."""

    name: str


@dataclass(frozen=True, slots=True)
class Important:
    """Said to be important."""


@dataclass(frozen=True, slots=True)
class Filler:
    """Words that ask for a reminder and say nothing about it.

    ``anywhere``: also inside the title. ``unless``: words that make it the title's own: "put the bins out".
    """

    anywhere: bool = False
    unless: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Bad:
    """Words about time that cannot be: an hour that no day has, a date that no year has, "in a few days"."""

    why: str = "not_understood"


Value = (
    Clock
    | Midnight
    | OneOf
    | DayPart
    | Span
    | Ends
    | Lasting
    | HoursOrClock
    | Elapsed
    | Offset
    | Weekday
    | InWeek
    | MonthDay
    | Nth
    | Edge
    | Vague
    | Either
    | Workday
    | Workdays
    | Shifted
    | Days
    | Every
    | Except
    | ExceptDates
    | Until
    | Times
    | Leads
    | Silent
    | Sometime
    | AllDay
    | Zone
    | Important
    | Filler
    | Bad
)
