"""Recurrence by brute force: each period's days and times are tried one by one against the table of RFC 5545, 3.3.10.

Slow, and nothing like the planner's own way on purpose: it takes no shortcut, so that it can be compared by eye.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain, islice, product

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NUMBERED = ("BYSECOND", "BYMINUTE", "BYHOUR", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS")
FREQS = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
DAY = timedelta(days=1)
REACH = DAY * 8
"""How far the occurrences of a period can lie before its beginning, or behind its end."""


class Brute:
    """A rule, as its text says it, and its start."""

    def __init__(self, start: datetime, text: str) -> None:
        self.start = start
        self.said = dict(part.split("=") for part in text.split(";"))
        self.listed = {part: [int(one) for one in self.said[part].split(",")] for part in NUMBERED if part in self.said}
        self.freq = self.said["FREQ"]
        self.step = int(self.said.get("INTERVAL", 1))
        self.week_start = DAYS.index(self.said.get("WKST", "MO"))
        self.skip = self.said.get("SKIP", "OMIT")

    def numbers(self, part: str) -> list[int]:
        return self.listed.get(part, [])

    def occurrences(self, horizon: datetime) -> Iterator[datetime]:
        """All of them before ``horizon``, in order; COUNT and UNTIL end it sooner."""
        until = self.said.get("UNTIL")
        last = datetime.fromisoformat(until.removesuffix("Z") if "T" in until else f"{until}T235959") if until else None
        reach = REACH if self.freq in ("YEARLY", "MONTHLY") else DAY * 0
        left, held = int(self.said.get("COUNT", 1 << 40)), list[datetime]()
        for begin in chain(self.periods(horizon), [None]):
            ready = held if begin is None else [one for one in held if one < begin - reach]
            for one in ready:
                if not left or one >= horizon or (last is not None and one > last):
                    return
                left -= 1
                yield one
            if begin is not None:
                held = sorted({*held[len(ready) :], *(one for one in self.set_of(begin) if one >= self.start)})

    def periods(self, horizon: datetime) -> Iterator[datetime]:
        """The beginning of each period of the rule, up to some past the horizon."""
        at, far = self.start, horizon + timedelta(days=800 if self.freq == "YEARLY" else 80)
        if self.freq in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY"):
            at = at.replace(hour=0, minute=0, second=0)
        if self.freq == "WEEKLY":
            at -= DAY * ((at.weekday() - self.week_start) % 7)
        if self.freq in ("YEARLY", "MONTHLY"):
            year = self.week(at.date())[0] if self.freq == "YEARLY" and "BYWEEKNO" in self.said else at.year
            month = year * 12 + (at.month - 1 if self.freq == "MONTHLY" else 0)
            while month // 12 < min(far.year + 2, 9999):
                yield datetime.combine(date(month // 12, month % 12 + 1, 1), time())
                month += self.step * (12 if self.freq == "YEARLY" else 1)
            return
        unit = {"WEEKLY": 7 * DAY, "DAILY": DAY, "HOURLY": DAY / 24, "MINUTELY": DAY / 1_440, "SECONDLY": DAY / 86_400}
        if self.freq in ("HOURLY", "MINUTELY"):
            at = at.replace(second=0) if self.freq == "MINUTELY" else at.replace(minute=0, second=0)
        if self.freq in ("HOURLY", "MINUTELY", "SECONDLY"):
            far = horizon
        while at < far:
            yield at
            at += unit[self.freq] * self.step

    def set_of(self, begin: datetime) -> list[datetime]:
        """The occurrences of one period, in order."""
        hours, minutes, seconds = self.times_of(begin)
        if not (hours and minutes and seconds):
            return []
        days = [day for day in self.days_of(begin) if self.is_day(day)]
        days += [day for day in self.moved(begin) if self.is_weekday(day)]
        clocks = [time(hour, minute, second) for hour, minute, second in product(hours, minutes, seconds)]
        found = sorted({datetime.combine(day, clock) for day in days for clock in clocks})
        places = self.numbers("BYSETPOS")
        if not places:
            return found
        return [one for at, one in enumerate(found) if at + 1 in places or at - len(found) in places]

    def times_of(self, begin: datetime) -> tuple[list[int], list[int], list[int]]:
        """What each part expands to, or the period's own where it limits."""
        rank = FREQS.index(self.freq)
        columns = []
        for place, (part, name) in enumerate([("BYSECOND", "second"), ("BYMINUTE", "minute"), ("BYHOUR", "hour")]):
            said = [min(one, 59) for one in self.numbers(part)]
            if rank > place:
                columns.append(said or [getattr(self.start, name)])
            else:
                own = getattr(begin, name)
                columns.append([own] if not said or own in said else [])
        seconds, minutes, hours = columns
        return hours, minutes, seconds

    def days_of(self, begin: datetime) -> list[date]:
        """Every day of the period."""
        first = begin.date()
        if self.freq == "YEARLY" and "BYWEEKNO" in self.said:
            around = [date(first.year, 1, 1) + DAY * shift for shift in range(-10, 380)]
            return [day for day in around if self.week(day)[0] == first.year]
        days = [first + DAY * shift for shift in range({"YEARLY": 366, "MONTHLY": 31, "WEEKLY": 7}.get(self.freq, 1))]
        return [
            day
            for day in days
            if (self.freq != "YEARLY" or day.year == first.year)
            and (self.freq != "MONTHLY" or day.month == first.month)
        ]

    def moved(self, begin: datetime) -> list[date]:
        """What SKIP makes of the days of the period that its months do not have."""
        if self.skip == "OMIT" or self.freq not in ("YEARLY", "MONTHLY"):
            return []
        months = [begin.date().replace(month=one) for one in range(1, 13)] if self.freq == "YEARLY" else [begin.date()]
        found = []
        for first in (month for month in months if self.is_month(month)):
            after = (first + DAY * 32).replace(day=1)
            invalid = (n for n in self.numbers("BYMONTHDAY") or self.dated_by_start() if abs(n) > (after - first).days)
            for number in invalid:
                forward = after if number > 0 else first
                found.append(forward if self.skip == "FORWARD" else forward - DAY)
        return found

    def dated(self) -> list[str]:
        return [part for part in ("BYMONTHDAY", "BYDAY", "BYYEARDAY", "BYWEEKNO") if part in self.said]

    def dated_by_start(self) -> list[int]:
        return [] if self.dated() else [self.start.day]

    def is_day(self, day: date) -> bool:
        return self.is_month(day) and self.is_week(day) and self.is_number(day) and self.is_weekday(day)

    def is_month(self, day: date) -> bool:
        months = self.numbers("BYMONTH")
        if not months and self.freq == "YEARLY" and not self.dated():
            months = [self.start.month]
        return not months or day.month in months

    def is_number(self, day: date) -> bool:
        """BYMONTHDAY and BYYEARDAY, or the start's day where no part names one."""
        last = ((day.replace(day=1) + DAY * 32).replace(day=1) - DAY).day
        dated = self.numbers("BYMONTHDAY")
        if self.freq in ("YEARLY", "MONTHLY"):
            dated = dated or self.dated_by_start()
        if dated and day.day not in dated and day.day - last - 1 not in dated:
            return False
        in_year, year = self.numbers("BYYEARDAY"), day.timetuple().tm_yday
        return not in_year or year in in_year or year - date(day.year, 12, 31).timetuple().tm_yday - 1 in in_year

    def is_week(self, day: date) -> bool:
        """BYWEEKNO; without a BYDAY the start's weekday is meant."""
        numbers = self.numbers("BYWEEKNO")
        if not numbers:
            return True
        year, number = self.week(day)
        last = max(self.week(date(year, 12, 31) - DAY * back)[1] for back in range(8))
        if self.dated() == ["BYWEEKNO"] and self.freq == "YEARLY" and day.weekday() != self.start.weekday():
            return False
        return number in numbers or number - last - 1 in numbers

    def week(self, day: date) -> tuple[int, int]:
        """A day's week and the year that has most of that week's days."""
        begin = day - DAY * ((day.weekday() - self.week_start) % 7)
        middle = begin + DAY * 3
        return middle.year, (middle.timetuple().tm_yday - 1) // 7 + 1

    def is_weekday(self, day: date) -> bool:
        said = self.said.get("BYDAY", "").split(",") if "BYDAY" in self.said else []
        if not said:
            return self.freq != "WEEKLY" or bool(self.dated()) or day.weekday() == self.start.weekday()
        name = DAYS[day.weekday()]
        same = [int(one[:-2] or 0) for one in said if one[-2:] == name]
        return 0 in same or any(which and day == self.nth(day, which) for which in same)

    def nth(self, day: date, which: int) -> date | None:
        """The n-th of a day's weekday in its month; in its year for a yearly rule without BYMONTH."""
        in_year = self.freq == "YEARLY" and "BYMONTH" not in self.said
        around = [day + DAY * 7 * shift for shift in range(-53, 54)]
        same = [one for one in around if one.year == day.year and (in_year or one.month == day.month)]
        place = which - 1 if which > 0 else which
        return same[place] if -len(same) <= place < len(same) else None


def first(start: datetime, rule: str, number: int, horizon: datetime) -> list[datetime]:
    """At most so many occurrences of a rule before the horizon."""
    return list(islice(Brute(start, rule).occurrences(horizon), number))
