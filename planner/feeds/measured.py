"""What calendars' servers are asked, counted and traced. No host, no address, no word of a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.catalogue import calendars, outside, process, security, work
from planner.feeds.fetched import Body, Fault, Fetched, NotModified
from planner.model import Outcome
from planner.telemetry.registry import Registry
from planner.telemetry.tracing import Kind, Span, step

if TYPE_CHECKING:  # only what reads calendars needs it
    from planner.ics.prepare import Batch

WORKER = "calendars"
FORBIDDEN = frozenset({"private", "link_local", "elsewhere_private"})
"""Codes of faults where an address leads to where no calendar may: the others are no addresses at all."""


@dataclass(slots=True)
class Way:
    """How far a fetch has come: how many requests it took, the last answer's status, the bytes that came."""

    requests: int = 0
    status: int = 0
    came: int = 0


def fetching() -> Span:
    """A step of whatever wants a calendar, for a ``with`` block."""
    return step("calendar fetch", Kind.CLIENT, **{"peer.service": "calendar"})


def note_fetched(metrics: Registry, span: Span, fetched: Fetched, way: Way, seconds: float) -> None:
    """A fetch is over, of which ``span`` tells."""
    outcome = _outcome(fetched)
    metrics.add(outside.FEED_REQUESTS, "failed" if isinstance(fetched, Fault) else outcome)
    metrics.record(outside.FEED_DURATION, seconds)
    metrics.add(outside.FEED_TRAFFIC, by=way.came)
    metrics.add(process.NETWORK, "received", by=way.came)
    span.set(outcome=outcome, received_bytes=way.came, redirects=max(0, way.requests - 1))
    if way.status:
        span.set(status=way.status)
    if isinstance(fetched, Fault):
        metrics.add(outside.FEED_ERRORS, outcome)
        _note_refused(metrics, fetched)
        _failed(span, fetched)


def note_read(metrics: Registry, span: Span, read: Batch | Fault, seconds: float, *, died: bool) -> None:
    """A calendar was read, or could not be; ``died``: its process has come to no good end."""
    metrics.record(calendars.PARSE_DURATION, seconds)
    metrics.add(work.BUSY, WORKER, by=seconds)
    metrics.add(work.TASKS, WORKER, "failed" if died else "ok")
    if died:
        metrics.add(work.RESTARTS, WORKER)
    if isinstance(read, Fault):
        _note_refused(metrics, read)
        span.set(outcome=str(read.outcome))
        _failed(span, read)
    else:
        span.set(outcome="ok", events=read.total)


def _note_refused(metrics: Registry, fault: Fault) -> None:
    if fault.code in FORBIDDEN:
        metrics.add(security.REFUSALS, "blocked_address")
    elif fault.outcome is Outcome.TOO_LARGE:
        metrics.add(security.REFUSALS, "oversized")


def _failed(span: Span, fault: Fault) -> None:
    span.set(fault=fault.code)
    if span:
        span.fail(fault.code)


def _outcome(fetched: Fetched) -> str:
    match fetched:
        case Body():
            return "ok"
        case NotModified():
            return "not_modified"
        case Fault(outcome=outcome):
            return str(outcome)
