"""Reading what people write, as a step of the update's trace: it is what takes longest in most of them."""

from __future__ import annotations

from planner import when
from planner.telemetry.tracing import step
from planner.when import Asked, Phrase


def understand(text: str, *, now: int, zone: str, lang: str) -> Phrase:
    """As ``planner.when.understand``."""
    with step("parse", reads="phrase", characters=len(text)) as span:
        found = when.understand(text, now=now, zone=zone, lang=lang)
        span.set(status=found.status)
        return found


def asked(text: str, *, now: int, zone: str, lang: str) -> Asked | None:
    """As ``planner.when.asked``."""
    with step("parse", reads="question", characters=len(text)) as span:
        found = when.asked(text, now=now, zone=zone, lang=lang)
        span.set(status="nothing" if found is None else found.kind)
        return found
