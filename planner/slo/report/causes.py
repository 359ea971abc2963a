"""Why something was bad, as far as what is kept tells it. What no row tells is said to be unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from planner.model import BUCKET_MS, HOUR, State
from planner.slo.report.evidence import Bucket, Evidence, Failed

DOWN = "the planner was down"
UNKNOWN = "not known"
"""No row says it: it was deleted, or there never is one, as of messages that were answered late."""
STALE_AFTER_MS = 8 * HOUR
"""A calendar that last failed so long ago is not what is stale: failing ones are tried every six hours at least."""
REASON_MAX = 60

By = Mapping[str, int]
"""How many came from what."""


def causes(counts: str, bad: Iterable[Bucket], evidence: Evidence) -> dict[int, By]:
    """What the bad ones of each bucket came from; as many as the bucket counts."""
    buckets = list(bad)
    down = frozenset() if counts in {"up", "syncs"} else _down(evidence)
    known = _known(counts, buckets, evidence)
    return {one.at: {DOWN: one.bad} if one.at in down else _of(one.bad, known.get(one.at, {})) for one in buckets}


def summed(found: Iterable[By]) -> dict[str, int]:
    """All of them together, the commonest first."""
    sums: dict[str, int] = {}
    so_far = sums.get
    for one in found:
        for what in one:
            sums[what] = so_far(what, 0) + one[what]
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def _of(bad: int, known: By) -> By:
    """No more than were counted, the commonest first, and the rest unknown."""
    left = bad - sum(known.values())
    if left == 0:
        return known
    if left > 0:
        return {**known, UNKNOWN: left}
    found, left = {}, bad
    for what, count in sorted(known.items(), key=lambda item: -item[1]):
        if left > 0:
            found[what] = min(count, left)
            left -= found[what]
    return found


def _down(evidence: Evidence) -> frozenset[int]:
    counted = evidence.counts.get("up")
    return frozenset() if counted is None else frozenset(one.at for one in counted.bad)


def _known(counts: str, buckets: list[Bucket], evidence: Evidence) -> Mapping[int, By]:
    if counts == "up":
        return {one.at: {DOWN: one.bad} for one in buckets}
    if counts == "feeds":
        return _stale(buckets, evidence.failed)
    found: dict[int, dict[str, int]] = {}
    for at, what, count in _rows(counts, evidence):
        here = found.setdefault(at, {})
        here[what] = here.get(what, 0) + count
    return found


def _rows(counts: str, evidence: Evidence) -> Iterator[tuple[int, str, int]]:
    if counts == "syncs":
        yield from ((one.at, _failing(one.feed_id, one.outcome, one.fault), one.times) for one in evidence.failed)
    for at, state, reason, begun_late, repeated, times in evidence.told.get(counts, ()):
        yield at, _told(state, reason, begun_late, repeated), times


@lru_cache(maxsize=1_024)
def _told(state: str, reason: str, begun_late: bool, repeated: bool) -> str:
    reason = reason[:REASON_MAX]
    match state:
        case State.FAILED:
            return f"Telegram refused it: {reason}" if reason else "Telegram refused it"
        case State.UNDELIVERABLE:
            return "blocked by whoever it was for"
        case State.CANCELLED:
            return "cancelled when it was overdue already"
    if reason:
        return f"sending failed: {reason}"
    if begun_late:
        return "begun too late"
    return "sending failed at first" if repeated else "Telegram's answer came late"


@lru_cache(maxsize=1_024)
def _failing(feed_id: int, outcome: str, fault: str) -> str:
    how = outcome.replace("_", " ")
    fault = fault[:REASON_MAX].replace("_", " ")
    return f"calendar {feed_id}: {how}{f', {fault}' if fault and fault != how else ''}"


def _stale(buckets: list[Bucket], failed: Iterable[Failed]) -> dict[int, By]:
    """Minutes of calendars have no rows: each bucket's are shared among those that had failed within the last hours."""
    by_time = sorted(failed)
    last: dict[int, tuple[int, str]] = {}
    found, index = {}, 0
    for bucket in sorted(buckets):
        while index < len(by_time) and by_time[index].at <= bucket.at:
            one = by_time[index]
            last[one.feed_id] = one.at, _failing(one.feed_id, one.outcome, one.fault)
            index += 1
        since = bucket.at - STALE_AFTER_MS - BUCKET_MS
        found[bucket.at] = _shared(bucket.bad, tuple([what for at, what in last.values() if at >= since]))
    return found


@lru_cache(maxsize=1_024)
def _shared(bad: int, among: tuple[str, ...]) -> By:
    each, more = divmod(bad, len(among)) if among else (0, 0)
    return {what: count for n, what in enumerate(sorted(among)) if (count := each + (n < more))}
