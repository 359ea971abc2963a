"""Whose an occurrence is by now: a series hands one on to an event of its own, and gets it back. Pure.

What was reminded of it goes along, so that it is known what was sent, put off and done with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from planner import recur
from planner.model import Event
from planner.store.feed_events import Known


class Now(NamedTuple):
    """What an event has become, by its id."""

    id: int
    event: Event


Will = Mapping[tuple[str, str], Now]
"""Events that are new or at other times by now, by their UID and part."""


class Begun(NamedTuple):
    """An occurrence, at ``at`` (UTC ms), of an event as it was, of which something was sent or is owed."""

    was: Known
    at: int


class Passed(NamedTuple):
    """What was reminded of an event's occurrence at ``at`` is another's from now on."""

    event_id: int
    at: int
    heir_id: int


def passed(begun: Sequence[Begun], will: Will, zone: str) -> list[Passed]:
    """Which occurrences are another event's by now. ``zone`` is the user's."""
    called: dict[str, list[Now]] = {}
    for now in will.values():
        called.setdefault(now.event.title, []).append(now)
    found = ((one, _heir(one, will, called, zone)) for one in begun)
    return [Passed(one.was.event.id, one.at, heir.id) for one, heir in found if heir is not None]


def _heir(one: Begun, will: Will, called: Mapping[str, Iterable[Now]], zone: str) -> Now | None:
    """The event that the occurrence is, or is one of, by now; ``None`` where it stays whose it is."""
    uid, part = one.was.uid, one.was.part
    itself = will.get((uid, part))
    if itself is not None and (part or _happens(itself.event, one.at, zone)):
        return None
    if part:
        series = will.get((uid, ""))
        if series is not None and _happens(series.event, recur.local_instant(part, series.event.zone or zone), zone):
            return series
    else:
        own = will.get((uid, recur.local_time(one.at, one.was.event.zone or zone).isoformat()))
        if own is not None:
            return own
    return next((now for now in called.get(one.was.event.title, ()) if _happens(now.event, one.at, zone)), None)


def _happens(event: Event, at: int, zone: str) -> bool:
    return recur.happens(event, event.zone or zone, at)
