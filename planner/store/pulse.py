"""The minutes in which the planner was there, for the SLO ``up`` (DESIGN section 5), and its heartbeat.

A minute is good when a heartbeat fell into it, or when those around it are close together; else it is bad, and that is
counted by the next heartbeat, and by every reading before it. Each minute is judged once, however the clock is set: the
stretches that have been judged are kept.
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
"""The setting with the last heartbeat, UTC ms, and the stretches of minutes that have been judged."""
APART_MS = 90 * SECOND
"""Heartbeats that are no farther apart leave no minute out: a minute's work may come a little later each time."""
WINDOW_MS = 7 * DAY
"""Minutes longer ago are counted by nobody."""
STRETCHES_MAX = 8
"""More than one there are only where the clock was set by more than ``WINDOW_MS``, or to before the first start."""


class Beats(NamedTuple):
    """The last heartbeat (UTC ms), and the minutes (since the epoch) that have been judged: from, and up to."""

    last: int
    judged: tuple[tuple[int, int], ...]

    def dead(self, now: int) -> range:
        """The minutes before the one at ``now`` that nothing has been heard of, and that are not judged yet."""
        minute = now // MINUTE
        if 0 <= now - self.last <= APART_MS:
            return range(0)
        return self._unjudged(minute, minute - 1)

    def alive(self, now: int) -> range:
        """The minutes that a heartbeat at ``now`` makes good."""
        minute = now // MINUTE
        found = self._unjudged(minute, minute)
        return found if 0 <= now - self.last <= APART_MS else found[-1:]

    def _unjudged(self, minute: int, until: int) -> range:
        """From the last minute before ``minute`` that has been judged."""
        if any(first <= minute <= last for first, last in self.judged):
            return range(0)
        before = max((last for _, last in self.judged if last < minute), default=minute - 1)
        return range(max(before + 1, minute - WINDOW_MS // MINUTE + 1), until + 1)

    def with_judged(self, minutes: range) -> Beats:
        if not minutes:
            return self
        stretches: list[tuple[int, int]] = []
        for first, last in sorted((*self.judged, (minutes[0], minutes[-1]))):
            if stretches and first <= stretches[-1][1] + 1:
                stretches[-1] = stretches[-1][0], max(last, stretches[-1][1])
            else:
                stretches.append((first, last))
        return Beats(self.last, tuple(stretches[-STRETCHES_MAX:]))


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
        last, judged = json.loads(found)
        return Beats(last, tuple((first, until) for first, until in judged))

    def keep(self, beats: Beats) -> None:
        self._settings.put(HEARTBEAT, json.dumps(beats, separators=(",", ":")))


def by_bucket(good: Iterable[int], bad: Iterable[int], bucket_ms: int) -> list[Minutes]:
    """Minutes (since the epoch) by the bucket that they begin in."""
    goods, bads = (Counter(minute * MINUTE - minute * MINUTE % bucket_ms for minute in part) for part in (good, bad))
    return [Minutes(at, goods[at], bads[at]) for at in sorted(goods.keys() | bads.keys())]
