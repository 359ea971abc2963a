"""Calendars are read in a process of their own: whatever becomes of it, the planner gets an answer and goes on."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from planner.clock import SystemClock
from planner.feeds.apart import AT_ONCE, Apart
from planner.feeds.child import MEMORY_BYTES
from planner.feeds.fetched import Fault
from planner.feeds.wire import EVENT_BYTES, order_lines, order_of, piece_lines, take
from planner.ics.entry import Faulty, Limits
from planner.ics.prepare import Batch, Order, Piece, prepare
from planner.model import MINUTE, Outcome
from planner.owing import Owner
from tests.feeds.made import CRASH, HEAVY, ORDER, apart, calendar, event, held
from tests.virtual import START


def open_files() -> set[str]:
    return {file.name for file in Path("/proc/self/fd").iterdir()}


def children() -> set[str]:
    """The processes that this one has started and not yet taken leave of."""
    return {child for path in Path("/proc/self/task").glob("*/children") for child in path.read_text().split()}


SOME = calendar(
    event("single@x", "20261125T090000Z", "DESCRIPTION:a\\nb", "LOCATION:Room"),
    event("weekly@x", "20261120T090000Z", "RRULE:FREQ=WEEKLY", "EXDATE:20261127T090000Z"),
    event("weekly@x", "20261205T100000Z", "RECURRENCE-ID:20261204T090000Z"),
    event("day@x", "20261124", "RDATE;VALUE=DATE:20261126"),
    event("alarmed@x", "20261125T090000Z", "BEGIN:VALARM\r\nTRIGGER:-PT1H\r\nACTION:DISPLAY\r\nEND:VALARM"),
    event("bad@x", "yesterday"),
)


def test_what_is_read_apart_is_what_is_read_here() -> None:
    here = prepare(SOME, ORDER)
    assert here.present == {"single@x", "weekly@x", "day@x", "alarmed@x", "bad@x"}
    assert [one.uid for one in here.faulty] == ["bad@x"]
    assert apart(SOME) == here


def test_what_is_known_is_not_sent_again() -> None:
    known = frozenset(one.digest for one in prepare(SOME, ORDER).prepared)
    batch = apart(SOME, ORDER._replace(known=known))
    assert isinstance(batch, Batch)
    assert batch.prepared == []
    assert (batch.same, batch.present, batch.missing) == (4, {"bad@x"}, set())


def test_what_was_known_and_is_gone_is_named() -> None:
    known = frozenset(f"{n:024x}" for n in range(5_000))
    batch = apart(SOME, ORDER._replace(known=known))
    assert isinstance(batch, Batch)
    assert (batch.same, batch.missing) == (0, known)


def test_what_is_no_calendar_is_named() -> None:
    assert apart(b"<!doctype html><html>Sign in</html>") == Fault(Outcome.INVALID, "html")


def test_more_events_than_are_taken_are_refused() -> None:
    few = ORDER._replace(limits=Limits(events=2))
    assert apart(SOME, few) == Fault(Outcome.TOO_LARGE, "too_many")


@pytest.mark.parametrize(
    "order",
    [
        ORDER,
        ORDER._replace(owner=Owner("Asia/Tokyo", (), None), leads_s=(60,), feed_id=None, muted=True),
        ORDER._replace(known=frozenset(f"{n:024x}" for n in range(5_000))),
    ],
)
def test_orders_arrive_as_they_were_given(order: Order) -> None:
    assert order_of(order_lines(order)) == order


def test_an_event_too_large_to_hand_over_is_named() -> None:
    one = prepare(SOME, ORDER).prepared[0]
    large = one._replace(event=replace(one.event, notes="x" * EVENT_BYTES))
    batch = Batch("x")
    for line in piece_lines([Piece("large", prepared=(large, one))]):
        take(batch, line)
    assert batch.faulty == [Faulty(one.uid, one.event.title, "too_large")]
    assert batch.prepared == [one]


def test_lines_are_short() -> None:
    one = prepare(SOME, ORDER).prepared[0]
    lines = list(piece_lines(Piece(f"{n}", prepared=(one, one)) for n in range(500)))
    assert len(lines) > 10
    assert max(map(len, lines)) < 20_000


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", HEAVY),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", HEAVY),
        ("import os, signal; os.kill(os.getpid(), signal.SIGABRT)", CRASH),
        ("raise SystemExit(3)", CRASH),
        ("pass", CRASH),
        ("import sys; sys.stdin.read(); print('not JSON', flush=True); sys.stdin.read()", CRASH),
        ("import sys; sys.stdin.read(); print('{\"name\": null}\\n[[1]]', flush=True)", CRASH),
        ("import sys; sys.stdin.read(); print('[' * 10_000_000, flush=True)", CRASH),
        ("import sys; sys.stdin.read(); print('{\"name\": null}', end='')", CRASH),
        ('import sys; sys.stdin.read(); print(\'{"crash": "KeyError at x.py:3"}\')', CRASH),
    ],
)
def test_a_process_that_dies_or_babbles_is_an_outcome(
    program: str, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    known = frozenset(f"{n:024x}" for n in range(20_000))
    assert apart(SOME, ORDER._replace(known=known), program=program) == fault
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == (fault == CRASH)


@pytest.mark.parametrize(
    "program",
    [
        "while True: pass",
        "import time; time.sleep(1_000)",
        "import sys; sys.stdin.read()\nprint('{\"name\": null}')\nwhile True: print('[]', flush=True)",
    ],
)
def test_a_process_that_takes_too_long_is_ended(program: str) -> None:
    known = frozenset(f"{n:024x}" for n in range(20_000))
    before = children()
    assert apart(SOME, ORDER._replace(known=known), program=program, deadline_s=0.2) == HEAVY
    assert children() == before


LIMITED = "import sys; sys.path[:] = sys.argv[2:]; from planner.feeds import child; child.CPU_S = 1; "


@pytest.mark.parametrize(
    ("patch", "fault"),
    [
        (f"child._content = lambda _: bytes(2 * {MEMORY_BYTES})", HEAVY),
        ("child._content = lambda _: [bytes(100_000) for _ in iter(int, 1)]", HEAVY),
        ("child._content = lambda _: [0 for _ in iter(int, 1) if 0]", HEAVY),
        ("child._content = lambda _: {}['a title']", CRASH),
    ],
)
def test_the_process_keeps_its_limits(patch: str, fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    assert apart(SOME, program=f"{LIMITED}{patch}; child.main(int(sys.argv[1]))") == fault
    assert "a title" not in caplog.text


def test_the_process_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "123456:secret")
    program = "import os; assert 'BOT_TOKEN' not in os.environ; import time; time.sleep(1_000)"
    assert apart(SOME, program=program, deadline_s=0.2) == HEAVY


def cancelled(act: Callable[[Apart, BinaryIO], Coroutine[object, object, None]]) -> None:
    async def main() -> None:
        await act(Apart(SystemClock(), program="import time; time.sleep(1_000)"), file)

    with held(SOME) as file:
        asyncio.run(main())


def test_a_cancelled_reading_leaves_nothing_behind() -> None:
    async def act(reader: Apart, file: BinaryIO) -> None:
        files = open_files()
        reading = [asyncio.ensure_future(reader.read(file, ORDER)) for _ in range(AT_ONCE + 1)]
        while len(children()) < before + AT_ONCE:  # noqa: ASYNC110  nobody tells when a process is there
            await asyncio.sleep(0.01)
        for one in reading:
            one.cancel()
        assert all(
            isinstance(one, asyncio.CancelledError) for one in await asyncio.gather(*reading, return_exceptions=True)
        )
        assert len(children()) == before
        await asyncio.sleep(0)
        assert open_files() == files

    before = len(children())
    cancelled(act)


def test_no_more_than_a_few_are_read_at_once() -> None:
    async def act(reader: Apart, file: BinaryIO) -> None:
        reading = [asyncio.ensure_future(reader.read(file, ORDER)) for _ in range(2 * AT_ONCE)]
        await asyncio.sleep(0.1)
        assert len(children()) <= before + AT_ONCE
        for one in reading:
            one.cancel()
        await asyncio.gather(*reading, return_exceptions=True)

    before = len(children())
    cancelled(act)


def test_a_machine_without_room_for_a_process_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    assert apart(SOME) == CRASH


def test_reminders_are_worked_out_there() -> None:
    batch = apart(calendar(event("one@x", "20261121T113000Z")))
    assert isinstance(batch, Batch)
    start = START + 90 * MINUTE
    assert batch.prepared[0].dues == ((start, start - 10 * MINUTE), (start, start))


def test_the_process_starts_with_little() -> None:
    """What takes long to import, or could reach anything, is not there."""
    heavy = ("asyncio", "aiohttp", "aiogram", "icalendar", "logging", "pydantic", "socket", "sqlite3", "ssl")
    code = f"import sys, planner.feeds.child; sys.exit(' '.join(set({heavy}) & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
