"""The clock that a VTIMEZONE describes (RFC 5545, section 3.6.5), and the IANA zone that shows the same."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from planner import recur
from planner.due import zone_info
from planner.ics import properties
from planner.ics.properties import Part
from planner.ics.windows import WINDOWS
from planner.model import DAY
from planner.rrule import RefusedError, parse

OBSERVANCES_MAX = 500
"""Observances of one zone that are looked at."""
YEARS_MAX = 12
"""So long a time is compared with all of IANA's zones, and a longer one with those that are left then."""
SEEN_EVERY, SEEN_THEN = 7, 28
"""Days between two looks at a clock, within that time and beyond; beside that it is seen before and at its changes."""
CHANGES_MAX = 300
"""Changes of the clock within the time that matters, of one observance: one a year."""

_TIME = re.compile(r"\d{8}(?:T\d{6})?", re.ASCII)
_EPOCH = datetime.fromisoformat("1970-01-01")
_MS = timedelta(milliseconds=1)
_YEAR = 366 * DAY
_FIXED = tuple(f"Etc/GMT{-hours:+d}" for hours in range(-12, 15) if hours)
_OFFSET = re.compile(r"([+-]?)(\d\d):?(\d\d):?(\d\d)?", re.ASCII)
_LINES = re.compile(r"\n(?i:BEGIN):")


class Change(NamedTuple):
    """From an instant on (UTC ms) a clock is so far ahead of UTC (ms)."""

    at: int
    offset: int


class Observances(NamedTuple):
    """A clock's changes, in order, and its offset before the first (ms)."""

    before: int
    changes: tuple[Change, ...]

    @classmethod
    def fixed(cls, offset: timedelta) -> Observances:
        """A clock that never changes."""
        return cls(offset // _MS, ())

    @classmethod
    def read(cls, text: str, low: int, high: int) -> Observances | None:
        """The changes between two instants (UTC ms) of a VTIMEZONE's lines; ``None`` where it says none."""
        zone = properties.read("VTIMEZONE", text)
        found: set[Change] = set()
        earliest: Change | None = None
        for part in zone.inner[:OBSERVANCES_MAX]:
            onsets = _onsets(part, low - 2 * _YEAR, high)
            if onsets is None:
                continue
            start, offset_from, changes = onsets
            found.update(changes)
            if earliest is None or start < earliest.at:
                earliest = Change(start, offset_from)
        if earliest is None:
            return None
        return cls(earliest.offset, tuple(sorted(found)))

    def offset(self, instant: int) -> int:
        """How far the clock is ahead of UTC (ms) at an instant."""
        at = bisect_right(self.changes, (instant, _FOREVER))
        return self.changes[at - 1].offset if at else self.before

    def local(self, instant: int) -> datetime:
        """What the clock shows."""
        return _EPOCH + timedelta(milliseconds=instant + self.offset(instant))

    def instant(self, local: datetime) -> int:
        """When it shows that: for the first time, or in a gap what it would without the change (section 3.3.5)."""
        naive = (local - _EPOCH) // _MS
        near = {self.offset(naive - DAY), self.offset(naive + DAY), self.offset(naive)}
        shown = [naive - one for one in near if self.offset(naive - one) == one]
        return min(shown) if shown else naive - self.offset(naive - DAY)


_FOREVER = 10**18


def _onsets(part: Part, low: int, high: int) -> tuple[int, int, list[Change]] | None:
    """When an observance first begins, the offset before it, and its changes; ``None`` where it cannot be read."""
    before, after = (_offset(properties.value(part.own, name)) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
    start = _naive(properties.value(part.own, "DTSTART"))
    if before is None or after is None or start is None:
        return None
    onsets = {start}
    for line in part.own.get("RDATE", ())[:CHANGES_MAX]:
        onsets.update(one for text in line.value.split(",")[:CHANGES_MAX] if (one := _naive(text)) is not None)
    for line in part.own.get("RRULE", ())[:1]:
        onsets.update(_by_rule(line.value, start, before, low, high))
    return start - before, before, [Change(onset - before, after) for onset in onsets]


def _by_rule(text: str, start: int, before: int, low: int, high: int) -> Iterable[int]:
    """The onsets of a rule, as its clock showed them; those of its last years where it ended before ``low``."""
    rule = text.strip().upper()
    try:
        until = parse(rule).until
    except RefusedError:
        return ()
    if until is not None:
        end = (until - _EPOCH) // _MS + (before if parse(rule).until_is_utc else 0)
        rule = ";".join(part for part in rule.split(";") if not part.startswith("UNTIL="))
        low, high = min(low, end - 2 * _YEAR), min(high, end)
    local = (_EPOCH + timedelta(milliseconds=start)).isoformat()
    return recur.occurrences(local, "UTC", rule, after=low, before=high + 1, limit=CHANGES_MAX)


def _offset(text: str) -> int | None:
    found = _OFFSET.fullmatch(text.strip())
    if not found:
        return None
    hours, minutes, seconds = (int(one or 0) for one in found.groups()[1:])
    ahead = timedelta(hours=hours, minutes=minutes, seconds=seconds) // _MS
    return None if ahead >= DAY else -ahead if found[1] == "-" else ahead


def _naive(text: str) -> int | None:
    """A wall-clock time as if it were UTC."""
    bare = text.strip()[:15]
    if not _TIME.fullmatch(bare):
        return None
    try:
        return (datetime.fromisoformat(bare) - _EPOCH) // _MS
    except ValueError:
        return None


def alike(rules: Observances, low: int, high: int) -> str | None:
    """The IANA zone whose clock shows what this one shows between two instants (UTC ms)."""
    low, high = low // DAY, high // DAY
    last, high = high, min(high, low + YEARS_MAX * 366)
    wanted = tuple(rules.offset(day * DAY) for day in range(low, high + 1, SEEN_EVERY))
    near = [change.at for change in rules.changes if low * DAY <= change.at <= last * DAY]
    moments = [at + beside for at in near for beside in (-1_000, 0)]
    moments += [day * DAY for day in range(high, last + 1, SEEN_THEN)]
    for name in _shown(low, high).get(wanted, ()):
        if all(_ahead(name, at) == rules.offset(at) for at in moments):
            return name
    return None


@lru_cache(maxsize=4)
def _shown(low: int, high: int) -> dict[tuple[int, ...], list[str]]:
    """The zones by what their clocks show week by week."""
    found: dict[tuple[int, ...], list[str]] = {}
    for name in dict.fromkeys((*_settled(), *_FIXED)):
        found.setdefault(tuple(_ahead(name, day * DAY) for day in range(low, high + 1, SEEN_EVERY)), []).append(name)
    return found


def _settled() -> Iterator[str]:
    return (name for name in WINDOWS.values() if name != "UTC")


def _ahead(name: str, at: int) -> int:
    moment = datetime.fromtimestamp(at / 1_000, UTC).astimezone(zone_info(name))
    return (moment.utcoffset() or timedelta()) // _MS
