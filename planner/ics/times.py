"""Dates, times, durations and periods as iCalendar writes them (RFC 5545, section 3.3), and instants of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from planner import recur
from planner.ics.properties import Line, params
from planner.ics.zones import FLOATING, IN_UTC, Zone

FIRST_YEAR, LAST_YEAR = 1_583, 9_000
"""What is outside has no date that a calendar means."""
DURATION_MAX_S = 10 * 366 * 86_400
"""Nothing lasts longer."""

_TIME = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)[T ](\d\d):?(\d\d):?(\d\d)(?:[.,]\d{1,9})?(Z|[+-]00:?00)?", re.ASCII)
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)", re.ASCII)
_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?",
    re.ASCII | re.IGNORECASE,
)
_EPOCH = datetime.fromisoformat("1970-01-01")
_EPOCH_UTC = _EPOCH.replace(tzinfo=UTC)
_MS = timedelta(milliseconds=1)

Zones = Callable[[str], Zone]
"""Finds a zone by its TZID."""


class Moment(NamedTuple):
    """A local time (naive) and the zone that it is read in; a date is its midnight, and floats."""

    local: datetime
    zone: Zone
    is_date: bool

    def instant(self, owner_zone: str) -> int:
        """UTC ms; what floats is read in ``owner_zone``."""
        return self.zone.instant(self.local, owner_zone)


class Length(NamedTuple):
    """A duration: days and weeks are nominal, the rest is exact (RFC 5545, section 3.3.6)."""

    days: int
    seconds: int


def moment(line: Line, zones: Zones, default: Zone) -> Moment:
    """A line's one value. ``default`` is the zone of what has none. Raises ``ValueError``."""
    return read(line.value, _zone_of(line, zones, default), default)


def moments(line: Line, zones: Zones, default: Zone, kept: Callable[[list[str]], list[str]]) -> list[Moment]:
    """Those of a line's values that ``kept`` leaves, each once. What cannot be read is passed over."""
    zone = _zone_of(line, zones, default)
    found = []
    for one in kept(line.value.split(",")):
        try:
            found.append(read(one, zone, default))
        except ValueError:
            continue
    return found


def _zone_of(line: Line, zones: Zones, default: Zone) -> Zone:
    if not line.params:
        return default
    tzid = params(line.params).get("TZID")
    return zones(tzid) if tzid else default


def read(text: str, zone: Zone, default: Zone) -> Moment:
    """A date or a time. UTC is shown by the clock of ``default`` where that has a zone. Raises ``ValueError``."""
    local, in_utc, is_date = _read(text)
    if is_date:
        return Moment(local, FLOATING, is_date=True)
    if not in_utc:
        return Moment(local, zone, is_date=False)
    if default.name is None:
        return Moment(local, IN_UTC, is_date=False)
    at = (local - _EPOCH) // _MS
    shown = recur.local_time(at, default.name)
    if recur.local_instant(shown, default.name) != at:
        return Moment(local, IN_UTC, is_date=False)
    return Moment(shown, default, is_date=False)


def _read(text: str) -> tuple[datetime, bool, bool]:
    """The local time, whether it is in UTC, and whether it is a date."""
    if text[8:9] == "T" and text[:8].isdigit() and text[9:15].isdigit() and text[15:] in ("", "Z"):
        try:
            found = datetime.fromisoformat(text[:15])
        except ValueError:
            pass
        else:
            if FIRST_YEAR <= found.year <= LAST_YEAR:
                return found, text[15:] == "Z", False
    return _read_odd(text.strip().upper())


def _read_odd(text: str) -> tuple[datetime, bool, bool]:
    """Midnight at a day's end, leap seconds, and dates with dashes are understood, too."""
    if whole := _DATE.fullmatch(text):
        year, month, day = map(int, whole.groups())
        found, in_utc = datetime(year, month, day), False  # noqa: DTZ001  a wall clock's
    elif written := _TIME.fullmatch(text):
        year, month, day, hour, minute, second = map(int, written.groups()[:6])
        late = hour == 24 and minute == second == 0
        found = datetime(year, month, day, 0 if late else hour, minute, min(second, 59))  # noqa: DTZ001  likewise
        found, in_utc = found + timedelta(days=late), written[7] is not None
    else:
        raise ValueError("time")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError("year")
    return found, in_utc, whole is not None


@lru_cache(maxsize=1_024)
def length(text: str) -> Length:
    """A duration, which may be negative. Raises ``ValueError``."""
    found = _DURATION.fullmatch(text.strip())
    if not found or not any(found.groups()[1:]):
        raise ValueError("duration")
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups()[1:])
    sign = -1 if found[1] == "-" else 1
    whole = Length(sign * (weeks * 7 + days), sign * (hours * 3_600 + minutes * 60 + seconds))
    if abs(whole.days * 86_400 + whole.seconds) > DURATION_MAX_S:
        raise ValueError("duration")
    return whole
