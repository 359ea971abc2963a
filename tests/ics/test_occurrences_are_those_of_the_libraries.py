"""icalendar and recurring-ical-events give the same occurrences, for whatever the standard decides and they get right.

Where they do not, and so are not asked here:

- An exact duration (DTEND) stays so across a change of the clock (RFC 5545, section 3.8.5.3); they add it to the wall
  clock. Only what begins is compared where the clock changes within an event.
- DTSTART always counts as the first of a COUNT (section 3.3.10), also where the rule does not give it; they add it.
- Of a time that is twice the first is meant, and one that is never moves by the gap (section 3.3.5); dateutil keeps the
  wall clock, which is then sorted and compared otherwise. No event here begins between 1 and 4 at night.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from planner.ics.expand import expand
from tests.ics.writing import BERLIN, at, calendar, event

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago", "UTC", "")
RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
    "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYDAY=2TU,-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=31,-1",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=3,11;BYDAY=-1SU",
    "FREQ=WEEKLY;BYDAY=TU,TH;BYHOUR=9,17",
)
AFTER, BEFORE = at("2026-03-20T00:00:00", BERLIN), at("2026-04-20T00:00:00", BERLIN)


def moment(zone: str, local: datetime, name: str = "DTSTART", *, in_utc: bool = False) -> str:
    """A property's line, in its zone or in UTC."""
    if in_utc and zone:
        local, zone = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), "UTC"
    if zone == "UTC":
        return f"{name}:{local:%Y%m%dT%H%M%SZ}"
    return f"{name};TZID={zone}:{local:%Y%m%dT%H%M%S}" if zone else f"{name}:{local:%Y%m%dT%H%M%S}"


@st.composite
def events(draw, uid: str) -> tuple[str, ...]:
    """One UID: a series on a wall clock or of days, with dates left out, added, moved and cancelled."""
    all_day = draw(st.integers(0, 4)) == 0
    zone = "" if all_day else draw(st.sampled_from(ZONES))
    day = datetime.fromisoformat("2025-01-01") + timedelta(days=draw(st.integers(0, 470)))
    start = day if all_day else day + timedelta(hours=draw(st.integers(5, 22)), minutes=draw(st.sampled_from((0, 30))))

    def line(local: datetime, name: str) -> str:
        if all_day:
            return f"{name};VALUE=DATE:{local:%Y%m%d}"
        return moment(zone, local, name, in_utc=draw(st.booleans()) and name != "DTSTART")

    def near() -> datetime:
        return start + timedelta(days=draw(st.integers(0, 80)) * draw(st.sampled_from((1, 7))))

    lines = [line(start, "DTSTART"), f"SUMMARY:{uid}"]
    if not all_day and draw(st.booleans()):
        lines.append("DURATION:PT45M")
    rule = draw(st.sampled_from((None, *RULES)))
    if rule is None:
        return event(*lines, uid=uid)
    if draw(st.booleans()):
        until = near() + timedelta(hours=1)
        utc = (until.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)) if zone else until
        rule += f";UNTIL={utc:%Y%m%d}" if all_day else f";UNTIL={utc:%Y%m%dT%H%M%S}{'Z' if zone else ''}"
    lines.append(f"RRULE:{rule if 'BYHOUR' not in rule or not all_day else 'FREQ=DAILY'}")
    lines += [line(near(), "EXDATE") for _ in range(draw(st.integers(0, 3)))]
    lines += [line(near(), "RDATE") for _ in range(draw(st.integers(0, 2)))]
    parts = [event(*lines, uid=uid)]
    for replaced in {near() for _ in range(draw(st.integers(0, 3)))}:
        to = replaced + timedelta(days=draw(st.integers(-9, 9)))
        status = draw(st.sampled_from(("CONFIRMED", "CONFIRMED", "CANCELLED")))
        parts.append(event(line(to, "DTSTART"), line(replaced, "RECURRENCE-ID"), f"STATUS:{status}", f"SUMMARY:{uid}",
                           uid=uid))  # fmt: skip
    return tuple(one for part in parts for one in part)


def _names_in_utc(part: tuple[str, ...]) -> bool:
    """Whether a series in UTC names its occurrences: the libraries miss those whose clock has changed since."""
    in_utc = any(line.startswith("DTSTART:") and line.endswith("Z") for line in part)
    return in_utc and any(line.startswith(("RECURRENCE-ID", "EXDATE")) for line in part)


def ours(content: bytes) -> list[tuple[str, str]]:
    found = expand(content, after=AFTER, before=BEFORE, zone=BERLIN, limit=10_000)
    return sorted((one.uid, str(one.start)) for one in found)


def theirs(content: bytes) -> list[tuple[str, str]]:
    zone = ZoneInfo(BERLIN)
    between = (datetime.fromtimestamp(one / 1_000, zone) for one in (AFTER, BEFORE))
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(content)).between(*between)
    kept = (one for one in found if str(one.get("STATUS")) != "CANCELLED")
    return sorted((str(one["UID"]), _start(one["DTSTART"].dt, zone)) for one in kept)


def _start(found: date, zone: ZoneInfo) -> str:
    if not isinstance(found, datetime):
        return str(found)
    return str(int((found if found.tzinfo else found.replace(tzinfo=zone)).timestamp() * 1_000))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.tuples(events("a"), events("b"), events("c")), st.sampled_from(("", *ZONES[:2])))
def test_occurrences_are_the_same(parts: tuple[tuple[str, ...], ...], zone: str) -> None:
    assume(not zone or not any(map(_names_in_utc, parts)))
    head = (f"X-WR-TIMEZONE:{zone}",) if zone else ()
    content = calendar(*(line for part in parts for line in part), head=head)
    assert ours(content) == theirs(content)
