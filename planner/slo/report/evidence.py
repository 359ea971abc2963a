"""What a report is made of, as it is read from the database: counts, what the rows tell of causes, alerts.

Instants are UTC ms. Counts stand in buckets of ``BUCKET_MS``; a bucket belongs to the time in which it begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Tally(NamedTuple):
    """How many were good and bad."""

    good: int
    bad: int

    @property
    def total(self) -> int:
        return self.good + self.bad


class Bucket(NamedTuple):
    """What came due within ``BUCKET_MS`` from ``at`` on."""

    at: int
    good: int
    bad: int


class Told(NamedTuple):
    """So many that were bad in the bucket at ``at``, and what their rows say: of reminders and synthetic ones."""

    at: int
    state: str
    reason: str
    begun_late: bool
    repeated: bool
    times: int


class Failed(NamedTuple):
    """So many syncs of a calendar that failed in the bucket at ``at``, and how; ``fault`` is a code."""

    at: int
    feed_id: int
    outcome: str
    fault: str
    times: int


class Raised(NamedTuple):
    """An alert that fired, and of those who were owed a word of it how many had it, and when the first did."""

    slo: str
    tier: str
    severity: str
    fired_at: int
    resolved_at: int | None
    acknowledged_at: int | None
    owed: int
    delivered: int
    delivered_at: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """One SLO's counts: in each slice of the period, in every bucket of it with something bad, in the time before.

    ``since``: the first bucket there is at all; ``None`` where nothing was ever counted.
    """

    slices: tuple[Tally, ...]
    bad: tuple[Bucket, ...]
    before: Tally
    since: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it. ``counts`` and ``told`` are by the name that a promise counts by (``Slo.counts``)."""

    counts: Mapping[str, Counted]
    told: Mapping[str, tuple[Told, ...]] = field(default_factory=dict)
    failed: tuple[Failed, ...] = ()
    alerts: tuple[Raised, ...] = ()
