"""One trace a message: from when it is due to the commit of how it ended, over all its tries."""

from __future__ import annotations

from planner.claim import Sending
from planner.clock import ticks
from planner.model import ON_TIME
from planner.settle import Landed
from planner.store.news import News, What, numbers
from planner.telegram.outcomes import Accepted, Blocked, Outcome, Refused
from planner.telemetry.tracing import DATABASE, NOTHING, Kind, Span, Tracer

ENDS = {What.CANCELLED, What.MISSED, What.UNDELIVERABLE, What.ARRIVED}
"""How what waits for its next try can end without one."""


class Flights:
    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._held: dict[int, Span] = {}
        self._saving: dict[Span, Span] = {}

    def claimed(self, sending: Sending, now: int, began: int) -> Span:
        """The trace of a message that has been claimed ``now``, which had begun at ``began`` (``ticks``)."""
        span = self._held.pop(sending.ids[0], NOTHING)
        for other in sending.ids[1:]:
            if self._held.get(other) is span:  # one message when it was last tried, too
                del self._held[other]
            else:
                self._let_go(other, "merged")
        if not span or span.end_ns:  # what was one message may be tried as several
            span = self._tracer.begin(
                "reminder", Kind.CONSUMER, start_ms=min(sending.due_at, now), links=sending.links,
                reminder=numbers(sending.ids), user=sending.user_id,
            )  # fmt: skip
            span.set(kind=sending.kind.value)
        if span:
            step = _saved(span, "claim")
            step.start_ns = span.now_ns() - (ticks() - began)
            step.end()
        return span

    def hold(self, sending: Sending, span: Span) -> None:
        """These are tried again, as the same trace."""
        if span:
            self._held.update(dict.fromkeys(sending.ids, span))

    def landed(self, sending: Sending, outcome: Outcome, span: Span) -> Span:
        """The answer has come; returns the step of saving what it means."""
        saving = _saved(span, "db write")
        if span and not isinstance(outcome, Accepted | Blocked | Refused):
            self.hold(sending, span)
            self._saving[span] = saving
        return saving

    def settled(self, one: Landed) -> None:
        """It is on disk how it ended, if it did."""
        span, late = one.span, one.at - one.sending.due_at
        self._saving.pop(span, None)
        one.saving.end()
        if not span or span.end_ns:  # nobody wanted it any more when it was saved that it is to be tried again
            return
        span.set(attempts=one.sending.attempts, outcome=type(one.outcome).__name__.lower())
        if isinstance(one.outcome, Accepted):
            span.set(lateness_ms=late)
            if abs(late) > ON_TIME:
                span.keep()
        elif isinstance(one.outcome, Refused):
            span.fail("refused")
        if isinstance(one.outcome, Accepted | Blocked | Refused):
            span.end()

    def close(self) -> None:
        """Nothing is tried any more in this run."""
        for span in set(self._held.values()):
            self._over(span, "stopped")
        self._held.clear()

    def changed(self, news: News) -> None:
        """What waited for its next try may need none any more."""
        if not self._held:
            return
        for life in news.lives:
            if life.what in ENDS:
                self._let_go(life.reminder, life.what.value)

    def _let_go(self, reminder_id: int, outcome: str) -> None:
        span = self._held.pop(reminder_id, NOTHING)
        if span and not any(other is span for other in self._held.values()):
            if outcome == What.MISSED:
                span.keep()
            self._over(span, outcome)

    def _over(self, span: Span, outcome: str) -> None:
        self._saving.pop(span, NOTHING).end()
        span.set(outcome=outcome)
        span.end()


def _saved(span: Span, name: str) -> Span:
    return span.child(name, Kind.CLIENT, **DATABASE) if span else span
