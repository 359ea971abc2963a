"""Updates on their way, from arrival to the acceptance of their last answer: many parts have a hand in each."""

from __future__ import annotations

from dataclasses import dataclass, field

from planner.catalogue import chat
from planner.clock import NS, ticks
from planner.telemetry import Telemetry
from planner.telemetry.tracing import NOTHING, Kind, Span

UNHANDLED = "none"
"""The handler of what nothing has handled yet."""


@dataclass(slots=True)
class Handled:
    """What a handler tells of an update inside its transaction; it counts once that is committed.

    ``handler``: the name of what handles it, one of a closed set; it stands from before the attempt, so what raises is
    known. ``outcome``: ok, refused or ignored. ``refusals``: kinds of ``planner.catalogue.security.REFUSALS``.
    """

    handler: str = UNHANDLED
    outcome: str = "ok"
    refusals: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Nothing has been done: what an attempt that was rolled back has told is void."""
        self.handler, self.outcome = UNHANDLED, "ok"
        self.refusals.clear()


@dataclass(slots=True)
class Journey:
    """``handler`` and ``outcome`` are set by whoever handles it; ``holds``: those who are not done with it."""

    span: Span
    began: int
    holds: int = 1
    handler: str = UNHANDLED
    outcome: str = "failed"

    @property
    def seconds(self) -> float:
        """How long it has been under way."""
        return (ticks() - self.began) / NS


class Journeys:
    """By the update's number. Whatever is not, or no longer, under way is passed over."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._open: dict[int, Journey] = {}

    def begin(self, update_id: int) -> Journey:
        """An update has come; held until it is released once for each time that it came."""
        journey = self._open.get(update_id)
        if journey is not None:
            journey.holds += 1
            return journey
        span = self._telemetry.tracer.begin("update", Kind.CONSUMER, update=update_id)
        journey = self._open[update_id] = Journey(span, ticks())
        self._active()
        return journey

    def span(self, update_id: int | None) -> Span:
        """The span of an update's journey."""
        journey = self._open.get(update_id) if update_id is not None else None
        return NOTHING if journey is None else journey.span

    def hold(self, update_id: int | None) -> None:
        """One more has to do with it: it is owed an answer."""
        journey = self._open.get(update_id) if update_id is not None else None
        if journey is not None:
            journey.holds += 1

    def release(self, update_id: int | None) -> None:
        """One is done with it; the last one ends it."""
        journey = self._open.get(update_id) if update_id is not None else None
        if journey is None or update_id is None:
            return
        journey.holds -= 1
        if not journey.holds:
            self._end(update_id, journey)

    def close(self) -> None:
        """Nobody goes on with any: end them. What was not handled counts when a later run has handled it."""
        for update_id, journey in list(self._open.items()):
            journey.span.set(stopped=True)
            self._end(update_id, journey)

    def _end(self, update_id: int, journey: Journey) -> None:
        del self._open[update_id]
        self._active()
        if journey.handler != UNHANDLED:
            labels = journey.handler, journey.outcome
            self._telemetry.metrics.add(chat.UPDATES, *labels)
            self._telemetry.metrics.record(chat.UPDATE_DURATION, journey.seconds, *labels)
            journey.span.set(handler=journey.handler, outcome=journey.outcome)
        journey.span.end()

    def _active(self) -> None:
        self._telemetry.metrics.set(chat.UPDATES_ACTIVE, len(self._open))
