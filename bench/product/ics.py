"""A calendar as a big office's would be: made by a seed, the same for the same numbers.

Of its events 30 % recur, with UNTIL, COUNT or without end, some with EXDATE, some with occurrences moved by
RECURRENCE-ID, in and out of any window; 15 % take whole days. Three VTIMEZONEs, alarms, attendees, folded lines, UTF-8.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
RECURRING, ALL_DAY, MOVED, EXCEPT = 0.3, 0.15, 0.25, 0.2
"""Shares: of all events the first two, of those that recur the others."""
WORDS = ("Standup", "Projektbesprechung", "Встреча с заказчиком", "Zahnarzt", "1:1", "Обед", "Retrospektive", "Yoga",
         "Größenänderung", "Планёрка", "Review", "Quarterly planning", "Déjeuner", "лекция", "Wechsel")  # fmt: skip
PLACES = ("Raum Zürich, 3. Stock", "Переговорная №4", "https://meet.example.org/abc-defg-hij", "Café Größenwahn", "")
PEOPLE = ("alice", "bob", "carol", "dave", "erin", "frank")
ZONES = {
    "Europe/Berlin": ("+0100", "+0200", "10", "-1SU", "030000", "3", "-1SU", "020000"),
    "America/New_York": ("-0500", "-0400", "11", "1SU", "020000", "3", "2SU", "020000"),
    "Europe/London": ("+0000", "+0100", "10", "-1SU", "020000", "3", "-1SU", "010000"),
}


def calendar(count: int, today: date, *, seed: int = 1, changed: int | None = None) -> bytes:
    """``count`` events around ``today``; the one with the number ``changed`` is an hour longer than it was."""
    dice = Random(seed)
    lines = ["BEGIN:VCALENDAR", "PRODID:-//bench//calendar//EN", "VERSION:2.0", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
             "X-WR-CALNAME:Büro – общий"]  # fmt: skip
    for zone, rules in ZONES.items():
        lines += _zone(zone, *rules)
    for number in range(count):
        lines += _event(number, today, dice, longer=number == changed)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _zone(name: str, winter: str, summer: str, to_winter: str, winter_day: str, winter_at: str, to_summer: str,
          summer_day: str, summer_at: str) -> list[str]:  # fmt: skip
    return [
        "BEGIN:VTIMEZONE", f"TZID:{name}",
        "BEGIN:DAYLIGHT", f"TZOFFSETFROM:{winter}", f"TZOFFSETTO:{summer}", f"DTSTART:19700301T{summer_at}",
        f"RRULE:FREQ=YEARLY;BYMONTH={to_summer};BYDAY={summer_day}", "END:DAYLIGHT",
        "BEGIN:STANDARD", f"TZOFFSETFROM:{summer}", f"TZOFFSETTO:{winter}", f"DTSTART:19701001T{winter_at}",
        f"RRULE:FREQ=YEARLY;BYMONTH={to_winter};BYDAY={winter_day}", "END:STANDARD",
        "END:VTIMEZONE",
    ]  # fmt: skip


def _event(number: int, today: date, dice: Random, *, longer: bool) -> Iterator[str]:
    recurs, all_day = dice.random() < RECURRING, dice.random() < ALL_DAY
    zone = dice.choice(list(ZONES))
    back, ahead = (1_200, 20) if recurs else (200, 200)
    start = datetime.combine(today, datetime.min.time()) + DAY * dice.randint(-back, ahead)
    start += timedelta(seconds=0 if all_day else 900 * dice.randrange(28, 84))
    length = DAY * dice.randint(1, 3) if all_day else timedelta(minutes=15 * dice.randint(1, 8) + 60 * longer)
    uid = f"{dice.getrandbits(120):030x}@bench.example.org"
    words = [uid, " ".join(dice.choices(WORDS, k=3)) + f" {number}"]
    rule, step = _rule(start, zone, dice, all_day=all_day) if recurs else ([], None)
    left_out = dice.sample(range(1, 9), 2) if step and dice.random() < EXCEPT else []
    rule += [_line("EXDATE", start + step * each, zone, all_day=all_day) for each in left_out if step]
    yield from _component(words, start, length, zone, dice, rule, all_day=all_day)
    if step is not None and dice.random() < MOVED:
        each = dice.choice([one for one in range(1, 9) if one not in left_out])
        by = DAY * dice.choice((1, 90)) if all_day else timedelta(hours=dice.choice((1, 2_000)))
        moved = start + step * each + by
        of = [_line("RECURRENCE-ID", start + step * each, zone, all_day=all_day)]
        yield from _component(words, moved, length, zone, dice, of, all_day=all_day)


def _rule(start: datetime, zone: str, dice: Random, *, all_day: bool) -> tuple[list[str], timedelta | None]:
    """A rule, and what lies between occurrences that it surely has, ten at least."""
    day = WEEKDAYS[start.weekday()]
    others = {day, *dice.sample(WEEKDAYS[:5], 2)}
    several = ",".join(one for one in WEEKDAYS if one in others)
    kinds: list[tuple[str, timedelta | None]] = [
        (f"FREQ=WEEKLY;BYDAY={day}", 7 * DAY),
        (f"FREQ=WEEKLY;BYDAY={several}", 7 * DAY),
        (f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day}", 14 * DAY),
        ("FREQ=DAILY", DAY),
        (f"FREQ=MONTHLY;BYDAY={min(4, (start.day - 1) // 7 + 1)}{day}", None),
        ("FREQ=YEARLY", None),
    ]
    rule, step = dice.choices(kinds, weights=(8, 4, 3, 2, 2, 1))[0]
    ends = dice.random()
    if ends < 0.35:
        until = start + DAY * dice.randint(300, 2_500)
        rule += f";UNTIL={until:%Y%m%d}" if all_day else f";UNTIL={_utc(until, zone)}"
    elif ends < 0.6:
        rule += f";COUNT={dice.randint(60, 1_500)}"
    return [f"RRULE:{rule}"], step


def _component(words: list[str], start: datetime, length: timedelta, zone: str, dice: Random, more: list[str], *,
               all_day: bool) -> Iterator[str]:  # fmt: skip
    uid, title = words
    yield from ("BEGIN:VEVENT", _line("DTSTART", start, zone, all_day=all_day),
                _line("DTEND", start + length, zone, all_day=all_day), *more)  # fmt: skip
    yield from ("DTSTAMP:20261001T120000Z", f"UID:{uid}", "CREATED:20260901T080000Z",
                "ORGANIZER;CN=Alice Äbel:mailto:alice@example.org")  # fmt: skip
    for name in dice.sample(PEOPLE, dice.randint(0, 3)):
        yield (f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE;CN={name}@example.org;"
               f"X-NUM-GUESTS=0:mailto:{name}@example.org")  # fmt: skip
    notes = r"\n".join(" ".join(dice.choices(WORDS, k=8)) for _ in range(dice.randint(0, 2)))
    yield from (f"DESCRIPTION:{notes}", "LAST-MODIFIED:20260915T101500Z",
                "LOCATION:" + dice.choice(PLACES).replace(",", r"\,"), "SEQUENCE:1", "STATUS:CONFIRMED",
                f"SUMMARY:{title}", "TRANSP:OPAQUE")  # fmt: skip
    if dice.random() < 0.5:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:This is an event reminder",
                    f"TRIGGER:-P0DT0H{dice.choice((10, 15, 30))}M0S", "END:VALARM")  # fmt: skip
    yield "END:VEVENT"


def _line(name: str, at: datetime, zone: str, *, all_day: bool) -> str:
    return f"{name};VALUE=DATE:{at:%Y%m%d}" if all_day else f"{name};TZID={zone}:{at:%Y%m%dT%H%M%S}"


def _utc(at: datetime, zone: str) -> str:
    return f"{at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> bytes:
    """RFC 5545, section 3.1: lines of 75 octets at most; as real calendars do, without regard to characters' bytes."""
    raw = line.encode()
    first, rest = raw[:75], raw[75:]
    return b"\r\n ".join([first, *(rest[at : at + 74] for at in range(0, len(rest), 74))]) + b"\r\n"
