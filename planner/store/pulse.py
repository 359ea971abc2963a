"""The minutes in which the planner was there, for the SLO ``up`` (DESIGN section 5), and its heartbeat.

A minute is good when a heartbeat fell into it, or when those around it are close together; else it is bad. Each minute
is judged once and for good, however the clock is set: the stretches that have been judged are kept.

A planner that runs and finds that minutes have gone by unheard cannot tell whether the machine slept or its clock was
set, and a clock that leaps may leap back. So these minutes are noted, count for nothing yet, and are judged bad once
the clock has stood so for ``SETTLE_MS``; those that it is set back before are dropped. Where the clock was ahead of the
time that it is set back to, what lies between was lived by the wrong clock, and is judged neither way.

A planner that starts judges what it finds at once: nobody was there. So does every reading of what nobody has noted,
for it is beside a dead planner that minutes stay unnoted.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from planner.model import DAY, MINUTE, SECOND
from planner.store.fresh import Minutes
from planner.store.settings import Settings

SLO = "up"
HEARTBEAT = "heartbeat"
"""The setting that keeps ``Beats``."""
APART_MS = 90 * SECOND
"""Heartbeats that are no farther apart leave no minute out: a minute's work may come a little later each time."""
WINDOW_MS = 7 * DAY
"""Minutes longer ago are counted by nobody."""
STRETCHES_MAX = 8
"""Of those that have been judged, and of those that are not yet: more there are only where the clock leaps often."""
SETTLE_MS = 10 * MINUTE
"""So long the clock stands before what it leapt over is judged."""
LEAP = 2
"""More unheard minutes than this, found at once, are a leap of the clock."""


Stretches = tuple[tuple[int, int], ...]
"""Minutes since the epoch, from and up to, the earliest first."""


class Beats(NamedTuple):
    """The last heartbeat, the minutes that have been judged, and those unheard that are not yet.

    ``since``: since when the clock has not leapt. Instants in UTC ms.
    """

    last: int
    judged: Stretches = ()
    unheard: Stretches = ()
    since: int = 0

    def dead(self, now: int) -> range:
        """The minutes before the one at ``now`` that nothing has been heard of, and that nobody has noted."""
        return range(0) if now - self.last <= APART_MS else self.between(now)

    def between(self, now: int) -> range:
        """The minutes before the one at ``now``, up to those that are known."""
        return self._unknown(now // MINUTE, now // MINUTE - 1)

    def leaps(self, now: int) -> bool:
        """Whether the clock was set forward, or the machine slept."""
        return len(self.dead(now)) > LEAP

    def settled(self, now: int) -> bool:
        return now - self.since >= SETTLE_MS

    def noted(self, now: int) -> Beats:
        """With those unheard minutes that lie before ``now``, but for what was lived by a clock that was ahead."""
        dead, past = self.dead(now), self._past(now)
        since = now if past != self.unheard or self.leaps(now) else min(self.since, now)
        found = self._replace(unheard=_joined((*past, (dead[0], dead[-1]))) if dead else past, since=since)
        return found if now >= self.last else found.with_judged(found.between(now), now)

    def _past(self, now: int) -> Stretches:
        """Those unheard that lie before ``now``; set back to before the leap, what was lived since is none of them."""
        lived = self.last - self.since + LEAP * MINUTE if now < min(self.since, self.last) else 0
        until = (now - lived) // MINUTE - 1
        return tuple((first, min(last, until)) for first, last in self.unheard if first <= until)

    def ripe(self, now: int) -> list[range]:
        """The unheard minutes that are to be judged by now; of very many leaps the first ones anyhow."""
        found = self.unheard if self.settled(now) else self.unheard[:-STRETCHES_MAX]
        return [range(first, last + 1) for first, last in found if last < now // MINUTE]

    def alive(self, now: int) -> range:
        """The minutes that a heartbeat at ``now`` makes good."""
        minute = now // MINUTE
        found = self._unknown(minute, minute)
        return found if 0 <= now - self.last <= APART_MS else found[-1:]

    def _unknown(self, minute: int, until: int) -> range:
        """From the last minute before ``minute`` that has been judged or noted."""
        known = (*self.judged, *self.unheard)
        if any(first <= minute <= last for first, last in known):
            return range(0)
        before = max((last for _, last in known if last < minute), default=minute - 1)
        return range(max(before + 1, minute - WINDOW_MS // MINUTE + 1), until + 1)

    def with_judged(self, minutes: range, now: int) -> Beats:
        """Of the stretches that are judged those around ``now`` stay."""
        if not minutes:
            return self
        judged = _joined((*self.judged, (minutes[0], minutes[-1])))
        nearest = sorted(judged, key=lambda one: abs(one[1] - now // MINUTE))[:STRETCHES_MAX]
        unheard = tuple(one for one in self.unheard if not minutes[0] <= one[0] <= minutes[-1])
        return self._replace(judged=tuple(sorted(nearest)), unheard=unheard)


def _joined(found: Stretches) -> Stretches:
    stretches: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if stretches and first <= stretches[-1][1] + 1:
            stretches[-1] = stretches[-1][0], max(last, stretches[-1][1])
        else:
            stretches.append((first, last))
    return tuple(stretches)


class Pulse:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._settings = Settings(connection)

    def last(self) -> int | None:
        """When the planner last noted that it is there, UTC ms."""
        beats = self.read()
        return None if beats is None else beats.last

    def read(self) -> Beats | None:
        found = self._settings.get(HEARTBEAT)
        if found is None:
            return None
        last, judged, *noted = json.loads(found)
        unheard, since = noted or ((), 0)  # what an earlier version wrote has none
        return Beats(last, _stretches(judged), _stretches(unheard), since)

    def keep(self, beats: Beats) -> None:
        self._settings.put(HEARTBEAT, json.dumps(beats, separators=(",", ":")))


def _stretches(found: Iterable[tuple[int, int]]) -> Stretches:
    return tuple((first, last) for first, last in found)


def by_bucket(good: Iterable[int], bad: Iterable[int], bucket_ms: int) -> list[Minutes]:
    """Minutes (since the epoch) by the bucket that they begin in."""
    goods, bads = (Counter(minute * MINUTE - minute * MINUTE % bucket_ms for minute in part) for part in (good, bad))
    return [Minutes(at, goods[at], bads[at]) for at in sorted(goods.keys() | bads.keys())]
