"""Calendars made for a test, and what is wanted of them."""

from __future__ import annotations

import asyncio
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from planner.clock import SystemClock
from planner.feeds.apart import PROGRAM, Apart
from planner.feeds.fetched import Fault
from planner.ics.entry import Limits
from planner.ics.prepare import Batch, Order
from planner.model import Outcome, Quiet
from planner.owing import Owner
from tests.virtual import START

ORDER = Order(7, 3, Owner("Europe/Berlin", (600, 0), Quiet(1_320, 420)), None, alarms=True, muted=False,
              known=frozenset(), now=START, limits=Limits())  # fmt: skip
HEAVY = Fault(Outcome.INVALID, "heavy")
CRASH = Fault(Outcome.INVALID, "crash")


def calendar(*events: str, name: str = "Team — План") -> bytes:
    """A calendar of events, each given as its lines."""
    inside = (f"BEGIN:VEVENT\r\nDTSTAMP:20261101T000000Z\r\n{event}\r\nEND:VEVENT" for event in events)
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//x//y//EN",
        f"X-WR-CALNAME:{name}",
        *inside,
        "END:VCALENDAR",
        "",
    )
    return "\r\n".join(lines).encode()


def event(uid: str, start: str = "20261125T090000Z", *more: str) -> str:
    return "\r\n".join((f"UID:{uid}", f"SUMMARY:Встреча {uid}", f"DTSTART:{start}", *more))


def held(content: bytes) -> BinaryIO:
    file = cast("BinaryIO", TemporaryFile())  # noqa: SIM115  its test closes it
    file.write(content)
    file.flush()
    return file


def apart(content: bytes, order: Order = ORDER, *, program: str = PROGRAM, deadline_s: float = 30.0) -> Batch | Fault:
    async def main() -> Batch | Fault:
        return await Apart(SystemClock(), deadline_s=deadline_s, program=program).read(file, order)

    with held(content) as file:
        return asyncio.run(main())
