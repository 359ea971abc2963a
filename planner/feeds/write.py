"""Events as an iCalendar file (RFC 5545) that other calendars read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

from icalendar import Alarm, Calendar, Timezone, vRecur
from icalendar import Event as Component

from planner import due, recur, rrule
from planner.model import DAY, SECOND, Event, User

PRODID = "-//planner//planner//EN"
END = b"END:VCALENDAR\r\n"
UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/GMT", "GMT", "Zulu", "Etc/Zulu", "Etc/UCT", "UCT", "Etc/Universal"})
_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), 127])


def calendar(events: Sequence[Event], user: User, now: int) -> bytes:
    """The user's events as one VCALENDAR; the same for the same events, user and ``now`` (UTC ms).

    Where an event moves with its owner, the zone that they have now is written. Leads become alarms.
    """
    found = Calendar()
    found.add("prodid", PRODID)
    found.add("version", "2.0")
    for zone in _zones(events, user):
        found.add_component(Timezone.from_tzid(zone))
    stamp = _utc(now)
    parts = (_component(event, user, stamp).to_ical() for event in events)  # one at a time: there may be thousands
    return bytes(found.to_ical().removesuffix(END)) + b"".join(parts) + END


def _zones(events: Iterable[Event], user: User) -> list[str]:
    used = {event.zone or user.zone for event in events if not event.all_day and not _at_an_instant(event)}
    return sorted(zone for zone in used if not _is_utc(zone))


def _is_utc(zone: str) -> bool:
    return zone in UTC_NAMES or not due.knows(zone)


def _at_an_instant(event: Event) -> bool:
    return event.instant and event.rrule is None


def _component(event: Event, user: User, stamp: datetime) -> Component:
    zone = event.zone or user.zone
    start = _first(event, zone)
    found = Component()
    found.add("uid", f"event-{event.id}@planner")
    found.add("dtstamp", stamp)
    found.add("dtstart", _moment(event, start, zone))
    if event.all_day:
        found.add("dtend", start.date() + timedelta(days=max(1, -(-event.duration_s * SECOND // DAY))))
    elif event.duration_s:
        found.add("duration", timedelta(seconds=event.duration_s))
    if event.rrule is not None:
        found.add("rrule", vRecur.from_ical(_rule(event, zone)))
        if left_out := [_moment(event, one, zone) for one in _left_out(event, start, zone)]:
            found.add("exdate", left_out)
    found.add("summary", _clean(event.title))
    for name, text in (("location", event.place), ("description", event.notes), ("url", event.link)):
        if text:
            found.add(name, _clean(text))
    for lead in _leads(event, user):
        found.add_component(_alarm(event, lead))
    return found


def _first(event: Event, zone: str) -> datetime:
    """The local start of the first occurrence: DTSTART has to be one, whatever the rule says of the event's start."""
    start = datetime.fromisoformat(event.start_local)
    if event.rrule is None:
        return start
    at = recur.local_instant(start, zone)
    first = recur.next_occurrence(event.start_local, zone, event.rrule, at)
    if first is None or first == at:
        return start
    same_clock = datetime.combine(recur.local_time(first, zone).date(), start.time())
    return same_clock if recur.local_instant(same_clock, zone) == first else recur.local_time(first, zone)


def _left_out(event: Event, start: datetime, zone: str) -> list[datetime]:
    """The local starts that do not happen: DTSTART itself, too, where it is none of those that the rule gives."""
    excluded = [datetime.fromisoformat(one) for one in event.excluded]
    at = recur.local_instant(start, zone)
    happens = recur.next_occurrence(event.start_local, zone, event.rrule, at) == at
    return excluded if happens else [*excluded, start]


def _moment(event: Event, local: datetime, zone: str) -> date | datetime:
    """A local time as its event's kind is written: a date, a time in a zone, or an instant."""
    if event.all_day:
        return local.date()
    if _at_an_instant(event):
        return _utc(event.start_at)
    return local.replace(tzinfo=_tz(zone))


def _tz(zone: str) -> tzinfo:
    return UTC if _is_utc(zone) else due.zone_info(zone)


def _utc(at: int) -> datetime:
    return datetime.fromtimestamp(at // SECOND, UTC)


def _rule(event: Event, zone: str) -> str:
    """The event's rule with UNTIL in the form that its DTSTART asks for (RFC 5545, section 3.3.10)."""
    assert event.rrule is not None
    text = event.rrule.upper().removeprefix("RRULE:")
    rule = rrule.parse(text)
    if rule.until is None:
        return text
    at = rule.until.replace(tzinfo=UTC) if rule.until_is_utc else _utc(recur.local_instant(rule.until, zone))
    until = f"{at.astimezone(_tz(zone)):%Y%m%d}" if event.all_day else f"{at:%Y%m%dT%H%M%SZ}"
    return ";".join(f"UNTIL={until}" if part.startswith("UNTIL=") else part for part in text.split(";"))


def _leads(event: Event, user: User) -> tuple[int, ...]:
    if event.instant:
        return (0,)
    return tuple(sorted(user.leads_s if event.leads_s is None else event.leads_s, reverse=True))


def _alarm(event: Event, lead_s: int) -> Alarm:
    """An all-day event's leads count from a minute of its day, and its alarms from its midnight."""
    after = timedelta(minutes=due.ALL_DAY_MINUTE) if event.all_day else timedelta()
    found = Alarm()
    found.add("action", "DISPLAY")
    found.add("description", _clean(event.title))
    found.add("trigger", after - timedelta(seconds=lead_s))
    return found


def _clean(text: str) -> str:
    """What a TEXT may not hold is left out."""
    return text.translate(_CONTROLS)
