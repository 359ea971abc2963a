"""Hostile servers and files cost their own sync, and nothing else: each has an outcome, within time and memory."""

from __future__ import annotations

import asyncio
import gzip
import logging
import resource
import signal
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from time import process_time

import pytest

from planner.feeds.fetch import BETWEEN_BYTES_S, TOTAL_S
from planner.feeds.fetched import Fault
from planner.ics.prepare import Batch, prepare
from planner.model import Outcome
from tests.feeds.made import HEAVY, ORDER, apart, calendar, event
from tests.feeds.server import Answer, fetching, http, serving, unending

LONGEST_S = 5
MEMORY_KB = 300 * 1_024
MAX_BYTES = 20 * 1_024 * 1_024
MEGABYTE = 1_024 * 1_024

TOO_LARGE = Fault(Outcome.TOO_LARGE, "too_large")


@contextmanager
def within_limits() -> Iterator[None]:
    """In CPU time of this process and its children, and each child's memory."""

    def used() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return process_time() + children.ru_utime + children.ru_stime

    before = used()
    yield
    assert used() - before < LONGEST_S


@pytest.fixture(autouse=True)
def _children_stay_small(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What a child that ended by itself says of its memory; another was ended for it."""
    caplog.set_level(logging.DEBUG, "planner.feeds.apart")
    yield
    assert all(record.peak_kb < MEMORY_KB for record in caplog.get_records("call") if hasattr(record, "peak_kb"))


@contextmanager
def little_memory() -> Iterator[None]:
    """Of this process, at its peak."""
    Path("/proc/self/clear_refs").write_text("5")  # forgets the peak, see proc(5)
    before = memory_kb("VmRSS")
    yield
    assert memory_kb("VmHWM") - before < 10_000


def memory_kb(name: str) -> int:
    return int(Path("/proc/self/status").read_text().partition(f"{name}:")[2].split()[0])


class Flood:
    """A body without an end, until nobody reads it any more; ``sent`` is how much left."""

    def __init__(self, head: bytes, piece: bytes) -> None:
        self.head, self.piece, self.sent = head, piece, 0

    async def __call__(self, writer: asyncio.StreamWriter) -> None:
        writer.write(self.head)
        while self.sent < 100 * MEGABYTE:
            writer.write(self.piece)
            self.sent += len(self.piece)
            await writer.drain()


CHUNKED = b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "flood",
    [
        Flood(http(200, length=100 * MEGABYTE), b"x" * 65_536),
        Flood(CHUNKED, b"10000\r\n" + b"x" * 65_536 + b"\r\n"),
        Flood(unending(), b"x" * 65_536),
    ],
    ids=["declared", "chunked", "until closed"],
)
async def test_a_body_of_100_megabytes_is_not_read_to_its_end(flood: Flood) -> None:
    with within_limits():
        async with serving(flood) as server, fetching(max_bytes=MAX_BYTES) as fetcher:
            with little_memory():
                assert await fetcher.fetch(server.url) == TOO_LARGE
        assert flood.sent < MAX_BYTES + 8 * MEGABYTE


def bomb(encoding: str) -> bytes:
    """100 MB of nothing, packed."""
    packer = zlib.compressobj(9, wbits=31 if encoding == "gzip" else 15)
    return b"".join([packer.compress(bytes(MEGABYTE)) for _ in range(100)]) + packer.flush()


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_bomb_is_stopped_at_what_it_unpacks_to(encoding: str) -> None:
    answer = http(200, bomb(encoding), f"Content-Encoding: {encoding}")
    with within_limits():
        async with serving(answer) as server, fetching(max_bytes=MAX_BYTES) as fetcher:
            with little_memory():
                assert await fetcher.fetch(server.url) == TOO_LARGE


async def test_a_bomb_leaves_the_event_loop_to_others() -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    answer = http(200, bomb("gzip"), "Content-Encoding: gzip")
    async with serving(answer) as server, fetching(max_bytes=MAX_BYTES) as fetcher:
        at_once = asyncio.ensure_future(others())
        assert await fetcher.fetch(server.url) == TOO_LARGE
        at_once.cancel()
    assert turns > MAX_BYTES // 65_536


@pytest.mark.parametrize("headers", [("Content-Encoding: gzip, gzip",), ("Content-Encoding: gzip",) * 2])
async def test_a_bomb_in_a_bomb_is_not_unpacked(headers: tuple[str, ...]) -> None:
    answer = http(200, gzip.compress(gzip.compress(bytes(MEGABYTE))), *headers)
    async with serving(answer) as server, fetching() as fetcher:
        assert await fetcher.fetch(server.url) == Fault(Outcome.INVALID, "packed")


@pytest.mark.parametrize("head", [http(200, length=1_000), b"HTTP/1.1 200 X\r\nX-Slow: "], ids=["body", "head"])
async def test_a_slow_trickle_ends_with_the_time_of_all(head: bytes) -> None:
    async def trickle(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(1)

    await _times_out(trickle, TOTAL_S)


async def test_a_pause_ends_with_the_time_between_bytes() -> None:
    async def pause(writer: asyncio.StreamWriter) -> None:
        writer.write(http(200, b"BEGIN", length=1_000))
        await asyncio.sleep(1_000)

    await _times_out(pause, BETWEEN_BYTES_S)


async def test_redirects_that_take_their_time_share_the_time_of_all() -> None:
    async def slowly(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(BETWEEN_BYTES_S - 1)
        writer.write(http(302, b"", "Location: /again", "Connection: close"))

    await _times_out(slowly, TOTAL_S)


async def _times_out(answer: Answer, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    async with serving(answer) as server, fetching() as fetcher:
        since = loop.time()
        assert await fetcher.fetch(server.url) == Fault(Outcome.TIMEOUT, "timeout")
        assert seconds <= loop.time() - since < seconds + 1


async def test_a_head_without_an_end_is_not_read() -> None:
    flood = Flood(b"HTTP/1.1 200 X\r\n", b"X-Header: " + b"x" * 1_000 + b"\r\n")
    with within_limits():
        async with serving(flood) as server, fetching() as fetcher:
            assert await fetcher.fetch(server.url) == Fault(Outcome.NETWORK, "lost")
        assert flood.sent < 8 * MEGABYTE


def test_html_instead_of_a_calendar_is_named() -> None:
    assert apart(b"<!DOCTYPE html>\n<html><body>Sign in</body></html>") == Fault(Outcome.INVALID, "html")


@pytest.mark.parametrize("share", [0.5, 0.999])
def test_a_file_that_breaks_off_is_refused_as_a_whole(share: float) -> None:
    content = calendar(*(event(f"{n}@x") for n in range(50)))
    assert apart(content[: int(len(content) * share)]) == Fault(Outcome.INVALID, "cut")


def surrounded(*hostile: str, head: str = "") -> bytes:
    """A calendar of hostile events, and a good one on each side."""
    content = calendar(event("good@x"), *hostile, event("last@x"))
    return content.replace(b"BEGIN:VEVENT", head.encode() + b"BEGIN:VEVENT", 1)


def beside(*hostile: str, head: str = "") -> Batch:
    """What is read, apart and within limits, of hostile events and the good ones beside them."""
    content = surrounded(*hostile, head=head)
    with within_limits():
        batch = apart(content)
    assert isinstance(batch, Batch), batch
    assert all(one.dues for one in batch.prepared if one.uid in {"good@x", "last@x"})
    assert batch.present == {"good@x", "hostile@x", "last@x"}
    return batch


def beside_here(*hostile: str, head: str = "") -> Batch:
    """The same without a process of its own: what would never end is stopped by a signal."""

    def stop(_signal: int, _frame: object) -> None:
        raise TimeoutError

    handler = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    try:
        batch = prepare(surrounded(*hostile, head=head), ORDER)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, handler)
    assert all(one.dues for one in batch.prepared if one.uid in {"good@x", "last@x"})
    assert batch.present >= {"good@x", "hostile@x", "last@x"}
    return batch


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        ("20261120T090000Z", "FREQ=SECONDLY"),
        ("20260601T090000Z", "FREQ=SECONDLY"),
        ("19700101T000000Z", "FREQ=SECONDLY"),
        ("19700101T000000Z", "FREQ=MINUTELY"),
        ("19700101T000000Z", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"),
        ("19700101T000000Z", "FREQ=MINUTELY;INTERVAL=7;BYDAY=MO;BYSETPOS=-1"),
        ("20261120T090000Z", "FREQ=DAILY;INTERVAL=0"),
        ("20261120T090000Z", "FREQ=SECONDLY;INTERVAL=0"),
        ("19700101T000000Z", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        ("19700101T000000Z", "FREQ=YEARLY;INTERVAL=1000000000"),
        ("19700101T000000Z", "FREQ=HOURLY;COUNT=1000000000"),
        ("00010101T000000Z", "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9"),
        ("99991231T235959Z", "FREQ=HOURLY"),
        ("16000101T000000Z", "FREQ=MONTHLY;COUNT=5000;BYWEEKNO=1,2,3,4,5,6,7,8,9,10,11,-1,-2;BYSETPOS=300"),
    ],
)
def test_rules_that_ask_for_endless_work_get_little(start: str, rule: str) -> None:
    batch = beside_here(event("hostile@x", start, f"RRULE:{rule}"))
    assert sum(len(one.starts) for one in batch.prepared) < 3_000


def days(number: int) -> list[str]:
    """So many days from now on."""
    return [f"{date(2026, 11, 21) + timedelta(days=n):%Y%m%d}" for n in range(number)]


def test_a_million_exdates() -> None:
    times = [f"T{hour:02}{minute:02}00Z" for hour in range(24) for minute in range(60)]
    dates = [day + at for day in days(695) for at in times]
    beside(event("hostile@x", "20261120T090000Z", "RRULE:FREQ=DAILY", "EXDATE:" + ",".join(dates)))


def test_200_000_exdates_with_a_line_each() -> None:
    dates = "\r\n".join(f"EXDATE:{day}T090000Z" for day in days(10_000)) + "\r\n"
    beside(event("hostile@x", "20261120T090000Z", "RRULE:FREQ=DAILY", (dates * 20).strip()))


def test_days_left_out_of_a_rule_that_names_every_second_and_never_comes() -> None:
    rule = "RRULE:FREQ=SECONDLY;BYSECOND=11,45,16,17,52;BYSETPOS=130,-116"
    dates = "EXDATE;VALUE=DATE:" + ",".join(days(5_000))
    batch = beside_here(event("hostile@x", "20261120T090000Z", rule, dates))
    assert not batch.faulty


def test_a_million_rdates() -> None:
    dates = ",".join(days(10_000) * 100)
    beside(event("hostile@x", "20261120", f"RDATE;VALUE=DATE:{dates}"))


def test_ten_thousand_nested_components() -> None:
    deep = "\r\n".join(["BEGIN:VALARM"] * 10_000 + ["END:VALARM"] * 10_000)
    beside(event("hostile@x", "20261125T090000Z", deep))


def test_ten_thousand_nested_calendars() -> None:
    content = b"BEGIN:VCALENDAR\r\n" * 10_000 + calendar(event("good@x")) + b"END:VCALENDAR\r\n" * 10_000
    with within_limits():
        batch = apart(content)
    assert isinstance(batch, Batch)
    assert batch.present == {"good@x"}


def test_a_line_of_50_megabytes() -> None:
    content = calendar(event("good@x"), event("hostile@x", "20261125T090000Z", "DESCRIPTION:" + "x" * 50 * MEGABYTE))
    with within_limits():
        outcome = apart(content)
    assert outcome == HEAVY or (isinstance(outcome, Batch) and outcome.present == {"good@x", "hostile@x"})


def test_a_line_folded_five_million_times() -> None:
    folded = "DESCRIPTION:" + "\r\n x" * 5_000_000
    beside(event("hostile@x", "20261125T090000Z", folded))


def test_a_zone_with_100_000_rules() -> None:
    part = ("BEGIN:STANDARD\r\nDTSTART:{year}0101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0{hour}17\r\n"
            "RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY=1SU\r\nEND:STANDARD\r\n")  # fmt: skip
    parts = "".join(part.format(year=1900 + n % 120, hour=n % 10, month=n % 12 + 1) for n in range(100_000))
    zone = f"BEGIN:VTIMEZONE\r\nTZID:Hostile\r\n{parts}END:VTIMEZONE\r\n"
    hostile = "UID:hostile@x\r\nSUMMARY:x\r\nDTSTART;TZID=Hostile:20261125T090000\r\nRRULE:FREQ=WEEKLY"
    beside(hostile, head=zone)


def overridden(number: int) -> bytes:
    """A series of which so many occurrences are moved."""
    hours = [f"{day}T{hour:02}0000Z" for day in days(number // 24 + 1) for hour in range(24)][:number]
    moved = (event("hostile@x", hour.replace("00Z", "30Z"), f"RECURRENCE-ID:{hour}") for hour in hours)
    return calendar(event("good@x"), event("hostile@x", "20261121T000000Z", "RRULE:FREQ=HOURLY"), *moved)


def test_100_000_overrides_of_one_uid_are_more_than_is_taken() -> None:
    with within_limits():
        assert apart(overridden(100_000)) == Fault(Outcome.TOO_LARGE, "too_many")


def test_5_000_overrides_of_one_uid_are_read() -> None:
    with within_limits():
        batch = apart(overridden(5_000))
    assert isinstance(batch, Batch)
    assert batch.present == {"good@x", "hostile@x"}
    assert len(batch.prepared) == 5_002


@pytest.mark.parametrize("zone", ["../../etc/passwd", "/etc/passwd", "..", "Europe/../../etc/passwd", "x" * 100_000,
                                  "\x00", "posixrules", "tzdata.zi", "."])  # fmt: skip
def test_a_zone_that_is_a_path_opens_nothing(zone: str) -> None:
    hostile = f"UID:hostile@x\r\nSUMMARY:x\r\nDTSTART;TZID={zone}:20261125T090000\r\nRRULE:FREQ=WEEKLY"
    batch = beside_here(hostile, head=f"X-WR-TIMEZONE:{zone}\r\n")
    assert {one.event.zone for one in batch.prepared} <= {None, "UTC", "Europe/Berlin"}


@pytest.mark.parametrize(
    "duration", ["P999999999D", "PT99999999999999999999S", "-P1000000W", "P" + "9" * 100_000 + "D"]
)
def test_durations_overflow(duration: str) -> None:
    alarm = event("alarm@x", "20261125T090000Z", "BEGIN:VALARM", f"TRIGGER:-{duration}", "END:VALARM")
    batch = beside_here(event("hostile@x", "20261125T090000Z", f"DURATION:{duration}"), alarm)
    assert "alarm@x" in batch.present
    assert all(0 <= one.event.duration_s < 10**9 for one in batch.prepared)
