"""Recurrence rules (RFC 5545, section 3.3.10): read, and refused where they could run away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import IntEnum
from functools import lru_cache

MAX_COUNT = 5_000
"""A COUNT above this is refused."""

MAX_INTERVAL = 1_000
"""An INTERVAL above this is refused."""

MAX_TIMES_A_DAY = 48
"""BYHOUR times BYMINUTE may give no more than this."""

MAX_LENGTH = 500
"""Characters of a rule."""

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""BYDAY's names, Monday being 0."""

_RANGES = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSETPOS": (-366, 366),
}
_SINGLE = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_ORDER = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE",
          "BYSETPOS", "WKST")  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as read. ``by_day`` holds weekday (Monday 0) and which one (0: every); ``until`` is a naive time."""

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


class RefusedError(ValueError):
    """``args[0]`` is a stable code.

    ``malformed``, ``unknown``, ``freq``, ``interval``, ``count``, ``until``, ``too_often``, or ``part``: a value out
    of range, or where it means nothing.
    """


@lru_cache(maxsize=4_096)
def parse(text: str) -> Rule:
    """Read a rule, with or without ``RRULE:`` before it. Raises :class:`RefusedError`."""
    fields = _fields(text)
    freq = _freq(fields)
    if "COUNT" in fields and "UNTIL" in fields:
        raise RefusedError("until")
    by = {name: _numbers(name, fields[name]) for name in _RANGES if name in fields}
    by_day = tuple(_weekday(day, freq) for day in fields["BYDAY"].split(",")) if "BYDAY" in fields else ()
    interval = _whole(fields.get("INTERVAL", "1"), MAX_INTERVAL, "interval")
    _check_bounds(freq, interval, by, by_day)
    until = fields.get("UNTIL")
    return Rule(
        freq=freq,
        interval=interval,
        count=_whole(fields["COUNT"], MAX_COUNT, "count") if "COUNT" in fields else None,
        until=_until(until) if until is not None else None,
        until_is_utc=until is not None and until.endswith("Z"),
        week_start=_weekday(fields.get("WKST", "MO"), Freq.DAILY)[0],
        by_day=by_day,
        by_month=frozenset(by.get("BYMONTH", ())),
        by_month_day=frozenset(by.get("BYMONTHDAY", ())),
        by_year_day=frozenset(by.get("BYYEARDAY", ())),
        by_hour=by.get("BYHOUR", ()),
        by_minute=by.get("BYMINUTE", ()),
        by_set_pos=by.get("BYSETPOS", ()),
    )


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
    fields = _fields(_tidied(upper))
    if fields.get("INTERVAL") == "1":
        del fields["INTERVAL"]
    rule = ";".join(f"{name}={fields[name]}" for name in _ORDER if name in fields)
    parse(rule)
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
    if len(text) > MAX_LENGTH or not text.isascii():
        raise RefusedError("malformed")
    fields: dict[str, str] = {}
    for part in text.upper().removeprefix("RRULE:").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in fields:
            raise RefusedError("malformed")
        if name not in _SINGLE and name not in _RANGES and name != "BYDAY":
            raise RefusedError("unknown")
        fields[name] = value
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


def _whole(text: str, most: int, code: str) -> int:
    if not text.isdigit() or len(text) > 9 or not 1 <= int(text) <= most:
        raise RefusedError(code)
    return int(text)


def _numbers(name: str, text: str) -> tuple[int, ...]:
    low, high = _RANGES[name]
    values = []
    for item in text.split(","):
        digits = item.removeprefix("-").removeprefix("+")
        if not digits.isdigit() or len(digits) > 3 or not low <= int(item) <= high or (low < 0 and int(item) == 0):
            raise RefusedError("part")
        values.append(int(item))
    return tuple(sorted(set(values)))


def _weekday(text: str, freq: Freq) -> tuple[int, int]:
    number, name = text[:-2], text[-2:]
    if name not in DAYS:
        raise RefusedError("part")
    if not number:
        return DAYS.index(name), 0
    digits = number.removeprefix("-").removeprefix("+")
    if freq not in (Freq.MONTHLY, Freq.YEARLY) or not digits.isdigit() or len(digits) > 2 or not 1 <= int(digits) <= 53:
        raise RefusedError("part")
    return DAYS.index(name), int(number)


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
