"""What is due when: leads, quiet hours, daily plans. Instants in UTC ms; minutes count from local midnight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from planner.model import DAY, MINUTE, SECOND, Quiet

BEFORE_QUIET_MS = 2 * MINUTE
"""A reminder for something within quiet hours comes this long before they begin (DESIGN section 4)."""

ANSWER_WITHIN_MS = 5 * SECOND
"""A message is answered in time when Telegram has accepted the answer this long after its own date."""

ALL_DAY_MINUTE = 9 * 60
"""The leads of an all-day event count from this minute of its day, and so does the event's own reminder."""


@lru_cache(maxsize=1_024)
def zone_info(zone: str) -> tzinfo:
    """The rules of an IANA zone; those of UTC where this machine has none of that name (``knows`` says so)."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return UTC


def knows(zone: str) -> bool:
    """Whether this machine has an IANA zone's rules."""
    return isinstance(zone_info(zone), ZoneInfo)


def wall(day: date, minute: int, zone: str) -> int:
    """The instant of a wall-clock minute; one that does not exist is moved forward, one that is twice is the first."""
    local = datetime(day.year, day.month, day.day, tzinfo=zone_info(zone)) + timedelta(minutes=minute)
    return round(local.replace(fold=0).astimezone(UTC).timestamp() * SECOND)


def day_of(at: int, zone: str) -> date:
    """The local date of an instant."""
    return datetime.fromtimestamp(at / SECOND, zone_info(zone)).date()


def minute_of(at: int, zone: str) -> int:
    """The local minute of the day of an instant."""
    local = datetime.fromtimestamp(at / SECOND, zone_info(zone))
    return local.hour * 60 + local.minute


def local_text(at: int, zone: str) -> str:
    """An instant on a zone's wall clock, as ``model.Event.start_local`` has it."""
    return f"{datetime.fromtimestamp(at / SECOND, zone_info(zone)):%Y-%m-%dT%H:%M:%S}"


def day_bounds(day: date, zone: str) -> tuple[int, int]:
    """When a local day begins and ends: 23 to 25 hours apart."""
    return wall(day, 0, zone), wall(day + timedelta(days=1), 0, zone)


def quiet_around(at: int, quiet: Quiet | None, zone: str) -> tuple[int, int] | None:
    """The quiet hours that an instant falls in, as instants ``[begin, end)``."""
    if quiet is None:
        return None
    today = day_of(at, zone)
    for day in (today - timedelta(days=1), today):
        ends = day + timedelta(days=1) if quiet.end <= quiet.start else day
        begin, end = wall(day, quiet.start, zone), wall(ends, quiet.end, zone)
        if begin <= at < end:
            return begin, end
    return None


def after_quiet(at: int, quiet: Quiet | None, zone: str) -> int:
    """``at``, or the end of the quiet hours that it falls in."""
    around = quiet_around(at, quiet, zone)
    return at if around is None else around[1]


def not_before(due_at: int, early_ms: int, quiet: Quiet | None, zone: str) -> int:
    """The earliest that something due may be sent: up to ``early_ms`` before, but never within quiet hours."""
    around = quiet_around(due_at - early_ms, quiet, zone) or quiet_around(due_at - 1, quiet, zone)
    return due_at - early_ms if around is None else min(around[1], due_at)


def event_reminders(
    anchor: int, leads_s: tuple[int, ...], *, set_at: int, quiet: Quiet | None, zone: str, reminded: bool = False
) -> list[int]:
    """When an occurrence's reminders are due, in order, each once.

    ``anchor`` is what the leads count back from: the start, or for an all-day event a minute of its day. ``set_at``
    is when the event was made or last changed: what was over by then is not reminded, and what should have been
    reminded before then is reminded at the anchor instead (before quiet hours that this falls in, if that can still
    be), unless it was ``reminded`` already.
    """
    if anchor < set_at:
        return []
    dues = (_out_of_quiet(anchor - lead * SECOND, anchor, quiet, zone) for lead in leads_s)
    at_start = _out_of_quiet(anchor, anchor, quiet, zone)
    instead = at_start if at_start >= set_at else anchor
    wanted = {due if due >= set_at else instead for due in dues if due >= set_at or not reminded}
    return sorted(wanted)


def _out_of_quiet(due: int, anchor: int, quiet: Quiet | None, zone: str) -> int:
    around = quiet_around(due, quiet, zone)
    if around is None:
        return due
    begin, end = around
    return end if anchor >= end else after_quiet(begin - BEFORE_QUIET_MS, quiet, zone)


def plans(plan_minute: int, zone: str, after: int, before: int) -> Iterator[tuple[int, int]]:
    """Each daily plan due in ``after <= t < before``, with the end of its day, when it no longer matters."""
    day = day_of(after, zone)
    while (due := wall(day, plan_minute, zone)) < before:
        if due >= after:
            yield due, day_bounds(day, zone)[1]
        day += timedelta(days=1)


def anchor_of(start_at: int, zone: str, *, all_day: bool) -> int:
    """What an occurrence's leads count back from."""
    return wall(day_of(start_at, zone), ALL_DAY_MINUTE, zone) if all_day else start_at


HORIZON_MS = 8 * DAY
"""Reminders exist at least this far ahead: a day more than the longest SLO window, so a dead process' debts count."""
