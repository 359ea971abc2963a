"""``expand``: a calendar's occurrences between two instants, as the planner reads them."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from planner import notices, recur
from planner.clock import SystemClock
from planner.config import Settings
from planner.due import knows, zone_info
from planner.faults import explained
from planner.feeds.fetched import Body, Fault
from planner.i18n import words
from planner.ics.entry import Faulty, Limits, UnreadableError
from planner.ics.expand import MORE, Instance, expand
from planner.model import DAY, SECOND, Outcome

OCCURRENCES_MAX = 100_000
EACH_MAX = 90_000
"""Of one series: a day of what comes every second, and some place is left for the others."""
DAYS = 30
"""How long the window is that is looked at unless another is asked for."""
CPU_S = 20.0
"""A calendar that takes more of the processor's time is refused, as by a sync."""
AGAIN_S = 0.01
"""Then it is looked every so often whether the planner's own code runs: what is raised in a callback of the
interpreter's, as where memory is freed, goes no further."""
MEGABYTE = 2**20


class CannotReadError(Exception):
    """Why there is no calendar, in a line without a word of its address."""


@dataclass(frozen=True, slots=True)
class Window:
    """UTC milliseconds, ``after <= t < before``, and the IANA zone in which they are shown."""

    after: int
    before: int
    zone: str


def window(begin: str | None, end: str | None, zone: str, now: int) -> Window:
    """What ``--from``, ``--to`` and ``--tz`` say: dates, or times with or without an offset. Raises ``ValueError``."""
    if not knows(zone):
        raise ValueError(f"no zone is called {zone!r}")
    after = now if begin is None else _instant(begin, zone)
    before = after + DAYS * DAY if end is None else _instant(end, zone)
    if before <= after:
        raise ValueError("--to is not after --from")
    return Window(after, before, zone)


def _instant(text: str, zone: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
        return recur.local_instant(moment, zone) if moment.tzinfo is None else round(moment.timestamp() * SECOND)
    except OverflowError:
        raise ValueError(f"{text!r} lies beyond the calendar") from None


def content(source: str, settings: Settings) -> bytes:
    """A calendar's bytes, from a file, an address or, for ``-``, from stdin. Raises ``CannotReadError``."""
    if "://" in source:
        return asyncio.run(_fetched(source, settings))
    try:
        if source == "-":
            return _bounded(sys.stdin.buffer, settings)
        with Path(source).open("rb") as file:
            return _bounded(file, settings)
    except OSError as error:
        raise CannotReadError(f"{source}: {error.strerror}") from None


def _bounded(file: BinaryIO, settings: Settings) -> bytes:
    found = file.read(settings.feed_max_mb * MEGABYTE + 1)
    if len(found) > settings.feed_max_mb * MEGABYTE:
        raise CannotReadError(_why(Outcome.TOO_LARGE, "too_large"))
    return found


async def _fetched(url: str, settings: Settings) -> bytes:
    """Addresses on this machine and its network, too: whoever runs the command can read them anyway."""
    from planner.feeds.fetch import Fetcher  # noqa: PLC0415  # slow to import, and only needed for an address

    fetcher = Fetcher(SystemClock(), private=True, max_bytes=settings.feed_max_mb * MEGABYTE)
    try:
        match await fetcher.fetch(url):
            case Body(file=file):
                with file:
                    return file.read()
            case Fault(outcome=outcome, code=code):
                raise CannotReadError(_why(outcome, code))
        raise CannotReadError("the server answers 304 to what was not asked")
    finally:
        await fetcher.close()


def _why(outcome: Outcome, code: str) -> str:
    found = explained(outcome, code)
    return f"that calendar cannot be read: {found.what} ({found.do})"


def as_json(one: Instance, zone: str) -> str:
    """The object of the contract: moments with the offset that ``zone`` has then, the days of all-day ones as dates."""
    said = {
        "uid": one.uid,
        "start": _moment(one.start, zone),
        "end": _moment(one.end, zone),
        "all_day": one.all_day,
        "summary": one.summary,
    }
    return json.dumps(said, ensure_ascii=False)


def as_text(one: Instance, zone: str) -> str:
    """One line for people."""
    return f"{_moment(one.start, zone)}  {_moment(one.end, zone)}  {shown(one.summary)}"


def shown(text: str) -> str:
    """A calendar's own words, without what a terminal would obey."""
    return "".join(char if char.isprintable() else " " for char in text)


def _moment(at: int | date, zone: str) -> str:
    return at.isoformat() if isinstance(at, date) else datetime.fromtimestamp(at / SECOND, zone_info(zone)).isoformat()


def occurrences(found: bytes, asked: Window, settings: Settings) -> tuple[list[Instance], list[Faulty]]:
    """The first ``OCCURRENCES_MAX`` + 1 within the window, in order, and what could not be read.

    Raises ``CannotReadError``.
    """
    faulty: list[Faulty] = []
    try:
        with _bounded_time():
            instances = expand(found, after=asked.after, before=asked.before, zone=asked.zone,
                               limit=OCCURRENCES_MAX + 1, each=EACH_MAX, limits=Limits(settings.feed_max_events),
                               faulty=faulty.append)  # fmt: skip
    except UnreadableError as error:
        raise CannotReadError(_why(Outcome.INVALID, str(error.args[0]))) from None
    return instances, faulty


@contextmanager
def _bounded_time() -> Iterator[None]:
    """Raise ``CannotReadError`` in what takes too long."""

    def over(_: int, frame: FrameType | None) -> None:
        if frame is not None and str(frame.f_globals.get("__name__")).startswith(f"{__package__}."):
            raise CannotReadError(_why(Outcome.INVALID, "heavy"))

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_S, AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def faults(instances: Sequence[Instance], faulty: Sequence[Faulty]) -> Iterator[str]:
    """What is missing from what is shown, and why, a line each."""
    if len(instances) > OCCURRENCES_MAX:
        yield f"there are more than {OCCURRENCES_MAX} occurrences: ask for a shorter time with --from and --to"
    english = words("en")
    for one in faulty:
        why = f"only its first {EACH_MAX} are shown" if one.why == MORE else notices.why_unread(english, one.why)
        yield f"{shown(one.title or one.uid)!r}: {why}"
