"""What has become of each rule's alert since the last look: read in one snapshot, changing nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from planner.alerts.facts import facts
from planner.model import BUCKET_MS
from planner.slo.alerts import Alert, Rule, State, step
from planner.store import Tx
from planner.store.alerts import Facts, Raised

GONE = "slo.toml has no such alert any more"


@dataclass(frozen=True, slots=True)
class Change:
    """An alert's new state; ``kept`` is its row from before, ``None`` where there is none. No ``rule``: it is gone."""

    slo: str
    tier: str
    rule: Rule | None
    kept: Raised | None
    alert: Alert
    facts: Facts


@dataclass(frozen=True, slots=True)
class Look:
    """``held``: when each open alert's rule was last seen to hold (UTC ms), by the rule's id."""

    changes: tuple[Change, ...] = ()
    held: Mapping[str, int] = field(default_factory=dict)
    ready: bool = False
    """Whether some message has waited long enough."""
    set_back: tuple[tuple[int, Alert], ...] = ()
    """Open alerts, by their number, that were kept as of later than now: the clock was ahead then."""


def look(tx: Tx, rules: Mapping[str, Rule], back_ms: int, now: int, held: Mapping[str, int]) -> Look:
    """What is at ``now`` (UTC ms). Where nothing is open and nothing was bad for long, that is all it reads.

    ``back_ms``: the longest of their windows. An alert that was open before the process began counts as held until
    then: nobody saw that it was not.
    """
    kept = {one.rule_id: one for one in tx.alerts.open()}
    bad = tx.alerts.broken_since({rule.slo.counts for rule in rules.values()}, now - back_ms - BUCKET_MS)
    ready = bool(tx.alert_messages.ready(now))
    if not kept and not bad:
        return Look(ready=ready)
    asked = [rule for rule in rules.values() if rule.slo.counts in bad or rule.id in kept]
    lengths = {length for rule in asked for length in (*rule.windows, rule.slo.window_ms)}
    windows = tx.counts.windows({rule.slo.counts for rule in asked}, lengths, now)
    changes, seen, set_back = [], {}, []
    for rule in asked:
        before, counts = kept.pop(rule.id, None), windows[rule.slo.counts]
        alert = None if before is None else replace(before.alert, held_at=held.get(rule.id, now))
        after = step(rule, alert, now, holds=rule.holds(counts.__getitem__))
        if after is not None and after.open:
            seen[rule.id] = after.held_at
        if after is not None and (before is None or after.state is not before.alert.state):
            told = facts(tx, rule, counts, now, before)
            changes.append(Change(rule.slo.id, rule.tier, rule, before, after, told))
        elif before is not None and before.alert != before.alert.by(now):
            set_back.append((before.id, before.alert.by(now)))
    changes += [_gone(one, now) for one in kept.values()]
    return Look(tuple(changes), seen, ready, tuple(set_back))


def _gone(one: Raised, now: int) -> Change:
    state = State.RESOLVED if one.alert.state is State.FIRING else State.INACTIVE
    alert = replace(one.alert.by(now), state=state, resolved_at=now)
    return Change(one.slo, one.tier, None, one, alert, {**one.facts, "cause": GONE})
