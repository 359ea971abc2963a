"""When a feed is synced next. Pure; instants in UTC ms."""

from __future__ import annotations

from random import Random

from planner.model import HOUR, MINUTE, SECOND, Feed

JITTER = 0.05
LONGEST_BACKOFF_MS = 6 * HOUR
_GOLDEN = 0.618_033_988_749_895
"""Multiples of it, modulo 1, lie evenly apart however many there are."""


def after_success(feed: Feed, now: int, random: Random) -> int:
    """An interval from now, or sooner: the next of the feed's own instants, which lie apart from all others'."""
    every = feed.every_min * MINUTE
    phase = round((feed.id * _GOLDEN % 1) * every)
    earliest = now + round(every * 2 * JITTER)  # what came a little early has had this turn
    return earliest + (phase - earliest) % every + round(every * random.uniform(-JITTER, JITTER))


def after_failure(feed: Feed, now: int, random: Random, retry_after_s: int = 0) -> int:
    """Its interval from now, doubled with each failure in a row before this one; later where the server says so."""
    doubled = (feed.every_min * MINUTE) << min(feed.failures, 16)
    wait = min(doubled, LONGEST_BACKOFF_MS) * (1 + random.uniform(-JITTER, JITTER))
    return now + min(max(round(wait), retry_after_s * SECOND), LONGEST_BACKOFF_MS)
