"""Recurrence: RFC 5545 rules on the wall clock of a zone, with a bound on the work any rule can ask for.

A rule counts in naive local time, so that "every day at 9" stays at 9 across DST, and only its results become
instants: a time that does not exist that day moves forward by the gap, one that exists twice is the first. So do rules
that count in hours, minutes or seconds. Counting begins where it is asked for, however long ago the event began, and
ends with the window (:mod:`planner.rrule.run`); dateutil has no such end: it looks for a rule's next date until the
year 9999.

A rule alone says what happens: a start that it does not give is no occurrence, and COUNT counts only what it gives.
In a calendar DTSTART is the first occurrence whatever the rule says, and COUNT counts it (RFC 5545, sections 3.3.10 and
3.8.5.3): whoever reads one says so by ``Event.included`` and a COUNT that is one less.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice

from planner.due import zone_info
from planner.model import DAY, SECOND, Event
from planner.rrule import MAX_TIMES_A_DAY, RefusedError, parse, settable
from planner.rrule.clock import Clock
from planner.rrule.days import FIRST, LAST
from planner.rrule.run import SPARSE_YEARS, run

__all__ = ["SPARSE_YEARS", "check", "excluded", "happens", "last_start", "local_instant", "local_start", "local_time",
           "next_occurrence", "next_start", "occurrences", "starts", "times", "too_often"]  # fmt: skip

_LOOK_BACK = DAY
"""How far a rule's last occurrence is first looked for, ms; then eight times as far, and so on."""
_LOOK_FURTHER = 8
_ALL = 10**9
"""No limit: a window bounds what a rule gives."""
_SPARSE = SPARSE_YEARS * 366 * DAY

_FIRST = datetime.fromisoformat("0001-01-08")
_LAST = datetime.fromisoformat("9999-12-30")
_EPOCH = datetime.fromisoformat("1970-01-01")
_EPOCH_UTC = _EPOCH.replace(tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MS = timedelta(milliseconds=1)


def local_instant(local: datetime | str, zone: str) -> int:
    """Wall clock ``local`` (naive, or its ISO text) in ``zone`` as UTC ms.

    A time that does not exist moves forward by the gap; of one that exists twice, the first is meant.
    """
    naive = datetime.fromisoformat(local) if isinstance(local, str) else local
    return (naive.replace(tzinfo=zone_info(zone), fold=0) - _EPOCH_UTC) // _MS


def local_time(instant: int, zone: str) -> datetime:
    """The naive wall clock in ``zone`` at ``instant`` (UTC ms)."""
    return (
        (_EPOCH + timedelta(milliseconds=instant)).replace(tzinfo=UTC).astimezone(zone_info(zone)).replace(tzinfo=None)
    )


def check(rrule: str) -> str | None:
    """Why a person may not set a rule, as a code of :class:`planner.rrule.RefusedError`; ``None`` when it is fine."""
    try:
        settable(rrule)
    except RefusedError as refused:
        return str(refused.args[0])
    return None


def occurrences(
    start_local: str,
    zone: str,
    rrule: str | None,
    *,
    after: int,
    before: int,
    limit: int,
    exdates: Collection[int] = (),
) -> list[int]:
    """Instants (UTC ms) with ``after <= t < before`` in order, at most ``limit``, without ``exdates``.

    ``start_local`` is ``YYYY-MM-DDTHH:MM:SS``. The search ends where a rule has not come for ``SPARSE_YEARS``.
    Raises ``ValueError`` for a rule that :func:`planner.rrule.parse` refuses.
    """
    if rrule is None:
        start_at = local_instant(start_local, zone)
        found = iter((start_at,) if after <= start_at < before else ())
    else:
        found = _instants(start_local, zone, rrule, after, before)
    if exdates:
        found = (t for t in found if t not in exdates)
    return list(islice(found, max(0, limit)))


def starts(event: Event, zone: str, *, after: int, before: int, limit: int) -> list[int]:
    """When an event's occurrences start: ``occurrences`` of its rule and beside it, without what it leaves out."""
    out = _instants_of(event.excluded, zone, after, before)
    found = occurrences(event.start_local, zone, event.rrule, after=after, before=before, limit=limit, exdates=out)
    if not event.included:
        return found
    beside = (at for at in _instants_of(event.included, zone, after, before) if after <= at < before)
    return sorted({*found, *(at for at in beside if at not in out)})[: max(0, limit)]


def next_start(event: Event, zone: str, after: int) -> int | None:
    """The first start (UTC ms) at or after ``after`` that the event does not leave out."""
    out = _instants_of(event.excluded, zone, after)
    found = next_occurrence(event.start_local, zone, event.rrule, after, out)
    coming = (at for at in _instants_of(event.included, zone, after) if at >= after and at not in out)
    beside = min(coming, default=found)
    return beside if found is None or beside is None else min(found, beside)


def last_start(event: Event, zone: str, before: int) -> int | None:
    """The last start (UTC ms) before ``before`` that the event does not leave out."""
    begin = local_instant(event.start_local, zone)
    back = _LOOK_BACK
    while True:
        found = starts(event, zone, after=max(begin, before - back), before=before, limit=_ALL)
        if found or before - back <= begin:
            return found[-1] if found else None
        back *= _LOOK_FURTHER


def happens(event: Event, zone: str, at: int) -> bool:
    """Whether an event has an occurrence that starts just then (UTC ms)."""
    return event.start_at == at if event.rrule is None else bool(starts(event, zone, after=at, before=at + 1, limit=1))


def local_start(event: Event, zone: str, at: int) -> str:
    """What an event's rule calls its occurrence at ``at`` (UTC ms): of one in the hour that a zone leaves out, that."""
    shown = local_time(at, zone).isoformat()
    instant = local_instant(shown, "UTC")
    if instant in starts(event, "UTC", after=instant, before=instant + 1, limit=1):
        return shown
    near = starts(event, "UTC", after=instant - DAY, before=instant, limit=_ALL)
    said = (local_time(one, "UTC").isoformat() for one in reversed(near))
    return next((one for one in said if local_instant(one, zone) == at), shown)


def too_often(start_local: str, rrule: str) -> bool:
    """Whether a rule may come more than ``MAX_TIMES_A_DAY`` times a day: no one wants to be reminded of that."""
    one = run(rrule, start_local)
    return (one.clock.most() if isinstance(one.clock, Clock) else len(one.clock)) > MAX_TIMES_A_DAY


def times(start_local: str, rrule: str, day: date) -> Sequence[int]:
    """At which seconds of a day's wall clock a rule may come, if it comes on that day at all."""
    clock = run(rrule, start_local).clock
    return clock.times(day.toordinal()) if isinstance(clock, Clock) else clock


def excluded(event: Event, zone: str) -> frozenset[int]:
    """The starts (UTC ms) that the event leaves out."""
    return frozenset(local_instant(local, zone) for local in event.excluded)


def _instants_of(locals_: Sequence[str], zone: str, after: int, before: int | None = None) -> frozenset[int]:
    """Of local starts those within a window, as instants, and some beside it: a calendar can leave out thousands."""
    if not locals_:
        return frozenset()
    low = date.fromordinal(_day(after) - 2).isoformat()
    high = date.fromordinal(_day(before) + 2).isoformat() if before is not None else "A"
    return frozenset(local_instant(one, zone) for one in locals_ if low <= one < high)


def next_occurrence(
    start_local: str, zone: str, rrule: str | None, after: int, exdates: Collection[int] = ()
) -> int | None:
    """The first instant (UTC ms) at or after ``after``; ``None`` when the rule has ended or never comes again."""
    start_at = local_instant(start_local, zone)
    if rrule is None:
        return start_at if start_at >= after and start_at not in exdates else None
    before = max(after, start_at) + _SPARSE
    found = occurrences(start_local, zone, rrule, after=after, before=before, limit=1, exdates=exdates)
    return next(iter(found), None)


def _instants(start_local: str, zone: str, rrule: str, after: int, before: int) -> Iterator[int]:
    """When a rule comes within a window, in order: days on which the zone's clock changes can run into the next."""
    rule = parse(rrule)
    if rule.until is not None and rule.until_is_utc:
        before = min(before, local_instant(rule.until, "UTC") + 1)
    held: list[int] = []
    for day, times in run(rrule, start_local).between(_day(after) - 2, _day(before) + 1):
        shift = _shift(zone, day)
        if shift is None:
            held = sorted({*held, *(_at(day, second, zone) for second in times)})
            continue
        midnight = (day - _EPOCH_DAY) * DAY - shift
        if held and midnight + times[0] * SECOND <= held[-1]:
            held = sorted({*held, *(midnight + second * SECOND for second in times)})
            continue
        yield from (t for t in held if after <= t < before)
        held = []
        first = bisect_left(times, -((midnight - after) // SECOND)) if midnight < after else 0
        for second in times[first:] if first else times:
            at = midnight + second * SECOND
            if at >= before:
                return
            yield at
    yield from (t for t in held if after <= t < before)


@lru_cache(maxsize=4_096)
def _shift(zone: str, day: int) -> int | None:
    """How far a zone's clock is ahead of UTC on a local day, ms; ``None`` where that changes within it."""
    midnight = datetime.fromordinal(day).replace(tzinfo=zone_info(zone))
    shift = midnight.utcoffset()
    same = shift is not None and shift == (midnight + timedelta(days=1)).utcoffset()
    return shift // _MS if shift is not None and same else None


def _at(day: int, second: int, zone: str) -> int:
    return local_instant(datetime.fromordinal(day) + timedelta(seconds=second), zone)


def _day(instant: int) -> int:
    """The day of an instant in UTC, as an ordinal."""
    return min(max(instant // DAY + _EPOCH_DAY, FIRST), LAST)
