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

BUCKET_MS = 5 * MINUTE
"""Verdicts are counted in buckets of this length, by when they were due."""

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


class Outcome(StrEnum):
    """How a sync ended (DESIGN section 9). The first two are successes."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    HTTP_ERROR = "http_error"
    TIMEOUT = "timeout"
    NETWORK = "network"
    TOO_LARGE = "too_large"
    INVALID = "invalid"
    BLOCKED = "blocked"

    @property
    def good(self) -> bool:
        """Whether that was a success."""
        return self in {Outcome.OK, Outcome.NOT_MODIFIED}


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
    local starts that its rule gives and that are left out (RFC 5545, EXDATE), ``included`` those that it has beside
    them (RDATE); without a rule there are neither. ``source`` is ``here``, ``file`` or ``feed``, and ``feed_id`` the
    calendar that it is in and can only be changed in; ``link`` leads to where it was spoken of. ``nag``: its reminder
    is repeated until Done.
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
    included: tuple[str, ...] = ()
    feed_id: int | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """An external calendar, linked by its address; ``url`` may hold a secret and leaves by no log or metric.

    ``linked_at`` is ``None`` while the address is only being tried. ``mark`` is a coloured sign that stands before its
    events. ``leads_s`` is ``None`` where the owner's leads hold, ``alarms``: the calendar's own come first; ``muted``:
    none at all. ``in_plan``: the daily plan shows it. What changes over there is told for what starts within
    ``tell_days`` (0: never). It is synced every ``every_min`` minutes, next at ``next_at``; ``asked_at`` is when its
    user asked for that. ``ok_at`` is the last success; ``failures`` in a row since then, the last one's ``outcome`` and
    ``fault``; ``told_at`` is when its user heard of it.
    """

    id: int
    user_id: int
    url: str
    name: str
    renamed: bool
    mark: str
    linked_at: int | None
    leads_s: tuple[int, ...] | None
    alarms: bool
    muted: bool
    in_plan: bool
    tell_days: int
    every_min: int
    next_at: int
    asked_at: int | None
    ok_at: int | None
    failures: int
    outcome: Outcome | None
    fault: str
    told_at: int | None


class Occurrence(NamedTuple):
    """An event and the start of one of its instances, UTC ms."""

    event: Event
    start_at: int

    @property
    def event_id(self) -> int:
        return self.event.id

    @property
    def duration_s(self) -> int:
        return self.event.duration_s

    @property
    def all_day(self) -> bool:
        return self.event.all_day

    @property
    def instant(self) -> bool:
        return self.event.instant

    @property
    def zone(self) -> str | None:
        return self.event.zone

    @property
    def title(self) -> str:
        return self.event.title

    @property
    def feed_id(self) -> int | None:
        return self.event.feed_id


class Slot(NamedTuple):
    """What a list needs of an occurrence that it does not show: when it is, and what tells it from others.

    Of thousands in a week some twenty stand on a page; only their events are read as a whole.
    """

    event_id: int
    start_at: int
    duration_s: int
    all_day: bool
    instant: bool
    zone: str | None
    title: str
    feed_id: int | None


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message owed to one user at one instant.

    ``due_at`` is the promise, judged by the SLI; ``ready_at`` is when it may next be tried (``due_at``, or later
    after a failure, a pause, or the end of quiet hours). ``occurrence_at`` is the start it speaks of. ``nagged`` is
    which repetition until Done it is; 0 for all others. ``trace`` names the span in which it was made, if that was
    traced.
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
    trace: bytes | None = None
