"""The times of day that a rule names, in seconds since midnight on the wall clock (RFC 5545, section 3.3.10)."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, product
from math import gcd

from planner.rrule import Freq, Rule

DAY_S = 86_400
_UNITS = {Freq.HOURLY: 3_600, Freq.MINUTELY: 60, Freq.SECONDLY: 1}
_IN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Clock:
    """The times of a rule that counts in hours, minutes or seconds: every ``step`` units of ``unit`` seconds.

    ``first`` is the unit that it counts from, ``start_day`` the day of that. Of a day's units ``mask`` tells which may
    be (``None``: all of them), and ``wanted`` lists those that can ever be. ``within`` are the seconds in such a unit.
    """

    unit: int
    step: int
    start_day: int
    first: int
    mask: bytes | None
    wanted: Sequence[int]
    within: Sequence[int]

    def times(self, day: int) -> Sequence[int]:
        """The times of a day, in order."""
        size = DAY_S // self.unit
        return self._from((self.first - (day - self.start_day) * size) % self.step)

    def most(self) -> int:
        """How many times a day can have."""
        size = DAY_S // self.unit
        if self.step >= size:
            return len(self.within)
        apart = gcd(self.step, size)
        return max(len(self._from(phase)) for phase in range(self.first % apart, self.step, apart))

    def cycle(self) -> tuple[int, int]:
        """After how many days a day has the same times again, and how many times there are until then."""
        days = self.step // gcd(self.step, DAY_S // self.unit)
        return days, len(self.wanted) * len(self.within)

    def _from(self, phase: int) -> Sequence[int]:
        """The times of a day on which the unit ``phase`` is the first that is counted."""
        size, unit = DAY_S // self.unit, self.unit
        if self.mask is None and len(self.within) == 1:
            return range(phase * unit + self.within[0], DAY_S, self.step * unit)
        if self.mask is None:
            units: Iterable[int] = range(phase, size, self.step)
        elif len(self.wanted) < size // self.step:
            units = (one for one in self.wanted if one % self.step == phase)
        else:
            units = compress(range(phase, size, self.step), self.mask[phase :: self.step])
        return array("I", (one * unit + second for one in units for second in self.within))


def of_day(rule: Rule, start_s: int) -> Sequence[int]:
    """The times that each day has, of a rule that counts in days or more; BYSETPOS is left to it."""
    if not (rule.by_hour or rule.by_minute or rule.by_second):
        return (start_s,)
    hours, rest = rule.by_hour or (start_s // 3_600,), _seconds(rule, start_s % 3_600)
    return array("I", (hour * 3_600 + second for hour, second in product(hours, rest)))


def counted(rule: Rule, start_day: int, start_s: int) -> Clock | Sequence[int]:
    """The clock of a rule that counts in hours or less; its times, where they are the same every day."""
    unit = _UNITS[rule.freq]
    size, first = DAY_S // unit, start_s // unit
    mask = _mask(rule)
    apart = gcd(rule.interval, size)
    possible = range(first % apart, size, apart)
    wanted = possible if mask is None else array("I", (one for one in possible if mask[one]))
    within = picked(_within(rule, start_s), rule.by_set_pos)
    clock = Clock(unit, rule.interval, start_day, first, mask, wanted, within)
    return clock.times(start_day) if size % rule.interval == 0 or not clock.cycle()[1] else clock


def picked(items: Sequence[int], places: Sequence[int]) -> Sequence[int]:
    """What BYSETPOS takes of a set; all of it without."""
    if not places:
        return items
    size = len(items)
    wanted = sorted({place - 1 if place > 0 else size + place for place in places})
    return [items[place] for place in wanted if 0 <= place < size]


def _within(rule: Rule, start_s: int) -> Sequence[int]:
    match rule.freq:
        case Freq.HOURLY:
            return _seconds(rule, start_s % 3_600)
        case Freq.MINUTELY:
            return rule.by_second or (start_s % 60,)
    return (0,)


def _seconds(rule: Rule, start_s: int) -> Sequence[int]:
    """The seconds of an hour that are named; the start's, where none are."""
    minutes, seconds = rule.by_minute or (start_s // 60,), rule.by_second or (start_s % 60,)
    return [minute * 60 + second for minute, second in product(minutes, seconds)]


def _mask(rule: Rule) -> bytes | None:
    """Which units of a day may be; ``None`` for all of them."""
    finer = ((), (rule.by_minute,), (rule.by_minute, rule.by_second))[rule.freq - Freq.HOURLY]
    if not rule.by_hour and not any(finer):
        return None
    mask = b"\x01"
    for named in reversed(finer):
        mask = b"".join(mask if not named or one in named else bytes(len(mask)) for one in range(_IN_HOUR))
    return b"".join(mask if not rule.by_hour or hour in rule.by_hour else bytes(len(mask)) for hour in range(24))
