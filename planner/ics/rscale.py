"""Rules that count in another calendar than the Gregorian one (RFC 7529): their starts, on the wall clock.

Years and months are that calendar's, and so are BYMONTH, BYMONTHDAY and BYYEARDAY; UNTIL and BYDAY are as ever. What
counts in weeks or less is the same in any calendar, unless it names a month or a day of one, which is refused.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from planner.ics.scales import SCALES, Month, Name, Scale, months
from planner.rrule import Freq, RefusedError, Rule, Skip, parse
from planner.rrule.clock import of_day, picked
from planner.rrule.days import FIRST, LAST, numbered, on_weekdays, weekday
from planner.rrule.run import SPARSE_YEARS

COUNT_MAX = 5_000
"""No rule that counts further is followed."""
COST, COST_OF_YEAR = 100, 13
"""What a rule costs of what may be written out, beside its starts, and each year that it is looked for in."""

_NAME = re.compile(r"0?([1-9]|1[0-3])(L?)")
_SPARSE_DAYS = SPARSE_YEARS * 366
_SECOND = timedelta(seconds=1)


class Scaled(NamedTuple):
    """A rule, all but its months, and these in its calendar."""

    rule: Rule
    scale: Scale
    months: frozenset[Name]


class _Set(NamedTuple):
    """Months that are looked at together, of a year or just one, and which of them are named: not there, or twice."""

    first: int
    size: int
    months: tuple[Month, ...]


def applies(text: str) -> bool:
    """Whether a rule counts in another calendar."""
    return "RSCALE=" in text and _scale(text) != "GREGORIAN"


def without(text: str) -> str:
    """A rule of weeks or less that names no month and no day of one: the same without its calendar."""
    parts = _parts(text)
    if parts.get("FREQ") in {"YEARLY", "MONTHLY"} or parts.keys() & {"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}:
        return text
    if parts.get("RSCALE") not in SCALES:
        return text
    return ";".join(part for part in text.split(";") if not part.startswith(("RSCALE=", "SKIP=")))


@lru_cache(maxsize=1_024)
def read(text: str) -> Scaled:
    """Raises :class:`planner.rrule.RefusedError`: ``rscale`` for a calendar, or a rule of it, that is not known."""
    parts = _parts(text)
    scale = SCALES.get(parts.get("RSCALE", ""))
    named = _names(parts["BYMONTH"]) if "BYMONTH" in parts else frozenset()
    rule = parse(";".join(part for part in text.split(";") if not part.startswith(("RSCALE=", "BYMONTH="))))
    if scale is None or rule.freq > Freq.MONTHLY or rule.by_week_no:
        raise RefusedError("rscale")
    if rule.by_year_day and (rule.freq is Freq.MONTHLY or rule.by_month_day):
        raise RefusedError("rscale")
    if rule.count is not None and rule.count > COUNT_MAX:
        raise RefusedError("count")
    return Scaled(rule, scale, named)


def knows(text: str, day: int) -> bool:
    """Whether the rule's calendar is known for a day."""
    try:
        return bool(read(text).scale.year_of(day))
    except ValueError:
        return False


def times(text: str, start: datetime) -> Sequence[int]:
    """At which seconds of a day's wall clock a rule may come."""
    return of_day(read(text).rule, _second(start))


def starts(text: str, start: datetime, *, low: datetime, high: datetime, limit: int) -> list[datetime]:
    """The first ``limit`` local starts from ``low`` to ``high``, in order; an UNTIL in UTC is left to the caller.

    The search ends where the rule has not come for ``SPARSE_YEARS``, and where its calendar is not known.
    """
    rule = read(text).rule
    if rule.until is not None and not rule.until_is_utc:
        high = min(high, rule.until)
    if rule.count is None:
        found: Iterable[datetime] = (at for at in _between(text, start, max(low, start), high) if at >= low)
    else:
        counted = _counted(text, start, (high.year // SPARSE_YEARS + 1) * SPARSE_YEARS)
        found = counted[bisect_left(counted, low) :]
    return list(islice(_until(found, high), max(0, limit)))


def cost(text: str, start: datetime, low: datetime, high: datetime) -> int:
    """What it costs to look for a rule's starts: those of one with a COUNT are counted from its own start on."""
    since = start if read(text).rule.count is not None else max(low, start)
    return COST + COST_OF_YEAR * max(0, high.year - since.year)


def _until(found: Iterable[datetime], high: datetime) -> Iterator[datetime]:
    for at in found:
        if at > high:
            return
        yield at


@lru_cache(maxsize=64)
def _counted(text: str, start: datetime, year: int) -> tuple[datetime, ...]:
    """All starts of a rule with a COUNT, and at least those before ``year``."""
    high = datetime(min(year, 9_998), 1, 1)  # noqa: DTZ001  a wall clock's
    return tuple(islice(_between(text, start, start, high), read(text).rule.count or 0))


def _between(text: str, start: datetime, low: datetime, high: datetime) -> Iterator[datetime]:
    """The starts of a rule from about ``low`` to ``high``, whatever its COUNT and UNTIL say."""
    scaled, clock = read(text), times(text, start)
    first, last, end = low.toordinal(), low.toordinal(), high.toordinal()
    before: datetime | None = None
    for one in _sets(scaled, start.toordinal(), last):
        if one.first - 1 > end:
            return
        days = [day for day in _named(scaled, one, start) if FIRST <= day <= LAST]
        if not scaled.rule.by_set_pos:
            days = [day for day in days if day >= first]
        if days:
            last = days[-1]
        elif one.first - last > _SPARSE_DAYS:
            return
        for place in picked(range(len(days) * len(clock)), scaled.rule.by_set_pos):
            at = datetime.fromordinal(days[place // len(clock)]) + clock[place % len(clock)] * _SECOND
            if at >= start and (before is None or at > before):
                before = at
                yield at


def _sets(scaled: Scaled, start: int, low: int) -> Iterator[_Set]:
    """The years, or the months, that the rule counts, from the one before ``low`` on."""
    scale, interval = scaled.scale, scaled.rule.interval
    try:
        begin, near = scale.year_of(start), scale.year_of(max(start, low)) - 1
    except ValueError:
        return
    if scaled.rule.freq is Freq.YEARLY:
        for year in range(begin + max(0, (near - begin) // interval) * interval, scale.last + 1, interval):
            mine = months(scale, year)
            yield _Set(mine[0].first, mine[-1].first + mine[-1].size - mine[0].first, mine)
        return
    passed = -next(place for place, one in enumerate(months(scale, begin)) if start < one.first + one.size)
    for year in range(begin, scale.last + 1):
        mine = months(scale, year)
        if year >= near:
            for place, month in enumerate(mine):
                if passed + place >= 0 and (passed + place) % interval == 0:
                    yield _Set(month.first, month.size, (month,))
        passed += len(mine)


def _named(scaled: Scaled, one: _Set, start: datetime) -> list[int]:
    """The days of a set that are named, its start saying what the rule leaves open."""
    rule, named = scaled.rule, scaled.months
    month_days, yearly = rule.by_month_day, rule.freq is Freq.YEARLY
    if not (month_days or rule.by_year_day or rule.by_day):
        own = _month_of(scaled.scale, start.toordinal())
        month_days = frozenset({start.toordinal() - own.first + 1})
        named = named or (frozenset({own.name}) if yearly else named)
    wanted = _wanted(one.months, named, rule.skip if yearly else Skip.OMIT)
    if rule.by_year_day:
        days = numbered(rule.by_year_day, one.first, one.size, rule.skip)
        if named:
            days = {day for day in days if any(month.first <= day < month.first + month.size for month in wanted)}
        return sorted(day for day in days if _on_weekday(rule, day, one))
    if not month_days and yearly and not named:
        return sorted(on_weekdays(rule.by_day, one.first, one.size))
    found: set[int] = set()
    for month in wanted:
        if month_days:
            days = numbered(month_days, month.first, month.size, rule.skip)
            found.update(day for day in days if _on_weekday(rule, day, one if yearly and not named else month))
        else:
            found.update(on_weekdays(rule.by_day, month.first, month.size))
    return sorted(found)


def _wanted(among: tuple[Month, ...], named: frozenset[Name], skip: Skip) -> list[Month]:
    """The months that are named; for one that the year does not have, the one beside it (RFC 7529, section 4.1)."""
    if not named:
        return list(among)
    have = {month.name for month in among}
    wanted = {name for name in named if name in have}
    if skip is not Skip.OMIT:
        for number, leap in named - have:
            beside = number + 1 if leap and skip is Skip.FORWARD else number
            wanted.add((beside, False))
    return [month for month in among if month.name in wanted]


def _on_weekday(rule: Rule, day: int, within: Month | _Set) -> bool:
    ones = [(one, which) for one, which in rule.by_day if one == weekday(day)]
    return not rule.by_day or day in on_weekdays(ones, within.first, within.size) or any(not nth for _, nth in ones)


@lru_cache(maxsize=256)
def _month_of(scale: Scale, day: int) -> Month:
    return next(one for one in months(scale, scale.year_of(day)) if day < one.first + one.size)


def _scale(text: str) -> str:
    return _parts(text).get("RSCALE", "GREGORIAN")


def _parts(text: str) -> dict[str, str]:
    return {name: said for name, _, said in (part.partition("=") for part in text.split(";"))}


def _names(text: str) -> frozenset[Name]:
    found = [_NAME.fullmatch(one) for one in text.split(",") if one]
    if not found or not all(found):
        raise RefusedError("part")
    return frozenset((int(one[1]), bool(one[2])) for one in found if one)


def _second(at: datetime) -> int:
    return at.hour * 3_600 + at.minute * 60 + at.second
