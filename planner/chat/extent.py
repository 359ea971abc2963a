"""A change that leaves an event's beginning alone: its length, its end, all of the day, another zone's clock.

Pure: an occurrence and words to what that occurrence should be.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from planner import recur, rrule, scopes
from planner.chat.parse import understand
from planner.model import DAY, SECOND, Event
from planner.when import length_of, shift_of, time_of_day, until_of, whole_day

DAY_S = DAY // SECOND
LENGTH_MAX_S = 366 * DAY_S
"""Longer events are refused with a sentence."""
HALF_DAY_MIN = 12 * 60


class CannotError(ValueError):
    """It cannot be so; the code says why: ``no_time``, ``end``, ``before``, ``long``."""


def changed(view: Event, text: str, *, now: int, zone: str, lang: str) -> Event | None:
    """The occurrence as ``text``, said at ``now`` in ``zone``, makes it; ``None`` when it speaks of something else.

    Raises :class:`CannotError`, and ``scopes.CannotMoveError`` where a series would never come.
    """
    if whole_day(text, lang=lang):
        return all_day(view, zone)
    shift = shift_of(text, lang=lang)
    if shift is not None:
        if view.all_day and shift % DAY_S:
            raise CannotError("no_time")
        return None
    length = length_of(text, lang=lang)
    if length is not None:
        return lasting(view, length)
    own = _zone_alone(text, now, zone, lang)
    if own is not None:
        return _by_clock_of(view, own)
    end = until_of(text, lang=lang)
    return None if end is None else _ending(view, end, now, zone, lang)


def all_day(view: Event, zone: str) -> Event:
    """It takes the whole of each of its days."""
    if view.all_day:
        return view
    first = datetime.fromisoformat(view.start_local)
    last = first + timedelta(seconds=max(0, view.duration_s - 1))
    days = (last.date() - first.date()).days + 1
    local = f"{first:%Y-%m-%d}T00:00:00"
    return replace(view, all_day=True, instant=False, start_local=local, duration_s=days * DAY_S,
                   start_at=recur.local_instant(local, zone))  # fmt: skip


def lasting(view: Event, seconds: int) -> Event:
    """It lasts so long."""
    if view.all_day and seconds % DAY_S:
        raise CannotError("no_time")
    if seconds > LENGTH_MAX_S:
        raise CannotError("long")
    return replace(view, duration_s=seconds)


def _ending(view: Event, end: str, now: int, zone: str, lang: str) -> Event | None:
    """It ends then; ``None`` for words that are no time. A day is the last one of several, or of a series."""
    minute = time_of_day(end, lang=lang)
    if minute is not None:
        return _until_minute(view, minute, bare=end.strip().isdigit())
    said = understand(end, now=now, zone=zone, lang=lang)
    if said.start is None or said.rrule is not None or said.title:
        return None
    if not said.all_day:
        return _until(view, said.start.replace(tzinfo=None))
    days = (said.start.date() - date.fromisoformat(view.start_local[:10])).days
    if days < 0:
        raise CannotError("before")
    if view.rrule is not None:
        return _last_day(view, said.start.date(), zone)
    if not view.all_day:
        raise CannotError("end")
    return lasting(view, (days + 1) * DAY_S)


def _until_minute(view: Event, minute: int, *, bare: bool) -> Event:
    """Until the clock shows this; an hour alone is the first one after its beginning, of the morning or the evening."""
    if view.all_day:
        raise CannotError("no_time")
    begin = int(view.start_local[11:13]) * 60 + int(view.start_local[14:16])
    if bare and 0 < minute <= HALF_DAY_MIN:
        minute = min((minute, minute + HALF_DAY_MIN), key=lambda one: (one - begin - 1) % (24 * 60))
    return replace(view, duration_s=((minute - begin - 1) % (24 * 60) + 1) * 60)


def _until(view: Event, end: datetime) -> Event:
    if view.all_day:
        raise CannotError("no_time")
    length = end - datetime.fromisoformat(view.start_local)
    if length <= timedelta():
        raise CannotError("before")
    return lasting(view, round(length.total_seconds()))


def _last_day(view: Event, last: date, zone: str) -> Event:
    assert view.rrule is not None
    kept = [part for part in view.rrule.split(";") if not part.startswith(("UNTIL=", "COUNT="))]
    rule = ";".join((*kept, f"UNTIL={last:%Y%m%d}"))
    rrule.parse(rule)
    return replace(scopes.repeating(view, rule, zone), excluded=view.excluded)


def _zone_alone(text: str, now: int, zone: str, lang: str) -> str | None:
    """The zone of a text that names one and nothing else: beside a time, which alone makes a zone of a name."""
    found = understand(f"12:00 {text}", now=now, zone=zone, lang=lang)
    spoken = {kind for _, _, kind in found.taken}
    return found.zone if not found.title and spoken <= {"time", "zone", "filler"} else None


def _by_clock_of(view: Event, zone: str) -> Event:
    """Its wall clock stays, and is another zone's by now."""
    return replace(view, zone=zone, instant=False, start_at=recur.local_instant(view.start_local, zone))
