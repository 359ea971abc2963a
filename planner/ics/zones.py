"""Time zones by whatever calendars call them: an IANA zone, or the rules that the calendar itself gives.

A name that is known to IANA means that zone, whatever rules stand beside it: servers write them from old tables, or
only for the year in which the calendar was made, and the zone's own have the next change of the law. Everything else
is looked for by name, by what the VTIMEZONE says of its place, and then by how its clock behaves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from planner import recur
from planner.due import knows, zone_info
from planner.ics.observances import Observances, alike
from planner.ics.windows import WINDOWS
from planner.model import DAY

NAME_MAX = 200
"""Characters of a zone's name."""
_YEAR = 366 * DAY
FIRST, LAST = -70 * _YEAR, 228 * _YEAR
"""The clocks of calendars' own zones are known from 1900 to 2198 (UTC ms)."""
FURTHEST = timedelta(hours=18)
"""No clock is further from UTC."""
OWN_MAX, NAMES_MAX = 100, 1_000
"""Zones of one calendar whose rules are looked at, and names; a calendar that has more is up to no good."""

_NO_ZONE = ("posix", "right")
_AREAS = ("Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian")
_SMALL = {"Of", "Es", "Au", "In"}
_WINTER, _SUMMER = (datetime.fromisoformat(day) for day in ("2026-01-15T12:00", "2026-07-15T12:00"))
_OFFSET = re.compile(
    r"\(?(?:(?:UTC|GMT)\s*|(?=[+-]))(?:([+-])\s*(\d{1,2})(?:[:.]?(\d\d))?)?(?:\)\s*(.*))?", re.IGNORECASE | re.DOTALL
)
_DISPLAYED = re.compile(r"(.+?) time(?: \(.*\))?", re.IGNORECASE)


class Zone(NamedTuple):
    """An IANA zone by its name, or a calendar's own by its rules, or neither: what floats."""

    name: str | None
    rules: Observances | None = None

    def instant(self, local: datetime, owner_zone: str) -> int:
        """UTC ms of a wall-clock time."""
        if self.rules is not None:
            return self.rules.instant(local)
        return recur.local_instant(local, self.name or owner_zone)

    def local(self, instant: int, owner_zone: str) -> datetime:
        """The wall clock at an instant."""
        if self.rules is not None:
            return self.rules.local(instant)
        return recur.local_time(instant, self.name or owner_zone)


FLOATING = Zone(None)
IN_UTC = Zone("UTC")


class Resolver:
    """The zones of one calendar. ``unknown`` are the names of which nothing could be made."""

    def __init__(self, written: Mapping[str, str], default: str | None, low: int, high: int) -> None:
        """``written`` is each VTIMEZONE's text; ``low`` and ``high`` (UTC ms) are the times that matter."""
        self._written = written
        self._low, self._high = (min(max(one, FIRST), LAST) for one in (low - _YEAR, high + _YEAR))
        self._found: dict[str, Zone] = {}
        self._own_left = OWN_MAX
        self.unknown: set[str] = set()
        self.default = FLOATING
        named = by_name(default) if default else None
        self.default = Zone(named) if named else FLOATING

    def __call__(self, tzid: str) -> Zone:
        zone = self._found.get(tzid)
        if zone is None:
            if len(self._found) >= NAMES_MAX:
                self.unknown.add(tzid[:NAME_MAX])
                return self.default
            zone = self._found[tzid] = self._look(tzid)
        return zone

    def _look(self, tzid: str) -> Zone:
        if name := by_name(tzid):
            return Zone(name)
        if (text := self._written.get(tzid)) is not None and self._own_left:
            self._own_left -= 1
            if zone := self._own(text):
                return zone
        if zone := by_offset(tzid, self._low, self._high):
            return zone
        self.unknown.add(tzid)
        return self.default

    def _own(self, text: str) -> Zone | None:
        place = re.search(r"\n(?i:X-LIC-LOCATION)[;:]([^\n]{1,200})", text)
        if place and (name := by_name(place[1])):
            return Zone(name)
        rules = Observances.read(text, self._low, self._high)
        if rules is None:
            return None
        if name := alike(rules, self._low, self._high):
            return Zone(name)
        return Zone(None, rules)


_UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Etc/Zulu", "Zulu", "UCT", "Etc/Universal", "Universal", "Etc/GMT",
                        "GMT", "Z"})  # fmt: skip


@lru_cache(maxsize=1_024)
def by_name(tzid: str) -> str | None:
    """The IANA zone of a name: its own, Windows', or one with something before it."""
    name = tzid.strip().strip("\"'").strip()
    if not name or len(name) > NAME_MAX or not name.isprintable():
        return None
    if name in _UTC_NAMES:
        return "UTC"
    pieces = [piece for piece in name.replace("\\", "/").split("/") if piece]
    if pieces and pieces[0].lower() in _NO_ZONE:
        del pieces[0]
    for count in (3, 2, 1):
        tail = pieces[-count:]
        if (
            len(tail) == count
            and ".." not in tail
            and (found := _iana("/".join(tail)) or WINDOWS.get(tail[-1].lower()))
        ):
            return found
    return None


def _iana(name: str) -> str | None:
    """A zone's name in the letters that IANA writes."""
    if name in ("Factory", "localtime", "posixrules"):
        return None
    capital = "/".join("_".join(map(_capital, piece.split("_"))) for piece in name.replace(" ", "_").split("/"))
    return next((one for one in (name, capital, name.upper()) if knows(one)), None)


def _capital(word: str) -> str:
    parts = [part.capitalize() for part in word.split("-")]
    return "-".join(part.lower() if part in _SMALL and len(parts) + len(word) > len(part) else part for part in parts)


def by_offset(tzid: str, low: int, high: int) -> Zone | None:
    """The zone of ``(UTC+01:00) Amsterdam, Berlin, Rome``, ``GMT+3``, ``Eastern Time (US & Canada)``."""
    name = tzid.strip()[:NAME_MAX]
    found = _OFFSET.fullmatch(name)
    said = (found[4] or "").strip() if found else name
    displayed = _DISPLAYED.fullmatch(said)
    if displayed and (known := WINDOWS.get(f"{displayed[1].lower()} standard time")):
        return Zone(known)
    if not found:
        return None
    seconds = int(found[2] or 0) * 3_600 + int(found[3] or 0) * 60
    offset = timedelta(seconds=-seconds if found[1] == "-" else seconds)
    cities = (city.strip().replace(" ", "_") for city in said.split(",")[:9])
    places = (place for city in cities if city for area in _AREAS if (place := _iana(f"{area}/{city}")))
    near = next((place for place in places if _standard(place) == offset), None)
    hours, rest = divmod(offset, timedelta(hours=1))
    if near is None and not rest:
        near = _iana(f"Etc/GMT{-hours:+d}") if hours else "UTC"
    rules = Observances.fixed(offset)
    if near := near or alike(rules, low, high):
        return Zone(near)
    return Zone(None, rules) if abs(offset) <= FURTHEST else None


def _standard(name: str) -> timedelta:
    offsets = (zone_info(name).utcoffset(at) or timedelta() for at in (_WINTER, _SUMMER))
    return min(offsets)
