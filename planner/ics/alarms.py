"""An event's own alarms as leads (RFC 5545, section 3.6.6)."""

from __future__ import annotations

from planner.due import ALL_DAY_MINUTE
from planner.ics import times
from planner.ics.properties import Part, first, params, value
from planner.ics.times import Moment, Zones
from planner.ics.zones import FLOATING

ALARMS_MAX = 5
"""Alarms of one event that are taken, those nearest to its start."""
ALARM_MAX_S = 366 * 86_400
"""No reminder comes longer before its event."""


def leads(part: Part, start: Moment, duration_s: int, zones: Zones, owner_zone: str) -> tuple[int, ...] | None:
    """Seconds before the start, the longest first; ``None`` where it has no alarm that comes by then.

    Empty where it says that it has none, not even one by default: an alarm whose action is ``NONE``. Those of an
    all-day event count from the minute that the planner's own leads count from.
    """
    found, silent = set(), False
    for alarm in part.inner:
        if alarm.kind != "VALARM":
            continue
        if value(alarm.own, "ACTION").strip().upper() == "NONE":
            silent = True
            continue
        try:
            after = _after(alarm, start, duration_s, zones, owner_zone)
        except ValueError:
            continue
        if after is not None and 0 <= (lead := (ALL_DAY_MINUTE * 60 if start.is_date else 0) - after) <= ALARM_MAX_S:
            found.add(lead)
    return tuple(sorted(sorted(found)[:ALARMS_MAX], reverse=True)) or (() if silent else None)


def _after(alarm: Part, start: Moment, duration_s: int, zones: Zones, owner_zone: str) -> int | None:
    """Seconds from the start to the alarm. Raises ``ValueError``."""
    trigger = first(alarm.own, "TRIGGER")
    if trigger is None:
        return None
    said = params(trigger.params) if trigger.params else {}
    if said.get("VALUE", "").upper() == "DATE-TIME" or trigger.value[:1].isdigit():
        at = times.moment(trigger, zones, FLOATING)
        return (at.instant(owner_zone) - start.instant(owner_zone)) // 1_000
    length = times.length(trigger.value)
    return length.days * 86_400 + length.seconds + (duration_s if said.get("RELATED", "").upper() == "END" else 0)
