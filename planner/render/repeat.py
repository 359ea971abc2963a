"""A recurrence rule (RFC 5545, section 3.3.10) in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from planner.due import day_of, zone_info
from planner.model import Event
from planner.render import names
from planner.render.days import days, picked
from planner.render.names import listed
from planner.render.plainer import plainer, week_matters
from planner.render.words import Words
from planner.rrule import Freq, RefusedError, Rule, settable

EXCEPT_SHOWN = 3
"""Days left out that are named; of more, it is said how many."""

TIMES_SHOWN = 3
"""Times of a day that are named; more in even steps are said by their step, the first and the last."""

_LAST_MINUTE = 24 * 60 - 1


def repeats(words: Words, event: Event, zone: str, now: int) -> str:
    """How an event repeats and which days it leaves out, seen at ``now`` (UTC ms); ``zone`` is its user's."""
    zone = event.zone or zone
    return recurrence(words, event.rrule or "", event.excluded, start=event.start_local, zone=zone, now=now)


def recurrence(
    words: Words,
    rrule: str,
    excluded: Sequence[str] = (),
    *,
    start: str | None = None,
    zone: str = "UTC",
    now: int | None = None,
) -> str:
    """``every weekday``, ``every 2 weeks on Mondays and Fridays, 10 times``, ``every year on 8 March, until …``.

    ``excluded`` and ``start`` are local times as in ``model.Event``. With ``start``, times that the rule takes from it
    are said in full. ``zone`` is the event's, in which its last day is told. With ``now`` (UTC ms) the year is left off
    dates in this one, and days left out that have passed are left off altogether. Never raises for a rule, whatever it
    is; one that nobody could set, but a calendar may have, is "a rule of its own".
    """
    today = day_of(now, zone) if now is not None else None
    try:
        said = _Repeat(words, settable(rrule), datetime.fromisoformat(start) if start else None, zone, today).said()
    except RefusedError:
        said = words.t("by a rule of its own")
    return said + _except(words, excluded, today)


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A rule, and what there is to know about the event that it belongs to."""

    words: Words
    rule: Rule
    start: datetime | None
    zone: str
    today: date | None

    def said(self) -> str:
        words, rule = self.words, self.rule
        said, conditions = picked(words, rule) or days(words, plainer(replace(plainer(rule), by_set_pos=())))
        clauses = [words.t("only {when}", when=one) for one in conditions]
        clock = self._clock()
        if step := _step(clock or ()):
            clauses.append(_stepped(words, clock or (), step))
        elif clauses:
            clauses += self._times(clock)
        else:
            said = " ".join((said, *self._times(clock)))
        clauses += self._turns() + self._week()
        if not clauses:
            said = " ".join((said, *self._until(clock)))
        else:
            clauses += self._until(clock)
        if rule.count is not None:
            clauses.append(words.n("{n} time", "{n} times", rule.count))
        return ", ".join((said, *clauses))

    def _clock(self) -> list[int] | None:
        """The minutes of the day that it happens at; ``None`` where that depends on a start that is not known."""
        rule, start = self.rule, self.start
        if start is None and not (rule.by_hour and rule.by_minute):
            return None
        hours = rule.by_hour or ((start.hour,) if start else ())
        minutes = rule.by_minute or ((start.minute,) if start else ())
        return [hour * 60 + minute for hour in hours for minute in minutes]

    def _times(self, clock: Sequence[int] | None) -> list[str]:
        words, rule = self.words, self.rule
        if not rule.by_hour and not rule.by_minute:
            return []
        if clock is not None:
            return [words.t("at {times}", times=listed(words, [_time(minute) for minute in clock]))]
        if rule.by_hour:
            hours = listed(words, [str(hour) for hour in rule.by_hour])
            return [words.n("at {hours} o’clock", "at {hours} o’clock", rule.by_hour[-1], hours=hours)]
        minutes = listed(words, [f"{minute:02}" for minute in rule.by_minute])
        return [words.t("at {minutes} minutes past its hour", minutes=minutes)]

    def _turns(self) -> list[str]:
        """Which of a period's occurrences are meant, where that could not be said with the days."""
        words, rule = self.words, self.rule
        if not (rule.by_set_pos and plainer(rule).by_set_pos) or picked(words, rule):
            return []
        which = listed(words, [names.ordinal(words, one, "m") for one in names.from_the_end_last(rule.by_set_pos)])
        match rule.freq:
            case Freq.YEARLY:
                return [words.t("only the {which} time each year", which=which)]
            case Freq.MONTHLY:
                return [words.t("only the {which} time each month", which=which)]
            case Freq.WEEKLY:
                return [words.t("only the {which} time each week", which=which)]
        return [words.t("only the {which} time each day", which=which)]

    def _week(self) -> list[str]:
        rule = plainer(self.rule)
        if not week_matters(rule, self.start.weekday() if self.start else None):
            return []
        day = names.weekdays_from(self.words)[rule.week_start]
        return [self.words.t("weeks beginning on {weekday}", weekday=day)]

    def _until(self, clock: Sequence[int] | None) -> list[str]:
        """Until the last day that it may still happen on; with the time where that leaves out a part of the day."""
        words, rule = self.words, self.rule
        if rule.until is None:
            return []
        last = _local(rule.until, self.zone) if rule.until_is_utc else rule.until
        minute, seconds = last.hour * 60 + last.minute, self.start.second if self.start else 0
        late = [one for one in clock or () if (one, seconds) > (minute, last.second)]
        hourly = rule.freq is Freq.HOURLY and minute < _LAST_MINUTE
        if hourly or (clock and 0 < len(late) < len(clock)):
            day = _date(words, last.date(), self.today)
            return [words.t("until {date}, {time}", date=day, time=_time(minute))]
        missed = bool(late) and rule.freq is not Freq.HOURLY and last.date() > date.min
        day = _date(words, last.date() - timedelta(days=missed), self.today)
        return [words.t("until {date}", date=day)]


def _local(until: datetime, zone: str) -> datetime:
    try:
        return until.replace(tzinfo=UTC).astimezone(zone_info(zone)).replace(tzinfo=None)
    except OverflowError:
        return until


def _step(minutes: Sequence[int]) -> int:
    """How far apart the times of a day are; 0 where there are few, or that differs."""
    if len(minutes) <= TIMES_SHOWN or len(steps := {after - before for before, after in pairwise(minutes)}) > 1:
        return 0
    return steps.pop()


def _stepped(words: Words, minutes: Sequence[int], step: int) -> str:
    """``every 2 hours from 9:00 to 17:00``."""
    if step % 60:
        every = words.n("every {n} minute", "every {n} minutes", step) if step > 1 else words.t("every minute")
    else:
        every = words.n("every {n} hour", "every {n} hours", step // 60) if step > 60 else words.t("every hour")
    return words.t("{every} from {first} to {last}", every=every, first=_time(minutes[0]), last=_time(minutes[-1]))


def _time(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"


def _date(words: Words, day: date, today: date | None) -> str:
    month = names.months_of(words)[day.month - 1]
    if today is not None and day.year == today.year:
        return words.t("{day} {month}", day=day.day, month=month)
    return words.t("{day} {month} {year}", day=day.day, month=month, year=day.year)


def _except(words: Words, excluded: Sequence[str], today: date | None) -> str:
    days = sorted({datetime.fromisoformat(local).date() for local in excluded})
    shown = [_date(words, day, today) for day in days if today is None or day >= today]
    more = len(shown) - EXCEPT_SHOWN
    if not shown:
        return ""
    if more <= 0:
        return ", " + words.t("except {days}", days=listed(words, shown))
    named = ", ".join(shown[:EXCEPT_SHOWN])
    return ", " + words.n("except {days} and {n} more day", "except {days} and {n} more days", more, days=named)
