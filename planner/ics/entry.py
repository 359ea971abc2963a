"""What a calendar is read into."""

from __future__ import annotations

from typing import NamedTuple

READER = "1"
"""Another reader may read the same bytes otherwise: what an older one has read is read anew."""


class UnreadableError(Exception):
    """No calendar, or not the whole of one; its argument is a code.

    ``empty``: no bytes; ``html``: a web page; ``other``: something else; ``cut``: it breaks off before its end;
    ``too_many``: more events than are taken.
    """


class Entry(NamedTuple):
    """One event of a calendar, as :class:`planner.model.Event` has it.

    ``part`` is ``""`` for a single event or the series itself, and else names the occurrence that it is of, the same
    at every reading. ``zone`` is an IANA name, or ``None`` for what floats (and for all-day events). ``alarms_s`` are
    its own alarms, seconds before its start; ``None`` where it has none. ``days`` of its duration are nominal: they end
    at the same time of day, whatever the clock does meanwhile (RFC 5545, section 3.3.6).
    """

    part: str
    title: str
    start_local: str
    duration_s: int
    all_day: bool
    zone: str | None
    rrule: str | None
    excluded: tuple[str, ...] = ()
    included: tuple[str, ...] = ()
    place: str = ""
    notes: str = ""
    link: str = ""
    alarms_s: tuple[int, ...] | None = None
    days: int = 0


class Group(NamedTuple):
    """All that a calendar says of one UID. Without entries it is cancelled as a whole."""

    uid: str
    digest: str
    entries: tuple[Entry, ...]


class Same(NamedTuple):
    """A UID of which the calendar says what it said before; so its digest says."""

    uid: str
    digest: str


class Faulty(NamedTuple):
    """An event that cannot be read, or not the whole of it; ``title`` is what it calls itself, ``why`` a code.

    Left out: ``start``: it has none that can be read; ``recurrence``: what it replaces cannot be read; ``event``: it
    cannot be read for another reason; ``time``: it is at a time that no clock shows. Kept, but not the whole of it:
    ``end``: its length is not known; ``rule``: its rule cannot be followed, and only its certain dates are kept;
    ``too_often``: likewise, as it comes too often a day; ``crowded``: only its own date is, as the calendar has too
    many that recur; ``dates``: it leaves out or adds more dates than are kept, and the next of them are; ``zone``:
    nobody knows its time zone.
    """

    uid: str
    title: str
    why: str


class Limits(NamedTuple):
    """What is taken at most."""

    events: int = 50_000
