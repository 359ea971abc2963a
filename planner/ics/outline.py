"""Where a calendar's events and zones stand, found in one pass over its lines; nothing of them is read yet."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from planner.ics import regular
from planner.ics.entry import READER, UnreadableError
from planner.ics.regular import value
from planner.ics.unfold import decode

ZONES_MAX = 300
"""Zones of one calendar that are looked at."""
UID_MAX = 500
"""A UID that is longer is known by its digest."""

_MARK = re.compile(rb"\n(?i:(BEGIN|END|UID|TZID|X-WR-TIMEZONE|X-WR-CALNAME|NAME|PRODID))([;:][^\n]*)")
_STAMPS = re.compile(rb"\n(?i:DTSTAMP|LAST-MODIFIED|CREATED)[;:][^\n]*")
_NOISE = re.compile(rb"\n(?i:DTSTAMP|LAST-MODIFIED|CREATED|SEQUENCE)[;:][^\n]*")
_DIGEST_BYTES = 12


class Span(NamedTuple):
    """An event's lines, and which of the file's calendars it is in."""

    start: int
    end: int
    calendar: int


@dataclass(slots=True)
class Head:
    """What one VCALENDAR says of itself, each as its line has it; of a zone, where its lines are."""

    name: bytes = b""
    wr_name: bytes = b""
    zone: bytes = b""
    made_by: bytes = b""
    zones: dict[bytes, tuple[int, int]] = field(default_factory=dict)


class Outline(NamedTuple):
    """``groups`` are the events by UID, in the order of the file."""

    heads: list[Head]
    groups: dict[str, list[Span]]


def outline(plain: bytes, most: int) -> Outline:
    """Raises :class:`UnreadableError` where a calendar breaks off, and for more than ``most`` events."""
    scan = _Scan(plain, most)
    events = regular.events(plain)
    begin, end = regular.ends(events) if events else (len(plain), len(plain))
    scan.see_all(0, begin)
    if scan.open == [b"VCALENDAR"]:
        scan.add_all(events)
        begin = end
    scan.see_all(begin, len(plain))
    if scan.open:
        raise UnreadableError("cut")
    return Outline(scan.heads, scan.groups)


class _Scan:
    """What is open at a place in the file.

    An END closes what was left open within it; one that closes nothing is passed over; an event that was left open ends
    where the next one begins.
    """

    def __init__(self, plain: bytes, most: int) -> None:
        self.heads: list[Head] = []
        self.groups: dict[str, list[Span]] = {}
        self.open: list[bytes] = []
        self._names: Counter[bytes] = Counter()
        self._plain = plain
        self._left = most
        self._event: tuple[int, int] | None = None
        self._uid = b""
        self._zone: tuple[int, int] | None = None
        self._zone_id = b""

    def see_all(self, start: int, end: int) -> None:
        """Every line of a stretch."""
        see = self.see
        for mark in _MARK.finditer(self._plain, start, end):
            name, rest = mark.groups()
            see(name.upper(), rest, *mark.span())

    def add_all(self, events: list[regular.Found]) -> None:
        """The events of a stretch that has nothing else."""
        for start, end, uid in events:
            self._add(start, end, uid)

    def see(self, name: bytes, rest: bytes, start: int, end: int) -> None:
        if name == b"BEGIN":
            self._begin(rest[1:].strip().upper(), start, end)
        elif name == b"END":
            self._end(rest[1:].strip().upper(), start)
        elif name == b"UID":
            if self._event is not None and len(self.open) == self._event[1] and not self._uid:
                self._uid = value(rest)
        elif name == b"TZID":
            if self._zone is not None and len(self.open) == self._zone[1]:
                self._zone_id = value(rest)
        elif self.heads and len(self.open) == 1:
            self._of_calendar(name, value(rest))

    def _of_calendar(self, name: bytes, value: bytes) -> None:
        head = self.heads[-1]
        if name == b"X-WR-TIMEZONE":
            head.zone = head.zone or value
        elif name == b"X-WR-CALNAME":
            head.wr_name = head.wr_name or value
        elif name == b"NAME":
            head.name = head.name or value
        else:
            head.made_by = head.made_by or value

    def _begin(self, name: bytes, start: int, end: int) -> None:
        if name == b"VEVENT" and self._event is not None:
            self._close(self._event[1] - 1, start)
        self.open.append(name)
        self._names[name] += 1
        if name == b"VEVENT":
            self._event, self._uid = (end, len(self.open)), b""
        elif name == b"VTIMEZONE" and self._event is None:
            self._zone, self._zone_id = (end, len(self.open)), b""
        elif name == b"VCALENDAR":
            self.heads.append(Head())

    def _end(self, name: bytes, start: int) -> None:
        if self._names[name]:
            at = len(self.open) - 1
            while self.open[at] != name:
                at -= 1
            self._close(at, start)

    def _close(self, depth: int, at: int) -> None:
        """Close what is open at ``depth`` and deeper."""
        if self._event is not None and self._event[1] > depth:
            self._add(self._event[0], at, self._uid)
            self._event = None
        if self._zone is not None and self._zone[1] > depth:
            if self.heads and len(self.heads[-1].zones) < ZONES_MAX:
                self.heads[-1].zones.setdefault(self._zone_id, (self._zone[0], at))
            self._zone = None
        for name in self.open[depth:]:
            self._names[name] -= 1
        del self.open[depth:]

    def _add(self, start: int, end: int, written: bytes) -> None:
        self._left -= 1
        if self._left < 0:
            raise UnreadableError("too_many")
        uid = decode(written).replace("\0", "") if written else ""
        if not uid or len(uid) > UID_MAX:
            made_up = written or _NOISE.sub(b"", self._plain[start:end])
            uid = f"without-uid-{hashlib.blake2b(made_up, digest_size=_DIGEST_BYTES).hexdigest()}"
        self.groups.setdefault(uid, []).append(Span(start, end, max(0, len(self.heads) - 1)))


def salt(*depends_on: bytes) -> bytes:
    """What all events of a calendar are read by."""
    return hashlib.blake2b(b"\n".join((READER.encode(), *depends_on)), digest_size=_DIGEST_BYTES).digest()


def digest(plain: bytes, spans: list[Span], before: bytes) -> str:
    """Of what a group says; servers change stamps at every request, and they say nothing.

    SEQUENCE tells which of two components holds, and so it says something where there are two.
    """
    found = hashlib.blake2b(before, digest_size=_DIGEST_BYTES)
    if len(spans) == 1:
        found.update(_NOISE.sub(b"", plain[spans[0].start : spans[0].end]))
    else:
        for one in sorted(_STAMPS.sub(b"", plain[span.start : span.end]) for span in spans):
            found.update(one)
    return found.hexdigest()
