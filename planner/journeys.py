"""Updates on their way, from arrival to the acceptance of their last answer: many parts have a hand in each."""

from __future__ import annotations

from dataclasses import dataclass

from planner.catalogue import chat
from planner.clock import ticks
from planner.telemetry import Telemetry
from planner.telemetry.tracing import NOTHING, Kind, Span

NS = 1_000_000_000


@dataclass(slots=True)
class Journey:
    """``handler`` and ``outcome`` are set by whoever handles it; ``holds``: those who are not done with it."""

    span: Span
    began: int
    holds: int = 1
    handler: str = "none"
    outcome: str = "failed"


class Journeys:
    """By the update's number. Whatever is not, or no longer, under way is passed over."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._open: dict[int, Journey] = {}

    def begin(self, update_id: int) -> Journey:
        """An update has come; held until the first ``release``."""
        span = self._telemetry.tracer.begin("update", Kind.CONSUMER, update=update_id)
        journey = self._open[update_id] = Journey(span, ticks())
        self._telemetry.metrics.add(chat.UPDATES_ACTIVE)
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
        if journey.holds:
            return
        del self._open[update_id]
        labels = journey.handler, journey.outcome
        self._telemetry.metrics.add(chat.UPDATES_ACTIVE, by=-1)
        self._telemetry.metrics.add(chat.UPDATES, *labels)
        self._telemetry.metrics.record(chat.UPDATE_DURATION, (ticks() - journey.began) / NS, *labels)
        journey.span.set(handler=journey.handler, outcome=journey.outcome)
        journey.span.end()
