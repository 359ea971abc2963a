"""Calendars are broken at random, for as long as one likes: the reader names what it cannot read, and keeps the rest.

``python -m tests.feeds.fuzz --minutes 20`` says what it tried; a failure is printed with the number that makes it again
(``--seed S --only N``) and its bytes are kept. Between two events that are whole stands one that is not: those two are
read as ever, whatever is in between.
"""

from __future__ import annotations

import argparse
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

from planner.feeds.wire import piece_lines, take
from planner.ics.entry import Limits, UnreadableError
from planner.ics.prepare import Batch, Order, prepare, prepared
from planner.model import Event
from planner.owing import Owner
from tests.virtual import START

CPU_S = 5
MEMORY_BYTES = 280 * 1024 * 1024
KEPT = Path("build/fuzz")
FAILURES_MAX = 20
ORDER = Order(1, 1, Owner("Europe/Berlin", (600,), None), None, alarms=True, muted=False, known=frozenset(), now=START,
              limits=Limits(events=1_000))  # fmt: skip

ZONE = """BEGIN:VTIMEZONE
TZID:Home made
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE"""

WHOLE = (
    """UID:before@x
SUMMARY:Before
DTSTART;TZID=Home made:20261123T090000
DTEND;TZID=Home made:20261123T100000
RRULE:FREQ=WEEKLY;BYDAY=MO,WE
EXDATE;TZID=Home made:20261125T090000""",
    """UID:after@x
SUMMARY:После
DTSTART;VALUE=DATE:20261124
DURATION:P1D""",
)

SEEDS = (
    """SUMMARY:Standup
DTSTART:20261123T083000Z
DURATION:PT15M
RRULE:FREQ=DAILY;COUNT=10;INTERVAL=2
EXDATE:20261125T083000Z,20261127T083000Z
LOCATION:Room\\, 2
DESCRIPTION:a\\nb\\;c""",
    """SUMMARY;LANGUAGE=ru:Встреча
DTSTART;TZID=W. Europe Standard Time:20261123T083000
DTEND;TZID="Europe/Moscow":20261123T120000
RRULE:FREQ=MONTHLY;BYDAY=2TU,-1FR;BYSETPOS=1;UNTIL=20281231T235959Z
RDATE;VALUE=PERIOD:20261201T090000Z/20261201T100000Z,20261202T090000Z/PT1H
URL:https://example.org/?a=b""",
    """SUMMARY:Holiday
DTSTART;VALUE=DATE:20261224
DTEND;VALUE=DATE:20261227
RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24
RDATE;VALUE=DATE:20270101
EXDATE;VALUE=DATE:20271224
TRANSP:TRANSPARENT
STATUS:CONFIRMED""",
    """SUMMARY:Floating
DTSTART:20261123T083000
RRULE:FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;WKST=SU
SEQUENCE:3
BEGIN:VALARM
TRIGGER:-PT15M
ACTION:DISPLAY
REPEAT:2
DURATION:PT5M
END:VALARM
BEGIN:VALARM
TRIGGER;RELATED=END:-P1D
ACTION:AUDIO
END:VALARM""",
    """SUMMARY:Moved
RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Home made:20261123T083000
DTSTART;TZID=Home made:20261123T093000
DTSTAMP:20261101T000000Z
STATUS:CANCELLED
X-ALT-DESC;FMTTYPE=text/html:<b>x</b>""",
    """SUMMARY:Lunar
DTSTART;VALUE=DATE:20260217
RRULE:RSCALE=CHINESE;FREQ=YEARLY;SKIP=FORWARD
DURATION:P1W""",
    """SUMMARY:Last
DTSTART;TZID=America/New_York:20261123T083000
RRULE:FREQ=HOURLY;INTERVAL=6;BYHOUR=9,15;BYMINUTE=0,30
ATTENDEE;CN="A;B:C,D";PARTSTAT=ACCEPTED:mailto:a@example.org
ATTACH;ENCODING=BASE64;VALUE=BINARY:AAAA""",
)

NAMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SUMMARY", "STATUS", "SEQUENCE",
         "TRIGGER", "UID", "EXRULE", "X-WR-TIMEZONE", "TZID", "LAST-MODIFIED", "URL", "LOCATION")  # fmt: skip

RULES = (
    "FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=0", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=99999999",
    "FREQ=DAILY;COUNT=99999999", "FREQ=DAILY;COUNT=0", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYYEARDAY=366;BYDAY=53MO", "FREQ=MONTHLY;BYDAY=5SU;BYMONTHDAY=-31", "FREQ=WEEKLY;BYDAY=", "FREQ=;",
    "FREQ=DAILY;UNTIL=00000000", "FREQ=DAILY;UNTIL=99991231T235959Z", "FREQ=YEARLY;UNTIL=20261123", "FREQ=HOURLY",
    "FREQ=YEARLY;BYSETPOS=366,-366;BYDAY=MO,TU,WE,TH,FR,SA,SU", "FREQ=DAILY;FREQ=WEEKLY", "RSCALE=HEBREW;FREQ=YEARLY",
    "RSCALE=ETHIOPIC;FREQ=MONTHLY;SKIP=BACKWARD", "FREQ=YEARLY;BYEASTER=1", "FREQ=DAILY;BYHOUR=99;BYMINUTE=-1",
    "FREQ=YEARLY;BYWEEKNO=53,-53",
)  # fmt: skip

VALUES = (
    *RULES,
    "", "0", "-1", "99999999999999999999", "20261123", "20261123T083000", "20261123T083000Z", "20261332T256199Z",
    "00000000T000000", "00010101T000000Z", "99991231T235959Z", "99991231", "20260229", "19000101T000000",
    "2026-11-23", "20261123T08", "20261123T240000Z", "20261123T235960Z", "T", "Z", "P", "PT", "P1D", "-P1D",
    "P999999999D", "P1Y", "PT999999999999S", "-P99999W", "PT0S", "P1DT-1H", "../../etc/passwd", "Home made",
    "Mars/Olympus", "CANCELLED", "\u2603\U0001f600", "\ud800", "\x00", "\x1b[2J", "a" * 5_000, "\\", "\\n\\,\\;\\",
    ';=:,"', "\u202e\u2028\x85\x0b\x0c", "%s%n{}",
)  # fmt: skip

BY = (("BYMONTH", 1, 12), ("BYMONTHDAY", -31, 31), ("BYYEARDAY", -366, 366), ("BYWEEKNO", -53, 53), ("BYHOUR", 0, 23),
      ("BYMINUTE", 0, 59), ("BYSECOND", 0, 59), ("BYSETPOS", -366, 366))  # fmt: skip
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

PARAMETERS = ("VALUE=DATE", "VALUE=DATE-TIME", "VALUE=PERIOD", "VALUE=X", "TZID=Home made", "TZID=UTC", "TZID=",
              "TZID=../../etc/passwd", "TZID=/mozilla.org/20050126_1/Europe/Berlin", 'TZID="', "RANGE=THISANDFUTURE",
              "RELATED=END", "ENCODING=QUOTED-PRINTABLE", "=", "X", ";;")  # fmt: skip

_MARK = re.compile(rb"(?im)(?:^|[\r\n\x0b\x0c\x1c-\x1e\x85])\s*((?:BEGIN|END)\b[^\r\n]*)")

Lines = list[str]


class TooSlowError(BaseException):
    """Not an ``Exception``, so that nothing on its way takes it for a fault of the calendar."""


def _drop(lines: Lines, random: Random) -> None:
    del lines[random.randrange(len(lines))]


def _double(lines: Lines, random: Random) -> None:
    lines.insert(random.randrange(len(lines) + 1), random.choice(lines))


def _swap(lines: Lines, random: Random) -> None:
    random.shuffle(lines)


def _value(lines: Lines, random: Random) -> None:
    at = random.randrange(len(lines))
    name, _, _ = lines[at].rpartition(":")
    lines[at] = f"{name}:{random.choice(VALUES)}"


def _part(lines: Lines, random: Random) -> None:
    """A value between two commas or semicolons becomes another."""
    at = random.randrange(len(lines))
    parts = re.split(r"([,;=])", lines[at])
    parts[random.randrange(0, len(parts), 2)] = random.choice(VALUES)
    lines[at] = "".join(parts)


def _property(lines: Lines, random: Random) -> None:
    lines.insert(random.randrange(len(lines) + 1), f"{random.choice(NAMES)}:{random.choice(VALUES)}")


def _parameter(lines: Lines, random: Random) -> None:
    at = random.randrange(len(lines))
    name, colon, value = lines[at].partition(":")
    lines[at] = f"{name};{random.choice(PARAMETERS)}{colon}{value}"


def _rule(lines: Lines, random: Random) -> None:
    """A rule of parts that each may be, whatever they are together, and a start anywhere."""
    freq = random.choice(("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"))
    parts = [f"FREQ={freq}"]
    for name, low, high in BY:
        if random.random() < 0.25:
            numbers = {random.randint(low, high) for _ in range(random.choice((1, 1, 2, 5, 30)))}
            parts.append(f"{name}=" + ",".join(map(str, numbers)))
    if random.random() < 0.3:
        days = (f"{random.choice(('', '', '1', '-1', '5', '-53'))}{day}" for day in random.sample(WEEKDAYS, 3))
        parts.append("BYDAY=" + ",".join(days))
    parts += random.sample(("WKST=SU", "INTERVAL=2", "INTERVAL=97", "COUNT=3", "COUNT=5000", "UNTIL=20991231"), 1)
    start = f"DTSTART:{random.choice((1, 1600, 1970, 2024, 2026, 2027, 9998)):04}{random.randint(1, 12):02}11T221500"
    lines[:] = [one for one in lines if not one.startswith(("DTSTART", "RRULE"))] + [start, f"RRULE:{';'.join(parts)}"]


def _many(lines: Lines, random: Random) -> None:
    lines.extend([random.choice(lines)] * random.choice((10, 100, 1_000)))


def _number(lines: Lines, random: Random) -> None:
    at = random.randrange(len(lines))
    lines[at] = re.sub(r"\d+", lambda _: str(random.choice((0, 1, 7, 53, 366, 10**9, 10**30))), lines[at], count=1)


SHAPES: tuple[Callable[[Lines, Random], None], ...] = (
    _drop, _double, _swap, _value, _value, _value, _part, _part, _property, _property, _parameter, _parameter, _many,
    _number, _rule, _rule,
)  # fmt: skip


def _bytes(content: bytes, random: Random) -> bytes:
    """Flip, cut, double or overwrite some bytes."""
    data = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 5, 20))):
        at = random.randrange(len(data)) if data else 0
        match random.randrange(4):
            case 0 if data:
                data[at] ^= 1 << random.randrange(8)
            case 1:
                del data[at : at + random.choice((1, 3, 30))]
            case 2:
                data[at:at] = data[at : at + random.choice((1, 10, 100))]
            case _:
                data[at:at] = bytes(random.randrange(256) for _ in range(random.choice((1, 4))))
    return bytes(data)


def _fold(line: str, random: Random) -> str:
    at = random.randrange(1, max(2, len(line)))
    return f"{line[:at]}\r\n {line[at:]}"


def broken(random: Random) -> bytes:
    """The lines of an event that may be none any more."""
    lines = ["UID:broken@x", *random.choice(SEEDS).split("\n")]
    for _ in range(random.choice((0, 1, 1, 2, 3, 6))):
        random.choice(SHAPES)(lines, random)
        lines = lines or ["UID:broken@x"]
    if random.random() < 0.2:
        lines = [_fold(line, random) for line in lines]
    content = "\r\n".join(lines).encode("utf-8", "surrogatepass")
    return _bytes(content, random) if random.random() < 0.3 else content


def calendar(inside: Sequence[bytes]) -> bytes:
    head = b"BEGIN:VCALENDAR\nVERSION:2.0\n" + ZONE.encode()
    events = (b"BEGIN:VEVENT\nX-FIRST:1\n" + event + b"\nX-LAST:1\nEND:VEVENT" for event in inside)
    return re.sub(rb"\r?\n", b"\r\n", b"\n".join([head, *events, b"END:VCALENDAR\n"]))


def made(random: Random) -> tuple[bytes, bool]:
    """A calendar, and whether two of its events are whole."""
    before, after = (event.encode() for event in WHOLE)
    between = [broken(random) for _ in range(random.choice((1, 1, 1, 3)))]
    content = calendar([before, *between, after])
    if random.random() < 0.25:
        return _bytes(content, random), False
    return content, not any(_is_torn(event) for event in between)


def _is_torn(event: bytes) -> bool:
    """Whether the lines of an event may have become the beginning or the end of something else."""
    alarm = [b"begin:valarm", b"end:valarm"]
    return [mark.lower() for mark in _MARK.findall(event)] not in ([], alarm, alarm * 2)


def whole(batch: Batch) -> dict[str, Event]:
    """Of the events that nobody touched, how they were read."""
    return {one.uid: one.event for one in batch.prepared if one.uid in {"before@x", "after@x"}}


EXPECTED: dict[str, Event] = {}


def fault(content: bytes, *, is_whole: bool) -> str | None:
    """What is wrong with how a calendar was read; ``None`` if nothing is."""
    expected = EXPECTED or whole(prepare(calendar([event.encode() for event in WHOLE]), ORDER))
    EXPECTED.update(expected)
    try:
        batch = _timed(prepare, content, ORDER)
        if is_whole and (lost := {uid for uid, event in expected.items() if whole(batch).get(uid) != event}):
            return f"lost or changed: {sorted(lost)}"
        return _unfit(batch) or _unlike(content, batch)
    except UnreadableError as error:
        return f"refused as a whole: {error}" if is_whole else None
    except TooSlowError:
        return f"took more than {CPU_S} s of CPU"
    except Exception as error:  # noqa: BLE001  this is what is looked for
        return f"{type(error).__name__}: {error}"


def _timed(read: Callable[[bytes, Order], Batch], content: bytes, order: Order) -> Batch:
    """Each reading has its own time."""
    signal.setitimer(signal.ITIMER_PROF, CPU_S)
    batch = read(content, order)
    signal.setitimer(signal.ITIMER_PROF, 0)
    return batch


def _unlike(content: bytes, batch: Batch) -> str | None:
    """Where it differs once it is handed over by the child process, or read again with what is known of it."""
    if _timed(_handed_over, content, ORDER) != batch:
        return "handed over as something else"
    known = frozenset(one.digest for one in batch.prepared if one.digest)
    again = _timed(prepare, content, ORDER._replace(known=known))
    if (again.total, again.missing, again.cancelled) != (batch.total, set(), batch.cancelled):
        return "not the same when read again"
    return "read again though it is known" if any(one.digest in known for one in again.prepared) else None


def _handed_over(content: bytes, order: Order) -> Batch:
    name, pieces = prepared(content, order)
    batch = Batch(name)
    for line in piece_lines(pieces):
        take(batch, line)
    return batch


def _unfit(batch: Batch) -> str | None:
    """What the database or Telegram would not take."""
    for one in batch.prepared:
        texts = (one.uid, one.part, one.event.title, one.event.place, one.event.notes, one.event.link)
        if any("\x00" in text for text in texts):
            return "a NUL in a text"
        try:
            "".join(texts).encode()
        except UnicodeEncodeError:
            return "half a surrogate pair in a text"
        numbers = (one.event.start_at, one.event.duration_s, *one.starts, *(due for _, due in one.dues))
        if any(abs(number) >= 2**63 for number in numbers) or one.event.duration_s < 0:
            return "a number that is none of a time"
    return None


@contextmanager
def within_limits() -> Iterator[None]:
    """Raise ``TooSlowError`` in a reading that takes more than ``CPU_S``."""

    def stop(_signal: int, _frame: object) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGPROF, stop)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def tried(seed: int, number: int) -> tuple[bytes, str | None]:
    """The calendar of that number, and what is wrong with how it was read. Within ``within_limits``."""
    content, is_whole = made(Random(f"{seed}:{number}"))
    return content, fault(content, is_whole=is_whole)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--seed", type=int, default=time.time_ns() // 1_000_000)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (in_use + MEMORY_BYTES, in_use + MEMORY_BYTES))
    end = time.monotonic() + options.minutes * 60
    number, failures, longest = options.only or 0, 0, 0.0
    with within_limits():
        while options.only == number or (options.only is None and time.monotonic() < end and failures < FAILURES_MAX):
            since = time.process_time()
            content, wrong = tried(options.seed, number)
            longest = max(longest, time.process_time() - since)
            if wrong is not None:
                failures += 1
                KEPT.mkdir(parents=True, exist_ok=True)
                kept = KEPT / f"{options.seed}-{number}.ics"
                kept.write_bytes(content)
                print(f"--seed {options.seed} --only {number}: {wrong} ({kept})", flush=True)
            number += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"seed {options.seed}: {number} calendars, {failures} failures, the longest took {longest:.2f} s, {peak} MB")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
