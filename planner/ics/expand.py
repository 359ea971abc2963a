"""A calendar's occurrences in a stretch of time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from planner import recur
from planner.ics.entry import Entry, Faulty, Group, Limits
from planner.ics.read import Many, read_between
from planner.model import DAY

LIMITS = Limits()
FOUND_MAX = 10_000
"""So many occurrences more than are asked for are held."""
MORE = "more"
"""Why a series is not shown whole: see ``expand``."""
PASSED_MAX = 2 * 24 * 3_600
"""So many starts of a series at most lie so near the window that only their ends tell: two days', one each second."""
WRITTEN_MAX = 500_000
"""Starts of a whole calendar that are written out; where they are used up, that is told of the series."""


class Instance(NamedTuple):
    """One occurrence: UTC ms, or for an all-day event dates, of which ``end`` is the day after its last."""

    uid: str
    start: int | date
    end: int | date
    all_day: bool
    summary: str


def expand(
    content: bytes,
    *,
    after: int,
    before: int,
    zone: str,
    limit: int,
    each: int | None = None,
    limits: Limits = LIMITS,
    faulty: Callable[[Faulty], None] | None = None,
) -> list[Instance]:
    """The first ``limit`` occurrences, in order, that overlap ``[after, before)`` (UTC ms; RFC 4791, section 9.9).

    ``zone`` is where days begin and floating times are read. What cannot be read is told to ``faulty``, and which
    series have more than ``each`` of them, ``MORE``: one that comes every second leaves the others their place. Raises
    :class:`planner.ics.entry.UnreadableError`.
    """
    found: list[tuple[int, str, Instance]] = []
    reading = read_between(content, zone=zone, low=after, high=before, known=frozenset(), limits=limits,
                           many=Many(max(0, limit) + PASSED_MAX, WRITTEN_MAX))  # fmt: skip
    for item in reading.items:
        if isinstance(item, Faulty) and faulty is not None:
            faulty(item)
        elif isinstance(item, Group):
            for entry in item.entries:
                most = limit if each is None else min(limit, each + 1)
                mine = list(islice(_instances(item.uid, entry, after, before, zone, most), max(0, most)))
                if each is not None and len(mine) > each:
                    del mine[each:]
                    if faulty is not None:
                        faulty(Faulty(item.uid, entry.title, MORE))
                found.extend(mine)
            if len(found) > 2 * limit + FOUND_MAX:
                found = _first(found, limit)
                before = min(before, found[-1][0] + 1) if found else after
    return [one for _, _, one in _first(found, limit)]


def _first(found: list[tuple[int, str, Instance]], limit: int) -> list[tuple[int, str, Instance]]:
    return sorted(found, key=lambda one: one[:2])[: max(0, limit)]


def _instances(
    uid: str, entry: Entry, after: int, before: int, zone: str, limit: int
) -> Iterator[tuple[int, str, Instance]]:
    clock = entry.zone or zone
    low = after - entry.duration_s * 1_000 - (DAY if entry.all_day or entry.days else 0)
    for start in _starts(entry, clock, low, before, limit):
        local = recur.local_time(start, clock)
        end = _end(entry, start, local, clock)
        if (end > after if end > start else start >= after) and start < before:
            yield start, uid, _instance(uid, entry, start, end, local)


def _instance(uid: str, entry: Entry, start: int, end: int, local: datetime) -> Instance:
    if not entry.all_day:
        return Instance(uid, start, end, False, entry.title)
    return Instance(uid, local.date(), local.date() + timedelta(seconds=entry.duration_s), True, entry.title)


def _starts(entry: Entry, clock: str, low: int, before: int, limit: int) -> list[int]:
    if entry.rrule is None:
        start = recur.local_instant(entry.start_local, clock)
        return [start] if low <= start < before else []
    out = {recur.local_instant(local, clock) for local in entry.excluded}
    beside = {recur.local_instant(local, clock) for local in entry.included}
    most = limit + len(beside) + PASSED_MAX
    found = recur.occurrences(entry.start_local, clock, entry.rrule, after=low, before=before, limit=most, exdates=out)
    return sorted({*found, *(at for at in beside - out if low <= at < before)})


def _end(entry: Entry, start: int, local: datetime, clock: str) -> int:
    if entry.all_day:
        return recur.local_instant(local + timedelta(seconds=entry.duration_s), clock)
    if not entry.days:
        return start + entry.duration_s * 1_000
    later = recur.local_instant(local + timedelta(days=entry.days), clock)
    return later + _beyond(entry) * 1_000


def _beyond(entry: Entry) -> int:
    """The seconds of a duration beside its nominal days."""
    clock = entry.zone or "UTC"
    first = datetime.fromisoformat(entry.start_local)
    days = recur.local_instant(first + timedelta(days=entry.days), clock) - recur.local_instant(first, clock)
    return entry.duration_s - days // 1_000
