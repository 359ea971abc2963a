"""What the Bot API is asked, counted and traced. No address, no token, no word of what is sent or answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from planner.catalogue import outside, process, security
from planner.catalogue.metric import Reading
from planner.telegram import outcomes
from planner.telegram.outcomes import Outcome
from planner.telemetry.registry import Registry
from planner.telemetry.tracing import NOTHING, Kind, Span, step

POLL = "getUpdates"
"""Waits for what may not come: it has no span, and how long it took says nothing."""
FILE = "file"
"""What a file's download is called among the methods."""

_CODES: Mapping[type[Outcome], tuple[str, str]] = {
    outcomes.Accepted: ("accepted", ""),
    outcomes.Paused: ("paused", "flood"),
    outcomes.Unclear: ("unclear", "server"),
    outcomes.NotSent: ("not_sent", "network"),
    outcomes.Blocked: ("blocked", ""),
    outcomes.Moved: ("moved", ""),
    outcomes.Refused: ("refused", "refused"),
    outcomes.Halted: ("halted", "halted"),
}
"""What each outcome is called, and which kind of error it is: none where the chat wants nothing, or is elsewhere."""


class Tried(NamedTuple):
    """A request and what became of it; ``error``: why there was no answer, then ``status`` is 0. Sizes in bytes."""

    outcome: Outcome
    error: Exception | None = None
    status: int = 0
    sent: int = 0
    received: int = 0


class Meter:
    """Counts requests to the Bot API. Bytes are handed over when somebody reads: that is cheaper than at each one."""

    def __init__(self, metrics: Registry) -> None:
        self._metrics = metrics
        self._bytes = {"sent": 0, "received": 0}
        metrics.watch(self._hand_over)

    def note(self, span: Span, method: str, tried: Tried, seconds: float) -> str:
        """A request is over, of which ``span`` tells; returns what its outcome is called."""
        outcome, kind = _CODES[type(tried.outcome)]
        if kind and tried.error is not None:
            kind = "timeout" if isinstance(tried.error, TimeoutError) else kind if kind == "refused" else "network"
        self._metrics.add(outside.REQUESTS, method, outcome)
        if method != POLL:
            self._metrics.record(outside.DURATION, seconds, method)
        self._bytes["sent"] += tried.sent
        self._bytes["received"] += tried.received
        if kind:
            self._note_error(span, kind, tried.outcome)
        if span:
            known = {"status": tried.status} if tried.status else {}
            span.set(outcome=outcome, sent_bytes=tried.sent, received_bytes=tried.received, **known)
        return outcome

    def note_oversized(self) -> None:
        """A file was larger than is taken."""
        self._metrics.add(security.REFUSALS, "oversized")

    def _note_error(self, span: Span, kind: str, outcome: Outcome) -> None:
        self._metrics.add(outside.ERRORS, kind)
        if isinstance(outcome, outcomes.Paused):
            self._metrics.record(outside.RETRY_AFTER, outcome.retry_after_s)
        if span:
            span.fail(kind)

    def _hand_over(self) -> tuple[Reading, ...]:
        for direction, size in self._bytes.items():
            self._bytes[direction] -= size
            self._metrics.add(outside.TRAFFIC, direction, by=size)
            self._metrics.add(process.NETWORK, direction, by=size)
        return ()


def spanned(method: str) -> Span:
    """A step of whatever asks, for a ``with`` block."""
    if method == POLL:
        return NOTHING
    return step(f"telegram {method}", Kind.CLIENT, **{"peer.service": "telegram", "method": method})
