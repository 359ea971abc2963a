"""The words of the domain, as frozen data: who is owed what, when, and what became of it.

Instants are UTC epoch milliseconds (``int``); a local time never stands without an IANA zone beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

ON_TIME = MINUTE
"""On time means ``abs(sent_at - due_at) <= ON_TIME``."""

MISSED_AFTER = DAY
"""A reminder that is later than this is no longer sent: it is ``missed``, and the user told once."""


class Kind(StrEnum):
    """What a reminder is about."""

    EVENT = "event"
    PLAN = "plan"
    SNOOZE = "snooze"


class State(StrEnum):
    """Where a reminder stands. Everything but the first two is an end."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    MISSED = "missed"
    FAILED = "failed"
    UNDELIVERABLE = "undeliverable"


class Verdict(StrEnum):
    """How a reminder counts for its SLI. Given once; ``EXCLUDED`` only before it came due."""

    GOOD = "good"
    BAD = "bad"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the local day in which nothing unasked-for is sent: minutes since midnight, end exclusive.

    ``start > end`` spans midnight; ``start == end`` is refused by whoever makes one.
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class User:
    """Somebody the planner works for. ``zone`` is an IANA name; ``zone_assumed`` until they chose it."""

    id: int
    chat_id: int
    name: str
    lang: str
    zone: str
    zone_assumed: bool
    plan_minute: int | None
    leads_s: tuple[int, ...]
    quiet: Quiet | None
    frozen: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something with a start.

    ``start_local`` (``YYYY-MM-DDTHH:MM:SS``, no offset) is read in ``zone``, or in its owner's zone where
    ``zone`` is ``None``, so that the event moves with its owner. ``instant`` marks an event made by elapsed time
    ("in 20 minutes"): it stays where it is, has no leads, and is exempt from quiet hours. ``start_at`` is the
    first occurrence's instant. ``leads_s`` is ``None`` where the owner's default leads hold. ``excluded`` are the
    local starts that its rule gives and that are left out (RFC 5545, EXDATE). ``source`` is ``here``, ``file`` or
    ``feed``; ``link`` leads to where it was spoken of. ``nag``: its reminder is repeated until Done.
    """

    id: int
    user_id: int
    title: str
    start_local: str
    start_at: int
    duration_s: int
    all_day: bool
    zone: str | None
    rrule: str | None
    instant: bool
    leads_s: tuple[int, ...] | None
    place: str = ""
    notes: str = ""
    link: str = ""
    source: str = "here"
    excluded: tuple[str, ...] = ()
    nag: bool = False


class Occurrence(NamedTuple):
    """An event and the start of one of its instances, UTC ms."""

    event: Event
    start_at: int


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message owed to one user at one instant.

    ``due_at`` is the promise, judged by the SLI; ``ready_at`` is when it may next be tried (``due_at``, or later
    after a failure, a pause, or the end of quiet hours). ``occurrence_at`` is the start it speaks of. ``nagged`` is
    which repetition until Done it is; 0 for all others.
    """

    id: int
    user_id: int
    chat_id: int
    kind: Kind
    event_id: int | None
    occurrence_at: int
    due_at: int
    ready_at: int
    state: State
    attempts: int
    nagged: int = 0
