"""What of a calendar's changes its user is told: what starts within the next days and was moved or cancelled. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from planner import recur
from planner.model import DAY, Event
from planner.notices import Told

FURTHER_MS = 35 * DAY
"""So far beyond the days that are told of, what was moved is looked for."""
BACK_MS = 2 * DAY
STARTS_MAX = 500
"""Starts of one event that are compared."""
COMPARED_MAX = 2_000
"""UIDs that are compared; where more have changed, the calendar is another one."""

Events = Mapping[str, Sequence[Event]]
"""The events of each UID."""


def told(was: Events, will: Events, *, zone: str, now: int, days: int) -> list[Told]:
    """In the order of when it was to start. ``zone`` is the user's. What was new or is over is not told."""
    until = now + days * DAY
    found: list[Told] = []
    for uid in list(was)[:COMPARED_MAX]:
        after = will.get(uid, ())
        if _starts(was[uid], zone, now, until) != _starts(after, zone, now, until):
            found += _of_one(was[uid], after, zone, now, until)
    return sorted(found, key=lambda one: (one.was or 0, one.title))


def _of_one(before: Sequence[Event], after: Sequence[Event], zone: str, now: int, until: int) -> Iterable[Told]:
    old = _starts(before, zone, now - BACK_MS, until + FURTHER_MS)
    new = _starts(after, zone, now - BACK_MS, until + FURTHER_MS)
    came = [start for start in new if start not in old]
    for was in sorted(start for start in old if start not in new and start >= now):
        now_at = min(came, key=lambda start: abs(start - was), default=None)
        if now_at is not None:
            came.remove(now_at)
        event = old[was] if now_at is None else new[now_at]
        if was < until or (now_at is not None and now <= now_at < until):
            yield Told(event.title, was, now_at, event.all_day)


def _starts(events: Iterable[Event], zone: str, after: int, before: int) -> dict[int, Event]:
    """When the events start in ``after <= t < before``, and which."""
    return {
        start: event
        for event in events
        for start in recur.starts(event, event.zone or zone, after=after, before=before, limit=STARTS_MAX)
    }
