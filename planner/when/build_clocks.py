"""Builders of times of day: from what a pattern caught to what it means."""

from __future__ import annotations

from typing import Any

from planner.when import hours
from planner.when.values import Bad, Clock, DayPart, Ends, Half, PartName, Span


def _mark(half: Half | None, hour: int, literal: bool) -> Half:
    if half:
        return half
    return "24" if literal or hour > 12 or hour == 0 else ""


def clock(hour: int, half: Half | None = None) -> Clock | Bad | None:
    """A whole hour."""
    return at_minute(hour, 0, half)


def at_minute(hour: int, minute: int, half: Half | None = None, literal: bool = False) -> Clock | Bad | None:
    """Hour and minute; with ``half``, the hour is of twelve (13 pm is 13)."""
    if hour >= 100:
        return None
    if not 0 <= hour <= 24 or not 0 <= minute <= 59 or (hour == 24 and minute):
        return Bad()
    if half in ("am", "pm") and not 1 <= hour <= 12:
        return Clock(hour, minute, "24") if hour > 12 and half == "pm" else Bad()
    return Clock(hour, minute, _mark(half, hour, literal))


def hm12(numbers: tuple[str, ...], half: Half | None = None) -> Clock | Bad | None:
    """``7:30`` where the twelve-hour clock is written: open, unless it has a leading zero."""
    return at_minute(int(numbers[0]), int(numbers[1]), half, literal=numbers[0].startswith("0"))


def hm24(numbers: tuple[str, ...], half: Half | None = None) -> Clock | Bad | None:
    """``7:30`` where the 24-hour clock is written."""
    return at_minute(int(numbers[0]), int(numbers[1]), half, literal=half is None)


def past(minute: int, hour: int, half: Half | None = None) -> Clock | Bad | None:
    """So many minutes past the hour."""
    return at_minute(hour, minute, half) if minute < 60 and 1 <= hour <= 24 else None


def to(minute: int, hour: int, half: Half | None = None) -> Clock | Bad | None:
    """So many minutes to the hour."""
    if not 0 < minute < 60 or not 1 <= hour <= 24:
        return None
    before = hour - 1 or (12 if hour == 1 else 0)
    return at_minute(before, 60 - minute, half)


def _nearest_before(first: Clock, second: Clock) -> Clock:
    """The half of the day in which a span to ``second`` is the shorter: from 3 to 17 is from 15."""
    end = second.hour * 60 + second.minute
    halves: tuple[Half, ...] = ("am", "pm")
    starts = {half: first.hour % 12 * 60 + first.minute + 720 * (half == "pm") for half in halves}
    half = min(halves, key=lambda one: (end - starts[one] - 1) % 1_440)
    return Clock(first.hour, first.minute, half)


def span(first: Clock | Bad | None, second: Clock | Bad | None) -> Span | Bad | None:
    """From one time of day to another; a half of the day said once is meant for both where that fits."""
    if first is None or second is None:
        return None
    if isinstance(first, Bad) or isinstance(second, Bad):
        return Bad()
    if first.half == "" and second == Clock(12, 0, "am") and first.hour < 12:
        # Nobody's morning ends at midnight: 10-12am is until noon.
        second = Clock(12, 0, "24")
    if first.half == "" and second.half in ("am", "pm"):
        late = first.hour % 12 * 60 + first.minute >= second.hour % 12 * 60 + second.minute
        other: Half = "am" if second.half == "pm" else "pm"
        first = Clock(first.hour, first.minute, other if late else second.half)
    if first.half == "" and second.half == "24":
        first = _nearest_before(first, second)
    return Span(first, second)


def over(date: Any, start: Any, last_date: Any, end: Any) -> tuple[Any, ...] | None:
    """From a time on one day to a time on another."""
    if not isinstance(start, Clock) or not isinstance(end, Clock) or isinstance(last_date, Bad):
        return None
    return (date, start, Ends(last_date, end))


def in_half(said: Clock | Bad, part: PartName) -> Clock | Bad:
    """A clock time in a part of the day."""
    if isinstance(said, Bad) or said.half:
        return said
    found = hours.minutes(said, DayPart(part))
    return Clock(found.options[0] // 60, found.options[0] % 60, "24") if found else Bad()
