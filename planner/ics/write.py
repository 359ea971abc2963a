"""Events as a calendar that other programs read, and the planner as well (RFC 5545). Pure.

The same bytes for the same events, whenever they are written: what is read back and written again is unchanged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from planner import due, owing, recur, rrule
from planner.ics import writing
from planner.ics.vtimezone import vtimezone
from planner.model import DAY, SECOND, Event, User

PRODID = "-//planner//planner//EN"
NAME = "Planner"
DOMAIN = "planner"
ONCE = "FREQ=DAILY;COUNT=1"
"""The rule of what has dates and no rule."""
UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/GMT", "GMT", "Zulu", "Etc/Zulu", "Etc/UCT", "UCT", "Etc/Universal"})
NO_ALARM = ("BEGIN:VALARM", "ACTION:NONE", "TRIGGER;VALUE=DATE-TIME:19760401T005545Z", "END:VALARM")
"""How Apple's calendars say that an event has no alarm, not even one by default."""

_ALL_DAY_S = due.ALL_DAY_MINUTE * 60
_DAY_S = DAY // SECOND


class Written(NamedTuple):
    """An event as it is written: under which UID, which occurrence of that it is, and when it was last changed.

    ``part`` is that occurrence's start on its series' wall clock, as ``Event.start_local``; empty for the series itself
    and for what does not recur.
    """

    event: Event
    uid: str
    part: str
    changed_at: int


class _Begun(NamedTuple):
    """An event that happens, the local start of its first occurrence, and whether its rule gives that one."""

    event: Event
    local: datetime
    happens: bool


def own_uid(event_id: int, calendar_id: str) -> str:
    """The UID of an event that was made here. ``calendar_id`` is this database's own, so that none other has it."""
    return f"{event_id}-{calendar_id}@{DOMAIN}"


def id_in(uid: str, calendar_id: str) -> int | None:
    """Which event was written under a UID; ``None`` where it was not made here."""
    number, _, rest = uid.partition("-")
    return int(number) if rest == f"{calendar_id}@{DOMAIN}" and number.isascii() and number.isdigit() else None


def calendar(written: Sequence[Written], user: User) -> bytes:
    """The user's events as one VCALENDAR.

    Where an event moves with its owner, the zone that they have now is written. Leads become alarms.
    """
    found = [(one, begun) for one in _in_order(written) if (begun := _begun(one.event, user)) is not None]
    parts = _parts(one for one, _ in found)
    head = ["BEGIN:VCALENDAR", f"PRODID:{PRODID}", "VERSION:2.0", "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{NAME}"]
    zones = [line for zone, year in _zones((begun for _, begun in found), user) for line in vtimezone(zone, year)]
    events = (line for one, begun in found for line in _event(one, begun, user, parts.get(one.uid, {})))
    return b"".join(
        (writing.encoded(head), writing.encoded(zones), writing.encoded(events), writing.encoded(["END:VCALENDAR"]))
    )


def _in_order(written: Iterable[Written]) -> list[Written]:
    """What belongs together stands together, a series before what differs from it: so it comes back from a reading."""
    places: dict[str, int] = {}
    found = [(places.setdefault(one.uid, len(places)), one.part, one) for one in written]
    return [one for *_, one in sorted(found, key=lambda placed: placed[:2])]


def same_form(one: Event, other: Event, user: User, *, alarms: bool) -> bool:
    """Whether two events are written the same, their alarms as well or left out."""
    forms = []
    for event in (one, other):
        begun = _begun(event, user)
        form = [] if begun is None else list(_form(Written(event, "", "", 0), begun, user, {}))
        forms.append([*form, *(_alarms(event, user) if alarms else ())])
    return forms[0] == forms[1]


def _parts(written: Iterable[Written]) -> Mapping[str, Mapping[str, Written]]:
    """Of each UID with a series and occurrences that differ from it: the series under ``""``, and the others."""
    found: dict[str, dict[str, Written]] = defaultdict(dict)
    for one in written:
        found[one.uid][one.part] = one
    return {uid: parts for uid, parts in found.items() if parts.keys() != {""}}


def _zones(found: Iterable[_Begun], user: User) -> list[tuple[str, int]]:
    """The zones that are named, and the year before the first that each is needed in."""
    years: dict[str, int] = {}
    for event, start, _ in found:
        zone = event.zone or user.zone
        if not event.all_day and not _at_an_instant(event) and not _is_utc(zone):
            first = min((start.year, *(int(one[:4]) for one in event.included)))
            years[zone] = min(years.get(zone, 9999), first - 1)
    return sorted(years.items())


def _is_utc(zone: str) -> bool:
    return zone in UTC_NAMES or not due.knows(zone)


def _at_an_instant(event: Event) -> bool:
    return event.instant and event.rrule is None


def _event(one: Written, begun: _Begun, user: User, parts: Mapping[str, Written]) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{writing.text(one.uid)}"
    yield f"DTSTAMP:{_utc(one.changed_at)}"
    yield from _form(one, begun, user, parts)
    yield from _alarms(begun.event, user)
    yield "END:VEVENT"


def _form(one: Written, begun: _Begun, user: User, parts: Mapping[str, Written]) -> Iterator[str]:
    """What an event says of itself."""
    event, start, happens = begun
    zone = event.zone or user.zone
    if one.part:
        yield _recurrence_id(one, user, parts)
    yield f"DTSTART{_moments(event, [start], zone)}"
    if event.all_day:
        end = start + timedelta(days=max(1, -(-event.duration_s // _DAY_S)))
        yield f"DTEND;VALUE=DATE:{end:%Y%m%d}"
    elif event.duration_s:
        yield f"DURATION:{_exactly(event.duration_s)}"
    if event.rrule is not None:
        # what is replaced is not left out as well: programs do not agree on which of the two holds
        left_out = {datetime.fromisoformat(one) for one in event.excluded if one not in parts}
        yield from _recurrence(event, left_out if happens else {*left_out, start}, zone)
    yield f"SUMMARY:{_title(event)}"
    for name, value in (("LOCATION", event.place), ("DESCRIPTION", event.notes)):
        if said := writing.text(value):
            yield f"{name}:{said}"
    if event.link:
        yield f"URL:{writing.uri(event.link)}"


def _title(event: Event) -> str:
    return writing.text(" ".join(event.title.split("\n")))


def _recurrence(event: Event, left_out: Collection[datetime], zone: str) -> Iterator[str]:
    """The rule, and what there is beside it and is left out."""
    yield f"RRULE:{rule_form(event, zone)}"
    if beside := {datetime.fromisoformat(one) for one in event.included} - set(left_out):
        yield f"RDATE{_moments(event, sorted(beside), zone)}"
    if left_out:
        yield f"EXDATE{_moments(event, sorted(left_out), zone)}"


def _recurrence_id(one: Written, user: User, parts: Mapping[str, Written]) -> str:
    """In the form of its series' start, or of its own where there is no series."""
    series = parts.get("", one).event
    return f"RECURRENCE-ID{_moments(series, [datetime.fromisoformat(one.part)], series.zone or user.zone)}"


def _begun(event: Event, user: User) -> _Begun | None:
    """DTSTART has to be an occurrence, whatever the rule says of the event's start; ``None`` where there is none."""
    start, zone = datetime.fromisoformat(event.start_local), event.zone or user.zone
    if event.rrule is None:
        return _Begun(event, start, happens=True)
    at = recur.local_instant(start, zone)
    first = recur.next_occurrence(event.start_local, zone, event.rrule, at)
    if first is None:
        return _dates(event)
    same_clock = datetime.combine(recur.local_time(first, zone).date(), start.time())
    if recur.local_instant(same_clock, zone) == first:
        return _Begun(event, same_clock, happens=True)
    shown = recur.local_time(first, zone)
    return _Begun(event, shown, happens=recur.local_instant(shown, zone) == first)


def _dates(event: Event) -> _Begun | None:
    """An event whose rule gives nothing: what it has beside that is a set of dates, and begins with the first."""
    left = sorted(set(event.included) - set(event.excluded))
    if not left:
        return None
    dates = replace(event, start_local=left[0], rrule=ONCE, excluded=(), included=tuple(left[1:]))
    return _Begun(dates, datetime.fromisoformat(left[0]), happens=True)


def _moments(event: Event, locals_: Iterable[datetime], zone: str) -> str:
    """Local times as their event's kind is written: dates, times in a zone, or instants; the colon before them, too."""
    if event.all_day:
        return ";VALUE=DATE:" + ",".join(f"{one:%Y%m%d}" for one in locals_)
    if _at_an_instant(event):
        return f":{_utc(event.start_at)}"
    if _is_utc(zone):
        return ":" + ",".join(f"{one:%Y%m%dT%H%M%S}Z" for one in locals_)
    return f";TZID={zone}:" + ",".join(f"{one:%Y%m%dT%H%M%S}" for one in locals_)


def _utc(at: int) -> str:
    return f"{datetime.fromtimestamp(at // SECOND, UTC):%Y%m%dT%H%M%SZ}"


def rule_form(event: Event, zone: str) -> str:
    """The event's rule with UNTIL in the form that its DTSTART asks for (section 3.3.10)."""
    assert event.rrule is not None
    text = event.rrule.upper().removeprefix("RRULE:")
    rule = rrule.parse(text)
    if rule.until is None:
        return text
    at = rule.until.replace(tzinfo=UTC) if rule.until_is_utc else _aware(recur.local_instant(rule.until, zone))
    tz = UTC if _is_utc(zone) else due.zone_info(zone)
    until = f"{at.astimezone(tz):%Y%m%d}" if event.all_day else f"{at:%Y%m%dT%H%M%SZ}"
    return ";".join(f"UNTIL={until}" if part.startswith("UNTIL=") else part for part in text.split(";"))


def _aware(at: int) -> datetime:
    return datetime.fromtimestamp(at // SECOND, UTC)


def _alarms(event: Event, user: User) -> Iterator[str]:
    """An all-day event's leads count from a minute of its day, and its alarms from its midnight."""
    leads = (0,) if event.instant else owing.leads_of(event, owing.Owner(user.zone, user.leads_s, user.quiet))
    if not leads:
        yield from NO_ALARM
    for lead in sorted(leads, reverse=True):
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{_title(event)}"
        yield f"TRIGGER:{_before(lead - _ALL_DAY_S if event.all_day else lead)}"
        yield "END:VALARM"


def _before(seconds: int) -> str:
    """A DURATION (section 3.3.6) back from a start; after it where that is negative."""
    days, rest = divmod(abs(seconds), _DAY_S)
    day = f"{days}D" if days or not rest else ""
    return f"{'-' if seconds > 0 else ''}P{day}{f'T{_clock(rest)}' if rest else ''}"


def _exactly(seconds: int) -> str:
    """A DURATION of so many seconds: one of days is longer or shorter where the clock changes."""
    return f"PT{_clock(seconds)}"


def _clock(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    parts = ((hours, "H"), (minutes, "M"), (seconds % 60, "S"))
    return "".join(f"{number}{unit}" for number, unit in parts if number)
