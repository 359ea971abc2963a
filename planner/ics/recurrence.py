"""A component's rules as the planner reads them, and the starts that its dates mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from planner import recur
from planner.ics import rscale
from planner.ics.component import Component, Frame
from planner.ics.times import Moment
from planner.model import DAY
from planner.rrule import MAX_TIMES_A_DAY, Freq, RefusedError, Rule, parse

_DAY = timedelta(days=1)


class Rules(NamedTuple):
    """A component's rules that can be followed; ``faults`` says why there are others."""

    given: tuple[str, ...]
    taken: tuple[str, ...]
    faults: tuple[str, ...]


def rules_of(one: Component, frame: Frame) -> Rules:
    """RRULE, and EXRULE of the older RFC 2445."""
    faults: list[str] = []
    given, taken = (
        tuple(dict.fromkeys(filter(None, (_rule(text, one.start, frame, faults) for text in texts))))
        for texts in (one.rules, one.exrules)
    )
    return Rules(given, taken, tuple(faults))


def _rule(text: str, start: Moment, frame: Frame, faults: list[str]) -> str | None:
    rule = _tidy(text)
    if "UNTIL=" in rule:
        rule = ";".join(_ended(part, start, frame) for part in rule.split(";"))
    if rscale.applies(rule):
        refused = _refused_scaled(rule, start.local, often=frame.often)
    else:
        refused = _refused(rule, "" if frame.often else start.local.isoformat())
    if refused:
        faults.append(refused)
        return None
    return rule


@lru_cache(maxsize=1_024)
def _tidy(text: str) -> str:
    parts = text.upper().replace(" ", "").removeprefix("RRULE:").split(";")
    rule = ";".join(part for part in parts if part and not part.startswith("X-"))
    return rscale.without(rule) if "RSCALE=" in rule else rule


def _ended(part: str, start: Moment, frame: Frame) -> str:
    """UNTIL in the form that it should have had: a date for dates, a local time for what is on no IANA clock.

    What floats has no instants: its UNTIL is local whatever letter stands behind it (RFC 5545, section 3.3.10).
    """
    name, _, until = part.partition("=")
    if name != "UNTIL":
        return part
    if start.is_date:
        return f"UNTIL={until[:8]}"
    if not until.endswith("Z") or start.zone.name is not None:
        return part
    if start.zone.rules is None:
        return part.removesuffix("Z")
    try:
        at = datetime.fromisoformat(until[:15]).replace(tzinfo=UTC)
    except ValueError:
        return part
    return f"UNTIL={start.zone.local(int(at.timestamp()) * 1_000, frame.zone):%Y%m%dT%H%M%S}"


@lru_cache(maxsize=4_096)
def _refused(rule: str, start_local: str) -> str | None:
    """The code of what cannot be followed; without a start, however often it comes."""
    try:
        read = parse(rule)
    except RefusedError:
        return "rule"
    if not start_local or (read.freq <= Freq.DAILY and not (read.by_hour or read.by_minute or read.by_second)):
        return None
    return "too_often" if recur.too_often(start_local, rule) else None


def _refused_scaled(rule: str, start: datetime, *, often: bool) -> str | None:
    """Likewise of a rule that counts in another calendar."""
    try:
        rscale.read(rule)
    except RefusedError:
        return "rule"
    if not rscale.knows(rule, start.toordinal()):
        return "rule"
    return "too_often" if not often and len(rscale.times(rule, start)) > MAX_TIMES_A_DAY else None


def parsed(rule: str) -> Rule:
    """A rule that can be followed; of one that counts in another calendar all but its months."""
    return rscale.read(rule).rule if rscale.applies(rule) else parse(rule)


def begins(rule: str, moment: Moment) -> bool:
    """Whether a rule gives the event's own start."""
    if rscale.applies(rule):
        return gives(rule, moment, moment.local)
    read, start = parse(rule), moment.local
    if (read.until is None or read.until > start + _DAY) and _plain(read):
        return (not read.by_day or start.weekday() in {day for day, _ in read.by_day}) and (
            not read.by_month_day or start.day in read.by_month_day
        )
    return gives(rule, moment, start)


def gives(rule: str, start: Moment, at: datetime) -> bool:
    """Whether a rule gives a start, as its own clock shows it."""
    return bool(starts(rule, start, at, at, 1))


def starts(rule: str, start: Moment, low: datetime, high: datetime, limit: int) -> list[datetime]:
    """The first starts of a rule from ``low`` to ``high``, as its own clock shows them."""
    clock = start.zone.name or "UTC"
    after, before = recur.local_instant(low, clock), recur.local_instant(high, clock) + 1
    if rscale.applies(rule):
        until = rscale.read(rule).rule
        if until.until is not None and until.until_is_utc:
            before = min(before, recur.local_instant(until.until, "UTC") + 1)
        beside = 2 * len(rscale.times(rule, start.local))
        written = rscale.starts(rule, start.local, low=low - _DAY, high=high + _DAY, limit=limit + beside)
        found = [at for one in written if after <= (at := recur.local_instant(one, clock)) < before][:limit]
    else:
        found = recur.occurrences(start.local.isoformat(), clock, rule, after=after, before=before, limit=limit)
    return [recur.local_time(at, clock) for at in found]


def _plain(rule: Rule) -> bool:
    """Whether it names days of the week or the month, counted from their beginning, and nothing else."""
    if rule.by_month or rule.by_year_day or rule.by_week_no or rule.by_set_pos:
        return False
    if rule.by_hour or rule.by_minute or rule.by_second:
        return False
    return not any(nth for _, nth in rule.by_day) and min(rule.by_month_day, default=1) > 0


def ends_before(rule: str, start: Moment, frame: Frame) -> bool:
    """Whether a rule ends before it begins: how some calendars write a series whose days are all deleted."""
    read = parsed(rule)
    if read.until is None:
        return False
    if read.until_is_utc:
        return recur.local_instant(read.until, "UTC") < start.instant(frame.zone)
    return read.until < start.local


def left_out(one: Component, rules: tuple[str, ...], frame: Frame) -> set[datetime]:
    """The local starts of a series that its EXDATEs leave out: a date means all of its day."""
    if one.start.is_date:
        return {named(moment, one, frame) for moment in one.left_out}
    days = {moment.local.date() for moment in one.left_out if moment.is_date}
    if frame.often:  # a day may have tens of thousands
        days = {day for day in days if _day(frame.low) - _DAY <= day <= _day(frame.high) + _DAY}
    return {named(moment, one, frame) for moment in one.left_out if not moment.is_date} | _all_on(days, one, rules)


def _day(instant: int) -> date:
    return recur.local_time(instant, "UTC").date()


def named(moment: Moment, one: Component, frame: Frame) -> datetime:
    """The local start of a series that an EXDATE or a RECURRENCE-ID means, on the series' own clock.

    Of a series that is written in UTC each may be named as it would be there, whatever its calendar's clock did since.
    """
    if one.from_utc and not moment.is_date:
        days, rest = divmod(moment.instant(frame.zone) - one.start.instant(frame.zone), DAY)
        if not rest:
            return one.start.local + days * _DAY
    return on_its_clock(moment, one, frame)


def on_its_clock(moment: Moment, one: Component, frame: Frame) -> datetime:
    """A moment on a series' own clock; a date is the start of that day's."""
    if one.start.is_date:
        return datetime.combine(moment.local.date(), datetime.min.time())
    if moment.is_date:
        return datetime.combine(moment.local.date(), one.start.local.time())
    if moment.zone == one.start.zone:
        return moment.local
    return one.start.zone.local(moment.instant(frame.zone), frame.zone)


def _all_on(days: set[date], one: Component, rules: tuple[str, ...]) -> set[datetime]:
    """Every time of these days that a series may begin at; one at which it does not is left out in vain."""
    start = one.start.local
    found = {datetime.combine(day, start.time()) for day in days}
    found.update(added.start.local for added in one.added if added.start.local.date() in days)
    for rule in rules:
        for day in days:
            midnight = datetime.combine(day, datetime.min.time())
            scaled = rscale.applies(rule)
            times = rscale.times(rule, start) if scaled else recur.times(start.isoformat(), rule, day)
            found.update(midnight + timedelta(seconds=second) for second in times)
    return found
