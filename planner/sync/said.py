"""What logs, metrics and traces say of syncs: of a feed its number and, in logs alone, its host."""

from __future__ import annotations

import logging

from planner.catalogue import calendars
from planner.model import Feed, Outcome
from planner.providers import host
from planner.sync.record import Came, Recorded
from planner.telemetry import Telemetry
from planner.telemetry.tracing import Span

log = logging.getLogger(__name__)

REPORT = "This calendar is not brought up to date: please report it, with this line."


def begun(telemetry: Telemetry, feed: Feed) -> Span:
    """A trace of an attempt, for a ``with`` block."""
    asked_for, tried = feed.asked_at is not None, feed.linked_at is None
    return telemetry.tracer.begin("sync", feed=feed.id, user=feed.user_id, asked_for=asked_for, tried=tried)


def recorded(telemetry: Telemetry, span: Span, came: Came, made: Recorded) -> None:
    """What came of an attempt is written down."""
    if came.outcome is Outcome.NOT_MODIFIED:
        telemetry.metrics.add(calendars.UNCHANGED, "same_bytes" if came.bytes else "not_modified")
    counts = {"added": made.added, "changed": made.changed, "gone": made.gone, "skipped": made.skipped}
    span.set(outcome=str(came.outcome), bytes=came.bytes, **counts)
    if made.fault:
        span.set(fault=made.fault)
    if span and not came.outcome.good:
        span.fail(came.fault)
    if came.outcome.good:
        extra = {**_named(came.feed), "outcome": str(came.outcome), "bytes": came.bytes, "ms": came.took_ms, **counts}
        if came.feed.asked_at is not None or any(counts.values()):
            log.info("sync.done", extra=extra)
        else:
            log.debug("sync.unchanged", extra=extra)


def failed(feed: Feed, outcome: Outcome, fault: str) -> None:
    """There is no calendar to be had. An address that was only being tried is forgotten, and its user told why."""
    extra = {**_named(feed), "outcome": str(outcome), "fault": fault}
    if feed.linked_at is None:
        log.info("feed.not_linked", extra=extra)
    else:
        log.warning("sync.failed", extra=extra)


def not_kept(feed: Feed, cause: str) -> None:
    """What came of it could not be stored."""
    log.error("sync.not_kept", extra={**_named(feed), "cause": cause, "do": "It is tried again; see the cause."})


def crashed(feed: Feed, error: Exception) -> None:
    """By our own fault."""
    log.error("sync.crashed", exc_info=error, extra={**_named(feed), "do": REPORT})


def _named(feed: Feed) -> dict[str, object]:
    """What of a feed a log may say."""
    return {"feed": feed.id, "user": feed.user_id, "host": host(feed.url)}
