"""What falls due at a service of a given size. All chance comes from one generator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from planner.model import DAY, HOUR, MINUTE, SECOND

PROBE_EVERY_MS = 2 * MINUTE
SYNC_EVERY_MS = 15 * MINUTE
AWAKE = (7 * HOUR, 22 * HOUR)
"""The hours of the day in which people have something to be reminded of,"""
AWAKE_SHARE = 0.9
"""and how much of it falls into them."""
PLANS_AT = 7 * HOUR


@dataclass(frozen=True, slots=True)
class Traffic:
    """A service's size, by the day. The default is a quiet one: one person with ten reminders."""

    reminders: float = 10
    plans: int = 1
    messages: float = 10
    calendars: int = 1

    def due(self, counts: str, begin: int, end: int, random: Random) -> Iterable[int]:
        """When something of such counts was due in ``begin <= t < end`` (UTC ms)."""
        match counts:
            case "reminders":
                return _by_chance(self.reminders, begin, end, random)
            case "chat":
                return _by_chance(self.messages, begin, end, random)
            case "plans":
                return (at for day in range(begin - begin % DAY, end, DAY) for at in [day + PLANS_AT] * self.plans
                        if begin <= at < end)  # fmt: skip
            case "syncs":
                return (at for at in range(begin, end, SYNC_EVERY_MS) for _ in range(self.calendars))
            case "feeds":
                return (at for at in range(begin, end, MINUTE) for _ in range(self.calendars))
            case "probes":
                return range(begin, end, PROBE_EVERY_MS)
            case _:
                return range(begin, end, MINUTE)


def _by_chance(a_day: float, begin: int, end: int, random: Random) -> Iterator[int]:
    """A Poisson process, to the second, that is busier while people are awake."""
    wake, sleep = AWAKE
    busy, calm = a_day * AWAKE_SHARE / (sleep - wake), a_day * (1 - AWAKE_SHARE) / (DAY - sleep + wake)
    at = float(begin)
    if busy <= 0:
        return
    while (at := at + random.expovariate(busy)) < end:
        if wake <= at % DAY < sleep or random.random() < calm / busy:
            yield int(at) - int(at) % SECOND
