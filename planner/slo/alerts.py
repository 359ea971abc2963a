"""When a promise's alert fires, and what it is from one look to the next. Pure.

The same rules are written as Prometheus' (``planner.slo.generate``) and played by the simulator: a rule holds when in
its long window at least ``min_bad`` were bad, and their share is above ``limit`` there and, where it has one, in its
short window. A window in which nothing came due has no share, and so none above a limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from planner.model import HOUR, SECOND
from planner.slo import budget
from planner.slo.objectives import Severity, Slo, Tier

BELOW = "below"
"""The tier of the alert on the promise's own window: it is below what ``alert_below`` says."""
BELOW_KEPT_MS = HOUR
"""At most so long, and for a week; of a shorter window it is the same share."""

Counts = Callable[[int], tuple[int, int]]
"""What was good and bad within the last so many ms."""


class State(StrEnum):
    """``INACTIVE`` is one that was pending and did not fire."""

    INACTIVE = "inactive"
    PENDING = "pending"
    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Rule:
    """One alert that a promise can raise; lengths in ms, ``limit`` a share of what came due.

    ``for_ms``: so long it holds before it fires. ``keep_ms``: so long it no longer holds before it is resolved.
    """

    slo: Slo
    tier: str
    severity: Severity
    long_ms: int
    short_ms: int | None
    limit: float
    min_bad: int
    keep_ms: int
    for_ms: int = 0
    early: bool = False

    @property
    def id(self) -> str:
        return f"{self.slo.id}/{self.tier}"

    @property
    def name(self) -> str:
        """As Prometheus and Alertmanager call it: ``PlannerRemindersFastBurn``, ``PlannerRemindersBelow``."""
        what = "Below" if self.tier == BELOW else f"{self.tier.capitalize()}Burn"
        return name_of(self.slo, what)

    @property
    def windows(self) -> tuple[int, ...]:
        return (self.long_ms,) if self.short_ms is None else (self.long_ms, self.short_ms)

    def holds(self, counts: Counts) -> bool:
        """Whether it is so now."""
        return counts(self.long_ms)[1] >= self.min_bad and all(self._above(*counts(one)) for one in self.windows)

    def _above(self, good: int, bad: int) -> bool:
        return good + bad > 0 and bad / (good + bad) > self.limit


def name_of(slo: Slo, what: str) -> str:
    """What an alert on a promise is called."""
    return f"Planner{slo.id.title().replace('_', '')}{what}"


def rules(slo: Slo) -> Iterator[Rule]:
    """All alerts of a promise, the gravest first."""
    yield from (_burning(slo, tier) for tier in slo.tiers)
    limit = budget.allowed_error_rate(slo.alert_below)
    kept_ms = min(BELOW_KEPT_MS, max(SECOND, slo.window_ms // 168 // SECOND * SECOND))
    yield Rule(slo, BELOW, Severity.WARNING, slo.window_ms, None, limit, slo.min_bad, kept_ms)


def _burning(slo: Slo, tier: Tier) -> Rule:
    severity = tier.severity if slo.pages or tier.severity is not Severity.CRITICAL else Severity.WARNING
    return Rule(
        slo,
        tier.name,
        severity,
        tier.long_ms,
        tier.short_ms,
        limit=round(tier.factor(slo.window_ms) * budget.allowed_error_rate(slo.objective), budget.DIGITS),
        min_bad=slo.page_min_bad if severity is Severity.CRITICAL else slo.min_bad,
        keep_ms=tier.keep_ms,
        for_ms=tier.for_ms,
        early=tier.early,
    )


@dataclass(frozen=True, slots=True)
class Alert:
    """What a rule is at. Instants in UTC ms; ``held_at`` is when the rule was last seen to hold."""

    state: State
    pending_at: int
    held_at: int
    fired_at: int | None = None
    resolved_at: int | None = None

    @property
    def open(self) -> bool:
        return self.state in {State.PENDING, State.FIRING}

    def by(self, now: int) -> Alert:
        """The same with nothing later than ``now``: a clock that was ahead, and is right again, prolongs nothing."""
        fired_at = None if self.fired_at is None else min(self.fired_at, now)
        return replace(self, pending_at=min(self.pending_at, now), held_at=min(self.held_at, now), fired_at=fired_at)


def step(rule: Rule, alert: Alert | None, now: int, *, holds: bool) -> Alert | None:
    """What becomes of an alert at a look; ``None``: there is none. As Prometheus has it with ``keep_firing_for``."""
    alert = None if alert is None else alert.by(now)
    if alert is None or not alert.open:
        alert = Alert(State.PENDING, now, now) if holds else None
    elif holds:
        alert = replace(alert, held_at=now)
    elif alert.state is State.PENDING:
        return replace(alert, state=State.INACTIVE, resolved_at=now)
    elif now - alert.held_at >= rule.keep_ms:
        return replace(alert, state=State.RESOLVED, resolved_at=now)
    if alert is not None and alert.state is State.PENDING and now - alert.pending_at >= rule.for_ms:
        return replace(alert, state=State.FIRING, fired_at=now)
    return alert
