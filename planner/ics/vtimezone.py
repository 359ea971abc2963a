"""The rules of an IANA zone as a VTIMEZONE (RFC 5545, section 3.6.5), for programs that know it by no name. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from planner.due import zone_info
from planner.rrule import DAYS

LAST_YEAR = 2065
"""So far ahead changes of the clock are looked at. Those that come every year by then are written as a rule."""
SURE_YEARS = 28
"""After so many years days of the week fall on the same dates again: a rule that held for so long is one."""

_STEP = timedelta(days=10)
_SECOND = timedelta(seconds=1)


class _Kind(NamedTuple):
    """How a clock changes: its offsets from UTC before and after, and what it is called then."""

    before: timedelta
    after: timedelta
    name: str
    summer: bool


class _Change(NamedTuple):
    """A change of the clock, at the time that it shows just before."""

    onset: datetime
    kind: _Kind


@lru_cache(maxsize=64)
def vtimezone(zone: str, first_year: int) -> tuple[str, ...]:
    """The lines of a zone's VTIMEZONE, right from the beginning of a year on."""
    begin = datetime(first_year, 1, 1, tzinfo=UTC)
    changes = list(_changes(zone, begin))
    shown = begin.astimezone(zone_info(zone))
    kind = _kind(shown, shown)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}", *_observance(kind, [begin.replace(tzinfo=None)], None)]
    for one, of_kind in groupby(sorted(changes, key=lambda change: change.kind), key=lambda change: change.kind):
        onsets = sorted(change.onset for change in of_kind)
        lines += _observances(one, onsets)
    return (*lines, "END:VTIMEZONE")


def _changes(zone: str, begin: datetime) -> Iterator[_Change]:
    tz, end = zone_info(zone), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    at, was = begin, begin.astimezone(tz)
    while at < end:
        then = at + _STEP
        shows = then.astimezone(tz)
        if _clock(shows) != _clock(was):
            then = _first(at, then, zone)
            shows = then.astimezone(tz)
            before = (then - _SECOND).astimezone(tz)
            offset = before.utcoffset() or timedelta()
            yield _Change(then.replace(tzinfo=None) + offset, _kind(before, shows))
        at, was = then, shows


def _first(low: datetime, high: datetime, zone: str) -> datetime:
    """When the clock changes from what it is at ``low``: the first second."""
    tz = zone_info(zone)
    was = _clock(low.astimezone(tz))
    while high - low > _SECOND:
        middle = low + (high - low) // 2 // _SECOND * _SECOND
        low, high = (middle, high) if _clock(middle.astimezone(tz)) == was else (low, middle)
    return high


def _clock(local: datetime) -> tuple[timedelta | None, str | None, bool]:
    return local.utcoffset(), local.tzname(), bool(local.dst())


def _kind(before: datetime, after: datetime) -> _Kind:
    nothing = timedelta()
    return _Kind(before.utcoffset() or nothing, after.utcoffset() or nothing, after.tzname() or "", bool(after.dst()))


def _observances(kind: _Kind, onsets: Sequence[datetime]) -> Iterator[str]:
    """Changes of one kind: the yearly ones at the end by their rule, others by their dates."""
    for size in range(len(onsets), SURE_YEARS - 1, -1):
        if rule := _rule(onsets[-size:]):
            yield from _observance(kind, onsets[:-size], None)
            yield from _observance(kind, onsets[-size:][:1], rule)
            return
    yield from _observance(kind, onsets, None)


def _rule(onsets: Sequence[datetime]) -> str | None:
    """What these have in common, if they come every year on a day of the week within the same seven dates."""
    first, last = onsets[0], onsets[-1]
    regular = [one.year for one in onsets] == list(range(first.year, LAST_YEAR + 1))
    if not regular or len({(one.month, one.weekday(), one.time()) for one in onsets}) > 1:
        return None
    days = {one.day for one in onsets}
    low, high = min(days), max(days)
    if high - low != 6 or last.month == 2:
        return None
    month, day = f"FREQ=YEARLY;BYMONTH={last.month}", DAYS[last.weekday()]
    month_end = (last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if high == month_end.day:
        return f"{month};BYDAY=-1{day}"
    if low % 7 == 1:
        return f"{month};BYDAY={low // 7 + 1}{day}"
    return f"{month};BYMONTHDAY={','.join(map(str, range(low, high + 1)))};BYDAY={day}"


def _observance(kind: _Kind, onsets: Sequence[datetime], rule: str | None) -> Iterator[str]:
    if not onsets:
        return
    name = "DAYLIGHT" if kind.summer else "STANDARD"
    yield f"BEGIN:{name}"
    yield f"DTSTART:{onsets[0]:%Y%m%dT%H%M%S}"
    if rule is not None:
        yield f"RRULE:{rule}"
    if onsets[1:]:
        yield f"RDATE:{_list(onsets[1:])}"
    yield f"TZNAME:{kind.name}"
    yield f"TZOFFSETFROM:{_offset(kind.before)}"
    yield f"TZOFFSETTO:{_offset(kind.after)}"
    yield f"END:{name}"


def _list(onsets: Iterable[datetime]) -> str:
    return ",".join(f"{one:%Y%m%dT%H%M%S}" for one in onsets)


def _offset(offset: timedelta) -> str:
    seconds = round(offset.total_seconds())
    sign, rest = "-" if seconds < 0 else "+", abs(seconds)
    clock = f"{sign}{rest // 3600:02}{rest // 60 % 60:02}"
    return f"{clock}{rest % 60:02}" if rest % 60 else clock
