"""A rule from its start on: the days that it comes on, and at which times of each, on the wall clock.

However long ago a rule began, its run is joined where it is asked for; however seldom it comes, the search for it ends.
Only a COUNT needs what came before: counted by arithmetic where each round of the rule has as many, else by its days.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby

from planner.rrule import Freq, Rule, Skip, parse
from planner.rrule.clock import Clock, counted, of_day, picked
from planner.rrule.days import LAST, MONTHS, WEEK, Named, of_month, of_year, week_year, weekday

SPARSE_YEARS = 50
"""A rule that does not come for longer than this has ended."""

_SPARSE_DAYS = SPARSE_YEARS * 366
_COUNTED_DAYS = 3_000
"""A rule with COUNT is counted ahead in steps of so many days, so that one count serves many questions."""
_LAST_YEAR = date.fromordinal(LAST).year

Day = tuple[int, Sequence[int]]
"""A day, and times of it in seconds."""


@lru_cache(maxsize=256)
def run(text: str, start: str) -> Run:
    """The run of a rule from a local start, ``YYYY-MM-DDTHH:MM:SS``. Raises ``RefusedError``."""
    rule, begin = parse(text), datetime.fromisoformat(start)
    start_day, start_s = _split(begin)
    named, weekdays = _named(rule, begin), tuple[int, ...]()
    if named is None and rule.freq is Freq.WEEKLY:
        days = {day for day, _ in rule.by_day} or {begin.weekday()}
        weekdays = tuple(sorted((day - rule.week_start) % WEEK for day in days))
    by_year = named is not None and (rule.freq is Freq.YEARLY or _best_by_year(rule))
    return Run(text, start, rule, start_day, start_s, named, by_year, weekdays, _clock(rule, start_day, start_s))


def _best_by_year(rule: Rule) -> bool:
    return rule.freq is not Freq.MONTHLY and bool(rule.by_year_day or rule.by_week_no)


def _clock(rule: Rule, start_day: int, start_s: int) -> Clock | Sequence[int]:
    if rule.freq >= Freq.HOURLY:
        return counted(rule, start_day, start_s)
    times = of_day(rule, start_s)
    return picked(times, rule.by_set_pos) if rule.freq is Freq.DAILY else times


def _named(rule: Rule, begin: datetime) -> Named | None:
    """What a rule says of its days, its start filling in what it leaves open; ``None`` where that is the interval."""
    months, month_days, weekdays = rule.by_month, rule.by_month_day, rule.by_day
    dated = bool(month_days or rule.by_year_day or (rule.by_week_no and rule.freq is not Freq.YEARLY))
    if rule.freq >= Freq.WEEKLY:
        if not (dated or months or (weekdays and rule.freq is not Freq.WEEKLY)):
            return None
        if rule.freq is Freq.WEEKLY and not dated and not weekdays:
            weekdays = ((begin.weekday(), 0),)
    elif not dated and not weekdays:
        if rule.by_week_no:
            weekdays = ((begin.weekday(), 0),)
        else:
            month_days = frozenset({begin.day})
            months = months or (frozenset({begin.month}) if rule.freq is Freq.YEARLY else months)
    in_year = rule.freq is Freq.YEARLY and not rule.by_month
    skip = rule.skip if rule.freq <= Freq.MONTHLY else Skip.OMIT
    return Named(months, month_days, rule.by_year_day, rule.by_week_no, weekdays, rule.week_start, in_year, skip)


@dataclass(frozen=True, slots=True)
class Run:
    """A rule and its start, as they were said, and as they are counted: the day, as an ordinal, and the second of it.

    ``by_year``: the days are named for a year at once, else for a month; ``named`` is ``None`` where they follow from
    the interval alone: the ``weekdays`` of each such week, from its beginning, or every such day. ``clock`` are the
    times of a day.
    """

    text: str
    start: str
    rule: Rule
    start_day: int
    start_s: int
    named: Named | None
    by_year: bool
    weekdays: tuple[int, ...]
    clock: Clock | Sequence[int]

    def between(self, low: int, high: int) -> Iterator[Day]:
        """The days from ``low`` to ``high``, both included, with their times: an UNTIL in UTC is left to the caller."""
        end_day, end_s = self._end(high)
        for day, times in self._since_start(low, min(high, end_day)):
            if day < end_day:
                yield day, times
            elif kept := times[: bisect_right(times, end_s)]:
                yield day, kept

    def uncounted(self, high: int) -> Iterator[Day]:
        """All days up to ``high``, whatever COUNT and UNTIL say."""
        return self._since_start(self.start_day, high)

    def _since_start(self, low: int, high: int) -> Iterator[Day]:
        low, high = max(low, self.start_day), min(high, LAST)
        for day, times in self._days(low, high) if low <= high else ():
            if day > self.start_day:
                yield day, times
            elif kept := times[bisect_left(times, self.start_s) :]:
                yield day, kept

    def _end(self, high: int) -> tuple[int, int]:
        """The last day and second of it that UNTIL and COUNT allow."""
        rule, end = self.rule, (LAST + 1, 0)
        if rule.until is not None and not rule.until_is_utc:
            end = _split(rule.until)
        if rule.count is None:
            return end
        if self.cycle is not None:
            return min(end, self._last_of_cycles(rule.count) or end)
        horizon = -(-min(high, end[0]) // _COUNTED_DAYS) * _COUNTED_DAYS
        return min(end, _last_counted(self.text, self.start, horizon) or end)

    @property
    def cycle(self) -> tuple[int, int, int] | None:
        """From which day, every how many days and how many times: for a rule that is the same in each such round."""
        rule = self.rule
        if self.named is not None:
            return None
        if isinstance(self.clock, Clock):
            return self.start_day, *self.clock.cycle()
        if rule.freq is not Freq.WEEKLY:
            return self.start_day, (rule.interval if rule.freq is Freq.DAILY else 1), len(self.clock)
        in_week = range(len(self.weekdays) * len(self.clock))
        return self._first_week, rule.interval * WEEK, len(picked(in_week, rule.by_set_pos))

    @property
    def _first_week(self) -> int:
        return self.start_day - (weekday(self.start_day) - self.rule.week_start) % WEEK

    def _last_of_cycles(self, count: int) -> tuple[int, int] | None:
        """The last of ``count``, where each round has as many; ``None`` where that is never."""
        assert self.cycle is not None
        first, days, each = self.cycle
        if not each:
            return None
        left = count
        for day, times in self._days(first, self.start_day):
            left += bisect_left(times, self.start_s) if day == self.start_day else len(times)
        rounds, left = divmod(left - 1, each)
        begin = first + rounds * days
        return None if begin > LAST else _nth(self._days(begin, LAST), left + 1)

    def _days(self, low: int, high: int) -> Iterator[Day]:
        """All days with times of the rule within the bounds, whatever its start and its end."""
        if self.rule.by_set_pos and self.rule.freq <= Freq.WEEKLY:
            yield from self._picked_days(low, high)
            return
        clock, last = self.clock, low
        for day in self._named_days(low, high):
            times = clock.times(day) if isinstance(clock, Clock) else clock
            if times:
                last = day
                yield day, times
            elif day - last > _SPARSE_DAYS:
                return

    def _named_days(self, low: int, high: int) -> Iterator[int]:
        """The days of the rule, each once: sets can meet where a day was moved out of its own."""
        if self.named is None:
            return self._every(low, high)
        found = (day for days in self._sets(low, high) for day in days if low <= day <= high)
        return found if self.named.skip is Skip.OMIT else (day for day, _ in groupby(found))

    def _every(self, low: int, high: int) -> Iterator[int]:
        """The days of a rule that says no more of them than its interval, and the weekdays."""
        freq, interval = self.rule.freq, self.rule.interval
        if freq is not Freq.WEEKLY:
            step = interval if freq is Freq.DAILY else 1
            return iter(range(low + (self.start_day - low) % step, high + 1, step))
        length = interval * WEEK
        weeks = range(_joined(self._first_week, length, low), high + 1, length)
        return (day for week in weeks for one in self.weekdays if low <= (day := week + one) <= high)

    def _sets(self, low: int, high: int) -> Iterator[list[int]]:
        """The days that are named in each month, or year, that may have some within the bounds."""
        length = MONTHS if self.by_year else 1
        counts = self.rule.freq <= Freq.MONTHLY
        step = length * self.rule.interval if counts else length
        begin = _joined(self._first_set(length) if counts else 0, step, _month(low, length) - length)
        last = begin
        for month in range(begin, _month(high, length) + length + 1, step):
            if days := self._named_in(month):
                last = month
                yield days
            elif month - last > SPARSE_YEARS * MONTHS:
                return

    def _first_set(self, length: int) -> int:
        """The month, or the year, that the start is in: for a rule of weeks the year that its week is counted in."""
        if self.rule.by_week_no and self.by_year:
            return week_year(self.start_day, self.rule.week_start) * MONTHS
        return _month(self.start_day, length)

    def _named_in(self, month: int) -> list[int]:
        """The days that are named in a month, or the year that begins with it; months count from the year 0."""
        assert self.named is not None
        year, place = divmod(month, MONTHS)
        if not 1 <= year <= _LAST_YEAR:
            return []
        days = of_year(self.named, year) if self.by_year else of_month(self.named, year, place + 1)
        interval = self.rule.interval
        match self.rule.freq:
            case Freq.DAILY if interval > 1:
                return [day for day in days if (day - self.start_day) % interval == 0]
            case Freq.WEEKLY if interval > 1:
                return [day for day in days if self._week(day) % interval == 0]
        return days

    def _week(self, day: int) -> int:
        """Which week of the run a day is in."""
        return (day - self._first_week) // WEEK

    def _picked_days(self, low: int, high: int) -> Iterator[Day]:
        """Of each set, the occurrences that BYSETPOS takes."""
        found = (one for days in self._whole_sets(low, high) for one in self._picked(days) if low <= one[0] <= high)
        for day, times in groupby(found, key=_day):
            yield day, sorted({second for _, second in times})

    def _whole_sets(self, low: int, high: int) -> Iterable[list[int]]:
        if self.rule.freq is not Freq.WEEKLY:
            return self._sets(low, high)
        low, high = (self._first_week + self._week(day) * WEEK for day in (low, high + WEEK))
        return (list(days) for _, days in groupby(self._named_days(low, high - 1), key=self._week))

    def _picked(self, days: Sequence[int]) -> Iterator[tuple[int, int]]:
        """What BYSETPOS takes of one set, which may have millions: it is never written out."""
        assert not isinstance(self.clock, Clock)
        size = len(self.clock)
        for place in picked(range(len(days) * size), self.rule.by_set_pos):
            yield days[place // size], self.clock[place % size]


@lru_cache(maxsize=1_024)
def _last_counted(text: str, start: str, horizon: int) -> tuple[int, int] | None:
    """When a rule with COUNT comes for the last time; ``None`` where that is after the day ``horizon``."""
    one = run(text, start)
    assert one.rule.count is not None
    return _nth(one.uncounted(horizon), one.rule.count)


def _nth(days: Iterable[Day], which: int) -> tuple[int, int] | None:
    left = which
    for day, times in days:
        if left <= len(times):
            return day, times[left - 1]
        left -= len(times)
    return None


def _joined(origin: int, step: int, at: int) -> int:
    """The last step before ``at``, or at it; the first of all, where that is later."""
    return origin + max(0, (at - origin) // step) * step


def _month(day: int, length: int) -> int:
    """The month that a day is in, counted from the year 0; of a year, its first."""
    at = date.fromordinal(day)
    return at.year * MONTHS + (at.month - 1 if length == 1 else 0)


def _split(at: datetime) -> tuple[int, int]:
    return at.toordinal(), at.hour * 3_600 + at.minute * 60 + at.second


def _day(one: tuple[int, int]) -> int:
    return one[0]
