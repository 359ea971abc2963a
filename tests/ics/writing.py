"""Calendars written line by line."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from planner.ics.entry import Entry, Faulty, Group, Limits, Same
from planner.ics.expand import Instance, expand
from planner.ics.read import Reading, read

NOW = 1_793_620_800_000
"""2026-11-02T12:00Z."""
BERLIN = "Europe/Berlin"
DAY = 86_400_000


def calendar(*lines: str, head: tuple[str, ...] = ()) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *head, *lines, "END:VCALENDAR", "")).encode()


def event(*lines: str, uid: str = "one", stamp: str = "20260101T000000Z") -> tuple[str, ...]:
    return ("BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{stamp}", *lines, "END:VEVENT")


def reading(content: bytes, **more) -> Reading:
    return read(content, **{"zone": BERLIN, "now": NOW, "known": frozenset(), "limits": Limits(), **more})


def items(content: bytes, **more) -> list[Group | Same | Faulty]:
    return list(reading(content, **more).items)


def entries(content: bytes, **more) -> tuple[Entry, ...]:
    """Those of the only group."""
    (group,) = (item for item in items(content, **more) if isinstance(item, Group))
    return group.entries


def faults(content: bytes, **more) -> list[str]:
    return [item.why for item in items(content, **more) if isinstance(item, Faulty)]


def entry(content: bytes, **more) -> Entry:
    """The only one."""
    (found,) = entries(content, **more)
    return found


def at(text: str, zone: str = "UTC") -> int:
    """UTC ms of a wall clock's time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1_000)


def instances(content: bytes, after: str, before: str, zone: str = BERLIN, limit: int = 1_000) -> list[Instance]:
    return expand(content, after=at(after, zone), before=at(before, zone), zone=zone, limit=limit)


def starts(content: bytes, after: str, before: str, zone: str = BERLIN) -> list[str]:
    """Local starts, or days."""
    return [
        one.start.isoformat() if one.all_day else shown(one.start, zone)
        for one in instances(content, after, before, zone)
    ]


def shown(instant: int, zone: str = BERLIN) -> str:
    return datetime.fromtimestamp(instant / 1_000, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat()
