"""When sending has to begin early, because more is due at once than can be carried in time.

Pure: instants are UTC ms, counted by the second in which reminders are due.
"""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heappop, heappush
from math import ceil, inf

from planner.model import ON_TIME, SECOND

EARLIEST_MS = 55 * SECOND
"""No reminder is sent earlier than this before it is due."""

MARGIN_MS = 2 * SECOND
"""A burst is planned to end so long before its last reminder would be late: claims, latency, answers in between."""

AHEAD_MS = SECOND
"""A needed early start is made this much earlier, since reminders are taken some at a time."""

HELD_ON_MS = 5 * SECOND
"""An early start is called off only when it was not needed for this long: what is sent moves the need all the time."""

Group = tuple[int, int]
"""Reminders due in one second that may be sent from one second on: ``(due, released)``, both UTC ms."""


def latest_starts(groups: Mapping[Group, int], per_ms: float) -> dict[Group, float]:
    """When each group has to begin at the latest, if all are to be on time at ``per_ms`` reminders a millisecond.

    Time is walked backwards: at each moment that group is served which may begin last. What does not fit in between
    its release and its limit begins at its release.
    """
    starts: dict[Group, float] = {}
    unseen = sorted(groups)
    under_way: list[tuple[int, Group, float]] = []
    at = inf
    while unseen or under_way:
        limit = unseen[-1][0] + ON_TIME - MARGIN_MS if unseen else -inf
        if not under_way:
            at = min(at, limit)
        if limit >= at:
            group = unseen.pop()
            heappush(under_way, (-group[1], group, groups[group]))
            continue
        _, group, left = heappop(under_way)
        begin = max(at - left / per_ms, group[1], limit)
        if begin == limit:
            heappush(under_way, (-group[1], group, left - (at - begin) * per_ms))
        else:
            starts[group] = begin
        at = min(at, begin)
    return starts


class Bursts:
    """Counts what is held, and says how far ahead of its due time sending has to reach."""

    def __init__(self, per_second: float) -> None:
        self._per_ms = per_second / SECOND
        self._in_time = (ON_TIME - MARGIN_MS) * self._per_ms  # so many need no early start, however they are due
        self._groups: dict[Group, int] = {}
        self._starts: dict[Group, float] | None = None
        self._reach = 0

    def count(self, due_at: int, released_at: int, by: int) -> None:
        """Hold ``by`` more (or fewer, as they were counted) of the reminders due and released then."""
        if released_at >= due_at + ON_TIME - MARGIN_MS:
            return
        group = due_at // SECOND * SECOND, released_at // SECOND * SECOND
        left = self._groups.get(group, 0) + by
        if left > 0:
            self._groups[group] = left
        else:
            self._groups.pop(group, None)
        self._starts = None

    def reach(self, now: int) -> int:
        """Reminders due up to this instant may be sent now: ``now`` itself, or later in a burst."""
        ahead = now + AHEAD_MS + (HELD_ON_MS if self._reach > now else 0)
        needed = (due for (due, _), start in self._planned(now).items() if start <= ahead and due > now)
        self._reach = max((due + SECOND - 1 for due in needed), default=now)
        return self._reach

    def next_start(self, now: int) -> int | None:
        """When ``reach`` goes further than ``now``, as things are; ``None`` if never."""
        starts = self._planned(now).values()
        return min((ceil(start) - AHEAD_MS for start in starts if start - AHEAD_MS > now), default=None)

    def _planned(self, now: int) -> dict[Group, float]:
        if self._starts is None:
            self._groups = {group: n for group, n in self._groups.items() if group[0] + ON_TIME - MARGIN_MS > now}
            many = sum(self._groups.values()) > self._in_time
            self._starts = latest_starts(self._groups, self._per_ms) if many else {}
        return self._starts
