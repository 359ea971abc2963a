"""Recurrence rules (RFC 5545, section 3.3.10; RFC 7529, SKIP): what is read, and what a person may set.

:func:`parse` reads any rule that a calendar may hold. Where the standard forbids a part beside a FREQ, that part limits
what the others name; an ordinal before a weekday that means nothing there is left out, and so are parts named X-….
:func:`settable` is what the planner lets a person type: the rules that can be said in words and remind of at a bearable
pace.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import IntEnum, StrEnum
from functools import lru_cache

MAX_COUNT = 5_000
"""A person may set no COUNT above this."""

MAX_INTERVAL = 1_000
"""A person may set no INTERVAL above this."""

MAX_TIMES_A_DAY = 48
"""A person may set a rule that comes so often a day; see also :func:`planner.recur.too_often`."""

MAX_LENGTH = 500
"""Characters of a rule that a person sets."""

READ_LENGTH = 8_000
"""Characters of a rule that is read: every day of the year can be named, and every place in a set."""

READ_NUMBER = 9_999_999_999
"""A larger COUNT or INTERVAL is not read."""

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""BYDAY's names, Monday being 0."""

_RANGES = {
    "BYMONTH": (1, 12),
    "BYWEEKNO": (-53, 53),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 60),
    "BYSETPOS": (-366, 366),
}
_SINGLE = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})
_ORDER = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE",
          "BYSETPOS", "WKST")  # fmt: skip
_READ = _SINGLE | {*_RANGES, "BYDAY", "RSCALE", "SKIP"}
_SET = frozenset(_ORDER)
_WEEKS = 53
_DAY = re.compile(r"([+-]?[0-9]{1,2})?[A-Z]{2}")
_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}")
_LEAP_SECOND = 60
_TYPED_MAX = 2 * MAX_LENGTH
_MEANT = re.compile(
    r"\s*(RRULE\s*[:=]|(FREQ|INTERVAL|WKST|BY[A-Z]{3,8})\s*=|(COUNT|UNTIL)\s*=.{0,99}FREQ\s*=)", re.DOTALL
)
_BETWEEN = re.compile(r"[\s;,]+(?=[A-Z]{2,12}\s*=)")
_DAY_NAMES = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


class Freq(IntEnum):
    """The period that a rule counts in."""

    YEARLY = 0
    MONTHLY = 1
    WEEKLY = 2
    DAILY = 3
    HOURLY = 4
    MINUTELY = 5
    SECONDLY = 6


class Skip(StrEnum):
    """What becomes of a day that a month or a year does not have (RFC 7529, section 4.1)."""

    OMIT = "OMIT"
    BACKWARD = "BACKWARD"
    FORWARD = "FORWARD"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as read. ``by_day`` holds weekday (Monday 0) and which one (0: every); ``until`` is a naive time.

    Numbers are in order and each once. A second 60 is read as 59 (RFC 5545, section 3.3.12).
    """

    freq: Freq
    interval: int
    count: int | None
    until: datetime | None
    until_is_utc: bool
    week_start: int
    by_day: tuple[tuple[int, int], ...]
    by_month: frozenset[int]
    by_month_day: frozenset[int]
    by_year_day: frozenset[int]
    by_hour: tuple[int, ...]
    by_minute: tuple[int, ...]
    by_set_pos: tuple[int, ...]
    by_second: tuple[int, ...] = ()
    by_week_no: frozenset[int] = frozenset()
    skip: Skip = Skip.OMIT


class RefusedError(ValueError):
    """``args[0]`` is a stable code.

    ``malformed``, ``unknown``, ``freq``, ``interval``, ``count``, ``until``, ``rscale``: another calendar than ours,
    ``too_often``, or ``part``: a value out of range, or where it means nothing.
    """


@lru_cache(maxsize=4_096)
def parse(text: str) -> Rule:
    """Read a rule of any calendar, with or without ``RRULE:`` before it. Raises :class:`RefusedError`.

    A COUNT below zero is none: some calendars mean "without end" by it.
    """
    fields = _fields(text)
    until, count = fields.pop("UNTIL", None), fields.pop("COUNT", "")
    endless = _endless(tuple(fields.items()))
    if until is None and not count:
        return endless
    return replace(
        endless,
        count=_whole(count, "count") if count and not re.fullmatch("-[0-9]+", count) else None,
        until=_until(until) if until is not None else None,
        until_is_utc=until is not None and until.endswith("Z"),
    )


@lru_cache(maxsize=1_024)
def _endless(parts: tuple[tuple[str, str], ...]) -> Rule:
    """A rule by all of its parts but its end: a calendar has few such, and each of its events ends at another time."""
    fields = dict(parts)
    freq = _freq(fields)
    if fields.get("RSCALE", "GREGORIAN") != "GREGORIAN":
        raise RefusedError("rscale")
    by = {name: _numbers(name, fields[name]) for name in _RANGES if name in fields}
    ordinals = freq <= Freq.MONTHLY and "BYWEEKNO" not in by
    by_day = _weekdays(fields["BYDAY"], ordinals=ordinals) if "BYDAY" in fields else ()
    return Rule(
        freq=freq,
        interval=_whole(fields.get("INTERVAL", "1"), "interval"),
        count=None,
        until=None,
        until_is_utc=False,
        week_start=_weekdays(fields.get("WKST", "MO"), ordinals=False)[0][0],
        by_day=by_day,
        by_month=frozenset(by.get("BYMONTH", ())),
        by_month_day=frozenset(by.get("BYMONTHDAY", ())),
        by_year_day=frozenset(by.get("BYYEARDAY", ())),
        by_hour=by.get("BYHOUR", ()),
        by_minute=by.get("BYMINUTE", ()),
        by_set_pos=by.get("BYSETPOS", ()),
        by_second=tuple(sorted({min(second, _LEAP_SECOND - 1) for second in by.get("BYSECOND", ())})),
        by_week_no=frozenset(by.get("BYWEEKNO", ())),
        skip=_skip(fields.get("SKIP", "OMIT")),
    )


@lru_cache(maxsize=1_024)
def settable(text: str) -> Rule:
    """Read a rule that a person sets. Raises :class:`RefusedError` for all that :func:`parse` refuses, and for more."""
    fields = _said(text)
    freq = _freq(fields)
    if freq > Freq.HOURLY:
        raise RefusedError("freq")
    if "COUNT" in fields and "UNTIL" in fields:
        raise RefusedError("until")
    by = {name: _numbers(name, fields[name]) for name in _RANGES if name in fields}
    by_day = _weekdays(fields["BYDAY"], ordinals=True) if "BYDAY" in fields else ()
    if freq > Freq.MONTHLY and any(which for _, which in by_day):
        raise RefusedError("part")
    interval = _whole(fields.get("INTERVAL", "1"), "interval", MAX_INTERVAL)
    _check_bounds(freq, interval, by, by_day)
    if "COUNT" in fields:
        _whole(fields["COUNT"], "count", MAX_COUNT)
    return parse(text)


def typed(text: str) -> str | None:
    """A rule that a person typed or pasted, written as it is kept; ``None`` when the text is not meant as a rule.

    Takes lower case, spaces, line breaks, parts in any order, ``RRULE:`` before them, days by their English names and
    dates with dashes. Raises :class:`RefusedError` when it is meant as a rule and is none.
    """
    pasted = re.search(r"^[ \t]*RRULE[ \t]*:.*", text[:_TYPED_MAX].upper(), re.MULTILINE)
    upper = pasted.group() if pasted and "DTSTART" in text.upper() else text.upper()
    if not _MEANT.match(upper[:_TYPED_MAX]):
        return None
    if len(upper) > _TYPED_MAX:
        raise RefusedError("malformed")
    fields = _said(_tidied(upper))
    if fields.get("INTERVAL") == "1":
        del fields["INTERVAL"]
    rule = ";".join(f"{name}={fields[name]}" for name in _ORDER if name in fields)
    settable(rule)
    return rule


def _tidied(upper: str) -> str:
    bare = re.sub(r"^\s*RRULE\s*[:=]\s*", "", upper).strip(" \t\r\n;,.")
    parts = []
    for part in _BETWEEN.split(bare):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        listed = re.sub(r"\s*,\s*|\s+", ",", value.strip(" ;,"))
        if name in {"BYDAY", "WKST"}:
            listed = ",".join(_day_name(day) for day in listed.split(","))
        elif name == "UNTIL":
            listed = re.sub(r"[-:]", "", listed).replace(",", "T")
        parts.append(f"{name}{equals}{listed}")
    return ";".join(parts)


def _day_name(day: str) -> str:
    """``-1FRIDAY`` and ``-1FRI`` as ``-1FR``; what is no day is left as it is."""
    name = day.lstrip("+-0123456789")
    known = next((one[:2] for one in _DAY_NAMES if len(name) > 2 and one.startswith(name.removesuffix("S"))), name)
    return day.removesuffix(name) + known


def _freq(fields: dict[str, str]) -> Freq:
    try:
        return Freq[fields["FREQ"]]
    except KeyError:
        raise RefusedError("freq") from None


def _fields(text: str) -> dict[str, str]:
    """The parts of a rule that is read: an empty one, a space or a part of the calendar's own does no harm."""
    if len(text) > READ_LENGTH or not text.isascii():
        raise RefusedError("malformed")
    said = _SPACE.sub("", text.upper()).removeprefix("RRULE:").split(";")
    return _by_name((part for part in said if part and not part.startswith("X-")), _READ)


def _said(text: str) -> dict[str, str]:
    """The parts of a rule that a person sets."""
    if len(text) > MAX_LENGTH or not text.isascii():
        raise RefusedError("malformed")
    return _by_name(text.upper().removeprefix("RRULE:").split(";"), _SET)


def _by_name(parts: Iterable[str], known: frozenset[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals or not value or name in fields:
            raise RefusedError("malformed")
        if name not in known:
            raise RefusedError("unknown")
        fields[name] = value
    if not fields:
        raise RefusedError("malformed")
    return fields


def _check_bounds(
    freq: Freq, interval: int, by: dict[str, tuple[int, ...]], by_day: tuple[tuple[int, int], ...]
) -> None:
    if len(by.get("BYHOUR", (0,))) * len(by.get("BYMINUTE", (0,))) > MAX_TIMES_A_DAY:
        raise RefusedError("too_often")
    if freq is Freq.HOURLY and (by_day or set(by) - {"BYHOUR"} or (by and interval > 1)):
        raise RefusedError("part")
    if freq is not Freq.YEARLY and "BYYEARDAY" in by:
        raise RefusedError("part")
    if "BYSETPOS" in by and not by_day and len(by) == 1:
        raise RefusedError("part")


def _whole(text: str, code: str, most: int = READ_NUMBER) -> int:
    if not text.isdigit() or len(text) > len(str(READ_NUMBER)) or not 1 <= int(text) <= most:
        raise RefusedError(code)
    return int(text)


def _numbers(name: str, text: str) -> tuple[int, ...]:
    low, high = _RANGES[name]
    values = {int(item) for item in _items(text, _NUMBER)}
    if any(not low <= value <= high or (low < 0 and not value) for value in values):
        raise RefusedError("part")
    return tuple(sorted(values))


def _items(text: str, shape: re.Pattern[str]) -> list[str]:
    items = [item for item in text.split(",") if item]
    if not items or not all(map(shape.fullmatch, items)):
        raise RefusedError("part")
    return items


def _weekdays(text: str, *, ordinals: bool) -> tuple[tuple[int, int], ...]:
    found = (_weekday(item) for item in _items(text, _DAY))
    return tuple(dict.fromkeys(found if ordinals else ((day, 0) for day, _ in found)))


def _weekday(text: str) -> tuple[int, int]:
    number, name = text[:-2], text[-2:]
    if name not in DAYS or (number and not 1 <= abs(int(number)) <= _WEEKS):
        raise RefusedError("part")
    return DAYS.index(name), int(number or 0)


def _skip(text: str) -> Skip:
    try:
        return Skip(text)
    except ValueError:
        raise RefusedError("part") from None


def _until(text: str) -> datetime:
    """``UNTIL`` as written: a date means the whole of that day."""
    try:
        if len(text) == 8 and text.isdigit():
            return datetime.combine(date(int(text[:4]), int(text[4:6]), int(text[6:])), time(23, 59, 59))
        if len(text.removesuffix("Z")) != 15 or text[8] != "T":
            raise RefusedError("until")
        return datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        raise RefusedError("until") from None
