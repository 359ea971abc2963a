"""Why something was bad, as far as what is kept tells it. What no row tells is said to be unknown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from planner.model import HOUR, State
from planner.slo.report.evidence import BUCKET_MS, Bucket, Evidence, Failed, Told

DOWN = "the planner was down"
UNKNOWN = "not known"
"""No row says it: it was deleted, or there never is one, as of messages that were answered late."""
STALE_AFTER_MS = 8 * HOUR
"""A calendar that last failed so long ago is not what is stale: failing ones are tried every six hours at least."""
REASON_MAX = 60

ByBucket = Mapping[int, Counter[str]]


def causes(counts: str, bad: Iterable[Bucket], evidence: Evidence) -> ByBucket:
    """What the bad ones of each bucket came from; as many as the bucket counts."""
    buckets = list(bad)
    down = frozenset() if counts in {"up", "syncs"} else _down(evidence)
    known = _known(counts, buckets, evidence)
    return {one.at: _of(one, Counter({DOWN: one.bad}) if one.at in down else known.get(one.at)) for one in buckets}


def _of(bucket: Bucket, known: Mapping[str, int] | None) -> Counter[str]:
    """No more than were counted, the commonest first, and the rest unknown."""
    found: Counter[str] = Counter()
    left = bucket.bad
    for what, count in Counter(known or {}).most_common():
        if left > 0:
            found[what] = min(count, left)
            left -= found[what]
    if left:
        found[UNKNOWN] += left
    return found


def _down(evidence: Evidence) -> frozenset[int]:
    counted = evidence.counts.get("up")
    return frozenset() if counted is None else frozenset(one.at for one in counted.bad)


def _known(counts: str, buckets: list[Bucket], evidence: Evidence) -> ByBucket:
    if counts == "up":
        return {one.at: Counter({DOWN: one.bad}) for one in buckets}
    if counts == "feeds":
        return _stale(buckets, evidence.failed)
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for at, what, count in _rows(counts, evidence):
        found[at][what] += count
    return found


def _rows(counts: str, evidence: Evidence) -> Iterator[tuple[int, str, int]]:
    if counts == "syncs":
        yield from ((one.at, _failing(one), one.times) for one in evidence.failed)
    yield from ((one.at, _told(one), one.times) for one in evidence.told.get(counts, ()))


def _told(row: Told) -> str:
    reason = row.reason[:REASON_MAX]
    match row.state:
        case State.FAILED:
            return f"Telegram refused it: {reason}" if reason else "Telegram refused it"
        case State.UNDELIVERABLE:
            return "blocked by whoever it was for"
        case State.CANCELLED:
            return "cancelled when it was overdue already"
    if reason:
        return f"sending failed: {reason}"
    if row.begun_late:
        return "begun too late"
    return "sending failed at first" if row.repeated else "Telegram's answer came late"


def _failing(one: Failed) -> str:
    how = one.outcome.replace("_", " ")
    fault = one.fault[:REASON_MAX].replace("_", " ")
    return f"calendar {one.feed_id}: {how}{f', {fault}' if fault and fault != how else ''}"


def _stale(buckets: list[Bucket], failed: Iterable[Failed]) -> ByBucket:
    """Minutes of calendars have no rows: each bucket's are shared among those that had failed within the last hours."""
    by_time = sorted(failed)
    last: dict[int, Failed] = {}
    found, index = {}, 0
    for bucket in sorted(buckets):
        while index < len(by_time) and by_time[index].at <= bucket.at:
            last[by_time[index].feed_id] = by_time[index]
            index += 1
        last = {feed: one for feed, one in last.items() if bucket.at - one.at <= STALE_AFTER_MS + BUCKET_MS}
        found[bucket.at] = _shared(bucket.bad, sorted({_failing(one) for one in last.values()}))
    return found


def _shared(bad: int, among: list[str]) -> Counter[str]:
    each, more = divmod(bad, len(among)) if among else (0, 0)
    return Counter({what: count for n, what in enumerate(among) if (count := each + (n < more))})
