"""A recurrence rule (RFC 5545, section 3.3.10) in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from planner.due import zone_info
from planner.render.times import months
from planner.render.words import Words

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SAID = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "UNTIL", "COUNT", "WKST"}
_ANY = 10**9


def recurrence(words: Words, rrule: str, zone: str = "UTC") -> str:
    """``every weekday``, ``every 2 weeks on Monday, Friday``, ``every month on the last day, until 30 Jun 2027``.

    ``zone`` is the event's, in which its last day is told. A rule beyond the simple ones is shown as it stands. Never
    raises, whatever it is given.
    """
    try:
        parts = dict(part.split("=", 1) for part in rrule.upper().removeprefix("RRULE:").split(";") if part)
        said = _every(words, parts) if parts.keys() <= _SAID else None
        if said is not None:
            return said + _end(words, parts, zone)
    except (ValueError, KeyError, IndexError):
        pass
    return words.t("by the rule {rule}", rule=rrule)


def _every(words: Words, parts: Mapping[str, str]) -> str | None:
    by = {name for name in ("BYDAY", "BYMONTHDAY", "BYMONTH") if name in parts}
    every = _within(parts.get("INTERVAL", "1"), _ANY)
    match parts["FREQ"], tuple(sorted(by)):
        case "DAILY", ():
            return _times(words, every)["DAILY"]
        case ("WEEKLY", ("BYDAY",)) | ("WEEKLY", ()):
            return _weekly(words, every, parts.get("BYDAY", ""))
        case "DAILY", ("BYDAY",) if every == 1:
            return _weekly(words, every, parts["BYDAY"])
        case "MONTHLY", ():
            return _times(words, every)["MONTHLY"]
        case "MONTHLY", ("BYMONTHDAY",):
            return f"{_times(words, every)['MONTHLY']} {_monthdays(words, parts['BYMONTHDAY'])}"
        case "MONTHLY", ("BYDAY",):
            return f"{_times(words, every)['MONTHLY']} {_nth_weekday(words, parts['BYDAY'])}"
        case "YEARLY", ():
            return _times(words, every)["YEARLY"]
        case "YEARLY", ("BYMONTH", "BYMONTHDAY"):
            month = months(words)[_within(parts["BYMONTH"], 12) - 1]
            date_in_year = words.t("on {day} {month}", day=_within(parts["BYMONTHDAY"], 31), month=month)
            return f"{_times(words, every)['YEARLY']} {date_in_year}"
    return None


def _times(words: Words, every: int) -> Mapping[str, str]:
    if every == 1:
        return {
            "DAILY": words.t("every day"),
            "WEEKLY": words.t("every week"),
            "MONTHLY": words.t("every month"),
            "YEARLY": words.t("every year"),
        }
    return {
        "DAILY": words.n("every {n} day", "every {n} days", every),
        "WEEKLY": words.n("every {n} week", "every {n} weeks", every),
        "MONTHLY": words.n("every {n} month", "every {n} months", every),
        "YEARLY": words.n("every {n} year", "every {n} years", every),
    }


def _weekly(words: Words, every: int, by_day: str) -> str:
    if not by_day:
        return _times(words, every)["WEEKLY"]
    days = tuple(sorted(_DAYS.index(one) for one in by_day.split(",")))
    if every == 1 and days == (0, 1, 2, 3, 4):
        return words.t("every weekday")
    if every == 1 and days == (0, 1, 2, 3, 4, 5, 6):
        return words.t("every day")
    if every == 1 and len(days) == 1:
        return _each(words)[days[0]]
    names = words.c("between weekdays", ", ").join(_on(words)[one] for one in days)
    if every == 1:
        return words.t("every week on {days}", days=names)
    return words.t("{every} on {days}", every=_times(words, every)["WEEKLY"], days=names)


def _monthdays(words: Words, by_monthday: str) -> str:
    days = [int(one) for one in by_monthday.split(",")]
    if days == [-1]:
        return words.t("on the last day")
    names = ", ".join(str(_within(str(one), 31)) for one in days)
    return words.n("on day {days}", "on days {days}", len(days), days=names)


def _nth_weekday(words: Words, by_day: str) -> str:
    which, weekday = int(by_day[:-2]), _DAYS.index(by_day[-2:])
    return _nth(words)[weekday][{1: 0, 2: 1, 3: 2, 4: 3, -1: 4}[which]]


def _end(words: Words, parts: Mapping[str, str], zone: str) -> str:
    if "UNTIL" in parts:
        until = datetime.fromisoformat(parts["UNTIL"])
        last = until.astimezone(zone_info(zone)) if until.tzinfo else until
        return words.t(
            ", until {day} {month} {year}", day=last.day, month=months(words)[last.month - 1], year=last.year
        )
    if "COUNT" in parts:
        return words.n(", {n} time", ", {n} times", _within(parts["COUNT"], _ANY))
    return ""


def _within(number: str, most: int) -> int:
    value = int(number)
    if not 1 <= value <= most:
        raise ValueError(f"{value} is not from 1 to {most}")
    return value


def _each(words: Words) -> tuple[str, ...]:
    t = words.t
    return (
        t("every Monday"),
        t("every Tuesday"),
        t("every Wednesday"),
        t("every Thursday"),
        t("every Friday"),
        t("every Saturday"),
        t("every Sunday"),
    )


def _on(words: Words) -> tuple[str, ...]:
    c = words.c
    return (
        c("every week on", "Monday"),
        c("every week on", "Tuesday"),
        c("every week on", "Wednesday"),
        c("every week on", "Thursday"),
        c("every week on", "Friday"),
        c("every week on", "Saturday"),
        c("every week on", "Sunday"),
    )


def _nth(words: Words) -> tuple[tuple[str, ...], ...]:
    t = words.t
    return (
        (t("on the first Monday"), t("on the second Monday"), t("on the third Monday"), t("on the fourth Monday"),
         t("on the last Monday")),
        (t("on the first Tuesday"), t("on the second Tuesday"), t("on the third Tuesday"), t("on the fourth Tuesday"),
         t("on the last Tuesday")),
        (t("on the first Wednesday"), t("on the second Wednesday"), t("on the third Wednesday"),
         t("on the fourth Wednesday"), t("on the last Wednesday")),
        (t("on the first Thursday"), t("on the second Thursday"), t("on the third Thursday"),
         t("on the fourth Thursday"), t("on the last Thursday")),
        (t("on the first Friday"), t("on the second Friday"), t("on the third Friday"), t("on the fourth Friday"),
         t("on the last Friday")),
        (t("on the first Saturday"), t("on the second Saturday"), t("on the third Saturday"),
         t("on the fourth Saturday"), t("on the last Saturday")),
        (t("on the first Sunday"), t("on the second Sunday"), t("on the third Sunday"), t("on the fourth Sunday"),
         t("on the last Sunday")),
    )  # fmt: skip
