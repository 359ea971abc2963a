"""What of a calendar's changes its user is told: what starts within the next days and was moved or cancelled. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

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
Start = tuple[int, bool]
"""When something starts (UTC ms), and whether it is a whole day."""
There = tuple[str, int, bool]
"""Its title, too."""


def told(was: Events, will: Events, *, there: Collection[There], zone: str, now: int, days: int) -> list[Told]:
    """In the order of when it was to start. ``zone`` is the user's. What was new or is over is not told.

    ``there``: what the calendar has within these days. Whoever finds something of the same name where it was misses
    nothing, whatever its UID is by now: a series that is divided goes on under another one.
    """
    until = now + days * DAY
    found: list[Told] = []
    for uid in list(was)[:COMPARED_MAX]:
        after = will.get(uid, ())
        if _starts(was[uid], zone, now, until).keys() != _starts(after, zone, now, until).keys():
            found += _of_one(was[uid], after, there, zone, now, until)
    return sorted(found, key=lambda one: (one.was or 0, one.title))


def _of_one(
    before: Sequence[Event], after: Sequence[Event], there: Collection[There], zone: str, now: int, until: int
) -> Iterable[Told]:
    old = _starts(before, zone, now - BACK_MS, until + FURTHER_MS)
    new = _starts(after, zone, now - BACK_MS, until + FURTHER_MS)
    came = [start for start in new if start not in old]
    for was in sorted(start for start in old if start not in new and start[0] >= now):
        if (old[was].title, *was) in there:
            continue
        then = min(came, key=lambda start: abs(start[0] - was[0]), default=None)
        if then is None:
            if was[0] < until:
                yield Told(old[was].title, was[0], None, was[1])
            continue
        came.remove(then)
        if was[0] < until or now <= then[0] < until:
            yield Told(new[then].title, was[0], then[0], was[1], then[1])


def _starts(events: Iterable[Event], zone: str, after: int, before: int) -> dict[Start, Event]:
    """What starts in ``after <= t < before``, and which event that is."""
    return {
        (start, event.all_day): event
        for event in events
        for start in recur.starts(event, event.zone or zone, after=after, before=before, limit=STARTS_MAX)
    }
