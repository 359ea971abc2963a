"""Editing a series: one occurrence, this and the following, or all of it. Pure.

An occurrence is named by its local start, ``YYYY-MM-DDTHH:MM:SS`` on the event's wall clock (RFC 5545 names it by
RECURRENCE-ID). What is taken out of a series is left out there (EXDATE); what ends it becomes UNTIL.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from planner.model import Event
from planner.recur import SPARSE_YEARS, local_instant, next_occurrence, occurrences
from planner.rrule import DAYS, MAX_COUNT, Freq, Rule, parse

EXCLUDED_MAX = 1_000
"""Days left out of one series; more are refused."""

COMPARED = 60
"""So many occurrences of an endless series show whether another one has the same days."""

FIFTH = 5

_YEAR_MS = 366 * 86_400_000


class Scope(StrEnum):
    """How much of a series an edit is about."""

    ONE = "one"
    REST = "rest"
    ALL = "all"


class CannotMoveError(ValueError):
    """A rule that cannot be said for other days: only one occurrence can be moved, or a new rule be given."""


def skip(event: Event, at: str) -> Event:
    """The series without its occurrence at ``at``. Raises :class:`CannotMoveError` beyond ``EXCLUDED_MAX``."""
    left_out = tuple(sorted({*event.excluded, at}))
    if len(left_out) > EXCLUDED_MAX:
        raise CannotMoveError("too many days left out")
    return replace(event, excluded=left_out)


def only(event: Event, at: str, zone: str) -> Event:
    """The occurrence at ``at`` as an event of its own, without an id."""
    return replace(event, id=0, start_local=at, start_at=local_instant(at, zone), rrule=None, excluded=())


def ended(event: Event, at: str, zone: str) -> Event | None:
    """The series up to the occurrence at ``at``, which is no part of it any more; ``None`` where nothing is left."""
    assert event.rrule is not None
    last = _last_before(event, at)
    if last is None:
        return None
    rule = _with(event.rrule, COUNT=None, UNTIL=f"{last:%Y%m%dT%H%M%S}")
    rest = replace(event, rrule=rule, excluded=tuple(day for day in event.excluded if day < at))
    return rest if _has_any(rest, zone) else None


def following(event: Event, at: str, zone: str) -> Event:
    """The series from the occurrence at ``at`` on, without an id; a COUNT is what is left of it."""
    assert event.rrule is not None
    count = parse(event.rrule).count
    rule = event.rrule if count is None else _with(event.rrule, COUNT=str(max(1, count - _how_many_before(event, at))))
    left_out = tuple(day for day in event.excluded if day >= at)
    return replace(event, id=0, start_local=at, start_at=local_instant(at, zone), rrule=rule, excluded=left_out)


def moved(event: Event, at: str, to: str, zone: str) -> Event:
    """The whole series, so that its occurrence at ``at`` is at ``to`` and the others keep their distance to it.

    Raises :class:`CannotMoveError` where no rule of the same kind says that.
    """
    assert event.rrule is not None
    old, new = datetime.fromisoformat(at), datetime.fromisoformat(to)
    start = datetime.fromisoformat(event.start_local)
    rule, start = _shifted(parse(event.rrule), _until_moved(event.rrule, old, new), start, old, new)
    made = _settled(replace(event, start_local=start.isoformat(), rrule=rule, excluded=()), zone)
    if len(parse(rule).by_day) > 1 and old.date() != new.date():
        _check_days(event, made, old, new)
    return replace(made, excluded=_left_out(event, made, old, new))


def occurrence(event: Event, at: str, zone: str) -> Event:
    """The event as it is at its occurrence: its start is that one's, all else stands."""
    return replace(event, start_local=at, start_at=local_instant(at, zone))


def repeating(view: Event, rule: str | None, zone: str) -> Event:
    """An occurrence with another rule, from the first start on that this gives at or after its own; or with none.

    An end of the old rule holds for one that names none. Raises :class:`CannotMoveError` where it never comes.
    """
    if rule is None:
        return replace(view, rrule=None, excluded=())
    local = local_instant(view.start_local, "UTC")
    for one in (_with_end_of(rule, view.rrule), rule):
        if (first := next_occurrence(view.start_local, "UTC", one, local)) is not None:
            start = _naive(first).isoformat()
            return replace(view, rrule=one, excluded=(), start_local=start, start_at=local_instant(start, zone),
                           instant=False)  # fmt: skip
    raise CannotMoveError("never")


def _with_end_of(rule: str, old: str | None) -> str:
    new = parse(rule)
    if old is None or new.until is not None or new.count is not None or (until := _fields(old).get("UNTIL")) is None:
        return rule
    return _with(rule, UNTIL=until)


def cut_as(rule: str, old: str) -> str:
    """A rule that ends where the old one was cut short, if it was: by ``ended``, whose UNTIL is a wall-clock time."""
    until = _fields(old).get("UNTIL", "")
    new = parse(rule)
    if len(until) != len("YYYYMMDDTHHMMSS") or new.until is not None or new.count is not None:
        return rule
    return _with(rule, UNTIL=f"{until[:8]}T235959")


def _fields(rule: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in rule.upper().removeprefix("RRULE:").split(";"))


def edited(event: Event, at: str, wanted: Event, scope: Scope, zone: str) -> tuple[Event | None, Event]:
    """What an edit leaves of a series, and what it makes: the same event, or with a rest another one without an id.

    ``wanted`` is the occurrence at ``at`` (see ``occurrence``) as it should be. Raises :class:`CannotMoveError`.
    """
    new_zone = wanted.zone or zone
    if scope is Scope.ONE:
        rest = skip(event, at)
        apart = only(wanted, wanted.start_local, new_zone)
        return (rest, apart) if _has_any(rest, zone) else (None, apart)
    if scope is Scope.ALL:
        return None, _rewritten(event, event, at, wanted, new_zone)
    return ended(event, at, zone), _rewritten(event, following(event, at, zone), at, wanted, new_zone)


def _rewritten(event: Event, kept: Event, at: str, wanted: Event, zone: str) -> Event:
    """A series with all that an edit changes, its rule moved along unless a new one was given."""
    if wanted.rrule is None or wanted.rrule != event.rrule:
        return replace(_begun_as(kept, at, wanted, zone), id=kept.id)
    if wanted.start_local != at:
        kept = moved(kept, at, wanted.start_local, zone)
    start_at = local_instant(kept.start_local, zone)
    return replace(wanted, id=kept.id, rrule=kept.rrule, excluded=kept.excluded, start_local=kept.start_local,
                   start_at=start_at)  # fmt: skip


def _begun_as(kept: Event, at: str, wanted: Event, zone: str) -> Event:
    """A series with a new rule: from its own beginning on and without its days left out, unless another day was said.

    One that is to repeat no more is the occurrence alone.
    """
    alone = replace(wanted, start_at=local_instant(wanted.start_local, zone))
    if wanted.rrule is None or wanted.excluded:
        return alone
    time = wanted.start_local[10:]
    said = repeating(replace(wanted, start_local=at[:10] + time, rrule=None), wanted.rrule, zone)
    if said.start_local != wanted.start_local:
        return alone
    begun = repeating(replace(wanted, start_local=kept.start_local[:10] + time, rrule=None), wanted.rrule, zone)
    return replace(begun, excluded=tuple(day[:10] + time for day in kept.excluded))


def _settled(event: Event, zone: str) -> Event:
    """The event with its start where its rule first gives one."""
    first = next_occurrence(event.start_local, "UTC", event.rrule, local_instant(event.start_local, "UTC"))
    if first is None:
        raise CannotMoveError("never")
    start = _naive(first).isoformat()
    return replace(event, start_local=start, start_at=local_instant(start, zone))


def undated(rule: str) -> str:
    """A rule without the one day of the week, the month or the year: that of the event's start is meant."""
    fields = {name: value for name, value in _fields(rule).items() if name not in ("BYMONTHDAY", "BYMONTH")}
    if fields["FREQ"] == "WEEKLY" and "," not in fields.get("BYDAY", ""):
        fields.pop("BYDAY", None)
    return ";".join(f"{name}={value}" for name, value in fields.items())


def _check_days(event: Event, made: Event, old: datetime, new: datetime) -> None:
    """Whether a series of several weekdays has, with one of them moved, all of its days and no others."""
    assert event.rrule is not None
    rule = parse(event.rrule)
    endless = rule.count is None and rule.until is None
    before, after = (_first_days(one, COMPARED if endless else MAX_COUNT) for one in (event, made))
    wanted = sorted(_with_weekday(day, old, new) for day in before)
    if endless:  # the last ones' neighbours may lie beyond
        wanted, after = wanted[: -len(DAYS)], after[: len(wanted) - len(DAYS)]
    if wanted != after:
        raise CannotMoveError("other days would come or go")


def _first_days(event: Event, limit: int) -> list[datetime]:
    start = local_instant(event.start_local, "UTC")
    before = start + SPARSE_YEARS * _YEAR_MS
    return [_naive(at) for at in occurrences(event.start_local, "UTC", event.rrule, after=start, before=before,
                                             limit=limit)]  # fmt: skip


def _with_weekday(day: datetime, old: datetime, new: datetime) -> datetime:
    """A day of a weekly series of which the weekday of ``old`` has become that of ``new``."""
    return day + (new - old) if day.weekday() == old.weekday() else datetime.combine(day.date(), new.time())


def _left_out(event: Event, made: Event, old: datetime, new: datetime) -> tuple[str, ...]:
    """The days left out of a series, where they are once that is moved."""
    assert event.rrule is not None
    freq, shift = parse(event.rrule).freq, new - old
    days = [datetime.fromisoformat(day) for day in event.excluded]
    if freq is Freq.WEEKLY:  # of several weekdays only one is another
        moved_to = [_with_weekday(day, old, new) for day in days]
    elif freq in (Freq.MONTHLY, Freq.YEARLY) and old.date() != new.date():
        moved_to = [one for day in days for one in _same_period(made, day, yearly=freq is Freq.YEARLY)]
    else:
        moved_to = [day + shift for day in days]
    return tuple(sorted({day.isoformat() for day in moved_to}))


def _same_period(made: Event, day: datetime, *, yearly: bool) -> list[datetime]:
    """What a rule gives in the month, or the year, of a day."""
    first = day.replace(month=1 if yearly else day.month, day=1, hour=0, minute=0, second=0)
    ends = (first + timedelta(days=366 if yearly else 31)).replace(day=1)
    after, before = local_instant(first, "UTC"), local_instant(ends, "UTC")
    found = occurrences(made.start_local, "UTC", made.rrule, after=after, before=before, limit=2)
    return [_naive(at) for at in found]


def _shifted(rule: Rule, text: str, start: datetime, old: datetime, new: datetime) -> tuple[str, datetime]:
    """The rule and the start after the occurrence at ``old`` has gone to ``new``."""
    days = new.date() - old.date()
    text = _at_hour(rule, text, old, new)
    several = len(rule.by_hour) > 1 or len(rule.by_minute) > 1
    at = datetime.combine(start.date(), start.time() if several else new.time())
    if rule.freq >= Freq.HOURLY:
        if _limited(rule):
            raise CannotMoveError("no such rule")
        return text, start + (new - old)
    if not days:
        return text, at
    if rule.by_set_pos or rule.by_year_day or rule.by_week_no or (rule.by_month and rule.freq is not Freq.YEARLY):
        raise CannotMoveError("no such rule")
    shift = {Freq.DAILY: _daily, Freq.WEEKLY: _weekly, Freq.MONTHLY: _monthly, Freq.YEARLY: _yearly}[rule.freq]
    return shift(rule, text, at, old, new)


def _limited(rule: Rule) -> bool:
    """Whether a rule that counts in hours or less names days, or more of its times than hours."""
    return bool(rule.by_month or rule.by_year_day or rule.by_month_day or rule.by_day or rule.by_minute)


def _at_hour(rule: Rule, text: str, old: datetime, new: datetime) -> str:
    if old.time() == new.time() or not (rule.by_hour or rule.by_minute):
        return text
    if len(rule.by_hour) > 1 or len(rule.by_minute) > 1:
        raise CannotMoveError("several times a day")
    hour = str(new.hour) if rule.by_hour else None
    return _with(text, BYHOUR=hour, BYMINUTE=str(new.minute) if rule.by_minute else None)


def _daily(rule: Rule, text: str, at: datetime, old: datetime, new: datetime) -> tuple[str, datetime]:
    if rule.by_day or rule.by_month_day:
        raise CannotMoveError("no such rule")
    return text, at + (new.date() - old.date())


def _weekly(rule: Rule, text: str, at: datetime, old: datetime, new: datetime) -> tuple[str, datetime]:
    days = new.date() - old.date()
    if not rule.by_day:
        return text, at + days
    weekdays = {day for day, _ in rule.by_day}
    if len(weekdays) > 1 and abs(days) >= timedelta(days=7):
        raise CannotMoveError("another week")
    swapped = sorted((weekdays - {old.weekday()}) | {new.weekday()})
    if len(swapped) < len(weekdays):
        raise CannotMoveError("there is one on that day already")
    if rule.interval > 1 and len(weekdays) > 1 and _week(old, rule) != _week(new, rule):
        raise CannotMoveError("another week")
    if len(weekdays) == 1:
        start = at + days if at.weekday() == old.weekday() else at
    else:
        first = at + timedelta(days=(old.weekday() - at.weekday()) % 7)
        start = min(at, first + days) if rule.interval == 1 or _week(first, rule) == _week(at, rule) else at
    return _with(text, BYDAY=",".join(DAYS[day] for day in swapped)), start


def _week(day: datetime, rule: Rule) -> int:
    """The number of a day's week, as the rule begins them."""
    return (day.toordinal() - 1 - rule.week_start) // 7


def _monthly(rule: Rule, text: str, at: datetime, old: datetime, new: datetime) -> tuple[str, datetime]:
    if (new.year, new.month) != (old.year, old.month):
        raise CannotMoveError("another month")
    text = _on_day(rule, text, new)
    return text, at.replace(day=1)


def _yearly(rule: Rule, text: str, at: datetime, old: datetime, new: datetime) -> tuple[str, datetime]:
    if new.year != old.year:
        raise CannotMoveError("another year")
    if not (rule.by_day or rule.by_month_day or rule.by_month):
        day = min(new.day, 28) if (new.month, new.day) == (2, 29) else new.day
        if day != new.day:
            raise CannotMoveError("a leap day")
        return text, at.replace(month=new.month, day=day)
    if len(rule.by_month) > 1 or (rule.by_day and not rule.by_month):
        raise CannotMoveError("no such rule")
    text = _on_day(rule, _with(text, BYMONTH=str(new.month)), new)
    return text, at.replace(month=1, day=1)


def _on_day(rule: Rule, text: str, new: datetime) -> str:
    """A rule on one day of the month, or on one such weekday, on another; without either, the day becomes said."""
    if rule.by_day and rule.by_month_day:
        raise CannotMoveError("no such rule")
    if not rule.by_day:
        if len(rule.by_month_day) > 1 or any(day < 0 for day in rule.by_month_day):
            raise CannotMoveError("no such rule")
        return _with(text, BYMONTHDAY=str(new.day))
    if len(rule.by_day) > 1 or rule.by_day[0][1] == 0:
        raise CannotMoveError("no such rule")
    last = (new + timedelta(days=7)).month != new.month
    number = (new.day - 1) // 7 + 1
    if rule.by_day[0][1] < 0 and not last:
        raise CannotMoveError("no such rule")
    if rule.by_day[0][1] < 0 or number == FIFTH:  # not every month has a fifth one
        number = -1
    return _with(text, BYDAY=f"{number}{DAYS[new.weekday()]}")


def _with(rule: str, **parts: str | None) -> str:
    """The rule with parts set anew; ``None`` leaves one as it is, but for COUNT and UNTIL, which it takes out."""
    fields = _fields(rule)
    for name, value in parts.items():
        if value is not None:
            fields[name] = value
        elif name in ("COUNT", "UNTIL"):
            fields.pop(name, None)
    return ";".join(f"{name}={value}" for name, value in fields.items())


def _until_moved(rule: str, old: datetime, new: datetime) -> str:
    """An UNTIL goes with the series, so that as many occurrences are left."""
    until = parse(rule).until
    if until is None:
        return rule
    said = _fields(rule)["UNTIL"]
    if len(said) == len("YYYYMMDD"):
        moved_to = f"{until.date() + (new.date() - old.date()):%Y%m%d}"
    else:
        moved_to = f"{until + (new - old):%Y%m%dT%H%M%S}" + ("Z" if said.endswith("Z") else "")
    return _with(rule, UNTIL=moved_to)


def _last_before(event: Event, at: str) -> datetime | None:
    before = _before(event, at)
    return _naive(before[-1]) if before else None


def _how_many_before(event: Event, at: str) -> int:
    return len(_before(event, at))


def _before(event: Event, at: str) -> list[int]:
    """Wall-clock starts before ``at``, as if in UTC, those left out among them (COUNT counts them).

    Of a series without a COUNT, only the last matter: those of the years just before.
    """
    assert event.rrule is not None
    end = local_instant(at, "UTC")
    counted = parse(event.rrule).count is not None
    since = local_instant(event.start_local, "UTC") if counted else end - SPARSE_YEARS * _YEAR_MS
    limit = 1 << 20
    if not counted:
        for years in (1, 10):
            found = occurrences(event.start_local, "UTC", event.rrule, after=end - years * _YEAR_MS, before=end,
                                limit=limit)  # fmt: skip
            if found:
                return found
    return occurrences(event.start_local, "UTC", event.rrule, after=since, before=end, limit=limit)


def _has_any(event: Event, zone: str) -> bool:
    after = local_instant(event.start_local, zone)
    left_out = {local_instant(day, zone) for day in event.excluded}
    return next_occurrence(event.start_local, zone, event.rrule, after, left_out) is not None


def _naive(instant: int) -> datetime:
    return datetime.fromisoformat("1970-01-01") + timedelta(milliseconds=instant)
