"""A user's days: until when something goes on, on which days, what overlaps, and what is left free. Pure.

Intervals are half-open. An all-day event fills its days and takes nobody's time: it neither overlaps nor is in the way.
Nor does an event made by elapsed time ("in 20 minutes"): it is a nudge, not an appointment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from typing import TypeVar

from planner.due import day_of, wall
from planner.model import DAY, HOUR, MINUTE, SECOND, Occurrence, Quiet, Slot

WAKING_MINUTES = (9 * 60, 21 * 60)
"""The part of a local day in which free time is told, from minute to minute; quiet hours are taken out of it."""
FREE_AT_LEAST_MS = HOUR
"""Shorter gaps are no free time."""
UNSAID_LENGTH_MS = HOUR
"""So much of a free day an event takes that was given no end."""
ROUNDED_MS = 5 * MINUTE
"""What is left of today begins at a round time."""

Placed = Occurrence | Slot
One = TypeVar("One", Occurrence, Slot)
"""What asks when something is does with either; of what is given, the same comes back."""

Key = tuple[int, int]
"""An occurrence by its event's id and its start."""


def key(one: Placed) -> Key:
    return one.event_id, one.start_at


def slot(one: Occurrence) -> Slot:
    """The occurrence without its event."""
    return Slot(one.event_id, one.start_at, one.duration_s, one.all_day, one.instant, one.zone, one.title, one.feed_id)


def days_long(one: Placed) -> int:
    """How many days an all-day event takes."""
    return max(1, round(one.duration_s * SECOND / DAY))


def ends(one: Placed, zone: str) -> int:
    """When an occurrence is over, UTC ms; its start where it has no length. All-day: when its last day is over.

    ``zone`` is its owner's, in which the days of an event without a zone of its own are counted.
    """
    if not one.all_day:
        return one.start_at + one.duration_s * SECOND
    own = one.zone or zone
    return wall(day_of(one.start_at, own) + timedelta(days=days_long(one)), 0, own)


def days_of(one: Placed, zone: str) -> tuple[date, date]:
    """The first and the last local day that an occurrence is seen on."""
    last = max(one.start_at, ends(one, zone) - 1)
    return day_of(one.start_at, zone), day_of(last, zone)


def timed(one: Placed) -> bool:
    """Whether it asks for its owner's presence at a time."""
    return not one.all_day and not one.instant


def overlaps(occurrences: Iterable[One], zone: str) -> dict[Key, One]:
    """For each that overlaps with any other: one that it overlaps with, the one that began first if it can be.

    Two with a length overlap when they share time; one without overlaps when it falls strictly inside another: what
    starts or ends just then is no trouble, and two moments at once are a list of small things, not a conflict.
    """
    found: dict[Key, One] = {}
    row = sorted(filter(timed, occurrences), key=lambda one: (one.start_at, one.duration_s > 0, one.event_id))
    longest, until = None, 0
    for one, after in zip_longest(row, row[1:]):
        start, end = one.start_at, ends(one, zone)
        if longest is not None and until > start:
            found[key(one)] = longest
        elif after is not None and after.start_at < end:
            found[key(one)] = after
        if end > start and (longest is None or end > until):
            longest, until = one, end
    return found


def busy(occurrences: Iterable[Placed], zone: str) -> list[tuple[int, int]]:
    """The time that appointments take, in order, as ``[begin, end)``; without an end, ``UNSAID_LENGTH_MS``."""
    return sorted(
        (one.start_at, ends(one, zone) if one.duration_s else one.start_at + UNSAID_LENGTH_MS)
        for one in occurrences
        if timed(one)
    )


def free(occurrences: Iterable[Placed], day: date, zone: str, quiet: Quiet | None, since: int) -> list[tuple[int, int]]:
    """The free stretches of a waking day from ``since`` on (UTC ms), in order, as ``[begin, end)``."""
    first, last = (wall(day, minute, zone) for minute in WAKING_MINUTES)
    begin = max(first, -(-since // ROUNDED_MS) * ROUNDED_MS)
    taken = sorted([*busy(occurrences, zone), *_quiet(day, quiet, zone)])
    return [(low, high) for low, high in gaps(taken, begin, last) if high - low >= FREE_AT_LEAST_MS]


def gaps(taken: Sequence[tuple[int, int]], begin: int, end: int) -> Iterator[tuple[int, int]]:
    """What ``taken``, which is in order, leaves of ``[begin, end)``."""
    for low, high in taken:
        if low >= end:
            break
        if low > begin:
            yield begin, low
        begin = max(begin, high)
    if begin < end:
        yield begin, end


def _quiet(day: date, quiet: Quiet | None, zone: str) -> Iterator[tuple[int, int]]:
    """The quiet hours that touch a day."""
    if quiet is None:
        return
    over = quiet.end <= quiet.start
    for begins in (day - timedelta(days=1), day):
        yield wall(begins, quiet.start, zone), wall(begins + timedelta(days=over), quiet.end, zone)
