"""Recurrence: RFC 5545 rules on the wall clock of a zone, with a bound on the work any rule can ask for.

A rule counts in naive local time, so that "every day at 9" stays at 9 across DST, and only its results become
instants: a time that does not exist that day moves forward by the gap, one that exists twice is the first.
Counting begins in the period that is asked for, however long ago the event began, and ends with the window;
dateutil has no such end: it looks for a rule's next date until the year 9999.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

from planner.due import zone_info
from planner.model import DAY, Event
from planner.rrule import MAX_TIMES_A_DAY, Freq, RefusedError, Rule, parse

SPARSE_DAYS = 13 * 366
"""How far a rule that counts in days, weeks or hours is searched for its next occurrence: past 29 February 2100."""

SPARSE_YEARS = 50
"""How far a rule that counts in months or years is searched for its next occurrence, and the longest window."""

_LOOK_BACK = 32 * 24 * 3_600_000
"""How far a rule's last occurrence is first looked for, ms; then four times as far, and so on."""
_ALL = 10**9
"""No limit: a window bounds what a rule gives."""

_FIRST = datetime.fromisoformat("0001-01-08")
_LAST = datetime.fromisoformat("9999-12-30")
_EPOCH = datetime.fromisoformat("1970-01-01")
_EPOCH_UTC = _EPOCH.replace(tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


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
    """Why a rule is refused, as a code of :class:`planner.rrule.RefusedError`; ``None`` when it is fine."""
    try:
        parse(rrule)
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

    ``start_local`` is ``YYYY-MM-DDTHH:MM:SS``. A window longer than ``SPARSE_YEARS`` is cut to that.
    Raises ``ValueError`` for a rule that :func:`check` refuses.
    """
    rule = parse(rrule) if rrule is not None else None
    start = datetime.fromisoformat(start_local)
    found = _instants(start, zone, rule, after, before)
    return list(islice((t for t in found if t not in exdates), max(0, limit)))


def starts(event: Event, zone: str, *, after: int, before: int, limit: int) -> list[int]:
    """When an event's occurrences start: ``occurrences`` of its rule and beside it, without what it leaves out."""
    out = excluded(event, zone)
    found = occurrences(event.start_local, zone, event.rrule, after=after, before=before, limit=limit, exdates=out)
    if not event.included:
        return found
    beside = (at for at in _included(event, zone) if after <= at < before and at not in out)
    return sorted({*found, *beside})[: max(0, limit)]


def next_start(event: Event, zone: str, after: int) -> int | None:
    """The first start (UTC ms) at or after ``after`` that the event does not leave out."""
    out = excluded(event, zone)
    found = next_occurrence(event.start_local, zone, event.rrule, after, out)
    beside = min((at for at in _included(event, zone) if at >= after and at not in out), default=found)
    return beside if found is None or beside is None else min(found, beside)


def last_start(event: Event, zone: str, before: int) -> int | None:
    """The last start (UTC ms) before ``before`` that the event does not leave out."""
    begin = local_instant(event.start_local, zone)
    back = _LOOK_BACK
    while True:
        found = starts(event, zone, after=max(begin, before - back), before=before, limit=_ALL)
        if found or before - back <= begin:
            return found[-1] if found else None
        back *= 4


def happens(event: Event, zone: str, at: int) -> bool:
    """Whether an event has an occurrence that starts just then (UTC ms)."""
    return event.start_at == at if event.rrule is None else next_start(event, zone, at) == at


def local_start(event: Event, zone: str, at: int) -> str:
    """What an event's rule calls its occurrence at ``at`` (UTC ms): of one in the hour that a zone leaves out, that."""
    shown = local_time(at, zone)
    instant = local_instant(shown, "UTC")
    near = occurrences(event.start_local, "UTC", event.rrule, after=instant - DAY, before=instant + DAY,
                       limit=4 * MAX_TIMES_A_DAY)  # fmt: skip
    said = (local_time(one, "UTC").isoformat() for one in near)
    found = [one for one in said if local_instant(one, zone) == at]
    return found[-1] if found and shown.isoformat() not in found else shown.isoformat()


def excluded(event: Event, zone: str) -> frozenset[int]:
    """The starts (UTC ms) that the event leaves out."""
    return frozenset(local_instant(local, zone) for local in event.excluded)


def _included(event: Event, zone: str) -> Iterator[int]:
    """The starts (UTC ms) that the event has beside those of its rule."""
    return (local_instant(local, zone) for local in event.included)


def next_occurrence(
    start_local: str, zone: str, rrule: str | None, after: int, exdates: Collection[int] = ()
) -> int | None:
    """The first instant (UTC ms) at or after ``after``; ``None`` when the rule has ended or never comes again."""
    start_at = local_instant(start_local, zone)
    if rrule is None:
        return start_at if start_at >= after and start_at not in exdates else None
    days = SPARSE_YEARS * 366 if parse(rrule).freq in (Freq.YEARLY, Freq.MONTHLY) else SPARSE_DAYS
    before = max(after, start_at) + days * (_DAY // _MS)
    found = occurrences(start_local, zone, rrule, after=after, before=before, limit=1, exdates=exdates)
    return next(iter(found), None)


def _instants(start: datetime, zone: str, rule: Rule | None, after: int, before: int) -> Iterator[int]:
    low, high = _window(after, before, start)
    found: Iterator[int] = (local_instant(local, zone) for local in _locals(start, zone, rule, low, high))
    if rule is not None and (rule.freq is Freq.HOURLY or rule.by_hour or rule.by_minute):
        found = _in_order(found)
    return (t for t in found if after <= t < before)


def _in_order(instants: Iterator[int]) -> Iterator[int]:
    """Times of one day can swap places, or meet, in the hour that a zone leaves out: put them right again."""
    held: list[int] = []
    for t in instants:
        if t not in held:
            held = sorted([*held, t])
        if len(held) > MAX_TIMES_A_DAY:
            yield held.pop(0)
    yield from held


def _window(after: int, before: int, start: datetime) -> tuple[datetime, datetime]:
    """The naive local window, a day wider on both sides than the instants."""
    low = max(_naive(after) - _DAY, start)
    furthest = low.replace(year=min(low.year + SPARSE_YEARS, _LAST.year), day=min(low.day, 28))
    return low, min(_naive(before) + _DAY, furthest)


def _naive(instant: int) -> datetime:
    return _EPOCH + _MS * min(max(instant, (_FIRST - _EPOCH) // _MS), (_LAST - _EPOCH) // _MS)


def _locals(start: datetime, zone: str, rule: Rule | None, low: datetime, high: datetime) -> Iterator[datetime]:
    if rule is None:
        return iter([start] if low <= start <= high else [])
    end = min(high, _until(rule, zone) or high)
    if rule.count is not None:
        end = min(end, _counted_end(start, rule))
    return _run(rule, start, low, end)


def _until(rule: Rule, zone: str) -> datetime | None:
    if rule.until is None or not rule.until_is_utc:
        return rule.until
    return rule.until.replace(tzinfo=UTC).astimezone(zone_info(zone)).replace(tzinfo=None)


@lru_cache(maxsize=4_096)
def _counted_end(start: datetime, rule: Rule) -> datetime:
    """The wall clock of the last occurrence of a rule with COUNT, which always counts from the start."""
    furthest = start.replace(year=min(start.year + SPARSE_YEARS, _LAST.year), day=min(start.day, 28))
    last = start - _DAY
    for last in islice(_run(rule, start, start, furthest), rule.count):  # noqa: B007  the last one is wanted
        pass
    return last


def _run(rule: Rule, start: datetime, low: datetime, high: datetime) -> Iterator[datetime]:
    """Local times of a rule within ``low`` and ``high``, both included; ``low`` is no earlier than ``start``."""
    periods = _hours if rule.freq is Freq.HOURLY else _sets
    for local in periods(rule, start, low, high):
        if local > high:
            return
        if local >= low:
            yield local


def _hours(rule: Rule, start: datetime, low: datetime, high: datetime) -> Iterator[datetime]:
    step = _HOUR * rule.interval
    local = start + max(0, (low - start) // step) * step
    while local <= high:
        if not rule.by_hour or local.hour in rule.by_hour:
            yield local
        local += step


def _sets(rule: Rule, start: datetime, low: datetime, high: datetime) -> Iterator[datetime]:
    """The occurrences of one period after the other (RFC 5545 calls them sets), each in order."""
    times = [
        time(hour, minute, start.second)
        for hour in rule.by_hour or (start.hour,)
        for minute in rule.by_minute or (start.minute,)
    ]
    for days in _periods(_with_start(rule, start), start.date(), low.date(), high.date()):
        locals_ = [datetime.combine(day, at) for day in days for at in times]
        if rule.by_set_pos and locals_:
            size = len(locals_)
            places = {p - 1 if p > 0 else size + p for p in rule.by_set_pos}
            locals_ = [locals_[place] for place in sorted(places) if 0 <= place < size]
        yield from locals_


def _with_start(rule: Rule, start: datetime) -> Rule:
    """The rule with what RFC 5545 takes from DTSTART said outright."""
    if rule.by_day or rule.by_month_day or rule.by_year_day or rule.freq is Freq.DAILY:
        return rule
    if rule.freq is Freq.WEEKLY:
        return replace(rule, by_day=((start.weekday(), 0),))
    months = rule.by_month or (frozenset({start.month}) if rule.freq is Freq.YEARLY else rule.by_month)
    return replace(rule, by_month=months, by_month_day=frozenset({start.day}))


def _periods(rule: Rule, start: date, low: date, high: date) -> Iterator[list[date]]:
    """The days of each period from the one that holds ``low`` to the one that holds ``high``."""
    if rule.freq in (Freq.DAILY, Freq.WEEKLY):
        length = rule.interval * (7 if rule.freq is Freq.WEEKLY else 1)
        back = (start.weekday() - rule.week_start) % 7 if rule.freq is Freq.WEEKLY else 0
        origin = start.toordinal() - back
        first = origin + max(0, low.toordinal() - origin) // length * length
        for ordinal in range(max(first, 1), high.toordinal() + 1, length):
            span = range(ordinal, ordinal + (7 if rule.freq is Freq.WEEKLY else 1))
            yield [day for day in map(date.fromordinal, span) if _fits(rule, day)]
        return
    length = rule.interval * (12 if rule.freq is Freq.YEARLY else 1)
    origin = start.year * 12 + (start.month - 1 if rule.freq is Freq.MONTHLY else 0)
    first = origin + max(0, low.year * 12 + low.month - 1 - origin) // length * length
    for month in range(first, high.year * 12 + high.month, length):
        span = range(month, month + (12 if rule.freq is Freq.YEARLY else 1))
        yield [day for m in span for day in _month_days(rule, m // 12, m % 12 + 1)]


def _month_days(rule: Rule, year: int, month: int) -> list[date]:
    if rule.by_month and month not in rule.by_month:
        return []
    last = monthrange(year, month)[1]
    if rule.by_month_day:
        days = sorted({d if d > 0 else last + 1 + d for d in rule.by_month_day})
        return [day for day in (date(year, month, d) for d in days if 1 <= d <= last) if _fits(rule, day)]
    return [day for day in (date(year, month, d) for d in range(1, last + 1)) if _fits(rule, day)]


def _fits(rule: Rule, day: date) -> bool:
    if rule.by_month and day.month not in rule.by_month:
        return False
    if rule.by_day and not _on_day(rule, day):
        return False
    if rule.by_month_day and not _one_of(day.day, monthrange(day.year, day.month)[1], rule.by_month_day):
        return False
    if not rule.by_year_day:
        return True
    return _one_of(day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday, rule.by_year_day)


def _on_day(rule: Rule, day: date) -> bool:
    weekday = day.weekday()
    for one, n in rule.by_day:  # noqa: SIM110  asked of every day: a generator takes half as long again
        if one == weekday and _is_nth(rule, day, n):
            return True
    return False


def _is_nth(rule: Rule, day: date, n: int) -> bool:
    """Whether ``day`` is the n-th of its weekday, in its month or, for a yearly rule without months, its year."""
    if n == 0:
        return True
    number, size = day.day, monthrange(day.year, day.month)[1]
    if rule.freq is Freq.YEARLY and not rule.by_month:
        number, size = day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday
    return n == ((number - 1) // 7 + 1 if n > 0 else -((size - number) // 7 + 1))


def _one_of(number: int, size: int, wanted: frozenset[int]) -> bool:
    return number in wanted or number - size - 1 in wanted
