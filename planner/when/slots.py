"""What a phrase said, each thing in its slot."""

from __future__ import annotations

from dataclasses import dataclass, replace

from planner.when.values import (
    AllDay,
    Bad,
    Clock,
    Date,
    DayPart,
    Days,
    Edge,
    Either,
    Elapsed,
    Ends,
    Every,
    Except,
    ExceptDates,
    Filler,
    HoursOrClock,
    Important,
    InWeek,
    Lasting,
    Leads,
    Length,
    Midnight,
    MonthDay,
    Nth,
    Offset,
    OneOf,
    Shifted,
    Silent,
    Sometime,
    Span,
    Times,
    Until,
    Vague,
    Value,
    Weekday,
    Workday,
    Workdays,
    Zone,
)

DATES = (Offset, Weekday, InWeek, MonthDay, Nth, Edge, Vague, Either, Workday, Workdays, Shifted)
_KINDS: dict[type, str] = {
    **dict.fromkeys((*DATES, Days), "date"),
    **dict.fromkeys((Clock, Midnight, Span, Ends, OneOf), "time"),
    DayPart: "part of day",
    Elapsed: "elapsed",
    Sometime: "elapsed",
    Every: "repeat",
    Except: "except",
    ExceptDates: "except",
    Until: "until",
    Times: "times",
    Lasting: "length",
    HoursOrClock: "length",
    Leads: "lead",
    Silent: "lead",
    AllDay: "all day",
    Zone: "zone",
    Important: "important",
    Filler: "filler",
    Bad: "unclear",
}


@dataclass(frozen=True, slots=True)
class Slots:
    """What was said, each thing once. ``dates`` and ``times`` hold several where they were joined by "or".

    ``feast``: the day of the feast that the title names.
    """

    dates: tuple[Date, ...] = ()
    days: Days | None = None
    check_weekday: int | None = None
    times: tuple[Clock | Midnight, ...] = ()
    span: Span | None = None
    ends: Ends | None = None
    part: DayPart | None = None
    elapsed: tuple[Length, ...] = ()
    sometime: bool = False
    every: Every | None = None
    excepts: tuple[int, ...] = ()
    except_dates: tuple[Date | Days, ...] = ()
    until: Until | None = None
    count: int | None = None
    lasting: Lasting | None = None
    leads: tuple[int, ...] = ()
    silent: bool = False
    zone: str | None = None
    important: bool = False
    many: bool = False
    one_of: bool = False
    feast: Date | None = None


def kind(value: Value) -> str:
    """The word for what a value is about."""
    return _KINDS[type(value)]


def with_value(slots: Slots, value: Value) -> Slots:
    match value:
        case Days():
            return replace(slots, days=value)
        case Clock() | Midnight():
            return replace(slots, times=(*slots.times, value))
        case OneOf():
            return replace(slots, one_of=True)
        case Span():
            return replace(slots, span=value)
        case Ends():
            return replace(slots, ends=value)
        case DayPart():
            return replace(slots, part=value)
        case Elapsed():
            return replace(slots, elapsed=(*slots.elapsed, value.length))
        case Sometime():
            return replace(slots, sometime=True)
        case Every():
            return replace(slots, every=together(slots.every, value) if slots.every else value)
        case Except():
            return replace(slots, excepts=tuple(dict.fromkeys((*slots.excepts, *value.days))))
        case ExceptDates():
            return replace(slots, except_dates=(*slots.except_dates, *value.dates))
        case Until():
            return replace(slots, until=value)
        case Times():
            return replace(slots, count=value.count)
        case Lasting():
            return replace(slots, lasting=value)
        case Leads():
            return replace(slots, leads=tuple(dict.fromkeys((*slots.leads, *value.seconds))))
        case Silent():
            return replace(slots, silent=True)
        case Zone():
            return replace(slots, zone=value.name)
        case Important():
            return replace(slots, important=True)
        case Filler() | Bad() | HoursOrClock() | AllDay():
            return slots
    return with_date(slots, value)


def together(one: Every, other: Every) -> Every:
    """A repetition said in two pieces: "biweekly … on mondays"; else the later counts."""
    bare = replace(one, interval=1) == Every(one.freq) and not one.either
    return replace(other, interval=one.interval) if bare and one.freq == other.freq and other.interval == 1 else other


def with_date(slots: Slots, said: Date) -> Slots:
    for at, other in enumerate(slots.dates):
        merged = merge(other, said)
        if merged is not None:
            day = next((d.day for d in (other, said) if isinstance(d, Weekday) and d.which == "soon"), None)
            checks = day if not isinstance(merged, Weekday | InWeek) else slots.check_weekday
            return replace(slots, dates=(*slots.dates[:at], merged, *slots.dates[at + 1 :]), check_weekday=checks)
    return replace(slots, dates=(*slots.dates, said))


def merge(a: Date, b: Date) -> Date | None:
    """Two dates that say one day together; ``None`` when they do not."""
    if a == b:
        return a
    for one, two in ((a, b), (b, a)):
        match one, two:
            case Vague(unit="weekend"), Weekday(day=5 | 6):
                return InWeek(one.shift, two.day)
            case InWeek(day=None), Weekday():
                return InWeek(one.weeks, two.day)
            case Offset(months=0), Weekday(which="soon", weeks=0) if one.days >= 7 and one.days % 7 == 0:
                return InWeek(one.days // 7, two.day, near=one.days == 7)
            case Vague(unit="month"), MonthDay(month=None):
                return MonthDay(two.day, one.month, one.year, shift=None if one.month else one.shift)
            case Vague(unit="year"), MonthDay(year=None):
                return replace(two, shift=None, year=None) if not one.shift else _year_later(two)
            case ((MonthDay() | Offset()), Weekday(which="soon", weeks=0)):
                return one
    return None


def _year_later(said: MonthDay) -> Date | None:
    return None if said.month is None else Either((said,))
