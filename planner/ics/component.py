"""One VEVENT read (RFC 5545, section 3.6.1): when it is, how it recurs, and what it says."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from planner.ics import alarms, texts, times
from planner.ics.properties import DATES_MAX, Line, Part, first, params, value
from planner.ics.times import Moment
from planner.ics.zones import Resolver

DAY_S = 86_400
_RECURS = frozenset({"RRULE", "EXRULE", "RDATE", "EXDATE"})


@dataclass(slots=True)
class Budget:
    """How many starts may still be written out."""

    left: int


class Frame(NamedTuple):
    """What a calendar is read for: its owner's zone, and the times (UTC ms) for which starts are written out."""

    zone: str
    low: int
    high: int
    since: str
    """``YYYYMMDD``: of too many dates, those before it matter least."""
    budget: Budget
    most: int
    """So many starts of one series are written out."""
    often: bool = False
    """Rules are followed however often a day they come."""


class Added(NamedTuple):
    """A date of an RDATE; ``duration_s`` is that of a PERIOD, else ``None``."""

    start: Moment
    duration_s: int | None


class FaultyError(ValueError):
    """A component cannot be read; its argument is a code of :class:`planner.ics.entry.Faulty`."""


@dataclass(slots=True)
class Component:
    """``days`` of the duration are nominal. ``rank``: of two for the same occurrence the higher one holds.

    ``from_utc``: its start is written in UTC, and is on its calendar's clock here.
    """

    start: Moment
    duration_s: int
    days: int
    recurrence: Moment | None
    and_future: bool
    cancelled: bool
    rank: tuple[int, str]
    title: str
    place: str
    notes: str
    link: str
    alarms_s: tuple[int, ...] | None
    faults: list[str]
    rules: list[str] = field(default_factory=list)
    exrules: list[str] = field(default_factory=list)
    added: list[Added] = field(default_factory=list)
    left_out: list[Moment] = field(default_factory=list)
    from_utc: bool = False


def read(part: Part, zones: Resolver, frame: Frame, *, ours: bool) -> Component:
    """Raises :class:`FaultyError` where nothing can be made of it."""
    unknown = len(zones.unknown)
    faults: list[str] = []
    recurrence, and_future = _recurrence(part, zones)
    start = _start(part, zones)
    duration_s, days = _duration(part, start, zones, frame, faults)
    found = Component(
        start=start,
        duration_s=duration_s,
        days=days,
        recurrence=recurrence,
        and_future=and_future,
        cancelled=value(part.own, "STATUS").strip().upper() == "CANCELLED",
        rank=(_sequence(part), value(part.own, "DTSTAMP")),
        title=texts.title(part),
        place=texts.place(part),
        notes=texts.notes(part, ours=ours),
        link=texts.link(part, ours=ours),
        alarms_s=alarms.leads(part, start, duration_s, zones, frame.zone) if part.inner else None,
        faults=faults,
    )
    if not _RECURS.isdisjoint(part.own):
        found.from_utc = zones.default.name is not None and value(part.own, "DTSTART").rstrip()[-1:] in ("Z", "z")
        _read_dates(found, part, zones, frame)
    if zones.unknown and (len(zones.unknown) > unknown or _names(part) & zones.unknown):
        faults.append("zone")
    return found


def _read_dates(found: Component, part: Part, zones: Resolver, frame: Frame) -> None:
    beside, out = _Dates(frame.since), _Dates(frame.since)
    own = part.own
    found.rules = [line.value for line in own.get("RRULE", ()) if line.value.strip()]
    found.exrules = [line.value for line in own.get("EXRULE", ()) if line.value.strip()]
    found.added = [one for line in own.get("RDATE", ()) for one in _added(line, zones, frame, beside.kept)]
    found.left_out = [one for line in own.get("EXDATE", ()) for one in _moments(line, zones, found.start, out.kept)]
    if part.cut or beside.cut or out.cut:
        found.faults.append("dates")


def _names(part: Part) -> set[str]:
    lines = (line for name in ("DTSTART", "DTEND") for line in part.own.get(name, ()) if line.params)
    return {params(line.params).get("TZID", "") for line in lines}


def _recurrence(part: Part, zones: Resolver) -> tuple[Moment | None, bool]:
    line = first(part.own, "RECURRENCE-ID")
    if line is None:
        return None, False
    try:
        found = times.moment(line, zones, zones.default)
    except ValueError:
        raise FaultyError("recurrence") from None
    return found, "RANGE" in line.params.upper() and params(line.params).get("RANGE", "").upper() == "THISANDFUTURE"


def _start(part: Part, zones: Resolver) -> Moment:
    line = first(part.own, "DTSTART")
    if line is None:
        raise FaultyError("start")
    try:
        return times.moment(line, zones, zones.default)
    except ValueError:
        raise FaultyError("start") from None


def _duration(part: Part, start: Moment, zones: Resolver, frame: Frame, faults: list[str]) -> tuple[int, int]:
    """Seconds, and how many nominal days are in them. One that is negative or cannot be read is none."""
    end, said = first(part.own, "DTEND"), first(part.own, "DURATION")
    try:
        if end is not None:
            exact, days = _to(start, times.moment(end, zones, zones.default), frame.zone), 0
            if exact < 0 and not start.is_date:
                raise ValueError("end")
        elif said is not None:
            exact, days = _lasting(start, times.length(said.value), frame.zone)
        else:
            exact, days = 0, 0
        if exact > times.DURATION_MAX_S:
            raise ValueError("duration")
    except (ValueError, OverflowError):
        faults.append("end")
        exact, days = 0, 0
    if start.is_date:
        return max(1, -(-exact // DAY_S)) * DAY_S, 0
    return (exact, days) if exact > 0 else (0, 0)


def _to(start: Moment, end: Moment, owner_zone: str) -> int:
    """Seconds from a start to an end (RFC 5545, section 3.8.5.3: exact, whatever the clock does meanwhile)."""
    if start.is_date:
        return (end.local.date() - start.local.date()).days * DAY_S
    if end.is_date:
        end = Moment(end.local, start.zone, is_date=False)
    if start.zone == end.zone and start.zone.name is None and start.zone.rules is None:
        return (end.local - start.local) // timedelta(seconds=1)
    return (end.instant(owner_zone) - start.instant(owner_zone)) // 1_000


def _lasting(start: Moment, length: times.Length, owner_zone: str) -> tuple[int, int]:
    seconds = length.days * DAY_S + length.seconds
    if start.is_date or not length.days or seconds <= 0:
        return seconds, 0
    later = Moment(start.local + timedelta(days=length.days), start.zone, is_date=False)
    return _to(start, later, owner_zone) + length.seconds, length.days


def _sequence(part: Part) -> int:
    text = value(part.own, "SEQUENCE").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _moments(line: Line, zones: Resolver, start: Moment, kept: Callable[[list[str]], list[str]]) -> list[Moment]:
    """Dates of one line; a time that says no zone is the event's own."""
    default = zones.default if start.zone.name is None or line.value.rstrip().endswith(("Z", "z")) else start.zone
    return times.moments(line, zones, default, kept)


def _added(line: Line, zones: Resolver, frame: Frame, kept: Callable[[list[str]], list[str]]) -> list[Added]:
    if "/" not in line.value:
        return [Added(one, None) for one in times.moments(line, zones, zones.default, kept)]
    found = []
    for period in kept(line.value.split(",")):
        begin, _, end = period.partition("/")
        try:
            start = times.moment(Line(line.params, begin), zones, zones.default)
            if end[:1] in "Pp+-":
                duration_s = _lasting(start, times.length(end), frame.zone)[0]
            else:
                duration_s = _to(start, times.moment(Line(line.params, end), zones, zones.default), frame.zone)
        except ValueError:
            continue
        found.append(Added(start, min(max(0, duration_s), times.DURATION_MAX_S)))
    return found


class _Dates:
    """Bounds how many dates of a kind one component has: the next of them are kept."""

    def __init__(self, since: str) -> None:
        self._since = since
        self._left = DATES_MAX
        self.cut = False

    def kept(self, values: list[str]) -> list[str]:
        found = list(dict.fromkeys(values))
        if len(found) > self._left:
            self.cut = True
            found = heapq.nsmallest(self._left, (one for one in found if one.strip()[:8] >= self._since))
        self._left -= len(found)
        return found
