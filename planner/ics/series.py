"""The components of one UID as the planner's events: the series, and its occurrences that differ.

What an event of the planner says as well (one rule, dates left out and added, on the clock of an IANA zone) is said
so. Everything else is written out as the starts that it has in the time asked for: several rules, rules that take
away, a zone of the calendar's own, and a change of this and all following occurrences (RFC 5545, section 3.2.13).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from heapq import nsmallest
from typing import NamedTuple

from planner import recur
from planner.ics import recurrence, rscale
from planner.ics.component import Component, Frame
from planner.ics.entry import Entry
from planner.ics.properties import DATES_MAX
from planner.ics.recurrence import Rules
from planner.ics.zones import IN_UTC, Zone

ONCE = "FREQ=DAILY;COUNT=1"
"""The rule of what has dates and no rule."""


class Built(NamedTuple):
    """``holds``: the entries say it all, at any time; else they are to be read anew."""

    entries: tuple[Entry, ...]
    holds: bool
    faults: tuple[str, ...]


def build(components: Sequence[Component], frame: Frame) -> Built:
    """All that the components of one UID say."""
    faults = tuple(dict.fromkeys(fault for one in components for fault in one.faults))
    masters = [one for one in components if one.recurrence is None]
    others = [one for one in components if one.recurrence is not None]
    if not masters:
        alone = _each(others, lambda one: one.recurrence.local if one.recurrence else one.start.local)
        return Built(_singles(alone), holds=not faults, faults=faults)
    master = max(enumerate(masters), key=lambda one: (one[1].rank, one[0]))[1]
    if master.cancelled:
        return Built((), holds=not faults, faults=faults)
    if len(components) == 1 and not (master.rules or master.added or master.left_out):
        return Built((_single("", master),), holds=not faults, faults=faults)
    return _series(master, others, frame, faults)


def _series(master: Component, others: Sequence[Component], frame: Frame, faults: tuple[str, ...]) -> Built:
    rules = recurrence.rules_of(master, frame)
    faults = tuple(dict.fromkeys((*faults, *rules.faults)))
    replaced = _each(others, lambda one: recurrence.named(one.recurrence or one.start, master, frame))
    out = recurrence.left_out(master, rules.given, frame)
    replaced = {at: one for at, one in replaced.items() if not _outdated(at, one, master, rules, out, frame)}
    onwards = {at: one for at, one in replaced.items() if one.and_future}
    singles = _singles({at: one for at, one in replaced.items() if not one.and_future})
    out.update(replaced.keys() - onwards.keys())
    if onwards or not _one_event(master, rules):
        if frame.budget.left <= 0 and rules.given:
            rules, faults = rules._replace(given=(), taken=()), (*faults, "rule")
        written = _written(master, rules, out, onwards, frame)
        if frame.budget.left <= 0:
            faults = (*faults, "rule")
        return Built((*written, *singles), holds=False, faults=faults)
    if len(out) > DATES_MAX:
        out = _next(out, frame)
        faults = tuple(dict.fromkeys((*faults, "dates")))
    said = _said(master, rules, out, frame)
    return Built((*said, *singles), holds=not faults, faults=faults)


def _one_event(master: Component, rules: Rules) -> bool:
    """Whether a series is one event of the planner's."""
    if rules.taken or len(rules.given) > 1:
        return False
    return not rules.given or (master.start.zone.rules is None and not rscale.applies(rules.given[0]))


def _next(out: set[datetime], frame: Frame) -> set[datetime]:
    """Of too many starts that are left out, those that matter next."""
    since = datetime.fromisoformat(frame.since)
    return set(nsmallest(DATES_MAX, (at for at in out if at >= since)))


def _outdated(at: datetime, one: Component, master: Component, rules: Rules, out: set[datetime], frame: Frame) -> bool:
    """Whether the series was changed after this occurrence of it (3.8.7.4), and has it no longer."""
    if one.rank[0] >= master.rank[0] or one.and_future:
        return False
    beside = (recurrence.on_its_clock(added.start, master, frame) for added in master.added)
    return at in out or not (
        at == master.start.local or any(recurrence.gives(rule, master.start, at) for rule in rules.given)
        or at in beside
    )  # fmt: skip


def _each(others: Iterable[Component], name: Callable[[Component], datetime]) -> dict[datetime, Component]:
    """The components by the start that they replace; of two for the same the one that holds."""
    found: dict[datetime, Component] = {}
    for one in others:
        at = name(one)
        if at not in found or found[at].rank <= one.rank:
            found[at] = one
    return found


def _singles(found: dict[datetime, Component]) -> tuple[Entry, ...]:
    return tuple(_single(at.isoformat(), one) for at, one in found.items() if not one.cancelled)


def _single(part: str, one: Component) -> Entry:
    return _entry(part, one, one.start.local)


def _entry(
    part: str,
    one: Component,
    start: datetime,
    rrule: str | None = None,
    excluded: Collection[datetime] = (),
    included: Collection[datetime] = (),
    duration_s: int | None = None,
) -> Entry:
    zone, at = _clock(one.start.zone, (start, *included))
    return Entry(
        part=part,
        title=one.title,
        start_local=at[0].isoformat(),
        duration_s=one.duration_s if duration_s is None else duration_s,
        all_day=one.start.is_date,
        zone=zone,
        rrule=rrule,
        excluded=tuple([local.isoformat() for local in sorted(excluded)]) if excluded else (),
        included=tuple([local.isoformat() for local in sorted(at[1:])]) if included else (),
        place=one.place,
        notes=one.notes,
        link=one.link,
        alarms_s=one.alarms_s,
        days=one.days if duration_s is None else 0,
    )


def _clock(zone: Zone, locals_: tuple[datetime, ...]) -> tuple[str | None, tuple[datetime, ...]]:
    """Times on a clock that the planner has: those of a calendar's own zone in UTC."""
    if zone.rules is None:
        return zone.name, locals_
    return IN_UTC.name, tuple(recur.local_time(zone.rules.instant(local), "UTC") for local in locals_)


def _said(master: Component, rules: Rules, out: set[datetime], frame: Frame) -> list[Entry]:
    """A series as one event, and each date that lasts otherwise as one of its own."""
    start, rule = master.start.local, rules.given[0] if rules.given else None
    beside, periods = _beside(master, frame)
    if rule is not None and recurrence.ends_before(rule, master.start, frame):
        rule = None
    elif rule is None or not recurrence.begins(rule, master.start):
        beside.add(start)
        rule = _one_less(rule) if rule is not None else None
    entries = [_entry(at.isoformat(), master, at, duration_s=length) for at, length in periods.items() if at not in out]
    out = out | periods.keys()
    if rule is None:
        left = sorted(beside - out)
        if left:
            entries.insert(0, _entry("", master, left[0], ONCE if left[1:] else None, included=left[1:]))
        return entries
    entries.insert(0, _entry("", master, start, rule, out, beside - out))
    return entries


def _counting_start(given: tuple[str, ...], master: Component) -> tuple[str, ...]:
    """The only rule's COUNT counts the event's own start; of several none is known to be the one that does."""
    if len(given) != 1 or recurrence.parsed(given[0]).count is None or recurrence.begins(given[0], master.start):
        return given
    less = _one_less(given[0])
    return (less,) if less is not None else ()


def _one_less(rule: str) -> str | None:
    """DTSTART always counts as the first of a COUNT (RFC 5545, section 3.3.10), and here the rule does not give it."""
    count = recurrence.parsed(rule).count
    if count is None:
        return rule
    return None if count == 1 else ";".join(
        f"COUNT={count - 1}" if part.startswith("COUNT=") else part for part in rule.split(";")
    )  # fmt: skip


def _beside(master: Component, frame: Frame) -> tuple[set[datetime], dict[datetime, int]]:
    """The starts that an RDATE adds, and those of them that last otherwise, whether the rule has them or not."""
    beside: set[datetime] = set()
    periods: dict[datetime, int] = {}
    for added in master.added:
        at = recurrence.on_its_clock(added.start, master, frame)
        if added.duration_s is None or added.duration_s == master.duration_s or master.start.is_date:
            beside.add(at)
        else:
            periods[at] = added.duration_s
    return beside - periods.keys(), periods


def _written(
    master: Component, rules: Rules, out: set[datetime], onwards: dict[datetime, Component], frame: Frame
) -> list[Entry]:
    """Every start within the frame; from each change of all that follows on as that has it."""
    beside, periods = _beside(master, frame)
    beside.update(() if any(recurrence.ends_before(rule, master.start, frame) for rule in rules.given) else
                  (master.start.local,))  # fmt: skip
    low, high = _local(frame.low, master, frame) - _back(master, onwards), _local(frame.high, master, frame)
    taken = {at for rule in rules.taken for at in _starts(rule, master, low, high, frame)}
    beside.update(at for rule in _counting_start(rules.given, master) for at in _starts(rule, master, low, high, frame))
    left = sorted(at for at in beside - taken - out - periods.keys() if low <= at <= high)[: frame.most]
    entries = [_entry(at.isoformat(), master, at, duration_s=length)
               for at, length in periods.items() if at not in out and at not in taken]  # fmt: skip
    changes = sorted(onwards.items())
    ends = [*(at for at, _ in changes), high + timedelta(days=1)]
    for (begin, one), end in zip([(low, master), *changes], ends, strict=True):
        shift = one.start.local - begin if one is not master else timedelta()
        own = [at + shift for at in left if begin <= at < end]
        if own and not one.cancelled:
            part = "" if one is master else begin.isoformat()
            entries.append(_entry(part, one, own[0], ONCE if own[1:] else None, included=own[1:]))
    return entries


def _back(master: Component, onwards: dict[datetime, Component]) -> timedelta:
    """So long before the frame what is seen in it may begin, on the series' own clock."""
    lasts = max(master.duration_s, *(one.duration_s for one in onwards.values()), 0)
    moved = max((abs(one.start.local - at) for at, one in onwards.items()), default=timedelta())
    return timedelta(seconds=lasts) + min(moved, timedelta(days=400)) + timedelta(days=1)


def _local(instant: int, master: Component, frame: Frame) -> datetime:
    return master.start.zone.local(instant, frame.zone)


def _starts(rule: str, master: Component, low: datetime, high: datetime, frame: Frame) -> list[datetime]:
    """The local starts of a rule."""
    most = min(frame.most, max(0, frame.budget.left))
    if not most:
        return []
    found = recurrence.starts(rule, master.start, low, high + timedelta(days=1), most)
    frame.budget.left -= len(found) + (rscale.cost(rule, master.start.local, low, high) if rscale.applies(rule) else 0)
    return found
